package indicator

import (
	"sort"
	"strings"

	"soket/extract/pattern"
	"soket/extract/vietnamese"
)

// mention is a time that a text names: "6 tháng đầu năm 2017", "cùng kỳ", "trong quý III".
type mention struct {
	i, j int // tokens
	how  byte
	p    vietnamese.Period // of 'p' and 'u'; 'c' and 'y' depend on what they are compared with
	// compared: after "so với"; source: after "từ", "cho", "kế hoạch" and the like, so that it is the
	// time of something else
	compared, source bool
	bare             bool // the year is not said
}

const (
	atPeriod = 'p' // a period said in full
	samePast = 'c' // the same period last year
	yearPast = 'y' // last year, the last period
	fullYear = 'w' // the whole of the report's year
	until    = 'u' // up to a time
)

var timePatterns = []struct {
	re  *pattern.Pattern
	how byte
}{
	{pattern.New(` (?:(?:6|06|sau) thang|nua) (dau|cuoi)(?: nam)?(?: (\d{4}|nay|truoc|ngoai))? `), 'h'},
	{pattern.New(` (?:3|03|ba) thang cuoi(?: nam)?(?: (\d{4}|nay))? `), 'e'},
	{pattern.New(` (\d{1,2}|hai|ba|bon|sau|bay|tam|chin|muoi|muoi mot) thang(?: dau)?(?: nam)?(?: (\d{4}|nay|truoc|ngoai))? `), 'm'},
	{pattern.New(` quy (iv|iii|ii|i|[1-4])(?: (?:/ |nam )?(\d{4}|nay|truoc|ngoai))? `), 'q'},
	{pattern.New(` trong quy `), 'r'},
	{pattern.New(` tu (?:nay|gio) (?:den|toi|cho den) (?:het|cuoi) nam(?: (\d{4}))? | (?:thoi gian|nhung thang) con lai(?: cua)? nam(?: (\d{4}))? `), 'b'},
	{pattern.New(` tu dau nam(?: (\d{4}))?(?: den nay| toi nay)? `), 'd'},
	{pattern.New(` thang (\d{1,2})(?: (?:/|nam) (\d{4}))? `), 't'},
	{pattern.New(` (?:giai doan|thoi ky|tu(?: nam)?|(?:hai|ba|bon|nam|sau|\d|cac|nhung) nam)(?: tu)? (\d{4}) (?:-|den)(?: nam)? (\d{4}) `), 's'},
	{pattern.New(` (?:hai|ba|bon|nam|sau|\d) nam \( (?:giai doan |tu )?(\d{4}) (?:-|den)(?: nam)? (\d{4}) \) `), 's'},
	{pattern.New(` nam (\d{4}) `), 'y'},
	{pattern.New(` (?:du toan|ke hoach|chi tieu|dau tu cong) (\d{4}) `), 'y'},
	{pattern.New(` (\d{4}) : `), 'z'},
	{pattern.New(` (?:cung ky|cung thoi diem|cung thoi gian)(?: (?:nay|cua))?(?: nam)?(?: (truoc|ngoai|\d{4}))? `), 'c'},
	{pattern.New(` (?:nam (?:truoc|ngoai)|(?:ky|quy|lan) truoc) `), 'l'},
	{pattern.New(` (?:ca|het|cuoi|trong) nam(?: (\d{4}|nay))? `), 'w'},
	{pattern.New(` den (?:het )?(?:ngay )?(?:31|30) / 12(?: / (\d{4}))? `), 'w'},
}

// elsewhen are words before a time that make it the time of something else: tasks carried over from
// a year, a plan of a year, proposals for a year.
var elsewhen = setOf("tu|chuyen tiep|danh muc|nghi quyet|quyet dinh|chuong trinh|dot 1|dot 2|khoa|truoc|chi so|dat hang|de xuat|phieu|cho|phuc vu|chuan bi|xay dung|nhiem vu|xep hang", "|")

// spanOpeners are words before a span of years that the text tells of; after others it is the time of
// a programme.
var spanOpeners = setOf("trong ca ke , . ; : ( tinh qua cua suot chung sau het")

