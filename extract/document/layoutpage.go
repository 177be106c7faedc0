package document

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"soket/extract/pattern"
	"soket/extract/vietnamese"
)

// gutterGap is the least gap between two columns of text, in shares of the font size: LaTeX leaves
// 10 points.
const gutterGap = 0.6

// orderer puts what stands on a page in reading order.
type orderer struct {
	page          int
	width, height float64
	turn          turn
	engine        string
	left, right   float64   // margins of the text
	open          []float64 // edges of the columns of the table without lines that the page before ends with
	out           []piece
}

// arrange orders rows of lines (from top to bottom, each from left to right) and tables.
func (o *orderer) arrange(rows [][]line, parts []placed) {
	o.margins(rows, parts)
	slices.SortStableFunc(parts, func(a, b placed) int {
		if a.y0 < b.y0 {
			return -1
		}
		return 1
	})
	next := 0
	for len(rows) > 0 || next < len(parts) {
		// Rows above the next table go first, as one region.
		n := len(rows)
		if next < len(parts) {
			n = 0
			for n < len(rows) && rows[n][0].middle() < (parts[next].y0+parts[next].y1)/2 {
				n++
			}
		}
		o.region(rows[:n])
		rows = rows[n:]
		if next < len(parts) {
			p := parts[next].part
			o.out = append(o.out, piece{part: &p, left: o.left, right: o.right, line: line{y: parts[next].y1, x0: parts[next].x0, x1: parts[next].x1, size: 1}})
			next++
		}
	}
}

// margins takes the left and right end of the text: the outermost that more than one line reaches.
func (o *orderer) margins(rows [][]line, parts []placed) {
	var x0s, x1s []float64
	for _, row := range rows {
		x0s = append(x0s, row[0].x0)
		x1s = append(x1s, row[len(row)-1].x1)
	}
	o.left, o.right = outermost(x0s, -1), outermost(x1s, 1)
	if len(rows) < 3 {
		for _, p := range parts {
			o.left, o.right = min(o.left, p.x0), max(o.right, p.x1)
		}
	}
}

// outermost gives the outermost place that a fifth of the lines share within 3 points, as in
// justified text; else the one that two share, or simply the outermost.
func outermost(at []float64, sign float64) float64 {
	if len(at) == 0 {
		return 0
	}
	slices.SortFunc(at, func(a, b float64) int { return cmp.Compare(sign*b, sign*a) })
	for i := range at {
		j := i
		for j < len(at) && math.Abs(at[i]-at[j]) <= 3 {
			j++
		}
		if (j-i)*5 >= len(at) && j-i > 2 {
			return at[i]
		}
	}
	for i := 0; i+1 < len(at) && i < 6; i++ {
		if math.Abs(at[i]-at[i+1]) <= 3 {
			return at[i]
		}
	}
	return at[0]
}

// region orders rows with no table between them.
func (o *orderer) region(rows [][]line) {
	if len(rows) == 0 {
		return
	}
	rows = visual(rows)
	if at, from, to, ok := o.columns(rows); ok {
		if from > 0 && rows[from][len(rows[from])-1].x1 < at && rows[from+1][0].y-rows[from][0].y > 0.8*rows[from][0].size &&
			rows[from][0].y-rows[from-1][0].y < 1.6*rows[from][0].size && rows[from-1][0].x0 < at && rows[from-1][len(rows[from-1])-1].x1 > at {
			from++ // the short last line of a paragraph above the columns
		}
		o.stretches(rows[:from])
		var l, r [][]line
		for _, row := range rows[from:to] {
			a, b := o.halves(row, at)
			if len(a) > 0 {
				l = append(l, a)
			}
			if len(b) > 0 {
				r = append(r, b)
			}
		}
		for i, half := range [][][]line{l, r} {
			c := orderer{page: o.page, width: o.width, height: o.height, turn: o.turn, engine: o.engine}
			c.margins(half, nil)
			c.stretches(half)
			if i == 0 && len(c.out) > 0 {
				c.out[0].fresh = true
			}
			o.out = append(o.out, c.out...)
		}
		o.region(rows[to:])
		return
	}
	o.stretches(rows)
}

