package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"time"

	"soket/analytics"
	"soket/analytics/web"
	"soket/extract"
	"soket/ingest"
)

// stopServing is how long open requests may go on when the server is told to stop.
const stopServing = 3 * time.Second

var webCommand = command{
	name: "web", args: "", summary: "serve the pages and the API over outside NATS and ClickHouse servers",
	declare: func(f *flags) func(context.Context, console, []string) error {
		p, w := declareParts(f), declareWeb(f)
		return func(ctx context.Context, c console, _ []string) error {
			if err := w.check(); err != nil {
				return err
			}
			return p.with(ctx, c, func(ctx context.Context, inbox *ingest.Inbox, db *analytics.DB, log *slog.Logger) error {
				return w.serve(ctx, inbox, db, log, func(address string) { fmt.Fprintf(c.stdout, "Trang web: %s/\n", address) })
			})
		}
	},
}

// webFlags are the flags of commands that serve pages.
type webFlags struct {
	listen, cert, key *string
	demo              *bool
}

func declareWeb(f *flags) webFlags {
	return webFlags{
		listen: f.String("listen", "127.0.0.1:8080", "address of the pages and the API; port 0 takes a free one"),
		cert:   f.String("tls-cert", "", "certificate file (PEM); with --tls-key the server speaks HTTPS"),
		key:    f.String("tls-key", "", "private key file (PEM)"),
		demo:   f.Bool("demo", false, "no login, marked on every page; loopback only"),
	}
}

func (w webFlags) check() error {
	if *w.demo {
		if err := onLoopback(*w.listen); err != nil {
			return fmt.Errorf("--demo asks for no login: %w", err)
		}
	}
	if (*w.cert == "") != (*w.key == "") {
		return fmt.Errorf("--tls-cert and --tls-key go together")
	}
	return nil
}

// serve answers until ctx ends; ready is called with the address once it listens.
func (w webFlags) serve(ctx context.Context, inbox *ingest.Inbox, db *analytics.DB, log *slog.Logger, ready func(address string)) error {
	h, err := web.New(web.Config{Inbox: door{inbox}, Figures: db, Operations: operations(inbox, db), Demo: *w.demo, Version: version(), Log: log})
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", *w.listen)
	if err != nil {
		return fmt.Errorf("%w; stop what listens there, or choose another --listen", err)
	}
	srv := web.Server(h)
	// Streams of events end when the program does, instead of being waited for.
	srv.BaseContext = func(net.Listener) context.Context { return ctx }
	done := make(chan error, 1)
	scheme := "http"
	if *w.cert != "" {
		scheme = "https"
		go func() { done <- srv.ServeTLS(l, *w.cert, *w.key) }()
	} else {
		go func() { done <- srv.Serve(l) }()
	}
	ready(scheme + "://" + l.Addr().String())
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopServing)
	defer cancel()
	if err := srv.Shutdown(stop); errors.Is(err, context.DeadlineExceeded) {
		return srv.Close()
	}
	return nil
}

// door lets the pages use the inbox without knowing it.
type door struct{ *ingest.Inbox }

func (d door) Accept(ctx context.Context, u web.Upload, r io.Reader) (extract.Filing, error) {
	return d.Inbox.Accept(ctx, ingest.Upload{Name: u.Name, By: u.By, IdempotencyKey: u.IdempotencyKey, Size: u.Size, Body: u.Body, Period: u.Period, Replaces: u.Replaces}, r)
}

func (d door) Filings(q web.FilingQuery) ([]extract.Filing, string, error) {
	page, err := d.Inbox.Filings(ingest.Query{State: q.State, Body: q.Body, Period: q.Period, Text: q.Text, By: q.By, Limit: q.Limit, Cursor: q.Cursor})
	return page.Filings, page.Next, err
}

var _ web.Inbox = door{}