// mentions finds the times that a text names, in its order; s and at are what joined gives of it. doc is
// the report's own period.
func mentions(ts []token, s string, at []int, doc vietnamese.Period) []mention {
	index := func(b int) int { return sort.SearchInts(at, b) }
	var all []mention
	for _, tp := range timePatterns {
		for from := 0; from < len(s); {
			m := tp.re.FindStringSubmatchIndex(s[from:])
			if m == nil {
				break
			}
			group := func(k int) string {
				if 2*k+1 < len(m) && m[2*k] >= 0 {
					return s[from+m[2*k] : from+m[2*k+1]]
				}
				return ""
			}
			x := mention{i: index(from + m[0]), j: index(from + m[1] - 1)}
			if x.read(tp.how, group, ts, doc) {
				all = append(all, x)
			}
			from += m[1] - 1
		}
	}
	// Of times that overlap the longest is meant.
	sort.SliceStable(all, func(a, b int) bool {
		if all[a].i != all[b].i {
			return all[a].i < all[b].i
		}
		return all[a].j > all[b].j
	})
	out := all[:0]
	for _, x := range all {
		if len(out) > 0 && x.i < out[len(out)-1].j {
			if last := &out[len(out)-1]; x.j-x.i > last.j-last.i {
				*last = x
			}
			continue
		}
		out = append(out, x)
	}
	for k := range out {
		x := &out[k]
		w := func(n int) string {
			if x.i-n < 0 {
				return ""
			}
			return ts[x.i-n].s
		}
		switch {
		case w(1) == "voi" && w(2) == "so", w(1) == "so" && w(2) != "con" && w(2) != "tong", w(1) == "hon" && w(2) != "":
			x.compared = true
		case x.how == atPeriod && x.p.Span() && w(1) != "" && !spanOpeners[w(1)]:
			x.source = true // "Chương trình … giai đoạn 2021 - 2030"
		case x.how == yearPast && x.j < len(ts) && ts[x.j].s == "chuyen":
			x.source = true // "kỳ trước chuyển sang 12": carried over
		case w(1) == "cac" || w(1) == "nhung" && x.how != atPeriod:
			x.source = true // "chuyển tiếp từ các năm trước"
		case w(1) == "het" && w(2) != "den" && x.how == atPeriod && x.p.Part() != "", w(1) == "den" || w(2) == "den" && (w(1) == "giua" || w(1) == "dau" || w(1) == "thoi") || w(2) == "den" && (w(1) == "het" || w(1) == "cuoi" || w(1) == "nay"):
			if x.how == atPeriod {
				x.how = until
				// Up to the end of a quarter or a month is from the beginning of the year.
				if part := x.p.Part(); len(part) > 1 && (part[0] == 'Q' || part[0] == 'M') && w(1) != "giua" && w(1) != "dau" {
					n := atoi(strings.TrimLeft(part[1:], "0"))
					if part[0] == 'Q' {
						n *= 3
					}
					x.p = vietnamese.MonthsOf(x.p.Year(), n)
				}
			}
		case elsewhen[w(1)] && !(w(1) == "tu" && x.how == atPeriod && x.p.Span()), elsewhen[w(2)+" "+w(1)]:
			x.source = true
		}
	}
	return out
}

