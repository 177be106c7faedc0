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
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// A backup is a tar file: buckets/NAME.jsonl, originals/ID, keys/KEYS.jsonl, streams/LEDGER.jsonl and
// streams/AUDIT.jsonl, and as the last member SHA256SUMS over all the others. What ClickHouse holds
// is not in it: it is made anew from this.
const (
	backupSums   = "SHA256SUMS"
	backupKeys   = "keys/" + keyStream + ".jsonl"
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
	spool, err := private(b.opts.Dir)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	defer spool.Close()
	out := &sumTar{tar: tar.NewWriter(w)}
	if err := b.backupBuckets(ctx, out, spool); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	// The ledger first, for it says which originals belong to the backup; it is spooled, because a
	// restore needs the originals before it.
	ledger, err := private(b.opts.Dir)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	defer ledger.Close()
	written := map[string]bool{}
	for again := true; again; {
		if again, err = b.backupOriginals(ctx, out, ledger, written, progress); err != nil {
			return fmt.Errorf("backup: %w", err)
		}
	}
	// After the ledger was read: each of its filings had its key before its entry.
	if err := b.spoolStream(ctx, keyStream, spool, nil); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if err := out.file(backupKeys, spool); err != nil {
		return fmt.Errorf("backup: %w", err)
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

// backupOriginals spools the ledger and writes the originals that it names and that were not written
// yet. One that was deleted meanwhile is found missing: the ledger is then to be spooled again, so that
// it tells of the deletion.
func (b *Inbox) backupOriginals(ctx context.Context, out *sumTar, ledger *os.File, written map[string]bool, progress func(done, total int64)) (again bool, err error) {
	index := newIndex()
	if err := b.spoolStream(ctx, ledgerStream, ledger, func(seq uint64, data []byte) {
		ev := &event{}
		if json.Unmarshal(data, ev) == nil {
			index.apply(seq, ev)
		}
	}); err != nil {
		return false, err
	}
	filings := index.all(func(e *entry) bool { return !gone(e.State) })
	var done, total int64
	for _, e := range filings {
		total += e.Size
	}
	for _, e := range filings {
		if !written[e.ID] {
			err := b.backupOriginal(ctx, out, e)
			if err != nil { // the deletion that took it away stands in the ledger before that
				if info, ierr := b.ledger.Info(ctx); ierr == nil {
					_ = b.index.wait(ctx, info.State.LastSeq)
				}
			}
			now, _ := b.index.get(e.ID)
			switch {
			case err == nil:
				written[e.ID] = true
			case gone(now.State):
				again = true
			default:
				return false, err
			}
		}
		if done += e.Size; progress != nil {
			progress(done, total)
		}
	}
	return again, nil
}

func (b *Inbox) backupOriginal(ctx context.Context, out *sumTar, e entry) error {
	f, err := private(b.opts.Dir)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := b.fetchTo(ctx, e.Filing, f); err != nil {
		return err
	}
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
		n, err := io.Copy(sum, t) // #nosec G110 -- nothing is kept of it
		if err != nil {
			return 0, fmt.Errorf("%w: %s: %w", ErrBackup, h.Name, err)
		}
		if strings.HasPrefix(h.Name, "originals/") {
			originals += n
		}
		fmt.Fprintf(&want, "%x  %s\n", sum.Sum(nil), h.Name)
	}
}
