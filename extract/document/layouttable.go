package document

import (
	"math"
	"slices"
	"strings"

	"soket/extract/pattern"
)

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
						free = without(free, x0, x1)
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
