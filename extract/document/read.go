package document

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/gabriel-vasile/mimetype"
)

// Options say how a file is to be read.
type Options struct {
	Name     string                // file name, for what content alone cannot tell (CSV)
	Progress func(page, pages int) // called after each page or sheet; may be nil
	// Scenes are pages that another engine read (pdfium, OCR), to be taken in place of what the PDF's
	// own reader sees there; each says its number, engine and why. With the file beyond that reader,
	// or an image, they are all there is.
	Scenes []Scene
	From   Format // what the file was before it was converted; empty where it was not
}

// Read turns the bytes of one file into a document, whatever they are. Errors wrap the sentinels of
// this package.
func Read(ctx context.Context, src io.ReaderAt, size int64, o Options) (*Document, error) {
	format, err := Sniff(src, size, o.Name)
	if err != nil {
		return nil, err
	}
	d, err := readAs(ctx, format, src, size, o)
	if err == nil && o.From != "" {
		d.Format = o.From
	}
	return d, err
}

func readAs(ctx context.Context, format Format, src io.ReaderAt, size int64, o Options) (*Document, error) {
	switch format {
	case PDF:
		return readPDF(ctx, src, size, o)
	case Image:
		return readScenes(o, Image)
	case HTML:
		return ReadHTML(ctx, src, size, o)
	case DOCX:
		return ReadDOCX(ctx, src, size, o)
	case XLSX:
		return ReadWorkbook(ctx, src, size, o)
	case CSV:
		return ReadCSV(ctx, src, size, o)
	}
	return nil, fmt.Errorf("%w: %s", ErrUnsupported, format)
}

// sniffBytes is how much of a file's start is looked at. Office files name their kind within the
// first few entries of the archive.
const sniffBytes = 256 << 10

// Sniff tells what a file is by its content. The name only decides between plain text and CSV.
func Sniff(src io.ReaderAt, size int64, name string) (Format, error) {
	if size == 0 {
		return "", ErrEmpty
	}
	head := make([]byte, min(size, sniffBytes))
	if n, err := src.ReadAt(head, 0); err != nil && n < len(head) {
		return "", fmt.Errorf("read start of file: %w", err)
	}
	// The header of a PDF may stand behind junk: mail and web servers leave some.
	if bytes.Contains(head[:min(len(head), 1024)], []byte("%PDF-")) {
		return PDF, nil
	}
	m := mimetype.Detect(head)
	for f := m; f != nil; f = f.Parent() {
		switch f.String() {
		case "application/pdf":
			return PDF, nil
		case "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":
			return XLSX, nil
		case "application/vnd.openxmlformats-officedocument.wordprocessingml.document":
			return DOCX, nil
		case "application/vnd.oasis.opendocument.spreadsheet":
			return ODS, nil
		case "application/vnd.ms-excel":
			return XLS, nil
		case "application/msword":
			return DOC, nil
		case "application/zip":
			return zipFormat(head)
		case "application/x-ole-storage":
			return oleFormat(head)
		case "image/jpeg", "image/png", "image/tiff":
			return Image, nil
		}
	}
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")), " \t\r\n")
	lower := bytes.ToLower(text[:min(len(text), 4096)])
	switch {
	case len(text) == 0:
		return "", ErrEmpty
	case bytes.HasPrefix(lower, []byte("<!doctype html")), bytes.HasPrefix(lower, []byte("<html")),
		bytes.HasPrefix(lower, []byte("<")) && (bytes.Contains(lower, []byte("<table")) || bytes.Contains(lower, []byte("<html")) || bytes.Contains(lower, []byte("<body"))):
		return HTML, nil
	case notText(head):
		return "", fmt.Errorf("%w: %s", ErrUnsupported, m.String())
	case strings.HasSuffix(strings.ToLower(name), ".csv"), strings.HasSuffix(strings.ToLower(name), ".tsv"), bytes.ContainsAny(head, ";,\t"):
		return CSV, nil
	}
	return "", fmt.Errorf("%w: %s", ErrUnsupported, m.String())
}

