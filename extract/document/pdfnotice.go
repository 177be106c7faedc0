package document

import (
	"bytes"
	"fmt"

	"github.com/ledongthuc/pdf"
)

// notice looks for what a person should know of a file besides its text: signatures, what was
// added after them, attachments, scripts. Nothing of it is checked or run. data is the file as it came.
func (d *pdfDocument) notice(data []byte) {
	f := d.file
	root := f.key(f.reader.Trailer(), "Root")
	form := f.key(root, "AcroForm")
	signed, covered := 0, int64(0)
	scripts := f.key(root, "AA").Kind() == pdf.Dict
	budget := 5000 // fields and annotations; a file with more is not looked through to its end
	var fields func(v pdf.Value, inherited string, depth int)
	fields = func(v pdf.Value, inherited string, depth int) {
		for i := 0; i < v.Len() && budget > 0; i++ {
			budget--
			field := f.index(v, i)
			kind := inherited
			if own := f.key(field, "FT").Name(); own != "" {
				kind = own
			}
			scripts = scripts || f.key(field, "AA").Kind() == pdf.Dict
			if value := f.key(field, "V"); kind == "Sig" && value.Kind() == pdf.Dict {
				signed++
				r := f.key(value, "ByteRange")
				if n := r.Len(); n >= 2 {
					covered = max(covered, f.index(r, n-2).Int64()+f.index(r, n-1).Int64())
				}
			}
			if depth < 16 {
				fields(f.key(field, "Kids"), kind, depth+1)
			}
		}
	}
	fields(f.key(form, "Fields"), "", 0)
	if signed > 0 {
		d.warn("signed", 0, fmt.Sprint(signed))
		if rest := int64(len(data)) - covered; covered > 0 && rest > 0 && len(bytes.TrimSpace(data[covered:])) > 0 {
			d.warn("appended_after_signing", 0, fmt.Sprint(rest))
		}
	}
	names := f.key(root, "Names")
	attached := f.key(names, "EmbeddedFiles").Kind() == pdf.Dict || f.key(root, "AF").Len() > 0
	for _, p := range d.pages {
		scripts = scripts || f.key(p.dict, "AA").Kind() == pdf.Dict
		for notes, i := f.key(p.dict, "Annots"), 0; i < notes.Len() && budget > 0; i++ {
			budget--
			note := f.index(notes, i)
			attached = attached || f.key(note, "Subtype").Name() == "FileAttachment"
			scripts = scripts || f.isScript(f.key(note, "A")) || f.key(note, "AA").Kind() == pdf.Dict
		}
	}
	if attached {
		d.warn("attachments", 0, "")
	}
	scripts = scripts || f.key(names, "JavaScript").Kind() == pdf.Dict || f.isScript(f.key(root, "OpenAction"))
	if scripts {
		d.warn("scripts", 0, "")
	}
}

func (f *pdfFile) isScript(action pdf.Value) bool {
	switch f.key(action, "S").Name() {
	case "JavaScript", "Launch":
		return true
	}
	return false
}
