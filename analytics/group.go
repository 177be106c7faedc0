package analytics

import (
	"context"
	"slices"
	"sync"
	"time"
)

// groupMost is how many calls go into one statement: with more, the statement costs nothing beside
// what it stores, and one that fails takes longer to repeat.
const groupMost = 100

// Where calls come more often than one in a quarter of their linger, those of a linger are sent
// together: a statement costs the engine some 20 ms of a processor however few rows it has, and each
// part it writes is merged again, so that a report that goes with thirty others costs a seventh of one
// that goes alone. Calls that come one after the other, as when nobody else sends, never wait, however
// fast they come: only where some were together already may more be expected.
const (
	// loadLinger is for what writes parts of many columns. Each report takes up to a second longer where
	// four or more are read in a second, and there is room for more of them.
	loadLinger = time.Second
	// stepLinger is for the small statements around it, whose calls come together when a load ends.
	stepLinger = 50 * time.Millisecond
)

// group lets calls that come while a statement is under way go together in the next one; a call that
// comes alone goes at once.
type group[T any] struct {
	send   func(ctx context.Context, all []T) error
	size   func(T) int // rows; nil: one
	linger time.Duration

	mu      sync.Mutex
	waiting []member[T]
	busy    bool
	last    time.Time     // of a call
	gap     time.Duration // between calls, the last ones counting most
	several bool          // the last statement had more than one
}

type member[T any] struct {
	ctx  context.Context
	what T
	done chan error
}

// do gives what to the next statement and waits for its outcome. When ctx ends first, the outcome is
// unknown; what no statement had taken up by then is not sent.
func (g *group[T]) do(ctx context.Context, what T) error {
	m := member[T]{ctx, what, make(chan error, 1)}
	g.mu.Lock()
	g.waiting = append(g.waiting, m)
	now := time.Now()
	g.gap, g.last = (3*g.gap+min(now.Sub(g.last), 2*g.linger))/4, now
	if !g.busy {
		g.busy = true
		go g.run()
	}
	g.mu.Unlock()
	select {
	case err := <-m.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// run sends until nobody waits.
func (g *group[T]) run() {
	for {
		g.mu.Lock()
		busy := g.gap < g.linger/4 && len(g.waiting) > 0 && (g.several || len(g.waiting) > 1)
		g.mu.Unlock()
		if busy {
			time.Sleep(g.linger)
		}
		g.mu.Lock()
		g.waiting = slices.DeleteFunc(g.waiting, func(m member[T]) bool { return m.ctx.Err() != nil })
		n, rows := 0, 0
		for n < min(len(g.waiting), groupMost) {
			if g.size != nil {
				if rows += g.size(g.waiting[n].what); rows > blockRows && n > 0 {
					break
				}
			}
			n++
		}
		now := g.waiting[:n:n]
		g.waiting = g.waiting[n:]
		if g.busy = n > 0; g.busy {
			g.several = n > 1
		}
		g.mu.Unlock()
		if n == 0 {
			return
		}
		err := g.try(now)
		for _, m := range now {
			// One that is refused takes no other down. Was the group stored after all, then a row
			// stands twice: what is read back before a commit tells, and a commit row that stands
			// twice is one.
			if err != nil && n > 1 && m.ctx.Err() == nil {
				m.done <- g.try([]member[T]{m})
			} else {
				m.done <- err
			}
		}
	}
}

// try bounds a statement by itself: those who wait may have other deadlines, or be gone.
func (g *group[T]) try(now []member[T]) error {
	ctx, cancel := context.WithTimeout(context.Background(), queryTimeout)
	defer cancel()
	all := make([]T, len(now))
	for i, m := range now {
		all[i] = m.what
	}
	return g.send(ctx, all)
}