// zipFormat tells office files by the parts they hold, where the first entry does not say.
func zipFormat(head []byte) (Format, error) {
	for _, k := range []struct {
		part   string
		format Format
	}{{"xl/workbook", XLSX}, {"xl/worksheets", XLSX}, {"word/document", DOCX}, {"opendocument.spreadsheet", ODS}} {
		if bytes.Contains(head, []byte(k.part)) {
			return k.format, nil
		}
	}
	return "", fmt.Errorf("%w: archive", ErrUnsupported)
}

// oleFormat tells BIFF workbooks and Word files by the names in their directory (UTF-16).
func oleFormat(head []byte) (Format, error) {
	wide := func(s string) []byte {
		b := make([]byte, 0, 2*len(s))
		for i := range len(s) {
			b = append(b, s[i], 0)
		}
		return b
	}
	switch {
	case bytes.Contains(head, wide("Workbook")), bytes.Contains(head, wide("Book")):
		return XLS, nil
	case bytes.Contains(head, wide("WordDocument")):
		return DOC, nil
	case bytes.Contains(head, wide("EncryptedPackage")):
		return "", ErrEncrypted
	}
	return "", fmt.Errorf("%w: ole storage", ErrUnsupported)
}

// notText says whether bytes are no text in any encoding that CSV comes in.
func notText(head []byte) bool {
	if _, wide := utf16Order(head); wide {
		return false
	}
	controls := 0
	for _, c := range head {
		if c == 0 || c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' {
			controls++
		}
	}
	return controls*100 > len(head)
}

// readPDF lays the pages of a PDF out, those given in the options in place of its own.
func readPDF(ctx context.Context, src io.ReaderAt, size int64, o Options) (*Document, error) {
	d := &Document{Format: PDF, Engine: EngineLedongthuc}
	others := map[int]*Scene{}
	for i := range o.Scenes {
		others[o.Scenes[i].Page] = &o.Scenes[i]
	}
	var l layout
	seen := 0
	warnings, err := EachScene(ctx, src, size, SceneOptions{Progress: o.Progress}, func(s Scene) error {
		seen = s.Page
		if other, ok := others[s.Page]; ok {
			// Ruling lines are seen by the first engine only; it stands on the same points.
			if rules := s.Rules; len(other.Rules) == 0 {
				other.Rules = rules
			}
			s = *other
		}
		l.add(&s)
		return nil
	})
	switch {
	case err != nil && seen == 0 && len(o.Scenes) > 0:
		return readScenes(o, PDF)
	case err != nil:
		return nil, err
	}
	d.Pages, d.Blocks, d.Warnings = l.finish()
	d.Warnings = append(warnings, d.Warnings...)
	d.confide(o.Scenes)
	d.nameEngine()
	return d, nil
}

// readScenes lays out pages that another engine read in full.
func readScenes(o Options, format Format) (*Document, error) {
	if len(o.Scenes) == 0 {
		return nil, fmt.Errorf("%w: an image, without OCR", ErrUnsupported)
	}
	d := &Document{Format: format}
	d.Pages, d.Blocks, d.Warnings = Layout(o.Scenes)
	d.confide(o.Scenes)
	d.nameEngine()
	return d, nil
}

// confide gives each page read by OCR the mean confidence of its words, longer ones counting more.
func (d *Document) confide(scenes []Scene) {
	mean := map[int]float64{}
	for _, s := range scenes {
		sum, letters := 0.0, 0.0
		for _, g := range s.Glyphs {
			if n := float64(len(g.Text)); g.Confidence > 0 && g.Text != " " {
				sum, letters = sum+n*g.Confidence, letters+n
			}
		}
		if letters > 0 {
			mean[s.Page] = sum / letters
		}
	}
	for i := range d.Pages {
		d.Pages[i].Confidence = mean[d.Pages[i].Number]
	}
}

// nameEngine names the engine of the whole document: mixed where pages differ.
func (d *Document) nameEngine() {
	for i, p := range d.Pages {
		switch {
		case i == 0:
			d.Engine = p.Engine
		case d.Engine != p.Engine:
			d.Engine = EngineMixed
		}
	}
}
