package web

import (
	"cmp"
	"fmt"
	"html"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"soket/analytics"
)

const (
	boardYears  = 3 // shown unless more are asked for
	boardMost   = 12
	boardRecall = 2 // years for which a body that reported once is still expected to; see analytics.expectedYears
)

// boardCell is one body in one period on the board.
type boardCell struct {
	State       string // ontime, late, reported (no day is set), missing, open (not yet due), waiting, none (not expected)
	Provisional bool   // reported, but to be approved still
	Late        int    // days
	Owed        bool
	Due         string // ISO date
	Day         string
	Report      string
	Reports     uint64
	Mark        template.HTML // as the page shows it: one of 500 bodies has thousands, and the template took most of its time over them
}

type boardRow struct {
	Name  string
	Depth int
	Known bool // it is in the tree
	Cells []boardCell
}

// boardSum counts the cells of a period.
type boardSum struct{ Expected, Reported, OnTime, Late, Missing, Provisional int }

// board is bodies by periods.
type board struct {
	Each     string
	Periods  []string
	Rows     []boardRow
	Sums     []boardSum
	Inferred bool // nobody said who owes what: who reported before is expected to again
}

// makeBoard sets what came against what is owed. today is an ISO date.
func makeBoard(r *roll, arrivals []analytics.Arrival, each string, first, last int, today string) board {
	b := board{Each: each}
	if each == "half" {
		arrivals = halves(arrivals)
	}
	for y := first; y <= last; y++ {
		for _, p := range periodsOf(each, y) {
			start, _ := within(p)
			came := slices.ContainsFunc(arrivals, func(a analytics.Arrival) bool { return a.Period == p })
			if came || start.Format(time.DateOnly) <= today {
				b.Periods = append(b.Periods, p)
			}
		}
	}
	b.Inferred = !slices.ContainsFunc(r.Obligations, func(o Obligation) bool { return o.Each == each })
	came := map[string]map[string]analytics.Arrival{}
	for _, a := range arrivals {
		if came[a.Body] == nil {
			came[a.Body] = map[string]analytics.Arrival{}
		}
		came[a.Body][a.Period] = a
	}
	row := func(name string, depth int, body *Body) {
		x := boardRow{Name: name, Depth: depth, Known: body != nil}
		shown := false
		for _, p := range b.Periods {
			c := b.cell(r, body, came[name], p, today)
			shown = shown || c.State != "none"
			x.Cells = append(x.Cells, c)
		}
		if shown {
			b.Rows = append(b.Rows, x)
		}
	}
	for _, x := range r.tree(nil, today) {
		row(x.Name, x.Depth, &x.Body)
	}
	var names []string
	for name := range came {
		if r.find(name) == nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		row(name, 0, nil)
	}
	b.sum()
	return b
}

// cell tells whether a body's report on a period came, with what came of it by period; body is nil for one that is
// not in the tree.
func (b *board) cell(r *roll, body *Body, came map[string]analytics.Arrival, p, today string) boardCell {
	c := boardCell{State: "none"}
	var o Obligation
	owes := false
	switch {
	case b.Inferred:
		owes = expected(came, p) && (body == nil || body.valid(p))
	case body != nil:
		o, owes = r.due(*body, p, b.Each)
	}
	_, end := within(p)
	c.Owed = owes
	if owes && !b.Inferred {
		c.Due = end.AddDate(0, 0, o.Days).Format(time.DateOnly)
	}
	a, here := came[p]
	switch {
	case here && a.Reports > 0:
		c.Day, c.Report, c.Reports = a.Day, a.Report, a.Reports
		c.Provisional = a.Approved == 0 && (b.Inferred || o.Approve)
		c.State = "reported"
		if c.Due != "" {
			c.State = "ontime"
			if c.Day > c.Due {
				c.State = "late"
				day, err := time.Parse(time.DateOnly, c.Day)
				if err == nil {
					c.Late = int(day.Sub(end.AddDate(0, 0, o.Days)).Hours() / 24)
				}
			}
		}
	case here:
		c.State, c.Day, c.Report = "waiting", a.Day, a.Report
	case owes && (c.Due != "" && c.Due >= today || c.Due == "" && end.Format(time.DateOnly) >= today):
		c.State = "open"
	case owes:
		c.State = "missing"
	}
	return c
}

