package document

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// wordFile makes a .docx of its parts, which are written without namespaces' declarations.
func wordFile(t *testing.T, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, body := range parts {
		f, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(f, `<?xml version="1.0"?><w:%s xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">%s</w:%[1]s>`,
			map[string]string{"word/document.xml": "document", "word/numbering.xml": "numbering", "word/footnotes.xml": "footnotes"}[name], body)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestWordFile holds what Word shows and its text alone does not say: numbers of lists, what
// tracking deleted, footnotes, text boxes.
func TestWordFile(t *testing.T) {
	item := func(num, level int, text string) string {
		return fmt.Sprintf(`<w:p><w:pPr><w:numPr><w:ilvl w:val="%d"/><w:numId w:val="%d"/></w:numPr></w:pPr><w:r><w:t>%s</w:t></w:r></w:p>`, level, num, text)
	}
	body := item(1, 0, "Quản lý nhiệm vụ") + item(1, 1, "Cấp tỉnh đã nghiệm thu") +
		item(2, 0, "Sở hữu trí tuệ") + // another list of the same definition counts on
		item(2, 1, "Đơn đã nộp") +
		item(3, 0, "Bắt đầu lại") + // this one starts anew
		`<w:p><w:r><w:t xml:space="preserve">Sở đã cấp </w:t></w:r><w:del><w:r><w:delText>11</w:delText></w:r></w:del><w:ins><w:r><w:t>12</w:t></w:r></w:ins><w:r><w:t xml:space="preserve"> giấy phép</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:t>.</w:t></w:r></w:p>` +
		`<w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>Trong khung chữ</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>` +
		`<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Chỉ tiêu</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Số</w:t></w:r></w:p></w:tc></w:tr>` +
		`<w:tr><w:trPr><w:del w:id="1"/></w:trPr><w:tc><w:p><w:r><w:t>Hàng đã xoá</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>9</w:t></w:r></w:p></w:tc></w:tr>` +
		`<w:tr><w:tc><w:p><w:r><w:t>Đơn</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>7</w:t></w:r></w:p></w:tc></w:tr></w:tbl>`
	numbering := `<w:abstractNum w:abstractNumId="5"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl>` +
		`<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%2."/></w:lvl></w:abstractNum>` +
		`<w:num w:numId="1"><w:abstractNumId w:val="5"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="5"/></w:num>` +
		`<w:num w:numId="3"><w:abstractNumId w:val="5"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>`
	notes := `<w:footnote w:type="separator" w:id="0"><w:p/></w:footnote><w:footnote w:id="2"><w:p><w:r><w:t>Kể cả gia hạn.</w:t></w:r></w:p></w:footnote>`
	d := mustRead(t, wordFile(t, map[string]string{"word/document.xml": "<w:body>" + body + "</w:body>", "word/numbering.xml": numbering, "word/footnotes.xml": notes}), "a.docx")
	var got []string
	for _, b := range d.Blocks {
		if b.Table != nil {
			got = append(got, "table "+strings.ReplaceAll(gridOf(b.Table), "\n", " / "))
			continue
		}
		line := strings.TrimSpace(b.Marker + " " + b.Text)
		if b.Kind == Footnote {
			line = "note " + line
		}
		got = append(got, line)
	}
	want := []string{
		"I. Quản lý nhiệm vụ", "1.1. Cấp tỉnh đã nghiệm thu", "II. Sở hữu trí tuệ", "2.1. Đơn đã nộp", "I. Bắt đầu lại",
		"Sở đã cấp 12 giấy phép¹.", "note ¹ Kể cả gia hạn.", "Trong khung chữ", "table Chỉ tiêu | Số / Đơn | 7 / ",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestWordTitle parts the title from headings that Word numbers by itself, and reads tables with cells
// merged both ways, a table in a cell, and text that Word hides.
func TestWordTitle(t *testing.T) {
	p := func(props, look, text string) string {
		return fmt.Sprintf(`<w:p><w:pPr>%s</w:pPr><w:r><w:rPr>%s</w:rPr><w:t xml:space="preserve">%s</w:t></w:r></w:p>`, props, look, text)
	}
	const centre, bold = `<w:jc w:val="center"/>`, `<w:b/>`
	number := func(level int) string {
		return fmt.Sprintf(`<w:numPr><w:ilvl w:val="%d"/><w:numId w:val="1"/></w:numPr>`, level)
	}
	cell := func(props, text string) string {
		return `<w:tc><w:tcPr>` + props + `</w:tcPr>` + p("", "", text) + `</w:tc>`
	}
	body := p(centre, bold, "BÁO CÁO") + p(centre, bold, "Kết quả hoạt động quý III năm 2024") +
		p(number(0), bold, "Công tác quản lý") + p(number(1), bold, "Nhiệm vụ cấp tỉnh") +
		p("", "", "Đã nghiệm thu 06 nhiệm vụ, trong đó có 02 nhiệm vụ xếp loại xuất sắc và 04 nhiệm vụ đạt.") +
		p(number(1), bold, "Đo lường") + p("", `<w:vanish/>`, "ẩn") + p("", "", "Bảng 1. Kết quả đo lường") + p("", "", "ĐVT: phương tiện") +
		`<w:tbl><w:tr>` + cell(`<w:vMerge w:val="restart"/>`, "TT") + cell(`<w:vMerge w:val="restart"/>`, "Loại") + cell(`<w:gridSpan w:val="2"/>`, "Quý III") + `</w:tr>` +
		`<w:tr>` + cell(`<w:vMerge/>`, "") + cell(`<w:vMerge/>`, "") + cell("", "2023") + cell("", "2024") + `</w:tr>` +
		`<w:tr>` + cell("", "1") + cell("", "Cân") + cell("", "1.200") + `<w:tc><w:tbl><w:tr>` + cell("", "1.310") + `</w:tr></w:tbl><w:p/></w:tc></w:tr></w:tbl>` + p("", "", "Nguồn: Chi cục TĐC")
	numbering := `<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl>` +
		`<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>`
	d := mustRead(t, wordFile(t, map[string]string{"word/document.xml": "<w:body>" + body + "</w:body>", "word/numbering.xml": numbering}), "a.docx")
	same(t, "blocks", brief(d.Blocks), `title 0 |BÁO CÁO Kết quả hoạt động quý III năm 2024
heading 1 I.|Công tác quản lý
heading 2 1.|Nhiệm vụ cấp tỉnh
paragraph 0 |Đã nghiệm thu 06 nhiệm vụ, tr…4 nhiệm vụ đạt.
heading 2 2.|Đo lường
table 2 of 3`)
	tb := tablesOf(d)[0]
	same(t, "table", gridOf(tb), "TT{2x1} | Loại{2x1} | Quý III{1x2}\n2023 | 2024\n1 | Cân | 1.200 | 1.310")
	if tb.Title != "Bảng 1. Kết quả đo lường" || tb.Unit != "phương tiện" || len(tb.Notes) != 1 {
		t.Errorf("title %q, unit %q, notes %q", tb.Title, tb.Unit, tb.Notes)
	}
}
