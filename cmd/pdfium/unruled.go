package main

import (
	"image"
	"slices"

	"soket/extract/sandbox"
)

// Sizes in points, where nothing else is said.
const (
	// wideGap is the least white between two cells of a row that tells a row of a table without
	// rulings: wider than the spaces of justified text.
	wideGap = 13
	// farRow is the most white between two rows of a table, nearLine that between two lines of a cell.
	farRow, nearLine = 40, 9
	// narrowGap is the least white between two columns of such a table, over all its rows.
	narrowGap = 3
	// wordGap is more white than there is between the words of a head.
	wordGap = 4
	// mostBeside is how many pieces the head and the foot of a letter have; a page with more is set in
	// columns, which tesseract reads well by itself.
	mostBeside = 8
	// numberWide is the most that a column of numbers takes.
	numberWide = 30
	// sidesHigh is the part of a page that the sides of a letter's head or foot take at most: a fourth.
	sidesHigh = 4
	// severalLines is the height from which a band holds more than a line.
	severalLines = 22
)

// unruled gives the fields of tables without rulings, and what else stands beside each other at
// different heights, such as the sides of a letter's head. Such a table is bands that all keep two
// gutters or more clear, most of them with wide gaps.
func (p *page) unruled(strokes []sandbox.Stroke) (fields []field, beside []image.Rectangle) {
	all := p.stretches()
	narrow, wide := int(narrowGap*p.point), int(wideGap*p.point)
	for i := range all {
		n := 0
		for _, f := range all[i].free {
			if f[1]-f[0] >= wide {
				n++
			}
		}
		all[i].row = n >= 2
	}
	taken := make([]bool, len(all))
	const between = 2 // bands of another kind inside a table: the name of a section, a further line
	for i := 0; i < len(all); {
		if !all[i].row {
			i++
			continue
		}
		gutters, last, n := all[i].free, i, 1
		for j := i + 1; j < len(all) && j-last <= between+1; j++ {
			if float64(all[j].y0-all[j-1].y1) > farRow*p.point {
				break
			}
			if !all[j].row {
				continue
			}
			both := common(gutters, all[j].free, narrow)
			if len(both) < 2 {
				break
			}
			gutters, last, n = both, j, n+1
		}
		// Two may be the end of a table of the page before; of so few, words may stand apart at one place by
		// chance.
		if n >= 3 || n == 2 && i == 0 && len(common(gutters, gutters, wide)) >= 2 {
			if gutters = p.sound(all[i:last+1], p.gutters(all[i:last+1]), wide); len(gutters) >= 2 {
				// Further lines of its last row, and of one that began on the page before.
				near := func(k int) bool { return float64(all[k].y0-all[k-1].y1) < nearLine*p.point }
				first := i
				for first > 0 && p.clear(all[first-1], gutters) && near(first) {
					first--
				}
				if first > 0 {
					first = i
				}
				for last+1 < len(all) && p.clear(all[last+1], gutters) && !all[last+1].row && near(last+1) {
					last++
				}
				fields = append(fields, p.fields(all, first, last, gutters, strokes)...)
				for k := first; k <= last; k++ {
					taken[k] = true
				}
			}
		}
		i = last + 1
	}
	for i := 0; i < len(all); {
		if taken[i] {
			i++
			continue
		}
		b, next := p.sided(all, taken, i)
		i = next
		if float64(b.y1-b.y0) < severalLines*p.point {
			continue
		}
		from, n := b.x0, 0
		for _, f := range append(b.free, [2]int{b.x1, b.x1 + wide}) {
			if f[1]-f[0] >= wide {
				beside = append(beside, image.Rect(from, b.y0, f[0], b.y1))
				from = f[1]
				n++
			}
		}
		if n == 1 {
			beside = beside[:len(beside)-1]
		}
	}
	if len(beside) > mostBeside {
		return fields, nil
	}
	// A page is taken to be written one column after the other.
	slices.SortStableFunc(beside, func(a, b image.Rectangle) int {
		side := func(r image.Rectangle) int { return (r.Min.X + r.Max.X) / p.w }
		return side(a) - side(b)
	})
	return fields, beside
}

// sided puts the bands from the i-th on together that keep one white clear between a left and a right side,
// as the lines of a letter's head do whose sides are not level, and gives the place of the next one.
func (p *page) sided(all []band, taken []bool, i int) (b band, next int) {
	middle := func(b band) (free [][2]int) { // the white that may part two sides of a page
		for _, f := range b.free {
			if f[1]-f[0] >= int(wideGap*p.point) && f[0] > p.w/5 && f[1] < p.w*4/5 {
				free = append(free, f)
			}
		}
		return free
	}
	b, next = all[i], i+1
	for free := middle(b); next < len(all) && !taken[next]; next++ {
		c := all[next]
		free = common(free, middle(c), int(wideGap*p.point))
		if len(free) == 0 || float64(c.y0-b.y1) > farRow*p.point || c.y1-b.y0 > p.h/sidesHigh {
			break
		}
		b = band{y0: b.y0, y1: c.y1, x0: min(b.x0, c.x0), x1: max(b.x1, c.x1), free: free}
	}
	return b, next
}

