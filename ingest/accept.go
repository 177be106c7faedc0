package ingest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"
	"time"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go/jetstream"

	"soket/extract"
)

// Upload says what is handed in.
type Upload struct {
	Name           string // as the sender calls it
	By             string // who sends it
	IdempotencyKey string // the same key with the same bytes by the same sender is the same upload
	Size           int64  // bytes, where the sender said; -1 where not
	Body           string // issuing body as the sender states it; "": as the document says
	Period         string // canonical period as the sender states it; "": as the document says
	Replaces       string // the filing whose place it takes once it is read
	Reason         string // why it does
}

const (
	// ledgerDeadline bounds the acceptance itself, apart from the sender's patience: a sender who
	// hangs up at that moment must not leave it undecided.
	ledgerDeadline = 20 * time.Second
	// retryFull and retryDown are what a refused sender is told to wait.
	retryFull = 5 * time.Minute
	retryDown = 30 * time.Second
	// enterTries is how often an entry is tried while deletions of the same bytes go before it.
	enterTries = 3
	// hintTimeout bounds the publish of a job, which may fail.
	hintTimeout = 5 * time.Second
)

// Accept takes one file in: U1 to U4 of the protocol. A nil error is the promise that nothing of it
// will be lost; it is given only after the ledger's entry is on disk. Every other outcome is an
// *extract.Refusal. The same bytes a second time are a Refusal "duplicate" that names the filing
// which holds them, except with the same idempotency key, where that filing is the answer.
func (b *Inbox) Accept(ctx context.Context, u Upload, r io.Reader) (extract.Filing, error) {
	f, err := b.accept(ctx, u, r)
	if err != nil {
		err = b.refusal(err)
		var ref *extract.Refusal
		errors.As(err, &ref)
		b.metrics.Uploads.WithLabelValues(ref.Code).Inc()
		b.refuse(u, ref)
		return f, err
	}
	b.metrics.Uploads.WithLabelValues("accepted").Inc()
	b.metrics.UploadBytes.Add(float64(f.Size))
	return f, nil
}

func (b *Inbox) accept(ctx context.Context, u Upload, r io.Reader) (extract.Filing, error) {
	f := extract.Filing{State: extract.Accepted, ReceivedBy: u.By, Replaces: u.Replaces}
	begun := b.index.reached()
	err := b.fault.step("U1 check", func() error {
		var err error
		if f.File, err = cleanName(u.Name); err != nil {
			return err
		}
		if u.Size > MaxUploadBytes {
			return &extract.Refusal{Code: "too_large", Detail: fmt.Sprintf("%d bytes, at most %d", u.Size, MaxUploadBytes)}
		}
		if u.Replaces != "" {
			if _, ok := b.index.get(u.Replaces); !ok {
				return &extract.Refusal{Code: "not_found", Detail: u.Replaces}
			}
		}
		return b.enoughRoom(ctx, max(u.Size, 0))
	})
	if err != nil {
		return f, err
	}
	br := bufio.NewReaderSize(r, sniffBytes)
	err = b.fault.step("U1 sniff", func() error {
		head, err := br.Peek(sniffBytes)
		if err != nil && err != io.EOF {
			return fmt.Errorf("read upload: %w", err)
		}
		format, err := sniff(head, f.File)
		f.Format = string(format)
		return err
	})
	if err != nil {
		return f, err
	}

	id, err := uuid.NewV7()
	if err != nil {
		return f, fmt.Errorf("upload id: %w", err)
	}
	f.ID = id.String()
	var known *extract.Filing
	var seen uint64
	got, err := b.put(ctx, f.ID, br, MaxUploadBytes, func(s stored) error {
		if u.Size >= 0 && s.size != u.Size {
			return fmt.Errorf("read upload: %w: %d bytes of %d", io.ErrUnexpectedEOF, s.size, u.Size)
		}
		var held bool
		if seen, held = b.index.tail(s.sha256); !held && seen > begun {
			// A repetition of this request was taken in and deleted while this one was on its way.
			return &extract.Refusal{Code: "deleted", Detail: s.sha256}
		}
		if e, ok := b.index.sha(s.sha256); ok {
			known = &e.Filing
			return b.again(u, &e)
		}
		if e, ok := b.index.keyed(u.By, u.IdempotencyKey); ok {
			return &extract.Refusal{Code: "conflict", Detail: "the idempotency key was used for other bytes", Existing: &e.Filing}
		}
		return nil
	})
	if errors.Is(err, errSame) {
		return *known, nil
	}
	if err != nil {
		return f, err
	}
	f.Size, f.SHA256 = got.size, got.sha256
	return b.enter(ctx, f, u, seen)
}

