package indicator

import (
	"math"
	"regexp"
	"strings"
	"sync"

	"soket/extract/document"
	"soket/extract/vietnamese"
)

// rules is the catalogue made ready for matching.
type rules struct {
	catalogue  *Catalogue
	indicators []*rule
	nouns      map[string][]phrase // every counted noun by its first word
	heads      map[string][]phrase // of areas
}

type rule struct {
	*Indicator
	named, nouns, cues, excludes []phrase
	money, percent               bool
}

var loadRules = sync.OnceValues(func() (*rules, error) {
	c, err := Load()
	if err != nil {
		return nil, err
	}
	r := &rules{catalogue: c, nouns: map[string][]phrase{}, heads: map[string][]phrase{}}
	list := func(ss []string) (ps []phrase) {
		for _, s := range ss {
			if p := makePhrase(s); len(p) > 0 {
				ps = append(ps, p)
			}
		}
		return ps
	}
	for _, a := range c.Areas {
		r.heads[a.Area] = list(append(a.Heads, a.VI))
	}
	for _, x := range c.All() {
		u := &rule{Indicator: x, named: list(x.Named), nouns: list(x.Nouns), cues: list(x.Cues), excludes: list(x.Excludes), money: x.Unit == "đồng", percent: x.Unit == "%"}
		r.indicators = append(r.indicators, u)
		for _, n := range u.nouns {
			r.nouns[n[0]] = append(r.nouns[n[0]], n)
		}
	}
	return r, nil
})

// section is what the headings above a block say of it.
type section struct {
	area   string
	kind   Kind
	period vietnamese.Period
	skip   bool // shortcomings, proposals: their figures are no results
}

// figure is a number of a text with what its own words say.
type figure struct {
	i, j   int // tokens of the number and its scale
	v      float64
	unit   string // "", "%", "đồng"
	noun   int    // how many tokens of counted noun follow
	part   bool   // N of "N/M"
	whole  bool   // M of "N/M"
	end    int    // token from which the words after the figure are read
	inside bool   // in brackets, or after "trong đó", "gồm": a part, which needs words of its own
	period vietnamese.Period
	kind   Kind
	basis  Basis
	code   *rule
	score  float64
	margin float64
}

var (
	planHead   = regexp.MustCompile(`phuong huong|nhiem vu trong tam|nhiem vu (?:va )?(?:giai phap|6 thang cuoi|nam|quy|thang|cong tac)|ke hoach (?:cong tac|6 thang|nam|quy|hoat dong)|chi tieu|trien khai .*cuoi nam|nhiem vu .*(?:cuoi nam|thoi gian toi|tiep theo)|muc tieu|du kien`)
	resultHead = regexp.MustCompile(`ket qua|tinh hinh|danh gia|thuc hien nhiem vu|da dat|cong tac da`)
	skipHead   = regexp.MustCompile(`ton tai|han che|kho khan|vuong mac|nguyen nhan|kien nghi|de xuat|bai hoc`)
)

// Extract finds the facts of a document in its prose and tables. period is one set by a person.
func (r *rules) prose(doc *document.Document, head Head) []Fact {
	var facts []Fact
	cur := section{kind: Result, period: head.Period}
	type level struct {
		rank int
		sec  section
	}
	var stack []level
	var lead []token  // of the paragraph that opens the list
	var over []string // headings over the block
	for bi := range doc.Blocks {
		b := &doc.Blocks[bi]
		switch b.Kind {
		case document.Heading:
			for len(stack) > 0 && stack[len(stack)-1].rank >= b.Level {
				stack = stack[:len(stack)-1]
			}
			base := section{kind: Result, period: head.Period}
			if len(stack) > 0 {
				base = stack[len(stack)-1].sec
			}
			cur = r.heading(b.Text, base, head)
			stack = append(stack, level{b.Level, cur})
			lead = nil
			over = append(over[:min(len(over), max(0, b.Level-1))], b.Text)
			// A heading can carry a figure of its own ("1. Nghiệm thu: 05 nhiệm vụ").
			if len(doc.Sheets) == 0 {
				facts = append(facts, r.block(b, cur, nil, head)...)
			}
		case document.TableBlock:
			if b.Table != nil {
				got, _ := TableFacts(b.Table, TableContext{Period: head.Period, Section: strings.Join(over, "; "), Plan: cur.kind == Plan})
				facts = append(facts, got...)
			}
		case document.Paragraph, document.Item:
			if len(doc.Sheets) > 0 {
				continue // the notes around a workbook's tables are no prose of a report
			}
			facts = append(facts, r.block(b, cur, lead, head)...)
			if b.Kind == document.Paragraph || strings.HasSuffix(b.Text, ":") {
				lead = tokens(b.Text)
				if len(lead) > 40 {
					lead = lead[len(lead)-40:]
				}
			}
		}
	}
	return facts
}

