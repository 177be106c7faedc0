package indicator

import (
	"strings"

	"soket/extract/pattern"
)

// labelled is the evidence that a label before a colon is worth: "Cuộc thanh tra: 11". Clearer words
// are believed instead.
const labelled = 3.8

// labelOf finds the indicator that a label names as the rows of tables do, by the label and the
// headings above it.
func (p *passage) labelOf(f *figure, w window) (*rule, string) {
	if f.i == 0 || f.bracket >= 0 || f.part {
		return nil, ""
	}
	from, longest := f.i-1, 10
	colon := p.ts[from].s == ":"
	if !colon && (!labelEnd[p.ts[from].s] || f.noun > 0) {
		return nil, ""
	}
	for ; from > w.sentence; from-- {
		t := p.ts[from-1]
		if t.kind == 'n' || t.s == "(" || t.s == ")" || t.s == ":" {
			break
		}
	}
	if !colon { // "Số đề tài đang trong thời gian thực hiện là 44"
		if longest = 16; !countsOf.MatchString(p.join(from, f.i)) {
			return nil, ""
		}
	}
	if n := f.i - 1 - from; n < 1 || n > longest {
		return nil, ""
	}
	kind := countUnit
	if f.unit == "đồng" {
		kind = moneyUnit
	}
	label := p.words(from, f.i-1)
	name := naming{own: strings.TrimSpace(label + " " + p.words(f.end, f.end+f.noun)), around: p.sec.over}
	if lead := p.labelAt(w.full, from); lead != "" && f.noun == 0 {
		name.around = append([]string{lead}, name.around...) // "Nhiệm vụ triển khai: 42, gồm chuyển tiếp: 27; mới: 15"
	}
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

// labelAt is the label that a sentence begins with, before another one; "" where it has none.
func (p *passage) labelAt(a, z int) string {
	for i := a; i < z && i < a+12; i++ {
		if p.ts[i].s == ":" {
			return p.words(a, i)
		}
	}
	return ""
}

// countsOf opens a label that names a number.
var countsOf = pattern.New(`^ (?:tong )?so (?:luong )?(?:[^,;.:()\s]+ )`)

// onlyCounted is the one indicator of the section's area that counts what a label consists of: "nguồn: 12"
// under "An toàn bức xạ"; nil where none or several do.
func (p *passage) onlyCounted(a, z int) *rule {
	var only *rule
	for _, e := range p.countedAt(a) {
		if e.rule.Area == p.sec.area && a+e.phrase.at(p.ts, a) == z && e.rule != only {
			if only != nil {
				return nil
			}
			only = e.rule
		}
	}
	return only
}

func hasComma(ts []token) bool {
	for _, t := range ts {
		if t.s == "," || t.s == ")" {
			return true
		}
	}
	return false
}
