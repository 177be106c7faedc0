package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"soket/analytics"
	"soket/analytics/analyticstest"
	"soket/analytics/web"
	"soket/analytics/web/access"
	"soket/extract"
	"soket/extract/document"
	"soket/extract/indicator"
	"soket/ingest"
)

// door is cmd's adapter, over a real inbox.
type door struct{ *ingest.Inbox }

func (d door) Accept(ctx context.Context, u web.Upload, r io.Reader) (extract.Filing, error) {
	return d.Inbox.Accept(ctx, ingest.Upload{Name: u.Name, By: u.By, IdempotencyKey: u.IdempotencyKey, Size: u.Size, Body: u.Body, Period: u.Period, Replaces: u.Replaces, Reason: u.Reason}, r)
}

func (d door) Filings(q web.FilingQuery) ([]extract.Filing, string, error) {
	p, err := d.Inbox.Filings(ingest.Query{State: q.State, Body: q.Body, Period: q.Period, Text: q.Text, By: q.By, Limit: q.Limit, Cursor: q.Cursor})
	return p.Filings, p.Next, err
}

// scripted stands in for the sandbox: what a report says is not what these tests are about.
type scripted struct{}

func (scripted) Read(ctx context.Context, path, name string, period extract.Period, progress func(extract.Progress)) (*extract.Report, error) {
	if strings.Contains(name, "hong") {
		return nil, &extract.Refusal{Code: "corrupt"}
	}
	year := regexp.MustCompile(`\d{4}`).FindString(name)
	value := 10.0
	if year == "2021" {
		value = 12
	}
	const hostile = `<script>alert(1)</script>=1+1`
	return &extract.Report{
		Head:   extract.Head{Number: "1/BC-SKHCN", Issuer: "Sở Khoa học và Công nghệ tỉnh Mẫu", Signed: year + "-06-12", Period: extract.Period(year + "-H1"), Title: "Báo cáo 6 tháng " + hostile},
		Format: document.PDF, Engine: "ledongthuc", Version: extract.Version,
		Pages: []extract.Page{{Number: 1, Width: 595, Height: 842, Engine: "ledongthuc", Score: 1, Text: "Nghiệm thu 10 nhiệm vụ",
			Lines: []document.Line{{Text: "Nghiệm thu 10 nhiệm vụ", Box: extract.Box{72, 100, 300, 114}}}}},
		Facts: []extract.Fact{
			{Code: "task.accepted", Value: value, Unit: "nhiệm vụ", Period: extract.Period(year + "-H1"), Kind: indicator.Result, Page: 1, Box: extract.Box{130, 100, 145, 114}, Quote: "Nghiệm thu 10 nhiệm vụ " + hostile, Confidence: 0.95, Method: "text"},
			{Code: "inspection.fines_vnd", Value: 45e6, Unit: "đồng", Period: extract.Period(year + "-H1"), Kind: indicator.Plan, Sheet: "Biểu 1", Cell: "B7", Quote: "phạt", Confidence: 0.7, Method: "cell"},
			{Code: "task.accepted", Value: -5.5, Unit: "%", Period: extract.Period(year + "-H1"), Kind: indicator.Comparison, Basis: indicator.SamePeriod, Page: 1, Quote: "giảm 5,5%", Confidence: 0.95, Method: "text"},
		},
		Findings: []extract.Finding{{Code: "change_against_values", Severity: "warning", Facts: []int{0, 2}, Expected: "-5,5", Found: "20"}},
	}, nil
}

func site(t *testing.T) *httptest.Server {
	s, _ := siteWith(t, true)
	return s
}

// siteWith gives a site with or without accounts, over real parts.
func siteWith(t *testing.T, demo bool) (*httptest.Server, *access.Desk) {
	t.Helper()
	s, desk, _ := siteOf(t, web.Config{Demo: demo})
	return s, desk
}

// siteOf gives a site with more set, and its inbox.
func siteOf(t *testing.T, c web.Config) (*httptest.Server, *access.Desk, *ingest.Inbox) {
	t.Helper()
	return siteReading(t, c, scripted{})
}

