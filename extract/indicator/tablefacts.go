package indicator

import (
	"math"
	"strings"

	"soket/extract/document"
	"soket/extract/vietnamese"
)

// columnRule names the facts of tables whose columns are indicators.
const columnRule = "table-column"

// crossRule names the facts that a row and a column name only together.
const crossRule = "table-cross"

// downFacts reads a table whose rows are indicators and whose columns are periods and kinds.
func (r *tableReader) downFacts() {
	r.settleForms(func(x int) (cur, past []pair) { return r.columnPairs(x) })
	totalColumn := false
	for x := range r.cols {
		totalColumn = totalColumn || r.cols[x].role == valueRole && r.cols[x].measure.total
	}
	for i := range r.labels {
		row := &r.labels[i]
		for x := range r.cols {
			c := r.rows[row.at][x]
			if c == nil || c.Row != row.at || c.Col != x || c.Text == "" {
				continue
			}
			col := &r.cols[x]
			v, unit, why := cellValue(c, r.decimals(row.unit, col))
			if why != "" {
				if why != "no figure" && col.role == valueRole && strings.ContainsAny(c.Text, "0123456789") {
					r.skip(c, why)
				}
				continue
			}
			switch {
			case col.role != valueRole:
				r.skip(c, "the column holds no figures of indicators")
			case c.Hidden || col.hidden || row.hidden:
				r.skip(c, "hidden")
			case col.measure.stale:
				r.skip(c, "the column is marked as superseded")
			case markedOld(row.label):
				r.skip(c, "the row is marked as superseded")
			case c.Doubtful:
				r.skip(c, "the cell's value is doubtful")
			case col.part:
				r.skip(c, "the column is part of a breakdown")
			case row.code == "":
				r.skip(c, "the label names no indicator")
			case r.partOf(i):
				r.skip(c, "a part of the row above")
			case !col.measure.known:
				r.skip(c, "the column's head says neither period nor kind")
			default:
				if !unit.known {
					unit = r.cellUnit(row.unit, col)
				}
				r.take(c, row.code, col.measure, v, unit, row.label, "table-row")
			}
		}
	}
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

// pair is a figure with its cell, to find out how changes are printed.
type pair struct{ change, cur, past float64 }

// columnPairs gathers, for a column of comparisons, the two figures that each of its figures compares.
func (r *tableReader) columnPairs(x int) (pairs, _ []pair) {
	m := r.cols[x].measure
	cur, past := -1, -1
	for k := range r.cols {
		o := r.cols[k]
		if o.role != valueRole || o.part || o.measure.kind != Result || o.measure.stale || !o.measure.known {
			continue
		}
		switch {
		case o.measure.period == m.period:
			cur = k
		case m.basis == SamePeriod && o.measure.period == inYear(m.period, tableYear(m.period)-1),
			m.basis == PreviousPeriod && endMonth(o.measure.period) < endMonth(m.period) && (past < 0 || endMonth(o.measure.period) > endMonth(r.cols[past].measure.period)):
			past = k
		}
	}
	if cur < 0 {
		return nil, nil
	}
	for i := range r.labels {
		at := r.labels[i].at
		get := func(k int) (float64, bool) {
			if k < 0 || r.rows[at][k] == nil {
				return 0, false
			}
			v, _, why := cellValue(r.rows[at][k], r.decimals(r.labels[i].unit, &r.cols[k]))
			return v, why == ""
		}
		ch, ok := get(x)
		if !ok {
			continue
		}
		p := pair{change: ch, cur: math.NaN(), past: math.NaN()}
		if v, ok := get(cur); ok {
			p.cur = v
		}
		if v, ok := get(past); ok {
			p.past = v
		}
		pairs = append(pairs, p)
	}
	return pairs, nil
}

// settleForms finds out for each column of comparisons whether it prints changes, ratios or
// differences: by the figures it compares, else by its head, else by how the figures look.
func (r *tableReader) settleForms(pairsOf func(int) ([]pair, []pair)) {
	for x := range r.cols {
		col := &r.cols[x]
		if col.role != valueRole || col.measure.kind != Comparison {
			continue
		}
		pairs, _ := pairsOf(x)
		if len(pairs) == 0 {
			pairs = r.figuresOf(x)
		}
		if col.measure.vague {
			r.settleVague(col, x)
		}
		if col.measure.basis != OfPlan {
			settleForm(&col.measure, pairs)
		}
	}
}

// figuresOf gives the figures of a column where noFigure is known to compare them with.
func (r *tableReader) figuresOf(x int) []pair {
	var pairs []pair
	for i := range r.labels {
		if c := r.rows[r.labels[i].at][x]; c != nil {
			if v, _, why := cellValue(c, true); why == "" {
				pairs = append(pairs, pair{v, math.NaN(), math.NaN()})
			}
		}
	}
	return pairs
}

func settleForm(m *measure, pairs []pair) {
	change, ratio, difference := 0, 0, 0
	negative, near, small := 0, 0, 0
	for _, p := range pairs {
		if p.change < 0 {
			negative++
		}
		if p.change >= 50 && p.change <= 300 {
			near++
		} else if p.change < 40 {
			small++
		}
		if math.IsNaN(p.cur) || math.IsNaN(p.past) || p.past == 0 {
			continue
		}
		full := p.cur / p.past * 100
		tolerance := 0.06 + 0.002*math.Abs(full)
		switch {
		case math.Abs(p.change-full) <= tolerance:
			ratio++
		case math.Abs(p.change-(full-100)) <= tolerance:
			change++
		case math.Abs(p.change-(p.cur-p.past)) < 1e-6*math.Max(1, math.Abs(p.cur)):
			difference++
		}
	}
	switch {
	case difference > change && difference > ratio && difference > 0:
		m.vague = true // absolute changes are no facts
	case ratio > change:
		m.change = formRatio
	case change > 0:
		m.change = formChange
	case m.change != formUnknown:
	case negative > 0:
		m.change = formChange
	case near > small:
		m.change = formRatio
	case small > 0:
		m.change = formChange
	}
}

// settleVague finds what a column headed "Tỷ lệ (%)" or "So sánh (%)" compares with, by its figures.
func (r *tableReader) settleVague(col *tableColumn, x int) {
	plan, cur, past := -1, -1, -1
	for k := range r.cols {
		m := r.cols[k].measure
		if r.cols[k].role != valueRole || r.cols[k].part || !m.known || m.stale {
			continue
		}
		switch {
		case m.kind == Plan && plan < 0:
			plan = k
		case m.kind == Result && m.period == r.base && cur < 0:
			cur = k
		case m.kind == Result && endMonth(m.period) < endMonth(r.base):
			past = k
		}
	}
	if cur < 0 {
		return
	}
	fitsPlan, fitsPast := 0, 0
	for i := range r.labels {
		at := r.labels[i].at
		get := func(k int) float64 {
			if k < 0 || r.rows[at][k] == nil {
				return math.NaN()
			}
			v, _, why := cellValue(r.rows[at][k], r.decimals(r.labels[i].unit, &r.cols[k]))
			if why != "" {
				return math.NaN()
			}
			return v
		}
		v, c := get(x), get(cur)
		if full := c / get(plan) * 100; math.Abs(v-full) <= 0.06+0.002*full {
			fitsPlan++
		}
		if full := c / get(past) * 100; math.Abs(v-full) <= 0.06+0.002*full || math.Abs(v-full+100) <= 0.06+0.002*full {
			fitsPast++
		}
	}
	switch {
	case fitsPlan > fitsPast:
		col.measure.basis, col.measure.vague = OfPlan, false
	case fitsPast > 0:
		col.measure.basis, col.measure.vague = PreviousPeriod, false
		if !wholeYear(r.base) && r.cols[past].measure.period == inYear(r.base, tableYear(r.base)-1) {
			col.measure.basis = SamePeriod
		}
	}
}

// acrossFacts reads a table whose columns are indicators and whose rows are periods, kinds or places.
func (r *tableReader) acrossFacts() {
	totals, measured := 0, 0
	bodies := 0
	measures := make([]measure, len(r.labels))
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
		}
	}
	seen := map[measure]int{}
	for i := range measures {
		if r.labels[i].values > 0 && measures[i].known && !measures[i].total {
			seen[measures[i]]++
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
	r.settleRowForms(measures)
	taken := map[string]int{}
	for x := range r.cols {
		if c := r.cols[x].code; c != "" {
			taken[c]++
		}
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
			v, unit, why := cellValue(c, col.kind != countUnit || col.unit.factor > 1 || m.kind == Comparison)
			if why != "" {
				continue
			}
			got := m
			if m.kind == Result && col.measure.known && (col.measure.dated || col.measure.kind != Result) && (m.total || !m.dated) {
				stale := m.stale
				got = col.measure
				got.stale = got.stale || stale
			}
			switch {
			case col.role != valueRole && !(col.role == areaRole || col.role == labelRole):
				r.skip(c, "the column holds no figures of indicators")
			case c.Hidden || col.hidden || row.hidden:
				r.skip(c, "hidden")
			case got.stale || col.measure.stale:
				r.skip(c, "marked as superseded")
			case col.code == "":
				r.skip(c, "the head names no indicator")
			case !m.known && c.Doubtful:
				r.skip(c, "the cell's value is doubtful")
			case !m.known && r.crossed(row, col) != "":
				if !unit.known {
					unit = r.cellUnit(row.unit, col)
				}
				r.take(c, r.crossed(row, col), got, v, unit, strings.Join(col.path, " ")+" – "+row.label, crossRule)
			case !m.known:
				r.skip(c, "a part by place or field; only the total counts")
			case c.Doubtful:
				r.skip(c, "the cell's value is doubtful")
			default:
				if !unit.known {
					unit = r.cellUnit(tableUnit{}, col)
					if row.unit.known && row.unit.kind != countUnit && got.kind == Comparison {
						unit = row.unit
					}
				}
				r.take(c, col.code, got, v, unit, strings.Join(col.path, " ")+" – "+row.label, columnRule)
			}
		}
	}
}

