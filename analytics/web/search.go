package web

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"soket/analytics"
	"soket/extract"
	"soket/extract/vietnamese"
)

// searchHits is how many pages one search shows: nobody reads on, and the text of each is read and marked.
const searchHits = 50

// searchAreas are the fields of the catalogue in the order of the pages.
func searchAreas(codes []analytics.Indicator) []string {
	var list []string
	for _, c := range codes {
		if !slices.Contains(list, c.Area) {
			list = append(list, c.Area)
		}
	}
	return list
}

// find is one search as it stands in the address.
type find struct {
	Words                        string
	Bodies, Periods, Areas       []string
	Number, Signer, Since, Until string
}

func (f find) advanced() bool {
	return len(f.Bodies)+len(f.Periods)+len(f.Areas) > 0 || f.Number+f.Signer+f.Since+f.Until != ""
}

func findOf(r *http.Request) (find, error) {
	q := r.URL.Query()
	given := func(key string) []string {
		return slices.DeleteFunc(some(q[key]), func(s string) bool { return s == "" })
	}
	f := find{Words: strings.TrimSpace(q.Get("q")), Bodies: given("body"), Periods: given("period"), Areas: given("area"), Number: strings.TrimSpace(q.Get("number")),
		Signer: strings.TrimSpace(q.Get("signer")), Since: isoOf(q.Get("since")), Until: isoOf(q.Get("until"))}
	for _, day := range []string{f.Since, f.Until} {
		if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
			return f, &extract.Refusal{Code: "invalid", Detail: "day: " + day}
		}
	}
	for _, p := range f.Periods {
		if _, err := vietnamese.ParsePeriod(p); err != nil {
			return f, &extract.Refusal{Code: "invalid", Detail: "period: " + p}
		}
	}
	return f, nil
}

func (s *server) search(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	f, err := findOf(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	data := map[string]any{"Find": f, "Advanced": f.advanced(), "Asked": f.Words != "" || f.advanced()}
	var bodies []analytics.BodyCount
	var periods []analytics.PeriodCount
	var codes []analytics.Indicator
	var hits []analytics.Hit
	err = atOnce(func() (err error) { bodies, err = s.Figures.Bodies(ctx); return err },
		func() (err error) { periods, err = s.Figures.Periods(ctx); return err },
		func() (err error) { codes, err = s.Figures.Catalogue(ctx); return err },
		func() (err error) {
			if f.Words != "" || f.advanced() {
				hits, err = s.Figures.Search(ctx, f.Words, analytics.SearchFilter{Bodies: f.Bodies, Periods: f.Periods, Areas: f.Areas, Number: f.Number, Signer: f.Signer, Since: f.Since, Until: f.Until, Limit: searchHits})
			}
			return err
		})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	data["Bodies"], data["Periods"], data["Areas"], data["Hits"], data["Named"] = bodies, periods, searchAreas(codes), hits, named(codes, f.Words)
	if len(hits) > 0 {
		data["All"], data["Least"], data["Rest"] = hits[0].Pages, hits[0].Least, hits[0].Pages > uint64(len(hits))
	}
	s.render(w, r, http.StatusOK, "search", data)
}

// namedMost is how many indicators are offered above the hits; more would push them down.
const namedMost = 6

// named gives the indicators whose name has the words, as they stand or else each of them: who looks for a
// figure is after its trend.
func named(codes []analytics.Indicator, words string) []analytics.Indicator {
	wanted := strings.Fields(vietnamese.Fold(strings.ReplaceAll(words, `"`, " ")))
	if len(wanted) == 0 {
		return nil
	}
	having := func(words ...string) (list []analytics.Indicator) {
		for _, c := range codes {
			name := " " + vietnamese.Fold(c.Vi) + " " + vietnamese.Fold(c.En)
			if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(name, " "+w) }) {
				list = append(list, c)
			}
		}
		return list[:min(namedMost, len(list))]
	}
	if list := having(strings.Join(wanted, " ")); len(list) > 0 {
		return list
	}
	return having(wanted...)
}

// related gives the reports beside one, for the partial "related" on its page. What cannot be found
// is left out: the report itself is what the page is for.
func (s *server) related(r *http.Request, id string) []analytics.Related {
	list, err := s.Figures.Related(r.Context(), id)
	if err != nil {
		s.Log.Error("related reports", "report", id, "err", err)
	}
	return list
}
