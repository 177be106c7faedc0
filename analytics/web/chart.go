package web

import (
	"fmt"
	"html"
	"html/template"
	"math"
	"slices"
	"strings"

	"soket/analytics"
)

// Measures of a chart in its own units; CSS scales it to the column.
const (
	chartWidth, chartHeight = 760.0, 320.0
	chartLeft, chartRight   = 64.0, 16.0
	chartTop, chartBottom   = 22.0, 34.0
	chartSeries             = 8 // lines that people can still tell apart; the table has all
)

// trendChart draws one line for each body over the periods, as SVG that reads without scripts: each
// point is a link to its source and says its value on hover and on focus. Colours come from the
// page's style, so that it follows the theme; marks differ by shape as well.
func trendChart(points []analytics.Point, unit string, f template.FuncMap) string {
	if len(points) == 0 {
		return ""
	}
	num, period := f["num"].(func(any) string), f["period"].(func(string) string)
	var periods, bodies []string
	top := 0.0
	for _, p := range points {
		if !slices.Contains(periods, p.Period) {
			periods = append(periods, p.Period)
		}
		if !slices.Contains(bodies, p.Body) {
			bodies = append(bodies, p.Body)
		}
		top = max(top, p.Value)
	}
	slices.Sort(periods)
	slices.Sort(bodies)
	step := niceStep(top / 4)
	ceiling := step * math.Max(1, math.Ceil(top/step))
	scale, scaleWord := 1.0, ""
	if unit == "đồng" && top >= 1e6 {
		scale, scaleWord = 1e6, "triệu "
		if top >= 1e9 {
			scale, scaleWord = 1e9, "tỷ "
		}
	}
	x := func(i int) float64 {
		if len(periods) == 1 {
			return (chartLeft + chartWidth - chartRight) / 2
		}
		return chartLeft + 20 + float64(i)*(chartWidth-chartLeft-chartRight-40)/float64(len(periods)-1)
	}
	y := func(v float64) float64 {
		return chartTop + (1-v/ceiling)*(chartHeight-chartTop-chartBottom)
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" role="group" aria-label="%s">`, chartWidth, chartHeight, html.EscapeString(scaleWord+unit))
	fmt.Fprintf(&b, `<text class="unit" x="%g" y="11">%s</text>`, chartLeft, html.EscapeString(scaleWord+unit))
	for v := 0.0; v <= ceiling+step/2; v += step {
		fmt.Fprintf(&b, `<line class="grid" x1="%g" x2="%g" y1="%.1f" y2="%.1f"/><text class="tick" x="%g" y="%.1f" text-anchor="end">%s</text>`,
			chartLeft, chartWidth-chartRight, y(v), y(v), chartLeft-8, y(v)+4, html.EscapeString(num(v/scale)))
	}
	every := max(1, int(math.Ceil(float64(len(periods))/8)))
	for i, p := range periods {
		if i%every == 0 {
			fmt.Fprintf(&b, `<text class="tick" x="%.1f" y="%g" text-anchor="middle">%s</text>`, x(i), chartHeight-chartBottom+20, html.EscapeString(shortPeriod(p)))
		}
	}
	for n, body := range bodies[:min(len(bodies), chartSeries)] {
		var path strings.Builder
		last := -2
		var dots strings.Builder
		for _, p := range points {
			if p.Body != body {
				continue
			}
			i := slices.Index(periods, p.Period)
			// A period without a report breaks the line: what nobody stated is not drawn.
			if i == last+1 {
				fmt.Fprintf(&path, "L%.1f %.1f", x(i), y(p.Value))
			} else {
				fmt.Fprintf(&path, "M%.1f %.1f", x(i), y(p.Value))
			}
			last = i
			label := fmt.Sprintf("%s, %s: %s %s", body, period(p.Period), num(p.Value/scale), scaleWord+unit)
			class := "dot"
			if p.Derived {
				class += " derived"
			}
			fmt.Fprintf(&dots, `<a href="/bao-cao/%s#so-%d" aria-label="%s"><g class="%s">%s</g><text class="value" x="%.1f" y="%.1f" text-anchor="middle">%s</text></a>`,
				p.Report, p.FactNo, html.EscapeString(label), class, shape(n, x(i), y(p.Value)), x(i), y(p.Value)-10, html.EscapeString(num(p.Value/scale)))
		}
		fmt.Fprintf(&b, `<g class="series s%d"><path class="line" d="%s"/>%s</g>`, n, path.String(), dots.String())
	}
	b.WriteString("</svg>")
	return b.String()
}

// legendBodies are the bodies that the chart draws, in its order.
func legendBodies(points []analytics.Point) []string {
	var bodies []string
	for _, p := range points {
		if !slices.Contains(bodies, p.Body) {
			bodies = append(bodies, p.Body)
		}
	}
	slices.Sort(bodies)
	return bodies
}

// shape marks a series so that it can be told without colour.
func shape(n int, x, y float64) string {
	title := `<circle class="hit" cx="%.1f" cy="%.1f" r="11"/>`
	hit := fmt.Sprintf(title, x, y)
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

// niceStep rounds up to 1, 2 or 5 times a power of ten.
func niceStep(v float64) float64 {
	if v <= 0 {
		return 1
	}
	p := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 2, 5} {
		if v <= m*p {
			return max(1, m*p)
		}
	}
	return max(1, 10*p)
}

// shortPeriod is a period under an axis: "H1 2020".
func shortPeriod(p string) string {
	if year, part, ok := strings.Cut(p, "-"); ok {
		return part + "/" + year
	}
	return p
}
