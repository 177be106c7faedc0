package document

import (
	"context"
	"math"

	"github.com/ledongthuc/pdf"
)

// Limits of one page. Beyond them the rest of the page is left out and the page is marked damaged.
const (
	// maxOperators bounds the operators of a page, forms counted each time they are drawn: a map
	// with every house drawn has about a million; more is a loop through forms.
	maxOperators = 4 << 20
	// maxGlyphs bounds the characters of a page; the densest table page seen has 12,000.
	maxGlyphs = 200_000
	// maxRules bounds the ruling lines of a page; the densest table page seen has 3,000.
	maxRules = 50_000
	// maxFormDepth bounds forms drawn inside each other; seen: 4.
	maxFormDepth = 12
	// maxStates bounds unclosed q operators; seen: 30.
	maxStates = 512
	// maxOperands bounds operands of one operator, an array counting with its elements: TJ arrays
	// of a justified line have about 200.
	maxOperands = 16384
)

// matrix is a PDF transformation: x' = a·x + c·y + e, y' = b·x + d·y + f.
type matrix struct{ a, b, c, d, e, f float64 }

var identity = matrix{a: 1, d: 1}

// times is m followed by n.
func (m matrix) times(n matrix) matrix {
	return matrix{
		m.a*n.a + m.b*n.c, m.a*n.b + m.b*n.d,
		m.c*n.a + m.d*n.c, m.c*n.b + m.d*n.d,
		m.e*n.a + m.f*n.c + n.e, m.e*n.b + m.f*n.d + n.f,
	}
}

func (m matrix) apply(x, y float64) (float64, float64) {
	return m.a*x + m.c*y + m.e, m.b*x + m.d*y + m.f
}

// graphics is the part of the graphics state that text and lines need.
type graphics struct {
	ctm                                 matrix
	font                                *font
	size, spacing, wordSpacing, leading float64
	stretch, rise                       float64 // stretch is Tz/100
	mode                                int
}

// painter runs content streams and puts down what they show in a Scene.
type painter struct {
	ctx       context.Context
	file      *pdfFile
	scene     *Scene
	gs        graphics
	stack     []graphics
	tm, tlm   matrix
	operators int
	depth     int
	path      []point
	images    float64 // area covered by images, square points
	marks     []mark
	cut       bool // a limit was met
	empty     int  // strings shown without a font
	moved     bool // the next glyph is placed, and does not follow the one before
}

type point struct {
	x, y float64
	kind byte // 'm' starts a subpath, 'l' a line to here, 'c' a curve to here, 'h' closes
}

// operand is a number, string or name before an operator; an array holds the range of its
// elements among the operands after it.
type operand struct {
	kind tokenKind
	num  float64
	text []byte
}

// resources is a resource dictionary with the fonts already looked up in it: the library reads an
// object anew each time it is asked for.
type resources struct {
	dict  pdf.Value
	fonts map[string]*font
}

func newResources(v pdf.Value) *resources { return &resources{v, map[string]*font{}} }

// run interprets one content stream with the given resources.
func (p *painter) run(data []byte, res *resources) {
	l := &lexer{data: data}
	ops := make([]operand, 0, 64) // a line of justified text
	for !p.cut {
		t := l.next()
		switch t.kind {
		case tokEOF:
			return
		case tokKeyword:
			if p.operators++; p.operators > maxOperators || p.operators&0xFFFF == 0 && p.ctx.Err() != nil {
				p.cut = true
				return
			}
			if len(t.text) == 2 && t.text[0] == 'B' && t.text[1] == 'I' {
				p.inlineImage(l)
			} else {
				p.operator(t.text, ops, res)
			}
			ops, l.scratch = ops[:0], l.scratch[:0]
		case tokDict:
			start := l.pos - 2
			skipDict(l)
			ops = append(ops, operand{kind: tokDict, text: l.data[start:l.pos]})
		case tokDictEnd:
		default:
			if len(ops) < maxOperands {
				ops = append(ops, operand(t))
			}
		}
	}
}

// skipDict moves past a dictionary whose opening was taken.
func skipDict(l *lexer) {
	for depth := 1; depth > 0; {
		switch l.next().kind {
		case tokDict:
			depth++
		case tokDictEnd:
			depth--
		case tokEOF:
			return
		}
	}
}

// last gives the n last numbers among ops, zeros where there are fewer: a damaged stream draws
// something wrong rather than nothing.
func last(ops []operand, n int) (v [6]float64) {
	k := len(ops) - n
	for i := range n {
		if k+i >= 0 && ops[k+i].kind == tokNumber {
			v[i] = ops[k+i].num
		}
	}
	return v
}

