package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/errgroup"
)

const (
	// maxAttempts is how often a filing is tried before it fails with the reason "attempts". Only
	// attempts that may be the file's own fault count: not those that a server's absence ended.
	maxAttempts = 5
	// spareFrom is the attempt from which it is written down that the file could be read: a worker that
	// dies later dies of something else, as where a machine kills one after another. Before it that is
	// not worth a write for each report.
	spareFrom = 3
	// maxTries ends a file that takes the worker with it after it was read.
	maxTries = 20
	// defaultLimit is beyond the longest scan that OCR reads within the reader's own limits: it only
	// ends jobs that hang, whose lease would else be renewed for ever.
	defaultLimit = 30 * time.Minute
	// stopGrace is how long a worker that is told to stop goes on with the jobs in hand; then it
	// lets them go, and others take them up.
	stopGrace = 4 * time.Second
	// letGo bounds what a worker still writes after its job was cut off.
	letGo = 3 * time.Second
	// pullWait is how long one pull waits for a job; also how soon an idle worker notices a stop at worst.
	pullWait = 5 * time.Second
	// indexWait is how long a worker waits for its index to reach the job's rev.
	indexWait = 10 * time.Second
	// readersPerSlow is how many files are read for each that takes long and is read on beside them.
	readersPerSlow = 2
	// slowPause is how long a file that takes long waits before it looks again whether the slow lane is
	// free, and slowShare what each that waits adds: looking costs NATS a message.
	slowPause = 2 * time.Second
	slowShare = 10 * time.Millisecond
	// mostSlow is how many of them wait in the queue, whose unacknowledged messages are limited; further
	// ones are given to the reconciler, which brings them every minute.
	mostSlow = 1000
	// retrySlowest bounds the pause between tries while a server is away: soon enough to be back
	// within a minute of its return.
	retrySlowest = 30 * time.Second
)

// Worker takes jobs, has files read and their figures stored: W1 to W9 of the protocol. Any number
// of workers may run, in any number of processes.
type Worker struct {
	Inbox    *Inbox
	Store    Store
	Reader   Reader
	Dir      string // for private copies; emptied of what a killed worker left
	Parallel int    // jobs at once; 0: one
	// Reading is how many files are read at once; 0: as many as there are jobs. With fewer, others
	// are stored meanwhile, several together.
	Reading int
	// Limit is the longest a job may take; 0: the default of 30 minutes. A job beyond it counts as a
	// failed attempt.
	Limit time.Duration
	Log   *slog.Logger

	lanes lanes
}

// Run works until ctx ends, and tends the ledger meanwhile (Tend). It returns after the jobs in
// hand are settled or let go.
func (w *Worker) Run(ctx context.Context) error {
	if w.Log == nil {
		w.Log = w.Inbox.log
	}
	if w.Dir == "" {
		w.Dir = filepath.Join(w.Inbox.opts.Dir, "work")
	}
	if err := os.MkdirAll(w.Dir, 0o700); err != nil {
		return fmt.Errorf("worker: %w", err)
	}
	w.clean()
	// Jobs outlive ctx by the grace.
	jobs, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(stopGrace, cancel) })
	defer stop()
	var g errgroup.Group
	for range max(1, w.Parallel) {
		g.Go(func() error { w.pull(ctx, jobs); return nil })
	}
	g.Go(func() error { w.Inbox.Tend(ctx, w.Store); return nil })
	return g.Wait()
}

// clean removes private copies that a killed worker left. Other workers may share the directory, so
// only what is older than any job can last goes.
func (w *Worker) clean() {
	left, _ := filepath.Glob(filepath.Join(w.Dir, "attempt-*"))
	for _, path := range left {
		if fi, err := os.Stat(path); err == nil && time.Since(fi.ModTime()) > time.Hour {
			_ = os.RemoveAll(path)
		}
	}
}

// pull takes one job after the other until ctx ends.
func (w *Worker) pull(ctx, jobs context.Context) {
	for ctx.Err() == nil {
		wait, cancel := context.WithTimeout(ctx, pullWait)
		// One at a time: a job that waited here unworked would lapse and come twice.
		m, err := w.Inbox.workers.Next(jetstream.FetchContext(wait))
		cancel()
		switch {
		case err == nil:
			w.handle(jobs, m)
		case errors.Is(err, context.DeadlineExceeded), errors.Is(err, nats.ErrTimeout), errors.Is(err, jetstream.ErrNoMessages), ctx.Err() != nil:
		default:
			w.Log.Warn("no job could be fetched", "err", err)
			select {
			case <-ctx.Done():
			case <-time.After(replayPause):
			}
		}
	}
}

// outcome is what becomes of a job's message.
type outcome struct {
	again time.Duration // come again after this; 0: done with
	drop  bool          // not come again, though not settled: the filing is gone, or the reconciler brings it
}

func (w *Worker) handle(ctx context.Context, m jetstream.Msg) {
	id, rev, ok := parseJob(m.Subject())
	if !ok {
		_ = m.Term()
		return
	}
	deliveries := uint64(1)
	if meta, err := m.Metadata(); err == nil {
		deliveries = meta.NumDelivered
	}
	log := w.Log.With("report", id)
	j := &job{Worker: w, m: m, id: id, rev: rev, deliveries: deliveries, log: log, attempt: uuid.NewString()}
	out, err := j.run(ctx)
	if err != nil {
		log.Warn("attempt not settled", "attempt", j.attempt, "step", j.step, "again", out.again, "err", err)
		w.Inbox.metrics.Retries.WithLabelValues(j.step).Inc()
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), letGo)
	defer cancel()
	err = nil
	switch {
	case j.lost: // the job is another worker's by now, and so is its message
	case out.drop:
		err = m.Term()
	case out.again > 0:
		err = m.NakWithDelay(out.again)
	default:
		w.lanes.forget(id)
		// A lost ack is harmless: the job comes again and is found finished.
		err = w.Inbox.fault.step("W9 ack", func() error { return m.DoubleAck(end) })
	}
	if err != nil {
		log.Debug("ack not sent", "err", err)
	}
	j.release(end)
}

func parseJob(subject string) (id string, rev uint64, ok bool) {
	parts := strings.Split(strings.TrimPrefix(subject, jobSubject), ".")
	if len(parts) < 2 {
		return "", 0, false
	}
	rev, err := strconv.ParseUint(parts[1], 10, 64)
	return parts[0], rev, err == nil
}

// backoff is the pause before try n (from 1): 1 s, 2 s, 4 s … up to retrySlowest.
func backoff(n uint64) time.Duration {
	return min(time.Second<<min(n-1, 10), retrySlowest)
}
