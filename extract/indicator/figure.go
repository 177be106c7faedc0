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
	s := numberScan{rules: r, ts: ts, skip: skip}
	for i := 0; i < len(ts); {
		switch ts[i].kind {
		case 'w':
			i = s.spelled(i)
		case 'n':
			i = s.printed(i)
		default:
			i++
		}
	}
	in := brackets(ts)
	for k := range s.list {
		f := &s.list[k]
		f.bracket = in[f.i]
		if f.end == 0 {
			f.end = f.j
		}
		// "6 trong số 14 nhiệm vụ" is 6 of 14; after "phát hiện" the first has its word before it.
		if k+1 < len(s.list) && f.noun == 0 && f.unit == "" && !f.part && !f.whole {
			g := &s.list[k+1]
			if from, n := f.j, g.i-f.j; s.word(f.i-1) != "hien" && g.noun > 0 && g.unit == "" && !g.part && f.v <= g.v && (n == 2 || n == 3 && s.word(from+1) == "tong") && (s.word(from) == "trong" || s.word(from) == "tren") && s.word(g.i-1) == "so" {
				f.part, f.noun, f.end, g.whole = true, g.noun, g.j, true
			}
		}
	}
	return s.list
}

// numberScan goes over a text for its numbers. Its methods that read one give the token after it.
type numberScan struct {
	*rules
	ts   []token
	skip func(i, j int, why string)
	list []figure
}

// word is a token's word, "" beyond the text; spelt is it with its marks, in lower case.
func (s *numberScan) word(i int) string {
	if i < 0 || i >= len(s.ts) {
		return ""
	}
	return s.ts[i].s
}

func (s *numberScan) spelt(i int) string {
	if i < 0 || i >= len(s.ts) {
		return ""
	}
	return strings.ToLower(s.ts[i].raw)
}

func (s *numberScan) digit(i int) bool { return i >= 0 && i < len(s.ts) && s.ts[i].kind == 'n' }

// spelled reads a number in words, where one begins at a token.
func (s *numberScan) spelled(i int) int {
	v, n := spoken(s.ts, i)
	for k := i; k < i+n; k++ {
		if !numberWords[s.spelt(k)] {
			n = 0
		}
	}
	switch {
	case n == 0 || s.spelt(i-1) == "tháng" || s.spelt(i-1) == "thứ":
		return i + 1
	case s.word(i+n) == "(" && s.digit(i+n+1) && s.ts[i+n+1].v == v && s.word(i+n+2) == ")":
		// "mười ba (13) nhiệm vụ": the same number twice.
		s.list = append(s.list, figure{i: i, j: i + n + 3, v: v, noun: s.noun(s.ts, i+n+3)})
		return i + n + 3
	case scales[s.word(i+n)] > 0 && s.word(i+n+1) == "dong" && s.word(i-1) != "(" && s.word(i-1) != ":" && scales[s.word(i-1)] == 0 && !numberWords[s.spelt(i-1)]:
		// "mười bốn triệu đồng"; in brackets it repeats the number before them
		s.list = append(s.list, figure{i: i, j: i + n + 2, v: v * scales[s.word(i+n)], unit: "đồng"})
		return i + n + 2
	case s.spelt(i) == "năm" && n == 1 && (s.digit(i+1) || s.word(i-1) == "trong" && s.word(i-2) != "" || afterYearWord[s.word(i-1)]):
		return i + 1 // the year, not five
	}
	if k := s.noun(s.ts, i+n); k > 0 && s.word(i+n) != "so" || s.word(i+n) == "so" && k > 1 {
		s.list = append(s.list, figure{i: i, j: i + n, v: v, noun: k})
	}
	return i + n
}

// printed reads a number in digits, with its scale and unit.
func (s *numberScan) printed(i int) int {
	t, after := s.ts[i], s.word(i+1)
	counted := s.noun(s.ts, i+1) > 0
	if why := s.nameOf(i, counted); why != "" {
		return s.pass(i, why)
	}
	if after == "/" && i+2 < len(s.ts) && s.ts[i+1].a == t.b {
		if next := s.fraction(i); next > 0 {
			return next
		}
	}
	// A range is no figure of ours: which of the two would it be?
	if (after == "-" || after == "den" && s.ts[i+1].raw == "đến") && s.digit(i+2) && !counted && !isYear(s.ts[i+2]) && s.word(i+3) != "/" {
		s.skip(i, i+3, "a range")
		return i + 3
	}
	f := figure{i: i, j: i + 1, v: t.v}
	s.scale(s.ts, &f)
	switch w := s.word(f.j); {
	case w == "%":
		f.unit = "%"
		f.j++
	case (w == "dong" || w == "d" || w == "vnd") && s.spelt(f.j) != "dòng":
		f.unit = "đồng"
		f.j++
	case w == "usd":
		s.skip(f.i, f.j, "foreign money")
		return f.j
	}
	if f.unit == "" && f.j > f.i+1 && s.noun(s.ts, f.j) == 0 && f.v >= 1e6 {
		f.unit = "đồng" // "43,1 tỷ" says no more
	}
	if f.unit == "" {
		f.noun = s.noun(s.ts, f.j)
		if s.word(f.j) == "(" && f.noun == 0 {
			// "17 (mười bảy) nhiệm vụ"
			if _, n := spoken(s.ts, f.j+1); n > 0 && s.word(f.j+1+n) == ")" {
				f.j += n + 2
				f.noun = s.noun(s.ts, f.j)
			}
		}
		if f.noun == 0 && measures[s.word(f.j)] {
			s.skip(f.i, f.j, "a measure, a duration or a size")
			return f.j
		}
	}
	s.list = append(s.list, f)
	return f.j
}

