package analytics

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"soket/extract"
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
	Body     string `json:"body"`
	Period   string `json:"period"`
	Reports  uint64 `json:"reports"`   // that count
	Waiting  uint64 `json:"waiting"`   // for a person to confirm them
	Approved uint64 `json:"approved"`  // of the reports that count
	Report   string `json:"report_id"` // the first
	Day      string `json:"day"`       // ISO date of the first: signed, or else received
}

// Arrivals tells who reported for the periods of a kind (half, year, quarter, month) in these years;
// with halves come the years too, for a report on the year covers its second half.
func (db *DB) Arrivals(ctx context.Context, kind string, first, last int) ([]Arrival, error) {
	return cached(ctx, db, fmt.Sprint(kind, first, last), func(ctx context.Context) ([]Arrival, error) {
		known, err := db.roster(ctx)
		if err != nil {
			return nil, fmt.Errorf("arrivals: %w", err)
		}
		type key struct{ body, period string }
		found := map[key]*Arrival{}
		for x := range known.all {
			if x.Body == "" || x.PeriodKind != kind && (kind != "half" || x.PeriodKind != "year") || int(x.PeriodYear) < first || int(x.PeriodYear) > last {
				continue
			}
			a := found[key{x.Body, x.Period}]
			if a == nil {
				a = &Arrival{Body: x.Body, Period: x.Period}
				found[key{x.Body, x.Period}] = a
			}
			day := cmp.Or(x.Signed, x.ReceivedAt.UTC().Format(time.DateOnly))
			waits := x.State == string(extract.Waiting)
			// The earliest of those that count before the earliest that waits; rows come with the newest first.
			if a.Report == "" || !waits && day <= a.Day || waits && a.Reports == 0 && day <= a.Day {
				a.Report, a.Day = x.Report, day
			}
			switch {
			case waits:
				a.Waiting++
			case x.approved():
				a.Approved++
				fallthrough
			default:
				a.Reports++
			}
		}
		list := make([]Arrival, 0, len(found))
		for _, a := range found {
			list = append(list, *a)
		}
		slices.SortFunc(list, func(a, b Arrival) int {
			return cmp.Or(strings.Compare(a.Body, b.Body), strings.Compare(a.Period, b.Period))
		})
		return list, nil
	})
}
