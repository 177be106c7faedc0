package document

import (
	"strings"
	"unicode/utf8"

	"soket/extract/pattern"
	"soket/extract/vietnamese"
)

// draft is a paragraph, one line of a head set in two columns, or a table, before it is known what
// it is in the document. Every reader makes drafts in reading order; classify makes blocks of them,
// so that a report gives the same blocks as PDF, DOCX and HTML.
type draft struct {
	// Block has its marker still on Text, or in Marker where the markup has it apart. Kind is set
	// only where the reader is sure: TableBlock, Header, Footer, Footnote.
	Block
	side    side
	centred bool
	italic  bool
	size    float64 // of the letters, points; 0 unknown
	rank    int     // of a heading in markup: 1 for h1; 0 for none
	indent  float64 // of the first line, from the margin, points; 0 where it is not known
}

// side tells the columns of an official letter's head and foot, which are set beside each other.
type side int

const (
	whole side = iota
	left
	right
)

// classify says what each draft is: letterhead, title, headings with their level, items with
// marker and level, signature. Captions and units just above a table go into it.
func classify(drafts []draft) []Block {
	c := classifier{drafts: drafts, out: make([]Block, 0, len(drafts))}
	for i := 0; i < len(drafts); {
		i = c.next(i)
	}
	return c.out
}

type classifier struct {
	drafts []draft
	out    []Block
	body   bool // something of the body has been seen
	title  bool // a title has begun
	signed bool // the signature has begun

	headings []family // open headings, outermost first
	items    []family // open lists since the last heading, outermost first
}

func (c *classifier) add(b Block) { c.out = append(c.out, b) }

// next handles the draft at i, with those that belong to it, and gives the index of the one after.
func (c *classifier) next(i int) int {
	d := &c.drafts[i]
	switch {
	case d.Kind == TableBlock:
		c.table(d)
		return i + 1
	case d.Kind != "":
		c.add(d.Block)
		return i + 1
	case d.side != whole:
		return c.sides(i)
	case strings.TrimSpace(d.Text) == "":
		return i + 1
	}
	folded := vietnamese.Fold(d.Text)
	switch {
	case !c.body && c.recipient(d):
		joinBlocks(&c.out[len(c.out)-1], d.Block)
		return i + 1
	case !c.body && letterheadLine(d.Text, folded):
		d.Kind = Letterhead
	case !c.body && c.titled(d, folded):
		d.Kind = Title
		if n := len(c.out); n > 0 && c.out[n-1].Kind == Title {
			joinBlocks(&c.out[n-1], d.Block)
			return i + 1
		}
	case c.signature(d, folded):
		d.Kind = Signature
	default:
		c.flow(i)
		return i + 1
	}
	c.add(d.Block)
	return i + 1
}

// flow handles a draft of the body: heading, item or paragraph.
func (c *classifier) flow(i int) {
	d := &c.drafts[i]
	marker, rest, f := splitMarker(d.Text)
	if d.Marker != "" {
		_, _, f = splitMarker(d.Marker + " X")
		if f == none {
			f = family{kind: '•', bullet: d.Marker}
		}
		marker, rest = d.Marker, d.Text
	}
	if n := len(c.out); n > 0 && c.out[n-1].Kind == TableBlock && c.out[n-1].Table != nil && noteLine(d.Text) {
		t := c.out[n-1].Table
		t.Notes = append(t.Notes, d.Text)
		return
	}
	c.body = c.body || d.rank > 1 || !d.centred && utf8.RuneCountInString(d.Text) > 80 || f.kind == 'I' || f.kind == 'A'
	f = c.letterOrRoman(f, marker)
	b := d.Block
	switch {
	case c.isHeading(i, f, rest):
		b.Kind = Heading
		if f == none {
			f = family{kind: 'H', depth: d.rank}
			if d.rank == 0 && upperShare(rest) > 0.9 {
				f.depth = 1
			}
		}
		b.Level = push(&c.headings, f)
		c.items = c.items[:0]
		c.body = true
	case f != none:
		b.Kind = Item
		f.indent = d.indent
		b.Level = push(&c.items, f)
		c.body = true
	default:
		b.Kind = Paragraph
	}
	if marker != "" && b.Kind != Paragraph {
		b.Spans = cutSpans(b.Spans, len(d.Text)-len(rest))
		b.Marker, b.Text = marker, rest
	}
	c.add(b)
}

