package main

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"testing"

	"soket/extract/sandbox"
)

// lines takes the ruling lines off a picture and gives them.
func lines(m *image.Gray) []sandbox.Stroke {
	found, takeOff := rulings(m)
	takeOff()
	return found
}

// TestLines draws a leaning table with strokes of letters in it, and wants the ruling lines found
// where they are and taken off, and the letters left.
func TestLines(t *testing.T) {
	const w, h, lean = 1654, 2339, 0.01
	m := image.NewGray(image.Rect(0, 0, w, h))
	draw.Draw(m, m.Bounds(), image.White, image.Point{}, draw.Src)
	dot := func(x, y float64) { m.SetGray(int(x), int(y), color.Gray{90}) }
	for _, y := range []float64{400, 500, 600} {
		for x := 200.0; x < 1200; x++ {
			for d := range 2 {
				dot(x, y+lean*x+float64(d))
			}
		}
	}
	for _, x := range []float64{200, 700, 1200} {
		for y := 400.0; y < 600; y++ {
			for d := range 2 {
				dot(x-lean*(y-400)+float64(d), y+lean*x)
			}
		}
	}
	letter := image.Rect(300, 440, 306, 470) // a stroke of a letter, 30 pixels high
	draw.Draw(m, letter, image.Black, image.Point{}, draw.Src)
	found := lines(m)
	level, upright := 0, 0
	for _, s := range found {
		switch {
		case math.Abs(s.X1-s.X0) > 950:
			level++
			if d := s.Y1 - s.Y0 - lean*1000; math.Abs(d) > 2 {
				t.Errorf("a level line leans by %.1f, want %.1f", s.Y1-s.Y0, lean*1000.0)
			}
		case math.Abs(s.Y1-s.Y0) > 190:
			upright++
		default:
			t.Errorf("a stray line %+v", s)
		}
	}
	if level != 3 || upright != 3 {
		t.Errorf("%d level and %d upright lines, want 3 and 3: %+v", level, upright, found)
	}
	ink := 0
	for y := range h {
		for x := range w {
			if m.GrayAt(x, y).Y < 128 {
				ink++
			}
		}
	}
	if want := letter.Dx() * letter.Dy(); ink != want {
		t.Errorf("%d dark pixels left, the letter has %d", ink, want)
	}
}
