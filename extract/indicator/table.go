package indicator

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"soket/extract/document"
	"soket/extract/pattern"
	"soket/extract/vietnamese"
)

// TableContext is what a table does not say itself.
type TableContext struct {
	Period  vietnamese.Period // of the report
	Section string            // headings over the table, outermost first
	Plan    bool              // the section tells of plans
}

// Skip is a number that was not taken as a fact, and why.
type Skip struct {
	Text string `json:"text"` // of the cell, or the words around it
	Page int    `json:"page"`
	Ref  string `json:"cell,omitempty"` // of the cell, in a workbook
	Why  string `json:"why"`
}

// TableFacts reads the figures of one table as facts, in the order of its rows, with the reason for
// every figure that is none. A hidden or superseded sheet gives noFigure.
func TableFacts(t *document.Table, c TableContext) ([]Fact, []Skip) {
	r := tableReader{table: t, context: c}
	r.layOut()
	if len(r.rows) == 0 {
		return nil, nil
	}
	if t.Hidden {
		return nil, r.skipAll("the sheet is hidden")
	}
	if markedOld(t.Title) || markedOld(t.Sheet) {
		return nil, r.skipAll("the table is marked as superseded")
	}
	r.base = c.Period
	if own, ok := titlePeriod(t.Title, c.Period); ok && !(c.Period.Span() && own == wholeYearOf(c.Period) && strings.Contains(vietnamese.Fold(t.Title), "giai doan")) {
		r.base = own
	} else if own, ok := titlePeriod(t.Sheet, c.Period); ok && len(own) >= 4 {
		r.base = own
	}
	// "Quý I" on the sheet's name narrows "năm 2020" of its title.
	if part, ok := titlePeriod(t.Sheet, r.base); ok && wholeYear(r.base) && part.Part() != "" && tableYear(part) == tableYear(r.base) {
		r.base = part
	}
	r.planned = c.Plan || planTitle(t.Title)
	if planTitle(t.Title) {
		r.planTime, _ = titlePeriod(t.Title, c.Period)
	} else if p, _ := titlePeriod(t.Title, c.Period); p.Part() != "" && opensPlan.MatchString(measureText(t.Title)) {
		r.planTime = p
	} else if c.Plan {
		r.planTime, _ = titlePeriod(c.Section, c.Period)
	}
	r.unit = unitInTable(t)
	r.readColumns()
	r.readRows()
	if r.across = r.transposed(); r.across {
		r.acrossFacts()
	} else {
		r.downFacts()
	}
	return r.facts, r.skips
}

// tableReader reads one table.
type tableReader struct {
	table   *document.Table
	context TableContext
	base    vietnamese.Period
	planned bool
	// planTime is the time that the caption or the headings plan, where they say it.
	planTime vietnamese.Period
	unit     tableUnit

	head    int
	rows    [][]*document.Cell // the grid; a merged cell stands in each of its places
	cols    []tableColumn
	labels  []tableRow
	labelAt int

	across bool // columns name the indicators

	facts []Fact
	skips []Skip
}

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

// maxTableGrid bounds the grid that is laid out for one table, in places; a register beyond it is
// not read for facts.
const maxTableGrid = 2_000_000

func (r *tableReader) layOut() {
	width, height := 0, 0
	for _, row := range r.table.Rows {
		for i := range row {
			width = max(width, row[i].Col+max(1, row[i].Colspan))
			height = max(height, row[i].Row+max(1, row[i].Rowspan))
		}
	}
	height = min(height, len(r.table.Rows)+1000)
	if width == 0 || width*height > maxTableGrid {
		return
	}
	r.rows = make([][]*document.Cell, height)
	for i := range r.rows {
		r.rows[i] = make([]*document.Cell, width)
	}
	for _, row := range r.table.Rows {
		for i := range row {
			c := &row[i]
			for y := c.Row; y < min(height, c.Row+max(1, c.Rowspan)); y++ {
				for x := c.Col; x < min(width, c.Col+max(1, c.Colspan)); x++ {
					if r.rows[y][x] == nil {
						r.rows[y][x] = c
					}
				}
			}
		}
	}
	r.head = min(r.table.HeadRows, height)
	r.cols = make([]tableColumn, width)
	r.spreadHeads()
}

