package main

import (
	"image"
	"image/draw"
	"math"
	"slices"

	"soket/extract/sandbox"
)

// Sizes on a page for recognition, in points.
const (
	// touching is how far the ends of ruling lines may miss each other, and lines be one.
	touching = 4
	// wideGap is the least white between two cells of a row that tells a row of a table without
	// rulings: wider than the spaces of justified text.
	wideGap = 13
	// farRow is the most white between two rows of a table, nearLine that between two lines of a cell.
	farRow, nearLine = 40, 9
	// narrowGap is the least white between two columns of such a table, over all its rows.
	narrowGap = 3
	// letterGap is the least white between words, wordGap more than there is between those of a head.
	letterGap, wordGap = 1.2, 4
	// lowBand is the height below which a stretch with ink is marks of letters and no line, markGap
	// how far marks stand from their letters.
	lowBand, markGap = 4.5, 3.5
	// loneWide is the most that a figure takes that stands alone in its cell: 999.999.999.999 of 14 points.
	loneWide = 95
	// mostBeside is how many pieces the head and the foot of a letter have; a page with more is set in
	// columns, which tesseract reads well by itself.
	mostBeside = 8
	// numberWide is the most that a column of numbers takes.
	numberWide = 30
	// sidesHigh is the part of a page that the sides of a letter's head or foot take at most: a fourth.
	sidesHigh = 4
	// severalLines is the height from which a band holds more than a line.
	severalLines = 22
	// around is the white put around each cell where they are laid out anew.
	around = 7
	// mostCells bounds the cells of a page laid out anew; a page of figures has 400.
	mostCells = 1500
	// mostLines bounds the ruling lines of tables; a page with more is a drawing.
	mostLines = 4000
	// mostDots bounds the pixels by which a page is set straight.
	mostDots = 100_000
	// mostTall bounds the height of that picture in pixels: tesseract refuses 32,768.
	mostTall = 32_000
)

// cells finds the cells of the tables on a page whose ruling lines were taken off: those that the
// lines make, and where there are none those that white parts. Rows of a table whose cells stand at
// different heights, and figures that stand alone, are what recognition of a whole page gets wrong.
// The sides of cells without lines join the ruling lines.
func cells(m *image.Gray, strokes []sandbox.Stroke) (found []sandbox.Cell, all []sandbox.Stroke) {
	b := m.Bounds()
	p := page{m: m, w: b.Dx(), h: b.Dy(), point: float64(max(b.Dx(), b.Dy())) / 842, ink: letters(m)}
	fields := p.grids(strokes)
	rest := image.NewGray(b)
	draw.Draw(rest, b, m, b.Min, draw.Src)
	for _, f := range fields {
		white(rest, f)
	}
	p.m = rest
	more, beside := p.unruled(strokes)
	p.m = m
	boxes, ruled := slices.Concat(beside, fields), strokes
	for _, f := range more {
		boxes = append(boxes, f.ink)
		strokes = append(strokes, sides(f.cell)...)
	}
	if len(boxes) > mostCells {
		return nil, ruled
	}
	for _, f := range boxes {
		if box := p.trim(f); !box.Empty() {
			found = append(found, sandbox.Cell{X0: box.Min.X, Y0: box.Min.Y, X1: box.Max.X, Y1: box.Max.Y,
				Lone: float64(box.Dx()) < loneWide*p.point && float64(box.Dy()) < severalLines*p.point})
		}
	}
	return found, strokes
}

// page is a picture of a page in the finding of its cells.
type page struct {
	m     *image.Gray
	w, h  int
	point float64 // pixels
	ink   uint8   // grey below which a pixel is ink of a letter
}

func (p *page) dark(x, y int) bool { return p.m.Pix[y*p.m.Stride+x] < p.ink }

// trim cuts a box down to its ink. A box with no more than dust in it is empty.
func (p *page) trim(box image.Rectangle) image.Rectangle {
	box = box.Intersect(p.m.Bounds())
	dust := int(max(3, p.point*p.point*1.2)) // pixels: a full stop has twice as many
	out, n := image.Rectangle{}, 0
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			if p.dark(x, y) {
				out = out.Union(image.Rect(x, y, x+1, y+1))
				n++
			}
		}
	}
	if n <= dust {
		return image.Rectangle{}
	}
	return out
}

// white clears a part of a picture.
func white(m *image.Gray, box image.Rectangle) {
	draw.Draw(m, box, image.White, image.Point{}, draw.Src)
}

