package analytics

import (
	"context"
	"fmt"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// SummaryRow is one indicator of one body in one period, beside the same period of last year and
// the plan. A nil figure is one that nobody stated.
type SummaryRow struct {
	Body       string   `ch:"body" json:"body"`
	Code       string   `ch:"code" json:"code"`
	Area       string   `ch:"area" json:"area"`
	Unit       string   `ch:"unit" json:"unit"`
	Value      *float64 `ch:"value" json:"value"`
	Report     string   `ch:"report_id" json:"report_id"` // where Value stands; without it, where the plan stands
	FactNo     uint32   `ch:"fact_no" json:"fact_no"`
	Derived    bool     `ch:"derived" json:"derived"`
	Sources    uint32   `ch:"sources" json:"sources"`
	Differing  bool     `ch:"differing" json:"differing"`
	SamePeriod string   `ch:"same_period" json:"same_period"` // "2019-H1" for "2020-H1"
	LastYear   *float64 `ch:"last_year" json:"last_year"`
	Change     *float64 `ch:"change" json:"change"`               // per cent, computed from the two values
	Stated     *float64 `ch:"stated_change" json:"stated_change"` // per cent, as the report states it
	PlanPeriod string   `ch:"plan_period" json:"plan_period"`     // of the plan: the period's own, or else its year's
	Plan       *float64 `ch:"plan" json:"plan"`
	Share      *float64 `ch:"share" json:"share"`               // of plan in per cent, computed
	StatedPlan *float64 `ch:"stated_share" json:"stated_share"` // of plan in per cent, as the report states it
}

// PeriodSummary gives every indicator that a body reported for a period; all bodies where body is
// empty, each with rows of its own: bodies overlap (a department and its branches), so nothing is
// added up. Rows are in the order of the catalogue, then of the bodies' names.
func (db *DB) PeriodSummary(ctx context.Context, period, body string) ([]SummaryRow, error) {
	var list []SummaryRow
	if err := db.selectRows(ctx, &list, "period_summary", "", clickhouse.Named("period", period), clickhouse.Named("body", body),
		clickhouse.Named("within", needed(period, period[:min(len(period), 4)]))); err != nil {
		return nil, fmt.Errorf("summary of %s: %w", period, err)
	}
	return list, nil
}
