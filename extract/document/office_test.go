package document

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

func readBytes(t testing.TB, data []byte, name string) (*Document, error) {
	t.Helper()
	return Read(context.Background(), bytes.NewReader(data), int64(len(data)), Options{Name: name})
}

func mustRead(t testing.TB, data []byte, name string) *Document {
	t.Helper()
	d, err := readBytes(t, data, name)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return d
}

func tablesOf(d *Document) []*Table {
	var ts []*Table
	for _, b := range d.Blocks {
		if b.Table != nil {
			ts = append(ts, b.Table)
		}
	}
	return ts
}

// gridOf writes a table one row a line, cells parted by "|", spans as {rows x cols}.
func gridOf(tb *Table) string {
	var b strings.Builder
	for _, row := range tb.Rows {
		for i, c := range row {
			if i > 0 {
				b.WriteString(" | ")
			}
			b.WriteString(c.Text)
			if c.Rowspan > 1 || c.Colspan > 1 {
				fmt.Fprintf(&b, "{%dx%d}", c.Rowspan, c.Colspan)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

const reportHTML = `<html><head><meta charset="utf-8"></head><body>
<table width="100%"><tr><td>UBND TỈNH A<br><b>SỞ KHOA HỌC VÀ CÔNG NGHỆ</b><br>Số: 12/BC-SKHCN</td>
<td><b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</b><br>Độc lập - Tự do - Hạnh phúc<br><i>A, ngày 15 tháng 6 năm 2021</i></td></tr></table>
<h1>BÁO CÁO</h1><p align="center"><b>Kết quả 6 tháng đầu năm 2021</b></p>
<p>Thực hiện kế hoạch công tác năm 2021 của Sở, đơn vị xin báo cáo kết quả thực hiện nhiệm vụ như sau:</p>
<h2>I. KẾT QUẢ</h2>
<ul><li>Thanh tra 05 cuộc<ul><li>Đột xuất 01 cuộc</li></ul></li><li>Kiểm tra 04 cuộc</li></ul>
<p>Dòng một<br>- Mục hai<br>- Mục ba</p>
<p style="display:none">ẩn</p>
<table border="1"><thead><tr><th rowspan="2">TT</th><th colspan="2">Năm</th></tr><tr><th>2020</th><th>2021</th></tr></thead>
<tr><td>1</td><td>1.234</td><td>5,6</td></tr><tr><td rowspan="9">2</td><td>-</td></tr></table>
</body></html>`

func TestHTML(t *testing.T) {
	d := mustRead(t, []byte(reportHTML), "a.html")
	var got []string
	for _, b := range d.Blocks {
		got = append(got, fmt.Sprintf("%s %d %s|%s", b.Kind, b.Level, b.Marker, b.Text))
	}
	want := []string{
		"letterhead 0 |UBND TỈNH A SỞ KHOA HỌC VÀ CÔNG NGHỆ Số: 12/BC-SKHCN",
		"letterhead 0 |CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc A, ngày 15 tháng 6 năm 2021",
		"title 0 |BÁO CÁO Kết quả 6 tháng đầu năm 2021",
		"paragraph 0 |Thực hiện kế hoạch công tác năm 2021 của Sở, đơn vị xin báo cáo kết quả thực hiện nhiệm vụ như sau:",
		"heading 1 I.|KẾT QUẢ",
		"item 1 •|Thanh tra 05 cuộc", "item 2 ◦|Đột xuất 01 cuộc", "item 1 •|Kiểm tra 04 cuộc",
		"paragraph 0 |Dòng một", "item 2 -|Mục hai", "item 2 -|Mục ba",
		"table 0 |",
	}
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
		t.Errorf("got\n%s\nwant\n%s", g, w)
	}
	tb := tablesOf(d)[0]
	if g, w := gridOf(tb), "TT{2x1} | Năm{1x2}\n2020 | 2021\n1 | 1.234 | 5,6\n2 | -\n"; g != w || tb.HeadRows != 2 {
		t.Errorf("head %d\n%s", tb.HeadRows, g)
	}
}

func TestHTMLLegacy(t *testing.T) {
	d := mustRead(t, []byte("<html><meta charset=utf-8><body><p><font face='.VnTime'>B¸o c¸o c«ng t¸c khoa häc vµ c«ng nghÖ n¨m 2009</font></p></body></html>"), "b.html")
	if got := d.Blocks[0].Text; got != "Báo cáo công tác khoa học và công nghệ năm 2009" {
		t.Errorf("got %q", got)
	}
	d = mustRead(t, []byte("<html><meta charset=utf-8><body><p><font face='.VnTime'>Báo cáo</font> <font face='.VnTimeH'>khoa häc</font> <font face='.VnTime'>tæng hîp</font></p></body></html>"), "b.html")
	if got := d.Blocks[0].Text; got != "Báo cáo KHOA HỌC tổng hợp" { // the first only keeps the old font's name
		t.Errorf("got %q", got)
	}
}

// workbookOf makes a workbook by a function that fills it.
func workbookOf(t testing.TB, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	fill(f)
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func set(t testing.TB, f *excelize.File, sheet string, values map[string]any) {
	t.Helper()
	for ref, v := range values {
		if err := f.SetCellValue(sheet, ref, v); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWorkbook(t *testing.T) {
	data := workbookOf(t, func(f *excelize.File) {
		const s = "Sheet1"
		set(t, f, s, map[string]any{
			"B2": "BIỂU 1. KẾT QUẢ NĂM 2021", "B3": "Đơn vị tính: triệu đồng",
			"B5": "TT", "C5": "Chỉ tiêu", "D5": "Năm", "F5": "Đạt (%)", "D6": 2020, "E6": 2021,
			"B7": "A", "C7": "B", "D7": 1, "E7": 2, "F7": 3,
			"B8": 1, "C8": "Kinh phí", "D8": 31.25, "E8": 40.5, "F8": 0.79,
			"B9": 2, "C9": "   - Trong đó: tiền phạt", "D9": 1234567.5,
			"B10": "Ghi chú: số liệu chốt ngày 15/12",
			"H5":  "Huyện", "I5": "Cơ sở", "H6": "Huyện A", "I6": 3, "H7": "Huyện B", "I7": 4,
			"B13": "TT", "C13": "Nội dung", "D13": "Số lượng", "B14": 1, "C14": "Cuộc thanh tra", "D14": "05",
		})
		for _, m := range [][2]string{{"B5", "B6"}, {"C5", "C6"}, {"D5", "E5"}, {"F5", "F6"}} {
			if err := f.MergeCell(s, m[0], m[1]); err != nil {
				t.Fatal(err)
			}
		}
		percent, _ := f.NewStyle(&excelize.Style{NumFmt: 9})
		money := "#,##0.0"
		grouped, _ := f.NewStyle(&excelize.Style{CustomNumFmt: &money})
		f.SetCellStyle(s, "F8", "F8", percent)
		f.SetCellStyle(s, "D9", "D9", grouped)
		f.SetCellFormula(s, "E9", "=D9*2")
		f.SetCellFormula(s, "F9", "=NOSUCHFUNCTION(D9)")
		f.SetColVisible(s, "D", false)
		f.AddComment(s, excelize.Comment{Cell: "C8", Text: "đã quyết toán"})
		f.NewSheet("Ẩn")
		set(t, f, "Ẩn", map[string]any{"A1": "Nội dung", "B1": "Số lượng", "A2": "Cuộc thanh tra", "B2": 7})
		f.SetSheetVisible("Ẩn", false)
	})
	d := mustRead(t, data, "a.xlsx")
	ts := tablesOf(d)
	if len(ts) != 4 {
		for _, tb := range ts {
			t.Logf("%s\n%s", tb.Title, gridOf(tb))
		}
		t.Fatalf("%d tables, want 4", len(ts))
	}
	first := ts[0]
	want := "TT{2x1} | Chỉ tiêu{2x1} | Năm{1x2} | Đạt (%){2x1}\n2020 | 2021\nA | B | 1 | 2 | 3\n1 | Kinh phí | 31,25 | 40,5 | 79%\n2 | - Trong đó: tiền phạt | 1.234.567,5 | 2469135 | \n"
	if g := gridOf(first); g != want {
		t.Errorf("got\n%swant\n%s", g, want)
	}
	if first.Unit != "triệu đồng" || first.Title != "BIỂU 1. KẾT QUẢ NĂM 2021" || first.HeadRows != 3 || len(first.Notes) != 2 {
		t.Errorf("unit %q, title %q, head %d, notes %q", first.Unit, first.Title, first.HeadRows, first.Notes)
	}
	cells := map[string]Cell{}
	for _, tb := range ts {
		for _, row := range tb.Rows {
			for _, c := range row {
				cells[tb.Sheet+c.Ref] = c
			}
		}
	}
	if c := cells["Sheet1F8"]; c.Number == nil || *c.Number != 0.79 || c.NumFmt != "0%" {
		t.Errorf("F8: %+v", c)
	}
	if c := cells["Sheet1F9"]; !c.Doubtful || c.Number != nil {
		t.Errorf("a formula nobody knows: %+v", c)
	}
	if c := cells["Sheet1C9"]; c.Indent != 1 {
		t.Errorf("indent %d", c.Indent)
	}
	if !cells["Sheet1D8"].Hidden || cells["Sheet1E8"].Hidden || cells["Sheet1C8"].Comment != "đã quyết toán" {
		t.Errorf("hidden column or comment lost")
	}
	if !ts[3].Hidden || !d.Sheets[1].Hidden {
		t.Error("the hidden sheet is not marked")
	}
	if g := gridOf(ts[1]); g != "Huyện | Cơ sở\nHuyện A | 3\nHuyện B | 4\n" {
		t.Errorf("the table beside:\n%s", g)
	}
	warned := false
	for _, w := range d.Warnings {
		warned = warned || w.Code == "formula_without_value" && w.Cell == "F9"
	}
	if !warned {
		t.Error("no warning of the formula without a value")
	}
}

func TestWorkbookDates(t *testing.T) {
	data := workbookOf(t, func(f *excelize.File) {
		set(t, f, "Sheet1", map[string]any{"A1": "TT", "B1": "Ngày cấp", "C1": "Số lượng"})
		date, _ := f.NewStyle(&excelize.Style{NumFmt: 14})
		for i, v := range []any{"18/9/2024", 45421, "25/9/2024", 45300} {
			row := fmt.Sprint(i + 2)
			set(t, f, "Sheet1", map[string]any{"A" + row: i + 1, "B" + row: v, "C" + row: 10 * i})
			if _, serial := v.(int); serial {
				f.SetCellStyle("Sheet1", "B"+row, "B"+row, date)
			}
		}
	})
	tb := tablesOf(mustRead(t, data, "a.xlsx"))[0]
	c := tb.Rows[2][1]
	if c.Date != "2024-05-09" || c.Text != "9/5/2024" || !c.Doubtful {
		t.Errorf("a date made of d/m: %+v", c)
	}
}

func TestLargeWorkbook(t *testing.T) {
	data := workbookOf(t, func(f *excelize.File) {
		w, err := f.NewStreamWriter("Sheet1")
		if err != nil {
			t.Fatal(err)
		}
		w.SetRow("A1", []any{"TT", "Nội dung", "Số lượng"})
		for i := range 2 * keptRows {
			w.SetRow(fmt.Sprintf("A%d", i+2), []any{i + 1, "việc", 2})
		}
		w.SetRow(fmt.Sprintf("A%d", 2*keptRows+2), []any{"Tổng cộng", nil, 4 * keptRows})
		w.Flush()
	})
	d := mustRead(t, data, "a.xlsx")
	if s := d.Sheets[0]; !s.Large || s.Rows != 2*keptRows+2 || s.Cols != 3 {
		t.Errorf("%+v", s)
	}
	rows := 0
	total := false
	for _, tb := range tablesOf(d) {
		rows += len(tb.Rows)
		total = total || strings.Contains(gridOf(tb), "Tổng cộng | 12000")
	}
	if rows > 400 || !total {
		t.Errorf("%d rows kept, total row kept: %v", rows, total)
	}
}

func TestFarColumns(t *testing.T) {
	data := workbookOf(t, func(f *excelize.File) {
		w, err := f.NewStreamWriter("Sheet1")
		if err != nil {
			t.Fatal(err)
		}
		for i := range 500 {
			w.SetRow(fmt.Sprintf("XFD%d", i+1), []any{1})
		}
		w.Flush()
	})
	d := mustRead(t, data, "a.xlsx")
	if s := d.Sheets[0]; s.Cols > maxSheetCols {
		t.Errorf("%d columns", s.Cols)
	}
	cut := false
	for _, w := range d.Warnings {
		cut = cut || w.Code == "columns_cut"
	}
	if !cut {
		t.Error("no warning that columns were cut")
	}
}

func TestZipRefused(t *testing.T) {
	archive := func(fill func(z *zip.Writer)) []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		fill(z)
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	for name, c := range map[string]struct {
		data []byte
		err  error
	}{
		"bomb": {archive(func(z *zip.Writer) {
			w, _ := z.Create("xl/workbook.xml")
			w.Write(make([]byte, 64<<20))
		}), ErrTooLarge},
		"many parts": {archive(func(z *zip.Writer) {
			for i := range maxZipEntries + 1 {
				z.Create(fmt.Sprintf("xl/%d", i))
			}
		}), ErrTooLarge},
		"leaves": {archive(func(z *zip.Writer) { z.Create("../../etc/passwd") }), ErrCorrupt},
		"twice": {archive(func(z *zip.Writer) {
			z.Create("xl/workbook.xml")
			z.Create("xl/workbook.xml")
		}), ErrCorrupt},
		"no archive": {[]byte("PK\x03\x04 but no more"), ErrCorrupt},
	} {
		if _, err := openZip(bytes.NewReader(c.data), int64(len(c.data))); !errors.Is(err, c.err) {
			t.Errorf("%s: %v, want %v", name, err, c.err)
		}
	}
}

func TestCSV(t *testing.T) {
	const text = "Nội dung;ĐVT;Năm 2020;Năm 2021\nKinh phí, tổng số;triệu đồng;1.234,5;2.000\nCuộc thanh tra;cuộc;5;7\n"
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	tcvn := "Néi dung;§VT;N¨m 2020;N¨m 2021\nKinh phÝ, tæng sè;triÖu ®ång;1.234,5;2.000\nCuéc thanh tra;cuéc;5;7\n"
	bytesOf, err := charmap.ISO8859_1.NewEncoder().String(tcvn)
	if err != nil {
		t.Fatal(err)
	}
	vni, err := charmap.ISO8859_1.NewEncoder().String("Noäi dung;ÑVT;Naêm 2020;Naêm 2021\nKinh phí, toång soá;trieäu ñoàng;1.234,5;2.000\nCuoäc thanh tra;cuoäc;5;7\n")
	if err != nil {
		t.Fatal(err)
	}
	// Windows-1258 has the vowels of one mark, and the tones by themselves.
	toned := strings.NewReplacer("ộ", "ô\u0323", "í", "i\u0301", "ổ", "ô\u0309", "ố", "ô\u0301", "ệ", "ê\u0323", "ồ", "ô\u0300").Replace(text)
	windows, err := charmap.Windows1258.NewEncoder().String(toned)
	if err != nil {
		t.Fatal(err)
	}
	wide := func(order unicode.Endianness, mark unicode.BOMPolicy) string {
		out, err := unicode.UTF16(order, mark).NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	want := "Nội dung | ĐVT | Năm 2020 | Năm 2021\nKinh phí, tổng số | triệu đồng | 1.234,5 | 2.000\nCuộc thanh tra | cuộc | 5 | 7\n"
	for name, data := range map[string]string{
		"utf-8": text, "bom": "\uFEFF" + text, "utf-16": utf16, "tcvn3": bytesOf,
		"commas": "Nội dung,ĐVT,Năm 2020,Năm 2021\n\"Kinh phí, tổng số\",triệu đồng,\"1.234,5\",2.000\nCuộc thanh tra,cuộc,5,7\n",
		"tabs":   strings.ReplaceAll(text, ";", "\t"),
		"vni":    vni, "windows-1258": windows,
		"utf-16, other order": wide(unicode.BigEndian, unicode.UseBOM),
		"utf-16, no mark":     wide(unicode.LittleEndian, unicode.IgnoreBOM),
		"neither":             wide(unicode.BigEndian, unicode.IgnoreBOM),
		"excel says it":       "sep=;\r\n" + strings.ReplaceAll(text, "\n", "\r\n"),
		"old lines":           strings.ReplaceAll(text, "\n", "\r"),
		"bars":                strings.ReplaceAll(text, ";", "|"),
	} {
		d, err := readBytes(t, []byte(data), "a.csv")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if g := gridOf(tablesOf(d)[0]); g != want {
			t.Errorf("%s:\n%s", name, g)
		}
	}
	d := mustRead(t, []byte("Nội dung;Kết quả\nTập huấn, hội thảo, hội nghị, truyền thông, tư vấn;1,5\nThanh tra, kiểm tra, giám sát;7\nĐơn;3\n"), "a.csv")
	if g := gridOf(tablesOf(d)[0]); !strings.HasPrefix(g, "Nội dung | Kết quả\nTập huấn, hội thảo, hội nghị, truyền thông, tư vấn | 1,5\n") {
		t.Errorf("commas in the text:\n%s", g)
	}
}

// convert lets LibreOffice save a file in another format.
func convert(t *testing.T, data []byte, from, to string, more ...string) []byte {
	t.Helper()
	dir := t.TempDir()
	in := filepath.Join(dir, "a."+from)
	if err := os.WriteFile(in, data, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("soffice", append([]string{"-env:UserInstallation=file://" + filepath.Join(dir, "profile"), "--headless", "--convert-to", to, "--outdir", dir, in}, more...)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v\n%s", err, out)
	}
	ext, _, _ := strings.Cut(to, ":")
	got, err := os.ReadFile(filepath.Join(dir, "a."+ext))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// TestLibreOffice wants the same content of a report that LibreOffice has made a DOCX of, and the
// same tables of a workbook that went through its own format.
func TestLibreOffice(t *testing.T) {
	docx := mustRead(t, convert(t, []byte(reportHTML), "html", "docx:MS Word 2007 XML"), "a.docx")
	var texts []string
	for _, b := range docx.Blocks {
		if b.Kind == Letterhead || b.Kind == Title || b.Kind == Heading || b.Kind == Item {
			texts = append(texts, fmt.Sprintf("%s %d|%s", b.Kind, b.Level, b.Text))
		}
	}
	want := []string{
		"letterhead 0|UBND TỈNH A SỞ KHOA HỌC VÀ CÔNG NGHỆ Số: 12/BC-SKHCN",
		"letterhead 0|CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc A, ngày 15 tháng 6 năm 2021",
		"title 0|BÁO CÁO Kết quả 6 tháng đầu năm 2021", "heading 1|KẾT QUẢ",
		"item 1|Thanh tra 05 cuộc", "item 2|Đột xuất 01 cuộc", "item 1|Kiểm tra 04 cuộc",
	}
	if g := strings.Join(texts, "\n"); !strings.HasPrefix(g, strings.Join(want, "\n")) {
		t.Errorf("docx:\n%s", g)
	}
	if ts := tablesOf(docx); len(ts) != 1 || ts[0].HeadRows != 2 || !strings.HasPrefix(gridOf(ts[0]), "TT{2x1} | Năm{1x2}\n2020 | 2021\n1 | 1.234 | 5,6\n") {
		t.Errorf("docx tables: %v", ts)
	}
	data := workbookOf(t, func(f *excelize.File) {
		set(t, f, "Sheet1", map[string]any{"A1": "TT", "B1": "Nội dung", "C1": "Số lượng", "A2": 1, "B2": "Cuộc thanh tra", "C2": 5, "A3": 2, "B3": "Cuộc kiểm tra"})
		f.SetCellFormula("Sheet1", "C3", "=C2*3")
	})
	back := mustRead(t, convert(t, convert(t, data, "xlsx", "ods"), "ods", "xlsx:Calc MS Excel 2007 XML"), "a.xlsx")
	if g := gridOf(tablesOf(back)[0]); g != "TT | Nội dung | Số lượng\n1 | Cuộc thanh tra | 5\n2 | Cuộc kiểm tra | 15\n" {
		t.Errorf("through ods:\n%s", g)
	}
}

func FuzzZip(f *testing.F) {
	f.Add(workbookOf(f, func(x *excelize.File) { x.SetCellValue("Sheet1", "A1", "a") }))
	f.Fuzz(func(t *testing.T, data []byte) {
		z, err := openZip(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		for _, part := range z.File {
			if got, err := unzipPart(z, part.Name); err == nil && len(got) > maxUnzipPartBytes {
				t.Fatalf("%s gave %d bytes", part.Name, len(got))
			}
		}
	})
}

func FuzzWorkbook(f *testing.F) {
	f.Add(workbookOf(f, func(x *excelize.File) {
		set(f, x, "Sheet1", map[string]any{"A1": "TT", "B1": "Nội dung", "C1": "Số", "A2": 1, "B2": "việc", "C2": 4})
	}))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := ReadWorkbook(context.Background(), bytes.NewReader(data), int64(len(data)), Options{})
		if err != nil {
			return
		}
		for _, tb := range tablesOf(d) {
			for _, row := range tb.Rows {
				for _, c := range row {
					if c.Row < 0 || c.Col < 0 || c.Rowspan < 1 || c.Colspan < 1 {
						t.Fatalf("cell %+v", c)
					}
				}
			}
		}
	})
}

// FuzzCSV holds the splitting of sheets to keep every value: none lost, none twice.
func FuzzCSV(f *testing.F) {
	f.Add([]byte("TT;Nội dung;Số\n1;việc;4\n\nTT;Nội dung;Số;;Huyện;Số\n1;x;2;;A;3\n2;y;3;;B;4\nGhi chú: z;;\n"))
	f.Add([]byte("a,b\n1,2\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<16 {
			return
		}
		d, err := ReadCSV(context.Background(), bytes.NewReader(data), int64(len(data)), Options{})
		if err != nil || d.Sheets[0].Large {
			return
		}
		seen := map[string]int{}
		for _, tb := range tablesOf(d) {
			for _, row := range tb.Rows {
				for _, c := range row {
					if seen[c.Ref]++; seen[c.Ref] > 1 {
						t.Fatalf("%s twice in %q", c.Ref, data)
					}
				}
			}
		}
	})
}

// TestLockedOffice wants workbooks behind a password refused as such.
func TestLockedOffice(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	set(t, f, "Sheet1", map[string]any{"A1": "Chỉ tiêu", "B1": "Số", "A2": "Đơn", "B2": 4})
	var b bytes.Buffer
	if err := f.Write(&b, excelize.Options{Password: "bí mật"}); err != nil {
		t.Fatal(err)
	}
	if _, err := readBytes(t, b.Bytes(), "a.xlsx"); !errors.Is(err, ErrEncrypted) {
		t.Errorf("%v, want %v", err, ErrEncrypted)
	}
}
