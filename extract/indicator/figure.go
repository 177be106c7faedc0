package indicator

import (
	"math"
	"strings"

	"soket/extract/vietnamese"
)

// figure is a number of a text with what its own words say.
type figure struct {
	i, j    int     // tokens of the number with its scale and unit
	v       float64 // in the unit: money in đồng
	unit    string  // "", "%", "đồng"
	noun    int     // how many tokens of counted noun follow
	part    bool    // N of "N/M"
	whole   bool    // M of "N/M"
	end     int     // token from which the words after the figure are read
	bracket int     // token of the bracket that it stands in, -1 outside
	inside  bool    // in brackets, or after "trong đó", "gồm": a part, which needs words of its own
	begins  bool    // it begins its item, or stands after the noun of a figure that does
	change  bool    // an absolute change: "giảm 12 đơn"
	sums    *figure // the total before it that it comes to with its neighbours
	told    bool    // its indicator is the one of a figure before it: "(cùng kỳ: 50)", "kế hoạch 20"

	code    *rule
	why     func() string // tells which words made it one of code; nil where it takes the indicator of another
	kind    Kind
	basis   Basis
	period  vietnamese.Period
	score   float64
	nearest *rule // the best indicator, also where its evidence was not enough
	margin  float64
}

// numberWords are the spellings that are numbers; without their marks "tư", "tám", "sáu" and others
// are different words.
var numberWords = map[string]bool{"một": true, "mốt": true, "hai": true, "ba": true, "bốn": true, "năm": true, "lăm": true, "sáu": true, "bảy": true, "bẩy": true, "tám": true, "chín": true, "mười": true, "mươi": true, "trăm": true}

// units of measure that make a number no count of ours.
var measures = setOf("thang ngay tuoi km m ha kg tan gio phut trang nam buoi tiet m2 m3 bac diem phan thanh vien do ta tap mw kw mg ml lit usd cap tuan giay")

// numbered are what a number after them is the name of: "Chương trình 1322", "Nghị quyết 57".
var numbered = setOf("chuong trinh|de an|nghi quyet|nghi dinh|quyet dinh|thong tu|chi thi|ket luan|cong van|dien thoai|quoc lo|cong dien|luat so|cong nghiep 4", "|")

// namers are single words of the same sort.
var namers = setOf("qcvn qcđp qcktđp tcvn tccs tcqg iso ron haccp astm iec quatest vilas vimcerts techfest techmart techdemo")

// places are what is numbered too, unless a counted noun follows: "Điều 5", but "danh mục 17 nhiệm vụ".
var places = setOf("điều chương mục khoản biểu đường phòng nhóm")

func setOf(s string, sep ...string) map[string]bool {
	list := strings.Fields(s)
	if len(sep) > 0 {
		list = strings.Split(s, sep[0])
	}
	set := map[string]bool{}
	for _, w := range list {
		set[w] = true
	}
	return set
}

// ordinals make the number after them a date or a rank. Spelt in full: "thu" is also the end of
// "nghiệm thu", "hàng" and "quỹ" are no "hạng" and "quý".
// The number is the largest that can be one.
var ordinals = map[string]float64{"ngày": 31, "tháng": 12, "quý": 4, "lần": 99, "thứ": 999, "hạng": 99, "khóa": 99, "khoá": 99}

// afterYearWord are words after which "năm" is the year.
var afterYearWord = setOf("hang moi ca het cuoi dau nua")

// papers end, with "số", the name of what has a number: "Công văn số 12".
var papers = setOf("cong chi quyet nghi thong ke duong chuong luat nha tai van an dinh tu thi lenh ky hieu ma toa to hoach")

// scales of money and of large counts, folded.
var scales = map[string]float64{"ty": 1e9, "ti": 1e9, "trieu": 1e6, "tr": 1e6, "nghin": 1e3, "ngan": 1e3}

