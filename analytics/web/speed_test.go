package web_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"soket/analytics"
	"soket/analytics/analyticstest"
	"soket/analytics/web"
	"soket/extract"
	"soket/extract/document"
	"soket/extract/indicator"
)

// What the pages are measured over.
const (
	speedBodies  = 500
	speedReports = 20_000 // two a year from each body, over twenty years
	speedFacts   = 50     // in each
	speedLoaders = 64     // at once: what comes together is stored together
)

// shelf is an inbox of filings that are long settled: pages are measured here, not the way in.
type shelf struct {
	web.Inbox
	list []extract.Filing
	byID map[string]extract.Filing
}

func (s *shelf) Filing(id string) (extract.Filing, bool) { f, ok := s.byID[id]; return f, ok }
func (s *shelf) Known(string) (extract.Filing, bool)     { return extract.Filing{}, false }
func (s *shelf) Filings(q web.FilingQuery) ([]extract.Filing, string, error) {
	var list []extract.Filing
	for _, f := range s.list {
		if (q.Body == "" || q.Body == f.ReadBody) && (q.Period == "" || q.Period == f.ReadPeriod) {
			if list = append(list, f); len(list) == max(1, q.Limit) {
				break
			}
		}
	}
	return list, "", nil
}

func speedBody(n int) string {
	return fmt.Sprintf("Sở Khoa học và Công nghệ tỉnh Mẫu %03d", n)
}

var speedWords = strings.Fields("nghiệm thu nhiệm vụ khoa học công nghệ cấp tỉnh sở hữu trí tuệ an toàn bức xạ tiêu chuẩn đo lường chất lượng thanh tra kiểm tra phương tiện đo xăng dầu hộ kinh doanh khởi nghiệp đổi mới sáng tạo chuyển giao ứng dụng tiến bộ kỹ thuật nông nghiệp hội đồng thẩm định kinh phí giải ngân quyết định ban hành kế hoạch triển khai tập huấn doanh nghiệp truy xuất nguồn gốc mã số mã vạch nhãn hiệu tập thể")

// speedReport is one half-yearly report: fifty figures of the catalogue, two pages, one table.
func speedReport(codes []*indicator.Indicator, body int, period string, r *rand.Rand) *extract.Report {
	x := &extract.Report{Head: extract.Head{Number: fmt.Sprintf("%d/BC-SKHCN", r.IntN(900)), Issuer: speedBody(body), Signed: period[:4] + "-06-20", Signer: "Nguyễn Văn Mẫu", Period: extract.Period(period), Title: "Báo cáo kết quả hoạt động khoa học và công nghệ"},
		Format: document.PDF, Engine: "ledongthuc", Version: extract.Version}
	for n := range 2 {
		var text strings.Builder
		p := extract.Page{Number: n + 1, Width: 595, Height: 842, Engine: "ledongthuc", Score: 1}
		for line := range 40 {
			var words []string
			for range 12 {
				words = append(words, speedWords[r.IntN(len(speedWords))])
			}
			if r.IntN(400) == 0 {
				words = append(words, "vệ tinh viễn thám")
			}
			s := strings.Join(words, " ")
			text.WriteString(s + "\n")
			p.Lines = append(p.Lines, document.Line{Text: s, Box: extract.Box{72, 72 + 17*float64(line), 520, 86 + 17*float64(line)}})
		}
		p.Text = text.String()
		x.Pages = append(x.Pages, p)
	}
	for n := range speedFacts {
		c := codes[(body*7+n)%len(codes)]
		value := float64(r.IntN(500))
		if c.Unit == "đồng" {
			value *= 1e6
		}
		f := extract.Fact{Code: c.Code, Value: value, Unit: c.Unit, Period: extract.Period(period), Kind: indicator.Result, Page: 1 + n%2, Box: extract.Box{72, 72, 140, 86},
			Quote: "nghiệm thu " + strconv.Itoa(int(value)) + " nhiệm vụ", Confidence: 0.95, Method: "text", Rule: "prose"}
		if n%10 == 9 {
			f.Kind = indicator.Plan
		}
		x.Facts = append(x.Facts, f)
	}
	return x
}

