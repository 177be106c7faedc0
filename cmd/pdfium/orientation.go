package main

import (
	"bytes"
	"encoding/binary"
	"image"
)

// orientationOf is how a photograph lies, 1 to 8 as EXIF and TIFF number it; 1 where nothing says so.
// A telephone saves the picture as its sensor lies and only notes how it was held.
func orientationOf(source []byte) int {
	const segments = 64 // a photograph has about ten before its pixels
	if bytes.HasPrefix(source, []byte("II*\x00")) || bytes.HasPrefix(source, []byte("MM\x00*")) {
		return tiffOrientation(source)
	}
	if !bytes.HasPrefix(source, []byte{0xFF, 0xD8}) {
		return 1
	}
	for at, n := 2, 0; n < segments && at+4 <= len(source) && source[at] == 0xFF; n++ {
		kind, size := source[at+1], int(binary.BigEndian.Uint16(source[at+2:]))
		if kind == 0xDA || size < 2 || at+2+size > len(source) { // the pixels begin
			break
		}
		body := source[at+4 : at+2+size]
		if tiff, ok := bytes.CutPrefix(body, []byte("Exif\x00\x00")); ok && kind == 0xE1 {
			return tiffOrientation(tiff)
		}
		at += 2 + size
	}
	return 1
}

// tiffOrientation looks for the tag in the first directory of TIFF data.
func tiffOrientation(b []byte) int {
	if len(b) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.LittleEndian
	if b[0] == 'M' {
		order = binary.BigEndian
	}
	at := int64(order.Uint32(b[4:]))
	if at+2 > int64(len(b)) {
		return 1
	}
	const tag, entry = 0x0112, 12
	count := int64(order.Uint16(b[at:]))
	for i := range count {
		e := at + 2 + i*entry
		if e+entry > int64(len(b)) {
			break
		}
		if order.Uint16(b[e:]) == tag {
			if v := int(order.Uint16(b[e+8:])); v >= 1 && v <= 8 {
				return v
			}
		}
	}
	return 1
}

// upright turns a picture as its orientation asks.
func upright(m image.Image, orientation int) image.Image {
	if orientation <= 1 {
		return m
	}
	b := m.Bounds()
	w, h := b.Dx(), b.Dy()
	across, down := w, h
	if orientation >= 5 {
		across, down = h, w
	}
	out := image.NewRGBA(image.Rect(0, 0, across, down))
	for y := range down {
		for x := range across {
			sx, sy := x, y
			switch orientation {
			case 2:
				sx = w - 1 - x
			case 3:
				sx, sy = w-1-x, h-1-y
			case 4:
				sy = h - 1 - y
			case 5:
				sx, sy = y, x
			case 6: // to be turned clockwise
				sx, sy = y, h-1-x
			case 7:
				sx, sy = w-1-y, h-1-x
			case 8:
				sx, sy = w-1-y, x
			}
			out.Set(x, y, m.At(b.Min.X+sx, b.Min.Y+sy))
		}
	}
	return out
}
