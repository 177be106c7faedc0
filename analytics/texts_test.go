package analytics

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// What searches keep of pages stays within its measure, and of readings that count no more nothing does.
func TestPageTexts(t *testing.T) {
	p := &pageTexts{kept: map[pageKey]pageText{}}
	var counts []rosterRow
	for i := range 10 {
		k := pageKey{uuid.New(), uint32(i)}
		t := pageText{strings.Repeat("ă", 10), strings.Repeat("a", 12)}
		p.kept[k], p.size = t, p.size+t.bytes()
		if i%2 == 0 {
			counts = append(counts, rosterRow{Attempt: k.attempt})
		}
	}
	p.keep(counts)
	if len(p.kept) != 5 || p.size != 5*32 {
		t.Errorf("%d texts of %d bytes are kept, not 5 of 160", len(p.kept), p.size)
	}
	for k := range p.kept {
		if !slices.ContainsFunc(counts, func(x rosterRow) bool { return x.Attempt == k.attempt }) {
			t.Errorf("the text of %v is kept", k.attempt)
		}
	}
}
