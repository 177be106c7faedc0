package document

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// numberShape is what the first section of a number format does to a number.
type numberShape struct {
	prefix, suffix string // literals: `0" nhiệm vụ"`, `0.0"%"`
	decimals       int
	thousands      int  // commas at the end: each divides by a thousand
	grouped        bool // a dot between thousands
	percent        bool
	general        bool // as Excel shows numbers without a format
}

// shapeOf reads a number format as Excel writes it, whatever the language of its user.
func shapeOf(format string) (s numberShape) {
	var before, after strings.Builder
	literal := &before
	seen, point, commas := false, false, 0
	for i := 0; i < len(format); i++ {
		switch c := format[i]; c {
		case ';':
			i = len(format)
		case '"':
			n := strings.IndexByte(format[i+1:], '"')
			if n < 0 {
				n = len(format) - i - 1
			}
			literal.WriteString(format[i+1 : i+1+n])
			i += n + 1
		case '\\':
			if r := []rune(format[i+1:]); len(r) > 0 {
				literal.WriteRune(r[0])
				i += len(string(r[0]))
			}
		case '_', '*': // a space as wide as the next sign, or that sign as filling
			if r := []rune(format[i+1:]); len(r) > 0 {
				i += len(string(r[0]))
			}
		case '[':
			n := strings.IndexByte(format[i:], ']')
			if n < 0 {
				n = len(format) - i - 1
			}
			if sign, ok := strings.CutPrefix(format[i:i+n], "[$"); ok {
				sign, _, _ = strings.Cut(sign, "-")
				literal.WriteString(sign)
			}
			i += n
		case '0', '#', '?':
			seen, literal = true, &after
			if point {
				s.decimals++
			} else if commas > 0 {
				s.grouped = true
			}
			commas = 0
		case ',':
			commas++
		case '.':
			point = true
		case '%':
			s.percent = true
			literal.WriteByte('%')
		case '/', '@', 'e', 'E':
			s.general = true
		case 'G', 'g':
			if len(format)-i >= 7 && strings.EqualFold(format[i:i+7], "general") {
				s.general, seen, literal = true, true, &after
				i += 6
			}
		case '-', '+', '(', ')':
		default:
			literal.WriteByte(c)
		}
	}
	s.thousands = commas
	s.general = s.general || !seen
	s.prefix, s.suffix = strings.TrimLeft(before.String(), " "), strings.TrimRight(after.String(), " ")
	return s
}

// value is the number as its format shows it, with all its decimals.
func (s numberShape) value(n float64) float64 {
	if s.general {
		return n
	}
	if s.percent {
		n *= 100
	}
	return n / math.Pow(1000, float64(s.thousands))
}

// shownNumber writes a number as a Vietnamese reader sees it: dot for thousands, comma for decimals.
func shownNumber(n float64, format string) string {
	s := shapeOf(format)
	if s.general {
		return s.prefix + generalNumber(n) + s.suffix
	}
	text := strconv.FormatFloat(math.Abs(s.value(n)), 'f', min(s.decimals, 10), 64)
	whole, fraction, _ := strings.Cut(text, ".")
	if s.grouped {
		whole = grouped(whole)
	}
	if fraction != "" {
		whole += "," + fraction
	}
	if n < 0 {
		whole = "-" + whole
	}
	return oneLine(s.prefix + whole + s.suffix)
}

// Shown gives the number of a workbook's cell as its format shows it, 79 for 0.79 shown as 79%, and the
// words after it there, which may be its unit. ok is false where the cell holds no number.
func (c *Cell) Shown() (value float64, after string, ok bool) {
	if c.Number == nil {
		return 0, "", false
	}
	s := shapeOf(c.NumFmt)
	return s.value(*c.Number), strings.TrimSpace(s.suffix), true
}

// clockTime writes a time of day or a duration, days of which are hours here.
func clockTime(n float64) string {
	minutes := int(math.Round(n * 24 * 60))
	return fmt.Sprintf("%d:%02d", minutes/60, minutes%60)
}
