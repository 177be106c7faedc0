package document

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Limits on workbooks. They hold before any row is handed out, whatever a sheet says of its size.
const (
	// maxSheets in a workbook; real ones hold up to a hundred. More are refused with ErrTooLarge.
	maxSheets = 500
	// maxSheetCols: a row that reaches further right is cut there, with a warning. One cell in the
	// last column of 20,000 rows would otherwise make 330 million empty ones.
	maxSheetCols = 512
	// maxSheetRows: rows below are not looked at, with a warning; Excel itself ends there.
	maxSheetRows = 1 << 20
	// keptRows of a sheet become tables with formats, merged cells and comments. A longer sheet is a
	// register of single cases: it is read by streaming and only its first and last rows are kept.
	keptRows = 3000
	// tailRows are the last rows kept of a longer sheet: where its totals stand.
	tailRows = 30
	// maxSheetCells kept of all sheets together, about 300 bytes each; beyond, sheets count as long.
	maxSheetCells = 400_000
	// maxCalculated formulas without a stored value are worked out, each within the limits of the
	// library; the rest are marked as without a value.
	maxCalculated = 2000
	// maxFormulaLooks at empty cells, whether a formula without a value stands there: each takes the
	// library some 10 µs. Beyond, an empty cell is taken as empty.
	maxFormulaLooks = 50_000
	// sheetXMLBytes of a sheet are held in memory; a longer one goes through a temporary file.
	sheetXMLBytes = 8 << 20
)

// ReadWorkbook reads an xlsx or xlsm workbook: every sheet's tables with raw values, formats and
// places, and the lines around them as blocks.
func ReadWorkbook(ctx context.Context, src io.ReaderAt, size int64, o Options) (*Document, error) {
	return readWorkbook(ctx, src, size, o, true)
}

// readWorkbook reads the same whether it may scan sheets or not.
func readWorkbook(ctx context.Context, src io.ReaderAt, size int64, o Options, scan bool) (*Document, error) {
	z, err := openZip(src, size)
	if err != nil {
		return nil, err
	}
	short, err := slim(ctx, z, scan)
	if err != nil {
		return nil, err
	}
	var in io.Reader = io.NewSectionReader(src, 0, size)
	if short != nil {
		in = bytes.NewReader(short.data)
	}
	f, err := excelize.OpenReader(in, excelize.Options{
		UnzipSizeLimit: maxUnzipBytes, UnzipXMLSizeLimit: sheetXMLBytes, TmpDir: os.TempDir(),
		ShortDatePattern: "d/m/yyyy",
	})
	switch {
	case errors.Is(err, excelize.ErrWorkbookFileFormat), errors.Is(err, excelize.ErrWorkbookPassword):
		return nil, fmt.Errorf("%w: %v", ErrEncrypted, err)
	case err != nil:
		return nil, fmt.Errorf("%w: workbook: %v", ErrCorrupt, err)
	}
	defer f.Close()
	names := f.GetSheetList()
	if len(names) > maxSheets {
		return nil, fmt.Errorf("%w: %d sheets", ErrTooLarge, len(names))
	}
	w := workbook{ctx: ctx, file: f, short: short, doc: &Document{Format: XLSX, Engine: EngineExcelize}, styles: map[int]*cellStyle{}}
	if p, err := f.GetWorkbookProps(); err == nil && p.Date1904 != nil {
		w.date1904 = *p.Date1904
	}
	var drafts []draft
	for i, name := range names {
		got, err := w.sheet(name)
		if err != nil {
			return nil, err
		}
		drafts = append(drafts, got...)
		if o.Progress != nil {
			o.Progress(i+1, len(names))
		}
	}
	w.doc.Blocks = classify(drafts)
	return w.doc, nil
}

type workbook struct {
	ctx        context.Context
	file       *excelize.File
	short      *slimmed // nil where the file is read as it is
	doc        *Document
	date1904   bool
	styles     map[int]*cellStyle
	cells      int // kept so far, of all sheets
	calculated int
	looked     int // at empty cells, for formulas
}

func (w *workbook) warn(code, sheet, cell, detail string) {
	w.doc.Warnings = append(w.doc.Warnings, Warning{Code: code, Sheet: sheet, Cell: cell, Detail: detail})
}

// rawRow is a row as streamed: its number from 0 and raw values.
type rawRow struct {
	at      int
	values  []string
	scanned *scannedRow // nil where the library holds the cells
}

