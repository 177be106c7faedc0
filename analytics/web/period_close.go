package web

import (
	"cmp"
	"context"
	"encoding/xml"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"soket/extract"
	"soket/extract/vietnamese"
)

// closing is the moment at which a period's figures are closed: what stood then is announced, with
// its papers, at an address that never changes. Later changes are shown beside it, never in it.
type closing struct {
	Period string    `json:"period"`
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	Set    time.Time `json:"set"`
}

const (
	closeKey   = "closes"
	closesMost = 500 // periods of a century; more is a mistake
	feedMost   = 50  // entries of the feed
)

// closings gives the closes of all periods, the latest first.
func (s *server) closings(ctx context.Context) ([]closing, error) {
	list, _, err := readRecord[[]closing](ctx, s.Records, closeKey)
	slices.SortStableFunc(list, func(a, b closing) int { return b.At.Compare(a.At) })
	return list, err
}

// closed is a period's close as its page tells it.
type closed struct {
	closing
	Past    bool
	Links   periodLinks // of the figures as they stood
	Changed []sentence  // what changed since
}

// Day is the close in words.
func (c closed) Day() string { return c.At.Local().Format("02/01/2006 15:04") }

// closeOf tells a page of its period's close, and what changed since; nil where none is set.
func (s *server) closeOf(ctx context.Context, b *brief, lang string) (*closed, error) {
	list, err := s.closings(ctx)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(list, func(c closing) bool { return c.Period == string(b.Period) })
	if i < 0 {
		return nil, nil
	}
	c := &closed{closing: list[i], Past: !list[i].At.After(time.Now())}
	if !c.Past || b.Fixed {
		return c, nil
	}
	q := b.Standing
	q.At = c.At
	then, err := s.brief(ctx, q, b.All, lang)
	if err != nil {
		return nil, err
	}
	c.Links = then.links()
	before := map[string]line{}
	for _, a := range then.Areas {
		for _, l := range a.Lines {
			before[l.Code] = l
		}
	}
	p := b.speech
	told := func(l line) string {
		if l.Code == "" || l.Now.Kind == silent {
			return "…"
		}
		if l.Now.Kind == senseless {
			return cmp.Or(l.Now.Text, "×")
		}
		return p.value(l.Now.Value*l.Scale, l.Figure.Unit)
	}
	for _, a := range b.Areas {
		for _, l := range a.Lines {
			if was, now := told(before[l.Code]), told(l); was != now {
				c.Changed = append(c.Changed, sentence{"changed", fill(p.t("ky.close.was"), map[string]run{"name": {Text: l.Name}, "was": {Text: was}, "now": {Text: now, Href: l.Now.Href}})})
			}
		}
	}
	return c, *p.missing
}

// closePost sets, moves or takes away the close of a period.
func (s *server) closePost(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	period := r.PathValue("period")
	err := checkPeriod(period)
	if err == nil {
		err = r.ParseForm()
	}
	if err != nil {
		s.fail(w, r, &extract.Refusal{Code: "invalid", Err: err})
		return
	}
	var at time.Time
	if day := isoOf(r.PostForm.Get("ngay")); day != "" {
		if at, err = time.ParseInLocation("2006-01-02 15:04", day+" "+cmp.Or(strings.TrimSpace(r.PostForm.Get("gio")), "17:00"), time.Local); err != nil {
			s.fail(w, r, &extract.Refusal{Code: "invalid", Detail: r.PostForm.Get("ngay") + " " + r.PostForm.Get("gio"), Err: err})
			return
		}
		if err := s.mayCloseAt(r, period, at); err != nil {
			s.fail(w, r, err)
			return
		}
	}
	err = changeRecord(r.Context(), s.Records, closeKey, func(list *[]closing) error {
		*list = slices.DeleteFunc(*list, func(c closing) bool { return c.Period == period })
		if len(*list) >= closesMost {
			return &extract.Refusal{Code: "full", Detail: closeKey}
		}
		if !at.IsZero() {
			*list = append(*list, closing{Period: period, At: at.UTC(), By: personOf(r).Name, Set: time.Now().UTC()})
		}
		return nil
	})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	http.Redirect(w, r, "/ky/"+url.PathEscape(period), http.StatusSeeOther)
}

