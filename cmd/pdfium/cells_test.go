package main

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"slices"
	"testing"

	"soket/extract/sandbox"
)

// paper is a page of A4 at 200 dots per inch with black boxes on it.
func paper(boxes ...image.Rectangle) *image.Gray {
	m := image.NewGray(image.Rect(0, 0, 1654, 2339))
	draw.Draw(m, m.Bounds(), image.White, image.Point{}, draw.Src)
	for _, b := range boxes {
		draw.Draw(m, b, image.Black, image.Point{}, draw.Src)
	}
	return m
}

// TestCellsRuled wants the cells that ruling lines make, a head over two columns as one.
func TestCellsRuled(t *testing.T) {
	text := []image.Rectangle{ // in cells: the head, then two rows of two
		image.Rect(300, 320, 900, 345),
		image.Rect(220, 420, 500, 445), image.Rect(820, 420, 860, 445),
		image.Rect(220, 520, 500, 545), image.Rect(820, 520, 860, 545),
	}
	m := paper(text...)
	for _, y := range []int{300, 400, 500, 600} {
		draw.Draw(m, image.Rect(200, y, 1200, y+2), image.Black, image.Point{}, draw.Src)
	}
	for _, x := range []int{200, 800, 1200} {
		from := 300
		if x == 800 {
			from = 400
		}
		draw.Draw(m, image.Rect(x, from, x+2, 600), image.Black, image.Point{}, draw.Src)
	}
	found, strokes := cells(m, lines(m))
	if len(found) != len(text) {
		t.Fatalf("%d cells, want %d: %v", len(found), len(text), found)
	}
	for i, c := range found {
		if got := image.Rect(c.X0, c.Y0, c.X1, c.Y1); got != text[i] {
			t.Errorf("cell %d at %v, want %v", i, got, text[i])
		}
	}
	if len(strokes) != 7 {
		t.Errorf("%d ruling lines, want 7", len(strokes))
	}
	laid, lone := lay(m, found)
	k := 0
	for _, c := range found {
		if laid.GrayAt(c.X, c.Y) != (color.Gray{0}) || laid.GrayAt(c.X-2, c.Y-2) != (color.Gray{255}) || m.GrayAt(c.X0+5, c.Y0+5) != (color.Gray{255}) {
			t.Errorf("cell %+v was not moved", c)
		}
		if c.Lone != (c.X1-c.X0 < 100) {
			t.Errorf("cell %+v may be a figure: %v", c, c.Lone)
			continue
		}
		if !c.Lone {
			continue
		}
		for _, around := range c.Around {
			m := lone[k]
			k++
			if b := m.Bounds(); b.Dx() != c.X1-c.X0+2*around || b.Dy() != c.Y1-c.Y0+2*around || m.GrayAt(around, around) != (color.Gray{0}) || m.GrayAt(around-2, around-2) != (color.Gray{255}) {
				t.Errorf("cell %+v alone: %v", c, b)
			}
		}
	}
	if k != len(lone) {
		t.Errorf("%d pictures of figures, want %d", len(lone), k)
	}
}

// TestCellsUnruled wants rows and columns that only white parts, cells of several lines in their row,
// and text around the table left alone.
func TestCellsUnruled(t *testing.T) {
	var boxes []image.Rectangle
	boxes = append(boxes, image.Rect(160, 100, 1500, 125), image.Rect(160, 140, 1400, 165)) // text
	for row := range 4 {
		y := 300 + row*120
		boxes = append(boxes,
			image.Rect(160, y+20, 180, y+45),
			image.Rect(220, y, 220+300+row*100, y+25), image.Rect(220, y+40, 700, y+65), // two lines
			image.Rect(900, y+20, 960, y+45), image.Rect(1100, y+20, 1160, y+45))
	}
	found, strokes := cells(paper(boxes...), nil)
	if len(found) != 16 {
		t.Fatalf("%d cells, want 16: %v", len(found), found)
	}
	for i, c := range found {
		y := 300 + i/4*120
		want := [4]image.Rectangle{
			image.Rect(160, y+20, 180, y+45), image.Rect(220, y, max(700, 520+i/4*100), y+65),
			image.Rect(900, y+20, 960, y+45), image.Rect(1100, y+20, 1160, y+45)}[i%4]
		if got := image.Rect(c.X0, c.Y0, c.X1, c.Y1); got != want {
			t.Errorf("cell %d at %v, want %v", i, got, want)
		}
	}
	if len(strokes) != 64 {
		t.Errorf("%d sides of cells, want 64", len(strokes))
	}
}

