package ingest

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"soket/extract"
)

// TestMain lets many scenarios run side by side: they wait for leases far more than they compute.
func TestMain(m *testing.M) {
	flag.Parse()
	_ = flag.Set("test.parallel", "24")
	os.Exit(m.Run())
}

var errFault = errors.New("fault of the test")

// trap is a Fault that does one thing at one point, once, and tells that it was reached.
type trap struct {
	point, mode string
	hit         chan struct{}
	free        chan struct{} // closed: what hangs goes on
	once        sync.Once
	mu          sync.Mutex
	dead        bool
	kill        func()
}

func newTrap(point, mode string) *trap {
	return &trap{point: point, mode: mode, hit: make(chan struct{}), free: make(chan struct{})}
}

func (tr *trap) fault(point string) error {
	tr.mu.Lock()
	dead := tr.dead
	tr.mu.Unlock()
	if dead {
		return errFault
	}
	if point != tr.point {
		return nil
	}
	var err error
	tr.once.Do(func() {
		switch tr.mode {
		case "crash": // as kill -9: from here on nothing of this inbox reaches the outside
			tr.mu.Lock()
			tr.dead = true
			tr.mu.Unlock()
			tr.kill()
			err = errFault
		case "error":
			err = errFault
		}
		close(tr.hit)
		if tr.mode == "hang" {
			<-tr.free
		}
	})
	return err
}

const testEvery = 2 * time.Second

const testLease = 800 * time.Millisecond

// client hands reports in and decides until it is told yes, as a careful sender does.
type client struct {
	t    *testing.T
	tr   *trap
	mu   sync.Mutex
	in   *Inbox // the inbox of this moment
	acks map[string]extract.Filing
}

func (c *client) inbox() *Inbox {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.in
}

// until repeats an act until it succeeds. An act that hangs is left alone and done anew.
func (c *client) until(what string, act func(*Inbox) error) {
	for {
		done := make(chan error, 1)
		in := c.inbox()
		go func() { done <- act(in) }()
		var err error
		select {
		case err = <-done:
		case <-time.After(3 * time.Second):
			err = errors.New("given up")
		}
		if err == nil {
			return
		}
		if r := (*extract.Refusal)(nil); errors.As(err, &r) && r.Code != "unavailable" && r.Code != "not_found" {
			c.t.Errorf("%s: %v", what, err)
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func (c *client) accept(name, content string) extract.Filing {
	var f extract.Filing
	c.until("accept "+name, func(in *Inbox) error {
		g, err := in.Accept(context.Background(), Upload{Name: name, By: "client", IdempotencyKey: name, Size: -1}, strings.NewReader(content))
		if err == nil {
			c.mu.Lock()
			f = g
			c.acks[name] = g
			c.mu.Unlock()
		}
		return err
	})
	return f
}

func TestFaultAtEveryStep(t *testing.T) {
	if len(Steps)*2 < 40 {
		t.Fatalf("only %d points", len(Steps)*2)
	}
	for _, step := range Steps {
		for _, when := range []string{" before", " after"} {
			for _, mode := range []string{"crash", "error", "hang"} {
				t.Run(mode+"/"+step+when, func(t *testing.T) {
					t.Parallel()
					faultScenario(t, newTrap(step+when, mode))
				})
			}
		}
	}
}

// faultScenario sends reports of every fate while the trap is set, brings a second process up after
// a crash or a hang, and checks that all ends as if nothing had happened.
func faultScenario(t *testing.T, tr *trap) {
	b := newBench(t)
	a := b.open(Options{Fault: tr.fault, Lease: testLease})
	tr.kill = a.nc.Close
	c := &client{t: t, tr: tr, in: a, acks: map[string]extract.Filing{}}
	// A second process comes up once the first is dead or hangs.
	var second *Inbox
	raised := make(chan struct{})
	go func() {
		defer close(raised)
		select {
		case <-tr.hit:
		case <-t.Context().Done():
			return
		}
		if tr.mode == "error" {
			return
		}
		second = b.open(Options{Lease: testLease})
		c.mu.Lock()
		c.in = second
		c.mu.Unlock()
		b.workFor(second, b.store, 2, 2*testLease)
	}()

	good := c.accept("good.pdf", report("body Sở A", "period 2024-H1", "fact 1", "fact 2"))
	// As one whose workers died five times.
	poison := c.accept("poison.pdf", report("body Sở A", "period 2024-H2", "crash"))
	for range maxAttempts {
		c.until("try", func(*Inbox) error {
			e := b.known(poison.ID)
			_, err := b.inbox.append(t.Context(), e.SHA256, &event{What: eventTry, ID: e.ID, Rev: e.Rev}, e.last)
			return err
		})
	}
	go func() { _, _ = a.Reconcile(context.Background()) }() // while no worker holds anything yet
	select {
	case <-tr.hit:
	case <-time.After(100 * time.Millisecond):
	}
	stopA := b.workFor(a, b.store, 2, 2*testLease)
	torn := c.accept("torn.pdf", report("fail corrupt"))
	open := c.accept("open.pdf", report("body Sở A", "fact 4", "fact 5"))
	b.settled(open.ID)
	period := "2023"
	c.until("set", func(in *Inbox) error {
		if PeriodOf(b.known(open.ID).Filing) == period {
			return nil // done after all, though the answer was lost
		}
		_, err := in.Decide(t.Context(), extract.Decision{ID: open.ID, What: "set", By: "p", Reason: "as the cover says", Period: &period})
		return err
	})
	for _, f := range []extract.Filing{good, poison, torn, open} {
		b.settled(f.ID)
	}
	select {
	case <-tr.hit:
	default:
		// Points after the last step of a job come a moment later.
		select {
		case <-tr.hit:
		case <-time.After(20 * time.Second):
			t.Fatalf("the point was never reached")
		}
	}
	<-raised
	close(tr.free) // what hung goes on, late
	stopA()
	b.check(c, map[string][]float64{"good.pdf": {1, 2}, "open.pdf": {4, 5}},
		map[string]extract.State{"good.pdf": extract.Visible, "open.pdf": extract.Visible, "torn.pdf": extract.Failed, "poison.pdf": extract.Failed})
	if second != nil {
		b.shutInbox(second)
	}
	a.Close()
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

func (b *bench) shutInbox(in *Inbox) {
	for _, stop := range b.stop {
		stop()
	}
	in.Close()
}

// check holds I1 to I6 over everything the client was told yes for.
func (b *bench) check(c *client, visible map[string][]float64, states map[string]extract.State) {
	b.t.Helper()
	shown := b.store.visible()
	want := 0
	for name, f := range c.acks {
		e := b.settled(f.ID)
		path := fmt.Sprintf("%s/check-%s", b.dir, f.ID)
		if err := b.inbox.fetch(b.t.Context(), e.Filing, path); err != nil {
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
	named := map[string]bool{}
	for _, k := range b.store.commits {
		named[k.attempt] = true
	}
	if len(b.store.attempts) != len(named) {
		b.t.Errorf("I6: %d attempts, %d named by commits", len(b.store.attempts), len(named))
	}
	if n, filings := objects(b.t, b.inbox), len(b.inbox.index.all(func(*entry) bool { return true })); n != filings {
		b.t.Errorf("I6: %d objects for %d filings", n, filings)
	}
}
