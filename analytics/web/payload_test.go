package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"soket/analytics/web"
	"soket/extract"
	"soket/extract/document"
	"soket/extract/indicator"
)

// payloads are a hundred texts that try to become something else on a page, in a table or in a file.
var payloads = func() (list []string) {
	list = append(list, "{{.Demo}}", "{{7*7}}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{{constructor.constructor('window.pwned=1')()}}", "[[${window.pwned=1}]]",
		"\u202egpj.exe", "\u2066abc\u2069\u202d", "\u200b\u200d\ufeff", "a\u0300\u0301\u0302", "&#x3c;script&#x3e;window.pwned=1&#x3c;/script&#x3e;", "%3Cscript%3Ewindow.pwned=1%3C/script%3E",
		`=HYPERLINK("http://x","y")`, `=cmd|' /C calc'!A0`, "+1+1", "-1+1", "@SUM(1,1)", "\t=1+1", "|=1", "'", `"`, "`", `\`, "<", "<!--", "-->", "]]>", "<![CDATA[", "<?php echo 1 ?>",
		"+ADw-script+AD4-window.pwned=1+ADw-/script+AD4-", "javascript:window.pwned=1", "JaVaScRiPt:window.pwned=1", "data:text/html,<script>window.pwned=1</script>", "vbscript:msgbox(1)",
		"../../../etc/passwd", "'; DROP TABLE commits; --", "{value:String}", "%s%n%x", "<style>*{display:none}</style>")
	for _, core := range []string{"<script>window.pwned=1</script>", "<img src=x onerror=window.pwned=1>", "<svg onload=window.pwned=1>", "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
		"<a href=javascript:window.pwned=1 autofocus onfocus=window.pwned=1>x</a>", "<details open ontoggle=window.pwned=1>", "<math><mtext></mtext><script>window.pwned=1</script></math>",
		"<base href=//x>", "<meta http-equiv=refresh content='0;url=javascript:window.pwned=1'>", "<object data=javascript:window.pwned=1></object>", "<form action=javascript:window.pwned=1><button autofocus>",
		"<link rel=stylesheet href=data:text/css,*{display:none}>"} {
		for _, before := range []string{"", `">`, `'>`, "</title></textarea></style></script>", "</svg></td></table>"} {
			list = append(list, before+core)
		}
	}
	return list
}()

// hostile reads a report that carries, wherever a document's words may stand, the payloads that its
// name numbers.
type hostile struct{ scripted }

const perReport = 10

func carried(n int) string { return strings.Join(payloads[n*perReport:(n+1)*perReport], " ") }

func (h hostile) Read(ctx context.Context, path, name string, period extract.Period, progress func(extract.Progress)) (*extract.Report, error) {
	r, err := h.scripted.Read(ctx, path, name, period, progress)
	var n int
	if _, serr := fmt.Sscanf(name, "hostile-%d", &n); err != nil || serr != nil {
		return r, err
	}
	text := carried(n)
	r.Number, r.Title, r.Issuer, r.Recipient, r.Signer, r.Engine = text, text, text, text, text, text
	r.Pages[0].Text, r.Pages[0].Why, r.Pages[0].Lines[0].Text = "Nghiệm thu "+text, text, text
	for i := range r.Facts {
		r.Facts[i].Quote, r.Facts[i].Rule = text, text
	}
	r.Facts[1].Sheet, r.Facts[1].Unit = text, text
	r.Findings[0].Expected, r.Findings[0].Found = text, text
	r.Warnings = append(r.Warnings, document.Warning{Code: "cell_error", Sheet: text, Cell: text, Detail: text})
	r.Blocks = append(r.Blocks, document.Block{Kind: document.TableBlock, Table: &document.Table{Sheet: text, Title: text, Unit: text,
		Rows: [][]document.Cell{{{Text: text, Ref: "A1", Rowspan: 1, Colspan: 1}, {Text: text, Ref: "B7", Rowspan: 1, Colspan: 1}}}}})
	r.Facts = append(r.Facts, extract.Fact{Code: "task.accepted", Value: float64(n), Unit: text, Period: "2020", Kind: indicator.Result, Sheet: text, Cell: "B7", Quote: text, Confidence: 0.5, Method: "cell"})
	return r, nil
}

