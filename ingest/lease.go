package ingest

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// lease takes the filing for this job: W3. Not held and no error: someone else has it.
func (j *job) lease(ctx context.Context) (held bool, err error) {
	err = j.do("W3 lease", func() error {
		j.leased, err = j.Inbox.leases.Create(ctx, j.id, []byte(j.attempt))
		if errors.Is(err, jetstream.ErrKeyExists) {
			return nil
		}
		held = err == nil
		return err
	})
	return held, err
}

// beat keeps lease and message alive until ctx ends or release. When the lease cannot be kept for
// as long as it lasts, or went to another, the job ends.
func (j *job) beat(ctx context.Context, cancel context.CancelCauseFunc) {
	ctx, stop := context.WithCancel(ctx)
	var done sync.WaitGroup
	j.stopBeat = sync.OnceFunc(func() { stop(); done.Wait() })
	done.Go(func() {
		kept := time.Now()
		ttl := j.Inbox.opts.Lease
		every := ttl / leaseBeats
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			beat, end := context.WithTimeout(ctx, every)
			rev, err := j.Inbox.leases.Update(beat, j.id, []byte(j.attempt), j.leased)
			end()
			switch {
			case err == nil:
				j.leased, kept = rev, time.Now()
				_ = j.m.InProgress()
			case ctx.Err() != nil:
				return
			case isWrongLast(err), time.Since(kept) > ttl-every:
				cancel(errLeaseLost)
				return
			}
		}
	})
}

// release ends the lease, so that others need not wait for it to lapse.
func (j *job) release(ctx context.Context) {
	if j.stopBeat == nil {
		return
	}
	j.stopBeat()
	if j.lost || j.leased == 0 {
		return
	}
	err := j.Inbox.fault.step("release lease", func() error {
		return j.Inbox.leases.Delete(ctx, j.id, jetstream.LastRevision(j.leased))
	})
	if err != nil {
		j.log.Debug("lease lapses by itself", "err", err)
	}
}
