package analytics

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"

	"soket/extract"
	"soket/extract/document"
	"soket/extract/indicator"
	"soket/extract/vietnamese"
)

// ErrNotFound says that no report has that id.
var ErrNotFound = errors.New("no such report")

// ErrCursor says that a cursor is none that this package gave out.
var ErrCursor = errors.New("cursor is not valid")

// maxRows is the most rows of one answer; further ones are asked for with the cursor. A page of
// 1000 facts is about half a megabyte of JSON.
const maxRows = 1000

// Report is one filing with what it says of itself. The JSON names are those of the view `filings`.
type Report struct {
	ID          string    `ch:"report_id" json:"report_id"`
	Rev         uint64    `ch:"rev" json:"rev"`
	State       string    `ch:"state" json:"state"`
	File        string    `ch:"file_name" json:"file_name"`
	Format      string    `ch:"format" json:"format"`
	Size        uint64    `ch:"size_bytes" json:"size_bytes"`
	SHA256      string    `ch:"sha256" json:"sha256"`
	Number      string    `ch:"number" json:"number"`
	Title       string    `ch:"title" json:"title"`
	Issuer      string    `ch:"issuer" json:"issuer"` // as the document says
	Body        string    `ch:"body" json:"body"`     // the issuer, or what a person set
	Recipient   string    `ch:"recipient" json:"recipient"`
	Signed      string    `ch:"signed" json:"signed"` // ISO date, or empty
	Signer      string    `ch:"signer" json:"signer"`
	Period      string    `ch:"period" json:"period"`
	PeriodYear  uint16    `ch:"period_year" json:"period_year"`
	PeriodKind  string    `ch:"period_kind" json:"period_kind"`
	Pages       uint32    `ch:"pages" json:"pages"`
	Engine      string    `ch:"engine" json:"engine"`
	Facts       uint32    `ch:"facts" json:"facts"`
	Findings    uint32    `ch:"findings" json:"findings"`
	Version     string    `ch:"version" json:"version"` // of the reader
	ReceivedAt  time.Time `ch:"received_at" json:"received_at"`
	ReceivedBy  string    `ch:"received_by" json:"received_by"`
	CommittedAt time.Time `ch:"committed_at" json:"committed_at"`
	Replaces    string    `ch:"replaces" json:"replaces"`
	ReplacedBy  string    `ch:"replaced_by" json:"replaced_by"`
	WarningJSON string    `ch:"warnings" json:"-"`
	Layers      []string  `ch:"layers" json:"layers,omitempty"` // of the sandbox that held

	Warnings []document.Warning `ch:"-" json:"warnings"`
}

// Fact is one figure with its place. The JSON names are those of the view `facts`.
type Fact struct {
	Report     string    `ch:"report_id" json:"report_id"`
	No         uint32    `ch:"fact_no" json:"fact_no"` // from 0, in the order of the text
	Code       string    `ch:"code" json:"code"`
	Area       string    `ch:"area" json:"area"`
	Value      float64   `ch:"value" json:"value"`
	Unit       string    `ch:"unit" json:"unit"`
	Period     string    `ch:"period" json:"period"`
	PeriodYear uint16    `ch:"period_year" json:"period_year"`
	PeriodKind string    `ch:"period_kind" json:"period_kind"` // year, half, quarter, months, month, span
	Kind       string    `ch:"kind" json:"kind"`               // result, plan, comparison
	Basis      string    `ch:"basis" json:"basis"`             // of comparisons: same_period, previous_period, plan
	Body       string    `ch:"body" json:"body"`
	Page       uint32    `ch:"page" json:"page"` // from 1; 0 without pages
	Sheet      string    `ch:"sheet" json:"sheet"`
	Cell       string    `ch:"cell" json:"cell"`
	Box        []float64 `ch:"box" json:"box"` // x0, y0, x1, y1 in points from the page's top left
	Quote      string    `ch:"quote" json:"quote"`
	Confidence float64   `ch:"confidence" json:"confidence"`
	Method     string    `ch:"method" json:"method"`
	Rule       string    `ch:"rule" json:"rule,omitempty"`
	ReceivedAt time.Time `ch:"received_at" json:"received_at"`
	Signed     string    `ch:"signed" json:"signed"`
	Judged     string    `ch:"judged" json:"judged"` // what a person said: confirm, correct, add; empty where nobody did
	JudgedKey  string    `ch:"judged_key" json:"judged_key,omitempty"`
	JudgedBy   string    `ch:"judged_by" json:"judged_by,omitempty"`
	JudgedAt   time.Time `ch:"judged_at" json:"judged_at,omitzero"` // 1970 where nobody did
	JudgedWhy  string    `ch:"judged_why" json:"judged_why,omitempty"`
}

