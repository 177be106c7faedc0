package ingest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nats-io/nats-server/v2/server/ats"
	"github.com/nats-io/nats.go/jetstream"

	"soket/extract"
)

// TestMain starts the clock service of the NATS server outside of all bubbles: inside one it would
// keep the bubble's clock from moving.
func TestMain(m *testing.M) {
	ats.Register()
	os.Exit(m.Run())
}

// The real server, the real client and the real worker run in a bubble of synctest, where time
// moves on as soon as all wait: leases lapse and pauses pass in no time, and always in the same order
// of time.
const (
	testLease = 15 * time.Second
	testEvery = 60 * time.Second
)

var errFault = errors.New("fault of the test")

// trap does one thing at one point, once.
type trap struct {
	point, mode string
	sprung      atomic.Bool
}

func (tr *trap) String() string { return tr.mode + " at " + tr.point }

// scenario is one run of the whole protocol with traps set, one after the other: each process that
// crashes or hangs is followed by another, which meets the next trap.
type scenario struct {
	*bench
	traps   []*trap
	free    chan struct{} // closed: what hangs goes on
	raising sync.WaitGroup
	// Guarded by the bench's mu, and with over no trap springs: one that does adds to raising, which
	// must not happen while it is waited for.
	procs []*process
	acks  map[string]extract.Filing
	over  bool
}

// process stands for one operating system process.
type process struct {
	s    *scenario
	in   *Inbox
	dead atomic.Bool
	next atomic.Int32 // the trap it meets next
}

func (s *scenario) spawn(trap int) *process {
	p := &process{s: s}
	p.next.Store(int32(trap))
	p.in = s.open(Options{Fault: p.fault, Lease: testLease})
	s.mu.Lock()
	s.procs = append(s.procs, p)
	s.mu.Unlock()
	return p
}

func (p *process) fault(point string) error {
	if p.dead.Load() {
		return errFault
	}
	k := int(p.next.Load())
	if k >= len(p.s.traps) {
		return nil
	}
	tr := p.s.traps[k]
	if tr.point != point || !p.s.spring(tr) {
		return nil
	}
	p.next.Add(1)
	if tr.mode == "error" {
		return errFault
	}
	if tr.mode == "crash" { // as kill -9: from here on nothing of this process reaches the outside
		p.dead.Store(true)
		p.in.nc.Close()
	}
	go func() {
		defer p.s.raising.Done()
		next := p.s.spawn(k + 1)
		p.s.workFor(next.in, p.s.store, 2, 2*testLease)
	}()
	if tr.mode == "hang" {
		p.next.Store(int32(len(p.s.traps)))
		<-p.s.free
		return nil
	}
	return errFault
}

// spring says whether a trap does its thing now, and counts the process that comes up after it.
func (s *scenario) spring(tr *trap) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over || !tr.sprung.CompareAndSwap(false, true) {
		return false
	}
	if tr.mode != "error" {
		s.raising.Add(1)
	}
	return true
}

// until repeats an act until it succeeds, as a careful sender does. One that hangs is left alone and
// done anew by the process of that moment.
func (s *scenario) until(what string, act func(*Inbox) error) {
	for {
		s.mu.Lock()
		in := s.procs[len(s.procs)-1].in
		s.mu.Unlock()
		done := make(chan error, 1)
		go func() { done <- act(in) }()
		var err error
		select {
		case err = <-done:
		case <-time.After(2 * time.Minute):
			err = errors.New("given up")
		}
		if err == nil {
			return
		}
		if r := (*extract.Refusal)(nil); errors.As(err, &r) && r.Code != "unavailable" && r.Code != "not_found" {
			s.t.Errorf("%s: %v", what, err)
			return
		}
		time.Sleep(time.Second)
	}
}

