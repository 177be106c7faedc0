package document

import (
	"strings"

	"soket/extract/pattern"
)

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
