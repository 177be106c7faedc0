package analytics_test

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"soket/analytics"
	"soket/extract"
	"soket/extract/document"
	"soket/extract/indicator"
)

// fact is one result, plan or comparison in short.
func fact(code string, value float64, period extract.Period, kind indicator.Kind, basis indicator.Basis) extract.Fact {
	return extract.Fact{Code: code, Value: value, Unit: "nhiệm vụ", Period: period, Kind: kind, Basis: basis, Page: 1, Confidence: 0.9, Method: "text", Quote: "q"}
}

func result(code string, value float64, period extract.Period) extract.Fact {
	return fact(code, value, period, indicator.Result, "")
}

// report commits facts of a body's report for a period and gives the filing.
func report(t *testing.T, db *analytics.DB, body string, period extract.Period, at time.Time, facts ...extract.Fact) extract.Filing {
	t.Helper()
	f := filing(1)
	f.ReceivedAt = at
	put(t, db, f, &extract.Report{Head: extract.Head{Issuer: body, Period: period, Title: "Báo cáo"}, Format: document.PDF, Engine: "ledongthuc", Facts: facts, Version: "1"})
	return f
}

func catalogue(t *testing.T, db *analytics.DB) {
	t.Helper()
	if err := db.SetIndicators(t.Context(), []analytics.Indicator{
		{Code: "task.accepted", Vi: "Nhiệm vụ KH&CN được nghiệm thu", Unit: "nhiệm vụ", Measure: "flow"},
		{Code: "task.in_progress", Vi: "Nhiệm vụ KH&CN đang triển khai", Unit: "nhiệm vụ", Measure: "stock"},
		{Code: "ip.applications", Vi: "Đơn đăng ký", Unit: "đơn", Measure: "flow"},
	}); err != nil {
		t.Fatal(err)
	}
}

func trendOf(t *testing.T, db *analytics.DB, f analytics.Filter) map[string]analytics.Point {
	t.Helper()
	list, _, err := db.Trend(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]analytics.Point{}
	for _, p := range list {
		key := strings.Join([]string{p.Code, p.Period, p.Kind, p.Basis}, " ")
		if _, twice := m[key]; twice {
			t.Errorf("%s twice", key)
		}
		m[key] = p
	}
	return m
}

func TestTrendChoosesOneValue(t *testing.T) {
	backends(t, func(t *testing.T, db *analytics.DB) {
		catalogue(t, db)
		day := time.Date(2020, 7, 1, 0, 0, 0, 0, time.UTC)
		own := report(t, db, "Sở A", "2020-H1", day, result("task.accepted", 10, "2020-H1"), result("task.in_progress", 40, "2020-H1"),
			fact("task.accepted", 25, "2020", indicator.Plan, ""), fact("task.accepted", 11, "2020-H1", indicator.Comparison, indicator.SamePeriod))
		later := report(t, db, "Sở A", "2021-H1", day.AddDate(1, 0, 0), result("task.accepted", 12, "2021-H1"), result("task.accepted", 11, "2020-H1"))
		year := report(t, db, "Sở A", "2020", day.AddDate(0, 6, 0), result("task.accepted", 24, "2020"), result("task.in_progress", 44, "2020"))
		report(t, db, "Sở B", "2020-H1", day, result("task.accepted", 99, "2020-H1"))

		m := trendOf(t, db, analytics.Filter{Bodies: []string{"Sở A"}})
		p := m["task.accepted 2020-H1 result "]
		if p.Value != 10 || p.Report != own.ID || !p.Differing || p.Sources != 2 || p.Derived {
			t.Errorf("the body's own report comes before one that quotes it: %+v", p)
		}
		p = m["task.accepted 2021-H1 result "]
		if p.Value != 12 || p.Report != later.ID || p.SamePeriod != "2020-H1" || p.SamePeriodValue == nil || *p.SamePeriodValue != 10 || p.ChangePercent == nil || *p.ChangePercent != 20 || p.Differing {
			t.Errorf("same period of last year: %+v", p)
		}
		p = m["task.accepted 2020-H2 result "]
		if p.Value != 14 || !p.Derived || p.Report != year.ID || p.PreviousValue == nil || *p.PreviousValue != 10 {
			t.Errorf("second half: %+v", p)
		}
		if p, ok := m["task.in_progress 2020-H2 result "]; ok {
			t.Errorf("a stock is no difference: %+v", p)
		}
		if m["task.accepted 2020 plan "].Value != 25 || m["task.accepted 2020-H1 comparison same_period"].Value != 11 {
			t.Errorf("plans and comparisons are series of their own: %v", m)
		}
		// The half itself, once reported, takes the place of the difference.
		report(t, db, "Sở A", "2020-H2", day.AddDate(0, 7, 0), result("task.accepted", 15, "2020-H2"))
		if p := trendOf(t, db, analytics.Filter{Bodies: []string{"Sở A"}, Codes: []string{"task.accepted"}})["task.accepted 2020-H2 result "]; p.Value != 15 || p.Derived {
			t.Errorf("second half: %+v", p)
		}
		// An older report that is approved comes before a newer one that is not.
		f := filing(1)
		f.ReceivedAt, f.State = day.AddDate(-1, 0, 0), "approved"
		put(t, db, f, &extract.Report{Head: extract.Head{Issuer: "Sở A", Period: "2020-H1"}, Format: document.PDF, Facts: []extract.Fact{result("task.accepted", 9, "2020-H1")}})
		if p := trendOf(t, db, analytics.Filter{Codes: []string{"task.accepted"}, Bodies: []string{"Sở A"}})["task.accepted 2020-H1 result "]; p.Value != 9 || p.Sources != 3 {
			t.Errorf("approved first: %+v", p)
		}
	})
}

