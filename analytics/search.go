package analytics

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"soket/extract/vietnamese"
)

const (
	maxHits    = 100 // of one search; who wants more asks more precisely
	hitsWithin = 2   // newest pages for each hit among which those with the words just as typed come first; their text is read
	maxWithin  = 800 // pages that are named in one statement; a phrase that is rarer is looked for on all
)

// Hit is one page on which words were found.
type Hit struct {
	Report  string  `json:"report_id"`
	Title   string  `json:"title"`
	Number  string  `json:"number"`
	Body    string  `json:"body"`
	Period  string  `json:"period"`
	Signed  string  `json:"signed"` // ISO date, or empty
	Page    uint32  `json:"page"`   // 0 where the file has no pages
	Pages   uint64  `json:"-"`      // that match in all
	Least   bool    `json:"-"`      // and there may be more: not every page was looked through for the phrases
	Text    string  `json:"-"`
	Snippet []Piece `json:"snippet"`
}

// SearchFilter narrows a search. An empty list or string lets all through.
type SearchFilter struct {
	Bodies, Periods []string
	Areas           []string // pages on which figures of these areas stand
	Number, Signer  string   // part of it; marks and case do not matter
	Since, Until    string   // ISO dates between which the report was signed
	Limit           int      // hits; 0 or above 100: 100
}

func (f SearchFilter) bound() bool { return len(f.Areas) > 0 || f.narrows() }

// narrows tells whether lets may say no.
func (f SearchFilter) narrows() bool {
	return len(f.Bodies)+len(f.Periods) > 0 || f.Number+f.Signer+f.Since+f.Until != ""
}

// Search finds pages of visible reports that hold all the words, in any order, and all the phrases
// in "double quotes". Case and Vietnamese marks do not matter, but pages that have the words just
// as they were typed come first, then those that have them one after another, then the newest reports. Without words it gives the reports that
// the filter lets through, and nothing where that does not restrict either.
func (db *DB) Search(ctx context.Context, query string, f SearchFilter) ([]Hit, error) {
	words, phrases := searchTerms(query)
	if len(words) == 0 && !f.bound() {
		return nil, nil
	}
	// A phrase is checked as a run of words in the folded text of pages that hold all its words.
	runs := make([]string, len(phrases))
	for i, p := range phrases {
		runs[i] = strings.Join(p, " ")
	}
	limit := f.Limit
	if limit <= 0 || limit > maxHits {
		limit = maxHits
	}
	if len(words) == 0 {
		return db.reportsThrough(ctx, f, limit)
	}
	found, err := db.pagesWith(ctx, words, nil, f)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	// The text is read of the newest pages with the words, and of older ones only while too few of them
	// have the phrases: a common word stands on most pages.
	var hits []Hit
	rest, counted := found, len(phrases) == 0
	for within := hitsWithin * limit; len(hits) < limit && len(rest) > 0; within *= 4 {
		if within > maxWithin { // so rare a phrase is looked for on all pages at once
			if found, err = db.pagesWith(ctx, words, runs, f); err != nil {
				return nil, fmt.Errorf("search: %w", err)
			}
			counted, hits, rest = true, nil, found[:min(hitsWithin*limit, len(found))]
		}
		now := rest[:min(within, len(rest))]
		rest = rest[len(now):]
		more, err := db.textOf(ctx, now, words, runs, strings.ToLower(strings.Trim(query, `" `)))
		if err != nil {
			return nil, fmt.Errorf("search: %w", err)
		}
		hits = append(hits, more...)
	}
	pages, least := len(found), false
	if !counted {
		pages, least = len(hits), len(rest) > 0
	}
	hits = hits[:min(limit, len(hits))]
	for i := range hits {
		hits[i].Pages, hits[i].Least = uint64(pages), least
		hits[i].Snippet = snippet(hits[i].Text, words, phrases)
	}
	return hits, nil
}

// lets gives what says whether the filter lets a report through; of fields it says nothing.
func (f SearchFilter) lets() func(*rosterRow) bool {
	number, signer := vietnamese.Fold(f.Number), vietnamese.Fold(f.Signer)
	return func(x *rosterRow) bool {
		return among(f.Bodies, x.Body) && among(f.Periods, x.Period) &&
			(number == "" || strings.Contains(vietnamese.Fold(x.Number), number)) && (signer == "" || strings.Contains(vietnamese.Fold(x.Signer), signer)) &&
			(f.Since == "" || x.Signed >= f.Since) && (f.Until == "" || x.Signed != "" && x.Signed <= f.Until)
	}
}

