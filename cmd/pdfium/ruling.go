package main

import (
	"image"
	"image/color"
	"image/draw"

	"soket/extract/sandbox"
)

// Sizes that tell ruling lines from letters on a scanned page, in points; a page's picture says how
// many pixels that is.
const (
	// shortestRun is the least unbroken stretch of ink in one row or column that belongs to a line:
	// longer than any stroke of a letter of 20 points.
	shortestRun = 16
	// shortestLine is the least length of a line put together from such stretches.
	shortestLine = 24
	// thickest is the most a line may measure across.
	thickest = 3.5
	// mostCarried is the share of a line's length on which letters may stand.
	mostCarried = 0.2
	// leaning is how much, per length, a line may lean: five degrees.
	leaning = 0.09
)

// rulings finds the ruling lines of a scanned page, and gives what takes them off the picture: left on
// it, they are read as letters and keep the figures beside them from being read. Lines may lean; each
// is given by its two ends, in pixels.
func rulings(m *image.Gray) (out []sandbox.Stroke, takeOff func()) {
	b := m.Bounds()
	w, h := b.Dx(), b.Dy()
	if w < 100 || h < 100 {
		return nil, func() {}
	}
	point := float64(max(w, h)) / 842 // pixels, for a page of A4
	ink := threshold(m)
	dark := func(x, y int) bool { return m.Pix[y*m.Stride+x] < ink }
	level := trace(w, h, point, func(along, across int) bool { return dark(along, across) })
	upright := trace(h, w, point, func(along, across int) bool { return dark(across, along) })
	for _, f := range level {
		out = append(out, f.stroke)
	}
	white := func(x, y int) {
		if x >= 0 && x < w && y >= 0 && y < h {
			m.Pix[y*m.Stride+x] = 255
		}
	}
	// Beside the ink there is grey, and where the ink is broken there are crumbs: both are read as
	// signs. So the whole way from end to end is cleared, a little wider than the ink.
	edge := max(1, int(0.5*point))
	clear := func(runs [][3]int, s sandbox.Stroke, put func(along, across int)) {
		for _, r := range runs {
			for x := r[1] - edge; x < r[2]+edge; x++ {
				for d := -edge; d <= edge; d++ {
					put(x, r[0]+d)
				}
			}
		}
		for x := s.X0; x <= s.X1; x++ {
			y := s.Y0 + (s.Y1-s.Y0)*(x-s.X0)/max(s.X1-s.X0, 1)
			for d := -edge; d <= edge; d++ {
				put(int(x), int(y+0.5)+d)
			}
		}
	}
	for _, f := range upright {
		out = append(out, sandbox.Stroke{X0: f.stroke.Y0, Y0: f.stroke.X0, X1: f.stroke.Y1, Y1: f.stroke.X1})
	}
	return out, func() {
		for _, f := range level {
			clear(f.runs, f.stroke, white)
		}
		for _, f := range upright {
			clear(f.runs, f.stroke, func(along, across int) { white(across, along) })
		}
	}
}

// ruling is a line as found: its ends, and its ink row by row (row, from, to).
type ruling struct {
	stroke sandbox.Stroke
	runs   [][3]int
}

