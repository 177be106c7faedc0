package paper

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// Widths of columns in characters.
const (
	widestColumn = 48.0
	columnScale  = 0.92 // of a table's width shares, which are in hundredths of a page
)

// XLSX writes the report as a workbook: what it says, the appendix and the other tables with typed
// figures, the series with charts, the sources. Texts come from reports of strangers: none of them
// becomes a formula.
func XLSX(w io.Writer, r *Report) error {
	f := excelize.NewFile()
	defer f.Close()
	b := &book{f: f, r: r, styles: map[string]int{}}
	b.summary()
	b.table(r.Words.Appendix, &r.Appendix, r.Signs)
	var charts []Chart
	for _, s := range r.Sections {
		if s.Table != nil {
			b.table(s.Title, s.Table, "")
		}
		charts = append(charts, s.Charts...)
	}
	b.series(charts)
	b.sources()
	if b.err != nil {
		return fmt.Errorf("xlsx: %w", b.err)
	}
	f.SetActiveSheet(0)
	if err := f.SetDocProps(&excelize.DocProperties{Title: r.Title, Creator: r.Issuer, Created: r.Date.UTC().Format("2006-01-02T15:04:05Z")}); err != nil {
		return fmt.Errorf("xlsx: %w", err)
	}
	return f.Write(w)
}

// book keeps the first error, so that each step reads as what it does.
type book struct {
	f      *excelize.File
	r      *Report
	sheet  string
	sheets int
	styles map[string]int
	err    error
}

func (b *book) do(err error) {
	if err != nil && b.err == nil {
		b.err = err
	}
}

// open starts a sheet. A name has at most 31 characters and none of :\/?*[].
func (b *book) open(name string) {
	name = strings.NewReplacer(":", " ", "\\", " ", "/", " ", "?", " ", "*", " ", "[", " ", "]", " ").Replace(name)
	if runes := []rune(name); len(runes) > 31 {
		name = strings.TrimSpace(string(runes[:31]))
	}
	if b.sheets == 0 {
		b.do(b.f.SetSheetName("Sheet1", name))
	} else if _, err := b.f.NewSheet(name); err != nil {
		b.do(err)
	}
	b.sheets++
	b.sheet = name
	nine, landscape, one, many := 9, "landscape", 1, 0
	b.do(b.f.SetPageLayout(name, &excelize.PageLayoutOptions{Size: &nine, Orientation: &landscape, FitToWidth: &one, FitToHeight: &many}))
	b.do(b.f.SetHeaderFooter(name, &excelize.HeaderFooterOptions{OddFooter: "&C&P/&N"}))
}

// fit makes the sheet as wide as its paper. It comes last: a filter takes the property away.
func (b *book) fit() {
	fit := true
	b.do(b.f.SetSheetProps(b.sheet, &excelize.SheetPropsOptions{FitToPage: &fit}))
}

// tall makes a row high enough for a text in a column of a width: programs that only show the
// workbook do not compute it.
func (b *book) tall(row int, text string, width float64) {
	const height, perChar = 15.0, 0.95 // points of a line; characters of the width that one takes
	lines := 1 + int(float64(utf8.RuneCountInString(text))*perChar/width)
	if now, err := b.f.GetRowHeight(b.sheet, row); err != nil || now >= height*float64(lines) {
		b.do(err)
		return
	}
	b.do(b.f.SetRowHeight(b.sheet, row, height*float64(lines)))
}

// style makes each style once.
func (b *book) style(name string, s excelize.Style) int {
	if id, ok := b.styles[name]; ok {
		return id
	}
	if s.Font == nil {
		s.Font = &excelize.Font{}
	}
	s.Font.Family = "Times New Roman"
	if s.Font.Size == 0 {
		s.Font.Size = 11
	}
	id, err := b.f.NewStyle(&s)
	b.do(err)
	b.styles[name] = id
	return id
}

var lines = []excelize.Border{{Type: "left", Color: "C5CBD3", Style: 1}, {Type: "right", Color: "C5CBD3", Style: 1}, {Type: "top", Color: "C5CBD3", Style: 1}, {Type: "bottom", Color: "C5CBD3", Style: 1}}

// Plain makes a text that no spreadsheet takes for a formula, also after it was edited, exported as
// CSV and opened again.
func Plain(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r|", rune(text[0])) {
		return "'" + text
	}
	return text
}

func (b *book) text(col, row int, text string, style int) string {
	at, err := excelize.CoordinatesToCellName(col, row)
	b.do(err)
	b.do(b.f.SetCellStr(b.sheet, at, Plain(text)))
	b.do(b.f.SetCellStyle(b.sheet, at, at, style))
	return at
}

func (b *book) link(at, href, tip string) {
	if href == "" || b.r.Base == "" {
		return
	}
	b.do(b.f.SetCellHyperLink(b.sheet, at, b.r.Base+href, "External", excelize.HyperlinkOpts{Tooltip: &tip}))
}

