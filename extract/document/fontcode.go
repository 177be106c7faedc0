package document

import (
	"math"
	"strings"
	"unicode/utf8"

	"soket/extract/vietnamese"
)

// fontCodes remembers what the letters of each font stand for.
type fontCodes struct {
	known map[string]fontCode
	last  string
	code  fontCode

	legacy bool // some font of the page is one of TCVN3
	odd    bool // the page has letters that legacy encodings are shown as
}

// fontCode is an encoding, and whether the font shows small letters as capitals.
type fontCode struct {
	encoding vietnamese.Encoding
	capitals bool
}

func (c fontCode) decode(s string) string {
	if c.encoding != vietnamese.Unicode {
		s = c.encoding.Decode(s)
		if c.capitals {
			s = strings.ToUpper(s)
		}
	}
	return vietnamese.Clean(s)
}

func (f *fontCodes) of(font string) fontCode {
	if f.last != font || f.known == nil {
		f.last, f.code = font, f.known[font]
	}
	return f.code
}

// mend puts right what got lost in text from TCVN3: capitals with accents, and every ư.
func (f *fontCodes) mend(rows ...[][]line) {
	if f.odd { // single lines in a font that is not one of theirs by name
		beside := vietnamese.Unicode
		for _, c := range f.known {
			if c.encoding != vietnamese.Unicode {
				beside = c.encoding
			}
		}
		for _, ls := range rows {
			for _, row := range ls {
				for i := range row {
					if e := vietnamese.GuessBeside(row[i].text, beside); e != vietnamese.Unicode {
						row[i].rewrite(e.Decode)
						f.legacy = f.legacy || e == vietnamese.TCVN3
					}
				}
			}
		}
	}
	if !f.legacy {
		return
	}
	var all strings.Builder
	for _, ls := range rows {
		for _, row := range ls {
			for i := range row {
				all.WriteString(row[i].text)
				all.WriteByte('\n')
			}
		}
	}
	lost := vietnamese.HornLost(all.String())
	var above *line
	for _, ls := range rows {
		for _, row := range ls {
			for i := range row {
				l := &row[i]
				if caps := vietnamese.MendCaps(l.text); len(caps) == len(l.text) {
					l.text = caps
				}
				if !lost {
					continue
				}
				// A soft hyphen at the end of a line was printed: "n-" and "ớc" are "nước".
				if above != nil && len(above.words) > 0 && len(l.words) > 0 && (len(l.words) > 1 || len(above.words) > 1) {
					a, b := &above.words[len(above.words)-1], l.words[0]
					if stem, ok := strings.CutSuffix(above.text[a.start:a.end], "-"); ok {
						whole := strings.TrimSuffix(stem, "ư") + "ư" + l.text[b.start:b.end]
						switch {
						case !vietnamese.Syllable(strings.TrimRight(strings.ToLower(whole), ".,;:)")):
						case len(l.words) > 1:
							above.text = above.text[:a.start] + whole
							a.end = int32(len(above.text))
							l.words = l.words[1:]
						default: // the word is all that the line has
							above.text = strings.TrimRight(above.text[:a.start], " ")
							above.words = above.words[:len(above.words)-1]
							l.text = l.text[:b.start] + whole
							l.words[0].end = int32(len(l.text))
						}
					}
				}
				l.rewrite(vietnamese.PutHorn)
				above = l
			}
		}
	}
}

// learn decides on the fonts of a page: by name, and where that says nothing by how the text in
// that font scores.
func (f *fontCodes) learn(glyphs []Glyph) {
	known := map[string]fontCode{}
	var odd map[string][]byte // texts of the fonts in doubt
	var font string
	var code fontCode
	seen := false
	for i := range glyphs {
		g := &glyphs[i]
		if !seen || g.Font != font {
			font, seen = g.Font, true
			var ok bool
			if code, ok = known[font]; !ok {
				code.encoding, code.capitals = vietnamese.EncodingOfFont(font)
				known[font] = code
			}
		}
		if code.encoding != vietnamese.Unicode || len(g.Text) != 2 {
			continue
		}
		if r, _ := utf8.DecodeRuneInString(g.Text); r >= 0xA1 && r <= 0xFF {
			if odd == nil {
				odd = map[string][]byte{}
			}
			if _, ok := odd[font]; !ok {
				odd[font] = nil
			}
		}
	}
	f.odd = odd != nil
	if odd != nil {
		var before *Glyph
		for i := range glyphs {
			g := &glyphs[i]
			text, ok := odd[g.Font]
			if !ok || len(text) > 4000 {
				continue
			}
			if before != nil && (math.Abs(before.Y-g.Y) > 1 || g.X-before.X-before.Width > wordGap*g.Size) {
				text = append(text, ' ')
			}
			odd[g.Font] = append(text, g.Text...)
			before = g
		}
		for font, text := range odd {
			if e := vietnamese.Guess(string(text)); e != vietnamese.Unicode {
				known[font] = fontCode{encoding: e}
			}
		}
	}
	f.known, f.last, f.code = known, "", known[""]
	f.legacy = false
	for _, c := range known {
		f.legacy = f.legacy || c.encoding == vietnamese.TCVN3
	}
}
