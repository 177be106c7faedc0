package indicator

import (
	"math"
	"strings"

	"soket/extract/document"
	"soket/extract/pattern"
	"soket/extract/vietnamese"
)

// columnRule names the facts of tables whose columns are indicators.
const columnRule = "table-column"

// timesRule names those whose rows are times and nothing else: none of them is a case or a part by topic.
const timesRule = "table-times"

// crossRule names the facts that a row and a column name only together.
const crossRule = "table-cross"

// downFacts reads a table whose rows are indicators and whose columns are periods and kinds.
func (r *tableReader) downFacts() {
	r.settleForms()
	disbursing := false
	for x := range r.cols {
		disbursing = disbursing || r.cols[x].role == valueRole && disbursedHead.MatchString(measureText(r.cols[x].heads()))
	}
	for i := range r.labels {
		row := &r.labels[i]
		for x := range r.cols {
			c := r.rows[row.at][x]
			if c == nil || c.Row != row.at || c.Col != x || c.Text == "" {
				continue
			}
			col := &r.cols[x]
			if r.taken(c, row, col) == "" && r.several(c, row, col) {
				continue
			}
			if part, whole, ok := partAndWhole(c.Text); ok && r.taken(c, row, col) == "" && r.twoFacts(c, row, i, col, part, whole) {
				continue
			}
			v, unit, why := cellValue(c, r.decimals(row.unit, col))
			if why != "" {
				if why != "no figure" && col.role == valueRole && strings.ContainsAny(c.Text, "0123456789") {
					r.skip(c, why)
				}
				continue
			}
			if why := r.taken(c, row, col); why != "" {
				if code, m := r.crossedPart(row, col); why == partColumn && code != "" && !r.partOf(i) {
					r.take(c, code, m, v, tableUnit{}, row.label+" – "+col.path[len(col.path)-1], crossRule)
					continue
				}
				r.skip(c, why)
				continue
			}
			code, m := row.code, r.measureIn(row, col)
			if unit.known && unit.kind != r.cellUnit(row.unit, col).kind && m.kind != Comparison {
				code = r.codeFor(row, unit.kind) // the figure's own unit says what it is
			}
			code, m.kind = moneyCode(code, r.moneyHead(code, col, x), m.kind, disbursing)
			if unit.known = unit.known || kindOfCode(code) == percentUnit && m.kind != Comparison; !unit.known || unit.factor == 0 {
				unit = r.cellUnit(row.unit, col)
			}
			switch {
			case code == "":
				r.skip(c, "the label names no indicator")
			case r.partOf(i) && code == row.code:
				r.skip(c, "a part of the row above")
			case !m.known:
				r.skip(c, "the column's head says neither period nor kind")
			default:
				r.take(c, code, m, v, unit, row.label, "table-row")
			}
		}
	}
}

// partColumn is why a figure of a breakdown is none of its row's.
const partColumn = "the column is part of a breakdown"

// taken tells why a figure of a row and a column is no fact, whatever they name; empty where it may be one.
func (r *tableReader) taken(c *document.Cell, row *tableRow, col *tableColumn) string {
	switch {
	case col.role != valueRole:
		return "the column holds no figures of indicators"
	case c.Hidden || col.hidden || row.hidden:
		return "hidden"
	case col.measure.stale:
		return "the column is marked as superseded"
	case markedOld(row.label):
		return "the row is marked as superseded"
	case c.Doubtful:
		return "the cell's value is doubtful"
	case col.part:
		return partColumn
	}
	return ""
}

// measureIn is what a column's head says, with the time that the row's label ends in where the head says none.
func (r *tableReader) measureIn(row *tableRow, col *tableColumn) measure {
	m := col.measure
	if row.told != nil && !m.dated && m.kind == Result && m.period == r.base {
		m.period, m.kind, m.dated = row.told.period, row.told.kind, true
	}
	if row.period != "" && !m.dated && m.kind == Result && m.period == r.base {
		m.period, m.dated = row.period, true
	}
	return m
}

