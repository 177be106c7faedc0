package main

import (
	"image"
	"image/draw"
	"slices"

	"soket/extract/sandbox"
)

const (
	// around is the white put around each cell where they are laid out anew, in points.
	around = 7
	// mostTall bounds the height of that picture in pixels: tesseract refuses 32,768.
	mostTall = 32_000
)

// cut copies a cell out of a page, with white around it.
func cut(m *image.Gray, c sandbox.Cell, around int) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, c.X1-c.X0+2*around, c.Y1-c.Y0+2*around))
	draw.Draw(out, out.Bounds(), image.White, image.Point{}, draw.Src)
	paste(out, image.Pt(around, around), m, c)
	return out
}

// paste copies a cell to a place, with a little of what is around: the ink has a grey edge.
func paste(out *image.Gray, at image.Point, m *image.Gray, c sandbox.Cell) {
	box := image.Rect(c.X0-1, c.Y0-1, c.X1+1, c.Y1+1).Intersect(m.Bounds())
	at = at.Add(box.Min).Sub(image.Pt(c.X0, c.Y0))
	draw.Draw(out, image.Rectangle{at, at.Add(box.Size())}, m, box.Min, draw.Src)
}

// lay takes the cells of a page off it and puts them under one another on a picture of their own, where each
// says where it lies there; what may be a lone figure gets pictures of its own besides, which differ in the
// white around. laid is nil, and the page as it was, where there are no cells or too many.
func lay(m *image.Gray, cells []sandbox.Cell) (laid *image.Gray, lone []*image.Gray) {
	if len(cells) == 0 {
		return nil, nil
	}
	gap := int(around * float64(max(m.Bounds().Dx(), m.Bounds().Dy())) / 842)
	wide, tall := 0, gap
	var heights []int
	for i := range cells {
		c := &cells[i]
		c.Y = tall
		c.X = gap * 3
		wide = max(wide, c.X1-c.X0)
		tall += c.Y1 - c.Y0 + gap
		if c.Lone {
			heights = append(heights, c.Y1-c.Y0)
		}
	}
	if tall > mostTall || tall > maxPixels/(wide+6*gap) {
		return nil, nil
	}
	slices.Sort(heights)
	laid = image.NewGray(image.Rect(0, 0, wide+6*gap, tall))
	draw.Draw(laid, laid.Bounds(), image.White, image.Point{}, draw.Src)
	for i, c := range cells {
		paste(laid, image.Pt(c.X, c.Y), m, c)
		if c.Lone {
			for k, share := range sandbox.LoneAround {
				cells[i].Around[k] = max(2, int(share*float64(heights[len(heights)/2])))
				lone = append(lone, cut(m, c, cells[i].Around[k]))
			}
		}
	}
	for _, c := range cells {
		white(m, image.Rect(c.X0-1, c.Y0-1, c.X1+1, c.Y1+1).Intersect(m.Bounds()))
	}
	return laid, lone
}
