package main

import (
	"bufio"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// owners says which folders may use a library; everything else must not. The folder of a verb
// owns one technology (docs/design.md).
var owners = map[string][]string{
	"github.com/nats-io/":           {"soket/ingest"},
	"github.com/ClickHouse/":        {"soket/analytics"},
	"github.com/ebitengine/purego":  {"soket/analytics/engine"},
	"github.com/ledongthuc/pdf":     {"soket/extract/document"},
	"github.com/klippa-app/":        {"soket/extract/sandbox", "soket/cmd/pdfium"},
	"github.com/tetratelabs/wazero": {"soket/extract/sandbox", "soket/cmd/pdfium"},
	"github.com/xuri/excelize/":     {"soket/extract/document", "soket/analytics"},
}

// forbidden are arrows between our own folders that must not be.
var forbidden = [][2]string{
	{"soket/extract", "soket/ingest"},
	{"soket/extract", "soket/analytics"},
	{"soket/ingest", "soket/analytics"},
	{"soket/analytics", "soket/ingest"},
	{"soket/analytics", "soket/analytics/web"},
	{"soket/extract/vietnamese", "soket/extract/document"},
	{"soket/extract/vietnamese", "soket/extract/indicator"},
	{"soket/extract/document", "soket/extract/indicator"},
	{"soket/extract/indicator", "soket/extract/sandbox"},
}

func under(path, folder string) bool {
	return path == folder || strings.HasPrefix(path, strings.TrimSuffix(folder, "/")+"/")
}

// TestLayers holds the arrows of docs/design.md over what the packages really import.
func TestLayers(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "soket/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	packages := 0
	for lines := bufio.NewScanner(strings.NewReader(string(out))); lines.Scan(); {
		words := strings.Fields(lines.Text())
		from, imports := words[0], words[1:]
		packages++
		for _, to := range imports {
			if to == "testing" && !strings.HasSuffix(from, "test") {
				t.Errorf("%s imports testing; only a package named …test may", from)
			}
			for library, folders := range owners {
				if strings.HasPrefix(to, library) && !slices.ContainsFunc(folders, func(f string) bool { return under(from, f) }) && !strings.HasSuffix(from, "test") {
					t.Errorf("%s imports %s, which belongs to %v", from, to, folders)
				}
			}
			for _, arrow := range forbidden {
				// analytics itself, not the pages below it, is what must not know the pages.
				tip := under(from, arrow[0]) && (arrow[1] != "soket/analytics/web" || !under(from, arrow[1]))
				if tip && under(to, arrow[1]) {
					t.Errorf("%s imports %s: %s must not know %s", from, to, arrow[0], arrow[1])
				}
			}
			if strings.HasPrefix(to, "soket/cmd") {
				t.Errorf("%s imports %s: cmd is imported by nobody", from, to)
			}
		}
	}
	if packages < 5 {
		t.Fatalf("only %d packages listed", packages)
	}
}
