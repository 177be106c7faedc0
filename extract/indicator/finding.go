package indicator

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"soket/extract/vietnamese"
)

// Codes of findings. They are stable: pages, exports and analysts know them.
const (
	ProseAgainstTable  = "prose_against_table"  // the text and a table give different values
	TwoValues          = "two_values"           // two places of the text, or two tables, do
	PartsAgainstTotal  = "parts_against_total"  // parts come to more than their total
	PartAboveWhole     = "part_above_whole"     // more failed than were tested
	ChangeAgainstValue = "change_against_value" // the stated change is not the one between the values
	ShareAgainstPlan   = "share_against_plan"   // the stated share is not that of value and plan
	PartAboveYear      = "part_above_year"      // some months have more than their year
	HundredTimes       = "hundred_times"        // a figure a hundred times, or a hundredth of, what it is compared with
)

const (
	changeSlack = 1.1   // percentage points between a stated and a computed change: both are rounded
	valueSlack  = 0.005 // share by which two printings of one value may differ: "27,85 tỷ" and "27.853 triệu"
	jump        = 100   // times; a thousand mistaken for a unit makes a thousand
)

// totals are indicators whose parts have codes of their own.
var totals = []struct {
	whole string
	parts []string
}{
	{"ip.applications", []string{"ip.trademark_applications", "ip.patent_applications", "ip.design_applications"}},
	{"ip.grants", []string{"ip.trademark_grants", "ip.patent_grants", "ip.design_grants"}},
	{"task.in_progress", []string{"task.carried_over", "task.new"}},
}

// wholes are indicators that cannot be more than another.
var wholes = [][2]string{
	{"smq.samples_failed", "smq.samples_tested"},
	{"inspection.violations", "inspection.entities"},
	{"inspection.sanctioned", "inspection.entities"},
	{"admin.dossiers_on_time", "admin.dossiers_resolved"},
	{"finance.disbursed_vnd", "finance.st_budget_vnd"},
	{"enterprise.st_certified", "enterprise.st_total"},
}

// Check looks for what does not fit together among the facts of one report. It flags, and never
// alters a fact. The findings are in the order of their facts.
func Check(c *Catalogue, facts []Fact) []Finding {
	k := checker{catalogue: c, facts: facts, of: map[slot][]int{}}
	for i := range facts {
		f := &facts[i]
		s := slot{f.Code, f.Period, f.Kind, f.Basis}
		k.of[s] = append(k.of[s], i)
	}
	for i := range facts {
		k.twoValues(i)
		k.compared(i)
		k.aboveYear(i)
	}
	for _, t := range totals {
		k.parts(t.whole, t.parts)
	}
	for _, w := range wholes {
		k.above(w[0], w[1])
	}
	slices.SortStableFunc(k.found, func(a, b Finding) int { return a.Facts[0] - b.Facts[0] })
	return k.found
}

// slot is what a report may state one value for.
type slot struct {
	code   string
	period vietnamese.Period
	kind   Kind
	basis  Basis
}

type checker struct {
	catalogue *Catalogue
	facts     []Fact
	of        map[slot][]int // facts of a slot, in their order
	found     []Finding
}

func (k *checker) add(code, severity string, expected, got float64, facts ...int) {
	k.found = append(k.found, Finding{Code: code, Severity: severity, Facts: facts, Expected: plain(expected), Found: plain(got)})
}

func plain(v float64) string { return strconv.FormatFloat(math.Round(v*1e4)/1e4, 'f', -1, 64) }

// one gives the only value that a report states for a slot; false where it states none or several.
func (k *checker) one(s slot) (int, bool) {
	if list := k.of[s]; len(list) == 1 {
		return list[0], true
	}
	return 0, false
}

func isTable(f *Fact) bool { return f.Method == "table" || f.Method == "cell" }

// twoValues compares a fact with the first one of its slot. Several counts of inspected bodies or of
// samples in one report are of several inspectors or laboratories, so two places of the text are
// only noted; a text and the table that it sums up must agree.
func (k *checker) twoValues(i int) {
	f := &k.facts[i]
	list := k.of[slot{f.Code, f.Period, f.Kind, f.Basis}]
	if len(list) < 2 || list[0] == i {
		return
	}
	first := &k.facts[list[0]]
	if f.Value == first.Value || near(f.Value, first.Value) {
		return
	}
	if isTable(f) != isTable(first) {
		k.add(ProseAgainstTable, "warning", first.Value, f.Value, list[0], i)
		return
	}
	k.add(TwoValues, "note", first.Value, f.Value, list[0], i)
}

