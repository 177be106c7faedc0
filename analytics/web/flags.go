package web

import (
	"maps"
	"net/http"
	"slices"

	"soket/analytics"
	"soket/extract"
)

// flagsShown is the most points on one page; older ones are reached by period and body.
const flagsShown = 200

// flagged is a report with what is to be looked at in it.
type flagged struct {
	extract.Filing
	Flags []analytics.Flag
}

// flags lists what is to be looked at in all reports that count, each point with its figures.
func (s *server) flags(w http.ResponseWriter, r *http.Request) {
	all, err := s.Figures.Flags(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	period, body := r.URL.Query().Get("period"), r.URL.Query().Get("body")
	periods, bodies := map[string]bool{}, map[string]bool{}
	var list []flagged
	shown, left := 0, 0
	for _, f := range all {
		periods[f.Period], bodies[f.Body] = true, true
		if period != "" && f.Period != period || body != "" && f.Body != body {
			continue
		}
		if shown == flagsShown {
			left += len(f.List)
			continue
		}
		filing, ok := s.Inbox.Filing(f.Report)
		if !ok {
			continue
		}
		x := flagged{Filing: filing}
		if x.Flags, err = s.Figures.FlagFigures(r.Context(), f, flagsShown-shown); err != nil {
			s.fail(w, r, err)
			return
		}
		shown += len(x.Flags)
		left += len(f.List) - len(x.Flags)
		list = append(list, x)
	}
	names, err := s.names(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	times := slices.Collect(maps.Keys(periods))
	inOrder(times)
	slices.Reverse(times)
	s.render(w, r, http.StatusOK, "flags", map[string]any{"List": list, "Left": left, "Names": names, "Periods": some(times), "Bodies": some(slices.Sorted(maps.Keys(bodies))), "Period": period, "Body": body})
}
