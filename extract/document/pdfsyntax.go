package document

import (
	"bytes"
	"strconv"
)

// The lexer below reads the common syntax of PDF objects, content streams and CMaps out of memory.
// It never fails: what it cannot make sense of comes out as a keyword nobody knows.

type tokenKind uint8

const (
	tokEOF tokenKind = iota
	tokNumber
	tokString
	tokName
	tokKeyword
	tokArray    // [
	tokArrayEnd // ]
	tokDict     // <<
	tokDictEnd  // >>
)

// token is one lexical unit. Text is the decoded bytes of strings, names and keywords; it may
// point into the lexer's data or scratch space and is good until the scratch space is dropped.
type token struct {
	kind tokenKind
	num  float64
	text []byte
}

type lexer struct {
	data    []byte
	pos     int
	scratch []byte
}

// Classes of bytes: 1 white space, 2 delimiter, 0 regular.
var byteClass = func() (c [256]uint8) {
	for _, b := range "\x00\t\n\f\r " {
		c[b] = 1
	}
	for _, b := range "()<>[]{}/%" {
		c[b] = 2
	}
	return c
}()

func (l *lexer) skipSpace() {
	for l.pos < len(l.data) {
		b := l.data[l.pos]
		if b == '%' {
			for l.pos < len(l.data) && l.data[l.pos] != '\n' && l.data[l.pos] != '\r' {
				l.pos++
			}
		} else if byteClass[b] != 1 {
			return
		} else {
			l.pos++
		}
	}
}

func (l *lexer) next() token {
	l.skipSpace()
	if l.pos >= len(l.data) {
		return token{kind: tokEOF}
	}
	switch b := l.data[l.pos]; b {
	case '[':
		l.pos++
		return token{kind: tokArray}
	case ']':
		l.pos++
		return token{kind: tokArrayEnd}
	case '(':
		return token{kind: tokString, text: l.literal()}
	case '/':
		return token{kind: tokName, text: l.name()}
	case '<':
		if l.pos+1 < len(l.data) && l.data[l.pos+1] == '<' {
			l.pos += 2
			return token{kind: tokDict}
		}
		return token{kind: tokString, text: l.hex()}
	case '>':
		if l.pos+1 < len(l.data) && l.data[l.pos+1] == '>' {
			l.pos += 2
			return token{kind: tokDictEnd}
		}
		l.pos++
		return token{kind: tokKeyword, text: l.data[l.pos-1 : l.pos]}
	case ')', '{', '}':
		l.pos++
		return token{kind: tokKeyword, text: l.data[l.pos-1 : l.pos]}
	default:
		start := l.pos
		for l.pos < len(l.data) && byteClass[l.data[l.pos]] == 0 {
			l.pos++
		}
		word := l.data[start:l.pos]
		if b <= '9' {
			if n, ok := number(word); ok {
				return token{kind: tokNumber, num: n}
			}
		}
		return token{kind: tokKeyword, text: word}
	}
}

var powersOfTen = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// number reads a PDF number. Like other readers it takes "--5" as -5 and stops at a minus inside
// ("12-3" is 12), both of which real generators write.
func number(word []byte) (float64, bool) {
	i, neg := 0, false
	for i < len(word) && (word[i] == '+' || word[i] == '-') {
		neg = neg || word[i] == '-'
		i++
	}
	var mantissa uint64
	digits, frac, dot := 0, 0, false
	for ; i < len(word); i++ {
		switch b := word[i]; {
		case b >= '0' && b <= '9':
			digits++
			if mantissa < 1e15 {
				mantissa = mantissa*10 + uint64(b-'0')
				if dot {
					frac++
				}
			} else if !dot {
				frac-- // digits beyond float precision still count in size
			}
		case b == '.' && !dot:
			dot = true
		case b == '-' && digits > 0:
			i = len(word)
		default:
			return 0, false
		}
	}
	if digits == 0 {
		return 0, dot && len(word) <= 2 // a lone "." or "-." is a zero, as in other readers
	}
	n := float64(mantissa)
	if frac > 0 {
		n /= powersOfTen[min(frac, len(powersOfTen)-1)]
	} else if frac < 0 {
		n *= powersOfTen[min(-frac, len(powersOfTen)-1)]
	}
	if neg {
		n = -n
	}
	return n, true
}

