package main

import (
	"image"
	"math"
)

// mostDots bounds the pixels by which a page is set straight.
const mostDots = 100_000

// level turns a picture whose lines lean by slope so that they are level.
func level(m *image.Gray, slope float64) *image.Gray {
	b := m.Bounds()
	w, h := b.Dx(), b.Dy()
	out := image.NewGray(b)
	sin, cos := math.Sincos(math.Atan(slope))
	midX, midY := float64(w)/2, float64(h)/2
	at := func(x, y int) float64 {
		if x < 0 || y < 0 || x >= w || y >= h {
			return 255
		}
		return float64(m.Pix[y*m.Stride+x])
	}
	for y := range h {
		for x := range w {
			dx, dy := float64(x)-midX, float64(y)-midY
			fx, fy := midX+dx*cos-dy*sin, midY+dx*sin+dy*cos
			ix, iy := math.Floor(fx), math.Floor(fy)
			ax, ay := fx-ix, fy-iy
			i, j := int(ix), int(iy)
			v := (at(i, j)*(1-ax)+at(i+1, j)*ax)*(1-ay) + (at(i, j+1)*(1-ax)+at(i+1, j+1)*ax)*ay
			out.Pix[y*out.Stride+x] = uint8(v + 0.5)
		}
	}
	return out
}

// leans gives how much the lines of a page lean, of text or ruled: by the slope along which its ink
// gathers in the fewest rows.
func leans(m *image.Gray) float64 {
	const coarse, fine = 0.002, 0.0005
	b := m.Bounds()
	ink := letters(m)
	type dot struct{ x, y float64 }
	var dots []dot
	for y := 0; y < b.Dy(); y++ {
		for x := y % 3; x < b.Dx(); x += 3 {
			if m.Pix[y*m.Stride+x] < ink {
				dots = append(dots, dot{float64(x), float64(y)})
			}
		}
	}
	if few := len(dots)/mostDots + 1; few > 1 { // as many tell as much
		for i := range len(dots) / few {
			dots[i] = dots[i*few]
		}
		dots = dots[:len(dots)/few]
	}
	off := int(leaning*float64(b.Dx())) + 1
	rows := make([]int, b.Dy()+2*off)
	gathered := func(slope float64) (sum int) {
		clear(rows)
		for _, d := range dots {
			rows[off+int(d.y-slope*d.x)]++
		}
		for _, n := range rows {
			sum += n * n
		}
		return sum
	}
	best, most := 0.0, gathered(0)
	search := func(from, to, step float64) {
		for s := from; s <= to; s += step {
			if n := gathered(s); n > most {
				best, most = s, n
			}
		}
	}
	search(-leaning+coarse, leaning-coarse, coarse)
	search(best-coarse+fine, best+coarse-fine, fine)
	return best
}