// siteReading gives a site whose worker reads with a reader.
func siteReading(t *testing.T, c web.Config, reader ingest.Reader) (*httptest.Server, *access.Desk, *ingest.Inbox) {
	t.Helper()
	db := analyticstest.Open(t, analyticstest.DSN(t))
	list := []analytics.Indicator{
		{Code: "task.accepted", Area: "task", Vi: "Nhiệm vụ KH&CN được nghiệm thu", En: "S&T tasks accepted", Unit: "nhiệm vụ", Measure: "flow"},
		{Code: "inspection.fines_vnd", Area: "inspection", Vi: "Tiền phạt vi phạm hành chính", En: "Fines imposed", Unit: "đồng", Measure: "flow"}}
	if _, stand := reader.(scripted); !stand {
		list = nil // files of the world speak of all
		catalogue, err := indicator.Load()
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range catalogue.All() {
			list = append(list, analytics.Indicator{Code: x.Code, Area: x.Area, Vi: x.VI, En: x.EN, Unit: x.Unit, Measure: x.Measure})
		}
	}
	if err := db.SetIndicators(t.Context(), list); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	srv, err := ingest.Start(t.Context(), filepath.Join(dir, "nats"), ingest.ServerOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(srv.Stop)
	inbox, err := ingest.Open(t.Context(), ingest.Options{Server: srv, Dir: dir, FreeBytes: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(inbox.Close)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error)
	w := &ingest.Worker{Inbox: inbox, Store: db, Reader: reader, Parallel: 4}
	go func() { done <- w.Run(ctx) }()
	t.Cleanup(func() { stop(); <-done })
	var buckets []access.Bucket
	for _, name := range []string{"accounts", "sessions", "tokens", "records"} {
		b, err := ingest.OpenBucket(t.Context(), inbox.JetStream(), name, 0, 1)
		if err != nil {
			t.Fatal(err)
		}
		buckets = append(buckets, b)
	}
	desk := access.NewDesk(buckets[0], buckets[1], buckets[2])
	c.Inbox, c.Figures, c.Desk, c.Records, c.Trail, c.Version, c.MaxUpload = door{inbox}, db, desk, buckets[3], trail{inbox}, "test", ingest.MaxUploadBytes
	h, err := web.New(c)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s, desk, inbox
}

// trail is cmd's adapter.
type trail struct{ inbox *ingest.Inbox }

func (t trail) Audit(ctx context.Context, r web.Record) error {
	return t.inbox.Audit(ctx, ingest.Record{At: r.At, By: r.By, What: r.What, Object: r.Object, Detail: r.Detail, Address: r.Address})
}

func (t trail) Trail(ctx context.Context, before uint64, limit int) ([]web.Record, error) {
	list, err := t.inbox.Trail(ctx, before, limit)
	out := make([]web.Record, len(list))
	for i, r := range list {
		out[i] = web.Record{Seq: r.Seq, At: r.At, By: r.By, What: r.What, Object: r.Object, Detail: r.Detail, Address: r.Address}
	}
	return out, err
}

func post(t *testing.T, s *httptest.Server, name, content string) (int, map[string]any) {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(part, content)
	form.Close()
	res, err := http.Post(s.URL+"/api/v1/reports", form.FormDataContentType(), &body)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var answer map[string]any
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, answer
}

func get(t *testing.T, s *httptest.Server, path string) (int, string) {
	t.Helper()
	res, err := http.Get(s.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(raw)
}

// settled uploads a file and waits until it is read or failed.
func settled(t *testing.T, s *httptest.Server, name, content string) string {
	t.Helper()
	status, answer := post(t, s, name, content)
	if status != http.StatusAccepted {
		t.Fatalf("%s: %d %v", name, status, answer)
	}
	id := answer["id"].(string)
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if _, text := get(t, s, "/api/v1/reports/"+id); strings.Contains(text, `"state":"visible"`) || strings.Contains(text, `"state":"failed"`) {
			return id
		}
	}
	t.Fatalf("%s is not read", name)
	return ""
}

const pdf = "%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj <<>> endobj\n"

func TestPagesSayWhatIsThere(t *testing.T) {
	s := site(t)
	for _, path := range []string{"/", "/nop", "/bao-cao", "/can-xem", "/ky", "/chi-tieu", "/tim"} {
		if status, text := get(t, s, path); status != http.StatusOK || !strings.Contains(text, "Sơ Kết") {
			t.Errorf("empty %s: %d", path, status)
		}
	}
	id := settled(t, s, "a-2020.pdf", pdf+"2020")
	settled(t, s, "a-2021.pdf", pdf+"2021")
	bad := settled(t, s, "hong.pdf", pdf+"x")
	for path, want := range map[string][]string{
		"/":                                      {"<h1>6 tháng đầu năm 2021</h1>", "1/1 đơn vị đã nộp", "tăng 20% so với cùng kỳ năm trước", `<a href="/can-xem">2 điểm cần xem lại</a>`},
		"/can-xem?period=2020-H1":                {"change_against_values", "/bao-cao/" + id + "#can-xem", "/bao-cao/" + id + "#so-0", "10 nhiệm vụ", "−5,5%"},
		"/can-xem?body=khong+co":                 {"Không có điểm nào cần xem lại."},
		"/bao-cao":                               {"a-2020.pdf", "Đã tổng hợp", "Không đọc được", extract.Verdicts["corrupt"].VIDo, `<select name="period">`, `<select name="body">`},
		"/bao-cao/" + id:                         {`id="so-0"`, `id="cho-0"`, "45 triệu đồng", "Biểu 1!B7", "trang 1", "&lt;script&gt;alert(1)&lt;/script&gt;", "So với cùng kỳ", "change_against_values"},
		"/bao-cao/" + bad:                        {extract.Verdicts["corrupt"].VI},
		"/chi-tieu":                              {"Nhiệm vụ KH&amp;CN được nghiệm thu"},
		"/chi-tieu/task.accepted":                {"<svg", "#so-0", "&#43;20,0%", "chưa báo cáo", "12 nhiệm vụ trong 6 tháng đầu năm 2021, tăng 20% so với cùng kỳ năm trước"},
		"/ky/2021-H1":                            {"1/1 đơn vị đã nộp", "1 tạm tính", "tăng 20% so với cùng kỳ năm trước", "&#43;20,0%", ">45</a>", "triệu đồng"},
		"/tim?q=nghiem+thu":                      {"<mark>Nghiệm</mark>", `Chỉ tiêu: <a href="/chi-tieu/task.accepted">`},
		"/bao-cao/" + id + "/so/0":               {"Căn cứ của con số", `class="fact"`, "Nghiệm thu <mark>10</mark> nhiệm vụ", "độ tin cậy 95%", "Chưa có người xác nhận"},
		"/bao-cao/" + id + "/so/9":               {extract.Verdicts["not_found"].VI},
		"/bao-cao/" + id + "/tim/1?q=nghiem+thu": {`class="fact"`, "<mark>Nghiệm</mark>"},
		"/bao-cao/" + id + "/tim/7":              {extract.Verdicts["not_found"].VI},
		"/tim?q=khongcotunay":                    {"Không tìm thấy trang nào. Thử ít từ hơn"},
		"/chi-tieu/khong.co":                     {extract.Verdicts["not_found"].VI},
		"/bao-cao/khong-co":                      {extract.Verdicts["not_found"].VIDo},
		"/ky/abc":                                {"Không hiểu kỳ “abc”", `href="/ky">Kỳ báo cáo</a>`},
		"/tim?q=a&since=40/40/2024":              {"Không hiểu ngày “40/40/2024”"},
		"/bieu-mau?don-vi=a&ky=b":                {"Không hiểu kỳ “b”", `href="/nop">Bàn tiếp nhận</a>`},
		"/api/v1/facts?format=csv":               {"report_id,fact_no", "task.accepted,10,"},
		"/api/v1/trend?code=x":                   {`"trend":[]`},
		"/api/v1/facts?limit=5000":               {`"code":"invalid"`},
		"/api/v1/facts?cursor=kaka":              {`"code":"invalid"`},
		"/api/v1/facts?period=abc":               {`"detail":"period: abc"`},
		"/api/v1/trend?kind=abc":                 {`"detail":"kind: abc"`},
	} {
		_, text := get(t, s, path)
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%s does not say %q", path, w)
			}
		}
		if strings.Contains(text, "<script>alert") && !strings.HasPrefix(path, "/api/") { // there it is data in JSON or CSV
			t.Errorf("%s carries a report's script", path)
		}
	}
	// Without scripts a file that is not taken in leads back to the desk.
	sent, err := http.Post(s.URL+"/nop?name=rong.pdf", "application/pdf", nil)
	if err != nil {
		t.Fatal(err)
	}
	told, _ := io.ReadAll(sent.Body)
	sent.Body.Close()
	for _, w := range []string{extract.Verdicts["empty"].VI, `href="/nop">Bàn tiếp nhận</a>`} {
		if !strings.Contains(string(told), w) {
			t.Errorf("an empty file: the page does not say %q", w)
		}
	}
	// The same bytes again are told with the report that holds them.
	status, answer := post(t, s, "again.pdf", pdf+"2020")
	if existing, _ := answer["existing"].(map[string]any); status != http.StatusConflict || existing["id"] != id {
		t.Errorf("duplicate: %d %v", status, answer)
	}
	// The original comes back as it was, as an attachment that no browser runs.
	res, err := http.Get(s.URL + "/bao-cao/" + id + "/tep")
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := io.ReadAll(res.Body)
	res.Body.Close()
	if string(raw) != pdf+"2020" || !strings.HasPrefix(res.Header.Get("Content-Disposition"), "attachment") || res.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("original: %q %v", raw, res.Header)
	}
}

