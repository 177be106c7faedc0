package document

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"soket/extract/vietnamese"
)

// What ends a paragraph, where the words themselves do not say.
const (
	// indented is how far a first line stands in, at least, in points.
	indented = 6.0
	// looser is the gap between lines, in shares of the usual one, that may part paragraphs; muchLooser
	// parts them always.
	looser, muchLooser = 1.12, 1.5
	// marginBand is the share of the page's height, at its top and foot, where running heads stand.
	marginBand = 0.11
)

// finish makes blocks of all pages read.
func (l *layout) finish() ([]Page, []Block, []Warning) {
	l.margins()
	l.runningHeads()
	pitch := l.pitch()
	l.footnotes(pitch)
	l.joinTables()
	w := writer{pitch: pitch}
	for i := range l.flows {
		w.page(&l.flows[i])
	}
	w.paragraph()
	return l.pages, classify(w.drafts), l.warnings
}

// margins widens those of pages with little text to what pages of the same size usually have.
func (l *layout) margins() {
	type size struct{ w, h int }
	lefts, rights := map[size][]float64{}, map[size][]float64{}
	for i := range l.flows {
		f := &l.flows[i]
		if len(f.pieces) >= 8 {
			k := size{int(f.width), int(f.height)}
			lefts[k], rights[k] = append(lefts[k], f.left), append(rights[k], f.right)
		}
	}
	for k := range lefts {
		slices.Sort(lefts[k])
		slices.Sort(rights[k])
	}
	for i := range l.flows {
		f := &l.flows[i]
		k := size{int(f.width), int(f.height)}
		if len(lefts[k]) == 0 {
			continue
		}
		x0, x1 := min(f.left, lefts[k][len(lefts[k])/2]), max(f.right, rights[k][len(rights[k])/2])
		if f.justified() {
			x1 = f.right // the first of two columns, the other one empty
		}
		for j := range f.pieces {
			p := &f.pieces[j]
			if p.left == f.left && p.right == f.right {
				p.left, p.right = x0, x1
			}
		}
		f.left, f.right = x0, x1
	}
}

// justified says whether most lines of a page end at its right margin.
func (f *flow) justified() bool {
	n := 0
	for k := range f.pieces {
		if p := &f.pieces[k]; p.part == nil && math.Abs(p.x1-f.right) < 3 {
			n++
		}
	}
	return n >= 8 && n*2 > len(f.pieces)
}

// pitch is the usual distance of baselines, in font sizes.
func (l *layout) pitch() float64 {
	counts := map[int]int{}
	for i := range l.flows {
		ps := l.flows[i].pieces
		for k := 1; k < len(ps); k++ {
			a, b := &ps[k-1], &ps[k]
			if a.part != nil || b.part != nil || a.kind != "" || b.kind != "" || a.side != whole || a.size <= 0 {
				continue
			}
			if d := (b.y - a.y) / a.size; d > 0.8 && d < 3 && math.Abs(a.size-b.size) < 0.5 {
				counts[int(math.Round(d*50))]++
			}
		}
	}
	best, most := 0, 0
	for d, n := range counts {
		n += counts[d-1] + counts[d+1]
		if n > most || n == most && d < best {
			best, most = d, n
		}
	}
	if most == 0 {
		return 1.3
	}
	return float64(best) / 50
}

// joinTables makes one table of those that run over page ends, the first thing on a page with the
// last one on the page before.
func (l *layout) joinTables() {
	var open *part
	for i := range l.flows {
		f := &l.flows[i]
		first, last := -1, -1
		for k := range f.pieces {
			if f.pieces[k].kind == "" {
				if first < 0 {
					first = k
				}
				last = k
			}
		}
		if first < 0 {
			continue // an empty page, or one with only a page number
		}
		p := f.pieces[first].part
		if open != nil && p != nil && p.table.Method == open.table.Method && continues(open, p) {
			appendPart(open, p)
			f.pieces = slices.Delete(f.pieces, first, first+1)
			if first == last {
				continue // the table fills the page
			}
			last--
		}
		open = f.pieces[last].part
	}
}

// writer makes drafts of lines.
type writer struct {
	pitch  float64
	drafts []draft

	lines   []*piece // of the paragraph at hand
	pages   []int
	notes   []draft // footnotes, held until the paragraph ends
	note    []*piece
	notePg  int
	fromTop bool // the line at hand is the first of its page
}

