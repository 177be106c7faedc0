package main

import (
	"image"
	"image/color"
	"image/draw"
)

// What a picture for people is made of: a page of text takes a quarter of the bytes that it takes in
// full colour, and reads the same.
const (
	greys  = 16 // four bits each; of a page without colour there are no more
	shades = 6  // of red, green and blue: a red seal stays red
	tint   = 24 // by which the three may differ in a grey: paper is seldom white in a scan
)

// plain gives a picture in few colours.
func plain(m image.Image) *image.Paletted {
	b := m.Bounds()
	full := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(full, full.Bounds(), &image.Uniform{color.White}, image.Point{}, draw.Src)
	draw.Draw(full, full.Bounds(), m, b.Min, draw.Over)
	var colours color.Palette
	for i := range greys {
		colours = append(colours, color.Gray{uint8(i * 255 / (greys - 1))})
	}
	for i := range shades * shades * shades {
		one := func(n int) uint8 { return uint8(n % shades * 255 / (shades - 1)) }
		colours = append(colours, color.RGBA{one(i / shades / shades), one(i / shades), one(i), 255})
	}
	nearest := func(v, n int) int { return (v*(n-1) + 127) / 255 }
	few, coloured := image.NewPaletted(full.Rect, colours), false
	for i := range few.Pix {
		r, g, b := int(full.Pix[4*i]), int(full.Pix[4*i+1]), int(full.Pix[4*i+2])
		if max(r, g, b)-min(r, g, b) <= tint {
			few.Pix[i] = uint8(nearest((r+g+b)/3, greys))
			continue
		}
		coloured = true
		few.Pix[i] = uint8(greys + (nearest(r, shades)*shades+nearest(g, shades))*shades + nearest(b, shades))
	}
	if !coloured {
		few.Palette = colours[:greys]
	}
	return few
}
