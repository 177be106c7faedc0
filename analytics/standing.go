package analytics

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"soket/extract/indicator"
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
	Code string
	Area string
	Unit string
	// Values and Counts are sums and how many bodies they are over: of the period, the same period of
	// last year, the period before, what counts against the plan, and then SeriesYears of the same
	// period, the oldest first. A count of 0 says that nobody stated a figure.
	Values []float64
	Counts []uint64
	// Kept and KeptCounts are the same over those bodies only that stated a figure in the period:
	// empty where none did.
	Kept           []float64
	KeptCounts     []uint64
	Low            float64 // of the bodies' values in the period
	High           float64
	Derived        uint64 // of the bodies: their value is the year less the first half
	Differing      uint64 // of the bodies: their reports state different values
	SameNow        float64
	SameThen       float64
	SameBodies     uint64
	PreviousNow    float64
	PreviousThen   float64
	PreviousBodies uint64
	PlanDone       float64 // of the bodies with a plan: what they reached
	PlanDue        float64 // of the bodies with a plan that stated a figure: their plan
	PlanBoth       uint64
	Plan           float64
	PlanBodies     uint64
	PlanPeriod     string
	PlannedIn      string // period of the report that states the plan
	// Where the figures stand; of use where one body stated them.
	Report         string
	Fact           uint32
	SameReport     string
	SameFact       uint32
	PreviousReport string
	PreviousFact   uint32
	PlanReport     string
	PlanFact       uint32
	Movers         []Mover // the bodies that changed most since the same period of last year
}

// Mover is a body's value beside that of the same period of last year.
type Mover struct {
	Body   string
	Now    float64
	Then   float64
	Report string
	Fact   uint32
}

// PeriodPart is what one body adds to an indicator's figure of a period.
type PeriodPart struct {
	Body           string
	Unit           string
	Has            bool
	Value          float64
	Report         string
	Fact           uint32
	Derived        bool
	Differing      bool
	HasSame        bool
	Same           float64
	SameReport     string
	SameFact       uint32
	HasPrevious    bool
	Previous       float64
	PreviousReport string
	PreviousFact   uint32
	HasPlan        bool
	Plan           float64
	PlanReport     string
	PlanFact       uint32
}