// spreadHeads lets a head that looks merged stand over the columns it means: those to its right that
// are empty beside it, where the row below has a head for each of them and for its own column.
func (r *tableReader) spreadHeads() {
	filled := func(y, x int) bool { return r.rows[y][x] != nil && r.rows[y][x].Text != "" }
	for y := 0; y+1 < r.head; y++ {
		if r.numberingRow(y + 1) {
			continue
		}
		for x := 1; x < len(r.cols); x++ {
			left := r.rows[y][x-1]
			if filled(y, x) || left == nil || left.Text == "" || left.Rowspan > 1 || left.Colspan > 1 {
				continue
			}
			free := true // nothing above says more
			for up := range y {
				free = free && (!filled(up, x) || r.rows[up][x] == r.rows[up][x-1])
			}
			if below := r.rows[y+1][left.Col]; free && filled(y+1, x) && below != nil && below.Text != "" && below != r.rows[y+1][x] && below.Row == y+1 {
				r.rows[y][x] = left
			}
		}
	}
}

func (r *tableReader) skipAll(why string) []Skip {
	var skips []Skip
	for _, row := range r.table.Rows {
		for i := range row {
			if _, _, not := cellValue(&row[i], false); not == "" {
				skips = append(skips, skipOf(&row[i], why))
			}
		}
	}
	return skips
}

func skipOf(c *document.Cell, why string) Skip {
	return Skip{Text: c.Text, Page: c.Page, Ref: c.Ref, Why: why}
}

func (r *tableReader) skip(c *document.Cell, why string) {
	r.skips = append(r.skips, skipOf(c, why))
}

var titleDates = pattern.New(`(?i)(?:ngay|tu|den|truoc)\s+(?:ngay\s+)?\d{1,2}(?:[/.-]| thang )\d{1,2}(?:(?:[/.-]| nam )\d{4})?|\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|so\s*:?\s*\d+\s*/[^\s;]*`)

// titlePeriod reads the period of a caption: the first line that states one.
func titlePeriod(title string, base vietnamese.Period) (vietnamese.Period, bool) {
	lines := strings.Split(title, "; ")
	ranged := vietnamese.Period("")
	for i := len(lines) - 1; i >= 0; i-- { // the nearest line above the table first
		if p, ok := rangePeriod(vietnamese.Fold(lines[i])); ok {
			ranged = p
		} else if p, ok := untilPeriod(vietnamese.Fold(lines[i])); ok && ranged == "" {
			ranged = p
		}
		f := titleDates.ReplaceAllString(measureText(lines[i]), " ")
		if at := strings.Index(f, "(ban hanh"); at > 20 {
			f = f[:at] // what the rest says is another document's
		} else if at := strings.Index(f, "(kem theo"); at > 20 {
			f = f[:at]
		}
		if strings.Contains(f, "kem theo") || strings.Contains(f, "kem bao cao") || strings.Contains(f, "ban hanh") || strings.Contains(f, "quyet dinh") || strings.Contains(f, "thong tu") {
			continue
		}
		if at := strings.Index(f, "du kien"); at > 0 {
			f = f[:at] // "kết quả 6 tháng đầu năm, dự kiến 6 tháng cuối năm"
		}
		if at := strings.Index(f, "ke hoach"); at > 12 {
			if _, before := headPeriod(f[:at], ""); before || !strings.Contains(f[:at], "thuc hien") {
				f = f[:at]
			}
		}
		if m := wholeTitleYear.FindStringSubmatch(f); m == nil && !headQuarter.MatchString(f) && !headMonths.MatchString(f) && !headMonth.MatchString(f) {
			continue
		}
		if headQuarter.MatchString(f) && headMonths.MatchString(f) { // "quý III và 9 tháng": about the longer
			f = headQuarter.ReplaceAllString(f, " ")
		}
		if headQuarter.MatchString(f) && strings.Contains(f, "ca nam") {
			f = headQuarter.ReplaceAllString(f, " ")
		}
		if p, ok := headPeriod(f, base); ok {
			if strings.Contains(string(p), "/") { // "giai đoạn 2018 - 2022": reported in its last year
				p = wholeYearOf(p)
				// "giai đoạn 2019 - 2022 và 6 tháng đầu năm 2023": on the last of them
				if _, rest, ok := strings.Cut(f, " va "); ok {
					if q, ok := headPeriod(rest, base); ok && !strings.Contains(string(q), "/") && endMonth(q) > endMonth(p) {
						p = q
					}
				}
			}
			return p, true
		}
	}
	return ranged, ranged != ""
}

