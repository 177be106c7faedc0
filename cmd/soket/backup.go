package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"soket/ingest"
)

var backupCommand = command{
	name: "backup", args: "FILE", summary: "write the ledger, the originals, accounts and the audit trail to a file; may run under load",
	declare: func(f *flags) func(context.Context, console, []string) error {
		p := declareParts(f)
		return func(ctx context.Context, c console, args []string) error {
			if len(args) != 1 {
				fmt.Fprintln(c.stderr, "soket backup: name the file to write")
				return usage
			}
			return p.withInbox(ctx, c, func(ctx context.Context, inbox *ingest.Inbox, _ *slog.Logger) error {
				// A half-written backup must not look like one: it gets its name when it is whole.
				out, err := os.OpenFile(args[0]+".part", os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
				if err != nil {
					return err
				}
				defer os.Remove(out.Name())
				bar := progressBar(c.stderr, "backup")
				err = inbox.Backup(ctx, out, func(done, total int64) { bar.ChangeMax64(total); bar.Set64(done) })
				bar.Finish()
				if err = errors.Join(err, out.Sync(), out.Close()); err != nil {
					return err
				}
				return os.Rename(out.Name(), args[0])
			})
		}
	},
}

var restoreCommand = command{
	name: "restore", args: "FILE", summary: "fill an empty store from a backup; soket up then reads every report again",
	declare: func(f *flags) func(context.Context, console, []string) error {
		p := declareParts(f)
		return func(ctx context.Context, c console, args []string) error {
			if len(args) != 1 {
				fmt.Fprintln(c.stderr, "soket restore: name the backup")
				return usage
			}
			in, err := os.Open(args[0])
			if err != nil {
				return err
			}
			defer in.Close()
			return p.withInbox(ctx, c, func(ctx context.Context, inbox *ingest.Inbox, _ *slog.Logger) error {
				bar := progressBar(c.stderr, "restore")
				defer bar.Finish()
				return inbox.Restore(ctx, in, func(done, total int64) { bar.ChangeMax64(total); bar.Set64(done) })
			})
		}
	},
}

var auditCommand = command{
	name: "audit", args: "verify", summary: "check the hash chain of the audit trail",
	declare: func(f *flags) func(context.Context, console, []string) error {
		p := declareParts(f)
		return func(ctx context.Context, c console, args []string) error {
			if len(args) != 1 || args[0] != "verify" {
				fmt.Fprintln(c.stderr, "soket audit: say verify")
				return usage
			}
			return p.withInbox(ctx, c, func(ctx context.Context, inbox *ingest.Inbox, _ *slog.Logger) error {
				bar := progressBar(c.stderr, "audit")
				count, head, err := inbox.VerifyAudit(ctx, func(done, total uint64) { bar.ChangeMax64(int64(total)); bar.Set64(int64(done)) })
				bar.Finish()
				if err != nil {
					return err
				}
				fmt.Fprintf(c.stdout, "%d records, whole; head %s\n", count, head)
				return nil
			})
		}
	},
}
