package analytics_test

import (
	"testing"
	"time"

	"soket/analytics"
	"soket/extract"
	"soket/extract/document"
	"soket/extract/indicator"
)

func figuresOf(t *testing.T, db *analytics.DB, q analytics.Standing) map[string]analytics.PeriodFigure {
	t.Helper()
	list, err := db.PeriodFigures(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]analytics.PeriodFigure{}
	for _, f := range list {
		m[f.Code] = f
	}
	return m
}

func TestPeriodFigures(t *testing.T) {
	backends(t, func(t *testing.T, db *analytics.DB) {
		catalogue(t, db)
		day := time.Date(2020, 7, 1, 0, 0, 0, 0, time.UTC)
		report(t, db, "Sở A", "2020-H1", day, result("task.accepted", 10, "2020-H1"), result("ip.applications", 7, "2020-H1"))
		report(t, db, "Sở A", "2020", day, result("task.accepted", 24, "2020"), fact("task.accepted", 30, "2021", indicator.Plan, ""))
		report(t, db, "Sở A", "2021-H1", day.AddDate(1, 0, 0), result("task.accepted", 12, "2021-H1"))
		report(t, db, "Sở B", "2021-H1", day.AddDate(1, 0, 0), result("task.accepted", 100, "2021-H1"), result("task.in_progress", 0, "2021-H1"))

		q := analytics.Standing{Period: "2021-H1"}
		m := figuresOf(t, db, q)
		f := m["task.accepted"]
		if f.Values[0] != 112 || f.Counts[0] != 2 || f.SameNow != 12 || f.SameThen != 10 || f.SameBodies != 1 {
			t.Errorf("a comparison is over bodies on both sides only: %+v", f)
		}
		if f.PreviousNow != 12 || f.PreviousThen != 14 || f.PreviousBodies != 1 {
			t.Errorf("the period before is a derived half: %+v", f)
		}
		if f.PlanDone != 12 || f.PlanDue != 30 || f.Plan != 30 || f.PlanBodies != 1 || f.PlanPeriod != "2021" || f.PlannedIn != "2020" {
			t.Errorf("the plan of the year, from the report before: %+v", f)
		}
		if n := len(f.Kept); f.Kept[n-2] != 10 || f.KeptCounts[n-2] != 1 || f.KeptCounts[n-1] != 2 {
			t.Errorf("the series over the bodies of now: %v %v", f.Kept, f.KeptCounts)
		}
		if b := figuresOf(t, db, analytics.Standing{Period: "2021-H1", Body: ""})["ip.applications"]; len(b.Kept) != 0 && b.KeptCounts[0] != 0 {
			t.Errorf("nobody stated it now: %v", b.Kept)
		}
		if n := len(f.Values); n != 4+analytics.SeriesYears || f.Values[n-1] != 112 || f.Values[n-2] != 10 || f.Counts[n-3] != 0 {
			t.Errorf("the series: %v %v", f.Values, f.Counts)
		}
		if len(f.Movers) != 1 || f.Movers[0].Body != "Sở A" || f.Movers[0].Now != 12 || f.Movers[0].Then != 10 || f.Movers[0].Report == "" {
			t.Errorf("movers: %+v", f.Movers)
		}
		if z := m["task.in_progress"]; z.Counts[0] != 1 || z.Values[0] != 0 || z.Counts[1] != 0 {
			t.Errorf("a reported zero is a figure: %+v", z)
		}
		if s := m["ip.applications"]; s.Counts[0] != 0 || s.Counts[1] != 1 || s.Values[1] != 7 {
			t.Errorf("what was reported last year and is not now is there, without a figure: %+v", s)
		}
		q.Body = "Sở B"
		if b := figuresOf(t, db, q)["task.accepted"]; b.Values[0] != 100 || b.Counts[1] != 0 {
			t.Errorf("one body: %+v", b)
		}
		report(t, db, "Sở C", "2017/2021", day.AddDate(1, 0, 0), result("task.accepted", 90, "2017/2021"))
		if s := figuresOf(t, db, analytics.Standing{Period: "2017/2021"})["task.accepted"]; s.Values[0] != 90 || s.PlanBodies != 0 {
			t.Errorf("several years are not judged by the plan of the last of them: %+v", s)
		}
		parts, err := db.PeriodParts(t.Context(), analytics.Standing{Period: "2021-H1"}, "task.accepted")
		if err != nil || len(parts) != 2 || parts[0].Value != 12 || !parts[0].HasSame || parts[0].Same != 10 || parts[1].HasSame {
			t.Errorf("parts: %+v %v", parts, err)
		}
		bodies, err := db.ExpectedBodies(t.Context(), analytics.Standing{Period: "2020-H1"})
		if err != nil || len(bodies) != 1 || bodies[0] != "Sở A" {
			t.Errorf("expected in 2020: %v %v", bodies, err)
		}
		bodies, err = db.ExpectedBodies(t.Context(), analytics.Standing{Period: "2021-H2"})
		if err != nil || len(bodies) != 1 || bodies[0] != "Sở A" {
			t.Errorf("expected for a second half, of which only a report on a whole year was one: %v %v", bodies, err)
		}
	})
}

