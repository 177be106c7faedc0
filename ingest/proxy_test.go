package ingest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"soket/extract"
	"soket/ingest/ingesttest"
)

// faultsWanted is how many faults a test deals out: few in CI, more by hand.
func faultsWanted(few int) int {
	if n, err := strconv.Atoi(os.Getenv("SOKET_CHAOS_FAULTS")); err == nil {
		return n
	}
	return few
}

func testSeed(t *testing.T) *rand.Rand {
	seed, err := strconv.ParseUint(os.Getenv("SOKET_CHAOS_SEED"), 10, 64)
	if err != nil {
		seed = 1
	}
	t.Logf("SOKET_CHAOS_SEED=%d", seed)
	return rand.New(rand.NewPCG(seed, seed))
}

// Web and worker reach NATS over links that are cut, stalled, slowed, and that swallow answers.
func TestHarmedLinks(t *testing.T) {
	r := testSeed(t)
	b := &bench{t: t, dir: t.TempDir(), store: newFakeStore()}
	var err error
	if b.server, err = Start(t.Context(), b.dir+"/nats", ServerOptions{Bytes: testStoreBytes, Listen: "127.0.0.1:0", Log: testLog()}); err != nil {
		t.Fatal(err)
	}
	defer b.server.Stop()
	b.inbox = b.open(Options{})
	defer b.inbox.Close()
	var proxies []*ingesttest.Proxy
	var ins []*Inbox
	for range 3 {
		p, err := ingesttest.NewProxy(strings.TrimPrefix(b.server.URL(), "nats://"))
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		in, err := Open(t.Context(), Options{URL: "nats://" + p.Addr(), Dir: b.dir, Lease: 2 * time.Second, Every: 3 * time.Second, Log: testLog()})
		if err != nil {
			t.Fatal(err)
		}
		defer in.Close()
		proxies, ins = append(proxies, p), append(ins, in)
	}
	b.workFor(ins[1], b.store, 2, 5*time.Second)
	b.workFor(ins[2], b.store, 2, 5*time.Second)
	ctx, stop := context.WithCancel(t.Context())
	var mu sync.Mutex
	acks, visible, states := map[string]extract.Filing{}, map[string][]float64{}, map[string]extract.State{}
	var wg sync.WaitGroup
	for k := range 4 { // senders who try again with the same key
		wg.Go(func() {
			for i := k; ctx.Err() == nil; i += 4 {
				name := fmt.Sprintf("r%d.pdf", i)
				for try := 0; ; try++ {
					send, cancel := context.WithTimeout(t.Context(), 3*time.Second)
					f, err := ins[0].Accept(send, Upload{Name: name, By: "p", IdempotencyKey: name, Size: -1},
						strings.NewReader(report("body A", "period 2020", fmt.Sprint("fact ", i))))
					cancel()
					if err == nil {
						mu.Lock()
						acks[name], visible[name], states[name] = f, []float64{float64(i)}, extract.Visible
						mu.Unlock()
						break
					}
					if c := code(err); c != "unavailable" {
						t.Errorf("%s: %v", name, err)
						return
					}
				}
			}
		})
	}
	faults := faultsWanted(40)
	for range faults {
		p := proxies[r.IntN(len(proxies))]
		p.Set(ingesttest.Faults[r.IntN(len(ingesttest.Faults))])
		time.Sleep(time.Duration(20+r.IntN(150)) * time.Millisecond)
		p.Set(ingesttest.Pass)
		time.Sleep(time.Duration(r.IntN(100)) * time.Millisecond)
	}
	stop()
	wg.Wait()
	for _, f := range acks {
		b.settled(f.ID)
	}
	b.drained()
	b.shutWorkers()
	t.Logf("%d faults, %d reports, %d commits", faults, len(acks), b.store.history)
	if len(acks) == 0 {
		t.Error("nothing was taken in at all")
	}
	b.check(acks, visible, states)
}

// A store that answers nothing, as NATS does on a full disk, has uploads refused rather than waited for:
// the first when it is noticed, others at once. They are taken again as soon as it moves.
func TestStillStoreRefuses(t *testing.T) {
	server, err := Start(t.Context(), t.TempDir(), ServerOptions{Bytes: testStoreBytes, Listen: "127.0.0.1:0", Log: testLog()})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Stop()
	p, err := ingesttest.NewProxy(strings.TrimPrefix(server.URL(), "nats://"))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	in, err := Open(t.Context(), Options{URL: "nats://" + p.Addr(), Dir: t.TempDir(), Log: testLog()})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	send := func(n int) error {
		_, err := in.Accept(t.Context(), Upload{Name: "x.pdf", By: "p", Size: -1}, strings.NewReader(report(fmt.Sprint("fact ", n))))
		return err
	}
	if err := send(0); err != nil {
		t.Fatal(err)
	}
	in.room.at = time.Now().Add(time.Hour) // else the question for room is what meets the silence
	p.Set(ingesttest.Stall)
	if err := send(1); code(err) != "unavailable" || !errors.Is(err, errStill) {
		t.Errorf("a still store: %v", err)
	}
	if err := send(2); code(err) != "unavailable" || !errors.Is(err, errStill) {
		t.Errorf("a second upload: %v", err)
	}
	p.Set(ingesttest.Pass)
	for send(3) != nil {
		time.Sleep(100 * time.Millisecond)
	}
	if err := send(4); err != nil {
		t.Errorf("after it moved: %v", err)
	}
}
