package main

import (
	"bytes"
	"errors"
	"log/slog"
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
