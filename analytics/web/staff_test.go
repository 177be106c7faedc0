package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/xuri/excelize/v2"

	"soket/analytics/web"
	"soket/analytics/web/access"
	"soket/extract"
	"soket/extract/document"
	"soket/extract/sandbox"
)

// children are built once for all tests that read real files.
var children = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "web-test-")
	if err != nil {
		return "", err
	}
	build := exec.Command("go", "build", "-o", dir+"/", "soket/cmd/extractor", "soket/cmd/pdfium", "soket/cmd/starter")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return string(out), err
	}
	return dir, nil
})

// office is a site that reads real files in their children.
func office(t *testing.T, demo bool) (*httptest.Server, *access.Desk, sandbox.Reader) {
	t.Helper()
	dir, err := children()
	if err != nil {
		t.Fatalf("%s: %v", dir, err)
	}
	r := sandbox.Reader{Extractor: filepath.Join(dir, "extractor"), Pdfium: filepath.Join(dir, "pdfium"), Cache: filepath.Join(dir, "cache")}
	if err := r.Warm(t.Context()); err != nil { // as the worker does; compiling takes some seconds
		t.Fatal(err)
	}
	s, desk, _ := siteReading(t, web.Config{Demo: demo, Reader: r}, r)
	return s, desk, r
}

func sample(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("../../samples", name))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// send hands a file in and waits until it is read.
func send(t *testing.T, s *httptest.Server, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return settled(t, s, filepath.Base(path), string(raw))
}

func filingOf(t *testing.T, s *httptest.Server, id string) (f extract.Filing) {
	t.Helper()
	_, text := get(t, s, "/api/v1/reports/"+id)
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return f
}

func untilFiling(t *testing.T, s *httptest.Server, id, what string, good func(extract.Filing) bool) {
	t.Helper()
	for deadline := time.Now().Add(60 * time.Second); !good(filingOf(t, s, id)); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never %s: %+v", what, filingOf(t, s, id))
		}
	}
}

// open goes to a page; one that is still being read renews itself, which may cut in.
func open(t *testing.T, ctx context.Context, address, visible string) {
	t.Helper()
	for range 3 {
		err := chromedp.Do(ctx, chromedp.Navigate(address), chromedp.WaitVisible(visible))
		if err == nil {
			return
		}
		if !strings.Contains(err.Error(), "ERR_ABORTED") {
			t.Fatal(err)
		}
	}
	t.Fatalf("%s does not open", address)
}

func fetch(t *testing.T, address string) (int, []byte) {
	t.Helper()
	res, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, raw
}

