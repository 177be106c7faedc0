package web

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"soket/analytics"
	"soket/extract/vietnamese"
)

// What a place in a table holds. The three kinds of nothing are kept apart: a zero that was
// reported, a figure that nobody reported, and one that cannot be.
const (
	stated    = "stated"
	zero      = "zero"
	silent    = "silent"    // nobody reported it
	senseless = "senseless" // not applicable: as its body says, a sum of shares, a change from zero
)

// cell is one place in a table of figures.
type cell struct {
	Kind  string
	Value float64 // in the line's Scale
	Text  string  // as shown
	Pad   string  // what it lacks of the column's decimals
	Href  string  // where it stands
	Note  int     // of the numbered sources
	Why   string  // of a figure that needs a word
	Over  string  // of a change or share: how many bodies it is over and their figure, where they are fewer than the period has
}

// line is one indicator of a brief.
type line struct {
	Code, Name, Area, Unit string
	Scale                  float64 // by which values were divided: money is shown in millions or billions
	Now, Same, Change      cell
	Previous, Shift        cell // the period before, and the change from it
	Plan, Share            cell
	Spark                  []point
	Figure                 analytics.PeriodFigure
}

// point is one period of a small trend.
type point struct {
	Period vietnamese.Period
	Value  float64
	There  bool
	Other  bool // not over the same bodies as the last one: not quite comparable
}

// area is the indicators of one field.
type area struct {
	Area  string
	Lines []line
}

// target is a plan, and what came of it.
type target struct {
	line
	Done    cell   // over the bodies that have a plan
	Due     cell   // their plan
	Bodies  uint64 // how many they are, where others reported as well; 0: all
	Outcome string // reached, missed, ahead, running, behind, open
}

// brief is a period at a glance; pages and papers are made of it.
type brief struct {
	analytics.Standing
	Same, Previous vietnamese.Period
	All            bool // comparisons over all bodies, not only those on both sides
	Fixed          bool // as it stood at a moment
	Made           time.Time
	Since          time.Time // from when the history reaches
	Areas          []area
	Key            []line
	Says           []sentence
	Gaps           []sentence
	Remarks        []sentence // what people noted on the period's figures
	Targets        []target
	Bodies         []standing
	Reported       int
	Provisional    int
	Notes          []note
	Silent         []string // bodies
	Inferred       bool     // nobody said who owes this kind of period: who reported before does
	speech         speech
}

// keyFigures is how many figures stand above the rest.
const keyFigures = 8

// brief gathers what a page or a paper of a period says.
func (s *server) brief(ctx context.Context, q analytics.Standing, all bool, lang string) (*brief, error) {
	b := &brief{Standing: q, Same: q.Period.LastYear(), Previous: previous(q.Period), All: all, Fixed: !q.At.IsZero(), Made: time.Now(), speech: s.speech(lang)}
	g, err := s.gather(ctx, q)
	if err != nil {
		return nil, err
	}
	owed, err := s.owed(ctx, q, b, g.expected)
	if err != nil {
		return nil, err
	}
	if b.Fixed {
		if b.Since, err = s.Figures.HistoryStart(ctx); err != nil {
			return nil, err
		}
	}
	b.stand(g.reports, owed)
	figures, absent := g.figures, map[absence]bool{}
	if b.Body != "" { // a sum is over those that have a figure
		absent = s.absences(q, g.reports)
		figures = g.withAbsent(b.Body, absent, 4+len(analytics.Series(q.Period)))
	}
	for _, f := range figures {
		n := g.names[f.Code]
		name := cmp.Or(n.Vi, f.Code)
		if b.speech.english {
			name = cmp.Or(n.En, f.Code)
		}
		l := b.line(f, name)
		if l.Now.Kind == silent && absent[absence{b.Body, f.Code}] {
			l.notApplicable(b.speech.t("ky.why.absent"))
		}
		if len(b.Areas) == 0 || b.Areas[len(b.Areas)-1].Area != f.Area {
			b.Areas = append(b.Areas, area{Area: f.Area})
		}
		a := &b.Areas[len(b.Areas)-1]
		a.Lines = append(a.Lines, l)
		if t, ok := b.target(l, n.Measure); ok {
			b.Targets = append(b.Targets, t)
		}
	}
	b.Key = b.key()
	b.say()
	if err := s.remark(ctx, b); err != nil {
		return nil, err
	}
	b.align() // last: the key figures and sentences stand in no column
	return b, *b.speech.missing
}

