//go:build chaos

package main

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"soket/extract"
	"soket/ingest/ingesttest"
)

// erase deletes a report as an administrator does, until the answer says so.
func (c *chaosRun) erase(name string) {
	c.mu.Lock()
	f := c.acks[name]
	c.mu.Unlock()
	client := &http.Client{Timeout: 30 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for ; ; time.Sleep(200 * time.Millisecond) {
		res, err := client.PostForm(c.web+"/bao-cao/"+f.ID+"/xoa", url.Values{"reason": {"soak"}, "sure": {"yes"}})
		if err != nil {
			continue
		}
		res.Body.Close()
		switch res.StatusCode {
		case http.StatusSeeOther, http.StatusGone, http.StatusConflict: // done, or done by an answer that was lost
			c.mu.Lock()
			delete(c.acks, name)
			c.erased = append(c.erased, f.ID)
			c.mu.Unlock()
			return
		case http.StatusServiceUnavailable, http.StatusNotFound: // web is just up and its index behind
		default:
			c.t.Errorf("delete %s: %d", name, res.StatusCode)
			return
		}
	}
}

// burden is what a process takes.
type burden struct{ rss, files, threads, goroutines int }

func burdenOf(pid int, metrics string) (b burden) {
	b.rss, b.threads = statusKiB(pid, "VmRSS")>>10, statusKiB(pid, "Threads")
	list, _ := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	b.files = len(list)
	if metrics != "" {
		if res, err := http.Get(metrics); err == nil {
			for lines := bufio.NewScanner(res.Body); lines.Scan(); {
				if rest, ok := strings.CutPrefix(lines.Text(), "go_goroutines "); ok {
					b.goroutines, _ = strconv.Atoi(rest)
				}
			}
			res.Body.Close()
		}
	}
	return b
}

// middle is the median of one measure over a part of a run.
func middle(list []burden, of func(burden) int) int {
	var all []int
	for _, b := range list {
		all = append(all, of(b))
	}
	slices.Sort(all)
	return all[len(all)/2]
}

const (
	// rest is how long nothing is asked of the program before its memory is looked at: the collector gives
	// back to the system over minutes.
	rest = 2 * time.Minute
	// keptPerReport is what NATS may keep in memory for each report that ever came, in bytes: it knows
	// the subjects of its events, key, chunks and metadata. 730 are measured over 20,000 reports, and 1,140
	// for the two minutes in which it also keeps where in a touched block each subject stands.
	keptPerReport = 2 << 10
	// keptBesides is what it may keep besides: connections, consumers, blocks that are being written.
	keptBesides = 2 << 20
)

// TestSoak runs the program for SOKET_SOAK_MINUTES with a fault every 20 s: a worker or the engine is
// killed or stopped for a while, a link is cut, stalled, slowed or loses answers. Reports come in all
// the while and every fifth is deleted. NATS, web and the other worker are never killed: what they take
// stays flat, under load and at rest. NATS reads and writes in blocks of 8 MiB, lets go of one ten
// seconds after it was touched, and has it collected seldom where little is asked of it; so at rest its
// collector is made to run, and what then lives in its heap is held to a figure for each report. At the
// end nothing is lost, doubled or orphaned.
func TestSoak(t *testing.T) {
	root := must(filepath.Abs("../.."))
	span := time.Duration(chaosNumber("SOKET_SOAK_MINUTES", 30)) * time.Minute
	seed := uint64(chaosNumber("SOKET_CHAOS_SEED", 1))
	r := rand.New(rand.NewPCG(seed, seed))
	h := bringUp(t, root, site{links: true})
	c := &chaosRun{t: t, web: h.web, engine: h.engine, truths: chaosTruths(t, root), acks: map[string]extract.Filing{}}
	keptBefore, kept := h.kept(t), 0
	ctx, stop := context.WithTimeout(h.ctx, span)
	defer stop()
	var busy sync.WaitGroup
	for k := range 2 {
		busy.Go(func() {
			for n := k; ctx.Err() == nil; n += 2 {
				c.upload(n)
				if n%5 == 0 {
					c.erase(fmt.Sprintf("t%d-n%d%s", n%len(c.truths), n, c.truths[n%len(c.truths)].ext))
				}
				select {
				case <-ctx.Done():
				case <-time.After(time.Second):
				}
			}
		})
	}
	watched := []int{0, 3, 4} // NATS, the second worker, web
	seen := map[int][]burden{}
	faults, begun := 0, time.Now()
	nextFault := begun.Add(20 * time.Second)
	for ctx.Err() == nil {
		time.Sleep(5 * time.Second)
		for _, i := range watched {
			metrics := ""
			if i == 4 {
				metrics = h.web + "/metrics"
			}
			seen[i] = append(seen[i], burdenOf(h.parts[i].run.Process.Pid, metrics))
		}
		if time.Now().Before(nextFault) {
			continue
		}
		nextFault = nextFault.Add(20 * time.Second)
		faults++
		switch what := r.IntN(4); what {
		case 0:
			h.parts[2].signal(syscall.SIGKILL)
		case 1:
			h.parts[1].signal(syscall.SIGKILL)
		case 2: // stopped for longer than its lease lasts, now and then
			h.parts[2].mu.Lock()
			pid := h.parts[2].run.Process.Pid
			h.parts[2].mu.Unlock()
			_ = syscall.Kill(-pid, syscall.SIGSTOP)
			time.Sleep(time.Duration(1+r.IntN(18)) * time.Second)
			_ = syscall.Kill(-pid, syscall.SIGCONT)
		default:
			link := h.links[r.IntN(2)]
			link.Set(ingesttest.Faults[r.IntN(len(ingesttest.Faults))])
			time.Sleep(time.Duration(500+r.IntN(2500)) * time.Millisecond)
			link.Set(ingesttest.Pass)
		}
	}
	busy.Wait()
	inbox := h.drained(t)
	defer inbox.Close()
	lost, doubled := c.check(inbox, h.db)
	atRest := map[int]int{}
	for range rest / (5 * time.Second) {
		time.Sleep(5 * time.Second)
		kept = h.kept(t)
		for _, i := range watched {
			if now := burdenOf(h.parts[i].run.Process.Pid, "").rss; atRest[i] == 0 || now < atRest[i] {
				atRest[i] = now
			}
		}
	}
	fmt.Println("| what | figures |\n|---|---|")
	loadRow(fmt.Sprintf("soak of %v, a fault every 20 s (seed %d)", span, seed), "%d faults, %d accepted and kept, %d deleted; lost %d, doubled %d", faults, len(c.acks), len(c.erased), lost, doubled)
	reports := len(c.acks) + len(c.erased)
	loadRow("kept in the heap of NATS, before → at rest", "%d → %d KiB, %d bytes a report", keptBefore, kept, (kept-keptBefore)<<10/max(1, reports))
	if (kept-keptBefore)<<10 > keptBesides+reports*keptPerReport {
		t.Errorf("NATS keeps %d KiB, %d KiB before %d reports", kept, keptBefore, reports)
	}
	for _, i := range watched {
		list := seen[i]
		if len(list) < 8 {
			t.Fatal("too short to tell")
		}
		early, late := list[len(list)/4:len(list)/2], list[len(list)*3/4:]
		row := ""
		for _, m := range []struct {
			name string
			of   func(burden) int
			more int // that the last quarter may take beyond the second
		}{
			{"MiB", func(b burden) int { return b.rss }, 48},
			{"files", func(b burden) int { return b.files }, 24},
			{"threads", func(b burden) int { return b.threads }, 12},
			{"goroutines", func(b burden) int { return b.goroutines }, 60},
		} {
			was, is := middle(early, m.of), middle(late, m.of)
			if m.name == "goroutines" && is == 0 {
				continue
			}
			row += fmt.Sprintf("%s %d → %d, ", m.name, was, is)
			if m.name == "MiB" {
				row += fmt.Sprintf("at rest %d, ", atRest[i])
				is = max(is, atRest[i])
			}
			if is > was+was/4+m.more {
				t.Errorf("%s: %s grew from %d to %d", h.parts[i].name, m.name, was, is)
			}
		}
		loadRow(h.parts[i].name+", second quarter → last", "%s", strings.TrimSuffix(row, ", "))
	}
}

// kindOf is the ending of a hostile file's name, which begins with its kind.
func kindOf(name string) string {
	for _, kind := range []string{"pdf", "xlsx", "docx", "html", "csv", "ods", "xls", "png", "jpg", "tif"} {
		if strings.HasPrefix(name, kind) {
			return "." + kind
		}
	}
	return ""
}

// TestPoison measures how long ordinary reports take while hostile files are read, beside the same
// without them. No figure is held: machines differ.
func TestPoison(t *testing.T) {
	root := must(filepath.Abs("../.."))
	files := t.TempDir()
	write := exec.Command("go", "test", "-count=1", "-run", "^$", "./extract/sandbox")
	write.Dir, write.Env = root, append(os.Environ(), "SOKET_MAKE_HOSTILE="+files)
	if out, err := write.CombinedOutput(); err != nil {
		t.Fatalf("hostile files: %v %s", err, out)
	}
	poison := must(filepath.Glob(filepath.Join(files, "*")))
	if len(poison) < 20 {
		t.Fatalf("only %d hostile files", len(poison))
	}
	fmt.Println("| what | figures |\n|---|---|")
	docs := typicalReports(t, root)
	p := launch(t, "up", "--demo", "--data", t.TempDir(), "--listen", "127.0.0.1:0", "--log-level", "warn")
	l := newLoader(t, p.page, docs)
	l.mayFail = true
	id, _ := l.send(t.Context(), 0)
	l.visible(t.Context(), id)
	span := time.Duration(chaosNumber("SOKET_POISON_SECONDS", 60)) * time.Second
	measure := func() *latencies {
		var took latencies
		var wg sync.WaitGroup
		ctx, stop := context.WithTimeout(t.Context(), span)
		defer stop()
		for i := 0; ctx.Err() == nil; i++ {
			wg.Go(func() {
				id, at := l.send(t.Context(), i%2)
				took.add(l.visible(t.Context(), id).Sub(at))
			})
			time.Sleep(time.Second)
		}
		wg.Wait()
		slices.Sort(took.took)
		return &took
	}
	normal := measure()
	ctx, stop := context.WithCancel(t.Context())
	sent := 0
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := 0; ctx.Err() == nil; i++ {
			path := poison[i%len(poison)]
			data := must(os.ReadFile(path))
			if i >= len(poison) {
				data = append(data, fmt.Sprintf("\n%% %d\n", i)...)
			}
			res, err := http.Post(p.page+"/api/v1/reports?name="+url.QueryEscape(fmt.Sprintf("%d-%s%s", i, filepath.Base(path), kindOf(filepath.Base(path)))), "application/octet-stream", strings.NewReader(string(data)))
			if err == nil {
				res.Body.Close()
				sent++
			}
			time.Sleep(2 * time.Second)
		}
	}()
	beside := measure()
	stop()
	<-done
	at := func(l *latencies) time.Duration { return l.took[len(l.took)*95/100].Round(time.Millisecond) }
	loadRow("accepted to visible, one report a second: p95 alone, and with a hostile file every 2 s", "%v, %v: %.1f times (%d hostile files)", at(normal), at(beside), float64(at(beside))/float64(at(normal)), sent)
}
