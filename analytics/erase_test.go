package analytics_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"soket/analytics"
	"soket/extract"
)

// What is erased is in no table and no history, a late worker's rows do not come up, and other reports
// stay as they were.
func TestErase(t *testing.T) {
	backends(t, func(t *testing.T, db *analytics.DB) {
		kept, f := filing(1), filing(2)
		put(t, db, kept, sample("Sở A", "2020-H1", 10))
		put(t, db, f, sample("Sở B", "2020-H1", 20))
		old := f
		f.Rev = 3
		put(t, db, f, sample("Sở B", "2020-H1", 30)) // the row before stands in the history
		want := checksumWithout(t, db, f.ID)
		dead := extract.Filing{ID: f.ID, Rev: 4, State: extract.Deleted, ReceivedAt: f.ReceivedAt}
		put(t, db, dead, &extract.Report{Version: extract.Version})
		for range 2 {
			if err := db.Erase(t.Context(), f.ID); err != nil {
				t.Fatal(err)
			}
		}
		check := func(when string) {
			t.Helper()
			for _, table := range []string{"attempt_pages", "attempt_tables", "attempt_facts", "attempt_findings", "commit_history", "commits"} {
				where := " WHERE report_id = '" + f.ID + "'"
				if table == "commits" {
					where += " AND (state != 'deleted' OR file_name != '' OR body != '' OR sha256 != '' OR received_by != '')"
				}
				if n := analytics.CountRows(t, db, table+where); n != 0 {
					t.Errorf("%s: %d rows in %s", when, n, table)
				}
			}
			if got, err := db.Checksum(t.Context()); err != nil || got != want {
				t.Errorf("%s: %v, want %v, %v", when, got, want, err)
			}
		}
		check("erased")
		attempt := uuid.NewString()
		r := sample("Sở B", "2020-H1", 20)
		sent, err := db.Load(t.Context(), attempt, old, r)
		if err == nil {
			err = db.Commit(t.Context(), attempt, old, r, sent)
		}
		if err != nil {
			t.Fatal(err)
		}
		if got, err := db.Checksum(t.Context()); err != nil || got != want {
			t.Errorf("after a late commit: %v, want %v, %v", got, want, err)
		}
		if _, err := db.Sweep(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
		check("swept")
	})
}

// checksumWithout is the checksum of the database as it is once a report is withdrawn.
func checksumWithout(t *testing.T, db *analytics.DB, id string) analytics.Checksum {
	t.Helper()
	put(t, db, extract.Filing{ID: id, Rev: 3, State: extract.Withdrawn, ReceivedAt: time.Now()}, &extract.Report{Version: extract.Version})
	sum, err := db.Checksum(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return sum
}
