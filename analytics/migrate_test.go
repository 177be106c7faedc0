package analytics

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// testDSN gives an empty database on the test's engine. The external test package sets it, for the
// engine of analyticstest imports this package.
var testDSN func(t *testing.T) string

// SetTestDSN is for that package.
func SetTestDSN(f func(t *testing.T) string) { testDSN = f }

// CountRows is for that package: the rows of a table with its condition.
func CountRows(t *testing.T, db *DB, from string) (n uint64) {
	t.Helper()
	if err := db.conn.QueryRow(t.Context(), "SELECT count() FROM "+from).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TrendView is for that package: what the view trend shows, in the order of DB.Trend.
func TrendView(t *testing.T, db *DB) (list []Point) {
	t.Helper()
	var rows []struct {
		Code            string   `ch:"code"`
		Area            string   `ch:"area"`
		Period          string   `ch:"period"`
		PeriodYear      uint16   `ch:"period_year"`
		PeriodKind      string   `ch:"period_kind"`
		Kind            string   `ch:"kind"`
		Basis           string   `ch:"basis"`
		Value           float64  `ch:"value"`
		Unit            string   `ch:"unit"`
		FactNo          uint32   `ch:"fact_no"`
		Confidence      float64  `ch:"confidence"`
		Body            string   `ch:"body"`
		Report          string   `ch:"report_id"`
		Sources         uint32   `ch:"sources"`
		Differing       bool     `ch:"differing"`
		Derived         bool     `ch:"derived"`
		SamePeriod      string   `ch:"same_period"`
		SamePeriodValue *float64 `ch:"same_period_value"`
		ChangePercent   *float64 `ch:"change_percent"`
		PreviousValue   *float64 `ch:"previous_value"`
	}
	if err := db.conn.Select(t.Context(), &rows, `SELECT body, code, area, period, period_year, period_kind, kind, basis, value, unit, toString(t.report_id) AS report_id, fact_no,
		confidence, toBool(t.derived) AS derived, sources, toBool(t.differing) AS differing, same_period, same_period_value, change_percent, previous_value
		FROM trend AS t ORDER BY code, body, kind, basis, period`); err != nil {
		t.Fatal(err)
	}
	for _, x := range rows {
		list = append(list, Point{Body: x.Body, Code: x.Code, Area: x.Area, Period: x.Period, PeriodYear: x.PeriodYear, PeriodKind: x.PeriodKind, Kind: x.Kind, Basis: x.Basis,
			Value: x.Value, Unit: x.Unit, Report: x.Report, FactNo: x.FactNo, Confidence: x.Confidence, Derived: x.Derived, Sources: x.Sources, Differing: x.Differing,
			SamePeriod: x.SamePeriod, SamePeriodValue: x.SamePeriodValue, ChangePercent: x.ChangePercent, PreviousValue: x.PreviousValue})
	}
	return list
}

// SameWinners is for that package: what is kept of the commits is what reading all of them gives. It tells
// how many rows there are, and how often all were read.
func SameWinners(t *testing.T, db *DB) (rows, whole int) {
	t.Helper()
	kept, err := db.winningRows(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var all []rosterRow
	if err := db.selectRows(t.Context(), &all, "roster", ""); err != nil {
		t.Fatal(err)
	}
	if len(kept) != len(all) {
		t.Fatalf("%d are kept, %d there", len(kept), len(all))
	}
	for i := range all {
		if kept[i].reading = nil; kept[i] != all[i] {
			t.Fatalf("row %d is kept as %+v, and is %+v", i, kept[i], all[i])
		}
	}
	return len(all), db.winners.whole
}

// Run is for that package: a statement of the engine's own.
func Run(t *testing.T, db *DB, statement string) {
	t.Helper()
	if err := db.conn.Exec(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

func openEmpty(t *testing.T) *DB {
	t.Helper()
	db, err := Open(testDSN(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func shape(t *testing.T, db *DB) string {
	t.Helper()
	rows, err := db.conn.Query(t.Context(), "SELECT table, name, type FROM system.columns WHERE database = {db:String} ORDER BY table, position", clickhouse.Named("db", db.name))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var b strings.Builder
	for rows.Next() {
		var table, name, kind string
		if err := rows.Scan(&table, &name, &kind); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&b, table, name, kind)
	}
	return b.String()
}

func TestMigrateTwiceAndFromEachVersion(t *testing.T) {
	list, err := readMigrations(migrationFiles)
	if err != nil {
		t.Fatal(err)
	}
	whole := openEmpty(t)
	ran := 0
	if err := whole.Migrate(t.Context(), func(string) { ran++ }); err != nil || ran != len(list) {
		t.Fatalf("%d of %d ran: %v", ran, len(list), err)
	}
	if err := whole.Migrate(t.Context(), func(name string) { t.Errorf("%s ran again", name) }); err != nil {
		t.Fatal(err)
	}
	want := shape(t, whole)
	if !strings.Contains(want, "trend same_period_value Nullable(Float64)") {
		t.Errorf("shape: %s", want)
	}
	for n := range list {
		db := openEmpty(t)
		if err := db.migrate(t.Context(), list[:n], nil); err != nil {
			t.Fatal(err)
		}
		if err := db.Migrate(t.Context(), nil); err != nil {
			t.Fatalf("from version %d: %v", n, err)
		}
		if got := shape(t, db); got != want {
			t.Errorf("from version %d another shape: %s", n, got)
		}
	}
}

// TestMigrateKilledInTheMiddle stops a run before each of its statements and begins again.
func TestMigrateKilledInTheMiddle(t *testing.T) {
	list, err := readMigrations(migrationFiles)
	if err != nil {
		t.Fatal(err)
	}
	whole := openEmpty(t)
	if err := whole.Migrate(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	want := shape(t, whole)
	for i, m := range list {
		for n := range m.steps {
			db := openEmpty(t)
			cut := m
			cut.steps = append(append([]string{}, m.steps[:n]...), "SELECT throwIf(1, 'killed')")
			if err := db.migrate(t.Context(), append(append([]migration{}, list[:i]...), cut), nil); err == nil {
				t.Fatal("the cut run went through")
			}
			if err := db.Migrate(t.Context(), nil); err != nil {
				t.Fatalf("%s after statement %d: %v", m.name, n, err)
			}
			if got := shape(t, db); got != want {
				t.Errorf("%s after statement %d: another shape: %s", m.name, n, got)
			}
		}
	}
}

func TestMigrateRefuses(t *testing.T) {
	db := openEmpty(t)
	if err := db.Migrate(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	list, _ := readMigrations(migrationFiles)
	if err := db.migrate(t.Context(), list[:1], nil); !errors.Is(err, ErrNewer) {
		t.Errorf("an older program on a newer database: %v", err)
	}
	list[0].sum = "x"
	if err := db.migrate(t.Context(), list, nil); !errors.Is(err, ErrChanged) {
		t.Errorf("a migration that was changed: %v", err)
	}
	if _, err := readMigrations(fstest.MapFS{"migrations/0001_a.sql": {}, "migrations/0003_b.sql": {}}); err == nil {
		t.Error("a number is missing, and nobody says so")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := openEmpty(t).Migrate(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestNeeded(t *testing.T) {
	for in, want := range map[string]string{
		"2020": "2019 2020", "2020-H1": "2019 2019-H1 2019-H2 2020-H1", "2020-H2": "2019 2019-H1 2019-H2 2020 2020-H1 2020-H2",
		"2020-Q1": "2019-Q1 2019-Q4 2020-Q1", "2020-Q3": "2019-Q3 2020-Q2 2020-Q3", "2020-M01": "2019-M01 2019-M12 2020-M01",
		"2020-M11": "2019-M11 2020-M10 2020-M11", "2020-9M": "2019-9M 2020-9M", "2016/2020": "2016/2020", "": "", "x": "x", "2020-": "2020-",
	} {
		if got := strings.Join(needed(in), " "); got != want {
			t.Errorf("%q needs %q, want %q", in, got, want)
		}
	}
	if got := needed(); got == nil || len(got) != 0 {
		t.Errorf("none: %v", got)
	}
}
