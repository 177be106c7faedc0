package analytics

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/uuid"
)

// A commit row never changes, and of a report's rows the highest wins: the winning ones are the highest
// of all that were ever read. So after a commit only those parts of the table are read that were not
// there before, and of those that were merged only the rows that no older part held. What takes rows away
// (a report erased, a rebuild, another table in this one's place) and a change of the bodies' names have
// everything read anew. A test holds both ways together.

// newParts is the most parts that are read by themselves.
const newParts = 100

// winners is what was read of the commits.
type winners struct {
	mu    sync.Mutex
	list  []rosterRow // of each report, in whatever state; the newest received first
	names string      // the version of the bodies' names
	place string      // of the table
	parts map[string]span
	whole int // times that everything was read, for the test
}

// span says what a part holds: the inserts first to last, after so many mutations.
type span struct{ first, last, mutation int64 }

// spanOf reads the name of a part, PARTITION_FIRST_LAST_LEVEL[_MUTATION].
func spanOf(part string) (s span, ok bool) {
	words := strings.Split(part, "_")
	if len(words) != 4 && len(words) != 5 || words[0] != "all" {
		return s, false
	}
	n := make([]int64, 4)
	for i, w := range words[1:] {
		var err error
		if n[i], err = strconv.ParseInt(w, 10, 64); err != nil {
			return s, false
		}
	}
	return span{n[0], n[1], n[3]}, true
}

// since gives the parts that were not there before; not ok where rows may have gone.
func (w *winners) since(parts map[string]span) (fresh []string, ok bool) {
	mutation := func(m map[string]span) (most int64) {
		for _, s := range m {
			most = max(most, s.mutation)
		}
		return most
	}
	if mutation(parts) != mutation(w.parts) {
		return nil, false
	}
	for name := range parts {
		if _, known := w.parts[name]; !known {
			fresh = append(fresh, name)
		}
	}
	for name, old := range w.parts {
		_, there := parts[name]
		if !there && !slices.ContainsFunc(fresh, func(f string) bool { return parts[f].first <= old.first && old.last <= parts[f].last }) {
			return nil, false
		}
	}
	return fresh, len(fresh) <= newParts
}

// winningRows gives the winning commit of each report. The list is shared: none may alter it.
func (db *DB) winningRows(ctx context.Context) ([]rosterRow, error) {
	// The parts are asked for before their rows: what comes meanwhile is read now, and once more the next time.
	now, err := db.edition(ctx)
	if err != nil {
		return nil, err
	}
	w := &db.winners
	w.mu.Lock()
	defer w.mu.Unlock()
	for try := 0; try < 3 && now.parts != nil && now.place == w.place && now.names == w.names; try++ {
		fresh, ok := w.since(now.parts)
		if !ok && try > 0 {
			break
		}
		if ok {
			list, ok, err := db.withParts(ctx, w.list, fresh, now.names)
			if err != nil {
				return nil, err
			}
			if ok {
				w.list, w.parts = list, now.parts
				return list, nil
			}
		}
		if now, err = db.editionNow(ctx); err != nil { // they were merged meanwhile, or another request is ahead
			return nil, err
		}
	}
	list := []rosterRow{}
	if err := db.selectRows(ctx, &list, "roster", ""); err != nil {
		return nil, fmt.Errorf("roster: %w", err)
	}
	adopt(list, w.list)
	// What many have in common is kept once: a collection of garbage goes through every text.
	once := map[string]string{}
	for i := range list {
		x := &list[i]
		for _, s := range []*string{&x.State, &x.Body, &x.Period, &x.PeriodKind, &x.Signed, &x.Signer, &x.Title} {
			if _, ok := once[*s]; !ok {
				once[*s] = *s
			}
			*s = once[*s]
		}
	}
	w.list, w.names, w.place, w.parts = list, now.names, now.place, now.parts
	w.whole++
	return list, nil
}

// adopt gives rows that were read anew the figures of the same readings as they were kept.
func adopt(list, old []rosterRow) {
	was := keyed(old, func(x *rosterRow) uuid.UUID { return x.Attempt })
	for i := range list {
		if x := was[list[i].Attempt]; x != nil {
			list[i].reading = x.reading
		} else {
			list[i].reading = &reading{}
		}
	}
}

// partRow is a part of a table.
type partRow struct {
	Table string `ch:"kept"`
	Part  string `ch:"part"`
	Place string `ch:"place"`
	Made  uint32 `ch:"made"`
}

// editionOf tells what the parts of the three tables hold; not ok where that cannot be told. The numbers of
// inserts and mutations only ever rise in a table. Should an engine that lost its disk count them again,
// the instant of the newest commit part differs.
func editionOf(list []partRow) (e edition, ok bool) {
	e.parts = map[string]span{}
	type table struct {
		place          string
		last, mutation int64
		made           uint32
	}
	tables := map[string]*table{"commits": {}, "body_keys": {}, "indicator_entries": {}}
	for _, p := range list {
		s, ok := spanOf(p.Part)
		t := tables[p.Table]
		if !ok || t == nil || t.place != "" && t.place != p.Place {
			return e, false
		}
		t.place, t.last, t.mutation, t.made = p.Place, max(t.last, s.last), max(t.mutation, s.mutation), max(t.made, p.Made)
		if p.Table == "commits" {
			e.parts[p.Part] = s
		}
	}
	text := func(t *table) string { return fmt.Sprint(t.place, " ", t.last, " ", t.mutation) }
	commits := tables["commits"]
	e.place, e.names, e.entries = commits.place, text(tables["body_keys"]), text(tables["indicator_entries"])
	e.version = fmt.Sprint(text(commits), " ", commits.made, "/", e.names, "/", e.entries)
	return e, len(list) > 0 // where nothing is seen, perhaps nobody may
}

