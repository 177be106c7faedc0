package sandbox

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"soket/extract"
	"soket/extract/document"
)

// ocrWall bounds the recognition of one page; a dense one takes 4 s on a slow processor.
const ocrWall = 90 * time.Second

// program runs an installed program on the files it may see, in dir.
func (r Reader) program(ctx context.Context, dir string, see, env []string, wall time.Duration, command []string, take func(io.Reader) error) error {
	bin, err := r.Find()
	if err != nil {
		return err
	}
	args := append([]string{"-program", "-dir", dir, "-require", strings.Join(r.Require, ","), "-see", strings.Join(see, ","), "--"}, command...)
	env = append([]string{"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=" + dir, "LANG=C.UTF-8"}, env...)
	p := process{program: bin, args: args, dir: dir, env: env, wall: wall, output: maxOutput, meter: r.meter, log: r.Log}
	return p.run(ctx, take)
}

// readImage reads an image file: all that is on it comes from recognition.
func (q *request) readImage(ctx context.Context) (*extract.Report, error) {
	q.step("ocr", 0, 1)
	path := filepath.Join(q.dir, "image")
	found, err := q.scan(ctx, q.path, 1)
	if err == nil && !multipage(q.path) {
		err = os.WriteFile(path, found.pictures[0], 0o600)
	} else {
		// A kind of picture that is not known here, or several in one file: tesseract knows more. It
		// is not given the stranger's name of the file, and sees it under our own directory.
		q.debug("draw", err)
		found, err = Scan{}, copyFile(path, q.path)
	}
	if err != nil {
		return nil, err
	}
	scenes, err := q.ocr(ctx, path, found)
	if err != nil {
		return nil, err
	}
	for i := range scenes {
		scenes[i].Why = "the file is a picture"
	}
	return q.read(ctx, scenes)
}

// recognisePage draws a page and has it recognised.
func (q *request) recognisePage(ctx context.Context, page int) (document.Scene, error) {
	found, err := q.scan(ctx, q.path, page)
	if err != nil {
		return document.Scene{}, fmt.Errorf("draw: %w", err)
	}
	path := filepath.Join(q.dir, fmt.Sprintf("page-%d.png", page))
	if err := os.WriteFile(path, found.pictures[0], 0o600); err != nil {
		return document.Scene{}, err
	}
	defer os.Remove(path)
	scenes, err := q.ocr(ctx, path, found)
	if err != nil {
		return document.Scene{}, err
	}
	if len(scenes) != 1 {
		return document.Scene{}, fmt.Errorf("%w: tesseract gave %d pages for one", document.ErrCorrupt, len(scenes))
	}
	scenes[0].Page = page
	return scenes[0], nil
}

// ocr has tesseract recognise the picture at path, which lies in q.dir. found is what is known
// of it; without a resolution it is taken for a page of A4.
func (q *request) ocr(ctx context.Context, path string, found Scan) ([]document.Scene, error) {
	tesseract := q.Tesseract
	if tesseract == "" {
		found, err := exec.LookPath("tesseract")
		if err != nil {
			return nil, fmt.Errorf("%w: recognising text needs tesseract: %v", document.ErrUnsupported, err)
		}
		tesseract = found
	}
	dir, err := os.MkdirTemp(q.dir, "ocr-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	pass := func(path, mode string) (scanned []scanned, err error) {
		command := []string{tesseract, path, "stdout", "-l", "vie", "--psm", mode}
		if found.DPI > 0 {
			command = append(command, "--dpi", strconv.Itoa(found.DPI))
		}
		err = q.program(ctx, dir, []string{path}, []string{"OMP_THREAD_LIMIT=1"}, ocrWall, append(command, "tsv"), func(out io.Reader) error {
			var err error
			scanned, err = readTSV(out)
			return err
		})
		if err != nil && strings.Contains(err.Error(), "too large") {
			err = fmt.Errorf("%w: %v", document.ErrTooLarge, err) // tesseract's own limit: 32767 pixels
		}
		return scanned, err
	}
	pages, err := pass(path, asPage)
	if err != nil {
		return nil, err
	}
	if len(found.Cells) > 0 && len(pages) == 1 {
		lines, err := found.read(dir, pass)
		if err != nil {
			return nil, err
		}
		pages[0].lines = append(pages[0].lines, lines...)
	}
	scenes := make([]document.Scene, len(pages))
	for i, p := range pages {
		scenes[i] = document.Scene{Page: i + 1, Width: p.width, Height: p.height, Engine: document.EngineOCR, ImageArea: 1}
		setPage(&scenes[i], p.lines, found)
	}
	return scenes, nil
}

