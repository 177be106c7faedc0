package web

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"soket/analytics"
	"soket/extract"
	"soket/extract/vietnamese"
)

// What of the newest period the first page shows; its own page has the rest.
const (
	homeKeys    = 4 // one row of cards
	homeSays    = 6
	homePeriods = 8 // rows
)

// home is the newest period at a glance, and the ways on.
func (s *server) home(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	var totals analytics.Totals
	var periods []analytics.PeriodCount
	var flags []analytics.Flags
	err := atOnce(func() (err error) { totals, err = s.Figures.Totals(ctx); return err },
		func() (err error) { periods, err = s.Figures.Periods(ctx); return err },
		func() (err error) { flags, err = s.Figures.Flags(ctx); return err })
	if err != nil {
		s.fail(w, r, err)
		return
	}
	recent, _, err := s.Inbox.Filings(FilingQuery{Limit: 6})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	points := 0
	for _, f := range flags {
		points += len(f.List)
	}
	data := map[string]any{"Totals": totals, "Flags": points, "Periods": periods[:min(homePeriods, len(periods))], "Recent": recent}
	if len(periods) > 0 {
		b, err := s.brief(r.Context(), analytics.Standing{Period: vietnamese.Period(busiest(periods))}, false, s.languageOf(r))
		if err != nil {
			s.fail(w, r, err)
			return
		}
		b.Key, b.Says = b.Key[:min(homeKeys, len(b.Key))], b.outstanding(homeSays)
		data["B"] = b
	}
	s.render(w, r, http.StatusOK, "home", data)
}

// sortedCodes lists the catalogue by code, as a choice of the form.
func sortedCodes(names map[string]analytics.Indicator) []analytics.Indicator {
	return slices.SortedFunc(maps.Values(names), func(a, b analytics.Indicator) int { return cmp.Compare(a.Code, b.Code) })
}

// names gives the catalogue's entries by code.
func (s *server) names(r *http.Request) (map[string]analytics.Indicator, error) {
	codes, err := s.Figures.Catalogue(r.Context())
	if err != nil {
		return nil, err
	}
	m := make(map[string]analytics.Indicator, len(codes))
	for _, c := range codes {
		m[c.Code] = c
	}
	return m, nil
}

func (s *server) decidePost(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, &extract.Refusal{Code: "invalid", Err: err})
		return
	}
	d := extract.Decision{What: r.PostForm.Get("what"), Reason: strings.TrimSpace(r.PostForm.Get("reason")), Target: r.PostForm.Get("target")}
	if d.What == "set" {
		body := strings.TrimSpace(r.PostForm.Get("body"))
		period, err := typedPeriod(r.PostForm.Get("period"))
		if err != nil {
			s.fail(w, r, err)
			return
		}
		d.Body, d.Period = &body, &period
	}
	if _, err := s.decide(r, d); err != nil {
		s.fail(w, r, err)
		return
	}
	if d.What != "retry" { // reads the file anew
		s.settle(r.Context(), r.PathValue("id"))
	}
	http.Redirect(w, r, "/bao-cao/"+url.PathEscape(r.PathValue("id")), http.StatusSeeOther)
}

func abs(x float64) float64 { return max(x, -x) }
