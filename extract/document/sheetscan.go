package document

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// Cells are most of a workbook, and parsing their XML most of what reading it costs: the library takes some
// 6 µs for the value of a cell and as long again for its style and type. Nearly all programs write cells
// in the same plain form, of which places, styles, types and digits can be read off. So sheets of that form
// are scanned here, and the library is given them without cells: a column of the texts that stand in them,
// each once, and what stands around. It decodes those texts and reads columns, merged cells, comments and
// styles. A file with anything else in a sheet, a formula without a value included, is left to it whole.

const (
	// maxScanned bytes of sheets are held to be scanned.
	maxScanned = 16 << 20
	// maxAttributes of a tag are compared with each other; cells have three, rows a dozen.
	maxAttributes = 32
)

// scannedSheet is a sheet in the plain form.
type scannedSheet struct {
	rows  []scannedRow
	texts []string    // their XML, as the library is to decode it
	ends  [2]string   // what stands before and after the cells
	list  []nameValue // room for those of a tag
}

type scannedRow struct {
	at, style int // the row's number, from 0
	hidden    bool
	cells     []scannedCell
}

type scannedCell struct {
	col, style int
	kind       excelize.CellType
	value      string
	text       int // number of its text, from 1; 0: the value is known
}

// scanSheets scans all sheets but registers; nil where one of them is not in the plain form.
func scanSheets(ctx context.Context, sheets []*zip.File) map[*zip.File]*scannedSheet {
	scanned := map[*zip.File]*scannedSheet{}
	left := int64(maxScanned)
	for _, f := range sheets {
		if f.UncompressedSize64 > uint64(left) || ctx.Err() != nil {
			return nil
		}
		r, err := f.Open()
		if err != nil {
			return nil
		}
		data := make([]byte, 0, f.UncompressedSize64+bytes.MinRead)
		b := bytes.NewBuffer(data)
		n, err := b.ReadFrom(io.LimitReader(r, left+1))
		r.Close()
		if left -= n; err != nil || left < 0 || !utf8.Valid(b.Bytes()) {
			return nil
		}
		s, ok := scanSheet(b.String())
		if !ok {
			return nil
		}
		if len(s.rows) > 0 { // an empty one is left as it is
			scanned[f] = s
		}
	}
	return scanned
}

// scanSheet scans the XML of a sheet; false where it is not in the plain form.
func scanSheet(xml string) (*scannedSheet, bool) {
	if odd(xml) {
		return nil, false
	}
	s := &scannedSheet{}
	before, cells, ok := strings.Cut(xml, "<sheetData")
	if !ok || strings.Contains(cells, "<sheetData") {
		return nil, false
	}
	if strings.HasPrefix(cells, "/>") {
		return s, true
	}
	cells, after, ok := strings.Cut(strings.TrimPrefix(cells, ">"), "</sheetData>")
	if !ok || strings.Contains(before, "<row") || strings.Contains(strings.ReplaceAll(after, "<rowBreaks", ""), "<row") {
		return nil, false
	}
	s.ends = [2]string{before, after}
	texts := map[string]int{}
	last := -1
	for cells = trimSpace(cells); cells != ""; cells = trimSpace(cells) {
		var t tag
		if t, cells, ok = s.startTag(cells); !ok || t.name != "row" {
			return nil, false
		}
		row := scannedRow{at: -1}
		if !row.attributes(t.attributes) || row.at <= last {
			return nil, false
		}
		last = row.at
		if !t.closed {
			if cells, ok = s.scanRow(&row, cells, texts); !ok {
				return nil, false
			}
		}
		if len(row.cells) > 0 {
			s.rows = append(s.rows, row)
		}
	}
	return s, true
}

// odd tells of XML that holds more than elements, letters and the usual entities, or that may be in
// another encoding.
func odd(xml string) bool {
	head, body, declared := strings.Cut(xml, "?>")
	if !declared || !strings.HasPrefix(head, "<?xml ") {
		head, body = "", xml
	}
	head = strings.ReplaceAll(strings.ToLower(head), "'", `"`)
	if strings.Contains(head, "encoding") && !strings.Contains(head, `encoding="utf-8"`) {
		return true
	}
	if strings.Contains(body, "<!") || strings.Contains(body, "<?") || strings.Contains(body, "\uFFFE") || strings.Contains(body, "\uFFFF") {
		return true
	}
	for i := range len(xml) {
		if c := xml[i]; c < ' ' && c != '\n' && c != '\r' && c != '\t' {
			return true
		}
	}
	return false
}

func trimSpace(s string) string { return strings.TrimLeft(s, " \n\r\t") }

// tag is a start tag.
type tag struct {
	name       string
	attributes []nameValue
	closed     bool // by a slash
}