// sum counts the cells of each period.
func (b *board) sum() {
	b.Sums = make([]boardSum, len(b.Periods))
	for _, x := range b.Rows {
		for i, c := range x.Cells {
			n := &b.Sums[i]
			if !c.Owed {
				continue // one that owes nothing is not among those expected
			}
			switch c.State {
			case "none":
				continue
			case "ontime":
				n.OnTime++
				n.Reported++
			case "late":
				n.Late++
				n.Reported++
			case "reported":
				n.Reported++
			case "missing":
				n.Missing++
			}
			n.Expected++
			if c.Provisional {
				n.Provisional++
			}
		}
	}
}

// newestFirst puts the newest period beside the names: on a narrow screen the others wait to be scrolled to.
func (b *board) newestFirst() {
	slices.Reverse(b.Periods)
	slices.Reverse(b.Sums)
	for _, x := range b.Rows {
		slices.Reverse(x.Cells)
	}
}

// tell puts the cells into words.
func (b *board) tell(f template.FuncMap) {
	must, day := f["must"].(func(string) string), f["day"].(func(any) string)
	words := map[string]string{"ontime": must("board.ontime"), "late": must("board.late"), "reported": must("board.reported"), "missing": must("board.missing"),
		"open": must("board.open"), "waiting": must("board.waiting"), "none": must("board.none")}
	due, signs := must("board.due"), map[string]string{"missing": "✕", "open": "○", "waiting": "?"}
	for _, x := range b.Rows {
		for i := range x.Cells {
			c := &x.Cells[i]
			word := html.EscapeString(words[c.State])
			if c.State == "none" {
				c.Mark = template.HTML(`<span class="none" title="` + word + `">–</span>`)
				continue
			}
			title := word
			if c.Day != "" {
				title += ", " + html.EscapeString(day(c.Day))
			}
			if c.Due != "" {
				title += " (" + html.EscapeString(due+" "+day(c.Due)) + ")"
			}
			sign := cmp.Or(signs[c.State], "✓")
			class := "c " + c.State
			if c.Provisional {
				class, sign = class+" provisional", sign+"*"
			}
			open, shut := "<span", "</span>"
			if c.Report != "" {
				open, shut = `<a href="/bao-cao/`+html.EscapeString(c.Report)+`"`, "</a>"
			} else if c.State == "missing" { // where it can be asked for
				open, shut = `<a href="/ky/`+html.EscapeString(url.PathEscape(b.Periods[i]))+`#nhac"`, "</a>"
			}
			c.Mark = template.HTML(open + ` class="` + class + `" title="` + title + `">` + sign + `<span class="out">` + word + "</span>" + shut)
		}
	}
}

// halves lets a report on the whole year stand for its second half, where there is none of its own.
func halves(arrivals []analytics.Arrival) []analytics.Arrival {
	var list []analytics.Arrival
	have := map[[2]string]bool{}
	for _, a := range arrivals {
		if len(a.Period) > 4 {
			list = append(list, a)
			have[[2]string{a.Body, a.Period}] = a.Reports > 0
		}
	}
	for _, a := range arrivals {
		if len(a.Period) == 4 && !have[[2]string{a.Body, a.Period + "-H2"}] {
			a.Period += "-H2"
			list = append(list, a)
		}
	}
	return list
}

// expected tells whether a body that reported before is to report for this period too: it did for the
// same part of a year, not longer ago than boardRecall years.
func expected(came map[string]analytics.Arrival, period string) bool {
	if came[period].Reports > 0 || came[period].Waiting > 0 {
		return true
	}
	year, part := period[:4], period[4:]
	y, _ := strconv.Atoi(year)
	for back := 1; back <= boardRecall; back++ {
		if came[fmt.Sprint(y-back, part)].Reports > 0 {
			return true
		}
	}
	return false
}

