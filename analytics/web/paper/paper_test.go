package paper_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"soket/analytics/web/paper"
)

const hostile = "=HYPERLINK(\"http://x\")<w:t>&\x01"

// sample is a report with a bit of everything, and hostile texts wherever a stranger's text may stand.
func sample() *paper.Report {
	v, w := 12.5, 0.0
	table := paper.Table{Title: "Kết quả", Columns: []paper.Column{{Title: "Chỉ tiêu", Width: 40}, {Title: "Đơn vị tính", Width: 15}, {Title: "Kỳ này", Width: 15, Right: true}},
		Rows: []paper.Row{{Heading: "Nhiệm vụ"}, {Cells: []paper.Cell{{Text: "Nghiệm thu"}, {Text: "nhiệm vụ"}, {Text: "12,5", Number: &v, Format: "#,##0.##", Href: "/bao-cao/a#so-1", Note: 1, Remark: "ghi khác nhau: 12,5 và 13", Plain: true}}},
			{Cells: []paper.Cell{{Text: hostile}, {Text: "@SUM(A1)"}, {Text: "…"}}}, {Cells: []paper.Cell{{Text: "Không phát sinh"}, {Text: "vụ"}, {Text: "0", Number: &w, Format: "#,##0.##"}}}}}
	return &paper.Report{Superior: "Ủy ban nhân dân\ntỉnh Mẫu", Issuer: "Sở Khoa học và Công nghệ", Place: "Mẫu", Date: time.Date(2026, 7, 15, 9, 0, 0, 0, time.UTC), Symbol: "BC-SKHCN",
		Title: "Kết quả 6 tháng đầu năm", Scope: []string{"Phạm vi: " + hostile}, Base: "https://soket.example",
		Words: paper.Words{State: "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Motto: "Độc lập - Tự do - Hạnh phúc", Number: "Số:", Kind: "BÁO CÁO", Recipients: "Nơi nhận:", Signer: "GIÁM ĐỐC", Appendix: "PHỤ LỤC", Sources: "Nguồn số liệu", Sheet: "Tóm tắt", Trend: "Các năm", Note: "Xem nguồn"},
		Sections: []paper.Section{{Title: "Điểm nổi bật", List: [][]paper.Run{{{Text: "Nghiệm thu "}, {Text: "12,5", Href: "/bao-cao/a#so-1", Note: 1}, {Text: hostile}}},
			Charts: []paper.Chart{{Title: hostile, Unit: "nhiệm vụ", Labels: []string{"2024", "2025", "2026"}, Values: []*float64{&v, nil, &w}, Said: []string{"12,5", "", "3"}}}},
			{Title: "Kế hoạch: [a/b]*? rất dài để quá ba mươi mốt ký tự", Table: &table}},
		Appendix: table, Signs: "0: không phát sinh", Sources: []paper.Source{{Text: hostile, Href: "/bao-cao/a"}}}
}

// TestDOCX holds that every part is XML, that what the document refers to is there, and that LibreOffice
// reads it as the form wants it.
func TestDOCX(t *testing.T) {
	var out bytes.Buffer
	if err := paper.DOCX(&out, sample()); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = string(raw)
		for d := xml.NewDecoder(bytes.NewReader(raw)); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s is no XML: %v", f.Name, err)
			}
		}
	}
	for name, want := range map[string][]string{
		"word/document.xml":            {`w:anchor="nguon1"`, `w:name="nguon1"`, `r:id="rChart1"`, "ỦY BAN NHÂN DÂN</w:t><w:br/><w:t>TỈNH MẪU", "Mẫu, ngày      tháng 7 năm 2026", "I. ĐIỂM NỔI BẬT", "=HYPERLINK(&#34;http://x&#34;)&lt;w:t&gt;&amp;\uFFFD", `<w:tblHeader/>`},
		"word/_rels/document.xml.rels": {`Id="rLink0"`, `Target="https://soket.example/bao-cao/a#so-1"`, `Target="charts/chart1.xml"`},
		"word/charts/chart1.xml":       {`<c:pt idx="0"><c:v>12.5</c:v></c:pt><c:pt idx="2"><c:v>0</c:v></c:pt>`, `<a:t>12,5</a:t>`},
		"[Content_Types].xml":          {"/word/charts/chart1.xml"},
	} {
		for _, w := range want {
			if !strings.Contains(parts[name], w) {
				t.Errorf("%s lacks %q", name, w)
			}
		}
	}
	if !strings.Contains(parts["word/document.xml"], "* ghi khác nhau.<") {
		t.Error("what a row shows itself is written out below it")
	}
	text := office(t, out.Bytes(), "bao-cao.docx")
	for _, want := range []string{"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "BÁO CÁO", "PHỤ LỤC", "Không phát sinh", "NGUỒN SỐ LIỆU"} {
		if !strings.Contains(text, want) {
			t.Errorf("LibreOffice does not show %q:\n%s", want, text)
		}
	}
}

