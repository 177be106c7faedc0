package sandbox

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/xuri/excelize/v2"

	"soket/extract"
	"soket/extract/document"
)

// TestAnnotate gives a workbook its notes in a child with every layer that holds here, and tells what
// is wrong with one that cannot be opened.
func TestAnnotate(t *testing.T) {
	r := reader(t)
	layers, err := r.Layers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r.Require = layers
	notes := []document.Note{{Sheet: "Sheet1", Cell: "E9", Text: "xem lại", Tone: document.ToneDoubt}}
	raw, err := r.Annotate(t.Context(), "../../samples/Mẫu-Hải-Vân-2022-6-tháng.xlsx", notes)
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if c, err := f.GetComments("Sheet1"); err != nil || len(c) != 1 || c[0].Cell != "E9" {
		t.Errorf("comments: %+v %v", c, err)
	}
	bad := filepath.Join(t.TempDir(), "hong.xlsx")
	if err := os.WriteFile(bad, []byte("PK\x03\x04 cut short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Annotate(t.Context(), bad, notes); extract.CodeOf(err) != "corrupt" {
		t.Errorf("a damaged workbook: %v", err)
	}
}
