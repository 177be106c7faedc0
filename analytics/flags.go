package analytics

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
)

// Flag is a finding that asks for a look, with the report in which it was noticed.
type Flag struct {
	Finding
	Body, Period string // of the report
	Figures      []Flagged
}

// Flagged is one of the figures that do not fit together.
type Flagged struct {
	No                      uint32
	Code, Kind, Basis, Unit string
	Value                   float64
}

// Flags lists the findings that ask for a look in the reports that count, those of the newest report first.
func (db *DB) Flags(ctx context.Context) ([]Flag, error) {
	return cached(ctx, db, "", func(ctx context.Context) (list []Flag, err error) {
		all, err := db.figures(ctx)
		if err != nil {
			return nil, fmt.Errorf("flags: %w", err)
		}
		var found []struct {
			Attempt uuid.UUID `ch:"attempt"`
			Finding
		}
		if err := db.selectRows(ctx, &found, "flags", ""); err != nil {
			return nil, fmt.Errorf("flags: %w", err)
		}
		for _, x := range found {
			r := all.byAttempt()[x.Attempt]
			if r == nil {
				continue
			}
			f := Flag{Finding: x.Finding, Body: r.Body, Period: r.Period}
			for _, no := range x.Facts {
				for _, y := range all.of[r.at].list {
					if y.no == no {
						s := all.sorts[y.sort]
						f.Figures = append(f.Figures, Flagged{no, s.Code, s.Kind, s.Basis, s.Unit, y.value})
					}
				}
			}
			list = append(list, f)
		}
		slices.SortStableFunc(list, func(a, b Flag) int {
			return cmp.Compare(all.byReport()[a.Report].at, all.byReport()[b.Report].at)
		})
		return list, nil
	})
}
