package vietnamese

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// The tones as combining marks, and the marks that make another vowel of one.
const (
	grave, acute, tilde, hook, dot = '\u0300', '\u0301', '\u0303', '\u0309', '\u0323'
	circumflex, breve, horn        = '\u0302', '\u0306', '\u031B'
)

// letter is a Vietnamese letter taken apart: ASCII base, the vowel without its tone, and the tone
// (0 for none), all in lower case.
type letter struct {
	base  byte
	vowel rune
	tone  rune
}

// letters takes apart every Vietnamese letter of both cases, also đ, at its rune: every letter of a text
// is looked up. Others have no base.
var letters = func() (list [0x1F00]letter) {
	list['đ'], list['Đ'] = letter{'d', 'đ', 0}, letter{'d', 'đ', 0}
	tones := []rune{0, grave, acute, tilde, hook, dot}
	for _, row := range []struct {
		base byte
		all  string // without a tone, then with each
	}{
		{'a', "aàáãảạAÀÁÃẢẠ"},
		{'a', "ăằắẵẳặĂẰẮẴẲẶ"},
		{'a', "âầấẫẩậÂẦẤẪẨẬ"},
		{'e', "eèéẽẻẹEÈÉẼẺẸ"},
		{'e', "êềếễểệÊỀẾỄỂỆ"},
		{'i', "iìíĩỉịIÌÍĨỈỊ"},
		{'o', "oòóõỏọOÒÓÕỎỌ"},
		{'o', "ôồốỗổộÔỒỐỖỔỘ"},
		{'o', "ơờớỡởợƠỜỚỠỞỢ"},
		{'u', "uùúũủụUÙÚŨỦỤ"},
		{'u', "ưừứữửựƯỪỨỮỬỰ"},
		{'y', "yỳýỹỷỵYỲÝỸỶỴ"},
	} {
		vowel, _ := utf8.DecodeRuneInString(row.all)
		i := 0
		for _, r := range row.all {
			list[r] = letter{row.base, vowel, tones[i%len(tones)]}
			i++
		}
	}
	return list
}()

// letterOf takes a Vietnamese letter apart.
func letterOf(r rune) (letter, bool) {
	if r < 0 || int(r) >= len(letters) {
		return letter{}, false
	}
	return letters[r], letters[r].base != 0
}

// Fold gives text for matching: lower case, without marks, đ as d. "Đặng Thuỷ" and "dang thuy" fold
// alike, whatever the tone's place and whether the text is composed. Its length in bytes differs
// from the text's; FoldMap says where each byte comes from.
func Fold(s string) string {
	folded, _ := fold(s, false)
	return folded
}

// FoldMap folds like Fold and gives for each byte of the result, and for its end, the offset in s
// where what it stands for starts.
func FoldMap(s string) (string, []int) {
	return fold(s, true)
}

func fold(s string, mapped bool) (string, []int) {
	var b strings.Builder
	b.Grow(len(s))
	var from []int
	if mapped {
		from = make([]int, 0, len(s)+1)
	}
	for i, r := range s {
		before := b.Len()
		switch {
		case r < utf8.RuneSelf:
			c := byte(r)
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			b.WriteByte(c)
		case int(r) < len(letters) && letters[r].base != 0:
			b.WriteByte(letters[r].base)
		case unicode.Is(unicode.Mn, r):
		default:
			for _, d := range norm.NFD.String(string(unicode.ToLower(r))) {
				if !unicode.Is(unicode.Mn, d) {
					b.WriteRune(d)
				}
			}
		}
		if mapped {
			for range b.Len() - before {
				from = append(from, i)
			}
		}
	}
	if mapped {
		from = append(from, len(s))
	}
	return b.String(), from
}

// FoldTone writes each syllable with its tone where the older spelling puts it ("hoà" → "hòa",
// "thuỷ" → "thủy"), so that both spellings match while all marks count. The rest stays; the result
// is composed (NFC) and has as many letters as the composed text.
func FoldTone(s string) string {
	s = norm.NFC.String(s)
	if !strings.ContainsFunc(s, func(r rune) bool {
		l, _ := letterOf(r)
		return l.tone != 0 && (l.vowel == 'a' || l.vowel == 'e' || l.vowel == 'y')
	}) {
		return s // only these may be the second of two vowels
	}
	rs := []rune(s)
	for i := 1; i < len(rs); i++ {
		second, ok := letterOf(rs[i])
		if !ok || second.tone == 0 || i+1 < len(rs) && unicode.IsLetter(rs[i+1]) {
			continue // only open syllables have two spellings
		}
		first, _ := letterOf(rs[i-1])
		pair := first.tone == 0 && (first.vowel == 'o' && (second.vowel == 'a' || second.vowel == 'e') ||
			first.vowel == 'u' && second.vowel == 'y')
		if !pair || i >= 2 && unicode.ToLower(rs[i-2]) == 'q' {
			continue
		}
		rs[i-1] = withTone(rs[i-1], second.tone)
		rs[i] = withoutTone(rs[i])
	}
	return string(rs)
}

func withTone(r, tone rune) rune {
	c, _ := utf8.DecodeRuneInString(norm.NFC.String(string(r) + string(tone)))
	return c
}

func withoutTone(r rune) rune {
	l, _ := letterOf(r)
	if unicode.IsUpper(r) {
		return unicode.ToUpper(l.vowel)
	}
	return l.vowel
}
