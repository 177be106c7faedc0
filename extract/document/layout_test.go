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
