package indicator

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"soket/extract/pattern"
	"soket/extract/vietnamese"
)

// around is what stands about a row, nearest first: the area cell, the rows it is under, the caption.
func (r *tableReader) around(row *tableRow) []string {
	var out []string
	for _, p := range row.parents {
		out = append(out, r.labels[p].label)
		if a := r.labels[p].area; a != "" && a != row.area {
			out = append(out, a)
		}
	}
	return append(out, r.table.Title, r.context.Section)
}

func (r *tableReader) nameRow(i int) {
	row := &r.labels[i]
	if row.values == 0 || row.label == "" {
		return
	}
	unit := row.unit
	if !unit.known {
		unit = r.unit
	}
	n := naming{own: row.label, unit: unit.plain, around: r.around(row), area: row.area}.read()
	kinds := []unitKind{unit.kind}
	if !row.unit.known {
		kinds = []unitKind{countUnit, moneyUnit, percentUnit}
		if r.unit.known {
			kinds = []unitKind{r.unit.kind}
			if slices.ContainsFunc(r.cols, func(c tableColumn) bool { return c.role == unitRole }) || r.unit.kind != moneyUnit {
				kinds = append(kinds, countUnit) // the sheet's unit is that of its rows without one
			}
		}
		for x := range r.cols {
			if u := r.cols[x].unit; r.cols[x].role == valueRole && u.known && u.kind == moneyUnit && r.cols[x].measure.kind != Comparison {
				kinds = []unitKind{moneyUnit}
			}
		}
	}
	for _, k := range kinds {
		if k == moneyUnit && !unit.known && len(kinds) == 3 && !moneyWords.MatchString(vietnamese.Fold(row.label)) {
			continue // the figures' own unit may say money, but the label does not
		}
		code, weight := n.match(k)
		if weight > row.weight && (!r.child(row) || named(code, row.label)) {
			row.code, row.weight = code, weight
		}
		if row.code != "" && row.unit.known {
			break
		}
	}
	if row.code == "" && kinds[0] == moneyUnit && slices.ContainsFunc(r.cols, func(c tableColumn) bool {
		return c.role == valueRole && c.measure.known && c.unit.known && c.unit.kind == countUnit
	}) {
		row.code, row.weight = n.match(countUnit) // other columns count
	}
}

// moneyWords are what a label of money says where no unit does, folded.
var moneyWords = pattern.New(`\b(?:kinh phi|tien|von|ngan sach|nsnn|chi|gia tri|tri gia|du toan|giai ngan|phat|dong|tai tro)\b`)

// child tells whether a row stands under one with figures: its unit is then often only its parent's.
func (r *tableReader) child(row *tableRow) bool {
	for _, p := range row.parents {
		if r.labels[p].values > 0 {
			return true
		}
	}
	return false
}

// transposed says whether the columns name the indicators, and the rows periods or places.
func (r *tableReader) transposed() bool {
	codes := map[string]bool{} // one code over several columns is a word of plan or result
	money := false             // rows name budgets: "Dự toán giao", "Giải ngân" over them say what was done with each
	for i := range r.labels {
		code := r.labels[i].code
		money = money || kindOfCode(code) == moneyUnit && (strings.HasPrefix(code, "finance.") || strings.HasPrefix(code, "task."))
	}
	for x := range r.cols {
		col := &r.cols[x]
		if col.role != valueRole {
			continue
		}
		r.nameColumn(col, r.headBefore(x))
		if col.code != "" && !(money && strings.HasPrefix(col.code, "finance.")) {
			codes[col.code] = true
		}
	}
	across := len(codes)
	down, measured, rows, total := 0, 0, 0, false
	for i := range r.labels {
		if r.labels[i].code != "" {
			down++
		}
		if r.labels[i].values > 0 {
			rows++
			total = total || headTotal.MatchString(vietnamese.Fold(r.labels[i].label))
		}
		if m := readMeasure(r.labels[i].label, r.base); r.labels[i].values > 0 && m.known {
			measured++
		}
	}
	// Of cases with their sum few are named like an indicator: classes on radiation among others.
	return across > 0 && (across > down || down == 0 || measured > down || total && 4*down <= rows)
}

// countedHead is a head that says what is counted, of what the head above names: "Số vụ" under "Vi phạm".
var countedHead = pattern.New(`^(?:so|tong so|sl|so luong|kinh phi|tri gia|gia tri|ty le)\b`)

