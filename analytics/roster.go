package analytics

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/uuid"

	"soket/extract"
)

// rosterRow is the winning commit of a report.
type rosterRow struct {
	Report      string    `ch:"report_id"`
	Attempt     uuid.UUID `ch:"attempt"`
	State       string    `ch:"state"`
	File        string    `ch:"file_name"`
	Body        string    `ch:"body"`
	Period      string    `ch:"period"`
	PeriodYear  uint16    `ch:"period_year"`
	PeriodKind  string    `ch:"period_kind"`
	Facts       uint32    `ch:"facts"`
	Findings    uint32    `ch:"findings"` // 0 in what stood at a moment
	ReceivedAt  time.Time `ch:"received_at"`
	CommittedAt time.Time `ch:"committed_at"`
	Signed      string    `ch:"signed"` // ISO date, or empty
	Signer      string    `ch:"signer"` // empty in what stood at a moment
	Title       string    `ch:"title"`
	Number      string    `ch:"number"`
	Rev         uint64    `ch:"rev"` // 0 in what stood at a moment
	at          int       // its place among the rows
	reading     *reading  // its figures and findings, once they were asked for; goes with it from one roster to the next
}

// hit is the report as a find.
func (x *rosterRow) hit() Hit {
	return Hit{Report: x.Report, Title: x.Title, Number: x.Number, Body: x.Body, Period: x.Period, Signed: x.Signed}
}

func (x *rosterRow) approved() bool { return x.State == "approved" || x.State == "published" }

// roster knows the reports that count and those that wait for a person, the newest first. With it a
// page's statement reads figures alone: joined to the views it is planned for longer than it runs.
// 20,000 reports take some 8 MB.
type roster struct {
	rows      []rosterRow // that count
	waiting   []rosterRow
	byReport  func() map[string]*rosterRow // of those that count; made when it is first asked for
	byAttempt func() map[uuid.UUID]*rosterRow
	byBody    map[string][]*rosterRow
	bodies    []string  // those with reports that count, by name
	last      time.Time // the newest commit, of whatever state
}

// roster gives the reports that count now.
func (db *DB) roster(ctx context.Context) (*roster, error) {
	list, err := cached(ctx, db, "roster", func(ctx context.Context) ([]*roster, error) {
		all, err := db.winningRows(ctx)
		if err != nil {
			return nil, err
		}
		r := rosterOf(all)
		db.texts.keep(r.rows)
		return []*roster{r}, nil
	})
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

// rosterAt gives those that counted at a moment; the zero time is now.
func (db *DB) rosterAt(ctx context.Context, at time.Time) (*roster, error) {
	if at.IsZero() {
		return db.roster(ctx)
	}
	then, err := db.figuresAt(ctx, at)
	if err != nil {
		return nil, err
	}
	return then.roster, nil
}

// rosterOf makes a roster of winning commits.
func rosterOf(all []rosterRow) *roster {
	n := len(all)
	r := &roster{rows: make([]rosterRow, 0, n), byBody: map[string][]*rosterRow{}}
	r.byReport = sync.OnceValue(func() map[string]*rosterRow { return keyed(r.rows, func(x *rosterRow) string { return x.Report }) })
	r.byAttempt = sync.OnceValue(func() map[uuid.UUID]*rosterRow {
		return keyed(r.rows, func(x *rosterRow) uuid.UUID { return x.Attempt })
	})
	for _, x := range all {
		if x.CommittedAt.After(r.last) {
			r.last = x.CommittedAt
		}
		switch x.State {
		case string(extract.Waiting):
			r.waiting = append(r.waiting, x)
		case string(extract.Visible), "approved", "published":
			x.at = len(r.rows)
			r.rows = append(r.rows, x)
		}
	}
	for i := range r.rows {
		x := &r.rows[i]
		if x.Body != "" {
			r.byBody[x.Body] = append(r.byBody[x.Body], x)
		}
	}
	r.bodies = slices.Sorted(maps.Keys(r.byBody))
	return r
}

func keyed[K comparable](rows []rosterRow, key func(*rosterRow) K) map[K]*rosterRow {
	m := make(map[K]*rosterRow, len(rows))
	for i := range rows {
		m[key(&rows[i])] = &rows[i]
	}
	return m
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

// all goes through those that count, then those that wait.
func (r *roster) all(yield func(*rosterRow) bool) {
	for _, list := range [][]rosterRow{r.rows, r.waiting} {
		for i := range list {
			if !yield(&list[i]) {
				return
			}
		}
	}
}

// report gives one of those that count; nil where it does not count.
func (r *roster) report(id string) *rosterRow { return r.byReport()[strings.ToLower(id)] }

// among tells whether a list of a filter lets a text through: an empty one lets all.
func among(list []string, s string) bool { return len(list) == 0 || slices.Contains(list, s) }

// compareIDs puts ids in the order in which ClickHouse does: by their second half first.
func compareIDs(a, b string) int {
	x, y := uuid.MustParse(a), uuid.MustParse(b)
	return cmp.Or(bytes.Compare(x[8:], y[8:]), bytes.Compare(x[:8], y[:8]))
}
