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
