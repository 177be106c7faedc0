package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"soket/extract"
)

// TestCheckingFigures is the work at the desk after reading: with the keyboard a person confirms,
// rejects and corrects; submits with a reason; the report is approved; the trend has the corrected
// value, and the correction stays when the file is read again.
func TestCheckingFigures(t *testing.T) {
	s := site(t)
	res, err := http.Post(s.URL+"/api/v1/reports?name=a-2020.pdf", "application/octet-stream", strings.NewReader(pdf+"2020"))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	id := strings.TrimPrefix(res.Header.Get("Location"), "/api/v1/reports/")
	filing := func() (f extract.Filing) {
		res, err := http.Get(s.URL + "/api/v1/reports/" + id)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		if err := json.NewDecoder(res.Body).Decode(&f); err != nil {
			t.Fatal(err)
		}
		return f
	}
	until := func(what string, good func(extract.Filing) bool) {
		t.Helper()
		for deadline := time.Now().Add(30 * time.Second); !good(filing()); time.Sleep(50 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("never %s: %+v", what, filing())
			}
		}
	}
	settled := func(n int) func(extract.Filing) bool {
		return func(f extract.Filing) bool { return f.State == extract.Visible && len(f.Judgements) == n }
	}
	until("read", settled(0))
	ctx := browser(t)
	do(t, ctx, chromedp.Navigate(s.URL+"/bao-cao/"+id), chromedp.WaitVisible("tr[data-fact]"))
	picture(t, ctx, "ra-soat")
	axe(t, ctx, "/bao-cao/"+id)
	// j goes to the first figure, Enter confirms it; the next is rejected with a reason.
	do(t, ctx, chromedp.KeyEvent("j"), chromedp.WaitVisible("tr[data-fact].on"), chromedp.KeyEvent("\r"), chromedp.WaitVisible("tr.judged"))
	until("confirmed", settled(1))
	do(t, ctx, chromedp.KeyEvent("x"), chromedp.SendKeys("#judge [name=reason]", "của kỳ khác\r"), chromedp.WaitVisible("tr.gone"))
	until("rejected", settled(2))
	do(t, ctx, chromedp.KeyEvent("e"), chromedp.SetValue("#judge [name=value]", "1,234 nghìn"), chromedp.SendKeys("#judge [name=value]", "\r"),
		chromedp.WaitVisible("#judge [name=reason]:focus"), chromedp.SendKeys("#judge [name=reason]", "gõ nhầm\r")) // Enter asks for the reason first
	until("corrected", settled(3))
	var corrected extract.Judgement
	for _, j := range filing().Judgements {
		if j.Verdict == extract.Corrected {
			corrected = j
		}
	}
	if corrected.Now == nil || corrected.Now.Value != 1234 || corrected.Reason != "gõ nhầm" || corrected.By != "demo" {
		t.Fatalf("the ledger has %+v", filing().Judgements)
	}
	value := func() float64 {
		res, err := http.Get(s.URL + "/api/v1/facts?report=" + id + "&code=" + corrected.Now.Code)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		var x struct{ Facts []struct{ Value float64 } }
		if err := json.NewDecoder(res.Body).Decode(&x); err != nil {
			t.Fatal(err)
		}
		for _, f := range x.Facts {
			if f.Value == 1234 {
				return f.Value
			}
		}
		return 0
	}
	if got := value(); got != 1234 {
		t.Errorf("the figures have %v", got)
	}
	decide := func(path string, form url.Values, want int) {
		t.Helper()
		c := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		res, err := c.PostForm(s.URL+"/bao-cao/"+id+path, form)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%s %v: %d, want %d", path, form, res.StatusCode, want)
		}
	}
	decide("/duyet", url.Values{"what": {"approve"}}, http.StatusConflict) // not submitted yet
	decide("/quyet-dinh", url.Values{"what": {"submit"}}, http.StatusSeeOther)
	until("submitted", func(f extract.Filing) bool { return f.State == extract.Visible && f.Stage.Value == extract.Submitted })
	decide("/duyet", url.Values{"what": {"return"}}, http.StatusBadRequest) // without a reason
	decide("/duyet", url.Values{"what": {"approve"}}, http.StatusSeeOther)
	until("approved", func(f extract.Filing) bool { return f.State == extract.Visible && f.Stage.Value == extract.Approved })
	do(t, ctx, chromedp.Navigate(s.URL+"/bao-cao/"+id), chromedp.WaitVisible(".steps li.done:nth-child(5)"))
	picture(t, ctx, "da-duyet")
	// Read again: what people said still holds.
	decide("/quyet-dinh", url.Values{"what": {"retry"}}, http.StatusSeeOther)
	until("read again", settled(3))
	if got := value(); got != 1234 {
		t.Errorf("after reading again the figures have %v", got)
	}
}
