package document

import (
	"slices"
	"strings"
)

// part is the piece of a table that stands on one page.
type part struct {
	table *Table
	edges []float64 // of the columns, upright
	lines []Line
	text  string
}

// ruledPart fills a grid with the lines found in its cells.
func ruledPart(g *grid, cells [][]line, page int, t turn) part {
	nc, nr := len(g.xs)-1, len(g.ys)-1
	// Rows that have no line between them although their figures stand under one another.
	cuts := make([][]float64, nr)
	for r := range nr {
		cuts[r] = baselines(g, cells, r)
	}
	first := make([]int, nr+1) // of each drawn row, the number of its first row after cutting
	for r := range nr {
		first[r+1] = first[r] + len(cuts[r]) + 1
	}
	rows := make([][]Cell, first[nr])
	for k, s := range g.cells {
		pieces := [][]line{cells[k]}
		cut := s.r1-s.r0 == 1 && len(cuts[s.r0]) > 0
		if cut {
			pieces = make([][]line, len(cuts[s.r0])+1)
			for _, l := range cells[k] {
				i := 0
				for i < len(cuts[s.r0]) && l.middle() > cuts[s.r0][i] {
					i++
				}
				pieces[i] = append(pieces[i], l)
			}
		}
		top := g.ys[s.r0]
		for i, ls := range pieces {
			bottom, span := g.ys[s.r1], first[s.r1]-first[s.r0]
			if cut {
				span = 1
				if i < len(cuts[s.r0]) {
					bottom = cuts[s.r0][i]
				}
			}
			c := cellOf(ls)
			c.Row, c.Col, c.Rowspan, c.Colspan, c.Page = first[s.r0]+i, s.c0, span, s.c1-s.c0, page
			c.Box = t.out(g.xs[s.c0], top, g.xs[s.c1], bottom)
			c.Indent = 0
			rows[c.Row] = append(rows[c.Row], c)
			top = bottom
		}
	}
	for _, row := range rows {
		slices.SortStableFunc(row, func(a, b Cell) int { return a.Col - b.Col })
	}
	tb := &Table{Page: page, Rows: rows, Method: "ruled"}
	edges := dropEmpty(tb, slices.Clone(g.xs), nc)
	tb.HeadRows = headRows(tb.Rows)
	p := part{table: tb, edges: edges}
	for _, ls := range cells {
		for i := range ls {
			p.lines = append(p.lines, Line{ls[i].text, ls[i].box})
		}
	}
	p.text = rowsText(tb)
	return p
}

// cellOf joins the lines of a cell.
func cellOf(ls []line) Cell {
	var c Cell
	if len(ls) == 0 {
		return c
	}
	c.Bold = true
	if len(ls) == 1 {
		c.Text, c.Bold, c.Confidence = ls[0].text, ls[0].bold, ls[0].confidence
		return c
	}
	var b strings.Builder
	for i := range ls {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(ls[i].text)
		c.Bold = c.Bold && ls[i].bold
		c.Confidence += ls[i].confidence / float64(len(ls))
	}
	c.Text = b.String()
	return c
}

// baselines gives the heights at which a drawn row holds several rows: two columns or more of
// figures that stand under one another, or three figures in one.
func baselines(g *grid, cells [][]line, r int) []float64 {
	nc := len(g.xs) - 1
	var best []line
	columns, most := 0, 0
	for c := 0; c < nc; c++ {
		k := g.cell[r*nc+c]
		s := g.cells[k]
		if s.c0 != c || s.r1-s.r0 != 1 {
			continue
		}
		ls := cells[k]
		most = max(most, len(ls))
		figures := 0
		for i := range ls {
			if valueLike(ls[i].text) {
				figures++
			}
		}
		if figures < 2 || figures < len(ls) {
			continue
		}
		columns++
		if len(ls) > len(best) {
			best = ls
		}
	}
	if len(best) < 2 || most < len(best) || columns < 2 && len(best) < 3 {
		return nil
	}
	cuts := make([]float64, 0, len(best)-1)
	for i := 1; i < len(best); i++ {
		if best[i].y-best[i-1].y < 0.5*best[i].size {
			return nil
		}
		cuts = append(cuts, (best[i].middle()+best[i-1].middle())/2)
	}
	return cuts
}

// dropEmpty takes out rows and columns in which no cell starts or no text stands because they are
// but double borders, and gives the edges of the columns that stay.
func dropEmpty(t *Table, edges []float64, nc int) []float64 {
	for c := nc - 1; c >= 0 && nc > 1; c-- {
		if edges[c+1]-edges[c] > 8 || anyText(t, func(k *Cell) bool { return k.Col == c && k.Colspan == 1 }) {
			continue
		}
		for r := range t.Rows {
			t.Rows[r] = slices.DeleteFunc(t.Rows[r], func(k Cell) bool { return k.Col == c && k.Colspan == 1 })
			for i := range t.Rows[r] {
				k := &t.Rows[r][i]
				switch {
				case k.Col > c:
					k.Col--
				case k.Col+k.Colspan > c && k.Col <= c:
					k.Colspan--
				}
			}
		}
		edges = slices.Delete(edges, c, c+1)
		nc--
	}
	for r := len(t.Rows) - 1; r >= 0; r-- {
		empty := true
		for i := range t.Rows[r] {
			k := &t.Rows[r][i]
			if k.Text != "" || k.Rowspan > 1 || k.Box[3]-k.Box[1] > 8 && k.Box[2]-k.Box[0] > 8 {
				empty = false
			}
		}
		if empty && len(t.Rows) > 1 {
			deleteRow(t, r)
		}
	}
	return edges
}

func anyText(t *Table, of func(*Cell) bool) bool {
	for _, row := range t.Rows {
		for i := range row {
			if of(&row[i]) && row[i].Text != "" {
				return true
			}
		}
	}
	return false
}

// deleteRow takes a row out; cells that span over it shrink, those that start in it go.
func deleteRow(t *Table, r int) {
	for q := range t.Rows {
		for i := range t.Rows[q] {
			k := &t.Rows[q][i]
			if q < r && q+k.Rowspan > r {
				k.Rowspan--
			}
			if q > r {
				k.Row--
			}
		}
	}
	t.Rows = slices.Delete(t.Rows, r, r+1)
}

// rowsText prints a table for the page's text: cells parted by tabs.
func rowsText(t *Table) string {
	var b strings.Builder
	for _, row := range t.Rows {
		for i := range row {
			if i > 0 {
				b.WriteByte('\t')
			}
			b.WriteString(row[i].Text)
		}
		b.WriteByte('\n')
	}
	return b.String()
}
