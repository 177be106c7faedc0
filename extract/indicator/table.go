package indicator

import (
	"strings"

	"soket/extract/document"
	"soket/extract/vietnamese"
)

// TableContext is what a table does not say itself.
type TableContext struct {
	Period  vietnamese.Period // of the report
	Section string            // headings over the table, outermost first
	Plan    bool              // the section tells of plans
}

// TableFacts reads the figures of one table as facts, in the order of its rows, with the reason for
// every figure that is none. A hidden or superseded sheet gives none.
func TableFacts(t *document.Table, c TableContext) ([]Fact, []Skip) {
	r := tableReader{table: t, context: c}
	r.layOut()
	if len(r.rows) == 0 {
		return nil, nil
	}
	if t.Hidden {
		return nil, r.skipAll("the sheet is hidden")
	}
	if markedOld(t.Title) || markedOld(t.Sheet) {
		return nil, r.skipAll("the table is marked as superseded")
	}
	r.base = c.Period
	if own, ok := titlePeriod(t.Title, c.Period); ok && !(c.Period.Span() && own == wholeYearOf(c.Period) && strings.Contains(vietnamese.Fold(t.Title), "giai doan")) {
		r.base = own
	} else if own, ok := titlePeriod(t.Sheet, c.Period); ok && len(own) >= 4 {
		r.base = own
	}
	// "Quý I" on the sheet's name narrows "năm 2020" of its title.
	if part, ok := titlePeriod(t.Sheet, r.base); ok && wholeYear(r.base) && part.Part() != "" && part.Year() == r.base.Year() {
		r.base = part
	}
	r.planned = c.Plan || planTitle(t.Title)
	if planTitle(t.Title) {
		r.planTime, _ = titlePeriod(t.Title, c.Period)
	} else if p, _ := titlePeriod(t.Title, c.Period); p.Part() != "" && opensPlan.MatchString(measureText(t.Title)) {
		r.planTime = p
	} else if c.Plan {
		r.planTime, _ = titlePeriod(c.Section, c.Period)
	}
	r.unit = unitInTable(t)
	r.readColumns()
	r.readRows()
	if r.across = r.transposed(); r.across {
		r.acrossFacts()
	} else {
		r.downFacts()
	}
	return r.facts, r.skips
}

// tableReader reads one table.
type tableReader struct {
	table   *document.Table
	context TableContext
	base    vietnamese.Period
	planned bool
	// planTime is the time that the caption or the headings plan, where they say it.
	planTime vietnamese.Period
	unit     tableUnit

	head    int
	rows    [][]*document.Cell // the grid; a merged cell stands in each of its places
	cols    []tableColumn
	labels  []tableRow
	labelAt int

	across bool // columns name the indicators

	facts []Fact
	skips []Skip
}

// maxTableGrid bounds the grid that is laid out for one table, in places; a register beyond it is
// not read for facts.
const maxTableGrid = 2_000_000

func (r *tableReader) layOut() {
	width, height := 0, 0
	for _, row := range r.table.Rows {
		for i := range row {
			width = max(width, row[i].Col+max(1, row[i].Colspan))
			height = max(height, row[i].Row+max(1, row[i].Rowspan))
		}
	}
	height = min(height, len(r.table.Rows)+1000)
	if width == 0 || width*height > maxTableGrid {
		return
	}
	r.rows = make([][]*document.Cell, height)
	for i := range r.rows {
		r.rows[i] = make([]*document.Cell, width)
	}
	for _, row := range r.table.Rows {
		for i := range row {
			c := &row[i]
			for y := c.Row; y < min(height, c.Row+max(1, c.Rowspan)); y++ {
				for x := c.Col; x < min(width, c.Col+max(1, c.Colspan)); x++ {
					if r.rows[y][x] == nil {
						r.rows[y][x] = c
					}
				}
			}
		}
	}
	r.head = min(r.table.HeadRows, height)
	r.cols = make([]tableColumn, width)
	r.spreadHeads()
}

// spreadHeads lets a head that looks merged stand over the columns it means: those to its right that
// are empty beside it, where the row below has a head for each of them and for its own column.
func (r *tableReader) spreadHeads() {
	filled := func(y, x int) bool { return r.rows[y][x] != nil && r.rows[y][x].Text != "" }
	for y := 0; y+1 < r.head; y++ {
		if r.numberingRow(y + 1) {
			continue
		}
		for x := 1; x < len(r.cols); x++ {
			left := r.rows[y][x-1]
			if filled(y, x) || left == nil || left.Text == "" || left.Rowspan > 1 || left.Colspan > 1 {
				continue
			}
			free := true // nothing above says more
			for up := range y {
				free = free && (!filled(up, x) || r.rows[up][x] == r.rows[up][x-1])
			}
			if below := r.rows[y+1][left.Col]; free && filled(y+1, x) && below != nil && below.Text != "" && below != r.rows[y+1][x] && below.Row == y+1 {
				r.rows[y][x] = left
			}
		}
	}
}

func (r *tableReader) skipAll(why string) []Skip {
	var skips []Skip
	for _, row := range r.table.Rows {
		for i := range row {
			if _, _, not := cellValue(&row[i], false); not == "" {
				skips = append(skips, skipOf(&row[i], why))
			}
		}
	}
	return skips
}

func skipOf(c *document.Cell, why string) Skip {
	return Skip{Text: c.Text, Page: c.Page, Ref: c.Ref, Why: why}
}

func (r *tableReader) skip(c *document.Cell, why string) {
	r.skips = append(r.skips, skipOf(c, why))
}
