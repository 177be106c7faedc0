package sandbox

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"

	"soket/extract"
	"soket/extract/document"
)

// fill sets each exported field to a value of its own, lists to two.
func fill(v reflect.Value, n *int) {
	*n++
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Field(i); f.CanSet() {
				fill(f, n)
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fallthrough
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i), n)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case reflect.String:
		v.SetString("Sở " + strings.Repeat("ă", *n%200))
	case reflect.Int:
		v.SetInt(int64(*n * (1 - *n%2*2)))
	case reflect.Uint8:
		v.SetUint(uint64(*n % 256))
	case reflect.Float64:
		v.SetFloat(-float64(*n) / 7)
	case reflect.Bool:
		v.SetBool(true)
	}
}

func sent(t testing.TB, m message) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := send(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestMessages wants each field to come through as it was, and empty lists apart from none.
func TestMessages(t *testing.T) {
	var full message
	n := 0
	fill(reflect.ValueOf(&full).Elem(), &n)
	whole := 1e300
	for _, m := range []message{
		{}, full,
		{Page: math.MaxInt, Pages: math.MinInt},
		{Report: &extract.Report{Facts: []extract.Fact{}, Blocks: []document.Block{{Table: &document.Table{Rows: [][]document.Cell{nil, {}, {{Number: &whole}, {Number: new(float64)}}}}}}}},
	} {
		if got, err := receive(bytes.NewReader(sent(t, m))); err != nil || !reflect.DeepEqual(got, m) {
			t.Errorf("%+v came as %+v, %v", m, got, err)
		}
	}
	// Strings that are none come as JSON would bring them.
	got, err := receive(bytes.NewReader(sent(t, message{Error: "a\xff\xfeă\xc4"})))
	if want := "a\uFFFD\uFFFDă\uFFFD"; err != nil || got.Error != want {
		t.Errorf("%q, %v", got.Error, err)
	}
}

// TestHostileMessages: a child that was taken over says what it likes of sizes.
func TestHostileMessages(t *testing.T) {
	framed := func(body []byte) []byte {
		b := binary.LittleEndian.AppendUint64(nil, uint64(len(body)))
		return append(binary.LittleEndian.AppendUint64(b, fields), body...)
	}
	good := sent(t, message{Report: &extract.Report{Facts: make([]extract.Fact, 3)}})
	other := bytes.Clone(good)
	other[8]++
	long := bytes.Clone(good)
	binary.LittleEndian.PutUint64(long, math.MaxUint64)
	const many = maxHeld/16 + 1 // strings of no letters take a byte to send and 16 to hold
	layers := append(binary.AppendUvarint(make([]byte, 5), many+1), make([]byte, many+1)...)
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"of another build":             {other, errBuild},
		"longer than any":              {long, errMessage},
		"bytes left over":              {framed(append(bytes.Clone(good[headBytes:]), 0)), errMessage},
		"cut":                          {framed(good[headBytes : len(good)-1]), errMessage},
		"a number without end":         {framed(bytes.Repeat([]byte{0xff}, 100)), errMessage},
		"no number":                    {sent(t, message{Report: &extract.Report{Facts: []extract.Fact{{Value: math.NaN()}}}}), errMessage},
		"more than memory may be held": {framed(layers), errMessage},
	} {
		if m, err := receive(bytes.NewReader(c.data)); !errors.Is(err, c.want) || m.Report != nil {
			t.Errorf("%s: %v, %v", name, m.Report != nil, err)
		}
	}
}

// FuzzMessages: what is taken is what a child of ours could have sent, and holds no more than it may.
func FuzzMessages(f *testing.F) {
	var full message
	n := 0
	fill(reflect.ValueOf(&full).Elem(), &n)
	f.Add(sent(f, full)[headBytes:])
	f.Add(sent(f, message{Code: "corrupt", Error: "\xff"})[headBytes:])
	f.Fuzz(func(t *testing.T, body []byte) {
		b := binary.LittleEndian.AppendUint64(nil, uint64(len(body)))
		m, err := receive(bytes.NewReader(append(binary.LittleEndian.AppendUint64(b, fields), body...)))
		if err != nil {
			return
		}
		again, err := receive(bytes.NewReader(sent(t, m)))
		if err != nil || !reflect.DeepEqual(again, m) {
			t.Errorf("%+v came back as %+v, %v", m, again, err)
		}
	})
}
