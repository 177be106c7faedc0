//go:build chaos

package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"soket/analytics"
	"soket/extract"
	"soket/extract/sandbox"
	"soket/ingest"
)

// make chaos: the whole program as separate processes under load, killed with -9 at random instants
// of a seed, while the views are watched; at the end nothing is lost, doubled or half there.
//
//	SOKET_CHAOS_SEED    replays a run (1)
//	SOKET_CHAOS_KILLS   how many kills (40)

// chaosTruth is what a fresh extraction of a file finds.
type chaosTruth struct {
	data  []byte
	ext   string
	pages uint64
	facts uint64
	sum   float64
}

// variant gives a file with the same content and other bytes.
func (c chaosTruth) variant(n int) []byte {
	note := fmt.Sprintf("%% %d", n)
	if c.ext == ".pdf" {
		return append(bytes.Clone(c.data), "\n"+note+"\n"...)
	}
	out := bytes.Clone(c.data) // a zip's comment
	binary.LittleEndian.PutUint16(out[len(out)-2:], uint16(len(note)))
	return append(out, note...)
}

func TestChaos(t *testing.T) {
	seed, kills := uint64(chaosNumber("SOKET_CHAOS_SEED", 1)), chaosNumber("SOKET_CHAOS_KILLS", 40)
	t.Logf("SOKET_CHAOS_SEED=%d SOKET_CHAOS_KILLS=%d", seed, kills)
	r := rand.New(rand.NewPCG(seed, seed))
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	truths := chaosTruths(t, root)
	h := bringUp(t, root, site{})
	parts := h.parts

	c := &chaosRun{t: t, web: h.web, engine: h.engine, truths: truths, acks: map[string]extract.Filing{}}
	load, unload := context.WithCancel(h.ctx)
	var busy sync.WaitGroup
	for k := range 4 {
		busy.Go(func() { c.send(load, k) })
	}
	looked := make(chan struct{})
	look, blind := context.WithCancel(h.ctx)
	go func() { c.look(look); close(looked) }()
	begun := time.Now()
	for range kills {
		time.Sleep(time.Duration(100+r.IntN(900)) * time.Millisecond)
		p := parts[r.IntN(len(parts))]
		p.signal(syscall.SIGKILL) // its supervisor starts it again
		c.killed.Add(1)
	}
	unload()
	busy.Wait()
	t.Logf("load ended after %v: %d accepted, %d kills", time.Since(begun).Round(time.Second), len(c.acks), c.killed.Load())

	inbox := h.drained(t)
	defer inbox.Close()
	t.Logf("drained after %v", time.Since(begun).Round(time.Second))
	blind()
	<-looked
	h.still(t)
	c.check(inbox, h.db)
	t.Logf("looked %d times", c.looks.Load())
}

// chaosTruths reads the samples with the sandbox of this build.
func chaosTruths(t *testing.T, root string) []chaosTruth {
	var out []chaosTruth
	for _, pattern := range []string{"*2023*.pdf", "*.xlsx"} {
		paths, err := filepath.Glob(filepath.Join(root, "samples", pattern))
		if err != nil || len(paths) < 2 {
			t.Fatalf("no samples: %v", err)
		}
		for _, path := range paths[:2] {
			out = append(out, truthOf(t, root, path))
		}
	}
	return out
}