// grids gives the cells of the tables that ruling lines make, row by row.
func (p *page) grids(strokes []sandbox.Stroke) (fields []image.Rectangle) {
	near := touching * p.point
	level := func(s sandbox.Stroke) bool { return math.Abs(s.X1-s.X0) > math.Abs(s.Y1-s.Y0) }
	if len(strokes) > mostLines {
		return nil
	}
	// Lines that touch are of one table.
	group := make([]int, len(strokes))
	for i := range group {
		group[i] = i
	}
	var root func(i int) int
	root = func(i int) int {
		if group[i] != i {
			group[i] = root(group[i])
		}
		return group[i]
	}
	for i, a := range strokes {
		for j, b := range strokes[:i] {
			if min(a.X0, a.X1)-near <= max(b.X0, b.X1) && min(b.X0, b.X1)-near <= max(a.X0, a.X1) &&
				min(a.Y0, a.Y1)-near <= max(b.Y0, b.Y1) && min(b.Y0, b.Y1)-near <= max(a.Y0, a.Y1) {
				group[root(i)] = root(j)
			}
		}
	}
	for k := range strokes {
		if root(k) != k {
			continue
		}
		var xs, ys []float64
		var of []sandbox.Stroke
		for i, s := range strokes {
			if root(i) != k {
				continue
			}
			of = append(of, s)
			if level(s) {
				ys = append(ys, (s.Y0+s.Y1)/2)
			} else {
				xs = append(xs, (s.X0+s.X1)/2)
			}
		}
		xs, ys = places(xs, near), places(ys, near)
		if len(xs) < 3 || len(ys) < 3 { // a frame around text, underlined words
			continue
		}
		fields = append(fields, p.grid(of, xs, ys, level)...)
	}
	return fields
}

// places puts together what lies near each other.
func places(at []float64, near float64) []float64 {
	slices.Sort(at)
	var out []float64
	for i := 0; i < len(at); {
		j := i + 1
		for j < len(at) && at[j]-at[j-1] < near {
			j++
		}
		out = append(out, (at[i]+at[j-1])/2)
		i = j
	}
	return out
}

// grid gives the cells between lines at xs and ys: fields with no line between them are one. nil is
// for a drawing, or a frame with text in it.
func (p *page) grid(of []sandbox.Stroke, xs, ys []float64, level func(sandbox.Stroke) bool) (fields []image.Rectangle) {
	near := touching * p.point
	cols, rows := len(xs)-1, len(ys)-1
	if cols*rows > mostCells {
		return nil
	}
	// drawn says whether most of the way from a to b, at a place across, has a line on it.
	drawn := func(isLevel bool, at, a, b float64) bool {
		n := 0
		const steps = 8
		for i := range steps {
			q := a + (b-a)*(float64(i)+0.5)/steps
			for _, s := range of {
				if level(s) != isLevel {
					continue
				}
				from, to, across := s.X0, s.X1, (s.Y0+s.Y1)/2
				if !isLevel {
					from, to, across = s.Y0, s.Y1, (s.X0+s.X1)/2
				}
				if math.Abs(across-at) <= near && min(from, to) <= q && q <= max(from, to) {
					n++
					break
				}
			}
		}
		return n*2 > steps
	}
	cell := make([]int, cols*rows)
	for i := range cell {
		cell[i] = i
	}
	join := func(a, b int) {
		a, b = cell[a], cell[b]
		for i := range cell {
			if cell[i] == b {
				cell[i] = a
			}
		}
	}
	for r := range rows {
		for c := range cols {
			if c+1 < cols && !drawn(false, xs[c+1], ys[r], ys[r+1]) {
				join(r*cols+c, r*cols+c+1)
			}
			if r+1 < rows && !drawn(true, ys[r+1], xs[c], xs[c+1]) {
				join(r*cols+c, (r+1)*cols+c)
			}
		}
	}
	edge := int(p.point)
	for r := range rows {
		for c := range cols {
			mine := cell[r*cols+c]
			first := slices.Index(cell, mine)
			if first != r*cols+c {
				continue
			}
			// As far as it goes to the right and down.
			c1, r1 := c, r
			for c1+1 < cols && cell[r*cols+c1+1] == mine {
				c1++
			}
			for r1+1 < rows && cell[(r1+1)*cols+c] == mine {
				r1++
			}
			box := image.Rect(int(xs[c])+edge, int(ys[r])+edge, int(xs[c1+1])-edge+1, int(ys[r1+1])-edge+1)
			if float64(box.Dx()*box.Dy()) > 0.25*float64(p.w*p.h) {
				return nil
			}
			fields = append(fields, box)
		}
	}
	if len(fields) < 4 {
		return nil
	}
	return fields
}