// nameColumn finds the indicator that a column's heads name.
func (r *tableReader) nameColumn(col *tableColumn, before string) {
	for i := len(col.path) - 1; i >= 0; i-- {
		head := col.path[i]
		unit := col.unit
		if !unit.known {
			unit = r.unit
		}
		var around []string
		for k := i - 1; k >= 0; k-- {
			around = append(around, col.path[k])
		}
		if r.labelAt >= 0 { // "Tên nhiệm vụ" over the rows says what "Kinh phí" is for
			around = append(around, r.cols[r.labelAt].heads())
		}
		if before != "" && amountHead.MatchString(plainLabel(bracketed.ReplaceAllString(head, ""))) {
			around = append(around, before)
		}
		around = append(around, r.table.Title, r.context.Section)
		kinds := []unitKind{unit.kind}
		switch {
		case !unit.known:
			kinds = []unitKind{countUnit, percentUnit}
		case !col.unit.known && unit.kind == moneyUnit: // the sheet's unit is not that of shares
			kinds = []unitKind{moneyUnit, percentUnit}
			if numberHead.MatchString(plainLabel(head)) { // nor that of what is counted
				kinds = []unitKind{countUnit, moneyUnit, percentUnit}
			}
		}
		if m := col.measure; i+1 < len(col.path) && m.kind == Comparison && !m.plus { // "TH/KH (%)" under what it is a share of
			kinds = []unitKind{countUnit, moneyUnit}
			if u := unitInLabel(head); u.known {
				kinds = []unitKind{u.kind}
			}
		} else if m.kind == Comparison && !m.plus && !m.vague {
			kinds = []unitKind{percentUnit, countUnit, moneyUnit} // "Cơ sở được kiểm tra TH/KH (%)"
		}
		if strings.HasPrefix(vietnamese.Fold(head), "ty le") || strings.HasPrefix(vietnamese.Fold(head), "ti le") {
			kinds = []unitKind{percentUnit}
		}
		owns := []string{bracketed.ReplaceAllString(head, " ")}
		if i > 0 && countedHead.MatchString(vietnamese.Fold(head)) {
			owns = append(owns, bracketed.ReplaceAllString(head+" "+col.path[i-1], " "))
		}
		if i > 0 && continues(head) && thingHead.MatchString(vietnamese.Fold(col.path[i-1])) {
			owns = append([]string{bracketed.ReplaceAllString(col.path[i-1]+" "+head, " ")}, owns...)
		}
		for _, own := range owns {
			n := naming{own: own, unit: unit.plain, around: around}.read()
			for _, k := range kinds {
				if code, _ := n.match(k); code != "" {
					col.code, col.kind, col.named = code, k, head
					return
				}
			}
		}
		// A head that names nothing under one that does is a part of it, unless it tells of a time or a total.
		if m := readMeasure(head, r.base); i > 0 && !m.known && !plainHead.MatchString(plainLabel(bracketed.ReplaceAllString(head, ""))) && !countedHead.MatchString(vietnamese.Fold(head)) {
			return
		}
	}
}

// thingHead is a head that says what is counted, of which those under it tell what happened: "Số cơ sở" over
// "vi phạm".
var thingHead = pattern.New(`^(?:tong so|so) \S+`)

// continues tells whether a head goes on with the words of the one above it.
func continues(head string) bool {
	first, _ := utf8.DecodeRuneInString(head)
	return unicode.IsLower(first) || goesOn.MatchString(vietnamese.Fold(head))
}

var goesOn = pattern.New(`^(?:duoc|bi|da|dang) `)

// numberHead is a head that says that it counts.
var numberHead = pattern.New(`^(?:so|tong so|so luong|sl)\b`)

// amountHead is a head that says no more than that it holds money; what for, the column before it says.
var amountHead = pattern.New(`^(?:tong )?(?:so )?(?:tien|gia tri|thanh tien|kinh phi)$`)

// headBefore is the lowest head of the column of figures before one.
func (r *tableReader) headBefore(x int) string {
	if x == 0 || r.cols[x-1].role != valueRole || len(r.cols[x-1].path) == 0 {
		return ""
	}
	return r.cols[x-1].path[len(r.cols[x-1].path)-1]
}

// crossed is the indicator that a row's label and a column's head name only together: "Nhãn hiệu"
// beside "Đơn nộp" are trademark applications. Both must add words of their own; "" for a mere part.
func (r *tableReader) crossed(row *tableRow, col *tableColumn) string {
	if col.named == "" || row.label == "" {
		return ""
	}
	code, _ := naming{own: row.label + " " + bracketed.ReplaceAllString(col.named, " ")}.match(col.kind)
	if code == "" || !sameArea(code, col.code) || !named(code, row.label) || !named(code, col.named) {
		return ""
	}
	if code == col.code { // unless it is the caption that gave the column its name
		if alone, _ := (naming{own: bracketed.ReplaceAllString(col.named, " ")}).match(col.kind); alone == code {
			return ""
		}
	}
	return code
}

// crossedTotal is the indicator of a row's label for the column that sums up those which name parts of it
// together with the label: "Tổng cộng" beside "Nhãn hiệu" and "Kiểu dáng" in the row "Đơn đăng ký".
func (r *tableReader) crossedTotal(row *tableRow, col *tableColumn) string {
	if !col.measure.total || col.code != "" || row.code == "" {
		return ""
	}
	for x := range r.cols {
		if code := r.crossed(row, &r.cols[x]); code != "" && sameArea(code, row.code) && kindOfCode(code) == kindOfCode(row.code) {
			return row.code
		}
	}
	return ""
}

// crossedPart is the indicator that a column of a breakdown and a row's label name only together: "Cấp cơ sở"
// under "Chia ra" in the row "Nhiệm vụ đang triển khai"; "" for a mere part. What stands beside the total is
// of its time and kind.
func (r *tableReader) crossedPart(row *tableRow, col *tableColumn) (string, measure) {
	if !col.part || row.code == "" || kindOfCode(row.code) != countUnit || len(col.path) == 0 {
		return "", measure{}
	}
	head := bracketed.ReplaceAllString(col.path[len(col.path)-1], " ")
	code, _ := naming{own: row.label + " " + head}.match(countUnit)
	if code == "" || code == row.code || !sameArea(code, row.code) || !named(code, head) {
		return "", measure{}
	}
	if catalogue, err := Load(); err == nil { // what is new this year is no part of what there is
		part, _ := catalogue.Get(code)
		whole, _ := catalogue.Get(row.code)
		if part.Measure != whole.Measure {
			return "", measure{}
		}
	}
	for x := range r.cols {
		if m := r.cols[x].measure; r.cols[x].role == valueRole && m.total && !r.cols[x].part {
			return code, m
		}
	}
	return "", measure{}
}

func sameArea(a, b string) bool {
	area, _, _ := strings.Cut(a, ".")
	return strings.HasPrefix(b, area+".")
}
