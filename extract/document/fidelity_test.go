package document

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"soket/extract/document/documenttest"
)

// corpus gives the folder of the test reports, which lies beside the repository; tests over it are
// skipped without it.
func corpus(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			reports := filepath.Join(dir, "..", "shared", "corpus", "reports")
			if _, err := os.Stat(reports); err != nil {
				t.Skip("no corpus beside the repository")
			}
			return reports
		}
	}
	t.Fatal("no go.mod above")
	return ""
}

func truthOf(t testing.TB, path string) documenttest.Truth {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	tr, err := documenttest.TruthOf(f)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// reader gives the text of a PDF.
type reader struct {
	name string
	read func(path string) (string, error)
}

func oursText(path string) (string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	d, err := Read(context.Background(), bytes.NewReader(data), int64(len(data)), Options{})
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, p := range d.Pages {
		b.WriteString(p.Text)
		b.WriteByte('\f')
	}
	return b.String(), nil
}

func command(name string, args ...string) func(string) (string, error) {
	return func(path string) (string, error) {
		all := make([]string, len(args))
		for i, a := range args {
			all[i] = strings.ReplaceAll(a, "FILE", path)
		}
		out, err := exec.Command(name, all...).Output()
		return string(out), err
	}
}

var readers = []reader{
	{"ours", oursText},
	{"pdftotext", command("pdftotext", "-nopgbrk", "FILE", "-")},
	{"pdftotext -layout", command("pdftotext", "-nopgbrk", "-layout", "FILE", "-")},
	{"mutool", command("mutool", "draw", "-q", "-F", "txt", "FILE")},
}

func TestFidelity(t *testing.T) {
	dir := corpus(t)
	sources, _ := filepath.Glob(filepath.Join(dir, "*.html"))
	for _, kind := range []string{".pdf", ".chromium.pdf", ".tcvn3.pdf"} {
		sum := map[string]documenttest.Outcome{}
		n := 0
		var lines []string
		for _, src := range sources {
			path := strings.TrimSuffix(src, ".html") + kind
			if _, err := os.Stat(path); err != nil {
				continue
			}
			n++
			tr := truthOf(t, src)
			line := fmt.Sprintf("%-18s", filepath.Base(path))
			for _, r := range readers {
				text, err := r.read(path)
				if err != nil {
					continue
				}
				o := tr.Judge(text)
				s := sum[r.name]
				sum[r.name] = documenttest.Outcome{CER: s.CER + o.CER, F1: s.F1 + o.F1, Rows: s.Rows + o.Rows}
				line += fmt.Sprintf("  %6.2f %6.2f %5.0f |", o.CER, o.F1, o.Rows)
			}
			lines = append(lines, line)
		}
		sort.Strings(lines)
		for _, l := range lines {
			t.Log(l)
		}
		for _, r := range readers {
			s := sum[r.name]
			t.Logf("%s %-18s CER %.2f F1 %.2f rows %.1f", kind, r.name, s.CER/float64(n), s.F1/float64(n), s.Rows/float64(n))
		}
	}
}

// sourceBlock is a paragraph of a report's source, outside tables.
type sourceBlock struct{ tag, text string }

func sourceBlocks(t testing.TB, path string) []sourceBlock {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	doc, err := html.Parse(f)
	if err != nil {
		t.Fatal(err)
	}
	var out []sourceBlock
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode {
			switch n.Data {
			case "table", "head":
				return
			case "p", "h1", "h2", "h3", "h4":
				out = append(out, sourceBlock{n.Data, documenttest.Folded(documenttest.InnerText(n))})
				return
			case "li":
				var own strings.Builder
				for c := n.FirstChild; c != nil; c = c.NextSibling {
					if c.Type == html.ElementNode && (c.Data == "ul" || c.Data == "ol") {
						continue
					}
					own.WriteString(documenttest.InnerText(c))
				}
				out = append(out, sourceBlock{"li", documenttest.Folded(own.String())})
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(doc)
	return out
}

// TestParagraphs holds that the paragraphs of a PDF are those of its source: not split at line or
// page ends, not run together.
func TestParagraphs(t *testing.T) {
	dir := corpus(t)
	sources, _ := filepath.Glob(filepath.Join(dir, "*.html"))
	for _, kind := range []string{".pdf", ".chromium.pdf"} {
		want, right := 0, 0
		for _, src := range sources {
			path := strings.TrimSuffix(src, ".html") + kind
			data, err := os.ReadFile(path)
			if err != nil {
				continue
			}
			d, err := Read(context.Background(), bytes.NewReader(data), int64(len(data)), Options{})
			if err != nil {
				t.Fatal(err)
			}
			have := map[string]BlockKind{}
			titles := ""
			for _, b := range d.Blocks {
				have[strings.ReplaceAll(b.Text, " ", "")] = b.Kind
				if b.Kind == Title {
					titles += b.Text
				}
				if b.Table != nil {
					titles += b.Table.Title + b.Table.Unit + strings.Join(b.Table.Notes, "")
				}
			}
			titles = strings.ReplaceAll(titles, " ", "")
			for _, s := range sourceBlocks(t, src) {
				_, rest, _ := splitMarker(s.text)
				key := strings.ReplaceAll(rest, " ", "")
				if key == "" {
					continue
				}
				want++
				kind, ok := have[key]
				switch {
				case strings.Contains(titles, key):
					right++
				case !ok:
					t.Logf("%s: not a block: <%s> %s", filepath.Base(path), s.tag, s.text)
				case (s.tag[0] == 'h') != (kind == Heading):
					t.Logf("%s: <%s> is %s: %s", filepath.Base(path), s.tag, kind, s.text)
				default:
					right++
				}
			}
		}
		t.Logf("%s: %d of %d", kind, right, want)
	}
}

// TestSameBlocks holds that a report gives the same blocks as PDF and as HTML: kinds, levels,
// markers, texts, tables with their spans.
func TestSameBlocks(t *testing.T) {
	dir := corpus(t)
	sources, _ := filepath.Glob(filepath.Join(dir, "*.html"))
	read := func(path string) []string {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		d, err := Read(context.Background(), bytes.NewReader(data), int64(len(data)), Options{Name: path})
		if err != nil {
			t.Fatal(path, err)
		}
		return outline(d.Blocks)
	}
	for _, kind := range []string{".pdf", ".chromium.pdf", ".docx"} {
		want, right := 0, 0
		for _, src := range sources {
			truth := read(src)
			path := strings.TrimSuffix(src, ".html") + kind
			if _, err := os.Stat(path); err != nil {
				continue
			}
			have := map[string]int{}
			for _, l := range read(path) {
				have[l]++
			}
			for _, l := range truth {
				want++
				if have[l] > 0 {
					have[l]--
					right++
				} else {
					t.Logf("%s: missing %s", filepath.Base(path), l)
				}
			}
			for l, n := range have {
				if n > 0 {
					t.Logf("%s: extra   %s", filepath.Base(path), l)
				}
			}
		}
		t.Logf("%s: %d of %d blocks and rows as in the source", kind, right, want)
		if right*100 < want*96 {
			t.Errorf("%s: %d of %d blocks and rows as in the source, want 96%%", kind, right, want)
		}
	}
}

// outline prints blocks one a line, and tables row by row.
func outline(blocks []Block) []string {
	var out []string
	squeeze := func(s string) string {
		return strings.NewReplacer(" ", "", "─", "", "◦", "•", "▪", "•").Replace(s)
	}
	for _, b := range blocks {
		switch {
		case b.Kind == Header || b.Kind == Footer:
		case b.Table != nil:
			out = append(out, fmt.Sprintf("table %q %q head %d", squeeze(b.Table.Title), b.Table.Unit, b.Table.HeadRows))
			for _, row := range b.Table.Rows {
				l := "  row"
				for _, c := range row {
					l += fmt.Sprintf(" | %d %dx%d %s", c.Col, c.Rowspan, c.Colspan, squeeze(c.Text))
				}
				out = append(out, l)
			}
		default:
			out = append(out, fmt.Sprintf("%s %d [%s] %s", b.Kind, b.Level, squeeze(b.Marker), squeeze(b.Text)))
		}
	}
	return out
}