// visual puts rows that stand beside each other, at slightly different heights, together.
func visual(rows [][]line) [][]line {
	out := make([][]line, 0, len(rows))
	for _, row := range rows {
		if n := len(out); n > 0 {
			prev := out[n-1]
			size := min(prev[0].size, row[0].size)
			if row[0].y-prev[0].y < 0.65*size && apart(prev, row, 0.8*size) {
				both := append(slices.Clone(prev), row...)
				slices.SortStableFunc(both, func(a, b line) int {
					if a.x0 < b.x0 {
						return -1
					}
					return 1
				})
				out[n-1] = both
				continue
			}
		}
		out = append(out, row)
	}
	return out
}

// apart says whether the lines of two rows keep clear of each other.
func apart(a, b []line, gap float64) bool {
	for i := range a {
		for j := range b {
			if a[i].x0 < b[j].x1+gap && b[j].x0 < a[i].x1+gap {
				return false
			}
		}
	}
	return true
}

// columns looks for text set in two columns: a gutter near the middle that many rows keep clear of,
// with lines on both sides that fill their column.
func (o *orderer) columns(rows [][]line) (at float64, from, to int, ok bool) {
	const least = 8 // rows on each side; fewer are a letterhead or a table
	if len(rows) < least {
		return
	}
	width := o.right - o.left
	// Candidates: the starts of lines in the middle part of the page, and of words after a gap that
	// may be a narrow gutter.
	var starts []float64
	for _, row := range rows {
		for i := range row {
			ln := &row[i]
			for k := range ln.words {
				w := &ln.words[k]
				if x := float64(w.x0) - o.left; x > 0.3*width && x < 0.7*width && (k == 0 || !w.glued && float64(w.x0-ln.words[k-1].x1) > gutterGap*ln.size) {
					starts = append(starts, float64(w.x0))
				}
			}
		}
	}
	if len(starts) < least {
		return
	}
	slices.Sort(starts)
	gutter, count := 0.0, 0
	for i := range starts {
		n := 0
		for j := i; j < len(starts) && starts[j]-starts[i] < 3; j++ {
			n++
		}
		if n > count {
			gutter, count = starts[i], n
		}
	}
	if count < least {
		return
	}
	at = gutter - 2
	keeps := func(row []line) bool {
		for i := range row {
			if row[i].x0 >= at || row[i].x1 <= at-2 {
				continue
			}
			for k := range row[i].words {
				if x0, x1 := row[i].reach(k); x0 < at && x1 > at-2 {
					return false
				}
			}
		}
		return true
	}
	best := 0
	for i := 0; i < len(rows); {
		j := i
		var l, r int
		var fill float64
		for ; j < len(rows) && keeps(rows[j]); j++ {
			a, b := o.halves(rows[j], at)
			for _, ln := range a {
				l++
				fill += (ln.x1 - ln.x0) / (at - o.left)
			}
			for _, ln := range b {
				r++
				fill += (ln.x1 - ln.x0) / (o.right - at)
			}
		}
		if l >= least && r >= least && l+r > best && fill/float64(l+r) > 0.72 {
			best, from, to, ok = l+r, i, j, true
		}
		i = max(j, i+1)
	}
	if ok {
		from, to = o.drawnColumns(rows, at, from, to, least)
	}
	return at, from, to, ok
}

