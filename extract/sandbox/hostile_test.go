package sandbox

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"flag"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"soket/extract"
)

var update = flag.Bool("update", false, "write golden files anew")

// Parts of hostile files. body numbers objects from 1; file adds what makes a PDF of them.

func file(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	for i, o := range objects {
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	fmt.Fprintf(&b, "trailer<</Root 1 0 R/Size %d>>\nstartxref\n0\n%%%%EOF\n", len(objects)+1)
	return b.Bytes()
}

func stream(dict, data string) string {
	return fmt.Sprintf("<<%s/Length %d>>stream\n%s\nendstream", dict, len(data), data)
}

// one is a file of one page with a content stream and further objects from 6 on.
func one(content string, more ...string) []byte {
	return file(append([]string{
		"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>>>",
		content, "<</Type/Font/Subtype/Type1/BaseFont/Courier>>",
	}, more...)...)
}

func text(content string, more ...string) []byte { return one(stream("", content), more...) }

func deflate(data []byte) string {
	var b bytes.Buffer
	w, _ := zlib.NewWriterLevel(&b, zlib.BestCompression)
	w.Write(data)
	w.Close()
	return b.String()
}

func book(parts map[string]string) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	names := make([]string, 0, len(parts))
	for n := range parts {
		names = append(names, n)
	}
	sort.Strings(names)
	put := func(name, data string) {
		f, _ := w.Create(name)
		f.Write([]byte(data))
	}
	put("[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`)
	put("_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`)
	put("xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`)
	put("xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`)
	for _, n := range names {
		put(n, parts[n])
	}
	w.Close()
	return b.Bytes()
}

func sheet(rows string) []byte {
	return book(map[string]string{"xl/worksheets/sheet1.xml": `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` + rows + `</sheetData></worksheet>`})
}

// blackPNG is a picture of one colour, w by h pixels of one bit: a few kilobytes for any size.
func blackPNG(w, h uint32) []byte {
	var b bytes.Buffer
	b.WriteString("\x89PNG\r\n\x1a\n")
	chunk := func(kind string, data []byte) {
		binary.Write(&b, binary.BigEndian, uint32(len(data)))
		body := append([]byte(kind), data...)
		b.Write(body)
		binary.Write(&b, binary.BigEndian, crc32.ChecksumIEEE(body))
	}
	head := binary.BigEndian.AppendUint32(nil, w)
	head = binary.BigEndian.AppendUint32(head, h)
	chunk("IHDR", append(head, 1, 0, 0, 0, 0))
	var packed bytes.Buffer
	z, _ := zlib.NewWriterLevel(&packed, zlib.BestCompression)
	row := make([]byte, 1+(w+7)/8)
	for range h {
		z.Write(row)
	}
	z.Close()
	chunk("IDAT", packed.Bytes())
	chunk("IEND", nil)
	return b.Bytes()
}

// hostile are files made to loop, to fill the memory, to overflow a stack or to get out. Each is
// small; what it unfolds to is not.
var hostile = map[string]func() []byte{
	"pdf: header only": func() []byte { return []byte("%PDF-1.7\n") },
	"pdf: noise":       func() []byte { return append([]byte("%PDF-1.7\n"), noise(50_000)...) },
	"pdf: kids in themselves": func() []byte {
		return file("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>")
	},
	"pdf: kids in a ring": func() []byte {
		return file("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]>>", "<</Type/Pages/Kids[2 0 R]>>")
	},
	"pdf: parents in a ring": func() []byte {
		return file("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Parent 3 0 R>>", "<</Type/Page/Parent 3 0 R>>")
	},
	"pdf: two billion pages": func() []byte {
		return bytes.Replace(text("BT /F 9 Tf (a) Tj ET"), []byte("/Count 1"), []byte("/Count 2000000000"), 1)
	},
	"pdf: one page 100,000 times": func() []byte {
		return bytes.Replace(text("BT /F 9 Tf (a) Tj ET"), []byte("[3 0 R]"), []byte("["+strings.Repeat("3 0 R ", 100_000)+"]"), 1)
	},
	"pdf: xref of 400 million": func() []byte {
		return append(text("BT /F 9 Tf (a) Tj ET"), "xref\n400000000 1\n0000000009 00000 n \ntrailer<</Root 1 0 R/Size 400000001>>\nstartxref\n600\n%%EOF\n"...)
	},
	"pdf: xref of itself before": func() []byte {
		return []byte("%PDF-1.4\nxref\n0 1\n0000000000 65535 f \ntrailer<</Root 1 0 R/Size 1/Prev 9>>\nstartxref\n9\n%%EOF\n")
	},
	"pdf: object stream in itself": func() []byte {
		return file("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]>>", stream("/Type/ObjStm/N 1/First 4/Extends 3 0 R", "3 0 <<>>"))
	},
	"pdf: length of itself":       func() []byte { return one("<</Length 4 0 R>>stream\nBT ET\nendstream") },
	"pdf: negative length":        func() []byte { return one("<</Length -5>>stream\nBT ET\nendstream") },
	"pdf: hex that never ends":    func() []byte { return text("BT /F 9 Tf <41") },
	"pdf: string that never ends": func() []byte { return text("BT /F 9 Tf (a(((((") },
	"pdf: a million open arrays":  func() []byte { return text(strings.Repeat("[", 1_000_000)) },
	"pdf: object of open arrays":  func() []byte { return one(strings.Repeat("[", 1_000_000)) },
	"pdf: object of dictionaries": func() []byte { return one(strings.Repeat("<</A", 500_000)) },
	"pdf: objects in objects":     func() []byte { return one(strings.Repeat("1 0 obj ", 300_000)) },
	"pdf: a million saved states": func() []byte { return text(strings.Repeat("q ", 1_000_000)) },
	"pdf: bomb of 300 MB":         func() []byte { return one(stream("/Filter/FlateDecode", deflate(bytes.Repeat([]byte(" "), 300<<20)))) },
	"pdf: bomb of text": func() []byte {
		return one(stream("/Filter/FlateDecode", deflate(bytes.Repeat([]byte("BT /F 9 Tf (aaaaaaaaaaaaaaaaaaaaaa) Tj ET "), 1<<20))))
	},
	"pdf: bomb in a bomb": func() []byte {
		return one(stream("/Filter[/FlateDecode/FlateDecode]", deflate([]byte(deflate(bytes.Repeat([]byte(" "), 200<<20))))))
	},
	"pdf: bomb of rectangles": func() []byte {
		return one(stream("/Filter/FlateDecode", deflate(bytes.Repeat([]byte("1 1 90 90 re S "), 2<<20))))
	},
	"pdf: a hundred filters": func() []byte { return one(stream("/Filter["+strings.Repeat("/FlateDecode", 100)+"]", "x")) },
	"pdf: run-length bomb": func() []byte {
		return one(stream("/Filter[/RunLengthDecode/RunLengthDecode]", strings.Repeat("\x81\x81", 1<<19)))
	},
	"pdf: lzw of noise": func() []byte { return one(stream("/Filter/LZWDecode", string(noise(1<<20)))) },
	"pdf: predictor of two billion": func() []byte {
		return one(stream("/Filter/FlateDecode/DecodeParms<</Predictor 15/Columns 2147483647/Colors 32/BitsPerComponent 32>>", deflate(noise(1000))))
	},
	"pdf: form in itself": func() []byte {
		return text("/X Do", stream("/Subtype/Form/Resources<</XObject<</X 6 0 R>>>>", "/X Do /X Do /X Do"))
	},
	"pdf: forms twofold, forty times": func() []byte { return text("/X Do", forms(40)...) },
	"pdf: map of four billion": func() []byte {
		return bytes.Replace(text("BT /F 9 Tf (a) Tj ET", stream("", "1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfrange <00000000> <FFFFFFFF> <0041> endbfrange")), []byte("/BaseFont/Courier"), []byte("/BaseFont/Courier/ToUnicode 6 0 R"), 1)
	},
	"pdf: map of a million ranges": func() []byte {
		return bytes.Replace(text("BT /F 9 Tf (a) Tj ET", stream("", "1 beginbfrange"+strings.Repeat(" <0000> <FFFF> <0041>", 1_000_000))), []byte("/BaseFont/Courier"), []byte("/BaseFont/Courier/ToUnicode 6 0 R"), 1)
	},
	"pdf: widths of four billion": func() []byte {
		return bytes.Replace(text("BT /F 9 Tf (ab) Tj ET"), []byte("/Subtype/Type1"), []byte("/Subtype/Type0/Encoding/Identity-H/DescendantFonts[<</W[0 4294967295 500 0 4294967295 500]>>]"), 1)
	},
	"pdf: font in itself": func() []byte {
		return bytes.Replace(text("BT /F 9 Tf (ab) Tj ET"), []byte("/Subtype/Type1"), []byte("/Subtype/Type0/DescendantFonts[5 0 R]/Encoding 5 0 R/FontDescriptor 5 0 R"), 1)
	},
	"pdf: numbers beyond reason": func() []byte {
		return text("BT /F " + strings.Repeat("9", 400) + " Tf 1" + strings.Repeat("0", 300) + " 0 0 1 0 0 Tm (a) Tj ET " + strings.Repeat("9", 400) + " 0 0 1 0 0 cm 0 0 1 1 re S")
	},
	"pdf: page without size": func() []byte {
		return bytes.Replace(text("BT /F 9 Tf (a) Tj ET"), []byte("[0 0 595 842]"), []byte("[9 9 9 9]"), 1)
	},
	"pdf: page of a light year": func() []byte {
		return bytes.Replace(text("BT /F 9 Tf (a) Tj ET"), []byte("[0 0 595 842]"), []byte("[0 0 99999999999999999999 1]"), 1)
	},
	"pdf: scan of a light year": func() []byte {
		return bytes.Replace(text("999999 0 0 999999 0 0 cm /X Do", stream("/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray", "x")), []byte("[0 0 595 842]"), []byte("[0 0 999999 999999]"), 1)
	},
	"pdf: picture of ten billion": func() []byte {
		return text("595 0 0 842 0 0 cm /X Do", stream("/Subtype/Image/Width 100000/Height 100000/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/FlateDecode", deflate(make([]byte, 50<<20))))
	},
	"pdf: inline image, no end": func() []byte { return text("BI /W 99999 /H 99999 /BPC 8 ID " + string(noise(100_000))) },
	"pdf: 200,000 annotations": func() []byte {
		return bytes.Replace(text("BT /F 9 Tf (a) Tj ET", stream("/Subtype/Form/BBox[0 0 1 1]", "BT ET")), []byte("/Type/Page/"), []byte("/Type/Page/Annots["+strings.Repeat("<</Subtype/Stamp/Rect[0 0 9 9]/AP<</N 6 0 R>>>>", 200_000)+"]/"), 1)
	},
	"pdf: fields in a ring": func() []byte {
		return bytes.Replace(text("BT ET", "<</T(a)/Kids[6 0 R 6 0 R]>>"), []byte("/Type/Catalog"), []byte("/Type/Catalog/AcroForm<</Fields[6 0 R]>>"), 1)
	},
	"pdf: scripts and programs": func() []byte {
		return bytes.Replace(text("BT /F 9 Tf (a) Tj ET"), []byte("/Type/Catalog"), []byte("/Type/Catalog/OpenAction<</S/Launch/F(/bin/sh)>>/Names<</JavaScript<<>>>>"), 1)
	},
	"pdf: encrypted with nothing": func() []byte {
		return bytes.Replace(text("BT ET"), []byte("<</Root"), []byte("<</Encrypt<</Filter/Standard/V 2/R 3/Length 2147483647/O()/U()/P -1>>/ID[()()]/Root"), 1)
	},
	"pdf: encrypted, revision 6": func() []byte {
		return bytes.Replace(text("BT ET"), []byte("<</Root"), []byte("<</Encrypt<</Filter/Standard/V 5/R 6/O("+strings.Repeat("x", 48)+")/U("+strings.Repeat("y", 48)+")/UE("+strings.Repeat("z", 32)+")>>/Root"), 1)
	},
	"pdf: 300,000 objects": func() []byte {
		return file(append([]string{"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]>>", "<</Type/Page>>"}, slicesOf("<<>>", 300_000)...)...)
	},

	"xlsx: bomb of 400 MB": func() []byte {
		return sheet(strings.Repeat(`<row><c t="str"><v>`+strings.Repeat("a", 1<<20)+`</v></c></row>`, 400))
	},
	"xlsx: far cells":           func() []byte { return sheet(farRows(20_000)) },
	"xlsx: one cell at the end": func() []byte { return sheet(`<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>`) },
	"xlsx: a million merges": func() []byte {
		return book(map[string]string{"xl/worksheets/sheet1.xml": `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData><mergeCells>` + strings.Repeat(`<mergeCell ref="A1:XFD1048576"/>`, 1_000_000) + `</mergeCells></worksheet>`})
	},
	"xlsx: entities tenfold": func() []byte { return book(map[string]string{"xl/worksheets/sheet1.xml": laughs}) },
	"xlsx: names that climb": func() []byte {
		return book(map[string]string{"../../../../tmp/climbed": "x", "xl/worksheets/sheet1.xml": `<worksheet/>`})
	},
	"xlsx: elements in elements": func() []byte {
		return book(map[string]string{"xl/worksheets/sheet1.xml": strings.Repeat("<a>", 1_000_000)})
	},
	"xlsx: 50,000 parts":       func() []byte { return book(manyParts(50_000)) },
	"png: of 60,000 by 60,000": func() []byte { return blackPNG(60_000, 60_000) },
	"png: of two billion":      func() []byte { b := blackPNG(64, 64); binary.BigEndian.PutUint32(b[16:], 1<<31-1); return b },
	"tiff: pages in a ring":    func() []byte { return []byte("II*\x00\x08\x00\x00\x00\x00\x00\x08\x00\x00\x00") },
	"xls: noise under a good name": func() []byte {
		return append([]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1W\x00o\x00r\x00k\x00b\x00o\x00o\x00k\x00\x00\x00"), noise(20_000)...)
	},
	"html: elements in elements": func() []byte { return []byte("<html><body>" + strings.Repeat("<table><tr><td>", 200_000)) },
	"csv: one line of 50 MB":     func() []byte { return bytes.Repeat([]byte("a;"), 25<<20) },
}

const laughs = `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]><worksheet>&d;</worksheet>`

func noise(n int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

func slicesOf(s string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = s
	}
	return out
}

// forms are n forms that each draw the next one twice: 2^n drawings.
func forms(n int) []string {
	var out []string
	for i := range n {
		out = append(out, stream(fmt.Sprintf("/Subtype/Form/Resources<</XObject<</X %d 0 R>>>>", 7+i), "/X Do /X Do"))
	}
	return append(out, stream("/Subtype/Form", "BT ET"))
}

func farRows(n int) string {
	var b strings.Builder
	for i := 1; i <= n; i++ {
		fmt.Fprintf(&b, `<row r="%d"><c r="XFD%d"><v>1</v></c></row>`, i, i)
	}
	return b.String()
}

func manyParts(n int) map[string]string {
	parts := map[string]string{}
	for i := range n {
		parts[fmt.Sprintf("xl/media/%d", i)] = ""
	}
	return parts
}

// makeHostile is the environment variable that has the test binary write the hostile files into the
// directory it names, and end.
const makeHostile = "SOKET_MAKE_HOSTILE"

func writeHostile(dir string) error {
	for name, make := range hostile {
		if err := os.WriteFile(filepath.Join(dir, strings.ReplaceAll(name, ":", "")), make(), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// TestHostile reads every hostile file as a server would, and wants that no child lives longer than
// 20 s or holds more than 1 GiB, that nothing is left behind, and that each ends as it always does.
func TestHostile(t *testing.T) {
	ownTemp(t)
	var mu sync.Mutex
	worst := map[string]string{}
	current := ""
	r := watched(t, func(program string, took time.Duration, peakKiB int64) {
		mu.Lock()
		defer mu.Unlock()
		// What the installed programs may take is more, and theirs alone.
		if program == "extractor" || program == "pdfium" {
			if took > 21*time.Second || peakKiB > 1<<20 {
				t.Errorf("%s: %s took %v and %d MiB", current, program, took.Round(time.Millisecond), peakKiB>>10)
			}
			worst[current] += fmt.Sprintf(" %s %v %d MiB", program, took.Round(time.Millisecond), peakKiB>>10)
		}
	})
	r.Spare = new(Spare)
	if err := r.Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	// The files are made by a process of their own: a child's peak memory counts what its parent had
	// when it was started.
	dir := t.TempDir()
	maker := exec.Command(os.Args[0])
	maker.Env = append(os.Environ(), makeHostile+"="+dir)
	if out, err := maker.CombinedOutput(); err != nil {
		t.Fatalf("make hostile files: %v\n%s", err, out)
	}
	names := make([]string, 0, len(hostile))
	for n := range hostile {
		names = append(names, n)
	}
	sort.Strings(names)
	var got strings.Builder
	for _, name := range names {
		mu.Lock()
		current = name
		mu.Unlock()
		kind, _, _ := strings.Cut(name, ":")
		start := time.Now()
		report, err := r.Read(t.Context(), filepath.Join(dir, strings.ReplaceAll(name, ":", "")), "x."+kind, "", nil)
		outcome := "read"
		if err != nil {
			outcome = extract.CodeOf(err)
		} else if len(report.Warnings) > 0 {
			outcome = "read, " + report.Warnings[0].Code
		}
		if kind == "pdf" || kind == "png" || kind == "tiff" || kind == "xls" { // the others are told by their readers' own tests
			fmt.Fprintf(&got, "%s: %s\n", name, outcome)
		}
		t.Logf("%-34s %-24s %8v %s %.120v", name, outcome, time.Since(start).Round(time.Millisecond), worst[name], err)
		if outcome == "internal" {
			t.Errorf("%s: %v", name, err)
		}
	}
	r.Spare.Close()
	if after := leftovers(t); len(after) > 0 {
		t.Errorf("left behind: %v", after)
	}
	if _, err := os.Stat("/tmp/climbed"); err == nil {
		t.Error("a part of a workbook climbed out")
	}
	path := filepath.Join("testdata", "hostile.golden")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got.String() {
		t.Errorf("outcomes differ from %s; run with -update after looking at them:\n%s", path, got.String())
	}
}
