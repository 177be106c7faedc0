package web

import (
	"cmp"
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"soket/analytics"
	"soket/analytics/web/access"
	"soket/extract"
)

// saved is a view that somebody gave a name.
type saved struct {
	ID    string    `json:"id"`
	Name  string    `json:"name"`
	Query string    `json:"query"` // the view's address
	By    string    `json:"by"`    // sign-in name
	Who   string    `json:"who"`   // as shown
	At    time.Time `json:"at"`
}

const (
	savedKey   = "views"
	savedMost  = 500 // views in all: a list that a person can still look through
	savedRunes = 120 // of a name
)

// pair is one row of a comparison of two.
type pair struct {
	Label   string // what the row is about
	Period  string
	A, B    *float64
	UnitA   string
	UnitB   string
	HrefA   string // to where the value stands
	HrefB   string
	Diff    *float64 // B less A, where the units are the same
	Percent *float64 // of A
}

// comparison sets two side by side: two bodies, two indicators of one body, or two periods.
type comparison struct {
	What  string // bodies, codes or periods
	A, B  string
	Rows  []pair
	Units bool // both have the same unit
}

// compare finds what the view sets side by side; nil where it is not two.
func (x *shown) compare(a, b string, name func(vi, en string) string) *comparison {
	type at struct{ code, body, period string }
	values := map[at]analytics.Point{}
	var periods []string
	for _, p := range x.Points {
		values[at{p.Code, p.Body, p.Period}] = p
		if !slices.Contains(periods, p.Period) {
			periods = append(periods, p.Period)
		}
	}
	inOrder(periods)
	slices.Reverse(periods)
	row := func(label, period string, one, two at) pair {
		r := pair{Label: label, Period: period}
		p, ok := values[one]
		if ok {
			r.A, r.UnitA, r.HrefA = &p.Value, p.Unit, sourceOf(p)
		}
		q, also := values[two]
		if also {
			r.B, r.UnitB, r.HrefB = &q.Value, q.Unit, sourceOf(q)
		}
		if ok && also && p.Unit == q.Unit {
			d := q.Value - p.Value
			r.Diff = &d
			if p.Value != 0 && p.Unit != shareUnit { // of a share only the points are told
				share := round(d/abs(p.Value)*100, 1)
				r.Percent = &share
			}
		}
		return r
	}
	keep := func(c *comparison, r pair) {
		if r.A != nil || r.B != nil {
			c.Rows = append(c.Rows, r)
		}
	}
	switch {
	case a != "" && b != "" && a != b:
		c := &comparison{What: "periods", A: a, B: b, Units: true}
		for _, e := range x.Entries {
			for _, body := range x.Lines {
				label := body
				if len(x.Entries) > 1 {
					label = name(e.Vi, e.En)
					if len(x.Lines) > 1 {
						label += " · " + body
					}
				}
				keep(c, row(label, "", at{e.Code, body, a}, at{e.Code, body, b}))
			}
		}
		return c
	case len(x.Lines) == 2:
		c := &comparison{What: "bodies", A: x.Lines[0], B: x.Lines[1], Units: true}
		for _, e := range x.Entries {
			for _, period := range periods {
				label := ""
				if len(x.Entries) > 1 {
					label = name(e.Vi, e.En)
				}
				keep(c, row(label, period, at{e.Code, c.A, period}, at{e.Code, c.B, period}))
			}
		}
		return c
	case len(x.Entries) == 2 && len(x.Lines) == 1:
		one, two := x.Entries[0], x.Entries[1]
		c := &comparison{What: "codes", A: name(one.Vi, one.En), B: name(two.Vi, two.En), Units: one.Unit == two.Unit}
		for _, period := range periods {
			keep(c, row("", period, at{one.Code, x.Lines[0], period}, at{two.Code, x.Lines[0], period}))
		}
		return c
	}
	return nil
}

func sourceOf(p analytics.Point) string {
	return "/bao-cao/" + p.Report + "#so-" + strconv.Itoa(int(p.FactNo))
}

