package analytics

import (
	"context"
	"fmt"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// Checksum is what can be seen in all: counts, and a sum over the rows that depends neither on
// their order nor on which attempt stored them. Two of them compare with ==.
type Checksum struct {
	Reports, Facts, Pages, Tables, Findings uint64
	Sum                                     uint64
}

func (c Checksum) String() string {
	return fmt.Sprintf("%016x (%d reports, %d facts, %d pages, %d tables, %d findings)", c.Sum, c.Reports, c.Facts, c.Pages, c.Tables, c.Findings)
}

// Checksum reads everything that can be seen. A rebuild from the ledger and the originals ends with
// the same one.
func (db *DB) Checksum(ctx context.Context) (Checksum, error) {
	var c Checksum
	rows, err := db.conn.Query(ctx, statement("checksum"))
	if err != nil {
		return c, fmt.Errorf("checksum: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var what uint8
		var n, sum uint64
		if err := rows.Scan(&what, &n, &sum); err != nil {
			return c, fmt.Errorf("checksum: %w", err)
		}
		*[]*uint64{&c.Reports, &c.Facts, &c.Pages, &c.Tables, &c.Findings}[what] = n
		c.Sum += sum * (2*uint64(what) + 1) // a row that moved to another table is a difference
	}
	return c, rows.Err()
}

// Clear empties the database for a rebuild. What stood is kept in the history with its figures, for
// the ledger does not know what a reader of that time found. The commits go first: nothing half
// shows meanwhile. Facts that nothing names any more go with the next Sweep.
func (db *DB) Clear(ctx context.Context) error {
	if err := db.conn.Exec(ctx, statement("keep"), clickhouse.Named("ids", []string{})); err != nil {
		return fmt.Errorf("keep what stood: %w", err)
	}
	for _, table := range []string{"commits", "attempt_findings", "attempt_tables", "attempt_pages"} {
		if err := db.conn.Exec(ctx, "TRUNCATE TABLE "+table); err != nil {
			return fmt.Errorf("clear %s: %w", table, err)
		}
	}
	return nil
}
