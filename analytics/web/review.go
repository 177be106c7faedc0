package web

import (
	"cmp"
	"math"
	"net/http"
	"slices"
	"time"

	"soket/analytics"
	"soket/extract"
	"soket/extract/indicator"
)

// review is what is to be looked at before a report is submitted.
type review struct {
	Open    int                 // findings that ask for a look
	Doubt   int                 // figures that nobody confirmed and the machine is not sure of
	Missing []lack              // what its form asks for or this body reported before, and not now
	Absent  []extract.Judgement // indicators that do not apply, as somebody said
	Asked   int                 // indicators that its form asks for; 0: nobody said
	Moved   []analytics.Point   // the five largest changes since the same period last year
	Last    string              // that period; empty: none compares
	Known   bool                // the body reported for that period or the last one
	Due     string              // ISO date by which the report was owed; empty: no day is set
	Late    int                 // days after it
}

// lack is an indicator that a report says nothing of.
type lack struct {
	Code  string
	Asked bool             // its form asks for it
	Last  *analytics.Point // what the body reported for the same period last year, or else the last one
}

// doubt is the confidence below which a figure is to be looked at: above it 99 in 100 are right.
const doubt = 0.9

func openPoints(findings []analytics.Finding) (n int) {
	for _, x := range findings {
		if x.Severity != "note" {
			n++
		}
	}
	return n
}

// review compares a report with what its body reported before and what it owes.
func (s *server) review(r *http.Request, f extract.Filing, facts []analytics.Fact, findings []analytics.Finding) (*review, error) {
	v := &review{Open: openPoints(findings)}
	reported := map[string]bool{}
	for _, x := range facts {
		if doubtful(x) {
			v.Doubt++
		}
		if x.Kind == string(indicator.Result) {
			reported[x.Code] = true
		}
	}
	absent := map[string]bool{}
	for _, j := range f.Judgements {
		if j.Verdict == extract.Absent && !reported[j.Now.Code] {
			v.Absent, absent[j.Now.Code] = append(v.Absent, j), true
		}
	}
	body, period := bodyOf(f), extract.Period(periodOf(f))
	if body == "" || period.LastYear() == "" {
		return v, nil
	}
	roll, err := s.bodies(r.Context())
	if err != nil {
		return nil, err
	}
	at := map[string]int{} // of a code in Missing
	if b := roll.find(body); b != nil {
		body = b.Name
		if o, owes := roll.due(*b, string(period), kindOf(period)); owes {
			_, end := within(string(period))
			due := end.AddDate(0, 0, o.Days)
			v.Due, v.Asked = due.Format(time.DateOnly), len(o.Codes)
			if over := f.ReceivedAt.Sub(due.AddDate(0, 0, 1)); over > 0 {
				v.Late = 1 + int(over.Hours()/24)
			}
			for _, code := range o.Codes {
				if !reported[code] && !absent[code] {
					at[code] = len(v.Missing)
					v.Missing = append(v.Missing, lack{Code: code, Asked: true})
				}
			}
		}
	}
	v.Last = string(period.LastYear())
	before := string(analytics.Previous(period))
	periods := some([]string{string(period), v.Last, before})
	points, _, err := s.Figures.Trend(r.Context(), analytics.Filter{Bodies: []string{body}, Periods: periods, Kinds: []string{string(indicator.Result)}, Limit: maxLimit})
	if err != nil {
		return nil, err
	}
	for _, p := range points {
		switch {
		case p.Period == string(period):
			if p.ChangePercent != nil && *p.ChangePercent != 0 && p.Report == f.ID {
				v.Moved = append(v.Moved, p)
			}
			continue
		case p.Derived: // the year less the first half is no report on the second
			continue
		}
		v.Known = true
		if reported[p.Code] || absent[p.Code] {
			continue
		}
		i, ok := at[p.Code]
		if !ok {
			i = len(v.Missing)
			at[p.Code], v.Missing = i, append(v.Missing, lack{Code: p.Code})
		}
		if v.Missing[i].Last == nil || p.Period == v.Last {
			v.Missing[i].Last = &p
		}
	}
	slices.SortStableFunc(v.Moved, func(a, b analytics.Point) int {
		return cmp.Compare(math.Abs(*b.ChangePercent), math.Abs(*a.ChangePercent))
	})
	const most = 5
	v.Moved = v.Moved[:min(most, len(v.Moved))]
	return v, nil
}

// doubtful tells whether a figure waits for a person's look.
func doubtful(f analytics.Fact) bool { return f.Judged == "" && f.Confidence < doubt }
