package web_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"soket/analytics/web"
	"soket/analytics/web/access"
	"soket/extract"
)

// TestErase deletes a report as an administrator does: with a reason and a clear yes, by nobody else
// and on no other way, told in the trail before it is done, and gone from every page.
func TestErase(t *testing.T) {
	s, desk, inbox := siteOf(t, web.Config{})
	for name, grants := range map[string][]access.Grant{"quantri": {{Role: access.Administrator, Body: "*"}, {Role: access.Uploader, Body: "*"}},
		"duyet": {{Role: access.Approver, Body: "*"}, {Role: access.Uploader, Body: "*"}}} {
		if _, err := desk.Add(t.Context(), name, "", password, grants); err != nil {
			t.Fatal(err)
		}
	}
	admin, other := enter(t, s.URL, "quantri", password), enter(t, s.URL, "duyet", password)
	send := func() string {
		_, res := status(t, other, "POST", s.URL+"/api/v1/reports?name=a-2020.pdf", pdf+"2020", "Content-Type", "application/octet-stream")
		return strings.TrimPrefix(res.Header.Get("Location"), "/api/v1/reports/")
	}
	until := func(id string, state extract.State) {
		t.Helper()
		for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
			if f, ok := inbox.Filing(id); ok && f.State == state {
				return
			} else if time.Now().After(deadline) {
				t.Fatalf("the report is %s, not %s", f.State, state)
			}
		}
	}
	id := send()
	if id == "" {
		t.Fatal("not taken in")
	}
	until(id, extract.Visible)
	way := s.URL + "/bao-cao/" + id + "/xoa"
	sure := url.Values{"reason": {"nộp nhầm"}, "sure": {"yes"}}
	if code, _ := page(t, other, way, sure); code != http.StatusForbidden {
		t.Errorf("an approver deletes: %d", code)
	}
	for _, values := range []url.Values{{"sure": {"yes"}}, {"reason": {"nộp nhầm"}}, {"reason": {" "}, "sure": {"yes"}}} {
		if code, _ := page(t, admin, way, values); code != http.StatusBadRequest {
			t.Errorf("%v: %d", values, code)
		}
	}
	if code, _ := status(t, admin, "POST", s.URL+"/api/v1/reports/"+id+"/decisions", `{"what":"delete","reason":"x"}`, "Content-Type", "application/json"); code != http.StatusBadRequest {
		t.Errorf("as a decision: %d", code)
	}
	if code, _ := page(t, other, s.URL+"/bao-cao/"+id+"/quyet-dinh", url.Values{"what": {"delete"}, "reason": {"x"}}); code != http.StatusBadRequest {
		t.Errorf("as a decision on the page: %d", code)
	}
	if code, _ := page(t, admin, way, sure); code != http.StatusSeeOther {
		t.Errorf("an administrator deletes: %d", code)
	}
	until(id, extract.Deleted)
	for _, path := range []string{"/bao-cao/" + id, "/bao-cao/" + id + "/tep", "/bao-cao/" + id + "/xoa", "/api/v1/reports/" + id, "/api/v1/reports/" + id + "/original"} {
		if code, _ := status(t, admin, "GET", s.URL+path, ""); code != http.StatusGone {
			t.Errorf("%s of a deleted report: %d", path, code)
		}
	}
	for _, path := range []string{"/", "/bao-cao", "/ky/2020-H1", "/chi-tieu/task.accepted", "/tim?q=nghiem+thu", "/api/v1/facts", "/api/v1/trend", "/api/v1/reports"} {
		if _, text := read(t, admin, s.URL+path); strings.Contains(text, id) || strings.Contains(text, "a-2020.pdf") {
			t.Errorf("%s still shows it", path)
		}
	}
	list, err := inbox.Trail(t.Context(), 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	lines := 0
	for _, r := range list {
		if r.What == "delete" {
			lines++
			if r.By != "quantri" || r.Object != id || r.Detail != "nộp nhầm" {
				t.Errorf("the trail says %+v", r)
			}
		}
		if strings.Contains(r.Detail, "a-2020") && r.What == "upload" {
			t.Errorf("the trail keeps the file's name: %+v", r)
		}
	}
	if lines != 1 {
		t.Errorf("%d lines in the trail", lines)
	}
	if again := send(); again == "" || again == id {
		t.Errorf("the same file again is %q", again)
	} else {
		until(again, extract.Visible)
	}
}

// TestEraseInBrowser is the same by hand: the page says what goes and asks twice.
func TestEraseInBrowser(t *testing.T) {
	s := site(t)
	id := settled(t, s, "a-2020.pdf", pdf+"2020")
	ctx := browser(t)
	do(t, ctx, chromedp.Navigate(s.URL+"/bao-cao/"+id), chromedp.Click("details.decide summary"), chromedp.Click(`a[href$="/xoa"]`), chromedp.WaitVisible("form.erase"))
	picture(t, ctx, "xoa")
	axe(t, ctx, "/bao-cao/{id}/xoa")
	do(t, ctx, chromedp.SendKeys("form.erase input[name=reason]", "nộp nhầm"), chromedp.Click("form.erase button"))
	if at := ask(t, ctx, chromedp.Location()); !strings.HasSuffix(at, "/xoa") {
		t.Errorf("without the tick it went to %s", at)
	}
	do(t, ctx, chromedp.Click("form.erase input[name=sure]"), chromedp.Click("form.erase button"))
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		// The page renews itself, and is asked in the midst of that at times.
		said, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.querySelector("h1").textContent`))
		if err == nil && strings.Contains(said, "đã bị xóa hẳn") {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the page says %q, %v", said, err)
		}
	}
}

func read(t *testing.T, c *http.Client, address string) (int, string) {
	t.Helper()
	res, err := c.Get(address)
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
