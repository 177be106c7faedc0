package web

import (
	"net/http"
	"net/url"
	"slices"

	"soket/analytics"
	"soket/analytics/web/access"
)

func (s *server) indicators(w http.ResponseWriter, r *http.Request) {
	codes, err := s.Figures.Codes(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.render(w, r, http.StatusOK, "indicators", map[string]any{"Areas": areasOf(codes)})
}

// field is one field of the catalogue with its indicators.
type field struct {
	Area string
	List []analytics.CodeCount
}

// areasOf puts indicators together by field.
func areasOf(codes []analytics.CodeCount) []field {
	var areas []field
	for _, c := range codes {
		if len(areas) == 0 || areas[len(areas)-1].Area != c.Area {
			areas = append(areas, field{Area: c.Area})
		}
		a := &areas[len(areas)-1]
		a.List = append(a.List, c)
	}
	return areas
}

// indicator shows one indicator over the periods, in the form that the address asks for.
func (s *server) indicator(w http.ResponseWriter, r *http.Request) {
	names, err := s.names(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	v := viewOf(r.URL.Query())
	v.Codes = []string{r.PathValue("code")}
	x, err := s.look(r, v, names)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if s.take(w, r, x, v.Codes[0]) {
		return
	}
	s.render(w, r, http.StatusOK, "indicator", s.viewData(r, x, "/chi-tieu/"+url.PathEscape(v.Codes[0])))
}

// viewData is what the templates of a view need.
func (s *server) viewData(r *http.Request, x *shown, path string) map[string]any {
	v := x.View
	if path != "/kham-pha" {
		v.Codes = nil // the path says it
	}
	files := map[string]string{}
	for _, format := range []string{"csv", "xlsx", "json", "svg", "png"} {
		q := v.query()
		q.Set("format", format)
		files[format] = path + "?" + q.Encode()
	}
	rows := x.Points
	if len(rows) > viewRows {
		x.Left = len(rows) - viewRows
		rows = rows[:viewRows]
	}
	lang := s.languageOf(r)
	speech := s.speech(lang)
	var columns [2][]string
	for _, p := range rows {
		columns[0], columns[1] = append(columns[0], speech.over(p.Value, x.Scale)), append(columns[1], speech.over(p.SamePeriodValue, x.Scale))
	}
	data := map[string]any{"X": x, "View": x.View, "Rows": rows, "Pads": [][]string{pads(speech.mark(), columns[0]), pads(speech.mark(), columns[1])}, "Files": files, "Pictures": s.painter.Ready(), "Path": path, "Here": path + "?" + v.query().Encode(),
		"Title": s.title(x, lang), "Statement": s.statement(x, lang), "Forms": forms, "MayNote": s.Records != nil && (s.Demo || s.Desk.May(personOf(r), access.Correct, ""))}
	var periods []string
	for _, p := range x.Points {
		if !slices.Contains(periods, p.Period) {
			periods = append(periods, p.Period)
		}
	}
	data["Periods"] = periods
	if len(x.Entries) > 0 {
		data["Entry"] = x.Entries[0]
	}
	data["Names"] = func() map[string]analytics.Indicator {
		m := map[string]analytics.Indicator{}
		for _, e := range x.Entries {
			m[e.Code] = e
		}
		return m
	}()
	return data
}
