package sandbox

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/ledongthuc/pdf"
	"github.com/xuri/excelize/v2"

	"soket/extract"
)

// BenchmarkSpeed writes the table of docs/extraction.md on standard output: our reader beside others, in
// one run, on 5, 50 and 500 pages (`make bench`). It holds no figure: machines differ.
func BenchmarkSpeed(b *testing.B) {
	r := reader(b)
	if err := r.Warm(b.Context()); err != nil {
		b.Fatal(err)
	}
	sources, err := filepath.Glob("../../samples/*.pdf")
	if err != nil || len(sources) == 0 {
		b.Fatal("no sample reports", err)
	}
	dir := b.TempDir()
	fmt.Printf("%d cores, %s, one core for each program, best of 5\n\n", runtime.NumCPU(), runtime.Version())
	fmt.Println("| program | pages | s | pages/s | of pdftotext -layout | peak MiB |\n|---|---|---|---|---|---|")
	for _, pages := range []int{5, 50, 500} {
		path := filepath.Join(dir, fmt.Sprintf("%d.pdf", pages))
		concat(b, sources, pages, path)
		programs := []struct {
			name string
			args []string
		}{
			{"pdftotext -layout", []string{"pdftotext", "-layout", path, os.DevNull}},
			{"soket: text, layout, tables, as JSON", []string{r.Extractor, "-dir", dir, "-name", "x", "-no-facts"}},
			{"soket: the same and figures", []string{r.Extractor, "-dir", dir, "-name", "x"}},
			{"mutool draw -F txt", []string{"mutool", "draw", "-q", "-F", "txt", "-o", os.DevNull, path}},
			{"pdfium: glyphs with places", []string{r.Pdfium, "-dir", dir, "-cache", r.Cache}},
			{"ledongthuc GetPlainText", []string{os.Args[0], plainText, path}},
		}
		base := 0.0
		for _, p := range programs {
			if _, err := exec.LookPath(p.args[0]); err != nil {
				fmt.Printf("| %s | %d | not installed | | | |\n", p.name, pages)
				continue
			}
			var times []float64
			peak := int64(0)
			for range 5 {
				took, kib, err := timed(p.args, path, 1)
				if err != nil {
					b.Fatalf("%s: %v", p.name, err)
				}
				times, peak = append(times, took), max(peak, kib)
			}
			best := slices.Min(times)
			if base == 0 {
				base = best
			}
			fmt.Printf("| %s | %d | %.3f | %.0f | %.2f | %d |\n", p.name, pages, best, float64(pages)/best, base/best, peak>>10)
		}
	}

	workbookSpeed(b, r, dir)

	// Two documents at once, and what the isolation costs.
	large := filepath.Join(dir, "500.pdf")
	for name, args := range map[string][]string{"text and tables": {r.Extractor, "-dir", dir, "-name", "x", "-no-facts"}, "with figures": {r.Extractor, "-dir", dir, "-name", "x"}} {
		rates := [3]float64{} // of one document and of two at once, taken in turn
		for range 3 {
			for n := 1; n <= 2; n++ {
				took, _, err := timed(args, large, n)
				if err != nil {
					b.Fatal(err)
				}
				rates[n] = max(rates[n], 500*float64(n)/took)
			}
		}
		fmt.Printf("\nTwo documents of 500 pages at once, %s: %.0f pages/s together, %.2f times those of one.\n", name, rates[2], rates[2]/rates[1])
	}
	small := filepath.Join(dir, "5.pdf")
	data, err := os.ReadFile(small)
	if err != nil {
		b.Fatal(err)
	}
	held := make([]byte, 200<<20) // as a server does; a child started from it copied its page tables
	for i := 0; i < len(held); i += 4096 {
		held[i] = 1
	}
	defer runtime.KeepAlive(held)
	spared := r
	spared.Spare = new(Spare)
	defer spared.Spare.Close()
	for _, noFacts := range []bool{true, false} {
		r.NoFacts, spared.NoFacts = noFacts, noFacts
		ways := []struct {
			name string
			read func() error
			took []float64
		}{
			{"in process", func() error {
				_, err := extract.Read(b.Context(), bytes.NewReader(data), int64(len(data)), extract.Options{NoFacts: noFacts})
				return err
			}, nil},
			{"in a child started for it", func() error { _, err := r.Read(b.Context(), small, "x.pdf", "", nil); return err }, nil},
			{"in one that waited", func() error { _, err := spared.Read(b.Context(), small, "x.pdf", "", nil); return err }, nil},
		}
		if noFacts {
			ways = ways[:2] // none waits for those
		}
		for range 40 {
			for i := range ways {
				time.Sleep(100 * time.Millisecond) // the one that is to wait is being started
				start := time.Now()
				if err := ways[i].read(); err != nil {
					b.Fatal(err)
				}
				ways[i].took = append(ways[i].took, float64(time.Since(start).Microseconds())/1000)
			}
		}
		fmt.Printf("Five pages, figures %v:", !noFacts)
		for _, w := range ways {
			slices.Sort(w.took)
			fmt.Printf(" %.1f ms %s,", w.took[len(w.took)/2], w.name)
		}
		fmt.Println(" medians of 40 in turn.")
	}
}

