package indicator

import (
	"math"
	"slices"
	"strings"

	"soket/extract/pattern"
)

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
				if q.noun == 0 && q.unit == "" && q.bracket < 0 && p.figs[first].bracket < 0 && q.i < p.endOf(total) {
					continue // "02 mô hình nuôi tôm 2 giai đoạn"
				}
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

var totalBefore = pattern.New(` (?:tong cong|tong so|tat ca|cong|tong)(?: (?:la|co|:|duoc))* $| tong so (?:[^,;.:()\s]+ ){1,7}$`)

// wholeOf reads M of "N/M": what N is part of, or the plan that N fulfils.
func (p *passage) wholeOf(f, part *figure, w window) {
	if part.code == nil && p.wordAt(part.end) == "mau" && passed.MatchString(w.after) {
		p.takeAs(p.index(f), w, "smq.samples_tested") // "45/45 mẫu đạt quy chuẩn"
		return
	}
	if part.code == nil {
		p.leave(f, "the whole of a part that is none of ours")
		return
	}
	planned := strings.Contains(w.after, " ke hoach ") || p.sharesPlan(part, f)
	f.code, f.score, f.margin, f.period, f.kind = part.code, part.score, part.margin, part.period, part.kind
	if u := p.rule(part.code.Whole); u != nil && !planned {
		f.code = u
		if u.Code == "finance.st_budget_vnd" {
			f.period = p.year() // a budget is given for the fiscal year
		}
	} else if (planned || strings.Contains(w.whole, " ke hoach ") || strings.Contains(w.whole, " chi tieu ")) && part.kind == Result {
		f.kind, f.period = Plan, p.year()
	} else {
		p.leave(f, "the whole of a part without a code of its own")
		return
	}
	p.take(f)
}

// passed follows samples that passed.
var passed = pattern.New(`^ mau (?:[^,;.:()\s]+ ){0,4}(?:dat|bao dam|dam bao|phu hop) `)

// disbursedOf ends before money that was disbursed.
var disbursedOf = pattern.New(` (?:giai ngan|da chi|thuc chi|da su dung) (?:[^,;.:()\s]+ ){0,8}$`)

// overMoney tells whether a figure of money is told with what it is part of, and marks both: "8.765 triệu đồng/25.300
// triệu đồng", "8.765 triệu đồng trên tổng số 25.300 triệu đồng".
func (p *passage) overMoney(k int) bool {
	if k+1 >= len(p.figs) || p.figs[k+1].unit != "đồng" || p.figs[k+1].v < p.figs[k].v {
		return false
	}
	f, g := &p.figs[k], &p.figs[k+1]
	if !overBudget.MatchString(p.join(f.j, g.i)) {
		return false
	}
	f.part, g.whole = true, true
	return true
}

var overBudget = pattern.New(`^ / $|^ tren (?:tong )?(?:so )?(?:(?:du toan|kinh phi|von|ngan sach|ke hoach von) )?(?:(?:duoc )?giao )?$`)

// sharesPlan tells whether the share told next is that of a part in its whole, and of a plan: "15/25 lớp, bằng
// 60% kế hoạch".
func (p *passage) sharesPlan(part, whole *figure) bool {
	k := p.index(whole) + 1
	if k >= len(p.figs) || whole.v == 0 || p.figs[k].unit != "%" || p.stopped(whole.end, p.figs[k].i) {
		return false
	}
	g := &p.figs[k]
	return math.Abs(100*part.v/whole.v-g.v) < 0.1 && shareOfPlan.MatchString(p.join(g.j, min(len(p.ts), g.j+5)))
}

var shareOfPlan = pattern.New(`^ (?:(?:so voi|so|cua) )?(?:ke hoach|kh|chi tieu) `)

// sameThing tells whether two figures count the same thing, once or repeatedly: "05 lượt cơ sở", "31 cơ sở".
func (p *passage) sameThing(a, b *figure) bool {
	first := func(f *figure) string {
		if w := p.wordAt(f.end); w != "luot" || f.noun == 1 {
			return w
		}
		return p.wordAt(f.end + 1)
	}
	return a.noun > 0 && b.noun > 0 && first(a) == first(b)
}

// outside is the last figure before one that stands in no bracket closed before it.
func (p *passage) outside(k int) *figure {
	for n := k - 1; n >= 0; n-- {
		if b := p.figs[n].bracket; b < 0 || b == p.figs[k].bracket {
			return &p.figs[n]
		}
	}
	return nil
}

// nextTime tells whether a figure is what another before it is, of the time named between them and nothing
// else: "năm 2021 là 22 tỷ đồng, năm 2022 là 24 tỷ đồng", "tính chung 9 tháng là 11 đề tài".
func (p *passage) nextTime(a, f *figure) bool {
	if a.unit != f.unit || a.bracket != f.bracket || f.noun > 0 && !p.sameThing(a, f) {
		return false
	}
	var time *mention
	from := a.end + a.noun
	for n := range p.times {
		if m := &p.times[n]; m.i >= from && m.j <= f.i && p.bracket[m.i] == f.bracket {
			if time != nil || m.compared || m.source {
				return false
			}
			time = m
		}
	}
	if time == nil {
		return false
	}
	for i := from; i < time.i && i < from+12; i++ { // what it counts more closely: "hợp chuẩn, hợp quy (…);"
		if stops(p.ts[i]) || p.ts[i].s == "(" {
			from = i
			break
		} else if p.ts[i].s == "," && betweenTimes[p.wordAt(i+1)] {
			from = i
			break
		}
	}
	for i := from; i < f.i; i++ {
		if (i < time.i || i >= time.j) && p.bracket[i] == f.bracket && !betweenTimes[p.ts[i].s] && !p.inNoun(p.ts[i].s, a) {
			return false
		}
	}
	return true
}

