package document

import (
	"bytes"
	"math"
	"unicode/utf16"

	"github.com/ledongthuc/pdf"
)

// mark is an open marked-content sequence; text replaces what is shown inside, where it is set.
type mark struct {
	glyph   int
	text    string
	replace bool
}

// begin opens marked content; a string ActualText in its properties replaces what is shown inside.
func (p *painter) begin(ops []operand, res *resources) {
	m := mark{glyph: len(p.scene.Glyphs)}
	if n := len(ops); n > 0 {
		switch o := ops[n-1]; o.kind {
		case tokDict:
			if bytes.Contains(o.text, []byte("/ActualText")) {
				l := &lexer{data: o.text}
				if d, ok := l.object(0).(pdfDict); ok {
					if s, ok := d["ActualText"].(pdfString); ok {
						m.text, m.replace = textString(string(s)), true
					}
				}
			}
		case tokName:
			props := p.file.key(p.file.key(res.dict, "Properties"), string(o.text))
			if s := p.file.key(props, "ActualText"); s.Kind() == pdf.String {
				m.text, m.replace = textString(s.RawString()), true
			}
		}
	}
	if len(p.marks) < maxStates {
		p.marks = append(p.marks, m)
	}
}

// end closes marked content. A replacement is only taken where all of it stands on one line and is
// no longer than a few words: over paragraphs it would lose every place.
func (p *painter) end() {
	n := len(p.marks)
	if n == 0 {
		return
	}
	m := p.marks[n-1]
	p.marks = p.marks[:n-1]
	shown := p.scene.Glyphs[min(m.glyph, len(p.scene.Glyphs)):]
	if !m.replace || len(shown) == 0 || len(shown) > 32 || len(m.text) > 256 {
		return
	}
	first := &shown[0]
	for _, g := range shown[1:] {
		if math.Abs(g.Y-first.Y) > first.Size/2 || g.Angle != first.Angle {
			return
		}
	}
	end := shown[len(shown)-1]
	if first.Angle == 0 {
		first.Width = max(end.X+end.Width-first.X, first.Width)
	}
	first.Text = m.text
	keep := m.glyph + 1
	if m.text == "" {
		keep = m.glyph
	}
	p.scene.Glyphs = p.scene.Glyphs[:keep]
}

// textString decodes a PDF text string: UTF-16 or UTF-8 with a mark, else nearly Latin-1.
func textString(s string) string {
	if len(s) >= 2 && s[0] == 0xFE && s[1] == 0xFF {
		units := make([]uint16, 0, len(s)/2)
		for i := 2; i+1 < len(s); i += 2 {
			units = append(units, uint16(s[i])<<8|uint16(s[i+1]))
		}
		return string(utf16.Decode(units))
	}
	if len(s) >= 3 && s[:3] == "\xEF\xBB\xBF" {
		return s[3:]
	}
	r := make([]rune, 0, len(s))
	for i := range len(s) {
		r = append(r, rune(s[i]))
	}
	return string(r)
}
