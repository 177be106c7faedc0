package analytics

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// Point is one value of a trend: one for each body, period, code, kind and basis. It is what the view
// trend shows.
type Point struct {
	Body            string   `ch:"body" json:"body"`
	Code            string   `ch:"code" json:"code"`
	Area            string   `ch:"area" json:"area"`
	Period          string   `ch:"period" json:"period"`
	PeriodYear      uint16   `ch:"period_year" json:"period_year"`
	PeriodKind      string   `ch:"period_kind" json:"period_kind"`
	Kind            string   `ch:"kind" json:"kind"`
	Basis           string   `ch:"basis" json:"basis"`
	Value           float64  `ch:"value" json:"value"`
	Unit            string   `ch:"unit" json:"unit"`
	Report          string   `ch:"report_id" json:"report_id"` // where the value stands
	FactNo          uint32   `ch:"fact_no" json:"fact_no"`
	Confidence      float64  `ch:"confidence" json:"confidence"`
	Derived         bool     `ch:"-" json:"derived"`           // the year less the first half
	Sources         uint32   `ch:"sources" json:"sources"`     // reports that state a value
	Differing       bool     `ch:"differing" json:"differing"` // and their values differ
	SamePeriod      string   `ch:"-" json:"same_period"`
	SamePeriodValue *float64 `ch:"-" json:"same_period_value"`
	ChangePercent   *float64 `ch:"-" json:"change_percent"`
	PreviousValue   *float64 `ch:"-" json:"previous_value"`
}

// chosen is a point before its neighbours in the series are known.
type chosen struct {
	Point
	Best []any `ch:"best"`
	Flow bool  `ch:"flow"`
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

// points gives what the filter lets through of these indicators, in no order.
func (db *DB) points(ctx context.Context, f Filter, codes []string) ([]Point, error) {
	var rows []chosen
	err := db.selectRows(ctx, &rows, "trend", "", clickhouse.Named("within", needed(f.Periods...)), clickhouse.Named("bodies", some(f.Bodies)), clickhouse.Named("codes", some(codes)),
		clickhouse.Named("areas", some(f.Areas)), clickhouse.Named("kinds", some(f.Kinds)), clickhouse.Named("bases", some(f.Bases)))
	if err != nil {
		return nil, err
	}
	type key struct{ code, body, kind, basis string }
	series := map[key]map[int]*chosen{}
	for i := range rows {
		x := &rows[i]
		k := key{x.Code, x.Body, x.Kind, x.Basis}
		if series[k] == nil {
			series[k] = map[int]*chosen{}
		}
		series[k][x.no()] = x
	}
	// A second half that nobody reported is the year less the first half, for flows only.
	var halves []chosen
	for _, x := range rows {
		s := series[key{x.Code, x.Body, x.Kind, x.Basis}]
		first := s[x.no()+1]
		if !x.Flow || x.no()%100 != 0 || first == nil || s[x.no()+2] != nil || x.Value < first.Value {
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
	points := make([]Point, 0, len(rows))
	lets := func(list []string, s string) bool { return len(list) == 0 || slices.Contains(list, s) }
	for _, x := range rows {
		if !lets(f.Reports, x.Report) || !lets(f.Periods, x.Period) || !lets(f.PeriodKinds, x.PeriodKind) {
			continue
		}
		p := x.Point
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
func (c chosen) no() int {
	part := 99
	n := func(from int) int {
		x, _ := strconv.Atoi(c.Period[min(from, len(c.Period)):])
		return x
	}
	switch c.PeriodKind {
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
		if x, err := strconv.Atoi(strings.TrimSuffix(c.Period[min(5, len(c.Period)):], "M")); err == nil {
			part += x
		}
	}
	return int(c.PeriodYear)*100 + part
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