// Key names the figure as it was read, for what people say of it (extract.KeyOf).
func (f Fact) Key() string {
	if f.JudgedKey != "" {
		return f.JudgedKey
	}
	return extract.KeyOf(extract.Fact{Code: f.Code, Value: f.Value, Period: extract.Period(f.Period), Kind: indicator.Kind(f.Kind), Basis: indicator.Basis(f.Basis), Page: int(f.Page), Sheet: f.Sheet, Cell: f.Cell})
}

// Page is the text of one page. A file without pages (a workbook, DOCX, HTML, CSV) has its whole
// text as page 0.
type Page struct {
	Number uint32          `ch:"page" json:"page"`
	Width  float64         `ch:"width" json:"width"` // points
	Height float64         `ch:"height" json:"height"`
	Engine string          `ch:"engine" json:"engine"`
	Why    string          `ch:"why" json:"why"`
	Score  float64         `ch:"score" json:"score"`
	Text   string          `ch:"text" json:"text"`
	Raw    string          `ch:"lines" json:"-"`
	Lines  []document.Line `ch:"-" json:"lines,omitempty"`
}

// Table is one table of a report; its cells are in Rows.
type Table struct {
	No  uint32 `ch:"table_no" json:"table_no"` // from 0, in reading order
	Raw string `ch:"rows" json:"-"`
	extract.Table
}

// Finding is an inconsistency that was noticed in a report; it never alters a fact.
type Finding struct {
	Report   string   `ch:"report_id" json:"report_id"`
	No       uint32   `ch:"finding_no" json:"finding_no"`
	Code     string   `ch:"code" json:"code"`
	Severity string   `ch:"severity" json:"severity"`
	Facts    []uint32 `ch:"facts" json:"facts"` // fact_no of the facts concerned
	Expected string   `ch:"expected" json:"expected"`
	Found    string   `ch:"found" json:"found"`
}

// Filter says which rows are wanted. An empty list or string lets all through.
type Filter struct {
	Reports     []string // ids
	Bodies      []string
	Codes       []string
	Areas       []string // the part of a code before the dot
	Periods     []string
	PeriodKinds []string
	Kinds       []string
	Bases       []string
	Limit       int    // rows; 0 or above 1000: 1000
	Cursor      string // as given with the rows before
}

// ReportFilter says which reports are wanted. An empty list or string lets all through.
type ReportFilter struct {
	Bodies, Periods, States, Formats []string
	Text                             string // part of the title, the number, the file's name or the body; marks and case do not matter
	Limit                            int    // rows; 0 or above 1000: 1000
	Cursor                           string // as given with the rows before
}

// Reports lists filings of every state, the newest first. next is empty after the last ones.
func (db *DB) Reports(ctx context.Context, f ReportFilter) (list []Report, next string, err error) {
	limit := bounded(f.Limit)
	after, err := cursorParts(f.Cursor, 2)
	if err != nil {
		return nil, "", err
	}
	if err := db.selectRows(ctx, &list, "reports", after[1],
		clickhouse.Named("bodies", some(f.Bodies)), clickhouse.Named("periods", some(f.Periods)), clickhouse.Named("states", some(f.States)),
		clickhouse.Named("formats", some(f.Formats)), clickhouse.Named("text", vietnamese.Fold(f.Text)), clickhouse.Named("limit", limit+1),
		clickhouse.Named("after_at", orZero(after[0])), clickhouse.Named("after_id", after[1])); err != nil {
		return nil, "", fmt.Errorf("reports: %w", err)
	}
	if len(list) > limit {
		list = list[:limit]
		last := list[limit-1]
		next = cursorOf(fmt.Sprint(last.ReceivedAt.UnixMilli()), last.ID)
	}
	for i := range list {
		if err := list[i].decode(); err != nil {
			return nil, "", err
		}
	}
	return list, next, nil
}

