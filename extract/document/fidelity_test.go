package document

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/text/unicode/norm"
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

// truth is what a report's source says: its text in reading order, and the rows of its tables.
type truth struct {
	text string
	rows [][]string
}

func truthOf(t testing.TB, path string) truth {
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
	var tr truth
	var b strings.Builder
	var walk func(n *html.Node, cell *strings.Builder)
	walk = func(n *html.Node, cell *strings.Builder) {
		switch {
		case n.Type == html.TextNode:
			b.WriteString(n.Data)
			if cell != nil {
				cell.WriteString(n.Data)
			}
			return
		case n.Type == html.ElementNode && (n.Data == "head" || n.Data == "style" || n.Data == "script"):
			return
		case n.Type == html.ElementNode && n.Data == "tr":
			var row []string
			for c := n.FirstChild; c != nil; c = c.NextSibling {
				if c.Type == html.ElementNode && (c.Data == "td" || c.Data == "th") {
					var cell strings.Builder
					walk(c, &cell)
					if s := folded(cell.String()); s != "" {
						row = append(row, s)
					}
				}
			}
			if !headTable(n) && len(row) > 1 {
				tr.rows = append(tr.rows, row)
			}
			b.WriteByte('\n')
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, cell)
		}
		if n.Type == html.ElementNode {
			switch n.Data {
			case "p", "h1", "h2", "h3", "h4", "li", "td", "th", "br", "div", "caption":
				b.WriteByte('\n')
				if cell != nil {
					cell.WriteByte(' ')
				}
			}
		}
	}
	walk(doc, nil)
	tr.text = folded(b.String())
	return tr
}

// headTable says whether a row is of the head or foot of a letter, set as a table without lines.
func headTable(tr *html.Node) bool {
	for n := tr; n != nil; n = n.Parent {
		if n.Type == html.ElementNode && n.Data == "table" {
			for _, a := range n.Attr {
				if a.Key == "class" && (a.Val == "h" || a.Val == "hd") {
					return true
				}
			}
			text := innerText(n)
			return strings.Contains(text, "Nơi nhận") || strings.Contains(text, "CHỦ NGHĨA VIỆT NAM")
		}
	}
	return false
}

func innerText(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b.WriteString(innerText(c))
	}
	return b.String()
}

func folded(s string) string { return strings.Join(strings.Fields(norm.NFC.String(s)), " ") }

// outcome is how one engine did on one file, all in per cent.
type outcome struct{ cer, f1, rows float64 }

func (tr truth) judge(text string) outcome {
	o := outcome{rows: 100}
	got := bare(text)
	want := bare(tr.text)
	o.cer = 100 * float64(distance(want, got)) / float64(max(1, len(want)))
	o.f1 = 100 * wordF1(tr.text, folded(text))
	if len(tr.rows) > 0 {
		o.rows = 100 * rowsRight(tr.rows, text)
	}
	return o
}

// bare leaves letters, figures and signs: no spaces, no bullets of lists, no drawn lines.
func bare(s string) []rune {
	var out []rune
	for _, r := range norm.NFC.String(s) {
		if unicode.IsSpace(r) || strings.ContainsRune("•◦▪─\u00ad", r) {
			continue
		}
		out = append(out, r)
	}
	return out
}

// distance is the number of insertions, deletions and changes between two texts (Myers' bit
// vectors, 64 letters at a time).
func distance(a, b []rune) int {
	if len(a) == 0 {
		return len(b)
	}
	blocks := (len(a) + 63) / 64
	peq := map[rune][]uint64{}
	for i, r := range a {
		if peq[r] == nil {
			peq[r] = make([]uint64, blocks)
		}
		peq[r][i/64] |= 1 << (i % 64)
	}
	pv, mv := make([]uint64, blocks), make([]uint64, blocks)
	for i := range pv {
		pv[i] = ^uint64(0)
	}
	score := len(a)
	last := uint64(1) << ((len(a) - 1) % 64)
	zero := make([]uint64, blocks)
	for _, r := range b {
		eqs := peq[r]
		if eqs == nil {
			eqs = zero
		}
		hin := 1
		for k := range blocks {
			eq, p, m := eqs[k], pv[k], mv[k]
			xv := eq | m
			if hin < 0 {
				eq |= 1
			}
			xh := (((eq & p) + p) ^ p) | eq
			ph := m | ^(xh | p)
			mh := p & xh
			top := uint64(1) << 63
			if k == blocks-1 {
				top = last
			}
			hout := 0
			if ph&top != 0 {
				hout = 1
			} else if mh&top != 0 {
				hout = -1
			}
			ph <<= 1
			mh <<= 1
			if hin < 0 {
				mh |= 1
			} else if hin > 0 {
				ph |= 1
			}
			pv[k] = mh | ^(xv | ph)
			mv[k] = ph & xv
			hin = hout
		}
		score += hin
	}
	return score
}