func (w *writer) page(f *flow) {
	w.fromTop = true
	for k := range f.pieces {
		p := &f.pieces[k]
		switch {
		case p.part != nil:
			w.paragraph()
			d := draft{Block: Block{Kind: TableBlock, Table: p.part.table, Page: f.page}}
			w.drafts = append(w.drafts, d)
		case p.kind == Footnote:
			if p.fresh {
				w.endNote()
			}
			w.note = append(w.note, p)
			w.notePg = f.page
		case p.kind != "":
			w.endNote()
			d := w.draftOf([]*piece{p}, []int{f.page})
			d.Kind = p.kind
			w.notes = append(w.notes, d)
			if len(w.lines) == 0 {
				w.paragraph() // nothing is held up
			}
		case p.side != whole:
			w.paragraph()
			d := w.draftOf([]*piece{p}, []int{f.page})
			d.side = p.side
			w.drafts = append(w.drafts, d)
		default:
			if len(w.lines) > 0 && w.breaks(f, p) {
				w.paragraph()
			}
			w.lines = append(w.lines, p)
			w.pages = append(w.pages, f.page)
			w.fromTop = false
		}
	}
	w.endNote()
}

func (w *writer) endNote() {
	if len(w.note) > 0 {
		pages := make([]int, len(w.note))
		for i := range pages {
			pages[i] = w.notePg
		}
		d := w.draftOf(w.note, pages)
		d.Kind = Footnote
		w.notes = append(w.notes, d)
		w.note = nil
	}
}

// paragraph ends the paragraph at hand. Footnotes and running heads that came in between follow it.
func (w *writer) paragraph() {
	if len(w.lines) > 0 {
		w.drafts = append(w.drafts, w.draftOf(w.lines, w.pages))
		w.lines, w.pages = w.lines[:0], w.pages[:0]
	}
	w.drafts = append(w.drafts, w.notes...)
	w.notes = w.notes[:0]
}

// breaks says whether line p starts a new paragraph after the lines at hand.
func (w *writer) breaks(f *flow, p *piece) bool {
	last := w.lines[len(w.lines)-1]
	first := w.lines[0]
	samePage := w.pages[len(w.pages)-1] == f.page && !w.fromTop
	_, _, fam := splitMarker(p.text)
	end, _ := utf8.DecodeLastRuneInString(last.text)
	stops := strings.ContainsRune(".;:!?…", end)
	head, _ := utf8.DecodeRuneInString(p.text)

	switch {
	case p.fresh && samePage:
		return true
	case math.Abs(p.size-last.size) > 0.08*max(p.size, last.size) && p.bold != last.bold:
		return true
	}
	// A line with room for the next word ended on purpose.
	lc, pc := last.centred(), p.centred()
	room := last.right - last.x1
	if lc {
		room = (last.right - last.left) - (last.x1 - last.x0)
	}
	if next := p.firstWord(); room > next+0.28*last.size+1.5 {
		// But the lines of a title are balanced by hand.
		if !(lc && pc && samePage && p.bold == last.bold && centredOn(last, p)) {
			return true
		}
		return strings.HasPrefix(vietnamese.Fold(p.text), "kinh gui") || stops && end != ':' || (p.y-last.y)/last.size > muchLooser*w.pitch || upperShare(p.text) > 0.9 != (upperShare(last.text) > 0.9)
	}
	if lc != pc && len(w.lines) == 1 && !(pc && p.x1-p.x0 < 0.5*(p.right-p.left) && last.x0 < last.left+indented) {
		if lc && last.x0 > last.left+indented {
			return true
		}
	}
	if last.bold != p.bold && (last.bold && allBold(w.lines) || p.bold && len(p.words) > 3 && stops) {
		return true
	}
	gap := 0.0
	if samePage {
		gap = (p.y - last.y) / max(last.size, p.size)
		if gap > muchLooser*w.pitch || gap < 0 && !w.fromTop && p.y < last.y-0.5*last.size && p.left == last.left {
			return true
		}
	}
	in := p.x0 > p.left+indented
	continuation := last.x0 // where the lines of this paragraph start
	if len(w.lines) == 1 {
		continuation = math.NaN()
	}
	if fam != none {
		switch {
		case stops || end == ',':
			return true
		case gap > looser*w.pitch:
			return true
		case len(w.lines) > 1 && samePage && p.x0 > continuation+indented:
			return true // it stands in, the lines before do not
		case len(w.lines) == 1 && math.Abs(p.x0-first.x0) < 2 && in:
			return true
		}
		return false
	}
	if len(w.lines) > 1 && p.x0-p.left > continuation-last.left+indented && !hanging(first, p) {
		return true
	}
	if len(w.lines) == 1 && in && math.Abs((p.x0-p.left)-(first.x0-first.left)) < 2 && stops {
		if _, _, g := splitMarker(first.text); g == none && unicode.IsUpper(head) {
			return true
		}
	}
	// Items whose bullets are drawn, not printed: a block that stands in, each ended by a semicolon.
	if _, _, g := splitMarker(first.text); g == none && end == ';' && in && math.Abs((p.x0-p.left)-(last.x0-last.left)) < 2 && (unicode.IsUpper(head) || unicode.IsDigit(head)) {
		return true
	}
	return gap > looser*w.pitch+0.04 && (stops || unicode.IsUpper(head)) && stops
}