// TestCellsGaps wants the columns of a table of which one row has no number, one no last figure, and whose head is
// wider than a column of figures and stands over two others.
func TestCellsGaps(t *testing.T) {
	boxes := []image.Rectangle{
		image.Rect(160, 320, 180, 345), image.Rect(400, 320, 500, 345), image.Rect(860, 320, 1010, 345), // heads of the first three
		image.Rect(1090, 300, 1380, 325), image.Rect(1100, 345, 1160, 370), image.Rect(1300, 345, 1360, 370), // of two together, and of each
	}
	for row := range 6 {
		y := 420 + row*60
		boxes = append(boxes, image.Rect(220, y, 620, y+25), image.Rect(900, y, 960, y+25), image.Rect(1100, y, 1160, y+25))
		if row != 2 {
			boxes = append(boxes, image.Rect(160, y, 180, y+25))
		}
		if row != 4 {
			boxes = append(boxes, image.Rect(1300, y, 1360, y+25))
		}
	}
	found, _ := cells(paper(boxes...), nil)
	for _, want := range boxes {
		if !slices.ContainsFunc(found, func(c sandbox.Cell) bool { return image.Rect(c.X0, c.Y0, c.X1, c.Y1) == want }) {
			t.Errorf("no cell at %v", want)
		}
	}
	if len(found) != len(boxes) {
		t.Errorf("%d cells, want %d: %v", len(found), len(boxes), found)
	}
}

// TestCellsSides wants the sides of a letter's head apart whose lines are not level.
func TestCellsSides(t *testing.T) {
	var boxes []image.Rectangle
	for line := range 3 {
		boxes = append(boxes, image.Rect(200, 100+line*50, 700, 130+line*50), image.Rect(950, 120+line*50, 1400, 150+line*50))
	}
	for line := range 8 {
		boxes = append(boxes, image.Rect(200, 500+line*50, 1400, 530+line*50))
	}
	found, _ := cells(paper(boxes...), nil)
	if len(found) != 2 || found[0].X1 != 700 || found[0].Y1 != 230 || found[1].X0 != 950 || found[1].Y0 != 120 {
		t.Errorf("%v", found)
	}
}

// TestCellsNone wants no cells on a page of prose in a frame.
func TestCellsNone(t *testing.T) {
	var boxes []image.Rectangle
	for row := range 30 {
		for x := 160; x < 1400; x += 110 {
			boxes = append(boxes, image.Rect(x, 300+row*45, x+90, 325+row*45))
		}
	}
	boxes = append(boxes, image.Rect(100, 200, 1550, 203), image.Rect(100, 2100, 1550, 2103), image.Rect(100, 200, 103, 2100), image.Rect(1547, 200, 1550, 2100))
	m := paper(boxes...)
	if found, _ := cells(m, lines(m)); len(found) > 0 {
		t.Errorf("%d cells in prose: %v", len(found), found[0])
	}
}

// TestLinesOfLetters wants the feet of letters that touch left alone.
func TestLinesOfLetters(t *testing.T) {
	boxes := []image.Rectangle{image.Rect(200, 298, 300, 300)}
	for x := 200; x < 300; x += 20 {
		boxes = append(boxes, image.Rect(x+4, 270, x+9, 300))
	}
	if found := lines(paper(boxes...)); len(found) > 0 {
		t.Errorf("letters were taken for a line: %v", found)
	}
}

// TestLeans turns a page of prose and wants it level again.
func TestLeans(t *testing.T) {
	var boxes []image.Rectangle
	for row := range 30 {
		for x := 160; x < 1400; x += 110 {
			boxes = append(boxes, image.Rect(x, 300+row*45, x+90, 325+row*45))
		}
	}
	for _, slope := range []float64{0, 0.01, -0.03} {
		turned := level(paper(boxes...), -slope)
		if got := leans(turned); math.Abs(got-slope) > 0.001 {
			t.Errorf("leans by %.4f, want %.4f", got, slope)
		}
	}
}
