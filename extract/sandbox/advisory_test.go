package sandbox

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"soket/extract"
)

// tabled is a file whose startxref is right, so that a reader which trusts cross-reference tables
// comes to this one. table is a stream object or a classic table with its trailer.
func tabled(table string) []byte {
	b := one(stream("", "BT /F 9 Tf (mot bao cao) Tj ET"))
	b = b[:bytes.Index(b, []byte("trailer"))]
	at := len(b)
	return append(b, fmt.Sprintf("%s\nstartxref\n%d\n%%%%EOF\n", table, at)...)
}

// outlined is a file whose outline is made of these objects, the first of which is number 6.
func outlined(objects ...string) []byte {
	b := text("BT /F 9 Tf (mot bao cao) Tj ET", objects...)
	return bytes.Replace(b, []byte("<</Type/Catalog"), []byte("<</Type/Catalog/Outlines 6 0 R"), 1)
}

// advisory are the triggers that GO-2026-6115 (golang/vulndb issues 6115 and 5781, ledongthuc/pdf
// pull request 79) names for the library: memory that recover cannot save, endless loops, stacks
// without end.
var advisory = map[string]func() []byte{
	"xref stream of a billion": func() []byte {
		return tabled("9 0 obj\n" + stream("/Type/XRef/Size 1000000000/W[1 2 1]/Root 1 0 R", "\x01\x00\x09\x00") + "\nendobj")
	},
	"xref stream that begins at 4 bn": func() []byte {
		return tabled("9 0 obj\n" + stream("/Type/XRef/Size 10/Index[4000000000 1]/W[1 2 1]/Root 1 0 R", "\x01\x00\x09\x00") + "\nendobj")
	},
	"xref stream of fields 2 bn wide": func() []byte {
		return tabled("9 0 obj\n" + stream("/Type/XRef/Size 10/W[1 2000000000 1]/Root 1 0 R", "\x01\x00\x09\x00") + "\nendobj")
	},
	"xref stream of negative fields": func() []byte {
		return tabled("9 0 obj\n" + stream("/Type/XRef/Size 10/W[-1 -2 -1]/Root 1 0 R", "\x01\x00\x09\x00") + "\nendobj")
	},
	"xref table that begins at 2 bn": func() []byte { return tabled("xref\n2000000000 1\n0000000009 00000 n \ntrailer<</Root 1 0 R/Size 6>>") },
	"trailer of a billion":           func() []byte { return tabled("xref\n0 1\n0000000000 65535 f \ntrailer<</Root 1 0 R/Size 1000000000>>") },
	"trailer before itself": func() []byte {
		b := tabled("xref\n0 1\n0000000000 65535 f \ntrailer<</Root 1 0 R/Size 6/Prev 000000>>")
		return bytes.Replace(b, []byte("/Prev 000000"), fmt.Appendf(nil, "/Prev %06d", bytes.Index(b, []byte("xref\n"))), 1)
	},
	"hex string that never ends":        func() []byte { return text("BT /F 9 Tf <AB") },
	"hex string at the end of the file": func() []byte { return []byte("%PDF-1.7\n1 0 obj\n<</Type/Catalog/X <AB") },
	"array that never ends, in a page":  func() []byte { return text("BT /F 9 Tf [(a) 1 (b)") },
	"array that never ends, in a file":  func() []byte { return []byte("%PDF-1.7\n1 0 obj\n[1 2 3") },
	"four million nested arrays":        func() []byte { return one(strings.Repeat("[", 4_000_000) + strings.Repeat("]", 4_000_000)) },
	"a million nested dictionaries":     func() []byte { return one(strings.Repeat("<</A", 1_000_000) + strings.Repeat(">>", 1_000_000)) },
	"outline: first is itself":          func() []byte { return outlined("<</First 6 0 R/Last 6 0 R/Title(a)>>") },
	"outline: next is itself":           func() []byte { return outlined("<</First 7 0 R>>", "<</Title(a)/Parent 6 0 R/Next 7 0 R>>") },
	"outline: first is above":           func() []byte { return outlined("<</First 7 0 R>>", "<</Title(a)/First 6 0 R/Next 6 0 R>>") },
	"kids: itself":                      func() []byte { return file("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 9/Kids[2 0 R]>>") },
	"parent: itself, for what a page inherits": func() []byte {
		return file("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]/Parent 2 0 R>>", "<</Type/Page/Parent 3 0 R/Contents 4 0 R>>", stream("", "BT /F 9 Tf (a) Tj ET"))
	},
	"a reference to itself": func() []byte { return one("4 0 R") },
}

// TestAdvisory reads each trigger as a server would. The child ends by itself, as read or with a
// verdict on the file, and never at its limits of time and memory: the library is only given what
// pdfrewrite.go wrote anew. A child that loops or fills its memory ends as timeout or memory, one
// that dies as internal; each of these fails the test.
func TestAdvisory(t *testing.T) {
	ownTemp(t)
	const most = 512 << 10 // KiB, half of what the child may hold
	var mu sync.Mutex
	took := ""
	r := watched(t, func(program string, d time.Duration, peakKiB int64) {
		mu.Lock()
		defer mu.Unlock()
		took += fmt.Sprintf(" %s %v %d MiB", program, d.Round(time.Millisecond), peakKiB>>10)
		if program == "extractor" && peakKiB > most {
			t.Errorf("the child took%s", took)
		}
	})
	if err := r.Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	names := make([]string, 0, len(advisory))
	for name := range advisory {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			mu.Lock()
			took = ""
			mu.Unlock()
			path := filepath.Join(t.TempDir(), "a.pdf")
			if err := os.WriteFile(path, advisory[name](), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := r.Read(t.Context(), path, "a.pdf", "", nil)
			outcome := "read"
			if err != nil {
				outcome = extract.CodeOf(err)
			}
			mu.Lock()
			t.Logf("%s:%s", outcome, took)
			mu.Unlock()
			switch outcome {
			case "read", "empty", "corrupt", "too_large":
			default: // timeout, memory, internal: the child did not end by itself
				t.Errorf("%s: %v", outcome, err)
			}
		})
	}
}
