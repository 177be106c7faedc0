package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"

	"soket/analytics"
	"soket/analytics/engine"
	"soket/ingest"
)

var upCommand = command{
	name: "up", args: "", summary: "run everything on this machine: NATS, the ClickHouse engine, workers and pages",
	declare: func(f *flags) func(context.Context, console, []string) error {
		p := declareParts(f)
		workers, w := f.workers(), declareWeb(f)
		queries := f.String("sql-listen", "127.0.0.1:0", "address for analysts' tools: read-only, only the documented views; empty: none")
		library := f.String("engine-library", "", "path of libchdb.so; empty: beside the program")
		load := f.String("load", "", "file or folder of reports to upload once everything is up")
		return func(ctx context.Context, c console, _ []string) error {
			if err := w.check(); err != nil {
				return err
			}
			return p.withInbox(ctx, c, func(ctx context.Context, inbox *ingest.Inbox, log *slog.Logger) error {
				everything := func(ctx context.Context, db *analytics.DB, sql string) error {
					if err := migrate(ctx, db, c.stderr); err != nil {
						return err
					}
					return waitAll(ctx,
						p.worker(inbox, db, *workers, log).Run,
						func(ctx context.Context) error {
							return w.serve(ctx, inbox, db, log, c.stdout, func(address string) {
								fmt.Fprintf(c.stdout, "Trang web:            %s/\n", address)
								if sql != "" {
									fmt.Fprintf(c.stdout, "ClickHouse (chỉ đọc): http://%s/\n", sql)
								}
								if *load != "" {
									go loadReports(ctx, c, address, *load, log)
								}
							})
						})
				}
				if *p.clickhouse != "" {
					return withDatabase(ctx, *p.clickhouse, log, func(ctx context.Context, db *analytics.DB) error {
						return everything(ctx, db, "")
					})
				}
				address, err := engine.FreeAddress()
				if err != nil {
					return err
				}
				sql, err := fixedPort(*queries)
				if err != nil {
					return err
				}
				return withEngine(ctx, engineChild(*p.data, address, sql, *library, log), func(ctx context.Context, db *analytics.DB) error {
					return everything(ctx, db, sql)
				})
			})
		}
	},
}

// fixedPort turns port 0 into a free one, so that an engine that is started again keeps its address.
func fixedPort(address string) (string, error) {
	if address == "" {
		return "", nil
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil || port != "0" {
		return address, err
	}
	free, err := engine.FreeAddress()
	if err != nil {
		return "", err
	}
	_, port, err = net.SplitHostPort(free)
	return net.JoinHostPort(host, port), err
}

// loadReports uploads reports through the front door, as anybody would.
func loadReports(ctx context.Context, c console, server, path string, log *slog.Logger) {
	files, err := reportFiles([]string{path})
	if err == nil {
		err = newUploader(server, "", true, c).all(ctx, files)
	}
	if err != nil && ctx.Err() == nil {
		log.Error("load", "path", filepath.Clean(path), "err", err)
		return
	}
	fmt.Fprintf(c.stdout, "Đã nạp %d báo cáo từ %s\n", len(files), path)
}
