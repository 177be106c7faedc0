package ingest

import (
	"bytes"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gabriel-vasile/mimetype"
	"golang.org/x/text/unicode/norm"

	"soket/extract"
	"soket/extract/document"
)

const (
	// MaxUploadBytes is the largest file taken in. The longest scanned yearly reports are near
	// 150 MiB; a larger one is refused as too_large.
	MaxUploadBytes = 256 << 20
	// maxNameRunes is the longest file name; as the verdict bad_name tells people.
	maxNameRunes = 200
	// sniffBytes is how much of a file its type is told by.
	sniffBytes = 3072
)

// cleanName gives the name to keep. A name is data and never a path, but one with a slash, a control
// or a direction mark is refused all the same: it would deceive the people who read it. The name
// given with a refusal is safe to show.
func cleanName(name string) (string, error) {
	name = norm.NFC.String(strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Zs, r) { // as word processors put them into titles and names
			return ' '
		}
		return r
	}, name)))
	safe := []rune(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || r == '/' || r == '\\' || r == utf8.RuneError {
			return '_'
		}
		return r
	}, name))
	if len(safe) > maxNameRunes {
		return string(safe[:maxNameRunes]), &extract.Refusal{Code: "bad_name", Detail: "too long"}
	}
	switch shown := string(safe); {
	case shown == "" || shown == "." || shown == "..":
		return "_", &extract.Refusal{Code: "bad_name", Detail: "empty"}
	case shown != name:
		return shown, &extract.Refusal{Code: "bad_name", Detail: "slash, control or direction mark"}
	default:
		return shown, nil
	}
}

// sniff tells the format by the first bytes; the name decides only where a container or plain text
// leaves it open. Whether the file really is what it seems, the reader finds out in its sandbox.
func sniff(head []byte, name string) (document.Format, error) {
	if len(head) == 0 {
		return "", &extract.Refusal{Code: "empty"}
	}
	ext := strings.ToLower(filepath.Ext(name))
	named := func(formats map[string]document.Format) (document.Format, bool) {
		f, ok := formats[ext]
		return f, ok
	}
	// Some printers' drivers put a line or a byte order mark before the header.
	if bytes.Contains(head[:min(len(head), 1024)], []byte("%PDF-")) {
		return document.PDF, nil
	}
	m := mimetype.Detect(head)
	for t := m; t != nil; t = t.Parent() {
		kind, _, _ := strings.Cut(t.String(), ";") // without its charset
		switch kind {
		case "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":
			return document.XLSX, nil
		case "application/vnd.openxmlformats-officedocument.wordprocessingml.document":
			return document.DOCX, nil
		case "application/vnd.oasis.opendocument.spreadsheet":
			return document.ODS, nil
		case "application/vnd.ms-excel":
			return document.XLS, nil
		case "application/msword":
			return document.DOC, nil
		case "image/jpeg", "image/png", "image/tiff":
			return document.Image, nil
		case "text/html":
			return document.HTML, nil
		case "application/zip": // parts in an order of their own, as some exporters write them
			if f, ok := named(map[string]document.Format{".xlsx": document.XLSX, ".xlsm": document.XLSX, ".docx": document.DOCX, ".ods": document.ODS}); ok {
				return f, nil
			}
		case "application/x-ole-storage": // also the hull of Office files with a password
			if f, ok := named(map[string]document.Format{".xls": document.XLS, ".doc": document.DOC, ".xlsx": document.XLSX, ".xlsm": document.XLSX, ".docx": document.DOCX}); ok {
				return f, nil
			}
		}
	}
	// Text in an encoding before Unicode looks like octets.
	if strings.HasPrefix(m.String(), "text/") || m.String() == "application/octet-stream" && !bytes.ContainsRune(head, 0) {
		if f, ok := named(map[string]document.Format{".csv": document.CSV, ".tsv": document.CSV}); ok {
			return f, nil
		}
	}
	return "", &extract.Refusal{Code: "unsupported", Detail: m.String()}
}
