package analytics

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
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

// table is what an attempt stores in one table.
type table struct {
	name string // without the prefix attempt_
	n    int
	row  func(to []any, i int) []any // puts what is stored behind attempt and report_id, but for stored_at
	sum  func(i int) []string
}

func tablesOf(r *extract.Report) ([]table, error) {
	sheets := pagesOf(r)
	pages := make([]string, len(sheets))
	for i, p := range sheets {
		raw, err := json.Marshal(p.Lines)
		if err != nil {
			return nil, fmt.Errorf("page %d: %w", p.Number, err)
		}
		pages[i] = string(raw)
	}
	ts := r.Tables()
	rows := make([]string, len(ts))
	for i, t := range ts {
		raw, err := json.Marshal(t)
		if err != nil {
			return nil, fmt.Errorf("table %d: %w", i+1, err)
		}
		rows[i] = string(raw)
	}
	return []table{
		{"pages (attempt, report_id, page, width, height, engine, why, score, text, lines, stored_at)", len(sheets), func(to []any, i int) []any {
			p := sheets[i]
			return append(to, uint32(p.Number), p.Width, p.Height, p.Engine, p.Why, p.Score, p.Text, pages[i])
		}, func(i int) []string {
			p := sheets[i]
			return []string{strconv.Itoa(p.Number), p.Engine, p.Text, pages[i]}
		}},
		{"tables (attempt, report_id, table_no, page, sheet, title, unit, rows, stored_at)", len(ts), func(to []any, i int) []any {
			return append(to, uint32(i), uint32(ts[i].Page), ts[i].Sheet, ts[i].Title, ts[i].Unit, rows[i])
		}, func(i int) []string { return []string{strconv.Itoa(i), ts[i].Sheet, ts[i].Title, rows[i]} }},
		{"facts (attempt, report_id, fact_no, code, area, value, unit, period, period_year, period_kind, kind, basis, page, sheet, cell, box, quote, confidence, method, rule, judged, judged_key, judged_by, judged_at, judged_why, stored_at)", len(r.Facts), func(to []any, i int) []any {
			f := r.Facts[i]
			area, _, _ := strings.Cut(f.Code, ".")
			year, kind := periodParts(f.Period)
			return append(to, uint32(i), f.Code, area, f.Value, f.Unit, string(f.Period), year, kind, string(f.Kind), string(f.Basis),
				uint32(f.Page), f.Sheet, f.Cell, f.Box[:], f.Quote, f.Confidence, f.Method, f.Rule,
				f.Judged, f.JudgedKey, f.JudgedBy, since1970(f.JudgedAt), f.JudgedWhy)
		}, func(i int) []string {
			f := r.Facts[i]
			return []string{strconv.Itoa(i), f.Code, strconv.FormatUint(math.Float64bits(f.Value), 10), string(f.Period),
				string(f.Kind), string(f.Basis), f.Sheet, f.Cell, f.Quote}
		}},
		{"findings (attempt, report_id, finding_no, code, severity, facts, expected, found, stored_at)", len(r.Findings), func(to []any, i int) []any {
			f := r.Findings[i]
			facts := make([]uint32, len(f.Facts))
			for j, n := range f.Facts {
				facts[j] = uint32(n)
			}
			return append(to, uint32(i), f.Code, f.Severity, facts, f.Expected, f.Found)
		}, func(i int) []string {
			f := r.Findings[i]
			return []string{strconv.Itoa(i), f.Code, f.Severity, f.Expected, f.Found}
		}},
	}, nil
}

// since1970 is a time as ClickHouse can hold it; the zero time is its first.
func since1970(t time.Time) time.Time {
	if t.IsZero() {
		return time.Unix(0, 0).UTC()
	}
	return t
}