func (s *scenario) accept(name, content string) extract.Filing {
	var f extract.Filing
	s.until("accept "+name, func(in *Inbox) error {
		g, err := in.Accept(context.Background(), Upload{Name: name, By: "client", IdempotencyKey: name, Size: -1}, strings.NewReader(content))
		if err == nil {
			s.mu.Lock()
			f = g
			s.acks[name] = g
			s.mu.Unlock()
		}
		return err
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	return f
}

// run sends reports of every fate while the traps are set, and checks that all ends as if nothing
// had happened.
func runScenario(t *testing.T, traps ...*trap) {
	s := &scenario{bench: newBench(t), traps: traps, free: make(chan struct{}), acks: map[string]extract.Filing{}}
	first := s.spawn(0)
	good := s.accept("good.pdf", report("body Sở A", "period 2024-H1", "fact 1", "fact 2"))
	// As one whose workers died five times.
	poison := s.accept("poison.pdf", report("body Sở A", "period 2024-H2", "crash"))
	for range maxAttempts {
		s.until("try", func(*Inbox) error {
			e := s.known(poison.ID)
			_, err := s.inbox.append(t.Context(), e.SHA256, &event{What: eventTry, ID: e.ID, Rev: e.Rev}, e.last)
			return err
		})
	}
	go func() { _, _ = first.in.Reconcile(context.Background()) }() // while no worker holds anything yet
	time.Sleep(time.Second)
	s.workFor(first.in, s.store, 2, 2*testLease)
	torn := s.accept("torn.pdf", report("fail corrupt"))
	open := s.accept("open.pdf", report("body Sở A", "fact 4", "fact 5"))
	s.settled(open.ID)
	period := "2023"
	s.until("set", func(in *Inbox) error {
		if PeriodOf(s.known(open.ID).Filing) == period {
			return nil // done after all, though the answer was lost
		}
		_, err := in.Decide(t.Context(), extract.Decision{ID: open.ID, What: "set", By: "p", Reason: "as the cover says", Period: &period})
		return err
	})
	out := s.accept("out.pdf", report("body Sở A", "period 2022", "fact 9"))
	s.settled(out.ID)
	s.until("delete", func(in *Inbox) error {
		if gone(s.known(out.ID).State) {
			return nil
		}
		_, err := in.Decide(t.Context(), extract.Decision{ID: out.ID, What: eventDelete, By: "p", Reason: "should not be here"})
		return err
	})
	for PeriodOf(s.known(open.ID).Filing) != period || !gone(s.known(out.ID).State) { // the index that is looked at here follows in its time
		time.Sleep(10 * time.Millisecond)
	}
	for _, f := range []extract.Filing{good, poison, torn, open, out} {
		s.settled(f.ID)
	}
	for range 20 { // the last steps of a job come a moment after its end
		if traps[0].sprung.Load() {
			break
		}
		time.Sleep(time.Second)
	}
	if !traps[0].sprung.Load() {
		t.Errorf("%s was never reached", traps[0])
	}
	s.mu.Lock()
	s.over = true // no new process any more
	s.mu.Unlock()
	s.raising.Wait()
	close(s.free) // what hung goes on, late
	s.shutWorkers()
	s.mu.Lock()
	acks := maps.Clone(s.acks) // what hung may still say yes late
	s.mu.Unlock()
	s.check(acks, map[string][]float64{"good.pdf": {1, 2}, "open.pdf": {4, 5}},
		map[string]extract.State{"good.pdf": extract.Visible, "open.pdf": extract.Visible, "torn.pdf": extract.Failed, "poison.pdf": extract.Failed, "out.pdf": extract.Deleted})
	for _, p := range s.procs {
		p.in.Close()
	}
}

func points() (all []string) {
	for _, step := range Steps {
		all = append(all, step+" before", step+" after")
	}
	return all
}

var modes = []string{"crash", "error", "hang"}

func TestFaultAtEveryStep(t *testing.T) {
	if len(points()) < 40 {
		t.Fatalf("only %d points", len(points()))
	}
	for _, point := range points() {
		for _, mode := range modes {
			t.Run(mode+"/"+point, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) { runScenario(t, &trap{point: point, mode: mode}) })
			})
		}
	}
}

