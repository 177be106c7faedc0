package document

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/xuri/excelize/v2"
)

// TestRegister holds that of a long sheet its first and last rows are read as they stand, with strings from
// a long table, and that a short sheet beside it loses nothing.
func TestRegister(t *testing.T) {
	f := excelize.NewFile()
	filler := strings.Repeat("đường số 1 ", 20)
	const rows = 12_000
	for i := 1; i <= rows; i++ {
		if i > 210 && i < rows-40 && i%7 == 0 {
			continue // gaps are kept
		}
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i), &[]any{i, fmt.Sprintf("Cơ sở & kho <%d>", i), filler + fmt.Sprint(i), 1.5}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := f.NewSheet("Tổng hợp"); err != nil {
		t.Fatal(err)
	}
	for i, row := range [][]any{{"Chỉ tiêu", "ĐVT", "Thực hiện 2021"}, {"Số cuộc thanh tra", "cuộc", 12}, {"Số mẫu thử nghiệm", "mẫu", 40}} {
		if err := f.SetSheetRow("Tổng hợp", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	z, err := openZip(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	short, err := slim(context.Background(), z, true)
	if err != nil || short == nil || len(short.data) > 64<<10 {
		t.Fatalf("the register was not taken out: %v", err)
	}
	doc, err := ReadWorkbook(context.Background(), bytes.NewReader(out.Bytes()), int64(out.Len()), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if s := doc.Sheets[0]; s.Rows != rows || s.Cols != 4 || !s.Large || doc.Sheets[1].Large || doc.Sheets[1].Rows != 3 {
		t.Errorf("sheets: %+v", doc.Sheets)
	}
	cells := map[string]string{}
	for _, b := range doc.Blocks {
		if b.Table == nil {
			continue
		}
		for _, row := range b.Table.Rows {
			for _, c := range row {
				cells[b.Table.Sheet+"!"+c.Ref] = c.Text
			}
		}
	}
	for ref, want := range map[string]string{
		"Sheet1!B2": "Cơ sở & kho <2>", "Sheet1!D7": "1,5", "Sheet1!C12000": filler + "12000", "Sheet1!B11971": "Cơ sở & kho <11971>",
		"Tổng hợp!A2": "Số cuộc thanh tra", "Tổng hợp!C3": "40",
	} {
		if cells[ref] != want {
			t.Errorf("%s: %q, want %q", ref, cells[ref], want)
		}
	}
}

// TestEachElement holds that elements are found wherever reads end, and that those of other names are not.
func TestEachElement(t *testing.T) {
	const text = `<a><rowBreaks/><row r="1"><c r="A1"/></row><row/><row r="3" s="2" ></row><rows>x</rows><row><c>9</c></row><row r="7"`
	for _, r := range []io.Reader{strings.NewReader(text), iotest.OneByteReader(strings.NewReader(text)), iotest.HalfReader(strings.NewReader(text))} {
		var got []string
		if err := eachElement(r, "row", func(start, inner []byte) error {
			got = append(got, string(attribute(start, "r"))+":"+string(inner))
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if s := strings.Join(got, "|"); s != `1:<c r="A1"/>|:|3:|:<c>9</c>` {
			t.Error(s)
		}
	}
	long := strings.NewReader("<row>" + strings.Repeat("x", 3*maxRowXML) + "</row>")
	if err := eachElement(long, "row", func(_, _ []byte) error { return nil }); err != errForm {
		t.Errorf("a row without end: %v", err)
	}
}
