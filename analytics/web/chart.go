package web

import (
	"fmt"
	"html"
	"html/template"
	"math"
	"slices"
	"strings"
)

// Measures of a chart in its own units; CSS scales it to the column.
const (
	chartWidth, chartHeight = 960.0, 360.0
	panelWidth, panelHeight = 360.0, 210.0 // of small multiples
	halfWidth, halfHeight   = 560.0, 260.0 // of two charts side by side
	chartLeft, chartRight   = 64.0, 16.0
	chartTop, chartBottom   = 24.0, 44.0
	chartNames              = 240.0    // right of lines that are named where they end
	nameChar, lastChar      = 6.9, 8.1 // what a character of a name takes there, and one of its last value
	whenChar                = 6.0      // and one of that value's period
	labelStep               = 16.0     // between two such names, at least
	chartSeries             = 8        // lines that people can still tell apart; the table has all
	chartPanels             = 24       // small multiples on one page
)

// plot is what one chart shows, whatever its form.
type plot struct {
	Title   string // of a panel among others; empty for a chart alone
	Form    string // line, bars or stacked
	Unit    string
	Periods []string          // the axis, in order
	Restart bool              // cumulative: a count that starts anew each year
	Breaks  map[string]string // period → what changed right before it
	Lines   []plotLine
	Low     float64 // the axis; both 0: from the values
	High    float64
}

type plotLine struct {
	Name   string
	Short  string // beside the line's end: what tells it from the others
	No     int    // of its colour and mark
	Dots   map[string]dot
	Broken map[string]bool // periods right before which this body changed
}

type dot struct {
	Value   float64
	Href    string
	Derived bool
	Note    string
}

// tongue is how a chart says numbers and periods.
type tongue struct {
	num    func(any) string
	period func(string) string
	en     bool
}

func tongueOf(f template.FuncMap, lang string) tongue {
	return tongue{f["num"].(func(any) string), f["period"].(func(string) string), lang == "en"}
}

// span is the least and the greatest value to be drawn; of stacked bars their sums.
func (p plot) span() (low, high float64) {
	for _, period := range p.Periods {
		sum := 0.0
		for _, l := range p.Lines {
			if d, ok := l.Dots[period]; ok {
				low, high = min(low, d.Value), max(high, d.Value)
				sum += max(0, d.Value)
			}
		}
		if p.Form == "stacked" {
			high = max(high, sum)
		}
	}
	return low, high
}

// svg draws the plot as SVG that reads without scripts: each value is a link to its source and says
// itself on hover and on focus. Colours come from the page's style, so that it follows the theme;
// lines differ by their marks as well.
func (p plot) svg(w, h float64, say tongue) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" role="group" aria-label="%s">`, w, h, html.EscapeString(strings.TrimPrefix(p.Title+", "+p.Unit, ", ")))
	p.draw(&b, w, h, say)
	b.WriteString("</svg>")
	return b.String()
}

// named tells that lines carry their names where they end: no reader has to go to a key and back.
func (p plot) named() bool { return p.Form == "line" && p.Title == "" && len(p.Lines) > 0 }

// shortNames are what tells names apart: the words that all begin with are left out, "tỉnh" and
// "thành phố" too.
func shortNames(names []string) []string {
	short := slices.Clone(names)
	if len(names) > 1 {
		for {
			word, rest, ok := strings.Cut(short[0], " ")
			if !ok || rest == "" || slices.ContainsFunc(short, func(n string) bool { return !strings.HasPrefix(n, word+" ") }) {
				break
			}
			for i := range short {
				short[i] = short[i][len(word)+1:]
			}
		}
	} else if len(names) == 1 {
		if m := departments.FindStringSubmatch(names[0]); m != nil {
			return []string{m[3]}
		}
	}
	for i, n := range short {
		for _, kind := range []string{"tỉnh ", "thành phố "} {
			short[i] = strings.TrimPrefix(n, kind)
			if short[i] != n {
				break
			}
		}
	}
	return short
}

// sizeOf gives the size of each of n charts, and how many stand side by side: letters are to be of the page's size.
func sizeOf(n int) (w, h float64, columns int) {
	switch n {
	case 0, 1:
		return chartWidth, chartHeight, 1
	case 2:
		return halfWidth, halfHeight, 2
	}
	return panelWidth, panelHeight, 3
}

