package analytics_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"soket/analytics"
	"soket/analytics/analyticstest"
	"soket/extract"
	"soket/extract/document"
	"soket/extract/indicator"
)

func init() {
	analytics.SetTestDSN(func(t *testing.T) string { return analyticstest.DSN(t) })
}

// backends runs a contract test on every server there is.
func backends(t *testing.T, test func(t *testing.T, db *analytics.DB)) {
	t.Run("engine", func(t *testing.T) { test(t, analyticstest.Open(t, analyticstest.DSN(t))) })
	t.Run("server", func(t *testing.T) { test(t, analyticstest.Open(t, analyticstest.ServerDSN(t))) })
}

func sample(body string, period extract.Period, value float64) *extract.Report {
	return &extract.Report{
		Head:   extract.Head{Number: "1/BC-SKHCN", Issuer: body, Signed: "2020-06-12", Period: period, Title: "Báo cáo <script> 'dấu nháy' \\ \x00"},
		Format: document.PDF, Engine: "ledongthuc", Version: extract.Version,
		Pages:  []extract.Page{{Number: 1, Width: 595, Height: 842, Engine: "ledongthuc", Score: 1, Text: "Nghiệm thu nhiệm vụ\nĐơn đăng ký"}},
		Blocks: []document.Block{{Kind: document.TableBlock, Table: &document.Table{Title: "Biểu 01", Rows: [][]document.Cell{{{Text: "a", Rowspan: 1, Colspan: 1}}}}}},
		Facts: []extract.Fact{{Code: "task.accepted", Value: value, Unit: "nhiệm vụ", Period: period, Kind: indicator.Result, Page: 1, Quote: "nghiệm thu", Confidence: 0.9, Method: "text"},
			{Code: "task.accepted", Value: -3.1, Unit: "%", Period: period, Kind: indicator.Comparison, Basis: indicator.SamePeriod, Confidence: 0.9, Method: "text"}},
		Findings: []extract.Finding{{Code: "prose_against_table", Severity: "warning", Facts: []int{0}, Expected: "1", Found: "2"}},
	}
}

func put(t *testing.T, db *analytics.DB, f extract.Filing, r *extract.Report) {
	t.Helper()
	attempt := uuid.NewString()
	sent, err := db.Load(t.Context(), attempt, f, r)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := db.Load(t.Context(), attempt, f, r); err != nil || again != sent {
		t.Fatalf("second Load: %+v %v", again, err)
	}
	back, err := db.Stored(t.Context(), attempt)
	if err != nil || back != sent {
		t.Fatalf("sent %+v, read back %+v, %v", sent, back, err)
	}
	if err := db.Commit(t.Context(), attempt, f, r, sent); err != nil {
		t.Fatal(err)
	}
}

func filing(rev uint64) extract.Filing {
	return extract.Filing{ID: uuid.Must(uuid.NewV7()).String(), Rev: rev, File: "a.pdf", State: extract.Visible, ReceivedAt: time.Now()}
}

func TestStore(t *testing.T) {
	backends(t, func(t *testing.T, db *analytics.DB) {
		f := filing(1)
		put(t, db, f, sample("Sở A", "2020-H1", 9))
		if ok, err := db.Committed(t.Context(), f.ID, 1); err != nil || !ok {
			t.Errorf("committed: %v %v", ok, err)
		}
		if ok, err := db.Committed(t.Context(), f.ID, 2); err != nil || ok {
			t.Errorf("committed at a rev to come: %v %v", ok, err)
		}
		put(t, db, filing(2), sample("Sở A", "2021-H1", 12))
	})
}

