package indicator

import "math"

// How sure a figure is that has a rival: another value that the same report gives for the same
// indicator, period, kind and basis. One of the two is mostly read wrongly. Measured, before the weaker
// were left out, on the even-numbered reports of testdata and of the given corpus, and the same on the odd
// ones:
//
//	                  even             odd
//	sure, alone       1798 of 1798     2298 of 2304
//	sure, a rival       24 of 30         32 of 35
//	less, alone       1955 of 1997     2391 of 2470
//	less, a rival       42 of 88         72 of 163
const (
	sureEnough  = 0.9  // from here on a figure is shown without a mark; 99 in 100 of those are to be right
	sureRival   = 0.8  // of figures that were sure without their rival
	unsureRival = 0.45 // of the others
	// severalLeast is what a second figure of an indicator that reports several works apart must have.
	severalLeast = 0.56
	shownUnsure  = 0.89 // of a figure that had a weaker rival
)

// withoutWeaker leaves out what a report says less clearly where it gives several values for the same
// indicator, period, kind and basis: a report has one figure for each (of 4648 such slots of gold facts
// 14 have two), so that all but one are mostly parts, or were read wrongly. Values that come to another
// among them are its parts; of the others the one with the clearest words is kept, and those that are
// sure themselves. Indicators that report several works apart (Several) keep all that is said.
func withoutWeaker(c *Catalogue, facts []Fact) (kept []Fact, weaker []Skip) {
	of := map[slot][]int{}
	for i, f := range facts {
		s := slot{f.Code, f.Period, f.Kind, f.Basis}
		of[s] = append(of[s], i)
	}
	out := map[int]string{}
	doubted := map[int]bool{}
	for s, list := range of {
		if len(list) < 2 {
			continue
		}
		x, known := c.Get(s.code)
		total, sum, best := list[0], 0.0, list[0]
		for _, i := range list {
			sum += facts[i].Value
			if facts[i].Value > facts[total].Value {
				total = i
			}
			if facts[i].Confidence > facts[best].Confidence {
				best = i
			}
		}
		if v := facts[total].Value; s.kind != Comparison && len(list) > 2 && v > 0 && near(sum-v, v) {
			for _, i := range list {
				if i != total {
					out[i] = "a part of the total that it comes to with the others"
				}
			}
			continue
		}
		for _, i := range list {
			least := sureEnough
			if known && x.Several {
				least = severalLeast
			}
			if f := &facts[i]; i != best && f.Confidence < least && f.Confidence < facts[best].Confidence && !near(f.Value, facts[best].Value) {
				out[i] = "the report says another value of the same more clearly"
				doubted[best] = true
			}
		}
	}
	for i, f := range facts {
		if why := out[i]; why != "" {
			weaker = append(weaker, Skip{Text: f.Quote, Page: f.Page, Ref: f.Cell, Why: why})
			continue
		}
		if doubted[i] {
			f.Confidence = min(f.Confidence, shownUnsure)
		}
		kept = append(kept, f)
	}
	return kept, weaker
}

// withRival is the confidence of a figure that has a rival.
func withRival(confidence float64) float64 {
	if confidence >= sureEnough {
		return sureRival
	}
	return min(confidence, unsureRival)
}

// weighRivals lowers the confidence of figures that have rivals.
func weighRivals(facts []Fact) {
	first := map[slot]float64{}
	rivals := map[slot]bool{}
	for _, f := range facts {
		s := slot{f.Code, f.Period, f.Kind, f.Basis}
		if v, seen := first[s]; !seen {
			first[s] = f.Value
		} else if v != f.Value && !near(v, f.Value) {
			rivals[s] = true
		}
	}
	for i := range facts {
		if f := &facts[i]; rivals[slot{f.Code, f.Period, f.Kind, f.Basis}] {
			f.Confidence = withRival(f.Confidence)
		}
	}
}

// confidence is how sure a figure of prose is, as measured: of those with at least 0.9 at least 99
// in 100 are right on reports that the rules were not tuned on (soket eval prints it). That holds
// for results of the report's own time whose words speak clearly for one indicator and for no other.
func (r *reader) confidence(f *figure) float64 {
	clear := min(1, max(0, (f.score-enough)/2)) // 0 at the least evidence, 1 from two more on
	alone := min(1, max(0, f.margin/2.2))       // 0 where another indicator has as much evidence
	c := 0.45 + 0.24*clear + 0.20*alone
	if clear >= 0.75 && alone == 1 && f.kind == Result && f.period == r.head.Period && !f.told && !f.inside {
		c = 0.93 + 0.05*clear
	}
	return math.Round(c*1000) / 1000
}
