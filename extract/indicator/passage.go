package indicator

import (
	"fmt"
	"regexp"
	"strings"

	"soket/extract/document"
	"soket/extract/vietnamese"
)

// passage is one paragraph, item or heading on its way through the rules.
type passage struct {
	*reader
	block    *document.Block
	ts       []token
	figs     []figure
	times    []mention
	sec      section
	hits     []hit
	bracket  []int   // of each token, the token of the innermost bracket that it stands in, -1 outside
	leadHits []hit   // in the paragraph that opens the list
	last     *figure // the last counted figure outside brackets: what follows speaks of it
	first    int     // how many facts there were before this passage
}

// read finds the facts of the passage.
func (r *reader) read(b *document.Block, sec section, lead []hit) {
	p := &passage{reader: r, block: b, ts: blockTokens(b), sec: sec, leadHits: lead, first: len(r.facts)}
	p.figs = r.figures(p.ts, p.skip)
	if len(p.figs) == 0 {
		return
	}
	if sec.skip {
		for k := range p.figs {
			p.leave(&p.figs[k], "the section tells of shortcomings, causes or proposals")
		}
		return
	}
	p.hits, p.bracket = r.find(p.ts), brackets(p.ts)
	p.times = mentions(p.ts, r.head.Period)
	p.sum()
	for k := range p.figs {
		p.figure(k)
	}
}

// sum marks the parts of totals: "14 mô hình …: 5 mô hình tưới, 4 mô hình nấm, 3 …, 2 …", "12 nhiệm vụ (07
// đề tài, 05 dự án)". They follow their total in its bracket, or in its sentence with its noun.
func (p *passage) sum() {
	const most = 12 // parts; more are no list in a sentence
	for t := range p.figs {
		total := &p.figs[t]
		if total.unit == "%" || total.part || total.whole || total.v < 2 || total.sums != nil {
			continue
		}
		for first := t + 1; first < len(p.figs) && first <= t+4; first++ {
			if q := &p.figs[first]; q.bracket >= 0 && q.bracket == total.bracket || !p.partOf(total, q) {
				continue
			}
			came, last := 0.0, first
			for n := first; n < len(p.figs) && n < first+most && came < total.v; n++ {
				q := &p.figs[n]
				if q.i >= p.endOf(total) || !p.partOf(total, q) || q.bracket != p.figs[first].bracket {
					break
				}
				came, last = came+q.v, n
			}
			if last > first && came == total.v {
				for n := first; n <= last; n++ {
					p.figs[n].sums = total
				}
				break
			}
		}
	}
}

// partOf tells whether a figure can be a part of another: in the bracket that opens behind it, or
// with its noun.
func (p *passage) partOf(total, q *figure) bool {
	if q.unit != total.unit || q.part || q.whole {
		return false
	}
	if q.bracket >= 0 {
		for i := total.end + total.noun; i <= q.bracket; i++ {
			if t := p.ts[i]; i < q.bracket && (stops(t) || t.s == "," || t.kind == 'n' || t.s == ")") {
				return false
			}
		}
		return true
	}
	return q.noun > 0 && total.noun > 0 && p.ts[q.end].s == p.ts[total.end].s
}

// endOf is the token that ends a figure's sentence.
func (p *passage) endOf(f *figure) int {
	for i := f.end; i < len(p.ts); i++ {
		if p.ts[i].s == "." {
			return i
		}
	}
	return len(p.ts)
}

// blockTokens are the tokens of a block, which knows what was recognised from a picture.
func blockTokens(b *document.Block) []token {
	ts := tokens(b.Text)
	for _, s := range b.Spans {
		if s.Confidence > 0 {
			for i := range ts {
				ts[i].seen = true
			}
			break
		}
	}
	return ts
}

func (p *passage) skip(i, j int, why string) {
	if p.untaken != nil {
		p.untaken(Skip{Text: quote(p.block.Text, p.ts[i].a, p.ts[j-1].b), Page: p.block.Page, Why: why})
	}
}

func (p *passage) leave(f *figure, why string) {
	f.code = nil
	p.skip(f.i, f.j, why)
}

func (p *passage) take(f *figure) {
	x := p.fact(f, p.block, p.ts)
	if f.i > 0 && !f.told && totalBefore.MatchString(join(p.ts[max(0, f.i-9):f.i])) {
		// "3 kế hoạch, 1 quyết định; tổng cộng 4 văn bản": what came before were its parts.
		kept := p.facts[:p.first]
		for _, y := range p.facts[p.first:] {
			if y.Code != x.Code || y.Period != x.Period || y.Kind != x.Kind || y.Value >= x.Value {
				kept = append(kept, y)
			}
		}
		p.facts = kept
	}
	p.facts = append(p.facts, x)
}

var totalBefore = regexp.MustCompile(` (?:tong cong|tong so|tat ca|cong|tong)(?: (?:la|co|:|duoc))* $| tong so (?:[^,;.:()\s]+ ){1,7}$`)

// window is what a figure's own words are: tokens from the figure before, or the sentence's
// beginning, to the figure after.
type window struct {
	from, to, sentence   int
	full                 int    // where the sentence begins that semicolons do not part
	before, whole, after string // " folded words ": from the figure before; from the sentence's beginning; to the figure after
}

func stops(t token) bool { return t.s == "." || t.s == ";" }

