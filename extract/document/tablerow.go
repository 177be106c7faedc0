package document

import (
	"cmp"
	"math"
	"slices"

	"soket/extract/vietnamese"
)

// logical is a row of a table without lines.
type logical struct {
	cells  [][]line
	y      float64
	size   float64
	filled int
	anchor bool  // has figures, or a number in its first column: a row of its own
	tall   []int // of its first columns, how many rows their labels stand for
}

// take adds the lines of another row.
func (lg *logical) take(o *logical) {
	for c := range lg.cells {
		lg.cells[c] = append(lg.cells[c], o.cells[c]...)
		slices.SortStableFunc(lg.cells[c], func(a, b line) int {
			if math.Abs(a.y-b.y) < 0.3*a.size {
				return cmp.Compare(a.x0, b.x0)
			}
			return cmp.Compare(a.y, b.y)
		})
	}
}

// logicalRows gives the rows that printed ones make: as the page draws them, where that tells; else as they stand.
func logicalRows(rows [][]line, edges []float64) []logical {
	nc := len(edges) - 1
	column := func(x float64) int { return max(0, min(nc-1, position(edges, x))) }
	// A line over several columns takes the first that it covers by half; its cell spans the rest.
	first := func(l *line) int {
		c := column(l.x0 + 0.5)
		for c+1 < nc && edges[c+1]-max(edges[c], l.x0) < 0.25*(l.x1-l.x0) && edges[c+1] < (l.x0+l.x1)/2 {
			c++
		}
		return c
	}
	if written := asWritten(rows, edges, first); written != nil {
		return written
	}
	out := make([]logical, 0, len(rows))
	for _, row := range rows {
		lg := logical{cells: make([][]line, nc)}
		for i := range row {
			c := first(&row[i])
			if len(lg.cells[c]) == 0 {
				lg.filled++
			}
			lg.cells[c] = append(lg.cells[c], row[i])
			lg.y += row[i].y / float64(len(row))
			lg.size = max(lg.size, row[i].size)
		}
		out = append(out, lg)
	}
	return gather(out)
}

func allSigns(cells [][]line) bool {
	for _, ls := range cells {
		if len(ls) > 0 && !orderSign.MatchString(ls[0].text) {
			return false
		}
	}
	return true
}

// gather puts the printed rows of a table without lines together: rows that only hold the further
// lines of labels go to the row of figures they belong to, and the rows above the first figures are
// one head.
func gather(rows []logical) []logical {
	anchors := 0
	for i := range rows {
		lg := &rows[i]
		filled, last := 0, -1
		for c, ls := range lg.cells {
			if len(ls) > 0 {
				filled++
				last = c
			}
		}
		lg.filled = filled
		text := lg.cells[last][len(lg.cells[last])-1].text
		lg.anchor = filled > 1 && (last > 0 && valueLike(text) || len(lg.cells[0]) > 0 && (order.MatchString(lg.cells[0][0].text) || roman.MatchString(lg.cells[0][0].text))) ||
			filled > 2 && allSigns(lg.cells)
		if lg.anchor {
			anchors++
		}
	}
	if anchors < 2 {
		return rows
	}
	first := slices.IndexFunc(rows, func(lg logical) bool { return lg.anchor })
	// Labels stand in the middle of their row where some line is nearer to the figures below it than
	// a whole line.
	middle := false
	for i := first; i+1 < len(rows); i++ {
		if !rows[i].anchor && rows[i+1].anchor && rows[i+1].y-rows[i].y < 0.85*rows[i].size {
			middle = true
		}
	}
	if first > 0 && rows[first].y-rows[first-1].y < 0.85*rows[first].size {
		middle = true
	}
	out := rows[:0:0]
	head := -1
	var waiting []logical // lines that belong to the row of figures below
	for i := range rows {
		lg := &rows[i]
		if lg.anchor {
			for k := range waiting {
				lg.take(&waiting[k])
			}
			waiting = nil
			out = append(out, *lg)
			continue
		}
		above, below := math.Inf(1), math.Inf(1)
		if n := len(out); n > 0 && n-1 != head {
			above = lg.y - out[n-1].y
		}
		for k := i + 1; k < len(rows); k++ {
			if rows[k].anchor {
				below = rows[k].y - lg.y
				break
			}
		}
		switch {
		case middle && below < above && below < 1.7*lg.size:
			waiting = append(waiting, *lg)
		case !math.IsInf(above, 1):
			out[len(out)-1].take(lg)
			if !middle { // further lines are measured from this one
				out[len(out)-1].y = lg.y
			}
		case head >= 0:
			out[head].take(lg)
		default:
			head = len(out)
			out = append(out, *lg)
		}
	}
	for k := range waiting {
		out[len(out)-1].take(&waiting[k])
	}
	return out
}