// figures finds the numbers of a text that may be figures. skip hears of every number that is none.
func (r *rules) figures(ts []token, skip func(i, j int, why string)) []figure {
	var list []figure
	word := func(i int) string {
		if i < 0 || i >= len(ts) {
			return ""
		}
		return ts[i].s
	}
	spelt := func(i int) string {
		if i < 0 || i >= len(ts) {
			return ""
		}
		return strings.ToLower(ts[i].raw)
	}
	digit := func(i int) bool { return i >= 0 && i < len(ts) && ts[i].kind == 'n' }
	for i := 0; i < len(ts); i++ {
		t := ts[i]
		if t.kind == 'w' {
			v, n := spoken(ts, i)
			if n == 0 {
				continue
			}
			for k := i; k < i+n; k++ {
				if !numberWords[spelt(k)] {
					n = 0
				}
			}
			switch {
			case n == 0 || spelt(i-1) == "tháng" || spelt(i-1) == "thứ":
				continue
			case word(i+n) == "(" && digit(i+n+1) && ts[i+n+1].v == v && word(i+n+2) == ")":
				// "mười ba (13) nhiệm vụ": the same number twice.
				list = append(list, figure{i: i, j: i + n + 3, v: v, noun: r.noun(ts, i+n+3)})
				i += n + 2
				continue
			case scales[word(i+n)] > 0 && word(i+n+1) == "dong" && word(i-1) != "(" && word(i-1) != ":" && scales[word(i-1)] == 0 && !numberWords[spelt(i-1)]:
				// "mười bốn triệu đồng"; in brackets it repeats the number before them
				list = append(list, figure{i: i, j: i + n + 2, v: v * scales[word(i+n)], unit: "đồng"})
				i += n + 1
				continue
			case spelt(i) == "năm" && n == 1 && (digit(i+1) || word(i-1) == "trong" && word(i-2) != "" || afterYearWord[word(i-1)]):
				continue // the year, not five
			}
			if k := r.noun(ts, i+n); k > 0 && word(i+n) != "so" || word(i+n) == "so" && k > 1 {
				list = append(list, figure{i: i, j: i + n, v: v, noun: k})
			}
			i += n - 1
			continue
		}
		if t.kind != 'n' {
			continue
		}
		f := figure{i: i, j: i + 1, v: t.v}
		before, before2, after := word(i-1), word(i-2), word(i+1)
		counted := r.noun(ts, i+1) > 0
		grown := i+1 < len(ts) && ts[i+1].kind == 'w' && ts[i+1].a == t.b || i > 0 && ts[i-1].kind == 'w' && ts[i-1].b == t.a
		why := ""
		switch {
		case grown && scales[after] == 0 && after != "d" && after != "trd" && after != "vnd" && after != "dong" && !counted:
			why = "grown together with letters: a name"
		case ordinals[spelt(i-1)] > 0 && !strings.Contains(t.raw, ",") && t.v <= ordinals[spelt(i-1)] && !(before == "khoa" && before2 == "lop") && !(before == "thang" && after == "nhiem") && !(before == "thang" && counted && digit(i-2)) && !(before == "lan" && counted):
			why = "a date or a rank"
		case before == "do" && before2 == "muc" || spelt(i-1) == "mức" && t.v < 5 && (word(i+1) == "," || word(i+1) == "va" || word(i+1) == ":" || !counted), before == "cap" && t.v < 5 && before2 != "da" && before2 != "duoc" && !counted:
			why = "a level"
		case before == "nam" && isYear(t), isYear(t) && !counted:
			why = "a year"
		case before == "so" && (papers[before2] && (!counted || after == "/") || after == "/"):
			why = "a document's number"
		case after == ":" && digit(i+2) && isYear(ts[i+2]) && ts[i+1].a == t.b && ts[i+2].a == ts[i+1].b:
			why = "the number of a law, a programme or a standard"
		case namers[spelt(i-1)], places[spelt(i-1)] && !counted, numbered[before2+" "+before] && (!counted || t.v >= 100 && before2 != "quyet" && before2 != "dien"), before == "hoach" && before2 == "ke" && word(i-3) == "theo" && t.v >= 100 && !counted:
			why = "the number of a law, a programme or a standard"
		}
		if why != "" {
			skip(i, i+1, why)
			for spelt(i-1) == "ngày" && (word(i+1) == "," || word(i+1) == "va") && digit(i+2) && ts[i+2].v <= 31 && r.noun(ts, i+3) == 0 {
				i += 2 // "ngày 10 và 25 hằng tháng"
				skip(i, i+1, why)
			}
			for why == "a level" && (word(i+1) == "," || word(i+1) == "va" || word(i+1) == "/") && digit(i+2) && ts[i+2].v < 6 && len(ts[i+2].raw) == 1 {
				i += 2 // "mức độ 3, 4"
				skip(i, i+1, why)
			}
			// With it goes what the number is written with: "12/2019", "01-1:2018".
			for (word(i+1) == "/" || word(i+1) == "-" || word(i+1) == ":") && digit(i+2) && ts[i+1].a == ts[i].b && ts[i+2].a == ts[i+1].b {
				i += 2
			}
			continue
		}
		// N/M: a date, a document's number, or a part of a whole.
		if after == "/" && i+2 < len(ts) && ts[i+1].a == t.b {
			next := ts[i+2]
			if next.kind == 'w' {
				skip(i, i+3, "a document's number")
				i += 2
				continue
			}
			if next.kind == 'n' {
				k := r.noun(ts, i+3)
				near := onTimeNear(ts, i-4, i+7)
				if word(i+3) == "/" || word(i+3) == "-" && i+4 < len(ts) && ts[i+4].kind == 'w' && ts[i+3].a == next.b || isYear(next) && len(t.raw) <= 2 ||
					(before == "ngay" || before == "den" || before == "tu" || spelt(i-1) == "tháng" || spelt(i-1) == "thứ") && k == 0 && !near || t.v > next.v {
					skip(i, i+3, "a date or a document's number")
					i += 2
					for word(i+1) == "/" || word(i+1) == "-" && i+2 < len(ts) && ts[i+2].a == ts[i+1].b && ts[i+1].a == ts[i].b {
						i += 2
					}
					continue
				}
				whole := figure{i: i + 2, j: i + 3, v: next.v, whole: true}
				if n := r.scale(ts, &whole); k == 0 && word(n) == "dong" && spelt(n) == "đồng" && next.v > 0 {
					// "8.765/25.300 triệu đồng"
					whole.j, whole.unit = n+1, "đồng"
					list = append(list, figure{i: i, j: i + 1, v: math.Round(t.v*whole.v/next.v*1e4) / 1e4, unit: "đồng", part: true, end: whole.j}, whole)
					i = n
					continue
				}
				if k > 0 || near {
					list = append(list, figure{i: i, j: i + 1, v: t.v, noun: k, part: true, end: i + 3}, figure{i: i + 2, j: i + 3, v: next.v, noun: k, whole: true})
				} else {
					skip(i, i+3, "a date, or a part of a whole that counts nothing we know")
				}
				i += 2
				continue
			}
		}
		// A range is no figure of ours: which of the two would it be?
		if (after == "-" || after == "den" && ts[i+1].raw == "đến") && digit(i+2) && !counted && !isYear(ts[i+2]) && word(i+3) != "/" {
			skip(i, i+3, "a range")
			i += 2
			continue
		}
		i = r.scale(ts, &f) - 1
		switch w := word(f.j); {
		case w == "%":
			f.unit = "%"
			f.j++
		case (w == "dong" || w == "d" || w == "vnd") && spelt(f.j) != "dòng":
			f.unit = "đồng"
			f.j++
		case w == "usd":
			skip(f.i, f.j, "foreign money")
			continue
		}
		if f.unit == "" && f.j > f.i+1 && r.noun(ts, f.j) == 0 && f.v >= 1e6 {
			f.unit = "đồng" // "43,1 tỷ" says no more
		}
		if f.unit == "" {
			f.noun = r.noun(ts, f.j)
			if word(f.j) == "(" && f.noun == 0 {
				// "17 (mười bảy) nhiệm vụ"
				if _, n := spoken(ts, f.j+1); n > 0 && word(f.j+1+n) == ")" {
					f.j += n + 2
					f.noun = r.noun(ts, f.j)
				}
			}
			if f.noun == 0 && measures[word(f.j)] {
				skip(f.i, f.j, "a measure, a duration or a size")
				i = f.j - 1
				continue
			}
		}
		list = append(list, f)
		i = f.j - 1
	}
	in := brackets(ts)
	for k := range list {
		f := &list[k]
		f.bracket = in[f.i]
		if f.end == 0 {
			f.end = f.j
		}
		// "6 trong số 14 nhiệm vụ" is 6 of 14; after "phát hiện" the first has its word before it.
		if k+1 < len(list) && f.noun == 0 && f.unit == "" && !f.part && !f.whole {
			g := &list[k+1]
			if from, n := f.j, g.i-f.j; word(f.i-1) != "hien" && g.noun > 0 && g.unit == "" && !g.part && f.v <= g.v && (n == 2 || n == 3 && word(from+1) == "tong") && (word(from) == "trong" || word(from) == "tren") && word(g.i-1) == "so" {
				f.part, f.noun, f.end, g.whole = true, g.noun, g.j, true
			}
		}
	}
	return list
}

