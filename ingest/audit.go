package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Record is one line of the audit trail: who did what to which thing. Seq and Prev are filled in.
type Record struct {
	Seq     uint64    `json:"-"`
	At      time.Time `json:"at"`
	By      string    `json:"by"`
	What    string    `json:"what"`             // "login", "upload", "read", "query", "export", "decide", "role" …
	Object  string    `json:"object,omitempty"` // id of the report, name of the account
	Detail  string    `json:"detail,omitempty"`
	Address string    `json:"address,omitempty"` // of the client
	Prev    string    `json:"prev"`              // SHA-256 of the record before, as stored; empty on the first
}

// ErrAudit tells that the trail was altered.
var ErrAudit = errors.New("the audit trail was altered")

const (
	// auditTries is how often a record is written anew when another process was faster.
	auditTries = 50
	// maxAuditPage is the longest page of the trail.
	maxAuditPage = 1000
)

// auditTail is the last record this process knows of.
type auditTail struct {
	mu   sync.Mutex
	seq  uint64
	hash string
}

func auditHash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// Audit appends to the trail, and returns once the record is on disk. Each record carries the hash
// of the one before, so one cannot be changed or taken out without changing all that follow.
func (b *Inbox) Audit(ctx context.Context, r Record) error {
	t := &b.auditTail
	t.mu.Lock()
	defer t.mu.Unlock()
	if r.At.IsZero() {
		r.At = time.Now().UTC()
	}
	for range auditTries {
		r.Prev = t.hash
		data, err := json.Marshal(r)
		if err != nil {
			return fmt.Errorf("audit: %w", err)
		}
		ack, err := b.js.Publish(ctx, auditSubject, data, jetstream.WithExpectLastSequence(t.seq))
		if err == nil {
			t.seq, t.hash = ack.Sequence, auditHash(data)
			return nil
		}
		if !isWrongLast(err) {
			// The record may stand or not; the next one begins with a look at the tail.
			t.seq, t.hash = 0, ""
			return fmt.Errorf("audit: %w", err)
		}
		if err := b.findAuditTail(ctx); err != nil {
			return err
		}
	}
	return errors.New("audit: other processes were always faster")
}

func (b *Inbox) findAuditTail(ctx context.Context) error {
	m, err := b.audit.GetLastMsgForSubject(ctx, auditSubject)
	if err != nil {
		return fmt.Errorf("audit: last record: %w", err)
	}
	b.auditTail.seq, b.auditTail.hash = m.Sequence, auditHash(m.Data)
	return nil
}

// Trail gives records, newest first, up to limit (1 to 1000) and below the sequence before (0: from
// the newest on).
func (b *Inbox) Trail(ctx context.Context, before uint64, limit int) ([]Record, error) {
	limit = min(max(limit, 1), maxAuditPage)
	if before == 0 {
		info, err := b.audit.Info(ctx)
		if err != nil {
			return nil, fmt.Errorf("audit: %w", err)
		}
		before = info.State.LastSeq + 1
	}
	var out []Record
	for seq := before - 1; seq > 0 && len(out) < limit; seq-- {
		m, err := b.audit.GetMsg(ctx, seq)
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			continue // VerifyAudit tells of gaps
		}
		if err != nil {
			return out, fmt.Errorf("audit: %w", err)
		}
		r := Record{Seq: seq}
		if err := json.Unmarshal(m.Data, &r); err != nil {
			return out, fmt.Errorf("audit: record %d: %w", seq, err)
		}
		out = append(out, r)
	}
	return out, nil
}

// VerifyAudit follows the chain from the first record to the last. It gives how many records there
// are and the hash of the last one: noted elsewhere from time to time, that hash also shows when
// the end of the trail was cut off. ErrAudit names the first record that does not fit.
func (b *Inbox) VerifyAudit(ctx context.Context, progress func(done, total uint64)) (count uint64, head string, err error) {
	err = b.dump(ctx, auditStream, func(seq, total uint64, m jetstream.Msg) error {
		if seq != count+1 {
			return fmt.Errorf("%w: record %d is missing", ErrAudit, count+1)
		}
		var r Record
		if err := json.Unmarshal(m.Data(), &r); err != nil {
			return fmt.Errorf("%w: record %d: %w", ErrAudit, seq, err)
		}
		if r.Prev != head {
			return fmt.Errorf("%w: record %d does not follow record %d", ErrAudit, seq, seq-1)
		}
		count, head = seq, auditHash(m.Data())
		if progress != nil {
			progress(count, total)
		}
		return nil
	})
	return count, head, err
}

// dumpQuiet is how long a dump waits for a message before it looks whether any is left.
const dumpQuiet = time.Second

// dump hands out all messages of a stream, in order, up to the last one at the call.
func (b *Inbox) dump(ctx context.Context, stream string, each func(seq, last uint64, m jetstream.Msg) error) error {
	s, err := b.js.Stream(ctx, stream)
	if err != nil {
		return fmt.Errorf("stream %s: %w", stream, err)
	}
	state := s.CachedInfo().State
	if state.Msgs == 0 {
		return nil
	}
	cons, err := b.js.OrderedConsumer(ctx, stream, jetstream.OrderedConsumerConfig{DeliverPolicy: jetstream.DeliverAllPolicy, InactiveThreshold: idleConsumer})
	if err != nil {
		return fmt.Errorf("stream %s: %w", stream, err)
	}
	it, err := cons.Messages(jetstream.PullHeartbeat(replayQuiet))
	if err != nil {
		return fmt.Errorf("stream %s: %w", stream, err)
	}
	defer it.Stop()
	stop := context.AfterFunc(ctx, it.Stop)
	defer stop()
	for quiet := 0; ; {
		m, err := it.Next(jetstream.NextMaxWait(dumpQuiet))
		if errors.Is(err, nats.ErrTimeout) {
			// What there was at the call may be deleted by now, and would be waited for in vain.
			if info, err := cons.Info(ctx); err == nil && info.NumPending == 0 {
				if quiet++; quiet == 2 {
					return nil
				}
			}
			continue
		}
		if err != nil {
			return fmt.Errorf("stream %s: %w", stream, errors.Join(err, ctx.Err()))
		}
		quiet = 0
		meta, err := m.Metadata()
		if err != nil {
			return fmt.Errorf("stream %s: %w", stream, err)
		}
		if err := each(meta.Sequence.Stream, state.LastSeq, m); err != nil {
			return err
		}
		// Of a stream of keys the last one may be deleted, so it is not waited for.
		if meta.Sequence.Stream >= state.LastSeq || meta.NumPending == 0 {
			return nil
		}
	}
}