func wordF1(want, got string) float64 {
	count := map[string]int{}
	isBullet := func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("•◦▪─", r) }
	ws, gs := strings.FieldsFunc(want, isBullet), strings.FieldsFunc(got, isBullet)
	for _, w := range ws {
		count[w]++
	}
	common := 0
	for _, g := range gs {
		if count[g] > 0 {
			count[g]--
			common++
		}
	}
	if common == 0 {
		return 0
	}
	p, r := float64(common)/float64(len(gs)), float64(common)/float64(len(ws))
	return 2 * p * r / (p + r)
}

var separator = regexp.MustCompile(`\t+|  +`)

// rowsRight is the share of rows whose cells come out in order on one line, kept apart.
func rowsRight(rows [][]string, text string) float64 {
	have := map[string]int{}
	for _, l := range strings.Split(text, "\n") {
		var cells []string
		for _, c := range separator.Split(l, -1) {
			if c = folded(c); c != "" {
				cells = append(cells, c)
			}
		}
		have[strings.Join(cells, "\t")]++
	}
	right := 0
	for _, row := range rows {
		if k := strings.Join(row, "\t"); have[k] > 0 {
			have[k]--
			right++
		}
	}
	return float64(right) / float64(len(rows))
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
	{"mutool", command("mutool", "draw", "-q", "-F", "text", "FILE")},
}

func TestFidelity(t *testing.T) {
	dir := corpus(t)
	sources, _ := filepath.Glob(filepath.Join(dir, "*.html"))
	for _, kind := range []string{".pdf", ".chromium.pdf", ".tcvn3.pdf"} {
		sum := map[string]outcome{}
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
				o := tr.judge(text)
				s := sum[r.name]
				sum[r.name] = outcome{s.cer + o.cer, s.f1 + o.f1, s.rows + o.rows}
				line += fmt.Sprintf("  %6.2f %6.2f %5.0f |", o.cer, o.f1, o.rows)
			}
			lines = append(lines, line)
		}
		sort.Strings(lines)
		for _, l := range lines {
			t.Log(l)
		}
		for _, r := range readers {
			s := sum[r.name]
			t.Logf("%s %-18s CER %.2f F1 %.2f rows %.1f", kind, r.name, s.cer/float64(n), s.f1/float64(n), s.rows/float64(n))
		}
	}
}

func TestTexts(t *testing.T) {
	out := os.Getenv("TEXTS")
	if out == "" {
		t.Skip()
	}
	path := os.Getenv("FILE")
	tr := truthOf(t, filepath.Join(filepath.Dir(path), strings.SplitN(filepath.Base(path), ".", 2)[0])+".html")
	text, err := oursText(path)
	if err != nil {
		t.Fatal(err)
	}
	os.WriteFile(out+".truth", []byte(strings.ReplaceAll(tr.text, " ", "\n")+"\n"), 0o644)
	os.WriteFile(out+".ours", []byte(strings.ReplaceAll(folded(text), " ", "\n")+"\n"), 0o644)
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
				out = append(out, sourceBlock{n.Data, folded(innerText(n))})
				return
			case "li":
				var own strings.Builder
				for c := n.FirstChild; c != nil; c = c.NextSibling {
					if c.Type == html.ElementNode && (c.Data == "ul" || c.Data == "ol") {
						continue
					}
					own.WriteString(innerText(c))
				}
				out = append(out, sourceBlock{"li", folded(own.String())})
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
