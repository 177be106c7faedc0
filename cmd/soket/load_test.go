//go:build chaos

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"soket/extract"
	"soket/extract/indicator"
)

// make load: what this machine carries, as a table on standard output. No figure is held: machines
// differ. SOKET_LOAD_SECONDS is how long the sustained part takes (120).

func loadRow(what, format string, args ...any) {
	fmt.Printf("| %s | %s |\n", what, fmt.Sprintf(format, args...))
}

// typicalReports are a PDF of five pages, put together from the samples, and a workbook of 500 rows.
func typicalReports(t *testing.T, root string) []chaosTruth {
	dir := t.TempDir()
	pdf, book := filepath.Join(dir, "five.pdf"), filepath.Join(dir, "rows.xlsx")
	samples := filepath.Join(root, "samples")
	out, err := exec.Command("qpdf", "--empty", "--pages", filepath.Join(samples, "Mẫu-Sơn-Trà-2023-cả-năm.pdf"), "1-3",
		filepath.Join(samples, "Mẫu-Bạch-Sơn-2020-cả-năm.pdf"), "1-2", "--", pdf).CombinedOutput()
	if err != nil {
		t.Fatalf("qpdf: %v %s", err, out)
	}
	catalogue, err := indicator.Load()
	if err != nil {
		t.Fatal(err)
	}
	f := excelize.NewFile()
	defer f.Close()
	rows := [][]any{{"UBND THÀNH PHỐ HẢI VÂN"}, {"SỞ KHOA HỌC VÀ CÔNG NGHỆ"}, {"KẾT QUẢ HOẠT ĐỘNG KHOA HỌC VÀ CÔNG NGHỆ NĂM 2023"},
		{"TT", "Chỉ tiêu", "Đơn vị tính", "Kế hoạch năm 2023", "Thực hiện năm 2023", "Thực hiện năm 2022"}}
	all := catalogue.All()
	for n := 1; len(rows) < 500; n++ {
		x := all[n%len(all)]
		rows = append(rows, []any{n, x.VI, x.Unit, n + 10, n + 7, n + 3})
	}
	for i, row := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.SaveAs(book); err != nil {
		t.Fatal(err)
	}
	truths := []chaosTruth{truthOf(t, root, pdf), truthOf(t, root, book)}
	loadRow("typical reports", "PDF %d KiB, %d pages, %d facts; workbook %d KiB, 500 rows, %d facts",
		len(truths[0].data)>>10, truths[0].pages, truths[0].facts, len(truths[1].data)>>10, truths[1].facts)
	return truths
}

// loader sends reports to a page and notes when each is told to be visible.
type loader struct {
	t       *testing.T
	page    string
	docs    []chaosTruth
	client  *http.Client
	n       atomic.Int64
	mayFail bool // others than ours are sent too

	mu    sync.Mutex
	seen  map[string]time.Time // visible, by id
	moved chan struct{}
}

