package document

import (
	"testing"

	"github.com/ledongthuc/pdf"
)

// TestValueLayout holds what objectID and streamOffset read by reflection.
func TestValueLayout(t *testing.T) {
	data, err := rewritePDF([]byte("1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj 2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj " +
		"3 0 obj <</Type/Page/Contents 7 0 R/Direct<</A 1>>>> endobj 7 0 obj <</Length 5>> stream\nhello\nendstream endobj"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := openPDF(data)
	if err != nil {
		t.Fatal(err)
	}
	pages := f.pageTree()
	if len(pages) != 1 {
		t.Fatalf("%d pages, want 1", len(pages))
	}
	page := pages[0].dict
	if got := objectID(page); got != 3 {
		t.Errorf("object of the page: %d, want 3", got)
	}
	if got := objectID(page.Key("Direct")); got != 3 {
		t.Errorf("object of a dictionary in the page: %d, want 3", got)
	}
	if got := objectID(pdf.Value{}); got != 0 {
		t.Errorf("object of null: %d, want 0", got)
	}
	stream := page.Key("Contents")
	at := streamOffset(stream)
	if got := string(data[at : at+5]); objectID(stream) != 7 || got != "hello" {
		t.Errorf("stream of object %d holds %q, want 7 and %q", objectID(stream), got, "hello")
	}
}
