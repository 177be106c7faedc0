package document

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"soket/extract/vietnamese"
)

// What decides between letters, words and columns, in shares of the font size.
const (
	// sameBaseline is how far glyphs of one line may differ in height.
	sameBaseline = 0.12
	// wordGap is the least gap between words where no space is printed, beyond the usual gap
	// between the line's letters. The narrowest space in justified text is about 0.2.
	wordGap = 0.17
	// bareGap is the same in a line without any printed space: LaTeX squeezes them that far.
	bareGap = 0.12
	// tightGap is the gap below which a printed space is none: it was drawn over.
	tightGap = 0.04
	// columnGap is the least gap that may lie between columns. Spaces in justified text rarely
	// get as wide; where they do, the pieces are put together again.
	columnGap = 1.25
	// gluedGap is the most that a printed space of one text measures; wider ones may end a cell.
	// gluedTight is the same where no space is printed.
	gluedGap, gluedTight = 0.8, 0.3
	// scriptSize and scriptRise tell superscripts: at most this size, lifted by at least that.
	scriptSize, scriptRise = 0.8, 0.15
)

// word is a piece of a line's text with its place along the line.
type word struct {
	start, end int32 // bytes of the line's text
	x0, x1     float32
	confidence float32
	from, to   int32 // its first and last glyph, in the order in which the page draws them
	glued      bool  // a space was printed between it and the word before: no column ends there
}

// line is a run of words on one baseline, in the page's upright coordinates.
type line struct {
	text         string
	words        []word
	x0, x1       float64
	y, size      float64 // baseline, and size of most letters
	bold, italic bool    // of at least nine letters in ten
	confidence   float64 // mean of the words; 0 without OCR
	turned       int     // degrees; text that runs up or down
	angle        int     // of the whole page's text
	box          Box     // as shown on the page
}

// drawn is the place of the line's first word in the order in which the page draws its glyphs.
func (l *line) drawn() int32 {
	if len(l.words) == 0 {
		return 0
	}
	return l.words[0].from
}

func (l *line) top() float64    { return l.y - 0.8*l.size }
func (l *line) bottom() float64 { return l.y + 0.22*l.size }
func (l *line) middle() float64 { return l.y - 0.3*l.size }

// turn maps between a page whose text runs at a right angle and upright coordinates.
type turn struct {
	angle         int // 0, 90, 180, 270 clockwise
	width, height float64
}

func (t turn) in(x, y float64) (float64, float64) {
	switch t.angle {
	case 90:
		return y, t.width - x
	case 180:
		return t.width - x, t.height - y
	case 270:
		return t.height - y, x
	}
	return x, y
}

// out gives the box on the page as shown, cut to the page.
func (t turn) out(x0, y0, x1, y1 float64) Box {
	switch t.angle {
	case 90:
		x0, y0, x1, y1 = t.width-y1, x0, t.width-y0, x1
	case 180:
		x0, y0, x1, y1 = t.width-x1, t.height-y1, t.width-x0, t.height-y0
	case 270:
		x0, y0, x1, y1 = y0, t.height-x1, y1, t.height-x0
	}
	cut := func(v, most float64) float64 { return math.Round(100*max(0, min(v, most))) / 100 }
	return Box{cut(x0, t.width), cut(y0, t.height), cut(x1, t.width), cut(y1, t.height)}
}

// run is a stretch of glyphs that follow each other on one baseline, in one bucket: the page (0) or
// a cell of a ruled table.
type run struct {
	first, last int // glyphs, last included
	bucket      int
	x0, x1      float64
	y, size     float64
}

// runs cuts the glyphs where the baseline, the bucket or the direction changes.
func runs(glyphs []Glyph, bucket func(g *Glyph) int) []run {
	rs := make([]run, 0, len(glyphs)/16+1)
	for i := range glyphs {
		g := &glyphs[i]
		b := bucket(g)
		if n := len(rs); n > 0 {
			r := &rs[n-1]
			if r.bucket == b && math.Abs(g.Y-r.y) <= sameBaseline*max(1, min(g.Size, r.size)) && sameScript(g.Size, r.size) &&
				g.X >= glyphs[i-1].X-0.05*g.Size && g.X-r.x1 < 20*g.Size {
				r.last = i
				r.x1 = max(r.x1, g.X+g.Width)
				continue
			}
		}
		rs = append(rs, run{i, i, b, g.X, g.X + g.Width, g.Y, g.Size})
	}
	return rs
}

