package document

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"soket/extract/vietnamese"
)

// footnotes marks the lines at the foot of a page that begin with a figure or a star: small ones, and
// those of the text's size that a rule or a call in the text above tells.
func (l *layout) footnotes(pitch float64) {
	sizes := map[float64]int{}
	for i := range l.flows {
		for k := range l.flows[i].pieces {
			p := &l.flows[i].pieces[k]
			if p.part == nil {
				sizes[math.Round(2*p.size)/2] += len(p.text)
			}
		}
	}
	body, most := 0.0, 0
	for size, n := range sizes {
		if n > most || n == most && size > body {
			body, most = size, n
		}
	}
	for i := range l.flows {
		f := &l.flows[i]
		end := len(f.pieces)
		for k := end - 1; k >= 0; k-- {
			if k == 0 || f.pieces[k].left != f.pieces[k-1].left && f.pieces[k].y < f.pieces[k-1].y { // a column begins
				f.notes(k, end, body, pitch)
				end = k
			}
		}
	}
}

// notes marks the footnotes at the foot of one column.
func (f *flow) notes(from, to int, body, pitch float64) {
	for to > from && f.pieces[to-1].kind != "" {
		to--
	}
	start := -1
	for k := to - 1; k >= from; k-- {
		p := &f.pieces[k]
		if p.kind != "" {
			continue
		}
		if p.part != nil || p.side != whole || p.size > 0.9*body || p.y < f.height/2 {
			break
		}
		if noteMark(p.text).sign != "" {
			start = k
		}
	}
	if start < 0 {
		start = f.largeNotes(from, to, pitch)
	}
	if start <= 0 {
		return
	}
	for k := start; k < to; k++ {
		if f.pieces[k].kind == "" {
			f.pieces[k].kind = Footnote
			f.pieces[k].fresh = noteMark(f.pieces[k].text).sign != ""
		}
	}
}

// largeNotes gives the first line of footnotes that are as large as the text at the foot of one column,
// -1 for none.
func (f *flow) largeNotes(from, to int, pitch float64) int {
	const foot = 0.8 // share of the page's height; notes end below
	start := -1
	if to <= from || f.pieces[to-1].y < foot*f.height {
		return start
	}
	for k := to - 1; k > from; k-- {
		p, above := &f.pieces[k], &f.pieces[k-1]
		if p.kind != "" || p.part != nil || p.side != whole || p.turned != 0 || p.y < f.height/2 {
			break
		}
		m, gap := noteMark(p.text), p.y-above.y
		if f.ruled(above, p) {
			if m.sign != "" && (m.apart || f.called(m, k)) {
				start = k
			}
			break
		}
		if m.apart && f.called(m, k) && (m.raised || gap > looser*pitch*p.size) {
			start = k
		}
		if start != k && gap > muchLooser*pitch*p.size || gap < 0 {
			break // what stands above is no part of a note
		}
	}
	return start
}

// ruled says whether a short rule that begins at the margin stands between two lines.
func (f *flow) ruled(above, p *piece) bool {
	const indent = 45.0 // points that it may stand in, as the first lines of paragraphs do
	return slices.ContainsFunc(f.rules, func(r stroke) bool {
		return r.at > above.bottom() && r.at < p.middle() && r.from > p.left-indented && r.from < p.left+indent && r.to-r.from < 0.6*(p.right-p.left)
	})
}

// loneRules lists the horizontal rules in the lower half of a page that are no part of a table.
func loneRules(rules []Rule, t turn, gs []grid, height float64) []stroke {
	var out []stroke
	for _, r := range rules {
		x0, y0 := t.in(r.X0, r.Y0)
		x1, y1 := t.in(r.X1, r.Y1)
		s := stroke{(y0 + y1) / 2, min(x0, x1), max(x0, x1)}
		if s.at < height/2 || s.to-s.from < 20*math.Abs(y1-y0) || slices.ContainsFunc(gs, func(g grid) bool {
			_, top, _, bottom := g.box()
			return s.at > top-ruleSlack && s.at < bottom+ruleSlack
		}) {
			continue
		}
		out = append(out, s)
	}
	return out
}

// noteSign is what a footnote begins with and the text calls it by.
type noteSign struct {
	sign   string // "1", "*"; empty for none
	raised bool
	apart  bool // raised, in brackets or a star, and not a bare figure as items have it
}

const raisedFigures = vietnamese.SuperscriptFigures

// noteMark reads the mark at the start of a line.
func noteMark(text string) noteSign {
	rest := strings.TrimLeft(text, "([")
	signs := raisedFigures
	switch r, _ := utf8.DecodeRuneInString(rest); {
	case unicode.IsDigit(r) && r < 0x80:
		signs = "0123456789"
	case r == '*' || r == '†':
		signs = "*†"
	case !strings.ContainsRune(signs, r):
		return noteSign{}
	}
	bracket := len(text) - len(rest)
	after := strings.TrimLeft(rest, signs)
	m := noteSign{sign: rest[:len(rest)-len(after)], raised: signs == raisedFigures}
	m.apart = m.raised || bracket == 1 && after != "" && strings.ContainsRune(")]", rune(after[0])) || signs == "*†"
	m.sign = strings.Map(func(r rune) rune {
		if i := strings.IndexRune(raisedFigures, r); i >= 0 {
			return '0' + rune(utf8.RuneCountInString(raisedFigures[:i]))
		}
		return r
	}, m.sign)
	if after = strings.TrimLeft(after, ")]. "); m.raised || signs == "*†" && bracket == 0 {
		return m
	}
	if next, _ := utf8.DecodeRuneInString(after); bracket > 1 || len(text)-len(after) > 5 || !unicode.IsUpper(next) {
		return noteSign{}
	}
	return m
}

// called says whether the text above piece k calls a footnote: by its mark raised, or set to the end of
// a word.
func (f *flow) called(m noteSign, k int) bool {
	raised := vietnamese.Superscript(m.sign)
	for i := range f.pieces[:k] {
		text := f.pieces[i].text
		if p := f.pieces[i].part; p != nil {
			text = p.text
		}
		for _, call := range []string{raised, "(" + m.sign + ")", "[" + m.sign + "]"} {
			for from := 0; ; {
				at := strings.Index(text[from:], call)
				if at < 0 {
					break
				}
				at += from
				from = at + len(call)
				before, _ := utf8.DecodeLastRuneInString(text[:at])
				next, _ := utf8.DecodeRuneInString(text[from:])
				if at > 0 && !strings.ContainsRune(raisedFigures, next) && !strings.ContainsRune(" \t\n"+raisedFigures, before) {
					return true
				}
			}
		}
	}
	return false
}
