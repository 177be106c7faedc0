package indicator

import (
	"fmt"
	"slices"
	"strings"

	"soket/extract/document"
	"soket/extract/pattern"
	"soket/extract/vietnamese"
)

// passage is one paragraph, item or heading on its way through the rules.
type passage struct {
	*reader
	block    *document.Block
	ts       []token
	said     string // " folded words "
	place    []int  // of the space before each token in said, and of the last one
	figs     []figure
	times    []mention
	sec      section
	hits     []hit
	bracket  []int   // of each token, the token of the innermost bracket that it stands in, -1 outside
	leadHits []hit   // in the paragraph that opens the list
	last     *figure // the last counted figure outside brackets: what follows speaks of it
	first    int     // how many facts there were before this passage
}

// read finds the facts of the passage, and gives its tokens.
func (r *reader) read(b *document.Block, sec section, lead []hit) []token {
	p := &passage{reader: r, block: b, ts: blockTokens(b), sec: sec, leadHits: lead, first: len(r.facts)}
	p.figs = r.figures(p.ts, p.skip)
	if len(p.figs) == 0 {
		return p.ts
	}
	if sec.skip && !(sec.asks && asksBudget.MatchString(vietnamese.Fold(b.Text))) {
		for k := range p.figs {
			p.leave(&p.figs[k], sectionSkipped)
		}
		return p.ts
	}
	p.hits, p.bracket = r.find(p.ts), brackets(p.ts)
	p.said, p.place = joined(p.ts)
	p.forgetTitles()
	p.times = mentions(p.ts, p.said, p.place, r.head.Period)
	p.sum()
	for k := range p.figs {
		p.figure(k)
	}
	return p.ts
}

const sectionSkipped = "the section tells of shortcomings, causes or proposals"