// fields gives the fields of a table without rulings, of the bands from first to last: each row of
// it between its columns, as far as the middle of the white around.
func (p *page) fields(all []band, first, last int, gutters [][2]int, strokes []sandbox.Stroke) (fields []field) {
	columns := func(b band) (n int) {
		from := 0
		for k := range len(gutters) + 1 {
			to := p.w
			if k < len(gutters) {
				to = gutters[k][0]
			}
			if p.inked(b, from, to) {
				n++
			}
			if k < len(gutters) {
				from = gutters[k][1]
			}
		}
		return n
	}
	bands := all[first : last+1]
	edges := [2]int{p.w, 0}
	for _, b := range bands {
		edges[0], edges[1] = min(edges[0], b.x0), max(edges[1], b.x1)
	}
	// Rows: bands with something in most columns, with the further lines of their cells that stand
	// nearer to them than to others. Bands across the columns stand by themselves.
	gap := func(i int) int { return bands[i].y0 - bands[i-1].y1 }
	ruled := func(i int) bool { // a line between bands
		return slices.ContainsFunc(strokes, func(s sandbox.Stroke) bool {
			y := (s.Y0 + s.Y1) / 2
			return s.X1-s.X0 > s.Y1-s.Y0 && y > float64(bands[i-1].y1)-1 && y < float64(bands[i].y0)+1
		})
	}
	// "II  Sở hữu trí tuệ": the name of a section, its number in a column of numbers, before another number.
	inFirst := func(b band) bool { return p.inked(b, 0, gutters[0][0]) }
	numbered := func(i int) bool {
		return len(gutters) > 2 && float64(gutters[0][0]-edges[0]) < numberWide*p.point && columns(bands[i]) == 2 &&
			inFirst(bands[i]) && p.inked(bands[i], gutters[0][1], gutters[1][0]) && (i+1 == len(bands) || inFirst(bands[i+1]))
	}
	kind := make([]int, len(bands)) // 0 a further line, 1 a row, 2 across
	for i, b := range bands {
		switch {
		case !p.clear(b, gutters) && !b.row, numbered(i):
			kind[i] = 2
		case columns(b)*2 > len(gutters)+1:
			kind[i] = 1
		}
	}
	starts := make([]bool, len(bands)) // a row starts with this band
	for i := range bands {
		if i == 0 {
			starts[i] = true
			continue
		}
		a, b := kind[i-1], kind[i]
		switch {
		case ruled(i) || a == 2 || b == 2 || a == 1 && b == 1:
			starts[i] = true
		case b == 0: // further lines before a row belong to it where they are nearer
			k := i
			for k+1 < len(bands) && kind[k] == 0 {
				k++
			}
			starts[i] = a == 1 && kind[k] == 1 && !ruled(k) && gap(k)*5 < gap(i)*4
		default: // a row after further lines
			starts[i] = true
			for k := i - 1; k > 0 && kind[k] == 0; k-- {
				if starts[k] {
					starts[i] = false
				}
			}
		}
	}
	pad := int(2 * p.point)
	xs := []int{p.snap(strokes, false, edges[0]-4*pad, edges[0]-1, edges[0]-pad, bands)}
	for _, g := range gutters {
		xs = append(xs, p.snap(strokes, false, g[0]-1, g[1]+1, p.clearest(bands, g), bands))
	}
	xs = append(xs, p.snap(strokes, false, edges[1]+1, edges[1]+4*pad, edges[1]+pad, bands))
	for i := 0; i < len(bands); {
		j := i + 1
		for j < len(bands) && !starts[j] {
			j++
		}
		top, bottom := bands[i].y0-pad, bands[j-1].y1+pad
		if i > 0 {
			top = p.snap(strokes, true, bands[i-1].y1, bands[i].y0, (bands[i-1].y1+bands[i].y0)/2, bands)
		}
		if j < len(bands) {
			bottom = p.snap(strokes, true, bands[j-1].y1, bands[j].y0, (bands[j-1].y1+bands[j].y0)/2, bands)
		}
		fields = append(fields, p.part(bands[i].y0, bands[j-1].y1, top, bottom, xs, xs, gutters)...)
		i = j
	}
	return fields
}

// field is a cell of a table without rulings: how far it goes, and where its ink is sought, which may be over
// the edge of its column.
type field struct{ cell, ink image.Rectangle }

// part cuts a row, whose ink is from y0 to y1, at the gutters that are clear in it. What runs across
// some, as heads over several columns do, is cut into its lines and these at their gutters. own are the edges
// of the columns in the row of which it is a part.
func (p *page) part(y0, y1, top, bottom int, xs, own []int, gutters [][2]int) (fields []field) {
	row := band{y0: y0, y1: y1}
	own = slices.Clone(own)
	for k := 0; k < len(xs)-1; {
		to := k + 1
		for ; to < len(xs)-1; to++ {
			if at, ok := p.parted(row, gutters[to-1]); ok {
				own[to] = at
				break
			}
		}
		f := field{image.Rect(xs[k], top, xs[to], bottom), image.Rect(own[k], top, own[to], bottom)}
		if to == k+1 {
			fields = append(fields, f)
			k = to
			continue
		}
		sub := page{m: p.m.SubImage(image.Rect(own[k], y0, own[to], y1)).(*image.Gray), point: p.point, ink: p.ink}
		lines := sub.lines()
		if len(lines) < 2 {
			fields = append(fields, f)
		} else {
			from := top
			for i, ln := range lines {
				end := bottom
				if i+1 < len(lines) {
					end = (ln.y1 + lines[i+1].y0) / 2
				}
				fields = append(fields, p.part(ln.y0, ln.y1, from, end, xs[k:to+1], own[k:to+1], gutters[k:to-1])...)
				from = end
			}
		}
		k = to
	}
	return fields
}

