package analytics

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"soket/extract/indicator"
)

// Point is one value of a trend: one for each body, period, code, kind and basis. It is what the view
// trend shows.
type Point struct {
	Body            string   `json:"body"`
	Code            string   `json:"code"`
	Area            string   `json:"area"`
	Period          string   `json:"period"`
	PeriodYear      uint16   `json:"period_year"`
	PeriodKind      string   `json:"period_kind"`
	Kind            string   `json:"kind"`
	Basis           string   `json:"basis"`
	Value           float64  `json:"value"`
	Unit            string   `json:"unit"`
	Report          string   `json:"report_id"` // where the value stands
	FactNo          uint32   `json:"fact_no"`
	Confidence      float64  `json:"confidence"`
	Derived         bool     `json:"derived"`   // the year less the first half
	Sources         uint32   `json:"sources"`   // reports that state a value
	Differing       bool     `json:"differing"` // and their values differ
	SamePeriod      string   `json:"same_period"`
	SamePeriodValue *float64 `json:"same_period_value"`
	ChangePercent   *float64 `json:"change_percent"`
	PreviousValue   *float64 `json:"previous_value"`
}

// before tells whether a value is chosen before another one for the same body, indicator, period, kind
// and basis, as in the view chosen_within: the body's own report for that period before one that quotes
// it, approved before not, then the newest, then the surest.
func (a *stated) before(b *stated) bool {
	rank := func(x *stated) (n int) {
		if x.from.Period == x.Period {
			n = 2
		}
		if x.from.approved() {
			n++
		}
		return n
	}
	c := cmp.Or(cmp.Compare(rank(a), rank(b)), a.from.ReceivedAt.Compare(b.from.ReceivedAt), cmp.Compare(a.confidence, b.confidence))
	if c == 0 {
		c = cmp.Or(compareIDs(a.from.Report, b.from.Report), -cmp.Compare(a.no, b.no))
	}
	return c > 0
}

// Trend lists points by code, body, kind, basis and period. next is empty after the last ones.
func (db *DB) Trend(ctx context.Context, f Filter) (list []Point, next string, err error) {
	limit := bounded(f.Limit)
	after, err := cursorParts(f.Cursor, 5)
	if err != nil {
		return nil, "", err
	}
	all, err := db.figures(ctx)
	if err != nil {
		return nil, "", fmt.Errorf("trend: %w", err)
	}
	codes := f.Codes
	if len(codes)+len(f.Bodies)+len(f.Periods) == 0 { // everything: indicator by indicator, until there are enough
		for _, s := range all.sorts {
			if s.Code >= after[0] && among(f.Areas, s.Area) {
				codes = append(codes, s.Code)
			}
		}
		slices.Sort(codes)
		codes = slices.Compact(codes)
		if len(codes) == 0 {
			return nil, "", nil
		}
	}
	for step := range trendSteps(codes, len(f.Codes) == 0) {
		points, err := db.points(ctx, all, f, step)
		if err != nil {
			return nil, "", fmt.Errorf("trend: %w", err)
		}
		slices.SortFunc(points, func(a, b Point) int { return slices.Compare(a.place(), b.place()) })
		for _, p := range points {
			if f.Cursor == "" || slices.Compare(p.place(), after) > 0 {
				list = append(list, p)
			}
		}
		if len(list) > limit {
			list = list[:limit:limit]
			return list, cursorOf(list[limit-1].place()...), nil
		}
	}
	return list, "", nil
}

// trendSteps are the codes of one statement each: all together, or one by one; none at all is one
// statement over every code.
func trendSteps(codes []string, single bool) func(func([]string) bool) {
	if single && len(codes) > 0 {
		return slices.Chunk(codes, 1)
	}
	return slices.Values([][]string{codes})
}

// place is where a point stands in the order of answers.
func (p Point) place() []string { return []string{p.Code, p.Body, p.Kind, p.Basis, p.Period} }

