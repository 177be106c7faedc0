package sandbox

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

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
	p := process{program: bin, args: args, dir: dir, env: env, wall: wall, output: maxOutput}
	return p.run(ctx, take)
}

// readImage reads an image file: all that is on it comes from recognition.
func (q *request) readImage(ctx context.Context) (*extract.Report, error) {
	q.step("ocr", 0, 1)
	// tesseract is not given the stranger's name of the file, and sees it under its own directory.
	path := filepath.Join(q.dir, "image")
	if err := copyFile(path, q.path); err != nil {
		return nil, err
	}
	scenes, err := q.ocr(ctx, path, 0)
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
	png, err := q.picture(ctx, q.path, page, scanDPI, true)
	if err != nil {
		return document.Scene{}, fmt.Errorf("draw: %w", err)
	}
	path := filepath.Join(q.dir, fmt.Sprintf("page-%d.png", page))
	if err := os.WriteFile(path, png, 0o600); err != nil {
		return document.Scene{}, err
	}
	defer os.Remove(path)
	scenes, err := q.ocr(ctx, path, scanDPI)
	if err != nil {
		return document.Scene{}, err
	}
	if len(scenes) != 1 {
		return document.Scene{}, fmt.Errorf("%w: tesseract gave %d pages for one", document.ErrCorrupt, len(scenes))
	}
	scenes[0].Page = page
	return scenes[0], nil
}

// ocr has tesseract recognise the picture at path, which lies in q.dir. A dpi of 0 takes the
// picture for a page of A4.
func (q *request) ocr(ctx context.Context, path string, dpi float64) ([]document.Scene, error) {
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
	command := []string{tesseract, path, "stdout", "-l", "vie", "--psm", "3"}
	if dpi > 0 {
		command = append(command, "--dpi", fmt.Sprint(dpi))
	}
	var scenes []document.Scene
	err = q.program(ctx, dir, []string{path}, []string{"OMP_THREAD_LIMIT=1"}, ocrWall, append(command, "tsv"), func(out io.Reader) error {
		var err error
		scenes, err = scenesTSV(out, dpi)
		return err
	})
	return scenes, err
}

// word is one line of tesseract's TSV, in pixels.
type word struct {
	line                     [4]int // page, block, paragraph, line
	left, top, width, height float64
	confidence               float64
	text                     string
}

// scenesTSV turns tesseract's TSV into a scene for each page, a glyph for each word.
func scenesTSV(in io.Reader, dpi float64) ([]document.Scene, error) {
	var scenes []document.Scene
	var line []word
	scale := 1.0
	flush := func() {
		if len(scenes) > 0 {
			s := &scenes[len(scenes)-1]
			s.Glyphs = append(s.Glyphs, glyphs(line, scale)...)
		}
		line = line[:0]
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		f := strings.Split(lines.Text(), "\t")
		if len(f) != 12 || f[0] == "level" {
			continue
		}
		var n [10]float64
		for i := range n {
			n[i], _ = strconv.ParseFloat(f[i], 64)
		}
		switch f[0] {
		case "1":
			flush()
			width, height := n[8], n[9]
			if width <= 0 || height <= 0 {
				return nil, fmt.Errorf("%w: picture without a size", document.ErrCorrupt)
			}
			if dpi > 0 {
				scale = 72 / dpi
			} else {
				scale = 842 / max(width, height)
			}
			scenes = append(scenes, document.Scene{
				Page: len(scenes) + 1, Width: width * scale, Height: height * scale, Engine: document.EngineOCR, ImageArea: 1,
			})
		case "5":
			confidence, _ := strconv.ParseFloat(f[10], 64)
			text := strings.TrimSpace(f[11])
			if text == "" {
				continue
			}
			w := word{[4]int{int(n[1]), int(n[2]), int(n[3]), int(n[4])}, n[6], n[7], n[8], n[9], confidence / 100, text}
			if len(line) > 0 && line[0].line != w.line {
				flush()
			}
			line = append(line, w)
		}
	}
	flush()
	return scenes, lines.Err()
}

// glyphs places the words of one line. tesseract gives boxes of ink; the baseline is where words
// without descenders end, and follows a line that runs askew.
func glyphs(line []word, scale float64) []document.Glyph {
	if len(line) == 0 {
		return nil
	}
	var heights []float64
	for _, w := range line {
		heights = append(heights, w.height)
	}
	slices.Sort(heights)
	// Ink of a word with capitals or ascenders is about 0.7 of the font size, 0.9 with descenders.
	size := heights[len(heights)/2] / 0.8
	type point struct{ x, y float64 }
	var feet []point
	for _, w := range line {
		if !strings.ContainsAny(w.text, descending) {
			feet = append(feet, point{w.left + w.width/2, w.top + w.height})
		}
	}
	baseline := func(w word) float64 { return w.top + w.height - 0.2*size }
	switch {
	case len(feet) >= 2:
		// A straight line through the feet, by least squares.
		var sx, sy, sxx, sxy float64
		for _, p := range feet {
			sx, sy, sxx, sxy = sx+p.x, sy+p.y, sxx+p.x*p.x, sxy+p.x*p.y
		}
		n := float64(len(feet))
		slope := 0.0
		if d := n*sxx - sx*sx; d > 1 {
			slope = (n*sxy - sx*sy) / d
		}
		if slope < -0.05 || slope > 0.05 { // three degrees: the words are not on one line
			slope = 0
		}
		baseline = func(w word) float64 { return sy/n + slope*(w.left+w.width/2-sx/n) }
	case len(feet) == 1:
		baseline = func(word) float64 { return feet[0].y }
	}
	out := make([]document.Glyph, 0, 2*len(line))
	for _, w := range line {
		out = append(out, document.Glyph{
			Text: w.text, X: w.left * scale, Y: baseline(w) * scale, Width: w.width * scale, Size: size * scale,
			Confidence: min(max(w.confidence, 0.01), 1),
		})
	}
	return out
}

// descending letters and signs reach below the baseline: words with them say little of where it is.
const descending = "gjpqyQ,;()[]{}/|_ạặậẹệịọộợụựỵẠẶẬẸỆỊỌỘỢỤỰỴỳýỷỹ-–—'\"“”‘’*•"

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
