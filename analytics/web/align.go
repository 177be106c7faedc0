package web

import (
	"strings"
	"unicode/utf8"
)

// pads gives what the figures of a column lack behind their decimal mark, so that they stand under each
// other. It takes room and is not shown (app.css): a digit that no source states must not be read.
func pads(mark string, column []string) []string {
	lacks, most := make([]string, len(column)), 0
	decimals := func(figure string) (n int) {
		if _, after, ok := strings.Cut(figure, mark); ok {
			n = utf8.RuneCountInString(after)
		}
		return n
	}
	for _, x := range column {
		most = max(most, decimals(x))
	}
	for i, x := range column {
		n := decimals(x)
		if lacks[i] = strings.Repeat("0", most-n); n == 0 && most > 0 {
			lacks[i] = mark + lacks[i]
		}
	}
	return lacks
}

// mark is the language's decimal mark.
func (p speech) mark() string { return strings.Trim(p.fixed(0.5), "05") }

// align pads the cells of a column; a sign for nothing stands where the units do, a range at the edge.
func (p speech) align(column ...*cell) {
	texts := make([]string, len(column))
	for i, c := range column {
		if c.Kind != senseless {
			texts[i] = c.Text
		}
	}
	for i, pad := range pads(p.mark(), texts) {
		if column[i].Text == texts[i] {
			column[i].Pad = pad
		}
	}
}

// align has the columns of a period's tables stand at their decimal marks.
func (b *brief) align() {
	var columns [6][]*cell
	for i := range b.Areas {
		for j := range b.Areas[i].Lines {
			l := &b.Areas[i].Lines[j]
			for n, c := range []*cell{&l.Now, &l.Same, &l.Previous, &l.Plan} {
				columns[n] = append(columns[n], c)
			}
		}
	}
	for i := range b.Targets {
		t := &b.Targets[i]
		columns[4], columns[5] = append(columns[4], &t.Due), append(columns[5], &t.Done)
	}
	for _, c := range columns {
		b.speech.align(c...)
	}
}
