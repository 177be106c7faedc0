package document

import (
	"math"
	"slices"
)

// gutterGap is the least gap between two columns of text, in shares of the font size: LaTeX leaves
// 10 points.
const gutterGap = 0.6

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