// inNoun tells whether a word is one of those that a figure counts.
func (p *passage) inNoun(word string, a *figure) bool {
	return slices.ContainsFunc(p.ts[a.end:a.end+a.noun], func(t token) bool { return t.s == word })
}

// betweenTimes are the words with which the same is told of another time.
var betweenTimes = setOf(", ; : ( va con den la dat co duoc thi o muc trong sang rieng hon gan khoang tren so cong tinh chung luy ke tong gop nang dua len ca toan cap ket qua thuc te hien hoan thanh nay uoc")

// runningTotal ends before what a figure brought the count of all years up to: no figure of the period,
// unless the words say one ("nâng tổng số cả năm lên").
var runningTotal = pattern.New(` (?:nang|dua) (?:tong so|tong|so) (?:[^,;.:()\s]+ ){0,9}(?:len|len thanh|len den|len toi)(?: con so)? (?:la |gan |tren |hon |khoang )?$`)

// raised opens what a total is of: "cùng với 37 nhiệm vụ chuyển tiếp, nâng tổng số nhiệm vụ đang thực hiện lên 55".
var raised = pattern.New(` (?:nang|dua) (?:tong so|tong|so) (?:[^,;.:()\s]+ ){2,9}(?:len|len thanh|len den|len toi) $`)

// amongThem ends before what one place or sort has of a total told before: "riêng huyện Hải Hậu 1.204 phương tiện".
var amongThem = pattern.New(` (?:rieng|nhieu nhat|chiem|tap trung|dung dau|dan dau|chu yeu|cao nhat|noi bat|dien hinh) (?:[^;.:()\s]+ ){0,11}$`)

// overTotal ends before what a figure is part of.
var overTotal = pattern.New(` tren (?:tong )?(?:so )?$| trong tong so $`)

var partsBefore = pattern.New(` (?:trong do|gom|bao gom|trong so nay|cu the) `)

// halfGranted tells whether a figure is of those granted anew, renewed or amended beside one of the others: "cấp
// mới 07, gia hạn 04 giấy phép".
func (p *passage) halfGranted(k int) bool {
	how := func(k int) string {
		f := &p.figs[k]
		if m := granting.FindStringSubmatch(p.join(max(0, f.i-4), f.i)); m != nil {
			return m[1]
		}
		return ""
	}
	f, own := &p.figs[k], how(k)
	for _, n := range []int{k - 1, k + 1} {
		if own == "" || n < 0 || n >= len(p.figs) || f.bracket >= 0 || f.sums != nil {
			continue
		}
		g := &p.figs[n]
		if other := how(n); other != "" && other != own && g.bracket < 0 && g.unit == "" && (g.noun == 0 || f.noun == 0 || p.sameThing(f, g)) && !p.stopped(min(f.end, g.end), max(f.i, g.i)) {
			return true
		}
	}
	return false
}

var granting = pattern.New(` (cap moi|gia han|sua doi|bo sung|cap lai|cap doi|phat canh cao|phat tien|thuong xuyen|dinh ky|dot xuat|theo ke hoach)(?: (?:la|duoc|cho|:))* $`)

// oneSort tells whether a figure stands in a list of several sorts: "02 nghị quyết, 05 quyết định".
func (p *passage) oneSort(k int) bool {
	f := &p.figs[k]
	for _, n := range []int{k - 1, k + 1} {
		if n < 0 || n >= len(p.figs) || f.sums != nil {
			continue
		}
		g := &p.figs[n]
		a, z := f, g
		if n < k {
			a, z = g, f
		}
		if from := a.end + a.noun; g.noun > 0 && g.bracket == f.bracket && p.counts(f.code, g) && p.ts[f.end].s != p.ts[g.end].s && !p.stopped(from, z.i) && (sortOf[p.wordAt(f.end)] && sortOf[p.wordAt(g.end)] && z.i-from <= 8 || z.i == from+1 && whoOf[p.wordAt(f.end)+" "+p.wordAt(f.end+1)] && whoOf[p.wordAt(g.end)+" "+p.wordAt(g.end+1)]) {
			return true
		}
	}
	return false
}

// whoOf are the sorts of those inspected: "8 tổ chức, 3 cá nhân".
var whoOf = setOf("to chuc|ca nhan|doanh nghiep|ho kinh", "|")

// sortOf begin the sorts of documents.
var sortOf = setOf("nghi quyet ke chuong chi de")

// halfOnTime tells whether a figure is of those before their time, or just in time, beside one of the others:
// "trước hạn 44 hồ sơ, đúng hạn 16 hồ sơ".
func (p *passage) halfOnTime(k int, w window) bool {
	if p.figs[k].code.Code != "admin.dossiers_on_time" || p.figs[k].part {
		return false
	}
	half := func(w window) string {
		for _, text := range []string{w.before, w.after} {
			early, just := has(text, " truoc han ", " som han "), strings.Contains(text, " dung han ")
			switch {
			case early && just:
				return ""
			case early:
				return "early"
			case just:
				return "just"
			}
		}
		return ""
	}
	own := half(w)
	for _, n := range []int{k - 1, k + 1} {
		if own == "" || n < 0 || n >= len(p.figs) || p.figs[n].unit != "" || p.figs[n].part {
			continue
		}
		o := p.window(n)
		if other := half(o); o.sentence == w.sentence && other != "" && other != own {
			return true
		}
	}
	return false
}
