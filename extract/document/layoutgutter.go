package document

import (
	"slices"
)

// interval is a piece of the line's width, free of text.
type interval struct{ from, to float64 }

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
		free = cleared(free, &rows[k][0])
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
			next = cleared(next, &rows[end][i])
		}
		if len(next) == 0 {
			break
		}
		free = next
	}
	return end, free
}

// cleared cuts the words of a line out of free intervals.
func cleared(free []interval, l *line) []interval {
	for i := range l.words {
		x0, x1 := l.reach(i)
		touched := false
		for _, f := range free {
			touched = touched || x1 > f.from && x0 < f.to
		}
		if touched {
			free = without(free, x0, x1)
		}
	}
	return free
}

// without cuts a piece out of free intervals; what is left is at least narrow.
func without(free []interval, from, to float64) []interval {
	var out []interval
	for _, f := range free {
		if to <= f.from || from >= f.to {
			out = append(out, f)
			continue
		}
		if from-f.from >= narrow {
			out = append(out, interval{f.from, from})
		}
		if f.to-to >= narrow {
			out = append(out, interval{to, f.to})
		}
	}
	return out
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
