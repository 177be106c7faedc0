package indicator

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"soket/extract/pattern"
	"soket/extract/vietnamese"
)

// measure is what the head of a column, or the label of a row, says its figures are: of which
// period, achieved or planned, or compared with what.
type measure struct {
	known  bool // the text says something of all this
	kind   Kind
	basis  Basis
	period vietnamese.Period
	change changeForm
	stale  bool // marked as old
	total  bool // "Tổng số", "Cộng"
	dated  bool // the period stands in the text itself
	vague  bool // a comparison that does not say with what
	plus   bool // an absolute change, which is no fact
}

// changeForm tells how a comparison with another period is printed.
type changeForm int

const (
	formUnknown changeForm = iota
	formChange             // 12 for a rise of 12%
	formRatio              // 112 for a rise of 12%
)

// inYear moves a period to another year: "2020-H1" to "2019-H1".
func inYear(p vietnamese.Period, year int) vietnamese.Period {
	if s := string(p); len(s) >= 4 && !strings.Contains(s, "/") {
		return vietnamese.Period(strconv.Itoa(year) + s[4:])
	}
	return vietnamese.Period(strconv.Itoa(year))
}

func wholeYear(p vietnamese.Period) bool { return len(p) == 4 || p == "" }

var (
	measureShort  = pattern.New(`\b(?:kh|th|ck|cn)\b|\b(\d{1,2})t(?:\b|(?:19|20)\d\d\b)|\bkh(\d{4})|\bth(\d{4})`)
	headSpan      = pattern.New(`((?:19|20)\d\d)\s*(?:-|–|den|/)\s*(?:nam\s*)?((?:19|20)\d\d)`)
	headQuarter   = pattern.New(`\b(?:quy|q\.?)\s*(iv|iii|ii|i|[1-4])\b(?:\s*(?:[/-]|nam)?\s*((?:19|20)\d\d))?`)
	headMonths    = pattern.New(`\b(\d{1,2}|mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi|muoi mot)\s*thang(?:\s*(dau|cuoi))?(?:\s*nam(?:\s*(truoc|nay|ngoai))?)?(?:\s*[/-])?(?:\s*((?:19|20)\d\d))?`)
	headMonth     = pattern.New(`\b(?:thang|t)\s*(\d{1,2})\b(?:\s*(?:[/-]|nam)\s*((?:19|20)\d\d))?`)
	headMonthYear = pattern.New(`^\(?(\d{1,2})/((?:19|20)\d\d)\)?$`)
	headYear      = pattern.New(`(?:^|[^/\d])((?:19|20)\d\d)(?:$|[^/\d])`)
	headRelative  = pattern.New(`\bnam\s*(truoc|nay|ngoai|sau|toi|bao cao|ke hoach|hien hanh|lien ke|lien truoc)\b|\bca nam\b|\b(?:12|muoi hai) thang\b`)

	headPlan    = pattern.New(`\bke hoach\b|\bchi tieu (?:giao|duoc giao|nam|ke hoach)|\bdu kien\b|\bmuc tieu\b|\bphan dau\b|\bduoc giao\b|\bgiao nam\b|\bchi tieu (?:\d{4})|\bdu toan\b|\bchi tieu$`)
	againstPlan = pattern.New(`\bke hoach\b|\bhoan thanh\b|\bchi tieu\b|\bdu toan\b|\bmuc tieu\b|\bgiao\b`)
	againstPast = pattern.New(`\bcung ky\b|\bnam (?:truoc|ngoai)\b|\bky truoc\b|\bquy truoc\b|\bthang truoc\b|\b(?:19|20)\d\d\b|\bquy (?:i|ii|iii|iv|\d)\b|\bthang \d|\blien ke\b`)
	headShare   = pattern.New(`%|\bty le\b|\bso (?:voi|sanh|cung ky|ke hoach)\b|\btang\b|\bgiam\b|\bmuc do\b|thuc hien\s*/\s*(?:ke hoach|cung ky)|\bphan tram\b|\bbang\b.*\b(?:cung ky|ke hoach)\b|\bdat\b.*\bke hoach\b|\bchenh lech\b|\bso voi\b`)
	headChange  = pattern.New(`\btang\b|\bgiam\b|\+|-\s*100|\bchenh lech\b|toc do`)
	headRatio   = pattern.New(`\bbang\b|thuc hien\s*/\s*cung ky|^\s*%\s*cung ky|\bbang bao nhieu\b`)
	headResult  = pattern.New(`\bthuc hien\b|\bket qua\b|\buoc\b|\bso luong\b|\bso lieu\b|\bgia tri\b|\bluy ke\b|\btrong ky\b|\b(?:ky|thang|quy|nam) bao cao\b|\bky nay\b|\b(?:tinh )?den (?:het )?(?:ngay )?\d|\bcung ky\b|\bky truoc\b|\bdat duoc\b|\bda thuc hien\b|\bnam \d{4}\b|\bthuc te\b|\bhien co\b|\bso bao cao\b|\bcong don\b|\bgiai ngan\b|^(?:so )?cuoi (?:nam|ky)$`)
	headTotal   = pattern.New(`^(?:tong(?: so| cong| chung)?|cong|toan (?:tinh|thanh pho|nganh|huyen|so)|ca (?:tinh|thanh pho|nam)|chung|tong toan .*|tong cong .*|tong so \(.*|cong chung|tong cong.*|cong:.*)$`)
	// doneOver is a head like "TH 2021/KH 2021".
	doneOver = pattern.New(`\bthuc hien[^/(]{0,20}/\s*(?:ke hoach|du toan)\b`)
	// spanTotal is a column of all years of a review.
	spanTotal = pattern.New(`^(?:(?:tong(?: cong| so)?|cong|luy ke|ca|tinh chung)(?: ca)?) (?:giai doan|thoi ky|nhiem ky|(?:\d|hai|ba|bon|nam) nam|cac nam)\b`)
	spacesRun = pattern.New(`\s+`)
	headSplit = pattern.New(`\bso\s*(?:sanh\s*)?voi\b|\bso\s+(?:cung ky|ke hoach)|\bbang bao nhieu\b|\bbang\s*%|\btren\b|%\s*so\b|thuc hien\s*/\s*|%\s*$|\bdat\s*%|\bbang\b`)
)

