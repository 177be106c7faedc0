package web_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/xuri/excelize/v2"

	"soket/analytics/web"
	"soket/extract"
	"soket/ingest"
)

func TestPeriodPapers(t *testing.T) {
	s := site(t)
	settled(t, s, "a-2020.pdf", pdf+"2020")
	settled(t, s, "a-2021.pdf", pdf+"2021")
	res, err := http.PostForm(s.URL+"/chi-tieu/task.accepted/ghi-chu", url.Values{"period": {"2021-H1"}, "text": {"Tăng vì <b>dồn nghiệm thu</b>"}})
	if err != nil || res.StatusCode >= 400 {
		t.Fatal(res, err)
	}
	res.Body.Close()
	if _, text := get(t, s, "/ky/2021-H1"); !strings.Contains(text, "Tăng vì &lt;b&gt;dồn nghiệm thu&lt;/b&gt; (") {
		t.Error("a note on a figure is not shown")
	}
	if _, text := get(t, s, "/ky/2021-H1?luc=2001-01-01"); strings.Contains(text, "dồn nghiệm thu") {
		t.Error("a note is shown before it was written")
	}
	for format, begins := range map[string]string{"docx": "PK", "xlsx": "PK", "pdf": "%PDF-"} {
		res, err := http.Get(s.URL + "/ky/2021-H1/tep/" + format)
		if err != nil {
			t.Fatal(err)
		}
		var body bytes.Buffer
		body.ReadFrom(res.Body)
		res.Body.Close()
		if res.StatusCode != http.StatusOK || !strings.HasPrefix(body.String(), begins) || !strings.Contains(res.Header.Get("Content-Disposition"), "ket-qua-2021-H1."+format) {
			t.Errorf("%s: %d %q", format, res.StatusCode, res.Header.Get("Content-Disposition"))
		}
		if format != "xlsx" {
			continue
		}
		f, err := excelize.OpenReader(&body)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := f.GetRows("PHỤ LỤC", excelize.Options{RawCellValue: true})
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		var found bool
		for _, row := range rows {
			if len(row) > 0 && row[0] == "Nhiệm vụ KH&CN được nghiệm thu" {
				found = true
				if strings.Join(row, "|") != "Nhiệm vụ KH&CN được nghiệm thu|nhiệm vụ|1|12|10|20|…|…|…|…" {
					t.Errorf("the row: %q", row)
				}
			}
		}
		if !found {
			t.Errorf("no row of the indicator: %q", rows)
		}
	}
	if status, text := get(t, s, "/ky/2019-Q3"); status != http.StatusOK || !strings.Contains(text, `<option value="2019-Q3" selected>`) || !strings.Contains(text, "Chưa có báo cáo nào của kỳ này") {
		t.Errorf("a period that nobody reported for: %d", status)
	}
	if status, _ := get(t, s, "/ky/2021-H1/tep/exe"); status != http.StatusNotFound {
		t.Errorf("an unknown format: %d", status)
	}
	if status, text := get(t, s, "/ky/2021-H1/cong/task.accepted"); status != http.StatusOK || !strings.Contains(text, "Sở Khoa học và Công nghệ tỉnh Mẫu") || !strings.Contains(text, "có ở cả kỳ này và cùng kỳ (1)") || !strings.Contains(text, "&#43;20,0%") {
		t.Errorf("what a figure is made of: %d", status)
	}
	if status, _ := get(t, s, "/ky/2021-H1/cong/khong.co"); status != http.StatusNotFound {
		t.Errorf("parts of nothing: %d", status)
	}
}

// TestPeriodOfSeveralYears follows the first page to a period with a slash in its name.
func TestPeriodOfSeveralYears(t *testing.T) {
	s := site(t)
	res, err := http.Post(s.URL+"/api/v1/reports?name=a-2020.pdf&period=2016%2F2020", "application/octet-stream", strings.NewReader(pdf+"2020"))
	if err != nil || res.StatusCode != http.StatusAccepted {
		t.Fatal(res, err)
	}
	res.Body.Close()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if _, text := get(t, s, "/api/v1/reports"); strings.Contains(text, `"state":"visible"`) {
			break
		}
	}
	if _, text := get(t, s, "/"); !strings.Contains(text, `href="/ky/2016%2F2020"`) {
		t.Error("the first page does not lead to the period")
	}
	if status, text := get(t, s, "/ky/2016%2F2020"); status != http.StatusOK || !strings.Contains(text, "giai đoạn 2016–2020") {
		t.Errorf("the period: %d", status)
	}
}

func TestPeriodWithoutBrowser(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	s := site(t)
	settled(t, s, "a-2021.pdf", pdf+"2021")
	if status, text := get(t, s, "/ky/2021-H1/tep/pdf"); status != http.StatusNotImplemented || !strings.Contains(text, "Chromium") || !strings.Contains(text, "Lưu thành PDF") {
		t.Errorf("without Chromium: %d %s", status, text)
	}
}

