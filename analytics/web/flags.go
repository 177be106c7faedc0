package web

import (
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
	var periods, bodies []string
	var list []flagged
	shown, left := 0, 0
	for _, f := range all {
		periods, bodies = append(periods, f.Period), append(bodies, f.Body)
		filing, ok := s.Inbox.Filing(f.Report)
		if !ok || period != "" && f.Period != period || body != "" && f.Body != body {
			continue
		}
		if shown == flagsShown {
			left++
			continue
		}
		shown++
		if n := len(list); n == 0 || list[n-1].ID != f.Report {
			list = append(list, flagged{Filing: filing})
		}
		list[len(list)-1].Flags = append(list[len(list)-1].Flags, f)
	}
	names, err := s.names(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	inOrder(periods)
	slices.Reverse(periods)
	slices.Sort(bodies)
	s.render(w, r, http.StatusOK, "flags", map[string]any{"List": list, "Left": left, "Names": names, "Periods": some(slices.Compact(periods)), "Bodies": some(slices.Compact(bodies)), "Period": period, "Body": body})
}