// band is a stretch of the page with ink in all its rows of pixels, and the white in it that is wide
// enough to part columns, from left to right.
type band struct {
	y0, y1 int
	x0, x1 int
	free   [][2]int
	row    bool // it reads as a row of a table
}

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
// wider than its column.
func (p *page) gutters(bands []band) (found [][2]int) {
	clear, rows := make([]int, p.w+1), 0
	for _, b := range bands {
		if !b.row {
			continue
		}
		rows++
		for _, f := range b.free {
			for x := f[0]; x < f[1]; x++ {
				clear[x]++
			}
		}
	}
	start := 0
	for x, n := range clear {
		if n*5 >= rows*4 {
			continue
		}
		if x-start >= int(narrowGap*p.point) {
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

// runs gives the stretches of ink of a band between two places, letters of a word together.
func (p *page) runs(b band, from, to int) (found [][2]int) {
	for x := max(0, from); x < min(p.w, to); x++ {
		if !p.inked(b, x, x+1) {
			continue
		}
		if n := len(found); n > 0 && float64(x-found[n-1][1]) < letterGap*p.point {
			found[n-1][1] = x + 1
		} else {
			found = append(found, [2]int{x, x + 1})
		}
	}
	return found
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
// that reaches one of its sides. Without any, ok is false.
func (p *page) parted(b band, gutter [2]int) (at int, ok bool) {
	least := int(wordGap * p.point)
	from, to := gutter[0]-least, gutter[1]+least
	end := from // of the ink so far
	for _, r := range append(p.runs(b, from, to), [2]int{to, to}) {
		if r[0]-end >= least && end < gutter[1] && r[0] > gutter[0] && (end <= gutter[0] || r[0] >= gutter[1]) {
			return (end + r[0]) / 2, true
		}
		end = r[1]
	}
	return 0, false
}

// inked says whether a band has ink between two places.
func (p *page) inked(b band, from, to int) bool {
	for y := b.y0; y < b.y1; y++ {
		for x := from; x < to; x++ {
			if p.dark(x, y) {
				return true
			}
		}
	}
	return false
}

// clear says whether a band has no ink in any of the gutters.
func (p *page) clear(b band, gutters [][2]int) bool {
	return !slices.ContainsFunc(gutters, func(g [2]int) bool { return p.inked(b, g[0], g[1]) })
}

// lines gives the stretches of a picture with ink in them, from top to bottom.
func (p *page) lines() (all []band) {
	b := p.m.Bounds()
	inked := func(y int) bool {
		n := 0
		for x := b.Min.X; x < b.Max.X && n < 2; x++ {
			if p.m.GrayAt(x, y).Y < p.ink {
				n++
			}
		}
		return n >= 2
	}
	for y := b.Min.Y; y < b.Max.Y; {
		if !inked(y) {
			y++
			continue
		}
		ln := band{y0: y, x0: -1}
		for y < b.Max.Y && inked(y) {
			y++
		}
		ln.y1 = y
		// Marks over and under letters may stand apart from them.
		near := int(markGap * p.point)
		if n := len(all); n > 0 && ln.y0-all[n-1].y1 <= near && (p.low(ln) || p.low(all[n-1])) {
			ln.y0 = all[n-1].y0
			all = all[:n-1]
		}
		all = append(all, ln)
	}
	return slices.DeleteFunc(all, p.low)
}

// stretches gives the bands of a page with the white in them.
func (p *page) stretches() []band {
	all := p.lines()
	narrow := int(narrowGap * p.point)
	for i := range all {
		b := &all[i]
		start := -1 // of white
		for x := range p.w {
			dark := p.inked(*b, x, x+1)
			switch {
			case !dark && start < 0:
				start = x
			case dark:
				if b.x0 < 0 {
					b.x0 = x
				} else if start >= 0 && x-start >= narrow {
					b.free = append(b.free, [2]int{start, x})
				}
				b.x1, start = x+1, -1
			}
		}
	}
	return all
}

// low says whether a band is lower than a line of small letters.
func (p *page) low(b band) bool { return float64(b.y1-b.y0) < lowBand*p.point }

// common gives where two rows of intervals overlap.
func common(a, b [][2]int, least int) (out [][2]int) {
	for _, f := range a {
		for _, g := range b {
			if from, to := max(f[0], g[0]), min(f[1], g[1]); to-from >= least {
				out = append(out, [2]int{from, to})
			}
		}
	}
	return out
}

// cut copies a cell out of a page, with white around it.
func cut(m *image.Gray, c sandbox.Cell, around int) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, c.X1-c.X0+2*around, c.Y1-c.Y0+2*around))
	draw.Draw(out, out.Bounds(), image.White, image.Point{}, draw.Src)
	paste(out, image.Pt(around, around), m, c)
	return out
}

// paste copies a cell to a place, with a little of what is around: the ink has a grey edge.
func paste(out *image.Gray, at image.Point, m *image.Gray, c sandbox.Cell) {
	box := image.Rect(c.X0-1, c.Y0-1, c.X1+1, c.Y1+1).Intersect(m.Bounds())
	at = at.Add(box.Min).Sub(image.Pt(c.X0, c.Y0))
	draw.Draw(out, image.Rectangle{at, at.Add(box.Size())}, m, box.Min, draw.Src)
}

// lay takes the cells of a page off it and puts them under one another on a picture of their own, where each
// says where it lies there; what may be a lone figure gets pictures of its own besides, which differ in the
// white around. laid is nil, and the page as it was, where there are no cells or too many.
func lay(m *image.Gray, cells []sandbox.Cell) (laid *image.Gray, lone []*image.Gray) {
	if len(cells) == 0 {
		return nil, nil
	}
	gap := int(around * float64(max(m.Bounds().Dx(), m.Bounds().Dy())) / 842)
	wide, tall := 0, gap
	var heights []int
	for i := range cells {
		c := &cells[i]
		c.Y = tall
		c.X = gap * 3
		wide = max(wide, c.X1-c.X0)
		tall += c.Y1 - c.Y0 + gap
		if c.Lone {
			heights = append(heights, c.Y1-c.Y0)
		}
	}
	if tall > mostTall || tall > maxPixels/(wide+6*gap) {
		return nil, nil
	}
	slices.Sort(heights)
	laid = image.NewGray(image.Rect(0, 0, wide+6*gap, tall))
	draw.Draw(laid, laid.Bounds(), image.White, image.Point{}, draw.Src)
	for i, c := range cells {
		paste(laid, image.Pt(c.X, c.Y), m, c)
		if c.Lone {
			for k, share := range sandbox.LoneAround {
				cells[i].Around[k] = max(2, int(share*float64(heights[len(heights)/2])))
				lone = append(lone, cut(m, c, cells[i].Around[k]))
			}
		}
	}
	for _, c := range cells {
		white(m, image.Rect(c.X0-1, c.Y0-1, c.X1+1, c.Y1+1).Intersect(m.Bounds()))
	}
	return laid, lone
}

// level turns a picture whose lines lean by slope so that they are level.
func level(m *image.Gray, slope float64) *image.Gray {
	b := m.Bounds()
	w, h := b.Dx(), b.Dy()
	out := image.NewGray(b)
	sin, cos := math.Sincos(math.Atan(slope))
	midX, midY := float64(w)/2, float64(h)/2
	at := func(x, y int) float64 {
		if x < 0 || y < 0 || x >= w || y >= h {
			return 255
		}
		return float64(m.Pix[y*m.Stride+x])
	}
	for y := range h {
		for x := range w {
			dx, dy := float64(x)-midX, float64(y)-midY
			fx, fy := midX+dx*cos-dy*sin, midY+dx*sin+dy*cos
			ix, iy := math.Floor(fx), math.Floor(fy)
			ax, ay := fx-ix, fy-iy
			i, j := int(ix), int(iy)
			v := (at(i, j)*(1-ax)+at(i+1, j)*ax)*(1-ay) + (at(i, j+1)*(1-ax)+at(i+1, j+1)*ax)*ay
			out.Pix[y*out.Stride+x] = uint8(v + 0.5)
		}
	}
	return out
}

// leans gives how much the lines of a page lean, of text or ruled: by the slope along which its ink
// gathers in the fewest rows.
func leans(m *image.Gray) float64 {
	const coarse, fine = 0.002, 0.0005
	b := m.Bounds()
	ink := letters(m)
	type dot struct{ x, y float64 }
	var dots []dot
	for y := 0; y < b.Dy(); y++ {
		for x := y % 3; x < b.Dx(); x += 3 {
			if m.Pix[y*m.Stride+x] < ink {
				dots = append(dots, dot{float64(x), float64(y)})
			}
		}
	}
	if few := len(dots)/mostDots + 1; few > 1 { // as many tell as much
		for i := range len(dots) / few {
			dots[i] = dots[i*few]
		}
		dots = dots[:len(dots)/few]
	}
	off := int(leaning*float64(b.Dx())) + 1
	rows := make([]int, b.Dy()+2*off)
	gathered := func(slope float64) (sum int) {
		clear(rows)
		for _, d := range dots {
			rows[off+int(d.y-slope*d.x)]++
		}
		for _, n := range rows {
			sum += n * n
		}
		return sum
	}
	best, most := 0.0, gathered(0)
	search := func(from, to, step float64) {
		for s := from; s <= to; s += step {
			if n := gathered(s); n > most {
				best, most = s, n
			}
		}
	}
	search(-leaning+coarse, leaning-coarse, coarse)
	search(best-coarse+fine, best+coarse-fine, fine)
	return best
}
