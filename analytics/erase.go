package analytics

import (
	"context"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/uuid"
)

// Erase removes every row of the report from every attempt and from the history, but for the empty
// commit that says that it is deleted. Parts that held them are written anew without them, for a
// DELETE would only hide them; the engine keeps the old parts for some eight minutes more.
func (db *DB) Erase(ctx context.Context, id string) error {
	ids, err := parseIDs(id)
	if err != nil {
		return err
	}
	// The commits go last: what pages keep of older answers holds until their number changes.
	for _, t := range []string{"attempt_pages", "attempt_tables", "attempt_facts", "attempt_findings", "commit_history", "commits"} {
		where := "report_id = '" + ids[0].String() + "'"
		if t == "commits" {
			where += " AND state != 'deleted'"
		}
		if err := db.conn.Exec(ctx, "ALTER TABLE "+t+" DELETE WHERE "+where+" SETTINGS mutations_sync = 2"); err != nil {
			return fmt.Errorf("erase %s of %s: %w", t, id, err)
		}
	}
	return nil
}

// eraseLate erases again what a worker that was held up stored of deleted reports afterwards.
func (db *DB) eraseLate(ctx context.Context) error {
	rows, err := db.conn.Query(ctx, statement("late"))
	if err != nil {
		return fmt.Errorf("late rows: %w", err)
	}
	defer rows.Close()
	var late []string
	for rows.Next() {
		var id uuid.UUID
		if err := rows.Scan(&id); err != nil {
			return fmt.Errorf("late rows: %w", err)
		}
		late = append(late, id.String())
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("late rows: %w", err)
	}
	for _, id := range late {
		if err := db.Erase(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// Sweep removes attempts older than age that no commit names, and what came late of erased reports,
// and says how many attempts.
func (db *DB) Sweep(ctx context.Context, age time.Duration) (int, error) {
	if err := db.eraseLate(ctx); err != nil {
		return 0, err
	}
	before := time.Now().UTC().Add(-age).Format("2006-01-02 15:04:05.000")
	orphans := map[string]bool{}
	for _, t := range []string{"pages", "tables", "facts", "findings"} {
		// Only what the winning commit names stays: a row that another took the place of is there until
		// some merge, and what it names would be swept now or later by chance.
		where := " WHERE stored_at < {before:DateTime64(3, 'UTC')} AND attempt NOT IN (SELECT attempt FROM commits FINAL)"
		if t == "facts" { // figures are shown as they stood; the pages they stood on are not
			where += " AND attempt NOT IN (SELECT attempt FROM commit_history)"
		}
		rows, err := db.conn.Query(ctx, "SELECT DISTINCT toString(attempt) FROM attempt_"+t+where, clickhouse.Named("before", before))
		if err != nil {
			return 0, fmt.Errorf("sweep %s: %w", t, err)
		}
		found := false
		for rows.Next() {
			var id string
			if err := rows.Scan(&id); err != nil {
				rows.Close()
				return 0, fmt.Errorf("sweep %s: %w", t, err)
			}
			orphans[id], found = true, true
		}
		rows.Close()
		if err := rows.Err(); err != nil {
			return 0, fmt.Errorf("sweep %s: %w", t, err)
		}
		if found {
			if err := db.conn.Exec(ctx, "DELETE FROM attempt_"+t+where, clickhouse.Named("before", before)); err != nil {
				return 0, fmt.Errorf("sweep %s: %w", t, err)
			}
		}
	}
	return len(orphans), nil
}
