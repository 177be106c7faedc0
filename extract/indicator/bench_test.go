package indicator

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"soket/extract/document"
)

// pageLetters is what a page of office prose holds, in bytes of UTF-8: a page of 13 pt text has some
// 2,400 letters, a third of them with marks.
const pageLetters = 3200

// benchDocuments reads the project's own reports once; the rules alone are measured.
func benchDocuments(tb testing.TB) (docs []*document.Document, letters int) {
	tb.Helper()
	files, err := filepath.Glob("testdata/*.html")
	if err != nil || len(files) == 0 {
		tb.Fatal("no testdata", err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		d, err := document.Read(context.Background(), bytes.NewReader(raw), int64(len(raw)), document.Options{Name: file})
		if err != nil {
			tb.Fatal(file, err)
		}
		docs = append(docs, d)
		letters += textOf(d)
	}
	return docs, letters
}

func textOf(d *document.Document) (n int) {
	for _, b := range d.Blocks {
		n += len(b.Text)
		if b.Table != nil {
			for _, row := range b.Table.Rows {
				for _, c := range row {
					n += len(c.Text)
				}
			}
		}
	}
	return n
}

// spent is the processor time of this process, collecting garbage included.
func spent(tb testing.TB) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkRules gives pages of text a second on one core for the rules alone, and the same for one
// document sixteen times as long: rules that are linear in the text are as fast there.
func BenchmarkRules(b *testing.B) {
	docs, letters := benchDocuments(b)
	run := func(b *testing.B, docs []*document.Document, letters int) {
		if _, _, _, err := Extract(docs[0], Options{}); err != nil { // the catalogue is read once
			b.Fatal(err)
		}
		from := spent(b)
		for b.Loop() {
			for _, d := range docs {
				if _, _, _, err := Extract(d, Options{}); err != nil {
					b.Fatal(err)
				}
			}
		}
		pages := float64(letters) / pageLetters * float64(b.N)
		b.ReportMetric(pages/(spent(b)-from).Seconds(), "pages/s") // of one core, whoever else is at work
		b.ReportMetric(0, "ns/op")
	}
	b.Run("reports", func(b *testing.B) { run(b, docs, letters) })
	for _, times := range []int{1, 4, 16} {
		long := *docs[0]
		long.Blocks = nil
		for range times {
			long.Blocks = append(long.Blocks, docs[0].Blocks...)
		}
		b.Run(map[int]string{1: "one", 4: "four-fold", 16: "sixteen-fold"}[times], func(b *testing.B) {
			run(b, []*document.Document{&long}, textOf(&long))
		})
	}
}
