package analytics

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// What nobody waits for any more is not sent: a worker that lost its leases while the store was away
// would else store what no commit will name, and hold up what comes.
func TestGroupLeavesOutWhoWentAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var sent [][]int
		g := &group[int]{linger: time.Second, send: func(_ context.Context, all []int) error {
			sent = append(sent, slices.Clone(all))
			time.Sleep(time.Minute / 2)
			if len(all) > 1 {
				return errors.New("refused")
			}
			return nil
		}}
		gone, leave := context.WithCancel(t.Context())
		errs := make([]error, 5)
		var all sync.WaitGroup
		for i := range errs {
			ctx := t.Context()
			if i == 2 || i == 4 {
				ctx = gone
			}
			all.Go(func() { errs[i] = g.do(ctx, i) })
			synctest.Wait()
			if i == 3 {
				time.Sleep(40 * time.Second) // 0 is sent, 1 to 3 are under way
			}
		}
		leave()
		all.Wait()
		if want := [][]int{{0}, {1, 2, 3}, {1}, {3}}; !slices.EqualFunc(sent, want, slices.Equal) {
			t.Errorf("sent %v, not %v", sent, want)
		}
		for i, err := range errs {
			if gone := i == 2 || i == 4; errors.Is(err, context.Canceled) != gone || !gone && err != nil {
				t.Errorf("%d: %v", i, err)
			}
		}
	})
}
