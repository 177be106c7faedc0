package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestScansHoldNobodyUp: a burst of scans, fine enough that each takes a fast machine some seconds, is handed in before
// ordinary reports. Those are visible while most scans still wait, and the scans are all read in the end.
func TestScansHoldNobodyUp(t *testing.T) {
	out := filepath.Join(t.TempDir(), "scan")
	if said, err := exec.Command("pdftoppm", "-r", "500", "-gray", "-png", "-f", "1", "-l", "1", "-singlefile", first(t, "../../samples/*.pdf"), out).CombinedOutput(); err != nil {
		t.Fatalf("pdftoppm: %v %s", err, said)
	}
	scan, err := os.ReadFile(out + ".png")
	if err != nil {
		t.Fatal(err)
	}
	p := launch(t, "up", "--demo", "--data", t.TempDir(), "--listen", "127.0.0.1:0", "--workers", "2")
	send := func(name string, content []byte) string {
		status, answer := p.post(t, name, content)
		if status != 202 {
			t.Fatalf("%s: %d %v", name, status, answer)
		}
		return fmt.Sprint(answer["id"])
	}
	var scans, reports []string
	for i := range 6 {
		scans = append(scans, send(fmt.Sprintf("scan%d.png", i), append(scan[:len(scan):len(scan)], byte(i)))) // what follows a picture is not looked at
	}
	books, err := filepath.Glob("../../samples/*.xlsx")
	if err != nil || len(books) < 5 {
		t.Fatalf("%d workbooks, %v", len(books), err)
	}
	for _, path := range books {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		reports = append(reports, send(filepath.Base(path), content))
	}
	for _, id := range reports {
		if f := p.settled(t, id); f["state"] != "visible" {
			t.Errorf("%v ends as %v", f["file"], f["state"])
		}
	}
	read := 0
	for _, id := range scans {
		var f map[string]any
		p.get(t, "/api/v1/reports/"+id, &f)
		if f["state"] != "accepted" && f["state"] != "reading" {
			read++
		}
	}
	if read > len(scans)/2 {
		t.Errorf("%d of %d scans were read before the reports", read, len(scans))
	}
	for _, id := range scans {
		if f := p.settled(t, id); f["state"] == "failed" {
			t.Errorf("%v ends as %v %v", f["file"], f["state"], f["reason"])
		}
	}
	t.Logf("%d of %d scans were read before the reports", read, len(scans))
}
