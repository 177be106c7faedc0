package main

import (
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"soket/analytics/web/access"
	"soket/ingest"
)

// TestAnalystsAddressAsksForAToken: where people have accounts, the read-only address answers those
// whose token may query every body, under their name in the trail, and nobody else.
func TestAnalystsAddressAsksForAToken(t *testing.T) {
	dir := t.TempDir()
	within := func(do func(*ingest.Inbox)) {
		s, err := ingest.Start(t.Context(), filepath.Join(dir, "nats"), ingest.ServerOptions{})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Stop()
		inbox, err := ingest.Open(t.Context(), ingest.Options{Server: s, Dir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		defer inbox.Close()
		do(inbox)
	}
	var all string
	refused := map[string]string{"": "no token", "made up": "a made-up one"}
	within(func(inbox *ingest.Inbox) {
		desk, err := accounts(t.Context(), inbox)
		if err != nil {
			t.Fatal(err)
		}
		token := func(name string, g access.Grant, scope access.Action) string {
			if _, err := desk.Add(t.Context(), name, name, "một mật khẩu đủ dài", []access.Grant{g}); err != nil {
				t.Fatal(err)
			}
			plain, _, err := desk.NewToken(t.Context(), name, "máy", []access.Action{scope}, time.Hour)
			if err != nil {
				t.Fatal(err)
			}
			return plain
		}
		all = token("lan", access.Grant{Role: access.Analyst, Body: "*"}, access.Query)
		refused[all+"x"] = "nearly the right one"
		refused[token("one", access.Grant{Role: access.Analyst, Body: "Sở A"}, access.Query)] = "one of a single body's analyst"
		refused[token("read", access.Grant{Role: access.Analyst, Body: "*"}, access.Read)] = "one that is for reading only"
		refused[token("send", access.Grant{Role: access.Uploader, Body: "*"}, access.Query)] = "one of somebody without the right"
	})

	p := launch(t, "up", "--data", dir, "--listen", "127.0.0.1:0", "--sql-listen", "127.0.0.1:0")
	ask := func(key string) (int, string) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.sql+"/", strings.NewReader("SELECT count() FROM facts"))
		if err != nil {
			t.Fatal(err)
		}
		if key != "" {
			req.SetBasicAuth("default", key)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		raw, _ := io.ReadAll(res.Body)
		return res.StatusCode, strings.TrimSpace(string(raw))
	}
	for key, what := range refused {
		if status, text := ask(key); status != http.StatusUnauthorized || !strings.Contains(text, "516") {
			t.Errorf("%s: %d %s", what, status, text)
		}
	}
	if status, text := ask(all); status != http.StatusOK || text != "0" {
		t.Errorf("an analyst's token: %d %s", status, text)
	}
	if err := p.stop(t, syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	var queries []string
	within(func(inbox *ingest.Inbox) {
		lines, err := inbox.Trail(t.Context(), 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range lines {
			if l.What == "query" {
				queries = append(queries, l.By+": "+l.Detail)
			}
		}
	})
	if len(queries) != 1 || queries[0] != "lan: SELECT count() FROM facts" {
		t.Errorf("in the trail: %q", queries)
	}
}
