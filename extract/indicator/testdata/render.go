//go:build ignore

// render makes the old-font copies that render.sh needs:
//
//	go run render.go html IN.html OUT.html   text as TCVN3 (ABC) bytes shown as Latin-1, font family .VnTime
//	go run render.go font IN.ttf OUT.ttf     the same font under the family name .VnTime
//	go run render.go scan OUT.pdf IN.jpg...  grey JPEG pages of 200 dpi as a PDF without text
package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image/jpeg"
	"os"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
)

// What TCVN3 writes for each letter, shown as Latin-1. Accented capitals other than these seven
// have no code of their own: they come out as the lower-case letter, as in files of the time.
var letters = pairs("àµá¸ả¶ã·ạ¹ă¨ằ»ắ¾ẳ¼ẵ½ặÆâ©ầÇấÊẩÈẫÉậËèÌéÐẻÎẽÏẹÑêªềÒếÕểÓễÔệÖì×íÝỉØĩÜịÞòßóãỏáõâọäô«ồåốèổæỗçộéơ¬ờêớíởëỡìợîùïúóủñũòụôừõứøửöữ÷ựùỳúýýỷûỹüỵþđ®Ă¡Â¢Ê£Ô¤Ơ¥Ư¦Đ§")

func pairs(s string) map[rune]rune {
	m := map[rune]rune{'ư': '\u00ad'}
	r := []rune(s)
	for i := 0; i+1 < len(r); i += 2 {
		m[r[i]] = r[i+1]
	}
	return m
}

func tcvn3(s string) string {
	return strings.Map(func(r rune) rune {
		if c, ok := letters[r]; ok {
			return c
		}
		if c, ok := letters[unicode.ToLower(r)]; ok {
			return c
		}
		if r == '–' || r == '—' {
			return '-'
		}
		return r
	}, s)
}

var (
	style  = regexp.MustCompile(`(?s)<style>.*?</style>`)
	family = regexp.MustCompile(`font-family:[^;}]*`)
	tag    = regexp.MustCompile(`<[^>]*>|&[a-z#0-9]+;`)
)

func toHTML(in string) string {
	css := family.ReplaceAllString(style.FindString(in), "font-family:'.VnTime'")
	css = strings.Replace(css, "<style>", "<style>h1,h2,h3,h4,p,li,td,th{font-family:'.VnTime'}", 1)
	body := style.ReplaceAllString(in, "\x00")
	var out strings.Builder
	at := 0
	for _, m := range tag.FindAllStringIndex(body, -1) {
		out.WriteString(tcvn3(body[at:m[0]]))
		out.WriteString(body[m[0]:m[1]])
		at = m[1]
	}
	out.WriteString(tcvn3(body[at:]))
	return strings.Replace(out.String(), "\x00", css, 1)
}

// toFont gives a TrueType font with its name table replaced; all else stays.
func toFont(b []byte, sub string) ([]byte, error) {
	if len(b) < 12 {
		return nil, fmt.Errorf("font of %d bytes", len(b))
	}
	be := binary.BigEndian
	n := int(be.Uint16(b[4:]))
	var out, tables bytes.Buffer
	out.Write(b[:12])
	names := nameTable(sub)
	for i := range n {
		e := append([]byte(nil), b[12+16*i:28+16*i]...)
		data := b[be.Uint32(e[8:]):][:be.Uint32(e[12:])]
		if string(e[:4]) == "name" {
			data = names
		}
		var sum uint32
		padded := append(append([]byte(nil), data...), make([]byte, (4-len(data)%4)%4)...)
		for j := 0; j < len(padded); j += 4 {
			sum += be.Uint32(padded[j:])
		}
		be.PutUint32(e[4:], sum)
		be.PutUint32(e[8:], uint32(12+16*n+tables.Len()))
		be.PutUint32(e[12:], uint32(len(data)))
		out.Write(e)
		tables.Write(padded)
	}
	out.Write(tables.Bytes())
	return out.Bytes(), nil
}

