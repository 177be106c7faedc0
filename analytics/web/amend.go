package web

import (
	"cmp"
	"net/http"
	"slices"

	"soket/analytics"
	"soket/analytics/web/access"
	"soket/extract"
)

// mostFilings is the most filings of one period that are looked through: a country has fewer.
const mostFilings = 1000

// same lists the other reports of the same body and period whose figures count or wait to: one that
// amends them takes their place.
func (s *server) same(r *http.Request, f extract.Filing) ([]extract.Filing, error) {
	body, period := bodyOf(f), periodOf(f)
	if body == "" || period == "" || f.State != extract.Visible && f.State != extract.Waiting {
		return nil, nil
	}
	roll, err := s.bodies(r.Context())
	if err != nil {
		return nil, err
	}
	list, _, err := s.Inbox.Filings(FilingQuery{Period: period, Limit: mostFilings})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(list, func(x extract.Filing) bool {
		return x.ID == f.ID || x.State != extract.Visible || !roll.same(body, bodyOf(x))
	}), nil
}

// another tells that two reports are known to be of different bodies or periods: one is not an amended
// version of the other, and in its place it would take figures away that nobody meant to.
func (s *server) another(r *http.Request, a, b extract.Filing) (bool, error) {
	roll, err := s.bodies(r.Context())
	if err != nil {
		return false, err
	}
	x, y, p, q := bodyOf(a), bodyOf(b), periodOf(a), periodOf(b)
	return x != "" && y != "" && !roll.same(x, y) || p != "" && q != "" && p != q, nil
}

// versions lists the reports whose place this one took, the newest first.
func (s *server) versions(f extract.Filing) []extract.Filing {
	var list []extract.Filing
	const most = 50 // a chain longer than that is a mistake
	for id := f.Replaces; id != "" && len(list) < most; {
		old, ok := s.Inbox.Filing(id)
		if !ok || old.State == extract.Deleting || old.State == extract.Deleted {
			break
		}
		// The reason stands with the one that took its place; here it is shown with the one that went.
		shown := old
		shown.Amends = f.Amends
		list = append(list, shown)
		f, id = old, old.Replaces
	}
	return list
}

// difference is one figure of which two reports do not say the same. Old is nil where it was added,
// New where it was removed.
type difference struct {
	Code, Period, Kind, Basis string
	Old, New                  *analytics.Fact
	Percent                   *float64 // the change in per cent, where both are there
}

// What of the difference.
func (d difference) What() string {
	switch {
	case d.Old == nil:
		return "added"
	case d.New == nil:
		return "removed"
	}
	return "changed"
}

// differences sets the figures of a report against those of the one it amends. Equal figures are
// counted only. A slot with several values (of two laboratories) is compared value by value.
func differences(old, now []analytics.Fact) (list []difference, equal int) {
	type slot struct{ code, period, kind, basis string }
	slotOf := func(f analytics.Fact) slot { return slot{f.Code, f.Period, f.Kind, f.Basis} }
	var order []slot
	olds, nows := map[slot][]analytics.Fact{}, map[slot][]analytics.Fact{}
	for _, f := range now {
		k := slotOf(f)
		if len(nows[k]) == 0 {
			order = append(order, k)
		}
		nows[k] = append(nows[k], f)
	}
	for _, f := range old {
		k := slotOf(f)
		if len(nows[k]) == 0 && len(olds[k]) == 0 {
			order = append(order, k)
		}
		olds[k] = append(olds[k], f)
	}
	for _, k := range order {
		was, is := olds[k], nows[k]
		for i := 0; i < len(was); {
			if at := slices.IndexFunc(is, func(f analytics.Fact) bool { return f.Value == was[i].Value }); at >= 0 {
				was, is = slices.Delete(slices.Clone(was), i, i+1), slices.Delete(slices.Clone(is), at, at+1)
				equal++
				continue
			}
			i++
		}
		for i := range max(len(was), len(is)) {
			d := difference{Code: k.code, Period: k.period, Kind: k.kind, Basis: k.basis}
			if i < len(was) {
				d.Old = &was[i]
			}
			if i < len(is) {
				d.New = &is[i]
			}
			if d.Old != nil && d.New != nil && d.Old.Value != 0 && k.basis == "" {
				p := 100 * (d.New.Value - d.Old.Value) / abs(d.Old.Value)
				d.Percent = &p
			}
			list = append(list, d)
		}
	}
	rank := map[string]int{"changed": 0, "removed": 1, "added": 2}
	slices.SortStableFunc(list, func(a, b difference) int { return cmp.Compare(rank[a.What()], rank[b.What()]) })
	return list, equal
}

// amendPage shows what a report says otherwise than another, and lets it take the other's place.
func (s *server) amendPage(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	now, err := s.filed(r, r.PathValue("id"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	other := r.PathValue("other")
	old, ok := s.Inbox.Filing(other)
	if !ok || old.ID == now.ID {
		s.nothing(w, r)
		return
	}
	var facts [2][]analytics.Fact
	for i, id := range []string{old.ID, now.ID} {
		if facts[i], err = s.Figures.ReportFacts(ctx, id); err != nil {
			s.fail(w, r, err)
			return
		}
	}
	names, err := s.names(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	list, equal := differences(facts[0], facts[1])
	counts := map[string]int{}
	for _, d := range list {
		counts[d.What()]++
	}
	another, err := s.another(r, now.Filing, old)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	p := personOf(r)
	done := now.Replaces == old.ID
	may := !done && !another && old.State == extract.Visible && (now.State == extract.Visible || now.State == extract.Waiting) && s.mayFiling(p, access.Correct, now.Filing) == nil && s.mayFiling(p, access.Correct, old) == nil
	s.render(w, r, http.StatusOK, "amend", map[string]any{"Now": now.Filing, "Old": old, "List": list, "Equal": equal, "Counts": counts, "Names": names, "May": may, "Done": done,
		"Another": another, "Unknown": bodyOf(now.Filing) == "" || bodyOf(old) == "" || periodOf(now.Filing) == "" || periodOf(old) == ""})
}