// StandingReport is a report as it stood at a moment.
type StandingReport struct {
	ID          string
	State       string
	File        string
	Number      string
	Title       string
	Body        string
	Signed      string // ISO date; empty where the document has none
	Period      string
	Facts       uint32
	ReceivedAt  time.Time
	CommittedAt time.Time
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

// look says which periods a standing is made of: those wanted, each with where it is among `within`, and
// those that it may derive from.
type look struct {
	list                     []string // the period, last year's, the one before, what counts against the plan, and the series
	within                   map[string]int
	at, whole, first, second []int // of each of the list; -1: none
}

func (q Standing) look() look {
	year := fmt.Sprint(q.Period.Year())
	done := string(q.Period) // what counts against the year's plan: of the second half, the whole year
	if q.Period.Part() == "H2" || q.Period.Part() == "Q4" || q.Period.Part() == "M12" {
		done = year
	}
	l := look{list: []string{string(q.Period), string(q.Period.LastYear()), string(Previous(q.Period)), done}, within: map[string]int{}}
	for _, p := range Series(q.Period) {
		l.list = append(l.list, string(p))
	}
	add := func(p string, used bool) int {
		if p == "" || !used {
			return -1
		}
		n, ok := l.within[p]
		if !ok {
			n = len(l.within)
			l.within[p] = n
		}
		return n
	}
	for _, p := range l.list {
		half, whole := strings.HasSuffix(p, "-H2"), len(p) == 4
		y := p[:min(4, len(p))]
		l.at = append(l.at, add(p, true))
		l.whole = append(l.whole, add(y, half)) // a second half may derive from the year
		l.first = append(l.first, add(y+"-H1", half || whole))
		l.second = append(l.second, add(y+"-H2", whole)) // a year may be the sum of its halves
	}
	return l
}

// part is one figure of a body, as stated or derived.
type part struct {
	there              bool
	value              float64
	report             string
	fact               uint32
	derived, differing bool
	// Of plans: the period planned for, and that of the report that says so.
	period, in string
}

// bodyFigures is what one body states of an indicator: its results of the periods looked at, and the plan.
type bodyFigures struct {
	body, area, unit string
	v                []part
	plan             part
}

// own is a result as it is chosen among what a body's reports state.
type own struct {
	stated
	low, high float64
}

// part is a chosen result.
func (x *own) part() part {
	return part{there: true, value: x.value, report: x.from.Report, fact: x.no, differing: x.low != x.high}
}

// standing gives what each body stated of each indicator, body by body, and a number of the indicator; code
// may be empty, and what `do` is given is used again. The choice among reports is that of the view chosen_within; a test holds the
// two together.
func (db *DB) standing(ctx context.Context, q Standing, code string, do func(n int, code string, x *bodyFigures)) error {
	all, err := db.figuresAt(ctx, q.At)
	if err != nil {
		return err
	}
	catalogue, err := db.Catalogue(ctx)
	if err != nil {
		return err
	}
	flows := map[string]bool{}
	for _, x := range catalogue {
		flows[x.Code] = x.Measure == "flow"
	}
	l, year := q.look(), fmt.Sprint(q.Period.Year())
	if q.Period.Span() { // several years are not judged by the plan of the last of them
		year = ""
	}
	// For each sort where its figures go: the number of its indicator and the place within, one more than
	// there are for a plan; a body's are laid in one table, which the next body uses again.
	width := len(l.within) + 1
	numbers, codes, adding, slot := map[string]int{}, []string{}, []bool{}, make([]int32, len(all.sorts))
	var sought marks
	for i := range all.sorts {
		s := &all.sorts[i]
		at, within := l.within[s.Period]
		switch {
		case code != "" && s.Code != code:
			continue
		case s.Kind == string(indicator.Plan) && (s.Period == string(q.Period) || year != "" && s.Period == year):
			at = width - 1
		case s.Kind != string(indicator.Result) || !within:
			continue
		}
		n, ok := numbers[s.Code]
		if !ok {
			n = len(codes)
			numbers[s.Code], codes, adding = n, append(codes, s.Code), append(adding, flows[s.Code])
		}
		slot[i] = int32(n*width + at + 1)
		sought.add(s.marks)
	}
	table := make([]own, len(codes)*width)
	seen, filled := []int{}, make([]bool, len(codes)) // indicators
	b := bodyFigures{v: make([]part, len(l.list))}
	bodies := all.bodies
	if q.Body != "" {
		bodies = []string{q.Body}
	}
	for _, b.body = range bodies {
		for _, n := range seen {
			clear(table[n*width : (n+1)*width])
			filled[n] = false
		}
		seen = seen[:0]
		for _, r := range all.byBody[b.body] {
			it := &all.of[r.at]
			if !it.meets(&sought) {
				continue
			}
			for _, f := range it.list {
				at := int(slot[f.sort]) - 1
				if at < 0 {
					continue
				}
				if n := at / width; !filled[n] {
					filled[n], seen = true, append(seen, n)
				}
				x, y := stated{f, &all.sorts[f.sort], r}, &table[at]
				if y.from == nil {
					*y = own{x, x.value, x.value}
					continue
				}
				y.low, y.high = min(y.low, x.value), max(y.high, x.value)
				// The plan of the period itself comes before that of its year.
				if x.Period != y.Period && x.Period == string(q.Period) || x.Period == y.Period && x.before(&y.stated) {
					y.stated = x
				}
			}
		}
		for _, n := range seen {
			row := table[n*width : (n+1)*width]
			has := func(at int) *own {
				if at < 0 || row[at].from == nil {
					return nil
				}
				return &row[at]
			}
			for i := range row {
				if row[i].from != nil {
					b.area, b.unit = row[i].Area, row[i].Unit
					break
				}
			}
			adds := adding[n] && b.unit != "%"
			for i := range l.list {
				x, whole, first, second := has(l.at[i]), has(l.whole[i]), has(l.first[i]), has(l.second[i])
				b.v[i] = part{}
				switch {
				case x != nil:
					b.v[i] = x.part()
				case adds && whole != nil && first != nil && whole.value >= first.value: // a second half that nobody reported is the year less the first half, for flows only
					b.v[i] = whole.part()
					b.v[i].value, b.v[i].derived, b.v[i].differing = whole.value-first.value, true, b.v[i].differing || first.low != first.high
				case adds && first != nil && second != nil: // a year that nobody reported is its two halves, likewise
					b.v[i] = second.part()
					b.v[i].value, b.v[i].derived, b.v[i].differing = first.value+second.value, true, b.v[i].differing || first.low != first.high
				}
			}
			b.plan = part{}
			if x := has(width - 1); x != nil {
				b.plan = x.part()
				b.plan.period, b.plan.in = x.Period, x.from.Period
			}
			do(n, codes[n], &b)
		}
	}
	return nil
}

// PeriodFigures gives a period's indicators in the order of the catalogue.
func (db *DB) PeriodFigures(ctx context.Context, q Standing) ([]PeriodFigure, error) {
	var found []*PeriodFigure
	err := db.standing(ctx, q, "", func(n int, code string, b *bodyFigures) {
		for len(found) <= n {
			found = append(found, nil)
		}
		f := found[n]
		if f == nil {
			f = &PeriodFigure{Code: code, Area: b.area, Unit: b.unit, Values: make([]float64, len(b.v)), Counts: make([]uint64, len(b.v))}
			found[n] = f
		}
		f.add(q, b)
	})
	if err != nil {
		return nil, fmt.Errorf("figures of %s: %w", q.Period, err)
	}
	catalogue, err := db.Catalogue(ctx)
	if err != nil {
		return nil, err
	}
	place := map[string]int{}
	for i, x := range catalogue {
		place[x.Code] = i - len(catalogue) // before those that it does not know
	}
	var list []PeriodFigure
	for _, f := range found {
		if f != nil && f.Counts[0]+f.Counts[1]+f.Counts[2]+f.PlanBodies > 0 {
			list = append(list, *f)
		}
	}
	slices.SortFunc(list, func(a, b PeriodFigure) int {
		return cmp.Or(cmp.Compare(place[a.Code], place[b.Code]), strings.Compare(a.Code, b.Code))
	})
	return list, nil
}

// movers is how many bodies are named that changed most.
const movers = 3

// add adds what one body stated.
func (f *PeriodFigure) add(q Standing, b *bodyFigures) {
	now, same, previous := b.v[0], b.v[1], b.v[2]
	if now.there && f.Kept == nil {
		f.Kept, f.KeptCounts = make([]float64, len(b.v)), make([]uint64, len(b.v))
		f.Low, f.High, f.Report, f.Fact = now.value, now.value, now.report, now.fact
	}
	for i, x := range b.v {
		if !x.there {
			continue
		}
		f.Values[i] += x.value
		f.Counts[i]++
		if now.there {
			f.Kept[i] += x.value
			f.KeptCounts[i]++
		}
	}
	if now.there {
		f.Low, f.High = min(f.Low, now.value), max(f.High, now.value)
		f.Derived += count(now.derived)
		f.Differing += count(now.differing)
	}
	if same.there && f.SameReport == "" {
		f.SameReport, f.SameFact = same.report, same.fact
	}
	if previous.there && f.PreviousReport == "" {
		f.PreviousReport, f.PreviousFact = previous.report, previous.fact
	}
	if now.there && same.there {
		f.SameNow, f.SameThen, f.SameBodies = f.SameNow+now.value, f.SameThen+same.value, f.SameBodies+1
		at := len(f.Movers)
		for at > 0 && math.Abs(now.value-same.value) > math.Abs(f.Movers[at-1].Now-f.Movers[at-1].Then) {
			at--
		}
		if at < movers {
			f.Movers = slices.Insert(f.Movers, at, Mover{b.body, now.value, same.value, now.report, now.fact})
			f.Movers = f.Movers[:min(movers, len(f.Movers))]
		}
	}
	if now.there && previous.there {
		f.PreviousNow, f.PreviousThen, f.PreviousBodies = f.PreviousNow+now.value, f.PreviousThen+previous.value, f.PreviousBodies+1
	}
	if !b.plan.there {
		return
	}
	if f.PlanBodies == 0 {
		f.PlanReport, f.PlanFact, f.PlannedIn = b.plan.report, b.plan.fact, b.plan.in
	}
	f.Plan, f.PlanBodies, f.PlanPeriod = f.Plan+b.plan.value, f.PlanBodies+1, max(f.PlanPeriod, b.plan.period)
	done := b.v[3]
	if b.plan.period == string(q.Period) {
		done = now
	}
	if done.there {
		f.PlanDone, f.PlanDue, f.PlanBoth = f.PlanDone+done.value, f.PlanDue+b.plan.value, f.PlanBoth+1
	}
}

func count(yes bool) uint64 {
	if yes {
		return 1
	}
	return 0
}

// PeriodParts gives what each body adds to one indicator's figure, by body.
func (db *DB) PeriodParts(ctx context.Context, q Standing, code string) (list []PeriodPart, err error) {
	err = db.standing(ctx, q, code, func(_ int, _ string, b *bodyFigures) {
		now, same, previous, plan := b.v[0], b.v[1], b.v[2], b.plan
		if now.there || same.there || previous.there || plan.there {
			list = append(list, PeriodPart{Body: b.body, Unit: b.unit, Has: now.there, Value: now.value, Report: now.report, Fact: now.fact, Derived: now.derived, Differing: now.differing,
				HasSame: same.there, Same: same.value, SameReport: same.report, SameFact: same.fact,
				HasPrevious: previous.there, Previous: previous.value, PreviousReport: previous.report, PreviousFact: previous.fact,
				HasPlan: plan.there, Plan: plan.value, PlanReport: plan.report, PlanFact: plan.fact})
		}
	})
	if err != nil {
		return nil, fmt.Errorf("parts of %s in %s: %w", code, q.Period, err)
	}
	return list, nil
}

// Covers tells whether a report on that period is one on the period asked for: one on the year is also on
// its second half.
func (q Standing) Covers(period string) bool {
	year, second := strings.CutSuffix(string(q.Period), "-H2")
	return period == string(q.Period) || second && period == year
}

// StandingReports gives the reports of a period (of a second half, those on its year too), those that
// wait for a person among them, and the ones with the ids; by body.
func (db *DB) StandingReports(ctx context.Context, q Standing, ids ...string) (list []StandingReport, err error) {
	known, err := db.rosterAt(ctx, q.At)
	if err != nil {
		return nil, fmt.Errorf("reports of %s: %w", q.Period, err)
	}
	named := map[string]bool{}
	for _, id := range ids {
		named[id] = true
	}
	for x := range known.all {
		if q.Covers(x.Period) || named[x.Report] {
			list = append(list, StandingReport{ID: x.Report, State: x.State, File: x.File, Number: x.Number, Title: x.Title, Body: x.Body, Signed: x.Signed, Period: x.Period, Facts: x.Facts,
				ReceivedAt: x.ReceivedAt, CommittedAt: x.CommittedAt})
		}
	}
	slices.SortStableFunc(list, func(a, b StandingReport) int {
		return cmp.Or(strings.Compare(a.Body, b.Body), a.ReceivedAt.Compare(b.ReceivedAt))
	})
	return list, nil
}

// ExpectedBodies gives the bodies that reported for the same part of the year, in the period's year or
// the two before it; a report on a whole year is one on its second half.
func (db *DB) ExpectedBodies(ctx context.Context, q Standing) (list []string, err error) {
	known, err := db.rosterAt(ctx, q.At)
	if err != nil {
		return nil, fmt.Errorf("bodies expected for %s: %w", q.Period, err)
	}
	year, kind := periodParts(q.Period)
	part := q.Period.Part()
	for _, name := range known.bodies {
		if slices.ContainsFunc(known.byBody[name], func(x *rosterRow) bool {
			return (x.PeriodKind == kind && vietnamese.Period(x.Period).Part() == part || part == "H2" && x.PeriodKind == "year") && x.PeriodYear <= year && x.PeriodYear+expectedYears >= year
		}) {
			list = append(list, name)
		}
	}
	return list, nil
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
	e, err := db.edition(ctx)
	if err != nil {
		return nil, err
	}
	list, err := db.catalogue.get(ctx, e.entries, func(ctx context.Context) (list []Indicator, err error) {
		return list, db.selectRows(ctx, &list, "catalogue", "")
	})
	return slices.Clone(list), err
}

// Stamp changes whenever figures, names of bodies or the catalogue did: what was made of them under
// the same stamp is still true.
func (db *DB) Stamp(ctx context.Context) (string, error) { return db.version(ctx) }
