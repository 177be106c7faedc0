package document

import (
	"cmp"
	"slices"
	"strings"

	"soket/extract/vietnamese"
)

// ends knows rows that never stand in a table or beside something: the title, the start of the body,
// the foot of a letter.
func ends(row []line) bool {
	folded := vietnamese.Fold(row[0].text)
	return hasAnyPrefix(folded, "kinh gui", "noi nhan", "ghi chu", "nguon:") ||
		hasAnyPrefix(folded, titles...) && len(row) == 1 && upperShare(row[0].text) > 0.9
}

// beside says whether a lone line and the next one stand left and right of each other, at heights
// that differ by less than a line: the two sides of a letter's head or foot.
func beside(rows [][]line, i int) bool {
	if i+1 >= len(rows) || len(rows[i]) != 1 || len(rows[i+1]) != 1 {
		return false
	}
	a, b := &rows[i][0], &rows[i+1][0]
	return b.y-a.y < 1.1*min(a.size, b.size) && apart(rows[i], rows[i+1], 0.8*a.size)
}

// opensFoot says whether a lone line begins the foot of a letter, one side of which stands lower.
func (o *orderer) opensFoot(rows [][]line, i int) bool {
	first := &rows[i][0]
	if signerLine(first) && first.x0 > o.width/2 {
		return slices.ContainsFunc(rows[i+1:min(len(rows), i+4)], func(row []line) bool { return recipients(&row[0]) && row[0].x0 < first.x0 })
	}
	if !recipients(first) {
		return false
	}
	for _, row := range rows[i+1 : min(len(rows), i+12)] {
		if len(row) > 1 || row[0].x0 > first.x1+2*row[0].size {
			return true
		}
	}
	return false
}

func recipients(l *line) bool { return strings.HasPrefix(vietnamese.Fold(l.text), "noi nhan") }

func signerLine(l *line) bool {
	return upperShare(l.text) > 0.9 && hasAnyPrefix(vietnamese.Fold(l.text), signers...)
}

// letterSides knows the head and the foot of a letter by what they say, and the head by its motto.
func (o *orderer) letterSides(rows [][]line, mid float64) (found, motto bool) {
	for k, row := range rows {
		for i := range row {
			ln := &row[i]
			folded := vietnamese.Fold(ln.text)
			right := (ln.x0+ln.x1)/2 > mid
			switch {
			case strings.Contains(folded, "xa hoi chu nghia") || strings.Contains(folded, "hanh phuc") && strings.Contains(folded, "doc lap"):
				return k < 12, true
			case strings.HasPrefix(folded, "noi nhan") && !right:
				return true, false
			case right && signerLine(ln):
				return true, false
			case upperShare(ln.text) > 0.9 && hasAnyPrefix(folded, "nguoi lap", "nguoi bao cao", "ke toan truong", "dang cong san viet nam"):
				return true, false
			}
		}
	}
	return false, false
}

// sides puts down what stands left of mid, then what stands right of it.
func (o *orderer) sides(rows [][]line, mid float64) {
	var halves [2][]line
	for _, row := range rows {
		a, b := o.halves(row, mid)
		halves[0], halves[1] = append(halves[0], a...), append(halves[1], b...)
	}
	for i, half := range halves {
		slices.SortStableFunc(half, func(a, b line) int { return cmp.Compare(a.y, b.y) })
		for _, ln := range half {
			o.out = append(o.out, piece{line: ln, side: left + side(i), fresh: true, left: o.left, right: o.right})
		}
	}
}
