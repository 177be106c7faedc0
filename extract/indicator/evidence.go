package indicator

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"soket/extract/pattern"
)

// enough is the evidence below which a figure's words speak for no indicator: a counted noun with
// one clear word beside it reaches it, either alone does not.
const enough = 3

// reach is how many tokens on either side of a figure can speak for it; a sentence is shorter.
const reach = 80

// What words weigh. A phrase that names an indicator says more than one that only hints at it, and
// each token between it and the figure takes a little off.
const (
	namedAfter, namedBefore = 2.4, 2.2
	cueAfter, cueBefore     = 1.9, 1.9
	fadeAfter, fadeBefore   = 0.09, 0.07 // a token
	perWord                 = 0.12       // more for each further word of a phrase
	foreign                 = 1.0        // less beyond a comma, where the next figure's words are
	chained                 = 1.7        // as much as a cue: an indicator that follows the one before it
	beside                  = 2.1        // the same where nothing stands between the two
	against                 = 1.3        // less for a word that excludes
	againstVerb             = 2.0        // the same right before the figure, where its verb stands
)

// tally is the evidence for one rule.
type tally struct {
	told                        bool // something speaks for it
	noun, named, cue, long, off float64
	nextTo                      bool // a phrase that says more than a word stands right after the figure
	said                        hit  // the phrase that weighed most
	adjacent                    bool // a phrase that says more than a word ends right before the figure
}

// judge finds the indicator that a figure's words speak for most.
func (p *passage) judge(f *figure, k int, w window) {
	money := f.unit == "đồng"
	last := p.last
	if last != nil && last.i < w.full {
		last = nil
	}
	if p.tallies == nil {
		p.tallies = make([]tally, len(p.indicators))
	}
	clear(p.tallies)
	of := func(u *rule) *tally { // nil where nothing speaks for it
		if t := &p.tallies[u.at]; t.told {
			return t
		}
		return nil
	}
	get := func(u *rule) *tally {
		t := &p.tallies[u.at]
		if !t.told {
			if t.told = true; money {
				t.noun = 1
			}
		}
		return t
	}
	p.hearNoun(f, get)
	if money && last != nil && last.code != nil {
		// "phạt 22 đơn vị, 1 tỷ 24 triệu đồng": money has no noun that would name it.
		for _, u := range p.indicators {
			if u.money && u.follows[last.code.Code] {
				get(u)
			}
		}
	}
	p.hearPhrases(f, w, get)
	if !f.inside {
		p.hearBefore(f, w, of)
	}
	p.topic(f, w, get)
	if k+1 < len(p.figs) {
		p.hearNext(f, &p.figs[k+1], get)
	}
	var best, second float64
	var ruled *rule                  // out: the next best
	for _, u := range p.indicators { // in the catalogue's order: the same bytes give the same facts
		t := of(u)
		if t == nil || u.money != money || u.percent {
			continue
		}
		s := p.weigh(u, t, f, last)
		if s > best {
			second, best, ruled, f.code = best, s, f.code, u
		} else if s > second {
			second, ruled = s, u
		}
	}
	f.score, f.margin, f.nearest = best, best-second, f.code
	if f.code != nil {
		said := of(f.code).said
		f.why = func() string { return p.explained(f, best, said, ruled, second) }
	}
	if best < enough || f.code != nil && (f.v < f.code.Plausible[0] || f.v > f.code.Plausible[1]*10) {
		f.code = nil
	}
}

// hearNoun hears what stands right after a figure.
func (p *passage) hearNoun(f *figure, get func(*rule) *tally) {
	for _, e := range p.countedAt(f.end) {
		// "đơn vị" is no "đơn", "hồ sơ" no "hộ": a longer noun is another one.
		if n := e.phrase.at(p.ts, f.end); n > 1 || n == 1 && f.noun <= 1 {
			t := get(e.rule)
			t.noun = max(t.noun, 1.4+0.15*float64(n))
		}
	}
}