// settleRowForms does for rows of comparisons what settleForms does for columns.
func (r *tableReader) settleRowForms(measures []measure) {
	for i := range measures {
		m := &measures[i]
		if m.kind != Comparison || m.basis == OfPlan || m.basis == "" {
			continue
		}
		cur, past := -1, -1
		for k := range measures {
			if measures[k].kind != Result || !measures[k].known || measures[k].stale {
				continue
			}
			switch {
			case measures[k].period == m.period:
				cur = k
			case m.basis == SamePeriod && measures[k].period == inYear(m.period, tableYear(m.period)-1), m.basis == PreviousPeriod && endMonth(measures[k].period) < endMonth(m.period):
				past = k
			}
		}
		var pairs []pair
		for x := range r.cols {
			get := func(k int) float64 {
				if k < 0 || r.cols[x].role != valueRole || r.rows[r.labels[k].at][x] == nil {
					return math.NaN()
				}
				v, _, why := cellValue(r.rows[r.labels[k].at][x], true)
				if why != "" {
					return math.NaN()
				}
				return v
			}
			if v := get(i); !math.IsNaN(v) {
				pairs = append(pairs, pair{v, get(cur), get(past)})
			}
		}
		settleForm(m, pairs)
	}
}

// take adds a fact, after its value is put into the indicator's unit.
func (r *tableReader) take(c *document.Cell, code string, m measure, v float64, unit tableUnit, label, rule string) {
	kind := kindOfCode(code)
	f := Fact{Code: code, Period: m.period, Kind: m.kind, Page: c.Page, Sheet: r.table.Sheet, Cell: c.Ref, Box: c.Box, Rule: rule}
	if m.kind == Result && (r.planned && !m.dated || laterThan(m.period, r.context.Period)) {
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