// codeFor is the indicator that a row's label names for figures of another kind than its own unit's.
func (r *tableReader) codeFor(row *tableRow, kind unitKind) string {
	code, _ := naming{own: row.label, around: r.around(row), area: row.area}.match(kind)
	return code
}

// partOfWhole is "4/38 mẫu": so many out of so many.
var partOfWhole = pattern.New(`^(\d{1,3}(?:\.\d{3})+|\d+)\s*/\s*(\d{1,3}(?:\.\d{3})+|\d+)(?:\s+\p{L}[\p{L} ]*)?$`)

func partAndWhole(text string) (part, whole float64, ok bool) {
	m := partOfWhole.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return 0, 0, false
	}
	part, ok1 := printedNumber(m[1], false)
	whole, ok2 := printedNumber(m[2], false)
	return part, whole, ok1 && ok2 && part <= whole
}

// twoFacts takes "4/38" as the row's indicator and the one that it is a part of.
func (r *tableReader) twoFacts(c *document.Cell, row *tableRow, i int, col *tableColumn, part, whole float64) bool {
	catalogue, err := Load()
	if err != nil || row.code == "" || r.partOf(i) {
		return false
	}
	of, ok := catalogue.Get(row.code)
	m := r.measureIn(row, col)
	if !ok || of.Whole == "" || !m.known || m.kind == Comparison || kindOfCode(row.code) != countUnit {
		return false
	}
	r.take(c, row.code, m, part, tableUnit{}, row.label, "table-row")
	r.take(c, of.Whole, m, whole, tableUnit{}, row.label, "table-row")
	return true
}

// severalFigures is "06 số, 3.000 cuốn": figures of one row, each with what it counts.
var severalFigures = pattern.New(`^\d[\d.]*\s+\p{L}[\p{L} ]*(?:\s*[,;/+]\s*\d[\d.]*\s+\p{L}[\p{L} ]*)+$`)

var figureAndThing = pattern.New(`(\d[\d.]*)\s+(\p{L}[\p{L} ]*)`)

// several takes the figures of a cell that holds more than one, each by the row's label and what it counts.
func (r *tableReader) several(c *document.Cell, row *tableRow, col *tableColumn) bool {
	m := r.measureIn(row, col)
	if c.Number != nil || !severalFigures.MatchString(strings.TrimSpace(c.Text)) || !m.known || m.kind == Comparison {
		return false
	}
	seen := map[string]bool{}
	for _, f := range figureAndThing.FindAllStringSubmatch(c.Text, -1) {
		unit := readUnit(f[2])
		v, ok := printedNumber(f[1], false)
		code, _ := naming{own: row.label, unit: unit.plain, around: r.around(row), area: row.area}.match(unit.kind)
		if !ok || code == "" || seen[code] || unit.kind == percentUnit {
			continue
		}
		seen[code] = true
		r.take(c, code, m, v, unit, row.label, "table-row")
	}
	return true
}

// decimals says whether a comma before three digits is a decimal in this cell.
func (r *tableReader) decimals(u tableUnit, col *tableColumn) bool {
	if !u.known {
		u = col.unit
	}
	if !u.known {
		u = r.unit
	}
	return u.kind != countUnit || u.factor > 1 || col.measure.kind == Comparison
}

func (r *tableReader) cellUnit(row tableUnit, col *tableColumn) tableUnit {
	switch {
	case row.known:
		return row
	case col.unit.known:
		return col.unit
	}
	return r.unit
}

// partOf says whether a row only breaks down one above it that has the same indicator.
func (r *tableReader) partOf(i int) bool {
	for _, p := range r.labels[i].parents {
		if r.labels[p].code == r.labels[i].code && r.labels[p].values > 0 {
			return true
		}
	}
	return false
}

