package document

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// Names of glyphs that are not a letter with accents, after the Adobe glyph list: what the standard
// encodings and reports use. Letters with accents ("acircumflexacute") are put together by rule.
var glyphNames = func() map[string]rune {
	names := map[string]rune{}
	// The first run covers ASCII from the space on, in order; the second the rest, name by name.
	for i, n := range strings.Fields(`space exclam quotedbl numbersign dollar percent ampersand
		quotesingle parenleft parenright asterisk plus comma hyphen period slash zero one two three
		four five six seven eight nine colon semicolon less equal greater question at`) {
		names[n] = rune(' ' + i)
	}
	for i, n := range strings.Fields(`bracketleft backslash bracketright asciicircum underscore grave`) {
		names[n] = rune('[' + i)
	}
	for i, n := range strings.Fields(`braceleft bar braceright asciitilde`) {
		names[n] = rune('{' + i)
	}
	// ISO 8859-1, 0xA1 to 0xBF; the letters after it are made by rule.
	for i, n := range strings.Fields(`exclamdown cent sterling currency yen brokenbar section dieresis
		copyright ordfeminine guillemotleft logicalnot sfthyphen registered macron degree plusminus
		twosuperior threesuperior acute mu paragraph periodcentered cedilla onesuperior ordmasculine
		guillemotright onequarter onehalf threequarters questiondown`) {
		names[n] = rune(0xA1 + i)
	}
	rest := strings.Fields(`nbspace   nonbreakingspace   quoteleft ‘ quoteright ’ quotedblleft “
		quotedblright ” quotesinglbase ‚ quotedblbase „ guilsinglleft ‹ guilsinglright › endash –
		emdash — bullet • ellipsis … dagger † daggerdbl ‡ perthousand ‰ trademark ™ Euro € fraction ⁄
		florin ƒ fi ﬁ fl ﬂ ff ﬀ ffi ﬃ ffl ﬄ dotlessi ı lslash ł Lslash Ł oslash ø Oslash Ø ae æ AE Æ
		oe œ OE Œ germandbls ß eth ð Eth Ð thorn þ Thorn Þ dcroat đ Dcroat Đ dmacron đ Dmacron Đ
		circumflex ˆ tilde ˜ breve ˘ dotaccent ˙ ring ˚ hungarumlaut ˝ ogonek ˛ caron ˇ
		multiply × divide ÷ minus − notequal ≠ lessequal ≤ greaterequal ≥ approxequal ≈ infinity ∞
		partialdiff ∂ summation ∑ product ∏ radical √ integral ∫ lozenge ◊ equivalence ≡ element ∈
		proportional ∝ similar ∼ therefore ∴ existential ∃ universal ∀ suchthat ∋ asteriskmath ∗
		arrowleft ← arrowup ↑ arrowright → arrowdown ↓ arrowboth ↔ arrowdblright ⇒ arrowdblleft ⇐
		Delta ∆ Omega Ω mu1 µ pi π Alpha Α Beta Β Gamma Γ Epsilon Ε Zeta Ζ Eta Η Theta Θ Iota Ι
		Kappa Κ Lambda Λ Mu Μ Nu Ν Xi Ξ Omicron Ο Pi Π Rho Ρ Sigma Σ Tau Τ Upsilon Υ Phi Φ Chi Χ
		Psi Ψ alpha α beta β gamma γ delta δ epsilon ε zeta ζ eta η theta θ iota ι kappa κ lambda λ
		nu ν xi ξ omicron ο rho ρ sigma1 ς sigma σ tau τ upsilon υ phi φ chi χ psi ψ omega ω theta1 ϑ
		phi1 ϕ dong ₫ numero № onethird ⅓ twothirds ⅔ filledbox ■ H22073 □ H18533 ▪ H18543 ▪ H18551 ▫
		triagrt ► triagdn ▼ triagup ▲ triaglf ◄ circle ○ H18533a ● check ✓ checkmark ✓
		ohorn ơ Ohorn Ơ uhorn ư Uhorn Ư dotlessj ȷ nbspace1   commaaccent , apostrophemod ʼ`)
	for i := 0; i+1 < len(rest); i += 2 {
		names[rest[i]] = []rune(rest[i+1])[0]
	}
	names["nbspace"], names["nonbreakingspace"], names["softhyphen"] = 0xA0, 0xA0, 0xAD
	return names
}()

// Accents as glyph names spell them, with the combining mark each stands for.
var accents = []struct {
	name string
	mark rune
}{
	{"circumflex", 0x302}, {"hungarumlaut", 0x30B}, {"dotbelow", 0x323}, {"hookabove", 0x309},
	{"commaaccent", 0x326}, {"dotaccent", 0x307}, {"dieresis", 0x308}, {"cedilla", 0x327},
	{"macron", 0x304}, {"ogonek", 0x328}, {"grave", 0x300}, {"acute", 0x301}, {"tilde", 0x303},
	{"breve", 0x306}, {"caron", 0x30C}, {"horn", 0x31B}, {"hook", 0x309}, {"ring", 0x30A}, {"dot", 0x323},
}

