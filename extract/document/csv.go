package document

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"

	"soket/extract/pattern"
	"soket/extract/vietnamese"
)

// maxCSVBytes is the largest CSV file taken, it is held in memory; a longer one is refused with
// ErrTooLarge.
const maxCSVBytes = 64 << 20

// ReadCSV reads values parted by commas, semicolons or tabs, in any encoding Vietnamese offices
// save: UTF-8, UTF-16, Windows-1258, TCVN3.
func ReadCSV(ctx context.Context, src io.ReaderAt, size int64, o Options) (*Document, error) {
	if size > maxCSVBytes {
		return nil, fmt.Errorf("%w: %d bytes of CSV", ErrTooLarge, size)
	}
	data := make([]byte, size)
	if n, err := src.ReadAt(data, 0); err != nil && n < len(data) {
		return nil, fmt.Errorf("read csv: %w", err)
	}
	text, err := csvText(data)
	if err != nil {
		return nil, err
	}
	comma, text := csvSeparator(text)
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord, r.ReuseRecord = comma, true, -1, true
	t := &Table{Method: "sheet", Engine: EngineCSV}
	d := &Document{Format: CSV, Engine: EngineCSV}
	s := Sheet{}
	cells := 0
	for at := 0; ; at++ {
		if at%1000 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%w: csv: %v", ErrCorrupt, err)
		}
		line, _ := r.FieldPos(0) // empty lines are skipped, but part tables
		at = max(at, line-1)
		s.Rows, s.Cols = at+1, max(s.Cols, min(len(record), maxSheetCols))
		if len(t.Rows) >= keptRows || cells >= maxSheetCells {
			s.Large = true
			continue
		}
		var row []Cell
		for col, v := range record[:min(len(record), maxSheetCols)] {
			if shown := oneLine(v); shown != "" {
				row = append(row, Cell{Text: shown, Row: at, Col: col, Rowspan: 1, Colspan: 1, Ref: cellRef(at, col), Indent: leadingIndent(v)})
				cells++
			}
		}
		if row != nil {
			t.Rows = append(t.Rows, row)
		}
	}
	if len(t.Rows) == 0 {
		return nil, ErrEmpty
	}
	d.Sheets, d.Blocks = []Sheet{s}, classify(sheetDrafts(t))
	return d, nil
}

// csvText decodes the file: by its byte order mark, as UTF-8, or by what reads as Vietnamese. Lines end
// with a line feed after it.
func csvText(data []byte) (string, error) {
	text := ""
	switch order, wide := utf16Order(data); {
	case wide:
		out, err := unicode.UTF16(order, unicode.UseBOM).NewDecoder().Bytes(data)
		if err != nil {
			return "", fmt.Errorf("%w: utf-16: %v", ErrCorrupt, err)
		}
		text = string(out)
	case utf8.Valid(data):
		text = strings.TrimPrefix(string(data), "\uFEFF")
		text = vietnamese.Guess(text).Decode(text)
	default:
		latin, err := charmap.ISO8859_1.NewDecoder().String(string(data))
		if err != nil {
			return "", fmt.Errorf("%w: csv: %v", ErrCorrupt, err)
		}
		readings := []string{vietnamese.TCVN3.Decode(latin), vietnamese.VNI.Decode(latin)}
		if windows, err := charmap.Windows1258.NewDecoder().String(string(data)); err == nil {
			readings = append(readings, norm.NFC.String(windows))
		}
		text = slices.MaxFunc(readings, func(a, b string) int { return cmp.Compare(vietnamese.Score(a), vietnamese.Score(b)) })
	}
	if !strings.Contains(text, "\n") {
		text = strings.ReplaceAll(text, "\r", "\n")
	}
	return text, nil
}

// utf16Order tells UTF-16 by its byte order mark, or by the zero bytes of its Latin letters, which all
// lie on one side.
func utf16Order(data []byte) (unicode.Endianness, bool) {
	switch {
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}):
		return unicode.LittleEndian, true
	case bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		return unicode.BigEndian, true
	}
	var zeros [2]int
	head := data[:min(len(data), 1024)]
	for i, c := range head {
		if c == 0 {
			zeros[i%2]++
		}
	}
	switch few := len(head) / 8; {
	case zeros[1] > few && zeros[0] == 0:
		return unicode.LittleEndian, true
	case zeros[0] > few && zeros[1] == 0:
		return unicode.BigEndian, true
	}
	return unicode.LittleEndian, false
}

var (
	quoted  = pattern.New(`"[^"\n]*"`)
	sepLine = pattern.New(`^sep=(.)\r?\n`)
)

// csvSeparator tells what parts the values, and takes the line off that Excel understands ("sep=;"):
// the sign that cuts the most of the first lines into as many pieces each, commas last, which are
// decimals here.
func csvSeparator(text string) (rune, string) {
	if m := sepLine.FindStringSubmatch(text); m != nil {
		return rune(m[1][0]), text[len(m[0]):]
	}
	lines := strings.SplitN(text, "\n", 21)
	lines = lines[:min(len(lines), 20)]
	best, most := ',', 0
	for _, sep := range []rune{'\t', ';', '|', ','} {
		pieces := map[int]int{}
		for _, line := range lines {
			if n := strings.Count(quoted.ReplaceAllString(line, ""), string(sep)); n > 0 {
				pieces[n]++
			}
		}
		for _, n := range pieces {
			if n > most {
				best, most = sep, n
			}
		}
	}
	return best, text
}