// pagesOf gives the pages whose text is stored. A file without pages has all of its text as page 0,
// so that it is found by its words like any other.
func pagesOf(r *extract.Report) []extract.Page {
	if len(r.Pages) > 0 || len(r.Blocks) == 0 {
		return r.Pages
	}
	var b strings.Builder
	for _, block := range r.Blocks {
		if t := block.Table; t != nil {
			if t.Title != "" {
				b.WriteString(t.Title + "\n")
			}
			for _, row := range t.Rows {
				for i, cell := range row {
					if i > 0 {
						b.WriteByte('\t')
					}
					b.WriteString(cell.Text)
				}
				b.WriteByte('\n')
			}
			continue
		}
		if block.Marker != "" {
			b.WriteString(block.Marker + " ")
		}
		b.WriteString(block.Text + "\n")
	}
	return []extract.Page{{Engine: r.Engine, Score: vietnamese.Score(b.String()), Text: b.String()}}
}

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

// Erase removes every row of the report from every attempt and from the history, but for the empty
// commit that says that it is deleted. Parts that held them are written anew without them, for a
// DELETE would only hide them; the engine keeps the old parts for some eight minutes more.
func (db *DB) Erase(ctx context.Context, id string) error {
	ids, err := parseIDs(id)
	if err != nil {
		return err
	}
	// The commits go last: what pages keep of older answers holds until their number changes.
	for _, t := range []string{"attempt_pages", "attempt_tables", "attempt_facts", "attempt_findings", "commit_history", "commits"} {
		where := "report_id = '" + ids[0].String() + "'"
		if t == "commits" {
			where += " AND state != 'deleted'"
		}
		if err := db.conn.Exec(ctx, "ALTER TABLE "+t+" DELETE WHERE "+where+" SETTINGS mutations_sync = 2"); err != nil {
			return fmt.Errorf("erase %s of %s: %w", t, id, err)
		}
	}
	return nil
}

// eraseLate erases again what a worker that was held up stored of deleted reports afterwards.
func (db *DB) eraseLate(ctx context.Context) error {
	rows, err := db.conn.Query(ctx, statement("late"))
	if err != nil {
		return fmt.Errorf("late rows: %w", err)
	}
	defer rows.Close()
	var late []string
	for rows.Next() {
		var id uuid.UUID
		if err := rows.Scan(&id); err != nil {
			return fmt.Errorf("late rows: %w", err)
		}
		late = append(late, id.String())
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("late rows: %w", err)
	}
	for _, id := range late {
		if err := db.Erase(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// Sweep removes attempts older than age that no commit names, and what came late of erased reports,
// and says how many attempts.
func (db *DB) Sweep(ctx context.Context, age time.Duration) (int, error) {
	if err := db.eraseLate(ctx); err != nil {
		return 0, err
	}
	before := time.Now().UTC().Add(-age).Format("2006-01-02 15:04:05.000")
	orphans := map[string]bool{}
	for _, t := range []string{"pages", "tables", "facts", "findings"} {
		// Only what the winning commit names stays: a row that another took the place of is there until
		// some merge, and what it names would be swept now or later by chance.
		where := " WHERE stored_at < {before:DateTime64(3, 'UTC')} AND attempt NOT IN (SELECT attempt FROM commits FINAL)"
		if t == "facts" { // figures are shown as they stood; the pages they stood on are not
			where += " AND attempt NOT IN (SELECT attempt FROM commit_history)"
		}
		rows, err := db.conn.Query(ctx, "SELECT DISTINCT toString(attempt) FROM attempt_"+t+where, clickhouse.Named("before", before))
		if err != nil {
			return 0, fmt.Errorf("sweep %s: %w", t, err)
		}
		found := false
		for rows.Next() {
			var id string
			if err := rows.Scan(&id); err != nil {
				rows.Close()
				return 0, fmt.Errorf("sweep %s: %w", t, err)
			}
			orphans[id], found = true, true
		}
		rows.Close()
		if err := rows.Err(); err != nil {
			return 0, fmt.Errorf("sweep %s: %w", t, err)
		}
		if found {
			if err := db.conn.Exec(ctx, "DELETE FROM attempt_"+t+where, clickhouse.Named("before", before)); err != nil {
				return 0, fmt.Errorf("sweep %s: %w", t, err)
			}
		}
	}
	return len(orphans), nil
}