// soundsAlike are words that without their marks look like those of changes.
var soundsAlike = pattern.New(`(?i)tang vật|giám (?:sát|định|đốc)|tàng trữ`)

// headSpelling writes what heads say in several ways in one.
var headSpelling = strings.NewReplacer("–", "-", "—", "-", "\u00a0", " ", "nua dau nam", "6 thang dau nam", "nua cuoi nam", "6 thang cuoi nam", "so cung ky", "so voi cung ky", "so kh", "so voi kh", "so ck", "so voi ck", "so nam", "so voi nam")

// measureText prepares a head for reading: folded, short forms of heads spelled out.
func measureText(s string) string { return measured.get(s) }

var measured = remember(spellHead)

// ofStandard is the year of a standard: "TCVN ISO 9001:2015".
var ofStandard = pattern.New(`(\d):(?:19|20)\d\d\b`)

func spellHead(s string) string {
	f := andSigns.ReplaceAllString(vietnamese.Fold(soundsAlike.ReplaceAllString(s, "")), "khoa hoc cong nghe")
	f = headSpelling.Replace(ofStandard.ReplaceAllString(f, "$1"))
	f = measureShort.ReplaceAllStringFunc(f, func(m string) string {
		switch {
		case m == "kh":
			return "ke hoach"
		case m == "th":
			return "thuc hien"
		case m == "ck":
			return "cung ky"
		case m == "cn":
			return "ca nam"
		case strings.HasPrefix(m, "kh"):
			return "ke hoach " + m[2:]
		case strings.HasPrefix(m, "th"):
			return "thuc hien " + m[2:]
		}
		n, year, _ := strings.Cut(m, "t")
		return strings.TrimSpace(n + " thang " + year)
	})
	return strings.TrimSpace(spacesRun.ReplaceAllString(f, " "))
}

