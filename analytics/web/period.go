package web

import (
	"cmp"
	"fmt"
	"html"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"soket/analytics"
	"soket/analytics/web/access"
	"soket/extract"
	"soket/extract/vietnamese"
)

// periodQuery is what an address asks of a period: its place, a body, a moment.
func (s *server) periodQuery(r *http.Request) (q analytics.Standing, all bool, err error) {
	form := r.URL.Query()
	q = analytics.Standing{Period: vietnamese.Period(cmp.Or(r.PathValue("period"), form.Get("period"))), Body: strings.TrimSpace(form.Get("body"))}
	if q.Period != "" {
		if err := checkPeriod(string(q.Period)); err != nil {
			return q, false, err
		}
	}
	if at := form.Get("luc"); at != "" {
		if q.At, err = momentOf(at); err != nil {
			return q, false, &extract.Refusal{Code: "invalid", Detail: "luc", Err: err}
		}
		if q.At.After(time.Now()) { // today is not over: what stands now is what there is
			q.At = time.Time{}
		}
	}
	return q, form.Get("so") == "tat-ca", nil
}

// momentOf reads a day, which stands for its end here, or a full time.
func momentOf(text string) (time.Time, error) {
	if day, err := time.ParseInLocation(time.DateOnly, isoOf(text), time.Local); err == nil {
		return day.AddDate(0, 0, 1).Add(-time.Microsecond), nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, fmt.Errorf("moment %q: want 2026-07-15 or 2026-07-15T17:00:00+07:00", text)
	}
	return at, nil
}

