package document

import (
	"archive/zip"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"soket/extract/vietnamese"
)

// element is an element of WordprocessingML with what it holds, in order.
type element struct {
	XMLName xml.Name
	Attrs   []xml.Attr `xml:",any,attr"`
	Kids    []element  `xml:",any"`
	Text    string     `xml:",chardata"`
}

func (e *element) attr(name string) string {
	for _, a := range e.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (e *element) kid(names ...string) *element {
	for _, name := range names {
		var found *element
		for i := range e.Kids {
			if e.Kids[i].XMLName.Local == name {
				found = &e.Kids[i]
				break
			}
		}
		if found == nil {
			return &element{}
		}
		e = found
	}
	return e
}

// val is the value of a property: "" where it is absent.
func (e *element) val(names ...string) string { return e.kid(names...).attr("val") }

// on says whether a switch such as <w:b/> is set.
func (e *element) on(name string) (set, on bool) {
	k := e.kid(name)
	if k.XMLName.Local == "" {
		return false, false
	}
	v := k.attr("val")
	return true, v != "0" && v != "false" && v != "none"
}

// ReadDOCX reads a report written in Word or by LibreOffice.
func ReadDOCX(ctx context.Context, src io.ReaderAt, size int64, o Options) (*Document, error) {
	z, err := openZip(src, size)
	if err != nil {
		return nil, err
	}
	var root element
	if err := xmlPart(z, "word/document.xml", &root); err != nil {
		return nil, err
	}
	w := docxFlow{ctx: ctx, styles: map[string]wordStyle{}, lists: map[string]wordList{}, counts: map[string][]int{}, notes: &wordNotes{}, top: true}
	if err := w.readStyles(z); err != nil {
		return nil, err
	}
	if err := w.readNumbering(z); err != nil {
		return nil, err
	}
	if err := w.readNotes(z); err != nil {
		return nil, err
	}
	if err := w.flow(root.kid("body").Kids); err != nil {
		return nil, err
	}
	return &Document{Format: DOCX, Engine: EngineDOCX, Blocks: classify(w.drafts)}, nil
}

// xmlPart reads a part of the archive; a missing one is corrupt.
func xmlPart(z *zip.Reader, name string, into any) error {
	data, err := unzipPart(z, name)
	if errors.Is(err, errNoPart) {
		return fmt.Errorf("%w: %w", ErrCorrupt, err)
	}
	if err != nil {
		return err
	}
	if err := xml.Unmarshal(data, into); err != nil {
		return fmt.Errorf("%w: %s: %v", ErrCorrupt, name, err)
	}
	return nil
}

// wordNotes are the footnotes of a document.
type wordNotes struct {
	byID    map[string]*element
	count   int     // numbers given so far
	pending []draft // of the paragraph or table at hand: they follow it
}

type docxFlow struct {
	ctx    context.Context
	styles map[string]wordStyle
	usual  wordStyle           // of paragraphs that name none
	lists  map[string]wordList // by numId
	counts map[string][]int    // numbers reached by level, by definition
	notes  *wordNotes
	top    bool // the body itself, no cell
	drafts []draft
	side   side
	lines  bool
	cells  int
}

// readNotes keeps the footnotes for where the text calls them.
func (w *docxFlow) readNotes(z *zip.Reader) error {
	var root element
	if err := xmlPart(z, "word/footnotes.xml", &root); err != nil {
		if errors.Is(err, errNoPart) {
			return nil
		}
		return err
	}
	w.notes.byID = map[string]*element{}
	for i := range root.Kids {
		if n := &root.Kids[i]; n.XMLName.Local == "footnote" && n.attr("type") == "" { // separators have a type
			w.notes.byID[n.attr("id")] = n
		}
	}
	return nil
}

// note gives the mark of a footnote where the text calls it, and keeps its text for after the
// paragraph.
func (w *docxFlow) note(id string) string {
	n := w.notes.byID[id]
	if n == nil {
		return ""
	}
	delete(w.notes.byID, id)
	w.notes.count++
	mark := vietnamese.Superscript(strconv.Itoa(w.notes.count))
	in := docxFlow{ctx: w.ctx, styles: w.styles, usual: w.usual, lists: w.lists, counts: w.counts, notes: &wordNotes{}, lines: true}
	if in.flow(n.Kids) == nil {
		if c := cellOfDrafts(in.drafts, 0, 0, 1); c.Text != "" {
			w.notes.pending = append(w.notes.pending, draft{Block: Block{Kind: Footnote, Text: mark + " " + c.Text}})
		}
	}
	return mark
}

// flow reads what a body, a cell or a content control holds.
func (w *docxFlow) flow(kids []element) error {
	for i := range kids {
		k := &kids[i]
		if w.top && len(w.notes.pending) > 0 {
			w.drafts = append(w.drafts, w.notes.pending...)
			w.notes.pending = nil
		}
		switch k.XMLName.Local {
		case "p":
			if err := w.paragraph(k); err != nil {
				return err
			}
		case "tbl":
			if err := w.table(k); err != nil {
				return err
			}
		case "sdt":
			if err := w.flow(k.kid("sdtContent").Kids); err != nil {
				return err
			}
		case "ins", "customXml", "moveTo":
			if err := w.flow(k.Kids); err != nil {
				return err
			}
		}
	}
	if w.top {
		w.drafts = append(w.drafts, w.notes.pending...)
		w.notes.pending = nil
	}
	return nil
}

// docxRun is a piece of a paragraph in one look.
type docxRun struct {
	text string
	look look
}

// runs gathers the text of a paragraph; boxes are the text boxes anchored in it.
func (w *docxFlow) runs(p *element, l look, size float64) (rs []docxRun, boxes []*element) {
	var walk func(e *element)
	walk = func(e *element) {
		for i := range e.Kids {
			k := &e.Kids[i]
			switch k.XMLName.Local {
			case "r":
				base := l
				if s, ok := w.styles[k.val("rPr", "rStyle")]; ok {
					base = s.look
				}
				look, _ := runLook(base, size, k.kid("rPr"))
				if _, off := k.kid("rPr").on("vanish"); off {
					continue
				}
				raised := k.val("rPr", "vertAlign") == "superscript"
				rs = append(rs, docxRun{runText(k, raised), look})
				if id := k.kid("footnoteReference").attr("id"); id != "" {
					rs = append(rs, docxRun{w.note(id), look})
				}
				walk(k)
			case "txbxContent":
				boxes = append(boxes, k)
			case "del", "moveFrom", "Fallback", "instrText", "pPr", "rPr":
			default:
				walk(k)
			}
		}
	}
	walk(p)
	return rs, boxes
}

// runText is the text of a run, with raised figures as superscripts.
func runText(r *element, raised bool) string {
	var b strings.Builder
	for i := range r.Kids {
		switch k := &r.Kids[i]; k.XMLName.Local {
		case "t":
			t := k.Text
			if raised {
				t = vietnamese.Superscript(t)
			}
			b.WriteString(t)
		case "tab":
			b.WriteByte('\t')
		case "br", "cr":
			b.WriteByte('\n')
		case "noBreakHyphen":
			b.WriteByte('-')
		case "softHyphen":
		}
	}
	return b.String()
}

// paragraph makes drafts of a paragraph: one, or one for each line that starts like an item.
func (w *docxFlow) paragraph(p *element) error {
	s := w.usual
	if id := p.val("pPr", "pStyle"); id != "" {
		if named, ok := w.styles[id]; ok {
			s = named
		}
	}
	look, size := s.look, s.size
	s = w.apply(s, p, &element{})
	rs, boxes := w.runs(p, look, size)
	m := markup{side: w.side, lines: w.lines}
	for _, r := range rs {
		for i, line := range strings.Split(r.text, "\n") {
			if i > 0 {
				m.text.WriteByte('\n')
			}
			look := r.look
			upper := look.capitals && look.encoding == vietnamese.Unicode
			if upper {
				line = strings.ToUpper(line)
			}
			m.write(line, look)
		}
	}
	if s.numID != "" && strings.TrimSpace(m.text.String()) != "" {
		m.marker = w.marker(s.numID, s.level)
	}
	outer := look
	outer.centred, outer.rank = s.centred, min(s.rank, 6)
	m.flush(outer)
	for i := range m.drafts {
		m.drafts[i].size = size
	}
	w.drafts = append(w.drafts, m.drafts...)
	for _, b := range boxes {
		if err := w.flow(b.Kids); err != nil {
			return err
		}
	}
	return nil
}
