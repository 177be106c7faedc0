package document

import (
	"bytes"
	"compress/flate"
	"encoding/ascii85"
	"fmt"
	"io"
)

// Limits of decompression. A file beyond them is a bomb or not a report: what was read until then
// is kept and the rest is dropped.
const (
	// maxStreamBytes bounds one decoded stream. The largest page content seen in a report is 2 MB;
	// ten times the largest embedded font stays below.
	maxStreamBytes = 64 << 20
	// maxDecodedBytes bounds all decoded streams of one file together: about 3 s of inflating.
	maxDecodedBytes = 768 << 20
	// maxFilters bounds the filters of one stream; real ones have one or two.
	maxFilters = 4
)

// filter is one stage of a stream's decoding, with the parameters that text streams use.
type filter struct {
	name                              string
	predictor, columns, colors, depth int
	early                             bool // LZW switches code size one code early
}

// decode runs data through filters, giving back at most limit bytes. Damaged data gives what could
// be decoded before the damage: half a page of text is better than none. An error means that
// nothing could be had.
func decode(data []byte, filters []filter, limit int) ([]byte, error) {
	if len(filters) > maxFilters {
		return nil, fmt.Errorf("%w: %d filters on a stream", ErrCorrupt, len(filters))
	}
	for _, f := range filters {
		switch f.name {
		case "FlateDecode", "Fl":
			data = inflate(data, limit)
		case "LZWDecode", "LZW":
			data = unlzw(data, f.early, limit)
		case "ASCIIHexDecode", "AHx":
			l := lexer{data: append([]byte{'<'}, data...)}
			data = l.hex()
		case "ASCII85Decode", "A85":
			data = unascii85(data)
		case "RunLengthDecode", "RL":
			data = unrunlength(data, limit)
		case "Crypt": // the identity; other crypt filters are gone when a file is mended
		default:
			return nil, fmt.Errorf("%w: filter %q", ErrUnsupported, f.name)
		}
		if f.predictor > 1 {
			data = unpredict(data, f)
		}
	}
	return data, nil
}

func inflate(data []byte, limit int) []byte {
	// Two bytes of zlib header; the checksum at the end is not looked at, since many writers get
	// it wrong and a wrong one would not make the text less worth reading.
	if len(data) < 2 {
		return nil
	}
	body := data
	if data[0]&15 == 8 && (int(data[0])<<8|int(data[1]))%31 == 0 {
		body = data[2:]
	} else if b := bytes.TrimLeft(data, "\r\n"); len(b) > 2 && b[0]&15 == 8 {
		body = b[2:]
	}
	r := flate.NewReader(bytes.NewReader(body))
	var out bytes.Buffer
	out.Grow(min(len(data)*4, limit))
	io.Copy(&out, io.LimitReader(r, int64(limit)))
	return out.Bytes()
}

func unascii85(data []byte) []byte {
	if i := bytes.IndexByte(data, '~'); i >= 0 {
		data = data[:i]
	}
	data = bytes.TrimPrefix(bytes.TrimSpace(data), []byte("<~"))
	out := make([]byte, len(data)*4+8)
	n, _, _ := ascii85.Decode(out, data, true)
	return out[:n]
}

func unrunlength(data []byte, limit int) []byte {
	var out []byte
	for i := 0; i < len(data) && len(out) < limit; {
		n := int(data[i])
		i++
		switch {
		case n < 128:
			end := min(i+n+1, len(data))
			out = append(out, data[i:end]...)
			i = end
		case n > 128 && i < len(data):
			out = append(out, bytes.Repeat(data[i:i+1], 257-n)...)
			i++
		case n == 128:
			return out
		}
	}
	return out
}

// unlzw decodes the PDF flavour of LZW: most significant bit first, codes of 9 to 12 bits, 256
// clears the table, 257 ends. (compress/lzw cannot switch code sizes early.)
func unlzw(data []byte, early bool, limit int) []byte {
	type entry struct {
		prefix int32
		last   byte
		length int32
	}
	var (
		table  [4096]entry
		out    []byte
		next   = 258
		size   = 9
		prev   = -1
		bits   uint32
		nbits  int
		offset = 0
	)
	if early {
		offset = 1
	}
	for i := range 256 {
		table[i] = entry{-1, byte(i), 1}
	}
	for i := 0; ; {
		for nbits < size {
			if i >= len(data) {
				return out
			}
			bits = bits<<8 | uint32(data[i])
			i++
			nbits += 8
		}
		code := int(bits >> (nbits - size) & (1<<size - 1))
		nbits -= size
		switch {
		case code == 257:
			return out
		case code == 256:
			next, size, prev = 258, 9, -1
			continue
		case code > next || code == next && prev < 0 || code >= 256 && prev < 0:
			return out
		}
		n := int32(1)
		if code < next {
			n = table[code].length
		} else {
			n = table[prev].length + 1
		}
		if len(out)+int(n) > limit {
			return out
		}
		at := len(out)
		out = append(out, make([]byte, n)...)
		c, end := code, at+int(n)
		if code == next {
			c, end = prev, end-1
		}
		for k := end - 1; k >= at; k-- {
			out[k] = table[c].last
			c = int(table[c].prefix)
		}
		if code == next {
			out[at+int(n)-1] = out[at]
		}
		if prev >= 0 && next < 4096 {
			table[next] = entry{int32(prev), out[at], table[prev].length + 1}
			next++
		}
		prev = code
		for size < 12 && next+offset >= 1<<size {
			size++
		}
	}
}

// unpredict undoes the PNG predictors (10 to 15) and the TIFF one (2, bytes only).
func unpredict(data []byte, f filter) []byte {
	colors, depth, columns := max(f.colors, 1), max(f.depth, 1), max(f.columns, 1)
	if colors > 32 || depth > 32 || columns > 1<<20 {
		return data
	}
	pixel := max((colors*depth+7)/8, 1)
	row := (colors*depth*columns + 7) / 8
	if f.predictor == 2 {
		if depth == 8 {
			for at := 0; at+row <= len(data); at += row {
				for i := at + pixel; i < at+row; i++ {
					data[i] += data[i-pixel]
				}
			}
		}
		return data
	}
	out := make([]byte, 0, len(data))
	prev := make([]byte, row)
	for at := 0; at < len(data); at += row + 1 {
		kind, line := data[at], append([]byte(nil), data[at+1:min(at+1+row, len(data))]...)
		for i := range line {
			var left, up, corner byte
			up = prev[i]
			if i >= pixel {
				left, corner = line[i-pixel], prev[i-pixel]
			}
			switch kind {
			case 1:
				line[i] += left
			case 2:
				line[i] += up
			case 3:
				line[i] += byte((int(left) + int(up)) / 2)
			case 4:
				line[i] += paeth(left, up, corner)
			}
		}
		out = append(out, line...)
		copy(prev, line)
	}
	return out
}

func paeth(a, b, c byte) byte {
	p := int(a) + int(b) - int(c)
	pa, pb, pc := max(p-int(a), int(a)-p), max(p-int(b), int(b)-p), max(p-int(c), int(c)-p)
	switch {
	case pa <= pb && pa <= pc:
		return a
	case pb <= pc:
		return b
	}
	return c
}
