// Package analyticstest gives tests a real ClickHouse engine.
package analyticstest

import (
	"context"
	"fmt"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
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

var (
	start    sync.Once
	server   *engine.Server
	address  string
	failed   error
	database atomic.Int64
)

// DSN gives an empty database on the test binary's one engine: the library opens one directory for
// each process.
func DSN(t testing.TB) string {
	t.Helper()
	library := Library(t)
	start.Do(func() {
		// The directory outlives the first test; it goes with the machine's temporary files.
		dir, err := os.MkdirTemp("", "soket-engine-test-")
		if err != nil {
			failed = err
			return
		}
		s, err := engine.Open(engine.Options{Dir: dir, Library: library})
		if err != nil {
			failed = err
			return
		}
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			failed = err
			return
		}
		go s.Serve(context.Background(), l, s.Handler())
		server, address = s, engine.Address(l.Addr())
	})
	if failed != nil {
		t.Fatal(failed)
	}
	return fmt.Sprintf("%s/test_%d_%d", address, os.Getpid(), database.Add(1))
}

// Analysts gives the address of the read-only endpoint over the database of a DSN.
func Analysts(t testing.TB, dsn string) string {
	t.Helper()
	_, database, ok := strings.Cut(strings.TrimPrefix(dsn, address), "/")
	if !ok || server == nil {
		t.Fatalf("%s is not on the test's engine", dsn)
	}
	h := httptest.NewServer(server.ReadOnly(database))
	t.Cleanup(h.Close)
	return h.URL
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
