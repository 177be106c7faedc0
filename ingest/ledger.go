package ingest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

var (
	errStale  = errors.New("the ledger moved on")          // a compare-and-set lost; nothing was written
	errUnsure = errors.New("the ledger's answer was lost") // the event may stand or not
	errFull   = errors.New("the ledger is full")
)

const (
	// appendTries is how often an event is sent while answers are lost. Compare-and-set and the nonce
	// make a repetition harmless.
	appendTries = 4
	appendPause = 300 * time.Millisecond
	// answerWait is how long one request waits for NATS. An answer that is lost with its connection is
	// told to nobody: without this a job would wait, its lease kept, until its own limit.
	answerWait = 5 * time.Second
)

// asking is the context of one request.
func asking(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, answerWait)
}

// append writes an event of the filing with this SHA-256, if its last event is still the one at
// sequence last (0: none yet), and returns once the index has it. The event then stands in history,
// though an index may still hold it void. errStale: it was not written. errUnsure: unknown.
func (b *Inbox) append(ctx context.Context, sha string, ev *event, last uint64) (uint64, error) {
	return b.appendTo(ctx, filingSubject+sha, ev, last)
}

func (b *Inbox) appendTo(ctx context.Context, subject string, ev *event, last uint64) (uint64, error) {
	ev.Nonce = uuid.NewString()
	data, err := b.seal(ctx, ev)
	if err != nil {
		return 0, fmt.Errorf("ledger: %w", err)
	}
	b.index.announce(ev.Nonce)
	defer b.index.forget(ev.Nonce)
	for try := 1; ; try++ {
		asked, cancel := asking(ctx)
		ack, err := b.js.PublishMsg(asked, &nats.Msg{Subject: subject, Data: data}, jetstream.WithExpectLastSequencePerSubject(last))
		cancel()
		switch {
		case err == nil:
			wait, cancel := context.WithTimeout(ctx, indexWait)
			defer cancel()
			_ = b.index.wait(wait, ack.Sequence) // it stands all the same, and that is what was asked
			return ack.Sequence, nil
		case isWrongLast(err):
			// Someone else was first, or an earlier try of ours whose answer was lost.
			seq, ferr := b.caughtUp(ctx, subject, ev.Nonce)
			if ferr != nil {
				return 0, fmt.Errorf("ledger: %w: %w", errUnsure, ferr)
			}
			if seq != 0 {
				return seq, nil
			}
			return 0, fmt.Errorf("ledger: %w", errStale)
		case isFull(err):
			return 0, fmt.Errorf("ledger: %w: %w", errFull, err)
		}
		if try == appendTries || ctx.Err() != nil {
			return 0, fmt.Errorf("ledger: %w: %w", errUnsure, err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(appendPause):
		}
	}
}

// caughtUp waits until the index holds all that stands on the subject now, and tells where the event
// with this nonce stands; 0 when it does not.
func (b *Inbox) caughtUp(ctx context.Context, subject, nonce string) (uint64, error) {
	asked, cancel := asking(ctx)
	defer cancel()
	m, err := b.ledger.GetLastMsgForSubject(asked, subject)
	if err != nil {
		return 0, err
	}
	wait, stop := context.WithTimeout(ctx, indexWait)
	defer stop()
	if err := b.index.wait(wait, m.Sequence); err != nil {
		return 0, err
	}
	return b.index.landed(nonce), nil
}

// replay keeps the index at the head of the ledger until ctx ends. It begins anew where it stopped
// whenever the consumer breaks.
func (b *Inbox) replay(ctx context.Context) {
	for ctx.Err() == nil {
		if err := b.replayOnce(ctx); err != nil && ctx.Err() == nil {
			b.log.Warn("ledger consumer begins anew", "err", err)
			select {
			case <-ctx.Done():
			case <-time.After(replayPause):
			}
		}
	}
}

const (
	replayPause = 500 * time.Millisecond
	// idleConsumer is when the server drops a consumer that nobody pulls from: it keeps 1,000 a stream.
	idleConsumer = 30 * time.Second
	// replayQuiet is how long the replay waits for a message before it looks whether it was cut off.
	replayQuiet = 5 * time.Second
)

func (b *Inbox) replayOnce(ctx context.Context) error {
	return b.follow(ctx, ledgerStream, b.index.reached()+1, func(seq uint64, data []byte) error {
		ev := &event{}
		err := json.Unmarshal(data, ev)
		if err == nil && !utf8.Valid(data) { // which is no error in JSON
			err = errors.New("not UTF-8")
		}
		if err != nil {
			// A damaged event is void for all alike; it must not stop the rest.
			b.log.Error("ledger event unreadable", "seq", seq, "err", err)
			ev = &event{What: eventLost}
		}
		for err := b.unseal(ctx, ev); err != nil && !errors.Is(err, errNoKey); err = b.unseal(ctx, ev) {
			b.log.Warn("ledger event waits for its key", "seq", seq, "err", err)
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(replayPause):
			}
		}
		b.index.apply(seq, ev)
		return nil
	})
}

// follow hands over the messages of a stream from a sequence on, in their order, until its consumer breaks, ctx
// ends or take fails.
func (b *Inbox) follow(ctx context.Context, stream string, from uint64, take func(seq uint64, data []byte) error) error {
	cons, err := b.js.OrderedConsumer(ctx, stream, jetstream.OrderedConsumerConfig{
		DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: from, InactiveThreshold: idleConsumer})
	if err != nil {
		return err
	}
	it, err := cons.Messages(jetstream.PullHeartbeat(replayQuiet))
	if err != nil {
		return err
	}
	defer it.Stop()
	stop := context.AfterFunc(ctx, it.Stop)
	defer stop()
	for {
		m, err := it.Next()
		if err != nil {
			return err
		}
		meta, err := m.Metadata()
		if err != nil {
			return err
		}
		if err := take(meta.Sequence.Stream, m.Data()); err != nil {
			return err
		}
	}
}