func (p *passage) window(k int) window {
	f, ts := &p.figs[k], p.ts
	w := window{to: len(ts)}
	// A neighbour within a bracket that is closed is none.
	for n := k - 1; n >= 0; n-- {
		if b := p.figs[n].bracket; b < 0 || b == f.bracket || f.bracket >= 0 {
			w.from = p.figs[n].j
			break
		}
	}
	for n := k + 1; n < len(p.figs); n++ {
		if g := p.figs[n]; !(f.part && g.whole && n == k+1) && (g.bracket < 0 || g.bracket == f.bracket || f.bracket >= 0) {
			w.to = g.i
			break
		}
	}
	for i := f.i - 1; i >= 0; i-- {
		if stops(ts[i]) {
			w.sentence = i + 1
			break
		}
	}
	for i := w.sentence - 1; i >= 0 && w.full == 0; i-- {
		if ts[i].s == "." {
			w.full = i + 1
		}
	}
	w.from = max(w.from, w.sentence)
	for i := f.end; i < w.to; i++ {
		if stops(ts[i]) {
			w.to = i
			break
		}
	}
	w.before, w.whole, w.after = join(ts[w.from:f.i]), join(ts[w.sentence:f.i]), join(ts[min(f.end, w.to):w.to])
	return w
}

// figure judges one number and takes it, or leaves it with a reason.
func (p *passage) figure(k int) {
	f := &p.figs[k]
	w := p.window(k)
	f.kind, f.period = p.sec.kind, p.sec.period
	f.begins = f.noun > 0 && f.bracket < 0 && (f.i == 0 && p.ts[0].kind == 'n' || p.before(k) != nil && p.before(k).begins && p.before(k).end+p.before(k).noun == f.i-1 && p.ts[f.i-1].s == ",")
	f.inside = f.bracket >= 0 || partsBefore.MatchString(w.whole)
	if f.unit == "%" {
		p.percent(k, w)
		return
	}
	if elsewhere.MatchString(w.before) {
		p.leave(f, "of the whole country, of others or a mean")
		return
	}
	if f.part && onTime.MatchString(w.before+"| "+w.after) && (f.noun == 0 || p.wordAt(f.end) == "ho" && p.wordAt(f.end+1) == "so") {
		// "149/149 hồ sơ … đúng hạn": N in time of M resolved
		f.code, f.score, f.margin = p.rule("admin.dossiers_on_time"), 4, 1
		p.settle(k, w, reference{})
		p.take(f)
		return
	}
	if f.whole && k > 0 && p.figs[k-1].part {
		p.wholeOf(f, &p.figs[k-1], w)
		return
	}
	if g := p.before(k); g != nil && g.unit == "" && f.unit == "" && g.code != nil && f.noun > 0 && p.ts[f.end].s == p.wordAt(g.end) && overTotal.MatchString(w.before) {
		p.wholeOf(f, g, w) // "16 cuộc kiểm tra trên tổng số 22 cuộc nằm trong kế hoạch"
		return
	}
	ref := p.reference(k, w)
	if f.sums != nil {
		ref = reference{} // "6 cuộc (kế hoạch 4, đột xuất 2)"
	}
	if m := p.after(k); ref.how == 0 && m != nil && (m.how == samePast || m.how == yearPast || earlier(m.p, p.head.Period)) && (compared.MatchString(w.before) || m.how == samePast) {
		ref = reference{how: 'c', period: m.p} // "giảm so với 8.420 phương tiện của cùng kỳ 2019"
	}
	if ref.how == 'a' || ref.how == 0 && absolute.MatchString(w.before) {
		f.change = true
		p.leave(f, "an absolute change")
		return
	}
	if ref.how != 0 {
		a := ref.of
		if a == nil {
			a = p.antecedent(k)
		}
		if a != nil && a.code.money == (f.unit == "đồng") {
			f.code, f.score, f.margin, f.told = a.code, min(a.score, 4), a.margin, true
			f.kind, f.period = Result, ref.period
			if ref.how == 'k' {
				f.kind = Plan
			} else if f.period == "" {
				f.period = a.period.LastYear()
			}
			p.take(f)
			return
		}
		if ref.bare && f.noun == 0 {
			p.leave(f, "told beside a figure that is none of ours")
			return
		}
	}
	if a := p.antecedent(k); a != nil && anaphor.MatchString(w.before) {
		f.code, f.score, f.margin = a.code, min(a.score, 3.6), a.margin // "con số này đã lên tới 21"
	} else {
		p.judge(f, k, w)
		if m := p.when(k); f.code == nil && a != nil && f.noun > 0 && a.i >= w.full && (fulfilled.MatchString(w.before) || m != nil && m.i > a.i) {
			// "chỉ tiêu là 09 cuộc; thực tế hoàn thành 06 cuộc", "trong quý III có 03 cuộc"
			f.code, f.score, f.margin = a.code, enough, 0.3
		}
	}
	if f.score < labelled && ref.how == 0 {
		if u, words := p.labelOf(f, w); u != nil {
			f.code, f.nearest, f.score, f.margin = u, u, labelled, 0.5
			f.why = fmt.Sprintf("prose: the label %q", words)
		}
	}
	if f.code != nil && f.code.Measure == "stock" && p.wordAt(f.i-1) == "them" && f.i > 0 {
		p.leave(f, "an increment to what there is")
		return
	}
	if f.code != nil && negated.MatchString(w.before) && f.code.Code != "smq.samples_failed" {
		p.leave(f, "the words before it deny it")
		return
	}
	if f.code == nil {
		why := "its words speak for no indicator"
		if f.nearest != nil {
			why = fmt.Sprintf("%s clearly enough: %s has %.1f of %v", why, f.nearest.Code, f.score, enough)
		}
		p.leave(f, why)
		return
	}
	last := p.last
	if f.code != nil && f.sums != nil && (f.code == f.sums.code || f.sums.code == nil && f.noun > 0 && f.sums.noun > 0 && p.ts[f.end].s == p.ts[f.sums.end].s) {
		p.leave(f, "a part of the total before it")
		return
	}
	// Parts without a code of their own are no facts under the whole's.
	if f.inside && f.sums == nil && !f.part && ref.how == 0 && last != nil && last.code == f.code && last.i >= w.full && !p.dated(k, last) {
		p.leave(f, "a part without a code of its own")
		return
	}
	p.settle(k, w, ref)
	p.take(f)
	if f.bracket < 0 && !(f.inside && last != nil && last.code != nil && last.i >= w.sentence && last.code.Area == f.code.Area && strings.HasSuffix(f.code.Code, "_"+ending(last.code.Code))) {
		p.last = f
	}
}

