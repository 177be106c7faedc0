package indicator

import (
	"strings"

	"soket/extract/document"
	"soket/extract/pattern"
	"soket/extract/vietnamese"
)

// role is what a column is for.
type role int

const (
	valueRole role = iota
	labelRole
	orderRole // TT, Mã số
	unitRole
	noteRole // notes, grounds, dates
	areaRole // a text before the label
)

type tableColumn struct {
	role    role
	path    []string // heads from the top down
	measure measure
	unit    tableUnit
	part    bool // of a breakdown
	hidden  bool
	code    string // where columns are indicators
	kind    unitKind
	named   string // the head that names it
}

// heads are those over the column as one text.
func (col *tableColumn) heads() string { return strings.Join(col.path, " ") }

var (
	orderHead  = pattern.New(`^(?:tt|stt|so tt|s tt|so thu tu|ma so|ma|ma chi tieu|muc|ky hieu|so hieu|bieu)$`)
	unitHead   = pattern.New(`^(?:dvt|don vi|don vi tinh|d v t|dv tinh)$`)
	labelHead  = pattern.New(`^(?:noi dung|chi tieu|ten chi tieu|noi dung chi tieu|danh muc|chi tieu chu yeu|noi dung cong viec|noi dung chi|nhiem vu|cong viec|hang muc|linh vuc|ten.*|ho ten|dien giai chi tieu|cac chi tieu|chi tieu thong ke|noi dung thuc hien|nguon|khoan muc|ky bao cao|ky|thoi gian|dia ban|dia phuong|don vi bao cao|huyen.*|quan.*|thang|nam|quy)$`)
	strongHead = pattern.New(`^(?:noi dung|chi tieu|ten chi tieu|cac chi tieu)\b`)
	noteHead   = pattern.New(`^(?:ghi chu|can cu|quyet dinh|so quyet dinh|so ky hieu|so van ban(?: ngay.*)?$|dien giai|giai trinh|thuyet minh|ngay .*|can cu .*|giai thich.*|nguon so lieu|co quan .*|don vi (?:chu tri|phoi hop|thuc hien|cung cap|chiu trach nhiem).*|ly do.*|danh gia|nhan xet|phu trach|nguoi (?:phu trach|thuc hien|lap|bao cao|theo doi|lien he|dai dien|chu tri|nhap|cung cap|ky).*|nguoi$|dia chi|dien thoai|y kien)`)
	partHead   = pattern.New(`^(?:chia theo|trong do|phan theo|chia ra|bao gom|gom|phan to|theo linh vuc|linh vuc)\b`)
	numbering  = pattern.New(`^\(?(?:\d{1,2}|[a-d])\)?(?:\s*=\s*.*)?$`)
)

// readColumns tells what each column is for, by its heads and by what it holds.
func (r *tableReader) readColumns() {
	for x := range r.cols {
		r.readHeads(x)
	}
	r.labelAt = -1
	for x, held := range r.columnTexts() {
		r.giveRole(x, held)
	}
	for x := range r.cols {
		if r.labelAt < 0 && r.cols[x].role == unitRole && !r.holdsUnits(x) {
			r.cols[x].role, r.labelAt = labelRole, x // "Đơn vị" over offices
		}
	}
	for x := range r.cols {
		if col := &r.cols[x]; col.role == valueRole {
			r.readValueHead(col)
		}
	}
	r.settleYears()
	r.settleCumulative()
	r.settleParts()
}

// readHeads gathers the heads over a column, from the top down, and the unit that a line of units gives it.
func (r *tableReader) readHeads(x int) {
	col := &r.cols[x]
	var last *document.Cell
	col.hidden = true
	for y := 0; y < r.head; y++ {
		c := r.rows[y][x]
		if c == nil || c == last {
			continue
		}
		last = c
		col.hidden = col.hidden && c.Hidden
		if r.unitRow(y) {
			if u := readUnit(c.Text); u.known && !unitHead.MatchString(plainLabel(c.Text)) {
				col.unit = u
			}
			continue
		}
		if c.Text != "" && !r.numberingRow(y) && !(c.Col == 0 && c.Colspan >= len(r.cols)) {
			text := c.Text
			if len(c.Date) >= 7 {
				text = c.Date[5:7] + "/" + c.Date[:4]
			}
			col.path = append(col.path, text)
		}
	}
	if last == nil {
		col.hidden = false
	}
}

