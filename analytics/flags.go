package analytics

import (
	"context"
	"fmt"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/uuid"
)

// Flag is a finding that asks for a look, with the figures that do not fit together.
type Flag struct {
	Finding
	Figures []Flagged
}

// Flagged is one of them.
type Flagged struct {
	No                      uint32
	Code, Kind, Basis, Unit string
	Value                   float64
}

// Flags are the findings of one report that ask for a look. They are shared: none may alter them.
type Flags struct {
	Report, Body, Period string
	List                 []Finding
	from                 *rosterRow
}

// Flags lists the reports that count and have findings that ask for a look, the newest first.
func (db *DB) Flags(ctx context.Context) ([]Flags, error) {
	return cached(ctx, db, "", func(ctx context.Context) (list []Flags, err error) {
		known, err := db.roster(ctx)
		if err != nil {
			return nil, fmt.Errorf("flags: %w", err)
		}
		h := &db.held
		h.mu.Lock()
		defer h.mu.Unlock()
		if err := db.look(ctx, known); err != nil {
			return nil, fmt.Errorf("flags: %w", err)
		}
		for i := range known.rows {
			if x := &known.rows[i]; len(x.reading.flags) > 0 {
				list = append(list, Flags{x.Report, x.Body, x.Period, x.reading.flags, x})
			}
		}
		return list, nil
	})
}

// look asks for the findings of readings that were not asked for before: like figures they never change.
func (db *DB) look(ctx context.Context, known *roster) error {
	missing := map[uuid.UUID]*rosterRow{}
	for i := range known.rows {
		if x := &known.rows[i]; x.Findings > 0 && !x.reading.looked {
			missing[x.Attempt] = x
		}
	}
	once := map[string]string{} // what many have in common is kept once
	for step := range steps(missing) {
		var found []struct {
			Attempt uuid.UUID `ch:"attempt"`
			Finding
		}
		if err := db.selectRows(ctx, &found, "flags", "", clickhouse.Named("attempts", step)); err != nil {
			return err
		}
		flags, all := map[uuid.UUID][]Finding{}, map[uuid.UUID]uint32{}
		for _, x := range found {
			r := missing[x.Attempt]
			if r == nil {
				continue
			}
			if all[x.Attempt]++; x.Severity == "note" {
				continue
			}
			for _, s := range []*string{&x.Code, &x.Severity} {
				if _, ok := once[*s]; !ok {
					once[*s] = *s
				}
				*s = once[*s]
			}
			x.Report = r.Report
			flags[x.Attempt] = append(flags[x.Attempt], x.Finding)
		}
		for attempt, n := range all {
			r := missing[attempt]
			r.reading.flags, r.reading.looked = flags[attempt], n >= r.Findings // a replica may not have all of them yet
		}
	}
	return nil
}

// FlagFigures gives the first flags of a report with their figures.
func (db *DB) FlagFigures(ctx context.Context, of Flags, most int) (list []Flag, err error) {
	all, err := db.figures(ctx)
	if err != nil {
		return nil, fmt.Errorf("figures of flags: %w", err)
	}
	at := of.from.at
	known := at < len(all.rows) && all.rows[at].Attempt == of.from.Attempt
	for _, x := range of.List[:min(most, len(of.List))] {
		f := Flag{Finding: x}
		for _, no := range x.Facts {
			if !known {
				break
			}
			for _, y := range all.of[at].list {
				if y.no == no {
					s := all.sorts[y.sort]
					f.Figures = append(f.Figures, Flagged{no, s.Code, s.Kind, s.Basis, s.Unit, y.value})
				}
			}
		}
		list = append(list, f)
	}
	return list, nil
}