func sameScript(a, b float64) bool { return a <= b*1.3 && b <= a*1.3 }

// row is the runs on one baseline of a bucket.
type row struct {
	runs    []run
	scripts []run // superscripts and subscripts that belong to it
	bucket  int
	x0, x1  float64
	y, size float64
	gone    bool
}

// rowsOf gathers runs into rows, ordered by bucket, then from top to bottom.
func rowsOf(rs []run) []row {
	slices.SortStableFunc(rs, func(a, b run) int {
		return cmp.Or(cmp.Compare(a.bucket, b.bucket), cmp.Compare(a.y, b.y))
	})
	var rows []row
	for start := 0; start < len(rs); {
		end := start + 1
		size := rs[start].size
		for end < len(rs) && rs[end].bucket == rs[start].bucket && rs[end].y-rs[end-1].y <= sameBaseline*max(1, size) && rs[end].y-rs[start].y <= 0.35*size {
			size = max(size, rs[end].size)
			end++
		}
		r := row{runs: rs[start:end:end], bucket: rs[start].bucket, x0: math.Inf(1), x1: math.Inf(-1)}
		length := 0
		for _, q := range r.runs {
			r.x0, r.x1 = min(r.x0, q.x0), max(r.x1, q.x1)
			if n := q.last - q.first; n >= length {
				length, r.y, r.size = n, q.y, q.size
			}
		}
		rows = append(rows, r)
		start = end
	}
	// Superscripts go to the row they stand at.
	for i := range rows {
		small := &rows[i]
		for _, j := range []int{i + 1, i - 1, i + 2, i - 2} {
			if j < 0 || j >= len(rows) || rows[j].bucket != small.bucket || rows[j].gone {
				continue
			}
			big := &rows[j]
			lift := math.Abs(big.y - small.y)
			if small.size > scriptSize*big.size || lift < scriptRise*small.size || lift > 0.6*big.size || small.x1-small.x0 > 6*big.size && len(small.runs) < 2 {
				continue
			}
			attached := 0
			for _, q := range small.runs {
				if big.touches(q) || small.y < big.y && big.follows(q) {
					attached++
				}
			}
			if attached == len(small.runs) {
				big.scripts = append(big.scripts, small.runs...)
				small.gone = true
				break
			}
		}
	}
	return rows
}

// touches says whether a run stands at the end, the start or in a gap of the row's own runs.
func (r *row) touches(q run) bool {
	for _, o := range r.runs {
		if d := q.x0 - o.x1; d > -0.6*r.size && d < 0.35*r.size {
			return true
		}
		if d := o.x0 - q.x1; d > -0.35*r.size && d < 0.6*r.size {
			return true
		}
		if q.x0 > o.x0 && q.x1 < o.x1 {
			return true
		}
	}
	return false
}

// follows says whether the row begins after a run as short as the mark of a footnote, which may hang.
func (r *row) follows(q run) bool {
	return q.last-q.first < 4 && q.x1 <= r.x0 && r.x0-q.x1 < columnGap*r.size
}

// setter puts the glyphs of rows into lines. It holds what it needs again for every line.
type setter struct {
	glyphs []Glyph
	codes  *fontCodes
	turn   turn
	order  []int // glyphs of the row at hand
	raised []bool
	gaps   []float64
	text   []byte
	raw    []byte
	words  []word
}

