package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"soket/extract/sandbox"
)

// TestScoresDoNotFall holds what the reader reaches. The floors are a little below what was measured
// when they were set; they only rise.
func TestScoresDoNotFall(t *testing.T) {
	for _, c := range []struct {
		pattern string
		floor   float64
	}{
		{"../../../shared/corpus/reports/*.docx", 0.95},
		{"../../../shared/corpus/reports/[def]0[1-9].pdf", 0.95},
		{"../../../shared/corpus/reports/*.tcvn3.pdf", 0.94},
		{"../../../shared/corpus/workbooks/*.xlsx", 0.98},
		{"../../extract/indicator/testdata/[ghkm]*.html", 0.92},
		{"../../extract/indicator/testdata/*.xlsx", 0.93},
	} {
		files, err := filepath.Glob(c.pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", c.pattern, err)
		}
		dir := t.TempDir()
		for _, file := range files {
			stem, _, _ := strings.Cut(filepath.Base(file), ".")
			for from, to := range map[string]string{file: filepath.Base(file), filepath.Join(filepath.Dir(file), stem+".gold.jsonl"): stem + ".gold.jsonl"} {
				abs, err := filepath.Abs(from)
				if err != nil {
					t.Fatal(err)
				}
				if err := os.Symlink(abs, filepath.Join(dir, to)); err != nil && !os.IsExist(err) {
					t.Fatal(err)
				}
			}
		}
		var out bytes.Buffer
		e := evaluation{c: console{stdout: &out, stderr: &bytes.Buffer{}}, groups: map[string]*tally{}}
		if err := e.folder(t.Context(), dir, sandbox.Reader{Extractor: filepath.Join(filepath.Dir(bin(t)), "extractor")}); err != nil {
			t.Fatal(err)
		}
		total := e.print(&out)
		t.Logf("%s: F1 %.4f", c.pattern, total.f1())
		if total.f1() < c.floor {
			t.Errorf("%s: F1 %.4f, the floor is %.2f\n%s", c.pattern, total.f1(), c.floor, out.String())
		}
	}
}