var dateRange = pattern.New(`tu\s+(?:ngay\s+)?(\d{1,2})[/-](\d{1,2})(?:[/-](\d{4}))?\s+den\s+(?:het\s+)?(?:ngay\s+)?(\d{1,2})[/-](\d{1,2})(?:[/-]|\s+nam\s+)(\d{4})`)

// rangePeriod reads a period from its first and last day. Half-yearly reports run from the middle
// of December to the middle of June.
func rangePeriod(f string) (vietnamese.Period, bool) {
	m := dateRange.FindStringSubmatch(f)
	if m == nil {
		return "", false
	}
	n := func(s string) int { v, _ := strconv.Atoi(s); return v }
	from, to, year := n(m[2]), n(m[5]), n(m[6])
	if n(m[1]) > 10 { // a period that begins late in a month is named after the next one
		from = from%12 + 1
	}
	if n(m[4]) < 10 {
		to--
	}
	switch {
	case to < from || to < 1 || to > 12:
		return "", false
	case from == 1:
		return monthsFrom(to, year), true
	case from == to:
		return vietnamese.Period(fmt.Sprintf("%d-M%02d", year, to)), true
	case to-from == 2 && to%3 == 0:
		return vietnamese.Period(fmt.Sprintf("%d-Q%d", year, to/3)), true
	case from == 7 && to == 12:
		return vietnamese.Period(fmt.Sprintf("%d-H2", year)), true
	}
	return "", false
}

var cutOff = pattern.New(`(?:so lieu|tinh|cap nhat|luy ke)\s+(?:tinh )?den\s+(?:het )?(?:ngay )?(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})`)

// untilPeriod reads a period from its last day alone: "Số liệu tính đến 15/6/2022" is of the half year.
func untilPeriod(f string) (vietnamese.Period, bool) {
	m := cutOff.FindStringSubmatch(f)
	if m == nil {
		return "", false
	}
	month := atoi(m[2])
	if atoi(m[1]) < 10 {
		month--
	}
	if month < 1 || month > 12 {
		return "", false
	}
	return monthsFrom(month, atoi(m[3])), true
}

var wholeTitleYear = pattern.New(`(?:^|[^/\d])((?:19|20)\d\d)(?:$|[^/\d])`)

// opensPlan is a caption that begins with plans, whatever its columns hold.
var opensPlan = pattern.New(`^\W*(?:(?:[a-d]|[ivx]+|\d+|bieu \S+|phu luc \S+)[.):]\s*)?(?:ke hoach|du kien|muc tieu|chi tieu)\b`)

// planTitle says whether a caption announces plans alone.
func planTitle(title string) bool {
	f := measureText(title)
	at := headPlan.FindStringIndex(f)
	return at != nil && !headResult.MatchString(f) && !strings.Contains(f, "tinh hinh") && !headShare.MatchString(f)
}

