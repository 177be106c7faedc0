package analytics

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"soket/extract/vietnamese"
)

// snippetRunes is how much of a hit's text is shown: about two lines on the page.
const snippetRunes = 240

// Piece is a run of text in a snippet; Mark is set on the words that were asked for.
type Piece struct {
	Text string `json:"text"`
	Mark bool   `json:"mark,omitempty"`
}

// searchTerms splits a query into folded words (those of phrases too) and phrases.
func searchTerms(query string) (words []string, phrases [][]string) {
	query = strings.NewReplacer("“", `"`, "”", `"`).Replace(query)
	for i, part := range strings.Split(query, `"`) {
		list := foldedWords(part)
		words = append(words, list...)
		if i%2 == 1 && len(list) > 1 {
			phrases = append(phrases, list)
		}
	}
	return words, phrases
}

// foldedWords splits as the text index does: at everything but ASCII letters and digits, which is
// all that folding leaves of Vietnamese.
func foldedWords(s string) []string {
	return strings.FieldsFunc(vietnamese.Fold(s), func(r rune) bool {
		return r < utf8.RuneSelf && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}

// spaced folds a text and parts its words by single spaces, as the column folded has it.
func spaced(s string) string {
	b := []byte(" " + vietnamese.Fold(s) + " ")
	n := 0
	for _, c := range b {
		if 'a' <= c && c <= 'z' || '0' <= c && c <= '9' {
			b[n] = c
			n++
		} else if n == 0 || b[n-1] != ' ' {
			b[n] = ' '
			n++
		}
	}
	return string(b[:n])
}

// place is a run of bytes in folded text.
type place struct{ start, end int }

// placesOf finds the words in folded text. Where they stand together as they were asked for, only
// there: a stray word of a phrase is no find.
func placesOf(folded string, words []string, phrases [][]string) []place {
	var all []place // every word of the text
	isWord := func(b byte) bool { return b >= utf8.RuneSelf || unicode.IsLetter(rune(b)) || unicode.IsDigit(rune(b)) }
	for at := 0; at < len(folded); {
		if !isWord(folded[at]) {
			at++
			continue
		}
		end := at
		for end < len(folded) && isWord(folded[end]) {
			end++
		}
		all = append(all, place{at, end})
		at = end
	}
	runs := func(phrase []string) (list []place) {
		for i := 0; i+len(phrase) <= len(all); i++ {
			j := 0
			for j < len(phrase) && folded[all[i+j].start:all[i+j].end] == phrase[j] {
				j++
			}
			if j == len(phrase) {
				list = append(list, all[i:i+j]...)
			}
		}
		return list
	}
	if len(phrases) == 0 && len(words) > 1 {
		if together := runs(words); len(together) > 0 {
			return together
		}
	}
	loose := map[string]bool{}
	var list []place
	for _, w := range words {
		loose[w] = true
	}
	for _, p := range phrases {
		found := runs(p)
		list = append(list, found...)
		for _, w := range p {
			delete(loose, w)
		}
	}
	for _, w := range all {
		if loose[folded[w.start:w.end]] {
			list = append(list, w)
		}
	}
	slices.SortFunc(list, func(a, b place) int { return a.start - b.start })
	return slices.Compact(list)
}

// Highlight cuts a text into pieces with the words of a query marked.
func Highlight(text, query string) (pieces []Piece) {
	words, phrases := searchTerms(query)
	folded, from := vietnamese.FoldMap(text)
	done := 0
	for _, m := range placesOf(folded, words, phrases) {
		s, e := from[m.start], from[m.end]
		if s < done {
			continue
		}
		if s > done {
			pieces = append(pieces, Piece{Text: text[done:s]})
		}
		pieces = append(pieces, Piece{Text: text[s:e], Mark: true})
		done = e
	}
	if done < len(text) {
		pieces = append(pieces, Piece{Text: text[done:]})
	}
	return pieces
}

// snippet is the part of the text around the first match, with the words marked.
func snippet(text string, words []string, phrases [][]string) []Piece {
	folded, from := vietnamese.FoldMap(text)
	marks := placesOf(folded, words, phrases)
	if len(marks) == 0 {
		return []Piece{{Text: clip(text, 0, snippetRunes)}}
	}
	first := marks[0].start
	if len(phrases) > 0 {
		// Where a phrase was asked for, show it and not a word beside it.
		for _, m := range placesOf(folded, phrases[0], phrases[:1]) {
			first = m.start
			break
		}
	}
	// A third of the snippet before the match, from the start of a word.
	start := from[first]
	for n := 0; start > 0 && n < snippetRunes/3; n++ {
		_, size := utf8.DecodeLastRuneInString(text[:start])
		start -= size
	}
	if start > 0 {
		if i := strings.IndexAny(text[start:from[first]+1], " \n"); i >= 0 {
			start += i + 1
		}
	}
	end := start + len(clip(text, start, snippetRunes))
	var pieces []Piece
	add := func(s string, mark bool) {
		if s = strings.ReplaceAll(s, "\n", " "); s != "" {
			pieces = append(pieces, Piece{s, mark})
		}
	}
	if start > 0 {
		add("… ", false)
	}
	done := start
	for _, m := range marks {
		s, e := from[m.start], from[m.end]
		if s < done {
			continue
		}
		if e > end {
			break
		}
		add(text[done:s], false)
		add(text[s:e], true)
		done = e
	}
	add(text[done:end], false)
	if end < len(text) {
		add(" …", false)
	}
	return pieces
}

// clip is the text from an offset on, of at most n runes.
func clip(text string, from, n int) string {
	for i := range text[from:] {
		if n == 0 {
			return text[from : from+i]
		}
		n--
	}
	return text[from:]
}
