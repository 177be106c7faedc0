package web

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"soket/analytics"
	"soket/analytics/web/access"
	"soket/extract"
	"soket/extract/document"
)

// What a proof shows around a figure.
const (
	cropAbove, cropBelow = 62.0, 88.0 // points of the page above and below the figure's box
	cropRows             = 3          // rows of a sheet above and below the figure's cell
	cropHead             = 4          // rows of a sheet's head that are kept with them, at most
	proofOthers          = 20         // other figures for the same indicator, body and period
)

// crop is the piece of a page on which a figure stands.
type crop struct {
	Page    uint32
	Y, W, H float64 // the window, in points of the page
	PageH   float64
	Lines   []document.Line
	Marks   []mark
	Leaf    string // the page itself as a picture; empty: its words alone are shown
}

// cropOf cuts the window around a box out of a page.
func cropOf(p analytics.Page, box []float64) *crop {
	c := &crop{Page: p.Number, W: p.Width, PageH: p.Height}
	c.Y = max(0, box[1]-cropAbove)
	c.H = min(p.Height, box[3]+cropBelow) - c.Y
	for _, l := range p.Lines {
		if l.Box[3] > c.Y && l.Box[1] < c.Y+c.H {
			c.Lines = append(c.Lines, l)
		}
	}
	const pad = 1.5 // points, so that the frame does not touch the digits
	c.Marks = []mark{{X: box[0] - pad, Y: box[1] - pad, W: box[2] - box[0] + 2*pad, H: box[3] - box[1] + 2*pad}}
	return c
}

// clipping is the rows of a sheet around a figure's cell.
type clipping struct {
	Sheet, Title, Unit, Ref string
	Rows                    [][]document.Cell
	Cut                     bool // rows are left out between the head and the rest
}

// clippingOf takes the head of a table and the rows around a cell; nil where the cell is not in it.
func clippingOf(tables []analytics.Table, sheet, ref string) *clipping {
	for _, t := range tables {
		if t.Sheet != sheet {
			continue
		}
		at := -1
		for _, row := range t.Rows {
			for _, c := range row {
				if c.Ref == ref {
					at = c.Row
				}
			}
		}
		if at < 0 {
			continue
		}
		x := &clipping{Sheet: t.Sheet, Title: t.Title, Unit: t.Unit, Ref: ref}
		head, first, last := min(max(1, t.HeadRows), cropHead), at-cropRows, at+cropRows
		x.Cut = first > head
		for _, row := range t.Rows {
			if len(row) == 0 || row[0].Row >= head && row[0].Row < first || row[0].Row > last {
				continue
			}
			cells := slices.Clone(row)
			for i := range cells { // a cell over several rows must not reach over those left out
				end := last
				if cells[i].Row < head && x.Cut {
					end = head - 1
				}
				cells[i].Rowspan = max(1, min(cells[i].Rowspan, end-cells[i].Row+1))
			}
			x.Rows = append(x.Rows, cells)
		}
		return x
	}
	return nil
}

// other is another report's figure for the same indicator, body, period and kind.
type other struct {
	analytics.Fact
	Report *analytics.Report
	Taken  bool // it is the one that counts
	Here   bool // it is the one on the page
}