// drawnColumns leaves out rows at both ends that keep clear of the gutter by chance, such as the
// foot of a letter under two columns: a page draws all of the left column before the right one.
func (o *orderer) drawnColumns(rows [][]line, at float64, from, to, least int) (int, int) {
	type drawn struct{ l, r int32 } // of the row's first line on each side, -1 for none
	all := make([]drawn, to-from)
	for i, row := range rows[from:to] {
		all[i] = drawn{-1, -1}
		a, b := o.halves(row, at)
		if len(a) > 0 {
			all[i].l = a[0].drawn()
		}
		if len(b) > 0 {
			all[i].r = b[0].drawn()
		}
	}
	i, j := 0, len(all)
	for firstR := int32(math.MaxInt32); j > 0; j-- {
		firstR = math.MaxInt32
		for _, d := range all[i : j-1] {
			if d.r >= 0 {
				firstR = min(firstR, d.r)
			}
		}
		if all[j-1].l < firstR {
			break
		}
	}
	for ; i < j; i++ {
		lastL := int32(-1)
		for _, d := range all[i+1 : j] {
			lastL = max(lastL, d.l)
		}
		if all[i].r < 0 || all[i].r > lastL {
			break
		}
	}
	if j-i < least {
		return from, to
	}
	return from + i, from + j
}

// halves parts a row at a place between words.
func (o *orderer) halves(row []line, at float64) (a, b []line) {
	for _, ln := range row {
		x, y, both := o.split(ln, at)
		if both || x.text != "" {
			a = append(a, x)
		}
		if both || y.text != "" {
			b = append(b, y)
		}
	}
	return a, b
}

// interval is a piece of the line's width, free of text.
type interval struct{ from, to float64 }

// stretches goes through rows and handles those that share gutters: heads and feet of letters,
// tables without lines. All other rows are plain lines.
func (o *orderer) stretches(rows [][]line) {
	lines := 0 // rows just above that were put down as plain lines
	for i := 0; i < len(rows); {
		if o.open != nil && len(o.out) <= 1 { // nothing above but a running head or a page number
			if n := o.continued(rows[i:]); n > 0 {
				i += n
				o.open = nil
				continue
			}
		}
		if len(rows[i]) > 1 || beside(rows, i) || within(rows[i:]) > 0 || o.opensFoot(rows, i) {
			if n := o.special(rows[i:], rows[i-lines:i]); n > 0 {
				i += n
				lines = 0
				continue
			}
		}
		o.plain(rows[i])
		i++
		lines++
	}
}

// narrow is the least width of a gutter, in points: office programs leave as little between the
// cells of a table without lines. Only rows that share a wide gap somewhere are looked at so closely.
const narrow = 2.0

// stretch follows the gaps of the first row downwards as long as one stays free of words.
func (o *orderer) stretch(rows [][]line) (end int, free []interval) {
	above := within(rows)
	first := rows[above]
	for k := 0; k+1 < len(first); k++ {
		free = append(free, interval{first[k].x1, first[k+1].x0})
	}
	if len(first) == 1 {
		free = []interval{{first[0].x1, o.right}} // the recipients stand alone, the signer lower
		if beside(rows, 0) {
			a, b := first[0], rows[1][0]
			if b.x0 < a.x0 {
				a, b = b, a
			}
			free = []interval{{a.x1, b.x0}}
		} else if signerLine(&first[0]) && first[0].x0 > o.width/2 { // the signer stands higher
			free = []interval{{o.left, first[0].x0}}
		} else if first[0].x1 > o.width/2 {
			return 1, nil
		}
	}
	for k := range above {
		free = clear(free, &rows[k][0])
	}
	for end = above + 1; end < len(rows); end++ {
		if rows[end][0].y-rows[end-1][0].y > 9*first[0].size || ends(rows[end]) && !signerLine(&first[0]) {
			break
		}
		if last := &rows[end][0]; len(rows[end]) == 1 && last.y > (1-marginBand)*o.height && pageNumber.MatchString(last.text) {
			break
		}
		next := free
		for i := range rows[end] {
			next = clear(next, &rows[end][i])
		}
		if len(next) == 0 {
			break
		}
		free = next
	}
	return end, free
}

// ends knows rows that never stand in a table or beside something: the title, the start of the body,
// the foot of a letter.
func ends(row []line) bool {
	folded := vietnamese.Fold(row[0].text)
	return hasAnyPrefix(folded, "kinh gui", "noi nhan", "ghi chu", "nguon:") ||
		hasAnyPrefix(folded, titles...) && len(row) == 1 && upperShare(row[0].text) > 0.9
}

