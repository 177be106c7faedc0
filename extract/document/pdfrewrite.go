package document

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
)

// Limits of rewriting.
const (
	// maxObjects bounds the objects of a file; a 500-page report has about 5,000.
	maxObjects = 500_000
	// maxObjectID bounds object numbers: the library keeps a table up to the highest.
	maxObjectID = 1_000_000
)

// rewriter collects the objects of a file by scanning for them, without its cross-reference table,
// and writes them down anew. The library is only ever given its output: a stranger's file can make
// it loop, overflow its stack or allocate without bound in ways that no recover catches
// (GO-2026-6115), and it refuses files that every other reader opens. What is written has closed
// strings, one true cross-reference table, no object streams and no encryption.
type rewriter struct {
	data    []byte
	objects map[uint32]*found
	trailer pdfDict // keys of all trailers, later ones over earlier ones
	packed  []*found
	decoded int
}

// found is one object; data is its stream, nil where it is none.
type found struct {
	id, gen uint32
	value   any
	data    []byte
	stream  bool
	at      int // where it, or the object stream that holds it, starts in the file
}

// rewritePDF gives a plain file with what can be found of data: object streams unpacked, encryption
// with an empty password taken off, the bytes of pictures and font programs left out.
// ErrEncrypted says that a password is needed.
func rewritePDF(data []byte) (out []byte, err error) {
	// The limits above hold, but a stranger's file decides what is met on the way.
	defer func() {
		if p := recover(); p != nil {
			out, err = nil, fmt.Errorf("%w: %v", ErrCorrupt, p)
		}
	}()
	m := &rewriter{data: data, objects: map[uint32]*found{}, trailer: pdfDict{}}
	m.scan()
	if len(m.objects) == 0 {
		return nil, fmt.Errorf("%w: no objects", ErrCorrupt)
	}
	if enc, ok := m.resolve(m.trailer["Encrypt"]).(pdfDict); ok {
		key, err := m.unlock(enc)
		if err != nil {
			return nil, err
		}
		skip, _ := m.trailer["Encrypt"].(pdfRef)
		for _, o := range m.objects {
			if o.id != skip.id {
				key.open(o)
			}
		}
		delete(m.objects, skip.id)
	}
	m.unpack()
	if !m.hasPages() && !m.gatherPages() {
		return nil, fmt.Errorf("%w: no pages", ErrCorrupt)
	}
	return m.write(), nil
}

// scan walks over the file from object to object. A later object with the same number replaces an
// earlier one, as incremental updates mean it.
func (m *rewriter) scan() {
	l := &lexer{data: m.data}
	for pos := 0; pos < len(m.data) && len(m.objects) < maxObjects; {
		rest := m.data[pos:]
		obj := bytes.Index(rest, []byte("obj"))
		tr := bytes.Index(rest[:max(obj, 0)], []byte("trailer"))
		if obj < 0 {
			tr = bytes.Index(rest, []byte("trailer"))
		}
		if tr >= 0 {
			l.pos = pos + tr + len("trailer")
			if d, ok := l.object(0).(pdfDict); ok {
				m.addTrailer(d)
			}
			pos = pos + tr + len("trailer")
			continue
		}
		if obj < 0 {
			return
		}
		at := pos + obj
		pos = at + 3
		id, gen, ok := header(m.data[:at])
		if !ok || id > maxObjectID {
			continue
		}
		l.pos = pos
		o := &found{id: id, gen: gen, value: l.object(0), at: at}
		pos = max(pos, l.pos)
		if d, ok := o.value.(pdfDict); ok {
			if t := l.next(); t.kind == tokKeyword && string(t.text) == "stream" {
				start := int64(l.pos)
				if start < int64(len(m.data)) && m.data[start] == '\r' {
					start++
				}
				if start < int64(len(m.data)) && m.data[start] == '\n' {
					start++
				}
				length := int64(-1)
				if n, ok := d["Length"].(float64); ok {
					length = int64(n)
				} else if r, ok := d["Length"].(pdfRef); ok && m.objects[r.id] != nil {
					if n, ok := m.objects[r.id].value.(float64); ok {
						length = int64(n)
					}
				}
				o.stream, o.data = true, rawStream(m.data, start, length)
				pos = int(start) + len(o.data)
				if d["Type"] == pdfName("XRef") {
					m.addTrailer(d)
					continue
				}
				if d["Type"] == pdfName("ObjStm") {
					m.packed = append(m.packed, o)
				}
			}
		}
		m.objects[id] = o
	}
}