// giveRole tells what a column is for. The columns before it have their roles; a better column of labels
// takes that role from an earlier one.
func (r *tableReader) giveRole(x int, held columnTexts) {
	col := &r.cols[x]
	bare := plainLabel(col.heads())
	lastHead, label := "", "" // label: the heads of the column of labels so far
	if n := len(col.path); n > 0 {
		lastHead = plainLabel(bracketed.ReplaceAllString(col.path[n-1], ""))
	}
	if r.labelAt >= 0 {
		label = plainLabel(r.cols[r.labelAt].heads())
	}
	onlyTexts := held.figures == 0 && held.texts > 0
	switch {
	case r.labelAt < 0 && held.dates+held.figures >= 2 && held.texts <= held.figures+held.dates && periodHead.MatchString(bare):
		col.role, r.labelAt = labelRole, x
	case orderHead.MatchString(bare):
		col.role = orderRole
	case unitHead.MatchString(bare) && held.figures == 0:
		col.role = unitRole
	case noteHead.MatchString(bare) || noteHead.MatchString(lastHead):
		col.role = noteRole
	case periodHead.MatchString(label) && held.figures == 0 && !strongHead.MatchString(bare):
		col.role = noteRole // beside a column of periods
	case strongHead.MatchString(bare) && held.texts > held.figures && !strongHead.MatchString(label),
		onlyTexts && (r.labelAt < 0 || labelHead.MatchString(bare) && r.cols[r.labelAt].role == labelRole && !labelHead.MatchString(label)),
		onlyTexts && r.labelAt == x-1 && labelHead.MatchString(bare) && !unitLike(held) && !strongHead.MatchString(label),
		r.labelAt < 0 && labelHead.MatchString(bare),
		r.labelAt < 0 && held.texts > held.figures && held.texts > 0:
		if r.labelAt >= 0 {
			r.cols[r.labelAt].role = areaRole
		}
		col.role, r.labelAt = labelRole, x
	case onlyTexts && unitLike(held):
		col.role = unitRole
	case onlyTexts && bare == "":
		col.role = noteRole
	case held.figures == 0 && held.texts > 2 && x < r.labelAt:
		col.role = areaRole
	}
	if r.labelAt < 0 && col.role == valueRole && bare == "" && held.sequence {
		col.role = orderRole
	}
}

// holdsUnits tells whether the cells of a column say what is counted.
func (r *tableReader) holdsUnits(x int) bool {
	for y := r.head; y < len(r.rows); y++ {
		if c := r.rows[y][x]; c != nil && c.Text != "" && readUnit(c.Text).kind == countUnit && len([]rune(c.Text)) > 3 && headTotal.MatchString(strings.Trim(measureText(c.Text), ".: ")) {
			return false
		}
	}
	return true
}

// yearAbove is the report's period moved to the year that the nearest head above states and nothing
// else: "6 tháng" and "Cả năm" under "Năm 2021" are of that year.
func yearAbove(path []string, base vietnamese.Period) vietnamese.Period {
	for i := len(path) - 1; i >= 0 && base != ""; i-- {
		if m := yearAlone.FindStringSubmatch(measureText(path[i])); m != nil {
			return inYear(base, atoi(m[1]))
		}
	}
	return base
}

var yearAlone = pattern.New(`^(?:nam\s*)?((?:19|20)\d\d)$`)

// settleCumulative reads what a report of a month or quarter counts since the year began: a head that
// says so, or a bare "Lũy kế" beside the column of the month itself.
func (r *tableReader) settleCumulative() {
	since := sinceNewYear(r.base)
	if since == "" {
		return
	}
	alone := false // a column of the month or quarter itself
	for x := range r.cols {
		m := r.cols[x].measure
		alone = alone || r.cols[x].role == valueRole && m.known && m.kind == Result && m.period == r.base && !cumulative.MatchString(measureText(r.cols[x].heads()))
	}
	for x := range r.cols {
		col := &r.cols[x]
		f := measureText(col.heads())
		if col.role != valueRole || !col.measure.known || col.measure.kind == Plan || !cumulative.MatchString(f) || !alone && !strings.Contains(f, "dau nam") {
			continue
		}
		if p := col.measure.period; p == inYear(r.base, p.Year()) { // no other months are stated
			col.measure.period = inYear(since, p.Year())
		}
	}
}

