package pattern

import (
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"
)

// most is how many words a set may have: looking for more is no longer cheap.
const most = 64

// known is what is known of whatever an expression matches. A set of words says that one of them
// stands there; nil is an unknown one.
type known struct {
	all                []string // it is one of these
	front, back, inner []string // it begins with, ends with, holds one of these
}

var nothing = []string{""}

func exactly(set []string) known { return known{set, set, set, set} }

func learn(re *syntax.Regexp) known {
	switch re.Op {
	case syntax.OpEmptyMatch, syntax.OpBeginText, syntax.OpEndText, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return exactly(nothing)
	case syntax.OpLiteral:
		if re.Flags&syntax.FoldCase == 0 {
			return exactly([]string{string(re.Rune)})
		}
		cases := nothing // of the first letters: those of all would be too many
		for _, r := range re.Rune[:min(3, len(re.Rune))] {
			var set []string
			for f := r; ; {
				set = append(set, string(f))
				if f = unicode.SimpleFold(f); f == r {
					break
				}
			}
			cases = cross(cases, set)
		}
		return known{front: cases, inner: cases}
	case syntax.OpCharClass:
		var set []string
		for i := 0; i < len(re.Rune); i += 2 {
			if re.Rune[i+1]-re.Rune[i] > 4 || len(set) > 4 {
				return known{}
			}
			for r := re.Rune[i]; r <= re.Rune[i+1]; r++ {
				set = append(set, string(r))
			}
		}
		return exactly(set)
	case syntax.OpCapture:
		return learn(re.Sub[0])
	case syntax.OpQuest:
		if k := learn(re.Sub[0]); k.all != nil && len(k.all) < most {
			return exactly(append([]string{""}, k.all...))
		}
	case syntax.OpPlus:
		k := learn(re.Sub[0])
		k.all = nil
		return k
	case syntax.OpRepeat:
		if re.Min > 0 {
			k := learn(re.Sub[0])
			k.all = nil
			return k
		}
	case syntax.OpAlternate:
		k := exactly([]string{})
		for _, sub := range re.Sub {
			s := learn(sub)
			k.all, k.front, k.back, k.inner = union(k.all, s.all), union(k.front, s.front), union(k.back, s.back), union(k.inner, better(s.inner, s.all))
		}
		return k
	case syntax.OpConcat:
		return sequence(re.Sub)
	}
	return known{}
}

func sequence(subs []*syntax.Regexp) (k known) {
	run, whole := nothing, true // what stands in a row, from the beginning on
	end := func(set []string) {
		if whole {
			k.front, whole = set, false
		}
		k.inner = better(k.inner, set)
	}
	for _, sub := range subs {
		s := learn(sub)
		if both := cross(run, s.all); both != nil {
			run = both
			continue
		}
		if both := cross(run, s.front); both != nil {
			run = both
		}
		end(run)
		k.inner = better(k.inner, s.inner)
		if run = s.back; run == nil {
			run = nothing
		}
	}
	if whole {
		return exactly(run)
	}
	end(run)
	k.back = run
	return k
}

// cross puts each word of one set before each of another; nil where there is no other or it would be
// too many.
func cross(a, b []string) (all []string) {
	if b == nil || len(a)*len(b) > most {
		return nil
	}
	for _, x := range a {
		for _, y := range b {
			all = append(all, x+y)
		}
	}
	return all
}

func union(a, b []string) []string {
	if a == nil || b == nil || len(a)+len(b) > 2*most {
		return nil
	}
	return append(slices.Clip(a), b...)
}

// better chooses the set that fewer texts hold a word of: the one whose shortest word is longer.
func better(a, b []string) []string {
	if worth(b) > worth(a) {
		return b
	}
	return a
}

func worth(set []string) int {
	if len(set) == 0 {
		return 0
	}
	short := shortest(set)
	if short == 1 && slices.Contains(set, " ") {
		return 0
	}
	return 16*min(short, 8) - len(set)/4
}

