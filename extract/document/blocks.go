package document

import (
	"strings"
	"unicode"
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

// recipient says whether a draft goes on with "Kính gửi:", whose recipients stand under one another.
func (c *classifier) recipient(d *draft) bool {
	n := len(c.out)
	if n == 0 || c.out[n-1].Kind != Paragraph || utf8.RuneCountInString(d.Text) > 120 || !strings.HasPrefix(vietnamese.Fold(c.out[n-1].Text), "kinh gui") {
		return false
	}
	_, _, f := splitMarker(d.Text)
	end := c.out[n-1].Text
	return f.kind == '-' || f.kind == '+' || strings.HasSuffix(end, ";") || strings.HasSuffix(end, ":")
}

// sides handles a run of drafts set in two columns: the head of a letter before its body, the
// recipients and the signer after it. Each side becomes one block.
func (c *classifier) sides(i int) int {
	j := i
	var both [2]*Block
	for ; j < len(c.drafts) && c.drafts[j].side != whole; j++ {
		d := &c.drafts[j]
		if c.drafts[j].side == left && j > i && c.drafts[j-1].side == right {
			break // another pair
		}
		k := d.side - left
		if strings.TrimSpace(strings.Trim(d.Text, "─—–-_=*.")) == "" {
			continue // a line drawn with characters
		}
		if both[k] == nil {
			b := d.Block
			both[k] = &b
		} else {
			joinBlocks(both[k], d.Block)
		}
	}
	kind := Signature
	motto := false
	for _, b := range both {
		motto = motto || b != nil && strings.Contains(vietnamese.Fold(b.Text), "cong hoa xa hoi chu nghia")
	}
	switch {
	case motto:
		// The national motto heads a letter, also where a stamp or a cover stood above it.
		kind, c.body, c.title, c.signed = Letterhead, false, false, false
	case !c.body && !c.title:
		kind = Letterhead
	default:
		c.signed = true
	}
	for _, b := range both {
		if b != nil {
			b.Kind = kind
			c.add(*b)
		}
	}
	return j
}

var (
	numberLine = pattern.New(`^so\s*:?\s*\d*\s*[.…]*\s*/`)
	dateLine   = pattern.New(`^[\p{L}\s.\-]{2,40},\s*ngay\s*[\d.…]*\s*thang\s*[\d.…]*\s*nam\s*[\d.…]*$`)
)

// letterheadLine knows the lines of the head when they do not stand in two columns.
func letterheadLine(text, folded string) bool {
	if utf8.RuneCountInString(text) > 120 {
		return false
	}
	return strings.HasPrefix(folded, "cong hoa xa hoi chu nghia") || strings.HasPrefix(folded, "doc lap - tu do") ||
		numberLine.MatchString(folded) || dateLine.MatchString(folded) ||
		upperShare(text) > 0.9 && hasAnyPrefix(folded, "ubnd ", "uy ban nhan dan", "so khoa hoc", "bo khoa hoc", "chi cuc", "trung tam", "thanh tra so")
}

// titles are the first words of the titles of official papers, folded.
var titles = []string{"bao cao", "to trinh", "ke hoach", "thong bao", "cong van", "quyet dinh", "ket luan", "chuong trinh", "de an", "bien ban", "phu luc", "bieu", "giay moi", "du thao"}

// titled says whether a draft is the title or goes on with it: the name of the paper in capitals,
// then its subject, until the text is no longer centred.
func (c *classifier) titled(d *draft, folded string) bool {
	if strings.HasPrefix(folded, "kinh gui") {
		c.title = true // what follows is the body, but for a title that comes late
		return false
	}
	if n := len(c.out); n > 0 && c.out[n-1].Kind == Title && c.title {
		_, _, f := splitMarker(d.Text)
		return f == none && d.Marker == "" &&
			(utf8.RuneCountInString(d.Text) <= 400 && (d.centred || d.Bold && d.rank <= 1) || d.rank == 1)
	}
	if hasAnyPrefix(folded, titles...) {
		first := d.Text[:min(len(d.Text), 9)]
		if upperShare(first) > 0.9 && (d.centred || d.Bold || d.rank == 1 || upperShare(d.Text) > 0.9) {
			c.title = true
			return true
		}
	}
	if d.rank == 1 && !c.title && d.Marker == "" {
		c.title = true
		return true
	}
	return false
}

// signers are the starts of the lines that stand above a signature, folded.
var signers = []string{"giam doc", "pho giam doc", "kt.", "kt ", "tl.", "tm.", "tuq.", "q. giam doc", "quyen giam doc",
	"chanh thanh tra", "pho chanh thanh tra", "chi cuc truong", "pho chi cuc truong", "chu tich", "pho chu tich",
	"thu truong", "truong phong", "chanh van phong", "nguoi lap", "bo truong", "thu truong don vi"}

// signature knows what ends a letter, also where it does not stand in two columns.
func (c *classifier) signature(d *draft, folded string) bool {
	if !c.body {
		return false
	}
	if strings.HasPrefix(folded, "noi nhan") && len(folded) < 400 {
		c.signed = true
		return true
	}
	short := utf8.RuneCountInString(d.Text) <= 60
	if short && upperShare(d.Text) > 0.9 && hasAnyPrefix(folded, signers...) {
		c.signed = true
		return true
	}
	if !c.signed {
		return false
	}
	if upperShare(d.Text) > 0.9 && hasAnyPrefix(folded, "phu luc", "bieu", "bang") || d.rank > 0 {
		c.signed = false // an appendix begins
		return false
	}
	if _, _, f := splitMarker(d.Text); f.kind == 'I' || f.kind == 'A' || f.kind == 'P' {
		c.signed = false
		return false
	}
	return short || d.Marker != "" || strings.HasPrefix(d.Text, "-")
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
		return (d.Bold || d.centred) && !stops && letterCount(rest) >= 6
	case d.Bold:
		return n <= 200 && end != ';' && end != ',' && (f != none || n <= 120 && end != '.' && !d.centred)
	case d.italic && f != none:
		return n <= 120 && !stops
	case f.kind == 'I' || f.kind == 'A':
		return n <= 150 && !stops
	case f == none || stops || end == ':' || n > 90 || strings.ContainsAny(rest, "0123456789"):
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

// table adds a table, after taking its caption and unit from just above.
func (c *classifier) table(d *draft) {
	t := d.Table
	c.body = true
	inBrackets := "" // "(Kèm theo Báo cáo số …)" between the caption and the table
	for range 3 {
		n := len(c.out)
		if n == 0 || t == nil {
			break
		}
		above := &c.out[n-1]
		if above.Kind != Paragraph && above.Kind != Heading && above.Kind != Item || above.Page != 0 && d.Page != 0 && d.Page-above.Page > 1 {
			break
		}
		if unit, ok := unitLine(above.Text); ok && t.Unit == "" && above.Marker == "" {
			t.Unit = unit
			c.out = c.out[:n-1]
			continue
		}
		if t.Title == "" && above.Marker == "" && captionLine(above.Text) {
			t.Title = strings.TrimSpace(above.Text + " " + inBrackets)
			inBrackets = ""
			if unit, ok := unitWithin(t.Title); ok && t.Unit == "" {
				t.Unit = unit
			}
			c.out = c.out[:n-1]
			continue
		}
		if t.Title == "" && inBrackets == "" && n > 1 && strings.HasPrefix(above.Text, "(") && strings.HasSuffix(above.Text, ")") && captionLine(c.out[n-2].Text) && c.out[n-2].Marker == "" {
			inBrackets = above.Text
			c.out = c.out[:n-1]
			continue
		}
		break
	}
	c.add(d.Block)
}

var (
	unitPattern = pattern.New(`^\(?\s*(?:[Đđ]ơn vị(?: tính)?|[Đđ][Vv][Tt]|ĐƠN VỊ(?: TÍNH)?)(?: (?:số )?(?:tiền|kinh phí|giá trị))?\s*[:：]\s*([^()]{1,40}?)\s*\)?\.?$`)
	unitInside  = pattern.New(`\(\s*(?:[Đđ]ơn vị(?: tính)?|[Đđ][Vv][Tt])(?: (?:số )?(?:tiền|kinh phí|giá trị))?\s*[:：]\s*([^()]{1,40}?)\s*\)`)
	caption     = pattern.New(`^(?:bang|bieu|phu luc|phu bieu|mau|danh muc|tong hop|ket qua)\b`)
	numbered    = pattern.New(`^(?:bang|bieu|phu luc|phu bieu|mau)\s*(?:so\s*)?[\divx]+\b`)
)

// noteLine knows the lines under a table that explain it.
func noteLine(text string) bool {
	return hasAnyPrefix(vietnamese.Fold(text), "ghi chu", "nguon:", "nguon so lieu", "(*)", "* ghi chu")
}

// unitLine takes the unit out of a line that says nothing else: "Đơn vị tính: triệu đồng".
func unitLine(text string) (string, bool) {
	m := unitPattern.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return "", false
	}
	return m[1], true
}

// unitWithin takes the unit out of a caption's brackets.
func unitWithin(text string) (string, bool) {
	m := unitInside.FindStringSubmatch(text)
	if m == nil {
		return "", false
	}
	return m[1], true
}

// captionLine says whether a line names the table below it: "Bảng 1. Kết quả thanh tra".
func captionLine(text string) bool {
	if utf8.RuneCountInString(text) > 250 {
		return false
	}
	folded := vietnamese.Fold(text)
	if numbered.MatchString(folded) {
		return true
	}
	end, _ := utf8.DecodeLastRuneInString(text)
	return caption.MatchString(folded) && !strings.ContainsRune(".:;,", end) && utf8.RuneCountInString(text) <= 160
}

// family is a kind of marker: those of one list or one level of headings.
type family struct {
	kind   rune    // 'P' part, 'I' roman, 'A' capital, '1' number, 'a' small letter, '-', '+', '•' other bullets, 'H' heading without a marker
	depth  int     // numbers: how many, 2 for "1.1"; headings without a marker: rank
	close  byte    // what closes it: '.', ')', '/', 0
	bullet string  // the sign, of '•'
	indent float64 // of an item, points: the same sign further in is a list within the list
}

// deeper is how much further in, in points, an item stands whose list is within another.
const deeper = 9.0

func (f family) same(g family) bool {
	if d := f.indent - g.indent; d > deeper || d < -deeper {
		return false
	}
	f.indent, g.indent = 0, 0
	return f == g
}

var none family

// rank orders the families of headings as official papers use them; 0 where none is fixed.
func (f family) rank() int {
	switch f.kind {
	case 'P':
		return 1
	case 'A':
		return 2
	case 'I':
		return 3
	case '1':
		return 3 + f.depth
	case 'a':
		return 9
	}
	return 0
}

var (
	partMarker   = pattern.New(`^(?:PHẦN|Phần|CHƯƠNG|Chương|MỤC|Mục)\s+(?:THỨ\s+|thứ\s+)?(?:[IVX]+|\d{1,2}|[A-ZĐ]|NHẤT|HAI|BA|TƯ|NĂM|nhất|hai|ba|tư|năm)\s*(?:[.:\-–]|$)`)
	romanMarker  = pattern.New(`^[IVX]{1,5}\s?[.)/]\s*|^[IVX]{1,5}\s*[-–]\s+`)
	letterMarker = pattern.New(`^[A-HK-UĐ]\s?[.)/]\s*|^[A-HK-UĐ]\s+[-–]\s+`)
	numberMarker = pattern.New(`^\(?\d{1,2}((?:\.\d{1,2}){0,4})([.)/]?)\s+|^\d{1,2}((?:\.\d{1,2}){0,4})(?:([.)/])|\s?([-–])\s+)`)
	smallMarker  = pattern.New(`^\(?([a-zđ]{1,2}|[ivx]{1,4})(?:\.\d{1,2})?([.)/])\s*`)
	bullets      = "•●○◦▪■□◼◻▫‣⁃*·∙✓✔❖➢➤►▶→⇒◆◇☐\uF0B7\uF0A7\uF0D8\uF0FC\uF076\uF02D"
)

// splitMarker takes the marker of a heading or an item off the start of a text. Without one the
// family is none and rest is the text.
func splitMarker(text string) (marker, rest string, f family) {
	r, n := utf8.DecodeRuneInString(text)
	if n == 0 {
		return "", text, none
	}
	cut := func(n int, f family) (string, string, family) {
		rest := strings.TrimLeft(text[n:], " ")
		if rest == "" {
			return "", text, none
		}
		return strings.TrimSpace(text[:n]), rest, f
	}
	after := strings.TrimLeft(text[n:], " ")
	next, _ := utf8.DecodeRuneInString(after)
	spaced := len(after) < len(text)-n
	switch {
	case strings.ContainsRune("-–—−", r):
		// A minus stands at a figure; a dash before a figure has a space.
		if !spaced && (unicode.IsDigit(next) || strings.ContainsRune("-–—−", next)) {
			return "", text, none
		}
		return cut(n, family{kind: '-'})
	case r == '+':
		if !spaced && unicode.IsDigit(next) {
			return "", text, none
		}
		return cut(n, family{kind: '+'})
	case strings.ContainsRune(bullets, r):
		return cut(n, family{kind: '•', bullet: string(r)})
	case r == 'o' && spaced && (unicode.IsUpper(next) || unicode.IsDigit(next)):
		return cut(n, family{kind: '•', bullet: "◦"}) // the hollow bullet of a typewriter font
	}
	// Most lines are plain text, and the first letter or the lack of a closing sign near it says so
	// for a tenth of what the patterns cost.
	head := text[:min(len(text), 12)]
	if !strings.ContainsAny(head, ".)/-–") && !strings.ContainsRune("PpCcMm(0123456789", r) {
		return "", text, none
	}
	if strings.ContainsRune("PCM", r) {
		if m := partMarker.FindString(text); m != "" {
			return cut(len(m), family{kind: 'P'})
		}
	}
	if m := romanMarker.FindString(text); m != "" && startsPhrase(text[len(m):]) {
		return cut(len(m), family{kind: 'I'})
	}
	if m := letterMarker.FindString(text); m != "" && startsPhrase(text[len(m):]) {
		return cut(len(m), family{kind: 'A'})
	}
	if m := numberMarker.FindStringSubmatchIndex(text); m != nil {
		dots, closing := group(text, m, 1)+group(text, m, 3), group(text, m, 2)+group(text, m, 4)+group(text, m, 5)
		rest := text[m[1]:]
		first, _ := utf8.DecodeRuneInString(rest)
		deep := 1 + strings.Count(dots, ".")
		ok := unicode.IsLetter(first) || strings.ContainsRune("\"“'(", first)
		if closing == "" { // "1.1 Công tác": only with a capital, or it is a quantity
			ok = deep > 1 && unicode.IsUpper(first)
		}
		if closing == "/" && deep == 1 && unicode.IsDigit(first) {
			ok = false
		}
		if closing == "-" || closing == "–" { // "2- Sở hữu trí tuệ"
			ok, closing = unicode.IsUpper(first), "-"
		}
		if ok {
			f := family{kind: '1', depth: deep}
			if closing == ")" || closing == "/" || closing == "-" {
				f.close = closing[0]
			}
			return cut(m[1], f)
		}
		return "", text, none
	}
	if m := smallMarker.FindStringSubmatchIndex(text); m != nil {
		letters, closing := group(text, m, 1), group(text, m, 2)
		first, _ := utf8.DecodeRuneInString(text[m[1]:])
		single := utf8.RuneCountInString(letters) == 1
		bracket := strings.HasPrefix(text, "(")
		switch {
		case closing == ")" && (unicode.IsLetter(first) || unicode.IsDigit(first) || first == '"' || first == '“') && (single || strings.Trim(letters, "ivx") == ""):
		case closing == "." && single && !bracket && unicode.IsUpper(first):
		case closing == "/" && single && !bracket && unicode.IsUpper(first):
		default:
			return "", text, none
		}
		return cut(m[1], family{kind: 'a', close: closing[0]})
	}
	return "", text, none
}

// startsPhrase says whether what follows a letter and a dot reads as a heading, and not as the rest
// of a name ("V.I. Lê-nin") or of a number.
func startsPhrase(s string) bool {
	r, n := utf8.DecodeRuneInString(s)
	if !unicode.IsLetter(r) && r != '"' && r != '“' {
		return false
	}
	return !strings.HasPrefix(s[n:], ".")
}

func group(s string, m []int, k int) string {
	if m[2*k] < 0 {
		return ""
	}
	return s[m[2*k]:m[2*k+1]]
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

// upperShare is the share of capitals among the letters, 0 without letters.
func upperShare(s string) float64 {
	upper, all := 0, 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			all++
			if unicode.IsUpper(r) {
				upper++
			}
		}
	}
	if all == 0 {
		return 0
	}
	return float64(upper) / float64(all)
}

func letterCount(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

func hasAnyPrefix(s string, prefixes ...string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}
