// Package ingest is how a report arrives and is settled: the ledger, the stored files, the jobs,
// the worker and the reconciler. Only this package knows NATS.
package ingest

import (
	"context"
	"time"

	"soket/extract"
)

// Store is where figures become visible. *analytics.DB satisfies it.
//
// Every call may be repeated. Load with the same attempt stores the same rows once: the second call
// changes nothing. Nothing of an attempt is visible before Commit names it; Commit is one row, and
// on equal (report, rev) the latest commit wins. An error leaves the outcome unknown: the caller
// begins a new attempt, or repeats the same call.
type Store interface {
	// Load stores pages, tables, facts and findings under an attempt and says what it sent.
	Load(ctx context.Context, attempt string, f extract.Filing, r *extract.Report) (extract.Tally, error)
	// Stored reads back what an attempt holds.
	Stored(ctx context.Context, attempt string) (extract.Tally, error)
	// Commit makes an attempt the visible content of the filing at its rev. head is what the
	// report says of itself; it may be committed with a state that keeps its figures out
	// (Waiting, Withdrawn, Replaced).
	Commit(ctx context.Context, attempt string, f extract.Filing, r *extract.Report, t extract.Tally) error
	// Committed tells whether the commit row of (report, rev) exists.
	Committed(ctx context.Context, id string, rev uint64) (bool, error)
	// Erase removes every row of the report from every attempt and from the history, but for the empty
	// commit (state Deleted) that keeps late ones below it. It may be called again.
	Erase(ctx context.Context, id string) error
	// Sweep removes attempts older than age that no commit names, and what came late of erased
	// reports, and says how many attempts.
	Sweep(ctx context.Context, age time.Duration) (int, error)
}

// Reader reads a file on this machine's disk in a sandbox of its own. sandbox.Reader satisfies it.
type Reader interface {
	Read(ctx context.Context, path, name string, period extract.Period, progress func(extract.Progress)) (*extract.Report, error)
}
