package document

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// A register of a million single cases is no table of a report: what matters of it are its first rows,
// which say what it is, and its last ones, where its totals stand. The library unpacks an archive's
// sheets and strings whole, in memory or on disk, and parses every row (measured: 694 MiB and a minute
// for a million rows). So long sheets are scanned here as bytes while they are unpacked, and the library
// is given an archive in which they hold no more than those rows; it reads them like any others.

const (
	// registerBytes of a sheet, or of the table of strings, are what the library may parse whole; a longer
	// sheet is scanned first. keptRows of a usual table are shorter.
	registerBytes = 1 << 20
	// registerHead and tailRows are kept of a long sheet: a screenful is enough to see what it is.
	registerHead = 200
	// maxRowXML is the longest row that is scanned; a sheet with a longer one is left to the library.
	maxRowXML = 1 << 20
	// maxInlined bytes of sheets may be written anew with their strings in place, where the table of
	// strings is long; with more of them the table is left to the library.
	maxInlined = 32 << 20
	// maxMedia bytes of a picture or other part that is not read stay in the archive; a larger one is dropped.
	maxMedia = 64 << 10
)

// register is a long sheet as scanned: how many rows it has, and the numbers, from 0, of those kept.
type register struct {
	rows, cols int
	cut, below bool // columns beyond maxSheetCols, rows beyond maxSheetRows
	head, tail []int
	xml        []byte // of the rows kept
}

// slimmed is a workbook without the long part of its registers, and without the cells of sheets that were
// scanned.
type slimmed struct {
	data      []byte
	registers []*register
	scanned   []*scannedSheet
	mark      string // begins the first cell of such a sheet; its kind and number follow
}

