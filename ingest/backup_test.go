package ingest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"soket/extract"
)

// A backup is taken under load, everything is destroyed, and the restored store shows all that was
// accepted before the backup, at revs above all earlier ones.
func TestBackupUnderLoadAndRestore(t *testing.T) {
	b := newBench(t)
	b.work(b.inbox, b.store, 2)
	accounts, err := OpenBucket(t.Context(), b.inbox.js, "accounts", 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	sessions, err := OpenBucket(t.Context(), b.inbox.js, "sessions", time.Hour, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []*Bucket{accounts, sessions} {
		if _, err := k.Create(t.Context(), "an", []byte("x")); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 5 {
		if err := b.inbox.Audit(t.Context(), Record{By: "an", What: "upload", Object: fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
	}
	var mu sync.Mutex
	acks := map[string]extract.Filing{}
	load, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		for i := 0; load.Err() == nil; i++ {
			name := fmt.Sprintf("r%d.pdf", i)
			f, err := b.inbox.Accept(t.Context(), Upload{Name: name, By: "p", Size: -1}, strings.NewReader(report("body A", "period 2020", fmt.Sprint("fact ", i))))
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			acks[name] = f
			mu.Unlock()
		}
	})
	for len(b.store.visible()) < 20 {
		time.Sleep(10 * time.Millisecond)
	}
	mu.Lock()
	before := map[string]extract.Filing{}
	for name, f := range acks {
		before[name] = f
	}
	mu.Unlock()
	var file bytes.Buffer
	if err := b.inbox.Backup(t.Context(), &file, nil); err != nil {
		t.Fatal(err)
	}
	stop()
	wg.Wait()
	withdrawn := before["r3.pdf"] // decided after the backup: of the lost time
	if _, err := b.inbox.Decide(t.Context(), extract.Decision{ID: withdrawn.ID, What: "withdraw", By: "p"}); err != nil {
		t.Fatal(err)
	}
	b.settled(withdrawn.ID)
	lost := b.store // survives the fire, with revs of the lost time
	b.shut()
	if err := os.RemoveAll(b.dir + "/nats"); err != nil {
		t.Fatal(err)
	}
	b.start(nil)
	b.store = newFakeStore()
	if err := b.inbox.Restore(t.Context(), bytes.NewReader(file.Bytes()), nil); err != nil {
		t.Fatal(err)
	}
	b.work(b.inbox, both{b.store, lost}, 2)
	var top uint64
	for _, k := range lost.commits {
		top = max(top, k.filing.Rev)
	}
	for name, f := range before {
		e, ok := b.inbox.index.get(f.ID)
		if !ok {
			t.Fatalf("%s was accepted before the backup and is lost", name)
		}
		if e.Rev <= top {
			t.Errorf("%s: rev %d is not above the lost %d", name, e.Rev, top)
		}
		b.settled(f.ID)
		want := strings.TrimSuffix(strings.TrimPrefix(name, "r"), ".pdf")
		for _, store := range []*fakeStore{b.store, lost} { // the empty store, and the one that lived on
			if got := store.visible()[f.ID]; fmt.Sprint(got) != "["+want+"]" {
				t.Errorf("%s shows %v", name, got)
			}
		}
	}
	if n, _, err := b.inbox.VerifyAudit(t.Context(), nil); n != 5 || err != nil {
		t.Errorf("audit trail: %d, %v", n, err)
	}
	if _, err := b.inbox.js.KeyValue(t.Context(), "sessions"); !errors.Is(err, jetstream.ErrBucketNotFound) {
		t.Errorf("sessions came back: %v", err)
	}
	kept, err := OpenBucket(t.Context(), b.inbox.js, "accounts", 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	if v, _, ok, err := kept.Get(t.Context(), "an"); !ok || err != nil || string(v) != "x" {
		t.Errorf("account: %q, %v, %v", v, ok, err)
	}
	if err := b.inbox.Restore(t.Context(), bytes.NewReader(file.Bytes()), nil); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("restore over a ledger: %v", err)
	}

	// Every damage is found: a bit flipped anywhere, or the end cut off.
	data := file.Bytes()
	for _, at := range []int{600, len(data) / 3, len(data) / 2} {
		at += bytes.IndexFunc(data[at:], func(r rune) bool { return r > ' ' }) // not the padding between members
		bad := bytes.Clone(data)
		bad[at] ^= 1
		if _, err := VerifyBackup(bytes.NewReader(bad)); !errors.Is(err, ErrBackup) {
			t.Errorf("flipped at %d: %v", at, err)
		}
	}
	if _, err := VerifyBackup(bytes.NewReader(data[:len(data)/2])); !errors.Is(err, ErrBackup) {
		t.Errorf("cut off: %v", err)
	}
}

// both writes to two stores; the first one answers.
type both struct {
	*fakeStore
	also *fakeStore
}

func (s both) Load(ctx context.Context, attempt string, f extract.Filing, r *extract.Report) (extract.Tally, error) {
	if _, err := s.also.Load(ctx, attempt, f, r); err != nil {
		return extract.Tally{}, err
	}
	return s.fakeStore.Load(ctx, attempt, f, r)
}

func (s both) Erase(ctx context.Context, id string) error {
	return errors.Join(s.also.Erase(ctx, id), s.fakeStore.Erase(ctx, id))
}

func (s both) Commit(ctx context.Context, attempt string, f extract.Filing, r *extract.Report, t extract.Tally) error {
	if err := s.also.Commit(ctx, attempt, f, r, t); err != nil {
		return err
	}
	return s.fakeStore.Commit(ctx, attempt, f, r, t)
}

func TestAuditChain(t *testing.T) {
	b := newBench(t)
	other := b.open(Options{})
	defer other.Close()
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			if err := []*Inbox{b.inbox, other}[i%2].Audit(t.Context(), Record{By: fmt.Sprint(i), What: "query"}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	n, head, err := b.inbox.VerifyAudit(t.Context(), nil)
	if n != 40 || head == "" || err != nil {
		t.Fatalf("chain of %d, %v", n, err)
	}
	page, err := b.inbox.Trail(t.Context(), 0, 15)
	if err != nil || len(page) != 15 || page[0].Seq != 40 || page[14].Seq != 26 {
		t.Errorf("page of %d: %v", len(page), err)
	}
	if err := b.inbox.js.DeleteStream(t.Context(), auditStream); err != nil {
		t.Fatal(err)
	}
	// Someone with the keys to the store writes the trail anew, without record 7.
	if err := b.inbox.makeStreams(t.Context(), testStoreBytes, 1); err != nil {
		t.Fatal(err)
	}
	prev := ""
	for i := range 10 {
		r := Record{By: fmt.Sprint(i), What: "query", Prev: prev}
		data, _ := json.Marshal(r)
		prev = auditHash(data)
		if i == 7 {
			continue
		}
		if _, err := b.inbox.js.Publish(t.Context(), auditSubject, data); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := b.inbox.VerifyAudit(t.Context(), nil); !errors.Is(err, ErrAudit) {
		t.Errorf("record taken out: %v", err)
	}
}
