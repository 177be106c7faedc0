package indicator

import "testing"

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