// header reads "12 0 " backwards from the end of before.
func header(before []byte) (id, gen uint32, ok bool) {
	back := func() (uint32, bool) {
		end := len(before)
		for end > 0 && byteClass[before[end-1]] == 1 {
			end--
		}
		start := end
		for start > 0 && end-start < 10 && before[start-1] >= '0' && before[start-1] <= '9' {
			start--
		}
		n, err := strconv.ParseUint(string(before[start:end]), 10, 32)
		before = before[:start]
		return uint32(n), err == nil
	}
	gen, ok1 := back()
	id, ok2 := back()
	return id, gen & 0xFFFF, ok1 && ok2 && id > 0
}

func (m *rewriter) addTrailer(d pdfDict) {
	for _, k := range []pdfName{"Root", "Info", "Encrypt", "ID"} {
		if v, ok := d[k]; ok {
			m.trailer[k] = v
		}
	}
}

func (m *rewriter) resolve(v any) any {
	for range 8 { // a reference to a reference is already odd
		r, ok := v.(pdfRef)
		if !ok {
			return v
		}
		o := m.objects[r.id]
		if o == nil {
			return nil
		}
		v = o.value
	}
	return nil
}

// unpack takes the objects out of object streams. Of two with one number the later in the file
// stays, as in scan.
func (m *rewriter) unpack() {
	for _, o := range m.packed {
		delete(m.objects, o.id)
		d := o.value.(pdfDict)
		data := m.decode(o)
		n, _ := m.resolve(d["N"]).(float64)
		first, _ := m.resolve(d["First"]).(float64)
		if first <= 0 || first >= float64(len(data)) {
			continue
		}
		head, body := &lexer{data: data[:int(first)]}, &lexer{data: data}
		for range int(min(n, maxObjects)) {
			id, off := head.next(), head.next()
			if id.kind != tokNumber || off.kind != tokNumber || len(m.objects) >= maxObjects {
				break
			}
			at := first + off.num
			if id.num < 1 || id.num > maxObjectID || off.num < 0 || at >= float64(len(data)) {
				continue
			}
			if old := m.objects[uint32(id.num)]; old != nil && old.at > o.at {
				continue
			}
			body.pos = int(at)
			m.objects[uint32(id.num)] = &found{id: uint32(id.num), value: body.object(0), at: o.at}
		}
	}
}

// decode runs the stream of o through its filters.
func (m *rewriter) decode(o *found) []byte {
	d := o.value.(pdfDict)
	names, params := m.list(d["Filter"]), m.list(d["DecodeParms"])
	var fs []filter
	for i, n := range names {
		name, _ := m.resolve(n).(pdfName)
		f := filter{name: string(name), early: true, colors: 1, depth: 8, columns: 1}
		if i < len(params) {
			p, _ := m.resolve(params[i]).(pdfDict)
			for key, to := range map[pdfName]*int{"Predictor": &f.predictor, "Columns": &f.columns, "Colors": &f.colors, "BitsPerComponent": &f.depth} {
				if v, ok := m.resolve(p[key]).(float64); ok {
					*to = int(v)
				}
			}
			f.early = m.resolve(p["EarlyChange"]) != 0.0
		}
		fs = append(fs, f)
	}
	room := min(maxStreamBytes, maxDecodedBytes-m.decoded)
	if room <= 0 {
		return nil
	}
	out, _ := decode(slices.Clone(o.data), fs, room)
	m.decoded += len(out)
	return out
}

func (m *rewriter) list(v any) []any {
	switch v := m.resolve(v).(type) {
	case nil:
		return nil
	case pdfArray:
		return v
	default:
		return []any{v}
	}
}

