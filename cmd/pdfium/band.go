package main

import (
	"slices"
)

// Sizes in points.
const (
	// letterGap is the least white between words.
	letterGap = 1.2
	// lowBand is the height below which a stretch with ink is marks of letters and no line, markGap
	// how far marks stand from their letters.
	lowBand, markGap = 4.5, 3.5
)

// band is a stretch of the page with ink in all its rows of pixels, and the white in it that is wide
// enough to part columns, from left to right.
type band struct {
	y0, y1 int
	x0, x1 int
	free   [][2]int
	row    bool // it reads as a row of a table
}

// runs gives the stretches of ink of a band between two places, letters of a word together.
func (p *page) runs(b band, from, to int) (found [][2]int) {
	for x := max(0, from); x < min(p.w, to); x++ {
		if !p.inked(b, x, x+1) {
			continue
		}
		if n := len(found); n > 0 && float64(x-found[n-1][1]) < letterGap*p.point {
			found[n-1][1] = x + 1
		} else {
			found = append(found, [2]int{x, x + 1})
		}
	}
	return found
}

// inked says whether a band has ink between two places.
func (p *page) inked(b band, from, to int) bool {
	for y := b.y0; y < b.y1; y++ {
		for x := from; x < to; x++ {
			if p.dark(x, y) {
				return true
			}
		}
	}
	return false
}

// clear says whether a band has no ink in any of the gutters.
func (p *page) clear(b band, gutters [][2]int) bool {
	return !slices.ContainsFunc(gutters, func(g [2]int) bool { return p.inked(b, g[0], g[1]) })
}

// lines gives the stretches of a picture with ink in them, from top to bottom.
func (p *page) lines() (all []band) {
	b := p.m.Bounds()
	inked := func(y int) bool {
		n := 0
		for x := b.Min.X; x < b.Max.X && n < 2; x++ {
			if p.m.GrayAt(x, y).Y < p.ink {
				n++
			}
		}
		return n >= 2
	}
	for y := b.Min.Y; y < b.Max.Y; {
		if !inked(y) {
			y++
			continue
		}
		ln := band{y0: y, x0: -1}
		for y < b.Max.Y && inked(y) {
			y++
		}
		ln.y1 = y
		// Marks over and under letters may stand apart from them.
		near := int(markGap * p.point)
		if n := len(all); n > 0 && ln.y0-all[n-1].y1 <= near && (p.low(ln) || p.low(all[n-1])) {
			ln.y0 = all[n-1].y0
			all = all[:n-1]
		}
		all = append(all, ln)
	}
	return slices.DeleteFunc(all, p.low)
}

// stretches gives the bands of a page with the white in them.
func (p *page) stretches() []band {
	all := p.lines()
	narrow := int(narrowGap * p.point)
	for i := range all {
		b := &all[i]
		start := -1 // of white
		for x := range p.w {
			dark := p.inked(*b, x, x+1)
			switch {
			case !dark && start < 0:
				start = x
			case dark:
				if b.x0 < 0 {
					b.x0 = x
				} else if start >= 0 && x-start >= narrow {
					b.free = append(b.free, [2]int{start, x})
				}
				b.x1, start = x+1, -1
			}
		}
	}
	return all
}

// low says whether a band is lower than a line of small letters.
func (p *page) low(b band) bool { return float64(b.y1-b.y0) < lowBand*p.point }

// common gives where two rows of intervals overlap.
func common(a, b [][2]int, least int) (out [][2]int) {
	for _, f := range a {
		for _, g := range b {
			if from, to := max(f[0], g[0]), min(f[1], g[1]); to-from >= least {
				out = append(out, [2]int{from, to})
			}
		}
	}
	return out
}
