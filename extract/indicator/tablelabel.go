package indicator

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"soket/extract/pattern"
	"soket/extract/vietnamese"
)

// unitKind is what sort of figure a unit makes: the kinds do not stand for one another.
type unitKind string

const (
	countUnit   unitKind = ""
	moneyUnit   unitKind = "money"
	percentUnit unitKind = "percent"
)

// labelRule says how tables name one indicator; see the head of labels.yaml.
type labelRule struct {
	code string
	unit unitKind
	any  [][]labelGroup
	not  []string
	away []string // from these sections: another indicator's rule speaks there
}

type labelGroup []labelPhrase

// labelPhrase is one alternative of a group; around ones may also stand in the label's context, a
// whole one must be all that the label says, a first one begin it. A single word is compared with its
// marks: "khóa" is no "khoa".
type labelPhrase struct {
	text   string
	marked string
	around bool
	whole  bool
	first  bool
}

// labelText is a text prepared for matching: folded; with its marks; and, folded, what has none. Words stand
// between single spaces.
type labelText struct{ folded, marked, bare string }

func (t labelText) has(p *labelPhrase) bool {
	if p.marked == "" {
		return strings.Contains(t.folded, p.text)
	}
	return strings.Contains(t.marked, p.marked) || strings.Contains(t.bare, p.text)
}

func (t labelText) and(o labelText) labelText {
	return labelText{t.folded + o.folded, t.marked + o.marked, t.bare + o.bare}
}

// labelVeto says that labels which begin with these words, or whose unit does, count something
// else than indicators, but for a few.
type labelVeto struct {
	words []vetoWord
	but   []string
}

// vetoWord is plain; a single word is compared with its marks too: "hộ" is no "hồ sơ".
type vetoWord struct{ plain, marked string }

// labelBook is what labels.yaml says.
type labelBook struct {
	rules         []labelRule
	begins, units []labelVeto
	byWord        map[string][]rulePhrase // phrases by their first words
}

// rulePhrase is a phrase and the number of its rule.
type rulePhrase struct {
	rule   int
	phrase *labelPhrase
}

// labelRules are labels.yaml, made into made.go.
var labelRules = sync.OnceValue(func() labelBook {
	b := labelBook{rules: madeLabels, begins: madeBegins, units: madeUnits, byWord: map[string][]rulePhrase{}}
	for n := range b.rules {
		for _, groups := range b.rules[n].any {
			for _, g := range groups {
				for i := range g {
					word, _, _ := strings.Cut(g[i].text[1:], " ")
					b.byWord[word] = append(b.byWord[word], rulePhrase{n, &g[i]})
				}
			}
		}
	}
	return b
})

// near gives, in their order, the rules of which a phrase stands in a label: no other can hold.
func (b *labelBook) near(own labelText) []int {
	var list []int
	for word := range strings.SplitSeq(own.folded, " ") {
		for _, p := range b.byWord[word] {
			if p.phrase.whole || p.phrase.first || own.has(p.phrase) {
				list = append(list, p.rule)
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// vetoed tells which codes alone a text may stand for that begins so; nil: all. marked is the text
// as printed, empty for a unit: one of a single word must be that word alone.
func vetoed(list []labelVeto, plain, marked string) []string {
	for i := range list {
		for _, w := range list[i].words {
			if strings.HasPrefix(plain, w.plain) && (w.marked == "" || marked == "" && plain == w.plain || slices.Contains(letterWords(vietnamese.FoldTone(strings.ToLower(marked))), w.marked)) {
				return list[i].but
			}
		}
	}
	return nil
}

// letterWords gives the first four words of a text, of letters alone.
func letterWords(s string) []string {
	words := strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) })
	return words[:min(4, len(words))]
}

var (
	andSigns  = pattern.New(`\bkh\s*(?:&amp;|&|-|\bva\b)?\s*cn\b|\bkhoa hoc\s*(?:&|,|-|va)?\s*cong nghe\b`)
	markSigns = pattern.New(`\bkh\s*(?:&amp;|&|-|và)?\s*cn\b|khoa học\s*(?:&|,|-|và)?\s*công nghệ`)
	reAndDev  = pattern.New(`\br\s*&\s*d\b`)
)

// shortForm is an abbreviation of one or more words and what it means, folded and with marks.
type shortForm struct {
	words        []string
	long, marked string
}

// labelShort are the abbreviations of tables (abbreviations.yaml, made into made.go) by their first word,
// longest first.
var labelShort = sync.OnceValue(func() map[string][]shortForm {
	out := map[string][]shortForm{}
	for _, f := range madeShort {
		out[f.words[0]] = append(out[f.words[0]], f)
	}
	return out
})

// labelWords cuts a label into words, figures with what groups them, and the signs that count.
func labelWords(s string) (list []string) {
	digit := func(i int) bool { return i < len(s) && '0' <= s[i] && s[i] <= '9' }
	for i := 0; i < len(s); {
		from := i
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case digit(i):
			for digit(i) || strings.IndexByte(".,/", s[i]) >= 0 && digit(i+1) {
				if i++; i == len(s) {
					break
				}
			}
		case unicode.IsLetter(r) || unicode.IsMark(r):
			for ; unicode.IsLetter(r) || unicode.IsMark(r); r, n = utf8.DecodeRuneInString(s[i:]) {
				i += n
			}
		case r == '%' || r == '+' || r == '-' || r == '=':
			i++
		default:
			i += n
			continue
		}
		list = append(list, s[from:i])
	}
	return list
}