// reportsThrough gives the reports that the filter lets through, the newest first.
func (db *DB) reportsThrough(ctx context.Context, f SearchFilter, limit int) ([]Hit, error) {
	known, err := db.roster(ctx)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	in := map[uuid.UUID]bool{} // readings with figures of the fields
	if len(f.Areas) > 0 {
		var list []struct {
			Attempt uuid.UUID `ch:"attempt"`
		}
		if err := db.selectRows(ctx, &list, "search_areas", "", clickhouse.Named("areas", f.Areas)); err != nil {
			return nil, fmt.Errorf("search: %w", err)
		}
		for _, x := range list {
			in[x.Attempt] = true
		}
	}
	lets := f.lets()
	var hits []Hit
	for i := range known.rows {
		if x := &known.rows[i]; lets(x) && (len(f.Areas) == 0 || in[x.Attempt]) {
			hits = append(hits, x.hit())
		}
	}
	for i := range hits {
		hits[i].Pages = uint64(len(hits))
	}
	return hits[:min(limit, len(hits))], nil
}

// foundPage is a page that holds the words.
type foundPage struct {
	from *rosterRow
	page uint32
}

// pagesWith gives the pages of reports that count and hold all the words and phrases, the newest first.
func (db *DB) pagesWith(ctx context.Context, words, phrases []string, f SearchFilter) ([]foundPage, error) {
	var known *roster
	var at errgroup.Group
	at.Go(func() (err error) { known, err = db.roster(ctx); return err })
	lets := func(*rosterRow) bool { return true }
	attempts := []string{} // none stands for all
	if f.narrows() {
		if err := at.Wait(); err != nil {
			return nil, err
		}
		lets = f.lets()
		for i := range known.rows {
			if x := &known.rows[i]; lets(x) {
				attempts = append(attempts, x.Attempt.String())
			}
		}
		if len(attempts) == 0 {
			return nil, nil
		}
		if len(attempts) > askedTogether {
			attempts = []string{}
		}
	}
	rows, err := db.conn.Query(ctx, statement("search"), clickhouse.Named("words", words), clickhouse.Named("phrases", some(phrases)), clickhouse.Named("areas", some(f.Areas)), clickhouse.Named("attempts", attempts))
	if err != nil {
		return nil, errors.Join(err, at.Wait())
	}
	defer rows.Close()
	if err := at.Wait(); err != nil {
		return nil, err
	}
	var places []uint64 // the report's and the page's
	for rows.Next() {
		var attempt uuid.UUID
		var page uint32
		if err := rows.Scan(&attempt, &page); err != nil {
			return nil, err
		}
		if x := known.byAttempt()[attempt]; x != nil {
			places = append(places, uint64(x.at)<<32|uint64(page))
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	slices.Sort(places)
	found := make([]foundPage, 0, len(places))
	for _, p := range places {
		if x := &known.rows[p>>32]; lets(x) {
			found = append(found, foundPage{x, uint32(p)})
		}
	}
	return found, nil
}

// textOf gives those of found pages that hold the phrases, with their text: first those that have the
// words just as typed, then those that have them one after another.
func (db *DB) textOf(ctx context.Context, found []foundPage, words, phrases []string, typed string) ([]Hit, error) {
	texts, err := db.texts.of(ctx, db, found)
	if err != nil {
		return nil, err
	}
	run := " " + strings.Join(words, " ") + " "
	var just, together, loose []Hit
	for _, x := range found {
		t, ok := texts[pageKey{x.from.Attempt, x.page}]
		if !ok || slices.ContainsFunc(phrases, func(p string) bool { return !strings.Contains(t.spaced, " "+p+" ") }) {
			continue
		}
		hit := x.from.hit()
		hit.Page, hit.Text = x.page, t.text
		switch {
		case !strings.Contains(t.spaced, run):
			loose = append(loose, hit)
		case strings.Contains(strings.ToLower(t.text), typed):
			just = append(just, hit)
		default:
			together = append(together, hit)
		}
	}
	return slices.Concat(just, together, loose), nil
}