// glyphText is the Unicode text of a glyph name, empty where the name does not say.
func glyphText(name string) string {
	if base, _, ok := strings.Cut(name, "."); ok { // "a.sc", "one.oldstyle"
		name = base
	}
	switch {
	case name == "":
		return ""
	case len(name) == 1:
		return name
	}
	if r, ok := glyphNames[name]; ok {
		return string(r)
	}
	if first, rest, ok := strings.Cut(name, "_"); ok { // a ligature: "f_i"
		if a, b := glyphText(first), glyphText(rest); a != "" && b != "" {
			return a + b
		}
		return ""
	}
	if hex, ok := strings.CutPrefix(name, "uni"); ok && len(hex) >= 4 && len(hex)%4 == 0 {
		var units []uint16
		for ; hex != ""; hex = hex[4:] {
			n, err := strconv.ParseUint(hex[:4], 16, 16)
			if err != nil {
				return ""
			}
			units = append(units, uint16(n))
		}
		return string(utf16.Decode(units))
	}
	if hex, ok := strings.CutPrefix(name, "u"); ok && len(hex) >= 4 && len(hex) <= 6 {
		if n, err := strconv.ParseUint(hex, 16, 32); err == nil && n <= unicode.MaxRune {
			return string(rune(n))
		}
	}
	// A letter and the accents on it: "acircumflexacute", "Ohorndotbelow".
	letter, marks := name[:1], name[1:]
	if strings.HasPrefix(name, "dotless") {
		return ""
	}
	var out []rune
	for marks != "" {
		found := false
		for _, a := range accents {
			if tail, ok := strings.CutPrefix(marks, a.name); ok {
				out, marks, found = append(out, a.mark), tail, true
				break
			}
		}
		if !found {
			return ""
		}
	}
	if !unicode.IsLetter(rune(letter[0])) {
		return ""
	}
	return norm.NFC.String(letter + string(out))
}

// encoding says for each code of a simple font what text it shows; empty where it says nothing.
type encoding [256]string

var (
	winAnsi  = fromCharmap(charmap.Windows1252)
	macRoman = fromCharmap(charmap.Macintosh)
	standard = func() *encoding {
		var e encoding
		for c := ' '; c <= '~'; c++ {
			e[c] = string(c)
		}
		e['\''], e['`'] = "’", "‘"
		set := func(at int, names string) {
			for i, n := range strings.Fields(names) {
				if n != "-" {
					e[at+i] = glyphText(n)
				}
			}
		}
		set(0xA1, `exclamdown cent sterling fraction yen florin section currency quotesingle
			quotedblleft guillemotleft guilsinglleft guilsinglright fi fl - endash dagger daggerdbl
			periodcentered - paragraph bullet quotesinglbase quotedblbase quotedblright
			guillemotright ellipsis perthousand - questiondown - grave acute circumflex tilde macron
			breve dotaccent dieresis - ring cedilla - hungarumlaut ogonek caron emdash`)
		set(0xE1, `AE - ordfeminine - - - - Lslash Oslash OE ordmasculine - - - - - ae - - -
			dotlessi - - lslash oslash oe germandbls`)
		return &e
	}()
	// The font Symbol's own encoding, as far as reports use it: Greek, signs, the bullet.
	symbol = func() *encoding {
		var e encoding
		for c := ' '; c <= '~'; c++ {
			e[c] = string(c)
		}
		for i, r := range []rune("ΑΒΧ∆ΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ") {
			e['A'+i] = string(r)
		}
		for i, r := range []rune("αβχδεφγηιϕκλμνοπθρστυϖωξψζ") {
			e['a'+i] = string(r)
		}
		e['-'], e['*'], e['@'] = "−", "∗", "≅"
		for c, s := range map[int]string{0xA3: "≤", 0xA5: "∞", 0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°",
			0xB1: "±", 0xB2: "″", 0xB3: "≥", 0xB4: "×", 0xB5: "∝", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBA: "≡", 0xBB: "≈", 0xBC: "…",
			0xDE: "⇒", 0xDC: "⇐", 0xCE: "∈", 0xE5: "∑", 0xD6: "√", 0xA8: "♦"} {
			e[c] = s
		}
		return &e
	}()
	// Wingdings has no letters; these are the signs that lists are marked with.
	wingdings = func() *encoding {
		var e encoding
		for c := range e {
			if c > ' ' {
				e[c] = "•"
			}
		}
		for c, s := range map[int]string{' ': " ", 0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x72: "❒", 0x75: "◆", 0x76: "❖",
			0x9F: "•", 0xA7: "▪", 0xA8: "◻", 0xD8: "➢", 0xE0: "→", 0xE8: "➔", 0xF0: "⇨", 0xFB: "✗", 0xFC: "✓", 0xFE: "☑"} {
			e[c] = s
		}
		return &e
	}()
)

func fromCharmap(m *charmap.Charmap) *encoding {
	var e encoding
	for c := ' '; c < 256; c++ {
		e[c] = string(m.DecodeByte(byte(c)))
	}
	return &e
}

// Widths of the printable ASCII characters in the two proportional families of the standard 14
// fonts, in thousandths of the size: files may leave them out. Other letters take the width of
// their base letter, bold ones are taken as these.
var (
	helveticaWidths = [95]int16{278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
		556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778,
		722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
		333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722,
		500, 500, 500, 334, 260, 334, 584}
	timesWidths = [95]int16{250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278,
		500, 500, 500, 500, 500, 500, 500, 500, 500, 500, 278, 278, 564, 564, 564, 444, 921, 722, 667, 667, 722, 611, 556, 722,
		722, 333, 389, 722, 611, 889, 722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611, 333, 278, 333, 469, 500,
		333, 444, 500, 444, 500, 444, 333, 500, 500, 278, 278, 500, 278, 778, 500, 500, 500, 500, 333, 389, 278, 500, 500, 722,
		500, 500, 444, 480, 200, 480, 541}
)

// standardWidth is the width of text in a standard font, in thousandths.
func standardWidth(fontName, text string) float64 {
	n := strings.ToLower(fontName)
	if strings.Contains(n, "courier") {
		return 600
	}
	table := &timesWidths
	if strings.Contains(n, "helvetica") || strings.Contains(n, "arial") {
		table = &helveticaWidths
	}
	if s := norm.NFD.String(text); s != "" && s[0] >= ' ' && s[0] <= '~' {
		return float64(table[s[0]-' '])
	}
	return 500
}
