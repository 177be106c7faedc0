package web

import (
	"cmp"
	"fmt"
	"html"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// drawing is a plot on its way into SVG: where its values and periods stand.
type drawing struct {
	plot
	*strings.Builder
	say                  tongue
	floor, ceiling, step float64 // of the axis of values
	left, right          float64
	foot                 float64 // where the axis of periods stands
	slot                 float64 // that a period takes
	scale                float64 // by which values are divided as they are said, in unit
	unit                 string
}

// draw writes the plot into a picture of w by h: its axes, then its bars or lines.
func (p plot) draw(b *strings.Builder, w, h float64, say tongue) {
	low, high := p.Low, p.High
	if low == 0 && high == 0 {
		low, high = p.span()
	}
	d := drawing{plot: p, Builder: b, say: say, left: chartLeft, right: w - chartRight, foot: h - chartBottom, scale: 1, unit: p.Unit, step: niceStep(max(high, -low) / 4)}
	d.floor, d.ceiling = math.Floor(low/d.step)*d.step, math.Max(1, math.Ceil(high/d.step))*d.step
	if p.Unit == "đồng" && max(high, -low) >= 1e6 {
		d.scale, d.unit = 1e6, [...]string{"triệu đồng", "million đồng"}[b2i(say.en)]
		if max(high, -low) >= 1e9 {
			d.scale, d.unit = 1e9, [...]string{"tỷ đồng", "billion đồng"}[b2i(say.en)]
		}
	}
	if p.named() {
		d.right = w - chartNames
	}
	d.slot = (d.right - d.left) / float64(max(1, len(p.Periods)))
	d.values()
	d.periods()
	switch p.Form {
	case "bars", "stacked":
		d.bars()
	default:
		d.lines()
		if p.named() {
			d.names()
		}
	}
}

// x is the middle of a period's place, y the height of a value.
func (d *drawing) x(i int) float64 { return d.left + (float64(i)+0.5)*d.slot }

func (d *drawing) y(v float64) float64 {
	return chartTop + (d.ceiling-v)/(d.ceiling-d.floor)*(d.foot-chartTop)
}

// num says a value in the drawing's unit, as text of the page.
func (d *drawing) num(v float64) string { return html.EscapeString(d.say.num(v / d.scale)) }

// values draws the axis of values with its grid.
func (d *drawing) values() {
	fmt.Fprintf(d, `<text class="unit" x="%g" y="12">%s</text>`, d.left, html.EscapeString(d.unit))
	for v := d.floor; v <= d.ceiling+d.step/2; v += d.step {
		class := "grid"
		if math.Abs(v) < d.step/2 {
			class = "grid zero"
		}
		fmt.Fprintf(d, `<line class="%s" x1="%g" x2="%g" y1="%.1f" y2="%.1f"/><text class="tick" x="%g" y="%.1f" text-anchor="end">%s</text>`,
			class, d.left, d.right, d.y(v), d.y(v), d.left-8, d.y(v)+4, d.num(v))
	}
}

// periods draws the axis of periods, and what changed right before one.
func (d *drawing) periods() {
	const tick = 58.0 // units that a period's name takes
	every := max(1, int(math.Ceil(tick/d.slot)))
	lastYear := ""
	for i, period := range d.Periods {
		part, year := shortPeriod(period, d.say.en)
		if i%every == 0 {
			if part == "" {
				part, year = year, ""
			}
			fmt.Fprintf(d, `<text class="tick" x="%.1f" y="%g" text-anchor="middle">%s</text>`, d.x(i), d.foot+17, html.EscapeString(part))
			if year != "" && (year != lastYear || every > 1) {
				fmt.Fprintf(d, `<text class="tick year" x="%.1f" y="%g" text-anchor="middle">%s</text>`, d.x(i), d.foot+33, html.EscapeString(year))
			}
			lastYear = year
		}
		if why, broken := d.Breaks[period]; broken {
			at := d.left + float64(i)*d.slot
			fmt.Fprintf(d, `<g class="break"><line x1="%.1f" x2="%.1f" y1="%g" y2="%g"/><path d="M%.1f %gl-5 -8h10z"/><title>%s</title></g>`,
				at, at, chartTop, d.foot, at, chartTop, html.EscapeString(why))
		}
	}
}

// open begins a value: a link to its source, or a picture where it has none; shut ends it.
func (d *drawing) open(l plotLine, period string, v dot) {
	label := fmt.Sprintf("%s, %s: %s %s", l.Name, d.say.period(period), d.say.num(v.Value/d.scale), d.unit)
	if v.Note != "" {
		label += ". " + v.Note
	}
	if v.Href == "" {
		fmt.Fprintf(d, `<g role="img" aria-label="%s">`, html.EscapeString(label))
		return
	}
	fmt.Fprintf(d, `<a href="%s" aria-label="%s">`, html.EscapeString(v.Href), html.EscapeString(label))
}

func (d *drawing) shut(v dot) {
	if v.Href == "" {
		d.WriteString("</g>")
		return
	}
	d.WriteString("</a>")
}

// value says a value over its place, with a star where there is a note.
func (d *drawing) value(cx, cy float64, v dot) {
	if v.Note != "" {
		fmt.Fprintf(d, `<text class="noted" x="%.1f" y="%.1f">*</text>`, cx+6, cy-4)
	}
	class, up := "value", 10.0
	if d.Form == "stacked" {
		class, up = "value part", -4 // inside its part: above the bar stands the sum
	}
	fmt.Fprintf(d, `<text class="%s" x="%.1f" y="%.1f" text-anchor="middle">%s</text>`, class, cx, cy-up, d.num(v.Value))
}

// bars draws the lines as bars beside each other, or stacked, with their sums.
func (d *drawing) bars() {
	n := float64(max(1, len(d.Lines)))
	width := d.slot * 0.76 / n
	if d.Form == "stacked" {
		width = d.slot * 0.62
	}
	width = min(width, 46)
	base := make([]float64, len(d.Periods))
	for k, l := range d.Lines {
		fmt.Fprintf(d, `<g class="series s%d">`, l.No%chartSeries)
		for i, period := range d.Periods {
			v, ok := l.Dots[period]
			if !ok {
				continue
			}
			at, from, to := d.x(i)-width/2, 0.0, v.Value
			if d.Form == "stacked" {
				from, to = base[i], base[i]+max(0, v.Value)
				base[i] = to
			} else {
				at = d.x(i) + (float64(k)-n/2)*width
			}
			class := "bar"
			if v.Derived {
				class += " derived"
			}
			top, bottom := d.y(max(from, to)), d.y(min(from, to))
			d.open(l, period, v)
			fmt.Fprintf(d, `<rect class="%s" x="%.1f" y="%.1f" width="%.1f" height="%.1f"/>`, class, at, top, max(1, width-1), max(0.5, bottom-top))
			if d.Form == "stacked" {
				d.value(at+width/2, (top+bottom)/2, v)
			} else {
				d.value(at+width/2, top+3, v)
			}
			d.shut(v)
		}
		d.WriteString("</g>")
	}
	for i := range d.Periods {
		if d.Form == "stacked" && len(d.Lines) > 1 && base[i] > 0 {
			fmt.Fprintf(d, `<text class="sum" x="%.1f" y="%.1f" text-anchor="middle">%s</text>`, d.x(i), d.y(base[i])-6, d.num(base[i]))
		}
	}
}

// lines draws the lines with the marks of their values.
func (d *drawing) lines() {
	for _, l := range d.Lines {
		var path strings.Builder
		last := -2
		for i, period := range d.Periods {
			v, ok := l.Dots[period]
			if !ok {
				continue
			}
			broken := l.Broken[period]
			year := period[:min(4, len(period))]
			// A period without a report breaks the line: what nobody stated is not drawn. So does
			// a merger of the body itself, and the new year of a count from the year's start.
			if i == last+1 && !broken && (!d.Restart || strings.HasPrefix(d.Periods[last], year)) {
				fmt.Fprintf(&path, "L%.1f %.1f", d.x(i), d.y(v.Value))
			} else {
				fmt.Fprintf(&path, "M%.1f %.1f", d.x(i), d.y(v.Value))
			}
			last = i
		}
		fmt.Fprintf(d, `<g class="series s%d"><path class="line" d="%s"/>`, l.No%chartSeries, path.String())
		for i, period := range d.Periods {
			v, ok := l.Dots[period]
			if !ok {
				continue
			}
			class := "dot"
			if v.Derived {
				class += " derived"
			}
			d.open(l, period, v)
			fmt.Fprintf(d, `<g class="%s">%s</g>`, class, shape(l.No, d.x(i), d.y(v.Value)))
			d.value(d.x(i), d.y(v.Value), v)
			d.shut(v)
		}
		d.WriteString("</g>")
	}
}

// names writes beside each line's end its name and its last value, moved apart where they would
// stand on each other; a thin line leads to an end that is not at the edge.
func (d *drawing) names() {
	type end struct {
		line  plotLine
		x, y  float64 // of the last point
		at    float64 // of the name
		value float64
		when  string // where it is not the newest period
	}
	var ends []end
	for _, l := range d.Lines {
		for i := len(d.Periods) - 1; i >= 0; i-- {
			if v, ok := l.Dots[d.Periods[i]]; ok {
				e := end{line: l, x: d.x(i), y: d.y(v.Value), at: d.y(v.Value), value: v.Value}
				if i < len(d.Periods)-1 {
					part, year := shortPeriod(d.Periods[i], d.say.en)
					e.when = " (" + strings.TrimSpace(part+" "+year) + ")"
				}
				ends = append(ends, e)
				break
			}
		}
	}
	slices.SortStableFunc(ends, func(a, b end) int { return cmp.Compare(a.y, b.y) })
	for i := 1; i < len(ends); i++ {
		ends[i].at = max(ends[i].at, ends[i-1].at+labelStep)
	}
	for i := len(ends) - 1; i >= 0; i-- { // and back up from the foot
		most := d.foot
		if i < len(ends)-1 {
			most = ends[i+1].at - labelStep
		}
		ends[i].at = min(ends[i].at, most)
	}
	for _, e := range ends {
		fmt.Fprintf(d, `<g class="series s%d" aria-hidden="true">`, e.line.No%chartSeries)
		if from := e.x + 8; d.right+8-from > 14 || math.Abs(e.at-e.y) > 3 {
			fmt.Fprintf(d, `<path class="lead" d="M%.1f %.1fL%.1f %.1f"/>`, from, e.y, d.right+8, e.at)
		}
		last := d.say.num(e.value / d.scale)
		room := (chartNames - 26 - lastChar*float64(utf8.RuneCountInString(last)) - whenChar*float64(utf8.RuneCountInString(e.when))) / nameChar
		fmt.Fprintf(d, `<g class="dot">%s</g><text class="name" x="%.1f" y="%.1f">%s <tspan class="last">%s</tspan><tspan class="when">%s</tspan></text></g>`,
			shape(e.line.No, d.right+16, e.at), d.right+26, e.at+4, html.EscapeString(clipName(e.line.Short, max(8, int(room)))), html.EscapeString(last), html.EscapeString(e.when))
	}
}
