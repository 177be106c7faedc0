package analytics

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/uuid"
)

// rosterRow is a report that counts.
type rosterRow struct {
	Report     string    `ch:"report_id"`
	Attempt    string    `ch:"attempt"`
	Body       string    `ch:"body"`
	Period     string    `ch:"period"`
	PeriodYear uint16    `ch:"period_year"`
	Approved   bool      `ch:"approved"`
	ReceivedAt time.Time `ch:"received_at"`
	Signed     string    `ch:"signed"` // ISO date, or empty
	Signer     string    `ch:"signer"`
	Title      string    `ch:"title"`
	Number     string    `ch:"number"`
}

// hit is the report as a find.
func (x *rosterRow) hit() Hit {
	return Hit{Report: x.Report, Title: x.Title, Number: x.Number, Body: x.Body, Period: x.Period, Signed: x.Signed}
}

// roster knows the reports that count, the newest first. With it a page's statement reads figures
// alone: joined to the views it is planned for longer than it runs. 20,000 reports take some 6 MB.
type roster struct {
	rows      []rosterRow
	byReport  map[string]*rosterRow
	byAttempt map[string]*rosterRow
	byBody    map[string][]*rosterRow
}

// roster gives the reports that count now.
func (db *DB) roster(ctx context.Context) (*roster, error) {
	list, err := cached(ctx, db, "", func(ctx context.Context) ([]*roster, error) {
		r := &roster{byReport: map[string]*rosterRow{}, byAttempt: map[string]*rosterRow{}, byBody: map[string][]*rosterRow{}}
		if err := db.selectRows(ctx, &r.rows, "roster", ""); err != nil {
			return nil, err
		}
		for i := range r.rows {
			x := &r.rows[i]
			r.byReport[x.Report], r.byAttempt[x.Attempt] = x, x
			r.byBody[x.Body] = append(r.byBody[x.Body], x)
		}
		return []*roster{r}, nil
	})
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

// stands gives what counts of a report, in whatever state it is; nil where nothing of it was committed.
func (db *DB) stands(ctx context.Context, id string) (*rosterRow, error) {
	if _, err := parseIDs(id); err != nil {
		return nil, fmt.Errorf("%w: %q", ErrNotFound, id)
	}
	known, err := db.roster(ctx)
	if err != nil {
		return nil, err
	}
	if x := known.report(id); x != nil {
		return x, nil
	}
	var list []rosterRow
	if err := db.selectRows(ctx, &list, "report_stands", "", clickhouse.Named("id", id)); err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// report gives one of them; nil where it does not count.
func (r *roster) report(id string) *rosterRow { return r.byReport[strings.ToLower(id)] }

// attempts are those of the bodies' reports.
func (r *roster) attempts(bodies []string) []string {
	list := []string{}
	for _, b := range bodies {
		for _, x := range r.byBody[b] {
			list = append(list, x.Attempt)
		}
	}
	return list
}

// among tells whether a list of a filter lets a text through: an empty one lets all.
func among(list []string, s string) bool { return len(list) == 0 || slices.Contains(list, s) }

// compareIDs puts ids in the order in which ClickHouse does: by their second half first.
func compareIDs(a, b string) int {
	x, y := uuid.MustParse(a), uuid.MustParse(b)
	return cmp.Or(bytes.Compare(x[8:], y[8:]), bytes.Compare(x[:8], y[:8]))
}