// hearPhrases hears the phrases on both sides of a figure that it sees, and words that exclude.
func (p *passage) hearPhrases(f *figure, w window, get func(*rule) *tally) {
	money := f.unit == "đồng"
	seen := p.visible(f, w)
	beyond := foreign
	if f.i > 0 && p.ts[f.i-1].s == "," && f.noun > 0 && (predicates[p.wordAt(f.end+f.noun)] || slices.ContainsFunc(p.hits, func(h hit) bool {
		return h.i == f.end+f.noun && h.list != inExcludes && len(h.phrase.words) > 1
	})) {
		beyond = 2 * foreign // "14 nhiệm vụ là chuyển tiếp, 6 nhiệm vụ là mở mới"
	}
	for _, h := range p.hits {
		if h.rule.money != money || h.rule.percent {
			continue
		}
		before := h.i+h.n <= f.i
		if !before && (h.i < f.end || h.list == inCues && h.n == 1 && h.i > f.end && h.i < f.end+f.noun) {
			continue // in the number, or within its noun: "04 chương trình" says nothing of "trình"
		}
		inWindow := h.i >= w.from && h.i < w.to && seen.at(h.i)
		switch {
		case h.list == inExcludes:
			if !inWindow || h.i < seen.own || h.i >= seen.ownEnd || p.covered(h) {
				continue
			}
			d := seen.distance(f, h)
			off := against
			if h.i+h.n <= f.i && p.about(h.i+h.n, f.i) {
				off = againstVerb
			}
			if d >= 6 {
				off = max(0.3, against-0.15*float64(d-5))
			}
			t := get(h.rule)
			t.off += off
		case inWindow:
			weight, fade := cueBefore, fadeBefore
			if h.list == inNamed {
				weight = namedBefore
			}
			if !before {
				fade = fadeAfter
				weight = cueAfter
				if h.list == inNamed {
					weight = namedAfter
				}
			}
			weight += perWord*float64(len(h.phrase.words)-1) - fade*float64(seen.distance(f, h))
			if h.i < seen.own || h.i >= seen.ownEnd {
				weight -= beyond
			}
			t := get(h.rule)
			if weight > max(t.named, t.cue) {
				t.said = h
			}
			if h.list == inNamed {
				t.named = max(t.named, weight)
				t.adjacent = t.adjacent || h.i+h.n == f.i
			} else {
				t.cue = max(t.cue, weight)
				if len(h.phrase.words) > 1 {
					t.adjacent = t.adjacent || h.i+h.n == f.i
					t.nextTo = t.nextTo || h.i == f.end
					t.long = max(t.long, weight)
				}
			}
		}
	}
}

// hearBefore hears the sentence's beginning and the list's lead-in: they speak for its later figures too.
func (p *passage) hearBefore(f *figure, w window, of func(*rule) *tally) {
	for _, h := range p.hits {
		if h.list == inCues && h.i >= w.sentence && h.i < w.from {
			if t := of(h.rule); t != nil && t.cue < 0.9 && t.named < 0.9 {
				t.cue = max(t.cue, 0.9+0.08*float64(len(h.phrase.words)-1)-0.01*float64(f.i-h.i))
			}
		}
	}
	for _, h := range p.leadHits {
		if h.list == inCues {
			if t := of(h.rule); t != nil && t.cue < 0.9 && t.named < 0.9 {
				t.cue = max(t.cue, 0.8+0.05*float64(len(h.phrase.words)-1))
			}
		}
	}
}

// hearNext hears what the next figure says of one that goes before it.
func (p *passage) hearNext(f, next *figure, get func(*rule) *tally) {
	money, from := f.unit == "đồng", f.end+f.noun
	// "18 cơ sở với 40 thiết bị X-quang": the first is what the second, named by its own noun, follows.
	if f.noun > 0 && next.noun > 0 && next.i > from && next.i-from <= 2 && !p.stopped(from, next.i) && next.bracket == f.bracket {
		for _, h := range p.hits {
			if h.list == inNamed && h.i == next.end && h.n > 1 {
				for code := range h.rule.follows {
					if u := p.rule(code); u != nil && u.money == money && p.counts(u, f) {
						t := get(u)
						t.cue = max(t.cue, chained)
					}
				}
			}
		}
	}
	if u := p.rule("info.trainees"); f.noun > 0 && p.counts(u, f) && attending.MatchString(p.join(from, max(from, next.i))) && p.counts(p.rule("info.training_courses"), next) {
		t := get(u) // "640 lượt người tham gia 12 lớp tập huấn"
		t.cue = max(t.cue, chained)
	}
	// "cấp 6,4 tỷ đồng cho 21 nhiệm vụ"
	if money && next.noun > 0 && forTasks.MatchString(p.join(f.end, next.i)+"|"+p.join(next.end, next.end+next.noun)) {
		if t := get(p.rule("task.budget_vnd")); t.off == 0 {
			t.cue = max(t.cue, beside)
		}
	}
}

