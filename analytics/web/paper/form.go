package paper

import (
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"

	"soket/extract/document"
)

// Form is an empty report of one body and period, to be filled in and handed in again: the figures of
// earlier periods stand beside the cells to fill. Its hidden marks (document.FormMark) tell the reader
// what each cell is for.
type Form struct {
	Body, Period  string // as the ledger writes them
	Title         string // and the period under it, in words
	Subtitle      string
	Motto         [2]string
	Hints         []string // how to fill it in, one line each
	Sheet         string
	Head          FormHead
	Past          []string // heads of the columns of earlier periods
	Result        string   // head of the column to fill
	Plan          string   // head of the plan's column
	PlanPeriod    string   // canonical
	Areas         []FormArea
	Note          string // head of the column for remarks
	Sign          [2]string
	Refuse        [2]string // title and text told to who types something else than a number
	Date, Creator string    // RFC 3339; who made it
}

// FormHead are the labels of what the report says of itself, and of the columns.
type FormHead struct{ Number, Signed, Signer, Order, Indicator, Unit, Change string }

// FormArea is a section of the form.
type FormArea struct {
	Name string
	Rows []FormRow
}

// FormRow is one indicator.
type FormRow struct {
	Code, Name, Unit string
	Factor           float64    // what one in the cells stands for in the indicator's unit; 0: one
	Past             []*float64 // in the unit of the cells; nil: not reported
	Whole            bool       // it counts things: no fractions
}

const (
	formFirst = 2   // column B: A holds the marks
	formWide  = 46. // width of the column of indicators, in characters
	formMost  = 1e15
)

// XLSX writes the form. Cells to fill are coloured, unlocked and take numbers only; the rest is locked
// without a password, against slips and not against intent.
func (m *Form) XLSX(w io.Writer) error {
	f := excelize.NewFile()
	defer f.Close()
	b := &book{f: f, r: &Report{}, styles: map[string]int{}}
	b.open(m.Sheet)
	b.do(m.write(b))
	if b.err != nil {
		return fmt.Errorf("form: %w", b.err)
	}
	if err := f.SetDocProps(&excelize.DocProperties{Title: m.Title + " " + m.Subtitle, Creator: m.Creator, Created: m.Date}); err != nil {
		return fmt.Errorf("form: %w", err)
	}
	return f.Write(w)
}

// formSheet is the sheet of a form in the making: its columns, counted from 1, and its styles.
type formSheet struct {
	*book
	m                                                    *Form
	order, label, unit, past, result, change, plan, note int
	looks                                                formLooks
}

// formLooks are the styles of a form's cells. Those to fill and those of earlier periods are by whether they
// count things.
type formLooks struct {
	plain, middle, area, head, bold, title, quiet, right, share, free, date int
	inputs, pasts                                                           map[bool]int
}

func (m *Form) write(b *book) error {
	s := formSheet{book: b, m: m, order: formFirst, label: formFirst + 1, unit: formFirst + 2, past: formFirst + 3, looks: b.formLooks()}
	s.result = s.past + len(m.Past)
	s.change, s.plan, s.note = s.result+1, s.result+2, s.result+3

	s.mark(1, document.FormMark)
	for _, x := range []struct { // in one order: the same form is the same bytes
		col  int
		text string
	}{{s.order, "body=" + m.Body}, {s.label, "period=" + m.Period}, {s.result, "result=" + m.Period}, {s.plan, "plan=" + m.PlanPeriod}} {
		b.do(b.f.SetCellStr(b.sheet, s.at(x.col, 1), x.text))
	}
	b.do(b.f.SetRowVisible(b.sheet, 1, false))
	b.do(b.f.SetColVisible(b.sheet, "A", false))

	top := s.opening()
	last := s.indicators(top) + 2
	s.over(s.order, s.unit, last, m.Sign[0], s.looks.bold)
	s.over(s.past, s.note, last, m.Sign[1], s.looks.bold)
	s.page(top, last)
	return b.err
}

