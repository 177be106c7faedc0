package analytics

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/cespare/xxhash/v2"
	"github.com/google/uuid"

	"soket/extract"
	"soket/extract/vietnamese"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

// statement is the text of sql/NAME.sql.
func statement(name string) string {
	raw, err := sqlFiles.ReadFile("sql/" + name + ".sql")
	if err != nil {
		panic(err) // a name of our own, held by tests
	}
	return string(raw)
}

// blockRows is the most rows in one INSERT: a bigger block takes memory on both sides, and the
// server splits it again.
const blockRows = 100_000

// attemptRows is what one call of Load stores.
type attemptRows struct {
	attempt string
	ids     []uuid.UUID // of attempt and report
	tables  []table
	at      time.Time
}

// rows is the longest of its tables.
func (a *attemptRows) rows() (n int) {
	for _, t := range a.tables {
		n = max(n, t.n)
	}
	return n
}

// Load stores what was read under an attempt, and says what it sent. Attempts that are loaded at the
// same time share their statements. A request that a network repeats changes nothing: a block that is
// there already is dropped by its token. The outcome of a call that fails is unknown.
func (db *DB) Load(ctx context.Context, attempt string, f extract.Filing, r *extract.Report) (extract.Tally, error) {
	ids, err := parseIDs(attempt, f.ID)
	if err != nil {
		return extract.Tally{}, err
	}
	tables, err := tablesOf(r)
	if err != nil {
		return extract.Tally{}, err
	}
	tally := extract.Tally{Pages: tables[0].n, Tables: tables[1].n, Facts: tables[2].n, Findings: tables[3].n}
	for _, t := range tables {
		for i := range t.n {
			tally.Sum += xxhash.Sum64String(strings.Join(t.sum(i), "\x00"))
		}
	}
	rows := &attemptRows{attempt, ids, tables, time.Now().UTC()}
	if rows.rows() > blockRows/10 { // the small ones do not wait for it
		return tally, db.load(ctx, []*attemptRows{rows})
	}
	return tally, db.loads.do(ctx, rows)
}

// load sends the rows of all, table by table, in blocks.
func (db *DB) load(ctx context.Context, all []*attemptRows) error {
	names := make([]string, len(all))
	for i, a := range all {
		names[i] = a.attempt
	}
	for k := range all[0].tables {
		name, _, _ := strings.Cut(all[0].tables[k].name, " ")
		var batch driver.Batch
		var row []any
		block, n := 0, 0
		send := func() error {
			if batch == nil {
				return nil
			}
			err := batch.Send()
			batch, n = nil, 0
			block++
			return err
		}
		for _, a := range all {
			t := a.tables[k]
			for i := range t.n {
				if batch == nil {
					var err error
					if batch, err = db.insert(db.once(ctx, names, name, block), "attempt_"+t.name); err != nil {
						return fmt.Errorf("load %s: %w", name, err)
					}
				}
				row = append(t.row(append(row[:0], a.ids[0], a.ids[1]), i), a.at)
				if err := batch.Append(row...); err != nil {
					batch.Abort()
					return fmt.Errorf("load %s row %d: %w", name, i, err)
				}
				if n++; n == blockRows {
					if err := send(); err != nil {
						return fmt.Errorf("load %s: %w", name, err)
					}
				}
			}
		}
		if err := send(); err != nil {
			return fmt.Errorf("load %s: %w", name, err)
		}
	}
	return nil
}

// once gives an insert its token. It names attempts, table and block, never a report: other data
// under a used token would be dropped without a word.
func (db *DB) once(ctx context.Context, attempts []string, table string, block int) context.Context {
	who := attempts[0]
	if len(attempts) > 1 {
		who = uuid.NewSHA1(uuid.Nil, []byte(strings.Join(attempts, " "))).String()
	}
	return clickhouse.Context(ctx, clickhouse.WithSettings(clickhouse.Settings{
		"insert_deduplication_token": fmt.Sprintf("%s/%s/%d", who, table, block), "async_insert": 0}))
}

func parseIDs(ids ...string) ([]uuid.UUID, error) {
	list := make([]uuid.UUID, len(ids))
	for i, id := range ids {
		var err error
		if list[i], err = uuid.Parse(id); err != nil {
			return nil, fmt.Errorf("id %q: %w", id, err)
		}
	}
	return list, nil
}

// readBack is one call of Stored.
type readBack struct {
	attempt uuid.UUID
	held    extract.Tally
}

// Stored reads back what an attempt holds.
func (db *DB) Stored(ctx context.Context, attempt string) (extract.Tally, error) {
	ids, err := parseIDs(attempt)
	if err != nil {
		return extract.Tally{}, err
	}
	r := &readBack{attempt: ids[0]}
	if err := db.backs.do(ctx, r); err != nil {
		return extract.Tally{}, fmt.Errorf("read attempt %s back: %w", attempt, err)
	}
	return r.held, nil
}

