package web_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"soket/extract"
	"soket/ingest"
)

// browser gives a tab of a real Chromium; it fails where none is installed (make test installs it).
// What the page's own scripts get wrong, and what the policy blocks, fails the test.
func browser(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := chromedp.NewContext(t.Context(), chromedp.WithAllocatorOptions(chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(1280, 900),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.Flag("disable-quic", true)))
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 5*time.Minute) // a journey takes a minute; machines are shared
	t.Cleanup(cancel)
	err := chromedp.Listen(ctx, func(ev any) {
		switch e := ev.(type) {
		case *runtime.EventExceptionThrown:
			t.Errorf("script failed: %s", e.ExceptionDetails.Text)
		case *runtime.EventConsoleAPICalled:
			if e.Type == "error" {
				t.Errorf("console: %v", e.Args)
			}
		}
	})
	if err != nil {
		t.Fatalf("Chromium does not start: %v", err)
	}
	return ctx
}

func do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

func ask[T any](t *testing.T, ctx context.Context, a chromedp.Action[T]) T {
	t.Helper()
	v, err := chromedp.Run(ctx, a)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// picture keeps what a page looks like, light, dark and narrow: go test -artifacts shows where.
func picture(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	for _, look := range []struct {
		name, scheme string
		width        int64
	}{{"light", "light", 1280}, {"dark", "dark", 1280}, {"narrow", "light", 390}} {
		if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: look.scheme}}}); err != nil {
			t.Fatal(err)
		}
		do(t, ctx, chromedp.EmulateViewport(look.width, 900))
		if err := os.WriteFile(filepath.Join(t.ArtifactDir(), name+"-"+look.name+".png"), ask(t, ctx, chromedp.FullScreenshot(100)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	do(t, ctx, chromedp.EmulateViewport(1280, 900))
}

// axe tells what WCAG 2.2 A and AA rules a page breaks, as axe-core sees it.
func axe(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	script, err := os.ReadFile("../../.cache/axe/node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatalf("axe-core is missing (make test installs it): %v", err)
	}
	// Evaluated by the browser's own protocol: the page's policy lets no script in.
	ask(t, ctx, chromedp.Evaluate[int](string(script)+";0"))
	broken := ask(t, ctx, chromedp.Evaluate[[]string](`axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}).then(r => r.violations.map(v => v.id + ": " + v.nodes.map(n => n.html).slice(0, 3).join(" | ")))`, chromedp.EvalAwaitPromise))
	for _, b := range broken {
		t.Errorf("%s: %s", name, b)
	}
}

// TestJourney is what a person does: hand in files, see them read, follow a figure to its place and
// back, see it in the trend and in the period, print, and be told what is wrong with a bad file.
func TestJourney(t *testing.T) {
	s := site(t)
	ctx := browser(t)
	dir := t.TempDir()
	write := func(name, content string) string {
		p := filepath.Join(dir, name)
		if err := os.WriteFile(p, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		return p
	}
	first := write("bao-cao-2020.pdf", pdf+"2020")
	do(t, ctx, chromedp.Navigate(s.URL+"/nop"), chromedp.WaitVisible("#file"))
	picture(t, ctx, "ban-tiep-nhan-trong")
	axe(t, ctx, "/nop")
	do(t, ctx, chromedp.SetUploadFiles("#file", []string{first, write("bao-cao-2021.pdf", pdf+"2021"), write("hong.pdf", pdf+"hong")}),
		chromedp.Click("#desk button"), chromedp.WaitVisible("#sending li:nth-child(3)"))
	ask(t, ctx, chromedp.Poll[bool](`document.querySelectorAll("#sending a.result").length === 3`))
	said := ask(t, ctx, chromedp.Text("#sending"))
	if !strings.Contains(said, "Tệp bị hỏng") || !strings.Contains(said, "Mở kết quả (3)") {
		t.Errorf("the desk says: %s", said)
	}
	picture(t, ctx, "ban-tiep-nhan")

	// The same file again is known before it is sent.
	do(t, ctx, chromedp.SetUploadFiles("#file", []string{first}), chromedp.Click("#desk button"), chromedp.WaitVisible("#sending li:nth-child(4) a"))
	said = ask(t, ctx, chromedp.Text("#sending li:nth-child(4)"))
	if !strings.Contains(said, "đã được nộp lúc") {
		t.Errorf("a known file: %s", said)
	}

	// One that is too large is told before it is sent.
	large := write("lon.pdf", pdf)
	if err := os.Truncate(large, ingest.MaxUploadBytes+1); err != nil {
		t.Fatal(err)
	}
	do(t, ctx, chromedp.SetUploadFiles("#file", []string{large}), chromedp.Click("#desk button"), chromedp.WaitVisible("#sending li.failed:nth-child(5)"))
	said = ask(t, ctx, chromedp.Text("#sending li:nth-child(5)"))
	if !strings.Contains(said, extract.Verdicts["too_large"].VI+" Mỗi tệp tối đa 256 MB.") || !strings.Contains(said, extract.Verdicts["too_large"].VIDo) {
		t.Errorf("a file that is too large: %s", said)
	}

	// From the file to a figure, from the figure to its place, and on with the keyboard.
	do(t, ctx, chromedp.Click("#sending li:nth-child(1) a.result"), chromedp.WaitVisible("tr[data-fact]"), chromedp.Click(`tr[data-fact="0"] a[href="#cho-0"]`),
		chromedp.WaitVisible("#cho-0.on rect"))
	hash := ask(t, ctx, chromedp.Location())
	if !strings.HasSuffix(hash, "#cho-0") {
		t.Errorf("the figure's place: %s", hash)
	}
	// The least sure figure comes first, so after the first one of the text is the third.
	do(t, ctx, chromedp.KeyEvent("j"), chromedp.WaitVisible(`tr[data-fact="2"].on`), chromedp.KeyEvent("k"), chromedp.WaitVisible(`tr[data-fact="0"].on`))
	picture(t, ctx, "bao-cao")
	axe(t, ctx, "/bao-cao/…")

	// A long list of indicators is sifted, with or without marks, and Enter sends nothing.
	do(t, ctx, chromedp.Navigate(s.URL+"/kham-pha"), chromedp.WaitVisible(".sift input"))
	axe(t, ctx, "/kham-pha")
	do(t, ctx, chromedp.SendKeys(".sift input", "nghiem thu\r"))
	seen := ask(t, ctx, chromedp.Evaluate[[]string](`[...document.querySelectorAll(".picker .check input")].filter((x) => x.checkVisibility()).map((x) => x.value)`))
	if len(seen) != 1 || seen[0] != "task.accepted" {
		t.Errorf("sifted by “nghiem thu”: %v", seen)
	}

	// Its trend, where a point leads back to the source.
	do(t, ctx, chromedp.Navigate(s.URL+"/chi-tieu/task.accepted"), chromedp.WaitVisible("svg.chart"))
	label := ask(t, ctx, chromedp.AttributeValue("svg.chart a", "aria-label")).Value
	if !strings.Contains(label, "6 tháng đầu năm 2020: 10 nhiệm vụ") {
		t.Errorf("a point says %q", label)
	}
	picture(t, ctx, "chi-tieu")
	axe(t, ctx, "/chi-tieu/…")
	ask(t, ctx, chromedp.Evaluate[bool](`document.querySelector("svg.chart a").dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true}))`))
	do(t, ctx, chromedp.WaitVisible("dialog[open] .evidence svg rect.fact"))
	picture(t, ctx, "can-cu")
	axe(t, ctx, "a figure's proof")
	do(t, ctx, chromedp.Click("dialog[open] a.primary"), chromedp.WaitVisible(`tr[data-fact="0"].on`))

	// The period on paper.
	do(t, ctx, chromedp.Navigate(s.URL+"/ky/2021-H1"), chromedp.WaitVisible("table.summary"))
	picture(t, ctx, "ky-bao-cao")
	axe(t, ctx, "/ky/2021-H1")
	paper := ask(t, ctx, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize()))
	if err := os.WriteFile(filepath.Join(t.ArtifactDir(), "ky-bao-cao.pdf"), paper, 0o644); err != nil {
		t.Fatal(err)
	}
	found := ask(t, ctx, chromedp.Evaluate[string](`fetch("/tim?q=nghiem+thu").then(r => r.text()).then(h => new DOMParser().parseFromString(h, "text/html").querySelector(".hits a").getAttribute("href"))`, chromedp.EvalAwaitPromise))
	for name, path := range map[string]string{"tong-quan": "/", "danh-sach": "/bao-cao", "can-xem": "/can-xem", "cac-chi-tieu": "/chi-tieu", "tim-kiem": "/tim?q=nghiem+thu", "trang-tim-thay": found, "khong-co": "/khong-co"} {
		do(t, ctx, chromedp.Navigate(s.URL+path), chromedp.WaitVisible("main h1"))
		picture(t, ctx, name)
		axe(t, ctx, path)
	}

	// In English by a switch, which stays.
	do(t, ctx, chromedp.Navigate(s.URL+"/bao-cao"), chromedp.Click(".language button"), chromedp.WaitVisible(`html[lang=en] h1`))
	title := ask(t, ctx, chromedp.Text("h1"))
	if title != "Reports" {
		t.Errorf("in English the list is called %q", title)
	}
}
