package indicator

import (
	"strings"

	"soket/extract/pattern"
	"soket/extract/vietnamese"
)

// ofCountry ends before a share that is the country's, told for comparison.
var ofCountry = pattern.New(` (?:ca nuoc|toan quoc) (?:[^,;\s]+ ){0,7}$`)

// percent reads a share or a change: of the figure before it in the sentence, or of what its own
// words name.
func (p *passage) percent(k int, w window) {
	f, doc := &p.figs[k], p.head.Period
	f.v = round1(f.v)
	if ofCountry.MatchString(w.before) {
		p.leave(f, "of the whole country")
		return
	}
	if p.disbursed(k, w) {
		return
	}
	before := w.before
	clause := strings.TrimSpace(before)
	if i := strings.LastIndexAny(clause, ",("); i >= 0 {
		clause = clause[i+1:]
	}
	clause = " " + strings.TrimSpace(clause) + " "
	after := w.after
	if i := strings.IndexAny(after, ",("); i >= 0 {
		after = after[:i] + " "
	}
	subject := p.subject(k, w)
	if own := p.spokenOf(f); own != nil && (subject == nil || subject.code != own) {
		subject = &figure{code: own, score: 3.4, margin: 0.6, period: p.sec.period}
		if m := p.when(k); m != nil && m.how == atPeriod {
			subject.period = m.p
		}
	}
	if own := p.numberOf(k); own != nil {
		subject = own
	}
	if own := p.named(k, w); own != nil {
		subject = own
	}
	if subject != nil && subject.code != nil && !subject.code.money && ofMoney.MatchString(clause) {
		p.leave(f, "a change of money, of prices or of yields")
		return
	}
	if g := p.before(k); subject == nil && g != nil && g.unit == "%" && g.kind == Comparison && g.i >= w.full {
		subject = g // "so quý I tăng 10%; so quý IV giảm 15%"
	}
	if subject == nil || subject.code == nil || subject.code.percent {
		p.leave(f, "a share or a change of nothing that is ours")
		return
	}
	w.before = p.plain(w.from, f.i)
	if g := p.ahead(w.from); g != nil && g.unit == "%" && g.end == w.from {
		w.before = planOfIt.ReplaceAllString(w.before, " ") // "đạt 55% kế hoạch và tăng 4%": the plan is what the share before is of
	}
	if p.sec.kind == Plan || planned(w, true) {
		p.leave(f, "a share or a change that is planned")
		return
	}
	f.code, f.score, f.margin, f.period, f.kind = subject.code, subject.score, subject.margin, subject.period, Comparison
	if f.period == doc.LastYear() || subject.kind == Plan {
		f.period = doc
	}
	way := direction(clause)
	if way == 0 {
		way = direction(before)
	}
	if g := p.before(k); way == 0 && g != nil && g.change && f.i-g.end-g.noun <= 3 {
		way = direction(p.join(max(0, g.i-4), g.i)) // "giảm 12 đơn (13,3%)"
	}
	if sign := p.wordAt(f.i - 1); (sign == "-" || sign == "+") && p.ts[f.i-1].b == p.ts[f.i].a && f.i > 1 && (p.ts[f.i-2].kind == 'p' || p.ts[f.i-2].b < p.ts[f.i-1].a) {
		way = sign[0] // "so cùng kỳ: -11,1%"
	}
	basis, share := p.basis(k, w, f.period, clause, after)
	if basis == "" && way == '=' && p.hasPlan(subject.code) {
		basis = OfPlan // "giao 28 nhiệm vụ. … nghiệm thu 13 nhiệm vụ, đạt 46,4%"
	}
	if subject.kind == Plan && !subject.told && basis != OfPlan && (way == '+' || way == '-') {
		p.leave(f, "a share or a change that is planned")
		return
	}
	switch {
	case basis == OfPlan:
		if way == 'v' {
			f.v = round1(100 + f.v)
		}
		f.basis = OfPlan
	case basis != "" && way == '=' || basis != "" && way == 0 && share:
		f.v, f.basis = round1(f.v-100), basis
	case way == '+' || way == 'v' || way == '-':
		if f.basis = basis; basis == "" {
			f.basis = SamePeriod
			if doc.Part() == "" {
				f.basis = PreviousPeriod
			}
		}
		if way == '-' {
			f.v = -f.v
		}
	case f.bracket >= 0 && p.ofItsPlan(subject, f):
		f.basis = OfPlan // "Kế hoạch năm: 7 cuộc. Đã làm: 2 cuộc (28,6%)"
	default:
		p.leave(f, "a share of something")
		return
	}
	p.take(f)
}

