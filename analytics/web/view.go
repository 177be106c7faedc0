package web

import (
	"cmp"
	"context"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"soket/analytics"
	"soket/extract"
)

// Bounds of one view; each is said on the page where it bites.
const (
	viewPoints = 5000 // points taken from the database; a chart of more says nothing
	viewRows   = 200  // rows of the table on the page; the files have all
	viewCodes  = 12   // indicators side by side
)

// view is what a reader chose to see. The whole of it stands in the address.
type view struct {
	Codes, Bodies []string
	Kind          string // result or plan
	Each          string // half, year, quarter, months, month, span; "cumulative": from the year's start
	Form          string // line, bars, stacked, small
	From, To      int    // years; 0: from the first, to the last
}

func viewOf(q url.Values) view {
	v := view{Codes: q["code"], Bodies: some(q["body"]), Kind: "result", Each: q.Get("period_kind"), Form: "line"}
	slices.Sort(v.Bodies)
	v.Bodies = slices.Compact(v.Bodies)
	if q.Get("kind") == "plan" {
		v.Kind = "plan"
	}
	if f := q.Get("form"); slices.Contains(forms, f) {
		v.Form = f
	}
	v.From, _ = strconv.Atoi(q.Get("from"))
	v.To, _ = strconv.Atoi(q.Get("to"))
	return v
}

var forms = []string{"line", "bars", "stacked", "small"}

func (v view) query() url.Values {
	q := url.Values{"kind": {v.Kind}, "form": {v.Form}}
	if v.Each != "" {
		q.Set("period_kind", v.Each)
	}
	if len(v.Bodies) > 0 {
		q["body"] = v.Bodies
	}
	if len(v.Codes) > 0 {
		q["code"] = v.Codes
	}
	if v.From > 0 {
		q.Set("from", strconv.Itoa(v.From))
	}
	if v.To > 0 {
		q.Set("to", strconv.Itoa(v.To))
	}
	return q
}

// cumulative are the kinds of period that count from the year's start; of quarters and halves the
// first do.
func cumulative(p analytics.Point) bool {
	switch p.PeriodKind {
	case "year", "months":
		return true
	case "half", "quarter":
		return strings.HasSuffix(p.Period, "1")
	}
	return false
}

// panel is one chart on the page.
type panel struct {
	Title string
	Href  template.URL // to it alone; empty where it stands alone
	SVG   template.HTML
}

// shown is a view with what there is for it.
type shown struct {
	View    view
	Entries []analytics.Indicator // of the codes
	Choices []choice              // bodies
	Kinds   []string              // kinds of period that there are
	Years   []int
	Points  []analytics.Point // in the order of the table
	Left    int               // of them not in the table
	Lines   []string          // bodies that are drawn
	Undrawn int               // bodies with figures that are not
	Panels  []panel
	Reports int
	Changes []change
	Notes   []remark
	Unit    string  // of the table's figures; empty where indicators of several units stand side by side
	Scale   float64 // by which they are divided
	plots   []plot
}

// choice is one body that has figures.
type choice struct {
	Name    string
	Periods uint64
	Chosen  bool
}

// look gathers what a view shows. Kinds of figure and of period are never in one line.
func (s *server) look(r *http.Request, v view, names map[string]analytics.Indicator) (*shown, error) {
	ctx := r.Context()
	x := &shown{View: v}
	for _, code := range v.Codes {
		entry, ok := names[code]
		if !ok {
			return nil, &extract.Refusal{Code: "not_found"}
		}
		x.Entries = append(x.Entries, entry)
	}
	scopes, err := s.Figures.Scopes(ctx, v.Codes...)
	if err != nil {
		return nil, err
	}
	x.choose(scopes)
	if err := s.points(ctx, x); err != nil {
		return nil, err
	}
	if x.Changes, err = s.changes(ctx, x.Lines); err != nil {
		return nil, err
	}
	if x.Notes, err = s.notes(ctx, x.View); err != nil {
		return nil, err
	}
	lang := s.languageOf(r)
	x.draw(s.functions(lang), lang)
	x.Scale = 1
	if len(x.Entries) == 1 {
		x.Unit = x.Entries[0].Unit
		var top analytics.PeriodFigure
		for _, p := range x.Points {
			top.Plan = max(top.Plan, abs(p.Value))
		}
		top.Unit = x.Unit
		x.Scale, x.Unit = s.speech(lang).scale(top)
	}
	return x, nil
}

