package document

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"soket/extract/pattern"
	"soket/extract/vietnamese"
)

// cellRef names a cell as spreadsheets do: row and column from 0.
func cellRef(row, col int) string {
	name := ""
	for c := col + 1; c > 0; c = (c - 1) / 26 {
		name = string(rune('A'+(c-1)%26)) + name
	}
	return name + strconv.Itoa(row+1)
}

// sheetDrafts takes a sheet apart: the tables on it, side by side or under one another, wherever
// they start, and the lines around them in reading order. A table's title is all the lines above it
// that belong to it.
func sheetDrafts(t *Table) []draft {
	s := sheetSplit{sheet: t}
	n := 0
	for _, row := range t.Rows {
		n += len(row)
	}
	cells := make([]Cell, 0, n)
	for _, row := range t.Rows {
		for _, c := range row {
			if c.Text != "" || c.Number != nil || c.Doubtful || c.Comment != "" {
				cells = append(cells, c)
			}
		}
	}
	// Empty merged cells matter only inside a table, for its head; they are looked up there.
	s.all = t.Rows
	s.region(cells)
	return s.drafts
}

type sheetSplit struct {
	sheet  *Table
	all    [][]Cell
	drafts []draft
	above  []string // lines since the last table, for the title of the next one
	last   *Table   // the table before, where lines under it belong to it
}

// sheetRows groups cells by row, in order.
func sheetRows(cells []Cell) (rows [][]Cell) {
	place := func(a, b Cell) int { return cmp.Or(a.Row-b.Row, a.Col-b.Col) }
	if !slices.IsSortedFunc(cells, place) {
		cells = slices.SortedStableFunc(slices.Values(cells), place)
	}
	for from := 0; from < len(cells); {
		to := from + 1
		for to < len(cells) && cells[to].Row == cells[from].Row {
			to++
		}
		rows, from = append(rows, cells[from:to:to]), to
	}
	return rows
}

// region handles a part of the sheet: bands parted by empty rows, each perhaps of several parts
// side by side.
func (s *sheetSplit) region(cells []Cell) {
	rows := sheetRows(cells)
	for len(rows) > 0 {
		n, reach := 1, rows[0][0].Row
		for _, c := range rows[0] {
			reach = max(reach, c.Row+c.Rowspan-1)
		}
		for n < len(rows) && rows[n][0].Row <= reach+1 {
			for _, c := range rows[n] {
				reach = max(reach, c.Row+c.Rowspan-1)
			}
			n++
		}
		s.band(rows[:n])
		rows = rows[n:]
	}
}

// band handles rows with no empty one between them: the lines above a table and the table, or several side by
// side.
func (s *sheetSplit) band(rows [][]Cell) {
	first := firstBody(rows)
	if first < 0 {
		s.text(rows)
		return
	}
	if parts := sideBySide(rows, first); len(parts) > 1 {
		above := s.above
		for _, p := range parts {
			s.above = slices.Clone(above)
			s.region(p)
		}
		return
	}
	top := tableTop(rows, first)
	if top == first && s.last != nil && !headLike(rows[first]) {
		// The table before goes on after an empty row.
		s.extend(rows[top:])
		return
	}
	s.text(rows[:top])
	rows = rows[top:]
	// A second head further down begins another table.
	for i := max(first-top, 1) + 1; i < len(rows); i++ {
		if headLike(rows[i]) && !bodyRowOf(rows[i]) {
			start := i
			for start > 1 && len(rows[start-1]) == 1 && !bodyRowOf(rows[start-1]) && start > i-3 {
				start--
			}
			s.table(rows[:start])
			s.band(rows[start:])
			return
		}
	}
	s.table(rows)
}

// sideBySide parts a band at columns that are empty all down: each part needs figures of its own.
func sideBySide(rows [][]Cell, first int) [][]Cell {
	used := map[int]bool{}
	least, most := 1<<30, 0
	for i, row := range rows {
		for _, c := range row {
			if len(row) == 1 && i < first {
				continue // a title over both
			}
			for k := range c.Colspan {
				used[c.Col+k] = true
			}
			least, most = min(least, c.Col), max(most, c.Col+c.Colspan-1)
		}
	}
	var cuts []int
	for col := least + 1; col < most; col++ {
		if !used[col] {
			cuts = append(cuts, col)
		}
	}
	if len(cuts) == 0 {
		return nil
	}
	parts := make([][]Cell, 1)
	from := least
	for _, cut := range append(cuts, most+1) {
		var part []Cell
		bodies := 0
		for i, row := range rows {
			var in []Cell
			for _, c := range row {
				if c.Col >= from && c.Col < cut || c.Col < from && len(parts) == 1 && parts[0] == nil {
					in = append(in, c)
				}
			}
			if i >= first && len(in) >= 2 && bodyRowOf(in) {
				bodies++
			}
			part = append(part, in...)
		}
		if bodies >= 2 && len(parts[len(parts)-1]) > 0 && hasBodies(parts[len(parts)-1]) {
			parts = append(parts, part)
		} else {
			parts[len(parts)-1] = append(parts[len(parts)-1], part...)
		}
		from = cut
	}
	if len(parts) < 2 {
		return nil
	}
	return parts
}

func hasBodies(cells []Cell) bool {
	n := 0
	for _, row := range sheetRows(cells) {
		if len(row) >= 2 && bodyRowOf(row) {
			n++
		}
	}
	return n >= 2
}