// TestTrendAndItsView holds DB.Trend and the view trend together, over periods of every kind.
func TestTrendAndItsView(t *testing.T) {
	backends(t, func(t *testing.T, db *analytics.DB) {
		catalogue(t, db)
		day := time.Date(2020, 7, 1, 0, 0, 0, 0, time.UTC)
		value := 0.0
		for _, body := range []string{"Sở A", "Sở B"} {
			for year := 2018; year <= 2021; year++ {
				for _, part := range []string{"", "-H1", "-H2", "-Q1", "-Q2", "-Q4", "-M01", "-M02", "-M12", "-9M", "-8M"} {
					if part == "-H2" && year != 2020 || body == "Sở B" && part == "-H1" && year == 2019 {
						continue // derived in other years; not derived without a first half
					}
					period := extract.Period(fmt.Sprint(year, part))
					var facts []extract.Fact
					for _, code := range []string{"task.accepted", "task.in_progress", "ip.applications"} {
						value = math.Mod(value*7+13, 101)
						facts = append(facts, result(code, value+float64(200*(1-len(part))), period), fact(code, value, period, indicator.Plan, ""), fact(code, value-50, period, indicator.Comparison, indicator.SamePeriod))
					}
					report(t, db, body, period, day, append(facts, result("task.accepted", 5, "2016/2020"), result("task.accepted", 6, "2021/2025"), result("ip.applications", 0, "2017"))...)
				}
			}
		}
		want := analytics.TrendView(t, db)
		var got []analytics.Point
		for f := (analytics.Filter{Limit: 100}); ; {
			list, next, err := db.Trend(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, list...)
			if f.Cursor = next; next == "" {
				break
			}
		}
		if len(want) < 500 || len(got) != len(want) {
			t.Fatalf("%d points, %d in the view", len(got), len(want))
		}
		derived := 0
		for i := range want {
			if !reflect.DeepEqual(got[i], want[i]) {
				t.Fatalf("point %d\n%+v\nin the view\n%+v", i, got[i], want[i])
			}
			if want[i].Derived {
				derived++
			}
		}
		if derived == 0 {
			t.Error("no second half is derived")
		}
	})
}

