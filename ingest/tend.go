package ingest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/errgroup"

	"soket/extract"
)

const (
	// reconcileEvery is how long a lost job hint can delay a filing.
	reconcileEvery = 60 * time.Second
	// sweepEvery and sweepAge: what no commit and no ledger entry names is removed once it is older
	// than any attempt or upload can last.
	sweepEvery = time.Hour
	sweepAge   = 24 * time.Hour
)

// Tend repeats lost job hints, at once and every minute, and sweeps what nothing names, until ctx
// ends. It may run in every process.
func (b *Inbox) Tend(ctx context.Context, s Store) {
	tick := time.NewTicker(b.opts.Every)
	defer tick.Stop()
	var swept time.Time
	for {
		if n, err := b.Reconcile(ctx); err != nil && ctx.Err() == nil {
			b.log.Warn("reconcile", "err", err)
		} else if n > 0 {
			b.log.Info("job hints repeated", "jobs", n)
		}
		if err := b.checkLedger(ctx); err != nil && ctx.Err() == nil {
			b.log.Error("ledger", "err", err)
		}
		if time.Since(swept) > sweepEvery {
			if err := b.Sweep(ctx, s, sweepAge); err != nil && ctx.Err() == nil {
				b.log.Warn("sweep", "err", err)
			}
			swept = time.Now()
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Reconcile publishes the job of every accepted, unfinished filing that no live lease holds, and
// says how many.
func (b *Inbox) Reconcile(ctx context.Context) (int, error) {
	var open []entry
	err := b.fault.step("R list", func() error {
		info, err := b.ledger.Info(ctx)
		if err != nil {
			return err
		}
		if err := b.index.wait(ctx, info.State.LastSeq); err != nil {
			return err
		}
		open = b.index.all(func(e *entry) bool { return !e.finished() })
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("open filings: %w", err)
	}
	n := 0
	for _, e := range open {
		if _, err := b.leases.Get(ctx, e.ID); err == nil {
			continue
		} else if !errors.Is(err, jetstream.ErrKeyNotFound) {
			return n, fmt.Errorf("lease of %s: %w", e.ID, err)
		}
		if err := b.fault.step("R publish", func() error { return b.hint(ctx, e.ID, e.Rev) }); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// Sweep removes attempts that no commit names and objects that no ledger entry names, if they are
// older than age.
func (b *Inbox) Sweep(ctx context.Context, s Store, age time.Duration) error {
	var attempts, originals int
	err := b.fault.step("sweep attempts", func() (err error) {
		attempts, err = s.Sweep(ctx, age)
		return err
	})
	if err != nil {
		return err
	}
	err = b.fault.step("sweep originals", func() (err error) {
		originals, err = b.sweepOriginals(ctx, age)
		return err
	})
	if err != nil {
		return err
	}
	var keys int
	err = b.fault.step("sweep keys", func() (err error) {
		keys, err = b.sweepKeys(ctx, age)
		return err
	})
	if err == nil && attempts+originals+keys > 0 {
		b.log.Info("swept", "attempts", attempts, "originals", originals, "keys", keys)
	}
	return err
}

// Rebuild reads every settled filing again and stores it at its own rev, as into an empty store; the
// ledger stays as it is. progress is told after each filing. Filings that cannot be read now are
// named in the error, the others are stored all the same.
func (b *Inbox) Rebuild(ctx context.Context, w *Worker, progress func(done, total int)) error {
	if w.Log == nil {
		w.Log = b.log
	}
	all := b.index.all(func(e *entry) bool { return e.finished() && !(e.State == extract.Failed && e.Rev == e.first) })
	var mu sync.Mutex // progress is told by one at a time, and never backwards
	done := 0
	failed := make(chan error, len(all))
	var g errgroup.Group
	g.SetLimit(max(1, w.Parallel))
	for _, e := range all {
		if ctx.Err() != nil {
			break
		}
		g.Go(func() error {
			if err := w.again(ctx, e); err != nil {
				failed <- fmt.Errorf("rebuild %s: %w", e.ID, err)
			}
			mu.Lock()
			defer mu.Unlock()
			done++
			if progress != nil {
				progress(done, len(all))
			}
			return nil
		})
	}
	_ = g.Wait()
	close(failed)
	var errs []error
	for err := range failed {
		errs = append(errs, err)
	}
	return errors.Join(append(errs, ctx.Err())...)
}
