//go:build chaos

package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"soket/extract"
	"soket/ingest/ingesttest"
)

// begin sends reports with four senders until the function it gives is called.
func (c *chaosRun) begin(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var busy sync.WaitGroup
	for k := range 4 {
		busy.Go(func() { c.send(ctx, k) })
	}
	return func() { cancel(); busy.Wait() }
}

// TestChaosLinks cuts, stalls and slows the links of web and workers to NATS and to ClickHouse, and
// swallows answers after the server did what was asked; SOKET_CHAOS_FAULTS is how often (40).
func TestChaosLinks(t *testing.T) {
	seed, faults := uint64(chaosNumber("SOKET_CHAOS_SEED", 1)), chaosNumber("SOKET_CHAOS_FAULTS", 40)
	t.Logf("SOKET_CHAOS_SEED=%d SOKET_CHAOS_FAULTS=%d", seed, faults)
	r := rand.New(rand.NewPCG(seed, seed))
	root := must(filepath.Abs("../.."))
	h := bringUp(t, root, site{links: true})
	c := &chaosRun{t: t, web: h.web, engine: h.engine, truths: chaosTruths(t, root), acks: map[string]extract.Filing{}}
	stop := c.begin(h.ctx)
	looked := make(chan struct{})
	look, blind := context.WithCancel(h.ctx)
	go func() { c.look(look); close(looked) }()
	for range faults {
		time.Sleep(time.Duration(r.IntN(200)) * time.Millisecond)
		link := h.links[r.IntN(2)]
		link.Set(ingesttest.Faults[r.IntN(len(ingesttest.Faults))])
		time.Sleep(time.Duration(50+r.IntN(400)) * time.Millisecond)
		link.Set(ingesttest.Pass)
	}
	stop()
	inbox := h.drained(t)
	defer inbox.Close()
	blind()
	<-looked
	h.still(t)
	c.check(inbox, h.db)
}