// asksBudget is a proposal of money for the body's own work.
var asksBudget = pattern.New(`(?:kinh phi|du toan|ngan sach|chi) (?:\S+ ){0,2}su nghiep`)

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
	if p.sec.skip && (f.code.Code != "finance.st_budget_vnd" || f.kind != Plan) {
		p.leave(f, sectionSkipped)
		return
	}
	x := p.fact(f, p.block, p.ts)
	if f.i > 0 && f.code.Measure == "flow" && slices.ContainsFunc(p.facts[p.first:], func(y Fact) bool {
		return y.Code == x.Code && y.Period == x.Period && y.Kind == x.Kind && y.Value < x.Value
	}) {
		before := p.join(max(0, f.i-18), f.i)
		if at := runningTotal.FindStringSubmatchIndex(before); at != nil && !has(before[at[0]:], " nam ", " trong ky ", " ca ky ", " quy ", " thang ") {
			p.leave(f, "a count of all years up to now")
			return
		}
	}
	if f.i > 0 && f.bracket < 0 && len(p.within(max(0, f.i-14), f.i)) == 0 && amongThem.MatchString(p.join(max(0, f.i-14), f.i)) && slices.ContainsFunc(p.facts[p.first:], func(y Fact) bool {
		return y.Code == x.Code && y.Period == x.Period && y.Kind == x.Kind && y.Value > x.Value
	}) {
		p.leave(f, "the share of one place or sort in the figure before it")
		return
	}
	if f.i > 0 && !f.told && totalBefore.MatchString(p.join(max(0, f.i-9), f.i)) && !overTotal.MatchString(p.join(max(0, f.i-9), f.i)) {
		// "3 kế hoạch, 1 quyết định; tổng cộng 4 văn bản": what came before were its parts.
		kept := p.facts[:p.first]
		for _, y := range p.facts[p.first:] {
			if y.Code != x.Code || y.Period != x.Period || y.Kind != x.Kind || y.Value >= x.Value {
				kept = append(kept, y)
			} else if p.untaken != nil {
				p.untaken(Skip{Text: y.Quote, Page: y.Page, Why: "a part of the total after it"})
			}
		}
		p.facts = kept
	}
	p.facts = append(p.facts, x)
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
	if has(w.before, " ca nuoc ", " toan quoc ", " trong khi ", " binh quan ", " trung binh ", " moi ", " khuon kho ") && elsewhere.MatchString(p.around(f, w)) {
		p.leave(f, "of the whole country, of others or a mean")
		return
	}
	if p.byItself(k, w) || notOurs.MatchString(p.join(w.full, f.i)) || p.beyond(w.whole) {
		p.leave(f, "of another body or of a wider territory")
		return
	}
	if f.part && onTime.MatchString(w.before+"| "+w.after) && (f.noun == 0 || p.wordAt(f.end) == "ho" && p.wordAt(f.end+1) == "so") {
		// "149/149 hồ sơ … đúng hạn": N in time of M resolved
		p.takeAs(k, w, "admin.dossiers_on_time")
		return
	}
	if f.noun > 0 && has(w.before, " cap ", " phep ") && licensed.MatchString(w.before) && (p.sec.area == "radiation" || radiant.MatchString(p.join(w.full, p.endOf(f)))) {
		p.takeAs(k, w, "radiation.licences_granted") // "cấp phép cho 03 cơ sở X-quang"
		return
	}
	if f.unit == "đồng" && disbursedOf.MatchString(w.before) && (f.part || p.overMoney(k)) {
		p.takeAs(k, w, "finance.disbursed_vnd")
		return
	}
	if f.whole && k > 0 && p.figs[k-1].part {
		p.wholeOf(f, &p.figs[k-1], w)
		return
	}
	if g := p.before(k); g != nil && g.unit == "" && f.unit == "" && g.code != nil && f.noun > 0 && p.sameThing(g, f) && has(w.before, " tren ", " trong tong ") && overTotal.MatchString(w.before) {
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
	if a := p.outside(k); ref.how == 0 && a != nil && a.code != nil && a.kind == Result && f.noun > 0 && p.sameThing(a, f) && setAgainst.MatchString(w.before) && !has(w.after, " ke hoach ", " chi tieu ") && p.after(k) == nil {
		ref = reference{how: 'c', period: a.period.LastYear(), of: a} // "51 đơn so với 39 đơn"
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
	if g := p.outside(k); g != nil && g.code != nil && !g.code.percent && p.nextTime(g, f) {
		f.code, f.score, f.margin = g.code, min(g.score, 4), g.margin // "năm 2021 là 22 tỷ đồng, năm 2022 là 24 tỷ đồng"
	} else if a := p.antecedent(k); a != nil && anaphor.MatchString(w.before) {
		f.code, f.score, f.margin = a.code, min(a.score, 3.6), a.margin // "con số này đã lên tới 21"
	} else {
		p.judge(f, k, w)
		if m := p.when(k); f.code == nil && a != nil && f.noun > 0 && a.i >= w.full && (fulfilled.MatchString(w.before) || m != nil && m.i > a.i) {
			// "chỉ tiêu là 09 cuộc; thực tế hoàn thành 06 cuộc", "trong quý III có 03 cuộc"
			f.code, f.score, f.margin = a.code, enough, 0.3
		}
	}
	if f.code == nil && f.nearest != nil && f.nearest.Area == "inspection" || f.code != nil && f.code.Code == "radiation.facilities" {
		if u := p.rule("inspection.entities"); f.noun > 0 && p.counts(u, f) && inspected.MatchString(w.before) {
			f.code, f.score, f.margin = u, max(f.score, enough), 0.5 // those inspected are not those managed
		}
	}
	if f.code != nil {
		p.protected(f, w)
	}
	if f.code != nil {
		if why := p.unsaid(k, w); why != "" {
			p.leave(f, why)
			return
		}
	}
	if g := p.outside(k); f.code == nil && g != nil && f.nearest != nil && g.nearest == f.nearest && f.score > enough-1 && f.noun > 0 && totalBefore.MatchString(p.join(max(0, f.i-9), f.i)) {
		f.code, f.score, f.margin = f.nearest, enough, 0.3 // "01 nghị quyết, 03 quyết định, tổng cộng 04 văn bản"
	}
	if f.code != nil {
		p.sort(k, w)
	}
	if f.score < labelled && ref.how == 0 {
		if u, words := p.labelOf(f, w); u != nil {
			f.code, f.nearest, f.score, f.margin = u, u, labelled, 0.5
			f.why = func() string { return fmt.Sprintf("prose: the label %q", words) }
		}
	}
	if f.code != nil && f.code.Code == "enterprise.st_certified" && f.noun > 0 && asItStands.MatchString(w.whole) && !has(w.before, " moi ", " them ", " trong ") {
		f.code = p.rule("enterprise.st_total") // "đến nay, toàn tỉnh có 11 doanh nghiệp được cấp giấy chứng nhận"
	}
	if f.code != nil {
		if why := p.denied(f, w); why != "" {
			p.leave(f, why)
			return
		}
	}
	if f.code == nil {
		why := "its words speak for no indicator"
		if f.nearest != nil {
			why = fmt.Sprintf("%s clearly enough: %s has %.1f of %v", why, f.nearest.Code, f.score, enough)
		}
		p.leave(f, why)
		return
	}
	if p.halfOnTime(k, w) {
		p.leave(f, "what came early and what came just in time are told apart, not together")
		return
	}
	last := p.last
	if f.code != nil && f.sums != nil && len(p.within(p.before(k).end, f.i)) == 0 && (f.code == f.sums.code || f.sums.code == nil && f.score < enough+1 && f.noun > 0 && f.sums.noun > 0 && p.ts[f.end].s == p.ts[f.sums.end].s) {
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

// asItStands begins a sentence on what there is, not on what came about.
var asItStands = pattern.New(`^ (?:tinh )?(?:den nay|den thoi diem nay|hien nay|hien|hien tai|den (?:het )?(?:ngay|thang) [^,]*)(?: ,)?(?: (?:tren dia ban(?: tinh| thanh pho)?|toan tinh|ca tinh|toan thanh pho|tinh|thanh pho))?(?: da)? co `)

// licensed ends before those who were given a licence; radiant are words of radiation.
var (
	licensed = pattern.New(` (?:cap|gia han)(?: (?:moi|lai|gia han|bo sung|sua doi|va|,))* (?:giay )?phep (?:[^,;.:()\s]+ ){0,9}?(?:cho|doi voi) (?:tong so |tong cong )?$`)
	radiant  = pattern.New(` buc xa | x (?:- )?quang | phong xa `)
)

// forgetTitles drops what only hints at indicators within the names of programmes: of "2 dự án thuộc Chương
// trình hỗ trợ ứng dụng công nghệ" nothing says that they were applied or supported.
func (p *passage) forgetTitles() {
	for i := range p.ts {
		if p.ts[i].s != "thuoc" || !programme.MatchString(p.join(i+1, min(len(p.ts), i+4))) {
			continue
		}
		end := i + 1
		for end < len(p.ts) && p.ts[end].kind == 'w' {
			end++
		}
		p.hits = slices.DeleteFunc(p.hits, func(h hit) bool { return h.list == inCues && h.i > i && h.i < end })
	}
}

var programme = pattern.New(`^ (?:cac )?(?:chuong trinh|de an|du an|ke hoach) `)

// inspected ends before those that were inspected.
var inspected = pattern.New(` (?:thanh tra|kiem tra|hau kiem)(?: (?:thuc te|dinh ky|dot xuat|truc tiep|an toan|buc xa|hat nhan|cong tac|viec|bao dam|dam bao|ve|va|tai|doi voi|o|duoc|hon|gan|tren|khoang)){0,9} $`)

// takeAs takes a figure that its form alone makes one of an indicator.
func (p *passage) takeAs(k int, w window, code string) {
	f := &p.figs[k]
	f.code, f.score, f.margin = p.rule(code), 4, 1
	p.settle(k, w, reference{})
	p.take(f)
}

// counts tells whether an indicator counts what stands after a figure.
func (p *passage) counts(u *rule, f *figure) bool {
	for _, e := range p.countedAt(f.end) {
		if n := e.phrase.at(p.ts, f.end); e.rule == u && (n > 1 || n == 1 && f.noun <= 1) {
			return true
		}
	}
	return false
}

// joined gives the words of a text, folded, between single spaces, and the place of the space before
// each, and of the last one.
func joined(ts []token) (string, []int) {
	size := 1
	for i := range ts {
		size += len(ts[i].s) + 1
	}
	var b strings.Builder
	b.Grow(size)
	place := make([]int, 0, len(ts)+1)
	for i := range ts {
		place = append(place, b.Len())
		b.WriteByte(' ')
		b.WriteString(ts[i].s)
	}
	place = append(place, b.Len())
	b.WriteByte(' ')
	return b.String(), place
}

// join gives the tokens from a to z as " folded words ".
func (p *passage) join(a, z int) string { return p.said[p.place[a] : p.place[z]+1] }

// plain gives them without the brackets closed among them.
func (p *passage) plain(a, z int) string {
	for i := a; i < z; i++ {
		if b := p.bracket[i]; b >= a && b < z {
			return p.unbracketed(a, z)
		}
	}
	return p.join(a, z)
}

func (p *passage) unbracketed(a, z int) string {
	var out strings.Builder
	out.WriteByte(' ')
	for i := a; i < z; i++ {
		if b := p.bracket[i]; b < a || b >= z {
			out.WriteString(p.ts[i].s)
			out.WriteByte(' ')
		}
	}
	return out.String()
}

var onTime = pattern.New(` (?:dung|truoc)(?: va (?:dung|truoc))? han [^|,;.]*\||\| [^,;.]* (?:dung|truoc)(?: va (?:dung|truoc))? han `)

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

// has tells whether one of some words stands in a text. It asks before a pattern that needs one of them:
// most texts have none, and the patterns are slow.
func has(s string, words ...string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// words gives the tokens from a to z as printed.
func (p *passage) words(a, z int) string {
	if z = min(z, len(p.ts)); a >= z {
		return ""
	}
	return p.block.Text[p.ts[a].a:p.ts[z-1].b]
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
