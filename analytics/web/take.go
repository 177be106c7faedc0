package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"soket/analytics"
)

// take answers with the view as a file where one is asked for; done is false where a page is.
func (s *server) take(w http.ResponseWriter, r *http.Request, x *shown, file string) (done bool) {
	format := r.URL.Query().Get("format")
	lang := s.languageOf(r)
	f := s.functions(lang)
	source := fmt.Sprintf(f["must"].(func(string) string)("view.source"), x.Reports, time.Now().Format("02/01/2006"))
	kinds := map[string]string{"json": "application/json", "csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "svg": "image/svg+xml", "png": "image/png"}
	if kinds[format] == "" {
		return false
	}
	head := func() {
		w.Header().Set("Content-Type", kinds[format])
		w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", file+"."+format))
		w.Header().Set("Cache-Control", "no-store")
	}
	var err error
	switch format {
	case "json":
		head()
		err = json.NewEncoder(w).Encode(s.metadata(r, x, source))
	case "csv", "xlsx":
		e := s.export(r, x, source)
		head()
		if format == "csv" {
			err = e.CSV(w)
		} else {
			err = e.XLSX(w)
		}
	default:
		title, under := s.statement(x, lang), s.title(x, lang)
		if title == "" {
			title, under = under, ""
		}
		svg, width, height := whole(x.plots, title, under, source, x.Lines, tongueOf(f, lang))
		if format == "svg" {
			head()
			_, err = w.Write([]byte(svg))
			break
		}
		var png []byte
		if png, err = s.painter.png(r.Context(), svg, width, height); err != nil {
			s.fail(w, r, err)
			return true
		}
		head()
		_, err = w.Write(png)
	}
	if err != nil {
		s.Log.Error("export", "format", format, "err", err)
	}
	return true
}

// metadata says what the numbers of a view mean, for who takes them along.
func (s *server) metadata(r *http.Request, x *shown, source string) map[string]any {
	e := s.export(r, x, source)
	type indicator struct {
		Code       string `json:"code"`
		Vi         string `json:"vi"`
		En         string `json:"en"`
		Unit       string `json:"unit"`
		Area       string `json:"area"`
		Measure    string `json:"measure"` // flow: counted in the period; stock: the level at its end
		Definition string `json:"definition,omitempty"`
	}
	var list []indicator
	for _, c := range x.Entries {
		list = append(list, indicator{c.Code, c.Vi, c.En, c.Unit, c.Area, c.Measure, c.Definition})
	}
	about := map[string]string{}
	for _, pair := range e.About {
		about[pair[0]] = strings.TrimPrefix(about[pair[0]]+"; "+pair[1], "; ")
	}
	var notes []string
	for _, n := range x.Notes {
		notes = append(notes, strings.Trim(n.Period+" "+n.Body, " ")+": "+n.Text)
	}
	return map[string]any{"title": s.title(x, s.languageOf(r)), "indicators": list, "kind": x.View.Kind, "period_kind": x.View.Each, "bodies": x.Lines, "columns": e.Head,
		"rows": len(e.Rows), "about": about, "notes": notes, "made": time.Now().Format(time.RFC3339)}
}

// export is the view's table with typed numbers, and what it stands for.
func (s *server) export(r *http.Request, x *shown, source string) analytics.Export {
	lang := s.languageOf(r)
	f := s.functions(lang)
	must, name, period, unit := f["must"].(func(string) string), f["name"].(func(string, string) string), f["period"].(func(string) string), f["unit"].(func(string) string)
	e := analytics.Export{Name: s.title(x, lang), Head: []string{must("indicator"), must("view.code"), must("body"), must("period"), must("view.period"), must("kind"),
		must("value"), must("unit"), must("same"), must("view.change"), must("source"), must("view.remark")}}
	if len(x.Entries) == 1 {
		e.Name = x.Entries[0].Code
	}
	entries := map[string]analytics.Indicator{}
	for _, c := range x.Entries {
		entries[c.Code] = c
	}
	base := "http://"
	if r.TLS != nil {
		base = "https://"
	}
	base += r.Host
	for _, p := range x.Points {
		var remarks []string
		if p.Derived {
			remarks = append(remarks, must("derived"))
		}
		if p.Differing {
			remarks = append(remarks, must("differing"))
		}
		for _, n := range x.Notes {
			if n.Code == p.Code && n.Period == p.Period && (n.Body == "" || n.Body == p.Body) {
				remarks = append(remarks, n.Text)
			}
		}
		c := entries[p.Code]
		e.Rows = append(e.Rows, []any{name(c.Vi, c.En), p.Code, p.Body, period(p.Period), p.Period, must("kind." + p.Kind), p.Value, unit(p.Unit),
			pointed(p.SamePeriodValue), pointed(p.ChangePercent), fmt.Sprintf("%s/bao-cao/%s#so-%d", base, p.Report, p.FactNo), strings.Join(remarks, "; ")})
	}
	q := r.URL.Query()
	q.Del("format")
	e.About = [][2]string{{must("view.shows"), s.title(x, lang)}, {must("source"), source}, {must("view.address"), base + r.URL.Path + "?" + q.Encode()}}
	for _, c := range x.Changes {
		e.About = append(e.About, [2]string{must("view.break"), c.text(lang)})
	}
	return e
}

func pointed(v *float64) any {
	if v == nil {
		return nil
	}
	return *v
}
