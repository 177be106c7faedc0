package extract

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"soket/extract/pattern"
)

var update = flag.Bool("update", false, "write what patterns need anew")

// TestLearned holds that every pattern is one, and that the table of what they need is theirs.
func TestLearned(t *testing.T) {
	const file = "pattern/learned.go"
	want := pattern.Table()
	if *update {
		if err := os.WriteFile(file, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(file); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s is not that of the patterns (%v): go test ./extract -run TestLearned -update", file, err)
	}
}
