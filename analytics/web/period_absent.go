package web

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"soket/analytics"
	"soket/extract"
)

// absence is an indicator that a body said does not apply to it: no figure of it is wanting.
type absence struct{ body, code string }

// absences gives what reports on the period say does not apply, until its moment.
func (s *server) absences(q analytics.Standing, reports []analytics.StandingReport) map[absence]bool {
	found := map[absence]bool{}
	for _, r := range reports {
		if r.State == string(extract.Waiting) || q.Body != "" && r.Body != q.Body || !q.Covers(r.Period) {
			continue
		}
		f, _ := s.Inbox.Filing(r.ID)
		for _, j := range f.Judgements {
			if j.Verdict == extract.Absent && (q.At.IsZero() || !j.At.After(q.At)) {
				found[absence{r.Body, j.Now.Code}] = true
			}
		}
	}
	return found
}

// withAbsent adds lines for what does not apply to the body and of which nothing else is known, in the
// order of the catalogue.
func (g *gathered) withAbsent(body string, absent map[absence]bool, periods int) []analytics.PeriodFigure {
	list := slices.Clone(g.figures)
	for x := range absent {
		if x.body != body || slices.ContainsFunc(list, func(f analytics.PeriodFigure) bool { return f.Code == x.code }) {
			continue
		}
		field, _, _ := strings.Cut(x.code, ".")
		list = append(list, analytics.PeriodFigure{Code: x.code, Area: field, Unit: g.names[x.code].Unit, Values: make([]float64, periods), Counts: make([]uint64, periods)})
	}
	place := func(f analytics.PeriodFigure) int { // those that the catalogue does not know come last
		if n, known := g.names[f.Code]; known {
			return int(n.Place)
		}
		return math.MaxInt
	}
	slices.SortFunc(list, func(a, b analytics.PeriodFigure) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), strings.Compare(a.Code, b.Code))
	})
	return list
}

// notApplicable marks a figure that nobody stated as one that does not apply, and what would be made of it.
func (l *line) notApplicable(why string) {
	for _, c := range []*cell{&l.Now, &l.Change, &l.Shift, &l.Share} {
		if c.Kind == silent {
			*c = cell{Kind: senseless, Why: why}
		}
	}
}

// absent tells whether a line is so marked.
func (l line) absent() bool { return l.Now.Kind == senseless && l.Figure.Counts[0] == 0 }
