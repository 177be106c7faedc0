package web

import (
	"testing"

	"soket/analytics"
)

// TestLots puts together what is on one page and of one kind, pages in order, and leaves few alone.
func TestLots(t *testing.T) {
	var facts []analytics.Fact
	for i, x := range []struct {
		page uint32
		kind string
	}{{2, "result"}, {1, "plan"}, {2, "result"}, {1, "result"}, {2, "result"}, {1, "result"}, {1, "result"}, {1, "plan"}, {1, "result"}} {
		facts = append(facts, analytics.Fact{No: uint32(i), Page: x.page, Kind: x.kind})
	}
	list := lotsOf(facts, func(x analytics.Fact) bool { return x.No != 8 })
	if len(list) != 2 || list[0].Page != 1 || list[0].Kind != "result" || len(list[0].Facts) != 3 || list[1].Page != 2 || len(list[1].Facts) != 3 {
		t.Errorf("%+v", list)
	}
}