// and tells whether what stands between two figures begins with "và" and is a few words without a
// time: what is joined on so is of the time and kind of what it is joined to.
func (p *passage) and(a, z int) bool {
	if a >= z || z-a > 7 || p.ts[a].s != "va" || hasComma(p.ts[a:z]) {
		return false
	}
	for _, t := range p.ts[a:z] {
		if stops(t) {
			return false
		}
	}
	for _, m := range p.times {
		if m.i >= a && m.j <= z {
			return false
		}
	}
	return true
}

// dated tells whether a time of its own stands between a figure and the one before it.
func (p *passage) dated(k int, last *figure) bool {
	m := p.when(k)
	return m != nil && m.i >= last.i
}

// ending is the last word of a code: "applications" of "ip.trademark_applications".
func ending(code string) string {
	code = code[strings.LastIndexByte(code, '.')+1:]
	return code[strings.LastIndexByte(code, '_')+1:]
}

// labelled is the evidence that a label before a colon is worth: "Cuộc thanh tra: 11". Clearer words
// are believed instead.
const labelled = 3.8

// labelOf finds the indicator that a label names as the rows of tables do, by the label and the
// headings above it.
func (p *passage) labelOf(f *figure, w window) (*rule, string) {
	if f.i == 0 || p.ts[f.i-1].s != ":" || f.bracket >= 0 || f.part {
		return nil, ""
	}
	from := f.i - 1
	for ; from > w.sentence; from-- {
		t := p.ts[from-1]
		if t.kind == 'n' || t.s == "(" || t.s == ")" || t.s == ":" {
			break
		}
	}
	if n := f.i - 1 - from; n < 1 || n > 10 {
		return nil, ""
	}
	kind := countUnit
	if f.unit == "đồng" {
		kind = moneyUnit
	}
	label := p.words(from, f.i-1)
	name := naming{own: strings.TrimSpace(label + " " + p.words(f.end, f.end+f.noun)), around: p.sec.over}
	code, _ := name.match(kind)
	u := p.rule(code)
	if u == nil && kind == countUnit && f.noun == 0 {
		u = p.onlyCounted(from, f.i-1)
	}
	if u == nil || u.money != (f.unit == "đồng") || f.v < u.Plausible[0] || f.v > u.Plausible[1]*10 {
		return nil, ""
	}
	for _, h := range p.hits {
		if h.list == inExcludes && h.rule == u && h.i >= f.end && h.i < w.to && !hasComma(p.ts[f.end:h.i]) {
			return nil, "" // "GTCLQG: 02 doanh nghiệp đăng ký tham dự"
		}
	}
	return u, label
}

// onlyCounted is the one indicator of the section's area that counts what a label consists of: "nguồn: 12"
// under "An toàn bức xạ"; nil where none or several do.
func (p *passage) onlyCounted(a, z int) *rule {
	var only *rule
	for _, e := range p.counted[p.wordAt(a)] {
		if e.rule.Area == p.sec.area && a+e.phrase.at(p.ts, a) == z && e.rule != only {
			if only != nil {
				return nil
			}
			only = e.rule
		}
	}
	return only
}

// wholeOf reads M of "N/M": what N is part of, or the plan that N fulfils.
func (p *passage) wholeOf(f, part *figure, w window) {
	if part.code == nil {
		p.leave(f, "the whole of a part that is none of ours")
		return
	}
	f.code, f.score, f.margin, f.period, f.kind = part.code, part.score, part.margin, part.period, part.kind
	if u := p.rule(part.code.Whole); u != nil && !strings.Contains(w.after, " ke hoach ") {
		f.code = u
	} else if (strings.Contains(w.after, " ke hoach ") || strings.Contains(w.whole, " ke hoach ") || strings.Contains(w.whole, " chi tieu ")) && part.kind == Result {
		f.kind, f.period = Plan, p.year()
	} else {
		p.leave(f, "the whole of a part without a code of its own")
		return
	}
	p.take(f)
}

func (r *reader) year() vietnamese.Period {
	if y := r.head.Period.Year(); y > 0 {
		return vietnamese.Period(itoa(y))
	}
	return ""
}

