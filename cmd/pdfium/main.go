// Command pdfium is the second engine for PDF: it gives the glyphs of pages that the first engine
// cannot read, and draws pages as pictures. Package sandbox starts one for a document, confined
// like the extractor. It is a binary of its own so that the extractor, started for each document,
// stays small.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"image"
	_ "image/jpeg"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
	_ "golang.org/x/image/tiff"

	"soket/extract/document"
	"soket/extract/sandbox"
)

// Limits. A document that meets one ends with an error, and only its own process.
const (
	// wasmPages is the memory pdfium itself may have, in pages of 64 KiB: 256 MiB. With 512 a
	// hostile file drove the process to 1.9 GiB while its memory was copied to grow.
	wasmPages = 4096
	// data is what the process may write to, in bytes: pdfium's memory, its compiled code (62 MiB,
	// 324 while compiling), and the picture being drawn.
	data = 1 << 30
	// cpu is seconds of processor time: four times what compiling and 500 pages take.
	cpu = 60
	// files is open descriptors: standard ones, the document, the cache.
	files = 32
	// output is bytes of the largest file written: the compiled module.
	output = 256 << 20
	// maxPixels bounds a drawn page: 40 million are A3 at 400 dpi, 160 MB in colour.
	maxPixels = 40_000_000
	// maxScanSide is the most pixels along a side of a page drawn for recognition: A3 at 200 dpi.
	maxScanSide = 3307
	// maxGlyphs bounds the glyphs of a page, as in the first engine.
	maxGlyphs = 200_000
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "pdfium:", err)
		os.Exit(1)
	}
}

func run(args []string, stdout io.Writer) error {
	flags := flag.NewFlagSet("pdfium", flag.ContinueOnError)
	dir := flags.String("dir", "", "own directory")
	cache := flags.String("cache", "", "directory of compiled code")
	require := flags.String("require", "", "layers that must hold, with commas between")
	warm := flags.Bool("warm", false, "only compile into the cache")
	pages := flags.String("pages", "", "pages whose glyphs are wanted, with commas between; none for all")
	drawn := flags.Int("draw", 0, "page to draw as PNG")
	dpi := flags.Int("dpi", 200, "dots per inch of the drawing")
	scan := flags.Bool("scan", false, "draw for recognition: grey, ruling lines told first as JSON and taken off")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if compiled, _ := filepath.Glob(filepath.Join(*cache, "wazero-*", "*")); len(compiled) == 0 && !*warm {
		*cache = "" // not warmed: compiling takes seconds, and a document's process may not write there
	}
	profile := sandbox.Profile{Dir: *dir, Data: data, CPU: cpu, Files: files, Output: output}
	if *warm {
		profile.Dir = *cache // the one call that writes to it, and it sees no document
	} else if *cache != "" {
		profile.Readable = []string{*cache}
	}
	layers, err := sandbox.Confine(profile)
	if err != nil {
		return err
	}
	if missing := sandbox.Missing(strings.FieldsFunc(*require, func(r rune) bool { return r == ',' }), layers); len(missing) > 0 {
		return fmt.Errorf("layers %v do not hold", missing)
	}

	var source []byte
	if !*warm {
		in := os.NewFile(3, "document")
		if source, err = io.ReadAll(in); err != nil {
			return err
		}
		if *drawn > 0 && !strings.Contains(string(source[:min(len(source), 1024)]), "%PDF-") {
			return drawImage(stdout, source, *drawn, *scan)
		}
	}
	engine, end, err := start(*cache)
	if err != nil {
		return err
	}
	defer end()
	if *warm {
		return nil
	}
	opened, err := engine.OpenDocument(&requests.OpenDocument{File: &source})
	if err != nil {
		return fmt.Errorf("open: %w", err)
	}
	doc := opened.Document
	if *drawn > 0 {
		return drawPage(stdout, engine, doc, *drawn, *dpi, *scan)
	}
	count, err := engine.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: doc})
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(stdout, 1<<16)
	defer out.Flush()
	enc := json.NewEncoder(out)
	for n := range wanted(*pages, count.PageCount) {
		s, err := scene(engine, doc, n)
		if err != nil {
			fmt.Fprintf(os.Stderr, "pdfium: page %d: %v\n", n, err)
			continue
		}
		if err := enc.Encode(s); err != nil {
			return err
		}
	}
	return nil
}

