package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// tour is a person at a real browser before the real program.
type tour struct {
	t   *testing.T
	ctx context.Context
	url string
}

// guideWidth and guideHeight are the window of the guide's pictures; guideQuality is where their compression begins, guideBytes what one may have.
const (
	guideWidth, guideHeight = 1120, 720
	guideQuality            = 42
	guideBytes              = 60 << 10
)

func begin(t *testing.T, url string) *tour {
	t.Helper()
	ctx, cancel := chromedp.NewContext(t.Context(), chromedp.WithAllocatorOptions(chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(guideWidth, guideHeight),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.Flag("disable-quic", true)))
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 8*time.Minute)
	t.Cleanup(cancel)
	if err := chromedp.Listen(ctx, func(ev any) {
		if e, ok := ev.(*runtime.EventExceptionThrown); ok {
			t.Errorf("script failed: %s", e.ExceptionDetails.Text)
		}
	}); err != nil {
		t.Fatalf("Chromium does not start: %v", err)
	}
	x := &tour{t, ctx, url}
	x.do(chromedp.EmulateViewport(guideWidth, guideHeight))
	return x
}

func (x *tour) do(steps ...chromedp.Action[chromedp.Void]) {
	x.t.Helper()
	if err := chromedp.Do(x.ctx, steps...); err != nil {
		x.t.Fatal(err)
	}
}

func (x *tour) open(path, until string) {
	x.t.Helper()
	x.do(chromedp.Navigate(x.url+path), chromedp.WaitVisible(until))
}

// says fails where a part of the page lacks words.
func (x *tour) says(where string, words ...string) {
	x.t.Helper()
	text, err := chromedp.Run(x.ctx, chromedp.Text(where))
	if err != nil {
		x.t.Fatal(err)
	}
	for _, w := range words {
		if !strings.Contains(text, w) {
			x.t.Errorf("%s does not say %q but: %.600s", where, w, text)
		}
	}
}

// top brings a part of the page to the window's top.
func (x *tour) top(part string) {
	x.t.Helper()
	if _, err := chromedp.Run(x.ctx, chromedp.Evaluate[bool](`(document.querySelector(`+strconv.Quote(part)+`).scrollIntoView(), true)`)); err != nil {
		x.t.Fatal(err)
	}
}

// picture keeps what the window shows: for the guide where SOKET_GUIDE names its folder.
func (x *tour) picture(name string) {
	x.t.Helper()
	var shot page.CaptureScreenshotResult
	for quality := int64(guideQuality); ; quality -= 8 { // a page full of words takes more
		var err error
		if shot, err = chromedp.Call(x.ctx, page.CaptureScreenshot, page.CaptureScreenshotParams{Format: page.CaptureScreenshotFormatWebp, Quality: &quality}); err != nil {
			x.t.Fatal(err)
		}
		if len(shot.Data) <= guideBytes || quality < 16 {
			break
		}
	}
	dir := os.Getenv("SOKET_GUIDE")
	if dir == "" {
		dir = x.t.ArtifactDir()
	}
	if err := os.WriteFile(filepath.Join(dir, name+".webp"), shot.Data, 0o644); err != nil {
		x.t.Fatal(err)
	}
	if len(shot.Data) > guideBytes {
		x.t.Errorf("the picture %s has %d bytes", name, len(shot.Data))
	}
}

