package web

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"soket/analytics"
	"soket/analytics/web/access"
	"soket/extract"
)

// rollBodies is the most bodies in the tree: all departments and their branches of a country.
const rollBodies = 2000

// branch is a body at its place in the tree.
type branch struct {
	Body
	Depth   int
	Above   string   // name of its parent
	Into    []string // names of its successors
	Reports uint64
	Over    bool // it no longer exists
}

// stray is a name in reports that no body in the tree goes by.
type stray struct {
	analytics.BodyCount
	Like string // ID of the body that it may mean; empty: none comes near
}

// tree puts each body below its parent.
func (r *roll) tree(counts map[string]uint64, today string) []branch {
	var list []branch
	var grow func(parent string, depth int)
	grow = func(parent string, depth int) {
		for _, b := range r.Bodies {
			if b.Parent != parent {
				continue
			}
			x := branch{Body: b, Depth: depth, Reports: counts[b.Name], Over: b.To != "" && b.To < today}
			if p := r.body(parent); p != nil {
				x.Above = p.Name
			}
			for _, id := range b.Successors {
				x.Into = append(x.Into, r.body(id).Name)
			}
			list = append(list, x)
			grow(b.ID, depth+1)
		}
	}
	grow("", 0)
	return list
}

// like finds the body whose name shares most words with this one.
func (r *roll) like(name string) string {
	words := strings.Fields(nameKey(name))
	best, id := 0.5, ""
	for key, owner := range r.keys {
		others := strings.Fields(key)
		shared := 0
		for _, w := range words {
			if slices.Contains(others, w) {
				shared++
			}
		}
		score := 2 * float64(shared) / float64(len(words)+len(others))
		// What tells bodies apart is at the end of the name: its place.
		if len(words) > 0 && len(others) > 0 && words[len(words)-1] != others[len(others)-1] {
			score /= 2
		}
		if score > best || score == best && id != "" && owner < id {
			best, id = score, owner
		}
	}
	return id
}