// altered is the sample workbook with a share that does not follow from its figures, a formula and a
// sheet of the sender's own.
func altered(t *testing.T) string {
	t.Helper()
	f, err := excelize.OpenFile(sample(t, "Mẫu-Hải-Vân-2022-6-tháng.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sheet := f.GetSheetName(0)
	f.SetCellValue(sheet, "G9", 73.3) // 16 of 30 are 53.3%
	f.SetCellFormula(sheet, "J9", "E9+F9")
	f.NewSheet("Của tôi")
	f.SetCellStr("Của tôi", "A1", "ghi nhớ")
	path := filepath.Join(t.TempDir(), "Hải-Vân-2022-lỗi.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestStaffJourney is the work at the desk on real files: hand in, see what was read beside the page
// itself, correct with the keyboard, submit with a reason, approve, publish, amend.
func TestStaffJourney(t *testing.T) {
	s, _, _ := office(t, true)
	send(t, s, sample(t, "Mẫu-Sơn-Trà-2022-6-tháng.pdf"))
	send(t, s, sample(t, "Mẫu-Hải-Vân-2021-6-tháng.xlsx"))
	ctx := browser(t)

	// A PDF beside its pages.
	open(t, ctx, s.URL+"/nop", "#file")
	do(t, ctx, chromedp.SetUploadFiles("#file", []string{sample(t, "Mẫu-Sơn-Trà-2023-6-tháng.pdf")}), chromedp.Click("#desk button"),
		chromedp.WaitVisible("#sending a.result"))
	picture(t, ctx, "nop-xong")
	do(t, ctx, chromedp.Click("#sending a.result"), chromedp.WaitVisible("tr[data-fact]"))
	do(t, ctx, chromedp.ScrollIntoView(".leaf"))
	if wide := ask(t, ctx, chromedp.Poll[bool](`(() => { const i = document.querySelector(".leaf img"); return i.complete && i.naturalWidth > 500; })()`)); !wide {
		t.Error("the page's picture is not shown")
	}
	// Results that the machine is not sure of, plans, comparisons, then what it is sure of; of each the least sure first.
	order := ask(t, ctx, chromedp.Evaluate[[]float64](`Array.from(document.querySelectorAll("tr[data-fact]"), (x) => {
		const sure = parseFloat(x.querySelector(".said").textContent);
		return sure + 1000 * (sure >= 90 ? 3 : ["result", "plan", "comparison"].indexOf(x.dataset.kind.split(".")[0])); })`))
	if !slices.IsSorted(order) || len(order) < 50 {
		t.Errorf("figures are in the order %v", order)
	}
	if n := ask(t, ctx, chromedp.Evaluate[int](`document.querySelectorAll(".leaf .marks rect").length`)); n < 50 {
		t.Errorf("%d figures are marked on the pages", n)
	}
	do(t, ctx, chromedp.KeyEvent("j"), chromedp.WaitVisible("tr[data-fact].on"))
	if on := ask(t, ctx, chromedp.Evaluate[bool](`document.querySelector(".marks a.on") !== null`)); !on {
		t.Error("the chosen figure does not light up on the page")
	}
	if low := ask(t, ctx, chromedp.Evaluate[float64](`document.querySelector("#judge .keyline").getBoundingClientRect().bottom - innerHeight`)); low > 0 {
		t.Errorf("the keys stand %v below the edge of the window", low)
	}
	// What was begun is given up with Escape, and the keys walk on.
	do(t, ctx, chromedp.KeyEvent("e"), chromedp.WaitVisible("#judge input[name=value]:focus"), chromedp.SendKeys("#judge input[name=value]", "9"), chromedp.KeyEvent(kb.Escape), chromedp.KeyEvent("j"))
	if n := ask(t, ctx, chromedp.Evaluate[int](`[...document.querySelectorAll("tr[data-fact]")].findIndex((x) => x.classList.contains("on"))`)); n != 1 {
		t.Errorf("after Escape and j the figure chosen is the %dth", n+1)
	}
	picture(t, ctx, "ban-doc-pdf")
	axe(t, ctx, "a PDF report")

	// A workbook with a figure that does not fit.
	id := send(t, s, altered(t))
	open(t, ctx, s.URL+"/bao-cao/"+id, ".findings .spot")
	if cell := ask(t, ctx, chromedp.Text("#can-xem + ul")); !strings.Contains(cell, "G9") {
		t.Errorf("the finding stands at %q", cell)
	}
	if row := ask(t, ctx, chromedp.Evaluate[string](`document.querySelector("td.fact").parentElement.querySelector("th").textContent`)); row != "9" {
		t.Errorf("the first figure is in row %q of the grid", row)
	}
	picture(t, ctx, "ban-doc-excel")
	axe(t, ctx, "a workbook report")
	// On a telephone what needs a look comes first, the rest with one tap.
	do(t, ctx, chromedp.EmulateViewport(390, 900))
	seen := chromedp.Evaluate[[]int](`[...document.querySelectorAll("tr[data-fact]")].reduce((n, x) => { n[x.checkVisibility() ? 0 : 1]++; return n; }, [0, 0])`)
	before := ask(t, ctx, seen)
	axe(t, ctx, "a workbook report on a telephone")
	do(t, ctx, chromedp.Click("#ca-so-chac"))
	if after := ask(t, ctx, seen); before[0] == 0 || before[0] > 10 || after[0] != before[0]+before[1] || after[1] != 0 {
		t.Errorf("figures seen and folded: %v, then %v", before, after)
	}
	do(t, ctx, chromedp.EmulateViewport(1280, 900))

	c := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	decide := func(id, path string, form url.Values, want int) {
		t.Helper()
		res, err := c.PostForm(s.URL+"/bao-cao/"+id+path, form)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%s %v: %d, want %d", path, form, res.StatusCode, want)
		}
	}
	decide(id, "/quyet-dinh", url.Values{"what": {"submit"}}, http.StatusBadRequest) // a point is open, and no reason

	// The workbook comes back with it on its cell, all else as it was.
	code, raw := fetch(t, s.URL+"/bao-cao/"+id+"/tep-ghi-chu")
	back, err := excelize.OpenReader(bytes.NewReader(raw))
	if code != http.StatusOK || err != nil {
		t.Fatalf("the workbook with notes: %d %v", code, err)
	}
	defer back.Close()
	sheet := back.GetSheetName(0)
	comments, err := back.GetComments(sheet)
	if err != nil || !slices.ContainsFunc(comments, func(c excelize.Comment) bool { return c.Cell == "G9" }) {
		t.Errorf("comments: %+v %v", comments, err)
	}
	style, _ := back.GetCellStyle(sheet, "G9")
	if st, err := back.GetStyle(style); err != nil || len(st.Fill.Color) == 0 {
		t.Errorf("the cell has no colour: %+v %v", st, err)
	}
	if formula, _ := back.GetCellFormula(sheet, "J9"); formula != "E9+F9" {
		t.Errorf("the formula became %q", formula)
	}
	if own, _ := back.GetCellValue("Của tôi", "A1"); own != "ghi nhớ" {
		t.Errorf("the sender's sheet says %q", own)
	}
	if err := os.WriteFile(filepath.Join(t.ArtifactDir(), "excel-co-ghi-chu.xlsx"), raw, 0o644); err != nil {
		t.Fatal(err)
	}

	// Submitted with a reason, in the browser; approved and published.
	do(t, ctx, chromedp.SendKeys(".act [name=reason]", "đã đối chiếu với phòng Kế hoạch"), chromedp.Click(".act [value=submit]"), chromedp.WaitVisible(`.steps li.done:nth-child(4)`))
	// Each step leads to a page that offers the next one: the server waits until it is committed.
	do(t, ctx, chromedp.WaitVisible(".act [value=approve]"))
	picture(t, ctx, "cho-duyet")
	do(t, ctx, chromedp.Click(".act [value=approve]"), chromedp.WaitVisible(`.steps li.done:nth-child(5)`), chromedp.WaitVisible(".act [value=publish]"))
	do(t, ctx, chromedp.Click(".act [value=publish]"), chromedp.WaitVisible(`.steps li.done:nth-child(6)`))
	untilFiling(t, s, id, "published", func(f extract.Filing) bool { return f.State == extract.Visible && f.Stage.Value == extract.Published })
	if steps := filingOf(t, s, id).Steps; len(steps) != 3 || steps[0].Reason != "đã đối chiếu với phòng Kế hoạch" {
		t.Errorf("the steps are %+v", steps)
	}

	// The amended report is told apart on arrival, compared, and takes the old one's place.
	open(t, ctx, s.URL+"/nop", "#file")
	do(t, ctx, chromedp.SetUploadFiles("#file", []string{sample(t, "Mẫu-Hải-Vân-2022-6-tháng.xlsx")}), chromedp.Click("#desk button"),
		chromedp.WaitVisible("#sending .notice.same"))
	picture(t, ctx, "da-nop-ky-nay")
	do(t, ctx, chromedp.Click("#sending .notice.same a.main"), chromedp.WaitVisible("table.diff"))
	diff := ask(t, ctx, chromedp.Text("table.diff"))
	if !strings.Contains(diff, "73,3%") || !strings.Contains(diff, "53,3%") {
		t.Errorf("the differences: %s", diff)
	}
	picture(t, ctx, "khac-biet")
	axe(t, ctx, "the differences")
	do(t, ctx, chromedp.SendKeys(".amend [name=reason]", "sửa tỷ lệ so với kế hoạch"), chromedp.Click(".amend [value=replace]"), chromedp.WaitVisible("#cac-ban"))
	untilFiling(t, s, id, "replaced", func(f extract.Filing) bool { return f.State == extract.Replaced && f.ReplacedBy != "" })
	now := filingOf(t, s, id).ReplacedBy
	untilFiling(t, s, now, "visible", func(f extract.Filing) bool { return f.State == extract.Visible })
	open(t, ctx, s.URL+"/bao-cao/"+now, "#cac-ban")
	if said := ask(t, ctx, chromedp.Text("#cac-ban")); !strings.Contains(said, "sửa tỷ lệ so với kế hoạch") || !strings.Contains(said, "lỗi.xlsx") {
		t.Errorf("previous versions: %s", said)
	}
	picture(t, ctx, "cac-ban-truoc")
	axe(t, ctx, "an amended report")
	open(t, ctx, s.URL+"/bao-cao/"+id, ".notice.replaced")
	do(t, ctx, chromedp.WaitVisible("tr[data-fact]"))
	picture(t, ctx, "da-thay-the")
	axe(t, ctx, "a replaced report")
	if _, facts := get(t, s, "/api/v1/facts?report="+id); !strings.Contains(facts, `"facts":[]`) {
		t.Error("the figures of the old report still count")
	}
	decide(id, "/quyet-dinh", url.Values{"what": {"restore"}, "reason": {"thay nhầm"}}, http.StatusSeeOther)
	untilFiling(t, s, id, "restored", func(f extract.Filing) bool { return f.State == extract.Visible && f.ReplacedBy == "" })
	if f := filingOf(t, s, now); f.Replaces != "" || f.Amends.Value != "" {
		t.Errorf("the new report still claims the place of the old: %+v", f)
	}
}

// TestFormComesBack takes the form of a body and period, fills it in with a spreadsheet library and,
// in another copy, with LibreOffice between, hands it in, and finds exactly the figures that were
// filled in.
func TestFormComesBack(t *testing.T) {
	s, _, r := office(t, true)
	send(t, s, sample(t, "Mẫu-Hải-Vân-2022-6-tháng.xlsx"))
	const body = "Sở Khoa học và Công nghệ thành phố Hải Vân"
	code, raw := fetch(t, s.URL+"/bieu-mau?"+url.Values{"don-vi": {body}, "ky": {"2023-H1"}}.Encode())
	if code != http.StatusOK {
		t.Fatalf("the form: %d %s", code, raw)
	}
	f, err := excelize.OpenReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sheet := f.GetSheetName(0)
	rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil || rows[0][0] != document.FormMark {
		t.Fatalf("the marks are not there: %v %v", rows[:1], err)
	}
	if visible, _ := f.GetColVisible(sheet, "A"); visible {
		t.Error("the column of marks is seen")
	}
	result, plan := slices.Index(rows[0], "result=2023-H1"), slices.Index(rows[0], "plan=2023")
	if result < 0 || plan < 0 {
		t.Fatalf("the columns to fill are not marked: %v", rows[0])
	}
	want := map[string]float64{}
	prefilled := 0
	for i, row := range rows {
		if len(row) == 0 {
			continue
		}
		at := func(col int) string {
			name, err := excelize.CoordinatesToCellName(col+1, i+1)
			if err != nil {
				t.Fatal(err)
			}
			return name
		}
		mark, _, money := strings.Cut(row[0], "*")
		switch {
		case mark == "@number":
			f.SetCellStr(sheet, at(result), "12/BC-SKHCN")
		case mark == "@signed":
			f.SetCellValue(sheet, at(result), time.Date(2023, 6, 14, 0, 0, 0, 0, time.UTC))
		case mark == "@signer":
			f.SetCellStr(sheet, at(result), "Nguyễn Thử Nghiệm")
		case strings.Contains(mark, ".") && i > 0:
			if len(row) > result-1 && row[result-1] != "" {
				prefilled++
			}
			if i%3 == 0 { // left empty: not reported
				continue
			}
			value, scale := float64(i), 1.0
			if money {
				value, scale = value+0.853, 1e6
			}
			f.SetCellValue(sheet, at(result), value)
			want[mark+" result 2023-H1"] = float64(int64(value*scale + 0.5))
			if i%2 == 0 {
				f.SetCellValue(sheet, at(plan), 0)
				want[mark+" plan 2023"] = 0
			}
		}
	}
	if prefilled < 20 {
		t.Errorf("%d figures of the same period are prefilled", prefilled)
	}
	dir := t.TempDir()
	filled := filepath.Join(dir, "bieu-mau.xlsx")
	if err := f.SaveAs(filled); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("soffice", "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", filepath.Join(dir, "office"), filled).CombinedOutput()
	if err != nil {
		t.Fatalf("LibreOffice: %v %s", err, out)
	}
	check := func(name, number, signed, signer string, facts []extract.Fact) {
		t.Helper()
		got := map[string]float64{}
		for _, x := range facts {
			got[x.Code+" "+string(x.Kind)+" "+string(x.Period)] = x.Value
			if x.Confidence != 1 || x.Method != "cell" || x.Cell == "" {
				t.Errorf("%s: %+v", name, x)
			}
		}
		if len(facts) != len(want) {
			t.Errorf("%s: %d figures, want %d", name, len(facts), len(want))
		}
		for key, v := range want {
			if g, ok := got[key]; !ok || g != v {
				t.Errorf("%s: %s is %v (%v), want %v", name, key, g, ok, v)
			}
		}
		if number != "12/BC-SKHCN" || signed != "2023-06-14" || signer != "Nguyễn Thử Nghiệm" {
			t.Errorf("%s: %q %q %q", name, number, signed, signer)
		}
	}
	for _, path := range []string{filled, filepath.Join(dir, "office", "bieu-mau.xlsx")} {
		report, err := r.Read(t.Context(), path, "bieu-mau.xlsx", "", nil)
		if err != nil {
			t.Fatal(err)
		}
		if report.Issuer != body || report.Period != "2023-H1" || len(report.Warnings) > 0 {
			t.Errorf("%s: %q %q %v", path, report.Issuer, report.Period, report.Warnings)
		}
		check(path, report.Number, report.Signed, report.Signer, report.Facts)
	}
	id := send(t, s, filepath.Join(dir, "office", "bieu-mau.xlsx"))
	if x := filingOf(t, s, id); x.State != extract.Visible || x.ReadPeriod != "2023-H1" {
		t.Errorf("handed in: %+v", x)
	}
	ctx := browser(t)
	open(t, ctx, s.URL+"/bao-cao/"+id, "tr[data-fact]")
	if said := ask(t, ctx, chromedp.Text(".stage .tally")); !strings.Contains(said, "0 số máy chưa chắc") {
		t.Errorf("of a filled form the page says %q", said)
	}
	picture(t, ctx, "bieu-mau-da-dien")
	axe(t, ctx, "a filled form")
	if err := os.WriteFile(filepath.Join(t.ArtifactDir(), "bieu-mau.xlsx"), raw, 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestRunAgain sends reports that failed back to be read, several at once.
func TestRunAgain(t *testing.T) {
	s := site(t)
	a, b := settled(t, s, "hong-1.pdf", pdf+"1"), settled(t, s, "hong-2.pdf", pdf+"2")
	revs := map[string]uint64{a: filingOf(t, s, a).Rev, b: filingOf(t, s, b).Rev}
	ctx := browser(t)
	open(t, ctx, s.URL+"/bao-cao?state=failed", ".filings")
	picture(t, ctx, "khong-doc-duoc")
	axe(t, ctx, "/bao-cao?state=failed")
	do(t, ctx, chromedp.Click("form .button.main"), chromedp.WaitVisible(".notice[role=status]"))
	if said := ask(t, ctx, chromedp.Text(".notice[role=status]")); !strings.Contains(said, "2 báo cáo") {
		t.Errorf("after running again: %s", said)
	}
	for id, rev := range revs {
		untilFiling(t, s, id, "read again", func(f extract.Filing) bool { return f.Rev > rev && f.State == extract.Failed })
	}
	open(t, ctx, s.URL+"/bao-cao/"+a, ".steps .failed")
	picture(t, ctx, "bao-cao-hong")
	axe(t, ctx, "a failed report")
}

// TestStaffRights holds what staff do to the bodies that their roles are bound to.
func TestStaffRights(t *testing.T) {
	s, desk := siteWith(t, false)
	const own, other = "Sở Khoa học và Công nghệ tỉnh Mẫu", "Sở khác"
	clients := map[string]*http.Client{}
	for name, grants := range map[string][]access.Grant{"own": {{Role: access.Uploader, Body: own}}, "other": {{Role: access.Uploader, Body: other}}, "leader": {{Role: access.Leader, Body: "*"}}} {
		if _, err := desk.Add(t.Context(), name, "", password, grants); err != nil {
			t.Fatal(err)
		}
		clients[name] = browserOf(t)
		if code, _ := status(t, clients[name], "POST", s.URL+"/dang-nhap", url.Values{"name": {name}, "password": {password}}.Encode(), "Content-Type", "application/x-www-form-urlencoded"); code != http.StatusSeeOther {
			t.Fatalf("sign in as %s: %d", name, code)
		}
	}
	upload := func(who, name, content string) (int, string) {
		code, res := status(t, clients[who], "POST", s.URL+"/api/v1/reports?name="+name, content, "Content-Type", "application/octet-stream")
		return code, strings.TrimPrefix(res.Header.Get("Location"), "/api/v1/reports/")
	}
	_, id := upload("own", "a-2020.pdf", pdf+"2020")
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if code, _ := status(t, clients["other"], "GET", s.URL+"/bao-cao/"+id+"/tep", ""); code == http.StatusForbidden && time.Now().Before(deadline) {
			if code, _ := status(t, clients["own"], "GET", s.URL+"/bao-cao/"+id+"/tep", ""); code == http.StatusOK {
				break
			}
		}
		if time.Now().After(deadline) {
			t.Fatal("the report is not read")
		}
	}
	time.Sleep(500 * time.Millisecond) // until its body is known
	form := func(body string) string {
		return "/bieu-mau?" + url.Values{"don-vi": {body}, "ky": {"2021-H1"}}.Encode()
	}
	for _, c := range []struct {
		who, method, path, body string
		want                    int
	}{
		{"own", "GET", form(own), "", 200}, {"own", "GET", form(other), "", 403}, {"leader", "GET", form(own), "", 403}, {"own", "GET", "/bieu-mau?don-vi=" + url.QueryEscape(own) + "&ky=x", "", 400},
		{"other", "GET", "/bao-cao/" + id + "/trang/1", "", 403}, {"other", "GET", "/bao-cao/" + id + "/tep-ghi-chu", "", 403},
		{"other", "POST", "/bao-cao/chay-lai", "id=" + id, 303}, {"leader", "POST", "/bao-cao/chay-lai", "id=" + id, 403}, {"own", "POST", "/bao-cao/chay-lai", "", 400},
		{"other", "POST", "/api/v1/reports?name=b-2021.pdf&replaces=" + id, pdf + "other", 403}, {"own", "POST", "/api/v1/reports?name=b-2021.pdf&replaces=none", pdf + "b", 404},
		{"own", "POST", "/bao-cao/" + id + "/duyet", "what=approve", 403},
		{"other", "POST", "/bao-cao/" + id + "/quyet-dinh", "what=submit&reason=x", 403},
	} {
		if code, _ := status(t, clients[c.who], c.method, s.URL+c.path, c.body, "Content-Type", "application/x-www-form-urlencoded"); code != c.want {
			t.Errorf("%s: %s %s: %d, want %d", c.who, c.method, c.path, code, c.want)
		}
	}
	// Nobody is led to a page that refuses them.
	for who, led := range map[string]bool{"own": true, "leader": false} {
		for _, path := range []string{"/", "/bao-cao/" + id, "/ky/2031-H1"} {
			res, err := clients[who].Get(s.URL + path)
			if err != nil {
				t.Fatal(err)
			}
			page, err := io.ReadAll(res.Body)
			res.Body.Close()
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(page), `href="/nop`) != led {
				t.Errorf("%s on %s: led to the desk: %v", who, path, !led)
			}
		}
	}
	// A report may take the place only of one that the sender may correct.
	code, mine := upload("other", "c-2021.pdf", pdf+"c")
	if code != http.StatusAccepted {
		t.Fatalf("upload: %d", code)
	}
	if code, _ := status(t, clients["other"], "POST", s.URL+"/bao-cao/"+mine+"/quyet-dinh", url.Values{"what": {"replace"}, "target": {id}, "reason": {"x"}}.Encode(), "Content-Type", "application/x-www-form-urlencoded"); code != http.StatusForbidden {
		t.Errorf("another body's report was replaced: %d", code)
	}
}
