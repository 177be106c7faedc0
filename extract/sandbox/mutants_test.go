package sandbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unicode"

	"golang.org/x/sync/errgroup"

	"soket/extract"
	"soket/extract/document"
)

// mutate damages a copy of data in one of the ways that files are damaged: cut short, a piece lost,
// bits and bytes flipped, numbers and delimiters of the structure changed.
func mutate(data []byte, r *rand.Rand) []byte {
	out := bytes.Clone(data)
	for range 1 + r.IntN(3) {
		if len(out) < 64 {
			return out
		}
		at := r.IntN(len(out))
		switch r.IntN(6) {
		case 0:
			out = out[:at]
		case 1:
			end := min(at+r.IntN(2048), len(out))
			out = append(out[:at:at], out[end:]...)
		case 2:
			out[at] ^= 1 << r.IntN(8)
		case 3:
			for i := at; i < min(at+1+r.IntN(64), len(out)); i++ {
				out[i] = byte(r.Uint32())
			}
		case 4: // digits
			for i := at; i < len(out); i++ {
				if out[i] >= '0' && out[i] <= '9' {
					out[i] = byte('0' + r.IntN(10))
					break
				}
			}
		case 5: // delimiters
			for i := at; i < len(out); i++ {
				if bytes.IndexByte([]byte("<>[]()/ \n"), out[i]) >= 0 {
					out[i] = "<>[]()/ \n"[r.IntN(9)]
					break
				}
			}
		}
	}
	return out
}

// words says whether a text is one: thirty letters at least.
func words(s string) bool {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n >= 30
}

// TestMutants reads damaged copies of real files: 400 in each run of the tests, as many as MUTANTS
// says for `make mutants`: 2,000 in each check, 100,000 by hand, from the one on that MUTANTS_FROM names
// (hours of work can be done in parts). No child may outlive 20 s or hold more than 1 GiB, nothing may be
// left behind, no outcome may be a fault of ours, and no fewer of the files may give text than pdfium alone
// gets, less one in twenty.
func TestMutants(t *testing.T) {
	ownTemp(t)
	total, first := 400, 0
	for name, n := range map[string]*int{"MUTANTS": &total, "MUTANTS_FROM": &first} {
		if s := os.Getenv(name); s != "" {
			var err error
			if *n, err = strconv.Atoi(s); err != nil {
				t.Fatal(err)
			}
		}
	}
	var bases [][]byte
	var names []string
	for _, pattern := range []string{"../document/testdata/pdf/*.pdf", "../../samples/*.pdf", "../../samples/*.xlsx", "../../samples/*.docx",
		"../../../shared/corpus/reports/[def]0[13]*.pdf", "../../../shared/corpus/workbooks/*.xlsx", "../../../shared/corpus/reports/f0[12].docx"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range found {
			if strings.Contains(path, ".scan.") {
				continue
			}
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			bases, names = append(bases, data), append(names, filepath.Base(path))
		}
	}
	if len(bases) < 5 {
		t.Fatalf("only %d files to damage", len(bases))
	}
	var slowest, largest atomic.Int64
	r := watched(t, func(program string, took time.Duration, peakKiB int64) {
		if took > 21*time.Second || peakKiB > 1<<20 {
			t.Errorf("%s took %v and %d MiB", program, took, peakKiB>>10)
		}
		slowest.Store(max(slowest.Load(), int64(took)))
		largest.Store(max(largest.Load(), peakKiB))
	})
	r.Tesseract = filepath.Join(bin, "none") // recognition would only show what pictures look like
	r.Spare = new(Spare)
	if err := r.Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	outcomes := map[string]int{}
	done, ours, theirs, compared := 0, 0, 0, 0
	scratch := t.TempDir()
	var group errgroup.Group
	group.SetLimit(2)
	for i := first; i < first+total; i++ {
		group.Go(func() error {
			rnd := rand.New(rand.NewPCG(7, uint64(i)))
			k := rnd.IntN(len(bases))
			path := filepath.Join(scratch, fmt.Sprint("mutant-", i))
			defer os.Remove(path)
			if err := os.WriteFile(path, mutate(bases[k], rnd), 0o600); err != nil {
				return err
			}
			ctx := context.Background()
			report, err := r.Read(ctx, path, names[k], "", nil)
			outcome := "read"
			if err != nil {
				outcome = extract.CodeOf(err)
			}
			mu.Lock()
			outcomes[outcome]++
			if done++; done%5000 == 0 {
				t.Logf("%d of %d read", done, total)
			}
			mu.Unlock()
			if outcome == "internal" {
				t.Errorf("mutant %d of %s: %v", i, names[k], err)
			}
			if i%4 == 0 && strings.HasSuffix(names[k], ".pdf") {
				var mine, other strings.Builder
				if report != nil {
					for _, p := range report.Pages {
						mine.WriteString(p.Text)
					}
				}
				q := &request{Reader: r, path: path}
				scenes, err := q.pdfiumScenes(ctx, nil)
				if err != nil && !errors.Is(err, document.ErrCorrupt) {
					return fmt.Errorf("mutant %d: pdfium: %w", i, err)
				}
				for _, s := range scenes {
					for _, g := range s.Glyphs {
						other.WriteString(g.Text)
					}
				}
				mu.Lock()
				compared++
				if words(mine.String()) {
					ours++
				}
				if words(other.String()) {
					theirs++
				}
				mu.Unlock()
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		t.Error(err)
	}
	r.Spare.Close()
	if after := leftovers(t); len(after) > 0 {
		t.Errorf("left behind: %v", after)
	}
	t.Logf("%d mutants from %d of %d files: %v; slowest child %v, largest %d MiB", total, first, len(bases), outcomes,
		time.Duration(slowest.Load()).Round(time.Millisecond), largest.Load()>>10)
	t.Logf("with text, of %d damaged PDF files: ours %d, pdfium alone %d", compared, ours, theirs)
	if float64(ours) < 0.95*float64(theirs) {
		t.Errorf("of %d damaged PDF files %d gave text, pdfium alone got it from %d", compared, ours, theirs)
	}
}
