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

func (m *Form) write(b *book) error {
	at := func(col, row int) string {
		name, err := excelize.CoordinatesToCellName(col, row)
		b.do(err)
		return name
	}
	put := func(col, row int, text string, style int) {
		b.do(b.f.SetCellStr(b.sheet, at(col, row), text))
		b.do(b.f.SetCellStyle(b.sheet, at(col, row), at(col, row), style))
	}
	order, label, unit := formFirst, formFirst+1, formFirst+2
	past := unit + 1
	result := past + len(m.Past)
	change, plan := result+1, result+2
	note := plan + 1
	left, grid := &excelize.Alignment{Vertical: "center", WrapText: true}, lines
	centre := &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}
	plain := b.style("form.plain", excelize.Style{Alignment: left, Border: grid})
	middle := b.style("form.middle", excelize.Style{Alignment: centre, Border: grid})
	area := b.style("form.area", excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: left, Border: grid, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"EEF1F6"}}})
	head := b.style("form.head", excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: centre, Border: grid, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"DCE3EE"}}})
	bold := b.style("form.bold", excelize.Style{Font: &excelize.Font{Bold: true, Size: 12}, Alignment: centre})
	title := b.style("form.title", excelize.Style{Font: &excelize.Font{Bold: true, Size: 15}, Alignment: centre})
	quiet := b.style("form.quiet", excelize.Style{Font: &excelize.Font{Italic: true}, Alignment: &excelize.Alignment{Vertical: "center", WrapText: true}})
	right := b.style("form.right", excelize.Style{Alignment: &excelize.Alignment{Horizontal: "right", Vertical: "center"}})
	number := func(name, format string, fill string, open bool) int {
		s := excelize.Style{Alignment: &excelize.Alignment{Horizontal: "right", Vertical: "center"}, Border: grid, CustomNumFmt: &format, Protection: &excelize.Protection{Locked: !open}}
		if fill != "" {
			s.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{fill}}
		}
		if !open {
			s.Font = &excelize.Font{Color: "44546A"}
		}
		return b.style("form."+name, s)
	}
	const fill, whole, broken = "FFF9DB", "#,##0", "#,##0.###"
	inputs := map[bool]int{true: number("in.whole", whole, fill, true), false: number("in.broken", broken, fill, true)}
	pasts := map[bool]int{true: number("past.whole", whole, "", false), false: number("past.broken", broken, "", false)}
	share := number("share", `+0.0%;-0.0%;0.0%`, "", false)
	text, day := "@", "dd/mm/yyyy"
	free := b.style("form.free", excelize.Style{Alignment: left, Border: grid, CustomNumFmt: &text, Protection: &excelize.Protection{}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{fill}}})
	date := b.style("form.date", excelize.Style{Alignment: left, Border: grid, CustomNumFmt: &day, Protection: &excelize.Protection{}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{fill}}})

	mark := func(row int, text string) { b.do(b.f.SetCellStr(b.sheet, at(1, row), text)) }
	mark(1, document.FormMark)
	for col, text := range map[int]string{order: "body=" + m.Body, label: "period=" + m.Period, result: "result=" + m.Period, plan: "plan=" + m.PlanPeriod} {
		b.do(b.f.SetCellStr(b.sheet, at(col, 1), text))
	}
	b.do(b.f.SetRowVisible(b.sheet, 1, false))
	b.do(b.f.SetColVisible(b.sheet, "A", false))

	over := func(from, to, row int, text string, style int) {
		b.do(b.f.MergeCell(b.sheet, at(from, row), at(to, row)))
		b.do(b.f.SetCellStr(b.sheet, at(from, row), text))
		b.do(b.f.SetCellStyle(b.sheet, at(from, row), at(to, row), style))
	}
	over(order, unit, 2, strings.ToUpper(m.Body), bold)
	over(past, note, 2, m.Motto[0], bold)
	over(past, note, 3, m.Motto[1], bold)
	b.do(b.f.SetRowHeight(b.sheet, 2, 34))
	mark(5, "@title")
	over(order, note, 5, m.Title, title)
	b.do(b.f.SetRowHeight(b.sheet, 5, 28))
	over(order, note, 6, m.Subtitle, bold)
	row := 8
	for _, x := range []struct {
		mark, label string
		style       int
	}{{"@number", m.Head.Number, free}, {"@signed", m.Head.Signed, date}, {"@signer", m.Head.Signer, free}} {
		mark(row, x.mark)
		over(order, result-1, row, x.label, right)
		b.do(b.f.MergeCell(b.sheet, at(result, row), at(plan, row)))
		b.do(b.f.SetCellStyle(b.sheet, at(result, row), at(plan, row), x.style))
		row++
	}
	row++
	for _, hint := range m.Hints {
		over(order, note, row, hint, quiet)
		row++
	}
	row++
	heads := append(append([]string{m.Head.Order, m.Head.Indicator, m.Head.Unit}, m.Past...), m.Result, m.Head.Change, m.Plan, m.Note)
	for i, h := range heads {
		put(order+i, row, h, head)
	}
	b.do(b.f.SetRowHeight(b.sheet, row, 48))
	top := row
	for i, a := range m.Areas {
		row++
		over(label, note, row, a.Name, area)
		put(order, row, roman(i+1), area)
		for n, x := range a.Rows {
			row++
			code := x.Code
			if x.Factor > 1 {
				code = fmt.Sprintf("%s*%.0f", code, x.Factor)
			}
			mark(row, code)
			put(order, row, fmt.Sprint(n+1), middle)
			put(label, row, x.Name, plain)
			b.tall(row, x.Name, formWide)
			put(unit, row, x.Unit, middle)
			for k := range m.Past {
				cell := at(past+k, row)
				if v := x.Past[k]; v != nil {
					b.do(b.f.SetCellValue(b.sheet, cell, *v))
				}
				b.do(b.f.SetCellStyle(b.sheet, cell, cell, pasts[x.Whole]))
			}
			for _, col := range []int{result, plan} {
				b.do(b.f.SetCellStyle(b.sheet, at(col, row), at(col, row), inputs[x.Whole]))
			}
			if len(m.Past) > 0 { // against the last of them, the same period last year
				was, now := at(result-1, row), at(result, row)
				b.do(b.f.SetCellFormula(b.sheet, at(change, row), fmt.Sprintf(`IF(COUNT(%[1]s,%[2]s)<2,"",IF(%[1]s=0,"",%[2]s/%[1]s-1))`, was, now)))
			}
			b.do(b.f.SetCellStyle(b.sheet, at(change, row), at(change, row), share))
			b.do(b.f.SetCellStyle(b.sheet, at(note, row), at(note, row), free))
			kind := excelize.DataValidationTypeDecimal
			if x.Whole {
				kind = excelize.DataValidationTypeWhole
			}
			v := excelize.NewDataValidation(true)
			v.SetSqref(at(result, row) + " " + at(plan, row))
			b.do(v.SetRange(0, formMost, kind, excelize.DataValidationOperatorBetween))
			v.SetError(excelize.DataValidationErrorStyleStop, m.Refuse[0], m.Refuse[1])
			b.do(b.f.AddDataValidation(b.sheet, v))
		}
	}
	last := row
	row += 2
	over(order, unit, row, m.Sign[0], bold)
	over(past, note, row, m.Sign[1], bold)

	widths := map[int]float64{order: 6, label: formWide, unit: 15, result: 17, change: 11, plan: 17, note: 28}
	for k := range m.Past {
		widths[past+k] = 17
	}
	for col, width := range widths {
		name, err := excelize.ColumnNumberToName(col)
		b.do(err)
		b.do(b.f.SetColWidth(b.sheet, name, name, width))
	}
	b.do(b.f.SetPanes(b.sheet, &excelize.Panes{Freeze: true, XSplit: label, YSplit: top, TopLeftCell: at(unit, top+1), ActivePane: "bottomRight"}))
	b.do(b.f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: fmt.Sprintf("'%s'!$%d:$%d", b.sheet, top, top), Scope: b.sheet}))
	printed := fmt.Sprintf("'%s'!$%s:$%s", b.sheet, dollar(at(order, 2)), dollar(at(note, max(row, last))))
	b.do(b.f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Area", RefersTo: printed, Scope: b.sheet}))
	b.fit()
	b.do(b.f.ProtectSheet(b.sheet, &excelize.SheetProtectionOptions{SelectLockedCells: true, SelectUnlockedCells: true, FormatColumns: true, FormatRows: true}))
	return b.err
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