func (p *painter) operator(word []byte, ops []operand, res *resources) {
	gs := &p.gs
	switch string(word) {
	// Graphics state.
	case "q":
		if len(p.stack) < maxStates {
			p.stack = append(p.stack, *gs)
		}
	case "Q":
		if n := len(p.stack); n > 0 {
			*gs, p.stack = p.stack[n-1], p.stack[:n-1]
		}
	case "cm":
		v := last(ops, 6)
		gs.ctm = matrix{v[0], v[1], v[2], v[3], v[4], v[5]}.times(gs.ctm)
	case "gs":
		if len(ops) > 0 {
			p.extGState(p.file.key(p.file.key(res.dict, "ExtGState"), string(ops[len(ops)-1].text)))
		}

	// Text state.
	case "BT":
		p.tm, p.tlm = identity, identity
		p.moved = true
	case "Tf":
		if len(ops) >= 2 {
			gs.size = ops[len(ops)-1].num
			gs.font = p.font(res, ops[len(ops)-2].text)
		}
	case "Tc":
		gs.spacing = last(ops, 1)[0]
	case "Tw":
		gs.wordSpacing = last(ops, 1)[0]
	case "Tz":
		gs.stretch = last(ops, 1)[0] / 100
	case "TL":
		gs.leading = last(ops, 1)[0]
	case "Ts":
		gs.rise = last(ops, 1)[0]
	case "Tr":
		gs.mode = int(last(ops, 1)[0])

	// Text positions.
	case "Td":
		v := last(ops, 2)
		p.newLine(v[0], v[1])
	case "TD":
		v := last(ops, 2)
		gs.leading = -v[1]
		p.newLine(v[0], v[1])
	case "Tm":
		v := last(ops, 6)
		p.tm = matrix{v[0], v[1], v[2], v[3], v[4], v[5]}
		p.tlm = p.tm
		p.moved = true
	case "T*":
		p.newLine(0, -gs.leading)

	// Text.
	case "Tj":
		if len(ops) > 0 {
			p.show(ops[len(ops)-1].text)
		}
	case "'":
		p.newLine(0, -gs.leading)
		if len(ops) > 0 {
			p.show(ops[len(ops)-1].text)
		}
	case "\"":
		if n := len(ops); n >= 3 {
			gs.wordSpacing, gs.spacing = ops[n-3].num, ops[n-2].num
			p.newLine(0, -gs.leading)
			p.show(ops[n-1].text)
		}
	case "TJ":
		for _, o := range ops {
			switch o.kind {
			case tokString:
				p.show(o.text)
			case tokNumber:
				d := -o.num / 1000 * gs.size
				if gs.font != nil && gs.font.vertical {
					p.advance(0, d)
				} else {
					p.advance(d*gs.stretch, 0)
				}
			}
		}

	// Paths.
	case "m":
		v := last(ops, 2)
		p.to('m', v[0], v[1])
	case "l":
		v := last(ops, 2)
		p.to('l', v[0], v[1])
	case "c":
		v := last(ops, 6)
		p.to('c', v[4], v[5])
	case "v", "y":
		v := last(ops, 4)
		p.to('c', v[2], v[3])
	case "h":
		p.to('h', 0, 0)
	case "re":
		v := last(ops, 4)
		x, y, w, h := v[0], v[1], v[2], v[3]
		p.to('m', x, y)
		p.to('l', x+w, y)
		p.to('l', x+w, y+h)
		p.to('l', x, y+h)
		p.to('h', 0, 0)
	case "S":
		p.paint(true, false)
	case "s":
		p.to('h', 0, 0)
		p.paint(true, false)
	case "f", "F", "f*":
		p.paint(false, true)
	case "B", "B*":
		p.paint(true, true)
	case "b", "b*":
		p.to('h', 0, 0)
		p.paint(true, true)
	case "n":
		p.path = p.path[:0]

	// Forms and images.
	case "Do":
		if len(ops) > 0 {
			p.object(p.file.key(p.file.key(res.dict, "XObject"), string(ops[len(ops)-1].text)), res)
		}

	// Marked content.
	case "BDC":
		p.begin(ops, res)
	case "BMC":
		p.begin(nil, res)
	case "EMC":
		p.end()
	}
}

func (p *painter) extGState(v pdf.Value) {
	if f := p.file.key(v, "Font"); f.Kind() == pdf.Array {
		p.gs.size = p.file.index(f, 1).Float64()
		p.gs.font = p.file.fontOf(p.file.index(f, 0), f, "")
	}
}

// font looks a font up by its resource name.
func (p *painter) font(res *resources, name []byte) *font {
	if f := res.fonts[string(name)]; f != nil {
		return f
	}
	fonts := p.file.key(res.dict, "Font")
	f := p.file.fontOf(p.file.key(fonts, string(name)), fonts, string(name))
	if len(res.fonts) < maxStates {
		res.fonts[string(name)] = f
	}
	return f
}