// clear cuts the words of a line out of free intervals.
func clear(free []interval, l *line) []interval {
	for i := range l.words {
		x0, x1 := l.reach(i)
		touched := false
		for _, f := range free {
			touched = touched || x1 > f.from && x0 < f.to
		}
		if touched {
			free = without(free, x0, x1, narrow)
		}
	}
	return free
}

// reach is the place of word i with the space before it, where that is part of the same text.
func (l *line) reach(i int) (x0, x1 float64) {
	w := &l.words[i]
	if x0 = float64(w.x0); w.glued && i > 0 {
		x0 = float64(l.words[i-1].x1)
	}
	return x0, float64(w.x1)
}

// split parts a line at a place between two of its words; one side is empty where all words stand
// on the other.
func (o *orderer) split(l line, at float64) (a, b line, both bool) {
	k := 0
	for k < len(l.words) && float64(l.words[k].x0+l.words[k].x1)/2 < at {
		k++
	}
	switch k {
	case 0:
		return line{}, l, false
	case len(l.words):
		return l, line{}, false
	}
	a, b = l, l
	cut := l.words[k].start
	a.text, b.text = l.text[:l.words[k-1].end], l.text[cut:]
	a.words = l.words[:k:k]
	b.words = slices.Clone(l.words[k:])
	for i := range b.words {
		b.words[i].start -= cut
		b.words[i].end -= cut
	}
	a.x1, b.x0 = float64(l.words[k-1].x1), float64(l.words[k].x0)
	a.box = o.turn.out(a.x0, a.top(), a.x1, a.bottom())
	b.box = o.turn.out(b.x0, b.top(), b.x1, b.bottom())
	return a, b, true
}

// without cuts a piece out of free intervals; what is left is at least as wide as said.
func without(free []interval, from, to, least float64) []interval {
	var out []interval
	for _, f := range free {
		if to <= f.from || from >= f.to {
			out = append(out, f)
			continue
		}
		if from-f.from >= least {
			out = append(out, interval{f.from, from})
		}
		if f.to-to >= least {
			out = append(out, interval{to, f.to})
		}
	}
	return out
}

// beside says whether a lone line and the next one stand left and right of each other, at heights
// that differ by less than a line: the two sides of a letter's head or foot.
func beside(rows [][]line, i int) bool {
	if i+1 >= len(rows) || len(rows[i]) != 1 || len(rows[i+1]) != 1 {
		return false
	}
	a, b := &rows[i][0], &rows[i+1][0]
	return b.y-a.y < 1.1*min(a.size, b.size) && apart(rows[i], rows[i+1], 0.8*a.size)
}

// within counts the lone lines above a row of several pieces that belong to the same head: each stands
// nearer to the next than lines of one text do, as beside cells at the middle of the row, or the last
// holds heads of several columns each.
func within(rows [][]line) int {
	for k := 0; k+1 < len(rows); k++ {
		if len(rows[k]) > 1 {
			return k
		}
		a := &rows[k][0]
		near := slices.ContainsFunc(rows[k+1], func(b line) bool { return b.y-a.y < 0.85*min(a.size, b.size) })
		if !near && !headsOver(a, rows[k+1]) {
			break
		}
	}
	return 0
}

// headsOver says whether a line holds several heads that stand over columns of the row below it, but not
// over the first.
func headsOver(l *line, row []line) bool {
	last := &row[len(row)-1]
	if len(row) < 3 || l.x0 < row[0].x1 || l.x1 > last.x1+2*l.size || last.y-l.y > 2.2*l.size {
		return false
	}
	for i := 1; i < len(l.words); i++ {
		if !l.words[i].glued && float64(l.words[i].x0-l.words[i-1].x1) > 0.7*l.size {
			return true
		}
	}
	return false
}

