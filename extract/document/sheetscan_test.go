package document

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// TestScanned holds that real workbooks are scanned, and read as the library alone reads them.
func TestScanned(t *testing.T) {
	files, err := filepath.Glob("../indicator/testdata/*.xlsx")
	if err != nil || len(files) == 0 {
		t.Fatal("no workbooks", err)
	}
	scanned := 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if bothWays(t, file, data) {
			scanned++
		}
	}
	if scanned < len(files)*9/10 {
		t.Errorf("%d of %d workbooks were scanned", scanned, len(files))
	}
}

// bothWays reads a workbook with and without scanning, and tells whether it was scanned.
func bothWays(t *testing.T, name string, data []byte) (scanned bool) {
	t.Helper()
	src, size := bytes.NewReader(data), int64(len(data))
	got, err := readWorkbook(t.Context(), src, size, Options{}, true)
	want, wantErr := readWorkbook(t.Context(), src, size, Options{}, false)
	if (err == nil) != (wantErr == nil) || errors.Is(err, ErrCorrupt) != errors.Is(wantErr, ErrCorrupt) {
		t.Fatalf("%s: %v, without scanning %v", name, err, wantErr)
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%s: scanned\n%s\nnot scanned\n%s", name, shown(got), shown(want))
	}
	if z, err := openZip(src, size); err == nil {
		short, err := slim(t.Context(), z, true)
		scanned = err == nil && short != nil && len(short.scanned) > 0
	}
	return scanned
}

