package analytics

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"soket/extract/vietnamese"
)

// SeriesYears is how many years the small trends of a period's figures go back.
const SeriesYears = 6

// expectedYears is for how long a body that reported for a kind of period is still expected to: after
// two years of silence it was merged or dissolved, and would be called late for ever.
const expectedYears = 2

// Standing says which figures are wanted: of a period, of one body (empty: of all), and as they stood
// at a moment (zero: now).
type Standing struct {
	Period vietnamese.Period
	Body   string
	At     time.Time
}

// PeriodFigure is one indicator in one period, over all bodies or over one. Sums are over the bodies
// that stated a figure; a comparison is over those only that are there on both sides.
type PeriodFigure struct {
	Code string `ch:"code"`
	Area string `ch:"area"`
	Unit string `ch:"unit"`
	// Values and Counts are sums and how many bodies they are over: of the period, the same period of
	// last year, the period before, what counts against the plan, and then SeriesYears of the same
	// period, the oldest first. A count of 0 says that nobody stated a figure.
	Values []float64 `ch:"values"`
	Counts []uint64  `ch:"counts"`
	// Kept and KeptCounts are the same over those bodies only that stated a figure in the period:
	// empty where none did.
	Kept           []float64 `ch:"kept"`
	KeptCounts     []uint64  `ch:"kept_counts"`
	Low            float64   `ch:"low"` // of the bodies' values in the period
	High           float64   `ch:"high"`
	Derived        uint64    `ch:"derived"`   // of the bodies: their value is the year less the first half
	Differing      uint64    `ch:"differing"` // of the bodies: their reports state different values
	SameNow        float64   `ch:"same_now"`
	SameThen       float64   `ch:"same_then"`
	SameBodies     uint64    `ch:"same_bodies"`
	PreviousNow    float64   `ch:"previous_now"`
	PreviousThen   float64   `ch:"previous_then"`
	PreviousBodies uint64    `ch:"previous_bodies"`
	PlanDone       float64   `ch:"plan_done"` // of the bodies with a plan: what they reached
	PlanDue        float64   `ch:"plan_due"`  // of the bodies with a plan that stated a figure: their plan
	PlanBoth       uint64    `ch:"plan_both"`
	Plan           float64   `ch:"plan"`
	PlanBodies     uint64    `ch:"plan_bodies"`
	PlanPeriod     string    `ch:"plan_period"`
	PlannedIn      string    `ch:"planned_in"` // period of the report that states the plan
	// Where the figures stand; of use where one body stated them.
	Report         string  `ch:"report_id"`
	Fact           uint32  `ch:"fact_no"`
	SameReport     string  `ch:"same_report"`
	SameFact       uint32  `ch:"same_fact"`
	PreviousReport string  `ch:"previous_report"`
	PreviousFact   uint32  `ch:"previous_fact"`
	PlanReport     string  `ch:"plan_report"`
	PlanFact       uint32  `ch:"plan_fact"`
	Movers         []Mover `ch:"movers"` // the bodies that changed most since the same period of last year
}

// Mover is a body's value beside that of the same period of last year.
type Mover struct {
	Body   string  `ch:"body"`
	Now    float64 `ch:"now"`
	Then   float64 `ch:"then"`
	Report string  `ch:"report"`
	Fact   uint32  `ch:"fact"`
}

// PeriodPart is what one body adds to an indicator's figure of a period.
type PeriodPart struct {
	Body           string  `ch:"body"`
	Unit           string  `ch:"unit"`
	Has            bool    `ch:"has"`
	Value          float64 `ch:"value"`
	Report         string  `ch:"report_id"`
	Fact           uint32  `ch:"fact_no"`
	Derived        bool    `ch:"derived"`
	Differing      bool    `ch:"differing"`
	HasSame        bool    `ch:"has_same"`
	Same           float64 `ch:"same"`
	SameReport     string  `ch:"same_report"`
	SameFact       uint32  `ch:"same_fact"`
	HasPrevious    bool    `ch:"has_previous"`
	Previous       float64 `ch:"previous"`
	PreviousReport string  `ch:"previous_report"`
	PreviousFact   uint32  `ch:"previous_fact"`
	HasPlan        bool    `ch:"has_plan"`
	Plan           float64 `ch:"plan"`
	PlanReport     string  `ch:"plan_report"`
	PlanFact       uint32  `ch:"plan_fact"`
}

