package main

import (
	"bytes"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"soket/analytics/engine"
	"soket/ingest"
)

// TestSeparateProcesses runs the commands of docker-compose.yml by hand, each a process of its own
// beside a NATS server on loopback and ClickHouse's HTTP interface: there is no Docker engine here.
func TestSeparateProcesses(t *testing.T) {
	nats, err := ingest.Start(t.Context(), t.TempDir(), ingest.ServerOptions{Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nats.Stop)
	address, err := engine.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	launch(t, "engine", "--data", t.TempDir(), "--engine-listen", address)
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if res, err := http.Get("http://" + address + "/ping"); err == nil {
			res.Body.Close()
			break
		} else if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
	servers := []string{"--nats", nats.URL(), "--clickhouse", "http://" + address + "/soket"}
	if out, err := exec.Command(bin(t), append([]string{"migrate"}, servers...)...).CombinedOutput(); err != nil {
		t.Fatalf("migrate: %v\n%s", err, out)
	}
	launch(t, append([]string{"worker", "--data", t.TempDir()}, servers...)...)
	launch(t, append([]string{"worker", "--data", t.TempDir()}, servers...)...)
	page, err := engine.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	web := launch(t, append([]string{"web", "--data", t.TempDir(), "--demo", "--listen", page}, servers...)...)
	web.page = "http://" + page
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if c, err := net.Dial("tcp", page); err == nil {
			c.Close()
			break
		} else if time.Now().After(deadline) {
			t.Fatalf("the page does not come up: %s", web.log)
		}
	}
	files, err := filepath.Glob("../../samples/*2023*")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	said, err := upload(t, web.page, files...)
	if err != nil || strings.Count(said, "✓") != len(files) {
		t.Fatalf("upload: %v\n%s", err, said)
	}
	var facts factList
	if web.get(t, "/api/v1/facts", &facts); len(facts.Facts) == 0 {
		t.Error("no facts")
	}
	var out bytes.Buffer
	doctor := exec.Command(bin(t), append([]string{"doctor", "--server", web.page, "--data", t.TempDir()}, servers...)...)
	doctor.Stdout, doctor.Stderr = &out, os.Stderr
	if err := doctor.Run(); err != nil {
		t.Errorf("doctor: %v\n%s", err, out.String())
	}
}