// proof shows one figure with all that vouches for it: the piece of the page or sheet with its words
// marked, how it was read, who confirmed or corrected it, and what other reports say.
func (s *server) proof(w http.ResponseWriter, r *http.Request) {
	ctx, id := r.Context(), r.PathValue("id")
	no, err := strconv.ParseUint(r.PathValue("no"), 10, 32)
	if err != nil {
		s.nothing(w, r)
		return
	}
	var x filed
	var facts []analytics.Fact
	err = atOnce(func() (err error) {
		if x, err = s.filed(r, id); err == nil && x.Report == nil {
			err = &extract.Refusal{Code: "not_found"}
		}
		return err
	}, func() (err error) {
		if facts, err = s.Figures.ReportFacts(ctx, id); errors.Is(err, analytics.ErrNotFound) {
			err = nil // as filed says it
		}
		return err
	})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	i := slices.IndexFunc(facts, func(f analytics.Fact) bool { return uint64(f.No) == no })
	if i < 0 {
		s.nothing(w, r)
		return
	}
	f := facts[i]
	var names map[string]analytics.Indicator
	var tables []analytics.Table
	var pages []analytics.Page
	var rivals []other
	err = atOnce(func() (err error) { names, err = s.names(r); return err },
		func() (err error) { rivals, err = s.others(r, f); return err },
		func() (err error) {
			switch {
			case f.Cell != "":
				tables, err = s.Figures.Tables(ctx, id)
			case f.Page > 0 && len(f.Box) == 4:
				pages, err = s.Figures.Pages(ctx, id)
			}
			return err
		})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	data := map[string]any{"Filing": x.Filing, "Report": x.Report, "Fact": f, "Entry": names[f.Code], "Quote": markFigure(f), "Others": rivals}
	if f.Cell != "" {
		data["Sheet"] = clippingOf(tables, f.Sheet, f.Cell)
	}
	if k := slices.IndexFunc(pages, func(p analytics.Page) bool { return p.Number == f.Page }); k >= 0 && pages[k].Width > 0 {
		c := cropOf(pages[k], f.Box)
		c.Leaf = s.leafOf(r, x.Filing, f.Page)
		data["Crop"] = c
	}
	for _, j := range x.Filing.Judgements {
		if j.Key == f.JudgedKey && j.Was != nil && f.JudgedKey != "" {
			data["Was"] = j.Was
		}
	}
	s.render(w, r, http.StatusOK, "proof", data)
}

// others are all figures that reports state for what a figure stands for, the one that counts among
// them; empty where it stands alone.
func (s *server) others(r *http.Request, f analytics.Fact) ([]other, error) {
	if f.Body == "" || f.Kind == "comparison" {
		return nil, nil
	}
	same := analytics.Filter{Codes: []string{f.Code}, Bodies: []string{f.Body}, Periods: []string{f.Period}, Kinds: []string{f.Kind}, Bases: []string{f.Basis}, Limit: proofOthers}
	taken, _, err := s.Figures.Trend(r.Context(), same)
	if err != nil || len(taken) == 0 || taken[0].Sources < 2 && !taken[0].Differing {
		return nil, err
	}
	list, _, err := s.Figures.Facts(r.Context(), same)
	if err != nil || len(list) < 2 {
		return nil, err
	}
	var all []other
	reports := map[string]*analytics.Report{}
	for _, g := range list {
		if reports[g.Report] == nil {
			report, err := s.Figures.Report(r.Context(), g.Report)
			if err != nil {
				return nil, err
			}
			reports[g.Report] = &report
		}
		o := other{Fact: g, Report: reports[g.Report], Here: g.Report == f.Report && g.No == f.No}
		for _, p := range taken {
			o.Taken = o.Taken || p.Report == g.Report && p.FactNo == g.No
		}
		all = append(all, o)
	}
	slices.SortStableFunc(all, func(a, b other) int { return b.ReceivedAt.Compare(a.ReceivedAt) })
	return all, nil
}

var written = regexp.MustCompile(`\d[\d.,]*\d|\d`)

// markFigure marks in a quote the number that was read, where it can be told which it is: money is
// written in thousands, millions or billions too.
func markFigure(f analytics.Fact) []analytics.Piece {
	q := f.Quote
	for _, at := range written.FindAllStringIndex(q, -1) {
		digits := q[at[0]:at[1]]
		for _, form := range []string{strings.ReplaceAll(strings.ReplaceAll(digits, ".", ""), ",", "."), strings.ReplaceAll(digits, ",", ""), strings.ReplaceAll(digits, ".", "")} {
			v, err := strconv.ParseFloat(form, 64)
			if err != nil {
				continue
			}
			for _, times := range []float64{1, 1e3, 1e6, 1e9} {
				if times > 1 && f.Unit != "đồng" {
					break
				}
				if math.Abs(v*times-math.Abs(f.Value)) <= 1e-9*math.Abs(f.Value) {
					return []analytics.Piece{{Text: q[:at[0]]}, {Text: digits, Mark: true}, {Text: q[at[1]:]}}
				}
			}
		}
	}
	return []analytics.Piece{{Text: q}}
}