// TestPeriodAsItStood follows the fixed link of a page over a later change.
func TestPeriodAsItStood(t *testing.T) {
	s := site(t)
	id := settled(t, s, "a-2021.pdf", pdf+"2021")
	then := time.Now().Add(time.Second)
	time.Sleep(time.Until(then.Add(100 * time.Millisecond))) // the link counts in seconds
	res, err := http.PostForm(s.URL+"/bao-cao/"+id+"/quyet-dinh", url.Values{"what": {"withdraw"}, "reason": {"nộp nhầm"}})
	if err != nil || res.StatusCode >= 400 {
		t.Fatal(res, err)
	}
	res.Body.Close()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if _, text := get(t, s, "/ky/2021-H1"); strings.Contains(text, "Chưa có báo cáo nào của kỳ này") {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the withdrawn report still counts")
		}
	}
	at := "/ky/2021-H1?luc=" + url.QueryEscape(then.Format(time.RFC3339))
	if status, text := get(t, s, at); status != http.StatusOK || !strings.Contains(text, "Số liệu như đã có lúc") || !strings.Contains(text, ">12</a>") || !strings.Contains(text, "1/1 đơn vị đã nộp") {
		t.Errorf("as it stood: %d %s", status, text)
	}
	if _, text := get(t, s, "/ky/2021-H1?luc=2001-01-01"); !strings.Contains(text, "chỉ giữ lịch sử từ") {
		t.Errorf("before the history: %s", text)
	}
	if status, _ := get(t, s, "/ky/2021-H1?luc=hom-qua"); status != http.StatusBadRequest {
		t.Errorf("no moment: %d", status)
	}
}

// TestPeriodJourney is what a leader does: opens the period, follows a sentence to its source, sees
// what a figure is made of, and looks at it in English.
func TestPeriodJourney(t *testing.T) {
	s := site(t)
	settled(t, s, "a-2020.pdf", pdf+"2020")
	settled(t, s, "a-2021.pdf", pdf+"2021")
	ctx := browser(t)
	do(t, ctx, chromedp.Navigate(s.URL+"/ky"), chromedp.WaitVisible("table.summary"))
	if at := ask(t, ctx, chromedp.Location()); !strings.HasSuffix(at, "/ky/2021-H1") {
		t.Errorf("the period opens at %s", at)
	}
	if said := ask(t, ctx, chromedp.Text(".says")); !strings.Contains(said, "Nhiệm vụ KH&CN được nghiệm thu: 12 nhiệm vụ, tăng 20% so với cùng kỳ năm trước (10 nhiệm vụ).") {
		t.Errorf("what stands out: %s", said)
	}
	do(t, ctx, chromedp.Click(".says li.rise a"), chromedp.WaitVisible("dialog[open] .evidence"), chromedp.Click("dialog[open] a.primary"), chromedp.WaitVisible(`tr[data-fact="0"]`))
	do(t, ctx, chromedp.Navigate(s.URL+"/ky/2021-H1/cong/task.accepted"), chromedp.WaitVisible("table.summary"))
	picture(t, ctx, "ky-cach-cong")
	axe(t, ctx, "/ky/…/cong/…")
	do(t, ctx, chromedp.Navigate(s.URL+"/ky/2021-H1?luc=2001-01-01"), chromedp.WaitVisible(".notice"))
	picture(t, ctx, "ky-truoc-lich-su")
	axe(t, ctx, "/ky/…?luc=…")
	// Whatever the width: no field stands over the next one, and no page is wider than its window.
	for _, path := range []string{"/ky/2021-H1", "/bao-cao", "/chi-tieu/task.accepted", "/tim"} {
		do(t, ctx, chromedp.Navigate(s.URL+path), chromedp.WaitVisible("form.filters, form.search"))
		for _, width := range []int64{390, 820, 1120} {
			do(t, ctx, chromedp.EmulateViewport(width, 900))
			wrong := ask(t, ctx, chromedp.Evaluate[[]string](`[...document.querySelectorAll(".filters label > :not([type=checkbox])")].filter((x) => x.getBoundingClientRect().right > x.parentElement.getBoundingClientRect().right + 1 || x.offsetWidth < 60).map((x) => x.outerHTML.slice(0, 60))
				.concat(document.documentElement.scrollWidth > innerWidth ? ["the page is " + document.documentElement.scrollWidth + " wide"] : [])`))
			for _, x := range wrong {
				t.Errorf("%s, %d wide: %s", path, width, x)
			}
		}
	}
	do(t, ctx, chromedp.EmulateViewport(1280, 900))
	do(t, ctx, chromedp.Navigate(s.URL+"/ky/2021-H1"), chromedp.Click(".language button"), chromedp.WaitVisible(`html[lang=en] .says`))
	if said := ask(t, ctx, chromedp.Text(".says")); !strings.Contains(said, "12 tasks, up 20% on the same period last year") {
		t.Errorf("in English: %s", said)
	}
}