func shortest(set []string) int {
	return len(slices.MinFunc(set, func(a, b string) int { return len(a) - len(b) }))
}

// edge tells whether all that an expression matches has an assertion at its beginning (0) or end (-1).
func edge(re *syntax.Regexp, op syntax.Op, at int) bool {
	switch re.Op {
	case op:
		return true
	case syntax.OpCapture:
		return edge(re.Sub[0], op, at)
	case syntax.OpConcat:
		return edge(re.Sub[(at+len(re.Sub))%len(re.Sub)], op, at)
	case syntax.OpAlternate:
		return !slices.ContainsFunc(re.Sub, func(s *syntax.Regexp) bool { return !edge(s, op, at) })
	}
	return false
}

// holds tells whether an assertion stands anywhere in an expression.
func holds(re *syntax.Regexp, ops ...syntax.Op) bool {
	return slices.Contains(ops, re.Op) || slices.ContainsFunc(re.Sub, func(s *syntax.Regexp) bool { return holds(s, ops...) })
}

// starts tells whether an assertion may be the first thing of a match.
func starts(re *syntax.Regexp, op syntax.Op) bool {
	if re.Op != syntax.OpConcat {
		return re.Op == op || slices.ContainsFunc(re.Sub, func(s *syntax.Regexp) bool { return starts(s, op) })
	}
	for _, s := range re.Sub {
		if starts(s, op) {
			return true
		}
		if k := learn(s); k.front == nil && !solid(s) || slices.Contains(k.front, "") {
			continue // it may be empty
		}
		return false
	}
	return false
}

// solid tells whether an expression without known words always matches at least one letter.
func solid(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL, syntax.OpLiteral:
		return true
	case syntax.OpCapture, syntax.OpPlus:
		return solid(re.Sub[0])
	}
	return false
}

// words is a set of words to look for in texts, none of them empty.
type words struct {
	list []string
	// In the first bytes of a word, by place, the groups of words that have a byte there: a place of a
	// text where no group has all three is passed over.
	groups [3][256]uint8
	of     [8][]string
	short  int
}

// useful sorts a set of words to look for; nil where it says nothing.
func useful(set []string) []string {
	if worth(set) <= 0 {
		return nil
	}
	set = slices.Clone(set)
	slices.Sort(set)
	return slices.Compact(set)
}

// newWords makes a useful set ready; nil of none.
func newWords(set []string) *words {
	if set == nil {
		return nil
	}
	w := &words{list: set}
	w.short = shortest(w.list)
	for i, s := range w.list {
		g := i * len(w.of) / len(w.list)
		w.of[g] = append(w.of[g], s)
		for k := range w.groups {
			if k < w.short {
				w.groups[k][s[k]] |= 1 << g
			}
		}
	}
	return w
}

// index gives the first place where one of the words stands; -1 where none does.
func (w *words) index(s string) int {
	if len(w.list) == 1 {
		return strings.Index(s, w.list[0])
	}
	for i := 0; i+w.short <= len(s); i++ {
		if w.groups[0][s[i]] != 0 && w.begin(s[i:]) {
			return i
		}
	}
	return -1
}

// begin tells whether a text begins with one of the words.
func (w *words) begin(s string) bool {
	if len(s) < w.short {
		return false
	}
	g := w.groups[0][s[0]]
	if w.short > 1 {
		g &= w.groups[1][s[1]]
	}
	if w.short > 2 {
		g &= w.groups[2][s[2]]
	}
	for i := 0; g != 0; i, g = i+1, g>>1 {
		if g&1 == 0 {
			continue
		}
		for _, x := range w.of[i] {
			if strings.HasPrefix(s, x) {
				return true
			}
		}
	}
	return false
}

// end tells whether a text ends with one of the words.
func (w *words) end(s string) bool {
	for _, x := range w.list {
		if strings.HasSuffix(s, x) {
			return true
		}
	}
	return false
}
