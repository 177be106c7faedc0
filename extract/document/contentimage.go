package document

import (
	"bytes"
	"math"
)

// image counts the area of the unit square as the matrix places it, cut to the page.
func (p *painter) image() {
	x0, y0 := math.Inf(1), math.Inf(1)
	x1, y1 := math.Inf(-1), math.Inf(-1)
	for _, c := range [][2]float64{{0, 0}, {1, 0}, {0, 1}, {1, 1}} {
		x, y := p.gs.ctm.apply(c[0], c[1])
		x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x), max(y1, y)
	}
	w := min(x1, p.scene.Width) - max(x0, 0)
	h := min(y1, p.scene.Height) - max(y0, 0)
	if w > 0 && h > 0 {
		p.images += w * h
	}
	// A picture one point thick is a line drawn by a program that knows only pictures.
	if min(x1-x0, y1-y0) <= thin && max(x1-x0, y1-y0) > 10*thin {
		p.bar(x0, y0, x1, y1)
	}
}

// inlineImage moves past an image written into the content, BI taken.
func (p *painter) inlineImage(l *lexer) {
	p.image()
	values := map[string]token{}
	for {
		l.scratch = l.scratch[:0]
		key := l.next()
		if key.kind == tokEOF {
			return
		}
		if key.kind == tokKeyword && string(key.text) == "ID" {
			break
		}
		if key.kind == tokName {
			name := string(key.text)
			v := l.next()
			v.text = bytes.Clone(v.text)
			values[name] = v
			if v.kind == tokArray {
				for k := l.next().kind; k != tokArrayEnd && k != tokEOF; k = l.next().kind {
				}
			}
		}
	}
	l.pos++ // one white space after ID
	get := func(short, long string) token {
		if v, ok := values[short]; ok {
			return v
		}
		return values[long]
	}
	if get("F", "Filter").kind == tokEOF { // plain samples: their length is known
		bits, comps := get("BPC", "BitsPerComponent").num, 1.0
		switch string(get("CS", "ColorSpace").text) {
		case "RGB", "DeviceRGB":
			comps = 3
		case "CMYK", "DeviceCMYK":
			comps = 4
		}
		if bits == 0 {
			bits = 1
		}
		n := math.Ceil(get("W", "Width").num*bits*comps/8) * get("H", "Height").num
		if at := float64(l.pos) + n; n >= 0 && at < float64(len(l.data)) {
			rest := l.data[int(at):]
			if i := bytes.Index(rest[:min(len(rest), 8)], []byte("EI")); i >= 0 {
				l.pos = int(at) + i + 2
				return
			}
		}
	}
	// Otherwise the first EI that stands alone and is followed by what looks like operators.
	for l.pos < len(l.data) {
		i := bytes.Index(l.data[l.pos:], []byte("EI"))
		if i < 0 {
			l.pos = len(l.data)
			return
		}
		at := l.pos + i
		l.pos = at + 2
		if at > 0 && byteClass[l.data[at-1]] == 1 && (l.pos == len(l.data) || byteClass[l.data[l.pos]] == 1) && readable(l.data[l.pos:]) {
			return
		}
	}
}

// readable says whether the next bytes can be operators rather than samples.
func readable(b []byte) bool {
	for _, c := range b[:min(len(b), 12)] {
		if c > '~' || c < ' ' && byteClass[c] != 1 {
			return false
		}
	}
	return true
}
