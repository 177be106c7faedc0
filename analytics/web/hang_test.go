package web_test

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"soket/analytics/analyticstest"
	"soket/analytics/web"
	"soket/extract"
)

// TestStoreThatHangs: an engine that is stopped holds no page for longer than pages may take, all say what
// is wrong, what needs no engine still comes, and all is well as soon as it goes on.
func TestStoreThatHangs(t *testing.T) {
	s, _, _ := siteOf(t, web.Config{Demo: true, PageTime: 3 * time.Second})
	id := settled(t, s, "a-2021.pdf", pdf+"2021")
	client := &http.Client{Timeout: 30 * time.Second} // fails a test whose page never comes
	fetch := func(path string) (int, string) {
		res, err := client.Get(s.URL + path)
		if err != nil {
			t.Error(err)
			return 0, ""
		}
		defer res.Body.Close()
		raw, err := io.ReadAll(res.Body)
		if err != nil {
			t.Errorf("%s: %v", path, err)
		}
		return res.StatusCode, string(raw)
	}
	paths := []string{"/", "/can-xem", "/bao-cao/" + id, "/bao-cao/" + id + "/so/0", "/bao-cao/" + id + "/tim/1?q=nghiem", "/ky/2021-H1", "/ky/2021-H1?luc=2026-07-15", "/ky/2021-H1/cong/task.accepted",
		"/ky/2021-H1/tep/docx", "/ky/2021-H1/tep/xlsx", "/chi-tieu", "/chi-tieu/task.accepted", "/chi-tieu/task.accepted?format=csv", "/kham-pha?code=task.accepted", "/tim?q=nghiem+thu", "/don-vi", "/hoan-thanh",
		"/api/v1/facts", "/api/v1/facts?format=csv", "/api/v1/trend?code=task.accepted", "/api/v1/search?q=nghiem"}
	resume := analyticstest.Hang(t)
	var wg sync.WaitGroup
	for range 3 { // as people who press reload do
		for _, path := range paths {
			wg.Go(func() {
				if status, text := fetch(path); status != http.StatusServiceUnavailable || !strings.Contains(text, extract.Verdicts["no_answer"].VI) {
					t.Errorf("%s while the engine hangs: %d %.200q", path, status, text)
				}
			})
		}
		for _, path := range []string{"/bao-cao", "/nop"} {
			wg.Go(func() {
				if status, text := fetch(path); status != http.StatusOK || !strings.Contains(text, "a-2021.pdf") {
					t.Errorf("%s while the engine hangs: %d", path, status)
				}
			})
		}
	}
	wg.Wait()
	if status, answer := post(t, s, "b-2020.pdf", pdf+"2020"); status != http.StatusAccepted {
		t.Errorf("an upload while the engine hangs: %d %v", status, answer)
	}
	resume()
	for _, path := range paths {
		if status, text := fetch(path); status != http.StatusOK {
			t.Errorf("%s after the engine went on: %d %.200q", path, status, text)
		}
	}
}