func near(a, b float64) bool { return math.Abs(a-b) <= valueSlack*math.Max(math.Abs(a), math.Abs(b)) }

// compared holds a comparison against the values that it compares, and values against each other.
func (k *checker) compared(i int) {
	f := k.facts[i]
	if f.Kind != Comparison {
		return
	}
	now, ok := k.one(slot{code: f.Code, period: f.Period, kind: Result})
	if !ok {
		return
	}
	value := k.facts[now].Value
	switch f.Basis {
	case SamePeriod, PreviousPeriod:
		then, ok := k.one(slot{code: f.Code, period: f.Period.LastYear(), kind: Result})
		if !ok || k.facts[then].Value == 0 {
			return
		}
		before := k.facts[then].Value
		if change := 100 * (value - before) / before; math.Abs(change-f.Value) > changeSlack {
			k.add(ChangeAgainstValue, "warning", math.Round(change*10)/10, f.Value, i, now, then)
		}
	case OfPlan:
		plan, ok := k.one(slot{code: f.Code, period: f.Period, kind: Plan})
		if !ok {
			plan, ok = k.one(slot{code: f.Code, period: vietnamese.Period(fmt.Sprint(f.Period.Year())), kind: Plan})
		}
		if !ok || k.facts[plan].Value == 0 {
			return
		}
		if share := 100 * value / k.facts[plan].Value; math.Abs(share-f.Value) > changeSlack {
			k.add(ShareAgainstPlan, "warning", math.Round(share*10)/10, f.Value, i, now, plan)
		}
	}
}

// aboveYear holds results of months and quarters against their year, and values against last year's.
func (k *checker) aboveYear(i int) {
	f := k.facts[i]
	if f.Kind != Result {
		return
	}
	if list := k.of[slot{code: f.Code, period: f.Period, kind: Result}]; list[0] != i {
		return
	}
	if then, ok := k.one(slot{code: f.Code, period: f.Period.LastYear(), kind: Result}); ok && f.Period != "" {
		before := k.facts[then].Value
		if f.Value > 0 && before > 0 && (f.Value/before >= jump || before/f.Value >= jump) {
			k.add(HundredTimes, "error", before, f.Value, i, then)
		}
	}
	if plan, ok := k.one(slot{code: f.Code, period: f.Period, kind: Plan}); ok {
		if p := k.facts[plan].Value; f.Value > 0 && p > 0 && (f.Value/p >= jump || p/f.Value >= jump) {
			k.add(HundredTimes, "error", p, f.Value, i, plan)
		}
	}
	x, known := k.catalogue.Get(f.Code)
	if !known || x.Measure != "flow" || f.Period.Part() == "" {
		return
	}
	year := vietnamese.Period(fmt.Sprint(f.Period.Year()))
	if whole, ok := k.one(slot{code: f.Code, period: year, kind: Result}); ok && f.Value > k.facts[whole].Value && !near(f.Value, k.facts[whole].Value) {
		k.add(PartAboveYear, "warning", k.facts[whole].Value, f.Value, i, whole)
	}
}

// parts holds parts with codes of their own against their total. Fewer may be told than there are;
// more than the total there cannot be.
func (k *checker) parts(whole string, parts []string) {
	for i, f := range k.facts {
		if f.Code != whole || f.Kind == Comparison {
			continue
		}
		if n, ok := k.one(slot{f.Code, f.Period, f.Kind, f.Basis}); !ok || n != i {
			continue
		}
		sum, members := 0.0, []int{i}
		for _, code := range parts {
			if n, ok := k.one(slot{code: code, period: f.Period, kind: f.Kind}); ok {
				sum += k.facts[n].Value
				members = append(members, n)
			}
		}
		if len(members) > 1 && sum > f.Value && !near(sum, f.Value) {
			k.add(PartsAgainstTotal, "warning", f.Value, sum, members...)
		}
	}
}

// above holds an indicator against one that cannot be less.
func (k *checker) above(part, whole string) {
	for i, f := range k.facts {
		if f.Code != part || f.Kind != Result {
			continue
		}
		p, ok := k.one(slot{code: part, period: f.Period, kind: Result})
		w, also := k.one(slot{code: whole, period: f.Period, kind: Result})
		if !also && part == "finance.disbursed_vnd" {
			w, also = k.one(slot{code: whole, period: vietnamese.Period(fmt.Sprint(f.Period.Year())), kind: Result})
		}
		if ok && also && p == i && f.Value > k.facts[w].Value {
			k.add(PartAboveWhole, "warning", k.facts[w].Value, f.Value, i, w)
		}
	}
}
