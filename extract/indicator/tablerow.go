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
	section []string // unnumbered section rows above it, nearest first
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
	var sections []string
	var told *measure
	toldDepth := 0
	for y := r.head; y < len(r.rows); y++ {
		row := tableRow{at: y, depth: 10}
		if r.numberingRow(y) {
			continue
		}
		markDepth := 0
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
		if row.label == "" && row.values == 0 {
			continue
		}
		if row.label == "" && row.area != "" {
			row.label = row.area
		}
		label := strings.TrimSpace(row.label)
		if m := labelMark.FindStringSubmatch(label + " "); m != nil {
			switch {
			case m[1] != "":
				markDepth = 0
			case m[2] != "":
				markDepth = 10 * (1 + strings.Count(strings.TrimRight(m[2], ".)"), "."))
			case m[3] != "":
				markDepth = 30
			case m[4] == "+":
				markDepth = 50
			default:
				markDepth = 40
			}
			label = strings.TrimSpace((label + " ")[len(m[0]):])
		} else {
			markDepth = 10
		}
		orderDepth := -1
		switch o := row.order; {
		case o == "":
		case romanOrder.MatchString(o):
			orderDepth = 0
		case numberOrder.MatchString(o):
			orderDepth = 10 * (1 + strings.Count(strings.TrimRight(o, "."), "."))
		case len([]rune(strings.Trim(o, "()."))) == 1 && strings.ToLower(o) == o && o != "-" && o != "+":
			orderDepth = 30
		case o == "-" || o == "–":
			orderDepth = 40
		case o == "+":
			orderDepth = 50
		}
		row.depth = markDepth
		if orderDepth >= 0 && (markDepth < 30) {
			row.depth = orderDepth
		} else if orderDepth < 0 && markDepth == 10 && r.hasOrder() && row.values > 0 {
			row.depth = 25 // a line without a number goes under the one above
		}
		within := amongWhich.MatchString(vietnamese.Fold(label))
		if within {
			row.depth = max(row.depth, 40)
		}
		if row.cell != nil {
			row.depth += row.cell.Indent
		}
		full := row.cell != nil && row.cell.Colspan >= len(r.cols)-1 && len(r.cols) > 2
		if row.values == 0 && (full || len(row.order) == 0 && markDepth == 10 && row.unit == (tableUnit{})) && !within {
			row.depth = min(row.depth, 0)
		}
		row.label = label
		if row.values == 0 && within {
			continue // "Trong đó:" on a line of its own
		}
		for len(stack) > 0 && stack[len(stack)-1].depth >= row.depth {
			stack = stack[:len(stack)-1]
		}
		if row.values == 0 {
			if m, ok := sectionMeasure(label, r.base); ok {
				told, toldDepth = &m, row.depth
			} else if told != nil && row.depth < toldDepth {
				told = nil
			}
		}
		row.told = told
		for i := len(stack) - 1; i >= 0; i-- {
			row.parents = append(row.parents, stack[i].index)
		}
		row.section = sections
		if own := unitInLabel(label); own.known && !row.unit.known {
			row.unit = own
		}
		for i := len(stack) - 1; i >= 0 && !row.unit.known; i-- { // "III. Kinh phí (triệu đồng)"
			if up := r.labels[stack[i].index]; up.values == 0 && up.unit.kind == moneyUnit {
				row.unit = up.unit
			}
		}
		row.period = labelPeriod(label, r.base)
		stack = append(stack, open{row.depth, len(r.labels)})
		r.labels = append(r.labels, row)
	}
	for i := range r.labels {
		r.nameRow(i)
	}
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
	head := plainLabel(strings.Join(r.cols[x].path, " "))
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
