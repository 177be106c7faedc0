package document

import (
	"fmt"
	"strconv"
	"strings"
)

// table reads a table: a letter's head or foot set in two columns, or figures.
func (w *docxFlow) table(tbl *element) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	t := &Table{Method: "markup", Engine: EngineDOCX}
	nodes := map[[2]int]*element{}
	open := map[int][2]int{} // by column: the cell that vertical merging goes on with
	head, headOnly := 0, true
	trs := descend(tbl, "tr")
	for _, tr := range trs {
		if tr.kid("trPr", "del").XMLName.Local != "" {
			continue // a row deleted under tracking
		}
		r := len(t.Rows)
		t.Rows = append(t.Rows, nil)
		_, repeats := tr.kid("trPr").on("tblHeader")
		if headOnly = headOnly && repeats; headOnly {
			head = r + 1
		}
		col, _ := strconv.Atoi(tr.val("trPr", "gridBefore"))
		col = max(0, min(col, maxSpan))
		for _, tc := range descend(tr, "tc") {
			if w.cells++; w.cells > maxMarkupCells {
				return fmt.Errorf("%w: more than %d cells", ErrTooLarge, maxMarkupCells)
			}
			span := 1
			if n, err := strconv.Atoi(tc.val("tcPr", "gridSpan")); err == nil {
				span = max(1, min(n, maxSpan))
			}
			merge := tc.kid("tcPr", "vMerge")
			if at, ok := open[col]; merge.XMLName.Local != "" && merge.attr("val") != "restart" && ok {
				if c := cellAt(t.Rows[at[0]], at[1]); c != nil {
					c.Rowspan = r - at[0] + 1
				}
				col += span
				continue
			}
			delete(open, col)
			if merge.XMLName.Local != "" {
				open[col] = [2]int{r, col}
			}
			in := docxFlow{ctx: w.ctx, styles: w.styles, usual: w.usual, lists: w.lists, counts: w.counts, notes: w.notes, lines: true}
			if err := in.flow(tc.Kids); err != nil {
				return err
			}
			w.cells += in.cells
			t.Rows[r] = append(t.Rows[r], cellOfDrafts(in.drafts, r, col, span))
			nodes[[2]int{r, col}] = tc
			col += span
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	if len(t.Rows) <= 8 && lettersides(t.Rows) {
		return w.sides(t, nodes)
	}
	if len(t.Rows) == 1 && len(t.Rows[0]) == 1 {
		return w.flow(nodes[[2]int{0, t.Rows[0][0].Col}].Kids)
	}
	if head < len(t.Rows) {
		t.HeadRows = head
	}
	t.HeadRows = withNumbering(t.Rows, t.HeadRows)
	if t.HeadRows == 0 {
		t.HeadRows = headRows(t.Rows)
	}
	w.drafts = append(w.drafts, draft{Block: Block{Kind: TableBlock, Table: t}})
	return nil
}

// cellOfDrafts makes a cell of the drafts it holds.
func cellOfDrafts(drafts []draft, r, col, span int) Cell {
	c := Cell{Row: r, Col: col, Rowspan: 1, Colspan: span}
	var texts []string
	c.Bold = len(drafts) > 0
	for _, d := range drafts {
		if d.Table != nil {
			for _, row := range d.Table.Rows {
				for _, in := range row {
					texts = append(texts, in.Text)
				}
			}
			continue
		}
		if d.Marker != "" && !strings.ContainsAny(d.Marker, "•◦▪▫") {
			texts = append(texts, d.Marker)
		}
		texts = append(texts, d.Text)
		c.Bold = c.Bold && d.Bold
	}
	c.Text = oneLine(strings.Join(texts, " "))
	return c
}

func (w *docxFlow) sides(t *Table, nodes map[[2]int]*element) error {
	for s := left; s <= right; s++ {
		for _, row := range t.Rows {
			for i, c := range row {
				if (i == 0 && c.Col == 0 && len(row) > 1) != (s == left) {
					continue
				}
				w.side, w.lines = s, true
				err := w.flow(nodes[[2]int{c.Row, c.Col}].Kids)
				w.side, w.lines = whole, false
				if err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// descend finds the elements of a name below e, through content controls but not into tables below.
func descend(e *element, name string) []*element {
	var found []*element
	for i := range e.Kids {
		k := &e.Kids[i]
		switch k.XMLName.Local {
		case name:
			found = append(found, k)
		case "sdt", "sdtContent", "ins", "customXml":
			found = append(found, descend(k, name)...)
		}
	}
	return found
}

func cellAt(row []Cell, col int) *Cell {
	for i := range row {
		if row[i].Col == col {
			return &row[i]
		}
	}
	return nil
}
