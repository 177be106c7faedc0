package indicator

import (
	"strings"

	"soket/extract/document"
	"soket/extract/vietnamese"
)

const (
	// sentenceWords is from how many words the text of a cell is read as prose: a figure with its noun is
	// shorter.
	sentenceWords = 5
	// sentenceCells is how many such cells make a column one of prose: a note or two do not.
	sentenceCells = 3
)

// cellProse reads the columns of a table whose cells hold sentences ("Kết quả 6 tháng đầu năm: Đang quản
// lý 46 nhiệm vụ …"), each cell like a paragraph: the column's head is the heading over it and must say that
// it tells of results or of plans, the row's label names the area.
func (r *reader) cellProse(t *document.Table) {
	if t.Hidden || markedOld(t.Title) || markedOld(t.Sheet) {
		return
	}
	prose := map[string]bool{}                                         // texts that are; many stand in a table again and again
	first, told, filled := map[int]int{}, map[int]int{}, map[int]int{} // by column: the first row of prose, cells of prose, cells with text
	for y, row := range t.Rows {
		for i := range row {
			c := &row[i]
			if c.Hidden || c.Text == "" {
				continue
			}
			if c.Number == nil && c.Date == "" {
				is, known := prose[c.Text]
				if !known {
					is = r.isProse(c)
					prose[c.Text] = is
				}
				if is {
					if _, ok := first[c.Col]; !ok {
						first[c.Col] = y
					}
					told[c.Col]++
				}
			}
			if _, ok := first[c.Col]; ok {
				filled[c.Col]++
			}
		}
	}
	sections := map[int]section{}
	for x, y := range first {
		if told[x] < sentenceCells || 2*told[x] < filled[x] {
			continue
		}
		head := headOver(t, y, x)
		if s := r.heading(head, section{kind: Result, period: r.head.Period}, r.head); s.told || s.kind == Plan {
			if p, ok := headPeriod(measureText(head), r.head.Period); ok && s.kind == Result {
				s.period = p
			}
			sections[x] = s
		}
	}
	if len(sections) == 0 {
		return
	}
	for _, row := range t.Rows {
		label := ""
		for i := range row {
			c := &row[i]
			s, ok := sections[c.Col]
			if !ok || c.Hidden || c.Row < first[c.Col] {
				if label == "" && len(strings.Fields(c.Text)) > 1 {
					label = c.Text
				}
				continue
			}
			if label != "" {
				if named := r.heading(label, section{}, r.head); named.area != "" {
					s.area, s.over = named.area, append([]string{label}, s.over...)
				}
			}
			from := len(r.facts)
			r.read(&document.Block{Kind: document.Paragraph, Text: c.Text, Page: c.Page}, s, nil)
			for k := from; k < len(r.facts); k++ {
				f := &r.facts[k]
				f.Sheet, f.Cell, f.Box, f.Method = t.Sheet, c.Ref, c.Box, "table"
				if c.Ref != "" {
					f.Method = "cell"
				}
				f.Confidence = min(f.Confidence, shownUnsure)
			}
		}
	}
}

// isProse tells whether a cell holds a sentence with a figure; the times that a head names are none.
func (r *reader) isProse(c *document.Cell) bool {
	return c.Number == nil && c.Date == "" && len(strings.Fields(c.Text)) >= sentenceWords && len(r.figures(tokens(c.Text), func(int, int, string) {})) > 0
}

// headOver joins what stands above row y in column x.
func headOver(t *document.Table, y, x int) string {
	var over []string
	for _, row := range t.Rows[:y] {
		for i := range row {
			if c := &row[i]; c.Col <= x && x < c.Col+c.Colspan && strings.ContainsFunc(vietnamese.Fold(c.Text), func(r rune) bool { return 'a' <= r && r <= 'z' }) {
				over = append(over, c.Text)
			}
		}
	}
	return strings.Join(over, " ")
}
