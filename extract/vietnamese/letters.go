package vietnamese

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// always are letters and signs that files give for others, and that are wrong in any Vietnamese text.
var always = map[rune]string{
	'ı': "i", 'ȷ': "j", 'İ': "I", '⁄': "/", '∕': "/",
	'ƣ': "ư", 'Ƣ': "Ư", 'Ð': "Đ", 'ð': "đ", 'Ɖ': "Đ", 'ﬁ': "fi", 'ﬂ': "fl", 'ﬀ': "ff", 'ﬃ': "ffi", 'ﬄ': "ffl", 'ﬅ': "ft", 'ﬆ': "st",
	'\uF0B7': "•", '\uF0A7': "▪", '\uF0D8': "➢", '\uF0FC': "✓", '\uF076': "❖", '\uF02D': "-", '\u2010': "-", '\u2011': "-",
}

// lookalikes are letters of other alphabets that look like ones of ours; Clean only replaces them inside Latin
// words.
var lookalikes = map[rune]rune{
	// Cyrillic
	'а': 'a', 'е': 'e', 'о': 'o', 'р': 'p', 'с': 'c', 'у': 'y', 'х': 'x', 'і': 'i', 'ѕ': 's', 'ј': 'j', 'һ': 'h', 'ԁ': 'd',
	'А': 'A', 'В': 'B', 'Е': 'E', 'К': 'K', 'М': 'M', 'Н': 'H', 'О': 'O', 'Р': 'P', 'С': 'C', 'Т': 'T', 'У': 'Y', 'Х': 'X', 'І': 'I',
	'ɑ': 'a', 'ɡ': 'g', // of the phonetic alphabet
	// Greek
	'Α': 'A', 'Β': 'B', 'Ε': 'E', 'Ζ': 'Z', 'Η': 'H', 'Ι': 'I', 'Κ': 'K', 'Μ': 'M', 'Ν': 'N', 'Ο': 'O', 'Ρ': 'P', 'Τ': 'T', 'Υ': 'Y', 'Χ': 'X', 'ο': 'o', 'ν': 'v',
}

// Clean gives a word in the one spelling that everything after works on: composed (NFC), ligatures
// and mathematical letters taken apart, look-alike letters replaced, invisible characters dropped,
// exotic hyphens and spaces plain. Superscript figures stay what they are.
func Clean(word string) string {
	plain := true
	for _, r := range word {
		if r >= 0x80 {
			if _, ok := letterOf(r); ok {
				continue
			}
			plain = false
			break
		}
	}
	if plain {
		return word
	}
	latin := false
	for _, r := range word {
		if l, _ := letterOf(r); r < 0x80 && unicode.IsLetter(r) || l.tone != 0 {
			latin = true
		}
	}
	var b strings.Builder
	for _, r := range word {
		switch s, fixed := always[r]; {
		case fixed:
			b.WriteString(s)
		case r == 0xAD || r == 0x200B || r == 0x200C || r == 0x200D || r == 0x2060 || r == 0xFEFF || r >= 0x200E && r <= 0x200F || r >= 0x202A && r <= 0x202E:
		case unicode.Is(unicode.Zs, r):
			b.WriteByte(' ')
		case r >= 0x1D400 && r <= 0x1D7FF || r >= 0xFF01 && r <= 0xFF5E: // mathematical and full-width letters
			b.WriteString(norm.NFKC.String(string(r)))
			latin = true
		case latin && lookalikes[r] != 0:
			b.WriteRune(lookalikes[r])
		default:
			b.WriteRune(r)
		}
	}
	return strings.TrimSpace(composed(b.String()))
}

// composed gives a word in composed letters, also where a tone stands before the mark of its vowel.
func composed(word string) string {
	word = norm.NFC.String(word)
	if !strings.ContainsFunc(word, func(r rune) bool { return r == circumflex || r == breve }) {
		return word
	}
	rs := []rune(norm.NFD.String(word))
	for i := 1; i < len(rs); i++ {
		if (rs[i] == circumflex || rs[i] == breve) && strings.ContainsRune(string([]rune{grave, acute, tilde, hook}), rs[i-1]) {
			rs[i-1], rs[i] = rs[i], rs[i-1]
		}
	}
	return norm.NFC.String(string(rs))
}

// SuperscriptFigures are those from nought to nine.
const SuperscriptFigures = "⁰¹²³⁴⁵⁶⁷⁸⁹"

// Superscript writes figures as superscript ones, so that the mark of a footnote is not read as part
// of a number before it; other text stays.
func Superscript(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			at := 0
			for range r - '0' {
				_, n := utf8.DecodeRuneInString(SuperscriptFigures[at:])
				at += n
			}
			c, _ := utf8.DecodeRuneInString(SuperscriptFigures[at:])
			return c
		}
		return r
	}, s)
}