// rowMeasures is what the labels of rows say where columns are indicators. Of rows that are single cases, or parts
// by place, only their total says anything.
func (r *tableReader) rowMeasures() []measure {
	totals, measured, bodies := 0, 0, 0
	measures := make([]measure, len(r.labels))
	seen := map[measure]int{}
	for i := range r.labels {
		m := readMeasure(r.labels[i].label, r.base)
		if f := measureText(r.labels[i].label); !m.known && strings.HasPrefix(f, "tong ") {
			m.total, m.known = true, true
		}
		measures[i] = m
		if r.labels[i].values == 0 {
			continue
		}
		bodies++
		switch {
		case m.total:
			totals++
		case m.known:
			measured++
			seen[m]++
		}
	}
	for i, m := range measures {
		if seen[m] > 1 { // a list of single cases that have periods; only its total counts
			measures[i].known = false
		}
	}
	if bodies == 1 && totals+measured == 0 {
		for i := range measures {
			measures[i].known = true
		}
	}
	return measures
}

// acrossFacts reads a table whose columns are indicators and whose rows are periods, kinds or places.
func (r *tableReader) acrossFacts() {
	measures := r.rowMeasures()
	r.settleForms()
	r.settleRowForms(measures)
	rule := columnRule
	if r.onlyTimes(measures) {
		rule = timesRule
	}
	for i := range r.labels {
		row := &r.labels[i]
		m := measures[i]
		for x := range r.cols {
			c := r.rows[row.at][x]
			if c == nil || c.Row != row.at || c.Col != x || c.Text == "" {
				continue
			}
			col := &r.cols[x]
			v, unit, why := cellValue(c, col.kind != countUnit || col.unit.factor > 1 || m.kind == Comparison || col.measure.kind == Comparison)
			if why != "" {
				continue
			}
			got := m
			if m.kind == Result && col.measure.known && (col.measure.dated || col.measure.kind != Result) && (m.total || !m.dated) {
				stale := m.stale
				got = col.measure
				got.stale = got.stale || stale
			}
			if col.code == "finance.disbursed_percent" && got.kind == Comparison && !headChange.MatchString(measureText(col.heads())) && m.kind != Comparison {
				got.kind, got.basis, got.vague = Result, "", false
			}
			got.kind = assignedKind(col.code, col.heads(), got.kind)
			switch {
			case col.role != valueRole && !(col.role == areaRole || col.role == labelRole):
				r.skip(c, "the column holds no figures of indicators")
			case c.Hidden || col.hidden || row.hidden:
				r.skip(c, "hidden")
			case got.stale || col.measure.stale:
				r.skip(c, "marked as superseded")
			case !m.known && !c.Doubtful && r.crossedTotal(row, col) != "":
				r.take(c, row.code, got, v, r.cellUnit(row.unit, col), col.heads()+" – "+row.label, crossRule)
			case col.code == "":
				r.skip(c, "the head names no indicator")
			case !m.known && c.Doubtful:
				r.skip(c, "the cell's value is doubtful")
			case !m.known && r.crossed(row, col) != "":
				if !unit.known {
					unit = r.cellUnit(row.unit, col)
				}
				r.take(c, r.crossed(row, col), got, v, unit, col.heads()+" – "+row.label, crossRule)
			case !m.known:
				r.skip(c, "a part by place or field; only the total counts")
			case c.Doubtful:
				r.skip(c, "the cell's value is doubtful")
			default:
				if !unit.known {
					if unit = r.cellUnit(tableUnit{}, col); col.kind == countUnit && !col.unit.known && unit.kind == moneyUnit {
						unit = tableUnit{}
					}
					if row.unit.known && row.unit.kind != countUnit && got.kind == Comparison {
						unit = row.unit
					}
				}
				r.take(c, col.code, got, v, unit, col.heads()+" – "+row.label, rule)
			}
		}
	}
}

// onlyTimes tells whether the rows of figures are times and their sums, with nothing beside them that would make
// them a list of cases.
func (r *tableReader) onlyTimes(measures []measure) bool {
	for x := range r.cols {
		if r.cols[x].role == areaRole {
			return false
		}
	}
	for i := range r.labels {
		if r.labels[i].values > 0 && !(measures[i].known && timeRow.MatchString(measureText(r.labels[i].label))) {
			return false
		}
	}
	return true
}

