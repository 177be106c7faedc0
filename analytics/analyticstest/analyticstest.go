// Package analyticstest gives tests a real ClickHouse engine.
package analyticstest

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"soket/analytics"
	"soket/analytics/engine"
)

// Library finds the engine: SOKET_ENGINE_LIBRARY, or bin/libchdb.so of this module. It fails the
// test where there is none: `make build` installs it.
func Library(t testing.TB) string {
	t.Helper()
	if path := os.Getenv("SOKET_ENGINE_LIBRARY"); path != "" {
		return path
	}
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
	}
	path := filepath.Join(dir, "bin", "libchdb.so")
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("the ClickHouse engine is missing (make build installs it): %v", err)
	}
	return path
}

// child is the variable that makes a test binary the engine of another one. The engine never runs in
// a test's own process: it would be torn down in the middle of its threads when the test exits.
const child = "SOKET_TEST_ENGINE"

func init() {
	if dir := os.Getenv(child); dir != "" {
		if err := serve(dir, os.Getenv("SOKET_ENGINE_LIBRARY")); err != nil {
			fmt.Fprintln(os.Stderr, "test engine:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
}

// serve runs the engine until the test that started it is gone.
func serve(dir, library string) error {
	defer os.RemoveAll(dir)
	s, err := engine.Open(engine.Options{Dir: dir, Library: library})
	if err != nil {
		return err
	}
	defer s.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("/", s.Handler())
	mux.HandleFunc("/analysts/{database}/", func(w http.ResponseWriter, r *http.Request) {
		database := r.PathValue("database")
		http.StripPrefix("/analysts/"+database, s.ReadOnly(database, nil)).ServeHTTP(w, r)
	})
	fmt.Println(engine.Address(l.Addr()))
	ctx, stop := context.WithCancel(context.Background())
	go func() {
		io.Copy(io.Discard, os.Stdin) // ends when the test does
		stop()
	}()
	return engine.Serve(ctx, l, mux)
}

var (
	start    sync.Once
	address  string
	failed   error
	held     io.Closer // the child's standard input: open for as long as this process lives
	process  *os.Process
	database atomic.Int64
)

// DSN gives an empty database on the test binary's one engine.
func DSN(t testing.TB) string {
	t.Helper()
	library := Library(t)
	start.Do(func() { address, failed = launch(library) })
	if failed != nil {
		t.Fatal(failed)
	}
	return fmt.Sprintf("%s/test_%d_%d", address, os.Getpid(), database.Add(1))
}

func launch(library string) (string, error) {
	dir, err := os.MkdirTemp("", "soket-engine-test-")
	if err != nil {
		return "", err
	}
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), child+"="+dir, "SOKET_ENGINE_LIBRARY="+library)
	cmd.Stderr = os.Stderr
	if held, err = cmd.StdinPipe(); err != nil || held == nil {
		return "", fmt.Errorf("test engine: standard input: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	process = cmd.Process
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("test engine: %w", err)
	}
	return strings.TrimSpace(line), nil
}

// Hang stops the engine as it stands, with all that is asked of it, until resume or the end of the test.
func Hang(t testing.TB) (resume func()) {
	t.Helper()
	resume = func() {
		if err := process.Signal(syscall.SIGCONT); err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(resume)
	if err := process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	return resume
}

// Analysts gives the address of the read-only endpoint over the database of a DSN.
func Analysts(t testing.TB, dsn string) string {
	t.Helper()
	_, database, ok := strings.Cut(strings.TrimPrefix(dsn, address), "/")
	if !ok || address == "" {
		t.Fatalf("%s is not on the test's engine", dsn)
	}
	return address + "/analysts/" + database
}

// ServerDSN gives an empty database on a full ClickHouse server, which no machine of ours can have.
func ServerDSN(t testing.TB) string {
	t.Helper()
	dsn := os.Getenv("CLICKHOUSE_TEST_DSN")
	if dsn == "" {
		t.Skip("SKIPPED, AND NOT PROVED: CLICKHOUSE_TEST_DSN names no full ClickHouse server")
	}
	return fmt.Sprintf("%s/test_%d_%d", strings.TrimSuffix(dsn, "/"), os.Getpid(), database.Add(1))
}

// Open gives a migrated empty database.
func Open(t testing.TB, dsn string) *analytics.DB {
	t.Helper()
	db, err := analytics.Open(dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := db.Migrate(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	return db
}
