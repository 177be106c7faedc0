package ingest

import (
	"context"
	"os"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// The table of names in docs/protocol.md and the names in use are the same.
func TestProtocolNamesAreDocumented(t *testing.T) {
	text, err := os.ReadFile("../docs/protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	b := newBench(t)
	rows := map[string]string{}
	for _, line := range strings.Split(string(text), "\n") {
		if cells := strings.Split(line, "|"); len(cells) > 4 {
			rows[strings.Trim(cells[1], " `")] = line
		}
	}
	names := b.inbox.js.ListStreams(context.Background())
	n := 0
	for s := range names.Info() {
		n++
		row, ok := rows[s.Config.Name]
		if !ok {
			t.Errorf("stream %s is not in docs/protocol.md", s.Config.Name)
		}
		for _, subject := range s.Config.Subjects {
			stem := strings.TrimRight(subject, "*>")
			if !strings.Contains(row, "`"+stem) {
				t.Errorf("subject %s of %s is not in its row", subject, s.Config.Name)
			}
		}
	}
	if n < 5 {
		t.Errorf("%d streams", n)
	}
	for _, want := range []string{workerConsumer, eventAccepted, eventTry, eventRelease, eventSettled, eventEpoch} {
		if _, ok := rows[want]; !ok {
			t.Errorf("%s is not in docs/protocol.md", want)
		}
	}
}

func TestStepsAreParsed(t *testing.T) {
	f, err := ParseFaults("U3 ledger after=error, W7 commit before=error")
	if err != nil {
		t.Fatal(err)
	}
	if f("U3 ledger before") != nil || f("U3 ledger after") == nil || f("U3 ledger after") != nil {
		t.Error("the fault should come at its point, once")
	}
	for _, bad := range []string{"U3=error", "U3 ledger after=burn", "nothing"} {
		if _, err := ParseFaults(bad); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
	if f, err := ParseFaults(""); f != nil || err != nil {
		t.Error("no faults should cost nothing")
	}
}

func TestSniff(t *testing.T) {
	zip := "PK\x03\x04\x14\x00\x00\x00\x08\x00\x00\x00!\x00aaaaaaaaaaaaaaaa\x05\x00\x00\x00"
	ole := "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600)
	for _, c := range []struct{ head, name, format, code string }{
		{"%PDF-1.4\n", "a.pdf", "pdf", ""},
		{"\xef\xbb\xbf\r\n%PDF-1.4\n", "a.PDF", "pdf", ""},
		{"%PDF-1.4\n", "a.xlsx", "pdf", ""}, // content before name
		{zip + "x/y", "a.xlsx", "xlsx", ""},
		{zip + "x/y", "a.zip", "", "unsupported"},
		{ole, "a.xls", "xls", ""},
		{ole, "a.xlsx", "xlsx", ""}, // the hull of a workbook with a password
		{ole, "a.msi", "", "unsupported"},
		{"<html><body><table>", "bieu.xls", "html", ""},
		{"\xff\xd8\xff\xe0\x00\x10JFIF", "scan.jpg", "image", ""},
		{"stt;chỉ tiêu;giá trị\n1;a;2\n", "bieu.csv", "csv", ""},
		{"stt,chi tieu\n1,2\n3,4\n", "bieu.csv", "csv", ""},
		{"\x01\x02words", "a.bin", "", "unsupported"},
		{"#!/bin/sh\n", "a.csv.sh", "", "unsupported"},
		{"", "a.pdf", "", "empty"},
	} {
		format, err := sniff([]byte(c.head), c.name)
		if string(format) != c.format || code(err) != c.code {
			t.Errorf("%s %q: %q, %v; want %q %q", c.name, c.head[:min(12, len(c.head))], format, err, c.format, c.code)
		}
	}
}

// A name that is taken in, and one kept of a refused file, is always safe to show.
func FuzzCleanName(f *testing.F) {
	for _, s := range []string{"báo cáo.pdf", "a/b", "a\x00b", "\u202efdp.exe", "..", strings.Repeat("é", 300), "\xff\xfe"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		name, err := cleanName(in)
		if !utf8.ValidString(name) || utf8.RuneCountInString(name) > maxNameRunes {
			t.Errorf("%q gives %q", in, name)
		}
		for _, r := range name {
			if unicode.IsControl(r) || r == '/' || r == '\\' || unicode.Is(unicode.Bidi_Control, r) {
				t.Errorf("%q gives %q (%v)", in, name, err)
			}
		}
		if again, err2 := cleanName(name); err == nil && (err2 != nil || again != name) {
			t.Errorf("%q is not stable: %q, %v", name, again, err2)
		}
		if err != nil && code(err) != "bad_name" {
			t.Errorf("%q: %v", in, err)
		}
	})
}

// Anything refused or taken in by its first bytes, never a panic and never another code.
func FuzzSniff(f *testing.F) {
	f.Add([]byte("%PDF-1.4"), "a.pdf")
	f.Add([]byte("PK\x03\x04"), "a.xlsx")
	f.Add([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "a.xls")
	f.Fuzz(func(t *testing.T, head []byte, name string) {
		format, err := sniff(head, name)
		if (err == nil) == (format == "") {
			t.Errorf("format %q with %v", format, err)
		}
		if c := code(err); err != nil && c != "empty" && c != "unsupported" {
			t.Errorf("%v", err)
		}
	})
}
