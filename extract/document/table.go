package document

import (
	"cmp"
	"math"
	"slices"
)

// Tolerances of ruling lines, in points.
const (
	// ruleSlack is how far lines may be apart and still be the same, or meet: borders of neighbouring
	// cells are drawn twice, up to 2 points apart.
	ruleSlack = 2.5
	// slimmest is the least width or height of a cell; lines nearer to each other are a double border.
	slimmest = 4.0
	// ruledShare is the share of a cell's edge that must be drawn for it to be closed there.
	ruledShare = 0.6
	// maxGridRules bounds the lines looked at on a page, after those in one row are joined. A page
	// with more is a drawing: its tables are read as unruled ones.
	maxGridRules = 4000
	// overhang is how far lines must reach beyond the last crossing to close an open side.
	overhang = 12.0
)

// stroke is a horizontal or vertical line: at, from, to.
type stroke struct{ at, from, to float64 }

// grid is a ruled table as drawn: the places of its lines, and which cells are one.
type grid struct {
	xs, ys []float64
	cell   []int // for each elementary cell, row by row, the number of the cell it belongs to
	cells  []span
}

// span is a cell of the grid: rows [r0,r1) and columns [c0,c1).
type span struct{ r0, c0, r1, c1 int }

func (g *grid) box() (x0, y0, x1, y1 float64) {
	return g.xs[0], g.ys[0], g.xs[len(g.xs)-1], g.ys[len(g.ys)-1]
}

// at gives the cell at a place, -1 outside.
func (g *grid) at(x, y float64) int {
	c, r := position(g.xs, x), position(g.ys, y)
	if c < 0 || r < 0 {
		return -1
	}
	return g.cell[r*(len(g.xs)-1)+c]
}

// position gives i such that at[i] <= v < at[i+1], -1 outside.
func position(at []float64, v float64) int {
	n := len(at)
	if n < 2 || v < at[0] || v >= at[n-1] {
		return -1
	}
	lo, hi := 0, n-1
	for hi-lo > 1 {
		mid := (lo + hi) / 2
		if at[mid] <= v {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo
}

// grids finds the ruled tables of a page, from its lines in upright coordinates.
func grids(rules []Rule, t turn) []grid {
	var hs, vs []stroke
	for _, r := range rules {
		x0, y0 := t.in(r.X0, r.Y0)
		x1, y1 := t.in(r.X1, r.Y1)
		x0, x1, y0, y1 = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
		if x1-x0 >= y1-y0 {
			hs = append(hs, stroke{(y0 + y1) / 2, x0, x1})
		} else {
			vs = append(vs, stroke{(x0 + x1) / 2, y0, y1})
		}
	}
	if len(hs) < 2 || len(vs) == 0 {
		return nil
	}
	hs, vs = joinStrokes(hs), joinStrokes(vs)
	if len(hs)+len(vs) > maxGridRules {
		return nil
	}
	// Lines that meet belong together.
	group := make([]int, len(hs)+len(vs))
	for i := range group {
		group[i] = i
	}
	find := func(i int) int {
		for group[i] != i {
			group[i] = group[group[i]]
			i = group[i]
		}
		return i
	}
	for j, v := range vs {
		lo, _ := slices.BinarySearchFunc(hs, v.from-ruleSlack, func(s stroke, at float64) int { return cmp.Compare(s.at, at) })
		for i := lo; i < len(hs) && hs[i].at <= v.to+ruleSlack; i++ {
			if v.at >= hs[i].from-ruleSlack && v.at <= hs[i].to+ruleSlack {
				group[find(i)] = find(len(hs) + j)
			}
		}
	}
	type set struct{ hs, vs []stroke }
	sets := map[int]*set{}
	var keys []int
	of := func(i int) *set {
		k := find(i)
		if sets[k] == nil {
			sets[k] = &set{}
			keys = append(keys, k)
		}
		return sets[k]
	}
	for i, h := range hs {
		s := of(i)
		s.hs = append(s.hs, h)
	}
	for j, v := range vs {
		s := of(len(hs) + j)
		s.vs = append(s.vs, v)
	}
	var gs []grid
	for _, k := range keys {
		if g, ok := newGrid(sets[k].hs, sets[k].vs); ok {
			gs = append(gs, g)
		}
	}
	return withoutNested(gs)
}

// withoutNested drops grids that lie inside a cell of another one, or the other way round a frame
// of a single column around tables.
func withoutNested(gs []grid) []grid {
	return slices.DeleteFunc(gs, func(g grid) bool {
		x0, y0, x1, y1 := g.box()
		for _, o := range gs {
			a0, b0, a1, b1 := o.box()
			if a0 < x0-1 && b0 < y0-1 && a1 > x1+1 && b1 > y1+1 && len(o.cells) > 2 {
				return true
			}
		}
		return false
	})
}

// joinStrokes puts lines together that lie in one row and touch, ordered by place.
func joinStrokes(in []stroke) []stroke {
	slices.SortFunc(in, func(a, b stroke) int {
		return cmp.Or(cmp.Compare(math.Round(a.at*2), math.Round(b.at*2)), cmp.Compare(a.from, b.from))
	})
	out := in[:0]
	for _, s := range in {
		if n := len(out); n > 0 {
			last := &out[n-1]
			if math.Abs(last.at-s.at) <= 0.8 && s.from <= last.to+ruleSlack && s.to >= last.from-ruleSlack {
				last.from, last.to = min(last.from, s.from), max(last.to, s.to)
				continue
			}
		}
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b stroke) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.from, b.from)) })
	return out
}

