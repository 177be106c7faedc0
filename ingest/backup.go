package ingest

import (
	"archive/tar"
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// A backup is a tar file: buckets/NAME.jsonl, originals/ID, streams/LEDGER.jsonl and
// streams/AUDIT.jsonl, and as the last member SHA256SUMS over all the others. What ClickHouse holds
// is not in it: it is made anew from this.
const (
	backupSums   = "SHA256SUMS"
	backupLedger = "streams/" + ledgerStream + ".jsonl"
	backupAudit  = "streams/" + auditStream + ".jsonl"
	// restoreOutstanding is how many messages a restore sends without an ack: the server takes them
	// in order, and syncs each.
	restoreOutstanding = 64
	// maxBackupLine is the longest line of a backup's streams: a message of NATS, in base64.
	maxBackupLine = 4 << 20
)

// ErrBackup tells that a backup is damaged or incomplete.
var ErrBackup = errors.New("the backup is damaged or incomplete")

// backupLine is one message of a stream or one key of a bucket.
type backupLine struct {
	Seq     uint64 `json:"seq,omitempty"`
	Subject string `json:"subject,omitempty"`
	Key     string `json:"key,omitempty"`
	Data    []byte `json:"data"`
}

// Backup writes all that is accepted at the call: the ledger, the originals it names, the audit
// trail and the buckets of accounts. It may run under load: the ledger is only ever appended to,
// and an original is there before its entry. progress tells bytes of originals.
func (b *Inbox) Backup(ctx context.Context, w io.Writer, progress func(done, total int64)) error {
	spool, err := os.CreateTemp(b.opts.Dir, "backup-*")
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	defer os.Remove(spool.Name())
	defer spool.Close()
	out := &sumTar{tar: tar.NewWriter(w)}
	if err := b.backupBuckets(ctx, out, spool); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	// The ledger first, for it says which originals belong to the backup; it is spooled, because a
	// restore needs the originals before it.
	var filings []entry
	index := newIndex()
	ledger, err := os.CreateTemp(b.opts.Dir, "backup-*")
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	defer os.Remove(ledger.Name())
	defer ledger.Close()
	if err := b.spoolStream(ctx, ledgerStream, ledger, func(seq uint64, data []byte) {
		ev := &event{}
		if json.Unmarshal(data, ev) == nil {
			index.apply(seq, ev)
		}
	}); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	filings = index.all(func(*entry) bool { return true })
	var done, total int64
	for _, e := range filings {
		total += e.Size
	}
	for _, e := range filings {
		if err := b.backupOriginal(ctx, out, e); err != nil {
			return fmt.Errorf("backup: %w", err)
		}
		if done += e.Size; progress != nil {
			progress(done, total)
		}
	}
	if err := out.file(backupLedger, ledger); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if err := b.spoolStream(ctx, auditStream, spool, nil); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if err := out.file(backupAudit, spool); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if err := out.close(); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	return nil
}

func (b *Inbox) backupOriginal(ctx context.Context, out *sumTar, e entry) error {
	path := filepath.Join(b.opts.Dir, "backup-"+uuid.NewString())
	defer os.Remove(path)
	if err := b.fetch(ctx, e.Filing, path); err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return out.file("originals/"+e.ID, f)
}

// spoolStream writes the messages of a stream into a file of lines, from its start.
func (b *Inbox) spoolStream(ctx context.Context, stream string, f *os.File, each func(seq uint64, data []byte)) error {
	if err := rewind(f); err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	enc := json.NewEncoder(w)
	err := b.dump(ctx, stream, func(seq, _ uint64, m jetstream.Msg) error {
		if each != nil {
			each(seq, m.Data())
		}
		return enc.Encode(backupLine{Seq: seq, Subject: m.Subject(), Data: m.Data()})
	})
	if err != nil {
		return err
	}
	return w.Flush()
}

func rewind(f *os.File) error {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return f.Truncate(0)
}

// backupBuckets writes the buckets that keep their keys. Those whose keys lapse (leases, sessions,
// throttles) are left out: a session must not come back to life with a restore.
func (b *Inbox) backupBuckets(ctx context.Context, out *sumTar, spool *os.File) error {
	list := b.js.KeyValueStores(ctx)
	for s := range list.Status() {
		if s.TTL() > 0 {
			continue
		}
		kv, err := b.js.KeyValue(ctx, s.Bucket())
		if err != nil {
			return fmt.Errorf("bucket %s: %w", s.Bucket(), err)
		}
		keys, err := kv.Keys(ctx)
		if err != nil && !errors.Is(err, jetstream.ErrNoKeysFound) {
			return fmt.Errorf("bucket %s: %w", s.Bucket(), err)
		}
		if err := rewind(spool); err != nil {
			return err
		}
		enc := json.NewEncoder(spool)
		for _, key := range keys {
			v, err := kv.Get(ctx, key)
			if errors.Is(err, jetstream.ErrKeyNotFound) {
				continue
			}
			if err != nil {
				return fmt.Errorf("bucket %s: %w", s.Bucket(), err)
			}
			if err := enc.Encode(backupLine{Key: key, Data: v.Value()}); err != nil {
				return err
			}
		}
		if err := out.file("buckets/"+s.Bucket()+".jsonl", spool); err != nil {
			return err
		}
	}
	return list.Error()
}

// sumTar is a tar writer that keeps the sums of its members.
type sumTar struct {
	tar  *tar.Writer
	sums strings.Builder
}

func (s *sumTar) file(name string, f *os.File) error {
	fi, err := f.Stat()
	if err != nil {
		return err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if err := s.tar.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: fi.Size(), ModTime: time.Now()}); err != nil {
		return err
	}
	h := sha256.New()
	if _, err := io.Copy(io.MultiWriter(s.tar, h), f); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	fmt.Fprintf(&s.sums, "%x  %s\n", h.Sum(nil), name)
	return nil
}

func (s *sumTar) close() error {
	sums := s.sums.String()
	if err := s.tar.WriteHeader(&tar.Header{Name: backupSums, Mode: 0o600, Size: int64(len(sums)), ModTime: time.Now()}); err != nil {
		return err
	}
	if _, err := io.WriteString(s.tar, sums); err != nil {
		return err
	}
	return s.tar.Close()
}

// VerifyBackup reads a backup through and compares every member with its sum. It gives the bytes of
// the originals in it. ErrBackup when anything is missing or differs.
func VerifyBackup(r io.Reader) (originals int64, err error) {
	var want strings.Builder
	t := tar.NewReader(r)
	for {
		h, err := t.Next()
		if err == io.EOF {
			return 0, fmt.Errorf("%w: it ends before %s", ErrBackup, backupSums)
		}
		if err != nil {
			return 0, fmt.Errorf("%w: %w", ErrBackup, err)
		}
		if h.Name == backupSums {
			got, err := io.ReadAll(io.LimitReader(t, int64(want.Len())+1))
			if err != nil {
				return 0, fmt.Errorf("%w: %w", ErrBackup, err)
			}
			if string(got) != want.String() || !strings.Contains(want.String(), backupLedger) {
				return 0, fmt.Errorf("%w: the sums differ", ErrBackup)
			}
			return originals, nil
		}
		sum := sha256.New()
		n, err := io.Copy(sum, t)
		if err != nil {
			return 0, fmt.Errorf("%w: %s: %w", ErrBackup, h.Name, err)
		}
		if strings.HasPrefix(h.Name, "originals/") {
			originals += n
		}
		fmt.Fprintf(&want, "%x  %s\n", sum.Sum(nil), h.Name)
	}
}

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
	for _, e := range b.index.all(func(*entry) bool { return true }) {
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
