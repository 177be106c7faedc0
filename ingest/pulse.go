package ingest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"soket/extract"
)

const (
	// storeStill is how long an outside server may acknowledge nothing at all while an upload waits: on a
	// full disk it answers writes with silence, and a sender is to know within two seconds. A busy disk
	// acknowledges something meanwhile.
	storeStill = 1500 * time.Millisecond
	// trialEvery is how often one upload is let try a store that stood still; the others are refused at once.
	trialEvery = time.Second
	// askRoom bounds asking the server how full its streams are.
	askRoom = time.Second
)

// errStill ends the wait for a store that stands still.
var errStill = errors.New("the store acknowledges nothing: its disk may be full")

// pulse knows when the store last acknowledged a write of this process.
type pulse struct {
	mu    sync.Mutex
	last  time.Time
	still bool
	tried time.Time
}

func (p *pulse) beat() {
	p.mu.Lock()
	p.last, p.still = time.Now(), false
	p.mu.Unlock()
}

// left is how much longer to wait for a store asked at a time; 0: it stands still.
func (p *pulse) left(asked time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.last.After(asked) {
		asked = p.last
	}
	left := max(0, storeStill-time.Since(asked))
	if left == 0 {
		p.still, p.tried = true, time.Now()
	}
	return left
}

// mayTry refuses uploads to a store that stands still, but for one now and then.
func (p *pulse) mayTry() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.still && time.Since(p.tried) < trialEvery {
		return &extract.Refusal{Code: "unavailable", RetryAfter: retryDown, Err: errStill}
	}
	p.tried = time.Now()
	return nil
}

// acked runs one write to the store, and ends it when the store stands still. The disk of an embedded
// server is known (enoughRoom), so it may take its time.
func (b *Inbox) acked(ctx context.Context, write func(context.Context) error) error {
	if b.opts.Server != nil {
		return write(ctx)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	asked := time.Now()
	go func() {
		for left := storeStill; left > 0; left = b.pulse.left(asked) {
			select {
			case <-ctx.Done():
				return
			case <-time.After(left):
			}
		}
		cancel(errStill)
	}()
	err := write(ctx)
	if err == nil {
		b.pulse.beat()
	} else if errors.Is(context.Cause(ctx), errStill) {
		err = fmt.Errorf("%w: %w", errStill, err)
	}
	return err
}