// TestRebuild clears the database and loads the same reports again in another order, under other
// attempts: what can be seen is the same to the last row.
func TestRebuild(t *testing.T) {
	backends(t, func(t *testing.T, db *analytics.DB) {
		empty, err := db.Checksum(t.Context())
		if err != nil || empty.Sum != 0 || empty.Reports != 0 {
			t.Fatalf("empty: %v %v", empty, err)
		}
		var filings []extract.Filing
		for i := range 6 {
			filings = append(filings, filing(uint64(i)))
		}
		load := func(order ...int) analytics.Checksum {
			for _, i := range order {
				r := sample("Sở A", "2020-H1", float64(i))
				if i == 5 {
					r.Pages = nil // a workbook: its text is stored as page 0
				}
				put(t, db, filings[i], r)
			}
			c, err := db.Checksum(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		first := load(0, 1, 2, 3, 4, 5)
		if first.Reports != 6 || first.Facts != 12 || first.Pages != 6 || first.Tables != 6 || first.Findings != 6 {
			t.Errorf("%v", first)
		}
		if again := load(3); again != first {
			t.Errorf("the same content under another attempt: %v, was %v", again, first)
		}
		if err := db.Clear(t.Context()); err != nil {
			t.Fatal(err)
		}
		if c, err := db.Checksum(t.Context()); err != nil || c != empty {
			t.Errorf("cleared: %v %v", c, err)
		}
		if again := load(5, 3, 1, 0, 2, 4); again != first {
			t.Errorf("rebuilt: %v, was %v", again, first)
		}
		filings[2].File = "b.pdf"
		filings[2].Rev = 99
		if other := load(2); other.Sum == first.Sum {
			t.Error("another file name leaves the checksum as it is")
		}
	})
}

func TestSweepTakesOnlyOldOrphans(t *testing.T) {
	backends(t, func(t *testing.T, db *analytics.DB) {
		f := filing(1)
		put(t, db, f, sample("Sở A", "2020-H1", 1))
		orphan := uuid.NewString()
		if _, err := db.Load(t.Context(), orphan, f, sample("Sở A", "2020-H1", 2)); err != nil {
			t.Fatal(err)
		}
		if n, err := db.Sweep(t.Context(), time.Hour); err != nil || n != 0 {
			t.Errorf("a young attempt was swept: %d %v", n, err)
		}
		before, _ := db.Checksum(t.Context())
		if n, err := db.Sweep(t.Context(), 0); err != nil || n != 1 {
			t.Errorf("swept %d, want 1; %v", n, err)
		}
		if got, err := db.Stored(t.Context(), orphan); err != nil || got != (extract.Tally{}) {
			t.Errorf("left behind: %+v %v", got, err)
		}
		if n, err := db.Sweep(t.Context(), 0); err != nil || n != 0 {
			t.Errorf("swept %d again; %v", n, err)
		}
		if after, _ := db.Checksum(t.Context()); after != before || after.Reports != 1 {
			t.Errorf("what is seen changed: %v, was %v", after, before)
		}
	})
}

// What an earlier rev named is swept at once, not when a merge happens to drop its commit row.
func TestSweepTakesWhatWasOvertaken(t *testing.T) {
	backends(t, func(t *testing.T, db *analytics.DB) {
		f := filing(1)
		put(t, db, f, sample("Sở A", "2020-H1", 1))
		f.Rev++
		put(t, db, f, sample("Sở A", "2020-H1", 2))
		if n, err := db.Sweep(t.Context(), 0); err != nil || n != 1 {
			t.Errorf("swept %d, want 1; %v", n, err)
		}
		if n, err := db.Sweep(t.Context(), 0); err != nil || n != 0 {
			t.Errorf("swept %d again; %v", n, err)
		}
		if got, err := db.Report(t.Context(), f.ID); err != nil || got.Facts == 0 || got.Pages == 0 {
			t.Errorf("what counts is gone: %+v %v", got, err)
		}
	})
}

// TestWorkbookTextIsFound looks for words of a file that has no pages.
func TestWorkbookTextIsFound(t *testing.T) {
	backends(t, func(t *testing.T, db *analytics.DB) {
		r := sample("Sở A", "2020-H1", 1)
		r.Pages, r.Format = nil, document.XLSX
		r.Blocks[0].Table.Rows[0][0].Text = "Số cơ sở bức xạ"
		f := filing(1)
		put(t, db, f, r)
		hits, err := db.Search(t.Context(), "co so buc xa", analytics.SearchFilter{})
		if err != nil || len(hits) != 1 || hits[0].Page != 0 || hits[0].Report != f.ID {
			t.Errorf("%+v %v", hits, err)
		}
		if got, err := db.Report(t.Context(), f.ID); err != nil || got.Pages != 0 {
			t.Errorf("%+v %v", got, err)
		}
	})
}

// TestLargeReport crosses the limit of one block.
func TestLargeReport(t *testing.T) {
	backends(t, func(t *testing.T, db *analytics.DB) {
		r := sample("Sở A", "2020-H1", 1)
		for i := range 100_500 {
			r.Facts = append(r.Facts, result("task.accepted", float64(i), "2020-H1"))
		}
		put(t, db, filing(1), r)
		if c, err := db.Checksum(t.Context()); err != nil || c.Facts != uint64(len(r.Facts)) {
			t.Errorf("%v %v", c, err)
		}
	})
}