// hanging says whether a line stands under the text of an item's first line, after its marker.
func hanging(first, p *piece) bool {
	_, _, f := splitMarker(first.text)
	return f != none && len(first.words) > 1 && math.Abs(p.x0-float64(first.words[1].x0)) < 4
}

// centredOn says whether two lines have the same middle.
func centredOn(a, b *piece) bool {
	return math.Abs((a.x0+a.x1)-(b.x0+b.x1)) < 8
}

func allBold(ps []*piece) bool {
	for _, p := range ps {
		if !p.bold {
			return false
		}
	}
	return true
}

// firstWord is the width of the line's first word, with a marker's next one: they are not parted.
func (p *piece) firstWord() float64 {
	if len(p.words) == 0 {
		return 0
	}
	return float64(p.words[0].x1 - p.words[0].x0)
}

// centred says whether a line stands in the middle of its column with room on both sides. Lines of
// text do so by chance: only those of a title count, short or bold.
func (p *piece) centred() bool {
	l, r, width := p.x0-p.left, p.right-p.x1, p.right-p.left
	if l <= 2*indented || r <= 2*indented || math.Abs(l-r) > 0.025*width+2 || !p.bold && p.x1-p.x0 > 0.6*width {
		return false
	}
	_, _, f := splitMarker(p.text)
	return f == none
}

// draftOf joins lines to the draft of a paragraph.
func (w *writer) draftOf(ps []*piece, pages []int) draft {
	d := draft{centred: true, italic: true, indent: ps[0].x0 - ps[0].left}
	d.Page, d.Bold, d.size = pages[0], true, ps[0].size
	n, words := 0, 0
	for _, p := range ps {
		n += len(p.text) + 1
		words += len(p.words)
	}
	var b strings.Builder
	b.Grow(n)
	d.Spans = make([]Span, 0, words)
	for i, p := range ps {
		if i > 0 {
			b.WriteByte(' ')
		}
		shift := b.Len()
		b.WriteString(p.text)
		for _, q := range p.words {
			box := p.box
			if p.turned == 0 {
				box = p.wordBox(q)
			}
			d.Spans = append(d.Spans, Span{Start: shift + int(q.start), End: shift + int(q.end), Page: pages[i], Box: box, Confidence: round3(float64(q.confidence))})
		}
		d.Bold = d.Bold && p.bold
		d.italic = d.italic && p.italic
		d.centred = d.centred && p.centred()
	}
	d.Text = b.String()
	return d
}

func round3(v float64) float64 { return math.Round(1000*v) / 1000 }

// wordBox is the place of a word on the page, cut out of the line's.
func (p *piece) wordBox(q word) Box {
	width := p.x1 - p.x0
	if width <= 0 {
		return p.box
	}
	from, to := (float64(q.x0)-p.x0)/width, (float64(q.x1)-p.x0)/width
	b := p.box
	cut := func(v float64) float64 { return math.Round(100*v) / 100 }
	switch p.angle {
	case 90:
		h := b[3] - b[1]
		return Box{b[0], cut(b[1] + from*h), b[2], cut(b[1] + to*h)}
	case 180:
		w := b[2] - b[0]
		return Box{cut(b[2] - to*w), b[1], cut(b[2] - from*w), b[3]}
	case 270:
		h := b[3] - b[1]
		return Box{b[0], cut(b[3] - to*h), b[2], cut(b[3] - from*h)}
	}
	w := b[2] - b[0]
	return Box{cut(b[0] + from*w), b[1], cut(b[0] + to*w), b[3]}
}
