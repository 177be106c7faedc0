package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the README's tables anew")

// TestREADMETables holds the README's tables of commands and flags against the declarations.
func TestREADMETables(t *testing.T) {
	var table strings.Builder
	type row struct{ name, def, meaning string }
	users := map[row][]string{}
	var rows []row
	for _, cmd := range commands() {
		fmt.Fprintf(&table, "| `soket %s` | %s |\n", strings.TrimSpace(cmd.name+" "+cmd.args), cmd.summary)
		f := newFlags(cmd, func(string) string { return "" }, io.Discard)
		cmd.declare(f)
		f.VisitAll(func(fl *flag.Flag) {
			r := row{fl.Name, fl.DefValue, fl.Usage}
			if users[r] == nil {
				rows = append(rows, r)
			}
			users[r] = append(users[r], cmd.name)
		})
	}
	commandTable := table.String()
	table.Reset()
	slices.SortStableFunc(rows, func(a, b row) int { return strings.Compare(a.name, b.name) })
	for _, r := range rows {
		def := r.def
		if def != "" {
			def = "`" + def + "`"
		}
		fmt.Fprintf(&table, "| `--%s` | `%s` | %s | %s | %s |\n", r.name, variable(r.name), def, strings.Join(users[r], ", "), r.meaning)
	}
	raw, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	want := between(t, string(raw), "<!-- commands -->\n", "<!-- /commands -->", strings.ReplaceAll(commandTable, "…|", "… or "))
	want = between(t, want, "<!-- flags -->\n", "<!-- /flags -->", strings.ReplaceAll(table.String(), "||", "or"))
	if want == string(raw) {
		return
	}
	if !*update {
		t.Fatal("README.md's tables are not what the program declares; go test ./cmd/soket -run README -update writes them")
	}
	if err := os.WriteFile("../../README.md", []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

// between replaces what stands between two marks.
func between(t *testing.T, text, from, to, with string) string {
	t.Helper()
	before, rest, ok1 := strings.Cut(text, from)
	_, after, ok2 := strings.Cut(rest, to)
	if !ok1 || !ok2 {
		t.Fatalf("README.md has no %s … %s", from, to)
	}
	return before + from + with + to + after
}
