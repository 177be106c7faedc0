package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"soket/extract"
)

func TestSameBytesAtOnce(t *testing.T) {
	b := newBench(t)
	other := b.open(Options{})
	defer other.Close()
	content := report("body A", "period 2020", "fact 1")
	var accepted, duplicate atomic.Int32
	var wg sync.WaitGroup
	for i := range 24 {
		wg.Go(func() {
			in := []*Inbox{b.inbox, other}[i%2]
			_, err := in.Accept(t.Context(), Upload{Name: "x.pdf", By: fmt.Sprint(i), Size: -1}, strings.NewReader(content))
			switch {
			case err == nil:
				accepted.Add(1)
			case code(err) == "duplicate":
				duplicate.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if accepted.Load() != 1 || duplicate.Load() != 23 {
		t.Errorf("%d accepted, %d duplicates; want 1 and 23", accepted.Load(), duplicate.Load())
	}
	if n := objects(t, b.inbox); n != 1 {
		t.Errorf("%d objects, want 1", n)
	}
}

func TestIdempotencyKey(t *testing.T) {
	b := newBench(t)
	send := func(key, content string) (extract.Filing, error) {
		return b.inbox.Accept(t.Context(), Upload{Name: "x.pdf", By: "p", IdempotencyKey: key, Size: -1}, strings.NewReader(content))
	}
	first, err := send("k", report("fact 1"))
	if err != nil {
		t.Fatal(err)
	}
	if again, err := send("k", report("fact 1")); err != nil || again.ID != first.ID {
		t.Errorf("repetition: %v, %v; want the first filing", again.ID, err)
	}
	if _, err := send("k", report("fact 2")); code(err) != "conflict" {
		t.Errorf("other bytes with the key: %v", err)
	}
	if _, err := send("l", report("fact 1")); code(err) != "duplicate" {
		t.Errorf("same bytes with another key: %v", err)
	}
}

// Each job is published up to five times, on subjects that keep no repetition out, to several
// workers in two processes, of which one loses every seventh ack, so that its message lapses and comes
// again: each report is visible exactly once. 5,000 reports with SOKET_CHAOS=all.
func TestJobsRepeated(t *testing.T) {
	reports := 150
	if os.Getenv("SOKET_CHAOS") == "all" {
		reports = 5000
	}
	b := newBench(t)
	var acks7, lapsed atomic.Int32
	other := b.open(Options{Lease: 3 * time.Second, Fault: func(point string) error {
		if point == "W9 ack before" && acks7.Add(1)%7 == 0 {
			lapsed.Add(1)
			return errFault
		}
		return nil
	}})
	b.work(b.inbox, b.store, 3)
	b.work(other, b.store, 3)
	defer other.Close()
	defer b.shutWorkers()
	r := rand.New(rand.NewPCG(1, 2))
	acks := map[string]extract.Filing{}
	visible, states := map[string][]float64{}, map[string]extract.State{}
	published := reports
	for i := range reports {
		name := fmt.Sprintf("r%d.pdf", i)
		f := b.accept(name, report("body A", "period 2020", fmt.Sprint("fact ", i)))
		acks[name] = f
		visible[name], states[name] = []float64{float64(i)}, extract.Visible
		for n := range r.IntN(5) {
			published++
			if _, err := b.inbox.js.Publish(t.Context(), fmt.Sprintf("%s%s.%d.%d", jobSubject, f.ID, f.Rev, n), nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, f := range acks {
		b.settled(f.ID)
	}
	b.drained()
	b.check(acks, visible, states)
	b.shutWorkers()
	if b.store.history != len(visible) {
		t.Errorf("%d commits for %d reports", b.store.history, len(visible))
	}
	if lapsed.Load() == 0 {
		t.Error("no ack was lost")
	}
	t.Logf("%d reports, their jobs published %d times, %d acks lapsed: %d visible, %d commits", reports, published, lapsed.Load(), len(b.store.visible()), b.store.history)
}

// drained waits until the queue is empty.
func (b *bench) drained() {
	for {
		info, err := b.inbox.js.Stream(b.t.Context(), jobStream)
		if err == nil && info.CachedInfo().State.Msgs == 0 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func TestRestartOnSameDirectory(t *testing.T) {
	b := newBench(t)
	f := b.accept("a.pdf", report("body A", "period 2020", "fact 7"))
	why := "twice the same"
	g := b.accept("b.pdf", report("fact 8"))
	if _, err := b.inbox.Decide(t.Context(), extract.Decision{ID: g.ID, What: "withdraw", By: "p", Reason: why}); err != nil {
		t.Fatal(err)
	}
	b.shut()
	b.start(nil)
	e, ok := b.inbox.index.get(f.ID)
	if !ok || e.Rev != f.Rev || e.File != "a.pdf" {
		t.Fatalf("after the restart %+v", e)
	}
	if e, _ := b.inbox.index.get(g.ID); e.State != extract.Withdrawn || e.Reason != why {
		t.Errorf("after the restart %+v", e.Filing)
	}
	b.work(b.inbox, b.store, 1)
	b.settled(f.ID)
	b.settled(g.ID)
	if got := b.store.visible(); len(got) != 1 || !slices.Equal(got[f.ID], []float64{7}) {
		t.Errorf("visible %v", got)
	}
}

func TestFullStoreRefuses(t *testing.T) {
	b := newBench(t)
	f := b.accept("a.pdf", report("body A", "period 2020", "fact 7"))
	full := b.open(Options{FreeBytes: 1 << 60})
	_, err := full.Accept(t.Context(), Upload{Name: "b.pdf", Size: -1}, strings.NewReader(report("fact 1")))
	var r *extract.Refusal
	if !errors.As(err, &r) || r.Code != "full" || r.RetryAfter == 0 {
		t.Errorf("at the free-space mark: %v", err)
	}
	full.Close()

	// The bucket's own limit: what is there already is settled all the same.
	small := b.open(Options{Bytes: 4 << 20})
	defer small.Close()
	body := strings.Repeat("x", 3<<20)
	_, err = small.Accept(t.Context(), Upload{Name: "c.pdf", Size: -1}, strings.NewReader(report("body A")+body))
	if err != nil {
		t.Fatalf("3 MiB into 3.2: %v", err)
	}
	_, err = small.Accept(t.Context(), Upload{Name: "d.pdf", Size: -1}, strings.NewReader(report("body B")+body))
	if code(err) != "full" {
		t.Errorf("3 MiB more: %v", err)
	}
	if n := objects(t, small); n != 2 {
		t.Errorf("%d objects, want 2", n)
	}
	b.work(small, b.store, 1)
	b.settled(f.ID)
	if got := b.store.visible()[f.ID]; !slices.Equal(got, []float64{7}) {
		t.Errorf("visible %v", got)
	}
}

// longReport is a reader of a long report that takes no memory.
type longReport struct {
	left  int64
	begun bool
}

func (z *longReport) Read(p []byte) (int, error) {
	if z.left == 0 {
		return 0, io.EOF
	}
	n := int(min(int64(len(p)), z.left, 1024)) // as a multipart part hands it out
	clear(p[:n])
	if !z.begun {
		copy(p, "%PDF-1.7\n")
		z.begun = true
	}
	z.left -= int64(n)
	return n, nil
}

func TestLargeUploadTakesLittleMemory(t *testing.T) {
	b := newBench(t)
	const size = 200 << 20
	var peak atomic.Uint64
	stop := make(chan struct{})
	var wg sync.WaitGroup
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	wg.Go(func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(20 * time.Millisecond):
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				peak.Store(max(peak.Load(), m.HeapInuse))
			}
		}
	})
	start := time.Now()
	f, err := b.inbox.Accept(t.Context(), Upload{Name: "scan.pdf", Size: -1}, &longReport{left: size})
	took := time.Since(start)
	close(stop)
	wg.Wait()
	if err != nil {
		t.Fatal(err)
	}
	// The server runs in this process and has its own caches; a whole file in memory would be over.
	if grown := int64(peak.Load()) - int64(before.HeapInuse); grown > 150<<20 {
		t.Errorf("heap grew by %d MiB", grown>>20)
	}
	t.Logf("200 MiB in %v, heap at most %d MiB", took, peak.Load()>>20)
	h := sha256.New()
	if _, err := io.Copy(h, &longReport{left: size}); err != nil || f.SHA256 != hex.EncodeToString(h.Sum(nil)) {
		t.Errorf("SHA-256 differs")
	}
	o, _, err := b.inbox.Original(t.Context(), f.ID)
	if err != nil {
		t.Fatal(err)
	}
	o.Close()
}

func TestTooLongAndBrokenOffLeaveNothing(t *testing.T) {
	b := newBench(t)
	if _, err := b.inbox.Accept(t.Context(), Upload{Name: "a.pdf", Size: -1}, &longReport{left: MaxUploadBytes + 1<<20}); code(err) != "too_large" {
		t.Errorf("too long: %v", err)
	}
	for _, at := range []int64{1000, 3<<20 - 5, 3 << 20, 3<<20 + 5} {
		broken := io.MultiReader(&longReport{left: at}, errReader{})
		if _, err := b.inbox.Accept(t.Context(), Upload{Name: "a.pdf", Size: -1}, broken); code(err) != "unavailable" {
			t.Errorf("broken off after %d bytes: %v", at, err)
		}
		if _, err := b.inbox.Accept(t.Context(), Upload{Name: "a.pdf", Size: at + 1}, &longReport{left: at}); code(err) != "unavailable" {
			t.Errorf("one byte short of what was said, %d: %v", at, err)
		}
	}
	if n := objects(t, b.inbox); n != 0 {
		t.Errorf("%d objects left", n)
	}
	if free := len(b.inbox.buffers); free != chunkBuffers {
		t.Errorf("%d of %d buffers back", free, chunkBuffers)
	}
}

type errReader struct{}

func (errReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestStoreAwayBurnsNoAttempts(t *testing.T) {
	synctest.Test(t, testStoreAwayBurnsNoAttempts)
}

func testStoreAwayBurnsNoAttempts(t *testing.T) {
	b := newBench(t)
	b.store.setDown(errors.New("connection refused"))
	b.work(b.inbox, b.store, 1)
	f := b.accept("a.pdf", report("body A", "period 2020", "fact 7"))
	retries := func() float64 {
		return gathered(t, b.inbox, "soket_retries_total")
	}
	for retries() < 2 {
		time.Sleep(20 * time.Millisecond)
	}
	if e := b.known(f.ID); e.Attempts != 0 || e.finished() {
		t.Errorf("while the store is away: %+v", e)
	}
	b.store.setDown(nil)
	if e := b.settled(f.ID); e.State != extract.Visible || e.Attempts != 1 {
		t.Errorf("after it is back: %+v", e.Filing)
	}
}

func TestFifthAttemptFails(t *testing.T) {
	synctest.Test(t, testFifthAttemptFails)
}

func testFifthAttemptFails(t *testing.T) {
	b := newBench(t)
	f := b.accept("a.pdf", report("crash"))
	for range maxAttempts - 2 {
		e := b.known(f.ID)
		if _, err := b.inbox.append(t.Context(), e.SHA256, &event{What: eventTry, ID: e.ID, Rev: e.Rev}, e.last); err != nil {
			t.Fatal(err)
		}
	}
	b.work(b.inbox, b.store, 1)
	e := b.settled(f.ID)
	if e.State != extract.Failed || e.Reason != "attempts" || e.Attempts != maxAttempts {
		t.Errorf("ends as %+v", e.Filing)
	}
}

// A machine may kill worker after worker: what could be read is not failed for it. One that takes each
// worker with it after the reading ends all the same, and so does one that the store never takes.
func TestWorkersThatDieAfterTheReading(t *testing.T) {
	synctest.Test(t, testWorkersThatDieAfterTheReading)
}

func testWorkersThatDieAfterTheReading(t *testing.T) {
	b := newBench(t)
	// begun and read as many times as said, each time by a worker that then died
	died := func(f extract.Filing, times int) {
		for n := range times {
			whats := []string{eventTry, eventRead}
			if n+1 < spareFrom {
				whats = whats[:1]
			}
			for _, what := range whats {
				e := b.known(f.ID)
				if e.Attempts >= maxAttempts {
					t.Fatalf("%d attempts after %d deaths", e.Attempts, n)
				}
				if _, err := b.inbox.append(t.Context(), e.SHA256, &event{What: what, ID: e.ID, Rev: e.Rev}, e.last); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	unlucky := b.accept("a.pdf", report("body A", "period 2020", "fact 1"))
	died(unlucky, maxTries-1)
	guilty := b.accept("b.pdf", report("body A", "period 2021", "fact 2"))
	died(guilty, maxTries)
	b.work(b.inbox, b.store, 1)
	if e := b.settled(unlucky.ID); e.State != extract.Visible {
		t.Errorf("the unlucky one ends as %s %s", e.State, e.Reason)
	}
	if e := b.settled(guilty.ID); e.State != extract.Failed || e.Reason != "attempts" {
		t.Errorf("the guilty one ends as %s %s", e.State, e.Reason)
	}
	if n := len(b.store.visible()); n != 1 {
		t.Errorf("%d visible", n)
	}
}

// A store that stalls may hold what was sent again twice; that is not the report's doing.
func TestHeldTwiceIsNoFailure(t *testing.T) {
	synctest.Test(t, testHeldTwiceIsNoFailure)
}

func testHeldTwiceIsNoFailure(t *testing.T) {
	b := newBench(t)
	b.store.twice = 2 * maxAttempts
	f := b.accept("a.pdf", report("body A", "period 2020", "fact 1"))
	b.work(b.inbox, b.store, 1)
	if e := b.settled(f.ID); e.State != extract.Visible {
		t.Errorf("ends as %s %s", e.State, e.Reason)
	}
	b.store.twice = 1000
	f = b.accept("b.pdf", report("body A", "period 2021", "fact 1"))
	for { // what clears up goes in as it is
		if e := b.known(f.ID); e.State == extract.Failed {
			break
		}
		time.Sleep(time.Second)
	}
	b.store.mu.Lock()
	b.store.twice = 0
	b.store.mu.Unlock()
	if e := b.settled(f.ID); e.State != extract.Failed || e.Reason != "attempts" {
		t.Errorf("never read back as sent, it ends as %s %s", e.State, e.Reason)
	}
}

func TestNeverTakenByTheStoreFails(t *testing.T) {
	synctest.Test(t, testNeverTakenByTheStoreFails)
}

func testNeverTakenByTheStoreFails(t *testing.T) {
	b := newBench(t)
	b.shut()
	tries := 0
	b.start(func(point string) error {
		if point != "W5 load before" {
			return nil
		}
		if tries++; tries > maxAttempts { // what clears up after it goes in, and a sixth try would
			return nil
		}
		return errors.New("refused")
	})
	f := b.accept("a.pdf", report("body A", "period 2020", "fact 1"))
	b.work(b.inbox, b.store, 1)
	if e := b.settled(f.ID); e.State != extract.Failed || e.Reason != "attempts" {
		t.Errorf("ends as %s %s", e.State, e.Reason)
	}
}

func TestDecisions(t *testing.T) {
	b := newBench(t)
	b.work(b.inbox, b.store, 2)
	decide := func(d extract.Decision) extract.Filing {
		t.Helper()
		d.By = "người duyệt"
		f, err := b.inbox.Decide(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	expect := func(id string, s extract.State, figures ...float64) {
		t.Helper()
		if e := b.settled(id); e.State != s {
			t.Errorf("state %s, want %s", e.State, s)
		}
		if got := b.store.visible()[id]; !slices.Equal(got, figures) {
			t.Errorf("visible %v, want %v", got, figures)
		}
	}
	str := func(s string) *string { return &s }
	a := b.accept("a.pdf", report("fact 1"))
	expect(a.ID, extract.Waiting)
	decide(extract.Decision{ID: a.ID, What: "set", Body: str("Sở A")})
	expect(a.ID, extract.Waiting)
	decide(extract.Decision{ID: a.ID, What: "set", Period: str("2021-H1")})
	expect(a.ID, extract.Visible, 1)
	if f, _ := b.inbox.Filing(a.ID); f.Body.Value != "Sở A" || f.Body.By != "người duyệt" || f.Body.At.IsZero() || PeriodOf(f) != "2021-H1" {
		t.Errorf("set as %+v", f)
	}
	decide(extract.Decision{ID: a.ID, What: "withdraw", Reason: "sai số liệu"})
	expect(a.ID, extract.Withdrawn)
	if _, err := b.inbox.Decide(t.Context(), extract.Decision{ID: a.ID, What: "withdraw"}); code(err) != "conflict" {
		t.Errorf("withdrawn twice: %v", err)
	}
	decide(extract.Decision{ID: a.ID, What: "restore"})
	expect(a.ID, extract.Visible, 1)

	// A replacement that cannot be read leaves the old figures standing.
	bad, err := b.inbox.Accept(t.Context(), Upload{Name: "bad.pdf", Replaces: a.ID, Size: -1}, strings.NewReader(report("fail corrupt")))
	if err != nil {
		t.Fatal(err)
	}
	expect(bad.ID, extract.Failed)
	expect(a.ID, extract.Visible, 1)
	good, err := b.inbox.Accept(t.Context(), Upload{Name: "good.pdf", Replaces: a.ID, Size: -1}, strings.NewReader(report("body Sở A", "period 2021-H1", "fact 2")))
	if err != nil {
		t.Fatal(err)
	}
	expect(good.ID, extract.Visible, 2)
	expect(a.ID, extract.Replaced)
	if f, _ := b.inbox.Filing(a.ID); f.ReplacedBy != good.ID {
		t.Errorf("replaced by %q", f.ReplacedBy)
	}
	decide(extract.Decision{ID: a.ID, What: "restore"})
	expect(a.ID, extract.Visible, 1)
	decide(extract.Decision{ID: good.ID, What: "replace", Target: a.ID})
	expect(good.ID, extract.Visible, 2)
	expect(a.ID, extract.Replaced)
	decide(extract.Decision{ID: bad.ID, What: "retry"})
	expect(bad.ID, extract.Failed)
	for _, d := range []extract.Decision{{ID: "none", What: "retry"}, {ID: good.ID, What: "replace", Target: "none"}} {
		if _, err := b.inbox.Decide(t.Context(), d); code(err) != "not_found" {
			t.Errorf("%+v: %v", d, err)
		}
	}
	if _, err := b.inbox.Decide(t.Context(), extract.Decision{ID: good.ID, What: "replace", Target: good.ID}); code(err) != "conflict" {
		t.Errorf("replaces itself: %v", err)
	}
	if _, err := b.inbox.Decide(t.Context(), extract.Decision{ID: good.ID, What: "burn"}); code(err) != "invalid" {
		t.Errorf("unknown decision: %v", err)
	}

	// All of it once more into an empty store shows the same.
	was := b.store.visible()
	fresh := newFakeStore()
	total := 0
	w := &Worker{Inbox: b.inbox, Store: fresh, Reader: &fakeReader{}, Dir: b.dir, Parallel: 2}
	before := b.inbox.index.reached()
	if err := b.inbox.Rebuild(t.Context(), w, func(done, all int) { total = all }); err != nil {
		t.Fatal(err)
	}
	if got := fresh.visible(); fmt.Sprint(got) != fmt.Sprint(was) || total != 3 {
		t.Errorf("rebuilt %d filings: %v, want %v", total, got, was)
	}
	if b.inbox.index.reached() != before {
		t.Errorf("rebuild wrote to the ledger")
	}
}

// A visible report whose next reading fails goes out of the figures, with the reason.
func TestFailureClearsOldFigures(t *testing.T) {
	b := newBench(t)
	stop := b.work(b.inbox, b.store, 1)
	f := b.accept("a.pdf", report("body A", "period 2020", "fact 1"))
	b.settled(f.ID)
	stop()
	// The file is lost from the store, which no retry mends.
	e := b.known(f.ID)
	if _, err := b.inbox.Decide(t.Context(), extract.Decision{ID: f.ID, What: "retry"}); err != nil {
		t.Fatal(err)
	}
	for range maxAttempts {
		e = b.known(f.ID)
		if _, err := b.inbox.append(t.Context(), e.SHA256, &event{What: eventTry, ID: e.ID, Rev: e.Rev}, e.last); err != nil {
			t.Fatal(err)
		}
	}
	b.work(b.inbox, b.store, 1)
	if e := b.settled(f.ID); e.State != extract.Failed || e.Reason != "attempts" {
		t.Errorf("ends as %+v", e.Filing)
	}
	if got := b.store.visible(); len(got) != 0 {
		t.Errorf("still visible: %v", got)
	}
}

// A worker that finds its lease lapsed must not answer for the job: the message is another's by then.
func TestLateAckDoesNotEndAnothersJob(t *testing.T) {
	b := newBench(t)
	f := b.accept("a.pdf", report("body A", "period 2020", "fact 1"))
	m, err := b.inbox.workers.Next(jetstream.FetchMaxWait(5 * time.Second))
	if err != nil {
		t.Fatal(err)
	}
	j := &job{Worker: &Worker{Inbox: b.inbox, Store: b.store}, m: m, id: f.ID, rev: f.Rev, attempt: "old", log: testLog()}
	if held, err := j.lease(t.Context()); !held || err != nil {
		t.Fatal(held, err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	// The lease goes to another while the holder sleeps.
	if _, err := b.inbox.leases.Put(t.Context(), f.ID, []byte("new")); err != nil {
		t.Fatal(err)
	}
	j.beat(ctx, cancel)
	<-ctx.Done()
	if !errors.Is(context.Cause(ctx), errLeaseLost) {
		t.Errorf("ended by %v", context.Cause(ctx))
	}
	j.lost = true
	j.release(t.Context())
	if e, err := b.inbox.leases.Get(t.Context(), f.ID); err != nil || string(e.Value()) != "new" {
		t.Errorf("the new holder's lease: %v", err)
	}
}

func TestFilingsFilterAndPage(t *testing.T) {
	b := newBench(t)
	b.work(b.inbox, b.store, 2)
	var ids []string
	for i := range 7 {
		body := []string{"Sở Khoa học và Công nghệ tỉnh Đá Vách", "Sở B"}[i%2]
		f := b.accept(fmt.Sprintf("Báo cáo số %d.pdf", i), report("body "+body, "period 2020", fmt.Sprint("fact ", i)))
		ids = append(ids, f.ID)
		b.settled(f.ID)
	}
	list := func(q Query) (got []string, next string) {
		t.Helper()
		p, err := b.inbox.Filings(q)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range p.Filings {
			got = append(got, f.ID)
		}
		return got, p.Next
	}
	var paged []string
	for q := (Query{Limit: 3}); ; {
		got, next := list(q)
		paged = append(paged, got...)
		if next == "" {
			break
		}
		q.Cursor = next
	}
	slices.Reverse(paged)
	if !slices.Equal(paged, ids) {
		t.Errorf("paged %v, want %v", paged, ids)
	}
	if got, _ := list(Query{Text: "da vach bao"}); len(got) != 4 {
		t.Errorf("words without marks found %d, want 4", len(got))
	}
	if got, _ := list(Query{Body: "SỞ B", Period: "2020", State: extract.Visible}); len(got) != 3 {
		t.Errorf("body found %d, want 3", len(got))
	}
	if got, _ := list(Query{Period: "2021"}); len(got) != 0 {
		t.Errorf("wrong period found %d", len(got))
	}
	if _, err := b.inbox.Filings(Query{Limit: 1001}); code(err) != "invalid" {
		t.Errorf("limit 1001: %v", err)
	}
}

// An outside server that does not say what it offers gets streams that fit, also when several
// processes come up at once.
func TestOutsideServerHasRoom(t *testing.T) {
	const offered = 16 << 30 // a power of two, so that hardly anything is left over
	server, err := Start(t.Context(), t.TempDir(), ServerOptions{Bytes: offered, Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Stop()
	for range 2 { // the second time, the streams are there
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				in, err := Open(t.Context(), Options{URL: server.URL(), Dir: t.TempDir()})
				if err != nil {
					t.Error(err)
					return
				}
				defer in.Close()
				var sum int64
				for s := range in.js.ListStreams(t.Context()).Info() {
					if s.Config.Storage == jetstream.FileStorage && s.Config.MaxBytes < 0 && !strings.HasPrefix(s.Config.Name, "KV_") {
						t.Errorf("%s has no limit", s.Config.Name)
					}
					sum += max(0, s.Config.MaxBytes)
				}
				if sum < offered/3 || sum > offered {
					t.Errorf("%d of %d bytes are used", sum, int64(offered))
				}
				if _, err := in.Accept(t.Context(), Upload{Name: "a.pdf", Size: -1}, strings.NewReader(report("fact 1"))); err != nil && code(err) != "duplicate" {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}
}

// A disk that has less room than when the streams were made must not keep the program from starting.
func TestStartsOnAFullerDisk(t *testing.T) {
	dir := t.TempDir()
	for _, bytes := range []int64{20 << 30, 2 << 30, 40 << 30, 3 << 30} {
		server, err := Start(t.Context(), dir, ServerOptions{Bytes: bytes})
		if err != nil {
			t.Fatal(err)
		}
		in, err := Open(t.Context(), Options{Server: server, Dir: dir})
		if err != nil {
			t.Fatalf("with %d bytes: %v", bytes, err)
		}
		if _, err := in.Accept(t.Context(), Upload{Name: "a.pdf", Size: -1}, strings.NewReader(report(fmt.Sprint("fact ", bytes)))); err != nil {
			t.Error(err)
		}
		in.Close()
		server.Stop()
	}
}

// Files that take long hold nobody up: one of them is read on, those that find the slow lane taken are
// put back at no attempt's cost, and all come to their end.
func TestSlowFilesGiveWay(t *testing.T) {
	b := newBench(t)
	free := make(chan struct{})
	w := &Worker{Inbox: b.inbox, Store: b.store, Reader: &fakeReader{free: free}, Dir: b.dir + "/work", Parallel: 8, Reading: 2, Log: testLog()}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { _ = w.Run(ctx); close(done) }()
	defer func() { stop(); <-done }()
	var slow []extract.Filing
	for i := range 4 {
		slow = append(slow, b.accept(fmt.Sprintf("slow%d.pdf", i), report(fmt.Sprint("fact ", i), "slow", "body A", "period 2020")))
	}
	for i := range 5 {
		b.settled(b.accept(fmt.Sprintf("r%d.pdf", i), report("body A", "period 2020", fmt.Sprint("fact ", 10+i))).ID)
	}
	close(free)
	for _, f := range slow {
		if e := b.settled(f.ID); e.State != extract.Visible || e.Attempts != 1 {
			t.Errorf("%s ends as %s after %d attempts", f.File, e.State, e.Attempts)
		}
	}
	b.drained()
	if len(w.lanes.places)+len(w.lanes.aside) != 0 {
		t.Errorf("%d places and %d beside are not given back", len(w.lanes.places), len(w.lanes.aside))
	}
	if len(w.lanes.slow) != 0 {
		t.Errorf("%v is still remembered", w.lanes.slow)
	}
}
