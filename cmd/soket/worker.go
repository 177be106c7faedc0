package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/schollz/progressbar/v3"

	"soket/analytics"
	"soket/analytics/web"
	"soket/extract/sandbox"
	"soket/ingest"
)

var workerCommand = command{
	name: "worker", args: "", summary: "read the reports that wait in a NATS server's queue",
	declare: func(f *flags) func(context.Context, console, []string) error {
		p := declareParts(f)
		workers := f.workers()
		return func(ctx context.Context, c console, _ []string) error {
			return p.with(ctx, c, func(ctx context.Context, inbox *ingest.Inbox, db *analytics.DB, log *slog.Logger) error {
				go warm(ctx, reader(*p.data, log), log)
				return p.worker(inbox, db, *workers, log).Run(ctx)
			})
		}
	},
}

var rebuildCommand = command{
	name: "rebuild", args: "", summary: "make ClickHouse anew from the ledger and the stored files, and compare checksums",
	declare: func(f *flags) func(context.Context, console, []string) error {
		p := declareParts(f)
		workers := f.workers()
		return func(ctx context.Context, c console, _ []string) error {
			return p.with(ctx, c, func(ctx context.Context, inbox *ingest.Inbox, db *analytics.DB, log *slog.Logger) error {
				return rebuild(ctx, c, inbox, db, p.worker(inbox, db, *workers, log))
			})
		}
	},
}

// rebuild empties the database and fills it from the ledger. The checksum before and after is of
// what people see; it differs when rules changed since a report was read, and is said either way.
func rebuild(ctx context.Context, c console, inbox *ingest.Inbox, db *analytics.DB, w *ingest.Worker) error {
	before, unreadable := db.Checksum(ctx)
	if _, err := db.Version(ctx); err != nil { // away, not damaged
		return err
	}
	if err := db.Clear(ctx); err != nil {
		return err
	}
	bar := progressBar(c.stderr, "rebuild")
	err := inbox.Rebuild(ctx, w, func(done, total int) {
		bar.ChangeMax(total)
		bar.Set(done)
	})
	bar.Finish()
	if err != nil {
		return err
	}
	after, err := db.Checksum(ctx)
	if err != nil {
		return err
	}
	if unreadable != nil {
		fmt.Fprintf(c.stdout, "before: damaged, %v\nchecksum after  %s\n", unreadable, after)
		return nil
	}
	fmt.Fprintf(c.stdout, "checksum before %s\nchecksum after  %s\n", before, after)
	if before != after {
		return fmt.Errorf("the checksums differ: reports were read by an older reader, or the database held something else")
	}
	return nil
}

func progressBar(w io.Writer, what string) *progressbar.ProgressBar {
	return progressbar.NewOptions(-1, progressbar.OptionSetWriter(w), progressbar.OptionSetDescription(what), progressbar.OptionShowCount(),
		progressbar.OptionShowIts(), progressbar.OptionSetPredictTime(true), progressbar.OptionThrottle(200*time.Millisecond), progressbar.OptionClearOnFinish())
}

// parts are the flags of commands that need NATS and ClickHouse.
type parts struct {
	data, nats, clickhouse, level, faults *string
	spare                                 *sandbox.Spare // for the worker
}

func declareParts(f *flags) parts {
	return parts{f.data(), f.nats(), f.clickhouse(), f.logLevel(), f.faults(), new(sandbox.Spare)}
}

// withInbox connects to NATS, or runs the server inside when no address names one, for as long as
// do takes.
func (p parts) withInbox(ctx context.Context, c console, do func(context.Context, *ingest.Inbox, *slog.Logger) error) error {
	log, err := newLog(c.stderr, *p.level)
	if err != nil {
		return err
	}
	fault, err := ingest.ParseFaults(*p.faults)
	if err != nil {
		return err
	}
	o := ingest.Options{URL: *p.nats, Name: "soket", Dir: filepath.Join(*p.data, "work"), Log: log, Fault: fault}
	if *p.nats == "" {
		release, err := lockData(*p.data)
		if err != nil {
			return err
		}
		defer release()
		if o.Server, err = ingest.Start(ctx, filepath.Join(*p.data, "nats"), ingest.ServerOptions{Log: log}); err != nil {
			return err
		}
		defer o.Server.Stop()
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return err
	}
	inbox, err := ingest.Open(ctx, o)
	if err != nil {
		return err
	}
	defer inbox.Close()
	defer p.spare.Close()
	return do(ctx, inbox, log)
}

// with is withInbox and a database; without an address the engine runs inside.
func (p parts) with(ctx context.Context, c console, do func(context.Context, *ingest.Inbox, *analytics.DB, *slog.Logger) error) error {
	return p.withInbox(ctx, c, func(ctx context.Context, inbox *ingest.Inbox, log *slog.Logger) error {
		dsn := *p.clickhouse
		if dsn == "" {
			dsn = "embedded:" + *p.data
		}
		return withDatabase(ctx, dsn, log, func(ctx context.Context, db *analytics.DB) error {
			return do(ctx, inbox, db, log)
		})
	})
}

// jobsPerReader is how many reports are in hand for each that is read: the others wait for their turn
// or are being stored, which is the cheaper the more go together.
const jobsPerReader = 24

// collectRarely has garbage collected where it is web.CollectAt per cent of what is in use, unless GOGC says
// otherwise.
func collectRarely() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(web.CollectAt)
	}
}

func (p parts) worker(inbox *ingest.Inbox, db *analytics.DB, parallel int, log *slog.Logger) *ingest.Worker {
	sandbox.Sweep()
	// What a report leaves behind is many times what is kept: 19.0 ms of a processor go for a report beside
	// reading, at Go's 100 per cent 21.6, and tens of MiB more.
	collectRarely()
	r := reader(*p.data, log)
	r.Spare = p.spare
	return &ingest.Worker{Inbox: inbox, Store: db, Reader: r, Reading: parallel, Parallel: jobsPerReader * parallel, Log: log}
}

// reader is the sandbox of this installation; without a data directory compiled code is kept in the
// user's cache.
func reader(data string, log *slog.Logger) sandbox.Reader {
	cache := filepath.Join(data, "cache")
	if data == "" {
		if cache, _ = os.UserCacheDir(); cache != "" {
			cache = filepath.Join(cache, "soket")
		}
	}
	if cache != "" {
		cache = filepath.Join(cache, "pdfium")
	}
	return sandbox.Reader{Cache: cache, GiveWay: true, Log: log}
}

// warm makes pdfium ready, so that no first scan, damaged file or picture of a page waits four seconds
// for it. What is in the way is told again, with its remedy, where it is needed and by doctor.
func warm(ctx context.Context, r sandbox.Reader, log *slog.Logger) {
	if err := r.Warm(ctx); err != nil && ctx.Err() == nil {
		log.Warn("pdfium is not ready", "err", err)
	}
}

func (f *flags) workers() *int {
	return f.Int("workers", runtime.NumCPU(), "reports read at once")
}

func (f *flags) faults() *string {
	return f.String("faults", "", "for tests: fail at named steps, as docs/operations.md says")
}
