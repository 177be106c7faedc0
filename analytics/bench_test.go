package analytics_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"

	"soket/analytics/analyticstest"
	"soket/extract"
	"soket/extract/indicator"
)

// typical is a report of five pages with fifty facts and ten tables.
func typical(body string, period extract.Period) *extract.Report {
	r := sample(body, period, 1)
	for n := range 5 {
		text := ""
		for range 40 {
			text += fmt.Sprintf("Trong kỳ báo cáo, Sở đã tổ chức nghiệm thu %d nhiệm vụ khoa học và công nghệ cấp tỉnh\n", n)
		}
		r.Pages = append(r.Pages, extract.Page{Number: n + 2, Engine: "ledongthuc", Score: 1, Text: text})
	}
	for n := range 50 {
		r.Facts = append(r.Facts, fact(fmt.Sprintf("task.x%d", n%40), float64(n), period, indicator.Result, ""))
	}
	for range 9 {
		r.Blocks = append(r.Blocks, r.Blocks[0])
	}
	return r
}

// BenchmarkLoadAndCommit is what a worker does for one typical report, several workers at once.
func BenchmarkLoadAndCommit(b *testing.B) {
	db := analyticstest.Open(b, analyticstest.DSN(b))
	r := typical("Sở A", "2020-H1")
	b.SetParallelism(4)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			f, attempt := filing(1), uuid.NewString()
			sent, err := db.Load(b.Context(), attempt, f, r)
			if err != nil {
				b.Fatal(err)
			}
			if back, err := db.Stored(b.Context(), attempt); err != nil || back != sent {
				b.Fatal(back, err)
			}
			if err := db.Commit(b.Context(), attempt, f, r, sent); err != nil {
				b.Fatal(err)
			}
		}
	})
}