func (b *book) formLooks() formLooks {
	left, grid := &excelize.Alignment{Vertical: "center", WrapText: true}, lines
	centre := &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}
	right := &excelize.Alignment{Horizontal: "right", Vertical: "center"}
	filled := func(colour string) excelize.Fill {
		return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}
	}
	number := func(name, format string, fill string, open bool) int {
		s := excelize.Style{Alignment: right, Border: grid, CustomNumFmt: &format, Protection: &excelize.Protection{Locked: !open}}
		if fill != "" {
			s.Fill = filled(fill)
		}
		if !open {
			s.Font = &excelize.Font{Color: "44546A"}
		}
		return b.style("form."+name, s)
	}
	const fill, whole, broken = "FFF9DB", "#,##0", "#,##0.###"
	text, day := "@", "dd/mm/yyyy"
	return formLooks{
		plain:  b.style("form.plain", excelize.Style{Alignment: left, Border: grid}),
		middle: b.style("form.middle", excelize.Style{Alignment: centre, Border: grid}),
		area:   b.style("form.area", excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: left, Border: grid, Fill: filled("EEF1F6")}),
		head:   b.style("form.head", excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: centre, Border: grid, Fill: filled("DCE3EE")}),
		bold:   b.style("form.bold", excelize.Style{Font: &excelize.Font{Bold: true, Size: 12}, Alignment: centre}),
		title:  b.style("form.title", excelize.Style{Font: &excelize.Font{Bold: true, Size: 15}, Alignment: centre}),
		quiet:  b.style("form.quiet", excelize.Style{Font: &excelize.Font{Italic: true}, Alignment: left}),
		right:  b.style("form.right", excelize.Style{Alignment: right}),
		inputs: map[bool]int{true: number("in.whole", whole, fill, true), false: number("in.broken", broken, fill, true)},
		pasts:  map[bool]int{true: number("past.whole", whole, "", false), false: number("past.broken", broken, "", false)},
		share:  number("share", `+0.0%;-0.0%;0.0%`, "", false),
		free:   b.style("form.free", excelize.Style{Alignment: left, Border: grid, CustomNumFmt: &text, Protection: &excelize.Protection{}, Fill: filled(fill)}),
		date:   b.style("form.date", excelize.Style{Alignment: left, Border: grid, CustomNumFmt: &day, Protection: &excelize.Protection{}, Fill: filled(fill)}),
	}
}

func (s *formSheet) at(col, row int) string {
	name, err := excelize.CoordinatesToCellName(col, row)
	s.do(err)
	return name
}

func (s *formSheet) put(col, row int, text string, style int) {
	s.do(s.f.SetCellStr(s.sheet, s.at(col, row), text))
	s.do(s.f.SetCellStyle(s.sheet, s.at(col, row), s.at(col, row), style))
}

// over puts a text over several columns.
func (s *formSheet) over(from, to, row int, text string, style int) {
	s.do(s.f.MergeCell(s.sheet, s.at(from, row), s.at(to, row)))
	s.do(s.f.SetCellStr(s.sheet, s.at(from, row), text))
	s.do(s.f.SetCellStyle(s.sheet, s.at(from, row), s.at(to, row), style))
}

// mark says in the hidden column what a row is for.
func (s *formSheet) mark(row int, text string) { s.do(s.f.SetCellStr(s.sheet, s.at(1, row), text)) }

// opening writes what stands above the indicators, and gives the row of the heads of their columns.
func (s *formSheet) opening() int {
	m, looks := s.m, s.looks
	s.over(s.order, s.unit, 2, strings.ToUpper(m.Body), looks.bold)
	s.over(s.past, s.note, 2, m.Motto[0], looks.bold)
	s.over(s.past, s.note, 3, m.Motto[1], looks.bold)
	s.do(s.f.SetRowHeight(s.sheet, 2, 34))
	s.mark(5, "@title")
	s.over(s.order, s.note, 5, m.Title, looks.title)
	s.do(s.f.SetRowHeight(s.sheet, 5, 28))
	s.over(s.order, s.note, 6, m.Subtitle, looks.bold)
	row := 8
	for _, x := range []struct {
		mark, label string
		style       int
	}{{"@number", m.Head.Number, looks.free}, {"@signed", m.Head.Signed, looks.date}, {"@signer", m.Head.Signer, looks.free}} {
		s.mark(row, x.mark)
		s.over(s.order, s.result-1, row, x.label, looks.right)
		s.do(s.f.MergeCell(s.sheet, s.at(s.result, row), s.at(s.plan, row)))
		s.do(s.f.SetCellStyle(s.sheet, s.at(s.result, row), s.at(s.plan, row), x.style))
		row++
	}
	row++
	for _, hint := range m.Hints {
		s.over(s.order, s.note, row, hint, looks.quiet)
		row++
	}
	row++
	heads := append(append([]string{m.Head.Order, m.Head.Indicator, m.Head.Unit}, m.Past...), m.Result, m.Head.Change, m.Plan, m.Note)
	for i, h := range heads {
		s.put(s.order+i, row, h, looks.head)
	}
	s.do(s.f.SetRowHeight(s.sheet, row, 48))
	return row
}