var headMonthWords = map[string]int{"mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10, "muoi mot": 11}

// headPeriod reads the period that a head's text (of measureText) states, filling in what is left out
// from the report's own.
func headPeriod(f string, base vietnamese.Period) (vietnamese.Period, bool) {
	y := base.Year()
	past := strings.Contains(f, "cung ky")
	year := func(s string) int {
		if n, err := strconv.Atoi(s); err == nil {
			return n
		}
		if m := headYear.FindStringSubmatch(f); m != nil {
			n := atoi(m[1])
			return n
		}
		if past || strings.Contains(f, "nam truoc") || strings.Contains(f, "nam ngoai") {
			return y - 1
		}
		return y
	}
	if m := headSpan.FindStringSubmatch(f); m != nil && m[1] < m[2] {
		return vietnamese.Period(m[1] + "/" + m[2]), true
	}
	if m := headQuarter.FindStringSubmatch(f); m != nil {
		n := map[string]int{"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}[m[1]]
		if yy := year(m[2]); yy > 0 {
			return vietnamese.Period(fmt.Sprintf("%d-Q%d", yy, n)), true
		}
		return "", false
	}
	if m := headMonths.FindStringSubmatch(f); m != nil {
		n, err := strconv.Atoi(m[1])
		if err != nil {
			n = headMonthWords[m[1]]
		}
		yy := year(m[4])
		switch {
		case yy == 0 || n < 1 || n > 12:
		case m[2] == "cuoi" && n == 6:
			return vietnamese.Period(fmt.Sprintf("%d-H2", yy)), true
		case m[2] == "cuoi" && n == 3:
			return vietnamese.Period(fmt.Sprintf("%d-Q4", yy)), true
		case m[2] == "cuoi":
			return "", false
		default:
			return vietnamese.MonthsOf(yy, n), true
		}
	}
	if m := headMonthYear.FindStringSubmatch(f); m != nil {
		if n := atoi(m[1]); n >= 1 && n <= 12 {
			return vietnamese.Period(fmt.Sprintf("%s-M%02d", m[2], n)), true
		}
	}
	if m := headMonth.FindStringSubmatch(f); m != nil {
		n := atoi(m[1])
		if yy := year(m[2]); yy > 0 && n >= 1 && n <= 12 {
			if untilMonth.MatchString(f) { // since the year began
				return vietnamese.MonthsOf(yy, n), true
			}
			return vietnamese.Period(fmt.Sprintf("%d-M%02d", yy, n)), true
		}
	}
	if m := headYear.FindStringSubmatch(f); m != nil {
		n := atoi(m[1])
		if past && !strings.Contains(f, "ca nam") {
			return inYear(base, n), true
		}
		return vietnamese.Period(m[1]), true
	}
	if y == 0 {
		return "", false
	}
	if past {
		return inYear(base, y-1), true
	}
	if headBefore.MatchString(f) {
		p := periodBefore(base)
		return p, p != ""
	}
	if m := headRelative.FindStringSubmatch(f); m != nil {
		switch m[1] {
		case "truoc", "ngoai", "lien ke", "lien truoc":
			return vietnamese.Period(strconv.Itoa(y - 1)), true
		case "sau", "toi":
			return vietnamese.Period(strconv.Itoa(y + 1)), true
		}
		return vietnamese.Period(strconv.Itoa(y)), true
	}
	return "", false
}

// headBefore are the words of the period just before the report's own.
var headBefore = pattern.New(`\b(?:ky|quy|thang) (?:truoc|lien truoc|truoc lien ke)\b`)

// periodBefore is the period of the same length just before; "" where there is none.
func periodBefore(p vietnamese.Period) vietnamese.Period {
	y, part := p.Year(), p.Part()
	n := atoi(strings.TrimLeft(strings.TrimLeft(part, "HQM"), "0"))
	switch {
	case y == 0 || p.Span():
	case part == "":
		return vietnamese.Period(strconv.Itoa(y - 1))
	case part[0] == 'H' && n == 1:
		return vietnamese.Period(fmt.Sprintf("%d-H2", y-1))
	case part[0] == 'H':
		return vietnamese.Period(fmt.Sprintf("%d-H1", y))
	case part[0] == 'Q' && n == 1:
		return vietnamese.Period(fmt.Sprintf("%d-Q4", y-1))
	case part[0] == 'Q':
		return vietnamese.Period(fmt.Sprintf("%d-Q%d", y, n-1))
	case part[0] == 'M' && n == 1:
		return vietnamese.Period(fmt.Sprintf("%d-M12", y-1))
	case part[0] == 'M':
		return vietnamese.Period(fmt.Sprintf("%d-M%02d", y, n-1))
	}
	return ""
}

var untilMonth = pattern.New(`\bden (?:het |cuoi )?thang\b`)

// markedOld says whether a text marks its figures as superseded: "số liệu cũ", "(cũ)".
func markedOld(s string) bool { return old.get(s) }

var old = remember(saysOld)

func saysOld(s string) bool {
	for _, w := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) }) {
		if w == "cũ" {
			return true
		}
	}
	f := vietnamese.Fold(s)
	return strings.Contains(f, "chua ra soat") || strings.Contains(f, "huy bo so lieu") || strings.Contains(f, "khong su dung")
}

