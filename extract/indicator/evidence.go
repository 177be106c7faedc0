package indicator

import (
	"math"
	"strings"

	"soket/extract/document"
)

// judge finds the indicator that a figure's words speak for most.
func (p *passage) judge(f *figure, k int, w window) {
	money := f.unit == "đồng"
	var best, second float64
	last := p.last
	if last != nil && last.i < w.sentence {
		last = nil
	}
	for _, u := range p.indicators {
		if u.money != money || u.percent {
			continue
		}
		s := p.evidence(u, f, w, last)
		if s <= 0 {
			continue
		}
		if last != nil && last.code != nil {
			// Parts are of the kind of their whole: applications of applications, titles of titles.
			for _, kind := range []string{"grants", "applications"} {
				if last.code.Area == u.Area && strings.HasSuffix(last.code.Code, kind) && strings.HasSuffix(u.Code, "_"+kind) {
					s += 1
				}
			}
		}
		if s > best {
			second, best, f.code = best, s, u
		} else if s > second {
			second = s
		}
	}
	f.score, f.margin = best, best-second
	if best < 3 || f.code != nil && (f.v < f.code.Plausible[0] || f.v > f.code.Plausible[1]*10) {
		f.code = nil
	}
}

// evidence weighs what stands around a figure for one indicator.
func (p *passage) evidence(u *rule, f *figure, w window, last *figure) float64 {
	ts, s0, s1, sentence, lead, sec := p.ts, w.from, w.to, w.sentence, p.lead, p.sec
	// What stands beyond a comma, on the side of the neighbour, is the neighbour's first.
	m0, m1 := s0, s1
	for i := f.i - 1; i >= s0; i-- {
		if s0 > sentence && (ts[i].s == "," || ts[i].s == "va" || ts[i].s == ")" || ts[i].s == "(") || ts[i].s == ")" || ts[i].s == "(" {
			m0 = i + 1
			break
		}
	}
	for i := f.end + f.noun; i < s1; i++ {
		if ts[i].s == "," || ts[i].s == "(" || ts[i].s == ")" || ts[i].s == ":" || ts[i].s == "va" && i+3 < s1 {
			m1 = i
			break
		}
	}
	const foreign = 1.0 // what is taken off for words beyond the comma
	noun := 0.0
	if !u.money {
		for _, p := range u.nouns {
			// "đơn vị" is no "đơn", "hồ sơ" no "hộ": a longer noun is another one.
			if n := p.at(ts, f.end); n > 1 || n == 1 && f.noun <= 1 {
				noun = math.Max(noun, 1.4+0.15*float64(n))
			}
		}
		if f.noun > 0 && noun == 0 && !f.part && !f.whole {
			return 0 // it counts something else
		}
	} else {
		noun = 1
	}
	near := func(ps []phrase, weightAfter, weightBefore float64) float64 {
		best := 0.0
		for _, p := range ps {
			bonus := 0.12 * float64(len(p)-1)
			for i := s0; i < s1; i++ {
				if n := p.at(ts, i); n > 0 {
					w := 0.0
					if i >= f.end {
						w = weightAfter - 0.09*float64(i-f.end)
						if i >= m1 {
							w -= foreign
						}
					} else if i+n <= f.i {
						w = weightBefore - 0.07*float64(f.i-i-n)
						if i < m0 {
							w -= foreign
						}
					}
					best = math.Max(best, w+bonus)
				}
			}
		}
		return best
	}
	named := near(u.named, 2.4, 2.2)
	cue := near(u.cues, 1.9, 1.9)
	if last != nil && last.code != nil && noun > 0 && cue < 1.5 && u.follows[last.code.Code] {
		cue = 1.5 // "03 lớp cho 120 người", "tại 38 cơ sở, phát hiện 03 cơ sở": what follows in the chain
	}
	long := 0.0 // of cues that say more than a word
	if noun == 0 {
		var ps []phrase
		for _, p := range u.cues {
			if len(p) > 1 {
				ps = append(ps, p)
			}
		}
		long = near(ps, 1.9, 1.9)
	}
	if cue < 0.9 && named < 0.9 && !f.inside {
		// The sentence's beginning and the list's lead-in speak for its later figures too.
		for _, p := range u.cues {
			for i := sentence; i < s0; i++ {
				if p.at(ts, i) > 0 {
					cue = math.Max(cue, 0.9+0.08*float64(len(p)-1)-0.01*float64(f.i-i))
				}
			}
			for i := range lead {
				if p.at(lead, i) > 0 {
					cue = math.Max(cue, 0.8+0.05*float64(len(p)-1))
				}
			}
		}
	}
	if noun == 0 {
		if named < 1.2 && long < 1.4 {
			return 0
		}
		if f.end < len(ts) && ts[f.end].kind == 'w' && !connectors[ts[f.end].s] {
			return 0 // it counts something that no indicator counts
		}
		cue = math.Min(cue, long)
	}
	score := noun + math.Max(named, cue) + 0.35*math.Min(named, cue)
	if noun == 0 {
		// A bare number is a figure only after a label: "…: 34", "… là 38", "… 28 đơn".
		w := ""
		if f.i > 0 {
			w = ts[f.i-1].s
		}
		if w == ":" || w == "la" || w == "dat" || w == "gom" || w == "co" || w == "voi" {
			score += 1.2
		} else {
			score += 0.5
		}
	}
	if sec.area == u.Area {
		score += 0.5
	}
	for _, p := range u.excludes {
		for i := m0; i < m1; i++ {
			if n := p.at(ts, i); n > 0 {
				d := f.i - i
				if i >= f.j {
					d = i - f.j
				}
				if d < 8 {
					score -= 1.3
				} else {
					score -= 0.4
				}
				break
			}
		}
	}
	return score
}

