package sandbox

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"soket/extract/document"
)

const (
	// pdfiumWall bounds one call of pdfium: a page drawn at 200 dpi takes 0.1 to 0.4 s, the text of
	// 500 pages 4 s.
	pdfiumWall = 20 * time.Second
	// warmWall bounds compiling pdfium, 4 s on an idle machine. No stranger's file is read there.
	warmWall = 2 * time.Minute
	// maxPicture bounds a page drawn as PNG; 200 dpi of noise in grey are 4 MB.
	maxPicture = 64 << 20
)

// pdfium runs the pdfium binary on the file at path, the cache filled before.
func (r Reader) pdfium(ctx context.Context, path string, args []string, most int64, take func(io.Reader) error) error {
	if err := r.Warm(ctx); err != nil {
		return fmt.Errorf("compile pdfium: %w", err)
	}
	return r.runPdfium(ctx, path, args, pdfiumWall, most, take)
}

func (r Reader) runPdfium(ctx context.Context, path string, args []string, wall time.Duration, most int64, take func(io.Reader) error) error {
	bin, err := r.FindPdfium()
	if err != nil {
		return err
	}
	doc, err := os.Open(path)
	if err != nil {
		return err
	}
	defer doc.Close()
	dir, err := os.MkdirTemp("", "soket-pdfium-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	cache := r.Cache
	if cache != "" { // the child stands in a directory of its own
		if cache, err = filepath.Abs(cache); err != nil {
			return err
		}
	}
	args = append([]string{"-dir", dir, "-cache", cache, "-require", strings.Join(r.Require, ",")}, args...)
	p := process{program: bin, args: args, dir: dir, files: []*os.File{doc}, wall: wall, ours: true, output: most, meter: r.meter}
	return p.run(ctx, take)
}

// Warm compiles pdfium into the cache, once for each version, so that no document waits for it.
func (r Reader) Warm(ctx context.Context) error {
	warming.Lock()
	defer warming.Unlock()
	if compiled, _ := filepath.Glob(filepath.Join(r.Cache, "wazero-*", "*")); r.Cache == "" || len(compiled) > 0 {
		return nil
	}
	if err := os.MkdirAll(r.Cache, 0o700); err != nil {
		return err
	}
	r.meter = nil // all files gain by it
	return r.runPdfium(ctx, os.DevNull, []string{"-warm"}, warmWall, 1<<10, func(out io.Reader) error { return nil })
}

// warming is held while the cache is filled: two processes would do the same work.
var warming sync.Mutex

// pdfiumScenes gives what pdfium sees on pages; nil for all.
func (q *request) pdfiumScenes(ctx context.Context, pages []int) ([]document.Scene, error) {
	list := make([]string, len(pages))
	for i, n := range pages {
		list[i] = strconv.Itoa(n)
	}
	var scenes []document.Scene
	err := q.pdfium(ctx, q.path, []string{"-pages", strings.Join(list, ",")}, maxOutput, func(out io.Reader) error {
		scenes = nil
		for dec := json.NewDecoder(bufio.NewReader(out)); ; {
			var s document.Scene
			if err := dec.Decode(&s); err != nil {
				return nil // the exit status says more
			}
			scenes = append(scenes, s)
			q.step("read", s.Page, 0)
		}
	})
	return scenes, err
}

// Picture draws page (from 1) of the PDF or image at path as PNG. dpi is lowered where the page
// would have more than 40 million pixels.
func (r Reader) Picture(ctx context.Context, path string, page, dpi int) ([]byte, error) {
	var b bytes.Buffer
	args := []string{"-draw", strconv.Itoa(page), "-dpi", strconv.Itoa(dpi)}
	err := r.pdfium(ctx, path, args, maxPicture, func(out io.Reader) error {
		b.Reset()
		_, err := b.ReadFrom(out)
		return err
	})
	if err == nil && b.Len() == 0 {
		err = fmt.Errorf("%w: page %d was not drawn", document.ErrCorrupt, page)
	}
	return b.Bytes(), err
}

// Stroke is a ruling line of a picture, from end to end in pixels. It may lean.
type Stroke struct{ X0, Y0, X1, Y1 float64 }

// Cell is a cell of a table on a page drawn for recognition, in pixels: where it stands on the page,
// and where on the second picture, on which the cells lie under one another. What may be a figure that stands
// alone has pictures of its own besides, with so much white around.
type Cell struct {
	X0, Y0, X1, Y1, X, Y int
	Lone                 bool
	Around               [len(LoneAround)]int
}

// LoneAround is the white around a figure that is read by itself, as a share of the height of figures: recognition
// errs in other places with the one than with the other.
var LoneAround = [...]float64{0.3, 0.4, 0.5}

// Scan says what pdfium knows of a page drawn for recognition: the dots per inch it was drawn with,
// 0 where only the picture knows, the ruling lines that it took off, and the cells it took out.
type Scan struct {
	DPI     int
	Strokes []Stroke
	Cells   []Cell
	Sizes   []int // of the pictures that follow, in bytes: the page, that of the cells, and those of lone figures

	pictures [][]byte // PNG
}

// scan draws a page for recognition, in shades of grey.
func (r Reader) scan(ctx context.Context, path string, page int) (found Scan, err error) {
	args := []string{"-draw", strconv.Itoa(page), "-dpi", strconv.Itoa(scanDPI), "-scan"}
	err = r.pdfium(ctx, path, args, maxPicture, func(out io.Reader) error {
		found = Scan{}
		in := bufio.NewReader(out)
		line, err := in.ReadBytes('\n')
		if err != nil {
			return nil // nothing drawn: the exit status says more
		}
		if err := json.Unmarshal(line, &found); err != nil {
			return fmt.Errorf("%w: ruling lines: %v", document.ErrCorrupt, err)
		}
		all, err := io.ReadAll(in)
		if err != nil {
			return err
		}
		for _, n := range found.Sizes {
			if n <= 0 || n > len(all) {
				return fmt.Errorf("%w: a picture of %d bytes, of %d", document.ErrCorrupt, n, len(all))
			}
			found.pictures, all = append(found.pictures, all[:n]), all[n:]
		}
		return nil
	})
	if err == nil && len(found.pictures) == 0 {
		err = fmt.Errorf("%w: page %d was not drawn", document.ErrCorrupt, page)
	}
	return found, err
}