// previous is the period before, where it is another one than the same period of last year.
func previous(p vietnamese.Period) vietnamese.Period {
	if before := analytics.Previous(p); before != p.LastYear() {
		return before
	}
	return ""
}

// keep is the query that leads to the same view: what is chosen beside the period itself.
func (b *brief) keep() url.Values {
	q := url.Values{}
	if b.Body != "" {
		q.Set("body", b.Body)
	}
	if b.All {
		q.Set("so", "tat-ca")
	}
	if b.Fixed {
		q.Set("luc", b.At.Format(time.RFC3339))
	}
	return q
}

func withParams(path string, q url.Values) string {
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// line makes the figures of one indicator comparable and readable.
func (b *brief) line(f analytics.PeriodFigure, name string) line {
	p := b.speech
	l := line{Code: f.Code, Name: name, Area: f.Area, Unit: f.Unit, Figure: f}
	l.Scale, l.Unit = p.scale(f)
	parts := b.parts(f.Code)
	// Over several bodies a figure's source is the list of what it is made of.
	source := func(bodies uint64, report string, fact uint32) (string, int) {
		if bodies == 1 {
			return p.factHref(report, fact), b.noteOf(report)
		}
		return parts, 0
	}
	figure := func(v float64, bodies uint64, report string, fact uint32) cell {
		if bodies == 0 {
			return cell{Kind: silent}
		}
		href, no := source(bodies, report, fact)
		if f.Unit == "%" && bodies > 1 {
			return cell{Kind: senseless, Href: parts, Why: p.t("ky.why.shares")}
		}
		c := cell{Kind: stated, Value: v / l.Scale, Text: p.number(round(v/l.Scale, 2)), Href: href, Note: no}
		if v == 0 {
			c.Kind = zero
		}
		return c
	}
	l.Now = figure(f.Values[0], f.Counts[0], f.Report, f.Fact)
	switch {
	case l.Now.Kind == senseless:
		l.Now.Text = p.number(round(f.Low, 2)) + "–" + p.number(round(f.High, 2))
	case f.Derived > 0 && l.Now.Kind != silent:
		l.Now.Why = p.t("ky.why.derived")
	case f.Differing > 0:
		l.Now.Why = p.t("ky.why.differing")
	}
	compare := func(now, then float64, both, allThen uint64, all float64, report string, fact uint32) (base, change cell) {
		if b.All {
			now, then, both = f.Values[0], all, min(f.Counts[0], allThen)
		}
		base = figure(all, allThen, report, fact)
		if !b.All && both > 0 && both < max(f.Counts[0], allThen) {
			// Over the bodies on both sides: the base shown is theirs, and the word says so.
			base = figure(then, both, report, fact)
			if base.Kind != senseless {
				if both == 1 && allThen > 1 {
					base.Href, base.Note = parts, 0
				}
				base.Why = p.t("ky.why.common", p.number(round(now/l.Scale, 2)), p.number(round(then/l.Scale, 2)), both)
			}
		}
		switch {
		case f.Counts[0] == 0 || both == 0:
			change = cell{Kind: silent}
		case f.Unit == "%" && (f.Counts[0] > 1 || allThen > 1):
			change = cell{Kind: senseless, Why: p.t("ky.why.shares")}
		case f.Unit == "%":
			change = cell{Kind: stated, Value: round(now-then, 2), Text: p.signed(now-then) + " " + p.t("ky.points"), Why: base.Why}
		case then == 0:
			change = cell{Kind: senseless, Why: p.t("ky.why.fromzero")}
		default:
			v := (now - then) / abs(then) * 100
			change = cell{Kind: stated, Value: round(v, 1), Text: p.signed(round(v, 1)) + "%", Why: base.Why}
			if !b.All && both < f.Counts[0] { // the figure shown is not the one that was compared
				change.Over = p.t("ky.over", both, p.number(round(now/l.Scale, 2)))
			}
		}
		return base, change
	}
	if b.Same == "" {
		l.Same, l.Change = cell{Kind: senseless, Why: p.t("ky.why.none")}, cell{Kind: senseless, Why: p.t("ky.why.none")}
	} else {
		l.Same, l.Change = compare(f.SameNow, f.SameThen, f.SameBodies, f.Counts[1], f.Values[1], f.SameReport, f.SameFact)
	}
	if b.Previous == "" {
		l.Previous, l.Shift = cell{Kind: senseless, Why: p.t("ky.why.none")}, cell{Kind: senseless, Why: p.t("ky.why.none")}
	} else {
		l.Previous, l.Shift = compare(f.PreviousNow, f.PreviousThen, f.PreviousBodies, f.Counts[2], f.Values[2], f.PreviousReport, f.PreviousFact)
	}
	l.Plan = figure(f.Plan, f.PlanBodies, f.PlanReport, f.PlanFact)
	switch {
	case f.PlanBodies == 0:
		l.Share = cell{Kind: silent}
	case f.Unit == "%" && f.PlanBodies > 1:
		l.Share = cell{Kind: senseless, Why: p.t("ky.why.shares")}
	case f.PlanBoth == 0:
		l.Share = cell{Kind: silent}
	case f.PlanDue == 0:
		l.Share = cell{Kind: senseless, Why: p.t("ky.why.zeroplan")}
	default:
		v := round(f.PlanDone/f.PlanDue*100, 1)
		l.Share = cell{Kind: stated, Value: v, Text: p.fixed(v) + "%"}
		if f.PlanBoth < f.PlanBodies || f.PlanBoth < f.Counts[0] {
			l.Share.Why = p.t("ky.why.planned", p.number(round(f.PlanDone/l.Scale, 2)), p.number(round(f.PlanDue/l.Scale, 2)), f.PlanBoth)
		}
		if f.PlanBoth < f.Counts[0] {
			l.Share.Over = p.t("ky.over", f.PlanBoth, p.number(round(f.PlanDone/l.Scale, 2)))
		}
	}
	series := analytics.Series(b.Period)
	values, counts := f.Values, f.Counts
	if !b.All && f.Counts[0] > 0 { // over the bodies that are there now
		values, counts = f.Kept, f.KeptCounts
	}
	for i, x := range series {
		k := len(values) - len(series) + i
		there := counts[k] > 0 && !(f.Unit == "%" && counts[k] > 1)
		l.Spark = append(l.Spark, point{x, values[k] / l.Scale, there, counts[k] != f.Counts[0]})
	}
	return l
}

// scale is what money is divided by, and the unit that it is then in.
func (p speech) scale(f analytics.PeriodFigure) (float64, string) {
	if f.Unit != "đồng" {
		return 1, p.unit(f.Unit)
	}
	top := 0.0
	for _, v := range f.Values {
		top = max(top, abs(v))
	}
	switch top = max(top, f.Plan); {
	case top >= 1e9:
		return 1e9, p.t("ky.billion")
	case top >= 1e6:
		return 1e6, p.t("ky.million")
	}
	return 1, f.Unit
}

func (p speech) factHref(report string, fact uint32) string {
	return "/bao-cao/" + report + "#so-" + p.plain(fact)
}

// behindBy is how far short of its part of the year a running plan may fall before it is called
// behind: work is not spread evenly over a year, and a report closes before its period does.
const behindBy = 0.9

// target judges a plan. A plan of the year is judged at its end; before, a flow is compared with the
// part of the year that has passed, and a level or a share is only said to be reached or not yet.
func (b *brief) target(l line, measure string) (target, bool) {
	f := l.Figure
	if f.PlanBodies == 0 || f.Unit == "%" && f.PlanBodies > 1 {
		return target{}, false
	}
	t := target{line: l, Done: l.Now, Due: l.Plan, Outcome: "open"}
	if l.Share.Kind != stated {
		if f.PlanBoth == 0 && !l.absent() {
			t.Done = cell{Kind: silent}
		}
		return t, true
	}
	ended := f.PlanPeriod == string(b.Period) || yearEnds(b.Period)
	if f.PlanBoth < f.Counts[0] || f.PlanBoth < f.PlanBodies || ended && f.PlanPeriod != string(b.Period) {
		t.Done = cell{Kind: stated, Text: b.speech.number(round(f.PlanDone/l.Scale, 2)), Value: f.PlanDone / l.Scale, Href: b.parts(f.Code)}
		t.Due = cell{Kind: stated, Text: b.speech.number(round(f.PlanDue/l.Scale, 2)), Value: f.PlanDue / l.Scale, Href: l.Plan.Href, Note: l.Plan.Note}
		if f.PlanBoth < f.Counts[0] {
			t.Bodies = f.PlanBoth
		}
	}
	steady := f.Unit == "%" || measure == "stock"
	switch share := l.Share.Value; {
	case share >= 100:
		t.Outcome = "reached"
	case ended:
		t.Outcome = "missed"
	case !steady && share >= 100*passed(b.Period):
		t.Outcome = "ahead"
	case steady, share >= 100*passed(b.Period)*behindBy:
		t.Outcome = "running"
	default:
		t.Outcome = "behind"
	}
	return t, true
}

// yearEnds tells that a period ends with its year.
func yearEnds(p vietnamese.Period) bool {
	return slices.Contains([]string{"", "H2", "Q4", "M12"}, p.Part())
}

// parts is the page of what a figure is made of.
func (b *brief) parts(code string) string {
	return withParams("/ky/"+url.PathEscape(string(b.Period))+"/cong/"+url.PathEscape(code), b.keep())
}

// passed is the part of the year that is over when a period ends.
func passed(p vietnamese.Period) float64 {
	switch part := p.Part(); part {
	case "H1":
		return 0.5
	case "Q1", "Q2", "Q3", "Q4":
		return float64(part[1]-'0') / 4
	default:
		if n, ok := strings.CutSuffix(part, "M"); ok {
			return float64(months(n)) / 12
		}
		if n, ok := strings.CutPrefix(part, "M"); ok {
			return float64(months(n)) / 12
		}
	}
	return 1
}

func months(digits string) (n int) {
	for _, d := range digits {
		n = n*10 + int(d-'0')
	}
	return n
}

// key chooses the figures that stand above the rest: of each field the one that most is known of,
// the fields with the most first, then in the catalogue's order.
func (b *brief) key() []line {
	known := func(l line) (n int) {
		for _, c := range []cell{l.Now, l.Now, l.Same, l.Previous, l.Plan} {
			if c.Kind == stated {
				n++
			}
		}
		if l.Now.Kind == silent || l.Now.Kind == senseless {
			return 0
		}
		return n
	}
	type choice struct{ area, line, known int }
	var list []choice
	for i, a := range b.Areas {
		for j, l := range a.Lines {
			if n := known(l); n > 1 {
				list = append(list, choice{i, j, n})
			}
		}
	}
	slices.SortStableFunc(list, func(x, y choice) int { return cmp.Compare(y.known, x.known) })
	taken := map[int]int{}
	var chosen []choice
	for round := 1; len(chosen) < keyFigures && round <= keyFigures; round++ {
		for _, c := range list {
			if len(chosen) < keyFigures && taken[c.area] < round && !slices.Contains(chosen, c) {
				taken[c.area]++
				chosen = append(chosen, c)
			}
		}
	}
	slices.SortFunc(chosen, func(x, y choice) int { return cmp.Or(x.area-y.area, x.line-y.line) })
	var lines []line
	for _, c := range chosen {
		lines = append(lines, b.Areas[c.area].Lines[c.line])
	}
	return lines
}
