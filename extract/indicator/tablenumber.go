package indicator

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"soket/extract/document"
	"soket/extract/pattern"
	"soket/extract/vietnamese"
)

// tableUnit is a unit as a table states it.
type tableUnit struct {
	known  bool
	kind   unitKind
	factor float64
	plain  string // its words, for matching
}

var (
	moneyUnitWords = pattern.New(`^(?:(nghin|ngan|trieu|ty|ti|tram trieu|tram)\s*)?(?:dong|vnd|d|vn dong|d vn)$|^(trd|tr\.? ?d|tr\.? ?dong|trieu|ty|ti)$`)
	countFactor    = pattern.New(`^(nghin|ngan|trieu|1\.000|1000)\s+(.+)$`)
	bracketed      = pattern.New(`\(([^()]{1,40})\)`)
	trailingUnit   = pattern.New(`[,;:]\s*([^,;:()]{1,25})$`)
)

var unitFactors = map[string]float64{"nghin": 1e3, "ngan": 1e3, "trieu": 1e6, "ty": 1e9, "ti": 1e9, "tram trieu": 1e8, "tram": 100, "1.000": 1e3, "1000": 1e3}

// readUnit reads a unit: "triệu đồng", "%", "nghìn lượt", "cuộc".
func readUnit(s string) tableUnit { return unitsRead.get(s) }

// Tables say a unit in every row.
var unitsRead = remember(spellUnit)

func spellUnit(s string) tableUnit {
	f := strings.Trim(vietnamese.Fold(s), " .:;()")
	f = strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(f, "don vi tinh"), "dvt"))
	f = strings.Trim(f, " :.")
	f = spacesRun.ReplaceAllString(f, " ")
	switch {
	case f == "" || f == "-" || f == "x":
		return tableUnit{}
	case f == "%" || f == "phan tram" || f == "ty le %" || f == "ty le" || f == "tl %":
		return tableUnit{known: true, kind: percentUnit, factor: 1}
	}
	if m := moneyUnitWords.FindStringSubmatch(f); m != nil {
		factor := 1.0
		switch {
		case m[1] != "":
			factor = unitFactors[m[1]]
		case strings.HasPrefix(m[2], "tr"):
			factor = 1e6
		case m[2] != "":
			factor = 1e9
		}
		return tableUnit{known: true, kind: moneyUnit, factor: factor}
	}
	if m := countFactor.FindStringSubmatch(f); m != nil {
		return tableUnit{known: true, factor: unitFactors[m[1]], plain: plainLabel(m[2])}
	}
	return tableUnit{known: true, factor: 1, plain: plainLabel(f)}
}

// unitInLabel finds a unit that a label or head carries in brackets or at its end. Only money, per
// cent and multiples are taken from there as units; other words in brackets say what is counted.
func unitInLabel(s string) tableUnit {
	for _, m := range bracketed.FindAllStringSubmatch(s, -1) {
		if u := readUnit(m[1]); u.known && (u.kind != countUnit || u.factor != 1) {
			return u
		}
	}
	if m := trailingUnit.FindStringSubmatch(s); m != nil {
		if u := readUnit(m[1]); u.known && (u.kind != countUnit || u.factor != 1) {
			return u
		}
	}
	if f := strings.TrimSpace(vietnamese.Fold(s)); strings.HasSuffix(f, "%") || f == "%" {
		return tableUnit{known: true, kind: percentUnit, factor: 1}
	}
	if u := readUnit(s); u.known && u.kind == moneyUnit {
		return u
	}
	for _, m := range bracketed.FindAllStringSubmatch(s, -1) {
		if u := readUnit(m[1]); u.known && len(strings.Fields(u.plain)) <= 4 {
			return u
		}
	}
	return tableUnit{}
}

var (
	numberThenUnit = pattern.New(`^([+\-–−]?)\s*\(?([+\-–−]?)\s*(\d[\d.,\s\x{00A0}\x{202F}]*)\)?\s*(.*)$`)
	noFigure       = map[string]bool{"": true, "-": true, "–": true, "—": true, "x": true, "...": true, "…": true, "//": true, "/": true, "khong": true, "khong co": true, "k": true, "na": true, "n/a": true, "kxd": true, "--": true, "_": true, ".": true, "*": true}
)

// aboutFigure is what makes the figure behind it a rough one.
var aboutFigure = pattern.New(`^(?i:(?:khoảng|chừng|hơn|trên|gần|ước|ước đạt|đạt|ít nhất|tối thiểu|dưới|tối đa)\s+|[~≈>≥<≤]\s*)+`)