// tesseract's modes: a page of columns and paragraphs, one block of lines, and a line as it is.
const (
	asPage  = "3"
	asCells = "6"
	asLine  = "13"
)

// word is one line of tesseract's TSV, in pixels.
type word struct {
	line                     [3]int // block, paragraph, line
	left, top, width, height float64
	confidence               float64
	text                     string
}

// scanned is what tesseract read of one picture: the words of each line, in pixels.
type scanned struct {
	width, height float64
	lines         [][]word
}

// readTSV reads tesseract's TSV.
func readTSV(in io.Reader) ([]scanned, error) {
	var pages []scanned
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		f := strings.Split(lines.Text(), "\t")
		if len(f) != 12 || f[0] == "level" {
			continue
		}
		var n [11]float64
		for i := range n {
			n[i], _ = strconv.ParseFloat(f[i], 64)
		}
		switch f[0] {
		case "1":
			if n[8] <= 0 || n[9] <= 0 {
				return nil, fmt.Errorf("%w: picture without a size", document.ErrCorrupt)
			}
			pages = append(pages, scanned{width: n[8], height: n[9]})
		case "5":
			text := norm.NFC.String(strings.TrimSpace(f[11]))
			if text == "" || len(pages) == 0 {
				continue
			}
			w := word{[3]int{int(n[2]), int(n[3]), int(n[4])}, n[6], n[7], n[8], n[9], min(max(n[10]/100, 0.01), 1), text}
			p := &pages[len(pages)-1]
			if k := len(p.lines) - 1; k >= 0 && p.lines[k][0].line == w.line {
				p.lines[k] = append(p.lines[k], w)
			} else {
				p.lines = append(p.lines, []word{w})
			}
		}
	}
	return pages, lines.Err()
}

// setPage places the words of a page whose size is in pixels so far, and turns it into points. A
// page scanned askew is set straight, since a layout takes lines to be level: turned about its
// middle, so that no place is off by more than half of what the edges are.
func setPage(s *document.Scene, lines [][]word, found Scan) {
	scale := 72 / float64(found.DPI)
	if found.DPI <= 0 {
		scale = 842 / max(s.Width, s.Height)
	}
	slope := askew(lines)
	midX, midY := s.Width/2, s.Height/2
	for i, line := range lines {
		before := ""
		if i > 0 {
			before = lines[i-1][len(lines[i-1])-1].text
		}
		mendMarkers(line, before)
		size, baseline := measure(line, slope)
		put := func(text string, x, width, confidence float64) {
			y := baseline(x)
			s.Glyphs = append(s.Glyphs, document.Glyph{
				Text: text, Confidence: confidence, Size: size * scale, Width: width * scale,
				X: (x + slope*(y-midY)) * scale, Y: (y - slope*(x-midX)) * scale,
			})
		}
		for i, w := range line {
			// tesseract knows where words end; a layout that measures gaps need not guess.
			if i > 0 {
				end := line[i-1].left + line[i-1].width
				put(" ", end, max(w.left-end, 0), w.confidence)
			}
			// A letter each, as wide as its share of the word: so they look like any other engine's.
			letters := []rune(w.text)
			for k, r := range letters {
				put(string(r), w.left+float64(k)*w.width/float64(len(letters)), w.width/float64(len(letters)), w.confidence)
			}
		}
	}
	// Lines are turned with the words. What still leans is an edge of a picture, or a drawing.
	const still = 3 // pixels, for each 1000 of length
	turned := func(x, y float64) (float64, float64) {
		return (x + slope*(y-midY)) * scale, (y - slope*(x-midX)) * scale
	}
	for _, k := range found.Strokes {
		x0, y0 := turned(k.X0, k.Y0)
		x1, y1 := turned(k.X1, k.Y1)
		w, h := math.Abs(x1-x0), math.Abs(y1-y0)
		most := 1.5 + still*max(w, h)/1000
		switch {
		case w > h && h <= most:
			y := (y0 + y1) / 2
			s.Rules = append(s.Rules, document.Rule{X0: min(x0, x1), Y0: y, X1: max(x0, x1), Y1: y})
		case h > w && w <= most:
			x := (x0 + x1) / 2
			s.Rules = append(s.Rules, document.Rule{X0: x, Y0: min(y0, y1), X1: x, Y1: max(y0, y1)})
		}
	}
	s.Width, s.Height = s.Width*scale, s.Height*scale
}

