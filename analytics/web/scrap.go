package web

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"soket/analytics"
)

// scrap is a piece of a text without pages, with the figure that it proves.
type scrap struct {
	Text  string
	Fact  string // empty: none
	Doubt bool
}

// scrapsOf marks in a text the words that each figure was read from. Of figures of a table the quote is
// made of the row's label and the value, which stand in one line.
func scrapsOf(text string, facts []analytics.Fact, unsure func(analytics.Fact) bool) []scrap {
	type place struct {
		from, to int
		fact     analytics.Fact
	}
	var places []place
	free := func(from, to int) bool {
		return !slices.ContainsFunc(places, func(p place) bool { return from < p.to && p.from < to })
	}
	for _, f := range facts {
		if f.Quote == "" || f.Cell != "" || f.Page > 0 {
			continue
		}
		quote := strings.Trim(f.Quote, "…. ")
		for from := 0; ; {
			i := strings.Index(text[from:], quote)
			if i < 0 {
				break
			}
			if i += from; free(i, i+len(quote)) {
				places = append(places, place{i, i + len(quote), f})
				break
			}
			from = i + 1
		}
		label, value, ok := cutLast(quote, ": ")
		if !ok || len(places) > 0 && places[len(places)-1].fact.No == f.No {
			continue
		}
		at := 0
		for line := range strings.Lines(text) {
			if i := strings.Index(line, label); i >= 0 {
				if j := strings.Index(line[i+len(label):], value); j >= 0 {
					if from := at + i + len(label) + j; free(from, from+len(value)) {
						places = append(places, place{from, from + len(value), f})
						break
					}
				}
			}
			at += len(line)
		}
	}
	slices.SortFunc(places, func(a, b place) int { return cmp.Compare(a.from, b.from) })
	var scraps []scrap
	at := 0
	for _, p := range places {
		if p.from > at {
			scraps = append(scraps, scrap{Text: text[at:p.from]})
		}
		scraps = append(scraps, scrap{text[p.from:p.to], fmt.Sprint(p.fact.No), unsure(p.fact)})
		at = p.to
	}
	return append(scraps, scrap{Text: text[at:]})
}

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}
