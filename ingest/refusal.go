package ingest

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"soket/extract"
)

// refusals is the REFUSALS stream in memory: files that were not taken in, newest last.
type refusals struct {
	mu   sync.RWMutex
	seq  uint64
	list []extract.Filing
}

// refuse notes a refused file, so that its sender finds it in the list with its reason. It is a
// courtesy: when it cannot be written, the answer to the sender stands all the same.
func (b *Inbox) refuse(u Upload, r *extract.Refusal) {
	switch r.Code {
	case "unsupported", "empty", "too_large", "bad_name":
	default: // known already, or no fault of the file
		return
	}
	name, _ := cleanName(u.Name)
	now := time.Now().UTC()
	id, err := uuid.NewV7()
	if err != nil {
		return
	}
	data, err := json.Marshal(extract.Filing{ID: id.String(), File: name, Size: max(0, u.Size), ReceivedAt: now, ChangedAt: now,
		ReceivedBy: u.By, State: extract.Refused, Reason: r.Code, Detail: r.Detail})
	if err != nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), hintTimeout)
	defer cancel()
	if _, err := b.js.Publish(ctx, refusalSubject, data); err != nil {
		b.log.Warn("refusal not noted in the list", "err", err)
	}
}

// replayRefusals keeps the list of refused files until ctx ends.
func (b *Inbox) replayRefusals(ctx context.Context) {
	for ctx.Err() == nil {
		if err := b.replayRefusalsOnce(ctx); err != nil && ctx.Err() == nil {
			b.log.Debug("refusal consumer begins anew", "err", err)
			select {
			case <-ctx.Done():
			case <-time.After(replayPause):
			}
		}
	}
}

func (b *Inbox) replayRefusalsOnce(ctx context.Context) error {
	return b.follow(ctx, refusalStream, b.refusals.seq+1, func(seq uint64, data []byte) error {
		var f extract.Filing
		if json.Unmarshal(data, &f) == nil && seq > b.refusals.seq {
			b.refusals.add(f)
		}
		b.refusals.seq = seq
		return nil
	})
}

func (r *refusals) add(f extract.Filing) {
	r.mu.Lock()
	defer r.mu.Unlock()
	at, _ := slices.BinarySearchFunc(r.list, f.ID, func(e extract.Filing, id string) int {
		if e.ID < id {
			return -1
		}
		return 1
	})
	r.list = slices.Insert(r.list, at, f)
	if len(r.list) > maxRefusals {
		r.list = slices.Delete(r.list, 0, len(r.list)-maxRefusals)
	}
}

// recent gives the refused files that are not too old, oldest first.
func (r *refusals) recent(now time.Time) []extract.Filing {
	r.mu.RLock()
	defer r.mu.RUnlock()
	var out []extract.Filing
	for _, f := range r.list {
		if now.Sub(f.ReceivedAt) < refusalAge {
			out = append(out, f)
		}
	}
	return out
}