func shown(d *Document) string {
	var b strings.Builder
	for _, block := range d.Blocks {
		b.WriteString(block.Text)
		if block.Table != nil {
			for _, row := range block.Table.Rows {
				for _, c := range row {
					b.WriteString(" " + c.Ref + "=" + c.Text)
				}
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

// sheetXML is a sheet with what the plain form may hold.
const sheetXML = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetFormatPr defaultRowHeight="15"/><cols><col min="2" max="2" width="9" style="1"/><col min="5" max="5" width="9" hidden="1"/></cols><sheetData>
<row r="1"><c r="A1" t="s"><v>0</v></c></row>
<row r="3" spans="1:4" ht="30.5" customHeight="1"><c r="A3" t="s" s="2"><v>1</v></c><c r="B3" t="inlineStr"><is><t>Đơn vị &amp; tính</t></is></c><c r="C3" t="inlineStr"><is><r><t>Thực hiện </t></r><r><t xml:space="preserve"> 2023</t></r></is></c><c r="D3" s="2"/></row>
<row r="4" s="2" customFormat="1"><c r="A4" t="str"><f>"Số " &amp; B4</f><v>Số cuộc</v></c><c r="B4" t="s"><v>2</v></c><c r="C4"><f t="shared" ref="C4:C5" si="0">1+1</f><v>12.5</v></c><c r="D4" s="1"><v>0.25</v></c></row>
<row r="5" hidden="1"><c r="A5" t="s"><v> 1 </v></c><c r="B5" t="s"><v>99</v></c><c r="C5"><v>1E3</v></c><c r="E5" t="b"><v>1</v></c></row>
<row r="6"><c r="A6" t="e"><v>#N/A</v></c><c r="B6" t="d"><v>2023-06-30</v></c><c r="C6"><v> 7 </v></c><c r="D6" t="n"><v>-0.5</v></c><c r="F6"><v></v></c></row>
</sheetData><mergeCells count="1"><mergeCell ref="A1:D1"/></mergeCells></worksheet>`

// manyAttributes of one tag would take many seconds if each were compared with all.
var manyAttributes = func() string {
	var b strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&b, ` a%d=""`, i)
	}
	return b.String()
}()

// sheetEdits are other forms of it; true where it is to be scanned still.
var sheetEdits = []struct {
	old, new string
	scanned  bool
}{
	{"", "", true},
	{`encoding="UTF-8"`, `encoding="utf-8"`, true},
	{`encoding="UTF-8"`, `encoding="windows-1258"`, false},
	{"<v>12.5</v>", "", false},                    // a formula without a value
	{"<v>12.5</v>", "<v></v>", false},             // the same
	{"<v>12.5</v>", "<v>12,5</v>", true},          // no number
	{"<v>1E3</v>", "<!-- 1 --><v>1E3</v>", false}, // more than elements
	{"<v>1E3</v>", "<v><![CDATA[1]]></v>", false}, //
	{"<v>1E3</v>", "<v>1</v><v>2</v>", false},     // twice
	{"<v>1E3</v>", "<v>1&#48;</v>", true},         // decoded by the library
	{"<v>1E3</v>", "<v>1&x;</v>", true},           // which then breaks off
	{"<v>1E3</v>", "<v>1E3</v><extLst/>", false},  // an element that is not known
	{"&amp; B4", "&x; B4", false},                 //
	{`r="C5"`, `r="c5"`, false},                   // places that are not plain
	{`r="C5"`, `r="C6"`, false},                   //
	{`r="C5"`, `r="A5"`, false},                   //
	{`r="C5"`, `r="5"`, false},                    //
	{` r="C5"`, ``, false},                        //
	{`<row r="5"`, `<row`, false},                 //
	{`<row r="5"`, `<row r="4"`, false},           //
	{`<row r="5"`, `<row` + manyAttributes + ` r="5"`, false},
	{`<row r="5"`, `<row r="5" r="9"`, false}, //
	{`hidden="1">`, `hidden='1'>`, false},     //
	{`hidden="1">`, `hidden="yes">`, false},   //
	{`<mergeCell ref="A1:D1"/>`, `<mergeCell ref="A3"/><mergeCell ref="C4:B3"/>`, true},
	{`<mergeCell ref="A1:D1"/>`, `<mergeCell ref="A0"/>`, true}, // refused both ways
	{`</worksheet>`, `</worksheet`, true},                       // the same
	{`worksheet `, `x:worksheet `, true},                        // the same
	{`<sheetData>`, `<row r="1"/><sheetData>`, false},
	{`</worksheet>`, `<row r="9"><c r="A9"><v>1</v></c></row></worksheet>`, false}, // the library reads it
	{`</worksheet>`, `<rowBreaks count="1"><brk id="3"/></rowBreaks></worksheet>`, true},
	{`<sheetData>`, `<sheetData><row r="1"><c r="A1"><v>5</v></c></row></sheetData><sheetData>`, false},
	{"Đơn", "\x01", false},
	{"Đơn", "\xff", false},
	{"<c r=\"D3\" s=\"2\"/>", `<c r="D3" s="2" vm="1"><v/></c>`, true},
	{`s="2" customFormat="1"`, `s="1" x14ac:dyDescent="0.25"`, true},
	{`s="2" customFormat="1"`, `s="-1"`, false},
	{`t="shared" ref="C4:C5" si="0"`, `t="array" ref="C4" aca="false"`, true},
	{`t="shared" ref="C4:C5" si="0"`, `si="x"`, false},
}

// TestScanSheet holds what is scanned, what is left to the library, and that both read the same.
func TestScanSheet(t *testing.T) {
	for _, edit := range sheetEdits {
		if !strings.Contains(sheetXML, edit.old) {
			t.Fatalf("%q is not there", edit.old)
		}
		name := edit.old + " → " + edit.new
		if scanned := bothWays(t, name, bookOfXML(t, strings.Replace(sheetXML, edit.old, edit.new, 1))); scanned != edit.scanned {
			t.Errorf("%s: scanned %v", name, scanned)
		}
	}
}

func FuzzScanSheet(f *testing.F) {
	for _, edit := range sheetEdits {
		f.Add(strings.Replace(sheetXML, edit.old, edit.new, 1))
	}
	f.Fuzz(func(t *testing.T, xml string) { bothWays(t, "sheet", bookOfXML(t, xml)) })
}

// bookOfXML makes a workbook of two styles and three strings with this XML as its sheet.
func bookOfXML(t *testing.T, xml string) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, style := range []*excelize.Style{{NumFmt: 10}, {Font: &excelize.Font{Bold: true, Family: ".VnTime"}, Alignment: &excelize.Alignment{Horizontal: "center"}}} {
		if id, err := f.NewStyle(style); err != nil || id != i+1 {
			t.Fatal(id, err)
		}
	}
	var made, out bytes.Buffer
	if err := f.Write(&made); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(made.Bytes()), int64(made.Len()))
	if err != nil {
		t.Fatal(err)
	}
	w := zip.NewWriter(&out)
	for name, text := range map[string]string{
		"xl/worksheets/sheet1.xml": xml,
		"xl/sharedStrings.xml":     `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>BÁO CÁO_x000D_ năm 2023</t></si><si><r><t>Chỉ </t></r><r><t>tiêu</t></r></si><si><t xml:space="preserve"> cuộc&#10;hai </t></si></sst>`,
	} {
		part, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(part, text); err != nil {
			t.Fatal(err)
		}
	}
	for _, part := range z.File {
		if part.Name != "xl/worksheets/sheet1.xml" && part.Name != "xl/sharedStrings.xml" {
			if err := w.Copy(part); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
