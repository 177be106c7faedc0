package indicator

import (
	"slices"
	"testing"
)

func TestRivalsLowerConfidence(t *testing.T) {
	at := func(code string, value, confidence float64) Fact {
		return Fact{Code: code, Value: value, Period: "2020-H1", Kind: Result, Confidence: confidence}
	}
	facts := []Fact{
		at("task.new", 5, 0.97), at("task.new", 6, 0.7), // rivals
		at("task.accepted", 5, 0.97),                                                            // alone
		at("finance.disbursed_vnd", 27.85e9, 0.95), at("finance.disbursed_vnd", 27.853e9, 0.95), // one value, rounded
		at("info.events", 3, 0.3), at("info.events", 4, 0.3), // no higher than they were
	}
	weighRivals(facts)
	for i, want := range []float64{sureRival, unsureRival, 0.97, 0.95, 0.95, 0.3, 0.3} {
		if got := facts[i].Confidence; got != want {
			t.Errorf("%d: %v, want %v", i, got, want)
		}
	}
}

func TestWeakerValuesAreLeftOut(t *testing.T) {
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	at := func(code string, value, confidence float64) Fact {
		return Fact{Code: code, Value: value, Period: "2020-H1", Kind: Result, Confidence: confidence}
	}
	kept, weaker := withoutWeaker(c, []Fact{
		at("task.new", 5, 0.97), at("task.new", 6, 0.7), // the clearer
		at("info.events", 9, 0.5), at("info.events", 4, 0.8), at("info.events", 5, 0.8), // parts and their total
		at("task.accepted", 5, 0.97), at("task.accepted", 8, 0.95), // both sure
		at("inspection.entities", 90, 0.97), at("inspection.entities", 30, 0.7), // of two works
	})
	var got []float64
	for _, f := range kept {
		got = append(got, f.Value)
	}
	if want := []float64{5, 9, 5, 8, 90, 30}; !slices.Equal(got, want) || len(weaker) != 3 {
		t.Errorf("kept %v and left %d out, want %v and 3", got, len(weaker), want)
	}
	if c := kept[0].Confidence; c >= sureEnough {
		t.Errorf("%v for a figure that had a rival", c)
	}
}
