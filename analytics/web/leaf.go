package web

import (
	"container/list"
	"context"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"soket/analytics"
	"soket/extract"
	"soket/extract/document"
	"soket/extract/indicator"
)

// Reader opens stored files, each in a confined child of its own: nothing of a stranger's file is
// parsed in the process that serves pages. Errors carry a code of extract.Verdicts.
type Reader interface {
	// Picture draws a page (from 1) of a PDF or an image as PNG.
	Picture(ctx context.Context, path string, page, dpi int) ([]byte, error)
	// Annotate gives an xlsx workbook back with comments and colours on cells.
	Annotate(ctx context.Context, path string, notes []document.Note) ([]byte, error)
}

const (
	leafDPI    = 96       // of a page beside its figures: sharp at the width it has there, some 50 KB
	leafMost   = 48 << 20 // bytes of pictures kept in memory: some 900 pages
	leafAtOnce = 2        // children that draw at the same time; others wait for their turn
)

// leaves keeps the pictures of pages that were asked for last.
type leaves struct {
	mu    sync.Mutex
	order list.List // of *leaf, the newest first
	byKey map[string]*list.Element
	bytes int
	turn  chan struct{}
}

type leaf struct {
	key string
	png []byte
}

func newLeaves() *leaves {
	return &leaves{byKey: map[string]*list.Element{}, turn: make(chan struct{}, leafAtOnce)}
}

func (l *leaves) get(key string) []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	e, ok := l.byKey[key]
	if !ok {
		return nil
	}
	l.order.MoveToFront(e)
	return e.Value.(*leaf).png
}

func (l *leaves) put(key string, png []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, ok := l.byKey[key]; ok {
		return
	}
	l.byKey[key] = l.order.PushFront(&leaf{key, png})
	l.bytes += len(png)
	for l.bytes > leafMost && l.order.Len() > 1 {
		last := l.order.Remove(l.order.Back()).(*leaf)
		delete(l.byKey, last.key)
		l.bytes -= len(last.png)
	}
}

// forget drops the pictures of a file that is deleted.
func (l *leaves) forget(sha256 string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for key, e := range l.byKey {
		if strings.HasPrefix(key, sha256+"/") {
			l.bytes -= len(l.order.Remove(e).(*leaf).png)
			delete(l.byKey, key)
		}
	}
}

