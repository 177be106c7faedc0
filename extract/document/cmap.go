package document

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"unicode/utf16"
)

// maxMappings bounds the entries of one CMap, ranges counted by their length: two per character of
// a full 16-bit font. The rest is dropped.
const maxMappings = 1 << 17

// cmap maps character codes to Unicode text (a ToUnicode CMap) or to CIDs (an Encoding CMap).
type cmap struct {
	spaces   []codespace
	text     map[uint32]string
	ranges   []cidRange // by lo
	identity bool       // code is CID (Encoding) or UTF-16 (ToUnicode)
	vertical bool
	mappings int
}

// codespace is a range of codes of n bytes; each byte of a code lies between those of lo and hi.
type codespace struct {
	n      int
	lo, hi uint32
}

type cidRange struct{ lo, hi, cid uint32 }

// parseCMap reads a CMap. It takes what it can and leaves out what is damaged.
func parseCMap(data []byte) *cmap {
	m := &cmap{text: map[uint32]string{}}
	l := &lexer{data: data}
	var args []token // operands since the last keyword
	for {
		t := l.next()
		switch t.kind {
		case tokEOF:
			slices.SortStableFunc(m.ranges, func(a, b cidRange) int { return cmp.Compare(a.lo, b.lo) })
			return m
		case tokKeyword:
			switch word := string(t.text); {
			case word == "usecmap" && len(args) > 0:
				name := string(args[len(args)-1].text)
				m.identity = strings.HasPrefix(name, "Identity")
				m.vertical = m.vertical || strings.HasSuffix(name, "-V")
			case word == "def" && len(args) >= 2 && args[len(args)-2].kind == tokName && string(args[len(args)-2].text) == "WMode":
				m.vertical = args[len(args)-1].num == 1
			case word == "begincodespacerange" || word == "beginbfchar" || word == "beginbfrange" ||
				word == "begincidchar" || word == "begincidrange":
				m.section(l, word)
			}
			args, l.scratch = args[:0], nil
		default:
			if len(args) < 16 { // operands of a keyword; longer runs are junk
				args = append(args, t)
			}
		}
	}
}

// section reads the entries between beginX and endX. Counts in the file are not looked at.
func (m *cmap) section(l *lexer, word string) {
	for {
		l.scratch = nil
		first := l.next()
		if first.kind == tokEOF || first.kind == tokKeyword {
			return
		}
		if first.kind != tokString {
			continue
		}
		switch word {
		case "begincodespacerange":
			if hi := l.next(); hi.kind == tokString && len(hi.text) == len(first.text) && len(hi.text) >= 1 && len(hi.text) <= 4 {
				m.spaces = append(m.spaces, codespace{len(hi.text), codeOf(first.text), codeOf(hi.text)})
			}
		case "beginbfchar":
			if to := l.next(); to.kind == tokString {
				m.add(codeOf(first.text), utf16Text(to.text, 0))
			} else if to.kind == tokName {
				m.add(codeOf(first.text), glyphText(string(to.text)))
			} else if to.kind == tokKeyword {
				return
			}
		case "beginbfrange":
			lo := codeOf(first.text)
			end := l.next()
			if end.kind != tokString {
				return
			}
			hi := codeOf(end.text)
			switch to := l.next(); to.kind {
			case tokString:
				for c := lo; c <= hi && m.mappings < maxMappings; c++ {
					m.add(c, utf16Text(to.text, c-lo))
				}
			case tokArray:
				for c := lo; ; c++ {
					e := l.next()
					if e.kind == tokArrayEnd || e.kind == tokEOF || e.kind == tokKeyword {
						break
					}
					if c > hi || c < lo {
						continue
					}
					if e.kind == tokName {
						m.add(c, glyphText(string(e.text)))
					} else {
						m.add(c, utf16Text(e.text, 0))
					}
				}
			case tokKeyword, tokEOF:
				return
			}
		case "begincidchar":
			if to := l.next(); to.kind == tokNumber {
				c := codeOf(first.text)
				m.addRange(c, c, uint32(to.num))
			}
		case "begincidrange":
			end, to := l.next(), l.next()
			if end.kind == tokString && to.kind == tokNumber {
				m.addRange(codeOf(first.text), codeOf(end.text), uint32(to.num))
			}
		}
	}
}

func (m *cmap) add(code uint32, text string) {
	if m.mappings >= maxMappings {
		return
	}
	m.mappings++
	m.text[code] = text
}

func (m *cmap) addRange(lo, hi, cid uint32) {
	if m.mappings >= maxMappings {
		return
	}
	m.mappings++
	m.ranges = append(m.ranges, cidRange{lo, hi, cid})
}

// cid is the CID of a code, 0 where the CMap has none.
func (m *cmap) cid(code uint32) uint32 {
	after := sort.Search(len(m.ranges), func(i int) bool { return m.ranges[i].lo > code })
	if after > 0 && code <= m.ranges[after-1].hi {
		return m.ranges[after-1].cid + code - m.ranges[after-1].lo
	}
	if m.identity {
		return code
	}
	return 0
}

// next takes one code off s: its value and length in bytes, at least 1.
func (m *cmap) next(s []byte) (uint32, int) {
	var code uint32
	for n := 1; n <= 4 && n <= len(s); n++ {
		code = code<<8 | uint32(s[n-1])
		for _, sp := range m.spaces {
			if sp.n == n && sp.holds(code) {
				return code, n
			}
		}
	}
	// No codespace: two bytes, as nearly all composite fonts have them.
	n := 2
	if len(m.spaces) > 0 {
		n = m.spaces[0].n
		for _, sp := range m.spaces {
			n = min(n, sp.n)
		}
	}
	n = min(n, len(s))
	return codeOf(s[:n]), n
}

func (sp codespace) holds(code uint32) bool {
	for shift := 0; shift < sp.n*8; shift += 8 {
		if b := code >> shift & 255; b < sp.lo>>shift&255 || b > sp.hi>>shift&255 {
			return false
		}
	}
	return true
}

func codeOf(b []byte) uint32 {
	var c uint32
	for _, x := range b {
		c = c<<8 | uint32(x)
	}
	return c
}

// utf16Text decodes a destination string, its last unit raised by add (for ranges).
func utf16Text(b []byte, add uint32) string {
	if len(b) == 1 {
		return string(rune(uint32(b[0]) + add))
	}
	units := make([]uint16, 0, 4)
	for i := 0; i+1 < len(b) && i < 64; i += 2 {
		units = append(units, uint16(b[i])<<8|uint16(b[i+1]))
	}
	if len(units) == 0 {
		return ""
	}
	units[len(units)-1] += uint16(add)
	return strings.Trim(string(utf16.Decode(units)), "\x00")
}
