// Package sandbox reads strangers' documents in child processes, so that a hostile one can hurt
// nobody: the extractor for every document, pdfium, tesseract and LibreOffice for those that need
// them, each confined and each for one document.
package sandbox

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"soket/extract"
	"soket/extract/document"
)

// Limits of one child. A document that meets one of them ends as failed with the reason, and
// nothing else notices.
const (
	wallClock     = 20 * time.Second       // a 500-page report takes about 2 s; longer is an endless loop
	cpuSeconds    = 30                     // two threads busy for the whole wall clock would be 40; none is
	readerData    = 1 << 30                // bytes the reader can write to: 1 GiB resident is never passed
	readerFiles   = 24                     // descriptors: standard ones, the document, a temporary copy of a sheet
	maxOutput     = 256 << 20              // bytes of report, or of one file; the largest real report seen is 6 MB
	maxStderr     = 64 << 10               // bytes kept of what a dying child says
	progressEvery = 100 * time.Millisecond // a page list faster than this is no use to a person

	programData    = 2 << 30 // bytes a converter can write to; LibreOffice needs 300 MB for the largest workbook seen
	programSeconds = 180     // processor time of a converter
	programFiles   = 256     // descriptors; LibreOffice opens each of its libraries and fonts
)

// Reader starts the children. The zero Reader finds the binaries beside the running program and the
// installed programs on the path, keeps no cache and insists on no layer beyond process and limits.
type Reader struct {
	Extractor string   // path of the extractor binary; empty: beside the running program
	Pdfium    string   // path of the pdfium binary; empty: beside the running program
	Tesseract string   // path of tesseract; empty: as found on PATH
	Office    string   // path of soffice; empty: as found on PATH
	Cache     string   // directory for compiled pdfium (about 25 MB); empty: compiled anew each time, 4 s
	Explain   bool     // reports give the numbers that were not taken, and why
	NoFacts   bool     // reports give text and tables only
	Require   []string // layers without which nothing is read
	// GiveWay has a reading that takes long tell so, as the step extract.Slow, and give way to others: from
	// then on its children run at a low priority and have more time by the clock, not more of a processor.
	GiveWay bool
	Spare   *Spare // has a child ready for the next document; nil: each is started when it is needed
	Log     *slog.Logger

	meter *meter // of one reading
}

// stale is the age from which a directory of a reading belongs to a program that was killed: none is
// in use so long.
const stale = 6 * time.Hour

// Sweep removes what readings of killed programs left among the temporary files.
func Sweep() {
	left, _ := filepath.Glob(filepath.Join(os.TempDir(), "soket-*"))
	for _, path := range left {
		name := filepath.Base(path)
		ours := strings.HasPrefix(name, "soket-read-") || strings.HasPrefix(name, "soket-work-") || strings.HasPrefix(name, "soket-pdfium-")
		if fi, err := os.Lstat(path); ours && err == nil && fi.IsDir() && time.Since(fi.ModTime()) > stale {
			os.RemoveAll(path)
		}
	}
}

// Find gives the extractor binary: the one set, or the one beside the running program. The starter
// stands beside it.
func (r Reader) Find() (string, error) {
	path, err := beside(r.Extractor, "extractor")
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(starter(path)); err != nil {
		return "", fmt.Errorf("starter binary: %w (run make build)", err)
	}
	return path, nil
}

// FindPdfium gives the pdfium binary: the one set, or the one beside the running program.
func (r Reader) FindPdfium() (string, error) { return beside(r.Pdfium, "pdfium") }

func beside(set, name string) (string, error) {
	if set != "" {
		return set, nil
	}
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	path := filepath.Join(filepath.Dir(self), name)
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("%s binary: %w (run make build)", name, err)
	}
	return path, nil
}

// Layers names the layers that hold around a child on this machine.
func (r Reader) Layers(ctx context.Context) ([]string, error) {
	var layers []string
	err := r.extractor(ctx, []string{"-layers"}, nil, wallClock, func(m message) { layers = m.Layers })
	return layers, err
}

