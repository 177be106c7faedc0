package engine_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"soket/analytics"
	"soket/analytics/analyticstest"
)

// TestReadOnlyEndpoint tries what an analyst may ask and fifty ways to ask for more.
func TestReadOnlyEndpoint(t *testing.T) {
	dsn := analyticstest.DSN(t)
	db, err := analytics.Open(dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Migrate(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	analysts := analyticstest.Analysts(t, dsn)
	database := analysts[strings.LastIndex(analysts, "/")+1:]
	ask := func(sql, more string) (int, string) {
		res, err := http.Post(analysts+"/?"+more, "text/plain", strings.NewReader(sql))
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		raw, _ := io.ReadAll(res.Body)
		return res.StatusCode, string(raw)
	}
	for _, sql := range []string{
		"SELECT 1", "SELECT count() FROM facts", "SELECT count() FROM " + database + ".facts FORMAT JSON",
		"WITH t AS (SELECT * FROM trend) SELECT body, max(value) FROM t GROUP BY body HAVING max(value) > 1 ORDER BY body LIMIT 5",
		"SELECT f.code, r.number FROM facts f JOIN reports r USING (report_id) WHERE f.value > (SELECT avg(value) FROM facts)",
		"SELECT code, row_number() OVER (PARTITION BY code ORDER BY value) FROM trend",
		"SELECT * EXCEPT (quote) FROM facts WHERE code IN ('a', 'b') UNION ALL SELECT * EXCEPT (quote) FROM facts",
		"SELECT f.code FROM facts AS f INNER JOIN reports AS r ON f.report_id = r.report_id AND f.body = r.body WHERE lower(f.code) = 'x' ORDER BY abs(f.value)",
		"SELECT arrayJoin(facts) FROM findings WHERE found LIKE '%x%'", "SELECT CAST(value AS Decimal(18, 2)), toDate(received_at) FROM facts",
		"SELECT report_id FROM pages WHERE hasAllTokens(folded, 'nghiem thu')",
		"SELECT code FROM indicators WHERE code IN (SELECT code FROM facts)",
	} {
		if status, text := ask(sql, ""); status != http.StatusOK {
			t.Errorf("refused: %s: %d %s", sql, status, text)
		}
	}
	dir := t.TempDir()
	for _, sql := range []string{
		"INSERT INTO commits SELECT * FROM commits", "DROP TABLE commits", "CREATE TABLE x (a UInt8) ENGINE=Memory", "ALTER TABLE commits DELETE WHERE 1",
		"TRUNCATE TABLE commits", "SET readonly = 0", "SET max_memory_usage = 0", "USE system", "SHOW TABLES", "DESCRIBE commits", "EXPLAIN SELECT 1",
		"SELECT * FROM commits", "SELECT * FROM attempt_facts", "SELECT * FROM " + database + ".attempt_facts", "SELECT * FROM versions",
		"SELECT * FROM system.tables", "SELECT * FROM system.settings", "SELECT * FROM information_schema.tables", "SELECT name FROM system.processes",
		"SELECT * FROM file('/etc/passwd', LineAsString)", "SELECT file('/etc/passwd')", "SELECT (SELECT file('/etc/passwd'))",
		"SELECT * FROM url('http://127.0.0.1:1', LineAsString)", "SELECT * FROM s3('http://127.0.0.1/x', LineAsString)",
		"SELECT * FROM remote('127.0.0.1', system.one)", "SELECT * FROM numbers(10)", "SELECT * FROM view(SELECT * FROM commits)",
		"SELECT * FROM merge('" + database + "', 'attempt')", "SELECT * FROM executable('id', TSV, 'a String')", "SELECT * FROM mysql('a','b','c','d','e')",
		"SELECT * FROM (SELECT * FROM commits)", "SELECT 1 WHERE 1 IN (SELECT rev FROM commits)", "SELECT 1 WHERE 1 IN commits",
		"SELECT 1 WHERE (SELECT count() FROM attempt_facts) > 0", "WITH x AS (SELECT * FROM commits) SELECT * FROM x",
		"SELECT 1 UNION ALL SELECT rev FROM commits", "SELECT f.code FROM facts f JOIN commits c ON c.report_id = f.report_id",
		"SELECT f.code FROM facts f, attempt_facts a", "SELECT count() FROM facts INTO OUTFILE '" + dir + "/x'",
		"SELECT 1 SETTINGS max_memory_usage = 0", "SELECT 1 SETTINGS readonly = 0", "SELECT sleep(3)", "SELECT sleepEachRow(3)",
		"SELECT dictGet('a', 'b', 1)", "SELECT joinGet('commits', 'rev', 1)", "SELECT 1; DROP TABLE commits", "SELECT 1; SELECT * FROM commits",
		"SELECT getSetting('max_memory_usage')", "SYSTEM SHUTDOWN", "KILL QUERY WHERE 1", "GRANT ALL ON *.* TO x", "ATTACH TABLE x", "BACKUP DATABASE " + database + " TO Disk('a','b')",
		"SELECT f.code FROM facts AS f INNER JOIN numbers(3) AS n ON n.number = f.fact_no", "SELECT 1 FROM (SELECT 1) AS a, (SELECT * FROM numbers(2)) AS b",
		"SELECT * FROM loop(commits)", "SELECT * FROM trend_within(within = [])", "SELECT * FROM chosen_within(within = [])", "SELECT * FROM indicator_entries", "SELECT * FROM clusterAllReplicas('x', system.one)",
	} {
		if status, text := ask(sql, ""); status == http.StatusOK {
			t.Errorf("allowed: %s: %.200s", sql, text)
		}
	}
	// The caller's settings and database do not count.
	if _, text := ask("SELECT count() FROM tables", "database=system"); text != "0\n" {
		t.Errorf("database=system opens system.tables: %s", text)
	}
	if _, text := ask("SELECT count() FROM facts AS a, facts AS b", "readonly=0&max_execution_time=0&max_memory_usage=0"); strings.Contains(text, "exception") {
		t.Errorf("settings in the address: %s", text)
	}
	if status, text := ask("SELECT {x:String} FROM facts WHERE code = {x:String}", "param_x="+url.QueryEscape("'; DROP TABLE commits; --")); status != http.StatusOK {
		t.Errorf("a parameter is data: %d %s", status, text)
	}
}