// capitalShort are abbreviations that are words where they are not in capitals.
var capitalShort = pattern.New(`\bDA\b`)

// plainLabel gives a label for matching: folded, abbreviations spelled out, words and figures parted by
// single spaces, without "và" and punctuation.
func plainLabel(s string) string { return strings.TrimSpace(prepare(s).folded) }

// prepare does the same and keeps the marks beside.
func prepare(s string) labelText { return prepared.get(s) }

var prepared = remember(spellLabel)

func spellLabel(s string) labelText {
	m, plainly := s, plainWords(s) && !strings.Contains(s, "kh")
	if !plainly {
		m = spellSigns(s)
	}
	var words, folded []string
	any := false
	for _, w := range labelWords(m) {
		f := spellings.get(w)
		if f.folded == "va" || f.folded == "-" || f.folded == "+" || f.folded == "=" {
			continue
		}
		if plainly {
			w = f.marked
		}
		words, folded = append(words, w), append(folded, f.folded)
		any = any || w != f.folded
	}
	short := labelShort()
	var plain, marked strings.Builder
	plain.WriteByte(' ')
	marked.WriteByte(' ')
next:
	for i := 0; i < len(words); i++ {
		for _, f := range short[folded[i]] {
			if n := len(f.words); i+n <= len(words) && slices.Equal(folded[i:i+n], f.words) {
				plain.WriteString(f.long)
				plain.WriteByte(' ')
				marked.WriteString(f.marked)
				marked.WriteByte(' ')
				i += n - 1
				continue next
			}
		}
		plain.WriteString(folded[i])
		plain.WriteByte(' ')
		marked.WriteString(words[i])
		marked.WriteByte(' ')
	}
	if len(words) == 0 {
		return labelText{folded: " "}
	}
	if !any {
		return labelText{folded: plain.String(), bare: plain.String()}
	}
	return labelText{folded: plain.String(), marked: marked.String()}
}

// spellSigns writes a label in small letters, the tones placed the old way, and what stands for science and
// technology in full.
func spellSigns(s string) string {
	m := strings.ToLower(vietnamese.FoldTone(capitalShort.ReplaceAllString(s, "dự án")))
	m = markSigns.ReplaceAllString(m, " khoa học công nghệ ")
	if strings.Contains(m, "kh") { // without marks, or with other ones
		m = andSigns.ReplaceAllString(m, " khoa hoc cong nghe ")
	}
	m = reAndDev.ReplaceAllString(m, " nghiên cứu phát triển ")
	return m
}

// naming is what stands for an indicator in a table: the label itself, and around it, nearest
// first, what tells it apart.
type naming struct {
	own    string
	unit   string // plain words of its unit
	area   string // a cell beside it that covers several labels: as near as the label
	around []string
}

// emptyWords at the beginning and the end of a label say nothing of what is counted.
var emptyWords = pattern.New(`^(?: (?:tong so|tong cong|tong|so luong|so luot|so|cac|trong do|da|duoc))+ | (?:trong (?:ky|nam|thang|quy)|duoc|cac loai)( $)`)

// match finds the indicator that a label names, and how much of the label its phrases are.
func (n naming) match(kind unitKind) (code string, weight int) {
	w := n.read()
	return w.match(kind)
}

