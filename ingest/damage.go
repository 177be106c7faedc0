package ingest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
)

// ErrDamaged tells that the ledger lost something it had acknowledged. The disk or someone did that,
// for no step of ours removes anything from it. What is left goes on working; a restore from the
// last backup brings the rest back.
var ErrDamaged = errors.New("the ledger is damaged: restore the last backup")

const markKey = "ledger"

// Damage is ErrDamaged with what was found, or nil.
func (b *Inbox) Damage() error {
	if p := b.damage.Load(); p != nil {
		return *p
	}
	return nil
}

// checkLedger looks for gaps in the ledger and compares its end with the mark of how far it was
// known to reach, then moves the mark on. NATS cuts a stream off where its checksums fail: without
// the mark nobody would notice.
func (b *Inbox) checkLedger(ctx context.Context) error {
	info, err := b.ledger.Info(ctx)
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	last := info.State.LastSeq
	value, rev, ok, err := b.marks.Get(ctx, markKey)
	if err != nil {
		return fmt.Errorf("ledger: mark: %w", err)
	}
	var mark uint64
	if ok {
		if mark, err = strconv.ParseUint(string(value), 10, 64); err != nil {
			return fmt.Errorf("ledger: mark %q: %w", value, err)
		}
	}
	b.index.mu.RLock()
	gaps, unread := b.index.gaps, 0
	for _, e := range b.index.byID {
		if e.unread && !gone(e.State) {
			unread++
		}
	}
	b.index.mu.RUnlock()
	switch {
	case last < mark:
		err = fmt.Errorf("%w: it reached to %d and now ends at %d", ErrDamaged, mark, last)
	case gaps > 0:
		err = fmt.Errorf("%w: %d events are missing", ErrDamaged, gaps)
	case unread > 0:
		err = fmt.Errorf("%w: the keys to the names of %d filings are missing", ErrDamaged, unread)
	}
	if err != nil {
		b.damage.Store(&err)
		return err
	}
	if last > mark {
		next := []byte(strconv.FormatUint(last, 10))
		if ok {
			_, err = b.marks.Update(ctx, markKey, next, rev)
		} else {
			_, err = b.marks.Create(ctx, markKey, next)
		}
		if err != nil { // one that another process moved is as good
			return fmt.Errorf("ledger: mark: %w", err)
		}
	}
	return nil
}
