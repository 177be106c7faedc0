package main

import (
	"image"
	"image/draw"
	"slices"

	"soket/extract/sandbox"
)

const (
	// loneWide is the most that a figure takes that stands alone in its cell, in points: 999.999.999.999 of 14.
	loneWide = 95
	// mostCells bounds the cells of a page laid out anew; a page of figures has 400.
	mostCells = 1500
)

// cells finds the cells of the tables on a page whose ruling lines were taken off: those that the
// lines make, and where there are none those that white parts. Rows of a table whose cells stand at
// different heights, and figures that stand alone, are what recognition of a whole page gets wrong.
// The sides of cells without lines join the ruling lines.
func cells(m *image.Gray, strokes []sandbox.Stroke) (found []sandbox.Cell, all []sandbox.Stroke) {
	b := m.Bounds()
	p := page{m: m, w: b.Dx(), h: b.Dy(), point: float64(max(b.Dx(), b.Dy())) / 842, ink: letters(m)}
	fields := p.grids(strokes)
	rest := image.NewGray(b)
	draw.Draw(rest, b, m, b.Min, draw.Src)
	for _, f := range fields {
		white(rest, f)
	}
	p.m = rest
	more, beside := p.unruled(strokes)
	p.m = m
	boxes, ruled := slices.Concat(beside, fields), strokes
	for _, f := range more {
		boxes = append(boxes, f.ink)
		strokes = append(strokes, sides(f.cell)...)
	}
	if len(boxes) > mostCells {
		return nil, ruled
	}
	for _, f := range boxes {
		if box := p.trim(f); !box.Empty() {
			found = append(found, sandbox.Cell{X0: box.Min.X, Y0: box.Min.Y, X1: box.Max.X, Y1: box.Max.Y,
				Lone: float64(box.Dx()) < loneWide*p.point && float64(box.Dy()) < severalLines*p.point})
		}
	}
	return found, strokes
}

// page is a picture of a page in the finding of its cells.
type page struct {
	m     *image.Gray
	w, h  int
	point float64 // pixels
	ink   uint8   // grey below which a pixel is ink of a letter
}

func (p *page) dark(x, y int) bool { return p.m.Pix[y*p.m.Stride+x] < p.ink }

// trim cuts a box down to its ink. A box with no more than dust in it is empty.
func (p *page) trim(box image.Rectangle) image.Rectangle {
	box = box.Intersect(p.m.Bounds())
	dust := int(max(3, p.point*p.point*1.2)) // pixels: a full stop has twice as many
	out, n := image.Rectangle{}, 0
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			if p.dark(x, y) {
				out = out.Union(image.Rect(x, y, x+1, y+1))
				n++
			}
		}
	}
	if n <= dust {
		return image.Rectangle{}
	}
	return out
}

// white clears a part of a picture.
func white(m *image.Gray, box image.Rectangle) {
	draw.Draw(m, box, image.White, image.Point{}, draw.Src)
}
