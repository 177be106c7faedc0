package web_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"soket/analytics/web/access"
)

const password = "trời xanh mây trắng 7"

// browserOf is a client that keeps cookies and follows nothing by itself.
func browserOf(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func status(t *testing.T, c *http.Client, method, address, body string, header ...string) (int, *http.Response) {
	t.Helper()
	req, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	io.Copy(io.Discard, res.Body)
	res.Body.Close()
	return res.StatusCode, res
}

// TestNobodyGetsInWithoutAnAccount tries every kind of page and call as nobody.
func TestNobodyGetsInWithoutAnAccount(t *testing.T) {
	s, _ := siteWith(t, false)
	c := browserOf(t)
	for _, path := range []string{"/", "/nop", "/bao-cao", "/bao-cao/x", "/bao-cao/x/tep", "/chi-tieu", "/chi-tieu/task.accepted", "/ky", "/ky/2020", "/tim"} {
		if code, res := status(t, c, "GET", s.URL+path, ""); code != http.StatusSeeOther || !strings.HasPrefix(res.Header.Get("Location"), "/dang-nhap?den=") {
			t.Errorf("GET %s as nobody: %d", path, code)
		}
	}
	for _, path := range []string{"GET /api/v1/reports", "POST /api/v1/reports?name=a.pdf", "GET /api/v1/reports/x", "GET /api/v1/reports/x/original", "POST /api/v1/reports/x/decisions", "GET /api/v1/facts", "GET /api/v1/trend", "GET /api/v1/search?q=a", "GET /api/v1/events"} {
		method, path, _ := strings.Cut(path, " ")
		if code, _ := status(t, c, method, s.URL+path, ""); code != http.StatusUnauthorized {
			t.Errorf("%s %s as nobody: %d", method, path, code)
		}
	}
	if code, _ := status(t, c, "GET", s.URL+"/dang-nhap", ""); code != http.StatusOK {
		t.Errorf("the sign-in page: %d", code)
	}
}

// TestRolesAndBodies walks through who may do what, on the own body and on another.
func TestRolesAndBodies(t *testing.T) {
	s, desk := siteWith(t, false)
	link, err := desk.Setup(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	admin := browserOf(t)
	if code, _ := status(t, admin, "POST", s.URL+"/bat-dau", url.Values{"ma": {link}, "name": {"quantri"}, "password": {password}}.Encode(), "Content-Type", "application/x-www-form-urlencoded"); code != http.StatusSeeOther {
		t.Fatalf("the first account: %d", code)
	}
	if code, _ := status(t, admin, "GET", s.URL+"/bao-cao", ""); code != http.StatusOK {
		t.Fatalf("the first administrator: %d", code)
	}
	const own, other = "Sở Khoa học và Công nghệ tỉnh Mẫu", "Sở khác"
	for _, a := range []struct {
		name   string
		grants []access.Grant
	}{
		{"own", []access.Grant{{Role: access.Uploader, Body: own}}}, {"other", []access.Grant{{Role: access.Uploader, Body: other}}},
		{"leader", []access.Grant{{Role: access.Leader, Body: "*"}}}, {"none", nil},
	} {
		if _, err := desk.Add(t.Context(), a.name, "", password, a.grants); err != nil {
			t.Fatal(err)
		}
	}
	in := func(name string) *http.Client {
		c := browserOf(t)
		code, res := status(t, c, "POST", s.URL+"/dang-nhap", url.Values{"name": {name}, "password": {password}, "den": {"//evil.example"}}.Encode(), "Content-Type", "application/x-www-form-urlencoded")
		if code != http.StatusSeeOther || res.Header.Get("Location") != "/" {
			t.Fatalf("sign in as %s: %d %s", name, code, res.Header.Get("Location"))
		}
		return c
	}
	_, res := status(t, in("own"), "POST", s.URL+"/api/v1/reports?name=a-2020.pdf", pdf+"2020", "Content-Type", "application/octet-stream")
	if res.StatusCode != http.StatusAccepted {
		t.Fatalf("an uploader uploads: %d", res.StatusCode)
	}
	id := strings.TrimPrefix(res.Header.Get("Location"), "/api/v1/reports/")
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if code, _ := status(t, admin, "GET", s.URL+"/chi-tieu/task.accepted?x=", ""); code == http.StatusOK {
			if f, _ := status(t, admin, "GET", s.URL+"/bao-cao/"+id+"/tep", ""); f == http.StatusOK {
				break
			}
		}
		if time.Now().After(deadline) {
			t.Fatal("the report is not read")
		}
	}
	time.Sleep(500 * time.Millisecond) // until its body is known
	for _, c := range []struct {
		who, method, path, body string
		want                    int
	}{
		{"own", "GET", "/bao-cao/" + id + "/tep", "", 200}, {"other", "GET", "/bao-cao/" + id + "/tep", "", 403}, {"leader", "GET", "/bao-cao/" + id + "/tep", "", 200},
		{"leader", "POST", "/api/v1/reports?name=b-2021.pdf", pdf + "b", 403}, {"leader", "POST", "/api/v1/reports/" + id + "/decisions", `{"what":"retry"}`, 403},
		{"other", "POST", "/api/v1/reports/" + id + "/decisions", `{"what":"withdraw","reason":"x"}`, 403}, {"none", "GET", "/bao-cao", "", 403},
		{"none", "GET", "/api/v1/facts", "", 403}, {"leader", "GET", "/api/v1/facts", "", 200}, {"own", "POST", "/api/v1/reports/" + id + "/decisions", `{"what":"retry"}`, 200},
	} {
		if code, _ := status(t, in(c.who), c.method, s.URL+c.path, c.body, "Content-Type", "application/json"); code != c.want {
			t.Errorf("%s: %s %s: %d, want %d", c.who, c.method, c.path, code, c.want)
		}
	}
	out := in("own")
	status(t, out, "POST", s.URL+"/dang-xuat", "")
	if code, _ := status(t, out, "GET", s.URL+"/bao-cao", ""); code != http.StatusSeeOther {
		t.Errorf("after signing out: %d", code)
	}
	token, _, err := desk.NewToken(t.Context(), "own", "máy", []access.Action{access.Upload}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if code, _ := status(t, browserOf(t), "POST", s.URL+"/api/v1/reports?name=c-2021.pdf", pdf+"c", "Authorization", "Bearer "+token); code != http.StatusAccepted {
		t.Errorf("a token that may upload: %d", code)
	}
	if code, _ := status(t, browserOf(t), "GET", s.URL+"/api/v1/facts", "", "Authorization", "Bearer "+token); code != http.StatusForbidden {
		t.Errorf("a token that may only upload reads: %d", code)
	}
}
