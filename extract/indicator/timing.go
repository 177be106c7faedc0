package indicator

import (
	"slices"
	"strings"

	"soket/extract/pattern"
	"soket/extract/vietnamese"
)

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
		if g := &p.figs[k-1]; g.code != nil && g.unit != "%" && onlyJoined(p.ts[min(g.end+g.noun, f.i):f.i]) {
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
	if l := p.last; f.kind == Result && l != nil && l.kind == Plan && l.i >= w.full && f.bracket < 0 && planOpens.MatchString(p.join(w.full, l.i)) && !achieved.MatchString(p.join(l.end, f.i)) {
		f.kind, f.period = Plan, l.period // "Dự kiến cả năm kiểm định 17.000 phương tiện đo, thử nghiệm 2.500 mẫu"
		return
	}
	m := p.when(k)
	if rest, ok := strings.CutPrefix(w.before, " ke hoach"); ok && w.from > 0 && p.ts[w.from-1].kind == 'n' {
		w.before = rest // "4 kế hoạch và 17 văn bản": documents
	}
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
		switch own := m.p.Year() == doc.Year() && m.p.Part() == "" && !m.p.Span() && !doc.Span(); {
		case own && f.kind == Result && f.code.Code == "finance.investment_vnd":
			f.period = m.p // investment is of the year that the text names
		case own && f.kind == Result: // "năm 2020" in a report of its first half: the report's own time
		case own && p.sec.kind == Plan && p.sec.period.Part() != "" && p.sec.period.Year() == doc.Year() && !strings.Contains(p.join(max(0, m.i-3), m.i), " nam "):
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
	if p.Span() {
		return 12*atoi(string(p[:4])) + 1
	}
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
		if m.j > f.i || m.compared || m.source && !(f.code != nil && (m.p.Span() && f.code.Code == "finance.investment_vnd" || f.code.Code == "finance.st_budget_vnd" && m.i > 0 && ts[m.i-1].s == "cho")) {
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
		if f.code != nil && f.code.Measure == "stock" && m.how == atPeriod && standing.MatchString(p.join(m.j, f.i)) {
			continue // "cấp mới cho 01 doanh nghiệp trong tháng 4, toàn tỉnh hiện có 06 doanh nghiệp"
		}
		opens := p.opens(m)
		heads := m.j < len(ts) && ts[m.j].s == ":" && (opens || p.startsWithin(m.i, 6))
		opens = opens || heads
		if weak != nil && !heads {
			break // the report's own year stands nearer
		}
		// "Trong quý II, thanh tra 17 cơ sở; kết quả 02 cơ sở vi phạm"
		rules := !crossed && opens && m.how == atPeriod && m.j < len(ts) && ts[m.j].s == "," && !slices.ContainsFunc(ts[max(0, m.i-3):m.i], func(t token) bool { return t.s == ";" })
		if (crossed || semis) && !(heads && m.i <= 2) && !(heads && !crossed) && !rules {
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
			if between == 0 && inner == 0 && f.i-m.j <= 6 && !hasComma(ts[m.j:f.i]) || opens && inner == 0 && m.j < len(ts) && (ts[m.j].s == "," || heads) {
				return m // "Cùng kỳ năm trước, kiểm tra 52 cơ sở và phạt 14 triệu đồng"
			}
		case weak == nil && m.how == atPeriod && m.p == p.year() && !opens && !p.head.Period.Span():
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
var standing = pattern.New(` (?:hien co|hien nay|den nay|nang tong so|tong so den nay|dua tong so) `)

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

// within gives the times named among the tokens from a to z.
func (p *passage) within(a, z int) (list []mention) {
	for _, m := range p.times {
		if m.i >= a && m.j <= z {
			list = append(list, m)
		}
	}
	return list
}

// earlier tells whether a period lies before the report's own.
func earlier(p, doc vietnamese.Period) bool {
	return p.Year() > 0 && doc.Year() > 0 && !p.Span() && endMonth(p) < startMonth(doc)
}

// planOpens begins a sentence of plans, achieved a clause on what was done.
var (
	planOpens = pattern.New(`^ (?:[^,;:.\s]+ ){0,9}(?:phan dau|du kien|muc tieu|dat chi tieu|thoi gian toi|thoi gian con lai|thang con lai|con phai) `)
	achieved  = pattern.New(` (?:da|den nay|thuc te|uoc|hien|hien nay|thuc hien duoc|ket qua|trong ky|cung ky) `)
)

var (
	planBefore = pattern.New(` (?:phan dau|du kien|se) (?:[^,;\s]+ ){0,9}$| (?:thoi gian toi|thoi gian con lai|thang con lai|con phai) (?:[^;\s]+ ){0,9}$| (?:chi tieu|muc tieu|ke hoach(?: ca)?(?: nam)?(?: \d+)?(?: giao| duoc giao| la| :)?|chi tieu giao|de xuat phat|dang xay dung) (?:[^,;\s]+ ){0,5}$| (?:de nghi|kien nghi) (?:[^,;\s]+ ){0,8}$`)
	planAfter  = pattern.New(`^ (?:\S+ ){0,6}(?:theo ke hoach nam|ke hoach giao) `)
	notPlan    = pattern.New(` (?:theo|so voi|thuc hien|dat|trong|dung|vuot|hoan thanh) ke hoach `)
	absolute   = pattern.New(` (?:(?:nhieu|it|cao|thap) hon|kem|tang|giam|vuot|tang them|giam di|tang thuc|tang so|giam so)(?: gan| khoang| toi)? $`)
)

// proposed sanctions are not imposed yet.
var proposed = pattern.New(` (?:de nghi|kien nghi|trinh|de xuat|du kien|dang lap|dang hoan thien) (?:[^,;\s]+ ){0,9}(?:phat|xu phat)[^,;|]*\|| phat (?:de xuat|de nghi|du kien) \||^ (?:[^,;\s]+ ){0,3}(?:dang )?(?:de nghi|du kien|trinh) (?:[^,;\s]+ ){0,4}phat`)

// onlyJoined tells whether between two figures stands nothing but what joins them.
func onlyJoined(ts []token) bool {
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

// planned tells whether the words of a figure's own clause make it a plan.
func planned(w window, part bool) bool {
	return has(w.before, " phan dau ", " du kien ", " se ", " chi tieu ", " muc tieu ", " ke hoach ", " de xuat phat ", " dang xay dung ", " de nghi ", " kien nghi ", " thoi gian toi ", " con lai ", " con phai ") && planBefore.MatchString(w.before) && !notPlan.MatchString(w.before) || !part && planAfter.MatchString(beforeBracket(w.after))
}

// beforeBracket gives a text up to its first bracket.
func beforeBracket(s string) string {
	before, _, _ := strings.Cut(s, "(")
	return before
}
