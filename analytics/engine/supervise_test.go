package engine_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"soket/analytics/analyticstest"
	"soket/analytics/engine"
)

// The test binary is the child as well: it serves the engine when these are set.
const childDir, childListen = "SOKET_TEST_ENGINE_DIR", "SOKET_TEST_ENGINE_LISTEN"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		s, err := engine.Open(engine.Options{Dir: dir, Library: os.Getenv("SOKET_ENGINE_LIBRARY")})
		if err == nil {
			var l net.Listener
			if l, err = net.Listen("tcp", os.Getenv(childListen)); err == nil {
				err = engine.Serve(context.Background(), l, s.Handler())
			}
		}
		os.Stderr.WriteString(err.Error())
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// TestEngineKilled kills the engine with -9 again and again while rows go in: it comes back by
// itself, and every row that was acknowledged is there once.
func TestEngineKilled(t *testing.T) {
	dir, library := t.TempDir(), analyticstest.Library(t)
	address, err := engine.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var current *exec.Cmd
	child := engine.Child{Address: address, Log: slog.New(slog.DiscardHandler), Command: func(ctx context.Context) *exec.Cmd {
		cmd := exec.CommandContext(ctx, os.Args[0])
		cmd.Env = append(os.Environ(), childDir+"="+dir, childListen+"="+address, "SOKET_ENGINE_LIBRARY="+library)
		mu.Lock()
		defer mu.Unlock()
		current = cmd
		return cmd
	}}
	ctx, stop := context.WithCancel(t.Context())
	up, ended := make(chan struct{}), make(chan error, 1)
	go func() { ended <- child.Run(ctx, func() { close(up) }) }()
	select {
	case <-up:
	case err := <-ended:
		t.Fatal(err)
	}
	ask := func(sql, more string) (string, bool) {
		res, err := http.Post("http://"+address+"/?"+more, "text/plain", strings.NewReader(sql))
		if err != nil {
			return err.Error(), false
		}
		defer res.Body.Close()
		raw, err := io.ReadAll(res.Body)
		return strings.TrimSpace(string(raw)), err == nil && res.StatusCode == http.StatusOK
	}
	if text, ok := ask("CREATE TABLE rows (n UInt32) ENGINE = MergeTree ORDER BY n SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1", ""); !ok {
		t.Fatal(text)
	}
	const rows, kills = 60, 3
	for n := range rows {
		if n%(rows/kills) == rows/kills/2 {
			mu.Lock()
			go current.Process.Kill()
			mu.Unlock()
		}
		// As the loader does: the outcome of a call that fails is unknown, so it is repeated with its
		// token. Two hundred tries are four times what the longest restart takes.
		query := url.Values{"insert_deduplication_token": {fmt.Sprint("row", n)}, "query": {"INSERT INTO rows FORMAT TSV"}}
		for try := 0; ; try++ {
			status, text := 0, ""
			res, err := http.Post("http://"+address+"/?"+query.Encode(), "text/plain", strings.NewReader(fmt.Sprintf("%d\n", n)))
			if err == nil {
				raw, _ := io.ReadAll(res.Body)
				res.Body.Close()
				status, text = res.StatusCode, string(raw)
			}
			if status == http.StatusOK {
				break
			}
			if status != 0 && status < 500 || try == 200 {
				t.Fatalf("row %d, try %d: %v, %d %s", n, try, err, status, text)
			}
			time.Sleep(100 * time.Millisecond)
		}
	}
	if text, ok := ask("SELECT count(), uniqExact(n), sum(n) FROM rows", ""); !ok || text != "60\t60\t1770" {
		t.Errorf("%s, want 60 60 1770", text)
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("stop: %v", err)
	}
	if text, ok := ask("SELECT 1", ""); ok {
		t.Errorf("still answers after it was stopped: %s", text)
	}
}

// TestChildThatCannotStart says why instead of starting it for ever.
func TestChildThatCannotStart(t *testing.T) {
	child := engine.Child{Address: "127.0.0.1:1", Log: slog.New(slog.DiscardHandler), Command: func(ctx context.Context) *exec.Cmd {
		return exec.CommandContext(ctx, "false")
	}}
	if err := child.Run(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "ended at its start") {
		t.Errorf("%v", err)
	}
	if _, err := engine.Open(engine.Options{Dir: t.TempDir(), Library: "/nowhere/libchdb.so"}); err == nil || !strings.Contains(err.Error(), "make build") {
		t.Errorf("%v", err)
	}
}