func newLoader(t *testing.T, page string, docs []chaosTruth) *loader {
	l := &loader{t: t, page: page, docs: docs, seen: map[string]time.Time{}, moved: make(chan struct{}),
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}, Timeout: 2 * time.Minute}}
	res, err := l.client.Transport.RoundTrip(must(http.NewRequestWithContext(t.Context(), http.MethodGet, page+"/api/v1/events", nil)))
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		defer res.Body.Close()
		for lines := bufio.NewScanner(res.Body); lines.Scan(); {
			var p extract.Progress
			data, ok := strings.CutPrefix(lines.Text(), "data: ")
			if !ok || json.Unmarshal([]byte(data), &p) != nil {
				continue
			}
			switch p.State {
			case extract.Failed, extract.Waiting:
				if !l.mayFail {
					t.Errorf("%s ends as %s %s", p.ID, p.State, p.Code)
				}
				fallthrough
			case extract.Visible:
				l.mu.Lock()
				if _, ok := l.seen[p.ID]; !ok {
					l.seen[p.ID] = time.Now()
					close(l.moved)
					l.moved = make(chan struct{})
				}
				l.mu.Unlock()
			}
		}
	}()
	return l
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// send uploads a variant of a document; at is the instant of the answer. It tries again while the
// server is away.
func (l *loader) send(ctx context.Context, doc int) (id string, at time.Time) {
	n := int(l.n.Add(1))
	truth := l.docs[doc]
	q := url.Values{"name": {fmt.Sprintf("t%d-n%d%s", doc, n, truth.ext)}, "body": {"Sở Mẫu"}, "period": {"2023"}}
	data := truth.variant(n)
	for ctx.Err() == nil {
		req := must(http.NewRequestWithContext(ctx, http.MethodPost, l.page+"/api/v1/reports?"+q.Encode(), bytes.NewReader(data)))
		req.Header.Set("Content-Type", "application/octet-stream")
		res, err := l.client.Do(req)
		if err == nil {
			raw, err := io.ReadAll(res.Body)
			res.Body.Close()
			var f extract.Filing
			if err == nil && res.StatusCode == http.StatusAccepted && json.Unmarshal(raw, &f) == nil {
				return f.ID, time.Now()
			}
			if res.StatusCode < 500 && res.StatusCode != http.StatusTooManyRequests {
				l.t.Errorf("%d %s", res.StatusCode, raw)
				return "", time.Time{}
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	return "", time.Time{}
}

// visible waits until a report is, and gives the instant.
func (l *loader) visible(ctx context.Context, id string) time.Time {
	for {
		l.mu.Lock()
		at, ok := l.seen[id]
		moved := l.moved
		l.mu.Unlock()
		if ok || ctx.Err() != nil {
			return at
		}
		select {
		case <-moved:
		case <-ctx.Done():
		}
	}
}

// latencies are times from the answer 202 to visible.
type latencies struct {
	mu   sync.Mutex
	took []time.Duration
}

func (l *latencies) add(d time.Duration) {
	l.mu.Lock()
	l.took = append(l.took, max(d, 0))
	l.mu.Unlock()
}

func (l *latencies) String() string {
	slices.Sort(l.took)
	n := len(l.took)
	if n == 0 {
		return "none"
	}
	ms := func(d time.Duration) time.Duration { return d.Round(time.Millisecond) }
	return fmt.Sprintf("p50 %v, p99 %v, longest %v (%d reports)", ms(l.took[n/2]), ms(l.took[n*99/100]), ms(l.took[n-1]), n)
}

func TestLoad(t *testing.T) {
	root := must(filepath.Abs("../.."))
	fmt.Println("| what | figures |\n|---|---|")
	docs := typicalReports(t, root)
	p := launch(t, "up", "--demo", "--data", t.TempDir(), "--listen", "127.0.0.1:0", "--log-level", "warn")
	l := newLoader(t, p.page, docs)
	names := []string{"5-page PDF", "500-row workbook"}
	for range 4 { // warm
		id, _ := l.send(t.Context(), 0)
		l.visible(t.Context(), id)
	}
	t.Run("latency", func(t *testing.T) { l.latency(names) })
	t.Run("sustained", func(t *testing.T) { l.sustained(p, names) })
	t.Run("slow", func(t *testing.T) { slowConnections(t, p) })
}

func (l *loader) latency(names []string) {
	t := l.t
	for doc, name := range names {
		var took latencies
		for range 40 {
			id, at := l.send(t.Context(), doc)
			took.add(l.visible(t.Context(), id).Sub(at))
		}
		loadRow("accepted to visible, "+name+", one at a time", "%s", &took)
	}
	for doc, name := range names {
		var took latencies
		var wg sync.WaitGroup
		begun := time.Now()
		for range 50 {
			wg.Go(func() {
				id, at := l.send(t.Context(), doc)
				took.add(l.visible(t.Context(), id).Sub(at))
			})
		}
		wg.Wait()
		loadRow("accepted to visible, "+name+", 50 at once", "%s; all after %v", &took, time.Since(begun).Round(10*time.Millisecond))
	}
}

// full sends as fast as it goes, never with more than 64 waiting to be read, documents in turn.
func (l *loader) full(p *program, what string, span time.Duration, docs ...int) (rate float64) {
	t := l.t
	ctx, stop := context.WithCancel(t.Context())
	var done atomic.Int64
	var wg sync.WaitGroup
	cpu := cores(p)
	begun := time.Now()
	for k := range 64 {
		wg.Go(func() {
			for i := k; ctx.Err() == nil; i++ {
				id, _ := l.send(ctx, docs[i%len(docs)])
				if id == "" || l.visible(ctx, id).IsZero() {
					return
				}
				done.Add(1)
			}
		})
	}
	time.Sleep(span)
	rate = float64(done.Load()) / time.Since(begun).Seconds()
	taken := cpu()
	stop()
	wg.Wait()
	loadRow("sustained from upload to visible, "+what, "%.1f reports a second over %v; %s", rate, span, taken)
	l.drain(p)
	return rate
}

func (l *loader) sustained(p *program, names []string) {
	t := l.t
	span := time.Duration(chaosNumber("SOKET_LOAD_SECONDS", 120)) * time.Second
	for doc, name := range names {
		l.full(p, name+" alone", min(span/4, time.Minute), doc)
	}
	rate := l.full(p, "one and the other in turn", span, 0, 1)

	// Arrivals at an even pace, whether or not the earlier ones are read.
	span = min(span/2, 2*time.Minute)
	pace := time.Duration(float64(time.Second) / (0.7 * rate))
	var took latencies
	var wg sync.WaitGroup
	ctx, stop := context.WithTimeout(t.Context(), span)
	tick := time.NewTicker(pace)
	for i := 0; ctx.Err() == nil; i++ {
		select {
		case <-tick.C:
			wg.Go(func() {
				id, at := l.send(t.Context(), i%2)
				took.add(l.visible(t.Context(), id).Sub(at))
			})
		case <-ctx.Done():
		}
	}
	stop()
	wg.Wait()
	tick.Stop()
	loadRow(fmt.Sprintf("accepted to visible at 70%% of that (%.1f a second, %v)", 0.7*rate, span), "%s", &took)
}

// drain waits until nothing is queued.
func (l *loader) drain(p *program) {
	for {
		var list struct {
			Reports []struct{ State string } `json:"reports"`
		}
		p.get(l.t, "/api/v1/reports?state=accepted&limit=1", &list)
		if len(list.Reports) == 0 {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// cpuOf is the processor time that a process took, and what the children took that it waited for.
func cpuOf(pid int) (own, waited time.Duration) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, 0
	}
	f := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	ticks := func(i int) time.Duration {
		n, _ := strconv.Atoi(f[i])
		return time.Duration(n) * 10 * time.Millisecond // a tick is 1/100 s
	}
	return ticks(11) + ticks(12), ticks(13) + ticks(14)
}

// busy is the processor time that all of the machine took.
func busy() time.Duration {
	stat, _ := os.ReadFile("/proc/stat")
	line, _, _ := strings.Cut(string(stat), "\n")
	ticks := 0
	for i, x := range strings.Fields(line) {
		if n, err := strconv.Atoi(x); err == nil && i != 4 && i != 5 && i < 9 { // not idle, nor waiting for the disk
			ticks += n
		}
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}

// cores tells where the processor time of a span goes: program, readers, engine, and this test.
func cores(p *program) func() string {
	engine := 0
	children, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", p.cmd.Process.Pid))
	for _, path := range children {
		list, _ := os.ReadFile(path)
		for _, child := range strings.Fields(string(list)) {
			line, _ := os.ReadFile("/proc/" + child + "/cmdline")
			if bytes.Contains(line, []byte("\x00engine\x00")) {
				engine, _ = strconv.Atoi(child)
			}
		}
	}
	take := func() [5]time.Duration {
		program, readers := cpuOf(p.cmd.Process.Pid)
		served, _ := cpuOf(engine)
		sender, _ := cpuOf(os.Getpid())
		return [5]time.Duration{program, readers, served, sender, busy() - program - readers - served - sender}
	}
	begun, before := time.Now(), take()
	return func() string {
		var text []string
		for i, now := range take() {
			text = append(text, fmt.Sprintf("%s %.2f", []string{"program", "readers", "engine", "sender", "others on this machine"}[i], float64(now-before[i])/float64(time.Since(begun))))
		}
		return "cores taken: " + strings.Join(text, ", ")
	}
}

// slowConnections holds 2,000 connections that send a byte now and then, and asks for pages beside.
func slowConnections(t *testing.T, p *program) {
	address := strings.TrimPrefix(p.page, "http://")
	var conns []net.Conn
	for range 2000 {
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Errorf("slow connection %d: %v", len(conns), err)
			break
		}
		defer c.Close()
		fmt.Fprintf(c, "POST /api/v1/reports?name=slow%d.pdf HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n%%PDF-", len(conns))
		conns = append(conns, c)
	}
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	go func() {
		for ctx.Err() == nil {
			for _, c := range conns {
				c.Write([]byte("x"))
			}
			time.Sleep(time.Second)
		}
	}()
	var took latencies
	for ctx.Err() == nil {
		begun := time.Now()
		res, err := http.Get(p.page + "/api/v1/reports?limit=20")
		if err != nil {
			t.Error(err)
			return
		}
		io.Copy(io.Discard, res.Body)
		res.Body.Close()
		if res.StatusCode != http.StatusOK {
			t.Errorf("list beside slow connections: %d", res.StatusCode)
		}
		took.add(time.Since(begun))
		time.Sleep(20 * time.Millisecond)
	}
	took.mu.Lock()
	defer took.mu.Unlock()
	loadRow(fmt.Sprintf("list of reports beside %d slow uploads", len(conns)), "%s", strings.Replace(took.String(), "reports", "requests", 1))
}

// TestLoadAndKills sends 1,000 typical reports while a worker is killed with -9 every few seconds,
// and makes ClickHouse anew from them.
func TestLoadAndKills(t *testing.T) {
	root := must(filepath.Abs("../.."))
	fmt.Println("| what | figures |\n|---|---|")
	docs := typicalReports(t, root)
	h := bringUp(t, root, site{})
	c := &chaosRun{t: t, web: h.web, engine: h.engine, truths: docs, acks: map[string]extract.Filing{}}
	uploads := chaosNumber("SOKET_LOAD_UPLOADS", 1000)
	ctx, stop := context.WithCancel(h.ctx)
	killed := make(chan int)
	go func() {
		n := 0
		for ; ctx.Err() == nil; n++ {
			select {
			case <-ctx.Done():
			case <-time.After(3 * time.Second):
				h.parts[2+n%2].signal(syscall.SIGKILL)
			}
		}
		killed <- n - 1
	}()
	begun := time.Now()
	var wg sync.WaitGroup
	for k := range 4 {
		wg.Go(func() {
			for n := k; n < uploads; n += 4 {
				c.upload(n)
			}
		})
	}
	wg.Wait()
	sent := time.Since(begun)
	inbox := h.drained(t)
	defer inbox.Close()
	stop()
	kills := <-killed
	all := time.Since(begun)
	h.still(t)
	lost, doubled := c.check(inbox, h.db)
	loadRow(fmt.Sprintf("%d uploads, a worker killed with -9 every 3 s", uploads), "%d accepted in %v, all committed after %v, %d kills, %d lost, %d doubled",
		len(c.acks), sent.Round(time.Second), all.Round(time.Second), kills, lost, doubled)

	begun = time.Now()
	cmd := exec.CommandContext(t.Context(), filepath.Join(root, "bin", "soket"), "rebuild", "--nats", h.nats, "--clickhouse", h.engine, "--data", t.TempDir())
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("rebuild: %v %s", err, out)
	}
	took := time.Since(begun)
	loadRow(fmt.Sprintf("soket rebuild of %d reports", len(c.acks)), "%v, %.1f a second, checksums equal: %v", took.Round(100*time.Millisecond), float64(len(c.acks))/took.Seconds(), err == nil)
}

// TestLoadIntake is the intake alone: no report is read. None of many and large uploads fails but for
// 429 and 503, and the web process stays small.
func TestLoadIntake(t *testing.T) {
	root := must(filepath.Abs("../.."))
	fmt.Println("| what | figures |\n|---|---|")
	docs := typicalReports(t, root)
	h := bringUp(t, root, site{})
	for _, p := range h.parts[2:4] {
		p.mu.Lock()
		p.cmd = func() *exec.Cmd { return exec.Command("sleep", "3600") }
		p.mu.Unlock()
		p.signal(syscall.SIGKILL)
	}
	web := h.parts[4]
	l := newLoader(t, h.web, docs)
	var wg sync.WaitGroup
	var accepted atomic.Int32
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	begun := time.Now()
	for k := range 16 {
		wg.Go(func() {
			for i := k; ctx.Err() == nil; i++ {
				if id, _ := l.send(ctx, i%2); id != "" {
					accepted.Add(1)
				}
			}
		})
	}
	wg.Wait()
	stop()
	loadRow("intake alone over HTTP, typical reports, 16 senders, every write synced", "%.0f uploads a second over %v", float64(accepted.Load())/time.Since(begun).Seconds(), time.Since(begun).Round(time.Second))
	for _, c := range []struct{ n, mib int }{{1, 200}, {256, 2}, {32, 200}} {
		var accepted, refused atomic.Int32
		begun := time.Now()
		for i := range c.n {
			wg.Go(func() {
				name := fmt.Sprintf("large-%d-%d-%d.pdf", c.n, c.mib, i)
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
		peak := statusKiB(web.run.Process.Pid, "VmHWM") >> 10
		loadRow(fmt.Sprintf("%d × %d MiB at once", c.n, c.mib), "%d accepted, %d refused in %v; web took at most %d MiB so far",
			accepted.Load(), refused.Load(), time.Since(begun).Round(10*time.Millisecond), peak)
		if peak > 256 {
			t.Errorf("web took %d MiB", peak)
		}
	}
}

// statusKiB reads a line such as VmRSS of a process.
func statusKiB(pid int, name string) (kib int) {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	for _, line := range strings.Split(string(status), "\n") {
		if rest, ok := strings.CutPrefix(line, name+":"); ok {
			_, _ = fmt.Sscanf(rest, "%d kB", &kib)
		}
	}
	return kib
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }
