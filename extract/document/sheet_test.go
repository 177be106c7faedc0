package document

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// style gives cells a number format.
func style(t *testing.T, f *excelize.File, sheet, format string, refs ...string) {
	t.Helper()
	id, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
	if err != nil {
		t.Fatal(err)
	}
	for _, ref := range refs {
		if err := f.SetCellStyle(sheet, ref, ref, id); err != nil {
			t.Fatal(err)
		}
	}
}

// cellsOf gives the cells of all tables by sheet and place: "Sheet1!B7".
func cellsOf(d *Document) map[string]Cell {
	cells := map[string]Cell{}
	for _, tb := range tablesOf(d) {
		for _, row := range tb.Rows {
			for _, c := range row {
				cells[tb.Sheet+"!"+c.Ref] = c
			}
		}
	}
	return cells
}

// TestSheetForm reads a sheet as departments fill them in: letterhead in cells of several lines, title
// block, unit in a side cell, a head of two rows and one that numbers the columns, codes, indents, units
// by row, a hidden row, a total, notes.
func TestSheetForm(t *testing.T) {
	d := mustRead(t, workbookOf(t, func(f *excelize.File) {
		const s = "Biểu 6T"
		f.SetSheetName("Sheet1", s)
		set(t, f, s, map[string]any{
			"A1": "UBND TỈNH AN BÌNH\nSỞ KHOA HỌC VÀ CÔNG NGHỆ", "F1": "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc",
			"A3": "BIỂU TỔNG HỢP KẾT QUẢ 6 THÁNG ĐẦU NĂM 2023", "A4": "(Kèm theo Báo cáo số 118/BC-SKHCN ngày 14/6/2023)", "G5": "ĐVT: nghìn đồng",
			"A6": "Mã số", "B6": "Chỉ tiêu", "C6": "ĐVT", "D6": "Kế hoạch năm 2023", "E6": "Thực hiện", "G6": "So sánh (%)", "E7": "Quý I", "F7": "6 tháng", "G7": "KH", "H7": "Cùng kỳ",
			"A8": "A", "B8": "B", "C8": "C", "D8": 1, "E8": 2, "F8": 3, "G8": "4=3/1", "H8": 5,
			"A9": "01", "B9": "Tổng số nhiệm vụ", "C9": "nhiệm vụ", "D9": 20, "E9": 4, "F9": 11, "G9": 0.55, "H9": 1.1,
			"A10": "02", "B10": "Trong đó: cấp tỉnh", "C10": "nhiệm vụ", "D10": 15, "E10": 3, "F10": 9,
			"A11": "04", "B11": "     - Mở mới", "C11": "nhiệm vụ", "D11": 5, "E11": 1, "F11": 4,
			"A12": "05", "B12": "Kinh phí", "D12": 12500000, "E12": 3000000.5, "F12": 7250000,
			"A13": "Tổng cộng", "D13": 12500040, "F13": 7250024, "A14": "* Ghi chú: số ước đến 30/6", "F16": "GIÁM ĐỐC",
		})
		for _, m := range [][2]string{{"A1", "D1"}, {"F1", "H1"}, {"A3", "H3"}, {"A4", "H4"}, {"A6", "A7"}, {"B6", "B7"}, {"C6", "C7"}, {"D6", "D7"}, {"E6", "F6"}, {"G6", "H6"}} {
			if err := f.MergeCell(s, m[0], m[1]); err != nil {
				t.Fatal(err)
			}
		}
		indent, _ := f.NewStyle(&excelize.Style{Alignment: &excelize.Alignment{Indent: 2}})
		f.SetCellStyle(s, "B10", "B10", indent)
		style(t, f, s, `_-* #,##0.0\ _₫_-;\-* #,##0.0\ _₫_-;_-* "-"??\ _₫_-;_-@_-`, "D12", "E12", "F12")
		style(t, f, s, "0.00%", "G9", "H9")
		f.SetRowVisible(s, 10, false)
	}), "bieu.xlsx")
	same(t, "blocks", brief(d.Blocks), `letterhead 0 |UBND TỈNH AN BÌNH SỞ KHOA HỌC VÀ CÔNG NGHỆ
letterhead 0 |CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆ… do - Hạnh phúc
title 0 |BIỂU TỔNG HỢP KẾT QUẢ 6 THÁNG…ngày 14/6/2023)
paragraph 0 |ĐVT: nghìn đồng
table 3 of 8
signature 0 |GIÁM ĐỐC`)
	tb := tablesOf(d)[0]
	same(t, "table", gridOf(tb), `Mã số{2x1} | Chỉ tiêu{2x1} | ĐVT{2x1} | Kế hoạch năm 2023{2x1} | Thực hiện{1x2} | So sánh (%){1x2}
Quý I | 6 tháng | KH | Cùng kỳ
A | B | C | 1 | 2 | 3 | 4=3/1 | 5
01 | Tổng số nhiệm vụ | nhiệm vụ | 20 | 4 | 11 | 55,00% | 110,00%
02 | Trong đó: cấp tỉnh | nhiệm vụ | 15 | 3 | 9
04 | - Mở mới | nhiệm vụ | 5 | 1 | 4
05 | Kinh phí | 12.500.000,0 | 3.000.000,5 | 7.250.000,0
Tổng cộng | 12500040 | 7250024`)
	if tb.Unit != "nghìn đồng" || !strings.HasPrefix(tb.Title, "BIỂU TỔNG HỢP KẾT QUẢ 6 THÁNG ĐẦU NĂM 2023; (Kèm theo") || !slices.Equal(tb.Notes, []string{"* Ghi chú: số ước đến 30/6"}) {
		t.Errorf("unit %q, title %q, notes %q", tb.Unit, tb.Title, tb.Notes)
	}
	cells := cellsOf(d)
	if a, b, c := cells["Biểu 6T!B9"].Indent, cells["Biểu 6T!B10"].Indent, cells["Biểu 6T!B11"].Indent; a != 0 || b != 2 || c == 0 {
		t.Errorf("indents %d, %d, %d", a, b, c)
	}
	for ref, hidden := range map[string]bool{"B9": false, "B10": true, "F10": true, "B11": false} {
		if cells["Biểu 6T!"+ref].Hidden != hidden {
			t.Errorf("%s hidden: %v", ref, !hidden)
		}
	}
	if c := cells["Biểu 6T!E12"]; c.Number == nil || *c.Number != 3000000.5 || !strings.Contains(c.NumFmt, "#,##0.0") {
		t.Errorf("E12: %+v", c)
	}
}

// TestTablesOfASheet wants each of several tables: side by side and under one another, starting
// anywhere; and one whose columns are the indicators, over a row of units.
func TestTablesOfASheet(t *testing.T) {
	d := mustRead(t, workbookOf(t, func(f *excelize.File) {
		set(t, f, "Sheet1", map[string]any{
			"E10": "Bảng 1. Sở hữu trí tuệ", "E11": "Loại hình", "F11": "Đơn", "G11": "Văn bằng", "E12": "Sáng chế", "F12": 4, "G12": 1, "E13": "Nhãn hiệu", "F13": 38, "G13": 21,
			"I10": "Bảng 2. Đo lường (Đơn vị tính: phương tiện)", "I11": "Loại phương tiện", "J11": "Số lượng", "I12": "Cân", "J12": 120, "I13": "Cột đo xăng dầu", "J13": 31,
			"E17": "Bảng 3. Thanh tra", "E18": "Nội dung", "F18": "6T/2022", "G18": "6T/2023", "E19": "Số cuộc", "F19": 5, "G19": 6, "E20": "Số cơ sở", "F20": 50, "G20": 61,
		})
		f.NewSheet("Chuyển vị")
		set(t, f, "Chuyển vị", map[string]any{"C3": "Chỉ tiêu", "D3": "Số nhiệm vụ nghiệm thu", "E3": "Số cuộc thanh tra", "C4": "ĐVT", "D4": "nhiệm vụ", "E4": "cuộc",
			"C5": "Kế hoạch năm", "D5": 20, "E5": 8, "C6": "Thực hiện 6 tháng", "D6": 9, "E6": 5})
	}), "a.xlsx")
	var got []string
	for _, tb := range tablesOf(d) {
		got = append(got, fmt.Sprintf("%s [%s] %d\n%s", tb.Title, tb.Unit, tb.HeadRows, gridOf(tb)))
	}
	same(t, "tables", strings.Join(got, ""), `Bảng 1. Sở hữu trí tuệ [] 1
Loại hình | Đơn | Văn bằng
Sáng chế | 4 | 1
Nhãn hiệu | 38 | 21
Bảng 2. Đo lường (Đơn vị tính: phương tiện) [phương tiện] 1
Loại phương tiện | Số lượng
Cân | 120
Cột đo xăng dầu | 31
Bảng 3. Thanh tra [] 1
Nội dung | 6T/2022 | 6T/2023
Số cuộc | 5 | 6
Số cơ sở | 50 | 61
 [] 2
Chỉ tiêu | Số nhiệm vụ nghiệm thu | Số cuộc thanh tra
ĐVT | nhiệm vụ | cuộc
Kế hoạch năm | 20 | 8
Thực hiện 6 tháng | 9 | 5`)
}

// TestNumberFormats holds what formats show of a number, that the raw number is kept, and that no format
// of a time makes a number of it.
func TestNumberFormats(t *testing.T) {
	for _, c := range []struct {
		format string
		raw    float64
		text   string
		shown  float64
		after  string
	}{
		{"General", 1234.5, "1234,5", 1234.5, ""},
		{"General", 1.1000000000000001, "1,1", 1.1, ""},
		{"0", 7, "7", 7, ""},
		{"#,##0", 1234567, "1.234.567", 1234567, ""},
		{"#,##0.00", -1234.5, "-1.234,50", -1234.5, ""},
		{"#,##0;(#,##0)", -12, "-12", -12, ""},
		{"0.0%", 0.795, "79,5%", 79.5, "%"},
		{`0.0"%"`, 79.5, "79,5%", 79.5, "%"},       // typed as it is read
		{`0\%`, 80, "80%", 80, "%"},                // the same
		{"#,##0,", 12500000, "12.500", 12500, ""},  // in thousands
		{"#,##0.0,,", 12540000, "12,5", 12.54, ""}, // in millions
		{`#,##0" nhiệm vụ"`, 1200, "1.200 nhiệm vụ", 1200, "nhiệm vụ"},
		{`General" cuộc"`, 5, "5 cuộc", 5, "cuộc"},
		{`#,##0\ [$₫-42A]`, 5000, "5.000 ₫", 5000, "₫"},
		{`[Red]-#,##0.0`, 12, "12,0", 12, ""},
		{"0.00E+00", 1500, "1500", 1500, ""},
	} {
		d := mustRead(t, workbookOf(t, func(f *excelize.File) {
			set(t, f, "Sheet1", map[string]any{"A1": "TT", "B1": "Chỉ tiêu", "C1": "Thực hiện", "A2": 1, "B2": "Việc", "C2": c.raw, "A3": 2, "B3": "Việc khác", "C3": 5})
			style(t, f, "Sheet1", c.format, "C2")
		}), "a.xlsx")
		got := cellsOf(d)["Sheet1!C2"]
		value, after, _ := got.Shown()
		if got.Text != c.text || got.Number == nil || *got.Number != c.raw || value-c.shown > 1e-9 || c.shown-value > 1e-9 || after != c.after {
			t.Errorf("%s of %v: %q, number %v, shown as %v and %q", c.format, c.raw, got.Text, got.Number, value, after)
		}
	}
	for _, c := range []struct {
		format     string
		raw        float64
		text, date string
	}{
		{"dd/mm/yyyy", 45098, "21/6/2023", "2023-06-21"},
		{"d-m-yy", 45098, "21/6/2023", "2023-06-21"},
		{"[$-42A]dd mmmm yyyy", 45098.5, "21/6/2023", "2023-06-21"},
		{`"Ngày "dd" tháng "mm" năm "yyyy`, 45098, "21/6/2023", "2023-06-21"},
		{"mm/yyyy", 45078, "06/2023", "2023-06-01"},
		{`"Tháng "mm"/"yyyy`, 45078, "06/2023", "2023-06-01"},
		{"h:mm", 0.75, "18:00", ""},
		{"[h]:mm", 1.5, "36:00", ""},
	} {
		d := mustRead(t, workbookOf(t, func(f *excelize.File) {
			set(t, f, "Sheet1", map[string]any{"A1": "TT", "B1": "Chỉ tiêu", "C1": "Ngày", "D1": "Số", "A2": 1, "B2": "Việc", "C2": c.raw, "D2": 3, "A3": 2, "B3": "Việc khác", "D3": 5})
			style(t, f, "Sheet1", c.format, "C2")
		}), "a.xlsx")
		if got := cellsOf(d)["Sheet1!C2"]; got.Text != c.text || got.Date != c.date || got.Number != nil {
			t.Errorf("%s of %v: %q, date %q, number %v", c.format, c.raw, got.Text, got.Date, got.Number)
		}
	}
}

