package document

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"
	"unicode/utf8"

	"soket/extract/vietnamese"
)

// The fuzz targets hold what every reader promises of any bytes: it comes back in time with a
// document or an error, never with a panic. Memory and endless loops of the libraries are the
// sandbox's to end; here a second input's worth of time is counted. `go test` runs the seeds,
// `make fuzz` goes on from them.
const fuzzTime = 20 * time.Second // for one input, on a machine at work on other things

// fuzzRead reads data as a file of this name and checks what comes of it.
func fuzzRead(t *testing.T, name string, data []byte) {
	ctx, cancel := context.WithTimeout(context.Background(), fuzzTime)
	defer cancel()
	d, err := Read(ctx, bytes.NewReader(data), int64(len(data)), Options{Name: name})
	if ctx.Err() != nil {
		t.Fatalf("%d bytes take longer than %s", len(data), fuzzTime)
	}
	if err != nil {
		return
	}
	for i := range d.Blocks {
		b := &d.Blocks[i]
		if !utf8.ValidString(b.Text) {
			t.Fatalf("block %d is no UTF-8: %q", i, b.Text)
		}
		for _, s := range b.Spans {
			if s.Start < 0 || s.End > len(b.Text) || s.Start > s.End {
				t.Fatalf("block %d: span %d–%d of %d bytes", i, s.Start, s.End, len(b.Text))
			}
		}
		if b.Table == nil {
			continue
		}
		for y, row := range b.Table.Rows {
			for _, c := range row {
				if c.Row != y || c.Col < 0 || c.Rowspan < 1 || c.Colspan < 1 {
					t.Fatalf("block %d: cell %d,%d spans %d×%d in row %d", i, c.Row, c.Col, c.Rowspan, c.Colspan, y)
				}
			}
		}
	}
}

// seeds adds real files no larger than most bytes, so that a mutation is cheap.
func seeds(f *testing.F, most int64, patterns ...string) {
	for _, p := range patterns {
		files, err := filepath.Glob(p)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			if fi, err := os.Stat(file); err != nil || fi.Size() > most {
				continue
			}
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
}

func FuzzPDF(f *testing.F) {
	seeds(f, 64<<10, "../../samples/*.pdf", "testdata/pdf/*.pdf")
	f.Fuzz(func(t *testing.T, data []byte) {
		fuzzRead(t, "a.pdf", append([]byte("%PDF-1.7\n"), data...))
	})
}

func FuzzHTML(f *testing.F) {
	f.Add([]byte("<html><table border=1><tr><td rowspan=2>a<td>b<tr><td colspan=3>c</table><p>Nghiệm thu 10 nhiệm vụ"))
	f.Fuzz(func(t *testing.T, data []byte) { fuzzRead(t, "a.html", append([]byte("<html>"), data...)) })
}

func FuzzLetters(f *testing.F) {
	f.Add("khoa häc vµ c«ng nghÖ")
	f.Add("khoa hoïc vaø coâng ngheä")
	f.Fuzz(func(t *testing.T, s string) {
		for _, e := range []vietnamese.Encoding{vietnamese.TCVN3, vietnamese.VNI} {
			if got := e.Decode(s); !utf8.ValidString(got) && utf8.ValidString(s) {
				t.Fatalf("%q becomes %q", s, got)
			}
		}
		if folded, at := vietnamese.FoldMap(s); len(at) < len(folded) {
			t.Fatalf("%q: %d places for %d bytes", s, len(at), len(folded))
		}
		vietnamese.PutHorn(s)
		vietnamese.MendCaps(s)
	})
}
