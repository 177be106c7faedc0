package main

import (
	"image"
	"math"
	"slices"

	"soket/extract/sandbox"
)

const (
	// touching is how far the ends of ruling lines may miss each other, in points, and lines be one.
	touching = 4
	// mostLines bounds the ruling lines of tables; a page with more is a drawing.
	mostLines = 4000
)

// grids gives the cells of the tables that ruling lines make, row by row.
func (p *page) grids(strokes []sandbox.Stroke) (fields []image.Rectangle) {
	near := touching * p.point
	level := func(s sandbox.Stroke) bool { return math.Abs(s.X1-s.X0) > math.Abs(s.Y1-s.Y0) }
	if len(strokes) > mostLines {
		return nil
	}
	// Lines that touch are of one table.
	group := make([]int, len(strokes))
	for i := range group {
		group[i] = i
	}
	var root func(i int) int
	root = func(i int) int {
		if group[i] != i {
			group[i] = root(group[i])
		}
		return group[i]
	}
	for i, a := range strokes {
		for j, b := range strokes[:i] {
			if min(a.X0, a.X1)-near <= max(b.X0, b.X1) && min(b.X0, b.X1)-near <= max(a.X0, a.X1) &&
				min(a.Y0, a.Y1)-near <= max(b.Y0, b.Y1) && min(b.Y0, b.Y1)-near <= max(a.Y0, a.Y1) {
				group[root(i)] = root(j)
			}
		}
	}
	for k := range strokes {
		if root(k) != k {
			continue
		}
		var xs, ys []float64
		var of []sandbox.Stroke
		for i, s := range strokes {
			if root(i) != k {
				continue
			}
			of = append(of, s)
			if level(s) {
				ys = append(ys, (s.Y0+s.Y1)/2)
			} else {
				xs = append(xs, (s.X0+s.X1)/2)
			}
		}
		xs, ys = places(xs, near), places(ys, near)
		if len(xs) < 3 || len(ys) < 3 { // a frame around text, underlined words
			continue
		}
		fields = append(fields, p.grid(of, xs, ys, level)...)
	}
	return fields
}

// places puts together what lies near each other.
func places(at []float64, near float64) []float64 {
	slices.Sort(at)
	var out []float64
	for i := 0; i < len(at); {
		j := i + 1
		for j < len(at) && at[j]-at[j-1] < near {
			j++
		}
		out = append(out, (at[i]+at[j-1])/2)
		i = j
	}
	return out
}

// grid gives the cells between lines at xs and ys: fields with no line between them are one. nil is
// for a drawing, or a frame with text in it.
func (p *page) grid(of []sandbox.Stroke, xs, ys []float64, level func(sandbox.Stroke) bool) (fields []image.Rectangle) {
	near := touching * p.point
	cols, rows := len(xs)-1, len(ys)-1
	if cols*rows > mostCells {
		return nil
	}
	// drawn says whether most of the way from a to b, at a place across, has a line on it.
	drawn := func(isLevel bool, at, a, b float64) bool {
		n := 0
		const steps = 8
		for i := range steps {
			q := a + (b-a)*(float64(i)+0.5)/steps
			for _, s := range of {
				if level(s) != isLevel {
					continue
				}
				from, to, across := s.X0, s.X1, (s.Y0+s.Y1)/2
				if !isLevel {
					from, to, across = s.Y0, s.Y1, (s.X0+s.X1)/2
				}
				if math.Abs(across-at) <= near && min(from, to) <= q && q <= max(from, to) {
					n++
					break
				}
			}
		}
		return n*2 > steps
	}
	cell := make([]int, cols*rows)
	for i := range cell {
		cell[i] = i
	}
	join := func(a, b int) {
		a, b = cell[a], cell[b]
		for i := range cell {
			if cell[i] == b {
				cell[i] = a
			}
		}
	}
	for r := range rows {
		for c := range cols {
			if c+1 < cols && !drawn(false, xs[c+1], ys[r], ys[r+1]) {
				join(r*cols+c, r*cols+c+1)
			}
			if r+1 < rows && !drawn(true, ys[r+1], xs[c], xs[c+1]) {
				join(r*cols+c, (r+1)*cols+c)
			}
		}
	}
	edge := int(p.point)
	for r := range rows {
		for c := range cols {
			mine := cell[r*cols+c]
			first := slices.Index(cell, mine)
			if first != r*cols+c {
				continue
			}
			// As far as it goes to the right and down.
			c1, r1 := c, r
			for c1+1 < cols && cell[r*cols+c1+1] == mine {
				c1++
			}
			for r1+1 < rows && cell[(r1+1)*cols+c] == mine {
				r1++
			}
			box := image.Rect(int(xs[c])+edge, int(ys[r])+edge, int(xs[c1+1])-edge+1, int(ys[r1+1])-edge+1)
			if float64(box.Dx()*box.Dy()) > 0.25*float64(p.w*p.h) {
				return nil
			}
			fields = append(fields, box)
		}
	}
	if len(fields) < 4 {
		return nil
	}
	return fields
}