// originOf is the first row and the first column of a table on its sheet.
func originOf(rows [][]Cell) (row, col int) {
	row, col = rows[0][0].Row, 1<<30
	for _, r := range rows {
		col = min(col, r[0].Col)
	}
	return row, col
}

// extend puts rows under the table before.
func (s *sheetSplit) extend(rows [][]Cell) {
	rows, notes := cutNotes(rows)
	last := s.last
	n := last.Rows[len(last.Rows)-1][0].Row + 1
	// Columns are where they were: the references tell.
	shift := 0
	for _, r := range last.Rows {
		if len(r) > 0 && r[0].Ref != "" {
			shift = refColumn(r[0].Ref) - r[0].Col
			break
		}
	}
	for i, row := range rows {
		moved := make([]Cell, len(row))
		for j, c := range row {
			c.Row, c.Col = n+i, c.Col-shift
			if c.Col < 0 {
				c.Col = 0
			}
			moved[j] = c
		}
		last.Rows = append(last.Rows, moved)
	}
	s.text(notes)
}

func refColumn(ref string) int {
	col := 0
	for _, r := range ref {
		if r < 'A' || r > 'Z' {
			break
		}
		col = col*26 + int(r-'A') + 1
	}
	return col - 1
}

var noteStart = pattern.New(`^\(?\*?\s*(?:ghi chu|nguon|chu thich|luu y|giai thich|nguoi lap|thu truong|giam doc|kt\.|ngay\b)`)

// cutNotes parts the lines under a table from it.
func cutNotes(rows [][]Cell) (table, notes [][]Cell) {
	n := len(rows)
	for n > 1 {
		row := rows[n-1]
		folded := vietnamese.Fold(row[0].Text)
		if bodyRowOf(row) || len(row) > 3 || !noteStart.MatchString(folded) && !strings.HasPrefix(folded, "*") {
			break
		}
		n--
	}
	return rows[:n], rows[n:]
}

// table adds the table of these rows.
func (s *sheetSplit) table(rows [][]Cell) {
	rows, notes := cutNotes(rows)
	row0, col0 := originOf(rows)
	t := &Table{Sheet: s.sheet.Sheet, Hidden: s.sheet.Hidden, Method: s.sheet.Method, Engine: s.sheet.Engine}
	lastRow := rows[len(rows)-1][0].Row
	present := map[[2]int]bool{}
	lastCol := 0
	for _, row := range rows {
		for _, c := range row {
			present[[2]int{c.Row, c.Col}] = true
			lastCol = max(lastCol, c.Col)
		}
	}
	// Empty merged cells take part in the head's shape.
	blanks := map[int][]Cell{}
	for _, row := range s.all {
		for _, c := range row {
			if c.Row >= row0 && c.Row <= lastRow && c.Col >= col0 && c.Col <= lastCol && !present[[2]int{c.Row, c.Col}] {
				blanks[c.Row] = append(blanks[c.Row], c)
			}
		}
	}
	for _, row := range rows {
		row = slices.Concat(row, blanks[row[0].Row])
		slices.SortFunc(row, func(a, b Cell) int { return a.Col - b.Col })
		for i := range row {
			row[i].Row -= row0
			row[i].Col -= col0
		}
		t.Rows = append(t.Rows, row)
	}
	t.HeadRows = sheetHeadRows(t.Rows)
	for _, line := range s.above {
		if unit, ok := unitLine(line); ok && t.Unit == "" {
			t.Unit = unit
			continue
		}
		if unit, ok := unitWithin(line); ok && t.Unit == "" {
			t.Unit = unit
		}
		if t.Title != "" {
			t.Title += "; "
		}
		t.Title += line
	}
	s.above = nil
	for _, row := range t.Rows {
		for _, c := range row {
			if c.Comment != "" {
				t.Notes = append(t.Notes, c.Ref+": "+c.Comment)
			}
		}
	}
	s.drafts = append(s.drafts, draft{Block: Block{Kind: TableBlock, Table: t}})
	s.last = t
	s.text(notes)
}

// text adds lines that are no table: read column by column where they stand in columns.
func (s *sheetSplit) text(rows [][]Cell) {
	if len(rows) == 0 {
		return
	}
	if letter := lettersides(rows); letter {
		for sd := left; sd <= right; sd++ {
			for _, row := range rows {
				for i, c := range row {
					if (i == 0 && c.Col <= rows[0][0].Col+1) == (sd == left) {
						for _, line := range cellLines(c) {
							s.drafts = append(s.drafts, draft{Block: Block{Text: line, Bold: c.Bold}, side: sd})
						}
					}
				}
			}
		}
		return
	}
	var cells []Cell
	wide := 0
	for _, row := range rows {
		cells = append(cells, row...)
		if len(row) > 1 {
			wide++
		}
	}
	if wide > 1 {
		slices.SortStableFunc(cells, func(a, b Cell) int { return a.Col - b.Col })
	}
	for _, c := range cells {
		if c.Text == "" {
			continue
		}
		for _, line := range cellLines(c) {
			s.drafts = append(s.drafts, draft{Block: Block{Text: line, Bold: c.Bold}, centred: c.Colspan > 1})
			s.above = append(s.above, line)
		}
	}
}

// cellLines are the lines of a cell around the tables, each of its own.
func cellLines(c Cell) (lines []string) {
	for line := range strings.SplitSeq(c.lines, "\n") {
		if line = oneLine(line); line != "" {
			lines = append(lines, line)
		}
	}
	if lines == nil {
		lines = []string{c.Text}
	}
	return lines
}