// smallDisk is a file system of its own, of so many MiB.
func smallDisk(t *testing.T, mib int) string {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dm", mib)); err != nil {
		t.Fatalf("a small file system: %v (run as root: sudo -E make chaos)", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}

// fill takes the space of a file system to the last byte, and gives it back.
func fill(t *testing.T, dir string) (empty func()) {
	path := filepath.Join(dir, "filler")
	f := must(os.Create(path))
	defer f.Close()
	for size := 1 << 20; size > 0; {
		if _, err := f.Write(make([]byte, size)); err != nil {
			size /= 2
		}
	}
	return func() { _ = os.Remove(path) }
}

// TestChaosFullMachine fills the disk of soket up to the last byte under load, and frees it: uploads
// are refused within 2 s, nothing accepted is lost, and they are taken again within 60 s.
func TestChaosFullMachine(t *testing.T) {
	root := must(filepath.Abs("../.."))
	disk := smallDisk(t, 1800) // the free-space mark is 1 GiB
	p := launch(t, "up", "--demo", "--data", disk, "--listen", "127.0.0.1:0", "--log-level", "warn")
	l := newLoader(t, p.page, chaosTruths(t, root))
	ctx, stop := context.WithCancel(t.Context())
	var mu sync.Mutex
	var ids []string
	var busy sync.WaitGroup
	for k := range 4 {
		busy.Go(func() {
			for i := k; ctx.Err() == nil; i++ {
				if id, _ := l.send(ctx, i%len(l.docs)); id != "" {
					mu.Lock()
					ids = append(ids, id)
					mu.Unlock()
				}
				time.Sleep(200 * time.Millisecond)
			}
		})
	}
	time.Sleep(4 * time.Second)
	empty := fill(t, disk)
	time.Sleep(2 * time.Second) // a measurement of the space serves for one
	slowest, refused := time.Duration(0), 0
	for until := time.Now().Add(8 * time.Second); time.Now().Before(until); time.Sleep(100 * time.Millisecond) {
		begun := time.Now()
		status, answer := p.post(t, "full.pdf", l.docs[0].variant(int(l.n.Add(1))))
		slowest = max(slowest, time.Since(begun))
		if status != http.StatusInsufficientStorage || answer["remedy"] == "" {
			t.Errorf("on a full disk: %d %v", status, answer)
		}
		refused++
	}
	if slowest > 2*time.Second {
		t.Errorf("a refusal took %v", slowest)
	}
	empty()
	freed := time.Now()
	id, at := l.send(t.Context(), 0)
	back := at.Sub(freed)
	stop()
	busy.Wait()
	ids = append(ids, id)
	visible := func(id string) bool {
		var f map[string]any
		return p.get(t, "/api/v1/reports/"+id, &f) == http.StatusOK && f["state"] == "visible"
	}
	for until := time.Now().Add(time.Minute); time.Now().Before(until) && slices.ContainsFunc(ids, func(id string) bool { return !visible(id) }); {
		time.Sleep(time.Second)
	}
	if slices.ContainsFunc(ids, func(id string) bool { return !visible(id) }) {
		// The engine may finish a part without what it could not write. Everything is in the ledger.
		t.Log("the engine's store is damaged: soket rebuild")
		if err := p.stop(t, syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		out, err := exec.CommandContext(t.Context(), bin(t), "rebuild", "--data", disk).CombinedOutput()
		t.Logf("%v %.600s", err, out)
		p = launch(t, "up", "--demo", "--data", disk, "--listen", "127.0.0.1:0", "--log-level", "warn")
	}
	for _, id := range ids {
		if f := p.settled(t, id); f["state"] != "visible" {
			t.Errorf("%s ends as %v %v", id, f["state"], f["reason"])
		}
	}
	t.Logf("%d refused, slowest %v; accepted again after %v, all %d visible after %v", refused, slowest.Round(time.Millisecond), back.Round(time.Millisecond), len(ids), time.Since(freed).Round(time.Millisecond))
	if back > time.Minute {
		t.Errorf("accepted again only after %v", back)
	}
}

// TestChaosFullDisk fills the disk of one store, away from the others, to the last byte under load,
// and frees it: nothing accepted is lost, and all goes on within 60 s.
func TestChaosFullDisk(t *testing.T) {
	root := must(filepath.Abs("../.."))
	truths := chaosTruths(t, root)
	for _, which := range []string{"nats", "engine"} {
		t.Run(which, func(t *testing.T) {
			disk := smallDisk(t, 400)
			at := site{nats: disk}
			if which == "engine" {
				at = site{engine: disk}
			}
			h := bringUp(t, root, at)
			c := &chaosRun{t: t, web: h.web, engine: h.engine, truths: truths, acks: map[string]extract.Filing{}}
			stop := c.begin(h.ctx)
			time.Sleep(3 * time.Second)
			empty := fill(t, disk)
			time.Sleep(3 * time.Second)
			stopAsking := make(chan struct{})
			go func() { time.Sleep(8 * time.Second); close(stopAsking) }()
			yes, no, slowest := 0, map[int]int{}, time.Duration(0)
			for n := 0; ; n++ {
				select {
				case <-stopAsking:
				default:
					q := url.Values{"name": {"full.pdf"}, "body": {"Sở Mẫu"}, "period": {"2023"}}
					begun := time.Now()
					name := fmt.Sprintf("t0-n%d%s", 1000000+n, truths[0].ext)
					q.Set("name", name)
					res, err := brief.Post(h.web+"/api/v1/reports?"+q.Encode(), "application/octet-stream", strings.NewReader(string(truths[0].variant(1000000+n))))
					if err != nil {
						t.Errorf("no answer within 5 s: %v", err)
						no[0]++
						continue
					}
					raw, _ := io.ReadAll(res.Body)
					res.Body.Close()
					slowest = max(slowest, time.Since(begun))
					if res.StatusCode == http.StatusAccepted {
						yes++
						c.accepted(name, raw)
					} else {
						no[res.StatusCode]++
					}
					time.Sleep(100 * time.Millisecond)
					continue
				}
				break
			}
			t.Logf("full: %d accepted, refused %v (0: no answer within 5 s), slowest answer %v", yes, no, slowest)
			if which == "nats" && len(no) == 0 {
				t.Error("nothing was refused")
			}
			if slowest > 2*time.Second {
				t.Errorf("an answer took %v", slowest)
			}
			empty()
			freed := time.Now()
			c.upload(2000000 * len(truths)) // until it is accepted
			back := time.Since(freed)
			stop()
			inbox := openInbox(t, h.nats)
			defer inbox.Close()
			depth := 1
			for until := time.Now().Add(time.Minute); time.Now().Before(until) && depth > 0; time.Sleep(time.Second) {
				depth, _ = inbox.Queue()
			}
			if depth > 0 { // the engine may finish a part without what it could not write
				out, err := exec.CommandContext(t.Context(), filepath.Join(root, "bin", "soket"), "rebuild", "--nats", h.nats, "--clickhouse", h.engine, "--data", t.TempDir()).CombinedOutput()
				t.Logf("the engine's store is damaged: soket rebuild: %v %.600s", err, out)
				waitUntil(t, "the queue to drain", func() bool { depth, _ := inbox.Queue(); return depth == 0 })
			}
			t.Logf("accepted again after %v, all %d settled after %v", back.Round(time.Millisecond), len(c.acks), time.Since(freed).Round(time.Millisecond))
			if back > time.Minute {
				t.Errorf("accepted again only after %v", back)
			}
			c.check(inbox, h.db)
		})
	}
}

var brief = &http.Client{Timeout: 5 * time.Second}

// TestChaosBackup takes a backup under load, destroys both stores, restores, and holds that all that
// was accepted before the backup is there, and that a rebuild gives the same checksum.
func TestChaosBackup(t *testing.T) {
	root := must(filepath.Abs("../.."))
	h := bringUp(t, root, site{})
	c := &chaosRun{t: t, web: h.web, engine: h.engine, truths: chaosTruths(t, root), acks: map[string]extract.Filing{}}
	stop := c.begin(h.ctx)
	time.Sleep(15 * time.Second)
	c.mu.Lock()
	before := make([]string, 0, len(c.acks))
	for _, f := range c.acks {
		before = append(before, f.ID)
	}
	c.mu.Unlock()
	soket := filepath.Join(root, "bin", "soket")
	file, data := filepath.Join(t.TempDir(), "soket.tar"), t.TempDir()
	do := func(args ...string) {
		begun := time.Now()
		if out, err := exec.CommandContext(t.Context(), soket, args...).CombinedOutput(); err != nil {
			t.Fatalf("soket %v: %v\n%s", args, err, out)
		}
		t.Logf("soket %s: %v", args[0], time.Since(begun).Round(time.Millisecond))
	}
	do("backup", "--nats", h.nats, file)
	stop()
	h.end() // and both stores with it: what follows begins from the file alone
	do("restore", "--data", data, file)
	p := launch(t, "up", "--demo", "--data", data, "--listen", "127.0.0.1:0", "--log-level", "warn")
	for _, id := range before {
		if f := p.settled(t, id); f["state"] != "visible" {
			t.Errorf("%s ends as %v", id, f["state"])
		}
	}
	if err := p.stop(t, syscall.SIGTERM); err != nil {
		t.Error(err)
	}
	do("rebuild", "--data", data) // fails when the checksums differ
	t.Logf("%d accepted before the backup, all visible after the restore", len(before))
}