// StandingReport is a report as it stood at a moment.
type StandingReport struct {
	ID          string    `ch:"report_id"`
	State       string    `ch:"state"`
	File        string    `ch:"file_name"`
	Number      string    `ch:"number"`
	Title       string    `ch:"title"`
	Body        string    `ch:"body"`
	Signed      string    `ch:"signed"` // ISO date; empty where the document has none
	Period      string    `ch:"period"`
	Facts       uint32    `ch:"facts"`
	ReceivedAt  time.Time `ch:"received_at"`
	CommittedAt time.Time `ch:"committed_at"`
}

// Previous is the period right before: the first half before the second, the year before a year.
// Cumulative periods ("the first nine months") and spans have none that compares.
func Previous(p vietnamese.Period) vietnamese.Period {
	year, kind := periodParts(p)
	part := p.Part()
	step := func(letter string, width, last int) vietnamese.Period {
		n := 0
		fmt.Sscanf(part[1:], "%d", &n)
		if n > 1 {
			return vietnamese.Period(fmt.Sprintf("%d-%s%0*d", year, letter, width, n-1))
		}
		return vietnamese.Period(fmt.Sprintf("%d-%s%0*d", year-1, letter, width, last))
	}
	switch kind {
	case "year":
		return p.LastYear()
	case "half":
		return step("H", 1, 2)
	case "quarter":
		return step("Q", 1, 4)
	case "month":
		return step("M", 2, 12)
	}
	return ""
}

// Series are the periods of the small trend: the same part of the last SeriesYears years.
func Series(p vietnamese.Period) []vietnamese.Period {
	if p == "" || p.Span() {
		return []vietnamese.Period{p}
	}
	var list []vietnamese.Period
	for y := p.Year() - SeriesYears + 1; y <= p.Year(); y++ {
		list = append(list, p.In(y))
	}
	return list
}

// args are the parameters of a statement over the series, and how many periods it looks into.
func (q Standing) args(code string) (args []any, within int) {
	year := vietnamese.Period(fmt.Sprint(q.Period.Year()))
	done := q.Period // what counts against the year's plan: of the second half, the whole year
	if q.Period.Part() == "H2" || q.Period.Part() == "Q4" || q.Period.Part() == "M12" {
		done = year
	}
	list := []string{string(q.Period), string(q.Period.LastYear()), string(Previous(q.Period)), string(done)}
	for _, p := range Series(q.Period) {
		list = append(list, string(p))
	}
	looked := []string{string(year)}
	for _, p := range list {
		switch {
		case strings.HasSuffix(p, "-H2"): // may derive from the year
			looked = append(looked, p, p[:4], p[:4]+"-H1")
		case len(p) == 4: // may be the sum of its halves
			looked = append(looked, p, p+"-H1", p+"-H2")
		case p != "":
			looked = append(looked, p)
		}
	}
	slices.Sort(looked)
	looked = slices.Compact(looked)
	return []any{clickhouse.Named("period", string(q.Period)), clickhouse.Named("body", q.Body), clickhouse.Named("code", code),
		clickhouse.Named("periods", list), clickhouse.Named("within", looked), clickhouse.Named("moment", moment(q.At))}, len(looked)
}