// nameOf tells what a number names instead of counting: a day, a level, a year, a document; "" where nothing
// says so. counted: a noun that is counted follows it.
func (s *numberScan) nameOf(i int, counted bool) string {
	ts, t := s.ts, s.ts[i]
	before, before2, after := s.word(i-1), s.word(i-2), s.word(i+1)
	grown := i+1 < len(ts) && ts[i+1].kind == 'w' && ts[i+1].a == t.b || i > 0 && ts[i-1].kind == 'w' && ts[i-1].b == t.a
	switch {
	case grown && scales[after] == 0 && after != "d" && after != "trd" && after != "vnd" && after != "dong" && !counted:
		return "grown together with letters: a name"
	case ordinals[s.spelt(i-1)] > 0 && !strings.Contains(t.raw, ",") && t.v <= ordinals[s.spelt(i-1)] && !(before == "khoa" && before2 == "lop") && !(before == "thang" && after == "nhiem") && !(before == "thang" && counted && s.digit(i-2)) && !(before == "lan" && counted):
		return "a date or a rank"
	case before == "do" && before2 == "muc" || s.spelt(i-1) == "mức" && t.v < 5 && (after == "," || after == "va" || after == ":" || !counted), before == "cap" && t.v < 5 && before2 != "da" && before2 != "duoc" && !counted:
		return "a level"
	case before == "nam" && isYear(t), isYear(t) && !counted:
		return "a year"
	case before == "so" && (papers[before2] && (!counted || after == "/") || after == "/"):
		return "a document's number"
	case after == ":" && s.digit(i+2) && isYear(ts[i+2]) && ts[i+1].a == t.b && ts[i+2].a == ts[i+1].b:
		return "the number of a law, a programme or a standard"
	case namers[s.spelt(i-1)], places[s.spelt(i-1)] && !counted, numbered[before2+" "+before] && (!counted || t.v >= 100 && before2 != "quyet" && before2 != "dien"), before == "hoach" && before2 == "ke" && s.word(i-3) == "theo" && t.v >= 100 && !counted:
		return "the number of a law, a programme or a standard"
	}
	return ""
}

// pass leaves out a number that names something, and what is told with it.
func (s *numberScan) pass(i int, why string) int {
	s.skip(i, i+1, why)
	for s.spelt(i-1) == "ngày" && (s.word(i+1) == "," || s.word(i+1) == "va") && s.digit(i+2) && s.ts[i+2].v <= 31 && s.noun(s.ts, i+3) == 0 {
		i += 2 // "ngày 10 và 25 hằng tháng"
		s.skip(i, i+1, why)
	}
	for why == "a level" && (s.word(i+1) == "," || s.word(i+1) == "va" || s.word(i+1) == "/") && s.digit(i+2) && s.ts[i+2].v < 6 && len(s.ts[i+2].raw) == 1 {
		i += 2 // "mức độ 3, 4"
		s.skip(i, i+1, why)
	}
	// With it goes what the number is written with: "12/2019", "01-1:2018".
	for (s.word(i+1) == "/" || s.word(i+1) == "-" || s.word(i+1) == ":") && s.digit(i+2) && s.ts[i+1].a == s.ts[i].b && s.ts[i+2].a == s.ts[i+1].b {
		i += 2
	}
	return i + 1
}

// fraction reads N/M: a date, a document's number, or a part of a whole; 0 where it is none of these.
func (s *numberScan) fraction(i int) int {
	ts, t, next := s.ts, s.ts[i], s.ts[i+2]
	switch next.kind {
	case 'w':
		s.skip(i, i+3, "a document's number")
		return i + 3
	case 'n':
	default:
		return 0
	}
	before := s.word(i - 1)
	k := s.noun(ts, i+3)
	near := onTimeNear(ts, i-4, i+7)
	if s.word(i+3) == "/" || s.word(i+3) == "-" && i+4 < len(ts) && ts[i+4].kind == 'w' && ts[i+3].a == next.b || isYear(next) && len(t.raw) <= 2 ||
		(before == "ngay" || before == "den" || before == "tu" || s.spelt(i-1) == "tháng" || s.spelt(i-1) == "thứ") && k == 0 && !near || t.v > next.v {
		s.skip(i, i+3, "a date or a document's number")
		i += 2
		for s.word(i+1) == "/" || s.word(i+1) == "-" && i+2 < len(ts) && ts[i+2].a == ts[i+1].b && ts[i+1].a == ts[i].b {
			i += 2
		}
		return i + 1
	}
	whole := figure{i: i + 2, j: i + 3, v: next.v, whole: true}
	if n := s.scale(ts, &whole); k == 0 && s.word(n) == "dong" && s.spelt(n) == "đồng" && next.v > 0 {
		// "8.765/25.300 triệu đồng"
		whole.j, whole.unit = n+1, "đồng"
		s.list = append(s.list, figure{i: i, j: i + 1, v: math.Round(t.v*whole.v/next.v*1e4) / 1e4, unit: "đồng", part: true, end: whole.j}, whole)
		return n + 1
	}
	if k > 0 || near {
		s.list = append(s.list, figure{i: i, j: i + 1, v: t.v, noun: k, part: true, end: i + 3}, figure{i: i + 2, j: i + 3, v: next.v, noun: k, whole: true})
	} else {
		s.skip(i, i+3, "a date, or a part of a whole that counts nothing we know")
	}
	return i + 3
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
