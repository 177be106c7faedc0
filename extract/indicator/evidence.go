package indicator

import (
	"fmt"
	"iter"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"

	"soket/extract/document"
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

// Lists of a rule in which a phrase can stand.
const (
	inNamed = iota
	inCues
	inExcludes
	inNouns
)

// entry is one phrase of one rule, or of an area.
type entry struct {
	text   string
	phrase phrase
	rule   *rule
	list   int
	area   string
}

// spot is where the catalogue has a phrase: the number of the indicator or area, which of its lists, and
// the place in that.
type spot struct{ of, list, n uint16 }

// opening is a first word of phrases, folded, and the phrases that begin with it, in the catalogue's order.
type opening struct {
	word string
	at   []spot
}

// openings are those of texts, by their words.
func openings(texts iter.Seq2[spot, string]) (list []opening) {
	by := map[string][]spot{}
	for at, text := range texts {
		if p := makePhrase(text); len(p.words) > 0 {
			by[p.words[0]] = append(by[p.words[0]], at)
		}
	}
	for _, word := range slices.Sorted(maps.Keys(by)) {
		list = append(list, opening{word, by[word]})
	}
	return list
}

// phrases are entries by the first word of their phrases and by the second. They are made when one asks for
// those that begin so: for most words none does.
type phrases map[string]*branch

// branch is the entries that begin with one word, in their order: all of them; those of one word; and
// with these, by the second word, those that go on with it.
type branch struct {
	at     []spot
	entry  func(spot) entry
	part   sync.Once
	all    []*entry
	single []*entry
	second map[string][]*entry
}

func newPhrases(list []opening, entry func(spot) entry) phrases {
	ps := make(phrases, len(list))
	branches := make([]branch, len(list))
	for i, o := range list {
		branches[i].at, branches[i].entry = o.at, entry
		ps[o.word] = &branches[i]
	}
	return ps
}

func (b *branch) parted() {
	b.second = map[string][]*entry{}
	entries := make([]entry, len(b.at))
	for i, at := range b.at {
		e := &entries[i]
		*e = b.entry(at)
		e.phrase = makePhrase(e.text)
		b.all = append(b.all, e)
		if len(e.phrase.words) == 1 {
			b.single = append(b.single, e)
			for word := range b.second {
				b.second[word] = append(b.second[word], e)
			}
			continue
		}
		word := e.phrase.words[1]
		if b.second[word] == nil {
			b.second[word] = slices.Clone(b.single)
		}
		b.second[word] = append(b.second[word], e)
	}
}

// from gives the entries that may stand at a token.
func (ps phrases) from(ts []token, i int) []*entry {
	b := ps[ts[i].s]
	if b == nil {
		return nil
	}
	switch b.part.Do(b.parted); {
	case i+1 == len(ts):
		return b.single
	}
	switch next := ts[i+1].s; next {
	case "-", ",", "va": // phrase.at may pass over these
		return b.all
	default:
		if list, known := b.second[next]; known {
			return list
		}
		return b.single
	}
}

// hit is a phrase found in a text.
type hit struct {
	i, n int // tokens
	*entry
}

// find gives the phrases of all rules that stand in a text, in one pass over it.
func (r *rules) find(ts []token) []hit {
	var hits []hit
	for i := range ts {
		for _, e := range r.said.from(ts, i) {
			if n := e.phrase.at(ts, i); n > 0 {
				hits = append(hits, hit{i, n, e})
			}
		}
	}
	return hits
}

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
	seen := p.visible(f, w)
	beyond := foreign
	if f.i > 0 && p.ts[f.i-1].s == "," && f.noun > 0 && (predicates[p.wordAt(f.end+f.noun)] || slices.ContainsFunc(p.hits, func(h hit) bool {
		return h.i == f.end+f.noun && h.list != inExcludes && len(h.phrase.words) > 1
	})) {
		beyond = 2 * foreign // "14 nhiệm vụ là chuyển tiếp, 6 nhiệm vụ là mở mới"
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
	for _, e := range p.countedAt(f.end) {
		// "đơn vị" is no "đơn", "hồ sơ" no "hộ": a longer noun is another one.
		if n := e.phrase.at(p.ts, f.end); n > 1 || n == 1 && f.noun <= 1 {
			t := get(e.rule)
			t.noun = max(t.noun, 1.4+0.15*float64(n))
		}
	}
	if money && last != nil && last.code != nil {
		// "phạt 22 đơn vị, 1 tỷ 24 triệu đồng": money has no noun that would name it.
		for _, u := range p.indicators {
			if u.money && u.follows[last.code.Code] {
				get(u)
			}
		}
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
	// The sentence's beginning and the list's lead-in speak for its later figures too.
	if !f.inside {
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
	p.topic(f, w, get)
	if f.noun > 0 && k+1 < len(p.figs) {
		// "18 cơ sở với 40 thiết bị X-quang": the first is what the second, named by its own noun, follows.
		if g, from := &p.figs[k+1], f.end+f.noun; g.noun > 0 && g.i > from && g.i-from <= 2 && !p.stopped(from, g.i) && g.bracket == f.bracket {
			for _, h := range p.hits {
				if h.list == inNamed && h.i == g.end && h.n > 1 {
					for code := range h.rule.follows {
						if u := p.rule(code); u != nil && u.money == money && p.counts(u, f) {
							t := get(u)
							t.cue = max(t.cue, chained)
						}
					}
				}
			}
		}
	}
	if u := p.rule("info.trainees"); f.noun > 0 && k+1 < len(p.figs) && p.counts(u, f) && attending.MatchString(p.join(f.end+f.noun, max(f.end+f.noun, p.figs[k+1].i))) && p.counts(p.rule("info.training_courses"), &p.figs[k+1]) {
		t := get(u) // "640 lượt người tham gia 12 lớp tập huấn"
		t.cue = max(t.cue, chained)
	}
	if money && k+1 < len(p.figs) {
		// "cấp 6,4 tỷ đồng cho 21 nhiệm vụ"
		if g := &p.figs[k+1]; g.noun > 0 && forTasks.MatchString(p.join(f.end, g.i)+"|"+p.join(g.end, g.end+g.noun)) {
			if t := get(p.rule("task.budget_vnd")); t.off == 0 {
				t.cue = max(t.cue, beside)
			}
		}
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

// words gives the tokens from a to z as printed.
func (p *passage) words(a, z int) string {
	if z = min(z, len(p.ts)); a >= z {
		return ""
	}
	return p.block.Text[p.ts[a].a:p.ts[z-1].b]
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

func (p *passage) index(f *figure) int {
	for k := range p.figs {
		if &p.figs[k] == f {
			return k
		}
	}
	return 0
}

func (p *passage) wordAt(i int) string {
	if i >= 0 && i < len(p.ts) {
		return p.ts[i].s
	}
	return ""
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

// fact makes a fact of a judged figure, with its place.
func (r *reader) fact(f *figure, b *document.Block, ts []token) Fact {
	a, z := ts[f.i].a, ts[f.j-1].b
	why := ""
	if f.why != nil {
		why = f.why()
	}
	x := Fact{Code: f.code.Code, Value: f.v, Unit: f.code.Unit, Period: f.period, Kind: f.kind, Basis: f.basis, Page: b.Page, Method: "text", Rule: why}
	if why == "" {
		x.Rule = "prose: its indicator is that of the figure before it"
	}
	if f.kind == Comparison {
		x.Unit = "%"
	}
	x.Confidence = r.confidence(f)
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
