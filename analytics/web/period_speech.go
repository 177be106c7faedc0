package web

import (
	"fmt"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"soket/extract/vietnamese"
)

// run is a piece of a sentence; with Href it is a figure that leads to its source.
type run struct {
	Text, Href string
	Note       int // of the numbered sources; 0: none
}

// sentence is what the period says of itself, by a rule.
type sentence struct {
	Rule string // names the rule, for tests and styles
	Runs []run
}

// Text is the sentence without its links.
func (s sentence) Text() string {
	var b strings.Builder
	for _, r := range s.Runs {
		b.WriteString(r.Text)
	}
	return b.String()
}

// speech says figures and sentences in one language.
type speech struct {
	english bool
	word    func(key string, args ...any) (string, error)
	number  func(any) string
	fixed   func(float64) string // with one decimal, for columns
	money   func(float64, string) string
	unit    func(string) string
	over    func(any, float64) string // in a column's unit
	missing *error                    // the first word that was not there
}

func (s *server) speech(lang string) speech {
	f := s.functions(lang)
	return speech{english: lang == "en", word: f["t"].(func(string, ...any) (string, error)), number: f["num"].(func(any) string), fixed: f["fixed"].(func(float64) string),
		money: f["money"].(func(float64, string) string), unit: f["unit"].(func(string) string), over: f["over"].(func(any, float64) string), missing: new(error)}
}

func (p speech) t(key string, args ...any) string {
	text, err := p.word(key, args...)
	if err != nil && *p.missing == nil {
		*p.missing = err
	}
	return text
}

func (p speech) period(x vietnamese.Period) string {
	if p.english {
		return x.English()
	}
	return x.Vietnamese()
}

// value is a figure with its unit: "12 nhiệm vụ", "1,5 tỷ đồng", "85%".
func (p speech) value(v float64, unit string) string {
	if unit == "%" {
		return p.number(round(v, 2)) + "%"
	}
	return p.money(v, unit)
}

// name is an indicator's name in the middle of a sentence: "Nhiệm vụ…" is written small, "GCN…" is not.
func (p speech) name(text string) string {
	first, n := utf8.DecodeRuneInString(text)
	second, _ := utf8.DecodeRuneInString(text[n:])
	if unicode.IsUpper(second) || unicode.IsDigit(second) {
		return text
	}
	return string(unicode.ToLower(first)) + text[n:]
}

// upperFirst is a text as it stands at the start of a line.
func upperFirst(text string) string {
	first, n := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[n:]
}

// fill makes runs of a sentence's form: "{name}: {now}, {move} so với cùng kỳ ({then})".
func fill(form string, parts map[string]run) []run {
	var runs []run
	for form != "" {
		before, rest, ok := strings.Cut(form, "{")
		if before != "" {
			runs = append(runs, run{Text: before})
		}
		if !ok {
			break
		}
		key, after, ok := strings.Cut(rest, "}")
		if !ok {
			panic("a sentence's form lacks a bracket: " + form) // our own words; a test says every sentence
		}
		if r, there := parts[key]; !there {
			panic(fmt.Sprintf("a sentence's form asks for {%s}", key))
		} else if r.Text != "" {
			runs = append(runs, r)
		}
		form = after
	}
	return runs
}

func round(v float64, digits int) float64 {
	p := math.Pow(10, float64(digits))
	return math.Round(v*p) / p
}
