package vietnamese

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Encoding is how text of the years before Unicode wrote Vietnamese letters; shown with the wrong
// font its bytes look like letters of Latin-1.
type Encoding string

const (
	Unicode Encoding = ""
	TCVN3   Encoding = "TCVN3" // TCVN 5712:1993, fonts .VnTime and .VnTimeH: one byte per letter
	VNI     Encoding = "VNI"   // fonts VNI-Times: a letter, then a byte for its marks
)

// EncodingOfFont tells the encoding by a font's name, and whether the font shows small letters as
// capitals (.VnTimeH). The name comes without its subset prefix.
func EncodingOfFont(name string) (e Encoding, capitals bool) {
	n := strings.ToLower(strings.TrimLeft(name, ". "))
	switch {
	case strings.HasPrefix(n, "vni"):
		return VNI, false
	case strings.HasPrefix(n, "vn") && (strings.HasPrefix(name, ".") || tcvnFamily(n[2:])):
		base, _, _ := strings.Cut(name, "-")
		base, _, _ = strings.Cut(base, ",")
		return TCVN3, strings.HasSuffix(base, "H")
	}
	return Unicode, false
}

// tcvnFamily says whether what follows "Vn" names one of the TCVN3 families, for fonts whose
// leading dot got lost.
func tcvnFamily(rest string) bool {
	for _, f := range []string{"time", "arial", "avant", "book", "centur", "courier", "commercial", "helve", "memorandum", "park", "present", "universe", "southern", "aristote", "black", "clarendon", "exotic", "free", "gothic", "kool", "lucida", "monotype", "mystical", "shelley", "teknical", "vogue", "bodoni", "unitime", "3dh", "linus", "revue", "stamp", "tifani"} {
		if strings.HasPrefix(rest, f) {
			return true
		}
	}
	return false
}

// tcvn3 maps the letters of Latin-1 that TCVN3 bytes are shown as. Capitals with tones are not in
// the standard's upper half: a capitals font shows the small ones.
var tcvn3 = func() map[rune]rune {
	m := map[rune]rune{}
	add := func(from rune, to string) {
		for _, r := range to {
			m[from] = r
			from++
		}
	}
	add(0xA1, "ĂÂÊÔƠƯĐăâêôơưđ")
	add(0xB5, "àảãáạ")
	add(0xBB, "ằẳẵắ")
	add(0xC6, "ặầẩẫấậè")
	add(0xCE, "ẻẽéẹềểễếệìỉ")
	add(0xDC, "ĩíịò")
	add(0xE1, "ỏõóọồổỗốộờởỡớợù")
	add(0xF1, "ủũúụừửữứựỳỷỹýỵ")
	// What other programs make of the same bytes.
	m['μ'] = 'à'      // Greek mu for the micro sign
	m['\u2212'] = 'ư' // minus for the soft hyphen
	m['\u2219'] = 'ã' // bullet operator for the middle dot
	m['\u02D9'] = 'ã'
	m['\u02C9'] = 'đ' // modifier macron for the macron
	return m
}()

// vniMarks are the second bytes of VNI: the marks they put on the letter before.
var vniMarks = map[rune]string{
	'ø': "\u0300", 'ù': "\u0301", 'û': "\u0309", 'õ': "\u0303", 'ï': "\u0323",
	'â': "\u0302", 'à': "\u0302\u0300", 'á': "\u0302\u0301", 'å': "\u0302\u0309", 'ã': "\u0302\u0303", 'ä': "\u0302\u0323",
	'ê': "\u0306", 'è': "\u0306\u0300", 'é': "\u0306\u0301", 'ú': "\u0306\u0309", 'ü': "\u0306\u0303", 'ë': "\u0306\u0323",
}

