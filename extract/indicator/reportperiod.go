package indicator

import (
	"fmt"
	"strings"

	"soket/extract/pattern"
	"soket/extract/vietnamese"
)

var (
	pHalf   = pattern.New(`(?:6|06|sau) thang (dau|cuoi) nam|nua (dau|cuoi) nam`)
	pMonths = pattern.New(`\b(\d{1,2}|chin|muoi|muoi mot) thang(?: dau)?(?: nam)?`)
	pQuar   = pattern.New(`quy (iv|iii|ii|i|[1-4])\b`)
	pMonth  = pattern.New(`\bthang (\d{1,2})\b(?:/| nam |, nam )`)
	pYear   = pattern.New(`\bnam (\d{4})\b|/(20\d\d)\b|\b(20\d\d)\b`)
)

// nextWork begins what a report's title says of the time after it.
var nextWork = pattern.New(`[,;]? (?:va )?(?:nhiem vu|phuong huong|ke hoach|chuong trinh|du kien|trong tam|muc tieu)[^,;]*(?:thang|quy|nam|thoi gian)|[,;]? (?:va )?dinh huong[^,;]*(?:giai doan|nam)`)

// shortMonths is "6T/2023", as telegraphic reports write.
var shortMonths = pattern.New(`\b(\d{1,2})t\b`)

// documentPeriod is the period that a report is about: its title says it first, then its opening.
func documentPeriod(title string, opening []string, signed string) vietnamese.Period {
	year := 0
	if len(signed) >= 4 {
		year = atoi(signed[:4])
	}
	for _, s := range append([]string{title}, opening...) {
		f := shortMonths.ReplaceAllString(vietnamese.Fold(s), "$1 thang")
		if years := aYear.FindAllString(f, -1); s == title {
			// "Kết quả tháng 10, nhiệm vụ tháng 11 năm 2022": what is planned next is not what it is about;
			// of "quý III và 9 tháng" it is about the longer.
			for _, loc := range nextWork.FindAllStringIndex(f, -1) {
				if b := f[:loc[0]]; pHalf.MatchString(b) || pMonths.MatchString(b) || pQuar.MatchString(b) || pMonth.MatchString(b+" nam ") || aYear.MatchString(b) {
					f = b
					break
				}
			}
			if len(years) > 0 && aYear.FindString(f) == "" {
				f += " nam " + years[len(years)-1]
			}
			if pQuar.MatchString(f) && pMonths.MatchString(f) {
				f = pQuar.ReplaceAllString(f, "")
			}
			if p := spanOf(f, year); p != "" {
				return p
			}
			f = severalYears.ReplaceAllString(f, "") // of a programme: the report is on a part of it
		}
		if p := periodIn(f, year); p != "" {
			return p
		}
	}
	return ""
}

// severalYears is a span of years that a report reviews.
var severalYears = pattern.New(`(?:giai doan|\b(?:\d+|hai|ba|bon|nam|muoi) nam|\btu nam) ?\(?(\d{4}) ?(?:-|–|den) ?(?:nam )?(\d{4})\b`)

// spanOf is the span of years that a folded title is about: one that has ended when the report is signed
// (0: not said), where the title names no other time.
func spanOf(f string, signed int) vietnamese.Period {
	m := severalYears.FindStringSubmatch(f)
	if m == nil || pHalf.MatchString(f) || pMonths.MatchString(f) || pQuar.MatchString(f) || pMonth.MatchString(f) {
		return ""
	}
	from, to := atoi(m[1]), atoi(m[2])
	if from >= to || signed > 0 && to > signed {
		return ""
	}
	if aYear.MatchString(strings.Replace(f, m[0], "", 1)) {
		return "" // "năm 2020, đánh giá kết quả giai đoạn 2016 - 2020"
	}
	return vietnamese.Period(m[1] + "/" + m[2])
}

// afterDay ends before the month of a date.
var afterDay = pattern.New(`ngay \d+ $`)

// periodIn finds the first period that a folded text names. Its year is the first one after it, for
// a title says "6 tháng đầu năm và nhiệm vụ 6 tháng cuối năm 2018"; else the year given, where it
// is not 0.
func periodIn(f string, signed int) vietnamese.Period {
	if m := interval.FindStringSubmatch(f); m != nil {
		year := atoi(m[4] + m[5])
		from, to := atoi(m[1]), atoi(m[3])
		if (from == 1 || from == 12 && m[2] != "" && atoi(m[2]) == year-1) && to >= 1 && to <= 12 && year > 0 && (to == 12 || to == 6 || to == 9 || to == 3) {
			return vietnamese.MonthsOf(year, to)
		}
	}
	at, part := len(f)+1, ""
	take := func(loc []int, p string) {
		if loc != nil && loc[0] < at {
			at, part = loc[0], p
		}
	}
	if loc := pHalf.FindStringSubmatchIndex(f); loc != nil {
		p := "-H1"
		if strings.Contains(f[loc[0]:loc[1]], "cuoi") {
			p = "-H2"
		}
		take(loc, p)
	}
	for _, loc := range pMonths.FindAllStringSubmatchIndex(f, -1) {
		n := atoi(f[loc[2]:loc[3]])
		switch f[loc[2]:loc[3]] {
		case "chin":
			n = 9
		case "muoi":
			n = 10
		case "muoi mot":
			n = 11
		}
		if n >= 2 && n <= 11 && !strings.HasPrefix(f[loc[1]:], " cuoi") {
			take(loc, strings.TrimPrefix(string(vietnamese.MonthsOf(2000, n)), "2000"))
			break
		}
	}
	if loc := pQuar.FindStringSubmatchIndex(f); loc != nil {
		q := f[loc[2]:loc[3]]
		if n, ok := romans[q]; ok {
			q = n
		}
		take(loc, "-Q"+q)
	}
	if loc := pMonth.FindStringSubmatchIndex(f); loc != nil {
		if n := atoi(f[loc[2]:loc[3]]); n >= 1 && n <= 12 && !strings.HasSuffix(strings.TrimSpace(f[:loc[0]]), "ngay") && !afterDay.MatchString(f[:loc[0]]) {
			take(loc, fmt.Sprintf("-M%02d", n))
		}
	}
	years := pYear.FindAllStringSubmatchIndex(f, -1)
	yearAt := func(m []int) string {
		for k := 2; k < len(m); k += 2 {
			if m[k] >= 0 {
				return f[m[k]:m[k+1]]
			}
		}
		return ""
	}
	if part == "" {
		if len(years) == 0 {
			return ""
		}
		return vietnamese.Period(yearAt(years[0]))
	}
	for _, m := range years {
		if m[0] >= at {
			return vietnamese.Period(yearAt(m) + part)
		}
	}
	if len(years) > 0 {
		return vietnamese.Period(yearAt(years[len(years)-1]) + part)
	}
	if signed > 0 {
		return vietnamese.Period(itoa(signed) + part)
	}
	return ""
}
