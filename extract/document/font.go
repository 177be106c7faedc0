package document

import (
	"encoding/binary"
	"math"
	"strings"
	"unicode"
	"unicode/utf16"

	"github.com/ledongthuc/pdf"
	xtext "golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// shape is what a font says of one code.
type shape struct {
	text  string  // U+FFFD where the font does not say
	width float64 // advance in text space for a size of 1
	known bool
	space bool // the one-byte code 32, to which word spacing applies
}

// font decodes the strings shown with one font of a file.
type font struct {
	name         string
	bold, italic bool
	height       float64 // size as shown for a size of 1; other than 1 only for Type3
	composite    bool
	vertical     bool
	simple       [256]shape
	pages        [256]*[256]shape // composite codes below 65536, filled as they are met
	codes        *cmap            // composite: code → CID; nil for two-byte identity
	unicode      *cmap
	direct       bool           // composite: the code is UTF-16 (the UniXX-UTF16 and UCS2 CMaps)
	coding       xtext.Encoding // composite: what the codes of a CMap of one byte and two are written in
	widths       map[uint32]float64
	standard     float64 // composite: width of CIDs that widths does not have
}

// fontKey tells fonts apart: by object, and for one written in place by its resource name too.
// (By resource name alone, /F1 of page 1 would decode /F1 of page 9.)
type fontKey struct {
	id   uint32
	name string
}

// next takes one code off s and gives its shape and length.
func (f *font) next(s []byte) (shape, int) {
	if !f.composite {
		return f.simple[s[0]], 1
	}
	var code uint32
	n := 2
	switch {
	case f.codes != nil:
		code, n = f.codes.next(s)
	case len(s) == 1:
		code, n = uint32(s[0]), 1
	default:
		code = uint32(s[0])<<8 | uint32(s[1])
		if low := s[2:]; f.direct && utf16.IsSurrogate(rune(code)) && len(low) >= 2 {
			code, n = uint32(utf16.DecodeRune(rune(code), rune(low[0])<<8|rune(low[1]))), 4
		}
	}
	if code > 0xFFFF {
		return f.compose(code, n), n
	}
	p := f.pages[code>>8]
	if p == nil {
		p = new([256]shape)
		f.pages[code>>8] = p
	}
	g := &p[code&255]
	if !g.known {
		*g = f.compose(code, n)
	}
	return *g, n
}

func (f *font) compose(code uint32, n int) shape {
	cid := code
	switch {
	case f.codes != nil:
		cid = f.codes.cid(code)
	case f.direct && code < 0x7F: // all collections begin with these letters
		cid = asciiCID(code)
	}
	w, ok := f.widths[cid]
	if !ok {
		w = f.standard
	}
	g := shape{width: w / 1000, known: true, space: n == 1 && code == ' '}
	if f.unicode != nil {
		g.text = f.unicode.text[code]
		if g.text == "" && f.unicode.identity {
			g.text = string(rune(code))
		}
	}
	switch {
	case g.text != "":
	case f.direct:
		g.text = string(rune(code))
	case f.coding != nil:
		written := binary.BigEndian.AppendUint32(nil, code)
		decoded, _ := f.coding.NewDecoder().Bytes(written[max(0, 4-n):])
		g.text = string(decoded)
	}
	g.text = legible(g.text, f.name)
	return g
}

// loadFont reads a font dictionary. It always gives a font; what is missing or damaged in the
// dictionary is missing in it.
func (f *pdfFile) loadFont(v pdf.Value) *font {
	out := &font{height: 1, name: baseName(f.key(v, "BaseFont").Name())}
	subtype := f.key(v, "Subtype").Name()
	if u := f.key(v, "ToUnicode"); u.Kind() == pdf.Stream {
		if data, err := f.stream(u); err == nil {
			out.unicode = parseCMap(data)
		}
	} else if strings.HasPrefix(u.Name(), "Identity") {
		out.unicode = &cmap{identity: true}
	}
	descriptor := f.key(v, "FontDescriptor")
	if subtype == "Type0" {
		descendant := f.index(f.key(v, "DescendantFonts"), 0)
		descriptor = f.key(descendant, "FontDescriptor")
		f.loadComposite(out, v, descendant)
	} else {
		f.loadSimple(out, v, descriptor, subtype)
	}
	flags := f.key(descriptor, "Flags").Int64()
	lower := strings.ToLower(out.name)
	out.bold = flags&(1<<18) != 0 || f.key(descriptor, "FontWeight").Float64() >= 600 ||
		strings.Contains(lower, "bold") || strings.Contains(lower, "black") || strings.Contains(lower, "heavy")
	out.italic = flags&(1<<6) != 0 || f.key(descriptor, "ItalicAngle").Float64() != 0 ||
		strings.Contains(lower, "italic") || strings.Contains(lower, "oblique")
	return out
}

// codings are the predefined CMaps whose codes are of one byte or two, by a part of their names. Of
// that of CNS 11643 only the Latin letters are known.
var codings = []struct {
	part   string
	coding xtext.Encoding
}{
	{"RKSJ", japanese.ShiftJIS}, {"GB", simplifiedchinese.GB18030}, {"B5", traditionalchinese.Big5}, {"KSC", korean.EUCKR},
	{"CNS", xtext.Nop}, {"EUC", japanese.EUCJP},
}

// asciiCID is the glyph of a Latin letter in the character collections of Adobe.
func asciiCID(code uint32) uint32 { return code - 0x20 + 1 }

func (f *pdfFile) loadComposite(out *font, v, descendant pdf.Value) {
	out.composite = true
	switch enc := f.key(v, "Encoding"); enc.Kind() {
	case pdf.Name:
		name := enc.Name()
		out.vertical = strings.HasSuffix(name, "-V")
		// Of the predefined CMaps, those whose codes are Unicode need no table. The others are the
		// encodings of Chinese, Japanese and Korean text: Latin letters and figures are one byte, the
		// rest two.
		out.direct = strings.Contains(name, "UCS2") || strings.Contains(name, "UTF16")
		for _, c := range codings {
			if out.direct || !strings.Contains(name, c.part) {
				continue
			}
			out.coding = c.coding
			out.codes = &cmap{spaces: []codespace{{1, 0, 0x7F}, {2, 0x8100, 0xFEFF}}, ranges: []cidRange{{0x20, 0x7E, asciiCID(0x20)}}}
			if strings.Contains(name, "RKSJ") { // half-width katakana
				out.codes.spaces = []codespace{{1, 0, 0x7F}, {1, 0xA0, 0xDF}, {2, 0x8100, 0x9FFF}, {2, 0xE000, 0xFCFF}}
			}
			break
		}
	case pdf.Stream:
		if data, err := f.stream(enc); err == nil {
			out.codes = parseCMap(data)
			out.vertical = out.codes.vertical
			if u := f.key(enc, "UseCMap"); strings.HasPrefix(u.Name(), "Identity") {
				out.codes.identity = true
			} else if u.Kind() == pdf.Stream {
				if data, err := f.stream(u); err == nil {
					base := parseCMap(data)
					if len(out.codes.ranges) == 0 { // a CMap that only adds to its base is not seen in reports
						out.codes.ranges = base.ranges
					}
					out.codes.spaces = append(out.codes.spaces, base.spaces...)
					out.codes.identity = base.identity
				}
			}
		}
	}
	out.standard = 1000
	if dw := f.key(descendant, "DW"); dw.Kind() == pdf.Integer || dw.Kind() == pdf.Real {
		out.standard = dw.Float64()
	}
	out.widths = map[uint32]float64{}
	w := f.key(descendant, "W")
	n := min(w.Len(), maxMappings)
	for i := 0; i < n; {
		first := uint32(f.index(w, i).Int64())
		second := f.index(w, i+1)
		if second.Kind() == pdf.Array {
			for k := range min(second.Len(), maxMappings) {
				out.widths[first+uint32(k)] = f.index(second, k).Float64()
			}
			i += 2
			continue
		}
		last, width := uint32(second.Int64()), f.index(w, i+2).Float64()
		for c := first; c <= last && c-first < 1<<16; c++ {
			out.widths[c] = width
		}
		i += 3
	}
}

func (f *pdfFile) loadSimple(out *font, v, descriptor pdf.Value, subtype string) {
	base, differences := f.baseEncoding(out, v, subtype)
	texts := *base
	for code, name := range differences {
		if t := glyphText(name); t != "" {
			texts[code] = t
		} else if out.unicode == nil || out.unicode.text[uint32(code)] == "" {
			// A name made up by the generator ("g23", "a17") says nothing; what the base
			// encoding would say of the code is a guess and most often wrong.
			texts[code] = ""
		}
	}
	scale := 0.001
	if subtype == "Type3" {
		fm := f.key(v, "FontMatrix")
		scale = math.Abs(f.index(fm, 0).Float64())
		up := math.Abs(f.index(fm, 3).Float64())
		bbox := f.key(v, "FontBBox")
		if h := math.Abs(f.index(bbox, 3).Float64()-f.index(bbox, 1).Float64()) * up; h > 0.1 && h < 1000 {
			out.height = h
		} else if up > 0 {
			out.height = up * 1000
		}
	}
	first := int(f.key(v, "FirstChar").Int64())
	widths := f.key(v, "Widths")
	missing := f.key(descriptor, "MissingWidth").Float64()
	for code := range 256 {
		g := shape{known: true, space: code == ' ', text: texts[code]}
		if out.unicode != nil {
			if t := out.unicode.text[uint32(code)]; t != "" {
				g.text = t
			} else if out.unicode.identity {
				g.text = string(rune(code))
			}
		}
		g.text = legible(g.text, out.name)
		switch {
		case widths.Kind() == pdf.Array && code >= first && code-first < widths.Len():
			g.width = f.index(widths, code-first).Float64() * scale
		case widths.Kind() == pdf.Array:
			g.width = missing * scale
		default:
			g.width = standardWidth(out.name, g.text) * scale
		}
		out.simple[code] = g
	}
}

// baseEncoding finds what codes mean before ToUnicode, and the glyph names that replace parts of it.
func (f *pdfFile) baseEncoding(out *font, v pdf.Value, subtype string) (*encoding, map[int]string) {
	enc := f.key(v, "Encoding")
	lower := strings.ToLower(out.name)
	var base *encoding
	switch {
	case strings.HasPrefix(lower, "symbol"):
		base = symbol
	case strings.HasPrefix(lower, "wingdings"):
		base = wingdings
	case subtype == "TrueType":
		base = winAnsi
	case subtype == "Type3":
		base = &encoding{} // its codes mean what its names say, nothing else
	default:
		base = standard
	}
	name := enc.Name()
	if enc.Kind() == pdf.Dict {
		name = f.key(enc, "BaseEncoding").Name()
	}
	if base != symbol && base != wingdings {
		switch name {
		case "WinAnsiEncoding":
			base = winAnsi
		case "MacRomanEncoding":
			base = macRoman
		case "StandardEncoding":
			base = standard
		}
	}
	if enc.Kind() != pdf.Dict {
		return base, nil
	}
	differences := map[int]string{}
	list := f.key(enc, "Differences")
	code := 0
	for i := range min(list.Len(), 4096) {
		switch e := f.index(list, i); e.Kind() {
		case pdf.Integer:
			code = int(e.Int64())
		case pdf.Name:
			if code >= 0 && code < 256 {
				differences[code] = e.Name()
			}
			code++
		}
	}
	return base, differences
}

// legible turns what a font says of a code into what may be passed on: U+FFFD for nothing and for
// control codes, the sign meant for codes of the symbol fonts in the private use area.
func legible(text, fontName string) string {
	if text == "" {
		return "\uFFFD"
	}
	for _, r := range text {
		if r >= 0xF020 && r <= 0xF0FF {
			e := symbol
			if strings.HasPrefix(strings.ToLower(fontName), "wingdings") {
				e = wingdings
			}
			if s := e[r-0xF000]; s != "" && len([]rune(text)) == 1 {
				return s
			}
		}
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFF || r == unicode.ReplacementChar {
			return "\uFFFD"
		}
	}
	switch text {
	case "\t", "\n", "\r", "\r\n":
		return " "
	}
	return text
}

// baseName takes the subset prefix ("ABCDEF+") off a font name.
func baseName(name string) string {
	if prefix, rest, ok := strings.Cut(name, "+"); ok && len(prefix) == 6 && rest != "" {
		return rest
	}
	return name
}