// TestJourneysOnRealFiles walks the journeys of staff, leadership and analysts over the sample
// reports, in a real browser before the real program. Its pictures are those of the user guide
// (make guide).
func TestJourneysOnRealFiles(t *testing.T) {
	p := launch(t, "up", "--demo", "--data", t.TempDir(), "--listen", "127.0.0.1:0", "--sql-listen", "127.0.0.1:0")
	samples, err := filepath.Glob("../../samples/*-*.*")
	if err != nil || len(samples) < 16 {
		t.Fatal(samples, err)
	}
	for i := range samples {
		if samples[i], err = filepath.Abs(samples[i]); err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(samples)
	x := begin(t, p.page)

	// Staff: hand the files in, see them read.
	x.open("/nop", "#file")
	x.do(chromedp.SetUploadFiles("#file", samples), chromedp.Click("#desk button"), chromedp.WaitVisible(fmt.Sprintf("#sending li:nth-child(%d)", min(2, len(samples)))))
	if _, err := chromedp.Run(x.ctx, chromedp.Poll[bool](fmt.Sprintf(`document.querySelectorAll("#sending li a").length === %d`, len(samples)), chromedp.WithPollingTimeout(3*time.Minute))); err != nil {
		t.Fatal(err)
	}
	// The desk links to a report as soon as it is received; the figures are there when it is read.
	for deadline := time.Now().Add(4 * time.Minute); ; time.Sleep(200 * time.Millisecond) {
		var read struct{ Reports []struct{ ID string } }
		if p.get(t, "/api/v1/reports?limit=50&state=visible", &read); len(read.Reports) == len(samples) {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("only %d of %d samples are read", len(read.Reports), len(samples))
		}
	}
	x.do(chromedp.ScrollIntoView("#desk"))
	x.picture("nop-bao-cao")
	var report string
	for _, f := range []string{"Mẫu-Sơn-Trà-2024-6-tháng.pdf"} {
		var answer struct {
			Reports []struct{ ID, File string }
		}
		p.get(t, "/api/v1/reports?limit=50", &answer)
		for _, r := range answer.Reports {
			if r.File == f {
				report = r.ID
			}
		}
	}
	if report == "" {
		t.Fatal("the report of Sơn Trà is not in the list")
	}
	x.open("/bao-cao/"+report, "tr[data-fact]")
	x.do(chromedp.KeyEvent("j"), chromedp.KeyEvent("j"), chromedp.WaitVisible(`tr[data-fact].on`))
	x.picture("doi-chieu")

	// Leadership: the newest period first, what stands out, who has not reported; a figure proves itself.
	x.open("/", ".keys")
	x.says("main", "6 tháng đầu năm 2024", "6/8 đơn vị đã nộp", "6 tạm tính", "Chưa nộp: Sở Khoa học và Công nghệ thành phố Hải Vân", "so với cùng kỳ năm trước")
	x.picture("tong-quan")
	x.do(chromedp.Click(".says li a[href*='#so-']"), chromedp.WaitVisible("dialog[open] .evidence"))
	x.says("dialog", "Căn cứ của con số", "ký ngày", "độ tin cậy", "Chưa có người xác nhận")
	x.picture("can-cu")
	x.open("/ky/2024-H1", "table.summary")
	x.picture("ky-bao-cao")
	x.do(chromedp.Click("#nop details summary"), chromedp.WaitVisible("#loi-nhac"), chromedp.ScrollIntoView("#nop"))
	x.picture("nhac-nop")
	x.do(chromedp.Click("#nop details form button:not([type=button])"), chromedp.WaitVisible("#nop .none"))
	x.says("#nop", "đã nhắc")
	for _, format := range []string{"docx", "xlsx", "pdf"} {
		res, err := http.Get(p.page + "/ky/2024-H1/tep/" + format)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusOK {
			t.Errorf("the period as %s: %d", format, res.StatusCode)
		}
	}

	// Analysts: a trend, two periods side by side, words in all reports, who owes what.
	x.open("/chi-tieu/finance.disbursed_vnd", "svg.chart")
	x.says("figure.view", "Kinh phí đã giải ngân", "so với cùng kỳ năm trước", "Nguồn:")
	x.top("figure.view")
	x.picture("xu-huong")
	x.open("/kham-pha?code=task.accepted&code=ip.trademark_applications&a=2023-H1&b=2024-H1", "svg.chart")
	x.says("main", "Hai kỳ cạnh nhau")
	x.top("main section h2")
	x.picture("kham-pha")
	x.open("/tim?q=nghiem+thu", ".hits")
	x.says(".hits", "nghiệm thu")
	x.picture("tim-kiem")
	x.do(chromedp.Click(".hits li:nth-child(2) a"), chromedp.WaitVisible("svg rect.fact"))
	x.picture("trang-tim-thay")
	x.open("/don-vi", ".notice")
	x.do(chromedp.Click(`.notice form button[class="button"]`), chromedp.WaitVisible(`tr[id^="so-"]`)) // the list has it: the form is through
	x.open("/hoan-thanh", "table.board")
	x.picture("theo-doi")

	// Reading needs no scripts.
	if _, err := chromedp.Call(x.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	for path, until := range map[string]string{"/": ".keys", "/ky/2024-H1": "table.summary", "/chi-tieu/task.accepted": "svg.chart", "/tim?q=nghiem+thu": ".hits", "/bao-cao/" + report: "tr[data-fact]", "/bao-cao/" + report + "/so/1": ".evidence"} {
		res, err := http.Get(p.page + path)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		x.do(chromedp.Navigate(x.url+path), chromedp.WaitReady(until))
	}
}
