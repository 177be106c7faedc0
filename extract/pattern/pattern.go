// Package pattern matches regular expressions as package regexp does, and is cheap where a text has
// none of the words that a match must hold: most texts have none of most patterns. An expression is
// compiled when it is first needed, for a reading needs a part of them only.
package pattern

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"
)

// Pattern is an expression of package regexp. Its methods give what those of regexp.Regexp give.
type Pattern struct {
	expr  string
	learn sync.Once
	need  *words // one of these stands in whatever matches; nil: not known
	first *words // whatever matches begins with one of these; nil: not known
	bound bool   // and with the beginning of a word
	head  *words // a text in which something matches begins with one of these; nil: not known
	tail  *words // … ends with one of these
	build sync.Once
	re    *regexp.Regexp // matches at the beginning of a text where first is known
}

// New makes a pattern. A wrong expression panics when it is first used.
func New(expr string) *Pattern {
	p := &Pattern{expr: expr}
	made.Lock()
	made.all = append(made.all, p)
	made.Unlock()
	return p
}

// made are the patterns of this program: few and for good, as those that New makes are variables.
var made struct {
	sync.Mutex
	all []*Pattern
}

func (p *Pattern) literals() { p.learn.Do(p.study) }

func (p *Pattern) regexp() *regexp.Regexp {
	p.build.Do(func() {
		if expr := p.expr; p.first != nil {
			p.re = regexp.MustCompile(`\A(?:` + expr + `)`)
		} else {
			p.re = regexp.MustCompile(expr)
		}
	})
	return p.re
}

// ruledOut tells whether a look at the words is enough: nothing matches.
func (p *Pattern) ruledOut(s string) bool {
	p.literals()
	return p.head != nil && !p.head.begin(s) || p.tail != nil && !p.tail.end(s) || p.need != nil && p.need.index(s) < 0
}

// place gives the first place at or after another where a match may begin; -1: none. It is for patterns
// whose first words are known.
func (p *Pattern) place(s string, from int) int {
	for from < len(s) {
		at := p.first.index(s[from:])
		if at < 0 {
			break
		}
		if at += from; !p.bound || at == 0 || !wordByte(s[at-1]) {
			return at
		}
		from = at + 1
	}
	return -1
}

// find gives the first match at or after a place as regexp does, with its groups.
func (p *Pattern) find(s string, from int) []int {
	for at := p.place(s, from); at >= 0; at = p.place(s, at+1) {
		if m := p.regexp().FindStringSubmatchIndex(s[at:]); m != nil {
			for i := range m {
				if m[i] >= 0 {
					m[i] += at
				}
			}
			return m
		}
	}
	return nil
}

func wordByte(b byte) bool {
	return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || '0' <= b && b <= '9' || b == '_'
}

// MatchString tells whether something in s matches.
func (p *Pattern) MatchString(s string) bool {
	if p.ruledOut(s) {
		return false
	}
	if p.first == nil {
		return p.regexp().MatchString(s)
	}
	for at := p.place(s, 0); at >= 0; at = p.place(s, at+1) {
		if p.regexp().MatchString(s[at:]) {
			return true
		}
	}
	return false
}

// FindStringSubmatchIndex gives the places of the first match and its groups.
func (p *Pattern) FindStringSubmatchIndex(s string) []int {
	if p.ruledOut(s) {
		return nil
	}
	if p.first == nil {
		return p.regexp().FindStringSubmatchIndex(s)
	}
	return p.find(s, 0)
}

// FindStringIndex gives the place of the first match.
func (p *Pattern) FindStringIndex(s string) []int {
	if m := p.FindStringSubmatchIndex(s); m != nil {
		return m[:2]
	}
	return nil
}

// FindString gives the first match.
func (p *Pattern) FindString(s string) string {
	if m := p.FindStringSubmatchIndex(s); m != nil {
		return s[m[0]:m[1]]
	}
	return ""
}

// FindStringSubmatch gives the first match and its groups.
func (p *Pattern) FindStringSubmatch(s string) []string {
	return groups(s, p.FindStringSubmatchIndex(s))
}

func groups(s string, m []int) []string {
	if m == nil {
		return nil
	}
	list := make([]string, len(m)/2)
	for i := range list {
		if m[2*i] >= 0 {
			list[i] = s[m[2*i]:m[2*i+1]]
		}
	}
	return list
}

// FindAllStringSubmatchIndex gives the places of at most n matches that follow each other, and of
// their groups; of all where n is less than 0.
func (p *Pattern) FindAllStringSubmatchIndex(s string, n int) (all [][]int) {
	if p.ruledOut(s) {
		return nil
	}
	if p.first == nil {
		return p.regexp().FindAllStringSubmatchIndex(s, n)
	}
	for at := 0; n < 0 || len(all) < n; {
		m := p.find(s, at)
		if m == nil {
			break
		}
		all, at = append(all, m), m[1] // never empty: it begins with a word of first
	}
	return all
}