// whole makes one picture of several panels that stands by itself: with its title, its names, its
// colours and its source, as a file to be put into a paper.
func whole(panels []plot, title, subtitle, source string, names []string, say tongue) (svg string, width, height float64) {
	const head, foot, line, gap = 52.0, 26.0, 18.0, 26.0
	w, h, columns := sizeOf(len(panels))
	rows := (len(panels) + columns - 1) / columns
	width = max(chartWidth, w*float64(columns))
	legend := 0.0
	if len(names) > 1 && len(panels) == 1 && !panels[0].named() {
		legend = line * float64((len(names)+1)/2)
	}
	top := head + legend
	height = top + (h+gap)*float64(rows) + foot
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="chart" xmlns="http://www.w3.org/2000/svg" width="%g" height="%g" viewBox="0 0 %g %g"><style>%s</style><rect width="100%%" height="100%%" fill="#fff"/>`, width, height, width, height, pictureStyle)
	fmt.Fprintf(&b, `<text class="title" x="12" y="22">%s</text>`, html.EscapeString(title))
	fmt.Fprintf(&b, `<text class="tick" x="12" y="41">%s</text>`, html.EscapeString(subtitle))
	if legend > 0 {
		for i, name := range names {
			x, y := 12+float64(i%2)*width/2, head+line*float64(i/2)
			fmt.Fprintf(&b, `<g class="s%d">%s</g><text x="%g" y="%g">%s</text>`, i%chartSeries, swatch(panels[0].Form, i, x+6, y+4), x+18, y+8, html.EscapeString(clipName(name, 58)))
		}
	}
	for i, p := range panels {
		x, y := float64(i%columns)*w, top+float64(i/columns)*(h+gap)
		fmt.Fprintf(&b, `<g transform="translate(%g %g)">`, x, y+gap)
		if len(panels) > 1 {
			fmt.Fprintf(&b, `<text class="panel" x="12" y="-8">%s</text>`, html.EscapeString(clipName(p.Title, 50)))
		}
		for k := range p.Lines {
			for period, d := range p.Lines[k].Dots {
				d.Href = "" // a way on this server leads nowhere from a file
				p.Lines[k].Dots[period] = d
			}
		}
		p.draw(&b, w, h, say)
		b.WriteString("</g>")
	}
	fmt.Fprintf(&b, `<text class="tick" x="12" y="%g">%s</text></svg>`, height-9, html.EscapeString(source))
	return b.String(), width, height
}

func clipName(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// pictureStyle are the light theme's colours for a picture on its own.
const pictureStyle = `text{font:12px "Liberation Sans","Noto Sans",Arial,sans-serif;fill:#1b1f24}.title{font-size:16px;font-weight:700}.panel{font-weight:700}` +
	`.grid{stroke:#d5dae1}.zero{stroke:#57606a}.tick,.unit{fill:#57606a}.line{fill:none;stroke-width:2.25}.hit{fill:none;stroke:none}.name{font-size:12px;stroke:none}.last{font-weight:700}.when{font-size:11px}.lead{fill:none;stroke-width:1;stroke-dasharray:2 2;opacity:.6}.value{font-size:11px;stroke:none}` +
	`.dot.derived{fill:#fff;stroke-width:2}.bar.derived{fill-opacity:.35}.part{display:none}.sum{font-size:11px}.noted{font-weight:700;stroke:none}.break line{stroke:#8a5a00;stroke-dasharray:4 3}.break path{fill:#8a5a00}` +
	`.s0{fill:#1a4480;stroke:#1a4480}.s1{fill:#b3541e;stroke:#b3541e}.s2{fill:#1a6b3c;stroke:#1a6b3c}.s3{fill:#7b3294;stroke:#7b3294}.s4{fill:#8a6d00;stroke:#8a6d00}.s5{fill:#0f6f79;stroke:#0f6f79}.s6{fill:#a31f5b;stroke:#a31f5b}.s7{fill:#4d4d4d;stroke:#4d4d4d}`

// shape marks a series so that it can be told without colour.
func shape(n int, x, y float64) string {
	hit := fmt.Sprintf(`<circle class="hit" cx="%.1f" cy="%.1f" r="11"/>`, x, y)
	switch n % 4 {
	case 1:
		return hit + fmt.Sprintf(`<rect x="%.1f" y="%.1f" width="8" height="8"/>`, x-4, y-4)
	case 2:
		return hit + fmt.Sprintf(`<path d="M%.1f %.1fl5 9h-10z"/>`, x, y-6)
	case 3:
		return hit + fmt.Sprintf(`<path d="M%.1f %.1fl5.5 5.5-5.5 5.5-5.5-5.5z"/>`, x, y-5.5)
	}
	return hit + fmt.Sprintf(`<circle cx="%.1f" cy="%.1f" r="4.5"/>`, x, y)
}

// swatch is a series' mark in the key: a square for bars.
func swatch(form string, n int, x, y float64) string {
	if form == "bars" || form == "stacked" {
		return fmt.Sprintf(`<rect x="%.1f" y="%.1f" width="11" height="11"/>`, x-5.5, y-5.5)
	}
	return shape(n, x, y)
}

// niceStep rounds up to 1, 2 or 5 times a power of ten.
func niceStep(v float64) float64 {
	if v <= 0 {
		return 1
	}
	p := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 2, 5} {
		if v <= m*p {
			return m * p
		}
	}
	return 10 * p
}

// shortPeriod is a period under an axis in two lines: "6T đầu" over "2020"; of a year only the year.
func shortPeriod(p string, en bool) (part, year string) {
	year, part, _ = strings.Cut(p, "-")
	if part == "" || en {
		return part, year
	}
	switch n := part[1:]; {
	case part == "H1":
		part = "6T đầu"
	case part == "H2":
		part = "6T cuối"
	case part[0] == 'Q':
		part = "Quý " + [...]string{"I", "II", "III", "IV"}[(n[0]-'1')%4]
	case part[0] == 'M':
		part = "T" + strings.TrimPrefix(n, "0")
	default:
		part = strings.TrimSuffix(part, "M") + "T"
	}
	return part, year
}

// monthOf is the month in which a period ends, for sorting; of years 12.
func monthOf(p string) int {
	_, part, _ := strings.Cut(p, "-")
	if part == "" {
		return 12
	}
	n := 0
	fmt.Sscanf(strings.Trim(part, "HQM"), "%d", &n)
	switch part[0] {
	case 'H':
		return 6 * n
	case 'Q':
		return 3 * n
	}
	return n
}

// inOrder sorts periods by when they end.
func inOrder(periods []string) {
	slices.SortFunc(periods, func(a, b string) int {
		ya, yb := a[:min(4, len(a))], b[:min(4, len(b))]
		if ya != yb {
			return strings.Compare(ya, yb)
		}
		if d := monthOf(a) - monthOf(b); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
