package web

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"soket/analytics"
	"soket/extract/vietnamese"
)

// standing tells of one body whether it reported.
type standing struct {
	Body    string
	State   string // official, provisional, waiting, open (not yet due), missing
	Due     string // ISO date; empty where nobody said
	Late    bool
	Reports []analytics.StandingReport
}

// note is a numbered source.
type note struct {
	No     int
	Report analytics.StandingReport
}

// kindOf is what obligations call a kind of period; "" for one that nobody can owe.
func kindOf(p vietnamese.Period) string {
	part := p.Part()
	switch {
	case p == "" || p.Span():
		return ""
	case part == "":
		return "year"
	case part[0] == 'H':
		return "half"
	case part[0] == 'Q':
		return "quarter"
	case part[0] == 'M':
		return "month"
	}
	return ""
}

// owed gives the bodies that are to report for the period, with what they owe; who reported for this
// kind of period before, where nobody said who does.
func (s *server) owed(ctx context.Context, q analytics.Standing, b *brief, reporting []string) (map[string]Obligation, error) {
	roll, err := s.bodies(ctx)
	if err != nil {
		return nil, err
	}
	each, owed := kindOf(q.Period), map[string]Obligation{}
	if slices.ContainsFunc(roll.Obligations, func(o Obligation) bool { return o.Each == each }) {
		for _, x := range roll.Bodies {
			if o, ok := roll.due(x, string(q.Period), each); ok {
				owed[x.Name] = o
			}
		}
		return owed, nil
	}
	b.Inferred = true
	for _, name := range reporting {
		owed[name] = Obligation{Approve: true}
	}
	return owed, nil
}

// stand sorts out who reported, and numbers the sources: the period's own reports first.
func (b *brief) stand(reports []analytics.StandingReport, owed map[string]Obligation) {
	bodies := map[string]*standing{}
	at := func(name string) *standing {
		if bodies[name] == nil {
			bodies[name] = &standing{Body: name, State: "missing"}
		}
		return bodies[name]
	}
	ended := ""
	if b.Period != "" {
		_, end := within(string(b.Period))
		ended = end.Format(time.DateOnly)
		for name, o := range owed {
			if at(name); !b.Inferred {
				at(name).Due = end.AddDate(0, 0, o.Days).Format(time.DateOnly)
			}
		}
	}
	var own, others []analytics.StandingReport
	for _, r := range reports {
		switch {
		case r.Period != string(b.Period) && string(b.Period) != r.Period+"-H2": // a report on the year is one on its second half
			others = append(others, r)
			continue
		case r.State == "waiting":
			if r.Body != "" && at(r.Body).State == "missing" {
				at(r.Body).State = "waiting"
			}
			continue
		}
		if r.Body == "" {
			continue
		}
		x := at(r.Body)
		x.Reports = append(x.Reports, r)
		if x.State != "official" {
			x.State = "provisional"
		}
		if o, ok := owed[r.Body]; r.State == "approved" || r.State == "published" || ok && !o.Approve {
			x.State = "official"
		}
		own = append(own, r)
	}
	today := cmpTime(b.At, b.Made).Local().Format(time.DateOnly)
	for _, x := range bodies {
		switch {
		case len(x.Reports) > 0 && x.Due != "":
			first := cmp.Or(x.Reports[0].Signed, x.Reports[0].ReceivedAt.Local().Format(time.DateOnly))
			for _, r := range x.Reports {
				first = min(first, cmp.Or(r.Signed, r.ReceivedAt.Local().Format(time.DateOnly)))
			}
			x.Late = first > x.Due
		case x.State == "missing" && today <= cmp.Or(x.Due, ended):
			x.State = "open"
		}
		b.Bodies = append(b.Bodies, *x)
	}
	slices.SortFunc(b.Bodies, func(x, y standing) int { return strings.Compare(x.Body, y.Body) })
	for _, x := range b.Bodies {
		switch x.State {
		case "official":
			b.Reported++
		case "provisional":
			b.Reported++
			b.Provisional++
		default:
			b.Silent = append(b.Silent, x.Body)
		}
	}
	for _, r := range append(own, others...) {
		if b.Body == "" || r.Body == b.Body {
			b.Notes = append(b.Notes, note{len(b.Notes) + 1, r})
		}
	}
}

// noteOf is the number of a report among the sources.
func (b *brief) noteOf(report string) int {
	for _, n := range b.Notes {
		if n.Report.ID == report {
			return n.No
		}
	}
	return 0
}