func (r *rules) heading(text string, base section, head Head) section {
	s := base
	folded := vietnamese.Fold(text)
	switch {
	case skipHead.MatchString(folded) && !resultHead.MatchString(folded):
		s.skip = true
	case planHead.MatchString(folded) && !strings.HasPrefix(folded, "ket qua") && !strings.Contains(folded, "ket qua thuc hien"):
		s.kind, s.skip = Plan, false
		s.period = planPeriod(folded, head.Period)
	case resultHead.MatchString(folded):
		s.kind, s.skip, s.period = Result, false, head.Period
	}
	ts := tokens(text)
	best := 0
	for area, ps := range r.heads {
		for _, p := range ps {
			for i := range ts {
				if n := p.at(ts, i); n > 0 && len(p) > best {
					best, s.area = len(p), area
				}
			}
		}
	}
	return s
}

var (
	lastMonths  = regexp.MustCompile(`(?:6|sau|06) thang cuoi`)
	firstMonths = regexp.MustCompile(`(\d{1,2}) thang dau`)
	quarter     = regexp.MustCompile(`quy (iv|iii|ii|i|[1-4])\b`)
	aYear       = regexp.MustCompile(`\b((?:19|20)\d\d)\b`)
)

var romans = map[string]string{"i": "1", "ii": "2", "iii": "3", "iv": "4"}

// planPeriod is the period that a plan's heading speaks of.
func planPeriod(folded string, doc vietnamese.Period) vietnamese.Period {
	year := doc.Year()
	if ms := aYear.FindAllString(folded, -1); len(ms) > 0 {
		year = atoi(ms[len(ms)-1])
	}
	if year == 0 {
		return ""
	}
	y := vietnamese.Period(itoa(year))
	switch {
	case lastMonths.MatchString(folded):
		return y + "-H2"
	case quarter.MatchString(folded):
		q := quarter.FindStringSubmatch(folded)[1]
		if n, ok := romans[q]; ok {
			q = n
		}
		return y + vietnamese.Period("-Q"+q)
	case firstMonths.MatchString(folded):
		return vietnamese.MonthsOf(year, atoi(firstMonths.FindStringSubmatch(folded)[1]))
	case aYear.MatchString(folded):
		return y
	}
	switch {
	case doc.Part() == "H1":
		return y + "-H2"
	case doc.Part() == "9M":
		return y + "-Q4"
	case strings.HasPrefix(doc.Part(), "Q") && doc.Part() < "Q4":
		return y + vietnamese.Period("-Q"+itoa(int(doc.Part()[1]-'0')+1))
	case doc.Part() == "":
		return vietnamese.Period(itoa(year + 1))
	}
	return y
}

