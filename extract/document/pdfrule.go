package document

import "math"

const (
	// thin is the most a filled shape may measure across, in points, to be a line and not an area.
	// Borders of tables are 0.25 to 2.25 wide in office programs.
	thin = 3.0
	// shortest is the least length of a line, in points; less is a dot or the corner of a border.
	shortest = 1.5
	// straight is how far, in points, the ends of a horizontal line may differ in height.
	straight = 0.6
	// maxPath bounds the points of one path; longer ones are drawings.
	maxPath = 20_000
)

// to adds a step to the current path, in page coordinates.
func (p *painter) to(kind byte, x, y float64) {
	if len(p.path) >= maxPath || kind != 'm' && len(p.path) == 0 {
		return
	}
	if kind != 'h' {
		x, y = p.gs.ctm.apply(x, y)
	}
	p.path = append(p.path, point{x, y, kind})
}

// paint turns the current path into ruling lines and drops it.
func (p *painter) paint(stroke, fill bool) {
	path := p.path
	p.path = p.path[:0]
	for len(path) > 0 {
		n := 1
		for n < len(path) && path[n].kind != 'm' {
			n++
		}
		switch {
		case p.bullet(path[:n], fill):
		default:
			if stroke {
				p.strokes(path[:n])
			}
			if fill {
				p.filled(path[:n])
			}
		}
		path = path[n:]
	}
}

// bullet puts down a small circle as the bullet of a list: browsers draw these, office programs
// print them. Its size and baseline are those of text that it would stand at.
func (p *painter) bullet(sub []point, full bool) bool {
	const (
		least, most = 1.8, 7.0 // points across
		ofSize      = 0.29     // of the font size, in Chromium
		lifted      = 0.31     // its middle, above the baseline
	)
	if len(sub) < 5 || len(p.scene.Glyphs) >= maxGlyphs {
		return false
	}
	x0, y0, x1, y1 := sub[0].x, sub[0].y, sub[0].x, sub[0].y
	for _, q := range sub[1:] {
		switch q.kind {
		case 'l':
			if math.Hypot(q.x-sub[0].x, q.y-sub[0].y) > straight {
				return false
			}
		case 'c':
			x0, y0, x1, y1 = min(x0, q.x), min(y0, q.y), max(x1, q.x), max(y1, q.y)
		}
	}
	w, h := x1-x0, y1-y0
	if !(w >= least && w <= most && math.Abs(w-h) <= 0.1*w) {
		return false
	}
	g := Glyph{Text: "•", X: x0, Width: w, Size: w / ofSize}
	if !full {
		g.Text = "◦"
	}
	g.Y = (y0+y1)/2 + lifted*g.Size
	p.scene.Glyphs = append(p.scene.Glyphs, g)
	return true
}

// strokes puts down the straight steps of a subpath.
func (p *painter) strokes(sub []point) {
	prev, first := sub[0], sub[0]
	for _, q := range sub[1:] {
		to := q
		if q.kind == 'h' {
			to = first
		}
		if q.kind != 'c' {
			p.line(prev.x, prev.y, to.x, to.y)
		}
		prev = to
	}
}

// filled puts down a subpath whose area is so thin that it is a line.
func (p *painter) filled(sub []point) {
	x0, y0, x1, y1 := sub[0].x, sub[0].y, sub[0].x, sub[0].y
	for _, q := range sub[1:] {
		switch q.kind {
		case 'c':
			return
		case 'l':
			x0, y0, x1, y1 = min(x0, q.x), min(y0, q.y), max(x1, q.x), max(y1, q.y)
		}
	}
	p.bar(x0, y0, x1, y1)
}

// bar puts down the middle of a thin box.
func (p *painter) bar(x0, y0, x1, y1 float64) {
	w, h := x1-x0, y1-y0
	switch {
	case h <= thin && w > h:
		p.line(x0, (y0+y1)/2, x1, (y0+y1)/2)
	case w <= thin && h > w:
		p.line((x0+x1)/2, y0, (x0+x1)/2, y1)
	}
}

// line puts down a horizontal or vertical line, its ends in order.
func (p *painter) line(x0, y0, x1, y1 float64) {
	if len(p.scene.Rules) >= maxRules {
		p.cut = true
		return
	}
	w, h := math.Abs(x1-x0), math.Abs(y1-y0)
	switch {
	case max(w, h) < shortest || !(max(w, h) < 1e5): // the second also drops NaN
		return
	case h <= straight && w > h:
		y0 = (y0 + y1) / 2
		y1 = y0
	case w <= straight && h > w:
		x0 = (x0 + x1) / 2
		x1 = x0
	default:
		return
	}
	p.scene.Rules = append(p.scene.Rules, Rule{min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)})
}
