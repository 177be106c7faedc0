package document

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// bookOf makes a workbook with what must survive: a formula, a format of its own, a comment, a style.
func bookOf(t *testing.T) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	format := `#,##0" đ"`
	style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format, Font: &excelize.Font{Bold: true}})
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{
		f.SetCellValue("Sheet1", "A1", 1200), f.SetCellValue("Sheet1", "A2", 30), f.SetCellStyle("Sheet1", "A1", "A1", style), f.SetCellFormula("Sheet1", "B1", "A1+A2"),
		f.AddComment("Sheet1", excelize.Comment{Cell: "A2", Author: "Lan", Paragraph: []excelize.RichTextRun{{Text: "lấy từ sổ"}}}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := f.NewSheet("Khác"); err != nil {
		t.Fatal(err)
	}
	if err := f.SetCellStr("Khác", "C3", "nguyên"); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAnnotateKeepsTheRest(t *testing.T) {
	raw := bookOf(t)
	var out bytes.Buffer
	notes := []Note{{"Sheet1", "A1", "độ chắc 45%", ToneDoubt}, {"Sheet1", "A1", "không khớp", ToneFinding}, {"Sheet1", "A2", "xem lại", ToneDoubt}, {"Không có", "A1", "x", ToneDoubt}, {"Sheet1", "không", "x", ToneDoubt}}
	if err := Annotate(bytes.NewReader(raw), int64(len(raw)), notes, &out); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	said := map[string]string{}
	comments, err := f.GetComments("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range comments {
		for _, p := range c.Paragraph {
			said[c.Cell] += p.Text
		}
	}
	if len(comments) != 2 || !strings.Contains(said["A1"], "độ chắc 45%\nkhông khớp") || !strings.Contains(said["A2"], "xem lại\n—\nlấy từ sổ") {
		t.Errorf("comments: %q", said)
	}
	id, _ := f.GetCellStyle("Sheet1", "A1")
	s, err := f.GetStyle(id)
	if err != nil || s.CustomNumFmt == nil || *s.CustomNumFmt != `#,##0" đ"` || s.Font == nil || !s.Font.Bold || len(s.Fill.Color) != 1 || s.Fill.Color[0] != toneColours[ToneFinding] {
		t.Errorf("style: %+v %v", s, err)
	}
	if formula, _ := f.GetCellFormula("Sheet1", "B1"); formula != "A1+A2" {
		t.Errorf("formula: %q", formula)
	}
	if v, _ := f.GetCellValue("Khác", "C3"); v != "nguyên" {
		t.Errorf("the other sheet says %q", v)
	}
	if err := Annotate(bytes.NewReader(raw[:200]), 200, notes, &out); !errors.Is(err, ErrCorrupt) {
		t.Errorf("a cut workbook: %v", err)
	}
}

func TestReadForm(t *testing.T) {
	n := func(v float64) *float64 { return &v }
	cell := func(ref, text string, number *float64, format string) Cell {
		c := Cell{Ref: ref, Text: text, Number: number, NumFmt: format, Col: int(ref[0] - 'A')}
		return c
	}
	table := &Table{Sheet: "Biểu mẫu", Rows: [][]Cell{
		{cell("A1", FormMark, nil, ""), cell("B1", "body=Sở Mẫu", nil, ""), cell("C1", "period=2023-H1", nil, ""), cell("E1", "result=2023-H1", nil, ""), cell("F1", "plan=2023", nil, "")},
		{cell("A2", "@title", nil, ""), cell("B2", "BÁO CÁO", nil, "")},
		{cell("A3", "@number", nil, ""), cell("B3", "Số:", nil, ""), cell("E3", "1 / BC", nil, "")},
		{cell("A4", "@signed", nil, ""), cell("B4", "Ngày ký:", nil, ""), cell("E4", "5/7/2023", nil, "")},
		{cell("B5", "Mục", nil, "")},
		{cell("A6", "finance.disbursed_vnd*1000000", nil, ""), cell("C6", "Giải ngân", nil, ""), cell("D6", "9", n(9), ""), cell("E6", "1,5", n(1.5), "#,##0.0"), cell("F6", "2", n(2), "")},
		{cell("A7", "finance.disbursed_percent", nil, ""), cell("E7", "45%", n(0.45), "0%")},
		{cell("A8", "task.new", nil, ""), cell("E8", "năm nhiệm vụ", nil, "")},
		{cell("E9", "7", n(7), "")}, // a row without a mark
	}}
	f, warnings := readForm(table)
	if f == nil || f.Body != "Sở Mẫu" || f.Period != "2023-H1" || f.Title != "BÁO CÁO" || f.Number != "1/BC" || f.Signed != "2023-07-05" {
		t.Fatalf("head: %+v", f)
	}
	want := []FormFigure{{"finance.disbursed_vnd", "result", "2023-H1", 1.5e6, "E6", "1,5"}, {"finance.disbursed_vnd", "plan", "2023", 2e6, "F6", "2"}, {"finance.disbursed_percent", "result", "2023-H1", 45, "E7", "45%"}}
	if len(f.Figures) != len(want) {
		t.Fatalf("figures: %+v", f.Figures)
	}
	for i := range want {
		if f.Figures[i] != want[i] {
			t.Errorf("figure %d: %+v, want %+v", i, f.Figures[i], want[i])
		}
	}
	if len(warnings) != 1 || warnings[0].Cell != "E8" || warnings[0].Code != "form_text" {
		t.Errorf("warnings: %+v", warnings)
	}
	for _, row := range table.Rows {
		if len(row) > 0 && row[0].Col == 0 {
			t.Errorf("a mark is left: %+v", row[0])
		}
	}
	if f, _ := readForm(&Table{Rows: [][]Cell{{cell("A1", "TT", nil, "")}}}); f != nil {
		t.Error("a table of its own is taken for a form")
	}
}
