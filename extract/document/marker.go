package document

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"soket/extract/pattern"
)

// family is a kind of marker: those of one list or one level of headings.
type family struct {
	kind   rune    // 'P' part, 'I' roman, 'A' capital, '1' number, 'a' small letter, '-', '+', '•' other bullets, 'H' heading without a marker
	depth  int     // numbers: how many, 2 for "1.1"; headings without a marker: rank
	close  byte    // what closes it: '.', ')', '/', 0
	bullet string  // the sign, of '•'
	indent float64 // of an item, points: the same sign further in is a list within the list
}

// deeper is how much further in, in points, an item stands whose list is within another.
const deeper = 9.0

func (f family) same(g family) bool {
	if d := f.indent - g.indent; d > deeper || d < -deeper {
		return false
	}
	f.indent, g.indent = 0, 0
	return f == g
}

var none family

// rank orders the families of headings as official papers use them; 0 where none is fixed.
func (f family) rank() int {
	switch f.kind {
	case 'P':
		return 1
	case 'A':
		return 2
	case 'I':
		return 3
	case '1':
		return 3 + f.depth
	case 'a':
		return 9
	}
	return 0
}

var (
	partMarker   = pattern.New(`^(?:PHẦN|Phần|CHƯƠNG|Chương|MỤC|Mục)\s+(?:THỨ\s+|thứ\s+)?(?:[IVX]+|\d{1,2}|[A-ZĐ]|NHẤT|HAI|BA|TƯ|NĂM|nhất|hai|ba|tư|năm)\s*(?:[.:\-–]|$)`)
	romanMarker  = pattern.New(`^[IVX]{1,5}\s?[.)/]\s*|^[IVX]{1,5}\s*[-–]\s+`)
	letterMarker = pattern.New(`^[A-HK-UĐ]\s?[.)/]\s*|^[A-HK-UĐ]\s+[-–]\s+`)
	numberMarker = pattern.New(`^\(?\d{1,2}((?:\.\d{1,2}){0,4})([.)/]?)\s+|^\d{1,2}((?:\.\d{1,2}){0,4})(?:([.)/])|\s?([-–])\s+)`)
	smallMarker  = pattern.New(`^\(?([a-zđ]{1,2}|[ivx]{1,4})(?:\.\d{1,2})?([.)/])\s*`)
	bullets      = "•●○◦▪■□◼◻▫‣⁃*·∙✓✔❖➢➤►▶→⇒◆◇☐\uF0B7\uF0A7\uF0D8\uF0FC\uF076\uF02D"
)

// splitMarker takes the marker of a heading or an item off the start of a text. Without one the
// family is none and rest is the text.
func splitMarker(text string) (marker, rest string, f family) {
	r, n := utf8.DecodeRuneInString(text)
	if n == 0 {
		return "", text, none
	}
	cut := func(n int, f family) (string, string, family) {
		rest := strings.TrimLeft(text[n:], " ")
		if rest == "" {
			return "", text, none
		}
		return strings.TrimSpace(text[:n]), rest, f
	}
	after := strings.TrimLeft(text[n:], " ")
	next, _ := utf8.DecodeRuneInString(after)
	spaced := len(after) < len(text)-n
	switch {
	case strings.ContainsRune("-–—−", r):
		// A minus stands at a figure; a dash before a figure has a space.
		if !spaced && (unicode.IsDigit(next) || strings.ContainsRune("-–—−", next)) {
			return "", text, none
		}
		return cut(n, family{kind: '-'})
	case r == '+':
		if !spaced && unicode.IsDigit(next) {
			return "", text, none
		}
		return cut(n, family{kind: '+'})
	case strings.ContainsRune(bullets, r):
		return cut(n, family{kind: '•', bullet: string(r)})
	case r == 'o' && spaced && (unicode.IsUpper(next) || unicode.IsDigit(next)):
		return cut(n, family{kind: '•', bullet: "◦"}) // the hollow bullet of a typewriter font
	}
	// Most lines are plain text, and the first letter or the lack of a closing sign near it says so
	// for a tenth of what the patterns cost.
	head := text[:min(len(text), 12)]
	if !strings.ContainsAny(head, ".)/-–") && !strings.ContainsRune("PpCcMm(0123456789", r) {
		return "", text, none
	}
	if strings.ContainsRune("PCM", r) {
		if m := partMarker.FindString(text); m != "" {
			return cut(len(m), family{kind: 'P'})
		}
	}
	if m := romanMarker.FindString(text); m != "" && startsPhrase(text[len(m):]) {
		return cut(len(m), family{kind: 'I'})
	}
	if m := letterMarker.FindString(text); m != "" && startsPhrase(text[len(m):]) {
		return cut(len(m), family{kind: 'A'})
	}
	if m := numberMarker.FindStringSubmatchIndex(text); m != nil {
		dots, closing := group(text, m, 1)+group(text, m, 3), group(text, m, 2)+group(text, m, 4)+group(text, m, 5)
		rest := text[m[1]:]
		first, _ := utf8.DecodeRuneInString(rest)
		deep := 1 + strings.Count(dots, ".")
		ok := unicode.IsLetter(first) || strings.ContainsRune("\"“'(", first)
		if closing == "" { // "1.1 Công tác": only with a capital, or it is a quantity
			ok = deep > 1 && unicode.IsUpper(first)
		}
		if closing == "/" && deep == 1 && unicode.IsDigit(first) {
			ok = false
		}
		if closing == "-" || closing == "–" { // "2- Sở hữu trí tuệ"
			ok, closing = unicode.IsUpper(first), "-"
		}
		if ok {
			f := family{kind: '1', depth: deep}
			if closing == ")" || closing == "/" || closing == "-" {
				f.close = closing[0]
			}
			return cut(m[1], f)
		}
		return "", text, none
	}
	if m := smallMarker.FindStringSubmatchIndex(text); m != nil {
		letters, closing := group(text, m, 1), group(text, m, 2)
		first, _ := utf8.DecodeRuneInString(text[m[1]:])
		single := utf8.RuneCountInString(letters) == 1
		bracket := strings.HasPrefix(text, "(")
		switch {
		case closing == ")" && (unicode.IsLetter(first) || unicode.IsDigit(first) || first == '"' || first == '“') && (single || strings.Trim(letters, "ivx") == ""):
		case closing == "." && single && !bracket && unicode.IsUpper(first):
		case closing == "/" && single && !bracket && unicode.IsUpper(first):
		default:
			return "", text, none
		}
		return cut(m[1], family{kind: 'a', close: closing[0]})
	}
	return "", text, none
}

// startsPhrase says whether what follows a letter and a dot reads as a heading, and not as the rest
// of a name ("V.I. Lê-nin") or of a number.
func startsPhrase(s string) bool {
	r, n := utf8.DecodeRuneInString(s)
	if !unicode.IsLetter(r) && r != '"' && r != '“' {
		return false
	}
	return !strings.HasPrefix(s[n:], ".")
}

func group(s string, m []int, k int) string {
	if m[2*k] < 0 {
		return ""
	}
	return s[m[2*k]:m[2*k+1]]
}

// upperShare is the share of capitals among the letters, 0 without letters.
func upperShare(s string) float64 {
	upper, all := 0, 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			all++
			if unicode.IsUpper(r) {
				upper++
			}
		}
	}
	if all == 0 {
		return 0
	}
	return float64(upper) / float64(all)
}

func letterCount(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}
