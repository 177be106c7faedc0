package indicator

import (
	"strconv"
	"strings"

	"soket/extract/document"
	"soket/extract/pattern"
	"soket/extract/vietnamese"
)

type tableRow struct {
	at      int
	label   string
	cell    *document.Cell
	order   string
	depth   int
	parents []int // indices of the rows above it, nearest first
	area    string
	unit    tableUnit
	period  vietnamese.Period // that the label ends in
	told    *measure          // by the section it stands in: "B. Nhiệm vụ 6 tháng cuối năm"
	code    string
	weight  int
	values  int
	hidden  bool
}

var (
	romanOrder  = pattern.New(`^(?:[IVX]{1,5}|[A-HĐ])[.)]?$`)
	numberOrder = pattern.New(`^\d{1,3}((?:\.\d{1,3})*)[.)]?$`)
	labelMark   = pattern.New(`^(?:([IVX]{1,5}|[A-HĐ])[.)/]\s+|(\d{1,2}(?:(?:\.\d{1,2})+[.)]?|[.)]))\s+|([a-zđ])[).]\s+|([-–+•*◦])\s*)`)
	amongWhich  = pattern.New(`^(?:trong do|bao gom|gom|chia ra|trong do gom)\b\s*:?\s*`)
)

// readRows reads the labels: their depth, what they belong to, their units and indicators.
func (r *tableReader) readRows() {
	type open struct{ depth, index int }
	var stack []open
	var told *measure
	toldDepth := 0
	for y := r.head; y < len(r.rows); y++ {
		if r.numberingRow(y) {
			continue
		}
		row := r.rowAt(y)
		if row.label == "" && row.values == 0 {
			continue
		}
		within := r.setDepth(&row)
		if row.values == 0 && within {
			continue // "Trong đó:" on a line of its own
		}
		for len(stack) > 0 && stack[len(stack)-1].depth >= row.depth {
			stack = stack[:len(stack)-1]
		}
		if row.values == 0 {
			if m, ok := sectionMeasure(row.label, r.base); ok {
				told, toldDepth = &m, row.depth
			} else if told != nil && row.depth < toldDepth {
				told = nil
			}
		}
		row.told = told
		for i := len(stack) - 1; i >= 0; i-- {
			row.parents = append(row.parents, stack[i].index)
		}
		if own := unitInLabel(row.label); own.known && !row.unit.known {
			row.unit = own
		}
		for i := len(stack) - 1; i >= 0 && !row.unit.known; i-- { // "III. Kinh phí (triệu đồng)"
			if up := r.labels[stack[i].index]; up.values == 0 && up.unit.kind == moneyUnit {
				row.unit = up.unit
			}
		}
		row.period = labelPeriod(row.label, r.base)
		stack = append(stack, open{row.depth, len(r.labels)})
		r.labels = append(r.labels, row)
	}
	for i := range r.labels {
		r.nameRow(i)
	}
}

// rowAt gathers what the cells of one line of the grid say, by the roles of their columns.
func (r *tableReader) rowAt(y int) tableRow {
	row := tableRow{at: y}
	for x := range r.cols {
		c := r.rows[y][x]
		if c == nil || c.Text == "" || c.Col != x && !(r.cols[x].role == areaRole || r.cols[x].role == labelRole && c.Row == y) {
			continue
		}
		switch r.cols[x].role {
		case orderRole:
			if row.order == "" && c.Row == y {
				row.order = strings.TrimSpace(c.Text)
			}
			if x < r.labelAt && c.Colspan > 1 && row.label == "" { // "Tổng cộng" over TT and label
				row.label, row.cell = c.Text, c
			}
		case labelRole:
			if c.Row == y || row.label == "" {
				row.label, row.cell = r.periodLabel(x, c), c
			}
		case areaRole:
			row.area = c.Text
			if c.Row == y && c.Colspan > 1 && r.labelAt > x && r.rows[y][r.labelAt] == c {
				row.area = ""
			}
		case unitRole:
			row.unit = readUnit(c.Text)
		case valueRole:
			_, _, why := cellValue(c, false)
			if _, _, pair := partAndWhole(c.Text); (why == "" || pair) && c.Row == y {
				row.values++
			}
		}
		if c.Hidden && r.cols[x].role == labelRole {
			row.hidden = true
		}
	}
	if row.label == "" {
		// The label may stand where the order does: "Tổng cộng" in the first column.
		for x := range r.cols {
			if c := r.rows[y][x]; c != nil && c.Text != "" && r.cols[x].role != valueRole && r.cols[x].role != noteRole && r.cols[x].role != unitRole && plainLabel(c.Text) != "" {
				row.label, row.cell = c.Text, c
				break
			}
		}
	}
	if row.label == "" && row.values > 0 {
		row.label = row.area
	}
	return row
}

