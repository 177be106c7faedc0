package document

import "strconv"

// sheetDrafts is replaced in the next commit
func sheetDrafts(t *Table) ([]draft, []Warning) {
	t.HeadRows = headRows(t.Rows)
	return []draft{{Block: Block{Kind: TableBlock, Table: t}}}, nil
}

// cellRef names a cell as spreadsheets do: row and column from 0.
func cellRef(row, col int) string {
	name := ""
	for c := col + 1; c > 0; c = (c - 1) / 26 {
		name = string(rune('A'+(c-1)%26)) + name
	}
	return name + strconv.Itoa(row+1)
}
