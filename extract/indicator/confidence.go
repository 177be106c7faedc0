package indicator

// How sure a figure is that has a rival: another value that the same report gives for the same
// indicator, period, kind and basis. One of the two is mostly read wrongly. Measured on the
// even-numbered reports of testdata and of the given corpus, and the same on the odd ones:
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
)

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
