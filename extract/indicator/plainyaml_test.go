package indicator

import (
	"io/fs"
	"reflect"
	"testing"

	"go.yaml.in/yaml/v4"
)

// TestPlainAsLibrary holds that the data files are read without the library, and as it reads them.
func TestPlainAsLibrary(t *testing.T) {
	names, err := fs.Glob(catalogueFiles, "catalogue/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatal("no catalogue", err)
	}
	for _, name := range names {
		raw, err := fs.ReadFile(catalogueFiles, name)
		if err != nil {
			t.Fatal(err)
		}
		var quick, slow Area
		n, ok := parsePlain(raw)
		if !ok || !quick.read(n) {
			t.Errorf("%s: not read", name)
		}
		if err := yaml.Load(raw, &slow); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(quick, slow) {
			t.Errorf("%s: read differently", name)
		}
	}
	var quick, slow labelFile
	n, ok := parsePlain(labelData)
	if !ok || !quick.read(n) {
		t.Error("labels.yaml: not read")
	}
	if err := yaml.Load(labelData, &slow); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(quick, slow) {
		t.Error("labels.yaml: read differently")
	}
	var quickWords, slowWords wordFile
	if n, ok = parsePlain(wordData); !ok || !quickWords.read(n) {
		t.Error("words.yaml: not read")
	}
	if err := yaml.Load(wordData, &slowWords); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(quickWords, slowWords) {
		t.Error("words.yaml: read differently")
	}
	slowPairs := map[string]string{}
	if err := yaml.Load(shortData, &slowPairs); err != nil {
		t.Fatal(err)
	}
	n, _ = parsePlain(shortData)
	if quickPairs, ok := n.pairs(); !ok || !reflect.DeepEqual(quickPairs, slowPairs) {
		t.Error("abbreviations.yaml: read differently")
	}
}

// TestPlainLeaves holds that what it does not know is left to the library, which says what is wrong.
func TestPlainLeaves(t *testing.T) {
	for _, text := range []string{"", "a", "a: b: c", "a: 'x'", "a: [b", "a: {b: c}", "a: |\n  b", "a: &x b", "a:\n\tb: c", "a: \"b\\n\"", "- a", "a: b\n  c", "a: [b]c", "a: null", "a: [b\n  c]"} {
		var a Area
		if n, ok := parsePlain([]byte(text)); ok && a.read(n) {
			t.Errorf("%q was read", text)
		}
	}
	for _, text := range []string{"area: x\nnames: y", "area: [x]", "area: x\nindicators: y"} {
		var a Area
		if n, ok := parsePlain([]byte(text)); !ok || a.read(n) {
			t.Errorf("%q: want a key that is not known", text)
		}
	}
}
