package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"soket/extract/sandbox"
)

// programs is a reader with the programs that were built for the test.
func programs(t *testing.T) sandbox.Reader {
	t.Helper()
	dir := filepath.Dir(bin(t))
	return sandbox.Reader{Extractor: filepath.Join(dir, "extractor"), Pdfium: filepath.Join(dir, "pdfium"), Cache: filepath.Join(dir, "pdfium-cache")}
}

// TestScoresDoNotFall holds what the reader reaches, format by format. The floors are a little below
// what was measured when they were set; they only rise. Of the scans a sample is read: one takes as
// long as all the text files.
func TestScoresDoNotFall(t *testing.T) {
	const (
		sureFloor = 0.99 // of facts that are shown as sure; measured 0.992 to 1
		headFloor = 0.98 // of each field of the report lines
	)
	for _, c := range []struct {
		pattern string
		floor   float64
		scans   int
		unseen  bool // no rule was made with these: only their score is held
	}{
		{"../../../shared/corpus/reports/*.docx", 0.975, -1, false},
		{"../../../shared/corpus/reports/[def]0[1-9].pdf", 0.975, -1, false},
		{"../../../shared/corpus/reports/*.chromium.pdf", 0.975, -1, false},
		{"../../../shared/corpus/reports/*.tcvn3.pdf", 0.965, -1, false},
		{"../../../shared/corpus/reports/*.scan.pdf", 0.88, 3, false},
		{"../../../shared/corpus/workbooks/*.xlsx", 0.99, -1, false},
		{"../../../shared/corpus/workbooks/*.ods", 0.99, -1, false},
		{"../../../shared/corpus/workbooks/*.xls", 0.99, -1, false},
		{"../../extract/indicator/testdata/[ghkmnpqrs]*.html", 0.96, -1, false},
		{"../../extract/indicator/testdata/w*.xlsx", 0.99, -1, false},
		{"../../extract/indicator/testdata/u0*.xlsx", 0.99, -1, false},
		{"../../extract/indicator/testdata/u1[0-6].xlsx", 0.99, -1, false},
		{"../../extract/indicator/testdata/u1[7-9].xlsx", 0.98, -1, false},
		{"../../extract/indicator/testdata/u2[0-4].xlsx", 0.93, -1, true},
		{"../../extract/indicator/testdata/u2[5-9].xlsx", 0.96, -1, false},
		{"../../extract/indicator/testdata/u3*.xlsx", 0.98, -1, false},
	} {
		t.Run(c.pattern, func(t *testing.T) {
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
			e := newEvaluation(console{stdout: &out, stderr: &bytes.Buffer{}})
			e.scans = c.scans
			if err := e.folder(t.Context(), dir, programs(t)); err != nil {
				t.Fatal(err)
			}
			total := e.print(&out)
			sure := e.shown["all"]
			t.Logf("F1 %.4f; of %d sure ones %.4f right", total.f1(), sure.all, ratio(sure.right, sure.all))
			if total.f1() < c.floor {
				t.Errorf("F1 %.4f, the floor is %.2f\n%s", total.f1(), c.floor, out.String())
			}
			if c.unseen {
				return
			}
			if sure.all > 0 && ratio(sure.right, sure.all) < sureFloor {
				t.Errorf("of %d facts with at least %.2f, %.4f are right, the floor is %.2f\n%s", sure.all, shown, ratio(sure.right, sure.all), sureFloor, out.String())
			}
			for field, h := range e.heads {
				// One wrong among few files is no fall.
				if h.wrong > 1 && ratio(h.right, h.right+h.wrong) < headFloor {
					t.Errorf("%s: %d of %d right\n%s", field, h.right, h.right+h.wrong, out.String())
				}
			}
		})
	}
}

// TestEvaluationCounts holds the counting itself on a report with a right, a wrong and a missed fact.
func TestEvaluationCounts(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"a.gold.jsonl": `{"doc":"a","number":"","issuer":"","signed":"","period":"2021"}
{"code":"inspection.inspections","value":12,"period":"2021","kind":"result"}
{"code":"info.training_courses","value":3,"period":"2021","kind":"result"}
`,
		"a.csv": "Chỉ tiêu;Đơn vị tính;Thực hiện năm 2021\nSố cuộc thanh tra;cuộc;12\nSố lớp tập huấn;lớp;4\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	e := newEvaluation(console{stdout: &out, stderr: &bytes.Buffer{}})
	e.worst = 5
	if err := e.folder(t.Context(), dir, programs(t)); err != nil {
		t.Fatal(err)
	}
	if got := e.print(&out); got != (tally{1, 1, 1}) {
		t.Errorf("%+v\n%s", got, out.String())
	}
	for _, want := range []string{"format csv", "area info", "kind result", "a.csv WRONG  info.training_courses 4", "a.csv MISSED info.training_courses 3", "surest errors"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}

func TestSampleScans(t *testing.T) {
	var files []string
	for i := range 10 {
		files = append(files, fmt.Sprintf("d%d.scan.pdf", i))
	}
	files = append(files, "d1.pdf")
	for n, want := range map[int]int{-1: 11, 0: 1, 1: 2, 3: 4, 10: 11, 20: 11} {
		if got := sampleScans(files, n); len(got) != want || !slices.Contains(got, "d1.pdf") {
			t.Errorf("%d: %v", n, got)
		}
	}
}
