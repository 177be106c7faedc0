package main

import (
	"image"
	"image/color"
	"testing"
)

// TestPlain holds that greys stay greys, that a red seal stays red, and that a page without colour is
// told by its palette.
func TestPlain(t *testing.T) {
	m := image.NewRGBA(image.Rect(3, 5, 7, 6))
	for x, c := range []color.Color{color.White, color.Black, color.RGBA{250, 248, 240, 255}, color.RGBA{128, 128, 128, 255}} {
		m.Set(3+x, 5, c)
	}
	p := plain(m)
	if len(p.Palette) != greys || p.Rect != image.Rect(0, 0, 4, 1) {
		t.Errorf("without colour: %d colours, %v", len(p.Palette), p.Rect)
	}
	for x, want := range []uint8{255, 0, 238, 136} {
		if g := color.GrayModel.Convert(p.At(x, 0)).(color.Gray).Y; g != want {
			t.Errorf("grey %d is %d, want %d", x, g, want)
		}
	}
	m.Set(3, 5, color.RGBA{200, 30, 40, 255})
	if r, g, b, _ := plain(m).At(0, 0).RGBA(); r>>8 != 204 || g>>8 != 51 || b>>8 != 51 {
		t.Errorf("red is %d %d %d", r>>8, g>>8, b>>8)
	}
}