// choose fills in what the reader left open: the kind of period with the most figures, and the bodies
// with the most periods.
func (x *shown) choose(scopes []analytics.Scope) {
	counts, bodies, years := map[string]uint64{}, map[string]uint64{}, map[int]bool{}
	flow := false
	for _, e := range x.Entries {
		flow = flow || e.Measure == "flow"
	}
	for _, c := range scopes {
		if c.Kind != x.View.Kind {
			continue
		}
		counts[c.PeriodKind] += c.Periods
		for y := c.First; y <= c.Last; y++ {
			years[int(y)] = true
		}
	}
	for k := range counts {
		x.Kinds = append(x.Kinds, k)
	}
	slices.SortFunc(x.Kinds, func(a, b string) int { return cmp.Or(cmp.Compare(counts[b], counts[a]), strings.Compare(a, b)) })
	if flow && len(x.Kinds) > 1 {
		x.Kinds = append(x.Kinds, "cumulative")
	}
	if !slices.Contains(x.Kinds, x.View.Each) {
		x.View.Each = ""
		if len(x.Kinds) > 0 {
			x.View.Each = x.Kinds[0]
		}
	}
	for y := range years {
		x.Years = append(x.Years, y)
	}
	slices.Sort(x.Years)
	for _, c := range scopes {
		if c.Kind == x.View.Kind && (x.View.Each == "cumulative" && c.PeriodKind != "month" && c.PeriodKind != "span" || c.PeriodKind == x.View.Each) {
			bodies[c.Body] += c.Periods
		}
	}
	for _, b := range x.View.Bodies {
		bodies[b] += 0 // one without figures is still a choice, and says that there are none
	}
	for name, n := range bodies {
		x.Choices = append(x.Choices, choice{name, n, slices.Contains(x.View.Bodies, name)})
	}
	slices.SortFunc(x.Choices, func(a, b choice) int {
		return cmp.Or(cmp.Compare(b.Periods, a.Periods), strings.Compare(a.Name, b.Name))
	})
	most := chartSeries
	if x.View.Form == "small" {
		most = chartPanels / max(1, len(x.View.Codes))
	}
	for _, c := range x.Choices {
		switch {
		case len(x.View.Bodies) > 0 && !c.Chosen:
		case len(x.Lines) < most:
			x.Lines = append(x.Lines, c.Name)
		default:
			x.Undrawn++
		}
	}
	slices.Sort(x.Lines)
	slices.SortFunc(x.Choices, func(a, b choice) int { return strings.Compare(a.Name, b.Name) })
}

// points fetches what is drawn: of the bodies in the lines and the kind of period.
func (s *server) points(ctx context.Context, x *shown) error {
	if len(x.Lines) == 0 || len(x.View.Codes) == 0 {
		return nil
	}
	kinds := []string{x.View.Each}
	if x.View.Each == "cumulative" {
		kinds = []string{"year", "half", "quarter", "months"}
	}
	f := analytics.Filter{Codes: x.View.Codes, Bodies: x.Lines, Kinds: []string{x.View.Kind}, PeriodKinds: kinds, Bases: []string{""}, Limit: maxLimit}
	for len(x.Points) < viewPoints {
		list, next, err := s.Figures.Trend(ctx, f)
		if err != nil {
			return err
		}
		for _, p := range list {
			year := int(p.PeriodYear)
			if x.View.Each == "cumulative" && !cumulative(p) || x.View.From > 0 && year < x.View.From || x.View.To > 0 && year > x.View.To {
				continue
			}
			x.Points = append(x.Points, p)
		}
		if f.Cursor = next; next == "" {
			break
		}
	}
	reports := map[string]bool{}
	for _, p := range x.Points {
		reports[p.Report] = true
	}
	x.Reports = len(reports)
	return nil
}

// axis are the periods of the points, and those between them on which nobody reported: a gap is seen.
func axis(points []analytics.Point, each string) []string {
	var list []string
	parts := map[string]bool{}
	first, last := 9999, 0
	for _, p := range points {
		if !slices.Contains(list, p.Period) {
			list = append(list, p.Period)
		}
		_, part, _ := strings.Cut(p.Period, "-")
		parts[part] = true
		first, last = min(first, int(p.PeriodYear)), max(last, int(p.PeriodYear))
	}
	const widest = 60 // years between the first and the last; more is a misreading, not an axis
	if each != "span" && each != "cumulative" && last-first < widest {
		for y := first; y <= last; y++ {
			for part := range parts {
				period := strconv.Itoa(y)
				if part != "" {
					period += "-" + part
				}
				if !slices.Contains(list, period) {
					list = append(list, period)
				}
			}
		}
	}
	inOrder(list)
	// No empty places before the first figure and after the last.
	has := func(period string) bool {
		return slices.ContainsFunc(points, func(p analytics.Point) bool { return p.Period == period })
	}
	for len(list) > 0 && !has(list[0]) {
		list = list[1:]
	}
	for len(list) > 0 && !has(list[len(list)-1]) {
		list = list[:len(list)-1]
	}
	return list
}

