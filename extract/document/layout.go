package document

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"soket/extract/vietnamese"
)

// unreadable is the score below which the text of a page is not to be trusted: its letters do not
// make Vietnamese syllables, nor words of any kind.
const unreadable = 0.5

// WrongLetters is the share of words with letters that cannot be from which a page's font is taken to
// have a broken map, though most of its words read well: a reader should look at the picture.
const WrongLetters = 0.02

// Layout makes pages and one flow of blocks out of scenes, whichever engine gave them.
func Layout(scenes []Scene) ([]Page, []Block, []Warning) {
	var l layout
	for i := range scenes {
		l.add(&scenes[i])
	}
	return l.finish()
}

// layout takes the scenes of a document page by page, so that none has to be kept, and makes blocks
// of them at the end, when running heads and margins are known.
type layout struct {
	pages    []Page
	flows    []flow
	warnings []Warning
	codes    fontCodes
}

// flow is what stands on one page, in reading order.
type flow struct {
	page          int
	width, height float64  // upright
	left, right   float64  // margins of the text
	rules         []stroke // outside tables, in the lower half: one may stand above footnotes
	pieces        []piece
}

// piece is a line of the flow, or the part of a table.
type piece struct {
	line
	part        *part
	side        side
	kind        BlockKind // Header, Footer or Footnote where it is one
	left, right float64   // margins of the column it stands in
	fresh       bool      // starts something new whatever the line before
}

// add reads one page.
func (l *layout) add(s *Scene) {
	pg := Page{Number: s.Page, Width: s.Width, Height: s.Height, Rotate: s.Rotate, Engine: s.Engine, Why: s.Why, ImageArea: s.ImageArea}
	f := l.read(s, &pg)
	pg.Score = math.Round(1000*vietnamese.Score(pg.Text)) / 1000
	if pg.Score < unreadable && (pg.Text != "" || s.ImageArea > 0.2) || vietnamese.WrongWords(pg.Text) > WrongLetters {
		l.warnings = append(l.warnings, Warning{Code: "page_unreadable", Page: s.Page})
	}
	l.pages = append(l.pages, pg)
	l.flows = append(l.flows, f)
}

// read finds the lines, tables and columns of a page and puts them in reading order.
func (l *layout) read(s *Scene, pg *Page) flow {
	glyphs, slanted := l.glyphs(s)
	t := turn{mainAngle(glyphs), s.Width, s.Height}
	f := flow{page: s.Page, width: s.Width, height: s.Height}
	if t.angle%180 != 0 {
		f.width, f.height = f.height, f.width
	}
	upright, others := glyphs, []Glyph(nil)
	if t.angle != 0 || slices.ContainsFunc(glyphs, func(g Glyph) bool { return g.Angle != 0 }) {
		upright, others = splitAngles(glyphs, t)
	}
	l.codes.learn(glyphs)
	gs := grids(s.Rules, t)
	f.rules = loneRules(s.Rules, t, gs, f.height)
	base := make([]int, len(gs)) // bucket of each grid's first cell
	buckets := 1
	for i := range gs {
		base[i] = buckets
		buckets += len(gs[i].cells)
	}
	bucketAt := func(x, y float64) int {
		for i := range gs {
			if k := gs[i].at(x, y); k >= 0 {
				return base[i] + k
			}
		}
		return 0
	}
	bucket := func(g *Glyph) int {
		if len(gs) == 0 {
			return 0
		}
		return bucketAt(g.X+g.Width/2, g.Y-0.3*g.Size)
	}
	set := setter{glyphs: upright, codes: &l.codes, turn: t}
	cells := make([][]line, buckets)
	var body [][]line // visual rows of the page outside tables
	rows := rowsOf(runs(upright, bucket))
	for i := range rows {
		r := &rows[i]
		switch {
		case r.gone:
		case r.bucket == 0:
			if ls := set.lines(r, true, nil); len(ls) > 0 {
				body = append(body, ls)
			}
		default:
			cells[r.bucket] = set.lines(r, false, cells[r.bucket])
		}
	}
	var loose []line // running up or down beside the text
	for angle, gl := range angleGroups(others) {
		if len(gl) == 0 {
			continue
		}
		for _, ln := range l.turned(gl, turn{angle * 90, s.Width, s.Height}) {
			// Its place in upright coordinates decides about the cell.
			cx, cy := t.in((ln.box[0]+ln.box[2])/2, (ln.box[1]+ln.box[3])/2)
			if b := bucketAt(cx, cy); b > 0 {
				cells[b] = append(cells[b], ln)
			} else {
				loose = append(loose, ln)
			}
		}
	}
	l.codes.mend(body, cells)
	var parts []placed
	for i := range gs {
		cs := cells[base[i] : base[i]+len(gs[i].cells)]
		x0, y0, x1, y1 := gs[i].box()
		if filled := countFilled(cs); filled < 2 {
			for _, ls := range cs { // a frame: its text is the page's
				for _, ln := range ls {
					body = append(body, []line{ln})
				}
			}
			continue
		}
		p := ruledPart(&gs[i], cs, s.Page, t)
		p.table.Engine = s.Engine
		parts = append(parts, placed{p, x0, y0, x1, y1})
	}
	slices.SortStableFunc(body, func(a, b []line) int {
		switch {
		case a[0].y < b[0].y:
			return -1
		case a[0].y > b[0].y:
			return 1
		}
		return 0
	})
	o := orderer{page: s.Page, width: f.width, height: f.height, turn: t, engine: s.Engine, open: l.openTable()}
	o.arrange(body, parts)
	f.pieces, f.left, f.right = o.out, o.left, o.right
	for _, ln := range append(loose, l.slanted(slanted, s)...) {
		f.pieces = append(f.pieces, piece{line: ln, kind: Header, fresh: true})
	}
	print(pg, f.pieces)
	return f
}

