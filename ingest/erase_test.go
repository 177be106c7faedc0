package ingest

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"soket/extract"
)

// found tells in which files below a directory a text stands.
func found(t *testing.T, dir, text string) (in []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		if err == nil && bytes.Contains(data, []byte(text)) {
			rel, _ := filepath.Rel(dir, path)
			in = append(in, rel)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// A deleted report is gone from everything: no byte of the file is on the disk, no name and no word of
// it in the ledger; and neither a restart, nor a rebuild, nor a restore, nor a worker that comes late
// brings it back. The same bytes are then a new report.
func TestDeletedIsGone(t *testing.T) {
	const name, person, words, because = "Nguyễn Văn Tám.pdf", "le-thi-chin", "số điện thoại riêng 0900", "nộp nhầm hồ sơ của ông Mười"
	b := newBench(t)
	stop := b.work(b.inbox, b.store, 2)
	send := func(in *Inbox) (extract.Filing, error) {
		return in.Accept(t.Context(), Upload{Name: name, By: person, IdempotencyKey: "k", Size: -1}, strings.NewReader(report("body Sở Bảy", "period 2020", "fact 7", words)))
	}
	kept := b.accept("kept.pdf", report("body A", "period 2020", "fact 1"))
	f, err := send(b.inbox)
	if err != nil {
		t.Fatal(err)
	}
	b.settled(f.ID)
	b.settled(kept.ID)
	set := "Phòng Sáu"
	if _, err := b.inbox.Decide(t.Context(), extract.Decision{ID: f.ID, What: eventSet, Body: &set, By: person, Reason: because}); err != nil {
		t.Fatal(err)
	}
	old := b.settled(f.ID)
	if in := found(t, b.dir+"/nats", words); len(in) == 0 {
		t.Fatal("the file's words are not on the disk at all: this test looks in the wrong place")
	}
	if _, err := b.inbox.Decide(t.Context(), extract.Decision{ID: f.ID, What: eventDelete, By: person}); code(err) != "invalid" {
		t.Errorf("deletion without a reason: %v", err)
	}
	if _, err := b.inbox.Decide(t.Context(), extract.Decision{ID: f.ID, What: eventDelete, By: person, Reason: because}); err != nil {
		t.Fatal(err)
	}
	if e := b.settled(f.ID); e.State != extract.Deleted {
		t.Fatalf("ends as %s", e.State)
	}
	b.drained()
	gone := func(when string) {
		t.Helper()
		if got := b.store.visible(); len(got) != 1 || !slices.Equal(got[kept.ID], []float64{1}) {
			t.Errorf("%s: visible %v", when, got)
		}
		for _, a := range b.store.attempts {
			if a.id == f.ID && len(a.facts) > 0 {
				t.Errorf("%s: figures are left", when)
			}
		}
		for _, text := range []string{words, "Nguyễn Văn Tám", person, because, set, "Sở Bảy"} {
			if in := found(t, b.dir, text); len(in) > 0 {
				t.Errorf("%s: %q stands in %v", when, text, in)
			}
		}
		if e := b.known(f.ID); e.State != extract.Deleted || e.File+e.ReceivedBy+BodyOf(e.Filing)+e.Reason != "" {
			t.Errorf("%s: known of it is %+v", when, e.Filing)
		}
		if _, _, err := b.inbox.Original(t.Context(), f.ID); code(err) != "deleted" {
			t.Errorf("%s: the original: %v", when, err)
		}
		if err := b.inbox.Damage(); err != nil {
			t.Errorf("%s: %v", when, err)
		}
		if page, err := b.inbox.Filings(Query{}); err != nil || len(page.Filings) != 1 {
			t.Errorf("%s: the list has %d, %v", when, len(page.Filings), err)
		}
		for _, what := range []string{eventRestore, eventRetry, eventSet, eventWithdraw, eventDelete} {
			if _, err := b.inbox.Decide(t.Context(), extract.Decision{ID: f.ID, What: what, Reason: "x"}); code(err) != "conflict" {
				t.Errorf("%s: %s: %v", when, what, err)
			}
		}
	}
	gone("at once")

	// A worker that held an older attempt all the while loads and commits it now.
	late, r := "late", &extract.Report{Version: extract.Version, Facts: []extract.Fact{{Code: "X", Value: 7}}}
	sent, err := b.store.Load(t.Context(), late, old.Filing, r)
	if err == nil {
		err = b.store.Commit(t.Context(), late, old.Filing, r, sent)
	}
	if err != nil {
		t.Fatal(err)
	}
	if got := b.store.visible(); len(got) != 1 {
		t.Errorf("after a late commit %v", got)
	}
	if err := b.inbox.Sweep(t.Context(), b.store, 0); err != nil {
		t.Fatal(err)
	}
	gone("after a late commit and the sweep")

	var backup bytes.Buffer
	if err := b.inbox.Backup(t.Context(), &backup, nil); err != nil {
		t.Fatal(err)
	}
	stop()
	b.shut()
	b.start(nil)
	gone("after a restart")
	b.store = newFakeStore()
	if err := b.inbox.Rebuild(t.Context(), &Worker{Inbox: b.inbox, Store: b.store, Reader: &fakeReader{}, Dir: b.dir}, nil); err != nil {
		t.Fatal(err)
	}
	gone("after a rebuild")

	b.shut()
	if err := os.RemoveAll(b.dir + "/nats"); err != nil {
		t.Fatal(err)
	}
	b.start(nil)
	b.store = newFakeStore()
	if err := b.inbox.Restore(t.Context(), bytes.NewReader(backup.Bytes()), nil); err != nil {
		t.Fatal(err)
	}
	b.work(b.inbox, b.store, 2)
	b.settled(kept.ID)
	b.settled(f.ID)
	gone("after a restore")

	// The same bytes, by the same sender and key: a report of its own, through each turn again.
	for range 2 {
		again, err := send(b.inbox)
		if err != nil {
			t.Fatal(err)
		}
		if again.ID == f.ID {
			t.Fatal("the deleted report came back under its id")
		}
		if e := b.settled(again.ID); e.State != extract.Visible || e.File != name {
			t.Errorf("handed in anew: %+v", e.Filing)
		}
		if got := b.store.visible()[again.ID]; !slices.Equal(got, []float64{7}) {
			t.Errorf("handed in anew it shows %v", got)
		}
		if _, err := send(b.inbox); err != nil {
			t.Errorf("the same upload again: %v", err)
		}
		if _, err := b.inbox.Decide(t.Context(), extract.Decision{ID: again.ID, What: eventDelete, By: person, Reason: because}); err != nil {
			t.Fatal(err)
		}
		b.settled(again.ID)
		b.drained()
		gone("after a second deletion")
	}
	// Once more all is raised above, as after a restore: deleted ones of the same bytes too.
	if _, err := b.inbox.RaiseEpoch(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := b.inbox.Reconcile(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, e := range b.inbox.index.all(func(*entry) bool { return true }) {
		b.settled(e.ID)
	}
	gone("after another epoch")
}

// A key that no entry names goes with the sweep, one that is needed and lost is told.
func TestLostKeyIsTold(t *testing.T) {
	b := newBench(t)
	f := b.accept("a.pdf", report("fact 1"))
	if err := b.inbox.makeKey(t.Context(), "nobody"); err != nil {
		t.Fatal(err)
	}
	if err := b.inbox.makeKey(t.Context(), f.ID); err == nil {
		t.Error("a key was overwritten")
	}
	if err := b.inbox.Sweep(t.Context(), b.store, 0); err != nil {
		t.Fatal(err)
	}
	if info, err := b.inbox.keyStream.Info(t.Context()); err != nil || info.State.Msgs != 1 {
		t.Errorf("%d keys after the sweep, %v", info.State.Msgs, err)
	}
	if err := b.inbox.eraseKey(t.Context(), f.ID); err != nil {
		t.Fatal(err)
	}
	b.shut()
	b.start(nil)
	if err := b.inbox.Damage(); err == nil || !strings.Contains(err.Error(), "keys") {
		t.Errorf("a lost key: %v", err)
	}
}

// A decision that comes just as a worker begins is not settled by what that worker reads: the report that
// is to be deleted would be visible, and stay so.
func TestDeletedAsItIsTaken(t *testing.T) {
	b := newBench(t)
	var in *Inbox
	var once sync.Once
	in = b.open(Options{Fault: func(point string) error {
		if point == "W3 try after" {
			once.Do(func() {
				for _, e := range in.index.all(func(*entry) bool { return true }) {
					if _, err := in.Decide(t.Context(), extract.Decision{ID: e.ID, What: eventDelete, By: "p", Reason: "by mistake"}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		return nil
	}})
	defer in.Close()
	f := b.accept("a.pdf", report("body A", "period 2020", "fact 1"))
	defer b.work(in, b.store, 1)()
	if e := b.settled(f.ID); e.State != extract.Deleted {
		t.Errorf("ends as %s", e.State)
	}
	if shown := b.store.visible(); len(shown) > 0 {
		t.Errorf("shows %v", shown)
	}
}

// An upload that hangs is repeated by its sender, and the repetition is read and deleted. When what hung
// goes on, it does not bring the report back.
func TestDeletedWhileTheFirstTryHangs(t *testing.T) {
	for _, at := range []string{"U1 check before", "U1 sniff after", "U2 meta after", "U3 ledger before"} {
		t.Run(at, func(t *testing.T) { testDeletedWhileTheFirstTryHangs(t, at) })
	}
}

func testDeletedWhileTheFirstTryHangs(t *testing.T, at string) {
	b := newBench(t)
	hangs, goOn := make(chan struct{}), make(chan struct{})
	first := b.open(Options{Fault: func(point string) error {
		if point == at {
			close(hangs)
			<-goOn
		}
		return nil
	}})
	defer first.Close()
	text := report("body A", "period 2020", "fact 1")
	late := make(chan error, 1)
	go func() {
		_, err := first.Accept(t.Context(), Upload{Name: "a.pdf", By: "client", IdempotencyKey: "k", Size: -1}, strings.NewReader(text))
		late <- err
	}()
	<-hangs
	f, err := b.inbox.Accept(t.Context(), Upload{Name: "a.pdf", By: "client", IdempotencyKey: "k", Size: -1}, strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	defer b.work(b.inbox, b.store, 1)()
	b.settled(f.ID)
	if _, err := b.inbox.Decide(t.Context(), extract.Decision{ID: f.ID, What: eventDelete, By: "p", Reason: "by mistake"}); err != nil {
		t.Fatal(err)
	}
	if e := b.settled(f.ID); e.State != extract.Deleted {
		t.Fatalf("ends as %s", e.State)
	}
	for { // the other process follows in its time
		if e, ok := first.index.get(f.ID); ok && e.State == extract.Deleted && e.finished() {
			break
		}
		time.Sleep(time.Millisecond)
	}
	close(goOn)
	if err := <-late; extract.CodeOf(err) != "deleted" {
		t.Errorf("what hung says %v", err)
	}
	if shown := b.store.visible(); len(shown) > 0 {
		t.Errorf("shows %v", shown)
	}
	if list, err := b.inbox.Filings(Query{Limit: 10}); err != nil || len(list.Filings) != 0 { // a deleted one is in no list
		t.Errorf("%d filings, %v", len(list.Filings), err)
	}
}