func (s *server) boardPage(w http.ResponseWriter, r *http.Request) {
	ctx, q := r.Context(), r.URL.Query()
	list, err := s.bodies(ctx)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	periods, err := s.Figures.Periods(ctx)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	kinds, newest := []string{}, map[string]int{}
	for _, p := range periods {
		if slices.Contains([]string{"half", "year", "quarter", "month"}, p.Kind) {
			newest[p.Kind] = max(newest[p.Kind], int(p.Year))
			if !slices.Contains(kinds, p.Kind) {
				kinds = append(kinds, p.Kind)
			}
		}
	}
	for _, o := range list.Obligations {
		if !slices.Contains(kinds, o.Each) {
			kinds = append(kinds, o.Each)
		}
	}
	slices.SortFunc(kinds, func(a, b string) int { return strings.Compare(boardOrder(a), boardOrder(b)) })
	each := q.Get("period_kind")
	if !slices.Contains(kinds, each) {
		each = "half"
		if len(kinds) > 0 {
			each = kinds[0]
		}
	}
	now := time.Now()
	last := newest[each]
	if last == 0 || slices.ContainsFunc(list.Obligations, func(o Obligation) bool { return o.Each == each && o.To == "" }) {
		last = now.Year()
	}
	if y, err := strconv.Atoi(q.Get("to")); err == nil && y > 1900 && y < 2200 {
		last = y
	}
	first := last - boardYears + 1
	if each == "month" {
		first = last
	}
	if y, err := strconv.Atoi(q.Get("from")); err == nil && y > 1900 && y <= last {
		first = max(y, last-boardMost+1)
	}
	arrivals, err := s.Figures.Arrivals(ctx, each, first-boardRecall, last)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	b := makeBoard(list, arrivals, each, first, last, now.Format(time.DateOnly))
	if format := q.Get("format"); format == "csv" || format == "xlsx" {
		s.takeBoard(w, r, b, format)
		return
	}
	b.newestFirst()
	b.tell(s.functions(s.languageOf(r)))
	var years []int
	for y := now.Year(); y > now.Year()-boardMost; y-- {
		years = append(years, y)
	}
	s.render(w, r, http.StatusOK, "board", map[string]any{"Board": b, "Kinds": kinds, "First": first, "Last": last, "Years": years, "Listed": len(list.Bodies) > 0, "Today": now.Format(time.DateOnly)})
}

func boardOrder(kind string) string {
	return strconv.Itoa(slices.Index([]string{"half", "year", "quarter", "month"}, kind))
}

func (s *server) takeBoard(w http.ResponseWriter, r *http.Request, b board, format string) {
	f := s.functions(s.languageOf(r))
	must, period := f["must"].(func(string) string), f["period"].(func(string) string)
	word := f["t"].(func(string, ...any) (string, error))
	e := analytics.Export{Name: must("board"), Head: []string{must("body"), must("period"), must("state"), must("board.provisional"), must("board.due"), must("board.day"), must("board.days")}}
	for _, x := range b.Rows {
		for i, c := range x.Cells {
			if c.State == "none" {
				continue
			}
			state, err := word("board." + c.State)
			if err != nil {
				s.fail(w, r, err)
				return
			}
			var late any
			if c.Late > 0 {
				late = float64(c.Late)
			}
			provisional := ""
			if c.Provisional {
				provisional = must("board.provisional")
			}
			e.Rows = append(e.Rows, []any{x.Name, period(b.Periods[i]), state, provisional, c.Due, c.Day, late})
		}
	}
	kinds := map[string]string{"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
	w.Header().Set("Content-Type", kinds[format])
	w.Header().Set("Content-Disposition", `attachment; filename="hoan-thanh.`+format+`"`)
	write := e.CSV
	if format == "xlsx" {
		write = e.XLSX
	}
	if err := write(w); err != nil {
		s.Log.Error("export", "format", format, "err", err)
	}
}
