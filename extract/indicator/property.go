package indicator

import (
	"slices"
	"strings"
)

// sorts are what the names of industrial property say of its sort, and the word of it in codes.
var sorts = []struct{ said, code string }{{" nhan hieu ", "trademark"}, {" sang che ", "patent"}, {" giai phap huu ich ", "patent"}, {" kieu dang ", "design"}}

// sort makes applications and titles those of the one sort that their sentence speaks of before them:
// "hướng dẫn thủ tục đăng ký nhãn hiệu; đã nộp 4 đơn, được cấp 2 văn bằng".
func (p *passage) sort(k int, w window) {
	f := &p.figs[k]
	what, ok := strings.CutPrefix(f.code.Code, "ip.")
	if !ok || what != "applications" && what != "grants" || f.bracket >= 0 && !p.timed(f) || has(w.before, " tong ", " so huu ", " cac loai ") {
		return
	}
	one := ""
	said := p.join(w.full, f.i)
	if strings.Contains(said, " so huu ") {
		return
	}
	for _, s := range sorts {
		if !strings.Contains(said, s.said) || s.code == one {
			continue
		}
		if one != "" {
			return
		}
		one = s.code
	}
	for n := k - 1; n >= 0 && p.figs[n].i >= w.full; n-- {
		if g := &p.figs[n]; g.code != nil && g.code.Area == "ip" && g.code.Code != "ip.consultations" && !strings.HasPrefix(g.code.Code, "ip."+one+"_") {
			return
		} else if g.code != nil && ending(g.code.Code) == what && f.bracket < 0 && len(p.within(g.end, f.i)) == 0 {
			return // the total after its parts
		}
	}
	if _, parts, ok := strings.Cut(p.join(f.end, p.endOf(f)), " trong do "); ok && slices.ContainsFunc(sorts, func(s struct{ said, code string }) bool { return s.code == one && strings.Contains(parts, s.said) }) {
		return // "được cấp 47 văn bằng, trong đó 42 nhãn hiệu": the whole is of all sorts
	}
	if u := p.rule("ip." + one + "_" + what); one != "" && u != nil {
		f.code = u
	}
}

// protected makes titles of what counts neither applications nor dossiers, and is said to be protected at the end
// of its sentence: "1.024 nhãn hiệu, 37 kiểu dáng công nghiệp và 12 sáng chế được bảo hộ".
func (p *passage) protected(f *figure, w window) {
	sort, ok := strings.CutSuffix(f.code.Code, "_applications")
	if !ok || f.noun == 0 || !has(p.join(f.end, p.endOf(f)), " duoc bao ho ", " van bang ") || p.appliedFor(f, w) {
		return
	}
	if u := p.rule(sort + "_grants"); u != nil {
		f.code = u
	}
}

// appliedFor tells whether a figure's sentence speaks of applications.
func (p *passage) appliedFor(f *figure, w window) bool {
	return has(p.join(w.full, p.endOf(f)), " don ", " nop ", " dang ky ", " ho so ")
}

// ending is the last word of a code: "applications" of "ip.trademark_applications".
func ending(code string) string {
	code = code[strings.LastIndexByte(code, '.')+1:]
	return code[strings.LastIndexByte(code, '_')+1:]
}

// timed tells whether a time stands before a figure in its own bracket: "(năm 2019 nộp 04 đơn)".
func (p *passage) timed(f *figure) bool {
	return slices.ContainsFunc(p.times, func(m mention) bool { return m.j <= f.i && p.bracket[m.i] == f.bracket })
}
