package analytics

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
)

// Scope says how much there is of one indicator from one body, of one kind of figure and period.
type Scope struct {
	Code       string `json:"code"`
	Body       string `json:"body"`
	Kind       string `json:"kind"`        // result or plan
	PeriodKind string `json:"period_kind"` // year, half, quarter, months, month, span
	Periods    uint64 `json:"periods"`     // how many different ones
	First      uint16 `json:"first"`       // years
	Last       uint16 `json:"last"`
}

// Scopes says what there is to choose from for these indicators, by code, body, kind and kind of
// period; comparisons are left out.
func (db *DB) Scopes(ctx context.Context, codes ...string) ([]Scope, error) {
	if len(codes) == 0 {
		return nil, nil
	}
	return cached(ctx, db, strings.Join(codes, " "), func(ctx context.Context) ([]Scope, error) {
		all, err := db.stated(ctx, Filter{Bases: []string{""}}, codes)
		if err != nil {
			return nil, fmt.Errorf("scope: %w", err)
		}
		type key struct{ code, body, kind, periodKind string }
		scopes, seen := map[key]*Scope{}, map[[5]string]bool{}
		for _, x := range all {
			k := key{x.Code, x.Body, x.Kind, x.PeriodKind}
			if scopes[k] == nil {
				scopes[k] = &Scope{Code: x.Code, Body: x.Body, Kind: x.Kind, PeriodKind: x.PeriodKind, First: x.PeriodYear}
			}
			s, period := scopes[k], [5]string{x.Code, x.Body, x.Kind, x.PeriodKind, x.Period}
			s.First, s.Last = min(s.First, x.PeriodYear), max(s.Last, x.PeriodYear)
			if !seen[period] {
				seen[period] = true
				s.Periods++
			}
		}
		list := make([]Scope, 0, len(scopes))
		for _, s := range scopes {
			list = append(list, *s)
		}
		slices.SortFunc(list, func(a, b Scope) int {
			return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.Body, b.Body), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.PeriodKind, b.PeriodKind))
		})
		return list, nil
	})
}