// setDepth tells how deep a row stands, by its number, the mark that its label begins with and its indent, and
// takes that mark off the label. within: its label says that it is part of the one above.
func (r *tableReader) setDepth(row *tableRow) (within bool) {
	label, byMark := unmarked(strings.TrimSpace(row.label))
	byOrder := orderDepth(row.order)
	row.depth = byMark
	if byOrder >= 0 && byMark < 30 {
		row.depth = byOrder
	} else if byOrder < 0 && byMark == 10 && r.hasOrder() && row.values > 0 {
		row.depth = 25 // a line without a number goes under the one above
	}
	within = amongWhich.MatchString(vietnamese.Fold(label))
	if within {
		row.depth = max(row.depth, 40)
	}
	if row.cell != nil {
		row.depth += row.cell.Indent
	}
	full := row.cell != nil && row.cell.Colspan >= len(r.cols)-1 && len(r.cols) > 2
	if row.values == 0 && (full || len(row.order) == 0 && byMark == 10 && row.unit == (tableUnit{})) && !within {
		row.depth = min(row.depth, 0)
	}
	row.label = label
	return within
}

// unmarked is a label without the mark that it begins with, and how deep that mark sets it: "I." at 0, "1.2." at
// 20, "a)" at 30, a dash at 40, a plus at 50; 10 without one.
func unmarked(label string) (string, int) {
	m := labelMark.FindStringSubmatch(label + " ")
	if m == nil {
		return label, 10
	}
	depth := 40
	switch {
	case m[1] != "":
		depth = 0
	case m[2] != "":
		depth = 10 * (1 + strings.Count(strings.TrimRight(m[2], ".)"), "."))
	case m[3] != "":
		depth = 30
	case m[4] == "+":
		depth = 50
	}
	return strings.TrimSpace((label + " ")[len(m[0]):]), depth
}

// orderDepth is how deep its number sets a row, on the scale of unmarked; -1 without one.
func orderDepth(order string) int {
	switch {
	case order == "":
	case romanOrder.MatchString(order):
		return 0
	case numberOrder.MatchString(order):
		return 10 * (1 + strings.Count(strings.TrimRight(order, "."), "."))
	case len([]rune(strings.Trim(order, "()."))) == 1 && strings.ToLower(order) == order && order != "-" && order != "+":
		return 30
	case order == "-" || order == "–":
		return 40
	case order == "+":
		return 50
	}
	return -1
}

var (
	labelTime  = pattern.New(`(?:^|\s)(?:trong |den het |den |cua |luy ke )*(?:quy (?:i|ii|iii|iv|[1-4])|\d{1,2} thang(?: dau nam| cuoi nam)?|ca nam|nam (?:19|20)\d\d)(?:\s*[/-]?\s*(?:nam )?(?:19|20)\d\d)?$`)
	otherTime  = pattern.New(`\b(?:tu|truoc|chuyen tiep|chuyen sang|giai doan|tinh tu|ke tu|cho|hang|so voi|phe duyet|ke hoach|chuong trinh|de an)\s*$`)
	labelNotes = pattern.New(`\([^()]*\)\s*$`)
)

// labelPeriod is the time that a label ends in, other than the report's own: "Đã giải ngân 9 tháng" in a
// report on a quarter. "" where it says none, or the time of something else.
func labelPeriod(label string, base vietnamese.Period) vietnamese.Period {
	f := strings.Trim(measureText(labelNotes.ReplaceAllString(label, "")), " .,;:")
	at := labelTime.FindStringIndex(f)
	if at == nil || otherTime.MatchString(f[:at[0]]) {
		return ""
	}
	p, ok := headPeriod(f[at[0]:], base)
	if !ok || p == base || p == wholeYearOf(base) || p.Span() {
		return ""
	}
	return p
}

// sectionMeasure reads a section row that says of what time the rows under it are, or that they are plans.
func sectionMeasure(label string, base vietnamese.Period) (measure, bool) {
	f := measureText(label)
	p, dated := headPeriod(f, base)
	plan := planTitle(label) || sectionPlan.MatchString(f)
	if !dated || len(f) > 90 || !plan && !headResult.MatchString(f) && !timeAlone.MatchString(f) {
		return measure{}, false
	}
	m := measure{kind: Result, period: p, known: true, dated: true}
	if plan || laterThan(p, base) {
		m.kind = Plan
	}
	return m, true
}

var sectionPlan = pattern.New(`^(?:phuong huong|nhiem vu|muc tieu|du kien|ke hoach)\b.*\b(?:cuoi nam|quy|nam (?:19|20)\d\d|nam (?:sau|toi)|thang)\b`)

// periodLabel spells out a label that is a date, or a number under "Tháng" or "Quý".
func (r *tableReader) periodLabel(x int, c *document.Cell) string {
	head := plainLabel(r.cols[x].heads())
	if !periodHead.MatchString(head) {
		return c.Text
	}
	if len(c.Date) >= 7 {
		return "tháng " + c.Date[5:7] + "/" + c.Date[:4]
	}
	if v, u, why := cellValue(c, false); why == "" && !u.known && v >= 1 && v <= 2100 {
		switch word := strings.Fields(head)[0]; {
		case v > 1900:
			return "năm " + strconv.Itoa(int(v))
		case word == "quy" && v <= 4:
			return "quý " + strconv.Itoa(int(v))
		case v <= 12:
			return "tháng " + strconv.Itoa(int(v))
		}
	}
	return c.Text
}

func (r *tableReader) hasOrder() bool {
	for x := range r.cols {
		if r.cols[x].role == orderRole && x < r.labelAt {
			return true
		}
	}
	return false
}