// settle says of a judged figure whether it is a result or a plan, and of what time.
func (p *passage) settle(k int, w window, ref reference) {
	f, doc := &p.figs[k], p.head.Period
	assignedMoney := f.code.Code == "finance.st_budget_vnd" || f.code.Code == "task.budget_vnd" // what is assigned is in force
	// "12 lớp và 455 lượt người": what is only joined on is of the same time and kind.
	if k > 0 {
		if g := &p.figs[k-1]; g.code != nil && g.unit != "%" && joined(p.ts[min(g.end+g.noun, f.i):f.i]) {
			f.period, f.kind = g.period, g.kind
			return
		}
		if g := &p.figs[k-1]; g.code != nil && g.kind == Plan && f.bracket < 0 && g.bracket < 0 && p.and(g.end+g.noun, f.i) {
			f.period, f.kind = g.period, g.kind // "phấn đấu cả năm mở mới 28 nhiệm vụ và nghiệm thu 30 nhiệm vụ"
			return
		}
	}
	switch {
	case ref.how == 'k' && !assignedMoney:
		f.kind, f.period = Plan, ref.period
		return
	case ref.how == 'c':
		f.period = ref.period
		if f.period == "" {
			f.period = doc.LastYear()
		}
		return
	}
	if l := p.last; f.kind == Result && l != nil && l.kind == Plan && l.i >= w.full && f.bracket < 0 && planOpens.MatchString(join(p.ts[w.full:l.i])) && !achieved.MatchString(join(p.ts[l.end:f.i])) {
		f.kind, f.period = Plan, l.period // "Dự kiến cả năm kiểm định 17.000 phương tiện đo, thử nghiệm 2.500 mẫu"
		return
	}
	m := p.when(k)
	if f.kind == Result && !assignedMoney && (planned(w, f.part) || planLead.MatchString(w.whole)) {
		f.kind = Plan
		if planLead.MatchString(w.whole) {
			if f.period = p.year(); m != nil && m.how == atPeriod {
				f.period = m.p
			}
			return
		}
	}
	if (f.code.Code == "inspection.fines_vnd" || f.code.Code == "inspection.sanctioned") && (proposed.MatchString(w.whole+"| ") || proposed.MatchString(w.after)) {
		// A proposed fine is a plan of the report's own time, wherever it is told.
		f.kind, f.period = Plan, doc
		return
	}
	if l := p.last; f.code.Code == "inspection.fines_vnd" && l != nil && l.i >= w.sentence && l.kind == Plan && l.code != nil && l.code.Code == "inspection.sanctioned" {
		f.kind, f.period = Plan, l.period // the fine of those for whom it is proposed
		return
	}
	if m != nil {
		p.dateBy(f, m)
	} else if f.bracket >= 0 && p.last != nil && p.last.i >= w.sentence {
		f.period = p.last.period
	}
	if f.code.Code == "finance.st_budget_vnd" && f.period.Year() > 0 {
		f.period = vietnamese.Period(itoa(f.period.Year()))
		if f.kind == Result && (f.period.Year() > doc.Year() || nextBudget.MatchString(w.before)) {
			f.kind = Plan
		}
	}
}

// dateBy moves a figure to the time that its words name.
func (p *passage) dateBy(f *figure, m *mention) {
	doc := p.head.Period
	switch m.how {
	case samePast, yearPast:
		if f.kind == Result {
			if f.period = m.p; f.period == "" {
				f.period = doc.LastYear()
			}
		}
	case fullYear:
		if f.kind == Result && doc.Part() != "" && (m.p == "" || m.p.Year() == doc.Year()) && f.code.Measure == "flow" && p.ts[m.i].s == "ca" {
			f.kind = Plan // what the whole year is expected to bring, told before its end
		}
		if f.kind == Plan {
			if f.period = m.p; m.p == "" {
				if f.period = p.year(); p.sec.kind == Plan && p.sec.period.Year() > doc.Year() {
					f.period = vietnamese.Period(itoa(p.sec.period.Year()))
				}
			}
		}
	case until:
		if f.kind == Plan || f.bracket >= 0 && m.i > f.bracket && earlier(m.p, doc) && m.p != doc || f.code.Measure == "stock" && m.p.Year() < doc.Year() {
			f.period = m.p
		} else if m.p.Year() > doc.Year() {
			f.kind, f.period = Plan, m.p
		}
	case atPeriod:
		if y := p.sec.period.Year(); m.bare && f.kind == Plan && p.sec.kind == Plan && y > 0 && y != m.p.Year() {
			f.period = m.p.In(y) // "Tháng 4: …" in the plan of next year
			return
		}
		switch own := m.p.Year() == doc.Year() && m.p.Part() == "" && !m.p.Span(); {
		case own && f.kind == Result && f.code.Code == "finance.investment_vnd":
			f.period = m.p // investment is of the year that the text names
		case own && f.kind == Result: // "năm 2020" in a report of its first half: the report's own time
		case own && p.sec.kind == Plan && p.sec.period.Part() != "" && p.sec.period.Year() == doc.Year() && !strings.Contains(join(p.ts[max(0, m.i-3):m.i]), " nam "):
			f.period = m.p
		default:
			f.period = m.p
			if f.kind == Result && later(m.p, doc) {
				f.kind = Plan
			}
		}
	}
}

// later tells whether a period begins after the report's own has ended.
func later(p, doc vietnamese.Period) bool {
	return doc.Year() > 0 && p.Year() > 0 && !p.Span() && startMonth(p) > endMonth(doc)
}

// startMonth counts the first month of a period as endMonth counts its last.
func startMonth(p vietnamese.Period) int {
	first := 1
	switch part := p.Part(); {
	case part == "H2":
		first = 7
	case strings.HasPrefix(part, "Q"):
		first = 3*int(part[1]-'1') + 1
	case strings.HasPrefix(part, "M"):
		first = atoi(strings.TrimLeft(part[1:], "0"))
	}
	return 12*p.Year() + first
}