// openTable gives the edges of the table without lines that the page before ends with, if it does.
func (l *layout) openTable() []float64 {
	if len(l.flows) == 0 {
		return nil
	}
	ps := l.flows[len(l.flows)-1].pieces
	for k := len(ps) - 1; k >= 0 && k >= len(ps)-3; k-- {
		switch p := &ps[k]; {
		case p.part != nil && p.part.table.Method == "unruled":
			return p.part.edges
		case p.part != nil || !pageNumber.MatchString(p.text):
			return nil
		}
	}
	return nil
}

type placed struct {
	part
	x0, y0, x1, y1 float64
}

func countFilled(cells [][]line) int {
	n := 0
	for _, ls := range cells {
		if len(ls) > 0 {
			n++
		}
	}
	return n
}

// print writes the page's text and lines.
func print(pg *Page, pieces []piece) {
	var b strings.Builder
	pieces = asDrawn(pieces)
	for i := range pieces {
		p := &pieces[i]
		if p.part != nil {
			b.WriteString(p.part.text)
			pg.Lines = append(pg.Lines, p.part.lines...)
			continue
		}
		b.WriteString(p.text)
		b.WriteByte('\n')
		pg.Lines = append(pg.Lines, Line{p.text, p.box})
	}
	pg.Text = b.String()
}

// asDrawn puts the lines of a head or foot set in two columns in the order in which the page draws
// them: where such a head is a table of several rows, that is row by row, as its writer wrote it.
// (Blocks keep the sides apart.) Recognition has no such order.
func asDrawn(pieces []piece) []piece {
	var out []piece
	for i := 0; i < len(pieces); {
		j := i
		for j < len(pieces) && pieces[j].side != whole && pieces[j].confidence == 0 {
			j++
		}
		if j > i+1 {
			if out == nil {
				out = slices.Clone(pieces)
			}
			slices.SortStableFunc(out[i:j], func(a, b piece) int { return cmp.Compare(a.drawn(), b.drawn()) })
		}
		i = max(j, i+1)
	}
	if out == nil {
		return pieces
	}
	return out
}

// glyphs gives what is to be read of a scene: on the page, seen (or a scan's own text layer where
// nothing else is), and set at right angles; the rest apart.
func (l *layout) glyphs(s *Scene) (straight, slanted []Glyph) {
	ok := func(g *Glyph) bool {
		return g.X > -2 && g.Y > -2 && g.X < s.Width+2 && g.Y < s.Height+g.Size && g.Size > 0.5 && g.Text != ""
	}
	visible, bad := 0, 0
	for i := range s.Glyphs {
		g := &s.Glyphs[i]
		if !g.Invisible {
			visible++
		}
		if !ok(g) || g.Invisible || rightAngle(g.Angle) != g.Angle {
			bad++
		}
	}
	if bad == 0 {
		return s.Glyphs, nil
	}
	straight = make([]Glyph, 0, len(s.Glyphs))
	for i := range s.Glyphs {
		g := s.Glyphs[i]
		if !ok(&g) || g.Invisible && visible > 0 {
			continue
		}
		a := rightAngle(g.Angle)
		if a < 0 {
			slanted = append(slanted, g)
			continue
		}
		g.Angle = a
		straight = append(straight, g)
	}
	return straight, slanted
}

// turned sets the lines of glyphs that run in another direction than the page's text.
func (l *layout) turned(glyphs []Glyph, t turn) []line {
	for i := range glyphs {
		glyphs[i].X, glyphs[i].Y = t.in(glyphs[i].X, glyphs[i].Y)
	}
	set := setter{glyphs: glyphs, codes: &l.codes, turn: t}
	var out []line
	rows := rowsOf(runs(glyphs, func(*Glyph) int { return 0 }))
	for i := range rows {
		if !rows[i].gone {
			out = set.lines(&rows[i], true, out)
		}
	}
	for i := range out {
		out[i].turned = t.angle
		if t.angle == 0 {
			out[i].turned = 360
		}
	}
	return out
}

// slanted sets text that runs at no right angle (a watermark) as lines of their own.
func (l *layout) slanted(glyphs []Glyph, s *Scene) []line {
	var out []line
	for start := 0; start < len(glyphs); {
		end := start + 1
		for end < len(glyphs) && glyphs[end].Angle == glyphs[start].Angle && glyphs[end].Font == glyphs[start].Font {
			end++
		}
		var b strings.Builder
		ln := line{size: glyphs[start].Size, x0: math.Inf(1), x1: math.Inf(-1), turned: 45}
		y0, y1 := math.Inf(1), math.Inf(-1)
		for i := start; i < end; i++ {
			g := &glyphs[i]
			b.WriteString(l.codes.of(g.Font).encoding.Decode(g.Text))
			ln.x0, ln.x1 = min(ln.x0, g.X), max(ln.x1, g.X+g.Size)
			y0, y1 = min(y0, g.Y-g.Size), max(y1, g.Y)
		}
		ln.y = y1
		ln.text = strings.Join(strings.Fields(vietnamese.Clean(b.String())), " ")
		if ln.text != "" {
			ln.box = turn{0, s.Width, s.Height}.out(ln.x0, y0, ln.x1, y1)
			ln.words = []word{{end: int32(len(ln.text)), x0: float32(ln.x0), x1: float32(ln.x1)}}
			out = append(out, ln)
		}
		start = end
	}
	return out
}