// sheet reads one sheet and gives its drafts.
func (w *workbook) sheet(name string) ([]draft, error) {
	visible, err := w.file.GetSheetVisible(name)
	if err != nil {
		visible = true
	}
	s := Sheet{Name: name, Hidden: !visible}
	head, tail, err := w.stream(name, &s)
	if err != nil {
		return nil, err
	}
	t := &Table{Sheet: name, Hidden: s.Hidden, Method: "sheet", Engine: EngineExcelize}
	if s.Large {
		w.plainRows(t, append(head, tail...))
		w.warn("large_sheet", name, "", strconv.Itoa(s.Rows))
	} else if err := w.fullRows(t, head); err != nil {
		return nil, err
	}
	w.doc.Sheets = append(w.doc.Sheets, s)
	if form, warnings := readForm(t); form != nil && w.doc.Form == nil {
		// Its own formulas are no figures of the report: nothing is lost where they have no value.
		w.doc.Warnings = slices.DeleteFunc(w.doc.Warnings, func(x Warning) bool { return x.Sheet == name && x.Code == "formula_without_value" })
		w.doc.Form, w.doc.Warnings = form, append(w.doc.Warnings, warnings...)
	}
	doubtfulDates(t)
	return sheetDrafts(t), nil
}

// stream goes over all rows without holding the sheet; it counts them and keeps the first, and of a
// long sheet the last, that hold anything.
func (w *workbook) stream(name string, s *Sheet) (head, tail []rawRow, err error) {
	rows, err := w.file.Rows(name)
	if err != nil {
		// Chart sheets and the like hold no rows.
		return nil, nil, nil
	}
	defer rows.Close()
	cut := false
	keep := func(at int, values []string, r *scannedRow) {
		if len(values) == 0 {
			return
		}
		filled := filledOf(values)
		s.Rows, s.Cols = at+1, max(s.Cols, len(values))
		if !s.Large && len(head) < keptRows && w.cells+filled <= maxSheetCells {
			w.cells += filled
			head = append(head, rawRow{at, values, r})
			return
		}
		s.Large = true
		if tail = append(tail, rawRow{at, values, r}); len(tail) > 2*tailRows {
			tail = append(tail[:0], tail[tailRows:]...)
		}
	}
	var long *register
	var scanned *scannedSheet
	var texts []string
	for at := 0; rows.Next(); at++ {
		if at%1000 == 0 && w.ctx.Err() != nil {
			return nil, nil, w.ctx.Err()
		}
		if at >= maxSheetRows {
			w.warn("rows_cut", name, "", strconv.Itoa(maxSheetRows))
			break
		}
		values, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return nil, nil, fmt.Errorf("%w: sheet %q: %v", ErrCorrupt, name, err)
		}
		if len(values) > maxSheetCols {
			values, cut = values[:maxSheetCols], true
		}
		if at == 0 {
			switch long, scanned = w.short.of(values); {
			case long != nil:
				s.Rows, s.Cols, s.Large = long.rows, long.cols, true
				continue
			case scanned != nil:
				continue
			}
		}
		if scanned != nil {
			texts = append(texts, strings.Join(values, ""))
			continue
		}
		if long != nil {
			switch n := len(long.head); {
			case at <= n:
				head = append(head, rawRow{at: long.head[at-1], values: values})
			case at <= n+len(long.tail):
				tail = append(tail, rawRow{at: long.tail[at-n-1], values: values})
			}
			continue
		}
		keep(at, values, nil)
	}
	if err := rows.Error(); err != nil {
		return nil, nil, fmt.Errorf("%w: sheet %q: %v", ErrCorrupt, name, err)
	}
	if scanned != nil {
		for i := range scanned.rows {
			r := &scanned.rows[i]
			keep(r.at, r.values(texts), r)
		}
	}
	if long != nil && long.below {
		w.warn("rows_cut", name, "", strconv.Itoa(maxSheetRows))
	}
	if cut || long != nil && long.cut {
		w.warn("columns_cut", name, "", strconv.Itoa(maxSheetCols))
	}
	if s.Large { // a register: a screenful is enough to see what it is
		head = head[:min(len(head), registerHead)]
		tail = tail[max(0, len(tail)-tailRows):]
	}
	return head, tail, nil
}

