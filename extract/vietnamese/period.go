// Package vietnamese reads what Vietnamese reports write: numbers, units, periods, letters with and
// without their marks, and the encodings that came before Unicode.
package vietnamese

import (
	"fmt"
	"strconv"
	"strings"

	"soket/extract/pattern"
)

// Period is a reporting period in its canonical form: "2020", "2020-H1", "2020-H2", "2020-Q1" to
// "2020-Q4", "2020-9M" (the first nine months), "2020-M05" (one month), "2016/2020" (a span of
// years). The empty Period is an unknown one.
type Period string

var canonical = pattern.New(`^(?:((?:19|20)\d\d)(?:-(?:H([12])|Q([1-4])|([1-9]|1[01])M|M(0[1-9]|1[0-2])))?|((?:19|20)\d\d)/((?:19|20)\d\d))$`)

// ParsePeriod checks that s is a canonical period.
func ParsePeriod(s string) (Period, error) {
	m := canonical.FindStringSubmatch(s)
	if m == nil || m[6] != "" && m[6] >= m[7] {
		return "", fmt.Errorf("period %q: want 2020, 2020-H1, 2020-Q3, 2020-9M, 2020-M05 or 2016/2020", s)
	}
	return Period(s), nil
}

var yearDigits = pattern.New(`(?:19|20)\d\d`)

// ReadPeriod reads a period as people write it: in canonical form, or in the words that Vietnamese
// and English make of it, whatever their case.
func ReadPeriod(s string) (Period, error) {
	s = strings.ToLower(strings.Join(strings.Fields(s), " "))
	years := yearDigits.FindAllString(s, -1)
	if len(years) == 0 {
		return ParsePeriod(s)
	}
	all := []string{"", "-h1", "-h2"}
	for i := 1; i <= 12; i++ {
		all = append(all, fmt.Sprintf("-q%d", i), fmt.Sprintf("-%dm", i), fmt.Sprintf("-m%02d", i))
	}
	if len(years) == 2 {
		all = append(all, "/"+years[1])
	}
	for _, part := range all {
		p, err := ParsePeriod(years[0] + strings.ToUpper(part))
		if err != nil {
			continue
		}
		for _, said := range []string{string(p), p.Vietnamese(), strings.Replace(p.Vietnamese(), "–", "-", 1), p.English()} {
			if strings.ToLower(said) == s {
				return p, nil
			}
		}
	}
	return ParsePeriod(s)
}

// Year is the year in which the period ends; 0 for an unknown period.
func (p Period) Year() int {
	s := string(p)
	if _, last, ok := strings.Cut(s, "/"); ok {
		s = last
	}
	if len(s) < 4 {
		return 0
	}
	y, _ := strconv.Atoi(s[:4])
	return y
}

// Part is what follows the year: "H1", "Q3", "9M", "M05"; "" for years and spans.
func (p Period) Part() string {
	_, part, _ := strings.Cut(string(p), "-")
	return part
}

// Span tells whether the period spans several years.
func (p Period) Span() bool { return strings.Contains(string(p), "/") }

// In gives the same part of another year.
func (p Period) In(year int) Period {
	if p == "" || p.Span() {
		return p
	}
	if part := p.Part(); part != "" {
		return Period(strconv.Itoa(year) + "-" + part)
	}
	return Period(strconv.Itoa(year))
}

// LastYear gives the same part of the year before; a span has none.
func (p Period) LastYear() Period {
	if p == "" || p.Span() {
		return ""
	}
	return p.In(p.Year() - 1)
}

// MonthsOf makes the period of the first n months of a year, in canonical form: six are H1, three
// Q1, twelve the year.
func MonthsOf(year, n int) Period {
	switch n {
	case 3:
		return Period(fmt.Sprintf("%d-Q1", year))
	case 6:
		return Period(fmt.Sprintf("%d-H1", year))
	case 12:
		return Period(strconv.Itoa(year))
	}
	return Period(fmt.Sprintf("%d-%dM", year, n))
}

// Vietnamese says the period as an office writes it.
func (p Period) Vietnamese() string {
	m := canonical.FindStringSubmatch(string(p))
	switch {
	case m == nil:
		return string(p)
	case m[6] != "":
		return "giai đoạn " + m[6] + "–" + m[7]
	case m[2] == "1":
		return "6 tháng đầu năm " + m[1]
	case m[2] == "2":
		return "6 tháng cuối năm " + m[1]
	case m[3] != "":
		return "quý " + [...]string{"I", "II", "III", "IV"}[m[3][0]-'1'] + "/" + m[1]
	case m[4] != "":
		return m[4] + " tháng đầu năm " + m[1]
	case m[5] != "":
		return "tháng " + strings.TrimPrefix(m[5], "0") + "/" + m[1]
	}
	return "năm " + m[1]
}

// English says the period in English.
func (p Period) English() string {
	m := canonical.FindStringSubmatch(string(p))
	switch {
	case m == nil:
		return string(p)
	case m[6] != "":
		return m[6] + "–" + m[7]
	case m[2] == "1":
		return "first half of " + m[1]
	case m[2] == "2":
		return "second half of " + m[1]
	case m[3] != "":
		return "Q" + m[3] + " " + m[1]
	case m[4] != "":
		return "first " + m[4] + " months of " + m[1]
	case m[5] != "":
		return [...]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}[num(m[5])-1] + " " + m[1]
	}
	return m[1]
}

func num(s string) int { n, _ := strconv.Atoi(s); return n }
