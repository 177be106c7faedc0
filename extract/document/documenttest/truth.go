// Package documenttest judges what readers of documents give against the sources that the documents
// were made of.
package documenttest

import (
	"io"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/text/unicode/norm"
)

// Truth is what a report's source says: its text in reading order, and the rows of its tables.
type Truth struct {
	Text string
	Rows [][]string
}

// TruthOf reads a report's source, HTML. Error and table markup are taken as browsers take them.
func TruthOf(source io.Reader) (tr Truth, err error) {
	doc, err := html.Parse(source)
	if err != nil {
		return tr, err
	}
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
					if s := Folded(cell.String()); s != "" {
						row = append(row, s)
					}
				}
			}
			if !headTable(n) && len(row) > 1 {
				tr.Rows = append(tr.Rows, row)
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
	tr.Text = Folded(b.String())
	return tr, nil
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
			text := InnerText(n)
			return strings.Contains(text, "Nơi nhận") || strings.Contains(text, "CHỦ NGHĨA VIỆT NAM")
		}
	}
	return false
}

// InnerText is the text of a node and all in it.
func InnerText(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b.WriteString(InnerText(c))
	}
	return b.String()
}

// Folded is text in composed letters, its white space single.
func Folded(s string) string { return strings.Join(strings.Fields(norm.NFC.String(s)), " ") }

// Outcome is how one engine did on one file, all in per cent.
type Outcome struct{ CER, F1, Rows float64 }

// Judge compares the text that a reader gave with the source.
func (tr Truth) Judge(text string) Outcome {
	o := Outcome{Rows: 100}
	got := bare(text)
	want := bare(tr.Text)
	o.CER = 100 * float64(distance(want, got)) / float64(max(1, len(want)))
	o.F1 = 100 * wordF1(tr.Text, Folded(text))
	if len(tr.Rows) > 0 {
		o.Rows = 100 * rowsRight(tr.Rows, text)
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
			if c = Folded(c); c != "" {
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