// lines sets one row: one line for each piece between gaps as wide as between columns, a single one
// where split is false.
func (s *setter) lines(r *row, split bool, to []line) []line {
	s.order = s.order[:0]
	slices.SortStableFunc(r.runs, func(a, b run) int { return cmp.Compare(a.x0, b.x0) })
	woven := false // one run stands in the gaps of another: letters of a second font
	for k, q := range r.runs {
		woven = woven || k > 0 && q.x0 < r.runs[k-1].x1-0.3*r.size
		for i := q.first; i <= q.last; i++ {
			s.order = append(s.order, i)
		}
	}
	upright := len(s.order)
	if woven {
		slices.SortStableFunc(s.order, func(a, b int) int { return cmp.Compare(s.glyphs[a].X, s.glyphs[b].X) })
	}
	s.raised = s.raised[:0]
	if len(r.scripts) > 0 {
		for _, q := range r.scripts {
			for i := q.first; i <= q.last; i++ {
				s.order = append(s.order, i)
			}
		}
		slices.SortStableFunc(s.order, func(a, b int) int { return cmp.Compare(s.glyphs[a].X, s.glyphs[b].X) })
	}
	for _, i := range s.order {
		g := &s.glyphs[i]
		s.raised = append(s.raised, upright < len(s.order) && g.Size <= scriptSize*r.size && r.y-g.Y > scriptRise*g.Size)
	}
	for start := 0; start < len(s.order); {
		end := start + 1
		right := s.reach(start, 0)
		for end < len(s.order) {
			g := &s.glyphs[s.order[end]]
			if blank(g.Text) {
				end++
				continue
			}
			if split && g.X-right > columnGap*r.size {
				break
			}
			right = s.reach(end, right)
			end++
		}
		if l, ok := s.set(start, end, r); ok {
			to = append(to, l)
		}
		start = end
	}
	return to
}

func (s *setter) reach(k int, right float64) float64 {
	g := &s.glyphs[s.order[k]]
	if blank(g.Text) && right > 0 {
		return right
	}
	return max(right, g.X+g.Width)
}

// set makes one line of the glyphs order[from:to].
func (s *setter) set(from, to int, r *row) (line, bool) {
	tracking, single := s.tracking(from, to)
	s.text, s.words, s.raw = s.text[:0], s.words[:0], s.raw[:0]
	l := line{size: r.size, y: r.y, x0: math.Inf(1), x1: math.Inf(-1)}
	var end, x0, confidence float64
	var bold, italic, letters, marks int
	var code fontCode
	raised, spaced, first := false, false, true
	least := wordGap
	if !slices.ContainsFunc(s.order[from:to], func(i int) bool { return blank(s.glyphs[i].Text) }) {
		least = bareGap
	}
	var before *Glyph
	var wordFrom, last int // glyphs
	glued := false
	finish := func() {
		if len(s.raw) == 0 {
			return
		}
		clean := code.decode(string(s.raw))
		if raised {
			clean = vietnamese.Superscript(clean)
		}
		s.raw = s.raw[:0]
		if clean == "" {
			return
		}
		s.text = append(s.text, clean...)
	}
	close := func() { // a word ends
		finish()
		w := int32(0)
		if n := len(s.words); n > 0 {
			w = s.words[n-1].end
			if w > 0 {
				w++
			}
		}
		if int(w) >= len(s.text) {
			return
		}
		s.words = append(s.words, word{w, int32(len(s.text)), float32(x0), float32(end), float32(confidence), int32(wordFrom), int32(last), glued})
		s.text = append(s.text, ' ')
	}
	for k := from; k < to; k++ {
		g := &s.glyphs[s.order[k]]
		if blank(g.Text) {
			spaced = true
			continue
		}
		rune0, _ := utf8.DecodeRuneInString(g.Text)
		if before != nil && before.Text == g.Text && math.Abs(g.X-before.X) < 0.1*g.Size && g.Width > 0 && math.Abs(g.Y-before.Y) < 0.1*g.Size {
			continue // printed twice, to look bold
		}
		mark := unicode.Is(unicode.Mn, rune0)
		gap := g.X - end
		apart := gap > tracking+least*g.Size
		switch {
		case first || mark:
		case single: // letters set wide apart: only wider gaps are spaces
			apart = gap > wideGap(tracking, g.Size)
		case spaced:
			apart = gap > tightGap*g.Size || gap > tracking
		}
		c := s.codes.of(g.Font)
		up := s.raised[k]
		switch {
		case first:
			x0, end, confidence = g.X, g.X, g.Confidence
			wordFrom = s.order[k]
		case apart && !mark:
			close()
			x0, confidence = g.X, g.Confidence
			wordFrom = s.order[k]
			// Recognised words have spaces between them whatever lies there.
			step := wordFrom - last
			follows := g.Confidence == 0 && !g.Placed && !(step > 1 && s.glyphs[wordFrom-1].Placed)
			glued = follows && (spaced && step > 1 && step <= 3 && gap < gluedGap*g.Size || step == 1 && gap < gluedTight*g.Size)
		case c != code || up != raised:
			finish()
		}
		code, raised, spaced, first = c, up, false, false
		last = s.order[k]
		s.raw = append(s.raw, g.Text...)
		switch {
		case !mark:
			end = max(g.X+g.Width, x0)
			before = g
		case g.X >= end-0.05*g.Size: // a mark with a width of its own, as few fonts have them
			end = g.X + g.Width
		}
		l.x0, l.x1 = min(l.x0, g.X), max(l.x1, g.X+g.Width)
		if unicode.IsLetter(rune0) {
			letters++
			if g.Bold {
				bold++
			}
			if g.Italic {
				italic++
			}
		} else if !mark {
			marks++
		}
	}
	close()
	if len(s.words) == 0 {
		return l, false
	}
	text := string(s.text[:len(s.text)-1])
	l.text = text
	l.words = slices.Clone(s.words)
	l.bold = letters > 0 && bold*10 >= letters*9
	l.italic = letters > 0 && italic*10 >= letters*9
	for _, w := range l.words {
		l.confidence += float64(w.confidence) / float64(len(l.words))
	}
	l.angle = s.turn.angle
	l.box = s.turn.out(l.x0, l.top(), l.x1, l.bottom())
	return l, true
}