// startTag reads a start tag; its attributes are good until the next.
func (s *scannedSheet) startTag(xml string) (t tag, rest string, ok bool) {
	end := strings.IndexByte(xml, '>')
	if end < 2 || xml[0] != '<' {
		return t, xml, false
	}
	inside, closed := strings.CutSuffix(xml[1:end], "/")
	name, list, _ := strings.Cut(inside, " ")
	s.list, ok = attributesOf(list, s.list[:0])
	return tag{name, s.list, closed}, xml[end+1:], ok
}

// nameValue is an attribute, of a start tag.
type nameValue struct{ name, value string }

// attributesOf takes a list of attributes apart; false where it is in no plain form.
func attributesOf(list string, into []nameValue) ([]nameValue, bool) {
	for {
		if list = trimSpace(list); list == "" {
			return into, true
		}
		name, rest, ok := strings.Cut(list, `="`)
		value, rest, more := strings.Cut(rest, `"`)
		if !ok || !more || len(into) == maxAttributes || rest != "" && rest[0] != ' ' || strings.ContainsAny(name, " '\"/<&") || strings.ContainsAny(value, "<&") {
			return nil, false
		}
		for _, a := range into {
			if a.name == name {
				return nil, false
			}
		}
		into, list = append(into, nameValue{name, value}), rest
	}
}

// digits reads digits alone, at most eight.
func digits(s string) (n int, ok bool) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = 10*n + int(s[i]-'0')
	}
	return n, s != "" && len(s) <= 8
}

func truth(s string) (on, ok bool) {
	on = s == "1" || s == "true"
	return on, on || s == "0" || s == "false"
}

// attributes reads those of a row's start tag.
func (r *scannedRow) attributes(list []nameValue) (ok bool) {
	for _, a := range list {
		switch a.name {
		case "r":
			r.at, ok = digits(a.value)
			r.at--
		case "s":
			r.style, ok = digits(a.value)
		case "hidden":
			r.hidden, ok = truth(a.value)
		case "customFormat", "customHeight", "collapsed", "thickTop", "thickBot", "ph":
			_, ok = truth(a.value)
		case "outlineLevel":
			_, ok = digits(a.value)
			ok = ok && len(a.value) == 1
		case "ht":
			_, err := strconv.ParseFloat(a.value, 64)
			ok = err == nil
		case "spans", "x14ac:dyDescent":
			ok = true
		default:
			return false
		}
		if !ok {
			return false
		}
	}
	return r.at >= 0 && r.at < maxSheetRows
}

// scanRow scans the cells of a row and gives what stands behind it.
func (s *scannedSheet) scanRow(row *scannedRow, xml string, texts map[string]int) (string, bool) {
	number := strconv.Itoa(row.at + 1)
	for last := -1; ; {
		xml = trimSpace(xml)
		if rest, ok := strings.CutPrefix(xml, "</row>"); ok {
			return rest, true
		}
		t, rest, ok := s.startTag(xml)
		if !ok || t.name != "c" {
			return "", false
		}
		xml = rest
		c := scannedCell{col: -1}
		kind, ok := c.attributes(t.attributes, number)
		if !ok || c.col <= last {
			return "", false
		}
		last = c.col
		if !t.closed {
			if xml, ok = s.scanCell(&c, kind, xml, texts); !ok {
				return "", false
			}
		}
		row.cells = append(row.cells, c)
	}
}

// attributes reads those of a cell's start tag, and gives the type as written.
func (c *scannedCell) attributes(list []nameValue, row string) (kind string, ok bool) {
	for _, a := range list {
		switch a.name {
		case "r":
			letters, found := strings.CutSuffix(a.value, row)
			c.col, ok = columnNumber(letters)
			ok = ok && found
		case "s":
			c.style, ok = digits(a.value)
		case "t":
			kind, ok = a.value, true
			c.kind = cellTypes[kind]
		case "cm", "vm":
			_, ok = digits(a.value)
		default:
			return "", false
		}
		if !ok {
			return "", false
		}
	}
	return kind, c.col >= 0 && c.col < maxSheetCols
}

// columnNumber reads the letters of a column, from 0.
func columnNumber(letters string) (n int, ok bool) {
	for i := range len(letters) {
		if letters[i] < 'A' || letters[i] > 'Z' {
			return 0, false
		}
		n = n*26 + int(letters[i]-'A') + 1
	}
	return n - 1, letters != "" && len(letters) <= 3
}

