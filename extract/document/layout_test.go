package document

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func BenchmarkLayout(b *testing.B) {
	path := filepath.Join(corpus(b), "f06.pdf")
	data, err := os.ReadFile(path)
	if err != nil {
		b.Fatal(err)
	}
	scenes, _, err := Scenes(context.Background(), bytes.NewReader(data), int64(len(data)), SceneOptions{})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("scenes", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			Scenes(context.Background(), bytes.NewReader(data), int64(len(data)), SceneOptions{})
		}
		b.ReportMetric(float64(len(scenes)*b.N)/b.Elapsed().Seconds(), "pages/s")
	})
	b.Run("layout", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			Layout(scenes)
		}
		b.ReportMetric(float64(len(scenes)*b.N)/b.Elapsed().Seconds(), "pages/s")
	})
}

// TestJoinStrokes wants lines that are a little off each other to keep all of their way: those of
// scans never lie in one place.
func TestJoinStrokes(t *testing.T) {
	got := joinStrokes([]stroke{{10.7, 0, 100}, {10.2, 90, 200}, {10.4, 400, 500}, {30, 0, 50}})
	want := []stroke{{10.2, 0, 200}, {10.4, 400, 500}, {30, 0, 50}}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestCutLabel wants a label that stands for rows on both sides of a page end as one cell, and leaves cells
// that are merely empty.
func TestCutLabel(t *testing.T) {
	row := func(y int, cells ...string) (row []Cell) { // "text/2" spans two rows, "" is covered by one that does
		for x, text := range cells {
			if text == "" {
				continue
			}
			text, tall, _ := strings.Cut(text, "/")
			n, _ := strconv.Atoi(tall)
			row = append(row, Cell{Text: text, Row: y, Col: x, Rowspan: max(n, 1), Colspan: 1})
		}
		return row
	}
	for name, c := range map[string]struct{ before, after, want [][]string }{
		"its text before the page end": {[][]string{{"1/2", "Tiêu chuẩn/2", "Đơn", "4"}, {"", "", "Cuộc", "7"}}, [][]string{{"/2", "/2", "Phép thử", "8"}, {"", "", "Mẫu", "9"}},
			[][]string{{"1/4", "Tiêu chuẩn/4", "Đơn", "4"}, {"", "", "Cuộc", "7"}, {"", "", "Phép thử", "8"}, {"", "", "Mẫu", "9"}}},
		"and after it":           {[][]string{{"/2", "/2", "Đơn", "4"}, {"", "", "Cuộc", "7"}}, [][]string{{"1/3", "Tiêu chuẩn/3", "Mẫu", "9"}}, [][]string{{"1/5", "Tiêu chuẩn/5", "Đơn", "4"}, {"", "", "Cuộc", "7"}, {"", "", "Mẫu", "9"}}},
		"one row is left":        {[][]string{{"A/2", "Đơn", "4"}, {"", "Cuộc", "7"}}, [][]string{{"/1", "Mẫu", "9"}}, [][]string{{"A/3", "Đơn", "4"}, {"", "Cuộc", "7"}, {"", "Mẫu", "9"}}},
		"lines drawn again":      {[][]string{{"A/2", "Đơn", "4"}, {"", "Cuộc", "7"}}, [][]string{{"/1", "Mẫu", "9"}, {"/1", "Phép thử", "3"}, {"B", "Đơn", "2"}}, [][]string{{"A/4", "Đơn", "4"}, {"", "Cuộc", "7"}, {"", "Mẫu", "9"}, {"", "Phép thử", "3"}, {"B", "Đơn", "2"}}},
		"one row is before":      {[][]string{{"A", "Đơn", "4"}}, [][]string{{"/2", "Mẫu", "9"}, {"", "Cuộc", "7"}}, [][]string{{"A/3", "Đơn", "4"}, {"", "Mẫu", "9"}, {"", "Cuộc", "7"}}},
		"a sum of all":           {[][]string{{"A/2", "Đơn", "4"}, {"", "Cuộc", "7"}}, [][]string{{"/1", "Tổng cộng", "11"}}, [][]string{{"A/2", "Đơn", "4"}, {"", "Cuộc", "7"}, {"/1", "Tổng cộng", "11"}}},
		"another label":          {[][]string{{"A/2", "Đơn", "4"}, {"", "Cuộc", "7"}}, [][]string{{"B/2", "Mẫu", "9"}, {"", "Đơn", "3"}}, [][]string{{"A/2", "Đơn", "4"}, {"", "Cuộc", "7"}, {"B/2", "Mẫu", "9"}, {"", "Đơn", "3"}}},
		"no figure of the row":   {[][]string{{"A", "Đơn", "4"}}, [][]string{{"B", "Mẫu", "/1"}}, [][]string{{"A", "Đơn", "4"}, {"B", "Mẫu", "/1"}}},
		"under an empty heading": {[][]string{{"/1", "Tổng", "4"}}, [][]string{{"B/2", "Mẫu", "9"}, {"", "Cuộc", "7"}}, [][]string{{"/1", "Tổng", "4"}, {"B/2", "Mẫu", "9"}, {"", "Cuộc", "7"}}},
	} {
		head := func(body [][]string) *Table {
			tb := &Table{HeadRows: 1, Rows: [][]Cell{row(0, []string{"TT", "Lĩnh vực", "Chỉ tiêu", "Số"}[4-len(c.before[0]):]...)}}
			for y, cells := range body {
				tb.Rows = append(tb.Rows, row(y+1, cells...))
			}
			return tb
		}
		edges := make([]float64, 5)
		a, b := part{table: head(c.before), edges: edges}, part{table: head(c.after), edges: edges}
		appendPart(&a, &b)
		if got, want := gridOf(a.table), gridOf(head(c.want)); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, want)
		}
	}
}

// TestCutRow joins what the end of a page cut off a row, and no row of its own.
func TestCutRow(t *testing.T) {
	grid := func(rows ...[]string) *Table {
		tb := &Table{HeadRows: 1}
		for y, row := range rows {
			var cells []Cell
			for x, text := range row {
				cells = append(cells, Cell{Text: text, Row: y, Col: x, Rowspan: 1, Colspan: 1})
			}
			tb.Rows = append(tb.Rows, cells)
		}
		return tb
	}
	numbered := [][]string{{"TT", "Chỉ tiêu", "ĐVT", "Số"}, {"1", "Đơn", "đơn", "4"}, {"2", "Giấy chứng nhận hoạt động", "giấy chứng", "7"}}
	bare := [][]string{{"TT", "Chỉ tiêu", "ĐVT", "Số"}, {"1", "Đơn", "đơn", "4"}, {"", "Giấy chứng nhận hoạt động", "giấy chứng", "7"}}
	for name, c := range map[string]struct {
		before [][]string
		row    []string
		joined bool
	}{
		"goes on":                  {numbered, []string{"", "khoa học và công nghệ", "nhận", ""}, true},
		"goes on in one cell":      {numbered, []string{"", "khoa học và công nghệ", "", ""}, true},
		"with a name":              {numbered, []string{"", "KH&CN cấp lần đầu", "nhận", ""}, true},
		"a name, rows not counted": {bare, []string{"", "KH&CN cấp lần đầu", "nhận", ""}, false},
		"a section":                {numbered, []string{"", "Sở hữu trí tuệ", "", ""}, false},
		"a row with figures":       {numbered, []string{"", "trong đó: cấp mới", "", "5"}, false},
		"the next row":             {numbered, []string{"3", "Cuộc thanh tra", "cuộc", ""}, false},
	} {
		a, b := part{table: grid(c.before...)}, part{table: grid(c.row)}
		appendPart(&a, &b)
		if joined := len(a.table.Rows) == len(c.before); joined != c.joined {
			t.Errorf("%s: joined %v\n%s", name, joined, gridOf(a.table))
		}
	}
}