// ofItsPlan tells whether a share is what its figure comes to of the plan told before it.
func (p *passage) ofItsPlan(of, share *figure) bool {
	if of.kind != Result || of.unit == "%" {
		return false
	}
	for i := range p.facts {
		if x := &p.facts[i]; x.Code == of.code.Code && x.Kind == Plan && x.Value > 0 && round1(of.v/x.Value*100) == share.v {
			return true
		}
	}
	return false
}

// ofMoney begins the clause of a change that counts nothing.
var ofMoney = pattern.New(`^ (?:\S+ ){0,2}(?:kinh phi|doanh thu|nang suat|san luong|chi phi|gia tri|loi nhuan|thu nhap|dien tich|gia thanh) `)

// named finds the figure whose noun a percentage names beside itself: "giảm 62,5% so với cùng kỳ về số
// lớp", "đạt 50% kế hoạch năm là 10 lớp"; nil where it names none.
func (p *passage) named(k int, w window) *figure {
	f := &p.figs[k]
	at, total := 0, false
	for i := f.end; i+1 < min(len(p.ts), f.end+12) && !stops(p.ts[i]) && p.ts[i].s != ","; i++ {
		if t := p.ts[i].s; strings.EqualFold(p.ts[i].raw, "về") || (t == "tren" || t == "theo" || t == "cho") && (p.ts[i-1].s == "tinh" || p.ts[i-1].s == "chung") {
			if at = i + 1; p.ts[at].s == "tong" {
				at, total = at+1, true // "tính trên tổng số đơn"
			}
			if p.wordAt(at) == "so" {
				at++
			}
			break
		}
		if g := k + 1; g < len(p.figs) && p.figs[g].i == i && p.figs[g].noun > 0 && p.ts[i-1].s == "la" && strings.Contains(p.join(f.end, i), " ke hoach ") {
			at = p.figs[g].end
			break
		}
	}
	if at == 0 || at >= len(p.ts) {
		return nil
	}
	return p.counting(p.ts[at].s, k, w.full, total)
}

// numberOf finds the figure that a change's clause names by what it counts: "09 lớp cho 300 học viên. Số lớp
// tăng 12,5%".
func (p *passage) numberOf(k int) *figure {
	ts, at, total := p.ts, p.clauseOf(&p.figs[k]), false
	if at+1 < len(ts) && strings.EqualFold(ts[at].raw, "tổng") {
		at, total = at+1, true
	}
	if at >= len(ts) || !strings.EqualFold(ts[at].raw, "số") {
		return nil
	}
	noun := p.noun(ts, at+1)
	if noun == 0 || !changing[p.wordAt(at+1+noun)] { // "số nhiệm vụ mới tăng" is of other ones
		return nil
	}
	return p.counting(ts[at+1].s, k, 0, total)
}

// counting is the last figure of ours before another, from a token on, that counts a thing; the largest where
// its total is meant.
func (p *passage) counting(noun string, k, from int, total bool) (of *figure) {
	for n := k - 1; n >= 0 && p.figs[n].i >= from; n-- {
		if g := &p.figs[n]; g.code != nil && g.noun > 0 && g.unit == "" && p.ts[g.end].s == noun && (of == nil || total && g.v > of.v) {
			of = g
		}
	}
	return of
}