// snap gives the place of a ruling line between two others, and another where there is none.
func (p *page) snap(strokes []sandbox.Stroke, level bool, from, to, other int, bands []band) int {
	for _, s := range strokes {
		at := (s.X0 + s.X1) / 2
		if level {
			at = (s.Y0 + s.Y1) / 2
		}
		if (s.X1-s.X0 > s.Y1-s.Y0) == level && at >= float64(from) && at <= float64(to) &&
			s.Y1 >= float64(bands[0].y0) && s.Y0 <= float64(bands[len(bands)-1].y1) {
			return int(at)
		}
	}
	return other
}

// sides gives the four sides of a field as ruling lines: so the layout reads it as a cell.
func sides(f image.Rectangle) []sandbox.Stroke {
	x0, y0, x1, y1 := float64(f.Min.X), float64(f.Min.Y), float64(f.Max.X), float64(f.Max.Y)
	return []sandbox.Stroke{{X0: x0, Y0: y0, X1: x1, Y1: y0}, {X0: x0, Y0: y1, X1: x1, Y1: y1}, {X0: x0, Y0: y0, X1: x0, Y1: y1}, {X0: x1, Y0: y0, X1: x1, Y1: y1}}
}

// gutters gives the white that nearly all rows of a table keep clear: a head may run across one, or be
// wider than its column. Beyond its last cell a row is clear, as before its first.
func (p *page) gutters(bands []band) (found [][2]int) {
	clear, rows, left, right := make([]int, p.w), 0, p.w, 0
	for _, b := range bands {
		if !b.row {
			continue
		}
		rows++
		left, right = min(left, b.x0), max(right, b.x1)
		for _, f := range append([][2]int{{0, b.x0}, {b.x1, p.w}}, b.free...) {
			for x := f[0]; x < f[1]; x++ {
				clear[x]++
			}
		}
	}
	start := left
	for x := left; x < right; x++ {
		if clear[x]*5 >= rows*4 {
			continue
		}
		if start > left && x-start >= int(narrowGap*p.point) {
			found = append(found, [2]int{start, x})
		}
		start = x + 1
	}
	return found
}

// sound leaves out narrow gutters that lie between words by chance: the columns beside a true one
// have something in most rows.
func (p *page) sound(bands []band, gutters [][2]int, wide int) [][2]int {
	for k := 0; k < len(gutters); {
		g := gutters[k]
		left, right := 0, p.w
		if k > 0 {
			left = gutters[k-1][1]
		}
		if k+1 < len(gutters) {
			right = gutters[k+1][0]
		}
		rows, filled := 0, 0
		for _, b := range bands {
			if b.row {
				rows++
				if p.inked(b, left, g[0]) && p.inked(b, g[1], right) {
					filled++
				}
			}
		}
		if g[1]-g[0] < wide && filled*10 < rows*7 {
			gutters = slices.Delete(slices.Clone(gutters), k, k+1)
			continue
		}
		k++
	}
	return gutters
}

// clearest gives where in a gutter most bands are white, heads too: the middle of the widest such place.
func (p *page) clearest(bands []band, gutter [2]int) (at int) {
	inked := make([]int, gutter[1]-gutter[0]+1)
	for _, b := range bands {
		for x := gutter[0]; x < gutter[1]; x++ {
			if p.inked(b, x, x+1) {
				inked[x-gutter[0]]++
			}
		}
	}
	inked[len(inked)-1] = len(bands) + 1 // beyond
	least, start, width := slices.Min(inked), 0, 0
	for x, n := range inked {
		if n == least {
			continue
		}
		if x-start > width {
			at, width = gutter[0]+(start+x)/2, x-start
		}
		start = x + 1
	}
	return at
}

// parted gives where a row keeps a gutter, though not all of it: the middle of white wider than between words
// that reaches one of its sides, or is as wide as between columns. Without any, ok is false.
func (p *page) parted(b band, gutter [2]int) (at int, ok bool) {
	least := int(wordGap * p.point)
	from, to := gutter[0]-least, gutter[1]+least
	end := from // of the ink so far
	for _, r := range append(p.runs(b, from, to), [2]int{to, to}) {
		if r[0]-end >= least && end < gutter[1] && r[0] > gutter[0] && (end <= gutter[0] || r[0] >= gutter[1] || r[0]-end >= int(wideGap*p.point)) {
			return (end + r[0]) / 2, true
		}
		end = r[1]
	}
	return 0, false
}
