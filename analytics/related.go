package analytics

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// Related is one report beside another.
type Related struct {
	Why    string `json:"why"` // body, period or subject
	Report string `json:"report_id"`
	Title  string `json:"title"`
	Number string `json:"number"`
	Body   string `json:"body"`
	Period string `json:"period"`
	Shared uint32 `json:"shared"` // indicators that both state; of subject only
}

const (
	relatedEach   = 4   // of each kind: beside a report, not instead of it
	relatedShared = 3   // indicators in common below which two reports are about different things
	relatedAmong  = 200 // newest reports of the years around, among which those on the same subject are looked for
)

// Related finds the reports beside one: of the same body, of the same period, on the same subject.
func (db *DB) Related(ctx context.Context, id string) ([]Related, error) {
	known, err := db.roster(ctx)
	if err != nil {
		return nil, fmt.Errorf("related to %s: %w", id, err)
	}
	own, err := db.stands(ctx, id)
	if err != nil || own == nil {
		return nil, err
	}
	year := func(x *rosterRow) int {
		return max(int(x.PeriodYear), int(own.PeriodYear)) - min(int(x.PeriodYear), int(own.PeriodYear))
	}
	part := func(period string) string { return period[min(4, len(period)):] }
	far := func(x *rosterRow) int { // another part of the year is further off than the same
		if part(x.Period) != part(own.Period) {
			return 2*year(x) + 1
		}
		return 2 * year(x)
	}
	near := map[string][]*rosterRow{}
	for i := range known.rows {
		x := &known.rows[i]
		switch {
		case x.Report == own.Report:
		case own.Body != "" && x.Body == own.Body:
			near["body"] = append(near["body"], x)
		case own.Period != "" && x.Period == own.Period:
			near["period"] = append(near["period"], x)
		case year(x) <= 1:
			near["subject"] = append(near["subject"], x)
		}
	}
	// Of the same body the nearest in time; the newest of the others, those of the same year first.
	slices.SortStableFunc(near["body"], func(a, b *rosterRow) int {
		return cmp.Compare(far(a), far(b))
	})
	slices.SortStableFunc(near["subject"], func(a, b *rosterRow) int { return cmp.Compare(year(a), year(b)) })
	of := func(why string, most int) (list []Related) {
		for _, x := range near[why][:min(most, len(near[why]))] {
			list = append(list, Related{Why: why, Report: x.Report, Title: x.Title, Number: x.Number, Body: x.Body, Period: x.Period})
		}
		return list
	}
	list := append(of("body", relatedEach), of("period", relatedEach)...)
	self := known.report(id)
	if self == nil { // what does not count is beside nothing in its subject
		return list, nil
	}
	all, err := db.figures(ctx)
	if err != nil {
		return nil, fmt.Errorf("subjects of %s: %w", id, err)
	}
	mine, theirs := map[string]bool{}, map[string]bool{}
	all.codes(self, mine)
	others := of("subject", relatedAmong)
	for i, x := range near["subject"][:len(others)] {
		clear(theirs)
		all.codes(x, theirs)
		for code := range theirs {
			if mine[code] {
				others[i].Shared++
			}
		}
	}
	others = slices.DeleteFunc(others, func(x Related) bool { return x.Shared < relatedShared })
	slices.SortStableFunc(others, func(a, b Related) int { return cmp.Compare(b.Shared, a.Shared) })
	return append(list, others[:min(relatedEach, len(others))]...), nil
}