// changing are the words that begin what is said of a number's change.
var changing = setOf("tang giam bang dat vuot cao thap nhieu it cung nay da")

// clauseOf is the token with which a figure's own clause begins.
func (p *passage) clauseOf(f *figure) int {
	ts, start := p.ts, f.i
	for start > 0 && !stops(ts[start-1]) && ts[start-1].s != "," && ts[start-1].s != "(" && ts[start-1].s != ":" && ts[start-1].kind != 'n' && f.i-start < 14 {
		start--
	}
	return start
}

var waysOf = pattern.New(` (tang|giam|vuot|chiem|cao hon|nhieu hon|thap hon|it hon|bang|dat|tuong duong|hoan thanh) `)

// direction is the last word that says what a percentage is: '+' a rise, '-' a fall, 'v' beyond, '='
// a ratio; 0 where none says it.
func direction(s string) byte {
	way := byte(0)
	for {
		m := waysOf.FindStringSubmatchIndex(s)
		if m == nil {
			return way
		}
		switch s[m[2]:m[3]] {
		case "tang", "cao hon", "nhieu hon":
			way = '+'
		case "chiem":
			way = 0 // a share
		case "giam", "thap hon", "it hon":
			way = '-'
		case "vuot":
			way = 'v'
		default:
			way = '='
		}
		s = s[m[1]-1:]
	}
}

var (
	ofPlan  = pattern.New(` (?:ke hoach|kh|du toan|chi tieu|nghi quyet|muc tieu) |^ so (?:\S+ ){1,4}(?:duoc )?giao `)
	ofPlan2 = pattern.New(` (?:so(?: voi)?|vuot|dat|bang|hoan thanh) (?:\S+ ){0,2}(?:ke hoach|kh|chi tieu|muc tieu)(?: [^,]+)? $`)
)

// planOfIt is the plan that the share before it is of.
var planOfIt = pattern.New(`^ (?:ke hoach|kh|chi tieu|du toan|muc tieu)(?: (?:ca|nam|quy|giao|duoc|\d{4}|6 thang|de ra|nay|va|,))* `)

// overLevel ends before a level that another share is compared with, in per cent itself.
var overLevel = pattern.New(` (?:cao|thap|nhieu|it|lon|nho) hon (?:muc|ty le|con so)(?: dat)? $`)

// extreme marks a share that is one among several: "mức cao nhất 71%", "dưới 20%".
var extreme = pattern.New(` (?:duoi|cao nhat|thap nhat|cao nhat la|thap nhat la) $`)

// hasPlan tells whether a plan of an indicator has been read before.
func (p *passage) hasPlan(u *rule) bool {
	for i := range p.facts {
		if p.facts[i].Code == u.Code && p.facts[i].Kind == Plan {
			return true
		}
	}
	return false
}

// basis is what a percentage compares with, by the words after it, else by those before.
func (p *passage) basis(k int, w window, of vietnamese.Period, clause, after string) (basis Basis, share bool) {
	f := &p.figs[k]
	if m := p.comparedIn(f.end, min(w.to, f.end+12), true); m != nil {
		return p.basisOf(m, of), true
	}
	if ofPlan.MatchString(after) {
		return OfPlan, true
	}
	if m := p.comparedIn(w.from, f.i, false); m != nil {
		return p.basisOf(m, of), true
	}
	if ofPlan2.MatchString(clause) || strings.Contains(w.before, " so voi ke hoach ") || strings.Contains(clause, " ke hoach ") {
		return OfPlan, true
	}
	if planFirst.MatchString(p.join(w.full, f.i)) {
		return OfPlan, true // "So với kế hoạch năm, số cuộc thanh tra đạt 58%, số phương tiện đo đạt 61%"
	}
	return "", false
}

var planFirst = pattern.New(`^ so(?: voi)? (?:ke hoach|kh|chi tieu)(?: (?:nam|ca|giao|duoc|\d{4}))* , `)

