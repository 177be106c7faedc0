package document

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// scanSlack is the part of a table's width by which its columns may stand elsewhere on the next page of a scan.
const scanSlack = 0.03

// continues says whether a table at the top of a page goes on with one at the foot of the page
// before: the same columns.
func continues(a, b *part) bool {
	if len(a.edges) != len(b.edges) {
		return false
	}
	slack, from, to, shift := 2*ruleSlack, 0, len(a.edges), 0.0
	if a.table.Method == "unruled" {
		// Inner edges are the middle of what is free between columns, which differs from page to
		// page; outer ones are the margins.
		slack, from, to = 15, 1, to-1
	}
	if a.table.Engine == EngineOCR && to > 2 {
		// So may those of a scan be, whose pages besides lie otherwise on the glass, each of a size of its own.
		from, to = 1, len(a.edges)-1
		slack = scanSlack * (a.edges[to] - a.edges[0])
		for i := from; i < to; i++ {
			shift += (b.edges[i] - a.edges[i]) / float64(to-from)
		}
	}
	for i := from; i < to; i++ {
		if math.Abs(a.edges[i]+shift-b.edges[i]) > slack {
			return false
		}
	}
	return true
}

// appendPart puts the rows of b under those of a, without a head that repeats, and joins a row that
// the page end cut in two.
func appendPart(a, b *part) {
	rows := b.table.Rows
	skip := 0
	if h := max(a.table.HeadRows, 1); len(rows) >= h && len(a.table.Rows) >= h {
		same := true
		for r := 0; r < h && same; r++ {
			same = sameTexts(a.table.Rows[r], rows[r])
		}
		if same {
			skip = h
		}
	}
	if skip == 0 && a.table.HeadRows > 1 { // only the row that numbers the columns repeats
		if last := a.table.Rows[a.table.HeadRows-1]; len(rows) > 0 && numberingRow(last) && sameTexts(last, rows[0]) {
			skip = 1
		}
	}
	for skip < len(rows) && emptyRow(rows[skip]) { // what the page end left of the row before
		skip++
	}
	rows = rows[skip:]
	if len(rows) > 0 && len(a.table.Rows) > 0 && cutRow(a.table, rows[0]) {
		last := a.table.Rows[len(a.table.Rows)-1]
		for _, c := range rows[0] {
			for i := range last {
				if last[i].Col == c.Col && c.Text != "" {
					last[i].Text = strings.TrimSpace(last[i].Text + " " + c.Text)
				}
			}
		}
		rows = rows[1:]
		skip++
	}
	shift := len(a.table.Rows) - skip
	joinLabels(a.table, rows, len(a.edges)-1)
	for _, row := range rows {
		for i := range row {
			row[i].Row += shift
		}
		a.table.Rows = append(a.table.Rows, row)
	}
	a.edges = b.edges
	if a.table.HeadRows == 0 { // of a head alone at the foot of a page nothing is known yet
		a.table.HeadRows = headRows(a.table.Rows)
	}
}

// joinLabels takes from the first rows of a page what is the rest of a label of t that stands for rows on both
// sides of the page end. Its text is on one of the two, for programs print it at the top or the middle of what
// it stands for; some draw the lines between its rows again on the new page.
func joinLabels(t *Table, rows [][]Cell, columns int) {
	for col := range columns {
		label := lastIn(t, col)
		for y := 0; label != nil && y < len(rows); y++ {
			i := slices.IndexFunc(rows[y], func(c Cell) bool { return c.Col == col })
			if i < 0 {
				break
			}
			c := rows[y][i]
			one := c.Rowspan == 1 || label.Rowspan == 1
			if label.Colspan != c.Colspan || label.Text != "" && c.Text != "" || c.Rowspan == 1 && label.Rowspan == 1 ||
				one && (c.Text != "" || valueLike(label.Text) || slices.ContainsFunc(rows[y], func(c Cell) bool { return totalLabel(c.Text) })) { // merely empty
				break
			}
			label.Text += c.Text
			label.Rowspan += c.Rowspan
			rows[y] = slices.Delete(rows[y], i, i+1)
			if c.Rowspan > 1 {
				break
			}
		}
	}
}

// lastIn is the lowest cell of a column under the head.
func lastIn(t *Table, col int) *Cell {
	for r := len(t.Rows) - 1; r >= t.HeadRows; r-- {
		for i := range t.Rows[r] {
			if t.Rows[r][i].Col == col {
				return &t.Rows[r][i]
			}
		}
	}
	return nil
}

func emptyRow(row []Cell) bool {
	for _, c := range row {
		if c.Text != "" {
			return false
		}
	}
	return true
}

func sameTexts(a, b []Cell) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Text != b[i].Text || a[i].Col != b[i].Col || a[i].Colspan != b[i].Colspan {
			return false
		}
	}
	return true
}

// cutRow says whether a row at the top of a page is the rest of the one before: it has no figures
// and nothing in the first column, and its text goes on in the middle of a phrase.
func cutRow(t *Table, row []Cell) bool {
	before := t.Rows[len(t.Rows)-1]
	if len(row) < 2 || len(before) != len(row) {
		return false
	}
	texts := 0
	capital, lower := false, false
	for i, c := range row {
		if c.Text == "" {
			continue
		}
		if c.Rowspan > 1 || before[i].Text == "" || valueLike(c.Text) {
			return false
		}
		texts++
		r, _ := utf8.DecodeRuneInString(c.Text)
		if b := before[i].Text; strings.Count(b, "(") > strings.Count(b, ")") || strings.HasSuffix(b, ",") || strings.HasSuffix(b, "-") {
			continue // what was opened goes on
		}
		if strings.ToLower(string(r)) != string(r) {
			capital = true
		} else {
			lower = true
		}
	}
	// A capital starts a row of its own, unless it is that of a name: another cell goes on, and all rows
	// but this one have a number.
	if capital && (!lower || slices.ContainsFunc(t.Rows[t.HeadRows:], func(r []Cell) bool { return len(r) == 0 || r[0].Col > 0 || !order.MatchString(r[0].Text) })) {
		return false
	}
	return texts > 0 && texts < len(row) && (row[0].Text == "" || before[0].Text != "" && texts == 1)
}
