package document

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"soket/extract/pattern"
	"soket/extract/vietnamese"
)

// cellStyle is what of a style matters for reading.
type cellStyle struct {
	format   string
	date     bool
	month    bool // a date shown without its day
	clock    bool // a time of day or a duration
	indent   int
	bold     bool
	centred  bool
	encoding vietnamese.Encoding
	capitals bool
}

func (w *workbook) formula(sheet, ref string) bool {
	formula, err := w.file.GetCellFormula(sheet, ref)
	return err == nil && formula != ""
}

// value fills in what a cell holds and how it is shown.
func (w *workbook) value(c *Cell, sheet, raw string, style *cellStyle, kind excelize.CellType) {
	c.Bold = style.bold
	if raw == "" {
		if !w.formula(sheet, c.Ref) {
			return
		}
		w.calculated++
		if w.calculated <= maxCalculated {
			raw = w.calculate(sheet, c.Ref)
		}
		if raw == "" {
			c.Doubtful = true
			w.warn("formula_without_value", sheet, c.Ref, "")
			return
		}
	}
	numeric := kind == excelize.CellTypeUnset || kind == excelize.CellTypeNumber || kind == excelize.CellTypeFormula
	n, err := strconv.ParseFloat(raw, 64)
	if !numeric || err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
		if kind == excelize.CellTypeError || strings.HasPrefix(raw, "#") && strings.HasSuffix(raw, "!") || raw == "#N/A" {
			c.Doubtful = true
		}
		text := raw
		// A cell's few words say too little by themselves, and Unicode text often keeps an old font's name.
		e := vietnamese.GuessBeside(text, style.encoding)
		if e == vietnamese.Unicode && style.capitals && !strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) {
			e = style.encoding
		}
		if e != vietnamese.Unicode {
			text = decodeRun(text, look{encoding: e, capitals: style.capitals}, e)
		}
		c.Indent = style.indent + leadingIndent(strings.ReplaceAll(text, "\n", ""))
		if c.Text = oneLine(text); strings.Contains(strings.TrimSpace(text), "\n") {
			c.lines = text
		}
		return
	}
	if style.date && n >= 1 && n < 2958466 { // up to the year 9999
		if at, err := excelize.ExcelDateToTime(n, w.date1904); err == nil {
			c.Date, c.NumFmt = at.Format(time.DateOnly), style.format
			if c.Text = at.Format("2/1/2006"); style.month {
				c.Text = at.Format("01/2006")
			}
			return
		}
	}
	if style.clock && n >= 0 && n < 2958466 {
		c.Text, c.NumFmt = clockTime(n), style.format
		return
	}
	c.Number, c.NumFmt, c.Indent = &n, style.format, style.indent
	c.Text = shownNumber(n, style.format)
}

// calculate works a formula out; the library may not know its functions.
func (w *workbook) calculate(sheet, ref string) (value string) {
	defer func() {
		if recover() != nil { // the library panics on some formulas; the cell then has no value
			value = ""
		}
	}()
	value, err := w.file.CalcCellValue(sheet, ref, excelize.Options{RawCellValue: true})
	if err != nil || strings.HasPrefix(value, "#") {
		return ""
	}
	return value
}

// look gives a cell's style and type as the library knows them.
func (w *workbook) look(sheet, ref string) (*cellStyle, excelize.CellType) {
	id, err := w.file.GetCellStyle(sheet, ref)
	if err != nil {
		return &cellStyle{}, excelize.CellTypeUnset
	}
	kind, _ := w.file.GetCellType(sheet, ref)
	return w.style(id), kind
}

// style reads a style, each once.
func (w *workbook) style(id int) *cellStyle {
	if s, ok := w.styles[id]; ok {
		return s
	}
	got := &cellStyle{}
	w.styles[id] = got
	s, err := w.file.GetStyle(id)
	if err != nil {
		return got
	}
	if s.Alignment != nil {
		got.indent = s.Alignment.Indent
		got.centred = s.Alignment.Horizontal == "center" || s.Alignment.Horizontal == "centerContinuous"
	}
	if s.Font != nil {
		got.bold = s.Font.Bold
		got.encoding, got.capitals = vietnamese.EncodingOfFont(s.Font.Family)
	}
	got.format = builtinFormats[s.NumFmt]
	if s.CustomNumFmt != nil {
		got.format = *s.CustomNumFmt
	}
	got.date, got.month, got.clock = dateFormat(got.format)
	return got
}

// builtinFormats are the number formats that files name by number only (ECMA-376, 18.8.30).
var builtinFormats = map[int]string{
	1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
	14: "d/m/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "d/m/yyyy h:mm", 37: "#,##0", 38: "#,##0",
	39: "#,##0.00", 40: "#,##0.00", 41: "#,##0", 42: "#,##0", 43: "#,##0.00", 44: "#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 49: "@",
}

var formatLiterals = pattern.New(`"[^"]*"|\\.|\[[^\]]*\]|_.|\*.`)

// dateFormat says whether a format shows a date, whether it leaves the day out, or whether it shows a
// time alone.
func dateFormat(format string) (date, month, clock bool) {
	f := strings.ToLower(formatLiterals.ReplaceAllString(format, ""))
	if f == "general" || f == "@" || strings.ContainsAny(f, "#0") {
		return false, false, false
	}
	year, m, day := strings.Contains(f, "y"), strings.Contains(f, "m"), strings.Contains(f, "d")
	date = year && m || day && m || year
	return date, !day && m, !date && (strings.Contains(f, ":") || strings.Contains(f, "h"))
}

func grouped(digits string) string {
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "." + digits[i:]
	}
	return digits
}

// generalNumber writes a number as Excel's general format does, without the noise of binary
// fractions, the comma before decimals.
func generalNumber(n float64) string {
	s := strconv.FormatFloat(n, 'g', 11, 64)
	if math.Abs(n) < 1e15 && (n == math.Trunc(n) || strings.ContainsAny(s, "e")) {
		s = strconv.FormatFloat(n, 'f', -1, 64)
	}
	return strings.Replace(s, ".", ",", 1)
}

var textDate = pattern.New(`^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})$`)

// doubtfulDates marks dates that Excel may have turned from day/month to month/day: in a column
// where the days above 12 stayed text, those up to 12 became dates of the wrong reading.
func doubtfulDates(t *Table) {
	type seen struct{ textLate, late int }
	columns := map[int]seen{}
	for _, row := range t.Rows {
		for _, c := range row {
			s := columns[c.Col]
			if m := textDate.FindStringSubmatch(c.Text); m != nil && c.Date == "" && len(m[1]) == 2 && m[1] > "12" {
				s.textLate++
			}
			if c.Date != "" && c.Date[8:] > "12" {
				s.late++
			}
			columns[c.Col] = s
		}
	}
	for _, row := range t.Rows {
		for i := range row {
			c := &row[i]
			if s := columns[c.Col]; c.Date != "" && c.Date[8:] <= "12" && s.textLate > 0 && s.late == 0 {
				c.Doubtful = true
			}
		}
	}
}