// points gives what the filter lets through of these indicators, in no order. What the view trend does
// in SQL is done here; a test holds the two together.
func (db *DB) points(ctx context.Context, all *figures, f Filter, codes []string) ([]Point, error) {
	catalogue, err := db.Catalogue(ctx)
	if err != nil {
		return nil, err
	}
	flows := map[string]bool{}
	for _, x := range catalogue {
		flows[x.Code] = x.Measure == "flow" && x.Unit != "%"
	}
	type key struct{ code, body, kind, basis string }
	type spot struct {
		key
		period string
	}
	type choice struct {
		stated
		differing bool
		reports   map[string]bool // where there are several values
	}
	best := map[spot]*choice{}
	within := needed(f.Periods...)
	all.each(f.Bodies, func(s *sort) bool {
		return s.Period != "" && among(within, s.Period) && among(codes, s.Code) && among(f.Areas, s.Area) && among(f.Kinds, s.Kind) && among(f.Bases, s.Basis)
	}, func(x stated) {
		at := spot{key{x.Code, x.from.Body, x.Kind, x.Basis}, x.Period}
		y := best[at]
		if y == nil {
			best[at] = &choice{stated: x}
			return
		}
		if y.reports == nil {
			y.reports = map[string]bool{y.from.Report: true}
		}
		y.reports[x.from.Report] = true
		y.differing = y.differing || x.value != y.value
		if x.before(&y.stated) {
			y.stated = x
		}
	})
	series := map[key]map[int]*Point{}
	rows := make([]Point, 0, len(best))
	for at, x := range best {
		p := Point{Body: at.body, Code: at.code, Area: x.Area, Period: at.period, PeriodYear: x.PeriodYear, PeriodKind: x.PeriodKind, Kind: at.kind, Basis: at.basis, Value: x.value, Unit: x.Unit,
			Report: x.from.Report, FactNo: x.no, Confidence: x.confidence, Sources: uint32(max(1, len(x.reports))), Differing: x.differing}
		if series[at.key] == nil {
			series[at.key] = map[int]*Point{}
		}
		series[at.key][p.no()] = &p
		rows = append(rows, p)
	}
	// A second half that nobody reported is the year less the first half, for flows only.
	var halves []Point
	for _, x := range rows {
		s := series[key{x.Code, x.Body, x.Kind, x.Basis}]
		first := s[x.no()+1]
		if !flows[x.Code] || x.Kind != string(indicator.Result) || x.no()%100 != 0 || first == nil || s[x.no()+2] != nil || x.Value < first.Value {
			continue
		}
		h := x
		h.Period, h.PeriodKind, h.Value, h.Derived = x.Period+"-H2", "half", x.Value-first.Value, true
		h.Confidence, h.Differing = min(x.Confidence, first.Confidence), x.Differing || first.Differing
		halves = append(halves, h)
	}
	rows = append(rows, halves...)
	for _, h := range halves {
		series[key{h.Code, h.Body, h.Kind, h.Basis}][h.no()] = &h
	}
	var points []Point
	for _, x := range rows {
		if !among(f.Reports, x.Report) || !among(f.Periods, x.Period) || !among(f.PeriodKinds, x.PeriodKind) {
			continue
		}
		p := x
		if p.PeriodKind != "span" {
			p.SamePeriod = strconv.Itoa(int(p.PeriodYear)-1) + p.Period[min(4, len(p.Period)):]
		}
		s := series[key{x.Code, x.Body, x.Kind, x.Basis}]
		same, previous := neighbours(x.no())
		if y := s[same]; y != nil {
			v := y.Value
			p.SamePeriodValue = &v
			if p.Kind != "comparison" && v != 0 {
				change := math.RoundToEven((p.Value-v)/math.Abs(v)*1000) / 10
				p.ChangePercent = &change
			}
		}
		if y := s[previous]; y != nil {
			v := y.Value
			p.PreviousValue = &v
		}
		points = append(points, p)
	}
	return points, nil
}

// no numbers the periods of a series, so that neighbours are found: year × 100 and the part, halves
// from 1, quarters from 3, months from 10, the first n months as 30 + n, a span as 99.
func (p Point) no() int {
	part := 99
	n := func(from int) int {
		x, _ := strconv.Atoi(p.Period[min(from, len(p.Period)):])
		return x
	}
	switch p.PeriodKind {
	case "year":
		part = 0
	case "half":
		part = n(6)
	case "quarter":
		part = 2 + n(6)
	case "month":
		part = 9 + n(6)
	case "months":
		part = 30
		if x, err := strconv.Atoi(strings.TrimSuffix(p.Period[min(5, len(p.Period)):], "M")); err == nil {
			part += x
		}
	}
	return int(p.PeriodYear)*100 + part
}

// neighbours are the numbers of the same period of last year and of the period before; -1 where there
// is none.
func neighbours(no int) (same, previous int) {
	switch part := no % 100; {
	case part == 99:
		return -1, -1
	case part == 1: // the second half of last year
		return no - 100, no - 99
	case part == 3: // its last quarter
		return no - 100, no - 97
	case part == 10: // its last month
		return no - 100, no - 89
	case part >= 2 && part <= 21:
		return no - 100, no - 1
	default:
		return no - 100, no - 100
	}
}
