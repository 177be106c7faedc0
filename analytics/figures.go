package analytics

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"
)

// A reading's figures never change, so those of the reports that count are kept: a chart or a period is
// made of them in the time in which the engine would plan a statement. After a commit only its own are
// asked for. A million take some 30 MB, and a second when they are first asked for.
const (
	askedTogether = 200  // readings in one statement: their ids go in its address
	askedAll      = 2000 // more than so many are looked for among all there are
)

// figure is one figure of a report; sort is the place of what it says among the sorts.
type figure struct {
	value, confidence float64
	no, sort          uint32
}

// sort is what many figures have in common.
type sort struct {
	Code       string `ch:"code"`
	Area       string `ch:"area"`
	Unit       string `ch:"unit"`
	Period     string `ch:"period"`
	PeriodYear uint16 `ch:"period_year"`
	PeriodKind string `ch:"period_kind"`
	Kind       string `ch:"kind"`
	Basis      string `ch:"basis"`
	marks      marks
}

// marks tell of which indicators and periods a reading has figures: a bit each, which several may share,
// so that what is sought is not looked for where it cannot be.
type marks struct {
	codes   [4]uint64
	periods uint64
}

func (m *marks) add(x marks) {
	for i := range m.codes {
		m.codes[i] |= x.codes[i]
	}
	m.periods |= x.periods
}

// meets tells whether something may have both an indicator and a period of the other.
func (m *marks) meets(x *marks) bool {
	return m.periods&x.periods != 0 &&
		(m.codes[0]&x.codes[0]|m.codes[1]&x.codes[1]|m.codes[2]&x.codes[2]|m.codes[3]&x.codes[3]) != 0
}

// reading is what is kept of one.
type reading struct {
	list []figure
	marks
	flags  []Finding // that ask for a look (flags.go)
	looked bool      // for these
}

// held is what is kept beside the readings, which the rows of the roster keep: their figures' sorts, of
// which none is ever taken away or altered. Readings are filled in under its lock.
type held struct {
	mu    sync.Mutex
	sorts []sort
	place map[uint64]uint32
	bits  map[string]int // of indicators and of periods
}

// figures are those of a roster's reports that count.
type figures struct {
	*roster
	of    []reading // by the report's place
	sorts []sort
}

// stated is one figure that a report states.
type stated struct {
	figure
	*sort
	from *rosterRow
}

