package document

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"

	"github.com/ledongthuc/pdf"
)

// Limits of one PDF file. A file beyond the first is refused; beyond the others the rest is left
// out with a warning.
const (
	// maxPDFBytes bounds the file, which is held in memory. Scans of 300 pages reach 80 MB.
	maxPDFBytes = 256 << 20
	// maxPages bounds the pages read; the longest report seen has 497.
	maxPages = 5000
	// maxTreeDepth bounds the page tree; real ones are at most 5 deep.
	maxTreeDepth = 64
)

// SceneOptions say what is wanted of a file's pages.
type SceneOptions struct {
	Progress func(page, pages int) // called after each page; may be nil
}

// Scenes gives what stands on each page of a PDF, in order. It holds all pages at once; EachScene
// does not. Errors wrap the sentinels of this package.
func Scenes(ctx context.Context, src io.ReaderAt, size int64, o SceneOptions) ([]Scene, []Warning, error) {
	var scenes []Scene
	warnings, err := EachScene(ctx, src, size, o, func(s Scene) error {
		scenes = append(scenes, s)
		return nil
	})
	return scenes, warnings, err
}

// EachScene calls yield with each page of a PDF in order, and stops at its first error. A damaged
// file is read as far as that goes, with a warning; a page of which nothing can be read is given
// empty, with a warning.
func EachScene(ctx context.Context, src io.ReaderAt, size int64, o SceneOptions, yield func(Scene) error) ([]Warning, error) {
	if size > maxPDFBytes {
		return nil, fmt.Errorf("%w: pdf of %d MiB, at most %d", ErrTooLarge, size>>20, maxPDFBytes>>20)
	}
	if size == 0 {
		return nil, ErrEmpty
	}
	data := make([]byte, size)
	if n, err := src.ReadAt(data, 0); err != nil && int64(n) < size {
		return nil, fmt.Errorf("read pdf: %w", err)
	}
	d, err := newPDFDocument(ctx, data)
	if err != nil {
		return nil, err
	}
	for i := 0; i < len(d.pages); i++ {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("pdf page %d: %w: %v", i+1, ErrTimeout, err)
		}
		scene := d.scene(i)
		if err := yield(scene); err != nil {
			return nil, err
		}
		if o.Progress != nil {
			o.Progress(i+1, len(d.pages))
		}
	}
	return d.warnings, nil
}

// pdfDocument is a file on its way through its pages.
type pdfDocument struct {
	ctx      context.Context
	file     *pdfFile
	pages    []pdfPage
	warnings []Warning
}

// pdfPage is a leaf of the page tree with what it inherits.
type pdfPage struct {
	dict, resources, media, crop pdf.Value
	rotate                       int
}

func newPDFDocument(ctx context.Context, data []byte) (*pdfDocument, error) {
	plain, err := rewritePDF(data)
	if err != nil {
		return nil, err
	}
	file, err := openPDF(plain)
	if err != nil {
		return nil, err
	}
	d := &pdfDocument{ctx: ctx, file: file, pages: file.pageTree()}
	if len(d.pages) == 0 {
		return nil, fmt.Errorf("%w: no pages", ErrCorrupt)
	}
	if why := unsound(data); why != "" {
		d.warn("repaired", 0, why)
	}
	if len(d.pages) >= maxPages {
		d.warn("pages_left_out", 0, fmt.Sprint(maxPages))
	}
	file.try(func() { d.notice(data) })
	return d, nil
}

// unsound says what is wrong with the frame of a file, empty where nothing is. Readers open such
// files, but most often they were cut short, and something may be missing.
func unsound(data []byte) string {
	head := bytes.Index(data[:min(len(data), 1024)], []byte("%PDF-"))
	tail := data[max(0, len(data)-2048):]
	at := bytes.LastIndex(tail, []byte("startxref"))
	if head < 0 {
		return "no header"
	}
	if at < 0 {
		return "no startxref at the end"
	}
	l := &lexer{data: tail, pos: at + len("startxref")}
	t := l.next()
	if t.kind != tokNumber || t.num < 0 || t.num >= float64(len(data)) {
		return "startxref out of the file"
	}
	for _, from := range []int{int(t.num), int(t.num) + head} { // offsets may count from the header
		l = &lexer{data: data, pos: min(from, len(data))}
		if t := l.next(); t.kind == tokNumber || t.kind == tokKeyword && string(t.text) == "xref" {
			return ""
		}
	}
	return "no cross-reference table at startxref"
}

