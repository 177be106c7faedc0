package web

import (
	"slices"
	"testing"
)

// No digit is added to a figure: what it lacks stands apart from it.
func TestColumnsStandAtTheDecimalMark(t *testing.T) {
	got := pads(",", []string{"184,95", "160,8", "1.279", "", "−0,5"})
	if want := []string{"", "0", ",00", ",00", "0"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got := pads(".", []string{"1,279", "12"}); !slices.Equal(got, []string{"", ""}) {
		t.Errorf("a column without decimals: %q", got)
	}
	s, err := loadWords()
	if err != nil {
		t.Fatal(err)
	}
	for lang, mark := range map[string]string{"vi": ",", "en": "."} {
		p := (&server{words: s}).speech(lang)
		one, shares := &cell{Kind: stated, Text: "1"}, &cell{Kind: senseless, Text: "5" + mark + "25–7"}
		p.align(one, shares, &cell{Kind: stated, Text: "2" + mark + "5"})
		if one.Pad != mark+"0" || shares.Pad != "" {
			t.Errorf("%s: %q %q", lang, one.Pad, shares.Pad)
		}
	}
}
