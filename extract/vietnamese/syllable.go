package vietnamese

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// onsets are the consonants a syllable may start with, longest first.
var onsets = strings.Fields("ngh ch gh gi kh ng nh ph qu th tr b c d đ g h k l m n p r s t v x")

// rimes are what may follow the onset, without the tone. Those that end in c, ch, p or t take only
// the tones sắc and nặng.
var rimes = func() map[string]bool {
	m := map[string]bool{}
	for _, r := range strings.Fields(`
		a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
		e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
		i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
		o oc oi om on ong op ot ooc oong oa oac oach oai oam oan oang oanh oao oap oat oay
		oăc oăm oăn oăng oăt oe oem oen oeo oet ô ôc ôi ôm ôn ông ôp ôt ôông ơ ơi ơm ơn ơp ơt
		u ua uc ui um un ung up ut uân uâng uât uây uê uêch uên uênh uôc uôi uôm uôn uông uôt uơ
		uy uya uych uyên uyêt uyn uynh uyp uyt uyu ư ưa ưc ưi ưm ưn ưng ưt ưu
		ươc ươi ươm ươn ương ươp ươt ươu y yêm yên yêng yêt yêu`) {
		m[r] = true
	}
	return m
}()

// Syllable says whether a word could be a Vietnamese syllable, of either case and either place of
// the tone. Composed letters (NFC) are expected.
func Syllable(word string) bool {
	var buf [12]byte // "nghuyêng", the longest one, has 9 bytes
	b := buf[:0]
	tones, tone := 0, rune(0)
	for _, r := range word {
		if len(b) > 9 {
			return false
		}
		switch {
		case 'a' <= r && r <= 'z':
			b = append(b, byte(r))
		case 'A' <= r && r <= 'Z':
			b = append(b, byte(r)+'a'-'A')
		default:
			l, ok := letterOf(r)
			if !ok {
				return false
			}
			if l.tone != 0 {
				tones, tone = tones+1, l.tone
			}
			b = utf8.AppendRune(b, l.vowel)
		}
	}
	if len(b) == 0 || tones > 1 {
		return false
	}
	s := string(b)
	for _, onset := range onsets {
		rest, ok := strings.CutPrefix(s, onset)
		if !ok {
			continue
		}
		if rime(rest, tone) || onset == "qu" && (rime("u"+rest, tone) || rest == "yên" || rest == "yêt" || rest == "yt" || rest == "ynh") ||
			onset == "gi" && (rest == "" || rime("i"+rest, tone)) {
			return true
		}
	}
	return rime(s, tone)
}

func rime(s string, tone rune) bool {
	if !rimes[s] {
		return false
	}
	switch s[len(s)-1] {
	case 'c', 'p', 't':
		return tone == acute || tone == dot
	case 'h':
		return !strings.HasSuffix(s, "ch") || tone == acute || tone == dot
	}
	return true
}

// WrongWords is the share of a text's words that hold a letter no Vietnamese word has beside letters
// that it may have: U+FFFD, or one that a font's broken map gives ("trißu" for "triệu"). Bullets that
// no map knows stand alone and do not count, nor do a few foreign names: below wrongFew it is 0.
func WrongWords(text string) float64 {
	const wrongFew = 5
	words, wrong := 0, 0
	for word := range strings.FieldsSeq(text) {
		right, odd := false, false
		for _, r := range word {
			if r == unicode.ReplacementChar || strings.ContainsRune("ßÞþÿÐðøØåÅæÆœŒçÇñÑëïöüäËÏÖÜÄ¿¡", r) {
				odd = true
			} else if unicode.IsLetter(r) {
				right = true
			}
		}
		if right {
			words++
			if odd {
				wrong++
			}
		}
	}
	if wrong < wrongFew {
		return 0
	}
	return float64(wrong) / float64(words)
}

// Score says how plausible a text is as Vietnamese, 0 to 1: the share of its letters that stand in
// words that could be syllables, abbreviations or names. Letters that no font should give, such as
// U+FFFD and the private area, count as wrong ones. A text without letters or figures scores 0;
// below 0.5 a text is not to be trusted.
func Score(text string) float64 {
	var good, all, figures float64
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case wordRune(r):
			j, count := i, 0
			for j < len(text) {
				r, n := utf8.DecodeRuneInString(text[j:])
				if !wordRune(r) {
					break
				}
				j += n
				count++
			}
			all += float64(count)
			good += float64(count) * plausible(text[i:j], count)
			i = j
			continue
		case unicode.IsDigit(r):
			figures++
		case r == unicode.ReplacementChar || r >= 0xE000 && r <= 0xF8FF || r >= 0xF0000 || r < ' ' && r != '\n' && r != '\t' && r != '\f':
			all++
		case r >= utf8.RuneSelf && unicode.IsSymbol(r), r >= 0xA1 && r <= 0xBF && r != '«' && r != '»' && r != '°' && r != '·' && r != '²' && r != '³' && r != '¹':
			all += 0.5 // signs among words: a legacy encoding, or a font that lies
		}
		i += n
	}
	if all == 0 {
		if figures > 0 {
			return 1
		}
		return 0
	}
	return good / all
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.Is(unicode.Mn, r) }

// plausible weighs one word of n letters.
func plausible(word string, n int) float64 {
	if Syllable(word) {
		return 1
	}
	ascii, ours, upper, vowels, mixed := true, true, 0, 0, false
	last := 'a'
	consonants, longest := 0, 0
	for i, r := range word {
		if r >= utf8.RuneSelf {
			ascii = false
		}
		if unicode.IsUpper(r) {
			upper++
			mixed = mixed || i > 0 && unicode.IsLower(last)
		}
		b := byte(unicode.ToLower(r))
		if l, ok := letterOf(r); ok {
			b = l.base
		} else if r >= utf8.RuneSelf {
			ours = false
		}
		if strings.IndexByte("aeiouy", b) >= 0 {
			vowels++
			consonants = 0
		} else {
			consonants++
			longest = max(longest, consonants)
		}
		last = r
	}
	switch {
	case !ours:
		return 0
	case upper == n && n <= 12: // HĐND, KHCN, TCVN, BTTTT
		return 0.9
	case !ascii && upper*2 >= n && n <= 8: // KHCNĐMST, TTg, QĐCP with a small letter
		return 0.6
	case !ascii:
		return 0
	case n == 1: // a unit, the letter of an item
		return 0.7
	case mixed && n > 3 && vowels == 0:
		return 0.2
	case vowels > 0 && longest <= 3 && vowels*4 >= n: // foreign words and names
		return 0.7
	case n <= 3: // ha, km, kg, tr
		return 0.5
	}
	return 0.2
}