// scale reads "tỷ", "triệu" and "nghìn" after a number, also stacked ("61 nghìn tỷ") and in two
// steps ("27 tỷ 850 triệu"); it gives the token after.
func (r *rules) scale(ts []token, f *figure) int {
	step := 0.0
	for f.j < len(ts) {
		w := ts[f.j].s
		if w == "trd" {
			f.v, f.unit = f.v*1e6, "đồng"
			f.j++
			break
		}
		if by := scales[w]; by > 0 {
			f.v *= by
			step = by
			f.j++
			if w == "tr" && f.j+1 < len(ts) && ts[f.j].s == "." && (ts[f.j+1].s == "d" || ts[f.j+1].s == "dong") {
				f.j++
			}
			continue
		}
		if step > 1e3 && ts[f.j].kind == 'n' && f.j+1 < len(ts) {
			if by := scales[ts[f.j+1].s]; by > 0 && by < step && ts[f.j].v < step/by {
				f.v += ts[f.j].v * by
				step = by
				f.j += 2
				continue
			}
		}
		break
	}
	f.v = math.Round(f.v*1e4) / 1e4
	return f.j
}

func isYear(t token) bool {
	return t.kind == 'n' && len(t.raw) == 4 && t.v >= 1950 && t.v < 2100
}

// onTimeNear tells whether "đúng hạn", "trước hạn" or "giải quyết" stand near a part of a whole: it
// then counts dossiers without saying so.
func onTimeNear(ts []token, from, to int) bool {
	for i := max(from, 0); i+1 < min(to, len(ts)); i++ {
		if ts[i+1].s == "han" && (ts[i].s == "dung" || ts[i].s == "truoc") || ts[i].s == "giai" && ts[i+1].s == "quyet" {
			return true
		}
	}
	return false
}

// noun tells how many tokens of a counted noun stand at i.
func (r *rules) noun(ts []token, i int) int {
	if i >= len(ts) {
		return 0
	}
	best := 0
	for _, e := range r.counted.from(ts, i) {
		if n := e.phrase.at(ts, i); n > best {
			best = n
		}
	}
	return best
}
