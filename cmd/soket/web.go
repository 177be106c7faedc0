package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"time"

	"soket/analytics"
	"soket/analytics/web"
	"soket/analytics/web/access"
	"soket/extract"
	"soket/extract/sandbox"
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
				return w.serve(ctx, inbox, db, reader(*p.data, log), log, c.stdout, func(address string) { fmt.Fprintf(c.stdout, "Trang web: %s/\n", address) })
			})
		}
	},
}

// webFlags are the flags of commands that serve pages.
type webFlags struct {
	listen, cert, key, chromium  *string
	proxies                      *string
	issuer, client, clientSecret *string
	demo                         *bool
	sql                          string // "HOST:PORT" for analysts' tools, where this process serves it
}

func declareWeb(f *flags) webFlags {
	return webFlags{
		listen:   f.String("listen", "127.0.0.1:8080", "address of the pages and the API; port 0 takes a free one"),
		cert:     f.String("tls-cert", "", "certificate file (PEM); with --tls-key the server speaks HTTPS"),
		key:      f.String("tls-key", "", "private key file (PEM)"),
		chromium: f.String("chromium", "", "Chromium that prints PDFs; empty: one on the PATH"),
		proxies:  f.String("trusted-proxy", "", "CIDRs, separated by commas, of proxies whose X-Forwarded-For and X-Forwarded-Proto count"),
		issuer:   f.String("oidc-issuer", "", "issuer's address of an OpenID Connect service that signs people in"),
		client:   f.String("oidc-client", "", "our client ID there; its return address is https://OUR-HOST/dang-nhap/tra-ve"),

		clientSecret: f.String("oidc-secret", "", "our client secret there; better from a file: SOKET_OIDC_SECRET_FILE"),

		demo: f.Bool("demo", false, "no login, marked on every page; loopback only"),
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
	if (*w.issuer == "") != (*w.client == "") {
		return fmt.Errorf("--oidc-issuer and --oidc-client go together")
	}
	_, err := w.prefixes()
	return err
}

// prefixes are the networks of --trusted-proxy.
func (w webFlags) prefixes() (list []netip.Prefix, err error) {
	for text := range strings.FieldsFuncSeq(*w.proxies, func(r rune) bool { return r == ',' || r == ' ' }) {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("--trusted-proxy: %w", err)
		}
		list = append(list, p)
	}
	return list, nil
}

// serve answers until ctx ends; ready is called with the address once it listens.
func (w webFlags) serve(ctx context.Context, inbox *ingest.Inbox, db *analytics.DB, reader sandbox.Reader, log *slog.Logger, out io.Writer, ready func(address string)) error {
	desk, err := accounts(ctx, inbox)
	if err != nil {
		return err
	}
	records, err := ingest.OpenBucket(ctx, inbox.JetStream(), "records", 0, 1)
	if err != nil {
		return err
	}
	proxies, err := w.prefixes()
	if err != nil {
		return err
	}
	var service *access.Service
	if *w.issuer != "" {
		service = &access.Service{Issuer: *w.issuer, Client: *w.client, Secret: *w.clientSecret}
	}
	h, err := web.New(web.Config{Proxies: proxies, Service: service, Desk: desk, Records: records, Trail: trail{inbox}, Inbox: door{inbox}, Figures: db, Reader: reader, Operations: operations(inbox, db), Demo: *w.demo, Version: release(), MaxUpload: ingest.MaxUploadBytes, Chromium: *w.chromium, SQL: w.sql, Log: log})
	if err != nil {
		return err
	}
	go warm(ctx, reader, log)
	l, err := net.Listen("tcp", *w.listen)
	if err != nil {
		return fmt.Errorf("%w; stop what listens there, or choose another --listen", err)
	}
	go func() {
		n, err := db.Warm(ctx)
		if err != nil && ctx.Err() == nil {
			log.Warn("figures are not there yet; the first page asks for them", "err", err)
		}
		if n > web.ManyFigures {
			collectRarely()
		}
	}()
	srv := web.Server(h)
	// Streams of events end when the program does, instead of being waited for.
	srv.BaseContext = func(net.Listener) context.Context { return ctx }
	done := make(chan error, 1)
	scheme := "http"
	if *w.cert != "" {
		scheme = "https"
		pair := &keyPair{cert: *w.cert, key: *w.key, log: log}
		if _, err := pair.get(nil); err != nil {
			return err
		}
		srv.TLSConfig = &tls.Config{GetCertificate: pair.get, MinVersion: tls.VersionTLS12}
		go func() { done <- srv.ServeTLS(l, "", "") }()
	} else {
		go func() { done <- srv.Serve(l) }()
	}
	address := scheme + "://" + l.Addr().String()
	ready(address)
	if !*w.demo {
		// The link is for whoever started the program: it goes to its output, not to the log.
		link, err := desk.Setup(ctx)
		if err != nil {
			return err
		}
		if link != "" {
			fmt.Fprintf(out, "Tài khoản đầu tiên:   %s/bat-dau?ma=%s (dùng một lần)\n", address, link)
		}
	}
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

// accounts opens the buckets of accounts, sessions and tokens.
func accounts(ctx context.Context, inbox *ingest.Inbox) (*access.Desk, error) {
	var buckets [3]*ingest.Bucket
	for i, name := range []string{"accounts", "sessions", "tokens"} {
		ttl := time.Duration(0)
		if name == "sessions" {
			ttl = access.SessionTTL
		}
		var err error
		if buckets[i], err = ingest.OpenBucket(ctx, inbox.JetStream(), name, ttl, 1); err != nil {
			return nil, err
		}
	}
	return access.NewDesk(buckets[0], buckets[1], buckets[2]), nil
}

// door lets the pages use the inbox without knowing it.
type door struct{ *ingest.Inbox }

func (d door) Accept(ctx context.Context, u web.Upload, r io.Reader) (extract.Filing, error) {
	return d.Inbox.Accept(ctx, ingest.Upload{Name: u.Name, By: u.By, IdempotencyKey: u.IdempotencyKey, Size: u.Size, Body: u.Body, Period: u.Period, Replaces: u.Replaces, Reason: u.Reason}, r)
}

func (d door) Filings(q web.FilingQuery) ([]extract.Filing, string, error) {
	page, err := d.Inbox.Filings(ingest.Query{State: q.State, Body: q.Body, Period: q.Period, Text: q.Text, By: q.By, Limit: q.Limit, Cursor: q.Cursor})
	return page.Filings, page.Next, err
}

var _ web.Inbox = door{}

// trail lets the pages write and show the audit trail without knowing it.
type trail struct{ inbox *ingest.Inbox }

func (t trail) Audit(ctx context.Context, r web.Record) error {
	return t.inbox.Audit(ctx, ingest.Record{At: r.At, By: r.By, What: r.What, Object: r.Object, Detail: r.Detail, Address: r.Address})
}

func (t trail) Trail(ctx context.Context, before uint64, limit int) ([]web.Record, error) {
	list, err := t.inbox.Trail(ctx, before, limit)
	out := make([]web.Record, len(list))
	for i, r := range list {
		out[i] = web.Record{Seq: r.Seq, At: r.At, By: r.By, What: r.What, Object: r.Object, Detail: r.Detail, Address: r.Address}
	}
	return out, err
}
