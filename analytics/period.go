package analytics

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"soket/extract/vietnamese"
)

// periodParts gives the year in which a period ends and what kind of period it is: year, half,
// quarter, months, month or span; 0 and "" for an unknown one.
func periodParts(p vietnamese.Period) (year uint16, kind string) {
	s := string(p)
	if first, last, ok := strings.Cut(s, "/"); ok && first != "" {
		s, kind = last, "span"
	} else if _, part, ok := strings.Cut(s, "-"); ok {
		switch (part + " ")[0] {
		case ' ':
			return 0, ""
		case 'H':
			kind = "half"
		case 'Q':
			kind = "quarter"
		case 'M':
			kind = "month"
		default:
			kind = "months"
		}
	} else {
		kind = "year"
	}
	if len(s) < 4 {
		return 0, ""
	}
	n, err := strconv.ParseUint(s[:4], 10, 16)
	if err != nil {
		return 0, ""
	}
	return uint16(n), kind
}

// needed lists the periods whose figures the points of the given ones are made of: they themselves,
// the ones they are compared with, and the years and first halves that second halves derive from.
// None gives none, which stands for all.
func needed(periods ...string) []string {
	list := []string{}
	add := func(p string) {
		list = append(list, p)
		if year, ok := strings.CutSuffix(p, "-H2"); ok {
			list = append(list, year, year+"-H1")
		}
	}
	for _, p := range periods {
		add(p)
		year, kind := periodParts(vietnamese.Period(p))
		if kind == "" || kind == "span" {
			continue
		}
		part := p[4:]
		add(fmt.Sprint(year-1, part)) // the same period of last year
		switch kind {
		case "half":
			add(fmt.Sprintf("%d-H1", year))
			add(fmt.Sprintf("%d-H2", year-1))
		case "quarter":
			if n, _ := strconv.Atoi(part[2:]); n > 1 {
				add(fmt.Sprintf("%d-Q%d", year, n-1))
			} else {
				add(fmt.Sprintf("%d-Q4", year-1))
			}
		case "month":
			if n, _ := strconv.Atoi(part[2:]); n > 1 {
				add(fmt.Sprintf("%d-M%02d", year, n-1))
			} else {
				add(fmt.Sprintf("%d-M12", year-1))
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