// vniLetters are the letters that VNI writes with one byte.
var vniLetters = map[rune]rune{
	'ì': 'ì', 'í': 'í', 'æ': 'ỉ', 'ó': 'ĩ', 'ò': 'ị', 'ô': 'ơ', 'ö': 'ư', 'î': 'ỵ', 'ñ': 'đ',
	'Ì': 'Ì', 'Í': 'Í', 'Æ': 'Ỉ', 'Ó': 'Ĩ', 'Ò': 'Ị', 'Ô': 'Ơ', 'Ö': 'Ư', 'Î': 'Ỵ', 'Ñ': 'Đ',
}

// Decode turns text whose bytes were shown as Latin-1 into Unicode (NFC). Text of one run: a mark of
// VNI belongs to the letter before it.
func (e Encoding) Decode(s string) string {
	switch e {
	case TCVN3:
		return strings.Map(func(r rune) rune {
			if to, ok := tcvn3[r]; ok {
				return to
			}
			return r
		}, s)
	case VNI:
		var b strings.Builder
		b.Grow(len(s) + len(s)/4)
		last := rune(0)
		for _, r := range s {
			lower := unicode.ToLower(r)
			marks, ok := vniMarks[lower]
			switch {
			case ok && strings.ContainsRune("aeouyôöAEOUYÔÖ", last) && last != 0:
				b.WriteString(marks)
			case vniLetters[r] != 0:
				b.WriteRune(vniLetters[r])
			default:
				b.WriteRune(r)
			}
			last = r
		}
		return norm.NFC.String(b.String())
	}
	return s
}

// Legacy says whether a text has letters that only a legacy encoding would give; a quick look
// before Guess.
func Legacy(s string) bool {
	odd, vietnamese := 0, 0
	for _, r := range s {
		switch {
		case r < 0xA1:
		case r <= 0xFF:
			odd++
		case r >= 0x1EA0 && r <= 0x1EF9, r == 'đ', r == 'ư', r == 'ơ', r == 'ă', r == 'Đ', r == 'Ư', r == 'Ơ', r == 'Ă':
			vietnamese++
		}
	}
	return odd > 2*vietnamese && odd >= 3
}

// Guess tells the encoding of a text by how it scores read as each; Unicode where none is clearly
// better.
func Guess(s string) Encoding {
	if !Legacy(s) {
		return Unicode
	}
	best, score := Unicode, Score(s)+0.15 // another one has to be better by more than chance
	for _, e := range []Encoding{TCVN3, VNI} {
		if got := Score(e.Decode(s)); got > score {
			best, score = e, got
		}
	}
	return best
}

// GuessBeside is Guess for a piece of text that stands among others in encoding e: a word or two in
// another font ("B¸O C¸O") say too little by themselves.
func GuessBeside(s string, e Encoding) Encoding {
	if got := Guess(s); got != Unicode || e == Unicode {
		return got
	}
	odd := strings.ContainsFunc(s, func(r rune) bool { return r >= 0xA1 && r <= 0xFF })
	if odd && Score(e.Decode(s)) > Score(s)+0.1 {
		return e
	}
	return Unicode
}

// MendCaps writes words of capitals in which a converter left the letters with accents small
// ("NGàNH", "CôNG") in capitals throughout. A word with a single plain capital follows its
// neighbours ("Và" between such words).
func MendCaps(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf && unicode.IsLower(r) }) {
		return s
	}
	words := strings.Split(s, " ")
	kind := make([]int, len(words)) // 1 mended or capitals, 2 follows its neighbours
	changed := false
	for i, w := range words {
		upper, asciiLower, markedLower := 0, 0, 0
		for _, r := range w {
			switch {
			case unicode.IsUpper(r):
				upper++
			case 'a' <= r && r <= 'z':
				asciiLower++
			case unicode.IsLower(r):
				markedLower++
			}
		}
		switch {
		case asciiLower > 0 || upper+markedLower == 0:
		case upper >= 2:
			kind[i] = 1
			if markedLower > 0 {
				words[i], changed = strings.ToUpper(w), true
			}
		case markedLower > 0:
			kind[i] = 2
		}
	}
	at := func(i int) int {
		if i < 0 || i >= len(kind) {
			return 0
		}
		return kind[i]
	}
	for i, k := range kind {
		if k == 2 && changed && (at(i-1) == 1 || at(i+1) == 1) {
			words[i] = strings.ToUpper(words[i])
		}
	}
	if !changed {
		return s
	}
	return strings.Join(words, " ")
}