// stored hands over a copy of a report's file at a path of its own, for a child to open.
func (s *server) stored(ctx context.Context, id string, use func(path string, f extract.Filing) error) error {
	in, f, err := s.Inbox.Original(ctx, id)
	if err != nil {
		return err
	}
	defer in.Close()
	dir, err := os.MkdirTemp("", "soket-work-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	at := filepath.Join(dir, "document")
	out, err := os.OpenFile(at, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	if closed := out.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return use(at, f)
}

// leafPicture gives a page of a report as a picture, so that a figure is checked against the page
// itself and not against what was read from it.
func (s *server) leafPicture(w http.ResponseWriter, r *http.Request) {
	ctx, id := r.Context(), r.PathValue("id")
	page, err := strconv.Atoi(strings.TrimSuffix(r.PathValue("page"), ".png"))
	f, ok := s.Inbox.Filing(id)
	if err != nil || page < 1 || !ok || s.Reader == nil || !pictured(f) || f.State == extract.Deleting {
		s.nothing(w, r)
		return
	}
	key := fmt.Sprintf("%s/%d", f.SHA256, page)
	png := s.leaves.get(key)
	if png == nil {
		select {
		case s.leaves.turn <- struct{}{}:
			defer func() { <-s.leaves.turn }()
		case <-ctx.Done():
			s.fail(w, r, ctx.Err())
			return
		}
		if png = s.leaves.get(key); png == nil {
			err := s.stored(ctx, id, func(path string, _ extract.Filing) (err error) {
				png, err = s.Reader.Picture(ctx, path, page, leafDPI)
				return err
			})
			if err != nil {
				s.fail(w, r, err)
				return
			}
			s.leaves.put(key, png)
		}
	}
	h := w.Header()
	h.Set("Content-Type", "image/png")
	h.Set("Cache-Control", "private, max-age=3600") // not for ever: a report may be deleted
	w.Write(png)
}

// pictured tells whether a file has pages that can be drawn.
func pictured(f extract.Filing) bool {
	return f.Format == string(document.PDF) || f.Format == string(document.Image)
}

// cellNotes says at each doubtful cell of a workbook what is to be looked at, in the reader's language.
func (s *server) cellNotes(lang string, f extract.Filing, report *analytics.Report, facts []analytics.Fact, findings []analytics.Finding, names map[string]analytics.Indicator) []document.Note {
	fs := s.functions(lang)
	word, name, period := fs["t"].(func(string, ...any) (string, error)), fs["name"].(func(string, string) string), fs["period"].(func(string) string)
	must := fs["must"].(func(string) string)
	money, percent, num := fs["money"].(func(float64, string) string), fs["percent"].(func(float64) string), fs["num"].(func(any) string)
	say := func(key string, args ...any) string {
		text, err := word(key, args...)
		if err != nil {
			return key
		}
		return text
	}
	shown := func(code, kind string, value float64, unit string) string {
		if kind == string(indicator.Comparison) {
			return num(value) + "%"
		}
		return money(value, unit)
	}
	var notes []document.Note
	add := func(sheet, cell, text string, tone document.Tone) {
		if cell != "" {
			notes = append(notes, document.Note{Sheet: sheet, Cell: cell, Text: text, Tone: tone})
		}
	}
	for _, x := range facts {
		n := names[x.Code]
		label := name(n.Vi, n.En)
		switch {
		case x.Judged == extract.Corrected || x.Judged == extract.Added:
			add(x.Sheet, x.Cell, fmt.Sprintf(must("note.corrected"), label, shown(x.Code, x.Kind, x.Value, x.Unit), x.JudgedBy, x.JudgedWhy), document.ToneSaid)
		case x.Judged == "" && x.Confidence < doubt:
			add(x.Sheet, x.Cell, fmt.Sprintf(must("note.doubt"), label, shown(x.Code, x.Kind, x.Value, x.Unit), say("kind."+x.Kind), period(x.Period), percent(x.Confidence)), document.ToneDoubt)
		}
	}
	for _, j := range f.Judgements {
		if j.Verdict == extract.Rejected && j.Was != nil {
			n := names[j.Was.Code]
			add(j.Was.Sheet, j.Was.Cell, fmt.Sprintf(must("note.rejected"), name(n.Vi, n.En), j.By, j.Reason), document.ToneSaid)
		}
	}
	byNo := map[uint32]analytics.Fact{}
	for _, x := range facts {
		byNo[x.No] = x
	}
	finding := fs["finding"].(func(analytics.Finding) (string, error))
	for _, x := range findings {
		for _, no := range x.Facts {
			at := byNo[no]
			text, err := finding(x)
			if err != nil {
				text = x.Code
			}
			add(at.Sheet, at.Cell, text, document.ToneFinding)
		}
	}
	if report != nil {
		for _, x := range report.Warnings {
			add(x.Sheet, x.Cell, say("warning."+x.Code), document.ToneDoubt)
		}
	}
	return notes
}

// workbookBack gives the sender's own file back with what is to be looked at on its cells.
func (s *server) workbookBack(w http.ResponseWriter, r *http.Request) {
	ctx, id := r.Context(), r.PathValue("id")
	x, err := s.filed(r, id)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if x.Report == nil || s.Reader == nil || x.Format != string(document.XLSX) {
		s.nothing(w, r)
		return
	}
	facts, err := s.Figures.ReportFacts(ctx, id)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	findings, err := s.Figures.ReportFindings(ctx, id)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	names, err := s.names(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	var book []byte
	err = s.stored(ctx, id, func(path string, f extract.Filing) (err error) {
		book, err = s.Reader.Annotate(ctx, path, s.cellNotes(s.languageOf(r), f, x.Report, facts, findings, names))
		return err
	})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	ext := path.Ext(x.File)
	s.attach(w, strings.TrimSuffix(path.Base(x.File), ext)+s.functions(s.languageOf(r))["must"].(func(string) string)("note.file")+ext, book)
}

const workbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// attach answers with a workbook to keep.
func (s *server) attach(w http.ResponseWriter, name string, book []byte) {
	h := w.Header()
	h.Set("Content-Type", workbookType)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cache-Control", "no-store")
	w.Write(book)
}
