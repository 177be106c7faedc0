package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"time"

	"soket/analytics"
	"soket/analytics/engine"
	"soket/analytics/web/access"
	"soket/ingest"
)

var upCommand = command{
	name: "up", args: "", summary: "run everything on this machine: NATS, the ClickHouse engine, workers and pages",
	declare: func(f *flags) func(context.Context, console, []string) error {
		p := declareParts(f)
		workers, w := f.workers(), declareWeb(f)
		queries := f.String("sql-listen", "127.0.0.1:0", "address for analysts' tools: read-only, only the documented views; their password is an API token, but for --demo; empty: none")
		library := f.String("engine-library", "", "path of libchdb.so; empty: beside the program")
		load := f.String("load", "", "file or folder of reports to upload once everything is up")
		return func(ctx context.Context, c console, _ []string) error {
			if err := w.check(); err != nil {
				return err
			}
			if *w.demo && *queries != "" {
				if err := onLoopback(*queries); err != nil {
					return fmt.Errorf("--demo asks for no login: %w", err)
				}
			}
			return p.withInbox(ctx, c, func(ctx context.Context, inbox *ingest.Inbox, log *slog.Logger) error {
				everything := func(ctx context.Context, db *analytics.DB, sql string) error {
					if err := migrate(ctx, db, c.stderr); err != nil {
						return err
					}
					w.sql = sql
					return waitAll(ctx,
						p.worker(inbox, db, *workers, log).Run,
						func(ctx context.Context) error {
							return w.serve(ctx, inbox, db, reader(*p.data, log), log, c.stdout, func(address string) {
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
				if *queries == "" {
					return withEngine(ctx, engineChild(*p.data, address, "", *library, log), func(ctx context.Context, db *analytics.DB) error {
						return everything(ctx, db, "")
					})
				}
				inner, err := engine.FreeAddress()
				if err != nil {
					return err
				}
				l, err := net.Listen("tcp", *queries)
				if err != nil {
					return fmt.Errorf("%w; stop what listens there, or choose another --sql-listen", err)
				}
				return withEngine(ctx, engineChild(*p.data, address, inner, *library, log), func(ctx context.Context, db *analytics.DB) error {
					var desk *access.Desk
					if !*w.demo {
						if desk, err = accounts(ctx, inbox); err != nil {
							return err
						}
					}
					return waitAll(ctx, func(ctx context.Context) error {
						return engine.Serve(ctx, l, engine.Noted(inner, func(ctx context.Context, q engine.Statement) error { return noteStatement(ctx, inbox, desk, q) }))
					}, func(ctx context.Context) error { return everything(ctx, db, l.Addr().String()) })
				})
			})
		}
	},
}

const (
	// maxExcerpt is how much of an analyst's statement its line in the trail holds, in characters; the
	// hash stands for the whole.
	maxExcerpt = 2000
	// noteWithin is how long a statement waits for its line: a trail that is slower refuses it.
	noteWithin = 5 * time.Second
)

// noteStatement gives an analyst's statement its line in the trail, under the account whose token came
// with it. The views bound nobody to a body, so the right must be one over all of them. Without a
// desk, in a demonstration, nobody is asked who he is.
func noteStatement(ctx context.Context, inbox *ingest.Inbox, desk *access.Desk, q engine.Statement) error {
	ctx, cancel := context.WithTimeout(ctx, noteWithin)
	defer cancel()
	by := "analyst address"
	if desk != nil {
		p, ok, err := desk.TokenPerson(ctx, q.Key)
		if err != nil {
			return err
		}
		if !ok || !desk.May(p, access.Query, "*") {
			return engine.ErrKey
		}
		by = p.Name
	}
	return inbox.Audit(ctx, ingest.Record{By: by, What: "query", Object: "sha256:" + q.Hash, Detail: excerpt(q.Text), Address: q.Address})
}

func excerpt(text string) string {
	text = strings.ToValidUTF8(text, "�")
	if r := []rune(text); len(r) > maxExcerpt {
		return string(r[:maxExcerpt]) + "…"
	}
	return text
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