func (r *Report) decode() error {
	r.Warnings = []document.Warning{}
	if r.WarningJSON != "" && r.WarningJSON != "null" {
		if err := json.Unmarshal([]byte(r.WarningJSON), &r.Warnings); err != nil {
			return fmt.Errorf("warnings of %s: %w", r.ID, err)
		}
	}
	return nil
}

// Report gives one filing in whatever state it is; ErrNotFound where nothing of it was committed.
func (db *DB) Report(ctx context.Context, id string) (Report, error) {
	var list []Report
	if _, err := parseIDs(id); err != nil {
		return Report{}, fmt.Errorf("%w: %q", ErrNotFound, id)
	}
	known, err := db.roster(ctx)
	if err != nil {
		return Report{}, err
	}
	sql, counts := statement("report"), known.report(id)
	if counts != nil { // its body's name is known, which is all that the view would look up
		sql = strings.Replace(sql, "FROM filings AS f", "FROM commits AS f FINAL", 1)
	}
	if err := db.conn.Select(ctx, &list, sql, clickhouse.Named("id", id)); err != nil {
		return Report{}, fmt.Errorf("report %s: %w", id, err)
	}
	if len(list) == 0 {
		return Report{}, fmt.Errorf("%w: %s", ErrNotFound, id)
	}
	if counts != nil {
		list[0].Body = counts.Body
	}
	return list[0], list[0].decode()
}

// ReportFacts gives all facts of a report in the order of the text, in whatever state it is.
func (db *DB) ReportFacts(ctx context.Context, id string) (list []Fact, err error) {
	x, err := db.ofReport(ctx, &list, "report_facts", id)
	for i := range list {
		f := &list[i]
		f.Report, f.Body, f.ReceivedAt, f.Signed = x.Report, x.Body, x.ReceivedAt, x.Signed
		f.Area, _, _ = strings.Cut(f.Code, ".")
		f.PeriodYear, f.PeriodKind = periodParts(extract.Period(f.Period))
	}
	return list, err
}

// ReportFindings gives all findings of a report, in whatever state it is.
func (db *DB) ReportFindings(ctx context.Context, id string) (list []Finding, err error) {
	x, err := db.stands(ctx, id)
	if err != nil || x == nil || x.Findings == 0 { // a reading's are counted when it is committed
		return nil, err
	}
	if err := db.selectRows(ctx, &list, "report_findings", "", clickhouse.Named("attempt", x.Attempt.String())); err != nil {
		return nil, fmt.Errorf("findings of %s: %w", id, err)
	}
	return list, nil
}

// Pages gives the text of a report page by page, in whatever state it is.
func (db *DB) Pages(ctx context.Context, id string) ([]Page, error) {
	var list []Page
	if _, err := db.ofReport(ctx, &list, "report_pages", id); err != nil {
		return nil, err
	}
	for i := range list {
		if err := json.Unmarshal([]byte(list[i].Raw), &list[i].Lines); err != nil {
			return nil, fmt.Errorf("page %d of %s: %w", list[i].Number, id, err)
		}
	}
	return list, nil
}

// Tables gives the tables of a report, in whatever state it is.
func (db *DB) Tables(ctx context.Context, id string) ([]Table, error) {
	var list []Table
	if _, err := db.ofReport(ctx, &list, "report_tables", id); err != nil {
		return nil, err
	}
	for i := range list {
		if err := json.Unmarshal([]byte(list[i].Raw), &list[i].Table); err != nil {
			return nil, fmt.Errorf("table %d of %s: %w", list[i].No, id, err)
		}
	}
	return list, nil
}

// Facts lists visible facts, the newest report first. next is empty after the last ones.
func (db *DB) Facts(ctx context.Context, f Filter) (list []Fact, next string, err error) {
	limit := bounded(f.Limit)
	after, err := cursorParts(f.Cursor, 3)
	if err != nil {
		return nil, "", err
	}
	args := append(f.args(limit+1), clickhouse.Named("after_at", orZero(after[0])), clickhouse.Named("after_id", after[1]),
		clickhouse.Named("after_no", orZero(after[2])))
	if err := db.selectRows(ctx, &list, "facts", after[1], args...); err != nil {
		return nil, "", fmt.Errorf("facts: %w", err)
	}
	if len(list) > limit {
		list = list[:limit]
		last := list[limit-1]
		next = cursorOf(fmt.Sprint(last.ReceivedAt.UnixMilli()), last.Report, fmt.Sprint(last.No))
	}
	return list, next, nil
}

