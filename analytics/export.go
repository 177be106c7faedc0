package analytics

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Export is a table to take along: what a page shows, with what it stands for.
type Export struct {
	Name  string // of the sheet, at most 31 characters
	Head  []string
	Rows  [][]any     // float64, int, uint and string cells; nil is empty
	About [][2]string // what, where from, when: a second sheet of the workbook
}

// maxSheetName is Excel's limit, in characters.
const maxSheetName = 31

// CSV writes the table as UTF-8 with a byte order mark, without which Excel misreads it. A text that
// a spreadsheet would take for a formula is disarmed; numbers have a point.
func (e Export) CSV(w io.Writer) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.Write(e.Head)
	for _, row := range e.Rows {
		cells := make([]string, len(row))
		for i, v := range row {
			switch x := v.(type) {
			case nil:
			case string:
				cells[i] = disarmed(x)
			case float64:
				cells[i] = strconv.FormatFloat(x, 'f', -1, 64)
			default:
				cells[i] = fmt.Sprint(x)
			}
		}
		out.Write(cells)
	}
	out.Flush()
	return out.Error()
}

// disarmed puts an apostrophe before what a spreadsheet would run.
func disarmed(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n|", rune(s[0])) {
		return "'" + s
	}
	return s
}

// XLSX writes a workbook: numbers as numbers, texts as texts (never formulas), the head row kept in
// sight, and what the figures are on a second sheet.
func (e Export) XLSX(w io.Writer) error {
	b, err := newWorkbook()
	if err != nil {
		return err
	}
	defer b.f.Close()
	sheet := []rune(strings.NewReplacer(":", " ", "\\", " ", "/", "-", "?", " ", "*", " ", "[", "(", "]", ")", "'", "").Replace(e.Name))
	name := string(sheet[:min(len(sheet), maxSheetName)])
	if err := b.f.SetSheetName("Sheet1", name); err != nil {
		return err
	}
	if err := b.row(name, 1, texts(e.Head), b.head); err != nil {
		return err
	}
	widths := make([]int, len(e.Head))
	for i, row := range e.Rows {
		if err := b.row(name, i+2, row, 0); err != nil {
			return err
		}
		for c := range widths {
			if c < len(row) {
				widths[c] = max(widths[c], len([]rune(fmt.Sprint(row[c]))))
			}
		}
	}
	for c, n := range widths {
		col, err := excelize.ColumnNumberToName(c + 1)
		if err != nil {
			return err
		}
		if err := b.f.SetColWidth(name, col, col, float64(min(60, max(12, n+2)))); err != nil {
			return err
		}
	}
	if err := b.f.SetPanes(name, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := b.about(e.About); err != nil {
		return err
	}
	return b.f.Write(w)
}

// workbook is a workbook in the making, with the styles of its cells.
type workbook struct {
	f                   *excelize.File
	head, whole, broken int
}

func newWorkbook() (*workbook, error) {
	b := &workbook{f: excelize.NewFile()}
	var err error
	for _, s := range []struct {
		to    *int
		style excelize.Style
	}{
		{&b.head, excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"},
			Border: []excelize.Border{{Type: "bottom", Style: 1, Color: "808080"}}}},
		// "#,##0.##" would leave a bare comma behind whole numbers, so whole columns of them get none.
		{&b.whole, excelize.Style{NumFmt: 3}},
		{&b.broken, excelize.Style{NumFmt: 4}},
	} {
		if *s.to, err = b.f.NewStyle(&s.style); err != nil {
			b.f.Close()
			return nil, err
		}
	}
	return b, nil
}

// row writes the cells of one row; style 0 gives numbers the one of theirs.
func (b *workbook) row(sheet string, row int, cells []any, style int) error {
	for i, v := range cells {
		at, err := excelize.CoordinatesToCellName(i+1, row)
		if err != nil {
			return err
		}
		use := style
		switch x := v.(type) {
		case nil:
			continue
		case string:
			err = b.f.SetCellStr(sheet, at, x)
		case float64:
			if use == 0 {
				use = b.broken
				if x == float64(int64(x)) {
					use = b.whole
				}
			}
			err = b.f.SetCellValue(sheet, at, x)
		default:
			err = b.f.SetCellValue(sheet, at, x)
		}
		if err != nil {
			return err
		}
		if use != 0 {
			if err := b.f.SetCellStyle(sheet, at, at, use); err != nil {
				return err
			}
		}
	}
	return nil
}

// about adds the sheet that says what the figures are.
func (b *workbook) about(pairs [][2]string) error {
	if len(pairs) == 0 {
		return nil
	}
	const about = "Thông tin"
	if _, err := b.f.NewSheet(about); err != nil {
		return err
	}
	for i, pair := range pairs {
		if err := b.row(about, i+1, texts(pair[:]), 0); err != nil {
			return err
		}
	}
	if err := b.f.SetColWidth(about, "A", "A", 24); err != nil {
		return err
	}
	return b.f.SetColWidth(about, "B", "B", 90)
}

func texts(list []string) []any {
	cells := make([]any, len(list))
	for i, s := range list {
		cells[i] = s
	}
	return cells
}