// speedSite is a site over the whole load; BENCH_DSN names an engine that keeps it between runs.
func speedSite(t testing.TB) (s *httptest.Server, box *shelf, codes []*indicator.Indicator, again func()) {
	catalogue, err := indicator.Load()
	if err != nil {
		t.Fatal(err)
	}
	codes = catalogue.All()
	dsn := os.Getenv("BENCH_DSN")
	if dsn == "" {
		dsn = analyticstest.DSN(t)
	}
	db := analyticstest.Open(t, dsn)
	var list []analytics.Indicator
	for _, x := range codes {
		list = append(list, analytics.Indicator{Code: x.Code, Area: x.Area, Vi: x.VI, En: x.EN, Unit: x.Unit, Measure: x.Measure, Definition: x.Definition})
	}
	if err := db.SetIndicators(t.Context(), list); err != nil {
		t.Fatal(err)
	}
	box = &shelf{byID: map[string]extract.Filing{}}
	total, err := db.Totals(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	filing := func(n int) (extract.Filing, int, string) {
		body, turn := n%speedBodies, n/speedBodies
		period := strconv.Itoa(2006 + turn/2)
		if turn%2 == 0 {
			period += "-H1"
		}
		id := uuid.NewSHA1(uuid.NameSpaceOID, []byte(strconv.Itoa(n))).String()
		return extract.Filing{ID: id, Rev: uint64(n + 1), File: fmt.Sprintf("bao-cao-%d.pdf", n), Size: 200 << 10, Format: "pdf", State: extract.Visible, ReadBody: speedBody(body), ReadPeriod: period,
			ReceivedAt: time.Date(2006+turn/2, 7, 1, 8, 0, n%3600, 0, time.UTC), ReceivedBy: "bench"}, body, period
	}
	for n := range speedReports {
		f, _, _ := filing(n)
		box.list, box.byID[f.ID] = append(box.list, f), f
	}
	slices.Reverse(box.list)
	put := func(n int) error {
		f, body, period := filing(n)
		f.Rev += uint64(time.Now().Unix())
		attempt := uuid.NewString()
		x := speedReport(codes, body, period, rand.New(rand.NewPCG(1, uint64(n))))
		tally, err := db.Load(t.Context(), attempt, f, x)
		if err != nil {
			return err
		}
		return db.Commit(t.Context(), attempt, f, x, tally)
	}
	if start := time.Now(); total.Reports < speedReports {
		var next atomic.Int64
		next.Store(int64(total.Reports) - 1)
		if total.Reports > 0 {
			next.Add(-speedLoaders) // those that were under way when an earlier run was cut off
		}
		var wg sync.WaitGroup
		var failed atomic.Pointer[error]
		for range speedLoaders {
			wg.Go(func() {
				for {
					n := int(next.Add(1))
					if n >= speedReports || failed.Load() != nil {
						return
					}
					err := put(max(0, n))
					if err != nil {
						failed.Store(&err)
					}
				}
			})
		}
		wg.Wait()
		if err := failed.Load(); err != nil {
			t.Fatal(*err)
		}
		t.Logf("loaded %d reports of %d facts in %s", speedReports, speedFacts, time.Since(start).Round(time.Second))
	}
	if _, err := db.Warm(t.Context()); err != nil { // as the program does at its start
		t.Fatal(err)
	}
	h, err := web.New(web.Config{Inbox: box, Figures: db, Demo: true, Version: "bench", Records: &memory{}})
	if err != nil {
		t.Fatal(err)
	}
	s = httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s, box, codes, func() {
		if err := put(rand.IntN(speedReports)); err != nil {
			t.Fatal(err)
		}
	}
}

// memory is a store of records for one process.
type memory struct {
	mu   sync.Mutex
	keys map[string][]byte
	rev  map[string]uint64
}

func (m *memory) Get(_ context.Context, key string) ([]byte, uint64, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v, ok := m.keys[key]
	return v, m.rev[key], ok, nil
}

func (m *memory) Create(ctx context.Context, key string, value []byte) (bool, error) {
	return m.Update(ctx, key, value, 0)
}

func (m *memory) Update(_ context.Context, key string, value []byte, rev uint64) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.rev[key] != rev {
		return false, nil
	}
	if m.keys == nil {
		m.keys, m.rev = map[string][]byte{}, map[string]uint64{}
	}
	m.keys[key] = value
	m.rev[key]++
	return true, nil
}

func (m *memory) Delete(_ context.Context, key string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.keys, key)
	delete(m.rev, key)
	return nil
}

func (m *memory) Keys(context.Context) ([]string, error) { return nil, errors.ErrUnsupported }

// firstLoad is the most that a page and what it needs may weigh over the line, in bytes.
const firstLoad = 250 << 10

