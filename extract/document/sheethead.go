package document

import (
	"slices"
	"strings"
	"unicode/utf8"

	"soket/extract/pattern"
	"soket/extract/vietnamese"
)

// bodyRowOf says whether a row of a sheet holds figures beside a label.
func bodyRowOf(row []Cell) bool {
	if numberingRow(row) || headLike(row) {
		return false
	}
	label, figures := false, 0
	for i, c := range row {
		switch {
		case c.Number != nil && !(i == 0 && len(row) > 1 && *c.Number < 1000):
			figures++
		case c.Number == nil && c.Date == "" && (valueLike(c.Text) || counted(c.Text)) && i > 0:
			figures++
		case letterCount(c.Text) > 0:
			label = true
		}
	}
	return figures > 0 && (label || figures > 1 || len(row) > 1)
}

// countedThing is a figure typed with what it counts, "05 nhiệm vụ", "9,75 triệu đồng", folded.
var countedThing = pattern.New(`^(?:(?:khoang|hon|tren|gan|uoc) )?\d[\d.,]*\s+([a-z]+)(?:[ ,]+[a-z]+){0,3}$`)

// counted says whether a cell holds a figure with its noun; a time ("6 tháng đầu năm") is none.
func counted(text string) bool {
	m := countedThing.FindStringSubmatch(vietnamese.Fold(text))
	return m != nil && m[1] != "thang" && m[1] != "nam" && m[1] != "quy" && m[1] != "ngay"
}

// firstBody finds the first row with figures that is part of a table, not of a title block.
func firstBody(rows [][]Cell) int {
	for i, row := range rows {
		if len(row) >= 2 && bodyRowOf(row) {
			return i
		}
		if headLike(row) && i+1 < len(rows) {
			// A table of texts, or one whose first rows are sections.
			for j := i + 1; j < len(rows); j++ {
				if bodyRowOf(rows[j]) {
					return j
				}
			}
			if len(row) >= 3 && len(rows)-i > 3 && len(rows[i+1])*2 >= len(row) && len(rows[i+2])*2 >= len(row) {
				return i + 1
			}
		}
	}
	return -1
}

// headWords begin the heads of columns in tables of every kind of office, folded.
var headWords = pattern.New(`^(?:tt|stt|so tt|s\.?tt|chi tieu|noi dung|danh muc|ten|dvt|don vi tinh|don vi|ma so|ke hoach|kh\b|chi tieu|thuc hien|th\b|uoc|ket qua|so luong|gia tri|so lieu|cung ky|so sanh|ty le|ti le|tang|ghi chu|linh vuc|nam \d{4}|thang|quy|t\d{1,2}\b|6 thang|9 thang|luy ke|tong so|tong cong|cong|ky|thoi gian|giai doan|huyen|quan|dia phuong|dia ban|so voi|dat|%|chia theo|trong do|muc|khoan|nguon|loai|dia chi|ngay (?:thang|thuc hien|cap|ky)|ngay$)`)

// headLike says whether a row reads like the head of a table: several column heads, no figures.
func headLike(row []Cell) bool {
	if len(row) < 2 {
		return false
	}
	known := 0
	for _, c := range row {
		if c.Number != nil && !(*c.Number >= 1990 && *c.Number <= 2100) || c.Number == nil && c.Date == "" && (valueLike(c.Text) || counted(c.Text)) {
			return false
		}
		if utf8.RuneCountInString(c.Text) > 80 || strings.HasSuffix(c.Text, ":") || strings.Contains(c.Text, ": ") {
			return false
		}
		if c.Date != "" || c.Number != nil || headWords.MatchString(vietnamese.Fold(c.Text)) || yearLike.MatchString(c.Text) {
			known++
		}
	}
	return known >= 2 && known*2 >= len(row)
}

// tableTop finds where the table begins that has its first figures in the row given: its head is
// the widest row above, with the rows of head tied to it.
func tableTop(rows [][]Cell, first int) int {
	widest, most := first, 0
	for i := first - 1; i >= 0 && i >= first-8; i-- {
		n := len(rows[i])
		if numberingRow(rows[i]) {
			continue
		}
		// Of two rows of texts as wide the one that reads like a head is the head.
		named := n == most && headLike(rows[i]) && !headLike(rows[widest])
		if named || n > most && (n >= 3 || headLike(rows[i]) || n >= 2 && len(rows[first]) <= 3) {
			widest, most = i, n
		}
	}
	if most == 0 {
		return first
	}
	// A row of the head above the widest one spans its columns.
	for widest > 0 {
		up := rows[widest-1]
		tied := false
		for _, c := range up {
			if c.Rowspan > 1 || len(up) > 1 && c.Colspan > 1 && !strings.Contains(c.Text, ":") {
				tied = true
			}
		}
		// Heads that are not merged: the order and the label stand in the upper row alone.
		if !tied && headLike(up) && up[0].Row == rows[widest][0].Row-1 && up[0].Col < rows[widest][0].Col {
			tied = true
		}
		// A row of texts in the same columns, such as the indicators over their units.
		if len(up) >= 3 && up[0].Row == rows[widest][0].Row-1 && sameColumns(up, rows[widest]) {
			widest--
			continue
		}
		if !tied || len(up) < 2 {
			break
		}
		widest--
	}
	return widest
}

func sameColumns(a, b []Cell) bool {
	return slices.EqualFunc(a, b, func(x, y Cell) bool { return x.Col == y.Col && x.Colspan == y.Colspan })
}

// sheetHeadRows is headRows for sheets, whose heads are often not merged.
func sheetHeadRows(rows [][]Cell) int {
	end := len(rows)
	for i, row := range rows {
		if bodyRowOf(row) {
			end = i
			break
		}
	}
	h := headRows(rows)
	if h == 0 && len(rows) > 1 && (headLike(rows[0]) || end > 0) {
		h = 1
	}
	h = min(h, max(end, 1))
	for h < end && (numberingRow(rows[h]) || headLike(rows[h]) && len(rows[h]) >= 3 || h == 1 && lowerHead(rows[0], rows[1]) || unitRow(rows[h])) {
		h++
	}
	if h == 1 && end == 0 {
		return 0
	}
	return h
}

var unitHead = pattern.New(`^(?:dvt|don vi(?: tinh)?)$`)

// unitRow says whether a row holds the units of the columns, named as such at its start.
func unitRow(row []Cell) bool {
	return len(row) > 1 && unitHead.MatchString(vietnamese.Fold(row[0].Text)) && !slices.ContainsFunc(row, func(c Cell) bool { return c.Number != nil })
}

// lowerHead says whether the second row of a table goes on with its head without being merged into it: texts
// in several columns, none under the label's, and one of them under nothing.
func lowerHead(upper, row []Cell) bool {
	filled, free := 0, 0
	for _, c := range row {
		if c.Text == "" {
			continue
		}
		if c.Col <= upper[0].Col || c.Number != nil || c.Date != "" || valueLike(c.Text) || counted(c.Text) || utf8.RuneCountInString(c.Text) > 40 {
			return false
		}
		filled++
		if !slices.ContainsFunc(upper, func(u Cell) bool { return u.Text != "" && u.Col == c.Col }) {
			free++
		}
	}
	return filled >= 2 && free > 0
}