// opensFoot says whether a lone line begins the foot of a letter, one side of which stands lower.
func (o *orderer) opensFoot(rows [][]line, i int) bool {
	first := &rows[i][0]
	if signerLine(first) && first.x0 > o.width/2 {
		return slices.ContainsFunc(rows[i+1:min(len(rows), i+4)], func(row []line) bool { return recipients(&row[0]) && row[0].x0 < first.x0 })
	}
	if !recipients(first) {
		return false
	}
	for _, row := range rows[i+1 : min(len(rows), i+12)] {
		if len(row) > 1 || row[0].x0 > first.x1+2*row[0].size {
			return true
		}
	}
	return false
}

func recipients(l *line) bool { return strings.HasPrefix(vietnamese.Fold(l.text), "noi nhan") }

func signerLine(l *line) bool {
	return upperShare(l.text) > 0.9 && hasAnyPrefix(vietnamese.Fold(l.text), signers...)
}

// special handles the first rows as a head, a foot or a table, and says how many it took; 0 where
// they are none of these. above are the plain lines over them: some of a head may be among these,
// where its sides nearly touch.
func (o *orderer) special(rows, above [][]line) int {
	end, gutters := o.stretch(rows)
	gutters = between(rows[:end], gutters)
	if len(gutters) == 0 {
		return 0
	}
	if found, motto := o.letterSides(rows[:end], widest(gutters)); found {
		head := slices.Clone(rows[:end])
		for k := len(above) - 1; k >= 0 && motto && len(above) == len(o.out) && k < 3; k-- {
			free := gutters
			for i := range above[k] {
				free = clear(free, &above[k][i])
			}
			if len(free) == 0 || wide(free) < 0.3*above[k][0].size {
				break
			}
			gutters = free
			head = slices.Insert(head, 0, above[k])
			o.out = o.out[:len(o.out)-1]
		}
		o.sides(head, widest(gutters))
		return end
	}
	// Trailing rows of one piece far below are text, however near to each other.
	for k := end - 1; k > 1 && len(rows[k]) == 1; k-- {
		if rows[k][0].y-rows[k-1][0].y > 1.7*rows[k][0].size {
			end = k
		}
	}
	if end < 2 {
		return 0
	}
	return o.unruled(rows[:end])
}

// continued takes the first rows of a page into the columns of a table that the page before ends
// with, and says how many it took: fewer rows than tell a table by themselves.
func (o *orderer) continued(rows [][]line) int {
	const stray = 6 // points that a word may reach over an edge: those lie between the words of the page before
	inner := o.open[1 : len(o.open)-1]
	var cut [][]line
	taken, figures := 0, 0
	for i, row := range rows {
		if ends(row) || i > 0 && row[0].y-rows[i-1][0].y > 4*row[0].size {
			break
		}
		var pieces []line
		crossed, prose := false, false // prose: one text on both sides of an edge
		for _, ln := range row {
			for k := range ln.words {
				x0, x1 := ln.reach(k)
				crossed = crossed || slices.ContainsFunc(inner, func(at float64) bool { return x0 < at-stray && x1 > at+stray })
			}
			for _, at := range inner {
				if a, b, both := o.split(ln, at); both {
					prose = prose || b.words[0].glued
					pieces, ln = append(pieces, a), b
				}
			}
			pieces = append(pieces, ln)
		}
		crossed = crossed || prose && !figureRow(pieces)
		if crossed {
			// The name of a section runs across; text ends the table.
			if !roman.MatchString(row[0].text) && !(len(row) == 1 && row[0].bold) {
				break
			}
			pieces = row
			if a, b, both := o.split(row[0], inner[0]); both && len(row) == 1 && b.x0-a.x1 > 0.34*row[0].size {
				pieces = []line{a, b}
			}
			cut = append(cut, pieces)
			continue
		}
		cut = append(cut, pieces)
		if len(pieces) >= 3 && figureRow(pieces) {
			figures++
		}
		// A row of one piece is the further line of a label only if more of the table follows or it
		// is as near as such lines are.
		if len(pieces) > 1 || i > 0 && row[0].y-rows[i-1][0].y < 1.6*row[0].size {
			taken = i + 1
		}
	}
	if figures == 0 {
		return 0
	}
	rows, cut = rows[:taken], cut[:taken]
	p := unruledPart(cut, o.open, o.page, o.turn)
	p.table.Engine = o.engine
	last := rows[len(rows)-1]
	o.out = append(o.out, piece{part: &p, left: o.left, right: o.right, line: line{y: last[0].y, x0: o.left, x1: o.right, size: 1}})
	return len(rows)
}

