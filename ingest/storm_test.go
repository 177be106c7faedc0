package ingest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"soket/extract"
)

// People amend, withdraw, restore, replace and run again the same few reports, all at once and from
// two processes, while workers read: at the end the figures are those of the ledger's last word.
func TestStormOfDecisions(t *testing.T) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { stormScenario(t, seed) })
		})
	}
}

func stormScenario(t *testing.T, seed uint64) {
	b := newBench(t)
	other := b.open(Options{})
	defer other.Close()
	b.work(b.inbox, b.store, 2)
	b.work(other, b.store, 2)
	defer b.shutWorkers()
	var ids []string
	figure := map[string]float64{}
	for i := range 6 {
		lines := []string{fmt.Sprint("fact ", i)}
		if i%2 == 0 {
			lines = append(lines, "body A", "period 2020")
		}
		f := b.accept(fmt.Sprintf("r%d.pdf", i), report(lines...))
		ids, figure[f.ID] = append(ids, f.ID), float64(i)
	}
	var done, conflicts atomic.Int32
	var wg sync.WaitGroup
	for k := range 4 {
		in := []*Inbox{b.inbox, other}[k%2]
		r := rand.New(rand.NewPCG(seed, uint64(k)))
		wg.Go(func() {
			for range 40 {
				d := extract.Decision{ID: ids[r.IntN(len(ids))], By: fmt.Sprint(k), Reason: "storm",
					What: []string{eventSet, eventSet, eventWithdraw, eventRestore, eventRestore, eventReplace, eventRetry}[r.IntN(7)]}
				switch d.What {
				case eventSet:
					body, period := []string{"", "B", "C"}[r.IntN(3)], []string{"", "2021"}[r.IntN(2)]
					d.Body, d.Period = &body, &period
				case eventReplace:
					d.Target = ids[r.IntN(len(ids))]
				}
				_, err := in.Decide(t.Context(), d)
				switch {
				case err == nil:
					done.Add(1)
				case code(err) == "conflict", code(err) == "not_found": // the other index lags
					conflicts.Add(1)
				default:
					t.Errorf("%+v: %v", d, err)
				}
			}
		})
	}
	wg.Wait()
	// Both processes see the same history.
	if err := other.index.wait(t.Context(), b.inbox.index.reached()); err != nil {
		t.Fatal(err)
	}
	for { // settling may replace others, which are then open again
		open := b.inbox.index.all(func(e *entry) bool { return !e.finished() })
		if len(open) == 0 {
			break
		}
		for _, e := range open {
			b.settled(e.ID)
		}
	}
	b.drained()
	shown := b.store.visible()
	for _, id := range ids {
		e := b.known(id)
		known := BodyOf(e.Filing) != "" && PeriodOf(e.Filing) != ""
		if (e.State == extract.Visible) != (shown[id] != nil) || (e.State == extract.Visible && !slices.Equal(shown[id], []float64{figure[id]})) {
			t.Errorf("%s is %s and shows %v", e.File, e.State, shown[id])
		}
		if e.State == extract.Visible && !known || e.State == extract.Waiting && known {
			t.Errorf("%s is %s with body %q and period %q", e.File, e.State, BodyOf(e.Filing), PeriodOf(e.Filing))
		}
		if e.State == extract.Replaced && b.known(e.ReplacedBy).Replaces != id && !strings.Contains("withdrawn replaced accepted", string(b.known(e.ReplacedBy).State)) {
			t.Errorf("%s is replaced by %s, which does not say so", e.File, e.ReplacedBy)
		}
		if _, err := other.index.get(id); !err {
			t.Error("the other process does not know it")
		}
	}
	if done.Load() == 0 || conflicts.Load() == 0 {
		t.Errorf("%d decisions, %d conflicts: no storm", done.Load(), conflicts.Load())
	}
}

// How many uploads a second are accepted, with every write synced: run with -bench Accept.
func BenchmarkAccept(b *testing.B) {
	server, err := Start(b.Context(), b.TempDir(), ServerOptions{Bytes: testStoreBytes * 4})
	if err != nil {
		b.Fatal(err)
	}
	defer server.Stop()
	in, err := Open(b.Context(), Options{Server: server, Dir: b.TempDir(), FreeBytes: 1})
	if err != nil {
		b.Fatal(err)
	}
	defer in.Close()
	body := strings.Repeat("x", 200<<10)
	var n atomic.Int64
	b.SetParallelism(16)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			content := report(fmt.Sprint("fact ", n.Add(1)), body)
			if _, err := in.Accept(b.Context(), Upload{Name: "a.pdf", By: "p", Size: -1}, strings.NewReader(content)); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "uploads/s")
}
