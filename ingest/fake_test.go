package ingest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"

	"soket/extract"
	"soket/extract/document"
)

// fakeStore is a Store in memory that keeps every rule of the contract, and can be made to fail.
type fakeStore struct {
	mu       sync.Mutex
	attempts map[string]*fakeAttempt
	commits  map[string]fakeCommit // by id and rev
	down     error
	twice    int // attempts at reports that it will hold double; a probe it holds as it is
	history  int // commits ever made
}

type fakeAttempt struct {
	id    string
	facts []extract.Fact
	tally extract.Tally
	at    time.Time
}

type fakeCommit struct {
	attempt string
	filing  extract.Filing
}

func newFakeStore() *fakeStore {
	return &fakeStore{attempts: map[string]*fakeAttempt{}, commits: map[string]fakeCommit{}}
}

func (s *fakeStore) Load(_ context.Context, attempt string, f extract.Filing, r *extract.Report) (extract.Tally, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down != nil {
		return extract.Tally{}, s.down
	}
	t := extract.Tally{Facts: len(r.Facts), Pages: len(r.Pages)}
	for _, fact := range r.Facts {
		t.Sum += uint64(fact.Value)
	}
	if s.attempts[attempt] == nil {
		s.attempts[attempt] = &fakeAttempt{id: f.ID, facts: r.Facts, tally: t, at: time.Now()}
	}
	return t, nil
}

func (s *fakeStore) Stored(_ context.Context, attempt string) (extract.Tally, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down != nil {
		return extract.Tally{}, s.down
	}
	a := s.attempts[attempt]
	if a == nil {
		return extract.Tally{}, fmt.Errorf("no attempt %s", attempt)
	}
	if s.twice > 0 && len(a.facts) > 0 && a.facts[0].Code == "X" {
		s.twice--
		return extract.Tally{Pages: 2 * a.tally.Pages, Facts: 2 * a.tally.Facts, Sum: 2 * a.tally.Sum}, nil
	}
	return a.tally, nil
}

func (s *fakeStore) Commit(_ context.Context, attempt string, f extract.Filing, _ *extract.Report, _ extract.Tally) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down != nil {
		return s.down
	}
	if s.attempts[attempt] == nil {
		return errors.New("commit of an attempt that is not there")
	}
	s.history++
	s.commits[fmt.Sprintf("%s/%d", f.ID, f.Rev)] = fakeCommit{attempt, f}
	return nil
}

func (s *fakeStore) Committed(_ context.Context, id string, rev uint64) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down != nil {
		return false, s.down
	}
	_, ok := s.commits[fmt.Sprintf("%s/%d", id, rev)]
	return ok, nil
}

func (s *fakeStore) Erase(_ context.Context, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down == nil {
		s.erase(id)
	}
	return s.down
}

func (s *fakeStore) erase(id string) {
	kept := map[string]bool{}
	for key, c := range s.commits {
		if c.filing.ID != id {
			continue
		}
		if c.filing.State == extract.Deleted {
			kept[c.attempt] = true
		} else {
			delete(s.commits, key)
		}
	}
	for attempt, a := range s.attempts {
		if a.id == id && !kept[attempt] {
			delete(s.attempts, attempt)
		}
	}
}

func (s *fakeStore) Sweep(_ context.Context, age time.Duration) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.commits {
		if c.filing.State == extract.Deleted {
			s.erase(c.filing.ID)
		}
	}
	named := map[string]bool{}
	for _, c := range s.commits {
		named[c.attempt] = true
	}
	n := 0
	for id, a := range s.attempts {
		if !named[id] && time.Since(a.at) >= age {
			delete(s.attempts, id)
			n++
		}
	}
	return n, s.down
}

func (s *fakeStore) setDown(err error) {
	s.mu.Lock()
	s.down = err
	s.mu.Unlock()
}

// visible gives the figures that a view would show: for each filing those of its newest commit, if
// its state lets them in.
func (s *fakeStore) visible() map[string][]float64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	newest := map[string]fakeCommit{}
	for _, c := range s.commits {
		if old, ok := newest[c.filing.ID]; !ok || c.filing.Rev > old.filing.Rev {
			newest[c.filing.ID] = c
		}
	}
	out := map[string][]float64{}
	for id, c := range newest {
		if c.filing.State == extract.Visible {
			vs := []float64{}
			for _, f := range s.attempts[c.attempt].facts {
				vs = append(vs, f.Value)
			}
			out[id] = vs
		}
	}
	return out
}

// fakeReader reads reports that say in plain words what they hold: after the PDF mark, lines of
// "body X", "period P", "fact N" and, to fail, "fail CODE" or "crash". "slow" takes until free is closed.
type fakeReader struct {
	reads sync.Map
	free  chan struct{}
}