// cumulative are the words of figures added up over the year so far, folded.
var cumulative = pattern.New(`\bluy ke\b|\bcong don\b|\btu dau nam\b`)

// sinceNewYear is the part of the year up to the end of a month or quarter; "" for other periods.
func sinceNewYear(p vietnamese.Period) vietnamese.Period {
	if part := p.Part(); part == "" || part[0] != 'M' && part[0] != 'Q' {
		return ""
	}
	return vietnamese.MonthsOf(p.Year(), endMonth(p)-12*p.Year())
}

// settleYears reads bare years over results as the report's own part of those years, where the
// report's year is among them: in a half-yearly report a column "2021" cannot hold the whole year.
func (r *tableReader) settleYears() {
	if wholeYear(r.base) {
		return
	}
	bare := func(col *tableColumn) bool {
		m := col.measure
		return col.role == valueRole && m.kind == Result && m.dated && wholeYear(m.period) && !strings.Contains(measureText(col.heads()), "ca nam")
	}
	own := false
	for x := range r.cols {
		own = own || bare(&r.cols[x]) && r.cols[x].measure.period == wholeYearOf(r.base)
	}
	for x := range r.cols {
		if col := &r.cols[x]; own && bare(col) {
			col.measure.period = inYear(r.base, col.measure.period.Year())
		}
	}
}

// periodHead are the heads of a column whose rows are periods, also where they are numbers or dates.
var periodHead = pattern.New(`^(?:thang|quy|nam|ky|ky bao cao|thoi gian|thoi ky|ky so lieu|thang nam)$`)

type columnTexts struct {
	figures, texts, letters int
	coded                   int // texts with digits
	dates                   int
	sequence                bool
}

func unitLike(t columnTexts) bool {
	return t.texts > 0 && t.letters <= 14*t.texts && 2*t.coded <= t.texts
}

func (r *tableReader) columnTexts() []columnTexts {
	out := make([]columnTexts, len(r.cols))
	for x := range r.cols {
		t := &out[x]
		next, run := 1.0, true
		for y := r.head; y < len(r.rows); y++ {
			c := r.rows[y][x]
			if c == nil || c.Col != x || c.Row != y || c.Text == "" || c.Colspan > 1 && c.Colspan >= len(r.cols)-1 {
				continue
			}
			v, _, why := cellValue(c, false)
			switch why {
			case "":
				t.figures++
				if v == next {
					next++
				} else {
					run = false
				}
			case "a date":
				t.dates++
			case "text", "not one number":
				t.texts++
				t.letters += len([]rune(c.Text))
				if strings.ContainsAny(c.Text, "0123456789") {
					t.coded++
				}
			}
		}
		t.sequence = run && t.figures >= 2
	}
	return out
}

func (r *tableReader) numberingRow(y int) bool {
	n := 0
	for x := range r.cols {
		c := r.rows[y][x]
		if c == nil || c.Text == "" {
			continue
		}
		if !numbering.MatchString(strings.TrimSpace(vietnamese.Fold(c.Text))) {
			return false
		}
		n++
	}
	return n >= 2
}

// unitRow tells whether a line of the head only says what the heads above it are counted in: "Đơn vị tính |
// cuộc | mẫu".
func (r *tableReader) unitRow(y int) bool {
	units := 0
	for x := range r.cols {
		c := r.rows[y][x]
		switch {
		case c == nil || c.Text == "":
		case c.Row != y || c.Colspan > 1:
			return false
		case units == 0 && (y == 0 || !unitHead.MatchString(plainLabel(c.Text))):
			return false
		default:
			units++
		}
	}
	return units > 1
}