func TestDecisions(t *testing.T) {
	s := site(t)
	id := settled(t, s, "a-2020.pdf", pdf+"2020")
	decide := func(form url.Values) int {
		res, err := http.PostForm(s.URL+"/bao-cao/"+id+"/quyet-dinh", form)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res.StatusCode
	}
	until := func(want string) {
		t.Helper()
		for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
			if _, text := get(t, s, "/api/v1/facts"); strings.Contains(text, want) {
				return
			}
		}
		t.Errorf("the facts do not come to say %s", want)
	}
	decide(url.Values{"what": {"set"}, "body": {"Sở khác"}})
	until(`"body":"Sở khác"`)
	decide(url.Values{"what": {"withdraw"}, "reason": {"nộp nhầm"}})
	until(`"facts":[]`)
	if _, text := get(t, s, "/bao-cao/"+id); !strings.Contains(text, "nộp nhầm") {
		t.Error("the page does not give the reason of the withdrawal")
	}
	decide(url.Values{"what": {"restore"}, "reason": {"không nhầm"}})
	until(`"code":"task.accepted"`)
	decide(url.Values{"what": {"set"}, "body": {"Sở khác"}, "period": {"6 tháng đầu năm 2019"}})
	if _, text := get(t, s, "/bao-cao/"+id); !strings.Contains(text, `href="/ky/2019-H1"`) {
		t.Error("a period in words is not taken")
	}
	if status := decide(url.Values{"what": {"set"}, "period": {"quý ba"}}); status != http.StatusBadRequest {
		t.Errorf("a period that is none: %d", status)
	}
}