// hasPages says whether the trailer leads to a page tree with at least one child there is.
func (m *rewriter) hasPages() bool {
	root, _ := m.resolve(m.trailer["Root"]).(pdfDict)
	if root == nil {
		for _, id := range m.ids() {
			if d, ok := m.objects[id].value.(pdfDict); ok && d["Type"] == pdfName("Catalog") {
				m.trailer["Root"] = pdfRef{id, m.objects[id].gen}
				root = d
			}
		}
	}
	pages, _ := m.resolve(root["Pages"]).(pdfDict)
	kids, _ := m.resolve(pages["Kids"]).(pdfArray)
	for _, k := range kids {
		if d, ok := m.resolve(k).(pdfDict); ok && (d["Kids"] != nil || d["Contents"] != nil || d["Type"] == pdfName("Page")) {
			return true
		}
	}
	return false
}

// gatherPages makes a page tree of all pages there are, in the order of their numbers, which is
// the order in which nearly all programs write them.
func (m *rewriter) gatherPages() bool {
	var kids pdfArray
	for _, id := range m.ids() {
		o := m.objects[id]
		d, ok := o.value.(pdfDict)
		if !ok || o.stream {
			continue
		}
		_, media := d["MediaBox"]
		_, contents := d["Contents"]
		if d["Type"] == pdfName("Page") || contents && media {
			kids = append(kids, pdfRef{id, o.gen})
		}
	}
	if len(kids) == 0 {
		return false
	}
	m.trailer["Root"] = pdfDict{"Type": pdfName("Catalog"), "Pages": pdfDict{"Type": pdfName("Pages"), "Kids": kids, "Count": float64(len(kids))}}
	return true
}

func (m *rewriter) ids() []uint32 {
	ids := make([]uint32, 0, len(m.objects))
	for id := range m.objects {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// read says whether the bytes of a stream with dictionary d are ever looked at. Pictures and font
// programs are most of most files.
func read(d pdfDict) bool {
	if d["Length1"] != nil || d["Length3"] != nil {
		return false
	}
	switch d["Subtype"] {
	case pdfName("Image"), pdfName("Type1C"), pdfName("CIDFontType0C"), pdfName("OpenType"), pdfName("XML"):
		return false
	}
	return d["Type"] != pdfName("EmbeddedFile")
}

// write puts the objects into a plain file with a true cross-reference table.
func (m *rewriter) write() []byte {
	var w bytes.Buffer
	w.Grow(len(m.data) / 2)
	w.WriteString("%PDF-1.7\n")
	ids := m.ids()
	offsets := make([]int, len(ids))
	for i, id := range ids {
		o := m.objects[id]
		offsets[i] = w.Len()
		fmt.Fprintf(&w, "%d %d obj\n", o.id, o.gen)
		if o.stream {
			d := o.value.(pdfDict)
			if !read(d) {
				o.data = nil
			}
			d["Length"] = float64(len(o.data))
			writeObject(&w, d)
			w.WriteString("\nstream\n")
			w.Write(o.data)
			w.WriteString("\nendstream")
		} else {
			writeObject(&w, o.value)
		}
		w.WriteString("\nendobj\n")
	}
	start := w.Len()
	w.WriteString("xref\n0 1\n0000000000 65535 f \n")
	for i := 0; i < len(ids); {
		n := 1
		for i+n < len(ids) && ids[i+n] == ids[i]+uint32(n) {
			n++
		}
		fmt.Fprintf(&w, "%d %d\n", ids[i], n)
		for k := i; k < i+n; k++ {
			fmt.Fprintf(&w, "%010d %05d n \n", offsets[k], m.objects[ids[k]].gen)
		}
		i += n
	}
	size := ids[len(ids)-1] + 1
	root := m.trailer["Root"]
	w.WriteString("trailer\n")
	writeObject(&w, pdfDict{"Size": float64(size), "Root": root})
	fmt.Fprintf(&w, "\nstartxref\n%d\n%%%%EOF\n", start)
	return w.Bytes()
}