func (db *DB) stored(ctx context.Context, all []*readBack) error {
	held := map[uuid.UUID]*extract.Tally{}
	var attempts []string
	for _, r := range all {
		held[r.attempt] = &extract.Tally{}
		attempts = append(attempts, r.attempt.String())
	}
	rows, err := db.conn.Query(ctx, statement("stored"), clickhouse.Named("attempts", attempts))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var what string
		var attempt uuid.UUID
		var n, sum uint64
		if err := rows.Scan(&attempt, &what, &n, &sum); err != nil {
			return err
		}
		t := held[attempt]
		switch what {
		case "pages":
			t.Pages = int(n)
		case "tables":
			t.Tables = int(n)
		case "facts":
			t.Facts = int(n)
		case "findings":
			t.Findings = int(n)
		}
		t.Sum += sum
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, r := range all {
		r.held = *held[r.attempt]
	}
	return nil
}

// Commit makes an attempt the visible content of the filing at its rev. It is one row: there is no
// instant at which half of it shows.
func (db *DB) Commit(ctx context.Context, attempt string, f extract.Filing, r *extract.Report, t extract.Tally) error {
	ids, err := parseIDs(f.ID, attempt)
	if err != nil {
		return err
	}
	body, period := r.Issuer, string(r.Period)
	if f.Body.Value != "" {
		body = f.Body.Value
	}
	if f.Period.Value != "" {
		period = f.Period.Value
	}
	year, kind := periodParts(vietnamese.Period(period))
	var signed *time.Time
	if day, err := time.Parse(time.DateOnly, r.Signed); err == nil {
		signed = &day
	}
	warnings, err := json.Marshal(r.Warnings)
	if err != nil {
		return fmt.Errorf("commit: warnings: %w", err)
	}
	layers := r.Layers
	if layers == nil {
		layers = []string{}
	}
	state := string(f.State)
	switch {
	case f.State != extract.Visible:
	case f.Stage.Value == extract.Approved:
		state = "approved"
	case f.Stage.Value == extract.Published:
		state = "published"
	}
	row := []any{ids[0], f.Rev, ids[1], time.Now().UTC(), state, f.File, string(r.Format), uint64(f.Size), f.SHA256,
		r.Number, r.Title, r.Issuer, body, r.Recipient, signed, r.Signer, period, year, kind, uint32(len(r.Pages)), r.Engine,
		uint32(t.Facts), uint32(t.Findings), string(warnings), layers, r.Version, f.ReceivedAt, f.ReceivedBy, f.Replaces, f.ReplacedBy}
	if err := db.commits.do(ctx, &commitRow{f.ID, fmt.Sprintf("%s/commit/%d", attempt, f.Rev), row}); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// commitRow is one call of Commit.
type commitRow struct {
	id    string // of the report
	token string
	row   []any
}

func (db *DB) commit(ctx context.Context, all []*commitRow) error {
	var ids, tokens []string
	for _, c := range all {
		ids, tokens = append(ids, c.id), append(tokens, c.token)
	}
	// What stands is kept before something else takes its place. A call that fails later leaves a
	// copy of what still stands, which is not told apart from it.
	if err := db.conn.Exec(ctx, statement("keep"), clickhouse.Named("ids", ids)); err != nil {
		return fmt.Errorf("keep what stood: %w", err)
	}
	batch, err := db.insert(db.once(ctx, tokens, "commits", 0), "commits")
	if err != nil {
		return err
	}
	for _, c := range all {
		if err := batch.Append(c.row...); err != nil {
			batch.Abort()
			return err
		}
	}
	return batch.Send()
}

// commitAsked is one call of Committed.
type commitAsked struct {
	id   uuid.UUID
	rev  uint64
	made bool
}

// Committed tells whether the commit row of (report, rev) exists.
func (db *DB) Committed(ctx context.Context, id string, rev uint64) (bool, error) {
	ids, err := parseIDs(id)
	if err != nil {
		return false, err
	}
	q := &commitAsked{id: ids[0], rev: rev}
	if err := db.asks.do(ctx, q); err != nil {
		return false, fmt.Errorf("commit row of %s: %w", id, err)
	}
	return q.made, nil
}

func (db *DB) committed(ctx context.Context, all []*commitAsked) error {
	var ids []string
	for _, q := range all {
		ids = append(ids, q.id.String())
	}
	rows, err := db.conn.Query(ctx, "SELECT report_id, rev FROM commits WHERE report_id IN {ids:Array(UUID)}", clickhouse.Named("ids", ids))
	if err != nil {
		return err
	}
	defer rows.Close()
	made := map[commitAsked]bool{}
	for rows.Next() {
		var q commitAsked
		if err := rows.Scan(&q.id, &q.rev); err != nil {
			return err
		}
		made[q] = true
	}
	for _, q := range all {
		q.made = made[commitAsked{id: q.id, rev: q.rev}]
	}
	return rows.Err()
}