// office converts a paper with LibreOffice and gives its text; the PDF is kept among the artefacts.
func office(t *testing.T, content []byte, name string) string {
	t.Helper()
	dir := t.ArtifactDir()
	file := filepath.Join(dir, name)
	if err := os.WriteFile(file, content, 0o644); err != nil {
		t.Fatal(err)
	}
	if said, err := exec.CommandContext(t.Context(), "soffice", "-env:UserInstallation=file://"+t.TempDir(), "--headless", "--convert-to", "pdf", "--outdir", dir, file).CombinedOutput(); err != nil {
		t.Fatalf("LibreOffice (is it installed?): %v %s", err, said)
	}
	text, err := exec.CommandContext(t.Context(), "pdftotext", "-layout", strings.TrimSuffix(file, filepath.Ext(file))+".pdf", "-").Output()
	if err != nil {
		t.Fatalf("LibreOffice made no PDF of %s: %v", name, err)
	}
	return string(text)
}

func TestXLSX(t *testing.T) {
	var out bytes.Buffer
	if err := paper.XLSX(&out, sample()); err != nil {
		t.Fatal(err)
	}
	content := bytes.Clone(out.Bytes())
	f, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sheet := "PHỤ LỤC"
	for cell, want := range map[string]struct {
		kind  excelize.CellType
		value string
	}{"C6": {excelize.CellTypeUnset, "12.5"}, "C8": {excelize.CellTypeUnset, "0"}, "C7": {excelize.CellTypeSharedString, "…"}, "B7": {excelize.CellTypeSharedString, "'@SUM(A1)"}} {
		kind, err := f.GetCellType(sheet, cell)
		value, err2 := f.GetCellValue(sheet, cell, excelize.Options{RawCellValue: true})
		if errors.Join(err, err2) != nil || kind != want.kind || value != want.value {
			t.Errorf("%s is %v %q, want %v %q (%v %v)", cell, kind, value, want.kind, want.value, err, err2)
		}
	}
	if ok, to, err := f.GetCellHyperLink(sheet, "C6"); err != nil || !ok || to != "https://soket.example/bao-cao/a#so-1" {
		t.Errorf("the figure leads to %q, %v", to, err)
	}
	comments, err := f.GetComments(sheet)
	if err != nil || len(comments) != 1 || comments[0].Cell != "C6" || !strings.Contains(comments[0].Text, "ghi khác nhau") {
		t.Errorf("remarks: %+v %v", comments, err)
	}
	for _, name := range f.GetSheetList() {
		rows, err := f.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		for r, row := range rows {
			for c := range row {
				at, _ := excelize.CoordinatesToCellName(c+1, r+1)
				if formula, err := f.GetCellFormula(name, at); err != nil || formula != "" {
					t.Errorf("%s!%s is a formula: %s %v", name, at, formula, err)
				}
				if v, _ := f.GetCellValue(name, at); strings.HasPrefix(v, "=") || strings.HasPrefix(v, "@") {
					t.Errorf("%s!%s would be one when typed again: %q", name, at, v)
				}
			}
		}
	}
	if text := office(t, content, "so-lieu.xlsx"); !strings.Contains(text, "Không phát sinh") {
		t.Errorf("LibreOffice does not show the figures:\n%s", text)
	}
}