// cellValue reads the figure in a cell as printed, with the unit that follows it in the cell. For a
// cell that holds none ("-", "x", "Không", text) ok is false and why says what it is.
func cellValue(c *document.Cell, shared bool) (value float64, unit tableUnit, why string) {
	if c.Date != "" {
		return 0, unit, "a date"
	}
	if v, after, ok := c.Shown(); ok {
		if strings.HasPrefix(after, "%") {
			return v, tableUnit{known: true, kind: percentUnit, factor: 1}, ""
		}
		if utf8.RuneCountInString(after) > 1 { // a currency sign is there by the program's habit
			if said := printedCells.get("1 " + after); said.why == "" {
				unit = said.unit
			}
		}
		return v, unit, ""
	}
	printed := printedCells
	if shared {
		printed = sharedCells
	}
	p := printed.get(c.Text)
	return p.value, p.unit, p.why
}

// printedCell is what the text of a cell says.
type printedCell struct {
	value float64
	unit  tableUnit
	why   string
}

var (
	printedCells = remember(func(text string) (p printedCell) { p.value, p.unit, p.why = printedValue(text, false); return })
	sharedCells  = remember(func(text string) (p printedCell) { p.value, p.unit, p.why = printedValue(text, true); return })
)

func printedValue(text string, shared bool) (value float64, unit tableUnit, why string) {
	text = strings.TrimSpace(text)
	if noFigure[strings.Trim(vietnamese.Fold(text), "() ")] {
		return 0, unit, "no figure"
	}
	word := changeWord(text)
	if word != "" && strings.Contains(text, "%") {
		text = strings.TrimSpace(text[len(word):])
	} else {
		word = ""
	}
	m := numberThenUnit.FindStringSubmatch(text[len(aboutFigure.FindString(text)):])
	if m == nil {
		return 0, unit, "text"
	}
	if word == "giảm" {
		m[1] = "-"
	}
	rest := strings.TrimSpace(m[4])
	if rest != "" {
		switch {
		case strings.HasPrefix(rest, "%"):
			unit = tableUnit{known: true, kind: percentUnit, factor: 1}
		case strings.HasPrefix(rest, "/"), len(rest) > 40:
			return 0, unit, "text"
		case strings.HasPrefix(rest, "("), strings.HasPrefix(rest, "*"), strings.ContainsAny(rest[:1], "⁰¹²³"):
		default:
			r := []rune(rest)[0]
			if r != 'đ' && r != 'Đ' && !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzăâêôơưđABCDEFGHIJKLMNOPQRSTUVWXYZ", []rune(vietnamese.Fold(rest))[0]) {
				return 0, unit, "text"
			}
			if len(strings.Fields(rest)) > 4 {
				return 0, unit, "text"
			}
			unit = readUnit(rest)
		}
	}
	v, ok := printedNumber(strings.TrimSpace(m[3]), shared || unit.kind != countUnit || unit.factor > 1)
	if !ok {
		return 0, unit, "not one number"
	}
	if strings.ContainsAny(m[1]+m[2], "-–−") {
		v = -v
	}
	return v, unit, ""
}

// changeWords begin a cell that tells of a change in words: "Tăng 12%", "Giảm 5,2 %", "Bằng 98%".
var changeWords = pattern.New(`^(?i:tăng|giảm|bằng)\s+`)

// changeWord is the word by which a cell says what its share is; "" without one.
func changeWord(text string) string {
	return strings.ToLower(strings.TrimSpace(changeWords.FindString(strings.TrimSpace(text))))
}

var (
	groupedDigits = pattern.New(`^\d{1,3}(?:[.\s\x{00A0}\x{202F}]\d{3})+(?:,\d+)?$`)
	commaGroups   = pattern.New(`^\d{1,3}(?:,\d{3})+(?:\.\d+)?$`)
	plainDigits   = pattern.New(`^\d+(?:[.,]\d+)?$`)
)

// printedNumber reads digits as Vietnamese print them. A comma before three digits is a decimal in
// shares and money, thousands in a count.
func printedNumber(s string, decimals bool) (float64, bool) {
	clean := func(s, drop string) string {
		return strings.Map(func(r rune) rune {
			if strings.ContainsRune(drop, r) {
				return -1
			}
			return r
		}, s)
	}
	switch {
	case groupedDigits.MatchString(s) && !strings.HasPrefix(s, "0."):
		s = strings.Replace(clean(s, ". \u00a0\u202f"), ",", ".", 1)
	case commaGroups.MatchString(s) && (strings.Count(s, ",") > 1 || strings.Contains(s, ".") || !decimals):
		s = clean(s, ",")
	case plainDigits.MatchString(s):
		s = strings.Replace(s, ",", ".", 1)
	default:
		return 0, false
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil && !math.IsInf(v, 0)
}

// tidyNumber drops the noise of binary fractions.
func tidyNumber(v float64) float64 {
	if v == 0 {
		return 0
	}
	t, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 12, 64), 64)
	if err != nil {
		return v
	}
	return t
}

func oneDecimal(v float64) float64 { return math.Round(tidyNumber(v)*10) / 10 }