func TestOnlyTheWinningCommitShows(t *testing.T) {
	backends(t, func(t *testing.T, db *analytics.DB) {
		f := filing(5)
		values := func() (list []float64) {
			facts, _, err := db.Facts(t.Context(), analytics.Filter{Kinds: []string{"result"}})
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range facts {
				list = append(list, x.Value)
			}
			return list
		}
		load := func(value float64) string {
			attempt := uuid.NewString()
			if _, err := db.Load(t.Context(), attempt, f, sample("Sở A", "2020-H1", value)); err != nil {
				t.Fatal(err)
			}
			return attempt
		}
		load(1)
		if got := values(); len(got) != 0 {
			t.Errorf("an attempt without a commit shows: %v", got)
		}
		put(t, db, f, sample("Sở A", "2020-H1", 5))
		f.Rev = 4
		put(t, db, f, sample("Sở A", "2020-H1", 4)) // late and old
		if got := values(); !slices.Equal(got, []float64{5}) {
			t.Errorf("a late old revision shows: %v", got)
		}
		f.Rev = 5
		put(t, db, f, sample("Sở A", "2020-H1", 6)) // a second worker at the same rev
		if got := values(); !slices.Equal(got, []float64{6}) {
			t.Errorf("the latest commit of a rev: %v", got)
		}
		f.Rev, f.State = 6, extract.Withdrawn
		put(t, db, f, sample("Sở A", "2020-H1", 6))
		if got := values(); len(got) != 0 {
			t.Errorf("a withdrawn report counts: %v", got)
		}
		if r, err := db.Report(t.Context(), f.ID); err != nil || r.State != "withdrawn" || r.Facts != 2 {
			t.Errorf("history: %+v %v", r, err)
		}
		if list, err := db.ReportFacts(t.Context(), f.ID); err != nil || len(list) != 2 {
			t.Errorf("a withdrawn report's facts: %+v %v", list, err)
		}
		f.Rev, f.State = 7, extract.Visible
		f.Body.Value, f.Period.Value = "Sở B", "2019-H2"
		put(t, db, f, sample("Sở A", "2020-H1", 7))
		if r, err := db.Report(t.Context(), f.ID); err != nil || r.Body != "Sở B" || r.Issuer != "Sở A" || r.Period != "2019-H2" || r.PeriodYear != 2019 || r.Signed != "2020-06-12" {
			t.Errorf("what a person set: %+v %v", r, err)
		}
	})
}

func TestOneReport(t *testing.T) {
	backends(t, func(t *testing.T, db *analytics.DB) {
		f := filing(1)
		r := sample("Sở A", "2020-H1", 9)
		r.Warnings = []document.Warning{{Code: "signed"}}
		r.Pages[0].Lines = []document.Line{{Text: "Nghiệm thu", Box: document.Box{1, 2, 3, 4}}}
		put(t, db, f, r)
		got, err := db.Report(t.Context(), f.ID)
		if err != nil || got.Title != r.Title || got.Pages != 1 || got.Facts != 2 || len(got.Warnings) != 1 || got.Warnings[0].Code != "signed" {
			t.Errorf("%+v %v", got, err)
		}
		pages, err := db.Pages(t.Context(), f.ID)
		if err != nil || len(pages) != 1 || pages[0].Text != r.Pages[0].Text || !slices.Equal(pages[0].Lines, r.Pages[0].Lines) {
			t.Errorf("%+v %v", pages, err)
		}
		tables, err := db.Tables(t.Context(), f.ID)
		if err != nil || len(tables) != 1 || tables[0].Title != "Biểu 01" || tables[0].Rows[0][0].Text != "a" {
			t.Errorf("%+v %v", tables, err)
		}
		findings, err := db.ReportFindings(t.Context(), f.ID)
		if err != nil || len(findings) != 1 || findings[0].Code != "prose_against_table" || !slices.Equal(findings[0].Facts, []uint32{0}) {
			t.Errorf("%+v %v", findings, err)
		}
		flags, err := db.Flags(t.Context())
		if err != nil || len(flags) != 1 || flags[0].Report != f.ID || flags[0].Body != "Sở A" || flags[0].Period != "2020-H1" || len(flags[0].List) != 1 {
			t.Fatalf("%+v %v", flags, err)
		}
		points, err := db.FlagFigures(t.Context(), flags[0], 9)
		if err != nil || len(points) != 1 || points[0].Report != f.ID || len(points[0].Figures) != 1 || points[0].Figures[0].Value != 9 {
			t.Errorf("%+v %v", points, err)
		}
		for _, id := range []string{uuid.NewString(), "x' OR 1", ""} {
			if _, err := db.Report(t.Context(), id); !errors.Is(err, analytics.ErrNotFound) {
				t.Errorf("%q: %v", id, err)
			}
		}
		if n, err := db.Totals(t.Context()); err != nil || n.Reports != 1 || n.Facts != 2 || n.Bodies != 1 || n.Periods != 1 || n.Last.IsZero() {
			t.Errorf("%+v %v", n, err)
		}
	})
}

