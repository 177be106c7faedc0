package analytics_test

import (
	"io"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"soket/analytics/analyticstest"
	"soket/analytics/engine"
	"soket/extract"
	"soket/extract/document"
	"soket/extract/indicator"
)

// TestAnalystDocument runs every query of docs/analyst.md through the analysts' own address over
// figures for which the answers are known, and holds its lists of columns against the views.
func TestAnalystDocument(t *testing.T) {
	raw, err := os.ReadFile("../docs/analyst.md")
	if err != nil {
		t.Fatal(err)
	}
	doc := string(raw)
	dsn := analyticstest.DSN(t)
	db := analyticstest.Open(t, dsn)
	analysts := analyticstest.Analysts(t, dsn)
	catalogue(t, db)
	const a, b = "Sở Khoa học và Công nghệ tỉnh Mẫu A", "Sở Khoa học và Công nghệ tỉnh Mẫu B"
	day := time.Date(2020, 7, 1, 0, 0, 0, 0, time.UTC)
	low := result("ip.applications", 7, "2020-H1")
	low.Confidence, low.Method = 0.5, "ocr"
	report(t, db, a, "2020-H1", day, result("task.accepted", 10, "2020-H1"), result("task.in_progress", 40, "2020-H1"), low)
	report(t, db, a, "2020", day.AddDate(0, 6, 0), result("task.accepted", 24, "2020"), fact("task.accepted", 25, "2020", indicator.Plan, ""))
	report(t, db, a, "2021-H1", day.AddDate(1, 0, 0), result("task.accepted", 12, "2021-H1"), result("task.accepted", 11, "2020-H1"),
		fact("task.accepted", 50, "2021-H1", indicator.Comparison, indicator.SamePeriod))
	report(t, db, b, "2020-H1", day, result("task.accepted", 5, "2020-H1"))
	page := filing(1)
	put(t, db, page, &extract.Report{Head: extract.Head{Issuer: b, Period: "2020-H1", Title: "Báo cáo về sở hữu trí tuệ"}, Format: document.PDF,
		Pages: []extract.Page{{Number: 1, Text: "Công tác sở hữu trí tuệ được chú trọng"}}})

	ask := func(sql string) (int, string) {
		res, err := http.Post(analysts+"/?default_format=TSV", "text/plain", strings.NewReader(sql))
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		raw, _ := io.ReadAll(res.Body)
		return res.StatusCode, string(raw)
	}
	want := []string{
		"2020-H1\t10\t\\N\t\\N\t0\n2020-H2\t14\t\\N\t\\N\t1\n2021-H1\t12\t10\t20\t0\n",
		a + "\t12\t10\t20\n",
		a + "\ttask.accepted\t25\t24\t96\n",
		b + "\n",
		"", // two reports, told apart below
		"1/BC\t",
		a + "\ttask.accepted\t2021-H1\t50\t20\n",
		"", "", "",
	}
	queries := regexp.MustCompile("(?s)```sql\n(.*?)```").FindAllStringSubmatch(doc, -1)
	if len(queries) != len(want) {
		t.Fatalf("%d queries, want %d", len(queries), len(want))
	}
	answers := make([]string, len(queries))
	for i, q := range queries {
		status, text := ask(q[1])
		if status != http.StatusOK || text == "" {
			t.Errorf("query %d: %d %s\n%s", i+1, status, text, q[1])
		}
		answers[i] = text
		if i != 5 && want[i] != "" && text != want[i] {
			t.Errorf("query %d gives\n%s, want\n%s", i+1, text, want[i])
		}
	}
	if f := strings.Split(strings.TrimSpace(answers[4]), "\t"); len(f) != 6 || f[3] != "10" || (f[4] != "[10,11]" && f[4] != "[11,10]") {
		t.Errorf("query 5: %v", f)
	}
	if n := strings.Count(answers[5], "\n"); n != 2 || !strings.Contains(answers[5], "a.pdf\t1\t") {
		t.Errorf("query 6: %s", answers[5])
	}
	if !strings.HasPrefix(answers[7], "Nhiệm vụ KH&CN được nghiệm thu\t") || strings.Count(answers[7], "\n") != 4 {
		t.Errorf("query 8: %s", answers[7])
	}
	if answers[8] != a+"\t2020-H1\tip.applications\t7\t0.5\tocr\t1\tq\n" {
		t.Errorf("query 9: %s", answers[8])
	}
	if answers[9] != b+"\t2020-H1\tBáo cáo về sở hữu trí tuệ\t1\n" {
		t.Errorf("query 10: %s", answers[9])
	}

	// Every column of every view is documented, and nothing else is.
	for view := range engine.Views {
		var at int
		if at = strings.Index(doc, "- `"+view+"`:"); at < 0 {
			at = strings.Index(doc, "### `"+view+"`")
		}
		if view == "filings" {
			at = strings.Index(doc, "### `reports`")
		}
		if at < 0 {
			t.Errorf("view %s is not in the document", view)
			continue
		}
		part := doc[at:]
		ends := regexp.MustCompile(`\n(###? |- )`).FindStringIndex(part[1:])
		part = part[:ends[0]+1]
		_, part, _ = strings.Cut(part, "\n")
		if strings.HasPrefix(doc[at:], "- ") {
			part = doc[at : at+ends[0]+1]
			_, part, _ = strings.Cut(part, ":")
		}
		said := map[string]bool{}
		for _, m := range regexp.MustCompile("`([a-z_0-9]+)`").FindAllStringSubmatch(part, -1) {
			said[m[1]] = true
		}
		status, text := ask("SELECT * FROM " + view + " LIMIT 0 FORMAT TSVWithNames")
		if status != http.StatusOK {
			t.Errorf("%s: %s", view, text)
		}
		columns := strings.Fields(text)
		for _, c := range columns {
			if !said[c] {
				t.Errorf("%s.%s is not in the document", view, c)
			}
		}
		for word := range said {
			if !slices.Contains(columns, word) && !slices.Contains([]string{"visible", "text", "table", "cell", "ocr", "flow", "stock", "fact_no"}, word) {
				t.Errorf("%s has no column %s", view, word)
			}
		}
	}
}
