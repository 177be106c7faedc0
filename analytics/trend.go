package analytics

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2"

	"soket/extract/indicator"
)

// Point is one value of a trend: one for each body, period, code, kind and basis. It is what the view
// trend shows.
type Point struct {
	Body            string   `ch:"-" json:"body"`
	Code            string   `ch:"code" json:"code"`
	Area            string   `ch:"area" json:"area"`
	Period          string   `ch:"period" json:"period"`
	PeriodYear      uint16   `ch:"period_year" json:"period_year"`
	PeriodKind      string   `ch:"period_kind" json:"period_kind"`
	Kind            string   `ch:"kind" json:"kind"`
	Basis           string   `ch:"basis" json:"basis"`
	Value           float64  `ch:"value" json:"value"`
	Unit            string   `ch:"unit" json:"unit"`
	Report          string   `ch:"-" json:"report_id"` // where the value stands
	FactNo          uint32   `ch:"fact_no" json:"fact_no"`
	Confidence      float64  `ch:"confidence" json:"confidence"`
	Derived         bool     `ch:"-" json:"derived"`   // the year less the first half
	Sources         uint32   `ch:"-" json:"sources"`   // reports that state a value
	Differing       bool     `ch:"-" json:"differing"` // and their values differ
	SamePeriod      string   `ch:"-" json:"same_period"`
	SamePeriodValue *float64 `ch:"-" json:"same_period_value"`
	ChangePercent   *float64 `ch:"-" json:"change_percent"`
	PreviousValue   *float64 `ch:"-" json:"previous_value"`
}

// stated is one figure that a report states.
type stated struct {
	Attempt string `ch:"attempt"`
	Point
	from *rosterRow
}

// before tells whether a value is chosen before another one for the same body, indicator, period, kind
// and basis, as in the view chosen_within: the body's own report for that period before one that quotes
// it, approved before not, then the newest, then the surest.
func (a *stated) before(b *stated) bool {
	rank := func(x *stated) (n int) {
		if x.from.Period == x.Period {
			n = 2
		}
		if x.from.Approved {
			n++
		}
		return n
	}
	c := cmp.Or(cmp.Compare(rank(a), rank(b)), a.from.ReceivedAt.Compare(b.from.ReceivedAt), cmp.Compare(a.Confidence, b.Confidence))
	if c == 0 {
		c = cmp.Or(compareIDs(a.Report, b.Report), -cmp.Compare(a.FactNo, b.FactNo))
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
	codes := f.Codes
	if len(codes)+len(f.Bodies)+len(f.Periods) == 0 { // everything: indicator by indicator, until there are enough
		var all []struct {
			Code string `ch:"code"`
		}
		if err := db.selectRows(ctx, &all, "trend_codes", "", clickhouse.Named("after", after[0]), clickhouse.Named("areas", some(f.Areas))); err != nil {
			return nil, "", fmt.Errorf("trend: %w", err)
		}
		for _, x := range all {
			codes = append(codes, x.Code)
		}
		if len(codes) == 0 {
			return nil, "", nil
		}
	}
	for step := range trendSteps(codes, len(f.Codes) == 0) {
		points, err := db.points(ctx, f, step)
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

// stated gives what reports that count state of these indicators, in no order: what the filter says of
// reports and kinds of period is not looked at.
func (db *DB) stated(ctx context.Context, f Filter, codes []string) ([]stated, error) {
	known, err := db.roster(ctx)
	if err != nil {
		return nil, err
	}
	attempts := known.attempts(f.Bodies)
	if len(f.Bodies) > 0 && len(attempts) == 0 {
		return nil, nil
	}
	var all []stated
	err = db.selectRows(ctx, &all, "trend", "", clickhouse.Named("within", needed(f.Periods...)), clickhouse.Named("attempts", attempts), clickhouse.Named("codes", some(codes)),
		clickhouse.Named("areas", some(f.Areas)), clickhouse.Named("kinds", some(f.Kinds)), clickhouse.Named("bases", some(f.Bases)))
	if err != nil {
		return nil, err
	}
	n := 0
	for _, x := range all {
		if x.from = known.byAttempt[x.Attempt]; x.from != nil && x.from.Body != "" {
			x.Body, x.Report, x.Sources = x.from.Body, x.from.Report, 1
			all[n] = x
			n++
		}
	}
	return all[:n], nil
}

// points gives what the filter lets through of these indicators, in no order. What the view trend does
// in SQL is done here, for planning that takes five times as long; a test holds the two together.
func (db *DB) points(ctx context.Context, f Filter, codes []string) ([]Point, error) {
	all, err := db.stated(ctx, f, codes)
	if err != nil {
		return nil, err
	}
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
	best := map[spot]*stated{}
	sources := map[spot]map[string]bool{} // reports, where there are several values
	for i := range all {
		x := &all[i]
		at := spot{key{x.Code, x.Body, x.Kind, x.Basis}, x.Period}
		y := best[at]
		if y == nil {
			best[at] = x
			continue
		}
		if sources[at] == nil {
			sources[at] = map[string]bool{y.Report: true}
		}
		sources[at][x.Report] = true
		differing := x.Differing || y.Differing || x.Value != y.Value
		if x.before(y) {
			best[at] = x
		}
		best[at].Differing, best[at].Sources = differing, uint32(len(sources[at]))
	}
	series := map[key]map[int]*Point{}
	rows := make([]Point, 0, len(best))
	for at, x := range best {
		if series[at.key] == nil {
			series[at.key] = map[int]*Point{}
		}
		series[at.key][x.no()] = &x.Point
		rows = append(rows, x.Point)
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