// TestDates1904 reads a workbook whose days are counted from 1904, as those of old Macs.
func TestDates1904(t *testing.T) {
	d := mustRead(t, workbookOf(t, func(f *excelize.File) {
		yes := true
		if err := f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}); err != nil {
			t.Fatal(err)
		}
		set(t, f, "Sheet1", map[string]any{"A1": "TT", "B1": "Ngày cấp", "C1": "Số", "A2": 1, "B2": 43636, "C2": 3, "A3": 2, "B3": 43637, "C3": 4})
		style(t, f, "Sheet1", "dd/mm/yyyy", "B2", "B3")
	}), "a.xlsx")
	if got := cellsOf(d)["Sheet1!B2"]; got.Date != "2023-06-21" {
		t.Errorf("%+v", got)
	}
}

// TestHTMLAsXLS reads a page that was saved under the name of a workbook: the content decides.
func TestHTMLAsXLS(t *testing.T) {
	d := mustRead(t, []byte(reportHTML), "bieu-mau.XLS")
	if d.Format != HTML || len(tablesOf(d)) != 1 {
		t.Errorf("%s, %d tables", d.Format, len(tablesOf(d)))
	}
}

// TestLegacySheet reads cells in TCVN3 by their font, and where that does not say by the text.
func TestLegacySheet(t *testing.T) {
	d := mustRead(t, workbookOf(t, func(f *excelize.File) {
		set(t, f, "Sheet1", map[string]any{"A1": "TT", "B1": "ChØ tiªu", "C1": "Sè l\u00adîng", "A2": 1, "B2": "NhiÖm vô khoa häc vµ c«ng nghÖ cÊp tØnh ®· nghiÖm thu", "C2": 12,
			"A3": 2, "B3": "cuéc thanh tra", "C3": 5})
		for ref, font := range map[string]string{"B1": ".VnTime", "C1": ".VnTime", "B3": ".VnTimeH"} {
			id, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Family: font}})
			if err != nil {
				t.Fatal(err)
			}
			f.SetCellStyle("Sheet1", ref, ref, id)
		}
	}), "a.xlsx")
	same(t, "table", gridOf(tablesOf(d)[0]), "TT | Chỉ tiêu | Số lượng\n1 | Nhiệm vụ khoa học và công nghệ cấp tỉnh đã nghiệm thu | 12\n2 | CUỘC THANH TRA | 5")
}