// asWritten puts the lines of a table without rulings into rows by the order in which the page draws
// them: programs write a table row by row and a row cell by cell, so a line left of the one before
// starts a row, whatever heights the cells of several lines are set at. nil where the rows so found
// overlap: then the page was drawn in another order.
func asWritten(rows [][]line, edges []float64, column func(*line) int) []logical {
	type placedLine struct {
		*line
		column int
	}
	var all []placedLine
	for _, row := range rows {
		for i := range row {
			if row[i].confidence > 0 {
				return nil
			}
			all = append(all, placedLine{&row[i], column(&row[i])})
		}
	}
	slices.SortStableFunc(all, func(a, b placedLine) int { return cmp.Compare(a.drawn(), b.drawn()) })
	// The pitch of lines in a cell is the least there is.
	pitch := math.Inf(1)
	for i := 1; i < len(all); i++ {
		if a, b := all[i-1], all[i]; a.column == b.column && b.y-a.y > 0.5*b.size {
			pitch = min(pitch, b.y-a.y)
		}
	}
	over := func(l *line, c int) bool { // it reaches over the middle of the next column
		return c+2 < len(edges) && l.x1 > (edges[c+1]+edges[c+2])/2
	}
	var out []logical
	for i, l := range all {
		starts := i == 0
		if !starts {
			before := all[i-1]
			down := l.y - before.y
			within := !over(l.line, l.column)
			switch {
			case l.column < before.column:
				starts = true
			case l.column > before.column:
			case down < -0.3*l.size: // back up in the same column
				return nil
			case math.Abs(down) <= 0.3*l.size: // two pieces of one line
			case down > 1.12*pitch+1, l.column == 0 && (order.MatchString(l.text) || roman.MatchString(l.text)):
				starts = true
			case within && over(before.line, before.column): // under a heading of several columns
				starts = true
			}
		}
		if starts {
			out = append(out, logical{cells: make([][]line, len(edges)-1)})
		}
		lg := &out[len(out)-1]
		if len(lg.cells[l.column]) == 0 {
			lg.filled++
		}
		lg.cells[l.column] = append(lg.cells[l.column], *l.line)
		lg.size = max(lg.size, l.size)
	}
	// Cells of a head that stand in the middle of several rows overlap these: such a head is one row.
	merged := out[:0]
	bottom := math.Inf(-1)
	head := true
	for k := range out {
		lg := &out[k]
		lg.span(out[k+1:])
		top, low := lg.reach(func(c int) bool { return c >= len(lg.tall) || lg.tall[c] < 2 })
		switch n := len(merged); {
		case top >= bottom+0.3*lg.size:
			lg.y = low
			merged = append(merged, *lg)
		case !head:
			return nil
		default:
			merged[n-1].take(lg)
			merged[n-1].y = max(merged[n-1].y, low)
		}
		bottom = max(bottom, low)
		head = head && !figured(lg.cells)
	}
	return merged
}

// reach gives the first and the last baseline of a row's cells in some columns.
func (lg *logical) reach(in func(column int) bool) (top, bottom float64) {
	top, bottom = math.Inf(1), math.Inf(-1)
	for c, ls := range lg.cells {
		for i := range ls {
			if in(c) {
				top, bottom = min(top, ls[i].y), max(bottom, ls[i].y)
			}
		}
	}
	return top, bottom
}

// span finds the labels in a row's first columns that stand for rows below it too, in which nothing
// stands there: those at the middle of these rows, those that begin beside the first and reach beyond it,
// and words in one line beside the first where all rows have a label of their own next to it.
func (lg *logical) span(below []logical) {
	if !figured(lg.cells) {
		return
	}
	for c := 0; c+1 < len(lg.cells); c++ {
		n := 0
		for n < len(below) && figured(below[n].cells) && !slices.ContainsFunc(below[n].cells[:c+1], func(ls []line) bool { return len(ls) > 0 }) {
			n++
		}
		if c > 0 && lg.tall[c-1] > 1 {
			n = min(n, lg.tall[c-1]-1)
		}
		if n == 0 {
			break
		}
		lg.tall = append(lg.tall, 0)
		ls := lg.cells[c]
		if len(ls) == 0 {
			continue
		}
		lg.tall[c] = 1
		// The rows are where those of their cells stand that each has.
		in := func(k int) bool { return k > c && len(below[0].cells[k]) > 0 }
		top, low := lg.reach(in)
		middle := (ls[0].y + ls[len(ls)-1].y) / 2
		switch beside := math.Abs(ls[0].y-top) < 0.35*lg.size; {
		case beside && ls[len(ls)-1].y > low+0.5*lg.size:
			lg.tall[c] = 1 + n
		case beside:
			own := func(o *logical) bool {
				return len(o.cells[c+1]) > 0 && !valueLike(o.cells[c+1][0].text) && !totalLabel(o.cells[c+1][0].text)
			}
			if order.MatchString(ls[0].text) || roman.MatchString(ls[0].text) || !own(lg) {
				break
			}
			for k := 0; k < n && own(&below[k]); k++ {
				lg.tall[c]++
			}
		default:
			off := min(math.Abs(middle-(top+low)/2), 0.5*lg.size)
			for k := range n {
				_, low := below[k].reach(in)
				if d := math.Abs(middle - (top+low)/2); d < off {
					off, lg.tall[c] = d, k+2
				}
			}
		}
	}
	for c := len(lg.tall) - 2; c >= 0; c-- {
		if len(lg.cells[c]) > 0 { // the number of a label that spans
			lg.tall[c] = max(lg.tall[c], lg.tall[c+1])
		}
	}
}

// totalLabel says whether a label is that of a sum over the rows above it.
func totalLabel(text string) bool {
	folded := vietnamese.Fold(text)
	return folded == "cong" || hasAnyPrefix(folded, "tong", "cong ")
}

// figured says whether a row has a figure beyond its first column.
func figured(cells [][]line) bool {
	return slices.ContainsFunc(cells[1:], func(ls []line) bool { return len(ls) > 0 && valueLike(ls[0].text) })
}