func (s *server) period(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	periods, err := s.Figures.Periods(ctx)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	q, all, err := s.periodQuery(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if q.Period == "" && len(periods) > 0 {
		q.Period = vietnamese.Period(busiest(periods))
	}
	if q.Period != "" && !slices.ContainsFunc(periods, func(p analytics.PeriodCount) bool { return p.Period == string(q.Period) }) {
		periods = append([]analytics.PeriodCount{{Period: string(q.Period)}}, periods...) // shown, though nobody reported for it
	}
	data := map[string]any{"Periods": periods, "Period": string(q.Period), "Body": q.Body, "Day": r.URL.Query().Get("luc")}
	if q.Period == "" {
		s.render(w, r, http.StatusOK, "period", data)
		return
	}
	if r.PathValue("period") == "" { // one address for one view
		form := r.URL.Query()
		form.Del("period")
		for k, v := range form {
			if strings.Join(v, "") == "" {
				form.Del(k)
			}
		}
		http.Redirect(w, r, withParams("/ky/"+url.PathEscape(string(q.Period)), form), http.StatusSeeOther)
		return
	}
	b, err := s.brief(ctx, q, all, s.languageOf(r))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	bodies, err := s.Figures.Bodies(ctx)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	c, err := s.closeOf(ctx, b, s.languageOf(r))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if data["Plea"], err = s.plea(r, b); err != nil {
		s.fail(w, r, err)
		return
	}
	data["Bodies"], data["B"], data["Links"], data["Close"] = bodies, b, b.links(), c
	data["MayClose"] = s.Records != nil && !b.Fixed && b.Body == "" && (s.Demo || s.Desk.May(personOf(r), access.Approve, ""))
	s.render(w, r, http.StatusOK, "period", data)
}

// busiest is the newest of the periods that the most bodies of one year reported for.
func busiest(list []analytics.PeriodCount) string {
	best := list[0]
	for _, p := range list {
		if p.Year == best.Year && p.Bodies > best.Bodies {
			best = p
		}
	}
	return best.Period
}

// periodLinks are the ways on from a brief.
type periodLinks struct {
	Papers        []paperLink
	Common, All   string // comparison over bodies on both sides, over all of them
	Fixed, Leave  string // as it stands this moment for good, and back to what stands now
	Parts, Period string
}

type paperLink struct{ Format, Href string }

func (b *brief) links() periodLinks {
	path := "/ky/" + url.PathEscape(string(b.Period))
	with := func(change func(url.Values)) string {
		q := b.keep()
		change(q)
		return withParams(path, q)
	}
	l := periodLinks{
		Common: with(func(q url.Values) { q.Del("so") }), All: with(func(q url.Values) { q.Set("so", "tat-ca") }),
		Fixed: with(func(q url.Values) { q.Set("luc", cmpTime(b.At, b.Made).Format(time.RFC3339)) }), Leave: with(func(q url.Values) { q.Del("luc") }),
		Period: with(func(url.Values) {}),
	}
	for _, f := range []string{"pdf", "docx", "xlsx"} {
		l.Papers = append(l.Papers, paperLink{strings.ToUpper(f), withParams(path+"/tep/"+f, b.keep())})
	}
	return l
}

func cmpTime(a, b time.Time) time.Time {
	if a.IsZero() {
		return b
	}
	return a
}

// Measures of a small trend in its own units.
const (
	sparkWidth, sparkHeight = 104.0, 30.0
	sparkPad                = 4.0
)

// spark draws a small trend: a line that breaks where nobody reported and between points over
// different bodies, hollow points where not the same bodies did, the last point full. Its words are in the label; the table behind the indicator has all.
func (p speech) spark(l line) template.HTML {
	var said []string
	low, high, n := 0.0, 0.0, 0
	for _, x := range l.Spark {
		if !x.There {
			continue
		}
		if n == 0 {
			low, high = x.Value, x.Value
		}
		low, high = min(low, x.Value), max(high, x.Value)
		n++
		text := p.period(x.Period) + ": " + p.number(round(x.Value, 2))
		said = append(said, text)
	}
	if n < 2 {
		return ""
	}
	low = min(low, high*0.5) // a change is drawn no larger than it is: the line's foot is at most half its height
	span := high - low
	if span == 0 {
		span = 1
	}
	step := (sparkWidth - 2*sparkPad) / float64(max(1, len(l.Spark)-1))
	var path, dots strings.Builder
	last := -2
	for i, x := range l.Spark {
		if !x.There {
			continue
		}
		px, py := sparkPad+float64(i)*step, sparkPad+(1-(x.Value-low)/span)*(sparkHeight-2*sparkPad)
		command := "M"
		if i == last+1 && x.Other == l.Spark[last].Other { // over other bodies it is no rise and no fall
			command = "L"
		}
		fmt.Fprintf(&path, "%s%.1f %.1f", command, px, py)
		last = i
		class := "seen"
		switch {
		case i == len(l.Spark)-1:
			class = "last"
		case x.Other:
			class = "other"
		}
		fmt.Fprintf(&dots, `<circle class="%s" cx="%.1f" cy="%.1f" r="2.4"/>`, class, px, py)
	}
	return template.HTML(fmt.Sprintf(`<svg class="spark" viewBox="0 0 %g %g" preserveAspectRatio="xMinYMid meet" role="img" aria-label="%s"><title>%s</title><path d="%s"/>%s</svg>`, sparkWidth, sparkHeight,
		html.EscapeString(strings.Join(said, "; ")), html.EscapeString(strings.Join(said, "\n")), path.String(), dots.String()))
}

// Spark and the like are what the templates call.
func (b *brief) Spark(l line) template.HTML { return b.speech.spark(l) }

// Years are those over which a small trend goes; "" where there is none.
func (b *brief) Years(l line) string {
	first, last, n := 0, 0, 0
	for _, x := range l.Spark {
		if x.There {
			if n++; n == 1 {
				first = x.Period.Year()
			}
			last = x.Period.Year()
		}
	}
	if n < 2 {
		return ""
	}
	return fmt.Sprintf("%d–%d", first, last)
}

// Name is a period in words.
func (b *brief) Name(p vietnamese.Period) string { return b.speech.period(p) }

// AsOf is the moment of the figures, in words.
func (b *brief) AsOf() string { return cmpTime(b.At, b.Made).Local().Format("02/01/2006 15:04") }

// Reach says that the history begins after the moment asked for; "" where it does not.
func (b *brief) Reach() string {
	if !b.Fixed || b.Since.IsZero() || !b.At.Before(b.Since) {
		return ""
	}
	return b.speech.t("ky.fixed.before", b.Since.Local().Format("02/01/2006 15:04"))
}

// Columns is how many columns the table of figures has.
func (b *brief) Columns() int {
	n := 5
	if b.Body == "" {
		n++
	}
	if b.Same != "" {
		n += 3
	}
	if b.Previous != "" {
		n += 2
	}
	return n
}

// Total is how many bodies are expected.
func (b *brief) Total() int { return len(b.Bodies) }

// Empty tells that nothing is known of the period.
func (b *brief) Empty() bool { return len(b.Areas) == 0 }

// OfBody is the same view of one body.
func (b *brief) OfBody(body string) string {
	q := b.keep()
	q.Set("body", body)
	return withParams("/ky/"+url.PathEscape(string(b.Period)), q)
}

// Source is a numbered source in words: body, number, day, title.
func (b *brief) Source(n note) string {
	r := n.Report
	parts := []string{r.Body}
	switch {
	case r.Number != "" && r.Signed != "":
		parts = append(parts, r.Number+" "+b.speech.t("ky.source.of", isoDay(r.Signed)))
	case r.Number != "":
		parts = append(parts, r.Number)
	}
	parts = append(parts, cmp.Or(r.Title, r.File), b.speech.t("ky.source.received", r.ReceivedAt.Local().Format("02/01/2006")))
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}

// isoOf turns a date as people here write it, 5/7/2026, into ISO; what is none stays as it is.
func isoOf(text string) string {
	text = strings.TrimSpace(text)
	if d, err := time.Parse("2/1/2006", text); err == nil {
		return d.Format(time.DateOnly)
	}
	return text
}

// isoDay turns an ISO date into the one that people read.
func isoDay(iso string) string {
	d, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return iso
	}
	return d.Format("02/01/2006")
}