// timeRow is a row of a time: "Tháng 1", "Cộng quý I", "Năm 2020", "6 tháng".
var timeRow = pattern.New(`^(?:(?:tong )?cong |tong |luy ke )?(?:ca )?(?:thang|quy|nam|ky|t ?\d|q ?\d|\d+ thang|(?:19|20)\d\d)\b|^(?:tong|cong|luy ke)\b`)

// take adds a fact, after its value is put into the indicator's unit.
func (r *tableReader) take(c *document.Cell, code string, m measure, v float64, unit tableUnit, label, rule string) {
	kind := kindOfCode(code)
	f := Fact{Code: code, Period: m.period, Kind: m.kind, Page: c.Page, Sheet: r.table.Sheet, Cell: c.Ref, Box: c.Box, Rule: rule}
	assigned := (code == "finance.st_budget_vnd" || code == "finance.investment_vnd") && (m.period == wholeYearOf(r.context.Period) || m.period.Span())
	if m.kind == Result && (r.planned && !m.dated || laterThan(m.period, r.context.Period) && !assigned) {
		f.Kind = Plan // what lies after the report's own period can only be meant to be
	}
	if code == "finance.st_budget_vnd" && f.Kind == Result && !strings.Contains(string(f.Period), "/") {
		f.Period = wholeYearOf(f.Period) // a budget is given for the fiscal year
	}
	switch m.kind {
	case Comparison:
		switch {
		case m.vague || m.plus || m.basis == "":
			r.skip(c, "a comparison that does not say with what, or an absolute change")
			return
		case unit.known && unit.kind != percentUnit && c.Number == nil && strings.TrimLeft(c.Text, "+-0123456789., %") != "":
			r.skip(c, "a comparison that is no share")
			return
		}
		f.Basis, f.Unit = m.basis, "%"
		switch w := changeWord(c.Text); {
		case m.basis == OfPlan || w == "":
		case w == "bằng" || w == "đạt":
			m.change = formRatio
		default:
			m.change = formChange
		}
		if m.basis != OfPlan && m.change == formRatio {
			v -= 100
		} else if m.basis != OfPlan && m.change == formUnknown {
			r.skip(c, "neither head nor figures say whether this is a change or a ratio")
			return
		}
		f.Value = oneDecimal(v)
	default:
		switch {
		case kind == moneyUnit && unit.kind != moneyUnit:
			r.skip(c, "money without its unit")
			return
		case kind != moneyUnit && unit.known && unit.kind == moneyUnit:
			r.skip(c, "money, where a count is wanted")
			return
		case kind == countUnit && unit.kind == percentUnit:
			r.skip(c, "a share, where a count is wanted")
			return
		case v < 0:
			r.skip(c, "a negative figure")
			return
		}
		f.Value, f.Unit = tidyNumber(v), unitOfCode(code)
		if unit.known && unit.factor > 0 {
			f.Value = tidyNumber(v * unit.factor)
		}
		if kind == percentUnit {
			f.Value = oneDecimal(v)
		}
		if kind == countUnit && f.Value != math.Trunc(f.Value) {
			r.skip(c, "a broken number of things")
			return
		}
	}
	if f.Period == "" {
		r.skip(c, "no period is known")
		return
	}
	f.Quote = vietnamese.Clean(label + ": " + c.Text)
	f.Method, f.Confidence = "table", 0.93
	switch {
	case c.Confidence > 0:
		f.Method, f.Confidence = "ocr", 0.9*c.Confidence
	case r.table.Method == "sheet":
		f.Method, f.Confidence = "cell", 0.97
	}
	if !m.known || !m.dated && m.kind != Comparison {
		f.Confidence *= 0.97
	}
	r.facts = append(r.facts, f)
}

// kindOfCode tells what sort of figure an indicator is.
func kindOfCode(code string) unitKind {
	switch {
	case strings.HasSuffix(code, "_vnd"):
		return moneyUnit
	case strings.HasSuffix(code, "_percent"):
		return percentUnit
	}
	return countUnit
}

// unitOfCode is the indicator's own unit.
func unitOfCode(code string) string {
	c, err := Load()
	if err != nil {
		return ""
	}
	if i, ok := c.Get(code); ok {
		return i.Unit
	}
	return ""
}