func truthOf(t *testing.T, root, path string) chaosTruth {
	reader := sandbox.Reader{Extractor: filepath.Join(root, "bin", "extractor"), Pdfium: filepath.Join(root, "bin", "pdfium")}
	rep, err := reader.Read(t.Context(), path, filepath.Base(path), "2023", func(extract.Progress) {})
	if err != nil {
		t.Fatalf("%s: %v", filepath.Base(path), err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	c := chaosTruth{data: data, ext: filepath.Ext(path), pages: uint64(len(rep.Pages)), facts: uint64(len(rep.Facts))}
	for _, f := range rep.Facts {
		c.sum += f.Value
	}
	return c
}

type chaosRun struct {
	t           *testing.T
	web, engine string
	truths      []chaosTruth
	mu          sync.Mutex
	acks        map[string]extract.Filing
	erased      []string // ids of reports that were deleted
	killed      atomic.Int32
	looks       atomic.Int32
	half        atomic.Int32
}

// send uploads one report after the other, as many as two cores read.
func (c *chaosRun) send(ctx context.Context, k int) {
	for n := k; ctx.Err() == nil; n += 4 {
		select {
		case <-ctx.Done():
		case <-time.After(250 * time.Millisecond):
		}
		c.upload(n) // also past ctx: what was begun is brought to an answer
	}
}

// upload sends report n until it is accepted, as a careful sender does.
func (c *chaosRun) upload(n int) {
	truth := n % len(c.truths)
	name := fmt.Sprintf("t%d-n%d%s", truth, n, c.truths[truth].ext)
	data := c.truths[truth].variant(n)
	q := url.Values{"name": {name}, "body": {"Sở Mẫu"}, "period": {"2023"}}
	for ; ; time.Sleep(100 * time.Millisecond) {
		req, err := http.NewRequest(http.MethodPost, c.web+"/api/v1/reports?"+q.Encode(), bytes.NewReader(data))
		if err != nil {
			c.t.Error(err)
			return
		}
		req.Header.Set("Idempotency-Key", name)
		req.Header.Set("Content-Type", "application/octet-stream")
		res, err := patient.Do(req)
		if err != nil {
			continue
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err == nil && res.StatusCode == http.StatusAccepted {
			c.accepted(name, body)
			return
		}
		if err == nil && res.StatusCode < 500 && res.StatusCode != http.StatusTooManyRequests {
			c.t.Errorf("%s: %d %s", name, res.StatusCode, body)
			return
		}
	}
}

// accepted notes an answer 202.
func (c *chaosRun) accepted(name string, answer []byte) {
	var f extract.Filing
	if err := json.Unmarshal(answer, &f); err != nil {
		c.t.Errorf("%s: %v: %s", name, err, answer)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.acks[name] = f
}

var patient = &http.Client{Timeout: 30 * time.Second}

// orphansSQL tells of attempts that no winning commit names: where, how old, and what else knows them.
const orphansSQL = `SELECT t, toString(attempt) AS a, toString(any(report)) AS r, count() AS n, max(at) AS stored,
    a IN (SELECT toString(attempt) FROM commits) AS beaten, a IN (SELECT toString(attempt) FROM commit_history) AS kept, any(part) AS p
FROM (SELECT 'pages' AS t, attempt, report_id AS report, stored_at AS at, _part AS part FROM attempt_pages
    UNION ALL SELECT 'tables', attempt, report_id, stored_at, _part FROM attempt_tables
    UNION ALL SELECT 'facts', attempt, report_id, stored_at, _part FROM attempt_facts WHERE attempt NOT IN (SELECT attempt FROM commit_history)
    UNION ALL SELECT 'findings', attempt, report_id, stored_at, _part FROM attempt_findings)
WHERE attempt NOT IN (SELECT attempt FROM commits FINAL) GROUP BY t, attempt ORDER BY stored LIMIT 20 FORMAT TSV`

// orphans gives them as lines.
func (c *chaosRun) orphans(ctx context.Context) string {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.engine+"/?database=soket", strings.NewReader(orphansSQL))
	if err != nil {
		return err.Error()
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err.Error()
	}
	defer res.Body.Close()
	text, _ := io.ReadAll(res.Body)
	return string(text)
}

// shownSQL gives what the views show of each report.
const shownSQL = `SELECT r.file_name AS name, toString(r.report_id) AS id, f.n AS facts, f.total AS total, p.n AS pages FROM reports AS r
LEFT JOIN (SELECT report_id, count() AS n, sum(value) AS total FROM facts GROUP BY report_id) AS f ON f.report_id = r.report_id
LEFT JOIN (SELECT report_id, count() AS n FROM pages GROUP BY report_id) AS p ON p.report_id = r.report_id
FORMAT JSONEachRow`

type shownRow struct {
	Name, ID     string
	Facts, Pages json.Number
	Total        float64
}

func (c *chaosRun) shown(ctx context.Context) ([]shownRow, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.engine+"/?database=soket", strings.NewReader(shownSQL))
	if err != nil {
		return nil, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(res.Body)
		return nil, fmt.Errorf("%s: %s", res.Status, text)
	}
	var rows []shownRow
	for d := json.NewDecoder(res.Body); ; {
		var row shownRow
		if err := d.Decode(&row); err == io.EOF {
			return rows, nil
		} else if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
}

// whole tells whether a report shows exactly what a fresh extraction finds.
func (c *chaosRun) whole(row shownRow) error {
	var truth, n int
	if _, err := fmt.Sscanf(row.Name, "t%d-n%d", &truth, &n); err != nil || truth >= len(c.truths) {
		return fmt.Errorf("%q is none of ours", row.Name)
	}
	want := c.truths[truth]
	if row.Facts.String() != fmt.Sprint(want.facts) || (want.ext == ".pdf" && row.Pages.String() != fmt.Sprint(want.pages)) || abs(row.Total-want.sum) > 1e-9*(1+abs(want.sum)) {
		return fmt.Errorf("%s shows %s facts of sum %v on %s pages, a fresh reading %d of %v on %d",
			row.Name, row.Facts, row.Total, row.Pages, want.facts, want.sum, want.pages)
	}
	return nil
}

func abs(x float64) float64 { return max(x, -x) }

// look reads the views every 100 ms: a report is whole in them or not there at all.
func (c *chaosRun) look(ctx context.Context) {
	for ctx.Err() == nil {
		if rows, err := c.shown(ctx); err == nil {
			c.looks.Add(1)
			for _, row := range rows {
				if err := c.whole(row); err != nil && c.half.Add(1) < 10 {
					c.t.Errorf("half there: %v", err)
				}
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// check holds I1 to I6 over all that was answered with 202.
func (c *chaosRun) check(inbox *ingest.Inbox, db *analytics.DB) (lost, doubled int) {
	t := c.t
	var rows []shownRow
	waitUntil(t, "the views", func() (ok bool) {
		var err error
		rows, err = c.shown(t.Context())
		return err == nil
	})
	shown := map[string]int{}
	for _, row := range rows {
		shown[row.ID]++
		if err := c.whole(row); err != nil {
			t.Errorf("I3: %v", err)
		}
	}
	for name, f := range c.acks {
		now, ok := inbox.Filing(f.ID)
		if !ok {
			t.Errorf("I1: %s is not in the ledger", name)
			continue
		}
		o, _, err := inbox.Original(t.Context(), f.ID)
		if err != nil {
			t.Errorf("I1: %s: %v", name, err)
		} else {
			o.Close()
		}
		if now.State != extract.Visible {
			t.Errorf("I2: %s ends as %s %s %s", name, now.State, now.Reason, now.Detail)
		}
		switch n := shown[f.ID]; {
		case n == 0:
			lost++
		case n > 1:
			doubled++
		}
		delete(shown, f.ID)
	}
	for _, id := range c.erased {
		if f, ok := inbox.Filing(id); !ok || f.State != extract.Deleted || f.File != "" {
			t.Errorf("%s was deleted and is %+v", id, f)
		}
	}
	if lost+doubled+len(shown) > 0 {
		t.Errorf("I4, I5: lost %d, doubled %d, shown and never acknowledged %d", lost, doubled, len(shown))
	}
	if err := inbox.Sweep(t.Context(), db, 0); err != nil {
		t.Errorf("I6: %v", err)
	}
	left := c.orphans(t.Context())
	if n, err := db.Sweep(t.Context(), 0); n != 0 || err != nil {
		t.Errorf("I6: %d attempts are left after the sweep, %v:\n%s", n, err, left)
		t.Logf("and after another:\n%s", c.orphans(t.Context()))
	}
	t.Logf("accepted %d, lost %d, doubled %d, half there %d", len(c.acks), lost, doubled, c.half.Load())
	return lost, doubled
}
