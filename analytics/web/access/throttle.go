package access

import (
	"sync"
	"time"
)

const (
	throttleFree  = 5               // wrong tries before waiting begins: a person who mistypes
	throttleStep  = time.Second     // the wait doubles from here with each further wrong try
	throttleMost  = 5 * time.Minute // longest wait; never a lock-out, which would let a stranger lock people out
	throttleKeep  = time.Hour       // forget after this
	throttleNames = 10_000          // names remembered at most; beyond it the oldest are forgotten
)

// throttle slows down guessing by name and address together, and by name alone with more patience,
// so that one who guesses from many addresses is slowed as well.
type throttle struct {
	mu    sync.Mutex
	wrong map[string]*tries
}

type tries struct {
	n    int
	last time.Time
}

// wait says how long the caller must still wait before its next try.
func (t *throttle) wait(key string, free int, now time.Time) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	w := t.wrong[key]
	if w == nil || now.Sub(w.last) > throttleKeep || w.n < free {
		return 0
	}
	pause := throttleMost
	if n := w.n - free; n < 9 {
		pause = min(throttleStep<<n, throttleMost)
	}
	return max(0, w.last.Add(pause).Sub(now))
}

func (t *throttle) fail(key string, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.wrong == nil {
		t.wrong = map[string]*tries{}
	}
	w := t.wrong[key]
	if w == nil || now.Sub(w.last) > throttleKeep {
		if len(t.wrong) >= throttleNames {
			t.forget(now)
		}
		w = &tries{}
		t.wrong[key] = w
	}
	w.n++
	w.last = now
}

// forget drops the stale half; called with mu held.
func (t *throttle) forget(now time.Time) {
	var oldest string
	for k, w := range t.wrong {
		if now.Sub(w.last) > throttleKeep {
			delete(t.wrong, k)
		} else if oldest == "" || w.last.Before(t.wrong[oldest].last) {
			oldest = k
		}
	}
	if len(t.wrong) >= throttleNames {
		delete(t.wrong, oldest)
	}
}

func (t *throttle) clear(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.wrong, key)
}
