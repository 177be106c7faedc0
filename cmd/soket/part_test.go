package main

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestLogsHoldNoPasswords(t *testing.T) {
	var out bytes.Buffer
	log, err := newLog(&out, "info")
	if err != nil {
		t.Fatal(err)
	}
	log.Error("cannot reach nats://web:geheim@nats:4222", "dsn", "http://loader:geheim@ch:8123/soket?x=1", "err", errors.New(`dial clickhouse://u:geheim@[::1]:9000: refused`))
	log.Info("two", slog.String("both", "a://b:geheim@c d://e:geheim@f/"))
	log.Info("plain", "url", "http://127.0.0.1:8080/a?mail=x@y")
	if strings.Contains(out.String(), "geheim") {
		t.Errorf("a password is in the log: %s", out.String())
	}
	if !strings.Contains(out.String(), "loader:***@ch:8123/soket?x=1") || !strings.Contains(out.String(), "http://127.0.0.1:8080/a?mail=x@y") {
		t.Errorf("addresses are unreadable: %s", out.String())
	}
}

func TestLockKeepsASecondProcessAway(t *testing.T) {
	dir := t.TempDir()
	release, err := lockData(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lockData(dir); !errors.Is(err, errLocked) || !strings.Contains(err.Error(), dir) {
		t.Errorf("second lock: %v", err)
	}
	release()
	again, err := lockData(dir)
	if err != nil {
		t.Fatal(err)
	}
	again()
}

// What asks for no login, and the engine's own address, are for this machine alone.
func TestOnlyLoopback(t *testing.T) {
	for address, fine := range map[string]bool{"127.0.0.1:8080": true, "localhost:8080": true, "[::1]:8080": true,
		":8080": false, "0.0.0.0:8080": false, "[::]:8080": false, "10.0.0.5:8080": false, "example.com:8080": false, "": false} {
		if err := onLoopback(address); (err == nil) != fine {
			t.Errorf("%q: %v", address, err)
		}
	}
	for _, args := range [][]string{{"up", "--demo", "--listen", "0.0.0.0:0"}, {"web", "--demo", "--listen", ":0"},
		{"up", "--demo", "--sql-listen", "0.0.0.0:0"}, {"engine", "--engine-listen", "0.0.0.0:0"}} {
		args = append(args, "--data", t.TempDir())
		if err := run(t.Context(), args, func(string) string { return "" }, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), "loopback") {
			t.Errorf("%v: %v", args, err)
		}
	}
}

// A test that a document names is there.
func TestDocumentsNameTests(t *testing.T) {
	there := map[string]bool{}
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		raw, err := os.ReadFile(path)
		for _, m := range regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`).FindAllSubmatch(raw, -1) {
			there[string(m[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	docs, err := filepath.Glob("../../docs/*.md")
	if err != nil || len(docs) == 0 {
		t.Fatal(docs, err)
	}
	for _, path := range docs {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range regexp.MustCompile(`\b(?:Test|Fuzz)[A-Z]\w+`).FindAllString(string(raw), -1) {
			if !there[name] {
				t.Errorf("%s names %s, which is not there", filepath.Base(path), name)
			}
		}
	}
}
