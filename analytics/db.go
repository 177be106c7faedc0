// Package analytics is where read reports become figures that people see: it stores attempts,
// commits them, and answers what the pages and analysts ask. Only this package knows ClickHouse.
package analytics

import (
	"context"
	"fmt"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

const (
	dialTimeout  = 5 * time.Second
	queryTimeout = 60 * time.Second // a page's query takes milliseconds; beyond a minute something is wrong
)

// ErrNoAnswer says that no connection came free in time: the database hangs, or has too much to do.
var ErrNoAnswer = clickhouse.ErrAcquireConnTimeout

// DB is a ClickHouse server or the embedded engine; both speak the same interface.
type DB struct {
	conn driver.Conn
	name string // of the database
	opts clickhouse.Options

	// Calls of the loader that come together go together.
	loads   group[*attemptRows]
	backs   group[*readBack]
	commits group[*commitRow]
	asks    group[*commitAsked]

	columns   columns
	cache     cache
	winners   winners
	names     lasting[map[string]string] // of bodies, by their keys
	catalogue lasting[[]Indicator]
	held      held
	then      lasting[*figures]
	texts     pageTexts
}

// Open connects to clickhouse://USER:PASSWORD@HOST:9000/DATABASE or http://…; the database is
// "soket" where the DSN names none. It does not wait for the server: Version asks it.
func Open(dsn string) (*DB, error) {
	o, err := clickhouse.ParseDSN(dsn)
	if err != nil {
		return nil, fmt.Errorf("ClickHouse address: %w", err)
	}
	if o.Auth.Database == "" || o.Auth.Database == "default" {
		o.Auth.Database = "soket"
	}
	o.DialTimeout = dialTimeout
	o.MaxOpenConns, o.MaxIdleConns = 16, 8
	if o.Settings == nil {
		o.Settings = clickhouse.Settings{}
	}
	// On by default since 26.3: an answer would come before the rows are stored.
	o.Settings["async_insert"] = 0
	o.Settings["max_execution_time"] = int(queryTimeout.Seconds())
	conn, err := clickhouse.Open(o)
	if err != nil {
		return nil, fmt.Errorf("ClickHouse: %w", err)
	}
	db := &DB{conn: conn, name: o.Auth.Database, opts: *o}
	db.loads.send, db.loads.size = db.load, (*attemptRows).rows
	db.loads.linger, db.backs.linger, db.commits.linger, db.asks.linger = loadLinger, stepLinger, stepLinger, stepLinger
	db.backs.send, db.commits.send, db.asks.send = db.stored, db.commit, db.committed
	return db, nil
}

// Close gives the connections back.
func (db *DB) Close() error { return db.conn.Close() }

// Version is the server's version, and tells that it answers.
func (db *DB) Version(ctx context.Context) (v string, err error) {
	if err = db.conn.QueryRow(ctx, "SELECT version()").Scan(&v); err != nil {
		return "", fmt.Errorf("ClickHouse: %w", err)
	}
	return v, nil
}