func unitInTable(t *document.Table) tableUnit {
	if u := readUnit(t.Unit); u.known {
		return u
	}
	lines := strings.Split(t.Title, "; ")
	for _, m := range bracketed.FindAllStringSubmatch(lines[len(lines)-1], -1) {
		if u := readUnit(m[1]); u.known && u.kind == moneyUnit { // "C. Kinh phí (triệu đồng)"
			return u
		}
	}
	return tableUnit{}
}

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
				if c.Date != "" && len(c.Date) >= 7 {
					text = c.Date[5:7] + "/" + c.Date[:4]
				}
				col.path = append(col.path, text)
			}
		}
		if last == nil {
			col.hidden = false
		}
	}
	texts := r.columnTexts()
	r.labelAt = -1
	for x := range r.cols {
		col := &r.cols[x]
		bare := plainLabel(strings.Join(col.path, " "))
		lastHead := ""
		if n := len(col.path); n > 0 {
			lastHead = plainLabel(bracketed.ReplaceAllString(col.path[n-1], ""))
		}
		switch {
		case r.labelAt < 0 && texts[x].dates+texts[x].figures >= 2 && texts[x].texts <= texts[x].figures+texts[x].dates && periodHead.MatchString(bare):
			col.role, r.labelAt = labelRole, x
		case orderHead.MatchString(bare):
			col.role = orderRole
		case unitHead.MatchString(bare) && texts[x].figures == 0:
			col.role = unitRole
		case noteHead.MatchString(bare) || noteHead.MatchString(lastHead):
			col.role = noteRole
		case r.labelAt >= 0 && periodHead.MatchString(plainLabel(strings.Join(r.cols[r.labelAt].path, " "))) && texts[x].figures == 0 && !strongHead.MatchString(bare):
			col.role = noteRole // beside a column of periods
		case strongHead.MatchString(bare) && texts[x].texts > texts[x].figures && (r.labelAt < 0 || !strongHead.MatchString(plainLabel(strings.Join(r.cols[r.labelAt].path, " ")))),
			texts[x].figures == 0 && texts[x].texts > 0 && (r.labelAt < 0 || labelHead.MatchString(bare) && r.cols[r.labelAt].role == labelRole && !labelHead.MatchString(plainLabel(strings.Join(r.cols[r.labelAt].path, " ")))),
			texts[x].figures == 0 && texts[x].texts > 0 && r.labelAt == x-1 && labelHead.MatchString(bare) && !unitLike(texts[x]) && !strongHead.MatchString(plainLabel(strings.Join(r.cols[r.labelAt].path, " "))),
			r.labelAt < 0 && labelHead.MatchString(bare),
			r.labelAt < 0 && texts[x].texts > texts[x].figures && texts[x].texts > 0:
			if r.labelAt >= 0 {
				r.cols[r.labelAt].role = areaRole
			}
			col.role, r.labelAt = labelRole, x
		case texts[x].figures == 0 && texts[x].texts > 0 && unitLike(texts[x]):
			col.role = unitRole
		case texts[x].figures == 0 && texts[x].texts > 0 && bare == "":
			col.role = noteRole
		case texts[x].figures == 0 && texts[x].texts > 2 && x < r.labelAt:
			col.role = areaRole
		}
		if r.labelAt < 0 && col.role == valueRole && bare == "" && texts[x].sequence {
			col.role = orderRole
		}
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
			year, _ := strconv.Atoi(m[1])
			return inYear(base, year)
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
		alone = alone || r.cols[x].role == valueRole && m.known && m.kind == Result && m.period == r.base && !cumulative.MatchString(measureText(strings.Join(r.cols[x].path, " ")))
	}
	for x := range r.cols {
		col := &r.cols[x]
		f := measureText(strings.Join(col.path, " "))
		if col.role != valueRole || !col.measure.known || col.measure.kind == Plan || !cumulative.MatchString(f) || !alone && !strings.Contains(f, "dau nam") {
			continue
		}
		if p := col.measure.period; p == inYear(r.base, tableYear(p)) { // no other months are stated
			col.measure.period = inYear(since, tableYear(p))
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
	return monthsFrom(endMonth(p)-12*tableYear(p), tableYear(p))
}

// settleYears reads bare years over results as the report's own part of those years, where the
// report's year is among them: in a half-yearly report a column "2021" cannot hold the whole year.
func (r *tableReader) settleYears() {
	if wholeYear(r.base) {
		return
	}
	bare := func(col *tableColumn) bool {
		m := col.measure
		return col.role == valueRole && m.kind == Result && m.dated && wholeYear(m.period) && !strings.Contains(measureText(strings.Join(col.path, " ")), "ca nam")
	}
	own := false
	for x := range r.cols {
		own = own || bare(&r.cols[x]) && r.cols[x].measure.period == wholeYearOf(r.base)
	}
	for x := range r.cols {
		if col := &r.cols[x]; own && bare(col) {
			col.measure.period = inYear(r.base, tableYear(col.measure.period))
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
	whole := readMeasure(strings.Join(col.path, " "), r.base)
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
			m.period = inYear(got.period, tableYear(m.period)) // "6 tháng đầu năm" over "2020" and "2021"
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
// whose heads say noFigure of period or kind where others do.
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
		} else if values == 1 && plainHead.MatchString(plainLabel(bracketed.ReplaceAllString(strings.Join(col.path, " "), ""))) {
			col.measure.known = true
		}
	}
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

// transposed says whether the columns name the indicators, and the rows periods or places.
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
			around = append(around, strings.Join(r.cols[r.labelAt].path, " "))
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