// TestPeriodClose closes a period, changes a report after it, and finds the close announced as it
// stood, with what changed since.
func TestPeriodClose(t *testing.T) {
	s, _, inbox := siteOf(t, web.Config{Demo: true})
	closeAt := func(day string) (int, string) {
		res, err := http.PostForm(s.URL+"/ky/2021-H1/chot", url.Values{"ngay": {day}, "gio": {"17:00"}})
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		text, _ := io.ReadAll(res.Body)
		return res.StatusCode, string(text)
	}
	yesterday := time.Now().AddDate(0, 0, -1)
	if status, text := closeAt(yesterday.Format(time.DateOnly)); status != http.StatusUnprocessableEntity || !strings.Contains(text, "Chưa có báo cáo nào trong số liệu.") {
		t.Errorf("closed before there was anything: %d %s", status, text)
	}
	id := settled(t, s, "a-2021.pdf", pdf+"2021")
	for day, want := range map[string]string{"31/12/2020": "6 tháng đầu năm 2021 bắt đầu từ ngày 01/01/2021.", yesterday.Format(time.DateOnly): "Hệ thống có số liệu từ lúc " + time.Now().Format("02/01/2006")} {
		if status, text := closeAt(day); status != http.StatusUnprocessableEntity || !strings.Contains(text, want) || !strings.Contains(text, extract.Verdicts["close_early"].VIDo) {
			t.Errorf("closed on %s: %d %s", day, status, text)
		}
	}
	post := func(path string, form url.Values) {
		t.Helper()
		res, err := http.PostForm(s.URL+path, form)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode >= 400 {
			t.Fatalf("%s: %d", path, res.StatusCode)
		}
	}
	tomorrow := time.Now().AddDate(0, 0, 1)
	post("/ky/2021-H1/chot", url.Values{"ngay": {tomorrow.Format(time.DateOnly)}, "gio": {"17:00"}})
	if _, text := get(t, s, "/ky/2021-H1"); !strings.Contains(text, "Số liệu kỳ này sẽ chốt lúc "+tomorrow.Format("02/01/2006")+" 17:00") {
		t.Error("the close to come is not told")
	}
	if _, feed := get(t, s, "/ky/cong-bo.atom"); strings.Contains(feed, "<entry>") {
		t.Errorf("announced before its time: %s", feed)
	}
	// A close counts in minutes; this one was yesterday, in a database that was lost since.
	records, err := ingest.OpenBucket(t.Context(), inbox.JetStream(), "records", 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	_, rev, _, err := records.Get(t.Context(), "closes")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(yesterday.Year(), yesterday.Month(), yesterday.Day(), 17, 0, 0, 0, time.Local)
	var packed bytes.Buffer
	pack := gzip.NewWriter(&packed)
	fmt.Fprintf(pack, `[{"period": "2021-H1", "at": %q}]`, at.Format(time.RFC3339))
	pack.Close()
	if ok, err := records.Update(t.Context(), "closes", packed.Bytes(), rev); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if _, text := get(t, s, "/ky/2021-H1"); !strings.Contains(text, "Số liệu đã chốt lúc "+yesterday.Format("02/01/2006")+" 17:00") ||
		!strings.Contains(text, "Từ khi chốt, 1 chỉ tiêu có thay đổi") || !strings.Contains(text, "Nhiệm vụ KH&amp;CN được nghiệm thu: … → ") {
		t.Errorf("what changed since the close is not told: %s", text)
	}
	_, feed := get(t, s, "/ky/cong-bo.atom")
	if !strings.Contains(feed, "<entry>") || !strings.Contains(feed, "/ky/2021-H1/tep/docx?luc=") || strings.Contains(feed, id) {
		t.Errorf("the feed: %s", feed)
	}
	post("/ky/2021-H1/chot", url.Values{"ngay": {""}})
	if _, text := get(t, s, "/ky/2021-H1"); strings.Contains(text, "đã chốt lúc") {
		t.Error("the close is still there")
	}
}

// TestRemind finds the words for who has not reported, and keeps that they were reminded.
func TestRemind(t *testing.T) {
	s := site(t)
	settled(t, s, "a-2020.pdf", pdf+"2020")
	_, text := get(t, s, "/ky/2021-H1")
	wants(t, "the period", text, "Chưa nộp: Sở Khoa học và Công nghệ tỉnh Mẫu", "0/1 đơn vị đã nộp báo cáo 6 tháng đầu năm 2021", s.URL+"/nop")
	if status, _ := form(t, s, "/ky/2021-H1/nhac"); status != http.StatusBadRequest {
		t.Errorf("a reminder of nobody: %d", status)
	}
	status, text := form(t, s, "/ky/2021-H1/nhac", "body", "Sở Khoa học và Công nghệ tỉnh Mẫu")
	if status != http.StatusOK {
		t.Fatalf("reminded: %d", status)
	}
	wants(t, "after the reminder", text, "đã nhắc "+time.Now().Format("02/01/2006"))
	settled(t, s, "a-2021.pdf", pdf+"2021")
	if _, text := get(t, s, "/ky/2021-H1"); strings.Contains(text, "đã nhắc") {
		t.Error("who has reported is still reminded")
	}
}
