package analytics

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"soket/extract"
	"soket/extract/vietnamese"
)

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