// withHorn are words of reports that are read with the lost ư although they could be read without.
var withHorn = map[string]string{
	"ngời": "người", "dới": "dưới", "lới": "lưới", "tơi": "tươi", "cời": "cười", "vợt": "vượt", "lợt": "lượt",
	"vơn": "vươn", "vờn": "vườn", "mợn": "mượn", "cớp": "cướp", "cha": "chưa", "mu": "mưu", "mơi": "mươi", "ơm": "ươm", "lu": "lưu", "u": "ưu",
	"t": "tư", "s": "sư", "c": "cư", "h": "hư", "d": "dư",
}

// unitsOf are words without a vowel that lost none.
var unitsOf = map[string]bool{"đ": true, "trđ": true, "cm": true, "mm": true, "km": true, "dm": true, "nm": true, "kg": true, "mg": true, "ml": true, "kv": true, "kw": true, "mw": true, "tp": true}

// HornLost says whether a text from TCVN3 lost every ư on its way: TCVN3 writes it as a soft hyphen,
// which converters and viewers drop ("đợc" for "được", "nớc" for "nước").
func HornLost(s string) bool {
	if strings.Contains(s, "ư") {
		return false
	}
	sure := 0
	for word := range strings.FieldsFuncSeq(s, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if _, certain := putHorn(strings.ToLower(word)); certain {
			if sure++; sure == 2 {
				return true
			}
		}
	}
	return false
}

// PutHorn puts a lost ư back into a word, with what signs stand around it, where it cannot well be
// anything else.
func PutHorn(word string) string {
	start := strings.IndexFunc(word, unicode.IsLetter)
	if start < 0 {
		return word
	}
	end := start + strings.IndexFunc(word[start:]+" ", func(r rune) bool { return !unicode.IsLetter(r) })
	core := word[start:end]
	lower := strings.ToLower(core)
	to, _ := putHorn(lower)
	if to == lower {
		return word
	}
	if n := utf8.RuneCountInString(core); n <= 2 && (strings.HasPrefix(word[end:], ".") || core == strings.ToUpper(core)) {
		return word // an abbreviation
	}
	first, _ := utf8.DecodeRuneInString(core)
	switch {
	case core == lower:
	case core == strings.ToUpper(core):
		to = strings.ToUpper(to)
	case unicode.IsUpper(first):
		r, n := utf8.DecodeRuneInString(to)
		to = string(unicode.ToUpper(r)) + to[n:]
	}
	return word[:start] + to + word[end:]
}

// putHorn gives a word, in small letters, with its ư; certain where it is no syllable without.
func putHorn(word string) (string, bool) {
	if to, ok := withHorn[word]; ok {
		return to, false
	}
	if Syllable(word) || unitsOf[word] {
		return word, false
	}
	for i, r := range word {
		if l, _ := letterOf(r); l.vowel == 'ơ' {
			if to := word[:i] + "ư" + word[i:]; Syllable(to) {
				return to, true
			}
		}
	}
	// No vowel at all: "nh", "nhng", "hng".
	if strings.ContainsFunc(word, func(r rune) bool {
		l, ok := letterOf(r)
		return ok && strings.IndexByte("aeiouy", l.base) >= 0
	}) {
		return word, false
	}
	for _, onset := range onsets {
		if rest, ok := strings.CutPrefix(word, onset); ok {
			if to := onset + "ư" + rest; len(onset)+len(rest) > 1 && Syllable(to) {
				return to, len(rest) > 0
			}
		}
	}
	return word, false
}