// TestAnotherPeriod finds that a report does not take the place of one of another period by a click, and
// that one which did so unread is told.
func TestAnotherPeriod(t *testing.T) {
	s := site(t)
	first, second := settled(t, s, "a-2020.pdf", pdf+"2020"), settled(t, s, "a-2021.pdf", pdf+"2021")
	_, text := get(t, s, "/bao-cao/"+second+"/so-voi/"+first)
	wants(t, "the differences", text, extract.Verdicts["another"].VI, extract.Verdicts["another"].VIDo, "6 tháng đầu năm 2020", "6 tháng đầu năm 2021")
	if strings.Contains(text, `value="replace"`) {
		t.Error("to replace is offered")
	}
	if status, _ := form(t, s, "/bao-cao/"+second+"/quyet-dinh", "what", "replace", "target", first, "reason", "x"); status != http.StatusConflict {
		t.Errorf("replaced: %d", status)
	}
	res, err := http.Post(s.URL+"/api/v1/reports?name=b-2021.pdf&reason=x&replaces="+first, "application/octet-stream", strings.NewReader(pdf+"b"))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	path := strings.TrimPrefix(res.Header.Get("Location"), "/api/v1/reports")
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if _, text = get(t, s, "/bao-cao"+path); strings.Contains(text, "Bản này đã thay thế báo cáo của đơn vị hoặc kỳ khác") {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d: the page does not tell it: %s", res.StatusCode, text)
		}
	}
	wants(t, "the warning", text, "a-2020.pdf", "bấm “Khôi phục”")
}