// explore lets a reader choose indicators, bodies and periods, and keep the choice.
func (s *server) explore(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	v := viewOf(q)
	v.Codes = slices.Compact(some(v.Codes))
	codes, err := s.Figures.Codes(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	names := map[string]analytics.Indicator{}
	for _, c := range codes {
		names[c.Code] = c.Indicator
	}
	tooMany := len(v.Codes) > viewCodes
	if tooMany {
		v.Codes = v.Codes[:viewCodes]
	}
	x, err := s.look(r, v, names)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if len(v.Codes) > 0 && s.take(w, r, x, "kham-pha") {
		return
	}
	data := s.viewData(r, x, "/kham-pha")
	views, _, err := readRecord[[]saved](r.Context(), s.Records, savedKey)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	f := s.functions(s.languageOf(r))
	a, b := q.Get("a"), q.Get("b")
	var axisPeriods []string
	for _, p := range x.Points {
		if !slices.Contains(axisPeriods, p.Period) {
			axisPeriods = append(axisPeriods, p.Period)
		}
	}
	inOrder(axisPeriods)
	slices.Reverse(axisPeriods)
	p := personOf(r)
	mine := func(x saved) bool { return s.Demo || x.By == p.Name || s.Desk.May(p, access.Manage, "") }
	q.Del("xem")
	data["Bare"] = len(v.Codes) == 0 && !slices.ContainsFunc(codes, func(x analytics.CodeCount) bool { return x.Facts > 0 })
	data["Areas"], data["Views"], data["Mine"], data["TooMany"] = areasOf(codes), views, mine, tooMany
	data["Compare"], data["A"], data["B"], data["AxisPeriods"] = x.compare(a, b, f["name"].(func(string, string) string)), a, b, axisPeriods
	data["Query"], data["MaySave"] = q.Encode(), s.Records != nil && len(v.Codes) > 0
	for _, one := range views {
		if one.ID == r.URL.Query().Get("xem") {
			data["Saved"] = one
		}
	}
	s.render(w, r, http.StatusOK, "explore", data)
}

// savePost keeps a view under a name, or takes one away.
func (s *server) savePost(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	p := personOf(r)
	gone := r.FormValue("delete")
	v := saved{ID: strings.ToLower(rand.Text()[:10]), Name: strings.TrimSpace(r.FormValue("name")), Query: r.FormValue("query"), By: p.Name, Who: cmp.Or(p.Display, p.Name), At: time.Now().UTC()}
	if _, err := url.ParseQuery(v.Query); gone == "" && (err != nil || v.Name == "" || len([]rune(v.Name)) > savedRunes || len(v.Query) > 4096) {
		s.fail(w, r, &extract.Refusal{Code: "invalid"})
		return
	}
	err := changeRecord(r.Context(), s.Records, savedKey, func(list *[]saved) error {
		if gone == "" {
			if len(*list) >= savedMost {
				return &extract.Refusal{Code: "invalid"}
			}
			*list = append(*list, v)
			slices.SortStableFunc(*list, func(a, b saved) int { return strings.Compare(a.Name, b.Name) })
			return nil
		}
		for _, x := range *list {
			if x.ID == gone && !s.Demo && x.By != p.Name && !s.Desk.May(p, access.Manage, "") {
				return &extract.Refusal{Code: "forbidden"}
			}
		}
		*list = slices.DeleteFunc(*list, func(x saved) bool { return x.ID == gone })
		return nil
	})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if gone != "" {
		http.Redirect(w, r, "/kham-pha", http.StatusSeeOther)
		return
	}
	http.Redirect(w, r, "/xem/"+v.ID, http.StatusSeeOther)
}

// savedView is a saved view's own short address.
func (s *server) savedView(w http.ResponseWriter, r *http.Request) {
	list, _, err := readRecord[[]saved](r.Context(), s.Records, savedKey)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	for _, x := range list {
		if x.ID == r.PathValue("view") {
			http.Redirect(w, r, "/kham-pha?"+x.Query+"&xem="+url.QueryEscape(x.ID), http.StatusFound)
			return
		}
	}
	s.nothing(w, r)
}
