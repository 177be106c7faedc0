package web

import (
	"cmp"
	"slices"
	"strings"

	"soket/analytics"
)

// lot is the figures of one kind on one page or sheet that wait for a look: they are looked at together
// and confirmed together.
type lot struct {
	Page        uint32
	Sheet, Kind string
	Facts       []analytics.Fact
}

const (
	lotLeast = 3   // figures below which each is confirmed by itself
	lotMost  = 200 // in one decision; see ingest.maxJudgements
)

func lotsOf(facts []analytics.Fact, waits func(analytics.Fact) bool) []lot {
	var list []lot
	for _, x := range facts {
		if !waits(x) {
			continue
		}
		i := slices.IndexFunc(list, func(l lot) bool {
			return l.Page == x.Page && l.Sheet == x.Sheet && l.Kind == x.Kind && len(l.Facts) < lotMost
		})
		if i < 0 {
			i, list = len(list), append(list, lot{Page: x.Page, Sheet: x.Sheet, Kind: x.Kind})
		}
		list[i].Facts = append(list[i].Facts, x)
	}
	list = slices.DeleteFunc(list, func(l lot) bool { return len(l.Facts) < lotLeast })
	slices.SortStableFunc(list, func(a, b lot) int { return cmp.Or(cmp.Compare(a.Page, b.Page), strings.Compare(a.Sheet, b.Sheet)) })
	return list
}
