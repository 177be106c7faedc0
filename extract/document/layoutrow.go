package document

import (
	"cmp"
	"math"
	"slices"
)

// run is a stretch of glyphs that follow each other on one baseline, in one bucket: the page (0) or
// a cell of a ruled table.
type run struct {
	first, last int // glyphs, last included
	bucket      int
	x0, x1      float64
	y, size     float64
}

// runs cuts the glyphs where the baseline, the bucket or the direction changes.
func runs(glyphs []Glyph, bucket func(g *Glyph) int) []run {
	rs := make([]run, 0, len(glyphs)/16+1)
	for i := range glyphs {
		g := &glyphs[i]
		b := bucket(g)
		if n := len(rs); n > 0 {
			r := &rs[n-1]
			if r.bucket == b && math.Abs(g.Y-r.y) <= sameBaseline*max(1, min(g.Size, r.size)) && sameScript(g.Size, r.size) &&
				g.X >= glyphs[i-1].X-0.05*g.Size && g.X-r.x1 < 20*g.Size {
				r.last = i
				r.x1 = max(r.x1, g.X+g.Width)
				continue
			}
		}
		rs = append(rs, run{i, i, b, g.X, g.X + g.Width, g.Y, g.Size})
	}
	return rs
}

func sameScript(a, b float64) bool { return a <= b*1.3 && b <= a*1.3 }

// row is the runs on one baseline of a bucket.
type row struct {
	runs    []run
	scripts []run // superscripts and subscripts that belong to it
	bucket  int
	x0, x1  float64
	y, size float64
	gone    bool
}

// rowsOf gathers runs into rows, ordered by bucket, then from top to bottom.
func rowsOf(rs []run) []row {
	slices.SortStableFunc(rs, func(a, b run) int {
		return cmp.Or(cmp.Compare(a.bucket, b.bucket), cmp.Compare(a.y, b.y))
	})
	var rows []row
	for start := 0; start < len(rs); {
		end := start + 1
		size := rs[start].size
		for end < len(rs) && rs[end].bucket == rs[start].bucket && rs[end].y-rs[end-1].y <= sameBaseline*max(1, size) && rs[end].y-rs[start].y <= 0.35*size {
			size = max(size, rs[end].size)
			end++
		}
		r := row{runs: rs[start:end:end], bucket: rs[start].bucket, x0: math.Inf(1), x1: math.Inf(-1)}
		length := 0
		for _, q := range r.runs {
			r.x0, r.x1 = min(r.x0, q.x0), max(r.x1, q.x1)
			if n := q.last - q.first; n >= length {
				length, r.y, r.size = n, q.y, q.size
			}
		}
		rows = append(rows, r)
		start = end
	}
	// Superscripts go to the row they stand at.
	for i := range rows {
		small := &rows[i]
		for _, j := range []int{i + 1, i - 1, i + 2, i - 2} {
			if j < 0 || j >= len(rows) || rows[j].bucket != small.bucket || rows[j].gone {
				continue
			}
			big := &rows[j]
			lift := math.Abs(big.y - small.y)
			if small.size > scriptSize*big.size || lift < scriptRise*small.size || lift > 0.6*big.size || small.x1-small.x0 > 6*big.size && len(small.runs) < 2 {
				continue
			}
			attached := 0
			for _, q := range small.runs {
				if big.touches(q) || small.y < big.y && big.follows(q) {
					attached++
				}
			}
			if attached == len(small.runs) {
				big.scripts = append(big.scripts, small.runs...)
				small.gone = true
				break
			}
		}
	}
	return rows
}

// touches says whether a run stands at the end, the start or in a gap of the row's own runs.
func (r *row) touches(q run) bool {
	for _, o := range r.runs {
		if d := q.x0 - o.x1; d > -0.6*r.size && d < 0.35*r.size {
			return true
		}
		if d := o.x0 - q.x1; d > -0.35*r.size && d < 0.6*r.size {
			return true
		}
		if q.x0 > o.x0 && q.x1 < o.x1 {
			return true
		}
	}
	return false
}

// follows says whether the row begins after a run as short as the mark of a footnote, which may hang.
func (r *row) follows(q run) bool {
	return q.last-q.first < 4 && q.x1 <= r.x0 && r.x0-q.x1 < columnGap*r.size
}