// moment is a time as the views take it; the zero time is now, also for rows written meanwhile.
func moment(t time.Time) string {
	if t.IsZero() {
		t = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return t.UTC().Format("2006-01-02 15:04:05.000000")
}

// PeriodFigures gives a period's indicators in the order of the catalogue.
func (db *DB) PeriodFigures(ctx context.Context, q Standing) (list []PeriodFigure, err error) {
	args, within := q.args("")
	if err := db.conn.Select(ctx, &list, overSeries("period_figures", q, within), args...); err != nil {
		return nil, fmt.Errorf("figures of %s: %w", q.Period, err)
	}
	return list, nil
}

// PeriodParts gives what each body adds to one indicator's figure.
func (db *DB) PeriodParts(ctx context.Context, q Standing, code string) (list []PeriodPart, err error) {
	args, within := q.args(code)
	if err := db.conn.Select(ctx, &list, overSeries("period_parts", q, within), args...); err != nil {
		return nil, fmt.Errorf("parts of %s in %s: %w", code, q.Period, err)
	}
	return list, nil
}

// overSeries is a statement over sql/period_series.sql, for n periods.
func overSeries(name string, q Standing, n int) string {
	series := strings.ReplaceAll(statement("period_series"), "$within", fmt.Sprintf("1, %d, 1", n+1))
	return asStood(strings.Replace(statement(name), "$series", series, 1), q)
}

// asStood makes a statement about a moment one about now, where no other is asked for: then nothing has
// to be looked for in what stood before.
func asStood(statement string, q Standing) string {
	if !q.At.IsZero() {
		return statement
	}
	return strings.ReplaceAll(statement, "filings_at(moment = {moment:DateTime64(6, 'UTC')})", "filings")
}

// StandingReports gives the reports of a period, those that wait for a person among them, and the
// ones with the ids; by body.
func (db *DB) StandingReports(ctx context.Context, q Standing, ids ...string) (list []StandingReport, err error) {
	if err := db.conn.Select(ctx, &list, asStood(statement("period_reports"), q), clickhouse.Named("period", string(q.Period)), clickhouse.Named("ids", some(ids)),
		clickhouse.Named("moment", moment(q.At))); err != nil {
		return nil, fmt.Errorf("reports of %s: %w", q.Period, err)
	}
	return list, nil
}

// ExpectedBodies gives the bodies that reported for the same kind of period, in the period's year or
// the two before it.
func (db *DB) ExpectedBodies(ctx context.Context, q Standing) ([]string, error) {
	year, kind := periodParts(q.Period)
	var list []struct {
		Body string `ch:"body"`
	}
	if err := db.conn.Select(ctx, &list, asStood(statement("period_bodies"), q), clickhouse.Named("kind", kind), clickhouse.Named("first", max(year, expectedYears)-expectedYears),
		clickhouse.Named("last", year), clickhouse.Named("moment", moment(q.At))); err != nil {
		return nil, fmt.Errorf("bodies expected for %s: %w", q.Period, err)
	}
	bodies := make([]string, len(list))
	for i, b := range list {
		bodies[i] = b.Body
	}
	return bodies, nil
}

// HistoryStart is the oldest moment of which anything is known; the zero time where nothing is.
func (db *DB) HistoryStart(ctx context.Context) (time.Time, error) {
	var list []struct {
		First time.Time `ch:"first"`
	}
	if err := db.conn.Select(ctx, &list, statement("history_start")); err != nil || len(list) == 0 {
		return time.Time{}, err
	}
	if list[0].First.Year() <= 1970 {
		return time.Time{}, nil
	}
	return list[0].First, nil
}

// Catalogue lists the indicators in their order, without counting what there is of them.
func (db *DB) Catalogue(ctx context.Context) ([]Indicator, error) {
	return cached(ctx, db, "", func(ctx context.Context) (list []Indicator, err error) {
		return list, db.selectRows(ctx, &list, "catalogue", "")
	})
}

// Stamp changes whenever figures, names of bodies or the catalogue did: what was made of them under
// the same stamp is still true.
func (db *DB) Stamp(ctx context.Context) (stamp string, err error) {
	if err := db.conn.QueryRow(ctx, statement("stamp")).Scan(&stamp); err != nil {
		return "", fmt.Errorf("stamp: %w", err)
	}
	return stamp, nil
}
