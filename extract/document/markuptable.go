package document

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"soket/extract/vietnamese"
)

// markupGrid is a table of markup before it is known whether it holds figures or only sets text in columns.
type markupGrid struct {
	table Table
	nodes map[[2]int]*html.Node // the element of each cell
	cells int
	head  int // rows in a thead, or of th alone
	cover []int
}

// place finds the first free column of the row that is being filled; cover counts for each column
// the rows that a cell from above still covers.
func (g *markupGrid) place(col int) int {
	for col < len(g.cover) && g.cover[col] > 0 {
		col++
	}
	return col
}

func (g *markupGrid) put(c Cell) {
	for len(g.cover) < c.Col+c.Colspan {
		g.cover = append(g.cover, 0)
	}
	for k := range c.Colspan {
		g.cover[c.Col+k] = c.Rowspan
	}
	r := len(g.table.Rows) - 1
	g.table.Rows[r] = append(g.table.Rows[r], c)
	g.cells++
}

func (g *markupGrid) newRow() {
	for i := range g.cover {
		g.cover[i] = max(0, g.cover[i]-1)
	}
	g.table.Rows = append(g.table.Rows, nil)
}

// table reads a table element: a letter's head or foot set in two columns, text set in columns, or
// figures.
func (m *markup) table(n *html.Node, l look) error {
	if err := m.ctx.Err(); err != nil {
		return err
	}
	g, err := m.grid(n, l)
	if err != nil {
		return err
	}
	switch {
	case len(g.table.Rows) == 0:
		return nil
	case m.columns(g):
		return m.sides(g, l)
	case m.container(n, g):
		for _, row := range g.table.Rows {
			for _, c := range row {
				if err := m.walk(g.nodes[[2]int{c.Row, c.Col}], styled(g.nodes[[2]int{c.Row, c.Col}], l)); err != nil {
					return err
				}
				m.flush(l)
			}
		}
		return nil
	}
	t := g.table
	t.Method, t.Engine, t.HeadRows = "markup", EngineHTML, g.head
	if m.sheet {
		m.drafts = append(m.drafts, sheetDrafts(&t)...)
		return nil
	}
	t.HeadRows = withNumbering(t.Rows, t.HeadRows)
	if t.HeadRows == 0 {
		t.HeadRows = headRows(t.Rows)
	}
	m.drafts = append(m.drafts, draft{Block: Block{Kind: TableBlock, Table: &t}})
	return nil
}

// grid lays the cells of a table out, spans resolved.
func (m *markup) grid(table *html.Node, l look) (*markupGrid, error) {
	g := &markupGrid{nodes: map[[2]int]*html.Node{}}
	headOnly := true
	var rows func(n *html.Node, inHead bool) error
	rows = func(n *html.Node, inHead bool) error {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Type != html.ElementNode || hidden(c) {
				continue
			}
			switch c.DataAtom {
			case atom.Thead:
				if err := rows(c, true); err != nil {
					return err
				}
			case atom.Tbody, atom.Tfoot:
				if err := rows(c, false); err != nil {
					return err
				}
			case atom.Caption:
				g.table.Title = oneLine(nodeText(c))
			case atom.Tr:
				if err := m.row(g, c, l); err != nil {
					return err
				}
				last := len(g.table.Rows) - 1
				all := len(g.table.Rows[last]) > 0
				for _, cell := range g.table.Rows[last] {
					all = all && g.nodes[[2]int{cell.Row, cell.Col}].DataAtom == atom.Th
				}
				headOnly = headOnly && (inHead || all)
				if headOnly {
					g.head = last + 1
				}
			}
		}
		return nil
	}
	if err := rows(table, false); err != nil {
		return nil, err
	}
	if g.head == len(g.table.Rows) {
		g.head = 0
	}
	// Rows below the end that a rowspan reaches do not exist.
	for r, row := range g.table.Rows {
		for i := range row {
			row[i].Rowspan = min(row[i].Rowspan, len(g.table.Rows)-r)
		}
	}
	return g, nil
}