func (b *book) summary() {
	r := b.r
	b.open(r.Words.Sheet)
	wrap := &excelize.Alignment{WrapText: true, Vertical: "top"}
	const wide = 110.0
	b.do(b.f.SetColWidth(b.sheet, "A", "A", wide))
	b.do(b.f.SetColWidth(b.sheet, "B", "B", 40))
	row := 1
	b.text(1, row, r.Title, b.style("title", excelize.Style{Font: &excelize.Font{Bold: true, Size: 15}, Alignment: wrap}))
	for _, s := range append([]string{r.Issuer}, r.Scope...) {
		row++
		b.text(1, row, s, b.style("scope", excelize.Style{Font: &excelize.Font{Italic: true, Color: "57606A"}, Alignment: wrap}))
	}
	for _, s := range r.Sections {
		if len(s.Paras)+len(s.List) == 0 {
			continue
		}
		row += 2
		b.text(1, row, s.Title, b.style("heading", excelize.Style{Font: &excelize.Font{Bold: true, Size: 12}}))
		for _, p := range append(append([][]Run{}, s.Paras...), s.List...) {
			row++
			var said strings.Builder
			href := ""
			for _, run := range p {
				said.WriteString(run.Text)
				if run.Note > 0 {
					fmt.Fprintf(&said, " [%d]", run.Note)
				}
				if href == "" {
					href = run.Href
				}
			}
			b.text(1, row, said.String(), b.style("para", excelize.Style{Alignment: wrap}))
			b.tall(row, said.String(), wide)
			if href != "" {
				at := b.text(2, row, r.Words.Note, b.style("link", excelize.Style{Font: &excelize.Font{Color: "1A4480", Underline: "single"}}))
				b.link(at, href, "")
			}
		}
	}
	b.fit()
}

// table writes typed figures: a number is a number, with its format; what is no figure is a text.
func (b *book) table(name string, t *Table, signs string) {
	b.open(name)
	head := b.style("head", excelize.Style{Font: &excelize.Font{Bold: true}, Border: lines, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"EDF1F7"}},
		Alignment: &excelize.Alignment{WrapText: true, Horizontal: "center", Vertical: "center"}})
	group := b.style("group", excelize.Style{Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"F6F7F9"}}})
	plain := b.style("cell", excelize.Style{Border: lines, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
	right := b.style("nothing", excelize.Style{Border: lines, Font: &excelize.Font{Color: "57606A"}, Alignment: &excelize.Alignment{Horizontal: "right", Vertical: "top"}})
	b.text(1, 1, t.Title, b.style("tabletitle", excelize.Style{Font: &excelize.Font{Bold: true, Size: 15}}))
	b.text(1, 2, strings.Join(b.r.Scope, " · "), b.style("scope2", excelize.Style{Font: &excelize.Font{Italic: true, Color: "57606A"}}))
	const top = 4
	widths := make([]float64, len(t.Columns))
	for i, c := range t.Columns {
		b.text(i+1, top, c.Title, head)
		letter, err := excelize.ColumnNumberToName(i + 1)
		b.do(err)
		width := min(widestColumn, max(10, c.Width*columnScale))
		widths[i] = width
		b.do(b.f.SetColWidth(b.sheet, letter, letter, width))
		b.tall(top, c.Title, width)
	}
	row := top
	for _, x := range t.Rows {
		row++
		if x.Heading != "" {
			at := b.text(1, row, x.Heading, group)
			end, err := excelize.CoordinatesToCellName(len(t.Columns), row)
			b.do(err)
			b.do(b.f.SetCellStyle(b.sheet, at, end, group))
			continue
		}
		for i, c := range x.Cells {
			var at string
			switch {
			case c.Number != nil:
				at, _ = excelize.CoordinatesToCellName(i+1, row)
				format := c.Format
				colour := ""
				if c.Href != "" && b.r.Base != "" {
					colour = "1A4480"
				}
				b.do(b.f.SetCellFloat(b.sheet, at, *c.Number, -1, 64))
				b.do(b.f.SetCellStyle(b.sheet, at, at, b.style("number "+format+colour, excelize.Style{Border: lines, CustomNumFmt: &format, Font: &excelize.Font{Color: colour},
					Alignment: &excelize.Alignment{Horizontal: "right", Vertical: "top"}})))
			case t.Columns[i].Right:
				at = b.text(i+1, row, c.Text, right)
			default:
				at = b.text(i+1, row, c.Text, plain)
				b.tall(row, c.Text, widths[i])
			}
			note := ""
			if c.Note > 0 && c.Note <= len(b.r.Sources) {
				note = fmt.Sprintf("[%d] %s", c.Note, b.r.Sources[c.Note-1].Text)
			}
			b.link(at, c.Href, clipped(note))
			if note = strings.TrimSpace(c.Remark + "\n" + note); note != "" {
				b.do(b.f.AddComment(b.sheet, excelize.Comment{Cell: at, Author: "Sơ Kết", Text: note, Width: 320, Height: 90}))
			}
		}
	}
	end, err := excelize.CoordinatesToCellName(len(t.Columns), max(row, top+1))
	b.do(err)
	b.do(b.f.AutoFilter(b.sheet, fmt.Sprintf("A%d:%s", top, end), nil))
	b.do(b.f.SetPanes(b.sheet, &excelize.Panes{Freeze: true, XSplit: 1, YSplit: top, TopLeftCell: fmt.Sprintf("B%d", top+1), ActivePane: "bottomRight"}))
	b.do(b.f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: fmt.Sprintf("'%s'!$%d:$%d", strings.ReplaceAll(b.sheet, "'", "''"), top, top), Scope: b.sheet}))
	if signs != "" {
		b.text(1, row+2, signs, b.style("scope2", excelize.Style{}))
	}
	b.fit()
}