// BenchmarkSpeed measures every page over 20,000 reports and a million facts, which it loads first (`make
// bench`). Times are told and not held, for machines differ; what a page weighs is.
func BenchmarkSpeed(b *testing.B) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(web.CollectAt) // as the program does
	}
	s, box, codes, again := speedSite(b)
	pick := rand.New(rand.NewPCG(7, 7))
	code := func() string { return codes[pick.IntN(len(codes))].Code }
	body := func() string { return url.QueryEscape(speedBody(pick.IntN(speedBodies))) }
	period := func() string { return strconv.Itoa(2010+pick.IntN(15)) + "-H1" }
	word := func() string { return url.QueryEscape(speedWords[pick.IntN(len(speedWords))]) }
	report := func() string { return box.list[pick.IntN(len(box.list))].ID }
	pages := []struct {
		name string
		path func() string
	}{
		{"/ tổng quan", func() string { return "/" }},
		{"/ tổng quan, ngay sau khi một báo cáo đến", func() string { again(); return "/" }},
		{"/nop", func() string { return "/nop" }},
		{"/bao-cao", func() string { return "/bao-cao" }},
		{"/bao-cao/{id}", func() string { return "/bao-cao/" + report() }},
		{"/bao-cao/{id}/so/{n}", func() string { return "/bao-cao/" + report() + "/so/" + strconv.Itoa(pick.IntN(speedFacts)) }},
		{"/bao-cao/{id}/tim/{n}", func() string { return "/bao-cao/" + report() + "/tim/1?q=" + word() + "+" + word() }},
		{"/ky/{kỳ}, mọi đơn vị", func() string { return "/ky/" + period() }},
		{"/ky/{kỳ}, một đơn vị", func() string { return "/ky/" + period() + "?body=" + body() }},
		{"/ky/{kỳ}, ngay sau khi một báo cáo đến", func() string { again(); return "/ky/" + period() }},
		{"/chi-tieu", func() string { return "/chi-tieu" }},
		{"/chi-tieu/{mã}", func() string { return "/chi-tieu/" + code() }},
		{"/chi-tieu/{mã}, mỗi đơn vị một hình", func() string { return "/chi-tieu/" + code() + "?form=small" }},
		{"/chi-tieu/{mã}, một đơn vị", func() string { return "/chi-tieu/" + code() + "?body=" + body() }},
		{"/kham-pha, hai chỉ tiêu", func() string {
			return "/kham-pha?code=" + code() + "&code=" + code() + "&body=" + body() + "&body=" + body()
		}},
		{"/tim, hai từ", func() string { return "/tim?q=" + word() + "+" + word() }},
		{"/tim, cụm từ hiếm", func() string { return "/tim?q=%22ve+tinh+vien+tham%22" }},
		{"/tim, cụm từ và đơn vị", func() string { return "/tim?q=%22" + word() + "+" + word() + "%22&body=" + body() }},
		{"/can-xem", func() string { return "/can-xem" }},
		{"/hoan-thanh", func() string { return "/hoan-thanh" }},
		{"/don-vi", func() string { return "/don-vi" }},
	}
	const times = 60
	only := regexp.MustCompile(os.Getenv("BENCH_PAGES")) // empty: all
	asset := regexp.MustCompile(`(?:href|src)="(/assets/[^"]+)"`)
	fetch := func(path string) (time.Duration, []byte) {
		start := time.Now()
		res, err := http.Get(s.URL + path)
		if err != nil {
			b.Fatal(err)
		}
		defer res.Body.Close()
		raw, err := io.ReadAll(res.Body)
		took := time.Since(start)
		if err != nil || res.StatusCode != http.StatusOK {
			b.Fatalf("%s: %d %v", path, res.StatusCode, err)
		}
		return took, raw
	}
	fmt.Println("| Trang | p50 | p95 | bộ xử lý | lần đầu, nén |\n|---|---|---|---|---|")
	for _, p := range pages {
		if !only.MatchString(p.name) {
			continue
		}
		_, first := fetch(p.path()) // the first is a warm-up
		weight := squeezed(first)
		for _, m := range asset.FindAllStringSubmatch(string(first), -1) {
			_, raw := fetch(m[1])
			weight += squeezed(raw)
		}
		var took []time.Duration
		before := spent(b)
		for range times {
			d, _ := fetch(p.path())
			took = append(took, d)
		}
		worked := (spent(b) - before) / times
		slices.Sort(took)
		fmt.Printf("| %s | %d ms | %d ms | %d ms | %d KB |\n", p.name, took[times/2].Milliseconds(), took[times*95/100].Milliseconds(), worked.Milliseconds(), weight>>10)
		if weight > firstLoad {
			b.Errorf("%s weighs %d bytes at first load", p.name, weight)
		}
	}
}

// spent is the processor time of this process and of the engine that BENCH_ENGINE names by its id: it
// says what a page costs where other work holds the processors.
func spent(t testing.TB) time.Duration {
	var own syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &own); err != nil {
		t.Fatal(err)
	}
	total := time.Duration(own.Utime.Nano() + own.Stime.Nano())
	if id := os.Getenv("BENCH_ENGINE"); id != "" {
		raw, err := os.ReadFile("/proc/" + id + "/stat")
		if err != nil {
			t.Fatal(err)
		}
		for _, ticks := range strings.Fields(string(raw[bytes.LastIndexByte(raw, ')'):]))[12:14] {
			n, _ := strconv.Atoi(ticks)
			total += time.Duration(n) * 10 * time.Millisecond
		}
	}
	return total
}

// squeezed is the size of what goes over the line.
func squeezed(raw []byte) int {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write(raw)
	z.Close()
	return b.Len()
}
