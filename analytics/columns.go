package analytics

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// columns are those of the tables that the loader fills, asked for once: over HTTP the client would
// ask before each INSERT, a third of all statements. An older program refuses a newer database, so
// they do not change while it runs.
type columns struct {
	mu   sync.Mutex
	into map[string][]clickhouse.ColumnNameAndType
}

// insert begins an INSERT into a table, with the list of its columns in brackets or all of them.
func (db *DB) insert(ctx context.Context, into string) (driver.Batch, error) {
	db.columns.mu.Lock()
	list := db.columns.into[into]
	db.columns.mu.Unlock()
	if list == nil {
		var err error
		if list, err = db.columnsOf(ctx, into); err != nil {
			return nil, err
		}
		db.columns.mu.Lock()
		if db.columns.into == nil {
			db.columns.into = map[string][]clickhouse.ColumnNameAndType{}
		}
		db.columns.into[into] = list
		db.columns.mu.Unlock()
	}
	return db.conn.PrepareBatch(clickhouse.Context(ctx, clickhouse.WithColumnNamesAndTypes(list)), "INSERT INTO "+into)
}

func (db *DB) columnsOf(ctx context.Context, into string) ([]clickhouse.ColumnNameAndType, error) {
	table, named, some := strings.Cut(strings.TrimSuffix(into, ")"), " (")
	rows, err := db.conn.Query(ctx, "SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = {table:String} AND default_kind NOT IN ('MATERIALIZED', 'ALIAS') ORDER BY position", clickhouse.Named("table", table))
	if err != nil {
		return nil, fmt.Errorf("columns of %s: %w", table, err)
	}
	defer rows.Close()
	types := map[string]string{}
	var all []string
	for rows.Next() {
		var name, kind string
		if err := rows.Scan(&name, &kind); err != nil {
			return nil, fmt.Errorf("columns of %s: %w", table, err)
		}
		types[name], all = kind, append(all, name)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("columns of %s: %w", table, err)
	}
	if some {
		all = strings.Split(named, ", ")
	}
	var list []clickhouse.ColumnNameAndType
	for _, name := range all {
		if types[name] == "" {
			return nil, fmt.Errorf("table %s has no column %s", table, name)
		}
		list = append(list, clickhouse.ColumnNameAndType{Name: name, Type: types[name]})
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("no table %s", table)
	}
	return list, nil
}
