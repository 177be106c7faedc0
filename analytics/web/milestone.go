package web

import (
	"time"

	"soket/extract"
)

// milestone is one step of a report on its way: received, read, checked, submitted, approved, published.
type milestone struct {
	Key   string
	State string // done, now, next, failed
	By    string
	At    time.Time
	Left  int // figures and points still to be looked at, of "checked"
}

// milestones tells how far a report is, with who and when.
func milestones(f extract.Filing, v *review) []milestone {
	rank := map[string]int{extract.Submitted: 1, extract.Approved: 2, extract.Published: 3}[f.Stage.Value]
	last := func(what string) (m milestone) {
		for _, x := range f.Steps {
			if x.Value == what {
				m.By, m.At = x.By, x.At
			}
		}
		return m
	}
	read := f.State != extract.Accepted && f.State != extract.Deleting && f.State != extract.Reading && f.State != extract.Failed && f.State != extract.Refused
	list := []milestone{{Key: "received", State: "done", By: f.ReceivedBy, At: f.ReceivedAt}, {Key: "read"}, {Key: "checked"}}
	if f.State == extract.Refused {
		list[0].State = "failed"
	}
	if read {
		list[1].State = "done"
	} else if f.State == extract.Failed {
		list[1].State = "failed"
	}
	if v != nil {
		list[2].Left = v.Doubt + v.Open
	}
	if read && v != nil && f.State != extract.Waiting && (rank > 0 || list[2].Left == 0) {
		list[2].State = "done"
	}
	for i, what := range []string{extract.Submitted, extract.Approved, extract.Published} {
		m := milestone{Key: what}
		if rank > i {
			m = last(what)
			m.Key, m.State = what, "done"
		}
		list = append(list, m)
	}
	now := false
	for i := range list {
		switch {
		case list[i].State == "failed":
			now = true
		case list[i].State == "" && !now && f.State != extract.Withdrawn && f.State != extract.Replaced && f.State != extract.Deleting:
			list[i].State, now = "now", true
		case list[i].State == "":
			list[i].State = "next"
		}
	}
	return list
}