// between keeps the intervals with words on both sides.
func between(rows [][]line, free []interval) []interval {
	return slices.DeleteFunc(free, func(f interval) bool {
		l, r := false, false
		for _, row := range rows {
			l = l || row[0].x0 < f.from
			r = r || row[len(row)-1].x1 > f.to+0.1
		}
		return !l || !r
	})
}

func wide(free []interval) float64 {
	w := 0.0
	for _, f := range free {
		w = max(w, f.to-f.from)
	}
	return w
}

func widest(gutters []interval) float64 {
	best := gutters[0]
	for _, g := range gutters {
		if g.to-g.from > best.to-best.from {
			best = g
		}
	}
	return (best.from + best.to) / 2
}

// letterSides knows the head and the foot of a letter by what they say, and the head by its motto.
func (o *orderer) letterSides(rows [][]line, mid float64) (found, motto bool) {
	for k, row := range rows {
		for i := range row {
			ln := &row[i]
			folded := vietnamese.Fold(ln.text)
			right := (ln.x0+ln.x1)/2 > mid
			switch {
			case strings.Contains(folded, "xa hoi chu nghia") || strings.Contains(folded, "hanh phuc") && strings.Contains(folded, "doc lap"):
				return k < 12, true
			case strings.HasPrefix(folded, "noi nhan") && !right:
				return true, false
			case right && signerLine(ln):
				return true, false
			case upperShare(ln.text) > 0.9 && hasAnyPrefix(folded, "nguoi lap", "nguoi bao cao", "ke toan truong", "dang cong san viet nam"):
				return true, false
			}
		}
	}
	return false, false
}

// sides puts down what stands left of mid, then what stands right of it.
func (o *orderer) sides(rows [][]line, mid float64) {
	var halves [2][]line
	for _, row := range rows {
		for _, ln := range row {
			a, b, both := o.split(ln, mid)
			if both || a.text != "" {
				halves[0] = append(halves[0], a)
			}
			if both || b.text != "" {
				halves[1] = append(halves[1], b)
			}
		}
	}
	for i, half := range halves {
		slices.SortStableFunc(half, func(a, b line) int { return cmp.Compare(a.y, b.y) })
		for _, ln := range half {
			o.out = append(o.out, piece{line: ln, side: left + side(i), fresh: true, left: o.left, right: o.right})
		}
	}
}

// unruled makes a table of rows with gutters, if it reads as one, and says how many rows it took.
func (o *orderer) unruled(rows [][]line) int {
	gutters := gutters(rows)
	if len(gutters) == 0 {
		return 0
	}
	var edges []float64
	var cut [][]line
	x0, x1 := o.left, o.right // of the margins, where most lines are figures, nothing is known
	for _, row := range rows {
		x0, x1 = min(x0, row[0].x0), max(x1, row[len(row)-1].x1)
	}
	for {
		edges = []float64{x0 - 1}
		for _, g := range gutters {
			edges = append(edges, (g.from+g.to)/2)
		}
		edges = append(edges, max(x1, edges[len(edges)-1])+1)
		cut = o.cut(rows, edges, gutters)
		// A column in which no row of figures has anything is a gap between words of the head.
		k := emptyColumn(cut, edges)
		if k < 1 {
			break
		}
		gutters = slices.Delete(gutters, k-1, k)
		if len(gutters) == 0 {
			return 0
		}
	}
	if len(edges) == 3 && markers(cut, edges[1]) {
		return 0
	}
	// It reads as a table where most rows have several cells, and most cells outside the first
	// column are short.
	multi, cells, short, figures := 0, 0, 0, 0
	for _, row := range cut {
		if len(row) > 1 {
			multi++
			for _, ln := range row[1:] {
				cells++
				if ln.x1-ln.x0 < 0.35*(o.right-o.left) {
					short++
				}
				if valueLike(ln.text) {
					figures++
				}
			}
		}
	}
	if multi < 3 && !(multi == 2 && figures >= 2) || multi*3 < len(rows) || short*10 < cells*7 {
		return 0
	}
	if figures*3 < cells && multi < 4 {
		return 0
	}
	p := unruledPart(cut, edges, o.page, o.turn)
	p.table.Engine = o.engine
	last := rows[len(rows)-1]
	o.out = append(o.out, piece{part: &p, left: o.left, right: o.right, line: line{y: last[0].y, x0: o.left, x1: o.right, size: 1}})
	return len(rows)
}

