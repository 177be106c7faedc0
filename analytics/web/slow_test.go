package web_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"soket/analytics/web"
)

// TestSlowClients holds connections that send their request a byte at a time while others ask for
// pages: all of these are answered. SLOW=2000 measures; docs/security.md keeps a run.
func TestSlowClients(t *testing.T) {
	slow := 50
	if text := os.Getenv("SLOW"); text != "" {
		var err error
		if slow, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	old, _, _ := siteOf(t, web.Config{Demo: true})
	srv := httptest.NewUnstartedServer(old.Config.Handler)
	srv.Config = web.Server(old.Config.Handler)
	srv.Start()
	defer srv.Close()
	stop := make(chan struct{})
	defer close(stop)
	for i := range slow {
		c, err := net.Dial("tcp", srv.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		// Half dribble their headers, half the body of an upload.
		head := "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "
		if i%2 == 1 {
			head = "POST /api/v1/reports?name=a.pdf HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n"
		}
		if _, err := io.WriteString(c, head); err != nil {
			t.Fatal(err)
		}
		go func() {
			for {
				select {
				case <-stop:
					return
				case <-time.After(time.Second):
					if _, err := c.Write([]byte("a")); err != nil {
						return
					}
				}
			}
		}()
	}
	var times []time.Duration
	for i := range 200 {
		path := []string{"/bao-cao", "/nop", "/dang-nhap", "/api/v1/reports"}[i%4]
		start := time.Now()
		res, err := http.Get(srv.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, res.Body)
		res.Body.Close()
		if res.StatusCode != http.StatusOK {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	t.Logf("%d slow connections; 200 requests: p50 %v, p99 %v, most %v", slow, times[100], times[197], times[199])
}

// TestSlowBodyEnds shows the end of a body that stops coming.
func TestSlowBodyEnds(t *testing.T) {
	old, _, _ := siteOf(t, web.Config{Demo: true})
	srv := httptest.NewUnstartedServer(old.Config.Handler)
	srv.Config = web.Server(old.Config.Handler)
	srv.Start()
	defer srv.Close()
	c, err := net.Dial("tcp", srv.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	io.WriteString(c, "POST /api/v1/reports?name=a.pdf HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n%PDF-1.4\n")
	answer, err := io.ReadAll(c) // ends when the server gives up; hangs, and so fails, if it never does
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains([]string{"HTTP/1.1 4", "HTTP/1.1 5", ""}, string(answer[:min(10, len(answer))])) {
		t.Errorf("half a body was taken: %.200q", answer)
	}
}