// when finds the time that governs a figure: the one named last before it with no other figure
// between, the one that opens its sentence, or the one right after it.
func (p *passage) when(k int) *mention {
	f, ts := &p.figs[k], p.ts
	var weak *mention // the report's own year, which says little
	for n := len(p.times) - 1; n >= 0; n-- {
		m := &p.times[n]
		if m.j > f.i || m.compared || m.source && !(m.p.Span() && f.code != nil && f.code.Code == "finance.investment_vnd") {
			continue
		}
		crossed, semis, inner := false, false, 0
		for i := m.j; i < f.i; i++ {
			switch ts[i].s {
			case ".":
				crossed = true
			case ";":
				semis = true
			case "(":
				inner++
			case ")":
				inner--
			}
		}
		if alone := m.i > 0 && ts[m.i-1].s == "(" && m.j < len(ts) && ts[m.j].s == ")"; inner < 0 && alone && !crossed && !semis && m.how == atPeriod && m.p != p.year() && p.between0(k, m) {
			return m // "Ngày hội khởi nghiệp (tháng 11/2018), dự kiến 1.000 lượt người"
		} else if inner < 0 {
			continue // it stands in a bracket that is closed before the figure
		}
		if f.code != nil && f.code.Measure == "stock" && m.how == atPeriod && standing.MatchString(join(ts[m.j:f.i])) {
			continue // "cấp mới cho 01 doanh nghiệp trong tháng 4, toàn tỉnh hiện có 06 doanh nghiệp"
		}
		opens := p.opens(m)
		heads := m.j < len(ts) && ts[m.j].s == ":" && (opens || p.startsWithin(m.i, 6))
		opens = opens || heads
		if weak != nil && !heads {
			break // the report's own year stands nearer
		}
		if (crossed || semis) && !(heads && m.i <= 2) && !(heads && !crossed) {
			continue
		}
		between := 0
		for q := range p.figs[:k] {
			if p.figs[q].i >= m.j {
				between++
			}
		}
		switch {
		case m.how == samePast || m.how == yearPast:
			if between == 0 && inner == 0 && f.i-m.j <= 6 && !hasComma(ts[m.j:f.i]) || opens && inner == 0 && m.j < len(ts) && ts[m.j].s == "," {
				return m // "Cùng kỳ năm trước, kiểm tra 52 cơ sở và phạt 14 triệu đồng"
			}
		case weak == nil && m.how == atPeriod && m.p == p.year() && !opens:
			weak = m
		case between == 0:
			return m
		case opens && (f.bracket < 0 || inner > 0):
			return m
		}
	}
	if weak != nil {
		return weak
	}
	return p.after(k)
}

// between0 tells whether no figure stands between a time and a figure.
func (p *passage) between0(k int, m *mention) bool { return k == 0 || p.figs[k-1].i < m.j }

// after finds the time that stands right after a figure: "6,5 tỷ đồng năm 2019".
func (p *passage) after(k int) *mention {
	f, ts := &p.figs[k], p.ts
	for n := range p.times {
		m := &p.times[n]
		if m.i < f.end || m.compared {
			continue
		}
		from := f.end + f.noun
		if m.i < from || m.i-from > 9 {
			break
		}
		near := true
		for _, t := range ts[from:m.i] {
			near = near && t.kind == 'w' && (m.i-from <= 2 || t.s != "tu")
		}
		last := ""
		if m.i > 0 {
			last = ts[m.i-1].s
		}
		if near && (m.i == from || last == "cua" || last == "trong" || last == "vao" && m.how == fullYear || f.unit == "đồng" && m.i-from <= 5 || m.how == 'q') && !m.source {
			return m
		}
		break
	}
	return nil
}

func hasComma(ts []token) bool {
	for _, t := range ts {
		if t.s == "," || t.s == ")" {
			return true
		}
	}
	return false
}

// startsWithin tells whether a sentence starts at most so many tokens before one.
func (p *passage) startsWithin(i, n int) bool {
	for k := i - 1; k >= 0; k-- {
		if stops(p.ts[k]) {
			return i-k-1 <= n
		}
	}
	return i <= n
}

// standing says what there is at the report's end.
var standing = regexp.MustCompile(` (?:hien co|hien nay|den nay|nang tong so|tong so den nay|dua tong so) `)

var openers = setOf("luy ke cong don phan dau trong rieng o vao tinh qua suot nhung , : - den nhu vay neu ve chi lai thuc hien")

// opens tells whether a time stands at the beginning of its sentence, or after a colon.
func (p *passage) opens(m *mention) bool {
	for i := m.i - 1; i >= 0; i-- {
		t := p.ts[i]
		if stops(t) || t.s == ":" {
			return true
		}
		if !openers[t.s] {
			return false
		}
	}
	return true
}

// reference is a figure told beside another for comparison: the same period's, or the plan.
type reference struct {
	how    byte // 'c' the past, 'k' the plan, 'n' the present beside a plan, 'a' an absolute change, 0 none
	period vietnamese.Period
	of     *figure // whose comparison it stands behind; nil where the text does not say
	bare   bool    // nothing but a bracket says so: "so với cùng kỳ (33 đơn)"
}

