package ingest

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"soket/extract"
)

const (
	// roomFresh is how long a measurement of free space serves: many uploads a second share one,
	// and between two of them no more can arrive than the mark leaves.
	roomFresh = time.Second
	// streamMark is the filling of a stream beyond which uploads are refused.
	streamMark = 0.97
)

// room is the last measurement of the space that uploads go to.
type room struct {
	mu   sync.Mutex
	at   time.Time
	left int64 // bytes that uploads may still take
}

// enoughRoom refuses an upload of size bytes (0: unknown) when the store or the disk under it is at
// its mark: what was accepted must always find room to be settled.
func (b *Inbox) enoughRoom(ctx context.Context, size int64) error {
	if err := b.pulse.mayTry(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, askRoom)
	defer cancel()
	b.room.mu.Lock()
	defer b.room.mu.Unlock()
	if time.Since(b.room.at) > roomFresh {
		left, err := b.measure(ctx)
		if err != nil {
			return err
		}
		b.room.left, b.room.at = left, time.Now()
	}
	if b.room.left <= size {
		return &extract.Refusal{Code: "full", Detail: fmt.Sprintf("%d bytes left for uploads", max(0, b.room.left)), RetryAfter: retryFull}
	}
	return nil
}

func (b *Inbox) measure(ctx context.Context) (int64, error) {
	const unlimited = 1 << 62
	left := int64(unlimited)
	for _, s := range []jetstream.Stream{b.chunks, b.ledger} {
		info, err := s.Info(ctx)
		if err != nil {
			return 0, fmt.Errorf("space of %s: %w", s.CachedInfo().Config.Name, err)
		}
		if limit := info.Config.MaxBytes; limit > 0 {
			free := int64(streamMark*float64(limit)) - int64(info.State.Bytes)
			if s == b.ledger && free > 0 { // an entry is small whatever the file's size
				continue
			}
			left = min(left, free)
		}
	}
	if b.opts.Server != nil {
		free, err := freeBytes(b.opts.Server.dir)
		if err != nil {
			return 0, err
		}
		left = min(left, free-b.opts.FreeBytes)
	}
	return left, nil
}

// redacted is a URL list without its passwords, for errors and logs.
func redacted(urls string) string {
	var out []string
	for _, one := range strings.Split(urls, ",") {
		u, err := url.Parse(strings.TrimSpace(one))
		if err != nil {
			out = append(out, "(unreadable address)")
			continue
		}
		out = append(out, u.Redacted())
	}
	return strings.Join(out, ",")
}