// TestForeignSitesCannotPost holds that a form on another site changes nothing here.
func TestForeignSitesCannotPost(t *testing.T) {
	s := site(t)
	for _, path := range []string{"/nop", "/api/v1/reports", "/bao-cao/x/quyet-dinh", "/ngon-ngu"} {
		req, err := http.NewRequest(http.MethodPost, s.URL+path, strings.NewReader("a=b"))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", "https://xau.example")
		req.Header.Set("Sec-Fetch-Site", "cross-site")
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusForbidden {
			t.Errorf("%s from another site: %d", path, res.StatusCode)
		}
	}
	res, err := http.Get(s.URL + "/")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if p := res.Header.Get("Content-Security-Policy"); !strings.Contains(p, "default-src 'none'") || strings.Contains(p, "unsafe") {
		t.Errorf("policy: %s", p)
	}
}

// TestOpenAPI holds the description against the server's real answers, and every API route against
// the description.
func TestOpenAPI(t *testing.T) {
	s := site(t)
	id := settled(t, s, "a-2020.pdf", pdf+"2020")
	_, raw := get(t, s, "/api/v1/openapi.json")
	doc, err := openapi3.NewLoader().LoadFromData([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	openapi3filter.RegisterBodyDecoder("text/event-stream", openapi3filter.FileBodyDecoder)
	openapi3filter.RegisterBodyDecoder("text/csv", openapi3filter.FileBodyDecoder)
	seen := map[string]bool{}
	for _, c := range []struct{ method, path, body string }{
		{"GET", "/api/v1/reports", ""}, {"GET", "/api/v1/reports?state=visible&limit=1", ""}, {"GET", "/api/v1/reports?format=csv", ""},
		{"GET", "/api/v1/reports/" + id, ""}, {"GET", "/api/v1/reports/none", ""}, {"GET", "/api/v1/reports/" + id + "/original", ""},
		{"GET", "/api/v1/facts?code=task.accepted&kind=result", ""}, {"GET", "/api/v1/facts?cursor=bad", ""}, {"GET", "/api/v1/facts?format=csv", ""},
		{"GET", "/api/v1/trend?code=task.accepted", ""}, {"GET", "/api/v1/search?q=nghiem", ""}, {"GET", "/api/v1/openapi.json", ""},
		{"POST", "/api/v1/reports?name=x.exe", "MZ\x90\x00\x03"}, {"POST", "/api/v1/reports?name=b-2021.pdf", pdf + "raw"}, {"POST", "/api/v1/reports?name=rong.pdf", ""},
		{"POST", "/api/v1/reports/" + id + "/decisions", `{"what":"retry"}`}, {"POST", "/api/v1/reports/none/decisions", `{"what":"retry"}`},
	} {
		req, err := http.NewRequest(c.method, s.URL+c.path, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case strings.HasSuffix(c.path, "/decisions"):
			req.Header.Set("Content-Type", "application/json")
		case c.method == "POST":
			req.Header.Set("Content-Type", "application/octet-stream")
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		find, _ := http.NewRequest(c.method, c.path, nil)
		route, params, err := router.FindRoute(find)
		if err != nil {
			t.Errorf("%s %s is not described: %v", c.method, c.path, err)
			continue
		}
		seen[c.method+" "+route.Path] = true
		input := &openapi3filter.ResponseValidationInput{RequestValidationInput: &openapi3filter.RequestValidationInput{Request: find, PathParams: params, Route: route},
			Status: res.StatusCode, Header: res.Header, Body: io.NopCloser(bytes.NewReader(body)), Options: &openapi3filter.Options{IncludeResponseStatus: true}}
		if err := openapi3filter.ValidateResponse(t.Context(), input); err != nil {
			t.Errorf("%s %s answers %d, not as described: %v", c.method, c.path, res.StatusCode, err)
		}
	}
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			if !seen[method+" "+path] && path != "/api/v1/events" { // a stream without end: TestEvents
				t.Errorf("%s %s is described and never tried", method, path)
			}
		}
	}
}

func TestEvents(t *testing.T) {
	s := site(t)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/api/v1/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if status, answer := post(t, s, "a-2020.pdf", pdf+"2020"); status != http.StatusAccepted {
		t.Fatalf("upload: %d %v", status, answer)
	}
	buf := make([]byte, 4096)
	var all strings.Builder
	for !strings.Contains(all.String(), `"state":"visible"`) {
		n, err := res.Body.Read(buf)
		all.Write(buf[:n])
		if err != nil {
			t.Fatalf("the stream ended: %v: %s", err, all.String())
		}
	}
}

// TestWords holds that no text is missing in either language and none is left over.
func TestWords(t *testing.T) {
	words := map[string][2]string{}
	lists, err := filepath.Glob("words/*.json")
	if err != nil || len(lists) == 0 {
		t.Fatal(lists, err)
	}
	for _, file := range lists {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(raw, &words); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
	}
	files, err := filepath.Glob("templates/*.html")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	used := map[string]bool{}
	catalogue, err := indicator.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range catalogue.All() {
		if x.Unit == "đồng" || x.Unit == "%" {
			continue
		}
		used["unit."+x.Unit] = true
		if w := words["unit."+x.Unit]; w[0] != x.Unit {
			t.Errorf("no word for the unit %q", x.Unit)
		}
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`\bt "([a-z.]*[a-z])"`).FindAllStringSubmatch(string(raw), -1) {
			used[m[1]] = true
			if _, ok := words[m[1]]; !ok {
				t.Errorf("%s: no word %q", file, m[1])
			}
		}
		for _, m := range regexp.MustCompile(`print "([a-z.]+)\."`).FindAllStringSubmatch(string(raw), -1) {
			used[m[1]+"."] = true
		}
	}
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range sources {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`\bmust(?:"\]\.\(func\(string\) string\))?\("([a-z.]*[a-z])"\)`).FindAllStringSubmatch(string(raw), -1) {
			used[m[1]] = true
			if _, ok := words[m[1]]; !ok {
				t.Errorf("%s: no word %q", file, m[1])
			}
		}
		for _, m := range regexp.MustCompile(`"((?:ky|statement|error|desk)\.[a-z.]*[a-z])"`).FindAllStringSubmatch(string(raw), -1) {
			used[m[1]] = true
			if _, ok := words[m[1]]; !ok {
				t.Errorf("%s: no word %q", file, m[1])
			}
		}
		// A word whose name ends in what the program finds: "ky.say." + outcome.
		for _, m := range regexp.MustCompile(`"((?:ky|admin|error)\.[a-z.]+\.|finding\.)" ?\+`).FindAllStringSubmatch(string(raw), -1) {
			used[m[1]] = true
		}
	}
	for key, w := range words {
		if w[0] == "" || w[1] == "" {
			t.Errorf("word %q is missing in a language", key)
		}
		prefix := key[:strings.LastIndexByte(key, '.')+1]
		if !used[key] && !used[prefix] {
			t.Errorf("word %q is used nowhere", key)
		}
	}
}
