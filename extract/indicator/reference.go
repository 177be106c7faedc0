package indicator

import (
	"strings"

	"soket/extract/pattern"
	"soket/extract/vietnamese"
)

// reference is a figure told beside another for comparison: the same period's, or the plan.
type reference struct {
	how    byte // 'c' the past, 'k' the plan, 'n' the present beside a plan, 'a' an absolute change, 0 none
	period vietnamese.Period
	of     *figure // whose comparison it stands behind; nil where the text does not say
	bare   bool    // nothing but a bracket says so: "so với cùng kỳ (33 đơn)"
}

var (
	planLabel = pattern.New(` (?:ke hoach|kh|chi tieu|muc tieu)(?: (?:cong tac|thanh tra|kiem tra|dat ra|de ra|ca nam|nam|quy|6 thang|\d{4}|duoc|da|ubnd tinh|tinh|uy ban|hdnd tinh|so|phe duyet|duyet|xac dinh|giao|dau nam|la|:|=|can|phai|dat|thuc hien|hang nam|ban dau|,|ca|tren giao)){0,7} (?:(?:hon|gan|khoang|tren) )?$| (?:ke hoach|chi tieu) (?:\S+ ){0,14}(?:giao|xac dinh|duoc duyet|phe duyet)(?: \S+){0,12} (?:la|voi|gom) $| ke hoach (?:\S+ ){0,6}xac dinh $| (?:ke hoach|chi tieu) (?:\S+ ){0,8}(?:theo|tai) quyet dinh (?:\S+ ){0,4}(?:la|gom|voi|co) $| (?:duoc giao|duoc duyet|giao chi tieu|tinh giao|chi tieu giao|nam \d{4} giao) (?:la |: )?$|^ giao (?:la |: )?$`)
	// paperName is what a document is called by: "số 912/QĐ-SKHCN ngày 18/12/2020".
	paperName    = pattern.New(` so \d+ / (?:\S+ ){0,2}\S+(?: - \S+)+(?: ngay \d+ / \d+ / \d+)? `)
	metPlan      = pattern.New(` (?:dung|vuot) ke hoach `) // "thực hiện đúng kế hoạch 6 cuộc thanh tra" is done
	planOpen     = pattern.New(` (?:ke hoach|kh|chi tieu|muc tieu|nghi quyet)(?: (?:ca|nam|quy|6 thang|\d{4}|duoc|giao|de ra|ca nam|dat ra|hdnd|tinh|nay))* $`)
	fullYearOnly = pattern.New(`^ ca nam (?:\d{4} )?(?:: |la )?$`)
	nowOnly      = pattern.New(`^ (?:hien nay|hien|hien co|hien tai|den nay|nay)(?: (?:la|co|:|dat|moi|da))* $`)
	anaphor      = pattern.New(` con so (?:nay|do|cua) | (?:so|chi tieu) nay `)
	fulfilled    = pattern.New(` (?:hoan thanh|thuc te|da thuc hien|thuc hien duoc|moi thuc hien|dat duoc|dat) (?:\S+ ){0,2}$`)
	negated      = pattern.New(` (?:khong|chua) (?:duoc |de |bi )?(?:co|phat|xu|cap|nghiem|to|thuc|tien|trien|ban|giai|xay|tiep|nhan|kiem|mo|dang|hoan|dat|du|phai|de|con|tham|ky|dua|cong) (?:\S+ ){0,2}$`)
	planLead     = pattern.New(` (?:giao|dat ra|de ra|phan dau|xac dinh)(?: [^.;:]*)? (?:chi tieu|muc tieu|ke hoach)(?: [^.;:]*)? : `)
	fillers      = setOf("la dat co chi : duoc thuc hien moi hon gan khoang tren cap = so nam tong cong chi tiep nhan nop mo cung vao dip nay")
	nextBudget   = pattern.New(` (?:nam (?:sau|toi)|de nghi|de xuat|du kien|dang ky) (?:[^,;\s]+ ){0,9}$`)
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
		if !(r.how == 'k' && f.unit == "đồng" && !strings.Contains(p.join(from, f.i), " ke hoach ")) {
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
	text := paperName.ReplaceAllString(p.plain(a, z), " ")
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
	if bracket && planOpen.MatchString(text) || !bracket && planLabel.MatchString(text) && !metPlan.MatchString(text) {
		if n := p.ahead(z); !bracket && n != nil && n.bracket >= 0 && n.unit != "%" && p.bracket[z-1] == n.bracket {
			return reference{} // "(nghị quyết: 02; quyết định: 09; kế hoạch: 13)"
		}
		r := reference{how: 'k', period: p.year()}
		if p.sec.kind == Plan {
			r.period = p.sec.period
		}
		for n := len(p.times) - 1; n >= 0; n-- {
			if m := &p.times[n]; m.i >= a && m.j <= z && (m.how == atPeriod || m.how == fullYear) && m.p != "" {
				if m.p.Part() == "" || strings.Contains(p.join(a, m.i), " ke hoach ") {
					r.period = m.p
				}
				break
			}
		}
		return r
	}
	return reference{}
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

// setAgainst stands alone between a figure and another that it is compared with.
var setAgainst = pattern.New(`^ (?:[^,;.:()\s]+ ){0,6}so voi (?:muc )?$`)

// compared opens the figure that another is compared with.
var compared = pattern.New(` (?:so voi|hon|vuot|thap hon|tu|bang|vuot hon)(?: gan| khoang| muc)? $`)