// ownName is a label with its unit, read.
type ownName struct {
	own   labelText
	core  string       // the label without the words that say nothing and without its unit
	rules []*labelRule // that may hold
}

var ownNames = remember(readOwnName)

func readOwnName(key string) (n ownName) {
	book := labelRules()
	unit, label, _ := strings.Cut(key, "\x00")
	own := prepare(alsoWords.ReplaceAllString(label, ""))
	if own.folded == " " {
		return n
	}
	core := emptyWords.ReplaceAllString(own.folded, " $1")
	n.core = " " + strings.TrimSpace(core) + " "
	only := vetoed(book.begins, n.core[1:], label)
	if only == nil && unit != "" {
		only = vetoed(book.units, unit+" ", "")
	}
	if unit != "" {
		own = own.and(labelText{folded: " " + unit + " ", bare: " " + unit + " "})
	}
	n.own = own
	for _, i := range book.near(own) {
		if r := &book.rules[i]; only == nil || slices.Contains(only, r.code) {
			n.rules = append(n.rules, r)
		}
	}
	return n
}

// nameWords is a naming read: what of it does not depend on the kind of unit.
type nameWords struct {
	ownName
	near   string // words of the sections it stands in
	area   labelText
	around []labelText
}

func (n naming) read() nameWords {
	w := nameWords{ownName: ownNames.get(n.unit + "\x00" + n.own)}
	if len(w.rules) == 0 {
		return w
	}
	// Words of a section are those of short lines: a long caption names many things.
	w.area = prepare(n.area)
	w.near = w.area.folded
	w.around = make([]labelText, len(n.around))
	for i, s := range n.around {
		w.around[i] = prepare(s)
		if len(s) < 90 {
			w.near += w.around[i].folded
		}
	}
	return w
}

// match finds the rule of a kind of unit that holds: the nearest context that settles it counts.
func (n *nameWords) match(kind unitKind) (code string, weight int) {
	var may []*labelRule
	for _, r := range n.rules {
		if r.unit == kind && !r.outside(n.near) {
			may = append(may, r)
		}
	}
	if may == nil {
		return "", 0
	}
	about := n.area
	for level := 0; level <= len(n.around); level++ {
		if level > 0 {
			about = about.and(n.around[level-1])
		}
		for _, r := range may {
			if w := r.weight(n.own, n.core, about); w > weight {
				code, weight = r.code, w
			}
		}
		if code != "" {
			return code, weight
		}
	}
	return "", 0
}

// outside tells whether the rule does not speak where these words stand around the label.
func (r *labelRule) outside(near string) bool {
	return slices.ContainsFunc(r.away, func(w string) bool { return strings.Contains(near, w) })
}

// alsoWords open a bracket that only says what a label includes.
var alsoWords = pattern.New(`(?i)\((?:gồm|bao gồm|kể cả|trong đó|cả)\s[^()]*\)`)

// weight is how many letters of the label the rule's phrases cover, 0 where it does not hold. core is
// the label without the words that say nothing and without its unit.
func (r *labelRule) weight(own labelText, core string, context labelText) int {
	for _, n := range r.not {
		if strings.Contains(own.folded, n) {
			return 0
		}
	}
	best := 0
	for _, groups := range r.any {
		sum, here := 0, false
		for _, g := range groups {
			w := 0
			for i := range g {
				p := &g[i]
				switch {
				case p.whole || p.first:
					if core == p.text || p.first && strings.HasPrefix(core, p.text) {
						w, here = max(w, 2*len(p.text)), true
					}
				case own.has(p):
					w, here = max(w, 2*len(p.text)), true
				case p.around && context.has(p):
					w = max(w, len(p.text))
				}
			}
			if w == 0 {
				sum = 0
				break
			}
			sum += w
		}
		if here && sum > best {
			best = sum
		}
	}
	return best
}

// named tells whether a label's own words are among the phrases by which tables name an indicator.
func named(code, label string) bool {
	book := labelRules()
	rules := book.rules
	own := prepare(label)
	for i := range rules {
		if rules[i].code != code {
			continue
		}
		for _, groups := range rules[i].any {
			for _, g := range groups {
				for i := range g {
					if own.has(&g[i]) {
						return true
					}
				}
			}
		}
	}
	return false
}
