package ingest

import (
	"context"
	"errors"
	"maps"
	"sync"
	"time"
)

// lanes are the places of those who read. A few hostile files, or a few scans, would hold every place
// until their time is up: so a file that takes long is read on in the slow lane, at a low priority, and
// where that is taken it is put back and begins anew once it is free.
type lanes struct {
	once   sync.Once
	places chan struct{} // one for each file being read
	aside  chan struct{} // one for each that takes long

	mu   sync.Mutex
	slow map[string]bool // filings that were put back, by id
}

// errSlow ends the reading of a file that takes long while the slow lane is taken.
var errSlow = errors.New("takes long, and as many such files as may be are being read: put back")

func (w *Worker) makeLanes() {
	w.lanes.once.Do(func() {
		n := w.Reading
		if n <= 0 {
			n = max(1, w.Parallel)
		}
		w.lanes.places, w.lanes.aside = make(chan struct{}, n), make(chan struct{}, max(1, n/readersPerSlow))
	})
}

// place waits until a file may be read, and gives what lets the next one in.
func (w *Worker) place(ctx context.Context) (leave func(), err error) {
	w.makeLanes()
	select {
	case w.lanes.places <- struct{}{}:
		return sync.OnceFunc(func() { <-w.lanes.places }), nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// takeSlowLane takes a place in the slow lane, if one is free, and gives back the one that the job had.
func (j *job) takeSlowLane() bool {
	j.makeLanes()
	if j.slow {
		return true
	}
	select {
	case j.lanes.aside <- struct{}{}:
	default:
		return false
	}
	if j.leave != nil {
		j.leave()
	}
	j.slow, j.leave = true, sync.OnceFunc(func() { <-j.lanes.aside })
	return true
}

func (l *lanes) isSlow(id string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.slow[id]
}

// remember notes that the job's file takes long, and forgets those that another worker finished.
func (j *job) remember() {
	l := &j.lanes
	l.mu.Lock()
	defer l.mu.Unlock()
	maps.DeleteFunc(l.slow, func(id string, _ bool) bool {
		e, ok := j.Inbox.index.get(id)
		return !ok || e.finished()
	})
	if l.slow == nil {
		l.slow = map[string]bool{}
	}
	l.slow[j.id] = true
}

func (l *lanes) forget(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.slow, id)
}

// comeAgain says when a file that takes long looks again for a place.
func (l *lanes) comeAgain() outcome {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.slow) > mostSlow {
		return outcome{drop: true}
	}
	return outcome{again: slowPause + time.Duration(len(l.slow))*slowShare}
}