// FindAllStringIndex does so without the groups.
func (p *Pattern) FindAllStringIndex(s string, n int) (all [][]int) {
	for _, m := range p.FindAllStringSubmatchIndex(s, n) {
		all = append(all, m[:2])
	}
	return all
}

// FindAllString gives at most n matches that follow each other.
func (p *Pattern) FindAllString(s string, n int) (all []string) {
	for _, m := range p.FindAllStringSubmatchIndex(s, n) {
		all = append(all, s[m[0]:m[1]])
	}
	return all
}

// FindAllStringSubmatch does so with their groups.
func (p *Pattern) FindAllStringSubmatch(s string, n int) (all [][]string) {
	for _, m := range p.FindAllStringSubmatchIndex(s, n) {
		all = append(all, groups(s, m))
	}
	return all
}

// ReplaceAllString puts a template in place of every match.
func (p *Pattern) ReplaceAllString(s, with string) string {
	if p.ruledOut(s) {
		return s
	}
	if p.first == nil {
		return p.regexp().ReplaceAllString(s, with)
	}
	return p.replace(s, func(out []byte, m []int) []byte { return p.regexp().ExpandString(out, with, s, m) })
}

// ReplaceAllStringFunc puts what a function makes of it in place of every match.
func (p *Pattern) ReplaceAllStringFunc(s string, with func(string) string) string {
	if p.ruledOut(s) {
		return s
	}
	if p.first == nil {
		return p.regexp().ReplaceAllStringFunc(s, with)
	}
	return p.replace(s, func(out []byte, m []int) []byte { return append(out, with(s[m[0]:m[1]])...) })
}

// replace puts something in place of every match.
func (p *Pattern) replace(s string, put func(out []byte, match []int) []byte) string {
	var out []byte
	done := 0
	for _, m := range p.FindAllStringSubmatchIndex(s, -1) {
		out = put(append(out, s[done:m[0]]...), m)
		done = m[1]
	}
	if done == 0 {
		return s
	}
	return string(append(out, s[done:]...))
}

// needs are the words that matches of an expression must hold; see Pattern.
type needs struct {
	expr                    string
	need, first, head, tail []string
	bound                   bool
}

// study finds what a match must hold.
func (p *Pattern) study() {
	n := needs{expr: p.expr}
	if i, found := slices.BinarySearchFunc(learned, p.expr, func(n needs, expr string) int { return strings.Compare(n.expr, expr) }); found {
		n = learned[i]
	} else {
		n.study()
	}
	p.need, p.first, p.head, p.tail, p.bound = newWords(n.need), newWords(n.first), newWords(n.head), newWords(n.tail), n.bound
}

func (n *needs) study() {
	re, err := syntax.Parse(n.expr, syntax.Perl)
	if err != nil {
		panic("pattern " + n.expr + ": " + err.Error())
	}
	k := learn(re)
	n.need = useful(better(k.inner, k.all))
	switch {
	case edge(re, syntax.OpBeginText, 0):
		n.head = useful(k.front)
	case holds(re, syntax.OpBeginText, syntax.OpBeginLine, syntax.OpNoWordBoundary):
	case edge(re, syntax.OpWordBoundary, 0) && !slices.ContainsFunc(k.front, func(w string) bool { return w == "" || !wordByte(w[0]) }):
		n.first, n.bound = useful(k.front), true
	case !starts(re, syntax.OpWordBoundary):
		n.first = useful(k.front)
	}
	if edge(re, syntax.OpEndText, -1) {
		n.tail = useful(k.back)
	}
	if slices.Equal(n.need, n.first) {
		n.need = nil
	}
}

// Table is the source of learned.go for the patterns of this program: what their matches must hold, which
// every process would otherwise parse them for. A pattern that is not in it is parsed.
func Table() []byte {
	made.Lock()
	defer made.Unlock()
	var all []needs
	for _, p := range made.all {
		n := needs{expr: p.expr}
		n.study()
		all = append(all, n)
	}
	slices.SortFunc(all, func(a, b needs) int { return strings.Compare(a.expr, b.expr) })
	all = slices.CompactFunc(all, func(a, b needs) bool { return a.expr == b.expr })
	b := []byte("// Code generated by go test ./extract -run TestLearned -update; DO NOT EDIT.\n\npackage pattern\n\n// learned is what matches of the patterns must hold, by their expressions.\nvar learned = []needs{\n")
	for _, n := range all {
		b = fmt.Appendf(b, "\t{expr: %q", n.expr)
		for _, list := range []struct {
			name string
			set  []string
		}{{"need", n.need}, {"first", n.first}, {"head", n.head}, {"tail", n.tail}} {
			if list.set != nil {
				b = fmt.Appendf(b, ", %s: %#v", list.name, list.set)
			}
		}
		if n.bound {
			b = append(b, ", bound: true"...)
		}
		b = append(b, "},\n"...)
	}
	return append(b, "}\n"...)
}
