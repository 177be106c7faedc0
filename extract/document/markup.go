package document

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/unicode/norm"

	"soket/extract/vietnamese"
)

const (
	// maxMarkupBytes is the largest HTML file taken: its tree takes about ten times as much memory.
	// A longer one is refused with ErrTooLarge.
	maxMarkupBytes = 32 << 20
	// maxMarkupCells bounds the cells of one table of HTML or DOCX; a larger one is refused with
	// ErrTooLarge. The longest real ones, lists of single cases, hold some ten thousand.
	maxMarkupCells = 1 << 20
	// maxSpan bounds rowspan and colspan, as browsers do; larger ones count as this.
	maxSpan = 1000
)

// ReadHTML reads a report saved as HTML, also one that a spreadsheet program saved under ".xls".
func ReadHTML(ctx context.Context, src io.ReaderAt, size int64, o Options) (*Document, error) {
	if size > maxMarkupBytes {
		return nil, fmt.Errorf("%w: %d bytes of HTML", ErrTooLarge, size)
	}
	data := make([]byte, size)
	if n, err := src.ReadAt(data, 0); err != nil && n < len(data) {
		return nil, fmt.Errorf("read html: %w", err)
	}
	utf, err := charset.NewReader(strings.NewReader(string(data)), "")
	if err != nil {
		return nil, fmt.Errorf("%w: charset: %v", ErrCorrupt, err)
	}
	if utf8.Valid(data) { // a wrong declaration does not make sound UTF-8 wrong
		utf = strings.NewReader(strings.TrimPrefix(string(data), "\uFEFF"))
	}
	root, err := html.Parse(utf)
	if err != nil {
		return nil, fmt.Errorf("%w: html: %v", ErrCorrupt, err)
	}
	m := markup{ctx: ctx}
	m.sheet = strings.Contains(string(data[:min(len(data), 4096)]), "office:excel")
	m.encoding = vietnamese.Guess(allText(root))
	if err := m.walk(root, look{}); err != nil {
		return nil, err
	}
	m.flush(look{})
	d := &Document{Format: HTML, Engine: EngineHTML, Blocks: classify(m.drafts)}
	if m.sheet {
		d.Sheets = []Sheet{{}}
	}
	return d, nil
}

// allText is all text of a tree up to what is enough to tell its encoding.
func allText(root *html.Node) string {
	var b strings.Builder
	for n := range root.Descendants() {
		if n.Type == html.TextNode && (n.Parent == nil || n.Parent.DataAtom != atom.Style && n.Parent.DataAtom != atom.Script) {
			b.WriteString(n.Data)
			b.WriteByte(' ')
			if b.Len() > 1<<20 {
				break
			}
		}
	}
	return b.String()
}

// look is how text at a place of the tree is set.
type look struct {
	bold, italic, centred bool
	rank                  int // of the heading it stands in
	encoding              vietnamese.Encoding
	capitals              bool // a font that shows small letters as capitals
	depth                 int  // of lists
}

