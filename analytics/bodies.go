package analytics

import (
	"context"
	"fmt"
	"maps"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// SetBodyNames says which body each key of a name stands for; views show reports under the body's
// name from then on, and under the name in the report where no key fits. The set as a whole takes the
// place of the one before. It may be called again with the same set.
func (db *DB) SetBodyNames(ctx context.Context, names map[string]string) error {
	rows := maps.Clone(names)
	if rows == nil {
		rows = map[string]string{}
	}
	var known []struct {
		Key string `ch:"key"`
	}
	if err := db.conn.Select(ctx, &known, "SELECT key FROM body_keys FINAL WHERE body != ''"); err != nil {
		return fmt.Errorf("names of bodies: %w", err)
	}
	for _, k := range known {
		if _, ok := rows[k.Key]; !ok {
			rows[k.Key] = "" // takes the name away
		}
	}
	rows[""] = "" // an empty set is a change too (version.sql)
	batch, err := db.conn.PrepareBatch(ctx, "INSERT INTO body_keys (key, body, written)")
	if err != nil {
		return fmt.Errorf("names of bodies: %w", err)
	}
	now := uint64(time.Now().UnixMicro())
	for key, body := range rows {
		if err := batch.Append(key, body, now); err != nil {
			batch.Abort()
			return fmt.Errorf("names of bodies: %w", err)
		}
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("names of bodies: %w", err)
	}
	return nil
}

// Arrival says what came from one body for one period.
type Arrival struct {
	Body     string `ch:"body" json:"body"`
	Period   string `ch:"period" json:"period"`
	Reports  uint64 `ch:"reports" json:"reports"`     // that count
	Waiting  uint64 `ch:"waiting" json:"waiting"`     // for a person to confirm them
	Approved uint64 `ch:"approved" json:"approved"`   // of the reports that count
	Report   string `ch:"report_id" json:"report_id"` // the first
	Day      string `ch:"day" json:"day"`             // ISO date of the first: signed, or else received
}

// Arrivals tells who reported for the periods of a kind (half, year, quarter, month) in these years;
// with halves come the years too, for a report on the year covers its second half.
func (db *DB) Arrivals(ctx context.Context, kind string, first, last int) ([]Arrival, error) {
	kinds := []string{kind}
	if kind == "half" {
		kinds = append(kinds, "year")
	}
	return cached(ctx, db, fmt.Sprint(kind, first, last), func(ctx context.Context) (list []Arrival, err error) {
		if err := db.selectRows(ctx, &list, "board", "", clickhouse.Named("kinds", kinds), clickhouse.Named("first", first), clickhouse.Named("last", last)); err != nil {
			return nil, fmt.Errorf("arrivals: %w", err)
		}
		return list, nil
	})
}
