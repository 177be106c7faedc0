//go:build chaos

package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"soket/analytics"
	"soket/extract"
	"soket/extract/sandbox"
	"soket/ingest"
)

// make chaos: the whole program as separate processes under load, killed with -9 at random instants
// of a seed, while the views are watched; at the end nothing is lost, doubled or half there.
//
//	SOKET_CHAOS_SEED    replays a run (1)
//	SOKET_CHAOS_KILLS   how many kills (40)

// The NATS server of the harness is this test binary, started anew with a role.
func init() {
	if os.Getenv("SOKET_CHAOS_ROLE") != "nats" {
		return
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	s, err := ingest.Start(context.Background(), os.Getenv("SOKET_CHAOS_DIR"), ingest.ServerOptions{Listen: os.Getenv("SOKET_CHAOS_LISTEN"), Bytes: 16 << 30, Log: log})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	<-stop
	s.Stop()
	os.Exit(0)
}

func chaosNumber(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return otherwise
}

// part is one process of the program, started again when it dies.
type chaosPart struct {
	name string
	cmd  func() *exec.Cmd
	log  *os.File
	mu   sync.Mutex
	run  *exec.Cmd
	gone chan struct{}
}

func (p *chaosPart) start(t *testing.T) {
	cmd := p.cmd()
	cmd.Stdout, cmd.Stderr = p.log, p.log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		t.Errorf("%s: %v", p.name, err)
		return
	}
	gone := make(chan struct{})
	go func() { _ = cmd.Wait(); close(gone) }()
	p.mu.Lock()
	p.run, p.gone = cmd, gone
	p.mu.Unlock()
}

func (p *chaosPart) signal(s syscall.Signal) {
	p.mu.Lock()
	cmd, gone := p.run, p.gone
	p.mu.Unlock()
	_ = syscall.Kill(-cmd.Process.Pid, s)
	<-gone
}

// watch starts the process anew when it ended by itself, as a supervisor does.
func (p *chaosPart) watch(ctx context.Context, t *testing.T) {
	for ctx.Err() == nil {
		p.mu.Lock()
		gone := p.gone
		p.mu.Unlock()
		select {
		case <-gone:
			time.Sleep(100 * time.Millisecond)
			if ctx.Err() == nil {
				p.start(t)
			}
		case <-ctx.Done():
		}
	}
}

