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
	unknown := 0 // letters of fonts without a name, as Chromium makes of bold ones that a font lacks: they may be bold
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
			switch {
			case g.Bold:
				bold++
			case g.Font == "":
				unknown++
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
	l.bold = bold > 0 && bold*3 >= letters && bold*10 >= (letters-unknown)*9
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
