package web

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"soket/analytics"
	"soket/extract"
)

// grid is a sheet as it stands in the workbook: its columns by letters, its rows by number.
type grid struct {
	Sheet, Title, Unit string
	Cols               []string
	Rows               []gridRow
	Left               int // rows that are not shown
}

type gridRow struct {
	No    int
	Cells []gridCell
}

type gridCell struct {
	Text             string
	Rowspan, Colspan int
	Fact             string // number of the figure in it; empty: none
	Doubt            bool
	Number, Bold     bool
}

// gridMost is how many rows of a sheet are shown beside its figures; rows with figures always are.
const gridMost = 400

// gridsOf puts the tables of each sheet back to where they stand in it. Hidden cells are left out.
func gridsOf(tables []analytics.Table, facts []analytics.Fact, unsure func(analytics.Fact) bool) []grid {
	at := map[string]analytics.Fact{}
	for _, f := range facts {
		if f.Cell != "" {
			at[f.Sheet+"!"+f.Cell] = f
		}
	}
	var order []string
	rows := map[string]map[int][]extract.Cell{}
	list := map[string]*grid{}
	for _, t := range tables {
		if t.Sheet == "" {
			continue
		}
		g := list[t.Sheet]
		if g == nil {
			g = &grid{Sheet: t.Sheet, Title: t.Title, Unit: t.Unit}
			list[t.Sheet], rows[t.Sheet] = g, map[int][]extract.Cell{}
			order = append(order, t.Sheet)
		}
		for _, row := range t.Rows {
			for _, c := range row {
				// A table counts its own rows and columns; the sheet's are in the cell's name.
				row, col, ok := placeOf(c.Ref)
				if !c.Hidden && ok {
					c.Row, c.Col = row, col
					rows[t.Sheet][row] = append(rows[t.Sheet][row], c)
				}
			}
		}
	}
	var out []grid
	for _, sheet := range order {
		list[sheet].fill(rows[sheet], at, unsure)
		if len(list[sheet].Rows) > 0 {
			out = append(out, *list[sheet])
		}
	}
	return out
}

func (g *grid) fill(rows map[int][]extract.Cell, at map[string]analytics.Fact, unsure func(analytics.Fact) bool) {
	var numbers []int
	first, last := math.MaxInt, 0
	for n, cells := range rows {
		has := false
		for _, c := range cells {
			_, fact := at[g.Sheet+"!"+c.Ref]
			has = has || fact
		}
		if n >= gridMost && !has {
			g.Left++
			continue
		}
		numbers = append(numbers, n)
		for _, c := range cells {
			first, last = min(first, c.Col), max(last, c.Col+max(1, c.Colspan)-1)
		}
	}
	if len(numbers) == 0 {
		return
	}
	const widest = 60 // columns; a sheet wider than that is read in its own program
	last = min(last, first+widest)
	slices.Sort(numbers)
	for col := first; col <= last; col++ {
		g.Cols = append(g.Cols, letters(col))
	}
	covered := map[[2]int]bool{}
	for i, n := range numbers {
		row := gridRow{No: n + 1}
		cells := map[int]extract.Cell{}
		for _, c := range rows[n] {
			cells[c.Col] = c
		}
		for col := first; col <= last; col++ {
			if covered[[2]int{n, col}] {
				continue
			}
			c, ok := cells[col]
			if !ok {
				row.Cells = append(row.Cells, gridCell{Rowspan: 1, Colspan: 1})
				continue
			}
			x := gridCell{Text: c.Text, Colspan: max(1, min(c.Colspan, last-col+1)), Rowspan: 1, Number: c.Number != nil, Bold: c.Bold}
			for k := i + 1; k < len(numbers) && numbers[k] < n+c.Rowspan; k++ {
				x.Rowspan++
			}
			for k := range x.Rowspan {
				for d := range x.Colspan {
					covered[[2]int{numbers[i+k], col + d}] = true
				}
			}
			if f, ok := at[g.Sheet+"!"+c.Ref]; ok && c.Ref != "" {
				x.Fact, x.Doubt = fmt.Sprint(f.No), unsure(f)
			}
			row.Cells = append(row.Cells, x)
		}
		g.Rows = append(g.Rows, row)
	}
}

// placeOf gives the row and the column, from 0, of a cell's name.
func placeOf(ref string) (row, col int, ok bool) {
	i := strings.IndexAny(ref, "0123456789")
	if i < 1 {
		return 0, 0, false
	}
	for _, c := range ref[:i] {
		if c < 'A' || c > 'Z' || col > 1<<15 {
			return 0, 0, false
		}
		col = 26*col + int(c-'A') + 1
	}
	n, err := strconv.Atoi(ref[i:])
	return n - 1, col - 1, err == nil && n > 0
}

// letters names a column, from 0, as spreadsheets do.
func letters(col int) string {
	name := ""
	for c := col + 1; c > 0; c = (c - 1) / 26 {
		name = string(rune('A'+(c-1)%26)) + name
	}
	return name
}