var (
	planLabel = regexp.MustCompile(` (?:ke hoach|kh|chi tieu|muc tieu)(?: (?:cong tac|thanh tra|kiem tra|dat ra|de ra|ca nam|nam|quy|6 thang|\d{4}|duoc|da|ubnd tinh|tinh|uy ban|hdnd tinh|so|phe duyet|duyet|xac dinh|giao|dau nam|la|:|=|can|phai|dat|thuc hien|hang nam|ban dau|,|ca|tren giao)){0,7} (?:(?:hon|gan|khoang|tren) )?$| (?:ke hoach|chi tieu) (?:\S+ ){0,14}(?:giao|xac dinh|duoc duyet|phe duyet)(?: \S+){0,12} (?:la|voi|gom) $| ke hoach (?:\S+ ){0,6}xac dinh $| (?:ke hoach|chi tieu) (?:\S+ ){0,8}(?:theo|tai) quyet dinh (?:\S+ ){0,4}(?:la|gom|voi|co) $| (?:duoc giao|duoc duyet|giao chi tieu|tinh giao|chi tieu giao|nam \d{4} giao) (?:la |: )?$|^ giao (?:la |: )?$`)
	// paperName is what a document is called by: "số 912/QĐ-SKHCN ngày 18/12/2020".
	paperName    = regexp.MustCompile(` so \d+ / (?:\S+ ){0,2}\S+(?: - \S+)+(?: ngay \d+ / \d+ / \d+)? `)
	planOpen     = regexp.MustCompile(` (?:ke hoach|kh|chi tieu|muc tieu|nghi quyet)(?: (?:ca|nam|quy|6 thang|\d{4}|duoc|giao|de ra|ca nam|dat ra|hdnd|tinh|nay))* $`)
	fullYearOnly = regexp.MustCompile(`^ ca nam (?:\d{4} )?(?:: |la )?$`)
	nowOnly      = regexp.MustCompile(`^ (?:hien nay|hien|hien co|hien tai|den nay|nay)(?: (?:la|co|:|dat|moi|da))* $`)
	anaphor      = regexp.MustCompile(` con so (?:nay|do|cua) | (?:so|chi tieu) nay `)
	fulfilled    = regexp.MustCompile(` (?:hoan thanh|thuc te|da thuc hien|thuc hien duoc|moi thuc hien|dat duoc|dat) (?:\S+ ){0,2}$`)
	negated      = regexp.MustCompile(` (?:khong|chua) (?:duoc |de |bi )?(?:co|phat|xu|cap|nghiem|to|thuc|tien|trien|ban|giai|xay|tiep|nhan|kiem|mo|dang|hoan|dat|du|phai|de|con|tham|ky|dua|cong) (?:\S+ ){0,2}$`)
	planLead     = regexp.MustCompile(` (?:giao|dat ra|de ra|phan dau|xac dinh)(?: [^.;:]*)? (?:chi tieu|muc tieu|ke hoach)(?: [^.;:]*)? : `)
	fillers      = setOf("la dat co chi : duoc thuc hien moi hon gan khoang tren cap = so nam tong cong chi tiep nhan nop mo cung vao dip nay")
	nextBudget   = regexp.MustCompile(` (?:nam (?:sau|toi)|de nghi|de xuat|du kien|dang ky) (?:[^,;\s]+ ){0,9}$`)
)

// reference tells whether a figure is told for comparison only, by the label before it or by what
// stands before its bracket.
func (p *passage) reference(k int, w window) reference {
	f, ts := &p.figs[k], p.ts
	if g := p.before(k); g != nil && f.bracket >= 0 && g.bracket == f.bracket && g.told && g.kind == Result && f.noun > 0 && len(p.within(g.end, f.i)) == 0 && !p.stopped(g.end, f.i) {
		return reference{how: 'c', period: g.period} // "(cùng kỳ: 9 lớp, 402 người)"
	}
	from := w.from
	for i := f.i - 1; i >= from; i-- {
		if b := p.bracket[i]; b >= 0 && b != f.bracket {
			continue // a bracket closed before it
		}
		if s := ts[i].s; s == "," || s == "(" {
			from = i + 1
			break
		}
	}
	if r := p.labelled(from, f.i, false); r.how != 0 {
		r.of = p.changed(k)
		if !(r.how == 'k' && f.unit == "đồng" && !strings.Contains(join(ts[from:f.i]), " ke hoach ")) {
			return r // money that is assigned is no plan
		}
	}
	// "(33 đơn)", "(kế hoạch 18)": the bracket says nothing itself, so what stands before it does.
	if f.bracket < 0 {
		return reference{}
	}
	for i := f.bracket + 1; i < f.i; i++ {
		if !fillers[ts[i].s] {
			return reference{}
		}
	}
	if g := p.before(k); g != nil && g.unit == "%" && g.kind == Comparison && g.code != nil && p.wordAt(f.bracket-1) == "%" {
		// "tăng 6,7% (15 nhiệm vụ)": what the change is counted from
		switch g.basis {
		case OfPlan:
			return reference{how: 'k', period: p.year(), bare: true, of: g}
		default:
			return reference{how: 'c', period: g.period.LastYear(), bare: true, of: g}
		}
	}
	start := f.bracket
	for n := 0; start > w.sentence && n < 14; n++ {
		if s := ts[start-1].s; s == ")" || s == "(" || stops(ts[start-1]) {
			break
		}
		start--
	}
	r := p.labelled(start, f.bracket, true)
	r.bare = r.how != 0
	r.of = p.changed(k)
	if r.how == 0 && r.of != nil && p.wordAt(f.end+f.noun) == ")" {
		// "đạt 62,5% số văn bản được giao trong năm (16 văn bản)": what the share is of
		r.bare = true
		if r.how, r.period = 'c', r.of.period.LastYear(); r.of.basis == OfPlan {
			r.how, r.period = 'k', p.year()
		}
	}
	return r
}

// within gives the times named among the tokens from a to z.
func (p *passage) within(a, z int) (list []mention) {
	for _, m := range p.times {
		if m.i >= a && m.j <= z {
			list = append(list, m)
		}
	}
	return list
}

