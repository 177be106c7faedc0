package ingest

import (
	"archive/tar"
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// ErrNotEmpty refuses a restore over a ledger that holds something.
var ErrNotEmpty = errors.New("the ledger is not empty: restore into a new data directory")

// Restore brings a backup into an empty store and raises the epoch, so that everything is committed
// again above whatever of the lost time may be left anywhere. The whole backup is verified first.
// Originals come before the ledger: a restore that breaks off has promised nothing, and is done
// anew in an empty directory. Nothing else may run on the store meanwhile.
func (b *Inbox) Restore(ctx context.Context, r io.ReadSeeker, progress func(done, total int64)) error {
	total, err := VerifyBackup(bufio.NewReaderSize(r, chunkBytes))
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	info, err := b.ledger.Info(ctx)
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	if info.State.LastSeq != 0 {
		return fmt.Errorf("restore: %w", ErrNotEmpty)
	}
	sums, err := b.restoreMembers(ctx, r, total, progress)
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	if info, err = b.ledger.Info(ctx); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	if err := b.index.wait(ctx, info.State.LastSeq); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	for _, e := range b.index.all(func(e *entry) bool { return !gone(e.State) }) {
		if sums[e.ID] != e.SHA256 {
			return fmt.Errorf("restore: %w: original %s of the ledger is not in it", ErrBackup, e.ID)
		}
	}
	if _, err := b.RaiseEpoch(ctx); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	return nil
}

func (b *Inbox) restoreMembers(ctx context.Context, r io.Reader, total int64, progress func(done, total int64)) (map[string]string, error) {
	sums := map[string]string{} // of the originals, by id
	var done int64
	t := tar.NewReader(bufio.NewReaderSize(r, chunkBytes))
	for {
		h, err := t.Next()
		if err == io.EOF || err == nil && h.Name == backupSums {
			return sums, nil
		}
		if err != nil {
			return nil, err
		}
		dir, name, _ := strings.Cut(h.Name, "/")
		name = strings.TrimSuffix(name, ".jsonl")
		switch dir {
		case "originals":
			got, err := b.put(ctx, name, t, MaxUploadBytes, func(stored) error { return nil })
			if err != nil {
				return nil, err
			}
			sums[name] = got.sha256
			if done += h.Size; progress != nil {
				progress(done, total)
			}
		case "keys": // before the ledger, whose events are read as they arrive
			err := lines(t, func(l backupLine) error { return b.storeKey(ctx, strings.TrimPrefix(l.Subject, keySubject), l.Data) })
			if err != nil {
				return nil, err
			}
		case "streams":
			if err := b.restoreStream(ctx, name, t); err != nil {
				return nil, err
			}
		case "buckets":
			bucket, err := OpenBucket(ctx, b.js, name, 0, b.opts.Replicas)
			if err != nil {
				return nil, err
			}
			if err := lines(t, func(l backupLine) error { return bucket.put(ctx, l.Key, l.Data) }); err != nil {
				return nil, err
			}
		}
	}
}

// restoreStream writes messages at the sequences they had: revs hang on them. Sequences that were
// deleted are filled with events that have no effect.
func (b *Inbox) restoreStream(ctx context.Context, stream string, r io.Reader) error {
	var next uint64 = 1
	var waiting []jetstream.PubAckFuture
	settle := func(left int) error {
		for len(waiting) > left {
			select {
			case <-waiting[0].Ok():
			case err := <-waiting[0].Err():
				return fmt.Errorf("stream %s: %w", stream, err)
			case <-ctx.Done():
				return ctx.Err()
			}
			waiting = waiting[1:]
		}
		return nil
	}
	send := func(subject string, data []byte) error {
		ack, err := b.js.PublishMsgAsync(&nats.Msg{Subject: subject, Data: data}, jetstream.WithExpectLastSequence(next-1))
		if err != nil {
			return fmt.Errorf("stream %s: %w", stream, err)
		}
		next++
		waiting = append(waiting, ack)
		return settle(restoreOutstanding - 1)
	}
	err := lines(r, func(l backupLine) error {
		if stream != ledgerStream && stream != auditStream {
			return fmt.Errorf("%w: unknown stream %s", ErrBackup, stream)
		}
		for next < l.Seq {
			if err := send(l.Subject, []byte(`{"what":"gap"}`)); err != nil {
				return err
			}
		}
		return send(l.Subject, l.Data)
	})
	if err != nil {
		return err
	}
	return settle(0)
}

func lines(r io.Reader, each func(backupLine) error) error {
	in := bufio.NewScanner(r)
	in.Buffer(nil, maxBackupLine)
	for in.Scan() {
		var l backupLine
		if err := json.Unmarshal(in.Bytes(), &l); err != nil {
			return fmt.Errorf("%w: %w", ErrBackup, err)
		}
		if err := each(l); err != nil {
			return err
		}
	}
	return in.Err()
}

// RaiseEpoch lifts all revs above every rev there ever was, and gives the new epoch. All filings are
// then committed again. For restores; once it returns, it stands.
func (b *Inbox) RaiseEpoch(ctx context.Context) (uint64, error) {
	b.index.mu.RLock()
	epoch := b.index.epoch + 1
	b.index.mu.RUnlock()
	m, err := b.ledger.GetLastMsgForSubject(ctx, epochSubject)
	var last uint64
	switch {
	case err == nil:
		last = m.Sequence
	case !errors.Is(err, jetstream.ErrMsgNotFound):
		return 0, fmt.Errorf("epoch: %w", err)
	}
	seq, err := b.appendTo(ctx, epochSubject, &event{What: eventEpoch, At: time.Now().UTC(), Epoch: epoch}, last)
	if err != nil {
		return 0, fmt.Errorf("epoch: %w", err)
	}
	return epoch, b.index.wait(ctx, seq)
}
