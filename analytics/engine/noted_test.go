package engine_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"soket/analytics/engine"
)

// Each statement is written down before it is handed on, wherever in the request it stands, and one
// that cannot be is not handed on.
func TestStatementsAreNoted(t *testing.T) {
	var asked []string
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		asked = append(asked, r.URL.Query().Get("query")+string(body))
		w.Header().Set("X-ClickHouse-Format", "TSV")
		w.WriteHeader(http.StatusForbidden)
		io.WriteString(w, "answer")
	}))
	defer upstream.Close()
	var noted []engine.Statement
	var down error
	s := httptest.NewServer(engine.Noted(strings.TrimPrefix(upstream.URL, "http://"), func(_ context.Context, st engine.Statement) error {
		if len(noted) != len(asked) {
			t.Errorf("%d noted, %d asked: the line comes late", len(noted), len(asked))
		}
		if down == nil {
			noted = append(noted, st)
		}
		return down
	}))
	defer s.Close()
	ask := func(query, body string) (int, string) {
		res, err := http.Post(s.URL+"/?default_format=JSON&query="+url.QueryEscape(query), "text/plain", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		raw, _ := io.ReadAll(res.Body)
		return res.StatusCode, string(raw)
	}
	for i, c := range [][2]string{{"SELECT 1", ""}, {"", "SELECT 2"}} {
		if status, text := ask(c[0], c[1]); status != http.StatusForbidden || text != "answer" {
			t.Errorf("%v: %d %s", c, status, text)
		}
		if len(noted) != i+1 || noted[i].Text != c[0]+c[1] || noted[i].Address != "127.0.0.1" || len(noted[i].Hash) != 64 || asked[i] != c[0]+c[1] {
			t.Fatalf("%v: noted %+v, asked %q", c, noted, asked)
		}
	}
	for _, way := range []func(r *http.Request){
		func(r *http.Request) { r.SetBasicAuth("any", "the key") },
		func(r *http.Request) { r.Header.Set("X-ClickHouse-Key", "the key") },
		func(r *http.Request) { r.URL.RawQuery += "&password=the+key" },
	} {
		r, _ := http.NewRequest(http.MethodPost, s.URL+"/?user=any", strings.NewReader("SELECT 2"))
		way(r)
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if got := noted[len(noted)-1].Key; got != "the key" {
			t.Errorf("%v: key %q", r.Header, got)
		}
	}
	before := len(asked)
	down = engine.ErrKey
	if status, text := ask("SELECT 3", ""); status != http.StatusUnauthorized || !strings.Contains(text, "Code: 516") || len(asked) != before {
		t.Errorf("with a wrong key: %d %s, asked %q", status, text, asked)
	}
	down = errors.New("away")
	if status, text := ask("SELECT 3", ""); status != http.StatusServiceUnavailable || !strings.Contains(text, "Code: 210") || len(asked) != before {
		t.Errorf("without the trail: %d %s, asked %q", status, text, asked)
	}
	if status, text := ask("", strings.Repeat(" ", 1<<20+1)); status != http.StatusBadRequest || len(asked) != before {
		t.Errorf("too long: %d %s", status, text)
	}
	if res, err := http.Get(s.URL + "/ping"); err != nil || len(asked) != before+1 {
		t.Error(fmt.Sprint(err), len(asked))
	} else {
		res.Body.Close()
	}
}