// workbookSpeed puts the reader beside the library's own functions on registers of cases.
func workbookSpeed(t testing.TB, r Reader, dir string) {
	fmt.Println("\n| program | rows | s | rows/s | of GetRows | peak MiB |\n|---|---|---|---|---|---|")
	for _, rows := range []int{1000, 100_000, 1_000_000} {
		path := filepath.Join(dir, fmt.Sprintf("%d.xlsx", rows))
		// In a process of its own: a child's peak is at least what its parent held.
		if out, err := exec.Command(os.Args[0], makeRegister, path, strconv.Itoa(rows)).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		base := 0.0
		for _, p := range []struct {
			name string
			args []string
		}{
			{"excelize GetRows", []string{os.Args[0], plainRows, path}},
			{"excelize Rows", []string{os.Args[0], plainStream, path}},
			{"soket: tables, figures, as JSON", []string{r.Extractor, "-dir", dir, "-name", "x.xlsx"}},
		} {
			best, peak := 0.0, int64(0)
			for range max(1, min(3, 200_000/rows)) {
				took, kib, err := timed(p.args, path, 1)
				if err != nil {
					t.Fatalf("%s: %v", p.name, err)
				}
				if peak = max(peak, kib); best == 0 || took < best {
					best = took
				}
			}
			if base == 0 {
				base = best
			}
			fmt.Printf("| %s | %d | %.2f | %.0f | %.2f | %d |\n", p.name, rows, best, float64(rows)/best, base/best, peak>>10)
		}
	}
}

// caseRegister writes a list of cases of so many rows.
func caseRegister(path, count string) error {
	rows, err := strconv.Atoi(count)
	if err != nil {
		return err
	}
	f := excelize.NewFile()
	defer f.Close()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	row := []any{"STT", "Tên cơ sở", "Địa chỉ", "Số quyết định", "Số tiền phạt (đồng)"}
	for i := 1; i <= rows; i++ {
		if err := w.SetRow(fmt.Sprintf("A%d", i), row); err != nil {
			return err
		}
		row = []any{i, fmt.Sprintf("Cơ sở kinh doanh số %d", i), "Phường 1, thành phố", fmt.Sprintf("%d/QĐ-XPHC", i%999), 1_000_000 + i}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.SaveAs(path)
}

// makeRegister is the argument that makes the test binary write a register, plainRows and plainStream
// those that make it read a workbook with the library's own functions.
const (
	makeRegister = "-make-register"
	plainRows    = "-plain-rows"
	plainStream  = "-plain-stream"
)

func readPlainRows(path string, stream bool) error {
	f, err := excelize.OpenFile(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if !stream {
		_, err = f.GetRows("Sheet1")
		return err
	}
	rows, err := f.Rows("Sheet1")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if _, err := rows.Columns(); err != nil {
			return err
		}
	}
	return rows.Error()
}

// plainText is the argument that makes the test binary read a file with the library's own text
// function.
const plainText = "-plain-text"

func printPlainText(path string) error {
	f, r, err := pdf.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	text, err := r.GetPlainText()
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, text)
	return err
}

// timed runs a program n times at once, the document as descriptor 3, and gives the seconds until
// all are done and the largest peak memory in KiB.
func timed(args []string, path string, n int) (seconds float64, peakKiB int64, err error) {
	var running []*exec.Cmd
	start := time.Now()
	for range n {
		doc, err := os.Open(path)
		if err != nil {
			return 0, 0, err
		}
		defer doc.Close()
		cmd := exec.Command(args[0], args[1:]...)
		cmd.ExtraFiles = []*os.File{doc}
		cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
		if err := cmd.Start(); err != nil {
			return 0, 0, err
		}
		running = append(running, cmd)
	}
	for _, cmd := range running {
		if err := cmd.Wait(); err != nil {
			return 0, 0, err
		}
		peakKiB = max(peakKiB, cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss)
	}
	return time.Since(start).Seconds(), peakKiB, nil
}

// concat puts reports one after another until there are so many pages.
func concat(t testing.TB, sources []string, pages int, to string) {
	t.Helper()
	args := []string{"--empty", "--pages"}
	for n, i := 0, 0; n < pages; i++ {
		source := sources[i%len(sources)]
		out, err := exec.Command("qpdf", "--show-npages", source).Output()
		if err != nil {
			t.Fatalf("qpdf: %v", err)
		}
		var has int
		fmt.Sscan(strings.TrimSpace(string(out)), &has)
		take := min(has, pages-n)
		args = append(args, source, fmt.Sprintf("1-%d", take))
		n += take
	}
	if out, err := exec.Command("qpdf", append(args, "--", to)...).CombinedOutput(); err != nil {
		t.Fatalf("qpdf: %v\n%s", err, out)
	}
}