// tracking is the usual gap between the letters of a line, and whether they are set so wide apart,
// with a printed space after each, that only the gaps tell the words.
func (s *setter) tracking(from, to int) (gap float64, single bool) {
	s.gaps = s.gaps[:0]
	spaces, size := 0, 0.0
	inner, least, most := 0, math.Inf(1), 0.0 // gaps without a printed space
	spaced := false
	var before *Glyph
	for k := from; k < to; k++ {
		g := &s.glyphs[s.order[k]]
		if blank(g.Text) {
			spaced = true
			continue
		}
		if before != nil {
			if at := g.X - before.X - before.Width; spaced {
				spaces++
			} else {
				inner++
				least, most = min(least, at), max(most, at)
			}
			if len(s.gaps) < 64 {
				s.gaps = append(s.gaps, g.X-before.X-before.Width)
			}
		}
		size = max(size, g.Size)
		before, spaced = g, false
	}
	if len(s.gaps) < 6 {
		// Too few to tell by their median: "B Á O  C Á O" is told by its even gaps.
		if spaces > 0 && inner >= 4 && least > tightGap*size && most-least < 0.05*size {
			return most, false
		}
		return 0, false
	}
	slices.Sort(s.gaps)
	median := s.gaps[len(s.gaps)/2]
	if median <= tightGap*size {
		return 0, false
	}
	return median, spaces > 6 && spaces*10 >= 9*len(s.gaps) && median < size
}

// wideGap is the gap between words in text whose letters are all set apart.
func wideGap(tracking, size float64) float64 { return max(1.6*tracking, tracking+wordGap*size) }

func blank(s string) bool {
	switch s {
	case " ", "\u00a0", "\t", "", "\r", "\n", "\u3000", "\u2003", "\u2002", "\u2009", "\u200b", "\u202f":
		return true
	}
	return false
}

// fontCodes remembers what the letters of each font stand for.
type fontCodes struct {
	known map[string]fontCode
	last  string
	code  fontCode

	legacy bool // some font of the page is one of TCVN3
	odd    bool // the page has letters that legacy encodings are shown as
}

// fontCode is an encoding, and whether the font shows small letters as capitals.
type fontCode struct {
	encoding vietnamese.Encoding
	capitals bool
}

func (c fontCode) decode(s string) string {
	if c.encoding != vietnamese.Unicode {
		s = c.encoding.Decode(s)
		if c.capitals {
			s = strings.ToUpper(s)
		}
	}
	return vietnamese.Clean(s)
}

func (f *fontCodes) of(font string) fontCode {
	if f.last != font || f.known == nil {
		f.last, f.code = font, f.known[font]
	}
	return f.code
}

// rewrite changes the words of a line one by one, and keeps their places.
func (l *line) rewrite(word func(string) string) {
	var b strings.Builder
	b.Grow(len(l.text) + 8)
	for i := range l.words {
		w := &l.words[i]
		if i > 0 {
			b.WriteByte(' ')
		}
		to := word(l.text[w.start:w.end])
		w.start = int32(b.Len())
		b.WriteString(to)
		w.end = int32(b.Len())
	}
	l.text = b.String()
}

