package web

import (
	"net/http"

	"soket/analytics"
)

func (s *server) search(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	data := map[string]any{"Query": q.Get("q")}
	if q.Get("q") != "" {
		hits, err := s.Figures.Search(r.Context(), q.Get("q"), analytics.SearchFilter{Bodies: some(q["body"]), Periods: some(q["period"])})
		if err != nil {
			s.fail(w, r, err)
			return
		}
		data["Hits"] = hits
	}
	s.render(w, r, http.StatusOK, "search", data)
}