func (d *pdfDocument) warn(code string, page int, detail string) {
	d.warnings = append(d.warnings, Warning{Code: code, Page: page, Detail: detail})
}

// scene reads page i, from 0.
func (d *pdfDocument) scene(i int) Scene {
	d.file.damaged = false
	s := d.file.scene(d.ctx, d.pages[i], i+1)
	if d.file.damaged {
		d.warn("page_damaged", i+1, "")
	}
	if hiddenLayer(&s) {
		d.warn("hidden_text", i+1, "")
	}
	return s
}

// hiddenConfidence is what the letters of a hidden layer are taken for: what a scanner's program
// recognised, as sure as nobody knows.
const hiddenConfidence = 0.5

// hiddenLayer says whether all text of a page lies unseen under a picture: a scan with what the
// scanner's program made of it. The letters are marked as recognised ones.
func hiddenLayer(s *Scene) bool {
	if s.ImageArea < 0.5 || len(s.Glyphs) == 0 {
		return false
	}
	for _, g := range s.Glyphs {
		if !g.Invisible {
			return false
		}
	}
	for i := range s.Glyphs {
		s.Glyphs[i].Confidence = hiddenConfidence
	}
	return true
}

// pageTree lists the pages. Nodes that stand in themselves and nodes that are damaged are left out.
func (f *pdfFile) pageTree() []pdfPage {
	root := f.key(f.key(f.reader.Trailer(), "Root"), "Pages")
	var pages []pdfPage
	seen := map[uint32]bool{}
	nodes := 0
	var walk func(v pdf.Value, around uint32, p pdfPage, depth int)
	walk = func(v pdf.Value, around uint32, p pdfPage, depth int) {
		nodes++
		if v.Kind() != pdf.Dict || depth > maxTreeDepth || len(pages) >= maxPages || nodes > 4*maxPages {
			return
		}
		id := objectID(v)
		if id != around {
			if seen[id] {
				return
			}
			seen[id] = true
		}
		p.dict = v
		for _, inherited := range []struct {
			name string
			to   *pdf.Value
		}{{"Resources", &p.resources}, {"MediaBox", &p.media}, {"CropBox", &p.crop}} {
			if own := f.key(v, inherited.name); own.Kind() != pdf.Null {
				*inherited.to = own
			}
		}
		if r := f.key(v, "Rotate"); r.Kind() == pdf.Integer || r.Kind() == pdf.Real {
			p.rotate = int(r.Float64())
		}
		kids := f.key(v, "Kids")
		if kids.Kind() != pdf.Array {
			if f.key(v, "Type").Name() != "Pages" {
				pages = append(pages, p)
			}
			return
		}
		for i := range kids.Len() {
			if len(pages) >= maxPages || nodes > 4*maxPages {
				return
			}
			walk(f.index(kids, i), id, p, depth+1)
		}
	}
	walk(root, 0, pdfPage{}, 0)
	return pages
}

// box gives a rectangle with its corners in order; ok is false for one without area.
func (f *pdfFile) box(v pdf.Value) (b Box, ok bool) {
	if v.Kind() != pdf.Array || v.Len() < 4 {
		return b, false
	}
	n := func(i int) float64 { return f.index(v, i).Float64() }
	b = Box{min(n(0), n(2)), min(n(1), n(3)), max(n(0), n(2)), max(n(1), n(3))}
	const most = 1 << 20 // points; more is damage, and no number should overflow later
	ok = b[2]-b[0] > 0 && b[3]-b[1] > 0 && b[0] > -most && b[1] > -most && b[2] < most && b[3] < most
	return b, ok
}

// a4 stands for a page that does not say its size.
var a4 = Box{0, 0, 595, 842}

