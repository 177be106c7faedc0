package analytics_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"soket/analytics"
	"soket/analytics/analyticstest"
)

// million is a country's twenty years: 20,000 half-yearly reports of 500 bodies with fifty results
// each, made by the engine itself.
var million = []string{
	`INSERT INTO indicator_entries SELECT concat('task.x', toString(number)), 'task', concat('Chỉ tiêu ', toString(number)), '', 'nhiệm vụ', 'flow', '', number, 1 FROM numbers(50)`,
	`INSERT INTO commits (report_id, rev, attempt, committed_at, state, file_name, body, period, period_year, period_kind, facts, received_at)
	 SELECT reinterpretAsUUID(toFixedString(concat('r', toString(number), repeat('x', 15 - length(toString(number)))), 16)), 1,
	        reinterpretAsUUID(toFixedString(concat('a', toString(number), repeat('x', 15 - length(toString(number)))), 16)), now(), 'visible', 'f',
	        concat('Sở ', toString(number % 500)), concat(toString(2005 + intDiv(number, 1000)), if(intDiv(number, 500) % 2 = 0, '-H1', '-H2')),
	        2005 + intDiv(number, 1000), 'half', 50, now() FROM numbers(20000)`,
	`INSERT INTO attempt_facts (attempt, report_id, fact_no, code, area, value, unit, period, period_year, period_kind, kind, quote, confidence, method, stored_at)
	 SELECT reinterpretAsUUID(toFixedString(concat('a', toString(n), repeat('x', 15 - length(toString(n)))), 16)),
	        reinterpretAsUUID(toFixedString(concat('r', toString(n), repeat('x', 15 - length(toString(n)))), 16)), number % 50,
	        concat('task.x', toString(number % 50)), 'task', rand() % 1000, 'nhiệm vụ', concat(toString(2005 + intDiv(n, 1000)), if(intDiv(n, 500) % 2 = 0, '-H1', '-H2')),
	        2005 + intDiv(n, 1000), 'half', if(number % 50 % 10 = 9, 'plan', 'result'), 'q', 0.9, 'text', now()
	 FROM (SELECT number, intDiv(number, 50) AS n FROM numbers(1000000))`,
}

// BenchmarkPeriodFigures is what a period's page asks, of all bodies and of one, with 20,000 reports
// and a million facts.
func BenchmarkPeriodFigures(b *testing.B) {
	dsn := analyticstest.DSN(b)
	db := analyticstest.Open(b, dsn)
	address, database, _ := strings.Cut(strings.TrimPrefix(dsn, "http://"), "/")
	for _, statement := range million {
		res, err := http.Post("http://"+address+"/?database="+database, "text/plain", strings.NewReader(statement))
		if err != nil || res.StatusCode != http.StatusOK {
			b.Fatal(res, err)
		}
		res.Body.Close()
	}
	for name, q := range map[string]analytics.Standing{"all": {Period: "2024-H1"}, "one": {Period: "2024-H1", Body: "Sở 7"}, "then": {Period: "2024-H1", At: time.Now().Add(time.Hour)}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if list, err := db.PeriodFigures(b.Context(), q); err != nil || len(list) < 40 {
					b.Fatal(len(list), err)
				}
			}
		})
	}
	b.Run("reports", func(b *testing.B) {
		for b.Loop() {
			if list, err := db.StandingReports(b.Context(), analytics.Standing{Period: "2024-H1"}); err != nil || len(list) != 500 {
				b.Fatal(len(list), err)
			}
		}
	})
	b.Run("expected", func(b *testing.B) {
		for b.Loop() {
			if list, err := db.ExpectedBodies(b.Context(), analytics.Standing{Period: "2024-H1"}); err != nil || len(list) != 500 {
				b.Fatal(len(list), err)
			}
		}
	})
}