// trace finds lines along one axis. dark is asked by the place along it and across it. Stretches of
// ink that touch from row to row make one line.
func trace(length, rows int, point float64, dark func(along, across int) bool) (found []ruling) {
	type group struct {
		runs           [][3]int // row, from, to
		x0, x1, y0, y1 int
		last, from, to int // its last row, and what of it is ink
	}
	least := int(shortestRun * point)
	const gap = 2 // pixels of dust or fading that do not break a stretch
	var open, done []*group
	for y := 0; y < rows; y++ {
		start, end := -1, -1
		flush := func() {
			if start < 0 || end-start < least {
				start = -1
				return
			}
			var mine *group
			for _, g := range open {
				if g.last == y-1 && start < g.to && end > g.from || g.last == y && start < g.to+gap && end > g.from {
					mine = g
					break
				}
			}
			if mine == nil {
				mine = &group{x0: start, x1: end, y0: y}
				open = append(open, mine)
			}
			if mine.last != y || len(mine.runs) == 0 {
				mine.from, mine.to = start, end
			} else {
				mine.from, mine.to = min(mine.from, start), max(mine.to, end)
			}
			mine.runs = append(mine.runs, [3]int{y, start, end})
			mine.x0, mine.x1 = min(mine.x0, start), max(mine.x1, end)
			mine.last, mine.y1 = y, y
			start = -1
		}
		for x := 0; x < length; x++ {
			if dark(x, y) {
				if start >= 0 && x-end > gap {
					flush()
				}
				if start < 0 {
					start = x
				}
				end = x + 1
			}
		}
		flush()
		kept := open[:0]
		for _, g := range open {
			if g.last < y-1 {
				done = append(done, g)
			} else {
				kept = append(kept, g)
			}
		}
		open = kept
	}
	for _, g := range append(done, open...) {
		long := float64(g.x1 - g.x0)
		ink := 0
		for _, r := range g.runs {
			ink += r[2] - r[1]
		}
		// A line is long, thin and, but for its leaning, level; a picture or a dark margin is not.
		if long < shortestLine*point || float64(ink)/long > thickest*point || float64(g.y1-g.y0) > thickest*point+leaning*long {
			continue
		}
		if carries(g.runs, g.x0, g.x1, int(point)+1, dark, rows) > mostCarried {
			continue
		}
		// Its ends: the middle of the ink in the first and the last eighth.
		end := func(from, to float64) float64 {
			sum, weight := 0.0, 0.0
			for _, r := range g.runs {
				if over := min(float64(r[2]), to) - max(float64(r[1]), from); over > 0 {
					sum, weight = sum+over*float64(r[0]), weight+over
				}
			}
			if weight == 0 {
				return float64(g.y0+g.y1) / 2
			}
			return sum / weight
		}
		x0, x1 := float64(g.x0), float64(g.x1)
		found = append(found, ruling{sandbox.Stroke{X0: x0, Y0: end(x0, x0+long/8), X1: x1, Y1: end(x1-long/8, x1)}, g.runs})
	}
	return found
}

// carries gives the share of a line's length on which ink stands, above or below it: the feet of
// letters that touch make a line too, and their stems stand close on it.
func carries(runs [][3]int, x0, x1, off int, dark func(along, across int) bool, rows int) float64 {
	first, last := make([]int, x1-x0), make([]int, x1-x0)
	for i := range first {
		first[i], last[i] = -1, -1
	}
	for _, r := range runs { // from the first row on
		for x := r[1]; x < r[2]; x++ {
			if first[x-x0] < 0 {
				first[x-x0] = r[0]
			}
			last[x-x0] = r[0]
		}
	}
	above, below := 0, 0
	for i := range first {
		if first[i] < 0 {
			continue
		}
		if y := first[i] - off; y >= 0 && dark(x0+i, y) {
			above++
		}
		if y := last[i] + off; y < rows && dark(x0+i, y) {
			below++
		}
	}
	return float64(max(above, below)) / float64(x1-x0)
}

// threshold is the grey below which a pixel may be of a line. What parts letters from paper best
// (Otsu) would miss the thin grey lines of office programs: it is half-way from there to the paper.
func threshold(m *image.Gray) uint8 {
	at, paper := otsu(m)
	return uint8(min(max((at+paper)/2, 40), 230))
}

// letters is the grey below which a pixel is ink of a letter.
func letters(m *image.Gray) uint8 {
	at, _ := otsu(m)
	return uint8(min(max(at, 40), 230))
}

// otsu gives the grey that parts letters from paper best, and that of the paper.
func otsu(m *image.Gray) (at, paper int) {
	var count [256]float64
	total, sum := 0.0, 0.0
	b := m.Bounds()
	for y := range b.Dy() {
		for _, v := range m.Pix[y*m.Stride : y*m.Stride+b.Dx()] {
			count[v]++
		}
	}
	for v, n := range count {
		total, sum = total+n, sum+n*float64(v)
	}
	at = 128
	best := 0.0
	below, sumBelow := 0.0, 0.0
	for v, n := range count {
		below, sumBelow = below+n, sumBelow+n*float64(v)
		above := total - below
		if below == 0 || above == 0 {
			continue
		}
		d := sumBelow/below - (sum-sumBelow)/above
		if s := below * above * d * d; s > best {
			best, at = s, v+1
		}
	}
	paper = at
	for v := at; v < len(count); v++ {
		if count[v] > count[paper] {
			paper = v
		}
	}
	return at, paper
}

// greyOf makes shades of grey of any picture, on white where it is transparent.
func greyOf(m image.Image) *image.Gray {
	if g, ok := m.(*image.Gray); ok && g.Rect.Min == (image.Point{}) {
		return g
	}
	b := m.Bounds()
	g := image.NewGray(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(g, g.Bounds(), &image.Uniform{color.White}, image.Point{}, draw.Src)
	draw.Draw(g, g.Bounds(), m, b.Min, draw.Over)
	return g
}
