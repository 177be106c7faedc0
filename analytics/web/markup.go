package web

import (
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"soket/analytics"
)

// What stands on a page hundreds of times is written here: a template takes thirty times as long for it,
// half of what a period's page of 500 bodies takes in all.

// markup is HTML in the making; texts go into it escaped.
type markup struct{ strings.Builder }

// add writes pieces: every second one is a text, the others are HTML of ours.
func (m *markup) add(pieces ...string) {
	for i, p := range pieces {
		if i%2 == 1 {
			p = template.HTMLEscapeString(p)
		}
		m.WriteString(p)
	}
}

func (m *markup) done() template.HTML { return template.HTML(m.String()) }

// options are the bodies of a choice: names or counts, and the name or names that are chosen.
func options(list, chosen any) (template.HTML, error) {
	names, counts := []string(nil), []analytics.BodyCount(nil)
	switch x := list.(type) {
	case nil:
	case []string:
		names = x
	case []analytics.BodyCount:
		counts = x
	default:
		return "", fmt.Errorf("options of %T", list)
	}
	for _, c := range counts {
		names = append(names, c.Body)
	}
	several, ok := chosen.([]string)
	if !ok {
		several = []string{fmt.Sprint(chosen)}
	}
	var m markup
	for _, name := range names {
		if slices.Contains(several, name) {
			m.add("<option selected>", name, "</option>")
		} else {
			m.add("<option>", name, "</option>")
		}
	}
	return m.done(), nil
}

// cell writes a place in a table; say gives words.
func (m *markup) cell(c cell, say func(key string) string) {
	if c.Pad != "" {
		m.add(`<span data-pad="`, c.Pad, `">`)
		defer m.WriteString("</span>")
	}
	switch {
	case c.Kind == silent:
		m.none(say("ky.legend.silent"))
		return
	case c.Kind == senseless && c.Text == "":
		why := c.Why
		if why == "" {
			why = say("ky.legend.senseless")
		}
		m.add(`<abbr class="nil" title="`, why, `">×</abbr>`)
		return
	case c.Href != "":
		m.add(`<a href="`, c.Href, `">`, c.Text, "</a>")
	default:
		m.add("", c.Text)
	}
	if c.Note != 0 {
		m.add(`<sup class="paper">`, strconv.Itoa(c.Note), "</sup>")
	}
	if c.Why != "" {
		m.add(`<abbr class="why-mark" title="`, c.Why, `" tabindex="0">*</abbr>`)
	}
	if c.Over != "" {
		m.add(`<small class="over">`, c.Over, "</small>")
	}
}

// none stands for what nobody reported.
func (m *markup) none(why string) { m.add(`<abbr class="nil" title="`, why, `">…</abbr>`) }

// Lines are the rows of an area's figures.
func (b *brief) Lines(a area) template.HTML {
	var m markup
	say := func(key string) string { return b.speech.t(key) }
	td := func(class string, c cell) {
		m.add(`<td class="`, class, `">`)
		m.cell(c, say)
		m.WriteString("</td>")
	}
	for _, l := range a.Lines {
		m.add(`<tr><th scope="row"><a href="/chi-tieu/`, url.PathEscape(l.Code), `">`, l.Name, "</a></th><td>", l.Unit, "</td>")
		if b.Body == "" {
			m.add(`<td class="num">`, strconv.FormatUint(l.Figure.Counts[0], 10), "</td>")
		}
		td("num now", l.Now)
		if b.Same != "" {
			td("num", l.Same)
			td("num", l.Change)
		}
		if b.Previous != "" {
			td("num", l.Previous)
			td("num", l.Shift)
		}
		td("num", l.Plan)
		td("num", l.Share)
		if b.Same != "" {
			m.add("<td>", "", string(b.Spark(l)), "", "</td>")
		}
		m.WriteString("</tr>\n")
	}
	return m.done()
}

// Standings are the rows of the bodies that reported and that did not.
func (b *brief) Standings(p *plea) template.HTML {
	var m markup
	for _, x := range b.Bodies {
		m.add(`<tr><th scope="row"><a href="`, b.OfBody(x.Body), `">`, x.Body, `</a></th><td><span class="pill `, x.State, `">`, b.speech.t("ky.state."+x.State), "</span>")
		if x.State == "missing" && p != nil {
			if last, ok := p.Last[x.Body]; ok {
				m.add(` <small class="none noprint">`, b.speech.t("ky.reminded", last.At.Local().Format("02/01/2006 15:04"), last.By), "</small>")
			}
		}
		m.WriteString("</td><td>")
		if len(x.Reports) == 0 {
			m.none(b.speech.t("ky.legend.silent"))
		}
		for i, r := range x.Reports {
			if i > 0 {
				m.WriteString("<br>")
			}
			name := r.Number
			if name == "" {
				name = r.File
			}
			m.add(`<a href="/bao-cao/`, r.ID, `">`, name, "</a>")
		}
		m.WriteString(`</td><td class="num">`)
		for i, r := range x.Reports {
			if i > 0 {
				m.WriteString("<br>")
			}
			m.add("", r.ReceivedAt.Local().Format("02/01/2006 15:04"))
		}
		m.WriteString("</td>")
		if !b.Inferred {
			m.add(`<td class="num">`, isoDay(x.Due))
			if x.Late {
				m.add(` <span class="pill missing">`, b.speech.t("ky.late"), "</span>")
			}
			m.WriteString("</td>")
		}
		m.WriteString("</tr>\n")
	}
	return m.done()
}

// Sources are the numbered sources.
func (b *brief) Sources() template.HTML {
	var m markup
	for _, n := range b.Notes {
		m.add("<li><span>", strconv.Itoa(n.No), `.</span><a href="/bao-cao/`, n.Report.ID, `">`, b.Source(n), "</a></li>\n")
	}
	return m.done()
}