// letterOrRoman settles "C.", "D.", "I.", "V." and "X.": letters go on with letters.
func (c *classifier) letterOrRoman(f family, marker string) family {
	if f.kind != 'I' && f.kind != 'A' {
		return f
	}
	m := strings.Trim(marker, "./)( ")
	if len(m) != 1 || !strings.Contains("CDILMVX", m) {
		return f
	}
	for k := len(c.out) - 1; k >= 0; k-- {
		if c.out[k].Kind == Heading {
			before := strings.Trim(c.out[k].Marker, "./)( ")
			if len(before) == 1 && before[0] >= 'A' && before[0]+1 == m[0] && !(before == "I" && m == "J") {
				return family{kind: 'A'}
			}
		}
	}
	if m == "I" || m == "V" || m == "X" {
		return family{kind: 'I'}
	}
	return family{kind: 'A'}
}

// push finds the level of a family among the open ones: the same as before where it is open, one
// deeper where it is not.
func push(open *[]family, f family) int {
	for k, g := range *open {
		if g.same(f) {
			*open = (*open)[:k+1]
			return k + 1
		}
	}
	// A family that ranks above open ones closes them: "II." after "1." under an unmarked head.
	if r := f.rank(); r > 0 {
		for k, g := range *open {
			if g.rank() > r {
				*open = (*open)[:k]
				break
			}
		}
	}
	*open = append(*open, f)
	return len(*open)
}

// timeAtEnd is the time that a heading names: "Chương trình công tác 6 tháng cuối năm 2019", "… quý II/2019".
var timeAtEnd = pattern.New(` (?:\d{1,2} thang (?:dau |cuoi )?)?(?:quy [ivx1-4]+ ?/? ?|thang \d{1,2} ?/? ?)?(?:nam )?\d{4}$`)

// isHeading decides on a draft of the body by its marker, letters and length.
func (c *classifier) isHeading(i int, f family, rest string) bool {
	d := &c.drafts[i]
	n := utf8.RuneCountInString(rest)
	if n == 0 || n > 300 || d.Kind != "" {
		return false
	}
	if d.rank > 0 {
		return true
	}
	if f.kind == '-' || f.kind == '+' || f.kind == '•' {
		return false
	}
	end, _ := utf8.DecodeLastRuneInString(rest)
	stops := strings.ContainsRune(";,.", end)
	upper := upperShare(rest) > 0.9 && letterCount(rest) >= 4
	switch {
	case f.kind == 'P':
		return n <= 200
	case upper && f != none:
		return end != ';' && end != ','
	case upper:
		// A scan tells of no bold letters, and centred lines of a page that leans may not look it.
		return !stops && letterCount(rest) >= 6 && (d.Bold || d.centred || c.body && len(strings.Fields(rest)) > 2 && letterCount(rest) >= 12)
	case d.Bold:
		return n <= 200 && end != ';' && end != ',' && (f != none || n <= 120 && end != '.' && !d.centred)
	case d.italic && f != none:
		return n <= 120 && !stops
	case f.kind == 'I' || f.kind == 'A':
		return n <= 150 && !stops
	case f == none || stops || end == ':' || n > 90 || strings.ContainsAny(timeAtEnd.ReplaceAllString(vietnamese.Fold(rest), ""), "0123456789"):
		return false
	}
	// A short plain line with a number or letter: a heading where text stands between it and the
	// next one of its kind, an item where they stand under one another.
	if i+1 >= len(c.drafts) || c.drafts[i+1].Kind == TableBlock {
		return i+1 < len(c.drafts)
	}
	next := &c.drafts[i+1]
	_, _, g := splitMarker(next.Text)
	return next.side == whole && g != f && utf8.RuneCountInString(next.Text) > 40
}

// joinBlocks puts the text of b behind that of a, with a space between.
func joinBlocks(a *Block, b Block) {
	if a.Text == "" {
		a.Text, a.Spans = b.Text, b.Spans
		return
	}
	shift := len(a.Text) + 1
	a.Text += " " + b.Text
	for _, s := range b.Spans {
		s.Start += shift
		s.End += shift
		a.Spans = append(a.Spans, s)
	}
	a.Bold = a.Bold && b.Bold
}

// cutSpans drops the first n bytes of a text from its spans.
func cutSpans(spans []Span, n int) []Span {
	if n == 0 {
		return spans
	}
	kept := make([]Span, 0, len(spans))
	for _, s := range spans {
		if s.End > n {
			s.Start, s.End = max(0, s.Start-n), s.End-n
			kept = append(kept, s)
		}
	}
	return kept
}

func hasAnyPrefix(s string, prefixes ...string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}