// fontOf gives the font of dictionary v, which stands in the object of around under name.
func (f *pdfFile) fontOf(v, around pdf.Value, name string) *font {
	if v.Kind() != pdf.Dict {
		f.damaged = true
		v = pdf.Value{} // shown without a font, as U+FFFD
	}
	key := fontKey{id: objectID(v)}
	if key.id == 0 || key.id == objectID(around) {
		key.name = name // written in place: only its name tells it from its neighbours
	}
	if cached := f.fonts[key]; cached != nil && v.Kind() == pdf.Dict {
		return cached
	}
	if v.Kind() != pdf.Dict {
		out := &font{height: 1}
		for c := range out.simple {
			out.simple[c] = shape{text: "\uFFFD", width: 0.5, known: true}
		}
		return out
	}
	out := f.loadFont(v)
	f.fonts[key] = out
	return out
}

func (p *painter) newLine(x, y float64) {
	p.tlm = matrix{1, 0, 0, 1, x, y}.times(p.tlm)
	p.tm = p.tlm
	p.moved = p.moved || y != 0 // Chromium moves from each letter to the next
}

func (p *painter) advance(x, y float64) {
	p.tm.e += x*p.tm.a + y*p.tm.c
	p.tm.f += x*p.tm.b + y*p.tm.d
}

// show puts down the characters of one string.
func (p *painter) show(s []byte) {
	gs := &p.gs
	f := gs.font
	if f == nil || len(s) == 0 {
		p.empty += len(s)
		return
	}
	m := p.tm.times(gs.ctm)
	across := math.Hypot(m.a, m.b) * math.Abs(gs.size*gs.stretch)
	size := math.Hypot(m.c, m.d) * math.Abs(gs.size) * f.height
	// The baseline runs along the x axis of the text, backwards where size or stretch is negative.
	dx, dy := m.a, m.b
	if gs.size*gs.stretch < 0 {
		dx, dy = -dx, -dy
	}
	angle := 0.0
	if math.Abs(dy) > 1e-4*math.Abs(dx) || dx < 0 {
		angle = math.Round(math.Atan2(dy, dx)*180/math.Pi*100) / 100
	}
	bold := f.bold || gs.mode == 2 || gs.mode == 6 // outlines over the filling thicken the letters
	for len(s) > 0 {
		g, n := f.next(s)
		s = s[n:]
		up := gs.rise
		back := 0.0
		if f.vertical { // the origin of a vertical glyph is above its middle
			back, up = -g.width/2*gs.size, up-0.88*gs.size
		}
		x := back*m.a + up*m.c + p.tm.e*gs.ctm.a + p.tm.f*gs.ctm.c + gs.ctm.e
		y := back*m.b + up*m.d + p.tm.e*gs.ctm.b + p.tm.f*gs.ctm.d + gs.ctm.f
		if len(p.scene.Glyphs) >= maxGlyphs {
			p.cut = true
			return
		}
		// Crop marks and notes to printers stand beside the page.
		if size < 1e5 && g.width*across < 1e5 && x > -size && x < p.scene.Width+size && y > -size && y < p.scene.Height+2*size {
			p.scene.Glyphs = append(p.scene.Glyphs, Glyph{
				Text: g.text, X: x, Y: y, Width: g.width * across, Size: size, Angle: angle,
				Font: f.name, Bold: bold, Italic: f.italic, Invisible: gs.mode == 3 || gs.mode == 7, Placed: p.moved,
			})
			p.moved = false
		}
		step := gs.spacing
		if g.space {
			step += gs.wordSpacing
		}
		if f.vertical {
			p.advance(0, -gs.size+step)
		} else {
			p.advance((g.width*gs.size+step)*gs.stretch, 0)
		}
	}
}

// object draws a form or counts an image.
func (p *painter) object(v pdf.Value, outer *resources) {
	if v.Kind() != pdf.Stream {
		return
	}
	switch p.file.key(v, "Subtype").Name() {
	case "Image":
		p.image()
	case "Form":
		p.form(v, outer)
	}
}

func (p *painter) form(v pdf.Value, outer *resources) {
	if p.depth >= maxFormDepth {
		p.cut = true
		return
	}
	data, err := p.file.stream(v)
	if err != nil {
		p.file.damaged = true
		return
	}
	saved, states, tm, tlm := p.gs, p.stack, p.tm, p.tlm
	p.stack = nil
	p.depth++
	p.gs.ctm = p.file.matrix(p.file.key(v, "Matrix")).times(p.gs.ctm)
	res := outer // old files leave them out
	if own := p.file.key(v, "Resources"); own.Kind() == pdf.Dict {
		res = newResources(own)
	}
	p.run(data, res)
	p.depth--
	p.gs, p.stack, p.tm, p.tlm = saved, states, tm, tlm
	p.path = p.path[:0]
}

func (f *pdfFile) matrix(v pdf.Value) matrix {
	if v.Len() != 6 {
		return identity
	}
	n := func(i int) float64 { return f.index(v, i).Float64() }
	return matrix{n(0), n(1), n(2), n(3), n(4), n(5)}
}