// literal reads a string in parentheses, the lexer standing on the opening one.
func (l *lexer) literal() []byte {
	l.pos++
	start, depth, plain := l.pos, 1, true
	i := l.pos
scan:
	for ; i < len(l.data); i++ {
		switch l.data[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				break scan
			}
		case '\\':
			plain = false
			i++
		case '\r':
			plain = false
		}
	}
	end := min(i, len(l.data))
	l.pos = min(end+1, len(l.data))
	if plain {
		return l.data[start:end]
	}
	from := len(l.scratch)
	for i := start; i < end; i++ {
		b := l.data[i]
		if b == '\r' {
			if i+1 < end && l.data[i+1] == '\n' {
				i++
			}
			b = '\n'
		} else if b == '\\' && i+1 < end {
			i++
			switch b = l.data[i]; b {
			case 'n':
				b = '\n'
			case 'r':
				b = '\r'
			case 't':
				b = '\t'
			case 'b':
				b = '\b'
			case 'f':
				b = '\f'
			case '\n':
				continue
			case '\r':
				if i+1 < end && l.data[i+1] == '\n' {
					i++
				}
				continue
			case '0', '1', '2', '3', '4', '5', '6', '7':
				n := int(b - '0')
				for k := 0; k < 2 && i+1 < end && l.data[i+1] >= '0' && l.data[i+1] <= '7'; k++ {
					i++
					n = n<<3 | int(l.data[i]-'0')
				}
				b = byte(n)
			}
		}
		l.scratch = append(l.scratch, b)
	}
	return l.scratch[from:]
}

// hex reads a string in angle brackets, the lexer standing on the opening one.
func (l *lexer) hex() []byte {
	l.pos++
	from, half, high := len(l.scratch), false, byte(0)
	for l.pos < len(l.data) {
		b := l.data[l.pos]
		l.pos++
		if b == '>' {
			break
		}
		d, ok := hexDigit(b)
		if !ok {
			continue
		}
		if half {
			l.scratch = append(l.scratch, high<<4|d)
		}
		high, half = d, !half
	}
	if half {
		l.scratch = append(l.scratch, high<<4)
	}
	return l.scratch[from:]
}

func hexDigit(b byte) (byte, bool) {
	switch {
	case b >= '0' && b <= '9':
		return b - '0', true
	case b >= 'a' && b <= 'f':
		return b - 'a' + 10, true
	case b >= 'A' && b <= 'F':
		return b - 'A' + 10, true
	}
	return 0, false
}

// name reads a name, the lexer standing on its slash.
func (l *lexer) name() []byte {
	l.pos++
	start, plain := l.pos, true
	for l.pos < len(l.data) && byteClass[l.data[l.pos]] == 0 {
		plain = plain && l.data[l.pos] != '#'
		l.pos++
	}
	raw := l.data[start:l.pos]
	if plain {
		return raw
	}
	from := len(l.scratch)
	for i := 0; i < len(raw); i++ {
		if raw[i] == '#' && i+2 < len(raw) {
			hi, ok1 := hexDigit(raw[i+1])
			lo, ok2 := hexDigit(raw[i+2])
			if ok1 && ok2 {
				l.scratch = append(l.scratch, hi<<4|lo)
				i += 2
				continue
			}
		}
		l.scratch = append(l.scratch, raw[i])
	}
	return l.scratch[from:]
}

// Objects as the rewriter reads and writes them: nil, bool, float64, pdfString, pdfName, pdfArray,
// pdfDict, pdfRef.
type (
	pdfString string
	pdfName   string
	pdfArray  []any
	pdfDict   map[pdfName]any
	pdfRef    struct{ id, gen uint32 }
)

// maxNesting bounds arrays and dictionaries inside each other; real files stay below ten, and
// deeper ones are cut off there.
const maxNesting = 100

