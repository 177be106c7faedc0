package analytics

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// Indicator is one entry of the catalogue, in the words of people.
type Indicator struct {
	Code       string `ch:"code" json:"code"`
	Area       string `ch:"area" json:"area"`
	Vi         string `ch:"vi" json:"vi"`
	En         string `ch:"en" json:"en"`
	Unit       string `ch:"unit" json:"unit"`
	Measure    string `ch:"measure" json:"measure"` // flow or stock
	Definition string `ch:"definition" json:"definition"`
	Place      uint32 `ch:"place" json:"-"` // its place in the catalogue
}

// SetIndicators makes the catalogue the dimension `indicators`. It may be called at every start:
// entries that are there already are written over, ones that went stay, for facts may name them.
func (db *DB) SetIndicators(ctx context.Context, list []Indicator) error {
	batch, err := db.conn.PrepareBatch(ctx, "INSERT INTO indicator_entries (code, area, vi, en, unit, measure, definition, place, written)")
	if err != nil {
		return fmt.Errorf("catalogue: %w", err)
	}
	now := uint64(time.Now().UnixMicro())
	for i, x := range list {
		area := x.Area
		if area == "" {
			area, _, _ = strings.Cut(x.Code, ".")
		}
		if err := batch.Append(x.Code, area, x.Vi, x.En, x.Unit, x.Measure, x.Definition, uint32(i), now); err != nil {
			batch.Abort()
			return fmt.Errorf("catalogue: %s: %w", x.Code, err)
		}
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("catalogue: %w", err)
	}
	return nil
}
