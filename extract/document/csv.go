package document

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"

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
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.LazyQuotes, r.FieldsPerRecord, r.ReuseRecord = csvSeparator(text), true, -1, true
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
	drafts, warnings := sheetDrafts(t)
	d.Sheets, d.Blocks, d.Warnings = []Sheet{s}, classify(drafts), warnings
	return d, nil
}

// csvText decodes the file: by its byte order mark, as UTF-8, or by what reads as Vietnamese.
func csvText(data []byte) (string, error) {
	switch {
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}), bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		out, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(data)
		if err != nil {
			return "", fmt.Errorf("%w: utf-16: %v", ErrCorrupt, err)
		}
		return string(out), nil
	case utf8.Valid(data):
		text := strings.TrimPrefix(string(data), "\uFEFF")
		return vietnamese.Guess(text).Decode(text), nil
	}
	latin, err := charmap.ISO8859_1.NewDecoder().Bytes(data)
	if err != nil {
		return "", fmt.Errorf("%w: csv: %v", ErrCorrupt, err)
	}
	best, score := vietnamese.TCVN3.Decode(string(latin)), 0.0
	score = vietnamese.Score(best)
	if windows, err := charmap.Windows1258.NewDecoder().Bytes(data); err == nil {
		if text := norm.NFC.String(string(windows)); vietnamese.Score(text) > score {
			best = text
		}
	}
	return best, nil
}

// csvSeparator tells what parts the values: the sign that cuts the first lines into as many pieces
// each, semicolons before commas, which are decimals here.
func csvSeparator(text string) rune {
	lines := strings.SplitN(text, "\n", 21)
	lines = lines[:min(len(lines), 20)]
	best, most := ',', 0
	for _, sep := range []rune{'\t', ';', ','} {
		n := 0
		for _, line := range lines {
			n += min(strings.Count(line, string(sep)), 50)
		}
		if n > most && (most == 0 || n > 2*most) {
			best, most = sep, n
		}
	}
	return best
}