// changed is the change that a bracket stands behind, where the bracket counts what changed: "số nhiệm
// vụ mới giảm 18,75% so với cùng kỳ (16 nhiệm vụ)"; nil where it counts something else.
func (p *passage) changed(k int) *figure {
	f, g := &p.figs[k], p.before(k)
	if g == nil || g.unit != "%" || g.kind != Comparison || g.code == nil || g.bracket >= 0 || f.bracket < 0 {
		return nil
	}
	for i := g.end; i < f.bracket; i++ {
		if stops(p.ts[i]) || p.ts[i].s == "," {
			return nil
		}
	}
	if f.noun > 0 && !p.counts(g.code, f) || g.code.money != (f.unit == "đồng") {
		return nil
	}
	return g
}

// labelled reads the tokens from a to z, which end right before a figure or its bracket.
func (p *passage) labelled(a, z int, bracket bool) reference {
	text := paperName.ReplaceAllString(join(p.plain(a, z)), " ")
	for n := len(p.times) - 1; n >= 0; n-- {
		m := &p.times[n]
		if m.i < a || m.j > z || m.source {
			continue
		}
		rest := p.ts[m.j:z]
		past := m.how == samePast || m.how == yearPast || m.how == atPeriod && earlier(m.p, p.head.Period)
		filled := true
		for _, t := range rest {
			filled = filled && (fillers[t.s] || t.s == "co" && len(rest) == 1 || bracket && (t.s == "giam" || t.s == "tang" || t.kind == 'n' || t.s == "%" || t.s == "," || t.s == "chi"))
		}
		if !past || !filled || len(rest) > 6 {
			break
		}
		if bracket && !(m.compared || m.how == samePast) {
			break
		}
		if !bracket && m.how == atPeriod && (len(rest) == 0 || rest[len(rest)-1].s != ":" && rest[len(rest)-1].s != "la") {
			if !(a > 0 && m.i == a && p.ts[a-1].s == "(" && len(rest) == 1 && rest[0].s == "co") { // "(6 tháng đầu năm 2022 có 16 nhiệm vụ)"
				break // a time that opens a sentence is no label
			}
		}
		if !bracket && m.compared && len(rest) == 1 && rest[0].s == ":" {
			break // "giảm 17,6% so với năm trước: 159 nhãn hiệu, 07 kiểu dáng"
		}
		if !bracket && m.compared && len(rest) == 0 {
			return reference{how: 'a'} // "nhiều hơn cùng kỳ 02 cuộc"
		}
		r := reference{how: 'c', period: m.p}
		return r
	}
	if nowOnly.MatchString(text) && !bracket && a > 0 && p.ts[a-1].s == "(" {
		return reference{how: 'n', period: p.head.Period} // "đến năm 2020: 10 doanh nghiệp (hiện nay: 2)"
	}
	if fullYearOnly.MatchString(text) && !bracket && a > 0 && p.ts[a-1].s == "(" {
		return reference{how: 'k', period: p.year()} // "8 nhiệm vụ (cả năm 20 nhiệm vụ)"
	}
	if bracket && planOpen.MatchString(text) || !bracket && planLabel.MatchString(text) {
		if n := p.ahead(z); !bracket && n != nil && n.bracket >= 0 && n.unit != "%" && p.bracket[z-1] == n.bracket {
			return reference{} // "(nghị quyết: 02; quyết định: 09; kế hoạch: 13)"
		}
		r := reference{how: 'k', period: p.year()}
		if p.sec.kind == Plan {
			r.period = p.sec.period
		}
		for n := len(p.times) - 1; n >= 0; n-- {
			if m := &p.times[n]; m.i >= a && m.j <= z && (m.how == atPeriod || m.how == fullYear) && m.p != "" {
				if m.p.Part() == "" || strings.Contains(join(p.ts[a:m.i]), " ke hoach ") {
					r.period = m.p
				}
				break
			}
		}
		return r
	}
	return reference{}
}

// plain gives the tokens from a to z without the brackets closed among them.
func (p *passage) plain(a, z int) []token {
	var out []token
	for i := a; i < z; i++ {
		if b := p.bracket[i]; b < a || b >= z {
			out = append(out, p.ts[i])
		}
	}
	return out
}

// earlier tells whether a period lies before the report's own.
func earlier(p, doc vietnamese.Period) bool {
	return p.Year() > 0 && doc.Year() > 0 && !p.Span() && (p.Year() < doc.Year() || endMonth(p) < startMonth(doc))
}

// antecedent is the figure that a reference speaks of: the last before it that counts the same
// thing, else the last one where the reference counts nothing itself.
func (p *passage) antecedent(k int) *figure {
	f := &p.figs[k]
	same := func(a, b *figure) bool {
		for n := 0; n < a.noun || n < b.noun; n++ {
			if n >= a.noun || n >= b.noun || p.ts[a.end+n].s != p.ts[b.end+n].s {
				return n > 0
			}
		}
		return true
	}
	var first *figure
	for n := k - 1; n >= 0 && n >= k-8; n-- {
		g := &p.figs[n]
		if g.unit == "%" || g.told || g.whole || g.inside && g.code == nil && !f.inside || g.inside && g.code == nil && f.bracket >= 0 {
			continue // a part of what stands before it
		}
		if g.code == nil {
			if f.noun > 0 && same(f, g) && g.noun > 0 {
				return nil // of a figure that is none of ours
			}
			if first == nil && g.bracket < 0 && f.noun == 0 && g.unit == f.unit {
				return nil
			}
			continue
		}
		if g.code.money != (f.unit == "đồng") {
			continue
		}
		if f.noun == 0 || f.unit == "đồng" {
			if g.bracket >= 0 && g.bracket != f.bracket {
				continue
			}
			return g
		}
		if g.noun > 0 && same(f, g) {
			return g
		}
		if first == nil && p.counts(g.code, f) && g.bracket < 0 {
			first = g
		}
	}
	return first
}