// indicators writes the sections under a row, and gives their last row.
func (s *formSheet) indicators(row int) int {
	for i, a := range s.m.Areas {
		row++
		s.over(s.label, s.note, row, a.Name, s.looks.area)
		s.put(s.order, row, roman(i+1), s.looks.area)
		for n, x := range a.Rows {
			row++
			s.indicator(row, n+1, x)
		}
	}
	return row
}

// indicator writes the n-th row of a section: what was reported before, the cells to fill and their change.
func (s *formSheet) indicator(row, n int, x FormRow) {
	m, looks := s.m, s.looks
	code := x.Code
	if x.Factor > 1 {
		code = fmt.Sprintf("%s*%.0f", code, x.Factor)
	}
	s.mark(row, code)
	s.put(s.order, row, fmt.Sprint(n), looks.middle)
	s.put(s.label, row, x.Name, looks.plain)
	s.tall(row, x.Name, formWide)
	s.put(s.unit, row, x.Unit, looks.middle)
	for k := range m.Past {
		cell := s.at(s.past+k, row)
		if v := x.Past[k]; v != nil {
			s.do(s.f.SetCellValue(s.sheet, cell, *v))
		}
		s.do(s.f.SetCellStyle(s.sheet, cell, cell, looks.pasts[x.Whole]))
	}
	for _, col := range []int{s.result, s.plan} {
		s.do(s.f.SetCellStyle(s.sheet, s.at(col, row), s.at(col, row), looks.inputs[x.Whole]))
	}
	if len(m.Past) > 0 { // against the last of them, the same period last year
		was, now := s.at(s.result-1, row), s.at(s.result, row)
		s.do(s.f.SetCellFormula(s.sheet, s.at(s.change, row), fmt.Sprintf(`IF(COUNT(%[1]s,%[2]s)<2,"",IF(%[1]s=0,"",%[2]s/%[1]s-1))`, was, now)))
	}
	s.do(s.f.SetCellStyle(s.sheet, s.at(s.change, row), s.at(s.change, row), looks.share))
	s.do(s.f.SetCellStyle(s.sheet, s.at(s.note, row), s.at(s.note, row), looks.free))
	kind := excelize.DataValidationTypeDecimal
	if x.Whole {
		kind = excelize.DataValidationTypeWhole
	}
	v := excelize.NewDataValidation(true)
	v.SetSqref(s.at(s.result, row) + " " + s.at(s.plan, row))
	s.do(v.SetRange(0, formMost, kind, excelize.DataValidationOperatorBetween))
	v.SetError(excelize.DataValidationErrorStyleStop, m.Refuse[0], m.Refuse[1])
	s.do(s.f.AddDataValidation(s.sheet, v))
}

// page sets how the sheet is shown, printed and locked; top is the row of heads, last the lowest one.
func (s *formSheet) page(top, last int) {
	widths := map[int]float64{s.order: 6, s.label: formWide, s.unit: 15, s.result: 17, s.change: 11, s.plan: 17, s.note: 28}
	for k := range s.m.Past {
		widths[s.past+k] = 17
	}
	for col, width := range widths {
		name, err := excelize.ColumnNumberToName(col)
		s.do(err)
		s.do(s.f.SetColWidth(s.sheet, name, name, width))
	}
	s.do(s.f.SetPanes(s.sheet, &excelize.Panes{Freeze: true, XSplit: s.label, YSplit: top, TopLeftCell: s.at(s.unit, top+1), ActivePane: "bottomRight"}))
	s.do(s.f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: fmt.Sprintf("'%s'!$%d:$%d", s.sheet, top, top), Scope: s.sheet}))
	printed := fmt.Sprintf("'%s'!$%s:$%s", s.sheet, dollar(s.at(s.order, 2)), dollar(s.at(s.note, last)))
	s.do(s.f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Area", RefersTo: printed, Scope: s.sheet}))
	s.fit()
	s.do(s.f.ProtectSheet(s.sheet, &excelize.SheetProtectionOptions{SelectLockedCells: true, SelectUnlockedCells: true, FormatColumns: true, FormatRows: true}))
}

// dollar writes "H90" as "H$90", for a reference that begins with a dollar already.
func dollar(cell string) string {
	i := strings.IndexAny(cell, "0123456789")
	return cell[:i] + "$" + cell[i:]
}

// roman numbers the sections, as official forms do.
func roman(n int) string {
	s := ""
	for _, r := range []struct {
		v int
		s string
	}{{10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for n >= r.v {
			s, n = s+r.s, n-r.v
		}
	}
	return s
}
