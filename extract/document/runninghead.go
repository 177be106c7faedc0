package document

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"soket/extract/pattern"
	"soket/extract/vietnamese"
)

var pageNumber = pattern.New(`(?i)^(?:trang|page)?\s*[-–—|]*\s*(?:\d{1,4}|[ivx]{1,6})(?:\s*(?:/|of|trên)\s*\d{1,4})?\s*[-–—|]*$`)

// runningHeads marks the lines at the top and foot of pages that repeat, and page numbers.
func (l *layout) runningHeads() {
	seen := map[string][]spot{}
	for i := range l.flows {
		f := &l.flows[i]
		for _, k := range f.outer() {
			p := &f.pieces[k]
			head := p.y < f.height/2
			text := strings.TrimSpace(p.text)
			if pageNumber.MatchString(text) && f.loneNumber(p) {
				p.mark(head)
				continue
			}
			if utf8.RuneCountInString(text) <= 160 {
				key := "foot "
				if head {
					key = "head "
				}
				key += plainText(text)
				seen[key] = append(seen[key], spot{i, k})
			}
		}
	}
	for _, head := range []bool{true, false} {
		l.numberedHeads(head)
	}
	repeats := map[*piece]bool{}
	for _, spots := range seen {
		pages := map[int]bool{}
		for _, s := range spots {
			pages[s.page] = true
		}
		if len(pages) < 2 || len(pages)*3 < len(l.flows) && len(pages) < 3 {
			continue
		}
		if !l.counts(spots) {
			continue
		}
		// The same place on each page, and not merely the same words.
		first := l.flows[spots[0].page].pieces[spots[0].piece].y
		for _, s := range spots {
			p := &l.flows[s.page].pieces[s.piece]
			if math.Abs(p.y-first) < 4 || math.Abs((l.flows[s.page].height-p.y)-(l.flows[spots[0].page].height-first)) < 4 {
				repeats[p] = true
			}
		}
	}
	for i := range l.flows {
		f := &l.flows[i]
		if slices.ContainsFunc(f.outer(), func(k int) bool { return repeats[&f.pieces[k]] }) {
			f.markRepeats(repeats, true)
			f.markRepeats(repeats, false)
		}
	}
}

// markRepeats marks the lines of a page's upper or lower margin that repeat, from the edge inwards: no
// text stands between them and the edge, and none of the same kind goes on right after them.
func (f *flow) markRepeats(repeats map[*piece]bool, head bool) {
	var ps []*piece
	for k := range f.pieces {
		if p := &f.pieces[k]; p.turned == 0 {
			ps = append(ps, p)
		}
	}
	slices.SortStableFunc(ps, func(a, b *piece) int {
		if head {
			return cmp.Compare(a.y, b.y)
		}
		return cmp.Compare(b.y, a.y)
	})
	n := 0
	for n < len(ps) && (ps[n].kind != "" || repeats[ps[n]]) {
		n++
	}
	for ; n > 0 && n < len(ps) && ps[n-1].kind == ""; n-- {
		a, b := ps[n-1], ps[n]
		if b.part != nil || math.Abs(a.size-b.size) > 0.5 || math.Abs(a.y-b.y) > 1.5*a.size {
			break
		}
	}
	for _, p := range ps[:n] {
		if p.kind == "" {
			p.mark(head)
		}
	}
}

// numberedHeads marks the outermost lines of pages that hold, well apart from their words, a figure that
// counts the pages: the words may differ from page to page, as left and right ones do in books.
func (l *layout) numberedHeads(head bool) {
	var found []*piece
	offset, counts := 0, true
	for i := range l.flows {
		f := &l.flows[i]
		var p *piece
		for _, k := range f.outer() {
			if q := &f.pieces[k]; (q.y < f.height/2) == head && f.outermost(q, head) {
				p = q
			}
		}
		if p == nil {
			continue
		}
		n, ok := p.numberApart()
		if !ok {
			continue
		}
		if len(found) == 0 {
			offset = n - i
		}
		counts = counts && n-i == offset && (len(found) == 0 || math.Abs(p.y-found[0].y) < 4)
		found = append(found, p)
	}
	if !counts || len(found) < 2 || len(found)*2 < len(l.flows) {
		return
	}
	for _, p := range found {
		p.mark(head)
	}
}

// spot is the place of a piece among the flows.
type spot struct{ page, piece int }

var lastFigure = pattern.New(`(\d+)(?:\s*/\s*\d+)?\D*$`) // of "3/12" the first

// counts says whether lines that are alike but for figures are the same, or count the pages. Those
// that count something else ("Phụ lục 01", "Phụ lục 02") are content.
func (l *layout) counts(spots []spot) bool {
	same, steady, offset := true, true, 0
	for i, s := range spots {
		text := l.flows[s.page].pieces[s.piece].text
		same = same && text == l.flows[spots[0].page].pieces[spots[0].piece].text
		figure := 0
		if m := lastFigure.FindStringSubmatch(text); m != nil {
			figure, _ = strconv.Atoi(m[1])
		}
		if i == 0 {
			offset = figure - s.page
		}
		steady = steady && figure-s.page == offset
	}
	folded := vietnamese.Fold(l.flows[spots[0].page].pieces[spots[0].piece].text)
	return same || steady && !hasAnyPrefix(folded, "phu luc", "bieu", "bang")
}

func (p *piece) mark(head bool) {
	p.kind = Footer
	if head {
		p.kind = Header
	}
}

// outer lists the pieces of a page that stand in its upper or lower margin, where running heads do.
func (f *flow) outer() []int {
	var out []int
	for k := range f.pieces {
		p := &f.pieces[k]
		if p.part != nil || p.kind != "" || p.side != whole || p.turned != 0 {
			continue
		}
		if p.y < marginBand*f.height || p.y > (1-marginBand)*f.height {
			out = append(out, k)
		}
	}
	return out
}

// loneNumber says whether a figure stands where page numbers do: above or below all else, and not
// where a line of text would start.
func (f *flow) loneNumber(p *piece) bool {
	above, below := true, true
	for k := range f.pieces {
		q := &f.pieces[k]
		if q == p || q.kind != "" {
			continue
		}
		if q.y <= p.y+0.5*p.size {
			above = false
		}
		if q.y >= p.y-0.5*p.size && (q.part != nil || q.y > p.y-0.5*p.size) {
			below = false
		}
	}
	return (above || below) && p.x0 > f.left+2*indented
}

// outermost says whether nothing on the page stands above a piece, or below it.
func (f *flow) outermost(p *piece, head bool) bool {
	for k := range f.pieces {
		if q := &f.pieces[k]; q != p && q.kind == "" && (q.y <= p.y) == head {
			return false
		}
	}
	return true
}

// numberApart gives the figure at one end of a line that has a wide gap before its words.
func (p *piece) numberApart() (int, bool) {
	const gap = 2.0 // font sizes
	last := len(p.words) - 1
	if last < 1 {
		return 0, false
	}
	for _, k := range []int{0, last} {
		a := min(k, last-1)
		if float64(p.words[a+1].x0-p.words[a].x1) < gap*p.size {
			continue
		}
		if n, err := strconv.Atoi(p.text[p.words[k].start:p.words[k].end]); err == nil && n < 10_000 {
			return n, true
		}
	}
	return 0, false
}

// plainText is a line's text for comparing running heads: figures all alike.
func plainText(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return '#'
		}
		return r
	}, vietnamese.Fold(s))
}