// connectors may follow a bare number without being what it counts.
var connectors = map[string]bool{"va": true, "trong": true, "so": true, "voi": true, "cua": true, "dat": true, "tang": true, "giam": true, "tai": true, "duoc": true, "da": true, "la": true, "do": true, "tu": true, "cho": true, "bang": true, "thi": true, "vuot": true}

func round1(v float64) float64 { return math.Round(v*10) / 10 }

func (r *rules) rule(code string) *rule {
	for _, u := range r.indicators {
		if u.Code == code {
			return u
		}
	}
	return nil
}

// fact makes a fact of a judged figure, with its place.
func (r *rules) fact(f *figure, b *document.Block, ts []token) Fact {
	a, z := ts[f.i].a, ts[f.j-1].b
	x := Fact{Code: f.code.Code, Value: f.v, Unit: f.code.Unit, Period: f.period, Kind: f.kind, Basis: f.basis, Page: b.Page, Method: "text", Rule: "prose"}
	if f.kind == Comparison {
		x.Unit = "%"
	}
	x.Confidence = 0.55 + 0.09*math.Min(f.score-2.5, 2.5) + 0.1*math.Min(f.margin, 1.5)
	for _, s := range b.Spans {
		if s.Start < z && s.End > a {
			if x.Box == (document.Box{}) {
				x.Box, x.Page = s.Box, s.Page
			} else if s.Page == x.Page {
				x.Box = document.Box{min(x.Box[0], s.Box[0]), min(x.Box[1], s.Box[1]), max(x.Box[2], s.Box[2]), max(x.Box[3], s.Box[3])}
			}
			if s.Confidence > 0 {
				x.Method = "ocr"
				x.Confidence = math.Min(x.Confidence, 0.85*s.Confidence)
			}
		}
	}
	x.Quote = quote(b.Text, a, z)
	return x
}

// quote is the words around a figure, cut at words.
func quote(text string, a, z int) string {
	const around = 45 // bytes on each side: enough to know the place again
	from, to := max(0, a-around), min(len(text), z+around)
	for from > 0 && text[from] != ' ' {
		from--
	}
	for to < len(text) && text[to] != ' ' {
		to++
	}
	return strings.TrimSpace(text[from:to])
}