// Two faults, the second in the process that came up after the first. A sample of seed SOKET_CHAOS_SEED;
// all pairs with SOKET_CHAOS=all.
func TestFaultPairs(t *testing.T) {
	const sample = 80 // pairs: about 5 s
	seed, err := strconv.ParseUint(os.Getenv("SOKET_CHAOS_SEED"), 10, 64)
	if err != nil {
		seed = 1
	}
	all := os.Getenv("SOKET_CHAOS") == "all"
	r := rand.New(rand.NewPCG(seed, 0))
	type pair struct{ a, b *trap }
	var pairs []pair
	for _, p := range points() {
		for _, q := range points() {
			pairs = append(pairs, pair{&trap{point: p, mode: modes[r.IntN(3)]}, &trap{point: q, mode: modes[r.IntN(3)]}})
		}
	}
	r.Shuffle(len(pairs), func(i, j int) { pairs[i], pairs[j] = pairs[j], pairs[i] })
	if !all {
		pairs = pairs[:sample]
	}
	for _, p := range pairs {
		t.Run(p.a.String()+" then "+p.b.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { runScenario(t, p.a, p.b) })
		})
	}
}

// known waits for the bench's own index to know a filing.
func (b *bench) known(id string) entry {
	for {
		if e, ok := b.inbox.index.get(id); ok {
			return e
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// check holds I1 to I6 over everything that was acknowledged.
func (b *bench) check(acks map[string]extract.Filing, visible map[string][]float64, states map[string]extract.State) {
	b.t.Helper()
	shown := b.store.visible()
	want := 0
	for name, f := range acks {
		e := b.settled(f.ID)
		path := fmt.Sprintf("%s/check-%s", b.dir, f.ID)
		if e.State == extract.Deleted {
			if err := b.inbox.fetch(b.t.Context(), e.Filing, path); !errors.Is(err, jetstream.ErrMsgNotFound) {
				b.t.Errorf("%s is deleted, and its original gives %v", name, err)
			}
			if _, err := b.inbox.keyOf(b.t.Context(), f.ID); !errors.Is(err, errNoKey) {
				b.t.Errorf("%s is deleted, and its key gives %v", name, err)
			}
			if e.File+e.ReceivedBy+e.Reason+BodyOf(e.Filing) != "" {
				b.t.Errorf("%s is deleted, and %+v is known of it", name, e.Filing)
			}
		} else if err := b.inbox.fetch(b.t.Context(), e.Filing, path); err != nil {
			b.t.Errorf("I1 %s: %v", name, err)
		}
		if e.State != states[name] || (e.State == extract.Failed) != (e.Reason != "") {
			b.t.Errorf("I2 %s: ends as %s %q, want %s", name, e.State, e.Reason, states[name])
		}
		if !slices.Equal(shown[f.ID], visible[name]) {
			b.t.Errorf("I3 %s: shows %v, want %v", name, shown[f.ID], visible[name])
		}
		if visible[name] != nil {
			want++
		}
	}
	if len(shown) != want { // a second filing of the same bytes, or one that nobody was told of
		b.t.Errorf("I4, I5: %d reports visible, want %d", len(shown), want)
	}
	if err := b.inbox.Sweep(b.t.Context(), b.store, 0); err != nil {
		b.t.Errorf("sweep: %v", err)
	}
	b.store.mu.Lock()
	named := map[string]bool{}
	for _, k := range b.store.commits {
		named[k.attempt] = true
	}
	if len(b.store.attempts) != len(named) {
		b.t.Errorf("I6: %d attempts, %d named by commits", len(b.store.attempts), len(named))
	}
	b.store.mu.Unlock()
	if n, filings := objects(b.t, b.inbox), len(b.inbox.index.all(func(e *entry) bool { return e.State != extract.Deleted })); n != filings {
		b.t.Errorf("I6: %d objects for %d filings", n, filings)
	} else if info, err := b.inbox.keyStream.Info(b.t.Context()); err != nil || int(info.State.Msgs) != filings {
		b.t.Errorf("I6: %d keys for %d filings, %v", info.State.Msgs, filings, err)
	}
}