// comparedIn finds the time with which something between two tokens is compared.
func (p *passage) comparedIn(a, z int, after bool) *mention {
	for n := range p.times {
		m := &p.times[n]
		if m.i < a || m.i >= z || !m.compared && m.how != samePast && !(after && m.i == a && m.how == atPeriod && earlier(m.p, p.head.Period)) {
			continue
		}
		if b := p.bracket[m.i]; after && b >= a && p.holds(b) {
			continue // "42% (cùng kỳ: 36%)" is compared with nothing
		}
		if after && hasComma(p.ts[a:m.i]) {
			return nil // beyond a comma it is the next comparison's
		}
		return m
	}
	return nil
}

// holds tells whether a figure stands in a bracket.
func (p *passage) holds(bracket int) bool {
	for k := range p.figs {
		if p.figs[k].bracket == bracket {
			return true
		}
	}
	return false
}

// basisOf tells the same period of last year from the period before.
func (p *passage) basisOf(m *mention, of vietnamese.Period) Basis {
	doc := p.head.Period
	if m.how == atPeriod && m.p.Part() == "" && of.Year() == m.p.Year()+1 && of.Part() == "" {
		return PreviousPeriod // a year's budget against that of the year before
	}
	switch m.how {
	case samePast:
		return SamePeriod
	case yearPast:
		if doc.Part() != "" && p.ts[m.i].s == "nam" {
			return SamePeriod
		}
		return PreviousPeriod
	}
	switch {
	case m.p.Part() == "" && doc.Part() == "":
		return PreviousPeriod
	case m.p.Part() == doc.Part() && m.p.Year() < doc.Year(), m.p.Part() == "" && m.p.Year() < doc.Year():
		return SamePeriod
	}
	return PreviousPeriod
}

// subject is the figure that a percentage speaks of: the nearest before it outside closed brackets.
// Where that one is none of ours, the percentage is of none either.
func (p *passage) subject(k int, w window) *figure {
	f := &p.figs[k]
	for n := k - 1; n >= 0; n-- {
		g := &p.figs[n]
		if g.unit == "%" || g.bracket >= 0 && g.bracket != f.bracket || g.whole {
			continue
		}
		if g.told || g.change {
			continue // what is compared with, or the same change in numbers
		}
		if g.code == nil {
			if h := p.before(n); h != nil && h.code != nil && beforePlaces[p.wordAt(g.i-1)] && h.i >= w.sentence && !hasComma(p.ts[h.end:g.i]) {
				continue // "kiểm định 618 phương tiện đo tại 9 chợ, tăng 12%"
			}
			if g.i >= w.sentence && (g.noun > 0 || g.unit == "đồng") {
				return nil
			}
			continue
		}
		if g.inside && g.bracket < 0 && f.bracket < 0 && p.last != nil && g.kind == Comparison {
			continue
		}
		return g
	}
	return nil
}

// beforePlaces stand before a number of places.
var beforePlaces = setOf("tai o cua thuoc tren")

