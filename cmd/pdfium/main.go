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