// markers says whether all that stands before a column are the markers of a list: tabs follow them.
func markers(rows [][]line, at float64) bool {
	n := 0
	for _, row := range rows {
		if ln := &row[0]; ln.x1 <= at {
			if _, _, f := splitMarker(ln.text + " X"); f == none || strings.Contains(ln.text, " ") {
				return false
			}
			n++
		}
	}
	return n > 0
}

// cut splits the lines of a table's rows at its edges. A line that runs over an edge with no more
// than a space there, and no word where the next column starts, stays whole.
func (o *orderer) cut(rows [][]line, edges []float64, gutters []interval) [][]line {
	cut := make([][]line, len(rows))
	for i, row := range rows {
		section := roman.MatchString(row[0].text) && !figureRow(row)
		for _, ln := range row {
			for k, at := range edges[1 : len(edges)-1] {
				if a, b, both := o.split(ln, at); both && (b.x0-a.x1 > 0.34*ln.size || !section && !b.words[0].glued && math.Abs(b.x0-gutters[k].to) < 1.5) {
					cut[i] = append(cut[i], a)
					ln = b
				}
			}
			cut[i] = append(cut[i], ln)
		}
	}
	return cut
}

// emptyColumn gives a column but the first in which no row of figures has a piece, -1 for none.
func emptyColumn(cut [][]line, edges []float64) int {
	used := make([]bool, len(edges)-1)
	figures := 0
	for _, row := range cut {
		if !figureRow(row) {
			continue
		}
		figures++
		for i := range row {
			if c := position(edges, (row[i].x0+row[i].x1)/2); c >= 0 {
				used[c] = true
			}
		}
	}
	if figures < 2 {
		return -1
	}
	for c := len(used) - 1; c > 0; c-- {
		if !used[c] && !labelColumn(cut, edges, c) {
			return c
		}
	}
	return -1
}

// labelColumn says whether pieces stand in a column beside rows of figures, at other heights: labels
// of several lines whose figures stand at the middle.
func labelColumn(cut [][]line, edges []float64, c int) bool {
	n, started := 0, false
	for _, row := range cut {
		started = started || figureRow(row)
		for i := range row {
			if started && position(edges, (row[i].x0+row[i].x1)/2) == c {
				n++
			}
		}
	}
	return n > 1
}

