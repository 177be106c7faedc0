package ingest

import (
	"context"
	"encoding/json"
	"strings"
	"sync"

	"github.com/nats-io/nats.go"

	"soket/extract"
)

// watchers are those who look on live.
type watchers struct {
	mu  sync.Mutex
	set map[*watcher]bool
}

// watcher keeps the newest word on each filing until it is fetched: a slow reader misses steps in
// between, never the last one, and holds nobody up.
type watcher struct {
	ids  map[string]bool // nil: all
	mu   sync.Mutex
	next map[string]extract.Progress
	turn []string
	wake chan struct{}
}

func (w *watcher) tell(p extract.Progress) {
	if w.ids != nil && !w.ids[p.ID] {
		return
	}
	w.mu.Lock()
	if _, ok := w.next[p.ID]; !ok {
		w.turn = append(w.turn, p.ID)
	}
	w.next[p.ID] = p
	w.mu.Unlock()
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

func (w *watcher) take() (extract.Progress, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.turn) == 0 {
		return extract.Progress{}, false
	}
	id := w.turn[0]
	w.turn = w.turn[1:]
	p := w.next[id]
	delete(w.next, id)
	return p, true
}

// Watch tells how filings move, until ctx ends; then the channel is closed. With ids, it tells of
// these only, beginning with where each one stands. The steps in between are best effort, the
// states come from the ledger and are certain.
func (b *Inbox) Watch(ctx context.Context, ids ...string) (<-chan extract.Progress, error) {
	w := &watcher{next: map[string]extract.Progress{}, wake: make(chan struct{}, 1)}
	if len(ids) > 0 {
		w.ids = map[string]bool{}
		for _, id := range ids {
			w.ids[id] = true
		}
	}
	sub, err := b.nc.Subscribe(progressSubject+"*", func(m *nats.Msg) {
		var p extract.Progress
		if json.Unmarshal(m.Data, &p) != nil || p.ID != strings.TrimPrefix(m.Subject, progressSubject) {
			return
		}
		// A step that arrives after the end would take the end back.
		if e, ok := b.index.get(p.ID); ok && !e.finished() {
			w.tell(p)
		}
	})
	if err != nil {
		return nil, err
	}
	b.watchers.mu.Lock()
	if b.watchers.set == nil {
		b.watchers.set = map[*watcher]bool{}
	}
	b.watchers.set[w] = true
	b.watchers.mu.Unlock()
	for _, id := range ids {
		if e, ok := b.index.get(id); ok {
			w.tell(progressOf(e))
		} else if f, ok := b.Filing(id); ok {
			w.tell(extract.Progress{ID: id, State: f.State, Code: f.Reason})
		}
	}
	out := make(chan extract.Progress)
	go func() {
		defer close(out)
		defer func() {
			_ = sub.Unsubscribe()
			b.watchers.mu.Lock()
			delete(b.watchers.set, w)
			b.watchers.mu.Unlock()
		}()
		for {
			p, ok := w.take()
			if !ok {
				select {
				case <-w.wake:
					continue
				case <-ctx.Done():
					return
				}
			}
			select {
			case out <- p:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out, nil
}

func progressOf(e entry) extract.Progress {
	p := extract.Progress{ID: e.ID, State: e.State, Facts: e.facts}
	if e.State == extract.Failed {
		p.Code = e.Reason
	}
	return p
}

// onChange tells all who watch about filings that a ledger event touched.
func (b *Inbox) onChange(es []entry) {
	b.watchers.mu.Lock()
	defer b.watchers.mu.Unlock()
	for _, e := range es {
		if e.State == extract.Deleted {
			b.keys.forget(e.ID)
		}
		for w := range b.watchers.set {
			w.tell(progressOf(e))
		}
	}
}

// progress tells those who watch, in all processes, what a worker is doing. Lost when it cannot be
// sent: the ledger says what counts.
func (b *Inbox) progress(p extract.Progress) {
	if data, err := json.Marshal(p); err == nil {
		_ = b.nc.Publish(progressSubject+p.ID, data)
	}
}