// clipped keeps a tooltip within what Excel takes.
func clipped(s string) string {
	if r := []rune(s); len(r) > 250 {
		return string(r[:250]) + "…"
	}
	return s
}

// series writes the values behind the charts, and the charts beside them.
func (b *book) series(charts []Chart) {
	if len(charts) == 0 {
		return
	}
	b.open(b.r.Words.Trend)
	head := b.styles["head"]
	b.do(b.f.SetColWidth(b.sheet, "A", "A", widestColumn))
	b.do(b.f.SetColWidth(b.sheet, "B", "B", 16))
	quoted := "'" + strings.ReplaceAll(b.sheet, "'", "''") + "'"
	format := "#,##0.##"
	number := b.style("number "+format, excelize.Style{Border: lines, CustomNumFmt: &format})
	row := 1
	for i, c := range charts {
		b.text(1, row, b.r.Appendix.Columns[0].Title, head)
		b.text(2, row, b.r.Appendix.Columns[1].Title, head)
		for j, l := range c.Labels {
			b.text(3+j, row, l, head)
		}
		b.text(1, row+1, c.Title, b.styles["cell"])
		b.text(2, row+1, c.Unit, b.styles["cell"])
		for j, v := range c.Values {
			at, err := excelize.CoordinatesToCellName(3+j, row+1)
			b.do(err)
			if v == nil {
				b.text(3+j, row+1, "…", b.styles["nothing"])
				continue
			}
			b.do(b.f.SetCellFloat(b.sheet, at, *v, -1, 64))
			b.do(b.f.SetCellStyle(b.sheet, at, at, number))
		}
		last, err := excelize.ColumnNumberToName(2 + len(c.Labels))
		b.do(err)
		b.do(b.f.AddChart(b.sheet, fmt.Sprintf("A%d", row+3), &excelize.Chart{Type: excelize.Col,
			Series:       []excelize.ChartSeries{{Name: fmt.Sprintf("%s!$A$%d", quoted, row+1), Categories: fmt.Sprintf("%s!$C$%d:$%s$%d", quoted, row, last, row), Values: fmt.Sprintf("%s!$C$%d:$%s$%d", quoted, row+1, last, row+1), Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"1A4480"}}}},
			Title:        excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: fmt.Sprintf("%s (%s)", c.Title, c.Unit), Font: &excelize.Font{Bold: true, Size: 11}}}},
			Legend:       excelize.ChartLegend{Position: "none"},
			PlotArea:     excelize.ChartPlotArea{ShowVal: true},
			YAxis:        excelize.ChartAxis{Minimum: new(float64)},
			ShowBlanksAs: "gap", Dimension: excelize.ChartDimension{Width: 560, Height: 260},
			Format: excelize.GraphicOptions{AltText: fmt.Sprintf("%s %d", c.Title, i+1)}}))
		row += 18
		if i%2 == 1 {
			b.do(b.f.InsertPageBreak(b.sheet, fmt.Sprintf("A%d", row)))
		}
	}
	b.fit()
}

func (b *book) sources() {
	b.open(b.r.Words.Sources)
	b.do(b.f.SetColWidth(b.sheet, "A", "A", 8))
	b.do(b.f.SetColWidth(b.sheet, "B", "B", 120))
	for i, s := range b.r.Sources {
		at, err := excelize.CoordinatesToCellName(1, i+1)
		b.do(err)
		b.do(b.f.SetCellInt(b.sheet, at, int64(i+1)))
		b.link(b.text(2, i+1, s.Text, b.style("link", excelize.Style{Font: &excelize.Font{Color: "1A4480", Underline: "single"}})), s.Href, "")
	}
	b.fit()
}
