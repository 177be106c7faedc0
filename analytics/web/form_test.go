package web_test

import (
	"html"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"soket/extract"
)

// TestWhatTheFormAsksFor sets what a body's form asks for: a report without it is told so, and each
// indicator is settled with one click, as none occurred or as not applicable, which can be taken back.
func TestWhatTheFormAsksFor(t *testing.T) {
	s := site(t)
	id := settled(t, s, "a-2020.pdf", pdf+"2020")
	send := func(path string, form url.Values) {
		t.Helper()
		res, err := http.PostForm(s.URL+path, form)
		if err != nil {
			t.Fatal(err)
		}
		raw, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode != http.StatusOK {
			t.Fatalf("%s %v: %d %s", path, form, res.StatusCode, raw)
		}
	}
	f := filingOf(t, s, id)
	send("/don-vi", url.Values{"what": {"save"}, "name": {f.ReadBody}})

	send("/don-vi", url.Values{"what": {"owe"}, "body": {"*"}, "each": {"half"}, "days": {"0"}, "code": {"task.accepted", "ip.applications", "ip.grants"}})
	lacking := func() (list []string) {
		t.Helper()
		_, page := get(t, s, "/bao-cao/"+id)
		_, page, _ = strings.Cut(page, `id="thieu"`)
		page, _, _ = strings.Cut(page, `class="moved"`)
		for _, part := range strings.Split(page, `data-add="`)[1:] {
			code, _, _ := strings.Cut(part, `"`)
			list = append(list, code)
		}
		return list
	}
	before := lacking()
	if len(before) < 2 {
		t.Fatalf("the page asks for %v", before)
	}
	send("/bao-cao/"+id+"/so-lieu", url.Values{"verdict": {"add"}, "code": {before[0]}, "value": {"0"}, "kind": {"result"}, "period": {f.ReadPeriod}, "quote": {"không phát sinh"}})
	untilFiling(t, s, id, "put down as none", func(f extract.Filing) bool { return f.State == extract.Visible && len(f.Judgements) == 1 })
	send("/bao-cao/"+id+"/so-lieu", url.Values{"verdict": {"absent"}, "code": {before[1]}})
	untilFiling(t, s, id, "said not to apply", func(f extract.Filing) bool { return f.State == extract.Visible && len(f.Judgements) == 2 })
	if now := lacking(); strings.Join(now, " ") != strings.Join(before[2:], " ") {
		t.Errorf("of %v there are left %v", before, now)
	}
	// The period's page of the body keeps the three kinds of nothing apart, in both languages.
	of := func(lang string) string {
		t.Helper()
		site, err := url.Parse(s.URL)
		if err != nil {
			t.Fatal(err)
		}
		c := browserOf(t)
		c.Jar.SetCookies(site, []*http.Cookie{{Name: "soket-language", Value: lang}})
		_, page := read(t, c, s.URL+"/ky/"+f.ReadPeriod+"?body="+url.QueryEscape(f.ReadBody))
		_, page, _ = strings.Cut(page, `href="/chi-tieu/`+before[1]+`"`)
		row, _, _ := strings.Cut(page, "</tr>")
		return html.UnescapeString(row)
	}
	if vi, en := of("vi"), of("en"); !strings.Contains(vi, `now"><abbr class="nil" title="Không áp dụng: đơn vị`) || !strings.Contains(en, `now"><abbr class="nil" title="Not applicable: the body`) || !strings.Contains(vi, `>×<`) {
		t.Errorf("not applicable on the period's page: %s\n%s", vi, en)
	}
	send("/bao-cao/"+id+"/so-lieu", url.Values{"verdict": {""}, "key": {extract.AbsentKey(before[1])}})
	untilFiling(t, s, id, "taken back", func(f extract.Filing) bool { return f.State == extract.Visible && len(f.Judgements) == 1 })
	if now := lacking(); len(now) != len(before)-1 || now[0] != before[1] {
		t.Errorf("taken back, the page asks for %v", now)
	}
	if row := of("vi"); strings.Contains(row, "Không áp dụng: đơn vị") {
		t.Errorf("taken back, the period's page says %s", row)
	}
	if res, err := http.PostForm(s.URL+"/bao-cao/"+id+"/so-lieu", url.Values{"verdict": {"absent"}, "code": {"no.such"}}); err != nil || res.StatusCode != http.StatusBadRequest {
		t.Errorf("an unknown indicator: %v %v", res.StatusCode, err)
	}
}

// TestConfirmedTogether confirms figures of a page at once; one that is no longer read as it was looked
// at lets none through.
func TestConfirmedTogether(t *testing.T) {
	s := site(t)
	id := settled(t, s, "a-2020.pdf", pdf+"2020")
	_, page := get(t, s, "/bao-cao/"+id)
	var keys []string
	for _, part := range strings.Split(page, `name="fact" value="`)[1:] {
		key, _, _ := strings.Cut(part, `"`)
		keys = append(keys, html.UnescapeString(key))
	}
	if len(keys) < 2 {
		t.Fatalf("figures on the page: %v", keys)
	}
	for _, c := range []struct {
		keys []string
		want int
	}{{append([]string{"none"}, keys[:2]...), http.StatusConflict}, {keys[:2], http.StatusOK}} {
		res, err := http.PostForm(s.URL+"/bao-cao/"+id+"/so-lieu", url.Values{"verdict": {"confirm"}, "fact": c.keys})
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != c.want {
			t.Fatalf("%v: %d, want %d", c.keys, res.StatusCode, c.want)
		}
	}
	untilFiling(t, s, id, "confirmed", func(f extract.Filing) bool { return f.State == extract.Visible && len(f.Judgements) == 2 })
}
