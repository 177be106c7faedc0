package paper

import (
	"archive/zip"
	"bytes"
	"embed"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/template"
	"time"
)

//go:embed docx/*.xml
var parts embed.FS

// Widths of the text in twentieths of a point: A4 upright, and lying for the appendix, less its margins.
const (
	uprightWidth = 9354
	lyingWidth   = 15136
)

// grid is a table with the width that its columns share.
type grid struct {
	Table
	Total int
}

// DOCX writes the report in the form that Decree 30/2020/NĐ-CP gives official documents: the issuing
// body at the left, the state and its motto at the right, number, place and date, kind and subject,
// numbered sections, recipients and signature, the appendix lying. Number, signature and recipients
// are left for people.
func DOCX(w io.Writer, r *Report) error {
	d := docx{links: map[string]int{}, base: r.Base}
	for _, s := range r.Sections {
		d.charts = append(d.charts, s.Charts...)
	}
	t, err := template.New("").Funcs(d.functions()).ParseFS(parts, "docx/*.xml")
	if err != nil {
		return err
	}
	fill := func(name string, data any) ([]byte, error) {
		var out bytes.Buffer
		if err := t.ExecuteTemplate(&out, name, data); err != nil {
			return nil, fmt.Errorf("docx: %w", err)
		}
		return out.Bytes(), nil
	}
	document, err := fill("document.xml", r) // first: it finds the links
	if err != nil {
		return err
	}
	whole := map[string]any{"Links": d.addresses, "Charts": d.charts}
	type part struct {
		name, template string
		data           any
	}
	list := []part{{"[Content_Types].xml", "types.xml", whole}, {"_rels/.rels", "package.xml", nil}, {"docProps/core.xml", "core.xml", r},
		{"word/_rels/document.xml.rels", "rels.xml", whole}, {"word/styles.xml", "styles.xml", nil}, {"word/header.xml", "header.xml", nil}}
	for i, c := range d.charts {
		list = append(list, part{fmt.Sprintf("word/charts/chart%d.xml", i+1), "chart.xml", c})
	}
	z := zip.NewWriter(w)
	add := func(name string, content []byte) error {
		f, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: r.Date})
		if err == nil {
			_, err = f.Write(content)
		}
		return err
	}
	for _, p := range list {
		content, err := fill(p.template, p.data)
		if err != nil {
			return err
		}
		if err := add(p.name, content); err != nil {
			return fmt.Errorf("docx: %w", err)
		}
	}
	if err := add("word/document.xml", document); err != nil {
		return fmt.Errorf("docx: %w", err)
	}
	return z.Close()
}

type docx struct {
	links     map[string]int
	addresses []string
	base      string
	charts    []Chart
	drawn     int
}

func (d *docx) functions() template.FuncMap {
	return template.FuncMap{
		"x": func(s string) string {
			var b strings.Builder
			xml.EscapeText(&b, []byte(s)) // what XML cannot carry becomes U+FFFD
			return b.String()
		},
		"upper": strings.ToUpper,
		"lines": func(s string) []string { return strings.Split(s, "\n") },
		"add":   func(a, b int) int { return a + b },
		"roman": func(i int) string { return [...]string{"I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"}[i] },
		"link": func(path string) string {
			n, ok := d.links[path]
			if !ok {
				n = len(d.addresses)
				d.links[path] = n
				d.addresses = append(d.addresses, d.base+path)
			}
			return "rLink" + strconv.Itoa(n)
		},
		"chartNo": func() int { d.drawn++; return d.drawn },
		"pairs": func(list []Chart) (rows [][]*Chart) {
			for pair := range slices.Chunk(list, 2) {
				row := []*Chart{&pair[0], nil}
				if len(pair) == 2 {
					row[1] = &pair[1]
				}
				rows = append(rows, row)
			}
			return rows
		},
		"described": func(c *Chart) string {
			said := []string{}
			for i, s := range c.Said {
				if s != "" {
					said = append(said, c.Labels[i]+": "+s)
				}
			}
			return c.Title + " (" + c.Unit + "): " + strings.Join(said, "; ")
		},
		"decimal": func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) },
		"stamp":   func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"wide":    func(t Table) grid { return grid{t, lyingWidth} },
		"total": func(t any) int {
			if g, ok := t.(grid); ok {
				return g.Total
			}
			return uprightWidth
		},
		"widths": func(t any) []int {
			g, ok := t.(grid)
			if !ok {
				g = grid{*t.(*Table), uprightWidth}
			}
			all, list := 0.0, []int{}
			for _, c := range g.Columns {
				all += c.Width
			}
			for _, c := range g.Columns {
				list = append(list, int(float64(g.Total)*c.Width/all))
			}
			return list
		},
		"cellRuns": func(c Cell) []Run {
			text := c.Text
			if c.Remark != "" {
				text += "*"
			}
			return []Run{{Text: text, Href: c.Href, Note: c.Note}}
		},
		"remarks":     remarks,
		"placeAndDay": placeAndDay,
	}
}

// remarks are what must be known of a table's figures: what several have in common ("over bodies in
// both periods: …" up to the colon) is said once. Among leads to the rows that must be written out
// where others bear the mark alone.
func remarks(t Table, among string) (list []string) {
	of, plain := map[string][]string{}, map[string]bool{}
	var order []string
	for _, r := range t.Rows {
		for i, c := range r.Cells {
			if c.Remark == "" {
				continue
			}
			common, own, _ := strings.Cut(c.Remark, ":")
			if !slices.Contains(order, common) {
				order = append(order, common)
			}
			if c.Plain {
				plain[common] = true
				continue
			}
			who := r.Cells[0].Text
			if own != "" {
				who += ", " + t.Columns[i].Title + own
			}
			of[common] = append(of[common], who)
		}
	}
	for _, common := range order {
		text := "* " + strings.TrimSuffix(common, ".")
		if own := slices.Compact(of[common]); len(own) > 0 {
			if plain[common] {
				text += "; " + among
			}
			text += ": " + strings.Join(own, "; ")
		}
		list = append(list, text+".")
	}
	return list
}

// placeAndDay is the line under the motto; the day is left to whoever signs.
func placeAndDay(r *Report) string {
	place := r.Place
	if place == "" {
		place = "…………"
	}
	if r.English {
		return fmt.Sprintf("%s, …… %s", place, r.Date.Format("January 2006"))
	}
	return fmt.Sprintf("%s, ngày      tháng %d năm %d", place, r.Date.Month(), r.Date.Year())
}