// explained says which words made a figure one of an indicator, and what it is not.
func (p *passage) explained(f *figure, score float64, said hit, ruled *rule, second float64) string {
	var b strings.Builder
	b.WriteString("prose")
	if f.noun > 0 {
		fmt.Fprintf(&b, ": counts %q", p.words(f.end, f.end+f.noun))
	}
	if said.n > 0 {
		fmt.Fprintf(&b, "; said %q", p.words(said.i, said.i+said.n))
	}
	fmt.Fprintf(&b, "; weighs %.1f", score)
	if ruled != nil {
		fmt.Fprintf(&b, ", not %s with %.1f", ruled.Code, second)
	}
	return b.String()
}

// covered tells whether a word that excludes is part of a longer phrase that speaks for the same
// rule: "kiểm tra" within "thanh tra, kiểm tra".
func (p *passage) covered(x hit) bool {
	for _, h := range p.hits {
		if h.rule == x.rule && h.list != inExcludes && h.n > x.n && h.i <= x.i && x.i+x.n <= h.i+h.n {
			return true
		}
	}
	return false
}

// about tells whether between two tokens stands nothing but what makes the figure after them a rough one.
func (p *passage) about(a, z int) bool {
	for _, t := range p.ts[a:z] {
		if !roughly[t.s] {
			return false
		}
	}
	return true
}

// forTasks stands between money and the tasks that it was given for.
var forTasks = pattern.New(`^ (?:[^,;.:()\s]+ ){0,4}cho (?:[^,;.:()\s]+ ){0,2}\| (?:nhiem vu|de tai)`)

// attending stands between those who came and what they came to.
var attending = pattern.New(`^ (?:(?:da )?(?:tham gia|tham du|du|theo hoc) )?(?:(?:cac|tai) )?$`)

// predicates begin what is said of a figure after its noun.
var predicates = setOf("la duoc bi thuoc")

var roughly = setOf("khoang gan hon tren it nhat toi thieu da")

// countedAt gives the nouns that may stand at a token.
func (p *passage) countedAt(i int) []*entry {
	if i < 0 || i >= len(p.ts) {
		return nil
	}
	return p.counted.from(p.ts, i)
}

