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
		all, err := db.figures(ctx)
		if err != nil {
			return nil, fmt.Errorf("scope: %w", err)
		}
		// Of each sort the number of its scope, and of its period within that.
		type kind struct{ code, kind, periodKind string }
		type spell struct {
			scope  int
			period string
		}
		scope, spells, at := map[kind]int{}, map[spell]int{}, make([][2]int, len(all.sorts))
		want := func(s *sort) bool { return s.Period != "" && s.Basis == "" && slices.Contains(codes, s.Code) }
		for i, s := range all.sorts {
			if !want(&s) {
				continue
			}
			k := kind{s.Code, s.Kind, s.PeriodKind}
			if _, ok := scope[k]; !ok {
				scope[k] = len(scope)
			}
			x := spell{scope[k], s.Period}
			if _, ok := spells[x]; !ok {
				spells[x] = len(spells)
			}
			at[i] = [2]int{x.scope, spells[x]}
		}
		// Figures come body by body: each looks where the last one's are, and puts its own there.
		var list []Scope
		places, seen := slices.Repeat([]int{-1}, len(scope)), make([]string, len(spells))
		all.each(nil, want, func(x stated) {
			n, period := at[x.figure.sort][0], at[x.figure.sort][1]
			if places[n] < 0 || list[places[n]].Body != x.from.Body {
				places[n] = len(list)
				list = append(list, Scope{Code: x.Code, Body: x.from.Body, Kind: x.Kind, PeriodKind: x.PeriodKind, First: x.PeriodYear})
			}
			s := &list[places[n]]
			s.First, s.Last = min(s.First, x.PeriodYear), max(s.Last, x.PeriodYear)
			if seen[period] != x.from.Body {
				seen[period] = x.from.Body
				s.Periods++
			}
		})
		slices.SortFunc(list, func(a, b Scope) int {
			return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.Body, b.Body), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.PeriodKind, b.PeriodKind))
		})
		return list, nil
	})
}