// TestAsItStood corrects a report, withdraws it, sweeps and rebuilds: what stood before is still there.
func TestAsItStood(t *testing.T) {
	backends(t, func(t *testing.T, db *analytics.DB) {
		catalogue(t, db)
		body := &extract.Report{Head: extract.Head{Issuer: "Sở A", Period: "2021-H1", Title: "Báo cáo"}, Format: document.PDF, Version: "1"}
		f := filing(1)
		body.Facts = []extract.Fact{result("task.accepted", 10, "2021-H1")}
		put(t, db, f, body)
		first := time.Now()
		value := func(at time.Time) float64 {
			t.Helper()
			x, ok := figuresOf(t, db, analytics.Standing{Period: "2021-H1", At: at})["task.accepted"]
			if !ok {
				return -1
			}
			return x.Values[0]
		}
		f.Rev = 2
		body.Facts = []extract.Fact{result("task.accepted", 15, "2021-H1")}
		put(t, db, f, body)
		second := time.Now()
		f.Rev, f.State = 3, extract.Withdrawn
		put(t, db, f, body)
		if n, err := db.Sweep(t.Context(), -time.Hour); err != nil {
			t.Fatal(n, err)
		}
		check := func(when string) {
			t.Helper()
			if a, b, now, before := value(first), value(second), value(time.Time{}), value(first.AddDate(0, 0, -1)); a != 10 || b != 15 || now != -1 || before != -1 {
				t.Errorf("%s: first %v, then %v, now %v, the day before %v", when, a, b, now, before)
			}
		}
		check("after a sweep")
		reports, err := db.StandingReports(t.Context(), analytics.Standing{Period: "2021-H1", At: second})
		if err != nil || len(reports) != 1 || reports[0].State != "visible" {
			t.Errorf("reports then: %+v %v", reports, err)
		}
		if reports, err := db.StandingReports(t.Context(), analytics.Standing{Period: "2021-H1"}); err != nil || len(reports) != 0 {
			t.Errorf("reports now: %+v %v", reports, err)
		}
		if err := db.Clear(t.Context()); err != nil {
			t.Fatal(err)
		}
		f.State = extract.Visible
		put(t, db, f, body)
		if a, b, now := value(first), value(second), value(time.Time{}); a != 10 || b != 15 || now != 15 {
			t.Errorf("after a rebuild: first %v, then %v, now %v", a, b, now)
		}
		start, err := db.HistoryStart(t.Context())
		if err != nil || start.IsZero() || start.After(first) {
			t.Errorf("the history starts at %v, %v", start, err)
		}
	})
}

// TestChosenAtIsChosen holds the two views together: as it stands now is what the trend shows.
func TestChosenAtIsChosen(t *testing.T) {
	backends(t, func(t *testing.T, db *analytics.DB) {
		catalogue(t, db)
		day := time.Date(2020, 7, 1, 0, 0, 0, 0, time.UTC)
		report(t, db, "Sở A", "2020-H1", day, result("task.accepted", 10, "2020-H1"), fact("task.accepted", 25, "2020", indicator.Plan, ""))
		report(t, db, "Sở A", "2021-H1", day.AddDate(1, 0, 0), result("task.accepted", 12, "2021-H1"), result("task.accepted", 11, "2020-H1"))
		f := filing(1)
		f.ReceivedAt, f.State = day.AddDate(-1, 0, 0), "approved"
		put(t, db, f, &extract.Report{Head: extract.Head{Issuer: "Sở A", Period: "2020-H1"}, Format: document.PDF, Facts: []extract.Fact{result("task.accepted", 9, "2020-H1")}})
		for _, period := range []extract.Period{"2020-H1", "2021-H1"} {
			p := trendOf(t, db, analytics.Filter{Codes: []string{"task.accepted"}})["task.accepted "+string(period)+" result "]
			x := figuresOf(t, db, analytics.Standing{Period: period})["task.accepted"]
			if x.Values[0] != p.Value || x.Report != p.Report || x.Fact != p.FactNo || (x.Differing == 1) != p.Differing {
				t.Errorf("%s: the trend says %+v, the period %+v", period, p, x)
			}
		}
	})
}