// figures gives those of the reports that count now.
func (db *DB) figures(ctx context.Context) (*figures, error) {
	list, err := cached(ctx, db, "figures", func(ctx context.Context) ([]*figures, error) {
		known, err := db.roster(ctx)
		if err != nil {
			return nil, err
		}
		x, err := db.figuresOf(ctx, known)
		return []*figures{x}, err
	})
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

// figuresAt gives those of the reports that counted at a moment; the zero time is now. The moment that was
// asked for last is kept: a page asks several times.
func (db *DB) figuresAt(ctx context.Context, at time.Time) (*figures, error) {
	if at.IsZero() {
		return db.figures(ctx)
	}
	now, err := db.version(ctx)
	if err != nil {
		return nil, err
	}
	moment := at.UTC().Format("2006-01-02 15:04:05.000000")
	return db.then.get(ctx, now+" "+moment, func(ctx context.Context) (*figures, error) {
		var all []rosterRow
		if err := db.selectRows(ctx, &all, "roster_at", "", clickhouse.Named("moment", moment)); err != nil {
			return nil, fmt.Errorf("roster of a moment: %w", err)
		}
		known, err := db.roster(ctx)
		if err != nil {
			return nil, err
		}
		adopt(all, known.rows)
		return db.figuresOf(ctx, rosterOf(all))
	})
}

// Warm asks for the figures and findings before anybody waits for them, and says how many figures there
// are; to be called at a start.
func (db *DB) Warm(ctx context.Context) (n int, err error) {
	x, err := db.figures(ctx)
	if err != nil {
		return 0, err
	}
	for _, r := range x.of {
		n += len(r.list)
	}
	_, err = db.Flags(ctx)
	return n, err
}

// figuresOf gives those of a roster.
func (db *DB) figuresOf(ctx context.Context, known *roster) (*figures, error) {
	h := &db.held
	h.mu.Lock()
	defer h.mu.Unlock()
	missing := map[uuid.UUID][]figure{}
	for i := range known.rows {
		if x := &known.rows[i]; x.Facts > 0 && x.reading.list == nil {
			missing[x.Attempt] = nil
		}
	}
	if err := db.ask(ctx, missing); err != nil {
		return nil, fmt.Errorf("figures: %w", err)
	}
	x := &figures{roster: known, of: make([]reading, len(known.rows)), sorts: h.sorts}
	for i := range known.rows {
		r := &known.rows[i]
		it := *r.reading
		if it.list == nil && r.Facts > 0 {
			it.list = slices.Clip(missing[r.Attempt])
			for _, f := range it.list {
				it.add(h.sorts[f.sort].marks)
			}
			if len(it.list) == int(r.Facts) { // a replica may not have all of them yet
				*r.reading = it
			}
		}
		x.of[i] = it
	}
	return x, nil
}

// ask fills in the figures of readings.
func (db *DB) ask(ctx context.Context, missing map[uuid.UUID][]figure) error {
	for step := range steps(missing) {
		if err := db.askStep(ctx, step, missing); err != nil {
			return err
		}
	}
	return nil
}

// steps are the readings of one statement each; none named is all.
func steps[T any](missing map[uuid.UUID]T) iter.Seq[[]string] {
	if len(missing) > askedAll {
		return slices.Values([][]string{{}})
	}
	ids := make([]string, 0, len(missing))
	for id := range missing {
		ids = append(ids, id.String())
	}
	return slices.Chunk(ids, askedTogether)
}

// hashed is a sort with what stands for it.
type hashed struct {
	Hash uint64 `ch:"sort"`
	sort
}

func (db *DB) askStep(ctx context.Context, ids []string, missing map[uuid.UUID][]figure) error {
	if len(ids) > 0 {
		var rows []struct {
			Attempt    uuid.UUID `ch:"attempt"`
			No         uint32    `ch:"fact_no"`
			Value      float64   `ch:"value"`
			Confidence float64   `ch:"confidence"`
			hashed
		}
		if err := db.selectRows(ctx, &rows, "figures_named", "", clickhouse.Named("attempts", ids)); err != nil {
			return err
		}
		for _, x := range rows {
			if list, wanted := missing[x.Attempt]; wanted {
				missing[x.Attempt] = append(list, figure{x.Value, x.Confidence, x.No, db.held.keep(x.hashed)})
			}
		}
		return nil
	}
	var sorts []hashed
	var at errgroup.Group // a reading is stored whole before it is asked for: neither has to wait for the other
	at.Go(func() error { return db.selectRows(ctx, &sorts, "figure_sorts", "") })
	rows, err := db.conn.Query(ctx, statement("figures"))
	if err != nil {
		return errors.Join(err, at.Wait())
	}
	defer rows.Close()
	if err := at.Wait(); err != nil {
		return err
	}
	for _, x := range sorts {
		db.held.keep(x)
	}
	for rows.Next() {
		var attempt uuid.UUID
		var f figure
		var hash uint64
		if err := rows.Scan(&attempt, &f.no, &f.value, &f.confidence, &hash); err != nil {
			return err
		}
		// Readings that are stored meanwhile are none that is asked for.
		if list, wanted := missing[attempt]; wanted {
			f.sort = db.held.place[hash]
			missing[attempt] = append(list, f)
		}
	}
	return rows.Err()
}

// keep gives the place of a sort, a new one to one that is new.
func (h *held) keep(x hashed) uint32 {
	if n, ok := h.place[x.Hash]; ok {
		return n
	}
	if h.place == nil {
		h.place, h.bits = map[uint64]uint32{}, map[string]int{}
	}
	bit := func(kind, name string) int { // the next one for a name that is new
		n, ok := h.bits[kind+name]
		if !ok {
			n = len(h.bits)
			h.bits[kind+name] = n
		}
		return n
	}
	code, period := bit("code ", x.Code)%256, bit("period ", x.Period)%64
	x.marks.codes[code/64], x.marks.periods = 1<<(code%64), 1<<period
	n := uint32(len(h.sorts))
	h.place[x.Hash], h.sorts = n, append(h.sorts, x.sort)
	return n
}

// each goes through the figures of the sorts that are wanted, of these bodies or of all; those of
// reports that name no body are left out, for nobody could tell whose they are.
func (x *figures) each(bodies []string, want func(*sort) bool, do func(stated)) {
	var sought marks
	wanted := make([]bool, len(x.sorts))
	for i := range x.sorts {
		if wanted[i] = want(&x.sorts[i]); wanted[i] {
			sought.add(x.sorts[i].marks)
		}
	}
	if len(bodies) == 0 {
		bodies = x.bodies
	}
	for _, b := range bodies {
		for _, r := range x.byBody[b] {
			it := &x.of[r.at]
			if !it.meets(&sought) {
				continue
			}
			for _, f := range it.list {
				if wanted[f.sort] {
					do(stated{f, &x.sorts[f.sort], r})
				}
			}
		}
	}
}

// codes adds the indicators of a report to a set.
func (x *figures) codes(r *rosterRow, set map[string]bool) {
	if i := r.at; i < len(x.of) && x.rows[i].Attempt == r.Attempt {
		for _, f := range x.of[i].list {
			set[x.sorts[f.sort].Code] = true
		}
	}
}
