package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestCatalogueCheck changes a copy of the catalogue: a synonym taken out loses the figure that it
// found, a fault is told with its file and what to do.
func TestCatalogueCheck(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "catalogue"), os.DirFS("../../extract/indicator/catalogue")); err != nil {
		t.Fatal(err)
	}
	report := filepath.Join(dir, "bao-cao.html")
	text := `<html><body><p>BÁO CÁO</p><p>Kết quả công tác 6 tháng đầu năm 2020</p><h2>1. Tiêu chuẩn đo lường chất lượng</h2><p>Kiểm định 7.846 phương tiện đo.</p></body></html>`
	if err := os.WriteFile(report, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	check := func() (string, error) {
		var out, log bytes.Buffer
		cmd := exec.CommandContext(t.Context(), bin(t), "catalogue", "check", "--catalogue", dir, report)
		cmd.Stdout, cmd.Stderr = &out, &log
		if err := cmd.Run(); err != nil {
			return out.String(), fmt.Errorf("%w: %s", err, log.String())
		}
		return out.String(), nil
	}
	out, err := check()
	if err != nil || !strings.Contains(out, "1 reports: 1 figures the same, 0 gained, 0 lost") {
		t.Fatalf("%v\n%s", err, out)
	}
	path := filepath.Join(dir, "catalogue", "smq.yaml")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, bytes.ReplaceAll(raw, []byte("phương tiện"), []byte("phương lạ")), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err = check(); err != nil || !strings.Contains(out, "lost    smq.instruments_verified 7846 2020-H1") {
		t.Errorf("%v\n%s", err, out)
	}
	for fault, want := range map[string]string{
		"follows: [smq.samples_tested]": "is no code of the catalogue",
		"measure: flow":                 "want flow or stock",
		"unit: \"mẫu\"":                 "smq.yaml",
	} {
		broken := strings.Replace(string(raw), fault, map[string]string{
			"follows: [smq.samples_tested]": "follows: [smq.nowhere]",
			"measure: flow":                 "measure: river",
			"unit: \"mẫu\"":                 "units: \"mẫu\"",
		}[fault], 1)
		if broken == string(raw) {
			t.Fatalf("%q is not in the catalogue any more", fault)
		}
		if err := os.WriteFile(path, []byte(broken), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", fault, err, want)
		}
	}
}
