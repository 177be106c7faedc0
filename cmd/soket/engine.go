package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os/exec"
	"path/filepath"
	"strings"

	"soket/analytics"
	"soket/analytics/engine"
	"soket/extract/indicator"
	"soket/ingest"
)

var engineCommand = command{
	name: "engine", args: "", summary: "serve the embedded ClickHouse engine over HTTP on loopback",
	declare: func(f *flags) func(context.Context, console, []string) error {
		data, level := f.data(), f.logLevel()
		listen := f.String("engine-listen", "127.0.0.1:8123", "address for our own processes; anything may be asked there, so keep it on loopback")
		queries := f.String("sql-listen", "", "address for analysts' tools: read-only, only the documented views; empty: none")
		library := f.String("engine-library", "", "path of libchdb.so; empty: beside the program")
		return func(ctx context.Context, c console, _ []string) error {
			log, err := newLog(c.stderr, *level)
			if err != nil {
				return err
			}
			if err := onLoopback(*listen); err != nil {
				return err
			}
			s, err := engine.Open(engine.Options{Dir: filepath.Join(*data, "clickhouse"), Library: *library, Log: log})
			if err != nil {
				return err
			}
			defer s.Close()
			parts := []func(context.Context) error{func(ctx context.Context) error {
				l, err := net.Listen("tcp", *listen)
				if err != nil {
					return err
				}
				return engine.Serve(ctx, l, s.Handler())
			}}
			if *queries != "" {
				parts = append(parts, func(ctx context.Context) error {
					l, err := net.Listen("tcp", *queries)
					if err != nil {
						return err
					}
					return engine.Serve(ctx, l, s.ReadOnly("soket", func(q engine.Statement) {
						log.Info("analyst's statement", "address", q.Address, "sha256", q.Hash, "statement", excerpt(q.Text))
					}))
				})
			}
			return waitAll(ctx, parts...)
		}
	},
}

var migrateCommand = command{
	name: "migrate", args: "", summary: "bring the ClickHouse database, and the streams of an outside NATS server, to this program's version",
	declare: func(f *flags) func(context.Context, console, []string) error {
		clickhouse, nats, level := f.clickhouse(), f.nats(), f.logLevel()
		return func(ctx context.Context, c console, _ []string) error {
			log, err := newLog(c.stderr, *level)
			if err != nil {
				return err
			}
			if *nats != "" {
				if err := ingest.Prepare(ctx, ingest.Options{URL: *nats, Log: log}); err != nil {
					return err
				}
				fmt.Fprintln(c.stdout, "NATS streams are ready")
			}
			return withDatabase(ctx, *clickhouse, log, func(ctx context.Context, db *analytics.DB) error {
				return migrate(ctx, db, c.stdout)
			})
		}
	},
}

// migrate says each step, so that a long one is seen to go on, and makes the catalogue a dimension.
func migrate(ctx context.Context, db *analytics.DB, out io.Writer) error {
	if err := db.Migrate(ctx, func(name string) { fmt.Fprintln(out, "migration", name) }); err != nil {
		return err
	}
	catalogue, err := indicator.Load()
	if err != nil {
		return err
	}
	var list []analytics.Indicator
	for _, x := range catalogue.All() {
		list = append(list, analytics.Indicator{Code: x.Code, Area: x.Area, Vi: x.VI, En: x.EN, Unit: x.Unit, Measure: x.Measure, Definition: x.Definition})
	}
	return db.SetIndicators(ctx, list)
}

// onLoopback refuses addresses that others could reach.
func onLoopback(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("listen address %q: %w", address, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("listen address %q: only loopback (127.0.0.1) is allowed here", address)
	}
	return nil
}

// withDatabase runs do with the database of a DSN; embedded:DIR runs the engine for as long.
func withDatabase(ctx context.Context, dsn string, log *slog.Logger, do func(context.Context, *analytics.DB) error) error {
	dir, embedded := strings.CutPrefix(dsn, "embedded:")
	if !embedded {
		if dsn == "" {
			return fmt.Errorf("no ClickHouse address: set --clickhouse to http://…, clickhouse://… or embedded:DIR")
		}
		db, err := analytics.Open(dsn)
		if err != nil {
			return err
		}
		defer db.Close()
		return do(ctx, db)
	}
	address, err := engine.FreeAddress()
	if err != nil {
		return err
	}
	return withEngine(ctx, engineChild(dir, address, "", "", log), do)
}

// engineChild describes the engine over DIR/clickhouse as a child process of this program.
func engineChild(dir, address, queries, library string, log *slog.Logger) engine.Child {
	return engine.Child{Address: address, Log: log, Command: func(ctx context.Context) *exec.Cmd {
		return engine.Self("engine", "--data", dir, "--engine-listen", address, "--sql-listen", queries, "--engine-library", library)(ctx)
	}}
}

// withEngine runs do while the engine runs.
func withEngine(ctx context.Context, child engine.Child, do func(context.Context, *analytics.DB) error) error {
	db, err := analytics.Open("http://" + child.Address)
	if err != nil {
		return err
	}
	defer db.Close()
	// The engine outlives do: what do still writes while it stops must be answered.
	outer, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	up, ended := make(chan struct{}), make(chan error, 1)
	go func() { ended <- child.Run(outer, func() { close(up) }) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		stop()
		<-ended
		return ctx.Err()
	case <-up:
	}
	err = do(ctx, db)
	stop()
	<-ended
	return err
}