// wanted gives the page numbers of a list, or all of count.
func wanted(list string, count int) func(func(int) bool) {
	return func(yield func(int) bool) {
		if list == "" {
			for n := 1; n <= min(count, 5000); n++ {
				if !yield(n) {
					return
				}
			}
			return
		}
		for _, s := range strings.Split(list, ",") {
			if n, err := strconv.Atoi(s); err == nil && n >= 1 && n <= count && !yield(n) {
				return
			}
		}
	}
}

// start gives pdfium, compiled anew or out of the cache, with no file system under it.
func start(cache string) (pdfium.Pdfium, func(), error) {
	config := wazero.NewRuntimeConfig().
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
		WithMemoryLimitPages(wasmPages)
	if cache != "" {
		c, err := wazero.NewCompilationCacheWithDir(cache)
		if err != nil {
			return nil, nil, fmt.Errorf("cache: %w", err)
		}
		config = config.WithCompilationCache(c)
	}
	pool, err := webassembly.Init(webassembly.Config{
		MinIdle: 1, MaxIdle: 1, MaxTotal: 1, RuntimeConfig: config, FSConfig: wazero.NewFSConfig(), Stdout: io.Discard, Stderr: io.Discard,
	})
	if err != nil {
		return nil, nil, fmt.Errorf("start: %w", err)
	}
	engine, err := pool.GetInstance(20 * time.Second)
	if err != nil {
		return nil, nil, fmt.Errorf("start: %w", err)
	}
	return engine, func() { pool.Close() }, nil
}

// place turns pdfium's page coordinates into points from the top left corner of the page as shown.
type place struct{ a, b, c, d, e, f float64 }

func (p place) at(x, y float64) (float64, float64) {
	return p.a*x + p.c*y + p.e, p.b*x + p.d*y + p.f
}

// placeOf asks pdfium for three points on a device of a hundred dots a point.
func placeOf(engine pdfium.Pdfium, page requests.Page, width, height float64) (place, error) {
	const fine = 100
	point := func(x, y float64) (float64, float64, error) {
		r, err := engine.FPDF_PageToDevice(&requests.FPDF_PageToDevice{
			Page: page, SizeX: int(width * fine), SizeY: int(height * fine), PageX: x, PageY: y,
		})
		if err != nil {
			return 0, 0, err
		}
		return float64(r.DeviceX) / fine, float64(r.DeviceY) / fine, nil
	}
	const far = 1000
	x0, y0, err := point(0, 0)
	if err != nil {
		return place{}, err
	}
	x1, y1, err := point(far, 0)
	if err != nil {
		return place{}, err
	}
	x2, y2, err := point(0, far)
	if err != nil {
		return place{}, err
	}
	return place{(x1 - x0) / far, (y1 - y0) / far, (x2 - x0) / far, (y2 - y0) / far, x0, y0}, nil
}

// scene gives what pdfium sees on page n.
func scene(engine pdfium.Pdfium, doc references.FPDF_DOCUMENT, n int) (document.Scene, error) {
	s := document.Scene{Page: n, Engine: document.EnginePdfium}
	loaded, err := engine.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: doc, Index: n - 1})
	if err != nil {
		return s, err
	}
	defer engine.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: loaded.Page})
	page := requests.Page{ByReference: &loaded.Page}
	width, err := engine.FPDF_GetPageWidth(&requests.FPDF_GetPageWidth{Page: page})
	if err != nil {
		return s, err
	}
	height, err := engine.FPDF_GetPageHeight(&requests.FPDF_GetPageHeight{Page: page})
	if err != nil {
		return s, err
	}
	s.Width, s.Height = width.Width, height.Height
	if turn, err := engine.FPDFPage_GetRotation(&requests.FPDFPage_GetRotation{Page: page}); err == nil {
		s.Rotate = int(turn.PageRotation) * 90
	}
	to, err := placeOf(engine, page, s.Width, s.Height)
	if err != nil {
		return s, err
	}
	text, err := engine.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: page})
	if err != nil {
		return s, err
	}
	defer engine.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: text.TextPage})
	count, err := engine.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: text.TextPage})
	if err != nil {
		return s, err
	}
	fonts := map[string]document.Glyph{} // name, weight and slope by what pdfium says of the font
	for i := range min(count.Count, maxGlyphs) {
		if g, ok := glyph(engine, text.TextPage, i, to, fonts); ok {
			s.Glyphs = append(s.Glyphs, g)
		}
	}
	joinSurrogates(&s)
	return s, nil
}