// plainRows makes cells of raw values alone, for sheets too long to be held with their formats.
func (w *workbook) plainRows(t *Table, rows []rawRow) {
	for _, r := range rows {
		var row []Cell
		for col, v := range r.values {
			if v = oneLine(v); v == "" {
				continue
			}
			c := Cell{Text: v, Row: r.at, Col: col, Rowspan: 1, Colspan: 1, Ref: cellRef(r.at, col)}
			if n, err := strconv.ParseFloat(v, 64); err == nil && !math.IsInf(n, 0) && !math.IsNaN(n) {
				c.Number, c.Text = &n, generalNumber(n)
			}
			row = append(row, c)
		}
		t.Rows = append(t.Rows, row)
	}
}

// fullRows makes cells with all that the sheet says of them.
func (w *workbook) fullRows(t *Table, rows []rawRow) error {
	f, name := w.file, t.Sheet
	spans := map[[2]int][2]int{}
	covered := map[[2]int]bool{}
	merged, err := f.GetMergeCells(name, true)
	if err != nil {
		return fmt.Errorf("%w: sheet %q: %v", ErrCorrupt, name, err)
	}
	for _, m := range merged {
		c0, r0, err0 := excelize.CellNameToCoordinates(m.GetStartAxis())
		c1, r1, err1 := excelize.CellNameToCoordinates(m.GetEndAxis())
		if err0 != nil || err1 != nil || r1 < r0 || c1 < c0 {
			continue
		}
		r1, c1 = min(r1, r0+keptRows), min(c1, c0+maxSheetCols)
		spans[[2]int{r0 - 1, c0 - 1}] = [2]int{r1 - r0 + 1, c1 - c0 + 1}
		if len(covered) < maxSheetCells {
			for r := r0; r <= r1; r++ {
				for c := c0; c <= c1; c++ {
					if r != r0 || c != c0 {
						covered[[2]int{r - 1, c - 1}] = true
					}
				}
			}
		}
	}
	comments := map[string]string{}
	if all, err := f.GetComments(name); err == nil {
		for _, c := range all {
			text := c.Text
			for _, p := range c.Paragraph {
				text += p.Text
			}
			comments[c.Cell] = oneLine(text)
		}
	}
	type column struct {
		hidden bool
		style  int // of its cells that have none; of scanned sheets alone
	}
	columns := map[int]column{}
	for _, r := range rows {
		hiddenRow := t.Hidden
		if r.scanned != nil {
			hiddenRow = hiddenRow || r.scanned.hidden
		} else if v, err := f.GetRowVisible(name, r.at+1); err == nil && !v {
			hiddenRow = true
		}
		row := make([]Cell, 0, filledOf(r.values))
		for col, raw := range r.values {
			at := [2]int{r.at, col}
			ref := cellRef(r.at, col)
			if covered[at] || raw == "" && comments[ref] == "" && spans[at] == [2]int{} {
				// A formula without a stored value reads as an empty cell; scanned sheets have none.
				if w.looked++; r.scanned != nil || covered[at] || w.looked > maxFormulaLooks || !w.formula(name, ref) {
					continue
				}
			}
			in, known := columns[col]
			if !known {
				letters := strings.TrimRight(ref, "0123456789")
				if v, err := f.GetColVisible(name, letters); err == nil {
					in.hidden = !v
				}
				if r.scanned != nil { // no style stands in the first row that the library was given
					in.style, _ = f.GetCellStyle(name, letters+"1")
				}
				columns[col] = in
			}
			c := Cell{Row: r.at, Col: col, Rowspan: 1, Colspan: 1, Ref: ref, Hidden: hiddenRow || in.hidden, Comment: comments[ref]}
			if s, ok := spans[at]; ok {
				c.Rowspan, c.Colspan = s[0], s[1]
			}
			if r.scanned != nil {
				id, kind := r.scanned.look(col)
				w.value(&c, name, raw, w.style(cmp.Or(id, in.style)), kind)
			} else {
				style, kind := w.look(name, ref)
				w.value(&c, name, raw, style, kind)
			}
			if c.Text != "" || c.Comment != "" || c.Doubtful || c.Rowspan > 1 || c.Colspan > 1 {
				row = append(row, c)
			}
		}
		if len(row) > 0 {
			t.Rows = append(t.Rows, row)
		}
	}
	return nil
}

// filledOf counts the values that are not empty.
func filledOf(values []string) (n int) {
	for _, v := range values {
		if v != "" {
			n++
		}
	}
	return n
}
