package document

import (
	"math"
)

// turn maps between a page whose text runs at a right angle and upright coordinates.
type turn struct {
	angle         int // 0, 90, 180, 270 clockwise
	width, height float64
}

func (t turn) in(x, y float64) (float64, float64) {
	switch t.angle {
	case 90:
		return y, t.width - x
	case 180:
		return t.width - x, t.height - y
	case 270:
		return t.height - y, x
	}
	return x, y
}

// out gives the box on the page as shown, cut to the page.
func (t turn) out(x0, y0, x1, y1 float64) Box {
	switch t.angle {
	case 90:
		x0, y0, x1, y1 = t.width-y1, x0, t.width-y0, x1
	case 180:
		x0, y0, x1, y1 = t.width-x1, t.height-y1, t.width-x0, t.height-y0
	case 270:
		x0, y0, x1, y1 = y0, t.height-x1, y1, t.height-x0
	}
	cut := func(v, most float64) float64 { return math.Round(100*max(0, min(v, most))) / 100 }
	return Box{cut(x0, t.width), cut(y0, t.height), cut(x1, t.width), cut(y1, t.height)}
}

// rightAngle gives the right angle that a direction is meant to be, -1 where it is none.
func rightAngle(a float64) float64 {
	const skew = 4 // degrees; scans and careless stamps
	if a == 0 {
		return 0
	}
	a = math.Mod(a, 360)
	if a < 0 {
		a += 360
	}
	near := math.Round(a/90) * 90
	if math.Abs(a-near) > skew {
		return -1
	}
	return math.Mod(near, 360)
}

func mainAngle(glyphs []Glyph) int {
	var n [4]int
	for i := range glyphs {
		n[int(glyphs[i].Angle)/90%4]++
	}
	best := 0
	for i := range n {
		if n[i] > n[best] {
			best = i
		}
	}
	return best * 90
}

// splitAngles gives the glyphs that run in the main direction, in its upright coordinates, and the
// others as they are.
func splitAngles(glyphs []Glyph, t turn) (upright, others []Glyph) {
	for _, g := range glyphs {
		if int(g.Angle) == t.angle {
			g.X, g.Y = t.in(g.X, g.Y)
			upright = append(upright, g)
		} else {
			others = append(others, g)
		}
	}
	return upright, others
}

func angleGroups(glyphs []Glyph) (groups [4][]Glyph) {
	for _, g := range glyphs {
		k := int(g.Angle) / 90 % 4
		groups[k] = append(groups[k], g)
	}
	return groups
}
