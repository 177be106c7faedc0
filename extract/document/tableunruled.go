package document

import (
	"math"
	"slices"
)

// unruledPart makes a table of rows of lines that stand in columns with nothing drawn between them.
// edges are those of the columns, the outer ones included.
func unruledPart(rows [][]line, edges []float64, page int, t turn) part {
	nc := len(edges) - 1
	merged := logicalRows(rows, edges)
	var over map[int]int
	if len(merged) > 2 && !figured(merged[0].cells) {
		var lower logical
		if lower, over = splitHead(&merged[0], edges); over != nil {
			merged = slices.Insert(merged, 1, lower)
		}
	}
	tb := &Table{Page: page, Method: "unruled", Rows: make([][]Cell, len(merged))}
	p := part{table: tb, edges: edges}
	covered := make([]int, nc) // rows that the label above reaches down to
	for r, lg := range merged {
		top, bottom := math.Inf(1), math.Inf(-1)
		for _, ls := range lg.cells {
			for i := range ls {
				top, bottom = min(top, ls[i].top()), max(bottom, ls[i].bottom())
				p.lines = append(p.lines, Line{ls[i].text, ls[i].box})
			}
		}
		for c := 0; c < nc; {
			if covered[c] > 0 {
				covered[c]--
				c++
				continue
			}
			ls := lg.cells[c]
			k := cellOf(ls)
			wide := 1
			for i := range ls {
				for c+wide < nc && len(lg.cells[c+wide]) == 0 && ls[i].x1 > edges[c+wide]+2 {
					wide++
				}
			}
			if c == 1 && lg.filled == 2 && roman.MatchString(tb.Rows[r][0].Text) && k.Text != "" {
				wide = nc - 1 // the name of a section
			}
			tall := 1
			if over != nil && r == 0 {
				if wide = max(1, over[c]); over[c] == 0 {
					tall = 2
				}
			}
			low := bottom
			if c < len(lg.tall) && lg.tall[c] > 1 {
				tall, covered[c] = lg.tall[c], lg.tall[c]-1
				_, y := merged[r+tall-1].reach(func(int) bool { return true })
				low = max(low, y+0.22*lg.size)
			}
			k.Row, k.Col, k.Rowspan, k.Colspan, k.Page = r, c, tall, wide, page
			k.Box = t.out(edges[c], top, edges[c+wide], low)
			if over == nil || r != 1 || len(ls) > 0 { // else the cell above reaches down here
				tb.Rows[r] = append(tb.Rows[r], k)
			}
			c += wide
		}
	}
	tb.HeadRows = headRows(tb.Rows)
	p.text = rowsText(tb)
	return p
}

// splitHead takes what stands over several columns of a head out of it: the head keeps that, and the
// heads of columns under none; lower gets those under one. over says how many columns stand under the
// cell that starts at a column; nil where there is no such head.
func splitHead(head *logical, edges []float64) (lower logical, over map[int]int) {
	const clear = 2 // points that a line reaches beyond the edge it crosses
	nc := len(edges) - 1
	bottom := math.Inf(-1)
	for _, ls := range head.cells {
		for i := range ls {
			bottom = max(bottom, ls[i].y)
		}
	}
	crosses := func(l *line) (from, to int) {
		x0, x1 := max(l.x0+clear, edges[0]), min(l.x1-clear, edges[nc]-1)
		return max(0, position(edges, x0)), max(0, position(edges, max(x0, x1)))
	}
	// Heads of one row stand at the middle of the head, those under another head below it.
	under := func(c int, top *line) bool {
		sum, n := 0.0, 0
		for _, ls := range head.cells {
			for i := range ls {
				if from, to := crosses(&ls[i]); from == c && to == c {
					sum, n = sum+ls[i].y, n+1
				}
			}
		}
		return n > 0 && sum/float64(n) > (top.y+bottom)/2+0.2*top.size
	}
	upper := logical{cells: make([][]line, nc), size: head.size}
	lower = logical{cells: make([][]line, nc), y: head.y, size: head.size, filled: head.filled}
	owner := make([]int, nc) // 1 + the first column of those under the same cell
	for _, ls := range head.cells {
		for i := range ls {
			l := &ls[i]
			from, to := crosses(l)
			for c := from; c <= to && to > from; c++ {
				if owner[c] > 0 || !under(c, l) {
					to = from
				}
			}
			if to == from {
				continue
			}
			for from > 0 && to+1 < nc && owner[from-1] == 0 && owner[to+1] == 0 && under(from-1, l) && under(to+1, l) {
				from, to = from-1, to+1
			}
			if over == nil {
				over = map[int]int{}
			}
			over[from], upper.y = to-from+1, l.y
			for c := from; c <= to; c++ {
				owner[c] = from + 1
			}
		}
	}
	if over == nil {
		return lower, nil
	}
	for c, ls := range head.cells {
		for i := range ls {
			switch from, to := crosses(&ls[i]); {
			case from < to && owner[from] > 0:
				upper.cells[owner[from]-1] = append(upper.cells[owner[from]-1], ls[i])
			case owner[from] > 0:
				lower.cells[from] = append(lower.cells[from], ls[i])
			default:
				upper.cells[c] = append(upper.cells[c], ls[i])
			}
		}
	}
	*head = upper
	return lower, over
}
