package indicator

import (
	"fmt"
	"strings"

	"soket/extract/document"
	"soket/extract/pattern"
	"soket/extract/vietnamese"
)

var titleDates = pattern.New(`(?i)(?:ngay|tu|den|truoc)\s+(?:ngay\s+)?\d{1,2}(?:[/.-]| thang )\d{1,2}(?:(?:[/.-]| nam )\d{4})?|\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|so\s*:?\s*\d+\s*/[^\s;]*`)

// titlePeriod reads the period of a caption: the first line that states one.
func titlePeriod(title string, base vietnamese.Period) (vietnamese.Period, bool) {
	lines := strings.Split(title, "; ")
	ranged := vietnamese.Period("")
	for i := len(lines) - 1; i >= 0; i-- { // the nearest line above the table first
		if p, ok := rangePeriod(vietnamese.Fold(lines[i])); ok {
			ranged = p
		} else if p, ok := untilPeriod(vietnamese.Fold(lines[i])); ok && ranged == "" {
			ranged = p
		}
		f := titleDates.ReplaceAllString(measureText(lines[i]), " ")
		if at := strings.Index(f, "(ban hanh"); at > 20 {
			f = f[:at] // what the rest says is another document's
		} else if at := strings.Index(f, "(kem theo"); at > 20 {
			f = f[:at]
		}
		if strings.Contains(f, "kem theo") || strings.Contains(f, "kem bao cao") || strings.Contains(f, "ban hanh") || strings.Contains(f, "quyet dinh") || strings.Contains(f, "thong tu") {
			continue
		}
		if at := strings.Index(f, "du kien"); at > 0 {
			f = f[:at] // "kết quả 6 tháng đầu năm, dự kiến 6 tháng cuối năm"
		}
		if at := strings.Index(f, "ke hoach"); at > 12 {
			if _, before := headPeriod(f[:at], ""); before || !strings.Contains(f[:at], "thuc hien") {
				f = f[:at]
			}
		}
		if m := wholeTitleYear.FindStringSubmatch(f); m == nil && !headQuarter.MatchString(f) && !headMonths.MatchString(f) && !headMonth.MatchString(f) {
			continue
		}
		if headQuarter.MatchString(f) && headMonths.MatchString(f) { // "quý III và 9 tháng": about the longer
			f = headQuarter.ReplaceAllString(f, " ")
		}
		if headQuarter.MatchString(f) && strings.Contains(f, "ca nam") {
			f = headQuarter.ReplaceAllString(f, " ")
		}
		if p, ok := headPeriod(f, base); ok {
			if strings.Contains(string(p), "/") { // "giai đoạn 2018 - 2022": reported in its last year
				p = wholeYearOf(p)
				// "giai đoạn 2019 - 2022 và 6 tháng đầu năm 2023": on the last of them
				if _, rest, ok := strings.Cut(f, " va "); ok {
					if q, ok := headPeriod(rest, base); ok && !strings.Contains(string(q), "/") && endMonth(q) > endMonth(p) {
						p = q
					}
				}
			}
			return p, true
		}
	}
	return ranged, ranged != ""
}

var dateRange = pattern.New(`tu\s+(?:ngay\s+)?(\d{1,2})[/-](\d{1,2})(?:[/-](\d{4}))?\s+den\s+(?:het\s+)?(?:ngay\s+)?(\d{1,2})[/-](\d{1,2})(?:[/-]|\s+nam\s+)(\d{4})`)

// rangePeriod reads a period from its first and last day. Half-yearly reports run from the middle
// of December to the middle of June.
func rangePeriod(f string) (vietnamese.Period, bool) {
	m := dateRange.FindStringSubmatch(f)
	if m == nil {
		return "", false
	}
	from, to, year := atoi(m[2]), atoi(m[5]), atoi(m[6])
	if atoi(m[1]) > 10 { // a period that begins late in a month is named after the next one
		from = from%12 + 1
	}
	if atoi(m[4]) < 10 {
		to--
	}
	switch {
	case to < from || to < 1 || to > 12:
		return "", false
	case from == 1:
		return vietnamese.MonthsOf(year, to), true
	case from == to:
		return vietnamese.Period(fmt.Sprintf("%d-M%02d", year, to)), true
	case to-from == 2 && to%3 == 0:
		return vietnamese.Period(fmt.Sprintf("%d-Q%d", year, to/3)), true
	case from == 7 && to == 12:
		return vietnamese.Period(fmt.Sprintf("%d-H2", year)), true
	}
	return "", false
}

var cutOff = pattern.New(`(?:so lieu|tinh|cap nhat|luy ke)\s+(?:tinh )?den\s+(?:het )?(?:ngay )?(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})`)

// untilPeriod reads a period from its last day alone: "Số liệu tính đến 15/6/2022" is of the half year.
func untilPeriod(f string) (vietnamese.Period, bool) {
	m := cutOff.FindStringSubmatch(f)
	if m == nil {
		return "", false
	}
	month := atoi(m[2])
	if atoi(m[1]) < 10 {
		month--
	}
	if month < 1 || month > 12 {
		return "", false
	}
	return vietnamese.MonthsOf(atoi(m[3]), month), true
}

var wholeTitleYear = pattern.New(`(?:^|[^/\d])((?:19|20)\d\d)(?:$|[^/\d])`)

// opensPlan is a caption that begins with plans, whatever its columns hold.
var opensPlan = pattern.New(`^\W*(?:(?:[a-d]|[ivx]+|\d+|bieu \S+|phu luc \S+)[.):]\s*)?(?:ke hoach|du kien|muc tieu|chi tieu)\b`)

// planTitle says whether a caption announces plans alone.
func planTitle(title string) bool {
	f := measureText(title)
	at := headPlan.FindStringIndex(f)
	return at != nil && !headResult.MatchString(f) && !strings.Contains(f, "tinh hinh") && !headShare.MatchString(f)
}

func unitInTable(t *document.Table) tableUnit {
	if u := readUnit(t.Unit); u.known {
		return u
	}
	lines := strings.Split(t.Title, "; ")
	for _, m := range bracketed.FindAllStringSubmatch(lines[len(lines)-1], -1) {
		if u := readUnit(m[1]); u.known && u.kind == moneyUnit { // "C. Kinh phí (triệu đồng)"
			return u
		}
	}
	return tableUnit{}
}
