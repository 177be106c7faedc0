package web

import (
	"net/http"
	"slices"
	"time"

	"soket/analytics"
)

// part is what one body has to do with a figure of a period.
type part struct {
	Body                                              string
	Now, Same, Change, Previous, Shift, Planed, Share cell
}

// sum stands for one of a total's comparisons: over the bodies on both of its sides.
type sum struct {
	Word                        string
	Bodies                      uint64
	Now, Same, Previous, Planed *cell
	Change, Shift, Share        string
}

// noSum is in the columns that a sum is not of.
var noSum = &cell{Kind: stated}

// periodParts shows what one figure is made of, body by body.
func (s *server) periodParts(w http.ResponseWriter, r *http.Request) {
	ctx, code := r.Context(), r.PathValue("code")
	q, all, err := s.periodQuery(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	figures, err := s.Figures.PeriodFigures(ctx, q)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	i := slices.IndexFunc(figures, func(f analytics.PeriodFigure) bool { return f.Code == code })
	if i < 0 {
		s.nothing(w, r)
		return
	}
	parts, err := s.Figures.PeriodParts(ctx, q, code)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	codes, err := s.Figures.Catalogue(ctx)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	reports, err := s.Figures.StandingReports(ctx, q)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	absent := s.absences(q, reports)
	lang := s.languageOf(r)
	b := &brief{Standing: q, Same: q.Period.LastYear(), Previous: previous(q.Period), All: all, Fixed: !q.At.IsZero(), Made: time.Now(), speech: s.speech(lang)}
	name := code
	for _, c := range codes {
		if c.Code == code {
			name = map[string]string{"vi": c.Vi, "en": c.En}[lang]
		}
	}
	total := b.line(figures[i], name)
	// At the year's end a plan is measured against the year, which is not among a period's parts.
	judged := !yearEnds(q.Period) || figures[i].PlanPeriod == string(q.Period)
	var rows []part
	for _, x := range parts {
		rows = append(rows, b.part(x, total.Scale, absent[absence{x.Body, code}]))
	}
	if err := *b.speech.missing; err != nil {
		s.fail(w, r, err)
		return
	}
	sums := b.sums(figures[i], total, judged)
	b.alignParts(rows, sums)
	s.render(w, r, http.StatusOK, "periodparts", map[string]any{"B": b, "Total": total, "Rows": rows, "Links": b.links(), "Shares": figures[i].Unit == "%", "Sums": sums, "Judged": judged})
}

// part tells what one body reported, money divided by scale, and how it compares.
func (b *brief) part(x analytics.PeriodPart, scale float64, absent bool) part {
	one := func(has bool, v float64, report string, fact uint32) cell {
		switch {
		case !has:
			return cell{Kind: silent}
		case v == 0:
			return cell{Kind: zero, Text: b.speech.number(0.0), Href: b.speech.factHref(report, fact)}
		}
		return cell{Kind: stated, Text: b.speech.number(round(v/scale, 2)), Href: b.speech.factHref(report, fact)}
	}
	row := part{Body: x.Body}
	row.Now, row.Same = one(x.Has, x.Value, x.Report, x.Fact), one(x.HasSame, x.Same, x.SameReport, x.SameFact)
	row.Previous, row.Planed = one(x.HasPrevious, x.Previous, x.PreviousReport, x.PreviousFact), one(x.HasPlan, x.Plan, x.PlanReport, x.PlanFact)
	switch {
	case x.Derived:
		row.Now.Why = b.speech.t("ky.why.derived")
	case x.Differing:
		row.Now.Why = b.speech.t("ky.why.differing")
	case !x.Has && absent:
		row.Now = cell{Kind: senseless, Why: b.speech.t("ky.why.absent")}
	}
	change := func(has bool, then float64) cell {
		switch {
		case row.Now.Kind == senseless:
			return row.Now
		case !x.Has || !has:
			return cell{Kind: silent}
		case x.Unit == "%":
			return cell{Kind: stated, Text: b.speech.signed(x.Value-then) + " " + b.speech.t("ky.points")}
		case then == 0:
			return cell{Kind: senseless, Why: b.speech.t("ky.why.fromzero")}
		}
		return cell{Kind: stated, Text: b.speech.signed(round((x.Value-then)/abs(then)*100, 1)) + "%"}
	}
	row.Change, row.Shift = change(x.HasSame, x.Same), change(x.HasPrevious, x.Previous)
	switch {
	case row.Now.Kind == senseless:
		row.Share = row.Now
	case !x.Has || !x.HasPlan:
		row.Share = cell{Kind: silent}
	case x.Plan == 0:
		row.Share = cell{Kind: senseless, Why: b.speech.t("ky.why.zeroplan")}
	default:
		row.Share = cell{Kind: stated, Text: b.speech.fixed(round(x.Value/x.Plan*100, 1)) + "%"}
	}
	return row
}

// sums adds up what the parts of a figure are compared over.
func (b *brief) sums(f analytics.PeriodFigure, total line, judged bool) []sum {
	of := func(v float64) *cell {
		return &cell{Kind: stated, Text: b.speech.number(round(v/total.Scale, 2))}
	}
	sums := []sum{{Word: "ky.parts.total", Bodies: f.Counts[0], Now: &cell{Kind: total.Now.Kind, Text: total.Now.Text}, Same: noSum, Previous: noSum, Planed: &cell{Kind: total.Plan.Kind, Text: total.Plan.Text}}}
	if b.All {
		sums[0].Same, sums[0].Change, sums[0].Previous, sums[0].Shift = of(f.Values[1]), total.Change.Text, of(f.Values[2]), total.Shift.Text
	}
	if !b.All && f.SameBodies > 0 {
		sums = append(sums, sum{Word: "ky.parts.common", Bodies: f.SameBodies, Now: of(f.SameNow), Same: of(f.SameThen), Change: total.Change.Text, Previous: noSum, Planed: noSum})
	}
	if !b.All && b.Previous != "" && f.PreviousBodies > 0 {
		sums = append(sums, sum{Word: "ky.parts.since", Bodies: f.PreviousBodies, Now: of(f.PreviousNow), Same: noSum, Previous: of(f.PreviousThen), Shift: total.Shift.Text, Planed: noSum})
	}
	if judged && f.PlanBoth > 0 {
		sums = append(sums, sum{Word: "ky.parts.planned", Bodies: f.PlanBoth, Now: of(f.PlanDone), Same: noSum, Previous: noSum, Planed: of(f.PlanDue), Share: total.Share.Text})
	}
	return sums
}

// alignParts lets the figures of each column have as many decimals.
func (b *brief) alignParts(rows []part, sums []sum) {
	var columns [4][]*cell
	for i := range rows {
		for n, c := range []*cell{&rows[i].Now, &rows[i].Same, &rows[i].Previous, &rows[i].Planed} {
			columns[n] = append(columns[n], c)
		}
	}
	for _, x := range sums {
		for n, c := range []*cell{x.Now, x.Same, x.Previous, x.Planed} {
			if c != noSum {
				columns[n] = append(columns[n], c)
			}
		}
	}
	for _, c := range columns {
		b.speech.align(c...)
	}
}