// draw makes the panels and puts the table in order.
func (x *shown) draw(f template.FuncMap, lang string) {
	say := tongueOf(f, lang)
	name, unit := f["name"].(func(string, string) string), f["unit"].(func(string) string)
	sameScale := map[string][2]float64{}
	short := shortNames(x.Lines)
	add := func(entry analytics.Indicator, title string, lines []string) {
		var points []analytics.Point
		for _, p := range x.Points {
			if p.Code == entry.Code {
				points = append(points, p)
			}
		}
		// One axis for all panels of an indicator, so that they compare at a glance.
		p := plot{Title: title, Form: x.View.Form, Unit: unit(entry.Unit), Periods: axis(points, x.View.Each), Restart: x.View.Each == "cumulative", Breaks: map[string]string{}}
		if p.Form == "small" {
			p.Form = "line"
		}
		for _, body := range lines {
			line := plotLine{Name: body, Short: short[slices.Index(x.Lines, body)], No: slices.Index(x.Lines, body), Dots: map[string]dot{}, Broken: map[string]bool{}}
			for _, q := range points {
				if q.Body == body {
					d := dot{Value: q.Value, Derived: q.Derived, Href: fmt.Sprintf("/bao-cao/%s#so-%d", q.Report, q.FactNo)}
					for _, n := range x.Notes {
						if n.Code == q.Code && n.Period == q.Period && (n.Body == "" || n.Body == q.Body) {
							d.Note = strings.TrimSpace(d.Note + " " + n.Text)
						}
					}
					line.Dots[q.Period] = d
				}
			}
			if len(lines) == 1 {
				line.No = 0
			}
			p.Lines = append(p.Lines, line)
		}
		for _, c := range x.Changes {
			if slices.Contains(lines, c.Body) {
				if at := c.before(p.Periods); at != "" {
					p.Breaks[at] = strings.TrimPrefix(p.Breaks[at]+"; "+c.text(lang), "; ")
					p.Lines[slices.Index(lines, c.Body)].Broken[at] = true
				}
			}
		}
		if len(p.Periods) > 0 {
			x.plots = append(x.plots, p)
		}
	}
	for _, e := range x.Entries {
		title := ""
		if len(x.Entries) > 1 {
			title = name(e.Vi, e.En)
		}
		if x.View.Form != "small" {
			add(e, title, x.Lines)
			continue
		}
		from := len(x.plots)
		for _, body := range x.Lines {
			add(e, strings.TrimSuffix(short[slices.Index(x.Lines, body)]+" · "+title, " · "), []string{body})
		}
		for _, p := range x.plots[from:] {
			low, high := p.span()
			both := sameScale[e.Code]
			sameScale[e.Code] = [2]float64{min(both[0], low), max(both[1], high)}
		}
		for i := range x.plots[from:] {
			x.plots[from+i].Low, x.plots[from+i].High = sameScale[e.Code][0], sameScale[e.Code][1]
		}
	}
	w, h, _ := sizeOf(len(x.plots))
	for _, p := range x.plots {
		one := panel{Title: p.Title, SVG: template.HTML(p.svg(w, h, say))}
		if x.View.Form == "small" && len(x.Entries) == 1 && len(p.Lines) == 1 {
			v := x.View
			v.Codes, v.Bodies, v.Form = nil, []string{p.Lines[0].Name}, "line"
			one.Href = template.URL("?" + v.query().Encode())
		}
		x.Panels = append(x.Panels, one)
	}
	slices.SortFunc(x.Points, func(a, b analytics.Point) int {
		ya, yb := monthOf(a.Period), monthOf(b.Period)
		return cmp.Or(cmp.Compare(slices.Index(x.View.Codes, a.Code), slices.Index(x.View.Codes, b.Code)), cmp.Compare(b.PeriodYear, a.PeriodYear),
			cmp.Compare(yb, ya), strings.Compare(a.Body, b.Body))
	})
}

// title is what the view shows, in words.
func (s *server) title(x *shown, lang string) string {
	f := s.functions(lang)
	name, word := f["name"].(func(string, string) string), f["t"].(func(string, ...any) (string, error))
	var parts []string
	for _, e := range x.Entries {
		parts = append(parts, name(e.Vi, e.En))
	}
	title := strings.Join(parts, "; ")
	for _, key := range []string{"kind." + x.View.Kind, "each." + x.View.Each} {
		if w, err := word(key); err == nil {
			title += ", " + strings.ToLower(w)
		}
	}
	return title
}
