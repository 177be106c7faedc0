package sandbox

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"math"
	"reflect"
	"strings"
	"unicode/utf8"

	"soket/extract/document"
)

// A message goes from child to parent as the values of its fields one after another, without their
// names: as JSON, reading a report took the parent as long as reading its pages took the child. Its
// length and the sum of what fields there are come first, eight bytes each: the child's binary may be
// of another build than a parent that has been running for long.
//
// Whole numbers are varints; strings and lists have their length before them, pointers and fractions
// whether there is one. Fields that are not exported are left out, and with them times: what people
// said of a figure is not read from documents.

// maxHeld is the memory a message may take in the parent. The largest real report takes a tenth; a
// list of empty cells as long as the output may be would take a hundred times its bytes.
const maxHeld = 512 << 20

var (
	errBuild   = errors.New("the extractor is of another build than this program")
	errMessage = fmt.Errorf("%w: not a message", document.ErrCorrupt)
)

// fields is the sum of the fields of a message.
var fields = func() uint64 {
	sum := fnv.New64a()
	var add func(t reflect.Type)
	add = func(t reflect.Type) {
		io.WriteString(sum, t.Kind().String())
		switch t.Kind() {
		case reflect.Struct:
			for i := range t.NumField() {
				if f := t.Field(i); f.IsExported() {
					io.WriteString(sum, f.Name)
					add(f.Type)
				}
			}
		case reflect.Slice, reflect.Array, reflect.Pointer:
			add(t.Elem())
		}
	}
	add(reflect.TypeFor[message]())
	return sum.Sum64()
}()

// headBytes is what comes first.
const headBytes = 16

// send writes one message.
func send(out io.Writer, m message) error {
	room := 1 << 10
	if m.Report != nil {
		room = 1 << 20 // more than most take: what is never touched costs nothing, growing does
	}
	b := put(binary.LittleEndian.AppendUint64(make([]byte, 8, room), fields), reflect.ValueOf(m))
	binary.LittleEndian.PutUint64(b, uint64(len(b)-headBytes))
	_, err := out.Write(b)
	return err
}

func put(b []byte, v reflect.Value) []byte {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Field(i); f.CanInterface() {
				b = put(b, f)
			}
		}
	case reflect.Slice:
		if v.IsNil() {
			return append(b, 0)
		}
		if b = binary.AppendUvarint(b, uint64(v.Len())+1); v.Type().Elem().Kind() == reflect.Uint8 {
			return append(b, v.Bytes()...)
		}
		fallthrough
	case reflect.Array:
		for i := range v.Len() {
			b = put(b, v.Index(i))
		}
	case reflect.Pointer:
		if v.IsNil() {
			return append(b, 0)
		}
		b = put(append(b, 1), v.Elem())
	case reflect.String:
		b = binary.AppendUvarint(b, uint64(v.Len()))
		b = append(b, v.String()...)
	case reflect.Int:
		b = binary.AppendVarint(b, v.Int())
	case reflect.Float64:
		f := math.Float64bits(v.Float())
		if f == 0 {
			return append(b, 0)
		}
		b = binary.LittleEndian.AppendUint64(append(b, 1), f)
	case reflect.Bool:
		b = append(b, 0)
		if v.Bool() {
			b[len(b)-1] = 1
		}
	default:
		panic("message with a " + v.Type().String())
	}
	return b
}

// receive reads one message, trusting nothing that it says.
func receive(in io.Reader) (m message, err error) {
	var head [headBytes]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return m, err
	}
	if binary.LittleEndian.Uint64(head[8:]) != fields {
		return m, errBuild
	}
	n := binary.LittleEndian.Uint64(head[:])
	if n > maxOutput {
		return m, errMessage
	}
	var b strings.Builder
	b.Grow(int(min(n, 1<<20)))
	if _, err := io.CopyN(&b, in, int64(n)); err != nil {
		return m, err
	}
	g := getter{rest: b.String(), room: maxHeld}
	if g.get(reflect.ValueOf(&m).Elem()); g.bad || g.rest != "" {
		return message{}, errMessage
	}
	return m, nil
}

// getter takes a message apart. Strings are pieces of what was sent.
type getter struct {
	rest string
	room int // bytes of memory that may still be taken
	bad  bool
}

func (g *getter) get(v reflect.Value) {
	if g.bad {
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Field(i); f.CanInterface() {
				g.get(f)
			}
		}
	case reflect.Array:
		for i := range v.Len() {
			g.get(v.Index(i))
		}
	case reflect.Slice:
		n := g.number()
		if n == 0 {
			return
		}
		n--
		if v.Type().Elem().Kind() == reflect.Uint8 {
			v.SetBytes([]byte(g.cut(n)))
			return
		}
		// Each element takes a byte or more.
		if n > uint64(len(g.rest)) || !g.take(int(n)*int(v.Type().Elem().Size())) {
			g.bad = true
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), int(n), int(n)))
		for i := range int(n) {
			g.get(v.Index(i))
		}
	case reflect.Pointer:
		if g.number() == 0 {
			return
		}
		if g.bad = g.bad || !g.take(int(v.Type().Elem().Size())); g.bad {
			return
		}
		v.Set(reflect.New(v.Type().Elem()))
		g.get(v.Elem())
	case reflect.String:
		s := g.cut(g.number())
		if !utf8.ValidString(s) {
			s = string([]rune(s)) // U+FFFD for each byte that is none
		}
		v.SetString(s)
	case reflect.Int:
		n := g.number()
		v.SetInt(int64(n>>1) ^ -int64(n&1))
	case reflect.Float64:
		if g.number() == 0 {
			return
		}
		s := g.cut(8)
		if g.bad {
			return
		}
		f := math.Float64frombits(binary.LittleEndian.Uint64([]byte(s)))
		g.bad = math.IsNaN(f) || math.IsInf(f, 0)
		v.SetFloat(f)
	case reflect.Bool:
		v.SetBool(g.number() != 0)
	default:
		g.bad = true
	}
}

// number takes a varint.
func (g *getter) number() uint64 {
	n := uint64(0)
	for i := range min(len(g.rest), binary.MaxVarintLen64) {
		c := g.rest[i]
		n |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			g.rest = g.rest[i+1:]
			return n
		}
	}
	g.bad, g.rest = true, ""
	return 0
}

// cut takes so many bytes.
func (g *getter) cut(n uint64) (s string) {
	if n > uint64(len(g.rest)) {
		g.bad, n = true, 0
	}
	s, g.rest = g.rest[:n], g.rest[n:]
	return s
}

// take has so many bytes of memory taken.
func (g *getter) take(n int) bool {
	g.room -= n
	return g.room >= 0
}
