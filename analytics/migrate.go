package analytics

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// ErrNewer says that the database was migrated by a newer program.
var ErrNewer = errors.New("the database belongs to a newer soket: install that one, or restore a backup")

// ErrChanged says that a migration that ran is not the one in this program.
var ErrChanged = errors.New("a migration that ran already was changed since")

// migration is one numbered file of statements, each of which may be repeated: a run that is killed
// in the middle is begun again.
type migration struct {
	number    uint32
	name, sum string
	steps     []string
}

func readMigrations(files fs.FS) ([]migration, error) {
	names, err := fs.Glob(files, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	var list []migration
	for i, file := range names {
		raw, err := fs.ReadFile(files, file)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(raw)
		m := migration{number: uint32(i + 1), sum: hex.EncodeToString(sum[:8]),
			name: strings.TrimSuffix(strings.TrimPrefix(file, "migrations/"), ".sql")}
		if !strings.HasPrefix(m.name, fmt.Sprintf("%04d_", m.number)) {
			return nil, fmt.Errorf("migration %s: number %04d is missing", m.name, m.number)
		}
		for step := range strings.SplitSeq(string(raw), ";\n") {
			if step = strings.TrimSpace(step); step != "" {
				m.steps = append(m.steps, step)
			}
		}
		list = append(list, m)
	}
	return list, nil
}

// Migrate brings the database to this program's version and tells progress of each migration that
// it runs. It may be called again, also after a run that was killed: every statement may be
// repeated, and the log of versions is written after the statements. It only goes forward.
func (db *DB) Migrate(ctx context.Context, progress func(name string)) error {
	list, err := readMigrations(migrationFiles)
	if err != nil {
		return err
	}
	return db.migrate(ctx, list, progress)
}

func (db *DB) migrate(ctx context.Context, list []migration, progress func(name string)) error {
	// The database itself is made over a connection that names none.
	plain := db.opts
	plain.Auth.Database = "default"
	conn, err := clickhouse.Open(&plain)
	if err != nil {
		return fmt.Errorf("ClickHouse: %w", err)
	}
	defer conn.Close()
	if err := conn.Exec(ctx, "CREATE DATABASE IF NOT EXISTS `"+strings.ReplaceAll(db.name, "`", "")+"`"); err != nil {
		return fmt.Errorf("database %s: %w", db.name, err)
	}
	if err := db.conn.Exec(ctx, "CREATE TABLE IF NOT EXISTS versions (number UInt32, name String, sum String, at DateTime64(3, 'UTC')) ENGINE = MergeTree ORDER BY number SETTINGS fsync_after_insert = 1, fsync_part_directory = 1"); err != nil {
		return fmt.Errorf("table versions: %w", err)
	}
	rows, err := db.conn.Query(ctx, "SELECT DISTINCT number, sum FROM versions")
	if err != nil {
		return fmt.Errorf("versions: %w", err)
	}
	defer rows.Close()
	done := map[uint32]string{}
	for rows.Next() {
		var n uint32
		var sum string
		if err := rows.Scan(&n, &sum); err != nil {
			return fmt.Errorf("versions: %w", err)
		}
		done[n] = sum
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("versions: %w", err)
	}
	for n := range done {
		if int(n) > len(list) {
			return fmt.Errorf("%w (its version is %d, ours %d)", ErrNewer, n, len(list))
		}
	}
	for _, m := range list {
		if sum, ran := done[m.number]; ran {
			if sum != m.sum {
				return fmt.Errorf("%w: %s", ErrChanged, m.name)
			}
			continue
		}
		if progress != nil {
			progress(m.name)
		}
		for i, step := range m.steps {
			if err := db.conn.Exec(ctx, step); err != nil {
				return fmt.Errorf("migration %s, statement %d: %w", m.name, i+1, err)
			}
		}
		if err := db.conn.Exec(ctx, "INSERT INTO versions VALUES (?, ?, ?, ?)", m.number, m.name, m.sum, time.Now().UTC()); err != nil {
			return fmt.Errorf("migration %s: version: %w", m.name, err)
		}
	}
	return nil
}