func (s *server) bodiesPage(w http.ResponseWriter, r *http.Request) {
	list, err := s.bodies(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	counted, err := s.Figures.Bodies(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	counts := map[string]uint64{}
	var strays []stray
	var fresh []string // strays that may be bodies of their own
	for _, c := range counted {
		counts[c.Body] = c.Reports
		if list.find(c.Body) == nil {
			x := stray{c, list.like(c.Body)}
			if strays = append(strays, x); x.Like == "" {
				fresh = append(fresh, c.Body)
			}
		}
	}
	catalogue, err := s.Figures.Catalogue(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	var codes []analytics.CodeCount // uncounted
	for _, x := range catalogue {
		codes = append(codes, analytics.CodeCount{Indicator: x})
	}
	edit := list.body(r.URL.Query().Get("sua"))
	var open *Body
	if edit != nil {
		open = edit
	}
	s.render(w, r, http.StatusOK, "bodies", map[string]any{"Tree": list.tree(counts, time.Now().Format(time.DateOnly)), "Strays": strays, "Fresh": fresh, "Edit": open, "Roll": list, "Areas": areasOf(codes),
		"May": s.Records != nil && (s.Demo || s.Desk.May(personOf(r), access.Manage, "")), "Each": []string{"half", "year", "quarter", "month"}, "Periods": formPeriods(time.Now())})
}

// bodiesPost changes the tree of bodies or what they owe.
func (s *server) bodiesPost(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, &extract.Refusal{Code: "invalid", Err: err})
		return
	}
	form := func(key string) string { return strings.TrimSpace(r.PostForm.Get(key)) }
	err := changeRecord(r.Context(), s.Records, rollKey, func(list *roll) error {
		list.index()
		switch form("what") {
		case "save":
			id := form("id")
			b := list.body(id)
			if b == nil {
				if len(list.Bodies) >= rollBodies {
					return &extract.Refusal{Code: "invalid", Detail: strconv.Itoa(rollBodies)}
				}
				if same := list.find(form("name")); same != nil {
					return &extract.Refusal{Code: "invalid", Detail: "đã có " + same.Name}
				}
				list.Bodies = append(list.Bodies, Body{ID: list.idFor(form("name"))})
				b = &list.Bodies[len(list.Bodies)-1]
			} else if old := b.Name; nameKey(old) != nameKey(form("name")) {
				b.Aliases = append(b.Aliases, old) // reports go on calling it so
			}
			b.Name, b.Parent, b.From, b.To = form("name"), form("parent"), isoOf(form("from")), isoOf(form("to"))
			b.Successors = slices.DeleteFunc(r.PostForm["successor"], func(id string) bool { return id == "" })
			if r.PostForm.Has("aliases") {
				b.Aliases = lines(form("aliases"))
			}
		case "all": // names that are like no body's, as they stand
			for _, name := range some(r.PostForm["name"]) {
				if len(list.Bodies) >= rollBodies {
					return &extract.Refusal{Code: "invalid", Detail: strconv.Itoa(rollBodies)}
				}
				if list.find(name) == nil {
					list.Bodies = append(list.Bodies, Body{ID: list.idFor(name), Name: name})
					list.index()
				}
			}
		case "alias":
			b := list.body(form("id"))
			if b == nil || form("name") == "" {
				return &extract.Refusal{Code: "invalid"}
			}
			if list.find(form("name")) == nil {
				b.Aliases = append(b.Aliases, form("name"))
			}
		case "delete":
			list.Bodies = slices.DeleteFunc(list.Bodies, func(b Body) bool { return b.ID == form("id") })
			list.Obligations = slices.DeleteFunc(list.Obligations, func(o Obligation) bool { return o.Body == form("id") })
		case "owe":
			days, err := strconv.Atoi(form("days"))
			if err != nil {
				return &extract.Refusal{Code: "invalid", Detail: form("days")}
			}
			from, err := typedPeriod(form("from"))
			if err != nil {
				return err
			}
			to, err := typedPeriod(form("to"))
			if err != nil {
				return err
			}
			list.Obligations = append(list.Obligations, Obligation{form("body"), form("each"), days, from, to, form("approve") != "", r.PostForm["code"]})
		case "free":
			n, err := strconv.Atoi(form("no"))
			if err != nil || n < 0 || n >= len(list.Obligations) {
				return &extract.Refusal{Code: "invalid"}
			}
			list.Obligations = slices.Delete(list.Obligations, n, n+1)
		default:
			return &extract.Refusal{Code: "invalid"}
		}
		list.By, list.At = personOf(r).Name, time.Now().UTC()
		return list.check()
	})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	// The change is in the figures before the page shows it.
	if _, err := s.bodies(r.Context()); err != nil {
		s.fail(w, r, err)
		return
	}
	http.Redirect(w, r, "/don-vi", http.StatusSeeOther)
}

// lines are the lines of a text that say something.
func lines(s string) []string {
	var list []string
	for line := range strings.Lines(s) {
		if line = strings.TrimSpace(line); line != "" && !slices.Contains(list, line) {
			list = append(list, line)
		}
	}
	return list
}

// idFor makes an ID from a name, with a number where it is taken.
func (r *roll) idFor(name string) string {
	base := strings.ReplaceAll(nameKey(name), " ", "-")
	base = cmp.Or(base[:min(len(base), 60)], "x")
	for n, id := 2, base; ; n++ {
		if r.body(id) == nil {
			return id
		}
		id = fmt.Sprint(base, "-", n)
	}
}

// due gives what a body owes for a period; ok is false where it owes nothing.
func (r *roll) due(b Body, period, each string) (o Obligation, ok bool) {
	if !b.valid(period) {
		return o, false
	}
	for _, x := range r.Obligations {
		if x.Each != each || x.Body != "*" && x.Body != b.ID || x.From != "" && endOf(period) < endOf(x.From) || x.To != "" && endOf(period) > endOf(x.To) {
			continue
		}
		if !ok || x.Body != "*" { // what is said of one body goes before what is said of all
			o, ok = x, true
		}
	}
	return o, ok
}

func endOf(period string) string {
	_, end := within(period)
	return end.Format(time.DateOnly)
}

// periodsOf lists the periods of a kind in a year.
func periodsOf(each string, year int) []string {
	switch each {
	case "half":
		return []string{fmt.Sprint(year, "-H1"), fmt.Sprint(year, "-H2")}
	case "quarter":
		return []string{fmt.Sprint(year, "-Q1"), fmt.Sprint(year, "-Q2"), fmt.Sprint(year, "-Q3"), fmt.Sprint(year, "-Q4")}
	case "month":
		var list []string
		for m := range 12 {
			list = append(list, fmt.Sprintf("%d-M%02d", year, m+1))
		}
		return list
	}
	return []string{strconv.Itoa(year)}
}