// weigh sums the evidence for one rule.
func (p *passage) weigh(u *rule, t *tally, f *figure, last *figure) float64 {
	if f.noun > 0 && t.noun == 0 && !f.part && !f.whole {
		return 0 // it counts something else
	}
	if last != nil && last.code != nil && t.noun > 0 && (!f.inside || u.money) && u.follows[last.code.Code] && !(t.named == 0 && t.cue == 0 && p.listed(last, f)) {
		t.cue = max(t.cue, chained) // "03 lớp cho 120 người", "tại 38 cơ sở, phát hiện 03 cơ sở"
		if u.money && p.bare(p.clauseOf(f), f.i) {
			t.cue = max(t.cue, beside) // "triển khai 3 đề tài, bằng 60% kế hoạch; kinh phí 420 triệu đồng"
		}
		if u.money && totalCost.MatchString(p.join(last.end+last.noun, f.i)) && last == p.before(p.index(f)) {
			t.cue, t.off = max(t.cue, beside), 0 // "phê duyệt 4 đề tài, tổng kinh phí hỗ trợ 2 tỷ đồng"
		}
		if f.i-last.end-last.noun <= 4 && last == p.before(p.index(f)) {
			t.cue = max(t.cue, beside) // "phạt 11 cơ sở: 186,3 triệu đồng"
		}
	}
	score := 0.0
	if t.noun == 0 {
		if t.named < 1.2 && t.long < 1.4 {
			return 0
		}
		follows := t.nextTo && last != nil && last.code != nil && last.code.Area == u.Area // "44 nhiệm vụ: 39 chuyển tiếp, 05 mới phê duyệt"
		if f.end < len(p.ts) && p.ts[f.end].kind == 'w' && !connectors[p.ts[f.end].s] && !follows {
			return 0 // it counts something that no indicator counts
		}
		if f.inside && last != nil && last.code != nil && last.code.Area != u.Area && t.named == 0 && last.i >= p.sentenceOf(f) {
			return 0 // "8 chứng chỉ, trong đó cấp mới 5, cấp lại 3": a part of what stands before
		}
		if g := p.elided(f); g != nil && !p.counts(u, g) && !(g.i < f.i && p.countsIn(u, g.end+g.noun, f.i)) {
			return 0 // "126 nhiệm vụ, hoàn thành 121": it counts what the figure before it counts
		}
		t.cue = min(t.cue, t.long)
		// A bare number is a figure only after a label: "…: 34", "… là 38", "… 28 đơn".
		score = 0.5
		if f.i > 0 && (labelEnd[p.ts[f.i-1].s] || t.adjacent || follows) {
			score = 1.2
		}
	}
	if last != nil && last.code == u && t.noun > 0 && p.between(last, f) {
		score += 0.6 // "quý III 02 số, cả 9 tháng 06 số": the same thing at another time
	}
	score += t.noun + max(t.named, t.cue) + 0.35*min(t.named, t.cue) - t.off
	if p.sec.area == u.Area {
		score += 0.5
		if f.begins && t.off == 0 && p.alone(u, f) {
			score += 1.2 // "113 cơ sở, 169 thiết bị" under "An toàn bức xạ"
		}
	}
	if last != nil && last.code != nil && last.code.Area == u.Area {
		// Parts are of the kind of their whole: applications of applications, titles of titles.
		for _, kind := range []string{"grants", "applications"} {
			if strings.HasSuffix(last.code.Code, kind) && strings.HasSuffix(u.Code, "_"+kind) {
				score++
			}
		}
	}
	return score
}

// listed tells whether a figure is one of a list that counts one thing by sorts, and so no next step: "tại 26
// doanh nghiệp xăng dầu, 11 cơ sở khí đốt và 09 cơ sở bán mũ bảo hiểm".
func (p *passage) listed(last, f *figure) bool {
	return f.i > 0 && (p.ts[f.i-1].s == "," || p.ts[f.i-1].s == "va" || p.ts[f.i-1].s == "tai") && f.noun > 0 && p.counts(last.code, f)
}

// between tells whether a time is named between two figures that count the same.
func (p *passage) between(a, b *figure) bool {
	if a.noun == 0 || a.noun != b.noun || p.ts[a.end].s != p.ts[b.end].s {
		return false
	}
	for _, m := range p.times {
		if m.i >= a.end && m.j <= b.i {
			return true
		}
	}
	return false
}

// totalCost are the words between what costs and what it costs.
var totalCost = pattern.New(`^ (?:(?:,|du an|de tai|nhiem vu|voi|co) ){1,5}tong (?:kinh phi|muc kinh phi|von|du toan)(?: [^,;.:()\s]+){0,6} $`)

// labelEnd are words between a label and its figure.
var labelEnd = setOf(": la dat gom co voi")

// connectors may follow a bare number without being what it counts.
var connectors = map[string]bool{"va": true, "trong": true, "so": true, "voi": true, "cua": true, "dat": true, "tang": true, "giam": true, "tai": true, "duoc": true, "da": true, "la": true, "do": true, "tu": true, "cho": true, "bang": true, "thi": true, "vuot": true}

func round1(v float64) float64 { return math.Round(v*10) / 10 }

func (r *rules) rule(code string) *rule { return r.codes[code] }