// args are the filter's parts as bound parameters.
func (f Filter) args(limit int) []any {
	return []any{
		clickhouse.Named("reports", some(f.Reports)), clickhouse.Named("bodies", some(f.Bodies)), clickhouse.Named("codes", some(f.Codes)),
		clickhouse.Named("areas", some(f.Areas)), clickhouse.Named("periods", some(f.Periods)), clickhouse.Named("period_kinds", some(f.PeriodKinds)),
		clickhouse.Named("kinds", some(f.Kinds)), clickhouse.Named("bases", some(f.Bases)), clickhouse.Named("limit", limit),
	}
}

// BodyCount is one issuing body with what there is of it.
type BodyCount struct {
	Body    string `json:"body"`
	Reports uint64 `json:"reports"`
	Facts   uint64 `json:"facts"`
	Last    string `json:"last"` // its newest period
}

// Bodies lists the issuing bodies that have visible reports, by name.
func (db *DB) Bodies(ctx context.Context) ([]BodyCount, error) {
	return cached(ctx, db, "", func(ctx context.Context) (list []BodyCount, err error) {
		known, err := db.roster(ctx)
		if err != nil {
			return nil, fmt.Errorf("bodies: %w", err)
		}
		for _, name := range known.bodies {
			b, year := BodyCount{Body: name}, uint16(0)
			for _, x := range known.byBody[name] {
				b.Reports++
				b.Facts += uint64(x.Facts)
				if x.PeriodYear > year || x.PeriodYear == year && x.Period > b.Last {
					b.Last, year = x.Period, x.PeriodYear
				}
			}
			list = append(list, b)
		}
		return list, nil
	})
}

// PeriodCount is one period with what there is of it.
type PeriodCount struct {
	Period  string `json:"period"`
	Year    uint16 `json:"period_year"`
	Kind    string `json:"period_kind"`
	Reports uint64 `json:"reports"`
	Bodies  uint64 `json:"bodies"`
	Facts   uint64 `json:"facts"`
}

// Periods lists the periods that visible reports are about, the newest first.
func (db *DB) Periods(ctx context.Context) ([]PeriodCount, error) {
	return cached(ctx, db, "", func(ctx context.Context) (list []PeriodCount, err error) {
		known, err := db.roster(ctx)
		if err != nil {
			return nil, fmt.Errorf("periods: %w", err)
		}
		type period struct {
			PeriodCount
			body string // counted last
		}
		found := map[string]*period{}
		add := func(x *rosterRow) {
			p := found[x.Period]
			if p == nil {
				p = &period{PeriodCount: PeriodCount{Period: x.Period, Year: x.PeriodYear, Kind: x.PeriodKind}}
				found[x.Period] = p
			}
			p.Reports++
			p.Facts += uint64(x.Facts)
			if p.Bodies == 0 || p.body != x.Body {
				p.body = x.Body
				p.Bodies++
			}
		}
		for _, rows := range known.byBody { // body by body, so that each is counted once
			for _, x := range rows {
				add(x)
			}
		}
		for i := range known.rows {
			if x := &known.rows[i]; x.Body == "" {
				add(x)
			}
		}
		delete(found, "")
		for _, p := range found {
			list = append(list, p.PeriodCount)
		}
		slices.SortFunc(list, func(a, b PeriodCount) int {
			return cmp.Or(cmp.Compare(b.Year, a.Year), strings.Compare(b.Period, a.Period))
		})
		return list, nil
	})
}

// CodeCount is one indicator of the catalogue with how much of it there is.
type CodeCount struct {
	Indicator
	Facts   uint64 `json:"facts"`
	Bodies  uint64 `json:"bodies"`
	Periods uint64 `json:"periods"`
	Last    string `json:"last"` // newest period of a result
}