// disbursed reads the share of the budget that was spent.
func (p *passage) disbursed(k int, w window) bool {
	f, before, after := &p.figs[k], w.before, w.after
	u := p.rule("finance.disbursed_percent")
	if g := p.before(k); g != nil && g.unit == "%" && g.code == u && g.kind == Result {
		if ref := p.reference(k, w); ref.how == 'c' { // "(34%), cùng kỳ đạt 39,2%"
			f.code, f.score, f.margin, f.period = u, 4, 1, ref.period
			if f.period == "" {
				f.period = g.period.LastYear()
			}
			p.take(f)
			return true
		}
	}
	if m := p.comparedIn(f.end, min(w.to, f.end+8), true); m != nil && m.how == samePast && overLevel.MatchString(before) {
		g := p.before(k)
		if g == nil || g.unit != "%" || g.code != u {
			p.leave(f, "the level of a share that is none of ours")
			return true
		}
		// "đạt 42% dự toán, cao hơn mức 38,5% của cùng kỳ năm 2016"
		f.code, f.score, f.margin, f.kind, f.period = u, 4, 1, Result, m.p
		if f.period == "" {
			f.period = g.period.LastYear()
		}
		p.take(f)
		return true
	}
	if g := p.before(k); g != nil && g.unit == "%" && g.code == u && g.kind != Comparison && g.i >= w.full && f.bracket < 0 && len(p.within(w.from, f.i)) > 0 && (direction(before) == 0 || direction(before) == '=' && planned(w, false)) && !ofPlan.MatchString(after) && p.comparedIn(w.from, min(w.to, f.end+8), false) == nil {
		// "hết tháng 6 giải ngân 42%; hết tháng 9 phấn đấu 70%; cả năm 98%"
		f.code, f.score, f.margin, f.kind = u, 4, 1, g.kind
		if planned(w, false) {
			f.kind = Plan
		}
		m := p.within(w.from, f.i)[0]
		if p.dateBy(f, &m); f.kind == Plan && m.how == until && m.p.Part() != "" {
			f.period = m.p
		} else if f.kind == Plan && f.period.Year() > 0 && m.how == fullYear {
			f.period = vietnamese.Period(itoa(f.period.Year()))
		}
		p.take(f)
		return true
	}
	s := p.subject(k, w)
	spent := s != nil && s.code != nil && s.code.Code == "finance.disbursed_vnd" && s.i >= w.sentence
	way := direction(before)
	if extreme.MatchString(before) {
		return false
	}
	if m := p.comparedIn(f.end, min(w.to, f.end+8), true); m != nil && way != '=' || way == '+' || way == '-' {
		return false
	}
	if !(strings.Contains(before, " giai ngan ") || spent && (way == '=' || strings.Contains(before, " ty le ") || strings.Contains(before, " ti le ") || strings.TrimSpace(before) == "," || strings.TrimSpace(before) == "=" || strings.TrimSpace(before) == "-" || strings.HasSuffix(before, "( ") || strings.HasSuffix(before, " , ")) ||
		strings.Contains(w.whole, " giai ngan ") && way == '=') {
		return false
	}
	f.code, f.score, f.margin = u, 4, 2
	if f.kind == Result && (planned(w, false) || strings.Contains(before, "it nhat") || strings.Contains(w.whole, "phan dau")) {
		f.kind = Plan
	}
	m := p.when(k)
	switch {
	case spent && s.period != "" && (m == nil || m.i < s.i):
		f.period = s.period
		if s.kind == Plan {
			f.kind = Plan
		}
	case m != nil:
		p.dateBy(f, m)
		if f.kind == Plan && (m.how == atPeriod || m.how == until && m.p.Part() != "") {
			f.period = m.p
			p.take(f)
			return true
		}
	}
	if f.kind == Plan && f.period.Year() > 0 {
		f.period = vietnamese.Period(itoa(f.period.Year())) // a share of the year's budget
		if strings.Contains(after, " du toan nam ") {
			if m := aYear.FindString(after); m != "" {
				f.period = vietnamese.Period(m)
			}
		}
	}
	p.take(f)
	return true
}

// spokenOf finds the indicator that a comparison's own clause names: "số mở mới tăng 16,7%". A short
// hint names it only where the clause begins with it: "Hiệu chuẩn giảm 7,3%".
func (p *passage) spokenOf(f *figure) *rule {
	start := p.clauseOf(f)
	var best *rule
	most := 0
	for _, h := range p.hits {
		words := len(h.phrase.words)
		if h.list == inExcludes || waysOf.MatchString(" "+strings.Join(h.phrase.words, " ")+" ") || h.i < start || h.i+h.n > f.i || p.bracket[h.i] != f.bracket || words <= most || h.rule.percent || words == 2 && h.text == "tổng số" {
			continue
		}
		least := 2
		if h.list == inCues {
			least = 3
			if h.i-start <= 1 {
				least = 2
			}
		}
		if words >= least {
			best, most = h.rule, words
		}
	}
	return best
}
