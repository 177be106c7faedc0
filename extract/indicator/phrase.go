package indicator

import (
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// phrase is words that follow each other; commas between them do not count. They must be spelt as in
// the catalogue, for "dừng", "dụng" and "đúng" fold to one, as do "mẫu đạt" and "mẫu đất"; where a
// picture was recognised, several words may differ in their marks.
type phrase struct {
	words []string // folded
	acc   []string // with their marks; empty for those of an abbreviation
}

func makePhrase(s string) phrase {
	if plainWords(s) {
		return plainPhrase(s)
	}
	var p phrase
	for _, t := range tokens(s) {
		if t.kind != 'p' {
			p.words = append(p.words, t.s)
			p.acc = append(p.acc, t.acc)
		}
	}
	return p
}

// plainWords tells whether a text is words in small letters between single spaces, of which tokens makes no
// more than these words; nearly all phrases are.
func plainWords(s string) bool {
	space := true
	for _, r := range s {
		switch {
		case r == ' ':
			if space {
				return false
			}
			space = true
		case 'a' <= r && r <= 'z' || r >= 0x80 && unicode.IsLower(r):
			space = false
		default:
			return false
		}
	}
	return !space
}

// plainPhrase is makePhrase of plainWords: it has no numbers, marks or abbreviations.
func plainPhrase(s string) phrase {
	n := strings.Count(s, " ") + 1
	both := make([]string, 2*n)
	p := phrase{both[:0:n], both[n : n : 2*n]}
	for word := range strings.SplitSeq(s, " ") {
		w := spellings.get(word)
		p.words, p.acc = append(p.words, w.folded), append(p.acc, w.marked)
	}
	for i := 2; i+2 < len(p.words); i++ { // as in tokens
		if w := p.words; w[i] == "va" && w[i-1] == "hoc" && w[i-2] == "khoa" && w[i+1] == "cong" && w[i+2] == "nghe" {
			p.words, p.acc = slices.Delete(p.words, i, i+1), slices.Delete(p.acc, i, i+1)
		}
	}
	return p
}

// joints are pairs that offices write with a comma or "và" between and mean as one name: "thanh tra,
// kiểm tra", "tổ chức, cá nhân". Elsewhere a comma parts what it stands between.
var joints = map[[2]string]bool{{"tra", "kiem"}: true, {"chuc", "ca"}: true, {"nhan", "to"}: true, {"nhan", "doanh"}: true, {"tai", "du"}: true, {"tai", "de"}: true, {"an", "de"}: true,
	{"nghi", "hoi"}: true, {"thao", "hoi"}: true, {"tin", "bai"}: true, {"huan", "dao"}: true, {"tao", "tap"}: true, {"nai", "to"}: true, {"chuan", "hop"}: true, {"quy", "hop"}: true,
	{"tuong", "du"}: true, {"che", "giai"}: true, {"thu", "tieu"}: true, {"han", "dung"}: true, {"han", "truoc"}: true, {"truoc", "dung"}: true, {"dung", "truoc"}: true, {"truoc", "va"}: true,
	{"ra", "doan"}: true, {"vien", "chon"}: true, {"chon", "nghiem"}: true, {"van", "tuyen"}: true, {"nghiep", "hop"}: true, {"the", "chung"}: true, {"ung", "chuyen"}: true, {"dung", "chuyen"}: true,
	{"cu", "doi"}: true, {"chinh", "thanh"}: true, {"suat", "chat"}: true, {"xuat", "kinh"}: true, {"ky", "sua"}: true, {"do", "thiet"}: true, {"chi", "ban"}: true, {"hieu", "thuong"}: true, {"so", "ma"}: true, {"can", "huong"}: true, {"van", "huong"}: true, {"dan", "tu"}: true, {"quan", "don"}: true, {"quan", "to"}: true, {"vi", "doanh"}: true, {"vi", "ca"}: true, {"tai", "nhiem"}: true, {"vu", "de"}: true, {"huyen", "thi"}: true, {"huyen", "thanh"}: true, {"xa", "thanh"}: true, {"nghi", "phan"}: true, {"hoa", "dich"}: true, {"pham", "dich"}: true, {"pham", "hang"}: true}

// at tells how many tokens the phrase takes from i on; 0 where it does not stand there.
func (p *phrase) at(ts []token, i int) int {
	start := i
	for k, w := range p.words {
		if k > 0 && i < len(ts) && ts[i].s == "-" {
			i++ // "X-quang"
		}
		if k > 0 && i < len(ts) && (ts[i].s == "," || ts[i].s == "va" && w != "va") && joints[[2]string{p.words[k-1], w}] {
			i++
		}
		if i >= len(ts) || ts[i].s != w || p.acc[k] != "" && ts[i].acc != "" && ts[i].acc != p.acc[k] && !(ts[i].seen && len(p.words) > 1) {
			return 0
		}
		i++
	}
	return i - start
}

// Lists of a rule in which a phrase can stand.
const (
	inNamed = iota
	inCues
	inExcludes
	inNouns
)

// entry is one phrase of one rule, or of an area.
type entry struct {
	text   string
	phrase phrase
	rule   *rule
	list   int
	area   string
}

// spot is where the catalogue has a phrase: the number of the indicator or area, which of its lists, and
// the place in that.
type spot struct{ of, list, n uint16 }

// opening is a first word of phrases, folded, and the phrases that begin with it, in the catalogue's order.
type opening struct {
	word string
	at   []spot
}

// openings are those of texts, by their words.
func openings(texts iter.Seq2[spot, string]) (list []opening) {
	by := map[string][]spot{}
	for at, text := range texts {
		if p := makePhrase(text); len(p.words) > 0 {
			by[p.words[0]] = append(by[p.words[0]], at)
		}
	}
	for _, word := range slices.Sorted(maps.Keys(by)) {
		list = append(list, opening{word, by[word]})
	}
	return list
}

// phrases are entries by the first word of their phrases and by the second. They are made when one asks for
// those that begin so: for most words none does.
type phrases map[string]*branch

// branch is the entries that begin with one word, in their order: all of them; those of one word; and
// with these, by the second word, those that go on with it.
type branch struct {
	at     []spot
	entry  func(spot) entry
	part   sync.Once
	all    []*entry
	single []*entry
	second map[string][]*entry
}

func newPhrases(list []opening, entry func(spot) entry) phrases {
	ps := make(phrases, len(list))
	branches := make([]branch, len(list))
	for i, o := range list {
		branches[i].at, branches[i].entry = o.at, entry
		ps[o.word] = &branches[i]
	}
	return ps
}

func (b *branch) parted() {
	b.second = map[string][]*entry{}
	entries := make([]entry, len(b.at))
	for i, at := range b.at {
		e := &entries[i]
		*e = b.entry(at)
		e.phrase = makePhrase(e.text)
		b.all = append(b.all, e)
		if len(e.phrase.words) == 1 {
			b.single = append(b.single, e)
			for word := range b.second {
				b.second[word] = append(b.second[word], e)
			}
			continue
		}
		word := e.phrase.words[1]
		if b.second[word] == nil {
			b.second[word] = slices.Clone(b.single)
		}
		b.second[word] = append(b.second[word], e)
	}
}

// from gives the entries that may stand at a token.
func (ps phrases) from(ts []token, i int) []*entry {
	b := ps[ts[i].s]
	if b == nil {
		return nil
	}
	switch b.part.Do(b.parted); {
	case i+1 == len(ts):
		return b.single
	}
	switch next := ts[i+1].s; next {
	case "-", ",", "va": // phrase.at may pass over these
		return b.all
	default:
		if list, known := b.second[next]; known {
			return list
		}
		return b.single
	}
}

// hit is a phrase found in a text.
type hit struct {
	i, n int // tokens
	*entry
}

// find gives the phrases of all rules that stand in a text, in one pass over it.
func (r *rules) find(ts []token) []hit {
	var hits []hit
	for i := range ts {
		for _, e := range r.said.from(ts, i) {
			if n := e.phrase.at(ts, i); n > 0 {
				hits = append(hits, hit{i, n, e})
			}
		}
	}
	return hits
}
