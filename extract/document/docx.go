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

// wordStyle is a paragraph or character style, with what it is based on resolved.
type wordStyle struct {
	rank    int // of a heading: outline level from 1; 0 for none
	look    look
	size    float64
	centred bool
	numID   string
	level   int
}

// wordLevel is one level of a list: how its number is written.
type wordLevel struct {
	format string // "decimal", "lowerLetter", "upperRoman", "bullet"
	text   string // "%1.%2."
	start  int
	legal  bool // all numbers as plain figures, whatever their levels say
}

// wordList is a numbering: its levels, the definition that it counts on with others of the same one,
// and where it starts anew by itself.
type wordList struct {
	levels   []wordLevel
	abstract string
	restarts map[int]int // by level; taken when the list is met first
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

func (w *docxFlow) readStyles(z *zip.Reader) error {
	var root element
	if err := xmlPart(z, "word/styles.xml", &root); err != nil {
		if errors.Is(err, errNoPart) {
			return nil
		}
		return err
	}
	base := map[string]string{}
	own := map[string]*element{}
	usual := wordStyle{}
	usual = w.apply(usual, root.kid("docDefaults", "pPrDefault"), root.kid("docDefaults", "rPrDefault"))
	for i := range root.Kids {
		s := &root.Kids[i]
		if s.XMLName.Local != "style" {
			continue
		}
		id := s.attr("styleId")
		own[id], base[id] = s, s.val("basedOn")
		if s.attr("type") == "paragraph" && s.attr("default") == "1" {
			usual = w.apply(usual, s, s)
		}
	}
	w.usual = usual
	const deepest = 20 // styles based on each other in a ring end here
	var resolve func(id string, depth int) wordStyle
	resolve = func(id string, depth int) wordStyle {
		s := own[id]
		if s == nil || depth > deepest {
			return usual
		}
		got := w.apply(resolve(base[id], depth+1), s, s)
		if s.attr("default") == "1" {
			got = usual
		}
		name := strings.ToLower(s.val("name"))
		if rest, ok := strings.CutPrefix(name, "heading "); ok && got.rank == 0 {
			got.rank, _ = strconv.Atoi(rest)
		}
		if name == "title" {
			got.rank = 1
		}
		return got
	}
	for id := range own {
		w.styles[id] = resolve(id, 0)
	}
	return nil
}

// apply lays the properties in pPr of p and rPr of r over a style.
func (w *docxFlow) apply(s wordStyle, p, r *element) wordStyle {
	pr := p.kid("pPr")
	if v := pr.val("outlineLvl"); v != "" {
		if n, err := strconv.Atoi(v); err == nil && n < 9 {
			s.rank = n + 1
		}
	}
	if v := pr.val("jc"); v != "" {
		s.centred = v == "center"
	}
	if v := pr.val("numPr", "numId"); v != "" {
		s.numID, s.level = v, 0
	}
	if v := pr.val("numPr", "ilvl"); v != "" {
		s.level, _ = strconv.Atoi(v)
	}
	s.look, s.size = runLook(s.look, s.size, r.kid("rPr"))
	return s
}

func runLook(l look, size float64, rp *element) (look, float64) {
	if set, on := rp.on("b"); set {
		l.bold = on
	}
	if set, on := rp.on("i"); set {
		l.italic = on
	}
	if set, on := rp.on("caps"); set {
		l.capitals = on
	}
	if v, err := strconv.ParseFloat(rp.val("sz"), 64); err == nil {
		size = v / 2
	}
	fonts := rp.kid("rFonts")
	for _, a := range []string{"ascii", "hAnsi"} {
		if f := fonts.attr(a); f != "" {
			e, capitals := vietnamese.EncodingOfFont(f)
			l.encoding = e
			if e != vietnamese.Unicode {
				l.capitals = capitals
			}
			break
		}
	}
	return l, size
}

func (w *docxFlow) readNumbering(z *zip.Reader) error {
	var root element
	if err := xmlPart(z, "word/numbering.xml", &root); err != nil {
		if errors.Is(err, errNoPart) {
			return nil
		}
		return err
	}
	abstract := map[string][]wordLevel{}
	for i := range root.Kids {
		a := &root.Kids[i]
		switch a.XMLName.Local {
		case "abstractNum":
			levels := make([]wordLevel, 9)
			for j := range a.Kids {
				k := &a.Kids[j]
				n, err := strconv.Atoi(k.attr("ilvl"))
				if k.XMLName.Local != "lvl" || err != nil || n < 0 || n > 8 {
					continue
				}
				start, _ := strconv.Atoi(k.val("start"))
				_, legal := k.on("isLgl")
				levels[n] = wordLevel{k.val("numFmt"), k.val("lvlText"), start, legal}
			}
			abstract[a.attr("abstractNumId")] = levels
		case "num":
			l := wordList{abstract[a.val("abstractNumId")], a.val("abstractNumId"), map[int]int{}}
			for j := range a.Kids {
				k := &a.Kids[j]
				level, err1 := strconv.Atoi(k.attr("ilvl"))
				start, err2 := strconv.Atoi(k.val("startOverride"))
				if k.XMLName.Local == "lvlOverride" && err1 == nil && err2 == nil {
					l.restarts[level] = start
				}
			}
			w.lists[a.attr("numId")] = l
		}
	}
	return nil
}

// marker gives the number or bullet that Word shows before a paragraph of a list.
func (w *docxFlow) marker(numID string, level int) string {
	list := w.lists[numID]
	levels := list.levels
	if numID == "0" || level < 0 || level >= len(levels) {
		return ""
	}
	counts := w.counts[list.abstract]
	if counts == nil {
		counts = make([]int, len(levels))
		for i, l := range levels {
			counts[i] = l.start - 1
		}
		w.counts[list.abstract] = counts
	}
	for i, start := range list.restarts {
		if i >= 0 && i < len(counts) {
			counts[i] = start - 1
		}
		delete(list.restarts, i) // once
	}
	for i := range level { // a level that was passed over counts as begun
		counts[i] = max(counts[i], levels[i].start)
	}
	counts[level]++
	for i := level + 1; i < len(levels); i++ {
		counts[i] = levels[i].start - 1
	}
	l := levels[level]
	switch l.format {
	case "none":
		return ""
	case "bullet":
		if strings.ContainsAny(l.text, "-–—+") {
			return strings.TrimSpace(l.text)
		}
		return listBullets[min(level, len(listBullets)-1)]
	}
	text := l.text
	for i := range levels {
		kind := map[string]string{"lowerLetter": "a", "upperLetter": "A", "lowerRoman": "i", "upperRoman": "I"}[levels[i].format]
		if l.legal {
			kind = ""
		}
		text = strings.ReplaceAll(text, "%"+strconv.Itoa(i+1), listNumber(counts[i], kind))
	}
	return strings.TrimSpace(text)
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
				rs = append(rs, runText(k, look, raised)...)
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

func runText(r *element, l look, raised bool) []docxRun {
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
	return []docxRun{{b.String(), l}}
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

// table reads a table: a letter's head or foot set in two columns, or figures.
func (w *docxFlow) table(tbl *element) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	t := &Table{Method: "markup", Engine: EngineDOCX}
	nodes := map[[2]int]*element{}
	open := map[int][2]int{} // by column: the cell that vertical merging goes on with
	head, headOnly := 0, true
	trs := descend(tbl, "tr")
	for _, tr := range trs {
		if tr.kid("trPr", "del").XMLName.Local != "" {
			continue // a row deleted under tracking
		}
		r := len(t.Rows)
		t.Rows = append(t.Rows, nil)
		_, repeats := tr.kid("trPr").on("tblHeader")
		if headOnly = headOnly && repeats; headOnly {
			head = r + 1
		}
		col, _ := strconv.Atoi(tr.val("trPr", "gridBefore"))
		col = max(0, min(col, maxSpan))
		for _, tc := range descend(tr, "tc") {
			if w.cells++; w.cells > maxMarkupCells {
				return fmt.Errorf("%w: more than %d cells", ErrTooLarge, maxMarkupCells)
			}
			span := 1
			if n, err := strconv.Atoi(tc.val("tcPr", "gridSpan")); err == nil {
				span = max(1, min(n, maxSpan))
			}
			merge := tc.kid("tcPr", "vMerge")
			if at, ok := open[col]; merge.XMLName.Local != "" && merge.attr("val") != "restart" && ok {
				if c := cellAt(t.Rows[at[0]], at[1]); c != nil {
					c.Rowspan = r - at[0] + 1
				}
				col += span
				continue
			}
			delete(open, col)
			if merge.XMLName.Local != "" {
				open[col] = [2]int{r, col}
			}
			in := docxFlow{ctx: w.ctx, styles: w.styles, usual: w.usual, lists: w.lists, counts: w.counts, notes: w.notes, lines: true}
			if err := in.flow(tc.Kids); err != nil {
				return err
			}
			w.cells += in.cells
			t.Rows[r] = append(t.Rows[r], cellOfDrafts(in.drafts, r, col, span))
			nodes[[2]int{r, col}] = tc
			col += span
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	if len(t.Rows) <= 8 && lettersides(t.Rows) {
		return w.sides(t, nodes)
	}
	if len(t.Rows) == 1 && len(t.Rows[0]) == 1 {
		return w.flow(nodes[[2]int{0, t.Rows[0][0].Col}].Kids)
	}
	if head < len(t.Rows) {
		t.HeadRows = head
	}
	t.HeadRows = withNumbering(t.Rows, t.HeadRows)
	if t.HeadRows == 0 {
		t.HeadRows = headRows(t.Rows)
	}
	w.drafts = append(w.drafts, draft{Block: Block{Kind: TableBlock, Table: t}})
	return nil
}

// cellOfDrafts makes a cell of the drafts it holds.
func cellOfDrafts(drafts []draft, r, col, span int) Cell {
	c := Cell{Row: r, Col: col, Rowspan: 1, Colspan: span}
	var texts []string
	c.Bold = len(drafts) > 0
	for _, d := range drafts {
		if d.Table != nil {
			for _, row := range d.Table.Rows {
				for _, in := range row {
					texts = append(texts, in.Text)
				}
			}
			continue
		}
		if d.Marker != "" && !strings.ContainsAny(d.Marker, "•◦▪▫") {
			texts = append(texts, d.Marker)
		}
		texts = append(texts, d.Text)
		c.Bold = c.Bold && d.Bold
	}
	c.Text = oneLine(strings.Join(texts, " "))
	return c
}

func (w *docxFlow) sides(t *Table, nodes map[[2]int]*element) error {
	for s := left; s <= right; s++ {
		for _, row := range t.Rows {
			for i, c := range row {
				if (i == 0 && c.Col == 0 && len(row) > 1) != (s == left) {
					continue
				}
				w.side, w.lines = s, true
				err := w.flow(nodes[[2]int{c.Row, c.Col}].Kids)
				w.side, w.lines = whole, false
				if err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// descend finds the elements of a name below e, through content controls but not into tables below.
func descend(e *element, name string) []*element {
	var found []*element
	for i := range e.Kids {
		k := &e.Kids[i]
		switch k.XMLName.Local {
		case name:
			found = append(found, k)
		case "sdt", "sdtContent", "ins", "customXml":
			found = append(found, descend(k, name)...)
		}
	}
	return found
}

func cellAt(row []Cell, col int) *Cell {
	for i := range row {
		if row[i].Col == col {
			return &row[i]
		}
	}
	return nil
}