// extractor runs the extractor on files and hands over its messages. An error message comes back
// as a Refusal.
func (r Reader) extractor(ctx context.Context, args []string, files []*os.File, wall time.Duration, take func(message)) error {
	bin, err := r.Find()
	if err != nil {
		return err
	}
	args = append([]string{"-require", strings.Join(r.Require, ",")}, args...)
	p := process{program: bin, args: args, files: files, wall: wall, ours: true, output: maxOutput, meter: r.meter, log: r.Log}
	var refusal error
	done := false
	receiving := func(out io.Reader) error {
		refusal, done = nil, false
		for in := bufio.NewReaderSize(out, 1<<16); ; {
			m, err := receive(in)
			if errors.Is(err, errBuild) {
				return err
			} else if err != nil {
				return nil // the exit status and standard error say more
			}
			if m.Code != "" {
				refusal = &extract.Refusal{Code: m.Code, Detail: m.Error}
			}
			done = done || m.Report != nil || m.Layers != nil || m.Book != nil
			take(m)
		}
	}
	err = r.Spare.serve(ctx, p, receiving)
	if errors.Is(err, errNoSpare) || errors.Is(err, errStarved) && ctx.Err() == nil {
		if p.dir, err = os.MkdirTemp("", "soket-read-"); err != nil {
			return err
		}
		defer os.RemoveAll(p.dir)
		p.args = append([]string{"-dir", p.dir}, p.args...)
		err = p.run(ctx, receiving)
	}
	switch {
	case refusal != nil:
		return refusal
	case err != nil && !done:
		return err
	case !done:
		return fmt.Errorf("%w: extractor ended without a report", document.ErrCorrupt)
	}
	return nil
}

// request is one document on its way through the engines.
type request struct {
	Reader
	path, name string // the file as it is now, and as it was called when uploaded
	period     extract.Period
	from       document.Format // before conversion
	dir        string          // for what is made on the way
	telling    sync.Mutex
	progress   func(extract.Progress)
}

func (q *request) step(step string, page, pages int) {
	if q.progress != nil {
		q.telling.Lock()
		defer q.telling.Unlock()
		q.progress(extract.Progress{Step: step, Page: page, Pages: pages})
	}
}

// Read reads the file at path in children. name is the file's name as uploaded; period is the one
// set by a person, or empty. Errors carry a code of extract.Verdicts. progress may be nil, and is
// called from one goroutine at a time.
func (r Reader) Read(ctx context.Context, path, name string, period extract.Period, progress func(extract.Progress)) (report *extract.Report, err error) {
	// An engine that was cut off looks like one that found nothing: what the others made is no report.
	defer func() {
		if err == nil && ctx.Err() != nil {
			report, err = nil, ctx.Err()
		}
	}()
	defer r.Spare.begin()()
	dir, err := os.MkdirTemp("", "soket-work-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	q := &request{Reader: r, path: path, name: name, period: period, dir: dir, progress: progress}
	if r.GiveWay {
		m, stop := newMeter(func() { q.step(extract.Slow, 0, 0) })
		defer stop()
		q.meter = m
	}
	kind, err := sniff(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, &extract.Refusal{Code: "missing", Err: err}
	} else if err != nil {
		return nil, err
	}
	switch kind {
	case document.XLS, document.ODS, document.DOC:
		q.step("convert", 0, 0)
		if err := q.convert(ctx, kind); err != nil {
			return nil, err
		}
		return q.read(ctx, nil)
	case document.Image:
		return q.readImage(ctx)
	case document.PDF:
		return q.readPDF(ctx)
	}
	return q.read(ctx, nil)
}

// read runs the extractor once. scenes are pages that another engine read.
func (q *request) read(ctx context.Context, scenes []document.Scene) (*extract.Report, error) {
	doc, err := os.Open(q.path)
	if err != nil {
		return nil, err
	}
	defer doc.Close()
	files := []*os.File{doc}
	args := []string{"-name", q.name, "-period", string(q.period), "-from", string(q.from)}
	if q.Explain {
		args = append(args, "-explain")
	}
	if q.NoFacts {
		args = append(args, "-no-facts")
	}
	if scenes != nil {
		path := filepath.Join(q.dir, "scenes.json")
		data, err := json.Marshal(scenes)
		if err != nil {
			return nil, err
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			return nil, err
		}
		in, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer in.Close()
		files, args = append(files, in), append(args, "-scenes")
	}
	defer q.Spare.start(q.Reader)
	var report *extract.Report
	err = q.extractor(ctx, args, files, wallClock, func(m message) {
		if m.Report != nil {
			report = m.Report
		} else if m.Pages > 0 {
			q.step("read", m.Page, m.Pages)
		}
	})
	return report, err
}

// Annotate gives the xlsx workbook at path back with a comment and a colour on each cell that a note
// names; it is opened in a child, like any document. Errors carry a code of extract.Verdicts.
func (r Reader) Annotate(ctx context.Context, path string, notes []document.Note) ([]byte, error) {
	doc, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer doc.Close()
	dir, err := os.MkdirTemp("", "soket-work-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	said, err := json.Marshal(notes)
	if err != nil {
		return nil, err
	}
	list := filepath.Join(dir, "notes.json")
	if err := os.WriteFile(list, said, 0o600); err != nil {
		return nil, err
	}
	in, err := os.Open(list)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	var book []byte
	err = r.extractor(ctx, []string{"-annotate"}, []*os.File{doc, in}, wallClock, func(m message) { book = m.Book })
	return book, err
}
