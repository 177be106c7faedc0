package sandbox

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"soket/extract/document"
)

// read has the cells recognised that were taken off a page, and gives their lines back at their places: row by
// row and cell by cell, as programs write a table. Their pictures go to dir.
func (found Scan) read(dir string, pass func(path, mode string) ([]scanned, error)) (lines [][]word, err error) {
	keep := func(name string, data []byte) (string, error) {
		path := filepath.Join(dir, name)
		return path, os.WriteFile(path, data, 0o600)
	}
	if len(found.pictures) < 2 {
		return nil, fmt.Errorf("%w: cells without a picture", document.ErrCorrupt)
	}
	path, err := keep("cells.png", found.pictures[1])
	if err != nil {
		return nil, err
	}
	laid, err := pass(path, asCells)
	if err != nil || len(laid) != 1 {
		return nil, err
	}
	var list strings.Builder // of pictures, which tesseract reads in one go
	for i, m := range found.pictures[2:] {
		path, err := keep(fmt.Sprintf("lone-%d.png", i), m)
		if err != nil {
			return nil, err
		}
		fmt.Fprintln(&list, path)
	}
	var lone []scanned
	if list.Len() > 0 {
		if path, err = keep("lone.txt", []byte(list.String())); err != nil {
			return nil, err
		}
		// Without them figures are what they were read as among the others.
		if lone, err = pass(path, asLine); err != nil || len(lone) != len(found.pictures)-2 {
			lone = nil
		}
	}
	for _, c := range found.Cells {
		of := laid[0].of(c)
		if c.Lone && len(lone) >= len(c.Around) {
			of = figure(c, of, lone[:len(c.Around)])
			lone = lone[len(c.Around):]
		}
		lines = append(lines, of...)
	}
	return lines, nil
}

var (
	// printedNumber is a figure as papers print it, printedNone the dash for none of it.
	printedNumber = regexp.MustCompile(`^[+-]?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d{1,3})?%?$`)
	printedNone   = regexp.MustCompile(`^[-–—_=.~]{1,2}$`)
	pointed       = regexp.MustCompile(`^[+-]?\d+\.\d{1,2}%?$`) // "57.1": a comma, or as good as one
)

// doubtful is the confidence in a figure that every reading gives otherwise.
const doubtful = 0.4

// figure chooses among readings of a cell: as it was read among the others, and alone with each of the whites
// around it. What is no figure or dash alone is what it was among the others. Digits that most readings agree on
// count, then those of the surest; separators are lost rather than seen where there are none.
func figure(c Cell, among [][]word, alone []scanned) [][]word {
	type reading struct {
		text, digits string
		sure         float64
		same         int // readings of these digits
	}
	read := func(lines [][]word) (r reading, ok bool) {
		n := 0
		for _, line := range lines {
			for _, w := range line {
				r.text, r.sure, n = r.text+w.text, r.sure+w.confidence, n+1
			}
		}
		r.sure /= float64(max(n, 1))
		if printedNone.MatchString(r.text) {
			r.text = "-"
			return r, float64(c.Y1-c.Y0) < float64(c.Around[0])/LoneAround[0]/2
		}
		r.text = strings.Trim(r.text, `.,:;'"‘’“”`)
		if pointed.MatchString(r.text) {
			r.text = strings.Replace(r.text, ".", ",", 1)
		}
		r.digits = strings.NewReplacer(".", "", ",", "").Replace(r.text)
		// A letter takes a quarter of its height at least, and not much more than that: a word that was taken
		// for a figure does not fit.
		most := float64(len(r.text)) * float64(c.Y1-c.Y0)
		return r, printedNumber.MatchString(r.text) && c.X1-c.X0 >= int(most/5) && c.X1-c.X0 <= int(most)
	}
	var found []*reading
	for _, s := range alone {
		if r, ok := read(s.lines); ok {
			found = append(found, &r)
		}
	}
	if len(found)*2 < len(alone) {
		return among
	}
	if r, ok := read(among); ok {
		found = append(found, &r)
	}
	for _, r := range found {
		for _, other := range found {
			if r.digits == other.digits {
				r.same++
			}
		}
	}
	best := slices.MaxFunc(found, func(a, b *reading) int {
		return cmp.Or(cmp.Compare(a.same, b.same), cmp.Compare(len(a.text)-len(a.digits), len(b.text)-len(b.digits)), cmp.Compare(a.sure, b.sure))
	})
	if len(found) > 1 && best.same == 1 {
		best.sure = min(best.sure, doubtful)
	}
	return [][]word{{{left: float64(c.X0), top: float64(c.Y0), width: float64(c.X1 - c.X0), height: float64(c.Y1 - c.Y0), confidence: best.sure, text: best.text}}}
}

// of gives the lines of a cell that was laid out among others, back at its place on the page.
func (p scanned) of(c Cell) (lines [][]word) {
	for _, line := range p.lines {
		var mine []word
		for _, w := range line {
			middle := int(w.top + w.height/2)
			if c.Y <= middle && middle <= c.Y+c.Y1-c.Y0 {
				w.left += float64(c.X0 - c.X)
				w.top += float64(c.Y0 - c.Y)
				mine = append(mine, w)
			}
		}
		if len(mine) > 0 {
			lines = append(lines, mine)
		}
	}
	return lines
}