// harm tells what on a page is not of our own making: something ran, or became an element or a link.
const harm = `(() => {
  if (window.pwned) return "it ran";
  if (getComputedStyle(document.querySelector("main")).display === "none") return "it hid the page";
  for (const e of document.querySelectorAll("*")) {
    for (const a of e.attributes) {
      if (a.name.startsWith("on")) return "a handler: " + e.outerHTML.slice(0, 200);
      if (["href", "src", "action", "data", "formaction", "xlink:href"].includes(a.name) && /^\s*(javascript|vbscript|data):/i.test(a.value)) return "a link: " + e.outerHTML.slice(0, 200);
    }
    if (["iframe", "object", "embed", "base", "math", "style"].includes(e.localName)) return "an element: " + e.outerHTML.slice(0, 200);
    if (e.localName === "script" && (!e.src.startsWith(location.origin + "/assets/") || e.textContent)) return "a script: " + e.outerHTML.slice(0, 200);
    if (e.localName === "meta" && e.httpEquiv === "refresh" && e.content.includes("javascript")) return "a refresh";
  }
  return "";
})()`

// TestPayloads shows a hundred texts that try to become something else, as names of files, titles,
// bodies, signers, text, sheet names, cells, quotes, names of views, notes, reasons and search terms, in
// a real browser: none runs and none becomes a part of the page.
func TestPayloads(t *testing.T) {
	if len(payloads) != 100 {
		t.Fatalf("%d payloads", len(payloads))
	}
	s, _, inbox := siteReading(t, web.Config{Demo: true}, hostile{})
	stay := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	form := func(path string, values url.Values) {
		t.Helper()
		res, err := stay.PostForm(s.URL+path, values)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode >= 400 {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
	}
	var paths, ids []string
	for n := range len(payloads) / perReport {
		_, answer := post(t, s, fmt.Sprintf("hostile-%d-2020.pdf", n), fmt.Sprintf("%s%d", pdf, n))
		ids = append(ids, answer["id"].(string))
	}
	for _, id := range ids {
		for state := extract.Accepted; state != extract.Visible; time.Sleep(20 * time.Millisecond) {
			f, _ := inbox.Filing(id)
			if state = f.State; state == extract.Failed || state == extract.Waiting {
				t.Fatalf("%s is %s: %s %s", f.File, state, f.Reason, f.Detail)
			}
		}
	}
	for n := range len(payloads) / perReport {
		text := carried(n)
		id := ids[n]
		paths = append(paths, "/bao-cao/"+id, "/tim?q="+url.QueryEscape(text), "/bao-cao?q="+url.QueryEscape(text), "/kham-pha?code=task.accepted&body="+url.QueryEscape(text), "/ky/2020-H1?body="+url.QueryEscape(text))
		if n%3 == 0 {
			form("/bao-cao/"+id+"/quyet-dinh", url.Values{"what": {"withdraw"}, "reason": {text}})
		}
	}
	names := 0
	for i, p := range payloads { // what a file's name may hold of it
		name := strings.NewReplacer("/", "", "\\", "").Replace(fmt.Sprintf("%d %s", i, p))
		if status, answer := post(t, s, name+"-2021.pdf", fmt.Sprintf("%sname%d", pdf, i)); status == http.StatusAccepted {
			names++
		} else if status != http.StatusBadRequest {
			t.Errorf("%q: %d %v", name, status, answer)
		}
		if strings.TrimSpace(p) != "" {
			form("/kham-pha", url.Values{"name": {p}, "query": {"code=task.accepted"}})
			form("/chi-tieu/task.accepted/ghi-chu", url.Values{"period": {"2020-H1"}, "text": {p}})
		}
	}
	paths = append(paths, "/", "/nop", "/bao-cao", "/bao-cao?state=withdrawn", "/can-xem", "/ky", "/ky/2020-H1", "/chi-tieu/task.accepted", "/kham-pha?code=task.accepted", "/tim?q=nghiem+thu", "/don-vi", "/hoan-thanh", "/quan-tri/nhat-ky")
	ctx := browser(t)
	for _, path := range paths {
		do(t, ctx, chromedp.Navigate(s.URL+path), chromedp.WaitVisible("main h1"))
		if what := ask(t, ctx, chromedp.Evaluate[string](harm)); what != "" {
			t.Errorf("%s: %s", path, what)
		}
	}
	t.Logf("%d payloads in every place, %d of them as names of files: %d pages, nothing ran", len(payloads), names, len(paths))
}
