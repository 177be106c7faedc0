package document

import (
	"bytes"
	"fmt"
	"reflect"

	"github.com/ledongthuc/pdf"
)

// ledongthuc/pdf gives the objects of a file as pdf.Value. Two things that a Value knows and does
// not tell are needed here: under which object number it stands (fonts are cached by it, loops are
// found by it) and where the raw bytes of a stream lie (its own decoder knows two filters, has no
// limit and gives up at the first damage). Both are read by reflection, in this file only;
// TestValueLayout fails when the library changes its shape.

// objectID is the number of the indirect object in which v stands; a direct object has that of
// the object around it.
func objectID(v pdf.Value) uint32 {
	return uint32(reflect.ValueOf(v).Field(1).Field(0).Uint())
}

// streamOffset is where the bytes of stream v start in the file.
func streamOffset(v pdf.Value) int64 {
	return reflect.ValueOf(v).Field(2).Elem().Field(2).Int()
}

// pdfFile is an opened file with its budget.
type pdfFile struct {
	data    []byte
	reader  *pdf.Reader
	decoded int // bytes decoded so far, against maxDecodedBytes
	damaged bool
	glyphs  int // of the page before: pages of a file are alike
	fonts   map[fontKey]*font
}

// openPDF opens data as it stands. The library reports some damage as errors and some as panics; both
// come out as ErrCorrupt.
func openPDF(data []byte) (f *pdfFile, err error) {
	defer func() {
		if p := recover(); p != nil {
			f, err = nil, fmt.Errorf("%w: %v", ErrCorrupt, p)
		}
	}()
	r, err := pdf.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrCorrupt, err)
	}
	return &pdfFile{data: data, reader: r, fonts: map[fontKey]*font{}}, nil
}

// try runs fn and says whether it went through without a panic of the library.
func (f *pdfFile) try(fn func()) (ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
			f.damaged = true
		}
	}()
	fn()
	return true
}

// key is v.Key(name), null where the object behind it is damaged.
func (f *pdfFile) key(v pdf.Value, name string) (out pdf.Value) {
	f.try(func() { out = v.Key(name) })
	return out
}

// index is v.Index(i), null where the object behind it is damaged.
func (f *pdfFile) index(v pdf.Value, i int) (out pdf.Value) {
	f.try(func() { out = v.Index(i) })
	return out
}

// stream gives the decoded bytes of v. The result must not be changed.
func (f *pdfFile) stream(v pdf.Value) ([]byte, error) {
	if v.Kind() != pdf.Stream {
		return nil, fmt.Errorf("%w: stream not present", ErrCorrupt)
	}
	raw := rawStream(f.data, streamOffset(v), f.key(v, "Length").Int64())
	filters := f.filters(v)
	if len(filters) == 0 {
		return raw, nil
	}
	room := min(maxStreamBytes, maxDecodedBytes-f.decoded)
	if room <= 0 {
		return nil, fmt.Errorf("%w: more than %d MiB of decoded streams", ErrTooLarge, maxDecodedBytes>>20)
	}
	out, err := decode(raw, filters, room)
	f.decoded += len(out)
	if len(out) == 0 && len(raw) > 16 {
		f.damaged = true
	}
	return out, err
}

// rawStream is the stream that starts at offset. Where the length said is not followed by
// endstream, the next endstream ends it.
func rawStream(data []byte, offset, length int64) []byte {
	if offset < 0 || offset >= int64(len(data)) {
		return nil
	}
	rest := data[offset:]
	if length >= 0 && length <= int64(len(rest)) {
		after := rest[length:]
		if bytes.HasPrefix(bytes.TrimLeft(after[:min(len(after), 16)], "\r\n \t\x00"), []byte("endst")) {
			return rest[:length]
		}
	}
	if i := bytes.Index(rest, []byte("endstream")); i >= 0 {
		return bytes.TrimSuffix(bytes.TrimSuffix(rest[:i], []byte("\n")), []byte("\r"))
	}
	if length > 0 && length <= int64(len(rest)) {
		return rest[:length]
	}
	return rest
}

func (f *pdfFile) filters(v pdf.Value) []filter {
	names, params := f.key(v, "Filter"), f.key(v, "DecodeParms")
	switch names.Kind() {
	case pdf.Name:
		if params.Kind() == pdf.Array {
			params = f.index(params, 0)
		}
		return []filter{f.filter(names.Name(), params)}
	case pdf.Array:
		var fs []filter
		for i := range min(names.Len(), maxFilters+1) {
			p := params
			if params.Kind() == pdf.Array {
				p = f.index(params, i)
			}
			fs = append(fs, f.filter(f.index(names, i).Name(), p))
		}
		return fs
	}
	return nil
}

func (f *pdfFile) filter(name string, params pdf.Value) filter {
	out := filter{name: name, early: true, colors: 1, depth: 8, columns: 1}
	if params.Kind() != pdf.Dict {
		return out
	}
	number := func(key string, n *int) {
		if v := f.key(params, key); v.Kind() == pdf.Integer {
			*n = int(v.Int64())
		}
	}
	number("Predictor", &out.predictor)
	number("Columns", &out.columns)
	number("Colors", &out.colors)
	number("BitsPerComponent", &out.depth)
	early := 1
	number("EarlyChange", &early)
	out.early = early != 0
	return out
}