// enter writes the ledger entry, U3: the acceptance point. Before it nothing is promised, after it
// nothing may be lost; so from here on the sender's hanging up changes nothing. seen is where the tail
// of these bytes was when nobody held them: 0, or the end of an earlier filing that was deleted.
func (b *Inbox) enter(ctx context.Context, f extract.Filing, u Upload, seen uint64) (extract.Filing, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), ledgerDeadline)
	defer cancel()
	now := time.Now().UTC()
	f.ReceivedAt, f.ChangedAt = now, now
	set := &event{By: u.By, At: now}
	f.Body, f.Period = setting(u.Body, set), setting(u.Period, set)
	if u.Replaces != "" {
		f.Amends = setting(u.Reason, set)
	}
	ev := &event{What: eventAccepted, ID: f.ID, At: now, By: u.By, Filing: &f, Key: u.IdempotencyKey}
	var seq uint64
	err := b.fault.step("U3 key", func() error {
		return b.acked(ctx, func(ctx context.Context) error { return b.makeKey(ctx, f.ID) })
	})
	if errors.Is(err, errStill) { // the sweep finds both
		return f, err
	}
	if err != nil { // a key that no entry names is swept
		b.drop(ctx, f.ID)
		return f, err
	}
	for range enterTries {
		last, held := b.index.tail(f.SHA256)
		// Taken in by another request; also where it was deleted meanwhile, for a repetition that comes
		// late must not bring that back.
		if held || last != seen {
			err = errStale
			break
		}
		err = b.fault.step("U3 ledger", func() (err error) {
			return b.acked(ctx, func(ctx context.Context) error {
				seq, err = b.append(ctx, f.SHA256, ev, seen)
				return err
			})
		})
		if !errors.Is(err, errStale) {
			break
		}
	}
	switch {
	case errors.Is(err, errStale): // the same bytes, taken in by someone else meanwhile
		b.drop(ctx, f.ID)
		if e, ok := b.index.sha(f.SHA256); ok {
			if err := b.again(u, &e); !errors.Is(err, errSame) {
				return f, err
			}
			return e.Filing, nil
		}
		if last, _ := b.index.tail(f.SHA256); last != seen {
			return f, &extract.Refusal{Code: "deleted", Err: err}
		}
		return f, &extract.Refusal{Code: "unavailable", RetryAfter: retryDown, Err: err}
	case errors.Is(err, errFull):
		b.drop(ctx, f.ID)
		return f, err
	case err != nil:
		// Whether the entry stands is unknown, so the object must stay: if it does not stand, the
		// sweep finds the object.
		return f, err
	}
	if e, ok := b.index.get(f.ID); ok {
		f = e.Filing
	} else { // the index lags behind; the entry stands all the same
		b.index.mu.RLock()
		f.Rev = revOf(b.index.epoch, seq)
		b.index.mu.RUnlock()
	}
	// U4 is a hint. When it fails, the reconciler repeats it.
	if err := b.fault.step("U4 job", func() error { return b.hint(ctx, f.ID, f.Rev) }); err != nil {
		b.log.Warn("job hint not sent; the reconciler will", "report", f.ID, "err", err)
	}
	return f, nil
}

// errSame says that an upload is a repetition of one that was accepted, by its sender's own word.
var errSame = errors.New("same upload")

// again answers an upload of bytes that are there already.
func (b *Inbox) again(u Upload, e *entry) error {
	if u.IdempotencyKey != "" && e.key == u.IdempotencyKey && e.ReceivedBy == u.By {
		return errSame
	}
	return &extract.Refusal{Code: "duplicate", Detail: e.SHA256, Existing: &e.Filing}
}

// drop removes an object that no ledger entry names and none will.
func (b *Inbox) drop(ctx context.Context, id string) {
	if err := b.eraseOriginal(ctx, id); err != nil {
		b.log.Warn("object of a refused upload stays for the sweep", "object", id, "err", err)
	}
}

// hint publishes the job for a filing at a rev. The stream keeps one message per subject, so a
// repetition of a job that is still there changes nothing.
func (b *Inbox) hint(ctx context.Context, id string, rev uint64) error {
	ctx, cancel := context.WithTimeout(ctx, hintTimeout)
	defer cancel()
	subject := fmt.Sprintf("%s%s.%d", jobSubject, id, rev)
	_, err := b.js.Publish(ctx, subject, nil, jetstream.WithRetryAttempts(0))
	if err != nil && !isCode(err, codeStoreFailed) { // 10077: there is one already
		return fmt.Errorf("job %s: %w", id, err)
	}
	return nil
}

// refusal turns any error of Accept into one that can be told to the sender.
func (b *Inbox) refusal(err error) error {
	var r *extract.Refusal
	switch {
	case errors.As(err, &r):
		return err
	case errors.Is(err, errTooLong):
		return &extract.Refusal{Code: "too_large", Detail: fmt.Sprintf("more than %d bytes", MaxUploadBytes)}
	case isFull(err), errors.Is(err, errFull), errors.Is(err, syscall.ENOSPC):
		return &extract.Refusal{Code: "full", RetryAfter: retryFull, Err: err}
	default:
		return &extract.Refusal{Code: "unavailable", RetryAfter: retryDown, Err: err}
	}
}