// partOf is a commit with the part it was read from.
type partOf struct {
	Part string `ch:"part"`
	Key  string `ch:"body_key"`
	rosterRow
}

// newRows gives what parts that were merged hold besides the commits of the list. The engine writes its one
// big part anew with every ten that come: read whole, that took longer than all else on a page.
func (db *DB) newRows(ctx context.Context, list []rosterRow, parts []string, missing map[string]bool) (rows []partOf, err error) {
	if len(parts) == 0 {
		return nil, nil
	}
	var held []struct {
		Part     string      `ch:"part"`
		Attempts []uuid.UUID `ch:"attempts"`
		Revs     []uint64    `ch:"revs"`
		At       []int64     `ch:"at"` // microseconds
	}
	if err := db.selectRows(ctx, &held, "roster_merged", "", clickhouse.Named("parts", parts)); err != nil {
		return nil, err
	}
	known := keyed(list, func(x *rosterRow) uuid.UUID { return x.Attempt })
	attempts := map[string]bool{}
	for _, p := range held {
		delete(missing, p.Part)
		for i, a := range p.Attempts {
			if x := known[a]; x == nil || x.Rev != p.Revs[i] || x.CommittedAt.UnixMicro() != p.At[i] {
				attempts[a.String()] = true
			}
		}
	}
	// A list longer than an address may be reads them whole.
	ids := slices.Collect(maps.Keys(attempts))
	if len(ids) == 0 {
		return nil, nil
	}
	if len(ids) > askedTogether {
		ids = []string{}
	}
	if err := db.selectRows(ctx, &rows, "roster_parts", "", clickhouse.Named("parts", parts), clickhouse.Named("attempts", ids)); err != nil {
		return nil, err
	}
	for _, x := range rows {
		delete(attempts, x.Attempt.String())
	}
	if len(attempts) > 0 { // merged once more meanwhile
		missing[""] = true
	}
	return rows, nil
}

// withParts gives the list with the commits of further parts; not ok where they are not what was listed.
func (db *DB) withParts(ctx context.Context, list []rosterRow, parts []string, version string) (_ []rosterRow, ok bool, err error) {
	if len(parts) == 0 {
		return list, true, nil
	}
	names, err := db.names.get(ctx, version, func(ctx context.Context) (map[string]string, error) {
		var list []struct {
			Key  string `ch:"key"`
			Body string `ch:"body"`
		}
		err := db.conn.Select(ctx, &list, "SELECT key, body FROM body_keys FINAL WHERE body != ''")
		names := make(map[string]string, len(list))
		for _, x := range list {
			names[x.Key] = x.Body
		}
		return names, err
	})
	if err != nil {
		return nil, false, fmt.Errorf("names of bodies: %w", err)
	}
	missing := map[string]bool{} // merged into others meanwhile, or on another replica
	var merged, fresh []string
	for _, p := range parts {
		missing[p] = true
		if s, ok := spanOf(p); ok && s.first < s.last {
			merged = append(merged, p)
		} else {
			fresh = append(fresh, p)
		}
	}
	rows, err := db.newRows(ctx, list, merged, missing)
	if err != nil {
		return nil, false, fmt.Errorf("new commits: %w", err)
	}
	if len(fresh) > 0 {
		var more []partOf
		if err := db.selectRows(ctx, &more, "roster_parts", "", clickhouse.Named("parts", fresh), clickhouse.Named("attempts", []string{})); err != nil {
			return nil, false, fmt.Errorf("new commits: %w", err)
		}
		rows = append(rows, more...)
	}
	newer := map[string]rosterRow{}
	// wins puts the higher of two rows of a report in the first's place.
	wins := func(x *rosterRow, y rosterRow) {
		switch order := cmp.Or(cmp.Compare(y.Rev, x.Rev), y.CommittedAt.Compare(x.CommittedAt)); {
		case order > 0:
			*x = y
		case order == 0 && x.Attempt != y.Attempt:
			missing[""] = true // the engine compares them otherwise
		}
	}
	for _, r := range rows {
		delete(missing, r.Part)
		r.Body = cmp.Or(names[r.Key], r.Body)
		x, ok := newer[r.Report]
		if !ok {
			x = r.rosterRow
		}
		wins(&x, r.rosterRow)
		newer[r.Report] = x
	}
	list = slices.Clone(list)
	moved := false
	for i := range list {
		x := &list[i]
		y, ok := newer[x.Report]
		if !ok {
			continue
		}
		if y.reading = x.reading; y.Attempt != x.Attempt {
			y.reading = &reading{}
		}
		moved = moved || !y.ReceivedAt.Equal(x.ReceivedAt)
		wins(x, y)
		delete(newer, x.Report)
	}
	for _, x := range newer {
		x.reading = &reading{}
		list, moved = append(list, x), true
	}
	if !moved { // each is where it was
		return list, len(missing) == 0, nil
	}
	slices.SortStableFunc(list, func(a, b rosterRow) int {
		if order := b.ReceivedAt.Compare(a.ReceivedAt); order != 0 {
			return order
		}
		return compareIDs(a.Report, b.Report)
	})
	return list, len(missing) == 0, nil
}
