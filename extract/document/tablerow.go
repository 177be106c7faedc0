package document

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"soket/extract/pattern"
	"soket/extract/vietnamese"
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

var (
	value     = pattern.New(`^[(>≥<≤~±+\-–−]{0,2}\s*\d[\d.,\s]*(?:[%‰]|\s?/\s?\d[\d.,]*)?\)?$`)
	yearLike  = pattern.New(`^(?:19|20)\d\d$`)
	order     = pattern.New(`^\(?\d{1,3}(?:\.\d{1,2})*[.)]?$`)
	orderSign = pattern.New(`^\(?(?:\d{1,2}|[A-ZĐa-z])\)?(?:\s?=.*)?$`)
)

// valueLike says whether a cell holds a figure, or a sign that stands for none.
func valueLike(text string) bool {
	switch text {
	case "-", "–", "x", "X", "…", "...", "0":
		return true
	}
	return len(text) <= 40 && value.MatchString(text) && !yearLike.MatchString(text)
}

// headRows tells how many rows are the head of a table: those before the first figures, as far as
// cells that span rows or columns reach, and the row that numbers the columns.
func headRows(rows [][]Cell) int {
	if len(rows) < 2 || len(rows[0]) == 0 {
		return 0
	}
	width := 0
	for _, c := range rows[0] {
		width = max(width, c.Col+c.Colspan)
	}
	h := 0
	for h < len(rows) && len(rows[h]) == 1 && rows[h][0].Colspan >= width && width > 1 && rows[h][0].Text != "" {
		h++ // a caption in the table
	}
	start := h
	reach := start + 1
	for r := start; r < reach && r < len(rows); r++ {
		if r < len(rows) && bodyRow(rows[r]) {
			reach = r
			break
		}
		for _, c := range rows[r] {
			reach = max(reach, r+c.Rowspan)
			if c.Colspan > 1 && c.Colspan < width {
				reach = max(reach, r+2)
			}
		}
	}
	h = min(reach, len(rows)-1)
	if h == start {
		return 0
	}
	return withNumbering(rows, h)
}

// withNumbering counts the row that numbers the columns to a head of h rows.
func withNumbering(rows [][]Cell, h int) int {
	if h > 0 && h < len(rows)-1 && numberingRow(rows[h]) {
		h++
	}
	return h
}

// bodyRow says whether a row holds figures beyond its first cell.
func bodyRow(row []Cell) bool {
	if numberingRow(row) {
		return false
	}
	for i, c := range row {
		if i > 0 && c.Text != "-" && valueLike(c.Text) {
			return true
		}
	}
	return false
}

// numberingRow knows "A B 1 2 3", "(1) (2) (3)": the row that numbers the columns.
func numberingRow(row []Cell) bool {
	if len(row) < 3 {
		return false
	}
	last, digits := 0, 0
	for _, c := range row {
		if !orderSign.MatchString(c.Text) {
			return false
		}
		n := 0
		for _, r := range strings.TrimLeft(c.Text, "(") {
			if r < '0' || r > '9' {
				break
			}
			n = 10*n + int(r-'0')
		}
		if n > 0 {
			if n != last+1 && last != 0 {
				return false
			}
			last = n
			digits++
		}
	}
	return digits >= 2 || digits == 0
}

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

// unruledPart makes a table of rows of lines that stand in columns with nothing drawn between them.
// edges are those of the columns, the outer ones included.
func unruledPart(rows [][]line, edges []float64, page int, t turn) part {
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
	out := make([]logical, 0, len(rows))
	merged := asWritten(rows, edges, first)
	for _, row := range rows {
		if merged != nil {
			break
		}
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
	if merged == nil {
		merged = gather(out)
	}
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

// plainText is a line's text for comparing running heads: figures all alike.
func plainText(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return '#'
		}
		return r
	}, vietnamese.Fold(s))
}
