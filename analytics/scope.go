package analytics

import (
	"context"
	"fmt"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// Scope says how much there is of one indicator from one body, of one kind of figure and period.
type Scope struct {
	Code       string `ch:"code" json:"code"`
	Body       string `ch:"body" json:"body"`
	Kind       string `ch:"kind" json:"kind"`               // result or plan
	PeriodKind string `ch:"period_kind" json:"period_kind"` // year, half, quarter, months, month, span
	Periods    uint64 `ch:"periods" json:"periods"`         // how many different ones
	First      uint16 `ch:"first" json:"first"`             // years
	Last       uint16 `ch:"last" json:"last"`
}

// Scopes says what there is to choose from for these indicators; comparisons are left out.
func (db *DB) Scopes(ctx context.Context, codes ...string) ([]Scope, error) {
	return cached(ctx, db, strings.Join(codes, " "), func(ctx context.Context) (list []Scope, err error) {
		if err := db.selectRows(ctx, &list, "scope", "", clickhouse.Named("codes", some(codes))); err != nil {
			return nil, fmt.Errorf("scope: %w", err)
		}
		return list, nil
	})
}
