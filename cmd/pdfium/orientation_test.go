package main

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"testing"
)

// photograph is a JPEG with an EXIF note of how it lies.
func photograph(t *testing.T, m image.Image, orientation byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 100}); err != nil {
		t.Fatal(err)
	}
	exif := []byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00")
	exif = append(exif, orientation, 0, 0, 0, 0, 0, 0)
	segment := append([]byte{0xFF, 0xE1, 0, byte(len(exif) + 2)}, exif...)
	return append(append([]byte{0xFF, 0xD8}, segment...), b.Bytes()[2:]...)
}

// TestUpright turns a picture with one dark corner in all eight ways and wants it in the top left.
func TestUpright(t *testing.T) {
	const w, h, dark = 64, 32, 16
	for orientation, corner := range map[byte][2]int{1: {0, 0}, 2: {1, 0}, 3: {1, 1}, 4: {0, 1}, 5: {0, 0}, 6: {0, 1}, 7: {1, 1}, 8: {1, 0}} {
		m := image.NewGray(image.Rect(0, 0, w, h))
		for y := range h {
			for x := range w {
				m.SetGray(x, y, color.Gray{255})
				if x/dark == corner[0]*(w/dark-1) && y/dark == corner[1]*(h/dark-1) {
					m.SetGray(x, y, color.Gray{0})
				}
			}
		}
		source := photograph(t, m, orientation)
		if got := orientationOf(source); got != int(orientation) {
			t.Fatalf("orientation %d read as %d", orientation, got)
		}
		decoded, _, err := image.Decode(bytes.NewReader(source))
		if err != nil {
			t.Fatal(err)
		}
		up := upright(decoded, int(orientation))
		if turned := orientation >= 5; turned != (up.Bounds().Dx() == h) {
			t.Errorf("orientation %d: %v", orientation, up.Bounds())
		}
		if r, _, _, _ := up.At(4, 4).RGBA(); r > 0x4000 {
			t.Errorf("orientation %d: the top left corner is not the dark one", orientation)
		}
	}
	for _, broken := range [][]byte{nil, []byte("II*\x00\xff\xff\xff\x7f"), {0xFF, 0xD8, 0xFF, 0xE1, 0xFF, 0xFF}, []byte("\xFF\xD8\xFF\xE1\x00\x10Exif\x00\x00MM\x00*\x00\x00")} {
		if got := orientationOf(broken); got != 1 {
			t.Errorf("%q: %d", broken, got)
		}
	}
}