// read makes the period of a mention of one form; false where the words are no time.
func (x *mention) read(how byte, group func(int) string, ts []token, doc vietnamese.Period) bool {
	year := func(k int) (int, bool) {
		switch g := group(k); g {
		case "", "nay":
			x.bare = g == ""
			return doc.Year(), doc.Year() > 0
		case "truoc", "ngoai":
			return doc.Year() - 1, doc.Year() > 0
		default:
			y := atoi(g)
			return y, y >= 1990 && y < 2100
		}
	}
	x.how = atPeriod
	switch how {
	case 'h':
		y, ok := year(2)
		part := "-H1"
		if group(1) == "cuoi" {
			part = "-H2"
		}
		x.p = vietnamese.Period(itoa(y) + part)
		return ok
	case 'e':
		y, ok := year(1)
		x.p = vietnamese.Period(itoa(y) + "-Q4")
		return ok
	case 'm':
		months := map[string]int{"hai": 2, "ba": 3, "bon": 4, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10, "muoi mot": 11}
		n := months[group(1)]
		if n == 0 {
			n = atoi(group(1))
		}
		y, ok := year(2)
		if !ok || n < 2 || n > 11 {
			return false
		}
		x.p = vietnamese.MonthsOf(y, n)
		// "thời gian 6 tháng" is a duration: months alone are a time where they are the report's own,
		// or where "đầu", "năm" or a year say so.
		said := x.j-x.i > 2 && (ts[x.j-1].s != "thang")
		return said || x.p == doc || x.p.Part() == doc.Part() || x.i > 0 && (ts[x.i-1].s == "ke" || ts[x.i-1].s == "trong" || ts[x.i-1].s == "qua" || ts[x.i-1].s == "ca" || ts[x.i-1].s == "chung" || ts[x.i-1].s == "cong")
	case 'q':
		q := group(1)
		if n, ok := romans[q]; ok {
			q = n
		}
		if ts[x.i].raw != "" && !strings.EqualFold(ts[x.i].raw, "quý") {
			return false // "quỹ 2"
		}
		y, ok := year(2)
		x.p = vietnamese.Period(itoa(y) + "-Q" + q)
		return ok
	case 'r':
		if !strings.EqualFold(ts[x.i+1].raw, "quý") || x.i+2 < len(ts) && (romans[ts[x.i+2].s] != "" || ts[x.i+2].kind == 'n' && len(ts[x.i+2].raw) == 1) {
			return false // "trong quý III"
		}
		q := map[string]string{"H1": "Q2", "9M": "Q3", "": "Q4", "H2": "Q4"}[doc.Part()]
		if q == "" {
			q = doc.Part()
		}
		x.p = vietnamese.Period(itoa(doc.Year()) + "-" + q)
		return doc.Year() > 0 && strings.HasPrefix(q, "Q")
	case 'b': // the rest of the year
		x.p = planPeriod("", doc)
		return doc.Part() != "" && x.p.Year() == doc.Year() && x.p != doc
	case 'd': // since the year began, in a report on a month or a quarter
		x.p = sinceNewYear(doc)
		return x.p != "" && (group(1) == "" || atoi(group(1)) == doc.Year())
	case 't':
		n := atoi(group(1))
		y, ok := year(2)
		if x.i > 0 && (ts[x.i-1].kind == 'n' || ts[x.i-1].s == "/") || !strings.EqualFold(ts[x.i].raw, "tháng") || n < 1 || n > 12 {
			return false // of a date
		}
		x.p = vietnamese.Period(itoa(y) + "-M" + ("0" + group(1))[len(group(1))-1:])
		return ok
	case 's':
		if atoi(group(1)) >= atoi(group(2)) {
			return false
		}
		x.p = vietnamese.Period(group(1) + "/" + group(2))
		return true
	case 'z': // "Dự toán sự nghiệp 2024: 19,8 tỉ"
		if y := atoi(group(1)); y >= 1990 && y < 2100 && (x.i == 0 || ts[x.i-1].kind == 'w') {
			x.p, x.j = vietnamese.Period(itoa(y)), x.j-1
			return true
		}
		return false
	case 'y':
		y, ok := year(1)
		x.p = vietnamese.Period(itoa(y))
		// "ngày 5 tháng 6 năm 2020" is a date, "Luật Đo lường năm 2011" a law.
		return ok && !ofLaw(ts, x.i) && !(x.i > 1 && ts[x.i-1].kind == 'n' && ts[x.i-2].s == "thang")
	case 'c':
		if last := x.j < len(ts) && ts[x.i+1].s != "ky" && group(1) == ""; last && (ts[x.j].s == "do" || ts[x.j].s == "tren" || ts[x.j-1].s == "nay") {
			return false // "cùng thời gian đó" is the time told of
		}
		x.how = samePast
		if g := group(1); g != "" && g != "truoc" && g != "ngoai" {
			x.p = doc.In(atoi(g))
		}
		return true
	case 'l':
		x.how = yearPast
		return true
	case 'w':
		if x.i > 0 && x.j-x.i == 2 && ts[x.i].s == "cuoi" && ts[x.i-1].s == "dip" {
			return false // "dịp cuối năm" is a season
		}
		if strings.EqualFold(ts[x.i+1].raw, "nấm") {
			return false // "trồng nấm"
		}
		x.how = fullYear // which year, where it is not said, is the section's to tell
		if y, ok := year(1); ok && group(1) != "" {
			x.p = vietnamese.Period(itoa(y))
		}
		return true
	}
	return false
}

// ofLaw tells whether the year that stands at a token is that of a law named before it.
func ofLaw(ts []token, i int) bool {
	for k := i - 1; k >= max(0, i-9) && (ts[k].kind == 'w' || ts[k].s == ","); k-- {
		if w := ts[k].s; w == "luat" && ts[max(0, k-1)].s != "phap" && ts[max(0, k-1)].s != "ky" || w == "lenh" && ts[max(0, k-1)].s == "phap" {
			return true
		}
	}
	return false
}