// readValueHead reads the heads of a column of figures, from the lowest up.
func (r *tableReader) readValueHead(col *tableColumn) {
	for i := len(col.path) - 1; i >= 0; i-- {
		if u := unitInLabel(col.path[i]); u.known && !col.unit.known {
			col.unit = u
		}
		if partHead.MatchString(measureText(col.path[i])) {
			col.part = true
		}
		if markedOld(col.path[i]) {
			col.measure.stale = true
		}
	}
	stale := col.measure.stale
	whole := readMeasure(col.heads(), r.base)
	// Each head on its own, nearest first; what it leaves open the ones above say.
	var m measure
	for i := len(col.path) - 1; i >= 0; i-- {
		got := readMeasure(col.path[i], yearAbove(col.path[:i], r.base))
		if !got.known {
			continue
		}
		switch {
		case !m.known:
			m = got
		case m.kind == Result && !m.dated && got.kind != Result:
			dated, period := m.dated, m.period
			m = got
			if dated {
				m.period, m.dated = period, true
			}
		case m.kind == Result && m.dated && got.kind == Plan:
			m.kind = Plan
		case m.kind == Result && m.dated && wholeYear(m.period) && got.kind == Result && got.dated && !wholeYear(got.period) && !strings.Contains(string(got.period), "/") && !headYear.MatchString(measureText(col.path[i])):
			m.period = inYear(got.period, m.period.Year()) // "6 tháng đầu năm" over "2020" and "2021"
		case m.kind == Comparison && m.vague && got.kind == Comparison && !got.vague:
			m = got
		case m.vague || m.kind != Comparison && got.kind == Comparison:
			m = whole
		case !m.dated && got.dated && m.kind != Comparison:
			m.period, m.dated = got.period, true
			if got.kind == Plan {
				m.kind = Plan
			}
		case m.total && got.known:
			total := m.total
			m = got
			m.total = total
		}
	}
	if !m.known {
		m = whole
	}
	if m.kind == Comparison && m.basis != OfPlan && m.change == formUnknown {
		m.change = whole.change
	}
	m.stale, m.plus = m.stale || stale, m.plus || whole.plus
	if m.kind == Plan && !m.dated && r.planTime != "" {
		m.period = r.planTime
	}
	if m.period == "" {
		m.period = r.base
	}
	col.measure = m
}

// plainHead are the heads of a lone column of figures that say no more than that it holds them.
var plainHead = pattern.New(`^(?:|so luong|so lieu|ket qua.*|gia tri|so|sl|thuc hien|so tien.*|kinh phi.*|(?:nghin |ngan |trieu |ty )?dong|trd|tr d|trieu d|ty|%|don vi)$`)

// bareResult is a head that only says that it holds results.
var bareResult = pattern.New(`^(?:uoc )?(?:da )?(?:ket qua|thuc hien|so luong|so lieu|gia tri|luy ke|cong don|trong ky|ky bao cao|dat duoc|hien co|so bao cao|ky truoc|cung ky)(?: .*)?$`)

// settleParts marks the columns that only break a total down: those under "chia theo", and those
// whose heads say nothing of period or kind where others do.
func (r *tableReader) settleParts() {
	known, values := 0, 0
	for x := range r.cols {
		if col := &r.cols[x]; col.role == valueRole {
			values++
			if col.measure.known && !col.part {
				known++
			}
		}
	}
	total := -1
	for x := range r.cols {
		if m := r.cols[x].measure; r.cols[x].role == valueRole && m.total && !m.dated && !r.cols[x].part {
			total = x
		}
	}
	for x := range r.cols {
		col := &r.cols[x]
		// Beside a total, what says more than that it holds results is a part: "Tỉnh thực hiện".
		if m := col.measure; total >= 0 && total < x && col.role == valueRole && m.known && !m.total && !m.dated && m.kind == Result && !bareResult.MatchString(measureText(bracketed.ReplaceAllString(col.path[len(col.path)-1], ""))) {
			col.part = true
		}
		if col.role != valueRole || col.measure.known {
			continue
		}
		if known > 0 {
			col.part = true
		} else if values == 1 && plainHead.MatchString(plainLabel(bracketed.ReplaceAllString(col.heads(), ""))) {
			col.measure.known = true
		}
	}
}