// cellTypes are the types of cells as written (ECMA-376, 18.18.11); the library calls text that a formula
// gave a formula.
var cellTypes = map[string]excelize.CellType{
	"b": excelize.CellTypeBool, "d": excelize.CellTypeDate, "n": excelize.CellTypeNumber, "e": excelize.CellTypeError,
	"s": excelize.CellTypeSharedString, "str": excelize.CellTypeFormula, "inlineStr": excelize.CellTypeInlineString,
}

// scanCell scans what is in a cell and gives what stands behind it.
func (s *scannedSheet) scanCell(c *scannedCell, kind, xml string, texts map[string]int) (string, bool) {
	var value, inline string
	var hasValue, hasFormula, hasInline bool
	for {
		xml = trimSpace(xml)
		if rest, ok := strings.CutPrefix(xml, "</c>"); ok {
			xml = rest
			break
		}
		t, rest, ok := s.startTag(xml)
		if !ok {
			return "", false
		}
		inner := ""
		if xml = rest; !t.closed {
			if inner, xml, ok = strings.Cut(rest, "</"+t.name+">"); !ok {
				return "", false
			}
		}
		ok = false
		switch t.name {
		case "v":
			ok = !hasValue && !strings.Contains(inner, "<") && (len(t.attributes) == 0 || len(t.attributes) == 1 && t.attributes[0].name == "xml:space")
			hasValue, value = true, inner
		case "f":
			ok = !hasFormula && !strings.Contains(inner, "<") && usualText(inner) && formulaAttributes(t.attributes)
			hasFormula = true
		case "is":
			ok = !hasInline && len(t.attributes) == 0
			hasInline, inline = true, inner
		}
		if !ok {
			return "", false
		}
	}
	if hasFormula && (value == "" || hasInline || kind == "s" || kind == "inlineStr") {
		return "", false // it may have to be worked out
	}
	switch {
	case value == "" && !hasInline:
	case !hasInline && kind != "s" && kind != "inlineStr" && kind != "str" && onlyNumber(value):
		c.value = value
	default:
		if value != "" {
			value = "<v>" + value + "</v>"
		}
		if hasInline {
			value += "<is>" + inline + "</is>"
		}
		key := kind + ">" + value
		if c.text = texts[key]; c.text == 0 {
			s.texts = append(s.texts, `t="`+kind+`">`+value)
			c.text = len(s.texts)
			texts[key] = c.text
		}
	}
	return xml, true
}

// onlyNumber tells whether text has no letters but those of a number: it is the value as it stands.
func onlyNumber(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E' {
			return false
		}
	}
	return true
}

// formulaAttributes tells whether those of a formula are as the library reads them.
func formulaAttributes(list []nameValue) (ok bool) {
	for _, a := range list {
		switch a.name {
		case "t", "ref", "r1", "r2", "xml:space":
			ok = true
		case "si":
			_, ok = digits(a.value)
		case "ca", "aca", "dt2D", "dtr", "del1", "del2", "bx":
			_, ok = truth(a.value)
		default:
			return false
		}
		if !ok {
			return false
		}
	}
	return true
}

// usualText tells whether text holds the usual entities alone.
func usualText(s string) bool {
	if strings.Contains(s, "]]>") {
		return false
	}
	for {
		_, after, found := strings.Cut(s, "&")
		if !found {
			return true
		}
		name, rest, _ := strings.Cut(after, ";")
		switch name {
		case "amp", "lt", "gt", "quot", "apos":
		default:
			return false
		}
		s = rest
	}
}

// sheet writes the sheet for the library: its mark, and its texts under it.
func (s *scannedSheet) sheet(mark string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `%s<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>%s</t></is></c></row>`, s.ends[0], mark)
	for i, text := range s.texts {
		fmt.Fprintf(&b, `<row r="%d"><c r="A%d" %s</c></row>`, i+2, i+2, text)
	}
	b.WriteString("</sheetData>" + s.ends[1])
	return b.Bytes()
}

// values are a row's values as the library gives them, with their texts decoded.
func (r *scannedRow) values(texts []string) (values []string) {
	for i := range r.cells {
		c := &r.cells[i]
		if c.text > 0 {
			if c.value = ""; c.text <= len(texts) {
				c.value = texts[c.text-1]
			}
		}
		if c.value == "" {
			continue
		}
		for len(values) < c.col {
			values = append(values, "")
		}
		values = append(values, c.value)
	}
	return values
}

// look gives the style and type of the cell in a column; the style is 0 where the column has it.
func (r *scannedRow) look(col int) (style int, kind excelize.CellType) {
	i, found := slices.BinarySearchFunc(r.cells, col, func(c scannedCell, col int) int { return c.col - col })
	if !found {
		return r.style, excelize.CellTypeUnset
	}
	return cmp.Or(r.cells[i].style, r.style), r.cells[i].kind
}
