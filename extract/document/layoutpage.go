package document

import (
	"cmp"
	"math"
	"slices"
)

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
	slices.SortStableFunc(parts, func(a, b placed) int { return cmp.Compare(a.y0, b.y0) })
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
				slices.SortStableFunc(both, func(a, b line) int { return cmp.Compare(a.x0, b.x0) })
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
				free = cleared(free, &above[k][i])
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
