package indicator

import (
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"soket/extract/pattern"
	"soket/extract/vietnamese"
)

// token is one word, number or mark of a text. Words are folded; an abbreviation stands as the
// words it means, all at its own place.
type token struct {
	s    string  // folded; for marks the mark itself
	raw  string  // as printed
	acc  string  // a word with its marks, lower case, tones placed the old way; empty for an abbreviation
	kind byte    // 'w' word, 'n' number in digits, 'p' mark
	v    float64 // of a number
	a, b int     // bytes in the text
	seen bool    // recognised from a picture: its marks may be wrong
}

// shortWord is an abbreviation of prose: what it means, folded, and what instead after some words.
type shortWord struct {
	short   string
	long    []string
	instead []insteadWord
}

type insteadWord struct {
	after string
	long  []string
}

// shortWords are the abbreviations of prose (words.yaml, made into made.go) by their letters in lower case,
// with đ, else without.
var shortWords = sync.OnceValue(func() map[string]*shortWord {
	out := make(map[string]*shortWord, len(madeWords))
	for i := range madeWords {
		out[madeWords[i].short] = &madeWords[i]
	}
	return out
})

// mixed tells whether a word has small letters, as an abbreviation mostly has not.
func mixed(word string) bool {
	return strings.IndexFunc(word, unicode.IsLower) >= 0 && !strings.Contains(word, "&")
}

// spelled gives what an abbreviation means after the words before it; nil where it is none.
func spelled(word string, before []token) []string {
	_, first := utf8.DecodeRuneInString(word)
	if second, _ := utf8.DecodeRuneInString(word[first:]); unicode.IsLower(second) {
		return nil // nearly all words: an abbreviation begins with two capitals or an &
	}
	key := strings.ToLower(word)
	if mixed(word) {
		if word == key {
			return nil // "da" is no "DA"
		}
		key = word // a word, unless it is written so: "TTr"
	}
	w := shortWords()[key]
	if w == nil && key != word {
		w = shortWords()[vietnamese.Fold(word)]
	}
	if w == nil {
		return nil
	}
	for _, x := range w.instead {
		if len(before) > 0 && before[len(before)-1].s == x.after {
			return x.long
		}
	}
	return w.long
}

var numPattern = pattern.New(`^(?:\d{1,3}(?:[ \x{a0}\x{202f}]\d{3})+\b(?:,\d+)?|\d+(?:[.,]\d+)*)`)

// tokens cuts a text.
func tokens(text string) []token {
	list := make([]token, 0, len(text)/5+4) // a word has four or five bytes and a space
	for i := 0; i < len(text); {
		rest := text[i:]
		if m := numAt(rest); m != "" {
			v, ok := number(m)
			// Digits grown together with letters are a name (QCVN16, 2D), unless they are a unit.
			t := token{s: m, raw: m, kind: 'n', v: v, a: i, b: i + len(m)}
			if !ok {
				t.kind = 'w'
			}
			list = append(list, t)
			i += len(m)
			continue
		}
		if m := wordAt(rest); m != "" {
			if long := spelled(m, list); long != nil {
				for _, w := range long {
					list = append(list, token{s: w, raw: m, kind: 'w', a: i, b: i + len(m)})
				}
			} else {
				w := spellings.get(m)
				list = append(list, token{s: w.folded, raw: m, acc: w.marked, kind: 'w', a: i, b: i + len(m)})
			}
			i += len(m)
			continue
		}
		r, n := utf8.DecodeRuneInString(rest)
		if !unicode.IsSpace(r) {
			s := string(r)
			switch r {
			case '–', '—', '−':
				s = "-"
			case '“', '”', '"':
				s = `"`
			}
			list = append(list, token{s: s, raw: rest[:n], kind: 'p', a: i, b: i + n})
		}
		i += n
	}
	// "khoa hoc va cong nghe" is one name in two spellings.
	out := list[:0]
	before := [2]string{} // out takes the place of list
	for i, t := range list {
		past := before
		before = [2]string{t.s, before[0]}
		if t.s == "va" && past == [2]string{"hoc", "khoa"} && i+2 < len(list) && list[i+1].s == "cong" && list[i+2].s == "nghe" {
			continue
		}
		out = append(out, t)
	}
	return out
}

// numAt gives the number at the start of a text. What a look at the first byte tells is not asked of the
// pattern: a reading cuts the whole catalogue, and half its time went there.
func numAt(s string) string {
	if s[0] < '0' || s[0] > '9' {
		return ""
	}
	return numPattern.FindString(s)
}

// wordAt gives the word at the start of a text: a letter, then letters and digits, and what an abbreviation
// joins to them: "KH&CN", "KH-CN".
func wordAt(s string) string {
	end := lettersAt(s, true)
	for end > 0 {
		rest := s[end:]
		if and, ok := strings.CutPrefix(rest, "&"); ok {
			if n := lettersAt(and, false); n > 0 {
				end += 1 + n
				continue
			}
		}
		past, ok := strings.CutPrefix(rest, "-CN")
		if next, _ := utf8.DecodeRuneInString(past); !ok || unicode.IsLetter(next) || unicode.IsDigit(next) {
			break
		}
		end += len("-CN")
	}
	return s[:end]
}

// lettersAt counts the bytes of letters at the start of a text, and of digits after the first.
func lettersAt(s string, digits bool) int {
	for i, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsMark(r) && (i == 0 || !digits || r < '0' || r > '9') {
			return i
		}
	}
	return len(s)
}

// groupSpace takes out the spaces that group thousands in some hands: "4 286".
var groupSpace = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "")

// number reads digits as Vietnamese offices write them: dots or spaces group thousands, a comma
// begins the decimals.
func number(s string) (float64, bool) {
	s = groupSpace.Replace(s)
	whole, frac, decimal := strings.Cut(s, ",")
	if strings.Contains(frac, ",") || strings.Contains(frac, ".") {
		return 0, false
	}
	parts := strings.Split(whole, ".")
	for i, p := range parts {
		if i > 0 && len(p) != 3 || i == 0 && len(parts) > 1 && len(p) > 3 {
			return 0, false
		}
	}
	digits := strings.Join(parts, "")
	if decimal {
		digits += "." + frac
	}
	v, err := strconv.ParseFloat(digits, 64)
	return v, err == nil
}

// digitWords are those of numbers below a hundred; they count only where a counted noun follows.
var digitWords = map[string]float64{"mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10}

// spoken reads a number in words from i on and says how many tokens it takes.
func spoken(ts []token, i int) (v float64, n int) {
	word := func(k int) (float64, bool) {
		if k >= len(ts) || ts[k].kind != 'w' {
			return 0, false
		}
		d, ok := digitWords[ts[k].s]
		return d, ok
	}
	d, ok := word(i)
	if !ok {
		return 0, 0
	}
	if ts[i].s == "muoi" {
		if u, ok := word(i + 1); ok && u < 10 {
			return 10 + u, 2
		}
		return 10, 1
	}
	if i+1 < len(ts) && (ts[i+1].s == "muoi" || ts[i+1].s == "chuc") {
		if u, ok := word(i + 2); ok && u < 10 && ts[i+1].s == "muoi" {
			return d*10 + u, 3
		}
		return d * 10, 2
	}
	return d, 1
}
