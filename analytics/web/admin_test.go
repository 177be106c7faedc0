package web_test

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"soket/analytics/web"
	"soket/analytics/web/access"
)

const formType = "application/x-www-form-urlencoded"

// page posts a form and gives the status and the page it led to.
func page(t *testing.T, c *http.Client, address string, values url.Values) (int, string) {
	t.Helper()
	res, err := c.PostForm(address, values)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, html.UnescapeString(string(raw))
}

func enter(t *testing.T, site, name, password string) *http.Client {
	t.Helper()
	c := browserOf(t)
	if code, _ := page(t, c, site+"/dang-nhap", url.Values{"name": {name}, "password": {password}}); code != http.StatusSeeOther {
		t.Fatalf("sign in as %s: %d", name, code)
	}
	return c
}

// TestEveryDeedLeavesItsLine does each thing once and finds it in the trail, whose chain verifies.
func TestEveryDeedLeavesItsLine(t *testing.T) {
	s, desk, inbox := siteOf(t, web.Config{})
	for name, grants := range map[string][]access.Grant{"quantri": {{Role: access.Administrator, Body: "*"}, {Role: access.Uploader, Body: "*"}}, "khac": nil} {
		if _, err := desk.Add(t.Context(), name, "", password, grants); err != nil {
			t.Fatal(err)
		}
	}
	if code, _ := page(t, browserOf(t), s.URL+"/dang-nhap", url.Values{"name": {"quantri"}, "password": {"sai mật khẩu rồi"}}); code != http.StatusUnauthorized {
		t.Fatalf("a wrong password: %d", code)
	}
	c := enter(t, s.URL, "quantri", password)
	_, res := status(t, c, "POST", s.URL+"/api/v1/reports?name=a-2020.pdf", pdf+"2020", "Content-Type", "application/octet-stream")
	id := strings.TrimPrefix(res.Header.Get("Location"), "/api/v1/reports/")
	if id == "" {
		t.Fatalf("upload: %d", res.StatusCode)
	}
	for _, do := range []struct {
		method, path, body, media string
		want                      int
	}{
		{"GET", "/bao-cao/" + id + "/tep", "", "", 200},
		{"GET", "/api/v1/facts?code=task.accepted", "", "", 200},
		{"GET", "/api/v1/facts?format=csv", "", "", 200},
		{"POST", "/api/v1/reports/" + id + "/decisions", `{"what":"withdraw","reason":"thử"}`, "application/json", 200},
		{"POST", "/quan-tri", "what=grant&name=khac&role=leader&body=*", formType, 303},
		{"POST", "/quan-tri", "what=disable&name=khac", formType, 303},
		{"POST", "/ho-so", "what=token&label=máy&days=30&scope=read", formType, 200},
		{"GET", "/quan-tri/nhat-ky", "", "", 200},
		{"POST", "/dang-xuat", "", formType, 303},
	} {
		if code, _ := status(t, c, do.method, s.URL+do.path, do.body, "Content-Type", do.media); code != do.want {
			t.Errorf("%s %s: %d, want %d", do.method, do.path, code, do.want)
		}
	}
	list, err := inbox.Trail(t.Context(), 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range list {
		got = append(got, r.By+" "+r.What+" "+r.Object)
		if r.Address != "127.0.0.1" || r.At.IsZero() {
			t.Errorf("line %d: address %q at %v", r.Seq, r.Address, r.At)
		}
	}
	all := "\n" + strings.Join(got, "\n") + "\n"
	for _, want := range []string{" refused quantri", "quantri login quantri", "quantri upload " + id, "quantri read " + id, "quantri query ", "quantri export ", "quantri decide " + id, "quantri role khac", "quantri account khac", "quantri token quantri", "quantri logout quantri"} {
		if strings.Count(all, "\n"+want+"\n") != 1 {
			t.Errorf("the trail has not one line %q:%s", want, all)
		}
	}
	if n, _, err := inbox.VerifyAudit(t.Context(), nil); err != nil || int(n) != len(list) {
		t.Errorf("the chain: %d of %d lines, %v", n, len(list), err)
	}
	for _, r := range list {
		if strings.Contains(fmt.Sprint(r), password) || strings.Contains(fmt.Sprint(r), "sai mật khẩu") {
			t.Errorf("a password stands in the trail: %v", r)
		}
	}
}

// TestTrailPageFilters shows what was asked for and nothing else.
func TestTrailPageFilters(t *testing.T) {
	s, _, inbox := siteOf(t, web.Config{Demo: true})
	for i := range 130 {
		r := web.Record{By: "an", What: "read", Object: fmt.Sprintf("bc-%03d", i)}
		if i%2 == 1 {
			r.By, r.What = "binh", "export"
		}
		if err := (trail{inbox}).Audit(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	get := func(path string) string {
		res, err := http.Get(s.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		raw, _ := io.ReadAll(res.Body)
		return string(raw)
	}
	rows := func(p string) int { return strings.Count(p, "<strong>bc-") }
	if p := get("/quan-tri/nhat-ky?viec=read&ai=an"); rows(p) != 65 || strings.Contains(p, "bc-001") {
		t.Errorf("one deed of one person: %d rows", rows(p))
	}
	first := get("/quan-tri/nhat-ky")
	next := regexp.MustCompile(`href="(/quan-tri/nhat-ky\?truoc=[^"]+)"`).FindStringSubmatch(first)
	if rows(first) != 100 || next == nil {
		t.Fatalf("the first page: %d rows, next %v", rows(first), next)
	}
	if p := get(html.UnescapeString(next[1])); rows(p) != 30 {
		t.Errorf("the second page: %d rows", rows(p))
	}
	if p := get("/quan-tri/nhat-ky?gi=bc-007"); rows(p) != 1 {
		t.Errorf("one report: %d rows", rows(p))
	}
	for detail, told := range map[string]string{"publish": "công bố", "return publish": "trả lại: publish", "grant uploader *": "giao: Người nộp báo cáo, tất cả đơn vị", "GET /bao-cao/x/tep": "/bao-cao/x/tep", "khác": "khác"} {
		what := "decide"
		if strings.HasPrefix(detail, "grant") {
			what = "role"
		}
		if err := (trail{inbox}).Audit(t.Context(), web.Record{By: "an", What: what, Object: "x", Detail: detail}); err != nil {
			t.Fatal(err)
		}
		if p := get("/quan-tri/nhat-ky"); !strings.Contains(p, "<small>"+told+"</small>") {
			t.Errorf("%q is not told as %q", detail, told)
		}
	}
}

// TestAccountsAndTokens goes the way of a new person: made, link, password, token, reset, disabled.
func TestAccountsAndTokens(t *testing.T) {
	var log bytes.Buffer
	s, desk, _ := siteOf(t, web.Config{Log: slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	if _, err := desk.Add(t.Context(), "quantri", "", password, []access.Grant{{Role: access.Administrator, Body: "*"}}); err != nil {
		t.Fatal(err)
	}
	admin := enter(t, s.URL, "quantri", password)
	link := func(values url.Values) (name, secret string) {
		t.Helper()
		code, p := page(t, admin, s.URL+"/quan-tri", values)
		m := regexp.MustCompile(`/mat-khau\?ten=([^&]+)&ma=([\w-]+)`).FindStringSubmatch(p)
		if code != 200 || m == nil {
			t.Fatalf("%v: %d, no link", values, code)
		}
		return m[1], m[2]
	}
	name, code1 := link(url.Values{"what": {"create"}, "name": {"Lan"}, "display": {"Trần Thị Lan"}, "role": {"uploader"}, "body": {"Sở A"}})
	if name != "lan" {
		t.Fatalf("the name is %q", name)
	}
	_, code2 := link(url.Values{"what": {"link"}, "name": {"lan"}})
	set := func(code, pass string) int {
		n, _ := page(t, browserOf(t), s.URL+"/mat-khau", url.Values{"ten": {"lan"}, "ma": {code}, "password": {pass}})
		return n
	}
	if got := set(code1, password); got != http.StatusForbidden {
		t.Errorf("a link made void by a newer one: %d", got)
	}
	if got := set(code2, "ngắn"); got != http.StatusBadRequest {
		t.Errorf("a short password: %d", got)
	}
	code, res := status(t, browserOf(t), "POST", s.URL+"/mat-khau", url.Values{"ten": {"lan"}, "ma": {code2}, "password": {password}}.Encode(), "Content-Type", formType)
	if code != http.StatusSeeOther {
		t.Errorf("the link, not spent by the short password: %d", code)
	}
	if _, text := get(t, s, res.Header.Get("Location")); !strings.Contains(text, "Đã đặt mật khẩu.") {
		t.Error("who set a password is not told that it is set")
	}
	if got := set(code2, password+"x"); got != http.StatusForbidden {
		t.Errorf("the link a second time: %d", got)
	}
	lan := enter(t, s.URL, "lan", password)
	for _, path := range []string{"/quan-tri", "/quan-tri/nhat-ky"} {
		if got, _ := status(t, lan, "GET", s.URL+path, ""); got != http.StatusForbidden {
			t.Errorf("%s for an uploader: %d", path, got)
		}
	}
	code, p := page(t, lan, s.URL+"/ho-so", url.Values{"what": {"token"}, "label": {"máy trạm"}, "days": {"30"}, "scope": {"read", "upload", "approve", "manage"}})
	token := regexp.MustCompile(`soket_[\w-]{43}`).FindString(p)
	if code != 200 || token == "" {
		t.Fatalf("a new token: %d", code)
	}
	list, err := desk.TokensOf(t.Context(), "lan")
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	for _, tok := range list {
		if fmt.Sprint(tok.Scopes) != "[upload read]" && fmt.Sprint(tok.Scopes) != "[read upload]" {
			t.Errorf("the token may %v: more than its owner", tok.Scopes)
		}
	}
	if _, p := page(t, lan, s.URL+"/ho-so", url.Values{"what": {"token"}}); strings.Contains(p, token) {
		t.Error("a token is shown twice")
	}
	bearer := []string{"Authorization", "Bearer " + token}
	if got, _ := status(t, browserOf(t), "GET", s.URL+"/api/v1/facts", "", bearer...); got != 200 {
		t.Errorf("the token reads: %d", got)
	}
	for _, path := range []string{"/ho-so", "/quan-tri"} {
		if got, _ := status(t, browserOf(t), "GET", s.URL+path, "", bearer...); got != http.StatusForbidden {
			t.Errorf("a token opens %s: %d", path, got)
		}
	}
	// Out everywhere ends the other browser too; a token is no session.
	other := enter(t, s.URL, "lan", password)
	page(t, lan, s.URL+"/ho-so", url.Values{"what": {"everywhere"}})
	if got, _ := status(t, other, "GET", s.URL+"/bao-cao", ""); got != http.StatusSeeOther {
		t.Errorf("the other browser after signing out everywhere: %d", got)
	}
	lan = enter(t, s.URL, "lan", password)
	if got, _ := page(t, lan, s.URL+"/ho-so", url.Values{"what": {"password"}, "old": {"không phải mật khẩu"}, "password": {password + " mới"}}); got != http.StatusForbidden {
		t.Errorf("a wrong old password: %d", got)
	}
	if got, _ := page(t, lan, s.URL+"/ho-so", url.Values{"what": {"password"}, "old": {password}, "password": {password + " mới"}}); got != http.StatusSeeOther {
		t.Errorf("a new password: %d", got)
	}
	lan = enter(t, s.URL, "lan", password+" mới")
	if got, _ := page(t, admin, s.URL+"/quan-tri", url.Values{"what": {"disable"}, "name": {"lan"}}); got != http.StatusSeeOther {
		t.Errorf("disable: %d", got)
	}
	if got, _ := status(t, lan, "GET", s.URL+"/bao-cao", ""); got != http.StatusSeeOther {
		t.Errorf("a disabled account's session: %d", got)
	}
	if got, _ := status(t, browserOf(t), "GET", s.URL+"/api/v1/facts", "", bearer...); got != http.StatusUnauthorized {
		t.Errorf("a disabled account's token: %d", got)
	}
	for _, v := range []url.Values{{"what": {"disable"}, "name": {"quantri"}}, {"what": {"revoke"}, "name": {"quantri"}, "role": {"administrator"}, "body": {"*"}}, {"what": {"grant"}, "name": {"lan"}, "role": {"king"}, "body": {"*"}}, {"what": {"create"}, "name": {"lan"}, "role": {"leader"}, "body": {"*"}}} {
		if got, _ := page(t, admin, s.URL+"/quan-tri", v); got != http.StatusBadRequest {
			t.Errorf("%v: %d", v, got)
		}
	}
	s.Close() // what is logged is logged
	for what, secret := range map[string]string{"password": password, "token": token, "link": code2} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("a %s stands in the log: %s", what, log.String())
		}
	}
}

// TestRouteRoleBody walks the whole table of routes for every role bound to the report's own body,
// to another body and to all, against the table of rights.
func TestRouteRoleBody(t *testing.T) {
	s, desk, _ := siteOf(t, web.Config{})
	const own, other = "Sở Khoa học và Công nghệ tỉnh Mẫu", "Sở khác"
	if _, err := desk.Add(t.Context(), "first", "", password, []access.Grant{{Role: access.Uploader, Body: own}}); err != nil {
		t.Fatal(err)
	}
	_, res := status(t, enter(t, s.URL, "first", password), "POST", s.URL+"/api/v1/reports?name=a-2020.pdf&body="+url.QueryEscape(own), pdf+"2020", "Content-Type", "application/octet-stream")
	id := strings.TrimPrefix(res.Header.Get("Location"), "/api/v1/reports/")
	if id == "" {
		t.Fatal(res.Status)
	}
	fill := strings.NewReplacer("{$}", "", "{id}", id, "{code}", "task.accepted", "{period}", "2020-H1", "{format}", "none", "{view}", "none", "{name}", "none")
	checked := 0
	for _, role := range access.Roles {
		for _, body := range []string{own, other, "*"} {
			p := access.Person{Name: "x", Via: "session", Grants: []access.Grant{{Role: role, Body: body}}}
			name := fmt.Sprintf("w%d", checked)
			if _, err := desk.Add(t.Context(), name, "", password, p.Grants); err != nil {
				t.Fatal(err)
			}
			c := enter(t, s.URL, name, password)
			for _, route := range web.Routes() {
				method, path, ok := strings.Cut(route.Pattern, " ")
				if !ok || route.Action == access.Open || strings.HasSuffix(path, "/events") {
					continue // open to anybody; TestNobodyGetsIn… has the events
				}
				want := desk.May(p, route.Action, map[access.Action]string{access.Manage: "*", access.Audit: "*"}[route.Action])
				if strings.Contains(path, "{id}") && route.Action != access.Read && route.Action != access.Manage {
					want = desk.May(p, route.Action, own)
				}
				// A form that says nothing changes nothing, so each may be tried on the same site.
				got, _ := status(t, c, method, s.URL+fill.Replace(path), "", "Content-Type", formType)
				if (got != http.StatusForbidden) != want {
					t.Errorf("%s on %s: %s: %d, allowed %v", role, body, route.Pattern, got, want)
				}
				checked++
			}
		}
	}
	if checked < 300 {
		t.Errorf("only %d of the table were tried", checked)
	}
}

// TestTrustedProxies believes the headers of named proxies and of nobody else.
func TestTrustedProxies(t *testing.T) {
	for _, c := range []struct {
		name    string
		proxies []netip.Prefix
		address string
		secure  bool
	}{
		{"named", []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8")}, "203.0.113.9", true},
		{"another", []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}, "127.0.0.1", false},
		{"none", nil, "127.0.0.1", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, desk, inbox := siteOf(t, web.Config{Proxies: c.proxies})
			if _, err := desk.Add(t.Context(), "nhanvien", "", password, nil); err != nil {
				t.Fatal(err)
			}
			_, res := status(t, browserOf(t), "POST", s.URL+"/dang-nhap", url.Values{"name": {"nhanvien"}, "password": {password}}.Encode(), "Content-Type", formType,
				"X-Forwarded-For", "198.51.100.1, 203.0.113.9, 10.1.2.3", "X-Forwarded-Proto", "https")
			if len(res.Cookies()) != 1 {
				t.Fatal(res.Status, res.Cookies())
			}
			k := res.Cookies()[0]
			if strings.HasPrefix(k.Name, "__Host-") != c.secure || k.Secure != c.secure || (res.Header.Get("Strict-Transport-Security") != "") != c.secure || !k.HttpOnly {
				t.Errorf("cookie %v, HSTS %q", k, res.Header.Get("Strict-Transport-Security"))
			}
			list, err := inbox.Trail(t.Context(), 0, 1)
			if err != nil || len(list) != 1 || list[0].Address != c.address {
				t.Errorf("the trail has %v, %v", list, err)
			}
		})
	}
}

// TestAdministrationIsAccessible signs in as people do and holds each page to WCAG in a browser.
// Whoever may query all bodies is told where his tools connect.
func TestAdministrationIsAccessible(t *testing.T) {
	s, desk, _ := siteOf(t, web.Config{SQL: "127.0.0.1:8124"})
	for name, grants := range map[string][]access.Grant{"quantri": {{Role: access.Administrator, Body: "*"}, {Role: access.Analyst, Body: "*"}}, "lan": {{Role: access.Analyst, Body: "Sở A"}}} {
		if _, err := desk.Add(t.Context(), name, "", password, grants); err != nil {
			t.Fatal(err)
		}
	}
	for name, told := range map[string]bool{"quantri": true, "lan": false} {
		res, err := enter(t, s.URL, name, password).Get(s.URL + "/ho-so")
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || res.StatusCode != http.StatusOK || strings.Contains(string(raw), "127.0.0.1:8124") != told {
			t.Errorf("profile of %s: %s, %v, told where to connect: %v", name, res.Status, err, !told)
		}
	}
	ctx := browser(t)
	do(t, ctx, chromedp.Navigate(s.URL+"/quan-tri"), chromedp.WaitVisible("input[name=name]"))
	axe(t, ctx, "/dang-nhap")
	do(t, ctx, chromedp.SendKeys("input[name=name]", "quantri"), chromedp.SendKeys("input[name=password]", password), chromedp.Click(".signin button"), chromedp.WaitVisible(".account"))
	link, err := desk.Link(t.Context(), "lan")
	if err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{"quan-tri": "/quan-tri", "nhat-ky": "/quan-tri/nhat-ky", "ho-so": "/ho-so", "dat-mat-khau": "/mat-khau?ten=lan&ma=" + link, "lien-ket-cu": "/mat-khau?ten=lan&ma=x", "bat-dau-cu": "/bat-dau?ma=x"} {
		do(t, ctx, chromedp.Navigate(s.URL+path), chromedp.WaitVisible("h1"))
		picture(t, ctx, name)
		axe(t, ctx, path)
	}
}