// mayCloseAt refuses a moment at which there can have been no figures: it would announce an empty period.
func (s *server) mayCloseAt(r *http.Request, period string, at time.Time) error {
	p := s.speech(s.languageOf(r))
	start, _ := within(period)
	if start = time.Date(start.Year(), start.Month(), start.Day(), 0, 0, 0, 0, time.Local); at.Before(start) {
		return &extract.Refusal{Code: "close_early", Detail: p.t("ky.close.begins", upperFirst(p.period(vietnamese.Period(period))), start.Format("02/01/2006"))}
	}
	if at.After(time.Now()) {
		return nil
	}
	since, err := s.Figures.HistoryStart(r.Context())
	switch {
	case err != nil:
		return err
	case since.IsZero():
		return &extract.Refusal{Code: "close_early", Detail: p.t("empty.reports")}
	case at.Before(since):
		return &extract.Refusal{Code: "close_early", Detail: p.t("ky.close.since", since.Local().Format("02/01/2006 15:04"))}
	}
	return nil
}

// Atom, as RFC 4287 has it.
type (
	atomFeed struct {
		XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
		ID      string      `xml:"id"`
		Title   string      `xml:"title"`
		Updated string      `xml:"updated"`
		Author  string      `xml:"author>name"`
		Links   []atomLink  `xml:"link"`
		Entries []atomEntry `xml:"entry"`
	}
	atomLink struct {
		Rel  string `xml:"rel,attr"`
		Type string `xml:"type,attr,omitempty"`
		Href string `xml:"href,attr"`
	}
	atomEntry struct {
		ID      string     `xml:"id"`
		Title   string     `xml:"title"`
		Updated string     `xml:"updated"`
		Links   []atomLink `xml:"link"`
		Summary string     `xml:"summary"`
	}
)

// announcements is the feed of closed periods: who subscribes hears of a close, with its papers.
func (s *server) announcements(w http.ResponseWriter, r *http.Request) {
	list, err := s.closings(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	base, p := "http://"+r.Host, s.speech(s.languageOf(r))
	if r.TLS != nil {
		base = "https://" + r.Host
	}
	feed := atomFeed{ID: base + "/ky/cong-bo.atom", Title: p.t("ky.close.feed"), Updated: time.Unix(0, 0).UTC().Format(time.RFC3339), Author: "Sơ Kết", Links: []atomLink{{Rel: "self", Href: base + "/ky/cong-bo.atom"}}}
	now := time.Now()
	for _, c := range list {
		if c.At.After(now) || len(feed.Entries) >= feedMost {
			continue
		}
		b := &brief{Fixed: true, speech: p}
		b.Period, b.At = vietnamese.Period(c.Period), c.At
		links := b.links()
		e := atomEntry{ID: base + links.Period, Title: p.t("ky.title") + " " + b.Name(b.Period), Updated: c.At.UTC().Format(time.RFC3339), Summary: p.t("ky.close.done", closed{closing: c}.Day()),
			Links: []atomLink{{Rel: "alternate", Type: "text/html", Href: base + links.Period}}}
		for _, f := range links.Papers {
			e.Links = append(e.Links, atomLink{Rel: "enclosure", Type: paperTypes[strings.ToLower(f.Format)], Href: base + f.Href})
		}
		if len(feed.Entries) == 0 {
			feed.Updated = e.Updated
		}
		feed.Entries = append(feed.Entries, e)
	}
	if err := *p.missing; err != nil {
		s.fail(w, r, err)
		return
	}
	out, err := xml.MarshalIndent(feed, "", " ")
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/atom+xml; charset=utf-8")
	w.Write(append([]byte(xml.Header), out...))
}
