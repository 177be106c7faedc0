package sandbox

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

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
		if lone, err = pass(path, asLine); err != nil {
			return nil, err
		}
	}
	for _, c := range found.Cells {
		of := laid[0].of(c)
		if c.Lone {
			if len(lone) < len(c.Around) {
				return nil, fmt.Errorf("%w: tesseract gave too few of %d pictures", document.ErrCorrupt, len(found.pictures))
			}
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

// Markers of headings and items as tesseract misreads them: Roman numbers whose strokes ran together, with a year
// too ("Quý 12024" for "Quý I/2024"), discs.
var (
	misreadRoman   = regexp.MustCompile(`^([HIVX1l|\[ỊÌÍĨỈÏL]{1,5})([.)/\-–]?)$`)
	misreadQuarter = regexp.MustCompile(`^([HIVX1l|ỊÌÍ]{1,3})/{0,2}(20\d\d)([.,;:)]*)$`)
	romanStrokes   = strings.NewReplacer("H", "II", "1", "I", "l", "I", "|", "I", "[", "I", "L", "I", "Ị", "I", "Ì", "I", "Í", "I", "Ĩ", "I", "Ỉ", "I", "Ï", "I")
	romanNumber    = regexp.MustCompile(`^X{0,2}(?:IX|IV|V?I{0,3})$`)
	misreadBullet  = regexp.MustCompile(`^(?:s?[®©]|s?e|[¢°»«*])$`)
)

// mendMarkers mends the marker that a line begins with, and quarters in it. A district is "H." too, so that a lone
// H, or a number without its stop, is one before capitals only. before is the word before the line.
func mendMarkers(line []word, before string) {
	for i := range line {
		if m := misreadQuarter.FindStringSubmatch(line[i].text); m != nil && strings.EqualFold(before, "quý") {
			if number := romanStrokes.Replace(m[1]); romanNumber.MatchString(number) {
				line[i].text = number + "/" + m[2] + m[3]
			}
		}
		before = line[i].text
	}
	if len(line) < 2 {
		return
	}
	first, _ := utf8.DecodeRuneInString(line[1].text)
	if misreadBullet.MatchString(line[0].text) {
		line[0].text = "•"
		return
	}
	m := misreadRoman.FindStringSubmatch(line[0].text)
	if m == nil || !unicode.IsUpper(first) || !strings.ContainsAny(m[1], "HIVXL") {
		return
	}
	number, stop := romanStrokes.Replace(m[1]), m[2]
	if stop == "" {
		stop = "."
	}
	capitals := len(line) > 2 && !slices.ContainsFunc(line[1:], func(w word) bool { return strings.ToUpper(w.text) != w.text })
	if romanNumber.MatchString(number) && (capitals || m[1] != "H" && m[1] != "L" && m[2] != "") {
		line[0].text = number + stop
	}
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