func atoi(s string) int {
	n := 0
	for _, c := range s {
		if c < '0' || c > '9' {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	return n
}

func itoa(n int) string {
	if n == 0 {
		return "0"
	}
	var b []byte
	for ; n > 0; n /= 10 {
		b = append([]byte{byte('0' + n%10)}, b...)
	}
	return string(b)
}

// figures finds the numbers of a text that may be figures.
func (r *rules) figures(ts []token) []figure {
	var list []figure
	word := func(i int) string {
		if i < 0 || i >= len(ts) {
			return ""
		}
		return ts[i].s
	}
	for i := 0; i < len(ts); i++ {
		t := ts[i]
		if t.kind == 'w' {
			if v, n := spoken(ts, i); n > 0 && word(i-1) != "thang" && word(i-1) != "thu" && !(t.s == "nam" && i+1 < len(ts) && ts[i+1].kind == 'n') {
				if k := r.noun(ts, i+n); k > 0 && word(i+n) != "so" {
					// "năm" before a noun is five only where no year follows or precedes.
					if t.raw != "Năm" || i == 0 || true {
						if !(t.s == "tu" || t.s == "sau" && t.raw != "sáu" && t.raw != "Sáu" || t.s == "nam" && word(i-1) == "trong" || t.s == "tam" && t.raw != "tám" && t.raw != "Tám" || t.s == "bay" && t.raw != "bảy" && t.raw != "Bảy" || t.s == "ba" && t.raw != "ba" && t.raw != "Ba" || t.s == "nam" && t.raw != "năm" && t.raw != "Năm" || t.s == "mot" && t.raw != "một" && t.raw != "Một" || t.s == "hai" && t.raw != "hai" && t.raw != "Hai") {
							list = append(list, figure{i: i, j: i + n, v: v, noun: k})
						}
					}
				}
				i += n - 1
			}
			continue
		}
		if t.kind != 'n' {
			continue
		}
		f := figure{i: i, j: i + 1, v: t.v}
		// What a number is not.
		before, before2 := word(i-1), word(i-2)
		after := word(i + 1)
		grown := i+1 < len(ts) && ts[i+1].kind == 'w' && ts[i+1].a == t.b || i > 0 && ts[i-1].kind == 'w' && ts[i-1].b == t.a
		switch {
		case grown && after != "d" && after != "tr" && after != "trd":
			continue
		case before == "ngay" || before == "thang" && after != "nhiem" || before == "quy" || before == "lan" || before == "thu" && before2 != "so" || before == "hang" || before == "khoa" && before2 != "lop" || before == "do" && before2 == "muc" || before == "cap" && before2 != "da" && before2 != "duoc" && t.v < 5 && after != "giay" && after != "chung" && r.noun(ts, i+1) == 0:
			continue
		case before == "nam" && t.v >= 1900 && t.v < 2100 && !strings.ContainsAny(t.raw, ".,"):
			continue
		case t.v >= 1990 && t.v < 2040 && len(t.raw) == 4 && r.noun(ts, i+1) == 0:
			continue
		case strings.Contains(" qcvn tcvn iso qd tt nd ron de an phong duong quoc dien thoai so: dieu chuong muc khoan phan bieu phu luc ", " "+before+" ") && before != "de" && before != "an" && before != "phan" || before == "so" && (strings.Contains(" cong chi quyet nghi thong ke duong chuong luat nha tai ", " "+before2+" ") || word(i+1) == "/"):
			continue
		}
		// N/M: a date, a document's number, or a part of a whole.
		if after == "/" && i+2 < len(ts) && ts[i+1].a == t.b {
			next := ts[i+2]
			if next.kind != 'n' {
				if next.kind == 'w' {
					i += 2
					continue
				}
			} else {
				if word(i+3) == "/" || word(i+3) == "-" && i+4 < len(ts) && ts[i+4].kind == 'w' && ts[i+3].a == next.b || before == "ngay" || before == "den" && r.noun(ts, i+3) == 0 || before == "thang" || before == "tu" || before == "thu" || next.v >= 1990 && next.v < 2040 || t.v > next.v {
					i += 2
					for word(i+1) == "/" || word(i+1) == "-" && i+2 < len(ts) && ts[i+2].a == ts[i+1].b && ts[i+1].a == ts[i].b {
						i += 2
					}
					continue
				}
				k := r.noun(ts, i+3)
				if k > 0 {
					list = append(list, figure{i: i, j: i + 1, v: t.v, noun: k, part: true, end: i + 3}, figure{i: i + 2, j: i + 3, v: next.v, noun: k, whole: true})
				}
				i += 2
				continue
			}
		}
		// A range is no figure of ours: which of the two would it be?
		if (after == "-" || after == "den") && i+2 < len(ts) && ts[i+2].kind == 'n' && r.noun(ts, i+1) == 0 {
			i += 2
			continue
		}
		// Scale and money.
		for scaled := true; scaled; {
			scaled = true
			switch w := word(f.j); {
			case w == "ty" || w == "ti":
				f.v *= 1e9
			case w == "trieu" || w == "tr":
				f.v *= 1e6
				if word(f.j+1) == "." && (word(f.j+2) == "d" || word(f.j+2) == "dong") {
					f.j++
				}
			case w == "nghin" || w == "ngan":
				f.v *= 1e3
			case w == "trd":
				f.v, f.unit = f.v*1e6, "đồng"
			default:
				scaled = false
			}
			if scaled {
				f.j++
			}
		}
		f.v = math.Round(f.v*1e4) / 1e4
		switch w := word(f.j); {
		case w == "%":
			f.unit = "%"
			f.j++
		case w == "dong" || w == "d" || w == "vnd":
			f.unit = "đồng"
			f.j++
		case w == "usd":
			continue
		}
		if f.unit == "" && f.j > i+1 && r.noun(ts, f.j) == 0 && f.v >= 1e6 {
			f.unit = "đồng" // "43,1 tỷ" says no more
		}
		if f.unit == "" {
			f.noun = r.noun(ts, f.j)
			if f.noun == 0 && strings.Contains(" thang ngay tuoi km m ha kg tan gio phut trang nam lan buoi tiet ban m2 m3 bac diem phan thanh vien do ta tap mw kw ", " "+word(f.j)+" ") && word(f.j) != "" {
				continue
			}
		}
		list = append(list, f)
		i = f.j - 1
	}
	return list
}

// noun tells how many tokens of a counted noun stand at i.
func (r *rules) noun(ts []token, i int) int {
	if i >= len(ts) {
		return 0
	}
	best := 0
	for _, p := range r.nouns[ts[i].s] {
		if n := p.at(ts, i); n > best {
			best = n
		}
	}
	return best
}

func stops(t token) bool { return t.s == "." || t.s == ";" }

// block reads one paragraph or item.
func (r *rules) block(b *document.Block, sec section, lead []token, head Head) []Fact {
	ts := tokens(b.Text)
	figs := r.figures(ts)
	if len(figs) == 0 || sec.skip {
		return nil
	}
	var out []Fact
	var last *figure // the last counted figure of this block: comparisons speak of it
	for k := range figs {
		f := &figs[k]
		// The words that are this figure's own: from the figure before to the figure after.
		from, to := 0, len(ts)
		if k > 0 {
			from = figs[k-1].j
		}
		if k+1 < len(figs) {
			to = figs[k+1].i
		}
		s0, s1 := from, to
		depth := 0
		for i := 0; i < f.i; i++ {
			switch {
			case ts[i].s == "(":
				depth++
			case ts[i].s == ")":
				depth = max(0, depth-1)
			}
		}
		f.inside = depth > 0
		if f.end == 0 {
			f.end = f.j
		}
		if f.part {
			to = len(ts)
			if k+2 < len(figs) {
				to = figs[k+2].i
			}
			s1 = to
		}
		for i := f.i - 1; i >= from; i-- {
			if stops(ts[i]) {
				s0 = i + 1
				break
			}
		}
		for i := f.end; i < to; i++ {
			if stops(ts[i]) {
				s1 = i
				break
			}
		}
		sentence := 0
		for i := f.i - 1; i >= 0; i-- {
			if stops(ts[i]) {
				sentence = i + 1
				break
			}
		}
		f.kind, f.period = sec.kind, sec.period
		before := join(ts[s0:f.i])
		whole := join(ts[sentence:f.i])
		if partsBefore.MatchString(whole) {
			f.inside = true
		}
		after := join(ts[min(f.end, s1):s1])
		if f.unit == "%" {
			r.percent(f, before, whole, after, last, sec, head, &out, b, ts)
			continue
		}
		if elsewhere.MatchString(before) || absolute.MatchString(before) && !(compared.MatchString(before) && ofLastYear.MatchString(after)) {
			continue
		}
		if f.whole && k > 0 && figs[k-1].part {
			// M of "N/M": what N is part of, or the plan that N fulfils.
			if n := &figs[k-1]; n.code != nil {
				f.code, f.score, f.margin, f.period, f.kind = n.code, n.score, n.margin, n.period, n.kind
				if u := r.rule(n.code.Whole); u != nil {
					f.code = u
				} else if strings.Contains(after, " ke hoach ") && n.kind == Result {
					f.kind, f.period = Plan, vietnamese.Period(itoa(head.Period.Year()))
				} else {
					f.code = nil
				}
				if f.code != nil {
					out = append(out, r.fact(f, b, ts))
				}
			}
			continue
		}
		r.judge(f, figs, k, ts, s0, s1, sentence, lead, sec, last)
		if f.code == nil {
			continue
		}
		// Parts without a code of their own are no facts under the whole's.
		if f.inside && last != nil && last.code == f.code && last.i >= sentence && !lastYear.MatchString(before) && f.period == last.period {
			f.code = nil
			continue
		}
		r.period(f, before, whole, after, head, sec)
		if m := dated.FindStringSubmatch(whole); m != nil && sec.kind == Plan && f.period.Year() > 0 {
			y := f.period.Year()
			if m[2]+m[4] != "" {
				y = atoi(m[2] + m[4])
			}
			if n := atoi(m[1]); n >= 1 && n <= 12 {
				f.period = vietnamese.Period(itoa(y) + "-M" + ("0" + m[1])[len(m[1])-1:])
			} else if q := romans[m[3]]; q != "" {
				f.period = vietnamese.Period(itoa(y) + "-Q" + q)
			}
		}
		if m := untilYear.FindStringSubmatch(before); m != nil && atoi(m[1]) > head.Period.Year() {
			f.kind, f.period = Plan, vietnamese.Period(m[1])
		}
		if assigned.MatchString(before) && f.kind == Result && f.code.Code != "finance.st_budget_vnd" && f.code.Code != "task.budget_vnd" && head.Period.Year() > 0 {
			f.kind, f.period = Plan, vietnamese.Period(itoa(head.Period.Year()))
		}
		if (f.code.Code == "inspection.fines_vnd" || f.code.Code == "inspection.sanctioned") && f.kind == Result && proposed.MatchString(before+"| "+after) {
			f.kind = Plan
		}
		// "12 lớp và 455 lượt người": what is only joined on is of the same time and kind.
		if k > 0 && last != nil && last == &figs[k-1] && joined(ts[last.end+last.noun:f.i]) {
			f.period, f.kind = last.period, last.kind
		}
		if m := oneMonth.FindStringSubmatch(whole); m != nil && f.kind == Result && head.Period.Year() > 0 {
			f.period = vietnamese.Period(itoa(head.Period.Year()) + "-M" + ("0" + m[1])[len(m[1])-1:])
		}
		if planRef.MatchString(before) && f.kind == Result && head.Period.Year() > 0 {
			f.kind, f.period = Plan, vietnamese.Period(itoa(head.Period.Year()))
		}
		budget := f.code.Code == "finance.st_budget_vnd" || f.code.Code == "task.budget_vnd" // what is assigned is in force
		if f.kind == Result && !budget && planned(before, whole, after) {
			f.kind = Plan
			if sec.kind == Result && f.period == head.Period && regexp.MustCompile(`ke hoach|chi tieu|duoc giao`).MatchString(before) && (strings.Contains(before+" "+after, " nam") || strings.Contains(before, "ke hoach nam")) {
				f.period = vietnamese.Period(itoa(head.Period.Year()))
			}
		}
		if f.code.Code == "finance.st_budget_vnd" && f.kind == Result && head.Period.Year() > 0 {
			f.period = vietnamese.Period(itoa(f.period.Year()))
		}
		out = append(out, r.fact(f, b, ts))
		if !f.part {
			last = f
		}
	}
	return out
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

var partsBefore = regexp.MustCompile(` (?:trong do|gom|bao gom|trong so nay|cu the) `)

var (
	planBefore = regexp.MustCompile(` (?:phan dau|du kien|se|chi tieu|muc tieu|ke hoach(?: ca)?(?: nam)?(?: \d+)?(?: giao| duoc giao| la| :)?|de nghi|kien nghi|chi tieu giao|de xuat phat|dang xay dung) (?:[^,;\s]+ ){0,5}$`)
	planAfter  = regexp.MustCompile(`^ (?:\S+ ){0,6}(?:theo ke hoach nam|ke hoach giao) `)
	notPlan    = regexp.MustCompile(` (?:theo|so voi|thuc hien|dat|trong) ke hoach `)
	lastYear   = regexp.MustCompile(` (?:(?:cung ky|cung thoi diem(?: nay)?)(?: nam (?:truoc|ngoai)| nam \d{4}| \d{4})? (?:(?:: |la |dat |co |chi |\( )+(?:\S+ ){0,2}|)|nam (?:ngoai|truoc)(?: cung vao dip nay)? (?:: |la |dat |co |chi )+(?:\S+ ){0,2})$`)
	absolute   = regexp.MustCompile(` (?:(?:nhieu|it) )?(?:hon|kem|tang|giam|vuot|tang them|giam di)(?: so)?(?: voi)?(?: cung ky| lan truoc| nam truoc| nam ngoai)?(?: nam \d{4}| nam truoc)? $`)
	planRef    = regexp.MustCompile(` (?:ke hoach|chi tieu)(?: ca)?(?: nam)?(?: \d{4})?(?: duoc)?(?: giao)?(?: la)?(?: :)? $`)
	oneMonth   = regexp.MustCompile(` rieng thang (\d{1,2}) `)
	yearBefore = regexp.MustCompile(` (?:nam|cua) (\d{4}) (?:\S+ ){0,4}$`)
	halfOf     = regexp.MustCompile(` (\d{1,2}|sau|chin) thang(?: dau)? nam (\d{4}) (?:\S+ ){0,6}$`)
)

// elsewhere are figures of the whole country or of others, quoted as background.
var elsewhere = regexp.MustCompile(` (?:ca nuoc|toan quoc|trong khi do ca|binh quan|trung binh) (?:\S+ ){0,7}$`)

// ofLastYear follows a figure that is the one of a year before: "8.420 phương tiện của cùng kỳ 2019".
var ofLastYear = regexp.MustCompile(`^ (?:\S+ ){0,4}(?:cua |trong )?(?:cung ky|nua dau nam|nam ngoai|(?:6|sau|9|chin) thang(?: dau)? nam (?:truoc|\d{4})|nam (?:truoc|\d{4})) `)

var (
	// dated opens an item of a plan: "Tháng 7: …", "Quý II/2023: …".
	dated = regexp.MustCompile(`^ (?:trong )?(?:thang (\d{1,2})(?: / (\d{4}))?|quy (iv|iii|ii|i)(?: / (\d{4}))?) (?:: |, )?(?:[^\d]|$)`)
	// untilYear names the year of a target: "đến năm 2025 toàn tỉnh đạt 15 …".
	untilYear = regexp.MustCompile(` den (?:het )?nam (\d{4}) (?:[^;\s]+ ){0,8}$`)
	// assigned is a plan that a result stands beside: "kế hoạch thanh tra năm 2020 được giao 12 cuộc".
	assigned = regexp.MustCompile(` (?:ke hoach|chi tieu) (?:[^,;\s]+ ){0,8}(?:duoc giao|giao|xac dinh) (?:[^,;\s]+ ){0,2}$`)
	// proposed sanctions are not imposed yet.
	proposed = regexp.MustCompile(` (?:de nghi|kien nghi|trinh|de xuat|du kien) (?:[^,;\s]+ ){0,6}(?:phat|\|)| phat de xuat |^ (?:[^,;\s]+ ){0,3}(?:dang )?(?:de nghi|du kien|trinh) (?:[^,;\s]+ ){0,4}phat`)
)

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
var compared = regexp.MustCompile(` (?:so voi|hon|vuot|thap hon|tu|bang)(?: gan| khoang| muc)? $`)

func planned(before, whole, after string) bool {
	return planBefore.MatchString(before) && !notPlan.MatchString(before) || planAfter.MatchString(after)
}

// period moves a figure out of the report's own period where its words say so.
func (r *rules) period(f *figure, before, whole, after string, head Head, sec section) {
	doc := head.Period
	switch {
	case lastYear.MatchString(before), ofLastYear.MatchString(after) && compared.MatchString(before):
		f.period = doc.LastYear()
	case halfOf.MatchString(before):
		m := halfOf.FindStringSubmatch(before)
		n := atoi(m[1])
		switch m[1] {
		case "sau":
			n = 6
		case "chin":
			n = 9
		}
		f.period = vietnamese.MonthsOf(atoi(m[2]), n)
	case regexp.MustCompile(` (?:ca|trong) nam(?: \d{4})? (?:\S+ ){0,4}$| den (?:het|cuoi) nam(?: \d{4})? (?:\S+ ){0,9}$| den (?:het )?(?:ngay )?31 / 12 (?:/ \d{4} )?(?:\S+ ){0,9}$`).MatchString(before) && f.kind == Plan:
		y := doc.Year()
		if m := aYear.FindAllString(before, -1); len(m) > 0 {
			y = atoi(m[len(m)-1])
		}
		f.period = vietnamese.Period(itoa(y))
	case yearBefore.MatchString(before):
		y := atoi(yearBefore.FindStringSubmatch(before)[1])
		if y != doc.Year() && y > 1990 && y < doc.Year()+10 {
			if f.kind == Plan || doc.Part() == "" {
				f.period = vietnamese.Period(itoa(y))
			} else if strings.Contains(before, "cung ky") {
				f.period = doc.In(y)
			}
		}
	}
}

// judge finds the indicator that a figure's words speak for most.
func (r *rules) judge(f *figure, figs []figure, k int, ts []token, s0, s1, sentence int, lead []token, sec section, last *figure) {
	money := f.unit == "đồng"
	var best, second float64
	for _, u := range r.indicators {
		if u.money != money || u.percent {
			continue
		}
		s := r.evidence(u, f, ts, s0, s1, sentence, lead, sec)
		if s > 0 && last != nil && last.code != nil && last.i >= sentence {
			// Parts are of the kind of their whole: applications of applications, titles of titles.
			for _, kind := range []string{"grants", "applications"} {
				if last.code.Area == u.Area && strings.HasSuffix(last.code.Code, kind) && strings.HasSuffix(u.Code, "_"+kind) {
					s += 1
				}
			}
		}
		if s <= 0 {
			continue
		}
		if s > best {
			second, best, f.code = best, s, u
		} else if s > second {
			second = s
		}
	}
	// "cùng kỳ: 50 phiếu": the same thing a year before.
	before, after := join(ts[s0:f.i]), join(ts[f.j:s1])
	past := lastYear.MatchString(before) || ofLastYear.MatchString(after) && compared.MatchString(before) || halfOf.MatchString(before)
	if last != nil && last.code != nil && last.code.money == money && (past && best < 4.2 || planRef.MatchString(before)) {
		f.code, best, second = last.code, 4, 0
	}
	f.score, f.margin = best, best-second
	if best < 3 {
		f.code = nil
	}
	if f.code != nil && (f.v < f.code.Plausible[0] || f.v > f.code.Plausible[1]*10) {
		f.code = nil
	}
}

// evidence weighs what stands around a figure for one indicator.
func (r *rules) evidence(u *rule, f *figure, ts []token, s0, s1, sentence int, lead []token, sec section) float64 {
	// What stands beyond a comma, on the side of the neighbour, is the neighbour's first.
	m0, m1 := s0, s1
	for i := f.i - 1; i >= s0; i-- {
		if s0 > sentence && (ts[i].s == "," || ts[i].s == "va" || ts[i].s == ")" || ts[i].s == "(") || ts[i].s == ")" || ts[i].s == "(" {
			m0 = i + 1
			break
		}
	}
	for i := f.end + f.noun; i < s1; i++ {
		if ts[i].s == "," || ts[i].s == "(" || ts[i].s == ")" || ts[i].s == ":" || ts[i].s == "va" && i+3 < s1 {
			m1 = i
			break
		}
	}
	const foreign = 1.0 // what is taken off for words beyond the comma
	noun := 0.0
	if !u.money {
		for _, p := range u.nouns {
			// "đơn vị" is no "đơn", "hồ sơ" no "hộ": a longer noun is another one.
			if n := p.at(ts, f.end); n > 1 || n == 1 && f.noun <= 1 {
				noun = math.Max(noun, 1.4+0.15*float64(n))
			}
		}
		if f.noun > 0 && noun == 0 && !f.part && !f.whole {
			return 0 // it counts something else
		}
	} else {
		noun = 1
	}
	near := func(ps []phrase, weightAfter, weightBefore float64) float64 {
		best := 0.0
		for _, p := range ps {
			bonus := 0.12 * float64(len(p)-1)
			for i := s0; i < s1; i++ {
				if n := p.at(ts, i); n > 0 {
					w := 0.0
					if i >= f.end {
						w = weightAfter - 0.09*float64(i-f.end)
						if i >= m1 {
							w -= foreign
						}
					} else if i+n <= f.i {
						w = weightBefore - 0.07*float64(f.i-i-n)
						if i < m0 {
							w -= foreign
						}
					}
					best = math.Max(best, w+bonus)
				}
			}
		}
		return best
	}
	named := near(u.named, 2.4, 2.2)
	cue := near(u.cues, 1.9, 1.9)
	long := 0.0 // of cues that say more than a word
	if noun == 0 {
		var ps []phrase
		for _, p := range u.cues {
			if len(p) > 1 {
				ps = append(ps, p)
			}
		}
		long = near(ps, 1.9, 1.9)
	}
	if cue < 0.9 && named < 0.9 && !f.inside {
		// The sentence's beginning and the list's lead-in speak for its later figures too.
		for _, p := range u.cues {
			for i := sentence; i < s0; i++ {
				if p.at(ts, i) > 0 {
					cue = math.Max(cue, 0.9+0.08*float64(len(p)-1)-0.01*float64(f.i-i))
				}
			}
			for i := range lead {
				if p.at(lead, i) > 0 {
					cue = math.Max(cue, 0.8+0.05*float64(len(p)-1))
				}
			}
		}
	}
	if noun == 0 {
		if named < 1.2 && long < 1.4 {
			return 0
		}
		if f.end < len(ts) && ts[f.end].kind == 'w' && !connectors[ts[f.end].s] {
			return 0 // it counts something that no indicator counts
		}
		cue = math.Min(cue, long)
	}
	score := noun + math.Max(named, cue) + 0.35*math.Min(named, cue)
	if noun == 0 {
		// A bare number is a figure only after a label: "…: 34", "… là 38", "… 28 đơn".
		w := ""
		if f.i > 0 {
			w = ts[f.i-1].s
		}
		if w == ":" || w == "la" || w == "dat" || w == "gom" || w == "co" || w == "voi" {
			score += 1.2
		} else {
			score += 0.5
		}
	}
	if sec.area == u.Area {
		score += 0.5
	}
	for _, p := range u.excludes {
		for i := m0; i < m1; i++ {
			if n := p.at(ts, i); n > 0 {
				d := f.i - i
				if i >= f.j {
					d = i - f.j
				}
				if d < 8 {
					score -= 1.3
				} else {
					score -= 0.4
				}
				break
			}
		}
	}
	return score
}

var (
	samePeriod = regexp.MustCompile(`cung ky|(?:6|06|sau|9|09|chin|\d{1,2}) thang dau nam (?:truoc|\d{4})|quy \S+ nam (?:truoc|\d{4})`)
	prevPeriod = regexp.MustCompile(`so (?:voi )?nam (?:truoc|ngoai|\d{4})|so (?:voi )?(?:quy|ky) truoc|nam \d{4}`)
	ofPlan     = regexp.MustCompile(`ke hoach|du toan|chi tieu|dat|nghi quyet`)
)

// percent reads a share or a change: of the figure before it in the sentence, or of what its own
// words name.
func (r *rules) percent(f *figure, before, whole, after string, last *figure, sec section, head Head, out *[]Fact, b *document.Block, ts []token) {
	if strings.Contains(before, "giai ngan") || last != nil && last.code != nil && last.code.Code == "finance.disbursed_vnd" && (strings.Contains(before, "bang") || strings.Contains(before, "dat") || strings.Contains(before, "ty le") || strings.Contains(before, "(")) && !samePeriod.MatchString(after) || strings.Contains(whole, "giai ngan") && (strings.Contains(before, " bang ") || strings.Contains(before, " dat ")) && !strings.Contains(before, "tang") {
		if u := r.rule("finance.disbursed_percent"); u != nil {
			f.code, f.score, f.margin, f.v = u, 4, 2, round1(f.v)
			if f.kind == Result && (planned(before, whole, after) || strings.Contains(before, "it nhat") || strings.Contains(whole, "phan dau")) {
				f.kind = Plan
			}
			r.period(f, before, whole, after, head, sec)
			if f.kind == Plan && f.period.Year() > 0 {
				f.period = vietnamese.Period(itoa(f.period.Year())) // a share of the year's budget
			}
			if f.kind == Plan && strings.Contains(after, "du toan nam") {
				if m := aYear.FindString(after); m != "" {
					f.period = vietnamese.Period(m)
				}
			}
			*out = append(*out, r.fact(f, b, ts))
			return
		}
	}
	if own := r.spokenOf(ts, f, before); own != nil {
		last = &figure{code: own, score: 3.4, margin: 0.6, period: sec.period}
	}
	if last == nil || last.code == nil || last.kind == Comparison {
		return
	}
	f.code, f.score, f.margin, f.period, f.kind = last.code, last.score, last.margin, last.period, Comparison
	if last.period == head.Period.LastYear() {
		f.period = head.Period
	}
	fall := strings.Contains(before, " giam ") || strings.Contains(after, " giam ")
	rise := strings.Contains(before, " tang ") || strings.Contains(before, " vuot ")
	switch {
	case (rise || fall) && (samePeriod.MatchString(after) || samePeriod.MatchString(before)):
		f.basis = SamePeriod
	case (rise || fall) && prevPeriod.MatchString(after):
		f.basis = PreviousPeriod
		if head.Period.Part() != "" && strings.Contains(after, itoa(head.Period.Year()-1)) && !strings.Contains(after, "nam truoc") {
			f.basis = PreviousPeriod
		}
	case (strings.Contains(before, " bang ") || strings.Contains(before, " dat ")) && samePeriod.MatchString(after):
		f.basis, f.v, fall = SamePeriod, f.v-100, false
	case ofPlan.MatchString(after) || strings.Contains(before, " dat ") && strings.Contains(after, "ke hoach"):
		f.basis, fall = OfPlan, false
	case rise || fall:
		f.basis = SamePeriod
		if head.Period.Part() == "" {
			f.basis = PreviousPeriod
		}
	default:
		return
	}
	if fall {
		f.v = -f.v
	}
	f.v = round1(f.v)
	*out = append(*out, r.fact(f, b, ts))
}

// connectors may follow a bare number without being what it counts.
var connectors = map[string]bool{"va": true, "trong": true, "so": true, "voi": true, "cua": true, "dat": true, "tang": true, "giam": true, "tai": true, "duoc": true, "da": true, "la": true, "do": true, "tu": true, "cho": true, "bang": true, "thi": true, "vuot": true}

// spokenOf finds the indicator that a comparison's own clause names: "số mở mới tăng 16,7%".
func (r *rules) spokenOf(ts []token, f *figure, before string) *rule {
	start := f.i
	for start > 0 && !stops(ts[start-1]) && ts[start-1].s != "," && ts[start-1].s != "(" && ts[start-1].kind != 'n' && f.i-start < 14 {
		start--
	}
	var best *rule
	most := 0
	for _, u := range r.indicators {
		for n, ps := range [][]phrase{u.named, u.cues} {
			for _, p := range ps {
				if len(p) < 2+n || len(p) <= most {
					continue
				}
				for i := start; i+len(p) <= f.i; i++ {
					if p.at(ts, i) > 0 {
						best, most = u, len(p)
					}
				}
			}
		}
	}
	return best
}

func round1(v float64) float64 { return math.Round(v*10) / 10 }

func (r *rules) rule(code string) *rule {
	for _, u := range r.indicators {
		if u.Code == code {
			return u
		}
	}
	return nil
}

// fact makes a fact of a judged figure, with its place.
func (r *rules) fact(f *figure, b *document.Block, ts []token) Fact {
	a, z := ts[f.i].a, ts[f.j-1].b
	x := Fact{Code: f.code.Code, Value: f.v, Unit: f.code.Unit, Period: f.period, Kind: f.kind, Basis: f.basis, Page: b.Page, Method: "text", Rule: "prose"}
	if f.kind == Comparison {
		x.Unit = "%"
	}
	x.Confidence = 0.55 + 0.09*math.Min(f.score-2.5, 2.5) + 0.1*math.Min(f.margin, 1.5)
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