func TestListsAndCursors(t *testing.T) {
	backends(t, func(t *testing.T, db *analytics.DB) {
		catalogue(t, db)
		if n, err := db.Totals(t.Context()); err != nil || n.Reports != 0 {
			t.Errorf("empty: %+v %v", n, err)
		}
		at := time.Date(2021, 7, 1, 8, 0, 0, 0, time.UTC)
		for i, body := range []string{"Sở A", "Sở B", "Sở C", "Sở D", "Sở E"} {
			report(t, db, body, "2020-H1", at.AddDate(0, 0, i/2), result("task.accepted", 1, "2020-H1"), result("task.in_progress", 2, "2020-H1"), result("ip.applications", 3, "2020-H1"))
		}
		report(t, db, "Sở A", "2021-H1", at, result("task.accepted", 2, "2021-H1"))
		waiting := filing(1)
		waiting.State, waiting.File = extract.Waiting, "Đề án ‘x’ 100%.pdf"
		put(t, db, waiting, sample("", "", 1))

		var bodies []string
		for f := (analytics.ReportFilter{Limit: 2, States: []string{"visible"}}); ; {
			list, next, err := db.Reports(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range list {
				bodies = append(bodies, r.Body+r.Period)
			}
			if f.Cursor = next; next == "" {
				break
			}
		}
		slices.Sort(bodies)
		if want := []string{"Sở A2020-H1", "Sở A2021-H1", "Sở B2020-H1", "Sở C2020-H1", "Sở D2020-H1", "Sở E2020-H1"}; !slices.Equal(bodies, want) {
			t.Errorf("reports: %v", bodies)
		}
		for text, want := range map[string]int{"de an": 1, "ĐỀ ÁN": 1, "100%": 1, "x' OR '1": 0, "sở a": 2, "a.pdf": 6} {
			if list, _, err := db.Reports(t.Context(), analytics.ReportFilter{Text: text}); err != nil || len(list) != want {
				t.Errorf("text %q: %d reports, want %d; %v", text, len(list), want, err)
			}
		}
		seen := map[string]int{}
		for f := (analytics.Filter{Limit: 3}); ; {
			list, next, err := db.Facts(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range list {
				seen[x.Report+x.Code]++
			}
			if f.Cursor = next; next == "" {
				break
			}
		}
		if len(seen) != 16 {
			t.Errorf("%d facts, want 16", len(seen))
		}
		n := 0
		for f := (analytics.Filter{Limit: 3}); ; {
			list, next, err := db.Trend(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			n += len(list)
			if f.Cursor = next; next == "" {
				break
			}
		}
		if n != 16 {
			t.Errorf("%d points, want 16", n)
		}
		for _, f := range []analytics.Filter{{Bodies: []string{"Sở A", "Sở B"}}, {Codes: []string{"task.accepted"}}, {Areas: []string{"ip"}}, {Periods: []string{"2021-H1"}}, {Kinds: []string{"plan"}}, {PeriodKinds: []string{"year"}}} {
			list, _, err := db.Facts(t.Context(), f)
			points, _, err2 := db.Trend(t.Context(), f)
			if err != nil || err2 != nil || len(list) != len(points) {
				t.Errorf("%+v: %d facts, %d points; %v %v", f, len(list), len(points), err, err2)
			}
		}
		for _, cursor := range []string{"x", "WyJhIl0", "WyIxIiwieCIsIjEiXQ", "%"} {
			if _, _, err := db.Facts(t.Context(), analytics.Filter{Cursor: cursor}); !errors.Is(err, analytics.ErrCursor) {
				t.Errorf("cursor %q: %v", cursor, err)
			}
		}
		if list, err := db.Bodies(t.Context()); err != nil || len(list) != 5 || list[0].Body != "Sở A" || list[0].Reports != 2 || list[0].Last != "2021-H1" || list[0].Facts != 4 {
			t.Errorf("bodies: %+v %v", list, err)
		}
		if list, err := db.Periods(t.Context()); err != nil || len(list) != 2 || list[0].Period != "2021-H1" || list[1].Bodies != 5 || list[1].Facts != 15 {
			t.Errorf("periods: %+v %v", list, err)
		}
		if list, err := db.Codes(t.Context()); err != nil || len(list) != 3 || list[0].Code != "task.accepted" || list[0].Facts != 6 || list[0].Last != "2021-H1" {
			t.Errorf("codes: %+v %v", list, err)
		}
	})
}

func TestSearch(t *testing.T) {
	backends(t, func(t *testing.T, db *analytics.DB) {
		page := func(text string) {
			r := sample("Sở A", "2020-H1", 1)
			r.Pages[0].Text = text
			put(t, db, filing(1), r)
		}
		page("Tổ chức nghiệm thu 12 nhiệm vụ khoa học và công nghệ cấp tỉnh,\nđăng ký sở hữu công nghiệp.")
		page("To chuc nghiem thu cac nhiem vu; dang ky kinh doanh")
		page("Nhiệm vụ đã nghiệm, thu phí")
		for query, want := range map[string]int{
			"nghiệm thu": 3, "nghiem thu": 3, `"nghiem thu"`: 3, "NGHIỆM THU ĐĂNG": 2, `"đăng ký sở hữu"`: 1, "đang ki": 0, "“dang ky” kinh": 1,
			"": 0, "  ,; ": 0, "' OR 1=1": 0, `"thu nghiem"`: 0, "cap tinh": 1,
		} {
			hits, err := db.Search(t.Context(), query, analytics.SearchFilter{})
			if err != nil || len(hits) != want {
				t.Errorf("%s: %d hits, want %d; %v", query, len(hits), want, err)
			}
			for _, h := range hits {
				marked := ""
				for _, p := range h.Snippet {
					if p.Mark {
						marked += p.Text + " "
					}
				}
				if marked == "" {
					t.Errorf("%s: nothing marked in %+v", query, h.Snippet)
				}
			}
		}
		hits, _ := db.Search(t.Context(), "nghiem thu cac", analytics.SearchFilter{Bodies: []string{"Sở B"}})
		if len(hits) != 0 {
			t.Errorf("another body's: %+v", hits)
		}
		// As typed comes first.
		hits, _ = db.Search(t.Context(), "đăng ký", analytics.SearchFilter{})
		if len(hits) != 2 || !strings.HasPrefix(hits[0].Text, "Tổ") {
			t.Errorf("order: %+v", hits)
		}
		// A phrase of common words that stands on the oldest page alone, and one that stands on many.
		put(t, db, filing(2), sample("Sở A", "2020-H1", 1))
		r := sample("Sở B", "2021-H1", 1)
		r.Pages[0].Text = "một hai ba"
		for n := range 900 {
			text := "ba hai một"
			if n%3 == 0 {
				text = "hai ba"
			}
			r.Pages = append(r.Pages, extract.Page{Number: n + 2, Engine: "ledongthuc", Score: 1, Text: text})
		}
		put(t, db, filing(3), r)
		r = sample("Sở C", "2022-H1", 1)
		r.Pages = nil
		for n := range 1000 {
			r.Pages = append(r.Pages, extract.Page{Number: n + 1, Engine: "ledongthuc", Score: 1, Text: "ba một hai"})
		}
		put(t, db, filing(4), r)
		for _, c := range []struct {
			query       string
			hits, pages int
			least       bool
		}{{`"một hai ba"`, 1, 1, false}, {`"hai ba"`, 2, 301, false}, {`"ba một"`, 2, 4, true}, {`"một ba"`, 0, 0, false}, {"một hai ba", 2, 1601, false}} {
			hits, err := db.Search(t.Context(), c.query, analytics.SearchFilter{Limit: 2})
			if err != nil || len(hits) != c.hits || c.hits > 0 && (hits[0].Pages != uint64(c.pages) || hits[0].Least != c.least) {
				t.Errorf("%s: %d hits %+v %v", c.query, len(hits), hits, err)
			}
		}
	})
}
