package ingest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"soket/extract"
)

// tombstone is what the store is told of a deleted report: its id, its rev, and that it is deleted.
func tombstone(e entry) extract.Filing {
	return extract.Filing{ID: e.ID, Rev: e.Rev, State: extract.Deleted, ReceivedAt: e.ChangedAt}
}

// erase carries out a deletion. The empty commit comes first: from then on nothing of the report is
// visible, and a worker that still holds an older attempt commits below it. What is told as deleted is
// deleted, so the ledger's word comes last; each step may be done again.
func (j *job) erase(ctx context.Context, e entry) error {
	if err := j.store(ctx, tombstone(e), blank()); err != nil {
		return err
	}
	if err := j.do("X1 erase rows", func() error { return j.Store.Erase(ctx, e.ID) }); err != nil {
		return err
	}
	if err := j.do("X2 erase original", func() error { return j.Inbox.eraseOriginal(ctx, e.ID) }); err != nil {
		return err
	}
	if err := j.do("X3 erase key", func() error { return j.Inbox.eraseKey(ctx, e.ID) }); err != nil {
		return err
	}
	return j.settle(ctx, e, &event{State: extract.Deleted})
}

// eraseOriginal overwrites the chunks of an object, then its metadata, which names them.
func (b *Inbox) eraseOriginal(ctx context.Context, id string) error {
	asked, cancel := asking(ctx)
	info, err := b.objectInfo(asked, id)
	cancel()
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("original %s: %w", id, err)
	}
	if info.NUID != "" {
		if err := b.overwrite(ctx, b.chunks, chunkSubject+info.NUID); err != nil {
			return fmt.Errorf("original %s: %w", id, err)
		}
	}
	if err := b.overwrite(ctx, b.chunks, metaSubject(id)); err != nil {
		return fmt.Errorf("original %s: %w", id, err)
	}
	return nil
}

// sweepKeys removes keys of deleted filings, which a restore may have brought back, and those of
// uploads that never reached the ledger, if they are older than age.
func (b *Inbox) sweepKeys(ctx context.Context, age time.Duration) (int, error) {
	if err := b.Damage(); err != nil { // the entries that these keys belong to may be what was lost
		return 0, fmt.Errorf("sweep keys: not done: %w", err)
	}
	info, err := b.keyStream.Info(ctx, jetstream.WithSubjectFilter(keySubject+">"))
	if err != nil {
		return 0, fmt.Errorf("sweep keys: %w", err)
	}
	last, err := b.ledger.Info(ctx)
	if err != nil {
		return 0, fmt.Errorf("sweep keys: %w", err)
	}
	if err := b.index.wait(ctx, last.State.LastSeq); err != nil {
		return 0, err
	}
	n := 0
	for subject := range info.State.Subjects {
		id := strings.TrimPrefix(subject, keySubject)
		e, ok := b.index.get(id)
		if ok && e.State != extract.Deleted {
			continue
		}
		if !ok {
			m, err := b.keyStream.GetLastMsgForSubject(ctx, subject)
			if errors.Is(err, jetstream.ErrMsgNotFound) {
				continue
			}
			if err != nil {
				return n, fmt.Errorf("sweep keys: %w", err)
			}
			if last.TimeStamp.Sub(m.Time) < age {
				continue
			}
		}
		if err := b.eraseKey(ctx, id); err != nil {
			return n, fmt.Errorf("sweep keys: %w", err)
		}
		n++
	}
	return n, nil
}
