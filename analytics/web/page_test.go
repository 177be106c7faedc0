package web

import (
	"strings"
	"testing"

	"soket/analytics"
	"soket/extract/indicator"
)

// TestSinglePartIsNotAddedUp has a part above its total told as what it is, where there is one part only.
func TestSinglePartIsNotAddedUp(t *testing.T) {
	all, err := loadWords()
	if err != nil {
		t.Fatal(err)
	}
	say := (&server{words: all}).functions("vi")["finding"].(func(analytics.Finding) (string, error))
	for parts, want := range map[int]string{1: "Tổng thể là 58 mà bộ phận là 63", 2: "các phần cộng lại được 63"} {
		got, err := say(analytics.Finding{Code: indicator.PartsAgainstTotal, Facts: make([]uint32, parts+1), Expected: "58", Found: "63"})
		if err != nil || !strings.Contains(got, want) {
			t.Errorf("of %d parts: %q %v", parts, got, err)
		}
	}
}

// TestPlaceOfACell names a cell without its sheet where the sheet has no name, as in a CSV file.
func TestPlaceOfACell(t *testing.T) {
	all, err := loadWords()
	if err != nil {
		t.Fatal(err)
	}
	place := (&server{words: all}).functions("vi")["place"].(func(uint32, string, string) string)
	for want, at := range map[string][2]string{"B2": {"", "B2"}, "Biểu 1!B2": {"Biểu 1", "B2"}, "trang 3": {}} {
		if got := place(3, at[0], at[1]); got != want {
			t.Errorf("%v: %q, want %q", at, got, want)
		}
	}
}
