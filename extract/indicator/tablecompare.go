package indicator

import (
	"math"
	"slices"

	"soket/extract/vietnamese"
)

// pair is a figure with its cell, to find out how changes are printed.
type pair struct{ change, cur, past float64 }

// columnPairs gathers, for a column of comparisons, the two figures that each of its figures compares.
func (r *tableReader) columnPairs(x int) (pairs []pair) {
	m := r.cols[x].measure
	cur, past := -1, -1
	for k := range r.cols {
		o := r.cols[k]
		if o.role != valueRole || o.part || o.measure.kind != Result || o.measure.stale || !o.measure.known || r.across && o.code != r.cols[x].code {
			continue
		}
		switch {
		case o.measure.period == m.period:
			cur = k
		case m.basis == SamePeriod && o.measure.period == inYear(m.period, m.period.Year()-1),
			m.basis == PreviousPeriod && endMonth(o.measure.period) < endMonth(m.period) && (past < 0 || endMonth(o.measure.period) > endMonth(r.cols[past].measure.period)):
			past = k
		}
	}
	if cur < 0 {
		return nil
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
	return pairs
}

// settleForms finds out for each column of comparisons what it compares, and whether it prints changes,
// ratios or differences: by the figures it compares, else by its head, else by how the figures look.
func (r *tableReader) settleForms() {
	lines := make([]*measure, len(r.cols))
	for x := range r.cols {
		if col := &r.cols[x]; col.role == valueRole && !col.part && !col.measure.stale && col.measure.known {
			lines[x] = &col.measure
		}
	}
	figure := func(x, i int) float64 {
		c := r.rows[r.labels[i].at][x]
		if c == nil {
			return math.NaN()
		}
		v, _, why := cellValue(c, r.decimals(r.labels[i].unit, &r.cols[x]))
		if why != "" {
			return math.NaN()
		}
		return v
	}
	for x := range r.cols {
		col := &r.cols[x]
		if col.role != valueRole || col.measure.kind != Comparison {
			continue
		}
		if lines[x] != nil {
			of := lines
			if r.across { // those of the same indicator
				of = slices.Clone(lines)
				for k := range of {
					if r.cols[k].code != col.code {
						of[k] = nil
					}
				}
			}
			settleAgainst(of, x, len(r.labels), figure, r.base)
		}
		if col.measure.basis == OfPlan {
			continue
		}
		pairs := r.columnPairs(x)
		if len(pairs) == 0 {
			pairs = r.figuresOf(x)
		}
		settleForm(&col.measure, pairs)
	}
}

// settleAgainst finds what a line of comparisons compares, by the figures of the other lines: which of
// them it is a share or a change of, and which it is against. What its own head says is kept. Lines are
// columns or rows, nil where they hold nothing to compare; figure gives that of a line in each of n places.
func settleAgainst(lines []*measure, at, n int, figure func(line, i int) float64, base vietnamese.Period) {
	m := lines[at]
	if m.plus || m.kind != Comparison {
		return
	}
	best, bestRank := 0, 0
	var period vietnamese.Period
	var basis Basis
	for cur, a := range lines {
		if a == nil || a.kind != Result || m.dated && a.period != m.period {
			continue
		}
		for past, b := range lines {
			if b == nil || past == cur || b.kind == Comparison {
				continue
			}
			against := OfPlan
			if b.kind == Result {
				against = PreviousPeriod
				if endMonth(b.period) >= endMonth(a.period) {
					continue
				}
				if b.period == inYear(a.period, a.period.Year()-1) && (!wholeYear(a.period) || m.basis == SamePeriod) {
					against = SamePeriod
				}
			}
			if !m.vague && m.basis != against {
				continue
			}
			fits, seen := 0, 0
			for i := range n {
				v, c, p := figure(at, i), figure(cur, i), figure(past, i)
				if math.IsNaN(v) || math.IsNaN(c) || math.IsNaN(p) || p == 0 {
					continue
				}
				seen++
				full := c / p * 100
				slack := 0.06 + 0.002*math.Abs(full)
				if math.Abs(v-full) <= slack || against != OfPlan && math.Abs(v-full+100) <= slack {
					fits++
				}
			}
			if 2*fits <= seen {
				continue
			}
			rank := 0 // of lines that fit equally well, those of the report's own period
			if a.period == base {
				rank = 1
			}
			if fits > best || fits == best && rank > bestRank {
				best, bestRank, period, basis = fits, rank, a.period, against
			}
		}
	}
	if best > 0 {
		m.period, m.basis, m.vague = period, basis, false
	}
}

// figuresOf gives the figures of a column where none is known to compare them with.
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

// settleRowForms does for rows of comparisons what settleForms does for columns.
func (r *tableReader) settleRowForms(measures []measure) {
	lines := make([]*measure, len(measures))
	for i := range measures {
		if measures[i].known && !measures[i].stale && r.labels[i].values > 0 {
			lines[i] = &measures[i]
		}
	}
	figure := func(line, x int) float64 {
		c := r.rows[r.labels[line].at][x]
		if c == nil || r.cols[x].role != valueRole || c.Col != x {
			return math.NaN()
		}
		v, _, why := cellValue(c, true)
		if why != "" {
			return math.NaN()
		}
		return v
	}
	for i := range measures {
		m := &measures[i]
		if lines[i] != nil {
			settleAgainst(lines, i, len(r.cols), figure, r.base)
		}
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
			case m.basis == SamePeriod && measures[k].period == inYear(m.period, m.period.Year()-1), m.basis == PreviousPeriod && endMonth(measures[k].period) < endMonth(m.period):
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