// foot is the middle of the lower edge of a word that stands on the baseline.
type foot struct{ x, y float64 }

func feet(line []word) []foot {
	var out []foot
	for _, w := range line {
		if !strings.ContainsAny(w.text, descending) {
			out = append(out, foot{w.left + w.width/2, w.top + w.height})
		}
	}
	return out
}

// askew gives the slope of the lines of a page: the median over those long enough to tell.
func askew(lines [][]word) float64 {
	const most = 0.09 // five degrees: a page askew by more is another matter
	var slopes []float64
	for _, line := range lines {
		f := feet(line)
		if len(f) < 4 || f[len(f)-1].x-f[0].x < 300 {
			continue
		}
		if s := slopeOf(f); s > -most && s < most {
			slopes = append(slopes, s)
		}
	}
	if len(slopes) < 3 {
		return 0
	}
	slices.Sort(slopes)
	return slopes[len(slopes)/2]
}

// slopeOf fits a straight line through feet by least squares.
func slopeOf(f []foot) float64 {
	var sx, sy, sxx, sxy float64
	for _, p := range f {
		sx, sy, sxx, sxy = sx+p.x, sy+p.y, sxx+p.x*p.x, sxy+p.x*p.y
	}
	n := float64(len(f))
	if d := n*sxx - sx*sx; d > 1 {
		return (n*sxy - sx*sy) / d
	}
	return 0
}

// measure gives the font size of a line and its baseline, both in pixels. tesseract gives boxes of
// ink; the baseline is where words without descenders end.
func measure(line []word, slope float64) (size float64, baseline func(x float64) float64) {
	var heights, levels []float64
	for _, w := range line {
		heights = append(heights, w.height)
	}
	slices.Sort(heights)
	// Ink of a word with capitals or ascenders is about 0.7 of the font size, 0.9 with descenders.
	size = heights[len(heights)/2] / 0.8
	for _, f := range feet(line) {
		levels = append(levels, f.y-slope*f.x)
	}
	if len(levels) == 0 {
		for _, w := range line {
			levels = append(levels, w.top+w.height-0.2*size-slope*(w.left+w.width/2))
		}
	}
	slices.Sort(levels)
	level := levels[len(levels)/2]
	return size, func(x float64) float64 { return level + slope*x }
}

// descending letters and signs reach below the baseline: words with them say little of where it is.
const descending = "gjpqyQ,;()[]{}/|_ạặậẹệịọộợụựỵẠẶẬẸỆỊỌỘỢỤỰỴỳýỷỹ-–—'\"“”‘’*•"

// multipage says whether a picture may have more pages than one: only TIFF has.
func multipage(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	var head [4]byte
	io.ReadFull(f, head[:])
	return string(head[:]) == "II*\x00" || string(head[:]) == "MM\x00*"
}

func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}