// glyph gives character i; ok is false for those that pdfium made up between the shown ones.
func glyph(engine pdfium.Pdfium, text references.FPDF_TEXTPAGE, i int, to place, fonts map[string]document.Glyph) (g document.Glyph, ok bool) {
	made, err := engine.FPDFText_IsGenerated(&requests.FPDFText_IsGenerated{TextPage: text, Index: i})
	if err != nil || made.IsGenerated {
		return g, false
	}
	code, err := engine.FPDFText_GetUnicode(&requests.FPDFText_GetUnicode{TextPage: text, Index: i})
	if err != nil {
		return g, false
	}
	origin, err := engine.FPDFText_GetCharOrigin(&requests.FPDFText_GetCharOrigin{TextPage: text, Index: i})
	if err != nil {
		return g, false
	}
	g.X, g.Y = to.at(origin.X, origin.Y)
	g.Text = string(rune(code.Unicode))
	if bad, err := engine.FPDFText_HasUnicodeMapError(&requests.FPDFText_HasUnicodeMapError{TextPage: text, Index: i}); err == nil && bad.HasUnicodeMapError || code.Unicode < ' ' {
		g.Text = "\uFFFD"
	}
	if utf16.IsSurrogate(rune(code.Unicode)) {
		g.Text = fmt.Sprintf("%04X", code.Unicode) // joined to its other half below
	}
	size, scale := 0.0, 1.0
	if r, err := engine.FPDFText_GetFontSize(&requests.FPDFText_GetFontSize{TextPage: text, Index: i}); err == nil {
		size = r.FontSize
	}
	if m, err := engine.FPDFText_GetMatrix(&requests.FPDFText_GetMatrix{TextPage: text, Index: i}); err == nil {
		scale = math.Hypot(float64(m.Matrix.C), float64(m.Matrix.D))
		dx := to.a*float64(m.Matrix.A) + to.c*float64(m.Matrix.B)
		dy := to.b*float64(m.Matrix.A) + to.d*float64(m.Matrix.B)
		if math.Abs(dy) > 1e-3*math.Abs(dx) || dx < 0 {
			g.Angle = math.Round(math.Atan2(dy, dx)*180/math.Pi*100) / 100
		}
	}
	g.Size = size * scale
	if box, err := engine.FPDFText_GetLooseCharBox(&requests.FPDFText_GetLooseCharBox{TextPage: text, Index: i}); err == nil {
		x0, y0 := to.at(float64(box.Rect.Left), float64(box.Rect.Bottom))
		x1, y1 := to.at(float64(box.Rect.Right), float64(box.Rect.Top))
		g.Width = math.Abs(x1 - x0)
		if a := math.Abs(g.Angle); a > 45 && a < 135 {
			g.Width = math.Abs(y1 - y0)
		}
	}
	if info, err := engine.FPDFText_GetFontInfo(&requests.FPDFText_GetFontInfo{TextPage: text, Index: i}); err == nil {
		f, known := fonts[info.FontName]
		if !known {
			lower := strings.ToLower(info.FontName)
			f.Font = info.FontName
			if prefix, rest, ok := strings.Cut(f.Font, "+"); ok && len(prefix) == 6 {
				f.Font = rest
			}
			f.Bold = info.Flags&(1<<18) != 0 || strings.Contains(lower, "bold")
			f.Italic = info.Flags&(1<<6) != 0 || strings.Contains(lower, "italic") || strings.Contains(lower, "oblique")
			fonts[info.FontName] = f
		}
		g.Font, g.Bold, g.Italic = f.Font, f.Bold, f.Italic
	}
	finite := func(v ...float64) bool {
		for _, x := range v {
			if math.IsNaN(x) || math.Abs(x) > 1e6 {
				return false
			}
		}
		return true
	}
	return g, finite(g.X, g.Y, g.Size, g.Width)
}

// joinSurrogates puts the halves of characters beyond 16 bits together.
func joinSurrogates(s *document.Scene) {
	out := s.Glyphs[:0]
	half := func(g document.Glyph) rune {
		if len(g.Text) == 4 {
			if n, err := strconv.ParseUint(g.Text, 16, 16); err == nil && utf16.IsSurrogate(rune(n)) {
				return rune(n)
			}
		}
		return 0
	}
	for i := 0; i < len(s.Glyphs); i++ {
		g := s.Glyphs[i]
		if hi := half(g); hi != 0 {
			g.Text = "\uFFFD"
			if i+1 < len(s.Glyphs) {
				if r := utf16.DecodeRune(hi, half(s.Glyphs[i+1])); r != '\uFFFD' {
					g.Text = string(r)
					i++
				}
			}
		}
		out = append(out, g)
	}
	s.Glyphs = out
}