// places gathers the places of lines, those within the slack as one.
func places(ss []stroke, more ...float64) []float64 {
	at := append([]float64{}, more...)
	for _, s := range ss {
		at = append(at, s.at)
	}
	slices.Sort(at)
	var out []float64
	for i := 0; i < len(at); {
		j := i + 1
		sum := at[i]
		for j < len(at) && at[j]-at[i] <= slimmest {
			sum += at[j]
			j++
		}
		out = append(out, sum/float64(j-i))
		i = j
	}
	return out
}

// newGrid makes a grid of lines that meet; ok is false for a frame around text and for lines that
// close nothing.
func newGrid(hs, vs []stroke) (g grid, ok bool) {
	if len(hs) < 2 || len(vs) < 1 {
		return g, false
	}
	// Open sides: lines that reach beyond the last one across them close there.
	x0, x1, y0, y1 := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, h := range hs {
		x0, x1 = min(x0, h.from), max(x1, h.to)
	}
	for _, v := range vs {
		y0, y1 = min(y0, v.from), max(y1, v.to)
	}
	g.xs, g.ys = places(vs), places(hs)
	if g.xs[0]-x0 > overhang {
		g.xs = append([]float64{x0}, g.xs...)
		vs = append(vs, stroke{x0, y0, y1})
	}
	if x1-g.xs[len(g.xs)-1] > overhang {
		g.xs = append(g.xs, x1)
		vs = append(vs, stroke{x1, y0, y1})
	}
	if g.ys[0]-y0 > overhang {
		g.ys = append([]float64{y0}, g.ys...)
		hs = append(hs, stroke{y0, x0, x1})
	}
	if y1-g.ys[len(g.ys)-1] > overhang {
		g.ys = append(g.ys, y1)
		hs = append(hs, stroke{y1, x0, x1})
	}
	nc, nr := len(g.xs)-1, len(g.ys)-1
	if nc < 1 || nr < 1 || nc*nr < 2 || nc*nr > maxGridRules*25 {
		return g, false
	}
	// Which edges are drawn. right[r*nc+c] is the one between c and c+1.
	rightEdge, lowerEdge := make([]float64, nr*nc), make([]float64, nr*nc)
	nearest := func(at []float64, v float64) int {
		best := 0
		for i := range at {
			if math.Abs(at[i]-v) < math.Abs(at[best]-v) {
				best = i
			}
		}
		return best
	}
	for _, v := range vs {
		c := nearest(g.xs, v.at) - 1
		if c < 0 || c >= nc {
			continue
		}
		for r := 0; r < nr; r++ {
			if d := min(v.to, g.ys[r+1]) - max(v.from, g.ys[r]); d > 0 {
				rightEdge[r*nc+c] += d / (g.ys[r+1] - g.ys[r])
			}
		}
	}
	for _, h := range hs {
		r := nearest(g.ys, h.at) - 1
		if r < 0 || r >= nr {
			continue
		}
		for c := 0; c < nc; c++ {
			if d := min(h.to, g.xs[c+1]) - max(h.from, g.xs[c]); d > 0 {
				lowerEdge[r*nc+c] += d / (g.xs[c+1] - g.xs[c])
			}
		}
	}
	// Grow each cell from its first corner: to the right until an edge, then down while the whole
	// width is open.
	g.cell = make([]int, nr*nc)
	for i := range g.cell {
		g.cell[i] = -1
	}
	for r := 0; r < nr; r++ {
		for c := 0; c < nc; c++ {
			if g.cell[r*nc+c] >= 0 {
				continue
			}
			c1 := c + 1
			for c1 < nc && rightEdge[r*nc+c1-1] < ruledShare && g.cell[r*nc+c1] < 0 {
				c1++
			}
			r1 := r + 1
		down:
			for ; r1 < nr; r1++ {
				for k := c; k < c1; k++ {
					if lowerEdge[(r1-1)*nc+k] >= ruledShare || g.cell[r1*nc+k] >= 0 || k+1 < c1 && rightEdge[r1*nc+k] >= ruledShare {
						break down
					}
				}
			}
			for a := r; a < r1; a++ {
				for b := c; b < c1; b++ {
					g.cell[a*nc+b] = len(g.cells)
				}
			}
			g.cells = append(g.cells, span{r, c, r1, c1})
		}
	}
	return g, len(g.cells) > 1
}
