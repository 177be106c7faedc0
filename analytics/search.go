package analytics

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"soket/extract/vietnamese"
)

const (
	maxHits      = 100 // of one search; who wants more asks more precisely
	hitsWithin   = 2   // newest pages for each hit among which those with the words just as typed come first; their text is read
	maxWithin    = 800 // pages that are named in one statement; a phrase that is rarer is looked for on all
	snippetRunes = 240 // of a hit's text: about two lines on the page
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

// Piece is a run of text in a snippet; Mark is set on the words that were asked for.
type Piece struct {
	Text string `json:"text"`
	Mark bool   `json:"mark,omitempty"`
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

// pageTexts are texts of pages that searches read: nearly all of them show the newest reports, whose text
// the engine would unpack for each anew. A page's text never changes.
type pageTexts struct {
	mu   sync.Mutex
	kept map[pageKey]pageText
	size int // bytes
}

type pageKey struct {
	attempt uuid.UUID
	page    uint32
}

type pageText struct{ text, spaced string }

// textsKept is the most bytes of text that are kept, some 3,000 pages.
const textsKept = 16 << 20

// of gives the texts of found pages.
func (p *pageTexts) of(ctx context.Context, db *DB, found []foundPage) (map[pageKey]pageText, error) {
	texts := make(map[pageKey]pageText, len(found))
	var missing []string
	p.mu.Lock()
	for _, x := range found {
		k := pageKey{x.from.Attempt, x.page}
		if t, ok := p.kept[k]; ok {
			texts[k] = t
		} else {
			missing = append(missing, fmt.Sprintf("('%s',%d)", k.attempt, k.page))
		}
	}
	p.mu.Unlock()
	if len(missing) == 0 {
		return texts, nil
	}
	var list []struct {
		Attempt uuid.UUID `ch:"attempt"`
		Page    uint32    `ch:"page"`
		Text    string    `ch:"text"`
	}
	if err := db.selectRows(ctx, &list, "search_text", "", clickhouse.Named("pages", "["+strings.Join(missing, ",")+"]")); err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.kept == nil {
		p.kept = map[pageKey]pageText{}
	}
	for _, x := range list {
		k, t := pageKey{x.Attempt, x.Page}, pageText{x.Text, spaced(x.Text)}
		if _, there := p.kept[k]; !there {
			p.size += t.bytes()
		}
		texts[k], p.kept[k] = t, t
	}
	for k := range p.kept { // any of them: what is wanted again comes back
		if p.size <= textsKept {
			break
		}
		p.drop(k)
	}
	return texts, nil
}

func (t pageText) bytes() int { return len(t.text) + len(t.spaced) }

func (p *pageTexts) drop(k pageKey) {
	p.size -= p.kept[k].bytes()
	delete(p.kept, k)
}

// keep drops the texts of readings that count no more: of a report that is deleted nothing stays.
func (p *pageTexts) keep(rows []rosterRow) {
	p.mu.Lock()
	defer p.mu.Unlock()
	counts := map[uuid.UUID]bool{}
	for k := range p.kept {
		counts[k.attempt] = false
	}
	for i := range rows {
		if _, kept := counts[rows[i].Attempt]; kept {
			counts[rows[i].Attempt] = true
		}
	}
	for k := range p.kept {
		if !counts[k.attempt] {
			p.drop(k)
		}
	}
}

// Related is one report beside another.
type Related struct {
	Why    string `json:"why"` // body, period or subject
	Report string `json:"report_id"`
	Title  string `json:"title"`
	Number string `json:"number"`
	Body   string `json:"body"`
	Period string `json:"period"`
	Shared uint32 `json:"shared"` // indicators that both state; of subject only
}

const (
	relatedEach   = 4   // of each kind: beside a report, not instead of it
	relatedShared = 3   // indicators in common below which two reports are about different things
	relatedAmong  = 200 // newest reports of the years around, among which those on the same subject are looked for
)

// Related finds the reports beside one: of the same body, of the same period, on the same subject.
func (db *DB) Related(ctx context.Context, id string) ([]Related, error) {
	known, err := db.roster(ctx)
	if err != nil {
		return nil, fmt.Errorf("related to %s: %w", id, err)
	}
	own, err := db.stands(ctx, id)
	if err != nil || own == nil {
		return nil, err
	}
	year := func(x *rosterRow) int {
		return max(int(x.PeriodYear), int(own.PeriodYear)) - min(int(x.PeriodYear), int(own.PeriodYear))
	}
	part := func(period string) string { return period[min(4, len(period)):] }
	far := func(x *rosterRow) int { // another part of the year is further off than the same
		if part(x.Period) != part(own.Period) {
			return 2*year(x) + 1
		}
		return 2 * year(x)
	}
	near := map[string][]*rosterRow{}
	for i := range known.rows {
		x := &known.rows[i]
		switch {
		case x.Report == own.Report:
		case own.Body != "" && x.Body == own.Body:
			near["body"] = append(near["body"], x)
		case own.Period != "" && x.Period == own.Period:
			near["period"] = append(near["period"], x)
		case year(x) <= 1:
			near["subject"] = append(near["subject"], x)
		}
	}
	// Of the same body the nearest in time; the newest of the others, those of the same year first.
	slices.SortStableFunc(near["body"], func(a, b *rosterRow) int {
		return cmp.Compare(far(a), far(b))
	})
	slices.SortStableFunc(near["subject"], func(a, b *rosterRow) int { return cmp.Compare(year(a), year(b)) })
	of := func(why string, most int) (list []Related) {
		for _, x := range near[why][:min(most, len(near[why]))] {
			list = append(list, Related{Why: why, Report: x.Report, Title: x.Title, Number: x.Number, Body: x.Body, Period: x.Period})
		}
		return list
	}
	list := append(of("body", relatedEach), of("period", relatedEach)...)
	self := known.report(id)
	if self == nil { // what does not count is beside nothing in its subject
		return list, nil
	}
	all, err := db.figures(ctx)
	if err != nil {
		return nil, fmt.Errorf("subjects of %s: %w", id, err)
	}
	mine, theirs := map[string]bool{}, map[string]bool{}
	all.codes(self, mine)
	others := of("subject", relatedAmong)
	for i, x := range near["subject"][:len(others)] {
		clear(theirs)
		all.codes(x, theirs)
		for code := range theirs {
			if mine[code] {
				others[i].Shared++
			}
		}
	}
	others = slices.DeleteFunc(others, func(x Related) bool { return x.Shared < relatedShared })
	slices.SortStableFunc(others, func(a, b Related) int { return cmp.Compare(b.Shared, a.Shared) })
	return append(list, others[:min(relatedEach, len(others))]...), nil
}

// searchTerms splits a query into folded words (those of phrases too) and phrases.
func searchTerms(query string) (words []string, phrases [][]string) {
	query = strings.NewReplacer("“", `"`, "”", `"`).Replace(query)
	for i, part := range strings.Split(query, `"`) {
		list := foldedWords(part)
		words = append(words, list...)
		if i%2 == 1 && len(list) > 1 {
			phrases = append(phrases, list)
		}
	}
	return words, phrases
}

// foldedWords splits as the text index does: at everything but ASCII letters and digits, which is
// all that folding leaves of Vietnamese.
func foldedWords(s string) []string {
	return strings.FieldsFunc(vietnamese.Fold(s), func(r rune) bool {
		return r < utf8.RuneSelf && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}

// spaced folds a text and parts its words by single spaces, as the column folded has it.
func spaced(s string) string {
	b := []byte(" " + vietnamese.Fold(s) + " ")
	n := 0
	for _, c := range b {
		if 'a' <= c && c <= 'z' || '0' <= c && c <= '9' {
			b[n] = c
			n++
		} else if n == 0 || b[n-1] != ' ' {
			b[n] = ' '
			n++
		}
	}
	return string(b[:n])
}

// place is a run of bytes in folded text.
type place struct{ start, end int }

// placesOf finds the words in folded text. Where they stand together as they were asked for, only
// there: a stray word of a phrase is no find.
func placesOf(folded string, words []string, phrases [][]string) []place {
	var all []place // every word of the text
	isWord := func(b byte) bool { return b >= utf8.RuneSelf || unicode.IsLetter(rune(b)) || unicode.IsDigit(rune(b)) }
	for at := 0; at < len(folded); {
		if !isWord(folded[at]) {
			at++
			continue
		}
		end := at
		for end < len(folded) && isWord(folded[end]) {
			end++
		}
		all = append(all, place{at, end})
		at = end
	}
	runs := func(phrase []string) (list []place) {
		for i := 0; i+len(phrase) <= len(all); i++ {
			j := 0
			for j < len(phrase) && folded[all[i+j].start:all[i+j].end] == phrase[j] {
				j++
			}
			if j == len(phrase) {
				list = append(list, all[i:i+j]...)
			}
		}
		return list
	}
	if len(phrases) == 0 && len(words) > 1 {
		if together := runs(words); len(together) > 0 {
			return together
		}
	}
	loose := map[string]bool{}
	var list []place
	for _, w := range words {
		loose[w] = true
	}
	for _, p := range phrases {
		found := runs(p)
		list = append(list, found...)
		for _, w := range p {
			delete(loose, w)
		}
	}
	for _, w := range all {
		if loose[folded[w.start:w.end]] {
			list = append(list, w)
		}
	}
	slices.SortFunc(list, func(a, b place) int { return a.start - b.start })
	return slices.Compact(list)
}

// Highlight cuts a text into pieces with the words of a query marked.
func Highlight(text, query string) (pieces []Piece) {
	words, phrases := searchTerms(query)
	folded, from := vietnamese.FoldMap(text)
	done := 0
	for _, m := range placesOf(folded, words, phrases) {
		s, e := from[m.start], from[m.end]
		if s < done {
			continue
		}
		if s > done {
			pieces = append(pieces, Piece{Text: text[done:s]})
		}
		pieces = append(pieces, Piece{Text: text[s:e], Mark: true})
		done = e
	}
	if done < len(text) {
		pieces = append(pieces, Piece{Text: text[done:]})
	}
	return pieces
}

// snippet is the part of the text around the first match, with the words marked.
func snippet(text string, words []string, phrases [][]string) []Piece {
	folded, from := vietnamese.FoldMap(text)
	marks := placesOf(folded, words, phrases)
	if len(marks) == 0 {
		return []Piece{{Text: clip(text, 0, snippetRunes)}}
	}
	first := marks[0].start
	if len(phrases) > 0 {
		// Where a phrase was asked for, show it and not a word beside it.
		for _, m := range placesOf(folded, phrases[0], phrases[:1]) {
			first = m.start
			break
		}
	}
	// A third of the snippet before the match, from the start of a word.
	start := from[first]
	for n := 0; start > 0 && n < snippetRunes/3; n++ {
		_, size := utf8.DecodeLastRuneInString(text[:start])
		start -= size
	}
	if start > 0 {
		if i := strings.IndexAny(text[start:from[first]+1], " \n"); i >= 0 {
			start += i + 1
		}
	}
	end := start + len(clip(text, start, snippetRunes))
	var pieces []Piece
	add := func(s string, mark bool) {
		if s = strings.ReplaceAll(s, "\n", " "); s != "" {
			pieces = append(pieces, Piece{s, mark})
		}
	}
	if start > 0 {
		add("… ", false)
	}
	done := start
	for _, m := range marks {
		s, e := from[m.start], from[m.end]
		if s < done {
			continue
		}
		if e > end {
			break
		}
		add(text[done:s], false)
		add(text[s:e], true)
		done = e
	}
	add(text[done:end], false)
	if end < len(text) {
		add(" …", false)
	}
	return pieces
}

// clip is the text from an offset on, of at most n runes.
func clip(text string, from, n int) string {
	for i := range text[from:] {
		if n == 0 {
			return text[from : from+i]
		}
		n--
	}
	return text[from:]
}