// counts tells whether an indicator counts what stands after a figure.
func (p *passage) counts(u *rule, f *figure) bool {
	for _, n := range u.nouns {
		if n.at(p.ts, f.end) > 0 {
			return true
		}
	}
	return false
}

func join(ts []token) string {
	var b strings.Builder
	b.WriteByte(' ')
	for _, t := range ts {
		b.WriteString(t.s)
		b.WriteByte(' ')
	}
	return b.String()
}

// planOpens begins a sentence of plans, achieved a clause on what was done.
var (
	planOpens = regexp.MustCompile(`^ (?:\S+ ){0,4}(?:phan dau|du kien|muc tieu|dat chi tieu) `)
	achieved  = regexp.MustCompile(` (?:da|den nay|thuc te|uoc|hien|hien nay|thuc hien duoc|ket qua|trong ky|cung ky) `)
)

// overTotal ends before what a figure is part of.
var overTotal = regexp.MustCompile(` tren (?:tong )?(?:so )?$| trong tong so $`)

var partsBefore = regexp.MustCompile(` (?:trong do|gom|bao gom|trong so nay|cu the) `)

var (
	planBefore = regexp.MustCompile(` (?:phan dau|du kien|se|chi tieu|muc tieu|ke hoach(?: ca)?(?: nam)?(?: \d+)?(?: giao| duoc giao| la| :)?|chi tieu giao|de xuat phat|dang xay dung) (?:[^,;\s]+ ){0,5}$| (?:de nghi|kien nghi) (?:[^,;\s]+ ){0,8}$`)
	planAfter  = regexp.MustCompile(`^ (?:\S+ ){0,6}(?:theo ke hoach nam|ke hoach giao) `)
	notPlan    = regexp.MustCompile(` (?:theo|so voi|thuc hien|dat|trong) ke hoach `)
	absolute   = regexp.MustCompile(` (?:(?:nhieu|it|cao|thap) hon|kem|tang|giam|vuot|tang them|giam di|tang thuc|tang so|giam so)(?: gan| khoang| toi)? $`)
)

// elsewhere are figures of the whole country or of others, quoted as background, and means.
var elsewhere = regexp.MustCompile(` (?:ca nuoc|toan quoc|trong khi do ca|binh quan|trung binh|moi (?:lop|so|ky|xa|huyen|noi|co so|cuoc|nhiem vu|doan|khoa|don vi|chuyen muc|mo hinh)) (?:[^,;\s]+ ){0,7}$`)

var onTime = regexp.MustCompile(` (?:dung|truoc)(?: va (?:dung|truoc))? han [^|,;.]*\||\| [^,;.]* (?:dung|truoc)(?: va (?:dung|truoc))? han `)

// proposed sanctions are not imposed yet.
var proposed = regexp.MustCompile(` (?:de nghi|kien nghi|trinh|de xuat|du kien|dang lap|dang hoan thien) (?:[^,;\s]+ ){0,9}(?:phat|xu phat)[^,;|]*\|| phat (?:de xuat|de nghi|du kien) \||^ (?:[^,;\s]+ ){0,3}(?:dang )?(?:de nghi|du kien|trinh) (?:[^,;\s]+ ){0,4}phat`)

// joined tells whether between two figures stands nothing but what joins them.
func joined(ts []token) bool {
	if len(ts) == 0 || len(ts) > 3 {
		return false
	}
	for _, t := range ts {
		if t.s != "va" && t.s != "," && t.s != "voi" && t.s != "cho" && t.s != "tai" && t.s != "o" {
			return false
		}
	}
	return true
}

// compared opens the figure that another is compared with.
var compared = regexp.MustCompile(` (?:so voi|hon|vuot|thap hon|tu|bang|vuot hon)(?: gan| khoang| muc)? $`)

// planned tells whether the words of a figure's own clause make it a plan.
func planned(w window, part bool) bool {
	return planBefore.MatchString(w.before) && !notPlan.MatchString(w.before) || !part && planAfter.MatchString(beforeBracket(w.after))
}

// beforeBracket gives a text up to its first bracket.
func beforeBracket(s string) string {
	before, _, _ := strings.Cut(s, "(")
	return before
}

// ahead is the last figure that ends at or before a token.
func (p *passage) ahead(i int) *figure {
	var last *figure
	for k := range p.figs {
		if p.figs[k].j <= i {
			last = &p.figs[k]
		}
	}
	return last
}

// before is the figure before one; nil for the first.
func (p *passage) before(k int) *figure {
	if k == 0 {
		return nil
	}
	return &p.figs[k-1]
}

// brackets gives for each token the innermost bracket that it stands in, the marks themselves among
// them; -1 outside. A bracket that is never closed is none.
func brackets(ts []token) []int {
	in := make([]int, len(ts))
	var open []int
	for i := range ts {
		in[i] = -1
		switch ts[i].s {
		case "(":
			open = append(open, i)
		case ")":
			if n := len(open); n > 0 {
				for k := open[n-1]; k <= i; k++ {
					if in[k] < 0 {
						in[k] = open[n-1]
					}
				}
				open = open[:n-1]
			}
		}
	}
	return in
}