// slim makes an archive without what need not be held or parsed; nil where there is no such thing.
func slim(ctx context.Context, z *zip.Reader, scan bool) (*slimmed, error) {
	s := &slimmed{mark: fmt.Sprintf("register %016x ", rand.Uint64())}
	written := map[*zip.File][]byte{} // parts in their new form
	var sheets, short []*zip.File
	var stringTable *zip.File
	drop := false
	for _, f := range z.File {
		name := strings.ToLower(strings.ReplaceAll(f.Name, "\\", "/"))
		switch {
		case strings.HasPrefix(name, "xl/worksheets/") && strings.HasSuffix(name, ".xml"):
			sheets = append(sheets, f)
			if f.UncompressedSize64 <= registerBytes {
				short = append(short, f)
				continue
			}
			g, err := scanRegister(ctx, f)
			if err != nil {
				return nil, err
			}
			if g == nil {
				short = append(short, f)
				continue
			}
			s.registers = append(s.registers, g)
			g.xml = s.sheet(g)
			written[f] = g.xml
		case name == "xl/sharedstrings.xml" && f.UncompressedSize64 > registerBytes:
			stringTable = f
		case strings.HasPrefix(name, "xl/media/") && f.UncompressedSize64 > maxMedia:
			drop = true
		}
	}
	var scanned map[*zip.File]*scannedSheet
	if scan {
		scanned = scanSheets(ctx, short)
	}
	for _, f := range short {
		if p := scanned[f]; p != nil {
			written[f] = p.sheet(fmt.Sprintf("%ss%d", s.mark, len(s.scanned)))
			s.scanned = append(s.scanned, p)
		}
	}
	if len(written) == 0 && !drop {
		return nil, nil
	}
	if stringTable != nil && len(s.registers) > 0 {
		if err := inlineStrings(ctx, sheets, stringTable, written); err != nil {
			return nil, err
		}
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range z.File {
		name := strings.ToLower(strings.ReplaceAll(f.Name, "\\", "/"))
		data, anew := written[f]
		switch {
		case anew:
			method := zip.Deflate
			if scanned[f] != nil {
				method = zip.Store // packing takes longer than all that is left of it
			}
			part, err := w.CreateHeader(&zip.FileHeader{Name: f.Name, Method: method})
			if err != nil {
				return nil, fmt.Errorf("workbook: %w", err)
			}
			if _, err := part.Write(data); err != nil {
				return nil, fmt.Errorf("workbook: %w", err)
			}
		case strings.HasPrefix(name, "xl/media/") && f.UncompressedSize64 > maxMedia:
		default:
			if err := w.Copy(f); err != nil {
				return nil, fmt.Errorf("%w: part %q: %v", ErrCorrupt, f.Name, err)
			}
		}
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("workbook: %w", err)
	}
	s.data = out.Bytes()
	return s, nil
}

// sheet writes a register's sheet: its mark, then the rows kept, numbered anew without gaps.
func (s *slimmed) sheet(g *register) []byte {
	return fmt.Appendf(nil, `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>%sr%d</t></is></c></row>%s</sheetData></worksheet>`, s.mark, len(s.registers)-1, g.xml)
}

// of gives the register, or the scanned sheet, that begins with these values.
func (s *slimmed) of(values []string) (*register, *scannedSheet) {
	if s == nil || len(values) != 1 {
		return nil, nil
	}
	kind, ok := strings.CutPrefix(values[0], s.mark)
	if !ok || kind == "" {
		return nil, nil
	}
	switch n, err := strconv.Atoi(kind[1:]); {
	case err != nil:
	case kind[0] == 'r' && n < len(s.registers):
		return s.registers[n], nil
	case kind[0] == 's' && n < len(s.scanned):
		return nil, s.scanned[n]
	}
	return nil, nil
}

// scanRegister reads a sheet row by row without parsing it; nil where it is no register: few rows, or XML
// of a form that is left to the library.
func scanRegister(ctx context.Context, f *zip.File) (*register, error) {
	r, err := f.Open()
	if err != nil {
		return nil, nil
	}
	defer r.Close()
	g := &register{}
	var head bytes.Buffer
	var tail [tailRows][]byte
	var tailAt [tailRows]int
	filled, last := 0, -1
	err = eachElement(r, "row", func(start, inner []byte) error {
		last++
		if n, err := strconv.Atoi(string(attribute(start, "r"))); err == nil && n > 0 {
			last = n - 1
		}
		if last >= maxSheetRows {
			g.below = true
			return io.EOF
		}
		at := bytes.LastIndex(inner, []byte("<c "))
		if at < 0 && !bytes.Contains(inner, []byte("<c>")) {
			return nil // no cells
		}
		cols := bytes.Count(inner, []byte("<c"))
		if at >= 0 {
			if ref := attribute(inner[at:], "r"); len(ref) > 0 {
				cols = refColumn(string(ref)) + 1
			}
		}
		if cols > maxSheetCols {
			g.cut, cols = true, maxSheetCols
		}
		g.rows, g.cols = last+1, max(g.cols, cols)
		if filled < registerHead {
			fmt.Fprintf(&head, `<row r="%d">%s</row>`, filled+2, inner)
			g.head = append(g.head, last)
		} else {
			k := filled % tailRows
			tail[k], tailAt[k] = append(tail[k][:0], inner...), last
		}
		if filled++; filled%1000 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		return nil
	})
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil || filled <= keptRows {
		return nil, nil
	}
	n := min(filled-registerHead, tailRows)
	for i := filled - n; i < filled; i++ {
		k := i % tailRows
		fmt.Fprintf(&head, `<row r="%d">%s</row>`, registerHead+2+len(g.tail), tail[k])
		g.tail = append(g.tail, tailAt[k])
	}
	g.xml = head.Bytes()
	return g, nil
}

// errForm says that XML is of a form that the scanner does not read.
var errForm = fmt.Errorf("an element longer than %d bytes", maxRowXML)

// eachElement hands out the elements of one name while it reads, each with its start tag and what is in
// it; both are only good until the next. Elements do not nest. A part that ends early gives what it had.
func eachElement(r io.Reader, name string, do func(start, inner []byte) error) error {
	open, end := []byte("<"+name), []byte("</"+name+">")
	in := bufio.NewReaderSize(r, 64<<10)
	buf := make([]byte, 0, 256<<10)
	ended := false
	more := func(from int) (int, error) { // moves what is left to the front and reads on
		if from == 0 && len(buf) > maxRowXML {
			return 0, errForm
		}
		buf = append(buf[:0], buf[from:]...)
		if cap(buf)-len(buf) < 64<<10 {
			buf = append(make([]byte, 0, 2*cap(buf)), buf...)
		}
		n, err := in.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		ended = ended || err != nil
		return 0, nil
	}
	for pos := 0; ; {
		at := bytes.Index(buf[pos:], open)
		if at < 0 || pos+at+len(open) >= len(buf) {
			if ended {
				return nil
			}
			keep := max(pos, len(buf)-len(open))
			if at >= 0 {
				keep = pos + at
			}
			var err error
			if pos, err = more(keep); err != nil {
				return err
			}
			continue
		}
		at += pos
		if c := buf[at+len(open)]; c != ' ' && c != '>' && c != '/' && c != '\n' && c != '\r' && c != '\t' {
			pos = at + len(open) // another name
			continue
		}
		close := bytes.IndexByte(buf[at:], '>')
		stop := -1
		if close >= 0 {
			close += at
			if buf[close-1] == '/' {
				stop = close + 1
			} else if i := bytes.Index(buf[close:], end); i >= 0 {
				stop = close + i + len(end)
			}
		}
		if stop < 0 {
			if ended {
				return nil
			}
			var err error
			if pos, err = more(at); err != nil {
				return err
			}
			continue
		}
		inner := buf[close+1 : max(close+1, stop-len(end))]
		switch err := do(buf[at:close+1], inner); err {
		case nil:
		case io.EOF:
			return nil
		default:
			return err
		}
		pos = stop
	}
}

// attribute gives the value of an attribute of a start tag, nil without one.
func attribute(tag []byte, name string) []byte {
	tag, _, _ = bytes.Cut(tag, []byte(">"))
	_, after, ok := bytes.Cut(tag, []byte(" "+name+`="`))
	if !ok {
		return nil
	}
	value, _, ok := bytes.Cut(after, []byte(`"`))
	if !ok {
		return nil
	}
	return value
}

// stringCell is a cell whose value is the number of a shared string.
var stringCell = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(<c\s(?:[^>]*\s)?t=)"s"([^>]*>)\s*<v>(\d+)</v>`)
})

// inlineStrings writes the strings that sheets use into their cells, and empties the table: of a long one a
// register's few rows need next to nothing. Nothing changes where the sheets themselves are too long for it.
func inlineStrings(ctx context.Context, sheets []*zip.File, table *zip.File, written map[*zip.File][]byte) error {
	xml := map[*zip.File][]byte{}
	total := 0
	wanted := map[int][]byte{}
	for _, f := range sheets {
		data, anew := written[f]
		if !anew {
			if total += int(f.UncompressedSize64); f.UncompressedSize64 > maxInlined || total > maxInlined {
				return nil
			}
			r, err := f.Open()
			if err != nil {
				return nil
			}
			data, err = io.ReadAll(io.LimitReader(r, maxInlined))
			r.Close()
			if err != nil {
				return nil
			}
		}
		xml[f] = data
		for _, m := range stringCell().FindAllSubmatch(data, -1) {
			if n, err := strconv.Atoi(string(m[3])); err == nil {
				wanted[n] = nil
			}
		}
	}
	r, err := table.Open()
	if err != nil {
		return nil
	}
	defer r.Close()
	i, kept := 0, 0
	if err := eachElement(r, "si", func(_, inner []byte) error {
		if _, ok := wanted[i]; ok {
			wanted[i] = bytes.Clone(inner)
			kept += len(inner)
		}
		if i++; i%10000 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if kept > maxInlined {
			return errForm
		}
		return nil
	}); err != nil || i == 0 {
		return ctx.Err()
	}
	for f, data := range xml {
		written[f] = stringCell().ReplaceAllFunc(data, func(cell []byte) []byte {
			m := stringCell().FindSubmatch(cell)
			n, _ := strconv.Atoi(string(m[3]))
			return fmt.Appendf(nil, `%s"inlineStr"%s<is>%s</is>`, m[1], m[2], wanted[n])
		})
	}
	written[table] = []byte(`<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>`)
	return nil
}
