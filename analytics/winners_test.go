package analytics_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"soket/analytics"
	"soket/extract"
)

// TestWinners holds what is kept of the commits to what reading all of them gives, through all that
// befalls them, and that a commit alone does not have all read.
func TestWinners(t *testing.T) {
	backends(t, func(t *testing.T, db *analytics.DB) {
		r := rand.New(rand.NewPCG(3, 3))
		var list []extract.Filing
		start := time.Now()
		read := func() int { _, n := analytics.SameWinners(t, db); return n }
		commit := func(f extract.Filing, body string) {
			put(t, db, f, sample(body, "2020-H1", 1))
		}
		read()
		for n := range 6 {
			f := filing(uint64(n + 1))
			f.ReceivedAt = start.Add(time.Duration(r.IntN(3)) * time.Hour).Truncate(time.Millisecond) // some at the same time
			list = append(list, f)
			commit(f, fmt.Sprintf("Sở %d", n%3))
		}
		least := read()
		for n := range 12 {
			f := &list[r.IntN(len(list))]
			switch r.IntN(6) {
			case 0: // an older revision that comes late
				late := *f
				late.Rev--
				commit(late, "Sở cũ")
			case 1:
				f.Rev += 10
				f.State = extract.Withdrawn
				commit(*f, "Sở 1")
			case 2:
				f.Rev += 10
				f.State = extract.Waiting
				commit(*f, "Sở 2")
			case 3:
				analytics.Run(t, db, "OPTIMIZE TABLE commits FINAL")
			default:
				f.Rev += 10
				f.State = extract.Visible
				commit(*f, fmt.Sprintf("Sở %d", n))
				if n%2 == 0 { // merged before anybody looked
					analytics.Run(t, db, "OPTIMIZE TABLE commits FINAL")
				}
			}
			if now := read(); now != least {
				t.Errorf("step %d had all commits read", n)
				least = now
			}
		}
		// What takes rows away, or renames, is read anew; and counted on from there.
		for name, act := range map[string]func() error{
			"names":  func() error { return db.SetBodyNames(t.Context(), map[string]string{"so 1": "Sở Một"}) },
			"erased": func() error { return db.Erase(t.Context(), list[0].ID) },
			"clear":  func() error { return db.Clear(t.Context()) },
		} {
			if err := act(); err != nil {
				t.Fatal(name, err)
			}
			least = read()
			list[1].Rev += 10
			commit(list[1], "Sở 1")
			if now := read(); now > least+1 { // the table may have been empty
				t.Errorf("after %s a commit has all read again", name)
			}
		}
	})
}