// readMeasure reads a head or a label; base is the report's period. The period of a measure is base
// where the text states none.
func readMeasure(s string, base vietnamese.Period) measure {
	return heads.get(string(base) + "\x00" + s)
}

var heads = remember(func(key string) measure {
	base, s, _ := strings.Cut(key, "\x00")
	return measureOf(s, vietnamese.Period(base))
})

func measureOf(s string, base vietnamese.Period) measure {
	m := measure{kind: Result, period: base, stale: markedOld(s)}
	f := measureText(s)
	bare := strings.TrimSpace(strings.Trim(f, ".:()"))
	if headTotal.MatchString(bare) && bare != "ca nam" || base.Span() && spanTotal.MatchString(bare) {
		m.total, m.known = true, true
		return m
	}
	if left, right, over, ok := twoTimes(f, base); ok {
		m.kind, m.known, m.dated, m.period = Comparison, true, true, left
		m.basis = PreviousPeriod
		if over {
			m.change = formRatio
		}
		if right == inYear(left, left.Year()-1) && !wholeYear(left) {
			m.basis = SamePeriod
		}
		if headChange.MatchString(f) {
			m.change = formChange
		}
		return m
	}
	if doneOver.MatchString(f) || headShare.MatchString(f) && (strings.Contains(f, "%") || headSplit.MatchString(f) || strings.Contains(f, "ty le") || headChange.MatchString(f)) {
		return m.comparison(f, base)
	}
	p, dated := headPeriod(f, base)
	switch {
	case headPlan.MatchString(f):
		m.kind, m.known = Plan, true
		if m.period = p; !dated {
			m.period = wholeYearOf(base)
		}
	case strings.Contains(f, "uoc") && dated && laterThan(p, base):
		m.kind, m.period, m.known = Plan, p, true // expected later than the report's own period
	case dated:
		m.period, m.known = p, true
	case headResult.MatchString(f):
		m.known = true
	}
	m.dated = dated
	return m
}

// besideTimes drops what stands beside the times of a head.
var besideTimes = strings.NewReplacer("thuc hien", "", "uoc", "", "tang", "", "giam", "", "ty le", "", "(%)", "", "%", "", "so sanh", "", "+", "", ",", " ")

// twoTimes reads a head that sets two times against each other: "6T 2023/6T 2022", "Quý III so với quý II";
// over tells the first sort.
func twoTimes(f string, base vietnamese.Period) (left, right vietnamese.Period, over, ok bool) {
	f = besideTimes.Replace(f)
	for _, sign := range []string{" so voi ", "/"} {
		for from := 0; ; {
			at := strings.Index(f[from:], sign)
			if at < 0 {
				break
			}
			at += from
			l, r := strings.TrimSpace(f[:at]), strings.TrimSpace(f[at+len(sign):])
			from = at + 1
			if !timeAlone.MatchString(l) || !timeAlone.MatchString(r) || sign == "/" && yearAlone.MatchString(r) && !yearAlone.MatchString(l) {
				continue // "quý III/2021" is one time
			}
			p, ok1 := headPeriod(l, base)
			q, ok2 := headPeriod(r, base)
			if ok1 && ok2 && endMonth(q) < endMonth(p) {
				return p, q, sign == "/", true
			}
		}
	}
	return "", "", false, false
}