// object reads one object; a reference needs two tokens of look-ahead.
func (l *lexer) object(depth int) any {
	l.scratch = nil // names and strings are copied out below
	return l.objectFrom(l.next(), depth)
}

func (l *lexer) objectFrom(t token, depth int) any {
	switch t.kind {
	case tokNumber:
		if t.num < 0 || t.num != float64(uint32(t.num)) {
			return t.num
		}
		// Only "number number R" is a reference; anything else is left for the next call.
		back := l.pos
		if g := l.next(); g.kind == tokNumber && g.num == float64(uint16(g.num)) {
			if r := l.next(); r.kind == tokKeyword && string(r.text) == "R" {
				return pdfRef{uint32(t.num), uint32(g.num)}
			}
		}
		l.pos = back
		return t.num
	case tokString:
		return pdfString(t.text)
	case tokName:
		return pdfName(t.text)
	case tokArray:
		var a pdfArray
		for depth < maxNesting {
			t := l.next()
			if t.kind == tokArrayEnd || t.kind == tokEOF {
				break
			}
			if t.kind == tokKeyword && isStructural(t.text) || t.kind == tokDictEnd {
				l.pos -= len(t.text)
				break
			}
			a = append(a, l.objectFrom(t, depth+1))
		}
		return a
	case tokDict:
		d := pdfDict{}
		for depth < maxNesting {
			t := l.next()
			if t.kind == tokDictEnd || t.kind == tokEOF {
				break
			}
			if t.kind == tokKeyword && isStructural(t.text) {
				l.pos -= len(t.text)
				break
			}
			if t.kind != tokName {
				continue
			}
			key := pdfName(t.text)
			v := l.next()
			if v.kind == tokDictEnd || v.kind == tokEOF {
				break
			}
			d[key] = l.objectFrom(v, depth+1)
		}
		return d
	case tokKeyword:
		switch string(t.text) {
		case "true":
			return true
		case "false":
			return false
		}
	}
	return nil
}

// isStructural says whether a keyword ends an object that was not closed.
func isStructural(word []byte) bool {
	switch string(word) {
	case "endobj", "stream", "endstream", "obj", "xref", "trailer", "startxref":
		return true
	}
	return false
}

// writeObject puts v down in the plainest syntax: strings in hex, names escaped where needed.
func writeObject(w *bytes.Buffer, v any) {
	switch v := v.(type) {
	case bool:
		w.WriteString(strconv.FormatBool(v))
	case float64:
		w.Write(strconv.AppendFloat(w.AvailableBuffer(), v, 'f', -1, 64))
	case pdfString:
		const digits = "0123456789abcdef"
		w.WriteByte('<')
		for i := 0; i < len(v); i++ {
			w.WriteByte(digits[v[i]>>4])
			w.WriteByte(digits[v[i]&15])
		}
		w.WriteByte('>')
	case pdfName:
		w.WriteByte('/')
		for i := 0; i < len(v); i++ {
			if b := v[i]; b <= ' ' || b > '~' || b == '#' || byteClass[b] == 2 {
				const digits = "0123456789abcdef"
				w.Write([]byte{'#', digits[b>>4], digits[b&15]})
			} else {
				w.WriteByte(b)
			}
		}
	case pdfArray:
		w.WriteByte('[')
		for i, e := range v {
			if i > 0 {
				w.WriteByte(' ')
			}
			writeObject(w, e)
		}
		w.WriteByte(']')
	case pdfDict:
		w.WriteString("<<")
		for k, e := range v {
			writeObject(w, k)
			w.WriteByte(' ')
			writeObject(w, e)
		}
		w.WriteString(">>")
	case pdfRef:
		w.Write(strconv.AppendUint(w.AvailableBuffer(), uint64(v.id), 10))
		w.WriteByte(' ')
		w.Write(strconv.AppendUint(w.AvailableBuffer(), uint64(v.gen), 10))
		w.WriteString(" R")
	default:
		w.WriteString("null")
	}
}
