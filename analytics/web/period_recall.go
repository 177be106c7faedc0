package web

import (
	"context"
	"maps"
	"slices"
	"sync"

	"soket/analytics"
)

// recallMost is how many answers are kept: a period's page over a thousand bodies is about 100 KB.
const recallMost = 200

// gathered is what a brief asks the database, before it is put into words.
type gathered struct {
	figures  []analytics.PeriodFigure
	reports  []analytics.StandingReport
	expected []string
	names    map[string]analytics.Indicator
}

// recall keeps answers for as long as nothing in the database changes: reports come by the day,
// leaders look by the minute. The zero recall is ready.
type recall struct {
	mu    sync.Mutex
	stamp string
	kept  map[analytics.Standing]*gathered
}

// gather asks what a brief is made of, or recalls it.
func (s *server) gather(ctx context.Context, q analytics.Standing) (*gathered, error) {
	stamp, err := s.Figures.Stamp(ctx)
	if err != nil {
		return nil, err
	}
	c := &s.recall
	c.mu.Lock()
	if c.stamp != stamp || len(c.kept) >= recallMost {
		c.stamp, c.kept = stamp, map[analytics.Standing]*gathered{}
	}
	known := c.kept[q]
	c.mu.Unlock()
	if known != nil {
		return known, nil
	}
	g := &gathered{names: map[string]analytics.Indicator{}}
	err = atOnce(func() (err error) { g.figures, err = s.Figures.PeriodFigures(ctx, q); return err },
		func() (err error) { g.expected, err = s.Figures.ExpectedBodies(ctx, q); return err },
		func() error {
			codes, err := s.Figures.Catalogue(ctx)
			for _, c := range codes {
				g.names[c.Code] = c
			}
			return err
		})
	if err != nil {
		return nil, err
	}
	ids := map[string]bool{}
	for _, f := range g.figures {
		for _, id := range []string{f.Report, f.SameReport, f.PreviousReport, f.PlanReport} {
			ids[id] = true
		}
	}
	if g.reports, err = s.Figures.StandingReports(ctx, q, slices.Collect(maps.Keys(ids))...); err != nil {
		return nil, err
	}
	c.mu.Lock()
	if c.stamp == stamp { // what was asked before a change says nothing of what stands after it
		c.kept[q] = g
	}
	c.mu.Unlock()
	return g, nil
}
