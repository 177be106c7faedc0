package indicator

// topic hears what an item's label says of all its figures: "Doanh nghiệp KH&CN: cấp mới 2, tổng 9". It
// stands for the noun of a bare figure whose own clause names the indicator too, or a time.
func (p *passage) topic(f *figure, w window, get func(*rule) *tally) {
	const longest = 12 // tokens of a label
	colon := -1
	for i := w.full; i < f.i && i < w.full+longest; i++ {
		if p.ts[i].s == ":" {
			colon = i
			break
		}
	}
	if colon < 0 {
		return
	}
	for k := range p.figs {
		if g := &p.figs[k]; g.i >= w.full && g.i < colon {
			return // no label: "tiếp nhận 52 hồ sơ, gồm: 12 …"
		}
	}
	clause := f.i // the figure's own, after the last mark
	for clause > colon+1 && p.ts[clause-1].kind != 'p' && p.ts[clause-1].kind != 'n' {
		clause--
	}
	timed := p.ts[f.i-1].s == ":" && p.between0(p.index(f), &mention{j: clause})
	for _, m := range p.times {
		timed = timed && m.i > colon || m.i >= clause && m.j <= f.i && m.i > colon
	}
	alone := f.noun == 0 && f.unit == "" && (f.j >= len(p.ts) || p.ts[f.j].kind == 'p')
	if alone {
		for _, own := range p.hits {
			if own.list == inExcludes || own.rule.money || own.rule.percent || own.i < clause || own.i+own.n > f.i {
				continue
			}
			if t := get(own.rule); t.noun == 0 && p.countsIn(own.rule, w.full, colon) {
				t.noun = 1.2
			}
		}
	}
	for _, h := range p.hits {
		if h.i < w.full || h.i+h.n > colon || h.list == inExcludes || h.rule.money != (f.unit == "đồng") || h.rule.percent {
			continue
		}
		t := get(h.rule)
		if t.noun == 0 && alone && timed && p.countsIn(h.rule, w.full, colon) {
			t.noun = 1.2
		}
		if weight := 1.2 + 0.1*float64(len(h.phrase.words)-1); t.noun > 0 && t.cue < weight {
			t.cue = weight
		} else if t.noun > 0 {
			t.named = max(t.named, weight)
		}
	}
}

// countsIn tells whether a noun that an indicator counts stands among the tokens from a to z.
func (p *passage) countsIn(u *rule, a, z int) bool {
	for i := a; i < z; i++ {
		for _, e := range p.countedAt(i) {
			if e.rule != u {
				continue
			}
			if k := e.phrase.at(p.ts, i); k > 0 && i+k <= z {
				return true
			}
		}
	}
	return false
}

// elided is the figure whose noun a bare one goes without: the one before it in its clause or bracket.
func (p *passage) elided(f *figure) *figure {
	if f.noun > 0 || f.unit != "" || f.i > 0 && p.ts[f.i-1].s == ":" {
		return nil
	}
	k := p.index(f)
	g := p.before(k)
	if (g == nil || g.i < p.sentenceOf(f)) && k+1 < len(p.figs) && p.wordAt(f.end) == "," && p.figs[k+1].noun > 0 && p.figs[k+1].i-f.end < 8 && !p.stopped(f.end, p.figs[k+1].i) {
		return &p.figs[k+1] // "cấp mới 6, gia hạn 12 giấy phép"
	}
	if f.sums != nil && f.bracket >= 0 {
		return f.sums // "14 hội đồng (06 tuyển chọn, 08 nghiệm thu)"
	}
	if g == nil || g.noun == 0 || g.unit != "" || f.i-g.end > 12 {
		return nil
	}
	if p.stopped(g.end, f.i) {
		return nil
	}
	return g
}

// stopped tells whether a sentence, a clause or a label ends among the tokens from a to z.
func (p *passage) stopped(a, z int) bool {
	for _, t := range p.ts[a:z] {
		if stops(t) || t.s == ":" {
			return true
		}
	}
	return false
}

// sentenceOf is the token with which a figure's sentence or clause begins.
func (p *passage) sentenceOf(f *figure) int {
	for i := f.i; i > 0; i-- {
		if stops(p.ts[i-1]) || p.ts[i-1].s == ":" {
			return i
		}
	}
	return 0
}

