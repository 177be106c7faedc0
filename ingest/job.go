package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go/jetstream"

	"soket/extract"
	"soket/extract/document"
)

// job is one delivery of a job's message in the hands of a worker.
type job struct {
	*Worker
	m          jetstream.Msg
	id         string
	rev        uint64
	deliveries uint64
	attempt    string
	log        *slog.Logger
	step       string // where it stands, for the log
	leased     uint64 // revision of the lease; 0: none
	committed  bool   // the store had a commit of this rev when the job began
	lost       bool   // the lease went to someone else
	stopBeat   func()
	leave      func() // gives the place among those who read to another
	slow       bool   // its place is in the slow lane
}

// errLeaseLost ends a job whose lease lapsed: someone else may be at it.
var errLeaseLost = errors.New("lease lost")

// errTooSlow ends a job that took longer than the worker's limit.
var errTooSlow = errors.New("job took too long")

// errDiffers ends an attempt of which the store holds something else than was sent, as where it was
// away for so long that it was sent again: like a worker's death after the reading.
var errDiffers = errors.New("the store holds something else than was sent")

// do names a step, and gives it its failpoints.
func (j *job) do(name string, f func() error) error {
	j.step = name
	if err := j.Inbox.fault.step(name, f); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// run brings the filing to an end, or says when to come again.
func (j *job) run(ctx context.Context) (outcome, error) {
	b := j.Inbox
	later := outcome{again: backoff(j.deliveries)}
	defer func() {
		if j.leave != nil {
			j.leave()
		}
	}()
	err := j.do("W1 wait index", func() error {
		wait, cancel := context.WithTimeout(ctx, indexWait)
		defer cancel()
		return b.index.wait(wait, seqOf(j.rev))
	})
	if err != nil {
		return later, err
	}
	e, ok := b.index.get(j.id)
	if !ok {
		return outcome{drop: true}, fmt.Errorf("no such filing in the ledger")
	}
	if e.finished() {
		return outcome{}, nil
	}
	if e.Rev != j.rev { // overtaken: the newer rev has, or gets, a job of its own
		if err := b.hint(ctx, e.ID, e.Rev); err != nil {
			return later, err
		}
		return outcome{}, nil
	}

	// One that is known to take long begins when it can be read to its end, and only then costs a lease.
	if !gone(e.State) && e.State != extract.Failed && j.lanes.isSlow(e.ID) {
		if !j.takeSlowLane() {
			return j.lanes.comeAgain(), nil
		}
	}
	held, err := j.lease(ctx)
	if err != nil {
		return later, err
	}
	if !held {
		return outcome{again: b.opts.Lease / leaseBeats}, nil // held by another worker, which may die
	}
	limit := j.Limit
	if limit == 0 {
		limit = defaultLimit
	}
	ctx, end := context.WithTimeoutCause(ctx, limit, errTooSlow)
	defer end()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	j.beat(ctx, cancel)

	// The holder before us may have settled it while we waited for the lease.
	if e, ok = b.index.get(j.id); !ok || e.finished() || e.Rev != j.rev {
		return outcome{again: time.Millisecond}, nil
	}
	if e.State == extract.Failed {
		return j.settledOr(later, j.clear(ctx, e))
	}
	if gone(e.State) { // tried until it is done: no attempt is counted
		return j.settledOr(later, j.erase(ctx, e))
	}
	if e.Attempts >= maxAttempts || e.tries >= maxTries {
		err := j.do("W1 fail attempts", func() error {
			return j.fail(ctx, e, &extract.Refusal{Code: "attempts", Detail: fmt.Sprintf("%d", e.tries)})
		})
		return j.settledOr(later, err)
	}
	// Asked before the attempt is counted: while the store is away no attempt begins at all.
	err = j.do("W2 committed", func() (err error) {
		j.committed, err = j.Store.Committed(ctx, e.ID, e.Rev)
		return err
	})
	if err != nil {
		return later, err
	}
	// Likewise while it waits for its turn: a worker that dies takes attempts of the files in hand only.
	if j.leave == nil {
		if j.leave, err = j.place(ctx); err != nil {
			return later, err
		}
	}
	err = j.do("W3 try", func() error {
		_, err := b.append(ctx, e.SHA256, &event{What: eventTry, ID: e.ID, At: time.Now().UTC(), Rev: e.Rev, Attempt: j.attempt}, e.last)
		return err
	})
	if errors.Is(err, errStale) {
		return outcome{again: time.Millisecond}, nil
	}
	if err != nil {
		return later, err
	}
	// A decision may have come since: its rev has a job of its own, which may be to delete.
	if e, _ = b.index.get(j.id); e.Rev != j.rev {
		return outcome{again: time.Millisecond}, nil
	}

	err = j.work(ctx, e)
	if err == nil || errors.Is(err, errStale) {
		return j.settledOr(later, nil)
	}
	if errors.Is(err, errSlow) {
		j.note(ctx, e, eventRelease)
		j.remember()
		return j.lanes.comeAgain(), err
	}
	if cause := context.Cause(ctx); cause != nil {
		err = fmt.Errorf("%w: %w", cause, err)
	}
	if errors.Is(err, errLeaseLost) {
		j.lost = true
		return outcome{}, err
	}
	if !j.mayCount(ctx, err) {
		j.note(ctx, e, eventRelease)
		return later, err
	}
	switch now, ok := b.index.get(e.ID); {
	case ok && errors.Is(err, errDiffers) && !now.spared:
		j.note(ctx, e, eventRead)
	case ok && !errors.Is(err, errDiffers) && now.spared: // it does count: the error is this report's
		j.note(ctx, e, eventTry)
	}
	return outcome{again: backoff(uint64(e.Attempts))}, err
}

// settledOr ends a job whose filing is settled at its rev; one that a person changed meanwhile gets
// its new job at once.
func (j *job) settledOr(later outcome, err error) (outcome, error) {
	if err != nil {
		return later, err
	}
	e, ok := j.Inbox.index.get(j.id)
	if ok && !e.finished() {
		j.Inbox.hintLogged(context.Background(), e)
		if e.Rev == j.rev {
			return later, nil
		}
	}
	if t, ok := j.Inbox.index.get(e.Replaces); ok && !t.finished() {
		j.Inbox.hintLogged(context.Background(), t)
	}
	return outcome{}, nil
}

// final are the verdicts that are the file's own fault: trying again would end alike.
var final = map[string]bool{"unsupported": true, "empty": true, "corrupt": true, "encrypted": true, "too_large": true, "timeout": true, "memory": true}

// work does one attempt: W3 to W8.
func (j *job) work(ctx context.Context, e entry) error {
	f := e.Filing
	r, err := j.read(ctx, f)
	if err != nil {
		if ctx.Err() == nil && final[extract.CodeOf(err)] {
			return j.fail(ctx, e, err)
		}
		return err
	}
	if e.Attempts >= spareFrom {
		j.note(ctx, e, eventRead)
	}
	if f.State != extract.Withdrawn && f.State != extract.Replaced {
		f.State = extract.Visible
		if (f.Body.Value == "" && r.Issuer == "") || (f.Period.Value == "" && r.Period == "") {
			f.State = extract.Waiting
		}
	}
	f.ReadBody, f.ReadPeriod = r.Issuer, string(r.Period)
	// Committed by an attempt that died before the ledger knew: the reading above was only to learn
	// its outcome.
	if !j.committed {
		if err := j.store(ctx, f, r); err != nil {
			return err
		}
	}
	return j.settle(ctx, e, &event{State: f.State, ReadBody: f.ReadBody, ReadPeriod: f.ReadPeriod, Facts: len(r.Facts)})
}

// read copies the original to a private file and has it read: W3 and W4.
func (j *job) read(ctx context.Context, f extract.Filing) (r *extract.Report, err error) {
	b := j.Inbox
	dir := filepath.Join(j.Dir, "attempt-"+j.attempt)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("private directory: %w", err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "original")
	b.progress(extract.Progress{ID: f.ID, State: extract.Reading, Step: "fetch"})
	if err := j.do("W3 fetch", func() error { return b.fetch(ctx, f, path) }); err != nil {
		return nil, err
	}
	if j.leave == nil { // stored anew
		if j.leave, err = j.place(ctx); err != nil {
			return nil, err
		}
	}
	defer func() { j.leave() }()
	start := time.Now()
	err = j.do("W4 extract", func() (err error) {
		reading, stop := context.WithCancelCause(ctx)
		defer stop(nil)
		r, err = j.Reader.Read(reading, path, f.File, extract.Period(f.Period.Value), func(p extract.Progress) {
			if p.Step == extract.Slow {
				if !j.takeSlowLane() && j.m != nil { // stored anew, it keeps others from nothing
					stop(errSlow)
				}
				return
			}
			p.ID, p.State = f.ID, extract.Reading
			b.progress(p)
		})
		if err != nil && errors.Is(context.Cause(reading), errSlow) {
			return errSlow
		}
		return err
	})
	if err == nil {
		err = extract.Judge(r, f.Judgements)
	}
	if err == nil {
		b.metrics.ReadTime.WithLabelValues(string(r.Format)).Observe(time.Since(start).Seconds())
	}
	return r, err
}

// again stores a settled filing anew, at its own rev and in its own state.
func (w *Worker) again(ctx context.Context, e entry) error {
	j := &job{Worker: w, id: e.ID, rev: e.Rev, log: w.Log.With("report", e.ID), attempt: uuid.NewString()}
	if e.State == extract.Failed {
		return j.store(ctx, e.Filing, blank())
	}
	if e.State == extract.Deleted {
		return j.store(ctx, tombstone(e), blank())
	}
	r, err := j.read(ctx, e.Filing)
	if err != nil {
		if e.State == extract.Visible || e.State == extract.Waiting || !final[extract.CodeOf(err)] {
			return err
		}
		r = blank() // withdrawn or replaced, and never readable
	}
	return j.store(ctx, e.Filing, r)
}

// store loads, reads back and commits the report: W5 to W7.
func (j *job) store(ctx context.Context, f extract.Filing, r *extract.Report) error {
	start := time.Now()
	j.Inbox.progress(extract.Progress{ID: f.ID, State: extract.Reading, Step: "load", Facts: len(r.Facts)})
	var sent, held extract.Tally
	err := j.do("W5 load", func() (err error) {
		sent, err = j.Store.Load(ctx, j.attempt, f, r)
		return err
	})
	if err != nil {
		return err
	}
	err = j.do("W6 read back", func() (err error) {
		if held, err = j.Store.Stored(ctx, j.attempt); err == nil && held != sent {
			err = fmt.Errorf("%w: sent %+v, held %+v", errDiffers, sent, held)
		}
		return err
	})
	if err != nil {
		return err
	}
	j.Inbox.progress(extract.Progress{ID: f.ID, State: extract.Reading, Step: "commit", Facts: len(r.Facts)})
	if err := j.do("W7 commit", func() error { return j.Store.Commit(ctx, j.attempt, f, r, sent) }); err != nil {
		return err
	}
	j.Inbox.metrics.LoadTime.Observe(time.Since(start).Seconds())
	return nil
}

// fail settles the filing as failed. Where figures of it may be visible, from an earlier rev or from
// a commit the ledger does not know of, the event opens a new rev to clear them (event.Clear).
func (j *job) fail(ctx context.Context, e entry, cause error) error {
	if e.State == extract.Withdrawn || e.State == extract.Replaced {
		// It is to be out of the figures; that it cannot be read changes nothing in that.
		if err := j.store(ctx, e.Filing, blank()); err != nil {
			return err
		}
		return j.settle(ctx, e, &event{State: e.State, ReadBody: e.ReadBody, ReadPeriod: e.ReadPeriod})
	}
	detail := cause.Error()
	if r := (*extract.Refusal)(nil); errors.As(cause, &r) {
		detail = r.Detail
	}
	return j.settle(ctx, e, &event{State: extract.Failed, Reason: extract.CodeOf(cause), Detail: cut(detail),
		Clear: e.Rev != e.first || e.Attempts > 1 || j.committed})
}

// clear commits nothing in the place of what a failed filing may have had visible.
func (j *job) clear(ctx context.Context, e entry) error {
	if err := j.store(ctx, e.Filing, blank()); err != nil {
		return err
	}
	return j.settle(ctx, e, &event{State: extract.Failed, Reason: e.Reason, Detail: e.Detail})
}

// blank is a report without content, for a filing that is out of the figures and cannot be read.
func blank() *extract.Report { return &extract.Report{Version: extract.Version} }

// maxDetail is the longest detail of a failure, in bytes: it stands in each list.
const maxDetail = 500

func cut(s string) string {
	if len(s) <= maxDetail {
		return s
	}
	for i := range s { // at the start of a letter
		if i > maxDetail-4 {
			return s[:i] + "…"
		}
	}
	return s
}

// settle writes the end of this rev into the ledger: W8. errStale: a person changed the filing
// meanwhile, or another worker settled it first; then that counts.
func (j *job) settle(ctx context.Context, e entry, ev *event) error {
	ev.What, ev.ID, ev.Rev, ev.Attempt, ev.At = eventSettled, e.ID, e.Rev, j.attempt, time.Now().UTC()
	return j.do("W8 ledger", func() error {
		for {
			now, ok := j.Inbox.index.get(e.ID)
			if !ok || now.finished() || now.Rev != e.Rev {
				return errStale
			}
			_, err := j.Inbox.append(ctx, e.SHA256, ev, now.last)
			if errors.Is(err, errStale) { // some event of another worker's; look again
				continue
			}
			if err != nil {
				return err
			}
			m := j.Inbox.metrics
			m.Settled.WithLabelValues(string(ev.State)).Inc()
			if ev.State == extract.Failed {
				m.Failures.WithLabelValues(ev.Reason).Inc()
			}
			if e.Rev == e.first {
				m.VisibleTime.Observe(time.Since(e.ReceivedAt).Seconds())
			}
			j.log.Info("settled", "state", ev.State, "code", ev.Reason, "facts", ev.Facts, "attempt", j.attempt)
			return nil
		}
	})
}

// mayCount tells whether an attempt that failed counts towards the limit. It does not when the
// worker was stopped or a server is away: then the file may be as good as any.
func (j *job) mayCount(ctx context.Context, err error) bool {
	if errors.Is(context.Cause(ctx), errTooSlow) {
		return true
	}
	if ctx.Err() != nil || errors.Is(err, errUnsure) || errors.Is(err, errFull) || !j.Inbox.nc.IsConnected() {
		return false
	}
	switch j.step {
	case "W3 fetch": // a server that does not answer says nothing about the file
		return !errors.Is(err, context.DeadlineExceeded)
	case "W5 load", "W6 read back", "W7 commit":
		probe, cancel := context.WithTimeout(ctx, letGo)
		defer cancel()
		return j.storeWorks(probe)
	}
	return true
}

// storeWorks tells whether the store takes a small report of our own and gives it back: a full or
// damaged disk says nothing about the file. The sweep takes it away.
func (j *job) storeWorks(ctx context.Context) bool {
	attempt := uuid.NewString()
	sent, err := j.Store.Load(ctx, attempt, extract.Filing{ID: j.id}, &extract.Report{Version: extract.Version,
		Pages:  []extract.Page{{Number: 1, Text: "probe"}},
		Blocks: []document.Block{{Kind: document.TableBlock, Table: &document.Table{Title: "probe"}}},
		Facts:  []extract.Fact{{Code: "probe", Value: 1}},
	})
	if err != nil {
		return false
	}
	held, err := j.Store.Stored(ctx, attempt)
	return err == nil && held == sent
}

// note writes into the ledger whether the attempt counts.
func (j *job) note(ctx context.Context, e entry, what string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), letGo)
	defer cancel()
	now, ok := j.Inbox.index.get(e.ID)
	if !ok {
		return
	}
	_, err := j.Inbox.append(ctx, e.SHA256, &event{What: what, ID: e.ID, At: time.Now().UTC(), Rev: e.Rev, Attempt: j.attempt}, now.last)
	if err != nil {
		j.log.Warn("not written whether the attempt counts", "what", what, "err", err)
	}
}
