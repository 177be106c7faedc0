package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"soket/analytics/web/paper"
	"soket/extract"
)

// paperTypes are the papers of a period: format → media type.
var paperTypes = map[string]string{
	"pdf":  "application/pdf",
	"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

// paperCharts is how many charts a paper has: a page of them, two by two.
const paperCharts = 6

// periodPaper gives a period as PDF, DOCX or XLSX.
func (s *server) periodPaper(w http.ResponseWriter, r *http.Request) {
	format := r.PathValue("format")
	if paperTypes[format] == "" {
		s.nothing(w, r)
		return
	}
	q, all, err := s.periodQuery(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	lang := s.languageOf(r)
	b, err := s.brief(r.Context(), q, all, lang)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	raw, err := s.paper(r, b, format, lang)
	if errors.Is(err, paper.ErrNoBrowser) {
		err = &extract.Refusal{Code: "no_browser", Err: err}
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", paperTypes[format])
	w.Header().Set("Content-Disposition", disposition(b.fileName()+"."+format))
	w.Header().Set("Cache-Control", "no-store")
	w.Write(raw)
}

// paper makes the bytes of a brief in a format.
func (s *server) paper(r *http.Request, b *brief, format, lang string) ([]byte, error) {
	base := "http://" + r.Host
	if r.TLS != nil {
		base = "https://" + r.Host
	}
	var out bytes.Buffer
	switch format {
	case "docx":
		p, err := b.paper(base)
		if err != nil {
			return nil, err
		}
		err = paper.DOCX(&out, p)
		return out.Bytes(), err
	case "xlsx":
		p, err := b.paper(base)
		if err != nil {
			return nil, err
		}
		err = paper.XLSX(&out, p)
		return out.Bytes(), err
	}
	page, err := s.page(r, "period", lang, map[string]any{"Period": string(b.Period), "Body": b.Body, "B": b, "Links": b.links()})
	if err != nil {
		return nil, err
	}
	pdf, err := s.printer.PDF(r.Context(), s.alone(page, b, base))
	if errors.Is(err, context.DeadlineExceeded) {
		err = &extract.Refusal{Code: "unavailable", Detail: "PDF", Err: err}
	}
	return pdf, err
}

var (
	linkTag   = regexp.MustCompile(`<link [^>]*>`)
	scriptTag = regexp.MustCompile(`<script [^>]*></script>`)
)

// alone makes a page that needs nothing but itself, with what stands in the margins of its paper.
func (s *server) alone(page []byte, b *brief, base string) []byte {
	page = scriptTag.ReplaceAll(linkTag.ReplaceAll(page, nil), nil)
	margins := fmt.Sprintf("@page { @top-left { content: %s; } @top-right { content: %s; } }", cssText(b.heading()), cssText(b.speech.t("ky.asof", b.AsOf())))
	head := fmt.Sprintf("<base href=\"%s/\"><style>%s\n%s</style></head>", html.EscapeString(base), s.assets.files[s.assets.names["app.css"]], margins)
	return bytes.Replace(page, []byte("</head>"), []byte(head), 1)
}

// cssText is a string of CSS; everything but letters and digits is written by its number.
func cssText(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		if r < 0x80 && !(r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r == ' ') {
			fmt.Fprintf(&b, "\\%06x", r)
			continue
		}
		b.WriteRune(r)
	}
	b.WriteByte('"')
	return b.String()
}

// heading is what the paper is about, in a line.
func (b *brief) heading() string {
	body := b.Body
	if body == "" {
		body = b.speech.t("all.bodies")
	}
	return b.speech.t("ky.title") + " " + b.Name(b.Period) + " · " + body
}

// fileName names a paper by its period and, where one was chosen, its body and its moment.
func (b *brief) fileName() string {
	parts := []string{"ket-qua", strings.ReplaceAll(string(b.Period), "/", "-")}
	if b.Body != "" {
		parts = append(parts, b.Body)
	}
	if b.Fixed {
		parts = append(parts, b.At.Local().Format("2006-01-02-1504"))
	}
	return strings.Join(parts, " ")
}

// disposition offers a name in full, and in plain letters to programs that know no others.
func disposition(name string) string {
	plain := strings.Map(func(r rune) rune {
		if r > 0x20 && r < 0x7f && !strings.ContainsRune(`"\/%`, r) {
			return r
		}
		return '-'
	}, name)
	return fmt.Sprintf(`attachment; filename="%s"; filename*=UTF-8''%s`, plain, url.PathEscape(name))
}

// departments are told apart from their province: "Sở Khoa học và Công nghệ tỉnh Mẫu".
var departments = regexp.MustCompile(`^(Sở .+?) (tỉnh|thành phố|Tỉnh|Thành phố|TP\.?) (.+)$`)

// head gives the issuing body of a paper as the form wants it: above it, itself, its place.
func (b *brief) head() (superior, issuer, place string) {
	if b.Body == "" {
		return b.speech.t("ky.paper.superior"), b.speech.t("ky.paper.issuer"), ""
	}
	if m := departments.FindStringSubmatch(b.Body); m != nil {
		return "Ủy ban nhân dân\n" + m[2] + " " + m[3], m[1], m[3]
	}
	return "", b.Body, ""
}

// paper puts a brief into the form of an official report.
func (b *brief) paper(base string) (*paper.Report, error) {
	p := b.speech
	r := &paper.Report{English: p.english, Date: b.Made.Local(), Symbol: "BC-SKHCN", Title: p.t("ky.title") + " " + b.Name(b.Period), Base: base}
	r.Superior, r.Issuer, r.Place = b.head()
	r.Words = paper.Words{State: p.t("ky.paper.state"), Motto: p.t("ky.paper.motto"), Number: p.t("ky.paper.number"), Kind: p.t("ky.paper.kind"),
		Recipients: p.t("ky.paper.recipients"), Signer: p.t("ky.paper.signer"), Appendix: p.t("ky.paper.appendix"), Sources: p.t("ky.sources"),
		Sheet: p.t("ky.paper.sheet"), Trend: p.t("ky.trend"), Note: p.t("ky.paper.open"), Among: p.t("ky.paper.among")}
	compare := p.t("ky.compare.common")
	if b.All {
		compare = p.t("ky.compare.all")
	}
	scope := b.Body
	if scope == "" {
		scope = p.t("all.bodies")
	}
	r.Scope = []string{p.t("ky.paper.scope", scope, p.t("ky.asof", b.AsOf()))}
	if b.Body == "" && b.Same != "" {
		r.Scope = append(r.Scope, p.t("ky.compare")+": "+p.name(compare))
	}
	if b.Fixed {
		r.Scope = append(r.Scope, strings.TrimSpace(p.t("ky.fixed", b.AsOf())+" "+b.Reach()))
	}
	r.Signs = p.t("ky.legend") + " 0: " + p.t("ky.legend.zero") + "; …: " + p.t("ky.legend.silent") + "; ×: " + p.t("ky.legend.senseless") + "; *: " + p.t("ky.legend.mark") + "."
	for _, n := range b.Notes {
		r.Sources = append(r.Sources, paper.Source{Text: b.Source(n), Href: "/bao-cao/" + n.Report.ID})
	}
	r.Sections = []paper.Section{b.paperReporting()}
	says := paper.Section{Title: p.t("ky.says")}
	for _, x := range b.Says {
		says.List = append(says.List, runsOf(x))
	}
	if len(b.Says) == 0 {
		says.Paras = [][]paper.Run{{{Text: p.t("ky.says.none")}}}
	}
	for _, l := range b.Key {
		if c, ok := b.chart(l); ok && len(says.Charts) < paperCharts {
			says.Charts = append(says.Charts, c)
		}
	}
	if len(says.Charts) > 0 {
		says.Below = p.t("ky.paper.charts", b.Name(b.Period))
	}
	r.Sections = append(r.Sections, says)
	if len(b.Targets) > 0 {
		r.Sections = append(r.Sections, b.paperTargets())
	}
	if len(b.Gaps) > 0 {
		gaps := paper.Section{Title: p.t("ky.gaps")}
		for _, x := range b.Gaps {
			gaps.List = append(gaps.List, runsOf(x))
		}
		r.Sections = append(r.Sections, gaps)
	}
	if len(b.Remarks) > 0 {
		remarks := paper.Section{Title: p.t("ky.remarks")}
		for _, x := range b.Remarks {
			remarks.List = append(remarks.List, runsOf(x))
		}
		r.Sections = append(r.Sections, remarks)
	}
	r.Appendix = b.paperFigures(r.Title)
	return r, *p.missing
}

func runsOf(s sentence) (list []paper.Run) {
	for _, x := range s.Runs {
		list = append(list, paper.Run{Text: x.Text, Href: x.Href, Note: x.Note})
	}
	return list
}

// paperReporting says who has reported.
func (b *brief) paperReporting() paper.Section {
	p := b.speech
	s := paper.Section{Title: p.t("ky.reporting")}
	if b.Body != "" {
		for _, x := range b.Bodies {
			if x.Body == b.Body {
				s.Paras = append(s.Paras, []paper.Run{{Text: x.Body + ": " + p.name(p.t("ky.state."+x.State)) + "."}})
			}
		}
		return s
	}
	text := p.t("ky.paper.reported", b.AsOf(), b.Reported, b.Total(), b.Name(b.Period), b.Provisional)
	if len(b.Silent) > 0 {
		text += " " + p.t("ky.paper.silent", strings.Join(b.Silent, "; "))
	}
	s.Paras = [][]paper.Run{{{Text: text}}}
	return s
}

// chart is an indicator's series as a chart, where at least two periods are known.
func (b *brief) chart(l line) (paper.Chart, bool) {
	c := paper.Chart{Title: l.Name, Unit: l.Unit}
	known := 0
	for _, x := range l.Spark {
		if known == 0 && !x.There {
			continue // years before the first report are no gap
		}
		label := fmt.Sprint(x.Period.Year())
		if x.There && x.Other {
			label += "*"
		}
		c.Labels, c.Said = append(c.Labels, label), append(c.Said, "")
		if !x.There {
			c.Values = append(c.Values, nil)
			continue
		}
		v := round(x.Value, 2)
		c.Values, c.Said[len(c.Said)-1] = append(c.Values, &v), b.speech.number(v)
		known++
	}
	return c, known > 1
}

// paperCell is a cell with its figure, where it is one.
func paperCell(c cell, format string) paper.Cell {
	x := paper.Cell{Text: c.Text, Href: c.Href, Note: c.Note, Remark: c.Why}
	switch c.Kind {
	case stated, zero:
		v := round(c.Value, 4)
		x.Number, x.Format = &v, format
	case silent:
		return paper.Cell{Text: "…"}
	case senseless:
		if c.Text == "" {
			x.Text = "×"
		}
	}
	return x
}

// Number formats of a workbook. A change is a number of per cent, not a fraction: 12.5 is +12.5%.
const (
	plainFormat  = "#,##0.##"
	changeFormat = `+#,##0.0"%";-#,##0.0"%";0"%"`
	pointFormat  = `+#,##0.0" đ%";-#,##0.0" đ%";0" đ%"`
	shareFormat  = `#,##0.0"%"`
)

func (b *brief) paperTargets() paper.Section {
	p := b.speech
	t := &paper.Table{Title: p.t("ky.targets"), Columns: []paper.Column{{Title: p.t("ky.indicator"), Width: 33}, {Title: p.t("ky.unit"), Width: 13}, {Title: p.t("ky.planned.in"), Width: 20},
		{Title: p.t("ky.plan"), Width: 12, Right: true}, {Title: p.t("ky.result"), Width: 12, Right: true}, {Title: p.t("ky.share"), Width: 11, Right: true}, {Title: p.t("ky.outcome"), Width: 17}}}
	if b.Body == "" {
		t.Columns = slices.Insert(t.Columns, 6, paper.Column{Title: p.t("ky.bodies.short"), Width: 9, Right: true})
	}
	for _, x := range b.Targets {
		share := x.Share
		share.Why = ""
		in := ""
		if x.Figure.PlannedIn != "" {
			in = b.Name(extract.Period(x.Figure.PlannedIn))
		}
		cells := []paper.Cell{{Text: x.Name}, {Text: x.Unit}, {Text: in}, paperCell(x.Due, plainFormat), paperCell(x.Done, plainFormat),
			paperCell(share, shareFormat), {Text: p.t("ky.outcome." + x.Outcome)}}
		if b.Body == "" {
			n := float64(x.Figure.PlanBoth)
			cells = slices.Insert(cells, 6, paper.Cell{Text: p.number(x.Figure.PlanBoth), Number: &n, Format: "0"})
		}
		t.Rows = append(t.Rows, paper.Row{Cells: cells})
	}
	return paper.Section{Title: p.t("ky.targets"), Paras: [][]paper.Run{{{Text: p.t("ky.targets.lead")}}}, Table: t}
}

func (b *brief) paperFigures(title string) paper.Table {
	p := b.speech
	t := paper.Table{Title: title, Columns: []paper.Column{{Title: p.t("ky.indicator"), Width: 40}, {Title: p.t("ky.unit"), Width: 14}}}
	if b.Body == "" {
		t.Columns = append(t.Columns, paper.Column{Title: p.t("ky.bodies.short"), Width: 9, Right: true})
	}
	for _, key := range []string{"ky.now", "ky.same", "ky.change", "ky.previous", "ky.shift", "ky.plan", "ky.share"} {
		if b.Previous == "" && (key == "ky.previous" || key == "ky.shift") || b.Same == "" && (key == "ky.same" || key == "ky.change") {
			continue
		}
		t.Columns = append(t.Columns, paper.Column{Title: p.t(key), Width: 13, Right: true})
	}
	for _, a := range b.Areas {
		t.Rows = append(t.Rows, paper.Row{Heading: p.t("area." + a.Area)})
		for _, l := range a.Lines {
			change := changeFormat
			if l.Figure.Unit == "%" {
				change = pointFormat
			}
			cells := []paper.Cell{{Text: l.Name}, {Text: l.Unit}}
			if b.Body == "" {
				n := float64(l.Figure.Counts[0])
				cells = append(cells, paper.Cell{Text: p.number(l.Figure.Counts[0]), Number: &n, Format: "0"})
			}
			// A remark stands once: at the figure, not again at the change computed from it.
			quiet := func(c cell) cell { c.Why = ""; return c }
			same, before := paperCell(l.Same, plainFormat), paperCell(l.Previous, plainFormat)
			same.Plain, before.Plain = l.Figure.SameBodies == l.Figure.Counts[0], l.Figure.PreviousBodies == l.Figure.Counts[0]
			cells = append(cells, paperCell(l.Now, plainFormat))
			if b.Same != "" {
				cells = append(cells, same, paperCell(quiet(l.Change), change))
			}
			if b.Previous != "" {
				cells = append(cells, before, paperCell(quiet(l.Shift), change))
			}
			t.Rows = append(t.Rows, paper.Row{Cells: append(cells, paperCell(l.Plan, plainFormat), paperCell(l.Share, shareFormat))})
		}
	}
	return t
}