// scene runs what stands on a page: its content, then the appearances of its annotations (the
// filled fields of a form, stamps).
func (f *pdfFile) scene(ctx context.Context, page pdfPage, number int) Scene {
	s := Scene{Page: number, Engine: EngineLedongthuc, Glyphs: make([]Glyph, 0, f.glyphs+f.glyphs/4)}
	box, ok := f.box(page.media)
	if !ok {
		box = a4
	}
	if crop, ok := f.box(page.crop); ok {
		cut := Box{max(box[0], crop[0]), max(box[1], crop[1]), min(box[2], crop[2]), min(box[3], crop[3])}
		if cut[2] > cut[0] && cut[3] > cut[1] {
			box = cut
		}
	}
	unit := f.key(page.dict, "UserUnit").Float64()
	if !(unit > 0 && unit <= 100) {
		unit = 1
	}
	w, h := (box[2]-box[0])*unit, (box[3]-box[1])*unit
	s.Rotate = ((page.rotate%360+360)%360 + 45) / 90 * 90 % 360
	ctm := matrix{unit, 0, 0, -unit, -box[0] * unit, box[3] * unit} // y downwards from the top left corner
	switch s.Rotate {
	case 90:
		ctm = ctm.times(matrix{0, 1, -1, 0, h, 0})
	case 180:
		ctm = ctm.times(matrix{-1, 0, 0, -1, w, h})
	case 270:
		ctm = ctm.times(matrix{0, -1, 1, 0, 0, w})
	}
	s.Width, s.Height = w, h
	if s.Rotate%180 == 90 {
		s.Width, s.Height = h, w
	}
	p := &painter{ctx: ctx, file: f, scene: &s}
	start := graphics{ctm: ctm, stretch: 1}
	p.gs = start
	f.try(func() { p.run(f.contents(page.dict), newResources(page.resources)) })
	if p.empty > 0 {
		f.damaged = true
	}
	p.stack, p.depth = nil, 0
	annotations := f.key(page.dict, "Annots")
	for i := range min(annotations.Len(), 2000) {
		p.gs = start
		f.try(func() { p.annotation(f.index(annotations, i)) })
	}
	if p.cut {
		f.damaged = true
	}
	f.glyphs = len(s.Glyphs)
	s.ImageArea = math.Min(1, p.images/(s.Width*s.Height))
	return s
}

// contents is the page's content: its streams put together with a space between, since an operator
// may not run over the end of one but its operands may.
func (f *pdfFile) contents(page pdf.Value) []byte {
	v := f.key(page, "Contents")
	switch v.Kind() {
	case pdf.Stream:
		data, err := f.stream(v)
		if err != nil {
			f.damaged = true
		}
		return data
	case pdf.Array:
		var all bytes.Buffer
		for i := range min(v.Len(), 10_000) {
			s := f.index(v, i)
			if s.Kind() != pdf.Stream {
				f.damaged = f.damaged || s.Kind() == pdf.Null
				continue
			}
			data, err := f.stream(s)
			if err != nil {
				f.damaged = true
			}
			if all.Len()+len(data) > maxStreamBytes {
				break
			}
			all.Write(data)
			all.WriteByte('\n')
		}
		return all.Bytes()
	}
	f.damaged = f.damaged || v.Kind() == pdf.Null && len(page.Keys()) > 0 && f.refers(page, "Contents")
	return nil
}

// refers says whether a dictionary has a key at all, even with nothing behind it.
func (f *pdfFile) refers(v pdf.Value, key string) bool {
	for _, k := range v.Keys() {
		if k == key {
			return true
		}
	}
	return false
}

// annotation draws the normal appearance of a field, a stamp or a typed note that is to be seen.
func (p *painter) annotation(v pdf.Value) {
	f := p.file
	switch f.key(v, "Subtype").Name() {
	case "Widget", "FreeText", "Stamp":
	default:
		return
	}
	const hidden, noView = 1 << 1, 1 << 5
	if f.key(v, "F").Int64()&(hidden|noView) != 0 {
		return
	}
	form := f.key(f.key(v, "AP"), "N")
	if form.Kind() == pdf.Dict { // one for each state: boxes to tick
		form = f.key(form, f.key(v, "AS").Name())
	}
	rect, ok1 := f.box(f.key(v, "Rect"))
	bbox, ok2 := f.box(f.key(form, "BBox"))
	if form.Kind() != pdf.Stream || !ok1 || !ok2 {
		return
	}
	// The appearance's box, as its matrix places it, is fitted to the annotation's.
	m := f.matrix(f.key(form, "Matrix"))
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, c := range [][2]float64{{bbox[0], bbox[1]}, {bbox[2], bbox[1]}, {bbox[0], bbox[3]}, {bbox[2], bbox[3]}} {
		x, y := m.apply(c[0], c[1])
		x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x), max(y1, y)
	}
	if x1 <= x0 || y1 <= y0 {
		return
	}
	sx, sy := (rect[2]-rect[0])/(x1-x0), (rect[3]-rect[1])/(y1-y0)
	p.gs.ctm = matrix{sx, 0, 0, sy, rect[0] - x0*sx, rect[1] - y0*sy}.times(p.gs.ctm)
	p.form(form, newResources(pdf.Value{}))
}
