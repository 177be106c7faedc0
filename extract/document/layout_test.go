package document

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestDump(t *testing.T) {
	path := os.Getenv("DUMP")
	if path == "" {
		t.Skip()
	}
	data, _ := os.ReadFile(path)
	scenes, _, err := Scenes(context.Background(), bytes.NewReader(data), int64(len(data)), SceneOptions{})
	if err != nil {
		t.Fatal(err)
	}
	pages, blocks, _ := Layout(scenes)
	for _, p := range pages {
		fmt.Printf("== page %d score %.2f\n", p.Number, p.Score)
		if os.Getenv("TEXT") != "" {
			fmt.Println(p.Text)
		}
	}
	for _, b := range blocks {
		fmt.Printf("%s/%d [%s] b=%v p%d %s\n", b.Kind, b.Level, b.Marker, b.Bold, b.Page, b.Text)
		if b.Table != nil {
			fmt.Printf("   %s title=%q unit=%q head=%d\n", b.Table.Method, b.Table.Title, b.Table.Unit, b.Table.HeadRows)
			for _, r := range b.Table.Rows {
				for _, c := range r {
					fmt.Printf(" | %s", c.Text)
					if c.Rowspan > 1 || c.Colspan > 1 {
						fmt.Printf("{%dx%d}", c.Rowspan, c.Colspan)
					}
				}
				fmt.Println()
			}
		}
	}
}

func TestDumpLines(t *testing.T) {
	path := os.Getenv("DUMPL")
	if path == "" {
		t.Skip()
	}
	data, _ := os.ReadFile(path)
	scenes, _, err := Scenes(context.Background(), bytes.NewReader(data), int64(len(data)), SceneOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var l layout
	for i := range scenes {
		l.add(&scenes[i])
	}
	for _, f := range l.flows {
		fmt.Printf("page %d margins %.1f %.1f\n", f.page, f.left, f.right)
		for _, p := range f.pieces {
			if p.part != nil {
				fmt.Printf("  table %s\n", p.part.table.Method)
				continue
			}
			fmt.Printf("  y %.1f x %.1f-%.1f size %.1f b%v side %d c%v %s\n", p.y, p.x0, p.x1, p.size, p.bold, p.side, p.centred(), p.text)
		}
	}
}

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
