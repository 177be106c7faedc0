package analytics

import (
	"context"
	"fmt"
	"time"
)

// SetBodyNames says which body each key of a name stands for; views show reports under the body's
// name from then on, and under the name in the report where no key fits. The set as a whole takes the
// place of the one before. It may be called again with the same set.
func (db *DB) SetBodyNames(ctx context.Context, names map[string]string) error {
	batch, err := db.conn.PrepareBatch(ctx, "INSERT INTO body_names (key, body, written)")
	if err != nil {
		return fmt.Errorf("names of bodies: %w", err)
	}
	now := uint64(time.Now().UnixMicro())
	// An empty set is a set too: its row keeps the one before from counting.
	if err := batch.Append("", "", now); err != nil {
		batch.Abort()
		return fmt.Errorf("names of bodies: %w", err)
	}
	for key, body := range names {
		if err := batch.Append(key, body, now); err != nil {
			batch.Abort()
			return fmt.Errorf("names of bodies: %w", err)
		}
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("names of bodies: %w", err)
	}
	if err := db.conn.Exec(ctx, "DELETE FROM body_names WHERE written < "+fmt.Sprint(now)); err != nil {
		return fmt.Errorf("names of bodies: %w", err)
	}
	return nil
}
