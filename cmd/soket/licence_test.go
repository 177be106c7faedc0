package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// licences are words of each licence that may be in the program, the first that fits names it. What
// is under none of them fails the test: the GPL and AGPL, and what nobody has looked at.
var licences = []struct{ name, words string }{
	{"Apache-2.0", "Apache License Version 2.0"},
	{"MPL-2.0", "Mozilla Public License Version 2.0"},
	{"MPL-2.0", "Mozilla Public License, version 2.0"},
	{"MIT", "Permission is hereby granted, free of charge, to any person obtaining a copy of this software"},
	{"BSD", "Redistribution and use in source and binary forms, with or without modification"},
	{"ISC", "Permission to use, copy, modify, and/or distribute this software for any purpose"},
	{"ISC", "Permission to use, copy, modify, and distribute this software for any purpose"},
	{"CC0-1.0", "CC0 1.0 Universal"},
	{"Unlicense", "This is free and unencumbered software released into the public domain"},
}

// chosen are the licences of modules that offer a choice, or that keep their text elsewhere.
var chosen = map[string]string{
	"kernel.org/pub/linux/libs/security/libcap/psx": "BSD", // offered under the BSD licence or the GPL 2: we take the first
}

// licenceOf names the licence of the module in dir; "" where none of ours fits.
func licenceOf(dir string) (string, error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return "", err
	}
	for _, f := range files {
		name := strings.ToUpper(f.Name())
		if f.IsDir() || !strings.HasPrefix(name, "LICEN") && !strings.HasPrefix(name, "COPYING") && !strings.HasPrefix(name, "UNLICENSE") {
			continue
		}
		raw, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			return "", err
		}
		text := strings.Join(strings.Fields(string(raw)), " ")
		if strings.Contains(strings.ToUpper(text), "GNU GENERAL PUBLIC LICENSE VERSION") || strings.Contains(strings.ToUpper(text), "GNU AFFERO GENERAL PUBLIC LICENSE VERSION") {
			return "", fmt.Errorf("%s holds the (A)GPL", f.Name())
		}
		for _, l := range licences {
			if strings.Contains(strings.ToLower(text), strings.ToLower(l.words)) {
				return l.name, nil
			}
		}
	}
	return "", nil
}

// TestLicences looks at the licence of every module that is built into the programs, and holds
// docs/licences.md to them.
func TestLicences(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}{{end}}", "soket/cmd/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	slices.Sort(lines)
	var list bytes.Buffer
	list.WriteString("# Licences of what is built into the programs\n\nWritten by `go test ./cmd/soket -run Licences -update`; the test refuses the GPL, the AGPL and what it does not know.\n\n| module | licence |\n|---|---|\n")
	n := 0
	for _, line := range slices.Compact(lines) {
		parts := strings.Split(line, "\t")
		if len(parts) != 3 {
			continue
		}
		name := chosen[parts[0]]
		if name == "" {
			if name, err = licenceOf(parts[2]); err != nil {
				t.Errorf("%s: %v", parts[0], err)
			}
		}
		if name == "" {
			t.Errorf("%s: no licence that we know", parts[0])
		}
		fmt.Fprintf(&list, "| %s | %s |\n", parts[0], name)
		n++
	}
	if n < 20 {
		t.Errorf("only %d modules", n)
	}
	if *update {
		if err := os.WriteFile("../../docs/licences.md", list.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if have, err := os.ReadFile("../../docs/licences.md"); err != nil || !bytes.Equal(have, list.Bytes()) {
		t.Errorf("docs/licences.md is not what is built in (%v): go test ./cmd/soket -run Licences -update", err)
	}
}

// TestLicenceOfRefuses shows that the check can fail.
func TestLicenceOfRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"GNU AFFERO GENERAL PUBLIC LICENSE\n Version 3, 19 November 2007": "error", "GNU GENERAL PUBLIC LICENSE\n  Version 2, June 1991": "error",
		"All rights reserved.": "", "Apache License\n  Version 2.0, January 2004": "Apache-2.0",
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "LICENSE"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := licenceOf(dir)
		if err != nil {
			got = "error"
		}
		if got != want {
			t.Errorf("%.30q: %q, want %q", text, got, want)
		}
	}
}
