package web

import (
	"fmt"
	"html/template"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"

	"soket/analytics"
	"soket/extract"
	"soket/extract/indicator"
	"soket/extract/vietnamese"
)

// functions are what templates call.
func (s *server) functions(lang string) template.FuncMap {
	i := 0
	tag := language.Vietnamese
	if lang == "en" {
		i, tag = 1, language.English
	}
	printer := message.NewPrinter(tag)
	word := func(key string, args ...any) (string, error) {
		w, ok := s.words[key]
		if !ok {
			// A finding or warning of a newer reader is shown by its code rather than not at all.
			if kind, code, _ := strings.Cut(key, "."); kind == "finding" || kind == "warning" {
				return code, nil
			}
			return "", fmt.Errorf("no word %q", key)
		}
		if len(args) == 0 {
			return w[i], nil
		}
		return fmt.Sprintf(w[i], args...), nil
	}
	plain := func(v any) string {
		switch x := v.(type) {
		case *float64:
			if x == nil {
				return ""
			}
			v = *x
		}
		digits := 2
		if f, ok := v.(float64); ok && math.Abs(f) >= 1e6 {
			digits = 0
		}
		return printer.Sprint(number.Decimal(v, number.MaxFractionDigits(digits)))
	}
	// A minus as wide as the plus that stands above or below it.
	num := func(v any) string { return strings.Replace(plain(v), "-", "−", 1) }
	count := func(v float64) string { return num(v) }
	// A number as text, written as this language writes numbers.
	digits := func(v string) string {
		if x, err := strconv.ParseFloat(v, 64); err == nil {
			return num(x)
		}
		return v
	}
	// One decimal always: figures of a column stand under each other.
	fixed := func(v float64) string {
		return strings.Replace(printer.Sprint(number.Decimal(v, number.Scale(1))), "-", "−", 1)
	}
	// unit is the name of an indicator's unit; another, as a report writes it, stays.
	unit := func(name string) string {
		if w, ok := s.words["unit."+name]; ok {
			return w[i]
		}
		return name
	}
	money := func(v float64, name string) string { // in the unit people speak of
		switch name {
		case shareUnit:
			return num(v) + name
		case dongUnit:
		default:
			text := unit(name)
			if i == 1 && math.Abs(v) == 1 {
				text = singular(text)
			}
			return num(v) + " " + text
		}
		switch a := math.Abs(v); {
		case a >= 1e9:
			return num(math.Round(v/1e7)/100) + " " + [...]string{"tỷ đồng", "bn đồng"}[i]
		case a >= 1e6:
			return num(math.Round(v/1e4)/100) + " " + [...]string{"triệu đồng", "m đồng"}[i]
		}
		return num(v) + " đồng"
	}
	return template.FuncMap{
		"t":     word,
		"num":   num,
		"fixed": fixed,
		"signed": func(v *float64) string {
			if v == nil {
				return ""
			}
			return sign(math.Round(*v*10)/10, fixed)
		},
		"money": money,
		"unit":  unit,
		// stated is a figure as a report states it: a change carries its sign.
		"stated": func(kind, basis any, v float64, unit string) string {
			switch {
			case fmt.Sprint(kind) != string(indicator.Comparison):
				return money(v, unit)
			case fmt.Sprint(basis) == string(indicator.OfPlan):
				return num(v) + "%"
			}
			return sign(v, count) + "%"
		},
		// What does not fit together in a report. Of a single part one does not say that it was added up.
		"finding": func(x analytics.Finding) (string, error) {
			code := x.Code
			if code == indicator.PartsAgainstTotal && len(x.Facts) == 2 {
				code = indicator.PartAboveWhole
			}
			return word("finding."+code, digits(x.Expected), digits(x.Found))
		},
		"period": func(p string) string {
			if i == 1 {
				return vietnamese.Period(p).English()
			}
			return vietnamese.Period(p).Vietnamese()
		},
		"day": func(v any) string {
			switch x := v.(type) {
			case time.Time:
				if x.IsZero() {
					return ""
				}
				return x.Local().Format("02/01/2006 15:04")
			case string:
				if d, err := time.Parse(time.DateOnly, x); err == nil {
					return d.Format("02/01/2006")
				}
			}
			return fmt.Sprint(v)
		},
		"percent": func(c float64) string { return num(math.Round(c*100)) + "%" },
		"asset":   func(name string) string { return "/assets/" + s.assets.names[name] },
		"verdict": func(code string) []string {
			v, ok := extract.Verdicts[code]
			if !ok {
				return []string{code, ""}
			}
			if i == 1 {
				return []string{v.EN, v.ENDo}
			}
			return []string{v.VI, v.VIDo}
		},
		"name": func(vi, en string) string { return [...]string{vi, en}[i] },
		"has":  func(list []string, x string) bool { return slices.Contains(list, x) },
		"moneyp": func(v *float64, unit string) string {
			if v == nil {
				return ""
			}
			return money(*v, unit)
		},
		"gain": func(v *float64, unit string) string { // a difference; between shares it is one of points
			if unit == shareUnit {
				return sign(*v, count) + " " + s.words["ky.points"][i]
			}
			return sign(*v, func(v float64) string { return money(v, unit) })
		},
		"rose": func(v *float64) bool { return v != nil && *v > 0 },
		"less": func(a float64, b *float64) *float64 {
			d := math.Round((a-*b)*100) / 100
			return &d
		},
		"segment":  segment,
		"pair":     func(a, b string) [2]string { return [2]string{a, b} },
		"doubtful": doubtful,
		"upper":    upperFirst, // of what stands at the start of a line
		"over": func(v any, scale float64) string { // a figure in a column's unit
			if p, ok := v.(*float64); ok {
				if p == nil {
					return ""
				}
				v = *p
			}
			if f, ok := v.(float64); ok && scale > 1 {
				return num(math.Round(f/scale*100) / 100)
			}
			return num(v)
		},
		"must": func(key string) string { // for Go's own use: a missing word is a mistake of ours
			text, err := word(key)
			if err != nil {
				panic(err)
			}
			return text
		},
		"cell": func(c cell) template.HTML {
			var m markup
			m.cell(c, func(key string) string { return s.words[key][i] })
			return m.done()
		},
		"options":  options,
		"negative": func(n int) int { return -n },
		"swatch":   func(form string, n int) template.HTML { return template.HTML(swatch(form, n, 8, 8)) },
		"raw":      func(v any) string { return fmt.Sprint(v) }, // years and such, without grouping
		"shape":    func(n int) template.HTML { return template.HTML(shape(n, 8, 8)) },
		"place2":   lineAt,
		// factAt is the number of the fact in a cell; "" where there is none.
		"factAt": func(cells map[string]uint32, sheet, ref string) string {
			if no, ok := cells[sheet+"!"+ref]; ok && ref != "" {
				return fmt.Sprint(no)
			}
			return ""
		},
		"body": bodyOf, "periodOf": periodOf, "editable": editable, "kindKey": kindKey,
		"kilobytes": func(n int64) string { return num(max(1, n>>10)) + " KB" },
		"place": func(page uint32, sheet, cell string) string {
			switch {
			case cell != "":
				return strings.TrimPrefix(sheet+"!"+cell, "!") // a CSV file has one sheet, without a name
			case page > 0:
				return fmt.Sprintf([...]string{"trang %d", "page %d"}[i], page)
			}
			return [...]string{"trong bài", "in the text"}[i]
		},
	}
}

// singular is an English unit of which there is one.
func singular(unit string) string {
	if unit == "people" {
		return "person"
	}
	if stem, ok := strings.CutSuffix(unit, "ies"); ok {
		return stem + "y"
	}
	return strings.TrimSuffix(unit, "s")
}

// textLine is where and how large a line of text is drawn, in points.
type textLine struct{ X, Y, W, Size float64 }

func lineAt(b extract.Box) textLine {
	const descent = 0.22 // of a line's height, below the baseline
	h := b[3] - b[1]
	return textLine{b[0], b[3] - descent*h, max(1, b[2]-b[0]), 0.9 * h}
}

// segment makes a period one part of an address: that of several years has a slash in it.
func segment(p any) string { return url.PathEscape(fmt.Sprint(p)) }