func (fr *fakeReader) Read(ctx context.Context, path, name string, period extract.Period, progress func(extract.Progress)) (*extract.Report, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	n, _ := fr.reads.LoadOrStore(name, new(int))
	_ = n
	r := &extract.Report{Format: document.PDF, Version: extract.Version}
	for in := bufio.NewScanner(file); in.Scan(); {
		word, rest, _ := strings.Cut(in.Text(), " ")
		switch word {
		case "body":
			r.Issuer = rest
		case "period":
			r.Head.Period = extract.Period(rest)
		case "fact":
			v, err := strconv.ParseFloat(rest, 64)
			if err != nil {
				return nil, err
			}
			r.Facts = append(r.Facts, extract.Fact{Code: "X", Value: v})
		case "fail":
			return nil, fmt.Errorf("fake: %w", map[string]error{"corrupt": document.ErrCorrupt, "encrypted": document.ErrEncrypted}[rest])
		case "crash":
			return nil, errors.New("the child died")
		case "slow":
			progress(extract.Progress{Step: extract.Slow})
			select {
			case <-fr.free:
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
	}
	if period != "" {
		r.Head.Period = period
	}
	progress(extract.Progress{Step: "read", Page: 1, Pages: 1})
	return r, nil
}

// bench is a server, an inbox, a store and as many workers as asked, in a directory of its own.
type bench struct {
	t      *testing.T
	dir    string
	server *Server
	inbox  *Inbox
	store  *fakeStore
	mu     sync.Mutex
	stop   []func()
}

func testLog() *slog.Logger {
	if os.Getenv("SOKET_TEST_LOG") == "" {
		return slog.New(slog.DiscardHandler)
	}
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

const testStoreBytes = 4 << 30

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t, dir: t.TempDir(), store: newFakeStore()}
	b.start(nil)
	t.Cleanup(b.shut)
	return b
}

// start runs server and inbox on the directory, anew after shut.
func (b *bench) start(fault Fault) {
	b.t.Helper()
	var err error
	if b.server, err = Start(b.t.Context(), b.dir+"/nats", ServerOptions{Bytes: testStoreBytes, Log: testLog()}); err != nil {
		b.t.Fatal(err)
	}
	b.inbox = b.open(Options{Fault: fault})
}

func (b *bench) open(o Options) *Inbox {
	b.t.Helper()
	if o.Lease == 0 {
		o.Lease = testLease
	}
	o.Every = testEvery
	o.Server, o.Dir, o.Log = b.server, b.dir, testLog()
	if o.FreeBytes == 0 {
		o.FreeBytes = 1
	}
	inbox, err := Open(b.t.Context(), o)
	if err != nil {
		b.t.Fatal(err)
	}
	// The client's first asynchronous message starts a goroutine that stays for ever if the connection
	// is closed in that very instant, as in one of some two thousand pairs of faults.
	if _, err := inbox.js.PublishAsync("nobody.listens", nil, jetstream.WithRetryAttempts(0)); err != nil {
		b.t.Fatal(err)
	}
	<-inbox.js.PublishAsyncComplete()
	return inbox
}

// work runs a worker until the bench shuts, or the function it gives is called.
func (b *bench) work(inbox *Inbox, store Store, parallel int) (stop func()) {
	return b.workFor(inbox, store, parallel, 0)
}

func (b *bench) workFor(inbox *Inbox, store Store, parallel int, limit time.Duration) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	w := &Worker{Inbox: inbox, Store: store, Reader: &fakeReader{}, Dir: b.dir + "/work", Parallel: parallel, Limit: limit, Log: testLog()}
	go func() {
		defer close(done)
		if err := w.Run(ctx); err != nil {
			b.t.Error(err)
		}
	}()
	stop = sync.OnceFunc(func() { cancel(); <-done })
	b.mu.Lock()
	b.stop = append(b.stop, stop)
	b.mu.Unlock()
	return stop
}

func (b *bench) shut() {
	b.shutWorkers()
	if b.inbox != nil {
		b.inbox.Close()
		// The server sleeps with a lock held while it stops: in a bubble, where time moves on only when
		// nobody waits for a lock, a request still under way would wait for it for ever.
		time.Sleep(time.Millisecond)
		b.server.Stop()
		b.inbox = nil
	}
}

func (b *bench) shutWorkers() {
	b.mu.Lock()
	stop := b.stop
	b.stop = nil
	b.mu.Unlock()
	for _, s := range stop {
		s()
	}
}

// report makes the bytes of a report for fakeReader.
func report(lines ...string) string {
	return "%PDF-1.7\n" + strings.Join(lines, "\n") + "\n"
}

func (b *bench) accept(name, content string) extract.Filing {
	b.t.Helper()
	f, err := b.inbox.Accept(b.t.Context(), Upload{Name: name, By: "test", Size: int64(len(content))}, strings.NewReader(content))
	if err != nil {
		b.t.Fatalf("accept %s: %v", name, err)
	}
	return f
}

// settled waits until the filing is finished at its newest rev, however long that takes: a test that
// hangs is killed by the test binary's own deadline.
func (b *bench) settled(id string) entry {
	b.t.Helper()
	for {
		e, ok := b.inbox.index.get(id)
		if ok && e.finished() {
			return e
		}
		b.inbox.index.mu.RLock()
		moved := b.inbox.index.moved
		b.inbox.index.mu.RUnlock()
		select {
		case <-moved:
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// gathered adds up a counter over its labels.
func gathered(t *testing.T, in *Inbox, name string) float64 {
	t.Helper()
	reg := prometheus.NewRegistry()
	for _, c := range in.Collectors() {
		if err := reg.Register(c); err != nil {
			t.Fatal(err)
		}
	}
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, f := range families {
		if f.GetName() == name {
			for _, m := range f.GetMetric() {
				sum += m.GetCounter().GetValue()
			}
		}
	}
	return sum
}