// alone tells whether an indicator is the only one of its area that counts what a figure counts.
func (p *passage) alone(u *rule, f *figure) bool {
	var only *rule
	for _, e := range p.countedAt(f.end) {
		if e.rule.Area == u.Area && e.phrase.at(p.ts, f.end) == f.noun {
			if only != nil && only != e.rule {
				return false
			}
			only = e.rule
		}
	}
	return only == u
}

// asides open a sentence with what it does not tell of, up to the first comma.
var asides = setOf("ngoai ben canh cung trong")

// sight is which of a passage's words a figure sees: brackets closed before it or opened after it
// are others'; what stands beyond a comma, on the side of the neighbour, is the neighbour's first.
type sight struct {
	from        int
	cum         []int // visible tokens before each token, from the first
	hidden      []bool
	own, ownEnd int
}

func (s *sight) at(i int) bool { return i >= s.from && i-s.from < len(s.hidden) && !s.hidden[i-s.from] }

// distance is how many visible tokens stand between a phrase and the figure.
func (s *sight) distance(f *figure, h hit) int {
	if h.i >= f.end {
		return s.cum[h.i-s.from] - s.cum[min(f.end, s.from+len(s.cum)-1)-s.from]
	}
	return s.cum[f.i-s.from] - s.cum[h.i+h.n-s.from]
}

func (p *passage) visible(f *figure, w window) sight {
	from, to := max(w.from, f.i-reach), min(w.to, f.end+reach)
	to = max(to, f.end)
	s := sight{from: from, cum: make([]int, to-from+1), hidden: make([]bool, to-from), own: w.from, ownEnd: w.to}
	for i := from; i < to; i++ {
		b := p.bracket[i]
		s.hidden[i-from] = b >= 0 && b != f.bracket || b < 0 && f.bracket >= 0 && i > f.i
		s.cum[i-from+1] = s.cum[i-from]
		if !s.hidden[i-from] {
			s.cum[i-from+1]++
		}
	}
	aside := w.sentence < len(p.ts) && asides[p.ts[w.sentence].s] // "Ngoài các nhiệm vụ đã nghiệm thu, Sở …"
	neighbour := aside || w.from > w.sentence                     // another figure stands before it in the sentence
	for i := f.i - 1; i >= from; i-- {
		if t := p.ts[i].s; s.at(i) && (t == "(" || neighbour && (t == "," || t == "va")) {
			if t == "," && i > 0 && p.ts[i-1].kind == 'n' && p.ts[i+1].kind == 'n' && p.ts[i+1].b <= p.ts[f.i].a {
				continue // "mức độ 3, 4"
			}
			if t == "," && p.bare(i+1, f.i) {
				continue // ", dự kiến 08 cuộc", ", trị giá 940 triệu đồng": it goes on with what stands before the comma
			}
			s.own = i + 1
			break
		}
	}
	commas := 0
	for i := f.end + f.noun; i < to; i++ {
		if s.at(i) && p.ts[i].s == "," {
			commas++
		}
	}
	for i := f.end + f.noun; i < to; i++ {
		if p.ts[i].s == "," && s.at(i) && commas > 1 && w.to < len(p.ts) && !stops(p.ts[w.to]) {
			commas--
			continue // "35 cơ quan, UBND xã áp dụng TCVN ISO 9001, đạt 94,6%": the next figure's words begin at the last comma
		}
		if t := p.ts[i].s; s.at(i) && (t == "," || t == ")" || t == ":" || t == "va" && i+3 < to && !hasComma(p.ts[i:to])) {
			s.ownEnd = i
			break
		}
	}
	return s
}

// bareWords say how a figure is meant and not what it counts.
var bareWords = setOf("du kien uoc khoang gan hon tren tong so cong la gom voi voi: dat duoc quy mo gia tri tri gia : kinh phi so tien len toi den")

// bare tells whether the words from a to z say nothing of what a figure after them counts.
func (p *passage) bare(a, z int) bool {
	if a >= z || z-a > 4 {
		return false
	}
	for _, t := range p.ts[a:z] {
		if !bareWords[t.s] {
			return false
		}
	}
	return true
}