// Codes lists the indicators in the catalogue's order, also those without facts.
func (db *DB) Codes(ctx context.Context) ([]CodeCount, error) {
	return cached(ctx, db, "", func(ctx context.Context) ([]CodeCount, error) {
		catalogue, err := db.Catalogue(ctx)
		if err != nil {
			return nil, err
		}
		all, err := db.figures(ctx)
		if err != nil {
			return nil, fmt.Errorf("indicators: %w", err)
		}
		list, at := make([]CodeCount, len(catalogue)), map[string]*CodeCount{}
		for i, x := range catalogue {
			list[i].Indicator, at[x.Code] = x, &list[i]
		}
		body, last, periods := map[*CodeCount]string{}, map[*CodeCount]uint16{}, map[[2]string]bool{}
		all.each(nil, func(s *sort) bool { return at[s.Code] != nil }, func(x stated) {
			c := at[x.Code]
			c.Facts++
			if body[c] != x.from.Body { // they come body by body
				body[c] = x.from.Body
				c.Bodies++
			}
			if p := [2]string{x.Code, x.Period}; !periods[p] {
				periods[p] = true
				c.Periods++
			}
			if x.Kind == string(indicator.Result) && (x.PeriodYear > last[c] || x.PeriodYear == last[c] && x.Period > c.Last) {
				c.Last, last[c] = x.Period, x.PeriodYear
			}
		})
		return list, nil
	})
}

// Totals is what there is in all.
type Totals struct {
	Reports uint64    `json:"reports"` // visible
	Waiting uint64    `json:"waiting"`
	Facts   uint64    `json:"facts"`
	Bodies  uint64    `json:"bodies"`
	Periods uint64    `json:"periods"`
	Last    time.Time `json:"last"` // newest commit; the zero time where there is none
}

// Totals counts what there is.
func (db *DB) Totals(ctx context.Context) (Totals, error) {
	list, err := cached(ctx, db, "", func(ctx context.Context) ([]Totals, error) {
		known, err := db.roster(ctx)
		if err != nil {
			return nil, fmt.Errorf("totals: %w", err)
		}
		t := Totals{Reports: uint64(len(known.rows)), Waiting: uint64(len(known.waiting)), Bodies: uint64(len(known.bodies)), Last: known.last}
		periods := map[string]bool{"": true}
		for i := range known.rows {
			t.Facts += uint64(known.rows[i].Facts)
			periods[known.rows[i].Period] = true
		}
		t.Periods = uint64(len(periods) - 1)
		return []Totals{t}, nil
	})
	if err != nil {
		return Totals{}, err
	}
	return list[0], nil
}

// selectRows runs sql/read/NAME.sql. id is checked where it is not empty: a cursor comes from outside.
func (db *DB) selectRows(ctx context.Context, dest any, name, id string, args ...any) error {
	if id != "" {
		if _, err := parseIDs(id); err != nil {
			return fmt.Errorf("%w: %w", ErrCursor, err)
		}
	}
	return db.conn.Select(ctx, dest, statement(name), args...)
}

// ofReport runs a query over what counts of one report, and says what that is; nil, and no rows, where
// nothing of it was committed.
func (db *DB) ofReport(ctx context.Context, dest any, name, id string) (*rosterRow, error) {
	x, err := db.stands(ctx, id)
	if err != nil || x == nil {
		return nil, err
	}
	if err := db.selectRows(ctx, dest, name, "", clickhouse.Named("attempt", x.Attempt.String())); err != nil {
		return nil, fmt.Errorf("%s %s: %w", name, id, err)
	}
	return x, nil
}

func bounded(limit int) int {
	if limit <= 0 || limit > maxRows {
		return maxRows
	}
	return limit
}

// some makes an empty list of none: a nil would be bound as NULL.
func some(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func orZero(s string) string {
	if s == "" {
		return "0"
	}
	return s
}

// A cursor is the sorting key of the last row given. It is opaque to callers and checked when it
// comes back.
func cursorOf(parts ...string) string {
	raw, _ := json.Marshal(parts) // strings always marshal
	return base64.RawURLEncoding.EncodeToString(raw)
}

func cursorParts(cursor string, n int) ([]string, error) {
	parts := make([]string, n)
	if cursor == "" {
		return parts, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return nil, ErrCursor
	}
	if err := json.Unmarshal(raw, &parts); err != nil || len(parts) != n {
		return nil, ErrCursor
	}
	return parts, nil
}