// timeAlone is a text of measureText that names a time and nothing else.
var timeAlone = pattern.New(`^\(?(?:\d{1,2} thang(?: dau)?(?: nam)?(?:\s*[/-]?\s*(?:19|20)\d\d)?|quy (?:i|ii|iii|iv|[1-4])(?:\s*[/-]?\s*(?:nam )?(?:19|20)\d\d)?|(?:nam )?(?:19|20)\d\d|(?:thang|t)\s*\d{1,2}(?:\s*[/-]?\s*(?:nam )?(?:19|20)\d\d)?)\)?$`)

func wholeYearOf(p vietnamese.Period) vietnamese.Period {
	if y := p.Year(); y > 0 {
		return vietnamese.Period(strconv.Itoa(y))
	}
	return ""
}

// laterThan says whether a period ends after the report's own.
func laterThan(p, base vietnamese.Period) bool {
	return base != "" && endMonth(p) > endMonth(base)
}

// endMonth counts the headMonths up to the end of a period.
func endMonth(p vietnamese.Period) int {
	s := string(p)
	end := 12
	if len(s) > 5 && s[4] == '-' {
		n, _ := strconv.Atoi(strings.TrimFunc(s[5:], unicode.IsLetter))
		switch {
		case strings.HasPrefix(s[5:], "H"):
			end = 6 * n
		case strings.HasPrefix(s[5:], "Q"):
			end = 3 * n
		default:
			end = n
		}
	}
	return 12*p.Year() + end
}

// attained are the words of a share that can only be one of a plan: "Đạt (%)", "Tỷ lệ đạt".
var attained = pattern.New(`^(?:ty le |muc )?dat(?: duoc)?(?: ty le)?(?: muc)?\s*\(?%?\)?$`)

// comparison reads a head that compares: with the plan, or with another period.
func (m measure) comparison(f string, base vietnamese.Period) measure {
	m.kind, m.known = Comparison, true
	if m.plus = strings.Contains(f, "tuyet doi") || strings.Contains(f, "chenh lech") && !strings.Contains(f, "%") && !strings.Contains(f, "ty le"); m.plus {
		m.vague = true
		return m
	}
	first, second := "", f
	if at := headSplit.FindStringIndex(f); at != nil && at[1] < len(f) {
		first, second = f[:at[0]], f[at[1]:]
	}
	if p, ok := headPeriod(first, base); ok && !strings.Contains(first, "cung ky") {
		m.period, m.dated = p, true
	}
	plan, past := againstPlan.MatchString(second), againstPast.MatchString(second)
	if !plan && !past {
		plan, past = againstPlan.MatchString(f), againstPast.MatchString(f)
	}
	if !plan && !past && attained.MatchString(f) {
		plan = true
	}
	if plan && past && !strings.Contains(second, "cung ky") {
		past = false // "so với kế hoạch năm 2020"
	} else if plan && past {
		plan = againstPlan.FindStringIndex(second)[0] < strings.Index(second, "cung ky")
	}
	switch {
	case plan:
		m.basis = OfPlan
	case past:
		m.basis = pastBasis(second, m.period, base)
		switch {
		case headChange.MatchString(f):
			m.change = formChange
		case headRatio.MatchString(f):
			m.change = formRatio
		}
	default:
		m.vague = true
		if headChange.MatchString(f) {
			m.change = formChange
		}
	}
	return m
}

// pastBasis tells the same months of the year before from the period just before.
func pastBasis(f string, achieved, base vietnamese.Period) Basis {
	if strings.Contains(f, "cung ky") {
		return SamePeriod
	}
	if strings.Contains(f, "ky truoc") || strings.Contains(f, "quy truoc") || strings.Contains(f, "thang truoc") {
		return PreviousPeriod
	}
	p, ok := headPeriod(f, base)
	if !wholeYear(achieved) && ok && (wholeYear(p) || p == inYear(achieved, achieved.Year()-1)) {
		return SamePeriod
	}
	return PreviousPeriod
}