func freePort(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// chaosTruth is what a fresh extraction of a file finds.
type chaosTruth struct {
	data  []byte
	ext   string
	pages uint64
	facts uint64
	sum   float64
}

// variant gives a file with the same content and other bytes.
func (c chaosTruth) variant(n int) []byte {
	note := fmt.Sprintf("%% %d", n)
	if c.ext == ".pdf" {
		return append(bytes.Clone(c.data), "\n"+note+"\n"...)
	}
	out := bytes.Clone(c.data) // a zip's comment
	binary.LittleEndian.PutUint16(out[len(out)-2:], uint16(len(note)))
	return append(out, note...)
}

func TestChaos(t *testing.T) {
	seed, kills := uint64(chaosNumber("SOKET_CHAOS_SEED", 1)), chaosNumber("SOKET_CHAOS_KILLS", 40)
	t.Logf("SOKET_CHAOS_SEED=%d SOKET_CHAOS_KILLS=%d", seed, kills)
	r := rand.New(rand.NewPCG(seed, seed))
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	truths := chaosTruths(t, root)
	h := bringUp(t, root)
	parts := h.parts

	c := &chaosRun{t: t, web: h.web, engine: h.engine, truths: truths, acks: map[string]extract.Filing{}}
	load, unload := context.WithCancel(h.ctx)
	var busy sync.WaitGroup
	for k := range 4 {
		busy.Go(func() { c.send(load, k) })
	}
	looked := make(chan struct{})
	look, blind := context.WithCancel(h.ctx)
	go func() { c.look(look); close(looked) }()
	begun := time.Now()
	for range kills {
		time.Sleep(time.Duration(100+r.IntN(900)) * time.Millisecond)
		p := parts[r.IntN(len(parts))]
		p.signal(syscall.SIGKILL) // its supervisor starts it again
		c.killed.Add(1)
	}
	unload()
	busy.Wait()
	t.Logf("load ended after %v: %d accepted, %d kills", time.Since(begun).Round(time.Second), len(c.acks), c.killed.Load())

	inbox := openInbox(t, h.nats)
	defer inbox.Close()
	waitUntil(t, "the queue to drain", func() bool { depth, _ := inbox.Queue(); return depth == 0 })
	t.Logf("drained after %v", time.Since(begun).Round(time.Second))
	blind()
	<-looked
	c.check(inbox, h.db)
	t.Logf("looked %d times", c.looks.Load())
}

// harness is the program as separate processes.
type harness struct {
	ctx               context.Context
	nats, engine, web string
	parts             []*chaosPart
	db                *analytics.DB
}

func bringUp(t *testing.T, root string) *harness {
	bin := filepath.Join(root, "bin", "soket")
	dir := t.TempDir()
	natsAt, engineAt, webAt := freePort(t), freePort(t), freePort(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	env := append(os.Environ(), "SOKET_NATS=nats://"+natsAt, "SOKET_CLICKHOUSE=http://"+engineAt)
	part := func(name string, args ...string) *chaosPart {
		log, err := os.Create(filepath.Join(dir, name+".log"))
		if err != nil {
			t.Fatal(err)
		}
		return &chaosPart{name: name, log: log, cmd: func() *exec.Cmd {
			cmd := exec.Command(bin, args...)
			cmd.Env = env
			return cmd
		}}
	}
	nats := part("nats")
	nats.cmd = func() *exec.Cmd {
		cmd := exec.Command(self)
		cmd.Env = append(os.Environ(), "SOKET_CHAOS_ROLE=nats", "SOKET_CHAOS_DIR="+dir+"/nats", "SOKET_CHAOS_LISTEN="+natsAt)
		return cmd
	}
	parts := []*chaosPart{
		nats,
		part("engine", "engine", "--data", dir+"/engine", "--engine-listen", engineAt),
		part("worker1", "worker", "--data", dir+"/worker1", "--workers", "1"),
		part("worker2", "worker", "--data", dir+"/worker2", "--workers", "1"),
		part("web", "web", "--demo", "--data", dir+"/web", "--listen", webAt),
	}
	t.Cleanup(func() {
		if t.Failed() {
			for _, p := range parts {
				log, _ := os.ReadFile(p.log.Name())
				t.Logf("== %s\n%s", p.name, log[max(0, len(log)-4000):])
			}
		}
	})
	ctx, stop := context.WithCancel(context.Background())
	var supervised sync.WaitGroup
	t.Cleanup(func() { stop(); supervised.Wait() })
	db, err := analytics.Open("http://" + engineAt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	for i, p := range parts {
		p.start(t)
		t.Cleanup(func() { stop(); supervised.Wait(); p.signal(syscall.SIGKILL) })
		supervised.Go(func() { p.watch(ctx, t) })
		switch i {
		case 1:
			waitUntil(t, "the engine", func() bool { return answers("http://" + engineAt + "/?query=SELECT+1") })
			if err := db.Migrate(ctx, func(string) {}); err != nil {
				t.Fatal(err)
			}
		case 4:
			waitUntil(t, "the pages", func() bool { return answers("http://" + webAt + "/readyz") })
		}
	}
	return &harness{ctx: ctx, nats: "nats://" + natsAt, engine: "http://" + engineAt, web: "http://" + webAt, parts: parts, db: db}
}

func openInbox(t *testing.T, url string) *ingest.Inbox {
	for range 50 {
		inbox, err := ingest.Open(t.Context(), ingest.Options{URL: url, Dir: t.TempDir()})
		if err == nil {
			return inbox
		}
		time.Sleep(200 * time.Millisecond)
	}
	t.Fatal("NATS does not come back")
	return nil
}

// waitUntil waits as long as the test's own deadline allows.
func waitUntil(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for !ok() {
		if t.Context().Err() != nil {
			t.Fatalf("%s: never", what)
		}
		time.Sleep(100 * time.Millisecond)
	}
}

func answers(url string) bool {
	res, err := http.Get(url)
	if err != nil {
		return false
	}
	res.Body.Close()
	return res.StatusCode == http.StatusOK
}

// chaosTruths reads the samples with the sandbox of this build.
func chaosTruths(t *testing.T, root string) []chaosTruth {
	reader := sandbox.Reader{Extractor: filepath.Join(root, "bin", "extractor"), Pdfium: filepath.Join(root, "bin", "pdfium")}
	var out []chaosTruth
	for _, pattern := range []string{"*2023*.pdf", "*.xlsx"} {
		paths, err := filepath.Glob(filepath.Join(root, "samples", pattern))
		if err != nil || len(paths) == 0 {
			t.Fatalf("no samples: %v", err)
		}
		for _, path := range paths[:min(2, len(paths))] {
			rep, err := reader.Read(t.Context(), path, filepath.Base(path), "2023", func(extract.Progress) {})
			if err != nil {
				t.Logf("%s: %v", filepath.Base(path), err)
				continue
			}
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			c := chaosTruth{data: data, ext: filepath.Ext(path), pages: uint64(len(rep.Pages)), facts: uint64(len(rep.Facts))}
			for _, f := range rep.Facts {
				c.sum += f.Value
			}
			out = append(out, c)
		}
	}
	if len(out) == 0 {
		t.Fatal("no sample can be read")
	}
	return out
}

type chaosRun struct {
	t           *testing.T
	web, engine string
	truths      []chaosTruth
	mu          sync.Mutex
	acks        map[string]extract.Filing
	killed      atomic.Int32
	looks       atomic.Int32
	half        atomic.Int32
}

// send uploads one report after the other, each until it is accepted, as a careful sender does.
func (c *chaosRun) send(ctx context.Context, k int) {
	client := &http.Client{Timeout: 30 * time.Second}
	for n := k; ctx.Err() == nil; n += 4 {
		select { // about as many as two cores read
		case <-ctx.Done():
		case <-time.After(250 * time.Millisecond):
		}
		truth := n % len(c.truths)
		name := fmt.Sprintf("t%d-n%d%s", truth, n, c.truths[truth].ext)
		data := c.truths[truth].variant(n)
		q := url.Values{"name": {name}, "body": {"Sở Mẫu"}, "period": {"2023"}}
		for { // also past ctx: what was begun is brought to an answer
			req, err := http.NewRequest(http.MethodPost, c.web+"/api/v1/reports?"+q.Encode(), bytes.NewReader(data))
			if err != nil {
				c.t.Error(err)
				return
			}
			req.Header.Set("Idempotency-Key", name)
			req.Header.Set("Content-Type", "application/octet-stream")
			res, err := client.Do(req)
			if err != nil {
				time.Sleep(100 * time.Millisecond)
				continue
			}
			body, err := io.ReadAll(res.Body)
			res.Body.Close()
			if err == nil && res.StatusCode == http.StatusAccepted {
				var f extract.Filing
				if err := json.Unmarshal(body, &f); err != nil {
					c.t.Errorf("%s: %v: %s", name, err, body)
					return
				}
				c.mu.Lock()
				c.acks[name] = f
				c.mu.Unlock()
				break
			}
			if err == nil && res.StatusCode < 500 && res.StatusCode != http.StatusTooManyRequests {
				c.t.Errorf("%s: %d %s", name, res.StatusCode, body)
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
	}
}

// shownSQL gives what the views show of each report.
const shownSQL = `SELECT r.file_name AS name, toString(r.report_id) AS id, f.n AS facts, f.total AS total, p.n AS pages FROM reports AS r
LEFT JOIN (SELECT report_id, count() AS n, sum(value) AS total FROM facts GROUP BY report_id) AS f ON f.report_id = r.report_id
LEFT JOIN (SELECT report_id, count() AS n FROM pages GROUP BY report_id) AS p ON p.report_id = r.report_id
FORMAT JSONEachRow`

type shownRow struct {
	Name, ID     string
	Facts, Pages json.Number
	Total        float64
}

func (c *chaosRun) shown(ctx context.Context) ([]shownRow, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.engine+"/?database=soket", strings.NewReader(shownSQL))
	if err != nil {
		return nil, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(res.Body)
		return nil, fmt.Errorf("%s: %s", res.Status, text)
	}
	var rows []shownRow
	for d := json.NewDecoder(res.Body); ; {
		var row shownRow
		if err := d.Decode(&row); err == io.EOF {
			return rows, nil
		} else if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
}

// whole tells whether a report shows exactly what a fresh extraction finds.
func (c *chaosRun) whole(row shownRow) error {
	var truth, n int
	if _, err := fmt.Sscanf(row.Name, "t%d-n%d", &truth, &n); err != nil || truth >= len(c.truths) {
		return fmt.Errorf("%q is none of ours", row.Name)
	}
	want := c.truths[truth]
	if row.Facts.String() != fmt.Sprint(want.facts) || (want.ext == ".pdf" && row.Pages.String() != fmt.Sprint(want.pages)) || abs(row.Total-want.sum) > 1e-9*(1+abs(want.sum)) {
		return fmt.Errorf("%s shows %s facts of sum %v on %s pages, a fresh reading %d of %v on %d",
			row.Name, row.Facts, row.Total, row.Pages, want.facts, want.sum, want.pages)
	}
	return nil
}

func abs(x float64) float64 { return max(x, -x) }

// look reads the views every 100 ms: a report is whole in them or not there at all.
func (c *chaosRun) look(ctx context.Context) {
	for ctx.Err() == nil {
		if rows, err := c.shown(ctx); err == nil {
			c.looks.Add(1)
			for _, row := range rows {
				if err := c.whole(row); err != nil && c.half.Add(1) < 10 {
					c.t.Errorf("half there: %v", err)
				}
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// check holds I1 to I6 over all that was answered with 202.
func (c *chaosRun) check(inbox *ingest.Inbox, db *analytics.DB) {
	t := c.t
	var rows []shownRow
	waitUntil(t, "the views", func() (ok bool) {
		var err error
		rows, err = c.shown(t.Context())
		return err == nil
	})
	shown := map[string]int{}
	for _, row := range rows {
		shown[row.ID]++
		if err := c.whole(row); err != nil {
			t.Errorf("I3: %v", err)
		}
	}
	lost, doubled := 0, 0
	for name, f := range c.acks {
		now, ok := inbox.Filing(f.ID)
		if !ok {
			t.Errorf("I1: %s is not in the ledger", name)
			continue
		}
		o, _, err := inbox.Original(t.Context(), f.ID)
		if err != nil {
			t.Errorf("I1: %s: %v", name, err)
		} else {
			o.Close()
		}
		if now.State != extract.Visible {
			t.Errorf("I2: %s ends as %s %s %s", name, now.State, now.Reason, now.Detail)
		}
		switch n := shown[f.ID]; {
		case n == 0:
			lost++
		case n > 1:
			doubled++
		}
		delete(shown, f.ID)
	}
	if lost+doubled+len(shown) > 0 {
		t.Errorf("I4, I5: lost %d, doubled %d, shown and never acknowledged %d", lost, doubled, len(shown))
	}
	if err := inbox.Sweep(t.Context(), db, 0); err != nil {
		t.Errorf("I6: %v", err)
	}
	if n, err := db.Sweep(t.Context(), 0); n != 0 || err != nil {
		t.Errorf("I6: %d attempts are left after the sweep, %v", n, err)
	}
	t.Logf("accepted %d, lost %d, doubled %d, half there %d", len(c.acks), lost, doubled, c.half.Load())
}

// Many and large uploads at once: none fails but for 429 and 503, and the web process stays small.
func TestManyUploadsAtOnce(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	h := bringUp(t, root)
	for _, p := range h.parts[2:4] { // no reading: this is about the intake
		p.mu.Lock()
		p.cmd = func() *exec.Cmd { return exec.Command("sleep", "3600") }
		p.mu.Unlock()
		p.signal(syscall.SIGKILL)
	}
	web := h.parts[4]
	for _, c := range []struct{ n, mib int }{{256, 2}, {32, 200}} {
		var wg sync.WaitGroup
		var accepted, refused atomic.Int32
		begun := time.Now()
		for i := range c.n {
			wg.Go(func() {
				name := fmt.Sprintf("large-%d-%d.pdf", c.mib, i)
				body := io.LimitReader(io.MultiReader(strings.NewReader("%PDF-1.7 "+name+"\n"), zeros{}), int64(c.mib)<<20)
				res, err := http.Post(h.web+"/api/v1/reports?name="+name, "application/octet-stream", body)
				if err != nil {
					t.Errorf("%s: %v", name, err)
					return
				}
				text, _ := io.ReadAll(res.Body)
				res.Body.Close()
				switch res.StatusCode {
				case http.StatusAccepted:
					accepted.Add(1)
				case http.StatusTooManyRequests, http.StatusServiceUnavailable:
					refused.Add(1)
				default:
					t.Errorf("%s: %d %s", name, res.StatusCode, text)
				}
			})
		}
		wg.Wait()
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", web.run.Process.Pid))
		if err != nil {
			t.Fatal(err)
		}
		peak := 0
		for _, line := range strings.Split(string(status), "\n") {
			_, _ = fmt.Sscanf(line, "VmHWM: %d kB", &peak)
		}
		t.Logf("%d of %d MiB: %d accepted, %d refused in %v; web took at most %d MiB", c.n, c.mib, accepted.Load(), refused.Load(), time.Since(begun).Round(time.Millisecond), peak>>10)
		if peak > 256<<10 {
			t.Errorf("web took %d MiB", peak>>10)
		}
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }
