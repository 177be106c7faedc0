package document

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
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
