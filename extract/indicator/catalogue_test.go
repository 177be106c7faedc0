package indicator_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"soket/extract/indicator"
)

// TestCatalogueIsTheContract holds codes, names and units against the contract's list.
func TestCatalogueIsTheContract(t *testing.T) {
	c, err := indicator.Load()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile("../../../shared/spec/indicators.tsv")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(raw)), "\n")[1:]
	for _, line := range lines {
		f := strings.Split(line, "\t")
		x, ok := c.Get(f[0])
		if !ok {
			t.Errorf("%s is not in the catalogue", f[0])
			continue
		}
		if x.VI != f[1] || x.EN != f[2] || x.Unit != f[3] || x.Measure != f[4] {
			t.Errorf("%s: %q %q %q %q, the contract says %v", f[0], x.VI, x.EN, x.Unit, x.Measure, f[1:5])
		}
	}
	if got := len(c.All()); got != len(lines) {
		t.Errorf("%d entries, the contract has %d", got, len(lines))
	}
}

// TestCatalogueIsWhole checks of the built-in catalogue what Load takes for granted.
func TestCatalogueIsWhole(t *testing.T) {
	if _, err := indicator.Parse(os.DirFS(".")); err != nil {
		t.Error(err)
	}
}

// TestCatalogueIsStrict holds that a wrong key is an error that names its place.
func TestCatalogueIsStrict(t *testing.T) {
	_, err := indicator.Parse(fstest.MapFS{"catalogue/a.yaml": {Data: []byte("area: a\nindicators:\n  - code: a.b\n    vi: x\n    unit: y\n    nuons: [z]\n")}})
	if err == nil || !strings.Contains(err.Error(), "line 6") || !strings.Contains(err.Error(), "nuons") {
		t.Errorf("a misspelt key: %v", err)
	}
}