// markup makes drafts of a tree of HTML.
type markup struct {
	ctx      context.Context
	drafts   []draft
	encoding vietnamese.Encoding // of the whole file, where no font says another
	sheet    bool                // saved by a spreadsheet program: tables are sheets

	text        strings.Builder // of the paragraph that is open; \n where a line was broken by hand
	bold, plain int             // letters set so in it
	italic      int
	marker      string // of the list item that has just begun
	lines       bool   // each line is a draft of its own: inside the columns of a head
	side        side
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// styled reads the look of an element from its tag and attributes.
func styled(n *html.Node, l look) look {
	switch n.DataAtom {
	case atom.B, atom.Strong, atom.Th:
		l.bold = true
	case atom.I, atom.Em:
		l.italic = true
	case atom.Center:
		l.centred = true
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		l.rank, l.bold = int(n.Data[1]-'0'), true
	}
	style := strings.ToLower(strings.ReplaceAll(attr(n, "style"), " ", ""))
	switch align := strings.ToLower(attr(n, "align")); {
	case align == "center" || strings.Contains(style, "text-align:center"):
		l.centred = true
	case align != "" || strings.Contains(style, "text-align:"):
		l.centred = false
	}
	switch {
	case strings.Contains(style, "font-weight:bold"), strings.Contains(style, "font-weight:700"):
		l.bold = true
	case strings.Contains(style, "font-weight:normal"), strings.Contains(style, "font-weight:400"):
		l.bold = false
	}
	if strings.Contains(style, "font-style:italic") {
		l.italic = true
	}
	font := attr(n, "face")
	if _, after, ok := strings.Cut(style, "font-family:"); ok && font == "" {
		font, _, _ = strings.Cut(after, ";")
		font = strings.Trim(font, `'"`)
	}
	if font != "" {
		l.encoding, l.capitals = vietnamese.EncodingOfFont(font)
		if strings.HasSuffix(font, "h") && l.encoding == vietnamese.TCVN3 {
			l.capitals = true // the style was folded to small letters
		}
	}
	return l
}

func hidden(n *html.Node) bool {
	if strings.Contains(strings.ReplaceAll(strings.ToLower(attr(n, "style")), " ", ""), "display:none") {
		return true
	}
	for _, a := range n.Attr {
		if a.Key == "hidden" {
			return true
		}
	}
	return false
}

func (m *markup) walk(n *html.Node, l look) error {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.Type {
		case html.TextNode:
			m.write(c.Data, l)
		case html.ElementNode:
			if err := m.element(c, l); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *markup) element(n *html.Node, outer look) error {
	if hidden(n) {
		return nil
	}
	l := styled(n, outer)
	switch n.DataAtom {
	case atom.Head, atom.Script, atom.Style, atom.Template, atom.Noscript, atom.Title, atom.Object, atom.Iframe, atom.Select, atom.Button, atom.Textarea:
		return nil
	case atom.Br:
		m.text.WriteByte('\n')
		return nil
	case atom.Sup:
		if t := strings.TrimSpace(nodeText(n)); t != "" {
			m.write(vietnamese.Superscript(t), l)
		}
		return nil
	case atom.Table:
		m.flush(outer)
		return m.table(n, l)
	case atom.Ul, atom.Ol:
		m.flush(outer)
		l.depth++
		return m.list(n, l)
	case atom.P, atom.Div, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Li, atom.Section, atom.Article,
		atom.Header, atom.Footer, atom.Main, atom.Nav, atom.Aside, atom.Blockquote, atom.Pre, atom.Center, atom.Form,
		atom.Dl, atom.Dt, atom.Dd, atom.Hr, atom.Body, atom.Html, atom.Td, atom.Th, atom.Tr, atom.Caption, atom.Figure, atom.Address:
		m.flush(outer)
		err := m.walk(n, l)
		m.flush(l)
		return err
	}
	return m.walk(n, l)
}

// listBullets are by the depth of the list, so that nested lists are told apart.
var listBullets = []string{"•", "◦", "▪", "▫"}

func (m *markup) list(n *html.Node, l look) error {
	number := 1
	if s, err := strconv.Atoi(attr(n, "start")); err == nil {
		number = s
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode || hidden(c) {
			continue
		}
		if c.DataAtom != atom.Li { // a list straight inside a list
			if err := m.element(c, l); err != nil {
				return err
			}
			continue
		}
		m.marker = listBullets[min(l.depth-1, len(listBullets)-1)]
		if n.DataAtom == atom.Ol {
			m.marker = listNumber(number, attr(n, "type")) + "."
			number++
		}
		inner := styled(c, l)
		if err := m.walk(c, inner); err != nil {
			return err
		}
		m.flush(inner)
		m.marker = ""
	}
	return nil
}

// listNumber writes the number of an item as its list does.
func listNumber(n int, kind string) string {
	switch {
	case (kind == "a" || kind == "A") && n >= 1 && n <= 26:
		return string(kind[0] + byte(n-1))
	case (kind == "i" || kind == "I") && n >= 1 && n < 40:
		s := strings.Repeat("X", n/10) + []string{"", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"}[n%10]
		if kind == "i" {
			s = strings.ToLower(s)
		}
		return s
	}
	return strconv.Itoa(n)
}

// write adds text to the open paragraph.
func (m *markup) write(s string, l look) {
	s = decodeRun(s, l, m.encoding)
	for _, r := range s {
		if r > ' ' {
			switch {
			case l.bold:
				m.bold++
			default:
				m.plain++
			}
			if l.italic {
				m.italic++
			}
		}
	}
	m.text.WriteString(strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' || r == '\t' {
			return ' '
		}
		return r
	}, s))
}

// decodeRun gives a run of text in Unicode, whatever font it is set in.
func decodeRun(s string, l look, whole vietnamese.Encoding) string {
	e := l.encoding
	if e == vietnamese.Unicode {
		e = whole
	} else if !vietnamese.Legacy(s) && strings.ContainsFunc(s, func(r rune) bool { return r >= 0x1EA0 && r <= 0x1EF9 }) {
		return s // Unicode letters that only carry the old font's name
	}
	if e == vietnamese.Unicode {
		return s
	}
	decoded := e.Decode(s)
	if decoded != s && vietnamese.Score(s) > vietnamese.Score(decoded)+0.1 {
		return s
	}
	s = decoded
	if l.capitals {
		s = strings.ToUpper(s)
	}
	return s
}

// oneLine is text as blocks and cells hold it: NFC, single spaces.
func oneLine(s string) string {
	return strings.Join(strings.Fields(vietnamese.Clean(norm.NFC.String(s))), " ")
}

// flush ends the open paragraph. Lines broken by hand are drafts of their own where they start like
// items, or where the columns of a head are read.
func (m *markup) flush(l look) {
	raw := m.text.String()
	d := draft{centred: l.centred, italic: m.italic > 0 && m.italic >= m.bold+m.plain, rank: l.rank, side: m.side}
	d.Bold = m.bold > 0 && m.bold >= 9*m.plain
	m.text.Reset()
	m.bold, m.plain, m.italic = 0, 0, 0
	m.addLines(strings.Split(raw, "\n"), d)
}

func (m *markup) addLines(lines []string, d draft) {
	for _, line := range lines {
		line = oneLine(line)
		if line == "" {
			continue
		}
		_, _, f := splitMarker(line)
		if d.Text != "" && (m.lines || f != none) {
			m.drafts = append(m.drafts, d)
			d.Text, d.Marker = "", ""
		}
		if d.Text == "" {
			d.Text = line
			if f == none {
				d.Marker = m.marker
			}
			m.marker = ""
		} else {
			d.Text += " " + line
		}
	}
	if d.Text != "" {
		m.drafts = append(m.drafts, d)
	}
}

func nodeText(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}