// mend puts right what got lost in text from TCVN3: capitals with accents, and every ư.
func (f *fontCodes) mend(rows ...[][]line) {
	if f.odd { // single lines in a font that is not one of theirs by name
		beside := vietnamese.Unicode
		for _, c := range f.known {
			if c.encoding != vietnamese.Unicode {
				beside = c.encoding
			}
		}
		for _, ls := range rows {
			for _, row := range ls {
				for i := range row {
					if e := vietnamese.GuessBeside(row[i].text, beside); e != vietnamese.Unicode {
						row[i].rewrite(e.Decode)
						f.legacy = f.legacy || e == vietnamese.TCVN3
					}
				}
			}
		}
	}
	if !f.legacy {
		return
	}
	var all strings.Builder
	for _, ls := range rows {
		for _, row := range ls {
			for i := range row {
				all.WriteString(row[i].text)
				all.WriteByte('\n')
			}
		}
	}
	lost := vietnamese.HornLost(all.String())
	var above *line
	for _, ls := range rows {
		for _, row := range ls {
			for i := range row {
				l := &row[i]
				if caps := vietnamese.MendCaps(l.text); len(caps) == len(l.text) {
					l.text = caps
				}
				if !lost {
					continue
				}
				// A soft hyphen at the end of a line was printed: "n-" and "ớc" are "nước".
				if above != nil && len(above.words) > 0 && len(l.words) > 0 && (len(l.words) > 1 || len(above.words) > 1) {
					a, b := &above.words[len(above.words)-1], l.words[0]
					if stem, ok := strings.CutSuffix(above.text[a.start:a.end], "-"); ok {
						whole := strings.TrimSuffix(stem, "ư") + "ư" + l.text[b.start:b.end]
						switch {
						case !vietnamese.Syllable(strings.TrimRight(strings.ToLower(whole), ".,;:)")):
						case len(l.words) > 1:
							above.text = above.text[:a.start] + whole
							a.end = int32(len(above.text))
							l.words = l.words[1:]
						default: // the word is all that the line has
							above.text = strings.TrimRight(above.text[:a.start], " ")
							above.words = above.words[:len(above.words)-1]
							l.text = l.text[:b.start] + whole
							l.words[0].end = int32(len(l.text))
						}
					}
				}
				l.rewrite(vietnamese.PutHorn)
				above = l
			}
		}
	}
}

// learn decides on the fonts of a page: by name, and where that says nothing by how the text in
// that font scores.
func (f *fontCodes) learn(glyphs []Glyph) {
	known := map[string]fontCode{}
	var odd map[string][]byte // texts of the fonts in doubt
	var font string
	var code fontCode
	seen := false
	for i := range glyphs {
		g := &glyphs[i]
		if !seen || g.Font != font {
			font, seen = g.Font, true
			var ok bool
			if code, ok = known[font]; !ok {
				code.encoding, code.capitals = vietnamese.EncodingOfFont(font)
				known[font] = code
			}
		}
		if code.encoding != vietnamese.Unicode || len(g.Text) != 2 {
			continue
		}
		if r, _ := utf8.DecodeRuneInString(g.Text); r >= 0xA1 && r <= 0xFF {
			if odd == nil {
				odd = map[string][]byte{}
			}
			if _, ok := odd[font]; !ok {
				odd[font] = nil
			}
		}
	}
	f.odd = odd != nil
	if odd != nil {
		var before *Glyph
		for i := range glyphs {
			g := &glyphs[i]
			text, ok := odd[g.Font]
			if !ok || len(text) > 4000 {
				continue
			}
			if before != nil && (math.Abs(before.Y-g.Y) > 1 || g.X-before.X-before.Width > wordGap*g.Size) {
				text = append(text, ' ')
			}
			odd[g.Font] = append(text, g.Text...)
			before = g
		}
		for font, text := range odd {
			if e := vietnamese.Guess(string(text)); e != vietnamese.Unicode {
				known[font] = fontCode{encoding: e}
			}
		}
	}
	f.known, f.last, f.code = known, "", known[""]
	f.legacy = false
	for _, c := range known {
		f.legacy = f.legacy || c.encoding == vietnamese.TCVN3
	}
}