func drawPage(w io.Writer, engine pdfium.Pdfium, doc references.FPDF_DOCUMENT, n, dpi int, scan bool) error {
	page := requests.Page{ByIndex: &requests.PageByIndex{Document: doc, Index: n - 1}}
	size, err := engine.FPDF_GetPageSizeByIndex(&requests.FPDF_GetPageSizeByIndex{Document: doc, Index: n - 1})
	if err != nil {
		return fmt.Errorf("page %d: %w", n, err)
	}
	if area := size.Width / 72 * size.Height / 72; area*float64(dpi)*float64(dpi) > maxPixels {
		dpi = int(math.Sqrt(maxPixels / area))
	}
	// Some scanners make a point of each pixel: a page of two metres, of no more detail.
	if side := max(size.Width, size.Height); scan && side*float64(dpi) > 72*maxScanSide {
		dpi = int(72 * maxScanSide / side)
	}
	if dpi < 1 {
		return errors.New("page too large to be drawn")
	}
	request := &requests.RenderPageInDPI{Page: page, DPI: dpi}
	if scan {
		request.ImageFormat = requests.RenderImageFormatGrayscale
	}
	drawn, err := engine.RenderPageInDPI(request)
	if err != nil {
		return fmt.Errorf("draw page %d: %w", n, err)
	}
	defer drawn.Cleanup()
	return write(w, drawn.Result.RenderedImage, dpi, scan)
}

// drawImage writes an image file as PNG. Of a TIFF of several pages only the first can be shown.
func drawImage(w io.Writer, source []byte, n int, scan bool) error {
	config, _, err := image.DecodeConfig(strings.NewReader(string(source)))
	if err != nil {
		return fmt.Errorf("%w: %v", document.ErrUnsupported, err)
	}
	if n > 1 {
		return fmt.Errorf("an image has no page %d", n)
	}
	if config.Width <= 0 || config.Height <= 0 || config.Width > maxPixels/config.Height {
		return fmt.Errorf("%w: image of %d by %d", document.ErrTooLarge, config.Width, config.Height)
	}
	m, _, err := image.Decode(strings.NewReader(string(source)))
	if err != nil {
		return fmt.Errorf("%w: %v", document.ErrCorrupt, err)
	}
	return write(w, upright(m, orientationOf(source)), 0, scan)
}

// write writes a picture as PNG. For recognition its ruling lines are taken off and the cells of its
// tables cut out of it (lay); before all pictures goes what is known of them, as one line of JSON.
// A dpi of 0 stands for unknown.
func write(w io.Writer, m image.Image, dpi int, scan bool) error {
	if !scan {
		e := png.Encoder{CompressionLevel: png.DefaultCompression}
		return e.Encode(w, plain(m))
	}
	e := png.Encoder{CompressionLevel: png.BestSpeed}
	found := sandbox.Scan{DPI: dpi}
	g := greyOf(m)
	straight := g
	if slope := leans(g); math.Abs(slope) > 0.001 {
		straight = level(g, slope)
	}
	strokes, takeOff := rulings(straight)
	takeOff()
	found.Cells, found.Strokes = cells(straight, strokes)
	laid, lone := lay(straight, found.Cells)
	switch {
	case laid != nil:
		g = straight
	case straight == g:
		found.Cells, found.Strokes = nil, strokes
	default: // as it is: turning blurs letters a little
		found.Cells = nil
		found.Strokes, takeOff = rulings(g)
		takeOff()
	}
	pictures := []*image.Gray{g}
	if laid != nil {
		pictures = append(append(pictures, laid), lone...)
	}
	var all bytes.Buffer
	for _, m := range pictures {
		start := all.Len()
		if err := e.Encode(&all, m); err != nil {
			return err
		}
		found.Sizes = append(found.Sizes, all.Len()-start)
	}
	if err := json.NewEncoder(w).Encode(found); err != nil {
		return err
	}
	_, err := all.WriteTo(w)
	return err
}