// found shows a page of a report with the words that were searched for marked in it.
func (s *server) found(w http.ResponseWriter, r *http.Request) {
	ctx, id := r.Context(), r.PathValue("id")
	no, err := strconv.ParseUint(r.PathValue("page"), 10, 32)
	if err != nil {
		s.nothing(w, r)
		return
	}
	x, err := s.filed(r, id)
	if err == nil && x.Report == nil {
		err = &extract.Refusal{Code: "not_found"}
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	pages, err := s.Figures.Pages(ctx, id)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	i := slices.IndexFunc(pages, func(p analytics.Page) bool { return uint64(p.Number) == no })
	if i < 0 {
		s.nothing(w, r)
		return
	}
	q := strings.TrimSpace(r.URL.Query().Get("q"))
	p := pages[i]
	data := map[string]any{"Filing": x.Filing, "Report": x.Report, "Page": p, "Query": q, "Count": len(pages)}
	data["Leaf"] = s.leafOf(r, x.Filing, p.Number)
	if q != "" {
		data["Marks"] = lineMarks(p, q)
		data["Text"] = analytics.Highlight(p.Text, q)
	}
	if i > 0 {
		data["Before"] = pages[i-1].Number
	}
	if i < len(pages)-1 {
		data["After"] = pages[i+1].Number
	}
	s.render(w, r, http.StatusOK, "found", data)
}

// leafOf is the address of a page's picture; empty where it cannot be drawn or may not be seen.
func (s *server) leafOf(r *http.Request, f extract.Filing, page uint32) string {
	if s.Reader == nil || !pictured(f) || s.mayFiling(personOf(r), access.Original, f) != nil {
		return ""
	}
	return fmt.Sprintf("/bao-cao/%s/trang/%d", f.ID, page)
}

// lineMarks are the places of searched words on a page. A line's box is known, not its letters': they
// are taken as set evenly, which the frame's margin makes good.
func lineMarks(p analytics.Page, query string) (marks []mark) {
	const pad = 1.5 // points, so that the frame does not touch the letters
	query = together(p.Text, query)
	for _, l := range p.Lines {
		total := textWidth(l.Text)
		if total == 0 {
			continue
		}
		at, scale, marked, gap := 0.0, (l.Box[2]-l.Box[0])/total, false, ""
		for _, piece := range analytics.Highlight(l.Text, query) {
			width := textWidth(piece.Text)
			before := len(marks) > 0 && marked && strings.TrimSpace(gap) == ""
			switch {
			case !piece.Mark:
				gap = piece.Text
			case before: // words side by side are one find
				m := &marks[len(marks)-1]
				m.W = l.Box[0] + (at+width)*scale + pad - m.X
			default:
				marks = append(marks, mark{X: l.Box[0] + at*scale - pad, Y: l.Box[1] - pad, W: width*scale + 2*pad, H: l.Box[3] - l.Box[1] + 2*pad})
			}
			if piece.Mark {
				marked, gap = true, ""
			}
			at += width
		}
	}
	return marks
}

// together makes a phrase of words that stand one after another somewhere in a text: then a stray one
// of them is no find on any of its lines.
func together(text, query string) string {
	if strings.ContainsAny(query, `"“”`) {
		return query
	}
	phrase := `"` + query + `"`
	for _, piece := range analytics.Highlight(text, phrase) {
		if piece.Mark {
			return phrase
		}
	}
	return query
}

// textWidth is about how wide a text is set, in letters of middle width.
func textWidth(s string) (w float64) {
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Mn, r):
		case strings.ContainsRune("iíìỉĩịljtfrI.,;:!'()|-", r), r == ' ':
			w += 0.55
		case r < utf8.RuneSelf && unicode.IsDigit(r):
			w++
		case unicode.IsUpper(r), r == 'm', r == 'w':
			w += 1.4
		default:
			w++
		}
	}
	return w
}
