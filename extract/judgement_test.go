package extract

import (
	"testing"

	"soket/extract/indicator"
)

func TestJudge(t *testing.T) {
	fact := func(code string, v float64, page int) Fact {
		return Fact{Code: code, Value: v, Unit: "nhiệm vụ", Period: "2020-H1", Kind: indicator.Result, Page: page, Confidence: 0.7}
	}
	read := func() *Report {
		return &Report{Facts: []Fact{fact("task.new", 12, 1), fact("task.accepted", 9, 1), fact("task.stopped", 3, 2)}}
	}
	now := fact("task.accepted", 8, 0)
	r := read()
	said := []Judgement{
		{Key: KeyOf(r.Facts[0]), Verdict: Confirmed, By: "an"},
		{Key: KeyOf(r.Facts[1]), Verdict: Corrected, Was: &r.Facts[1], Now: &now, Reason: "gõ nhầm", By: "an"},
		{Key: KeyOf(r.Facts[2]), Verdict: Rejected, Was: &r.Facts[2], Reason: "của năm khác", By: "an"},
		{Key: "+1", Verdict: Added, Now: &Fact{Code: "task.councils", Value: 4, Period: "2020-H1", Kind: indicator.Result, Page: 2, Quote: "bốn hội đồng"}, By: "an"},
	}
	for _, j := range said {
		if err := j.Check(); err != nil {
			t.Errorf("%+v: %v", j, err)
		}
	}
	again := read() // the same file read again
	if err := Judge(again, said); err != nil {
		t.Fatal(err)
	}
	got := map[string]Fact{}
	for _, f := range again.Facts {
		got[f.Code] = f
	}
	if f := got["task.new"]; f.Judged != Confirmed || f.Confidence != 1 || f.Value != 12 {
		t.Errorf("confirmed: %+v", f)
	}
	if f := got["task.accepted"]; f.Value != 8 || f.Judged != Corrected || f.JudgedWhy != "gõ nhầm" || f.Page != 1 {
		t.Errorf("corrected: %+v", f)
	}
	if _, there := got["task.stopped"]; there || len(again.Facts) != 3 {
		t.Errorf("rejected is still there: %+v", again.Facts)
	}
	if f := got["task.councils"]; f.Value != 4 || f.Method != "person" || f.Quote != "bốn hội đồng" {
		t.Errorf("added: %+v", f)
	}
	// Newer rules take the figure for another indicator, or miss it: what was said still holds.
	other := read()
	other.Facts = other.Facts[:1]
	if err := Judge(other, said); err != nil {
		t.Fatal(err)
	}
	if len(other.Facts) != 3 {
		t.Errorf("a correction was lost: %+v", other.Facts)
	}
	for _, bad := range []Judgement{
		{Verdict: Confirmed},
		{Key: "k", Verdict: Rejected},
		{Key: "k", Verdict: "like"},
		{Key: "k", Verdict: Corrected, Now: &now},
		{Key: "k", Verdict: Added, Now: &Fact{Code: "no.such", Kind: indicator.Result}},
		{Key: "k", Verdict: Added, Now: &Fact{Code: "task.new", Kind: indicator.Comparison}},
	} {
		if bad.Check() == nil {
			t.Errorf("%+v is taken", bad)
		}
	}
}