func (m *markup) row(g *markupGrid, tr *html.Node, l look) error {
	g.newRow()
	col := 0
	for c := tr.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode || c.DataAtom != atom.Td && c.DataAtom != atom.Th || hidden(c) {
			continue
		}
		if g.cells++; g.cells > maxMarkupCells {
			return fmt.Errorf("%w: more than %d cells in a table", ErrTooLarge, maxMarkupCells)
		}
		col = g.place(col)
		span := func(key string) int {
			n, err := strconv.Atoi(strings.TrimSpace(attr(c, key)))
			if err != nil || n < 1 {
				return 1
			}
			return min(n, maxSpan)
		}
		in := markup{ctx: m.ctx, encoding: m.encoding}
		look := styled(c, l)
		if err := in.cell(c, look); err != nil {
			return err
		}
		raw := in.text.String()
		cell := Cell{Text: oneLine(raw), Row: len(g.table.Rows) - 1, Col: col, Rowspan: span("rowspan"), Colspan: span("colspan")}
		cell.Bold = in.bold > 0 && in.plain == 0
		cell.Indent = leadingIndent(strings.TrimLeft(raw, " \n")) // source indentation is none of the text's
		if m.sheet {
			cell.Ref = cellRef(cell.Row, cell.Col)
		}
		g.nodes[[2]int{cell.Row, col}] = c
		g.put(cell)
		col += cell.Colspan
	}
	return nil
}

// cell gathers the text of a cell, blocks in it parted by a line break.
func (m *markup) cell(n *html.Node, l look) error {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			m.write(c.Data, l)
		case c.Type == html.ElementNode && !hidden(c):
			switch c.DataAtom {
			case atom.Br, atom.P, atom.Div, atom.Li, atom.Tr:
				if m.text.Len() > 0 {
					m.text.WriteByte('\n')
				}
			case atom.Td, atom.Th:
				m.text.WriteByte(' ')
			case atom.Script, atom.Style:
				continue
			case atom.Sup:
				m.write(vietnamese.Superscript(nodeText(c)), l)
				continue
			}
			if err := m.cell(c, styled(c, l)); err != nil {
				return err
			}
		}
	}
	return nil
}

// leadingIndent reads the indent of a label typed with spaces: about three to a level.
func leadingIndent(raw string) int {
	n := 0
	for _, r := range strings.TrimLeft(raw, "\n\r") {
		switch r {
		case ' ', '\u00A0':
			n++
		case '\t':
			n += 4
		default:
			return (n + 1) / 3
		}
	}
	return 0
}

// columns says whether a table only sets the two sides of an official letter's head or foot.
func (m *markup) columns(g *markupGrid) bool {
	if len(g.table.Rows) > 8 || g.head > 0 {
		return false
	}
	return lettersides(g.table.Rows)
}

// lettersides knows the head and the foot of a letter by what stands in their columns.
func lettersides(rows [][]Cell) bool {
	used := map[int]bool{}
	var all strings.Builder
	for _, row := range rows {
		for _, c := range row {
			if c.Text != "" {
				used[c.Col] = true
				all.WriteString(vietnamese.Fold(c.Text) + "\n")
			}
		}
	}
	if len(used) == 0 || len(used) > 3 {
		return false
	}
	text := all.String()
	if strings.Contains(text, "cong hoa xa hoi chu nghia") || strings.Contains(text, "doc lap - tu do") || strings.Contains(text, "noi nhan") {
		return true
	}
	if len(used) < 2 {
		return false
	}
	for line := range strings.SplitSeq(text, "\n") {
		if hasAnyPrefix(line, signers...) && len(rows) <= 3 {
			return true
		}
	}
	return false
}

// sides makes drafts of the two columns, line by line, the left one first.
func (m *markup) sides(g *markupGrid, l look) error {
	for s := left; s <= right; s++ {
		for _, row := range g.table.Rows {
			for i, c := range row {
				if at := left; (i == 0 && c.Col == 0 && len(row) > 1) == (s == at) {
					n := g.nodes[[2]int{c.Row, c.Col}]
					m.side, m.lines = s, true
					err := m.walk(n, styled(n, l))
					m.flush(styled(n, l))
					m.side, m.lines = whole, false
					if err != nil {
						return err
					}
				}
			}
		}
	}
	return nil
}

// container says whether a table only lays text out: one cell, or tables inside its cells.
func (m *markup) container(n *html.Node, g *markupGrid) bool {
	if len(g.table.Rows) == 1 && len(g.table.Rows[0]) == 1 {
		return true
	}
	for c := range n.Descendants() {
		if c.DataAtom == atom.Table && len(g.table.Rows) <= 20 {
			return true
		}
	}
	return false
}