func nameTable(sub string) []byte {
	be := binary.BigEndian
	ps := ".VnTime"
	full := ".VnTime"
	if sub != "Regular" {
		ps += "-" + strings.ReplaceAll(sub, " ", "")
		full += " " + sub
	}
	values := []struct {
		id int
		s  string
	}{{1, ".VnTime"}, {2, sub}, {3, "test " + ps}, {4, full}, {6, ps}}
	head := make([]byte, 6+12*len(values))
	be.PutUint16(head[2:], uint16(len(values)))
	be.PutUint16(head[4:], uint16(len(head)))
	var text []byte
	for i, v := range values {
		r := head[6+12*i:]
		be.PutUint16(r, 3)
		be.PutUint16(r[2:], 1)
		be.PutUint16(r[4:], 0x409)
		be.PutUint16(r[6:], uint16(v.id))
		at := len(text)
		for _, u := range utf16.Encode([]rune(v.s)) {
			text = be.AppendUint16(text, u)
		}
		be.PutUint16(r[8:], uint16(len(text)-at))
		be.PutUint16(r[10:], uint16(at))
	}
	return append(head, text...)
}

// toScan gives a PDF whose pages are the given grey JPEG files, scanned at 200 dpi.
func toScan(files []string) ([]byte, error) {
	var out bytes.Buffer
	var offsets []int
	object := func(format string, args ...any) {
		offsets = append(offsets, out.Len())
		fmt.Fprintf(&out, "%d 0 obj\n", len(offsets))
		fmt.Fprintf(&out, format, args...)
		out.WriteString("\nendobj\n")
	}
	out.WriteString("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
	var kids strings.Builder
	for i := range files {
		fmt.Fprintf(&kids, "%d 0 R ", 3+3*i)
	}
	object("<</Type/Catalog/Pages 2 0 R>>")
	object("<</Type/Pages/Kids[%s]/Count %d>>", kids.String(), len(files))
	for i, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		c, err := jpeg.DecodeConfig(bytes.NewReader(data))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f, err)
		}
		w, h := float64(c.Width)*72/200, float64(c.Height)*72/200
		draw := fmt.Sprintf("q %.2f 0 0 %.2f 0 0 cm /I Do Q", w, h)
		object("<</Type/Page/Parent 2 0 R/MediaBox[0 0 %.2f %.2f]/Resources<</XObject<</I %d 0 R>>>>/Contents %d 0 R>>", w, h, 5+3*i, 4+3*i)
		object("<</Length %d>>stream\n%s\nendstream", len(draw), draw)
		object("<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/DCTDecode/Length %d>>stream\n%s\nendstream", c.Width, c.Height, len(data), data)
	}
	start := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, o := range offsets {
		fmt.Fprintf(&out, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&out, "trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, start)
	return out.Bytes(), nil
}

func run(args []string) error {
	if len(args) < 3 {
		return fmt.Errorf("want: html|font IN OUT, or scan OUT IN...")
	}
	if args[0] == "scan" {
		out, err := toScan(args[2:])
		if err != nil {
			return err
		}
		return os.WriteFile(args[1], out, 0o644)
	}
	in, err := os.ReadFile(args[1])
	if err != nil {
		return err
	}
	if args[0] == "html" {
		return os.WriteFile(args[2], []byte(toHTML(string(in))), 0o644)
	}
	sub := "Regular"
	for _, s := range []string{"BoldItalic", "Bold", "Italic"} {
		if strings.Contains(args[1], "-"+s+".") {
			sub = strings.Replace(s, "BoldItalic", "Bold Italic", 1)
			break
		}
	}
	out, err := toFont(in, sub)
	if err != nil {
		return err
	}
	return os.WriteFile(args[2], out, 0o644)
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "render:", err)
		os.Exit(1)
	}
}