// gutters gives the intervals between columns: those that no word of a row of figures stands in, and
// few words of the rows between them (section rows). The head does not count.
func gutters(rows [][]line) []interval {
	const step = 0.5      // points
	const straying = 0.12 // share of the rows without figures that may run across
	const never = 1 << 20 // weight of a row of figures
	const widest = 8000.0 // points; nothing is wider
	x0, x1 := math.Inf(1), math.Inf(-1)
	figures := 0
	for _, row := range rows {
		x0, x1 = min(x0, row[0].x0), max(x1, row[len(row)-1].x1)
		if figureRow(row) {
			figures++
		}
	}
	if !(x1-x0 < widest) {
		return nil
	}
	count := make([]int, int((x1-x0)/step)+2)
	others := 0
	head := figures >= 2 // until the first figures: its heads stand over several columns
	for _, row := range rows {
		weight := 1
		switch {
		case figures >= 2 && figureRow(row):
			weight, head = never, false
		case head:
			continue
		case roman.MatchString(row[0].text):
			continue // "II Sở hữu trí tuệ" runs over the columns after it
		default:
			others++
		}
		for i := range row {
			for k := range row[i].words {
				a, b := row[i].reach(k)
				from, to := int((a-x0)/step+0.5), int((b-x0)/step)
				for k := max(0, from); k < min(to, len(count)); k++ {
					count[k] += weight
				}
			}
		}
	}
	most := int(straying * float64(others))
	var free []interval
	for i := 0; i < len(count); {
		if count[i] > most {
			i++
			continue
		}
		j := i
		for j < len(count) && count[j] <= most {
			j++
		}
		free = append(free, interval{x0 + float64(i)*step, x0 + float64(j)*step})
		i = j
	}
	if figures >= 2 {
		trimByHead(rows[:slices.IndexFunc(rows, figureRow)], free)
	}
	return slices.DeleteFunc(free, func(g interval) bool {
		if g.to-g.from < narrow {
			return true
		}
		lefts, rights := 0, 0
		for _, row := range rows {
			l, r := false, false
			for i := range row {
				l = l || row[i].x0 < g.from
				r = r || row[i].x1 > g.to
			}
			if l {
				lefts++
			}
			if r {
				rights++
			}
		}
		return lefts < 2 || rights < 2
	})
}

// trimByHead keeps gutters clear of the heads of the columns beside them, from the lowest row up. What
// stands over all of a gutter heads the columns on both sides.
func trimByHead(head [][]line, gutters []interval) {
	const space = 0.42 // font sizes; the widest between two words of a head, in bold type of LaTeX
	for _, row := range slices.Backward(head) {
		for j, g := range gutters {
			free := []interval{g}
			for i := range row {
				ln := &row[i]
				for k := 0; k < len(ln.words); {
					x0, x1 := ln.reach(k)
					for k++; k < len(ln.words) && (ln.words[k].glued || float64(ln.words[k].x0)-x1 < space*ln.size); k++ {
						_, x1 = ln.reach(k)
					}
					if x1 > g.from && x0 < g.to {
						free = without(free, x0, x1, narrow)
					}
				}
			}
			for k, f := range free {
				if k == 0 || f.to-f.from > gutters[j].to-gutters[j].from {
					gutters[j] = f
				}
			}
		}
	}
}

// roman knows a line that begins with a Roman number, as the sections of a table do.
var roman = pattern.New(`^[IVX]{1,5}[.)]?(?: |$)`)

// figureRow says whether a row of a table ends in a figure and has more than one piece.
func figureRow(row []line) bool {
	if len(row) < 2 {
		return false
	}
	last := row[len(row)-1]
	return valueLike(last.text[last.words[len(last.words)-1].start:])
}

// plain puts a row down as one line; gaps that turned out to be none between columns are spaces.
func (o *orderer) plain(row []line) {
	ln := row[0]
	for i := 1; i < len(row); i++ {
		ln = joinLines(ln, row[i], o.turn)
	}
	o.out = append(o.out, piece{line: ln, left: o.left, right: o.right})
}

// joinLines puts b behind a.
func joinLines(a, b line, t turn) line {
	shift := int32(len(a.text) + 1)
	a.words = slices.Clip(a.words)
	for _, w := range b.words {
		w.start += shift
		w.end += shift
		a.words = append(a.words, w)
	}
	n, m := float64(len(a.text)), float64(len(b.text))
	switch {
	case letterCount(a.text) == 0: // a marker in plain type before a bold heading
		a.bold, a.italic = b.bold, b.italic
	case letterCount(b.text) > 0:
		a.bold, a.italic = a.bold && b.bold, a.italic && b.italic
	}
	a.confidence = (a.confidence*n + b.confidence*m) / (n + m)
	a.text += " " + b.text
	a.x0, a.x1 = min(a.x0, b.x0), max(a.x1, b.x1)
	a.size = max(a.size, b.size)
	a.box = t.out(a.x0, min(a.top(), b.top()), a.x1, max(a.bottom(), b.bottom()))
	return a
}
