package document

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write golden files anew")

// describe puts scenes down one glyph and rule a line, for golden files and comparisons.
func describe(scenes []Scene) string {
	var b strings.Builder
	for _, s := range scenes {
		fmt.Fprintf(&b, "page %d %gx%g rotate %d image %.2f\n", s.Page, s.Width, s.Height, s.Rotate, s.ImageArea)
		for _, g := range s.Glyphs {
			fmt.Fprintf(&b, "  %q %.2f,%.2f width %.2f size %.2f angle %g %s", g.Text, g.X, g.Y, g.Width, g.Size, g.Angle, g.Font)
			for word, set := range map[string]bool{" bold": g.Bold, " invisible": g.Invisible} {
				if set {
					b.WriteString(word)
				}
			}
			b.WriteByte('\n')
		}
		for _, r := range s.Rules {
			fmt.Fprintf(&b, "  rule %.2f,%.2f %.2f,%.2f\n", r.X0, r.Y0, r.X1, r.Y1)
		}
	}
	return b.String()
}

func scenesOf(t testing.TB, data []byte) ([]Scene, []Warning, error) {
	t.Helper()
	return Scenes(context.Background(), bytes.NewReader(data), int64(len(data)), SceneOptions{})
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; run with -update after looking at it:\n%s", path, got)
	}
}

// TestScenes reads one document in all the wrappings that the library alone does not open, and
// wants the same scenes from each.
func TestScenes(t *testing.T) {
	plain, err := os.ReadFile("testdata/pdf/plain.pdf")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{
		"plain":          plain,
		"junk before":    append([]byte("junk\njunk\n"), plain...),
		"zeros after":    append(bytes.Clone(plain), make([]byte, 300)...),
		"version 2.0":    bytes.Replace(plain, []byte("%PDF-1.4"), []byte("%PDF-2.0"), 1),
		"wrong offset":   bytes.Replace(plain, []byte("startxref\n"), []byte("startxref\n1"), 1),
		"no xref":        plain[:bytes.Index(plain, []byte("xref\n"))],
		"wrong length":   bytes.Replace(plain, []byte("/Length"), []byte("/Length 9/Was"), 2),
		"no page type":   bytes.ReplaceAll(plain, []byte("/Type/Page/"), []byte("/Tipe/Page/")),
		"shifted bodies": bytes.Replace(plain, []byte("1 0 obj"), []byte("%%%%\n1 0 obj"), 1),
	}
	// The hash of revision 6 ends early in the two later files of AES-256: its count of rounds is held.
	for _, name := range []string{"objstm", "aes256", "aes256check", "aes256key", "aes128", "rc128", "rc40", "r5"} {
		if files[name], err = os.ReadFile(filepath.Join("testdata", "pdf", name+".pdf")); err != nil {
			t.Fatal(err)
		}
	}
	for name, data := range files {
		t.Run(name, func(t *testing.T) {
			scenes, _, err := scenesOf(t, data)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, "pdf/plain.golden", describe(scenes))
		})
	}
}

func TestScenesRefused(t *testing.T) {
	locked, err := os.ReadFile("testdata/pdf/locked.pdf")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"password": {locked, ErrEncrypted},
		"empty":    {nil, ErrEmpty},
		"no pdf":   {[]byte("%PDF-1.4\nnothing here"), ErrCorrupt},
		"no pages": {[]byte("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj"), ErrCorrupt},
		"kid loop": {[]byte("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[2 0 R]>>endobj"), ErrCorrupt},
	} {
		if _, _, err := scenesOf(t, c.data); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// page makes a file of one page, 200 by 100 points, with content and the objects it needs from 10 on.
func page(content, resources string, objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n")
	fmt.Fprintf(&b, "3 0 obj<</Type/Page/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>%s>>>>endobj\n", resources)
	fmt.Fprintf(&b, "4 0 obj<</Length %d>>stream\n%s\nendstream endobj\n", len(content), content)
	b.WriteString("5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Courier/Encoding/WinAnsiEncoding>>endobj\n")
	for i, o := range objects {
		fmt.Fprintf(&b, "%d 0 obj%s endobj\n", 10+i, o)
	}
	return b.Bytes()
}

func stream(dict, data string) string {
	return fmt.Sprintf("<<%s/Length %d>>stream\n%s\nendstream", dict, len(data), data)
}

func TestContent(t *testing.T) {
	for name, c := range map[string]struct {
		content, resources string
		objects            []string
		want               string // describe without the page line, or a part of it
	}{
		"word and letter spacing": {"BT /F 10 Tf 2 Tc 3 Tw 10 20 Td (a b) Tj ET", "", nil,
			`"a" 10.00,80.00 width 6.00 size 10.00 angle 0 Courier
  " " 18.00,80.00 width 6.00 size 10.00 angle 0 Courier
  "b" 29.00,80.00 width 6.00`},
		"stretch and rise":  {"BT /F 10 Tf 50 Tz 4 Ts (ab) Tj ET", "", nil, `"b" 3.00,96.00 width 3.00`},
		"quote operators":   {"BT /F 10 Tf 12 TL 0 50 Td (a) ' 1 2 (b c) \" ET", "", nil, `"c" 17.00,74.00`},
		"kerns":             {"BT /F 10 Tf [(a) -500 (b)] TJ ET", "", nil, `"b" 11.00,100.00`},
		"next line":         {"BT /F 10 Tf 5 50 Td (a) Tj 0 -12 TD (b) Tj T* (c) Tj ET", "", nil, `"c" 5.00,74.00`},
		"state is restored": {"q BT /F 20 Tf (a) Tj ET Q BT /F 10 Tf (b) Tj ET", "", nil, `"b" 0.00,100.00 width 6.00 size 10.00`},
		"turned text":       {"BT /F 10 Tf 0 1 -1 0 50 50 Tm (ab) Tj ET", "", nil, `"b" 50.00,44.00 width 6.00 size 10.00 angle -90`},
		"invisible":         {"BT /F 10 Tf 3 Tr (a) Tj ET", "", nil, `"a" 0.00,100.00 width 6.00 size 10.00 angle 0 Courier invisible`},
		"form":              {"q 1 0 0 1 10 0 cm /X Do Q", "/XObject<</X 10 0 R>>", []string{stream("/Type/XObject/Subtype/Form/Matrix[2 0 0 2 0 0]", "BT /F 10 Tf 1 1 Td (a) Tj ET")}, `"a" 12.00,98.00 width 12.00 size 20.00`},
		"form in itself":    {"/X Do BT /F 10 Tf (z) Tj ET", "/XObject<</X 10 0 R>>", []string{stream("/Type/XObject/Subtype/Form/Resources<</XObject<</X 10 0 R>>/Font<</F 5 0 R>>>>", "BT /F 10 Tf (a) Tj ET /X Do /X Do")}, `"a"`},
		"form in a form": {"q 1 0 0 1 10 0 cm /X Do Q", "/XObject<</X 10 0 R>>", []string{
			stream("/Type/XObject/Subtype/Form/Matrix[2 0 0 2 0 0]/Resources<</XObject<</Y 11 0 R>>>>", "q 1 0 0 1 5 5 cm /Y Do Q"),
			stream("/Type/XObject/Subtype/Form/Matrix[1 0 0 1 3 0]/Resources<</Font<</G 5 0 R>>>>", "BT /G 10 Tf 1 1 Td (a) Tj ET")}, `"a" 28.00,88.00 width 12.00 size 20.00`},
		"form turned":        {"/X Do", "/XObject<</X 10 0 R>>", []string{stream("/Type/XObject/Subtype/Form/Matrix[0 1 -1 0 50 0]", "BT /F 10 Tf 10 0 Td (a) Tj ET")}, `"a" 50.00,90.00 width 6.00 size 10.00 angle -90`},
		"inline image":       {"q 100 0 0 50 0 0 cm BI /W 2 /H 2 /BPC 8 /CS /G ID EI E EI Q BT /F 10 Tf (a) Tj ET", "", nil, `"a" 0.00,100.00`},
		"inline, compressed": {"BI /W 9 /H 9 /F /Fl ID x\x9c(((\x01\xff EI\x80 \nEI Q BT /F 10 Tf (a) Tj ET", "", nil, `"a" 0.00,100.00`},
		"replaced text":      {"BT /F 10 Tf /Span <</ActualText<FEFF1EC7>>> BDC (e.) Tj EMC (n) Tj ET", "", nil, `"ệ" 0.00,100.00 width 12.00`},
		"octal and escapes":  {"BT /F 10 Tf (\\101\\)\\\n\\(\\53) Tj ET", "", nil, `"+" 18.00`},
		"odd hex":            {"BT /F 10 Tf <41 4> Tj ET", "", nil, `"@" 6.00`},
		"stroke":             {"10 10 m 60 10 l 60 40 l s", "", nil, "  rule 10.00,90.00 60.00,90.00\n  rule 60.00,60.00 60.00,90.00\n"},
		"thin rectangle":     {"10 10 50 0.8 re f 100 10 -0.5 30 re f 10 50 60 30 re f", "", nil, "  rule 10.00,89.60 60.00,89.60\n  rule 99.75,60.00 99.75,90.00\n"},
		"rectangle":          {"10 10 50 20 re S", "", nil, "  rule 10.00,90.00 60.00,90.00\n  rule 60.00,70.00 60.00,90.00\n  rule 10.00,70.00 60.00,70.00\n  rule 10.00,70.00 10.00,90.00\n"},
		"clip draws nothing": {"10 10 50 20 re W n 5 5 m 5 50 l S", "", nil, "  rule 5.00,50.00 5.00,95.00\n"},
		"unclosed array":     {"BT /F 10 Tf [(a) 3 (b)", "", nil, ""},
		"junk operators":     {"BT /F 10 Tf foo ) } >> (a) Tj ET", "", nil, `"a"`},
		"field of a form":    {"", "", nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			scenes, _, err := scenesOf(t, page(c.content, c.resources, c.objects...))
			if err != nil {
				t.Fatal(err)
			}
			if got := describe(scenes); !strings.Contains(got, c.want) {
				t.Errorf("no\n%s\nin\n%s", c.want, got)
			}
		})
	}
}

// TestFonts reads letters by each way in which a font says what its codes mean and how wide they are.
func TestFonts(t *testing.T) {
	font := func(dict string) string { return "<<>>endobj 5 0 obj<</Type/Font" + dict + ">>" } // in place of the page's own
	toUnicode := stream("", "2 beginbfchar <0003> <1EC7> <0004> <00660069> endbfchar 1 beginbfrange <0005> <0006> <0061> endbfrange")
	for name, c := range map[string]struct {
		content string
		objects []string
		want    []string
	}{
		"differences": {"(ab)", []string{font("/Subtype/Type1/BaseFont/X/FirstChar 97/Widths[500 700]/Encoding<</Differences[97/acircumflexacute/Ohorndotbelow]>>")},
			[]string{`"ấ" 0.00,100.00 width 5.00`, `"Ợ" 5.00,100.00 width 7.00`}},
		"to unicode before encoding": {"(a)", []string{font("/Subtype/TrueType/BaseFont/X/FirstChar 97/Widths[500]/Encoding/WinAnsiEncoding/ToUnicode 11 0 R"), stream("", "1 beginbfchar <61> <1EAF> endbfchar")},
			[]string{`"ắ" 0.00,100.00 width 5.00`}},
		"composite": {"<0003000500060009>", []string{font("/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[11 0 R]/ToUnicode 12 0 R"),
			"<</Type/Font/Subtype/CIDFontType2/BaseFont/X/DW 400/W[3[250] 5 6 800]>>", toUnicode},
			[]string{`"ệ" 0.00,100.00 width 2.50`, `"a" 2.50,100.00 width 8.00`, `"b" 10.50,100.00 width 8.00`, `18.50,100.00 width 4.00`}},
		"codes that are Unicode": {"<1EC70061>", []string{font("/Subtype/Type0/BaseFont/X/Encoding/UniJIS-UCS2-H/DescendantFonts[11 0 R]"), "<</Type/Font/Subtype/CIDFontType0/BaseFont/X/DW 500>>"},
			[]string{`"ệ" 0.00,100.00 width 5.00`, `"a" 5.00,100.00 width 5.00`}},
		"codes of one byte and two": {"<41824F42>", []string{font("/Subtype/Type0/BaseFont/X/Encoding/90ms-RKSJ-H/DescendantFonts[11 0 R]/ToUnicode 12 0 R"),
			"<</Type/Font/Subtype/CIDFontType0/BaseFont/X/DW 1000/W[34[600 700]]>>", stream("", "1 beginbfchar <824F> <FF10> endbfchar")},
			[]string{`"A" 0.00,100.00 width 6.00`, `"０" 6.00,100.00 width 10.00`, `"B" 16.00,100.00 width 7.00`}},
		"Chinese codes": {"<41D6D0B9FA>", []string{font("/Subtype/Type0/BaseFont/X/Encoding/GBK-EUC-H/DescendantFonts[11 0 R]"), "<</Type/Font/Subtype/CIDFontType0/BaseFont/X/DW 1000/W[34[600]]>>"},
			[]string{`"A" 0.00,100.00 width 6.00`, `"中" 6.00,100.00 width 10.00`, `"国" 16.00,100.00 width 10.00`}},
		"Japanese codes": {"<4193FA967BB1>", []string{font("/Subtype/Type0/BaseFont/X/Encoding/90ms-RKSJ-H/DescendantFonts[11 0 R]"), "<</Type/Font/Subtype/CIDFontType0/BaseFont/X/DW 1000/W[34[600]]>>"},
			[]string{`"A" 0.00,100.00 width 6.00`, `"日" 6.00,100.00 width 10.00`, `"本" 16.00,100.00 width 10.00`}},
		"Korean codes": {"<41C7D1B1B9>", []string{font("/Subtype/Type0/BaseFont/X/Encoding/KSCms-UHC-H/DescendantFonts[11 0 R]"), "<</Type/Font/Subtype/CIDFontType0/BaseFont/X/DW 1000/W[34[600]]>>"},
			[]string{`"A" 0.00,100.00 width 6.00`, `"한" 6.00,100.00 width 10.00`, `"국" 16.00,100.00 width 10.00`}},
		"codes of Taiwan": {"<41A4A4A4E5>", []string{font("/Subtype/Type0/BaseFont/X/Encoding/ETen-B5-H/DescendantFonts[11 0 R]"), "<</Type/Font/Subtype/CIDFontType0/BaseFont/X/DW 1000/W[34[600]]>>"},
			[]string{`"A" 0.00,100.00 width 6.00`, `"中" 6.00,100.00 width 10.00`, `"文" 16.00,100.00 width 10.00`}},
		"codes beyond 16 bits": {"<D835DC000041>", []string{font("/Subtype/Type0/BaseFont/X/Encoding/UniJIS-UTF16-H/DescendantFonts[11 0 R]"), "<</Type/Font/Subtype/CIDFontType0/BaseFont/X/DW 500/W[34[600]]>>"},
			[]string{`"𝐀" 0.00,100.00 width 5.00`, `"A" 5.00,100.00 width 6.00`}},
		"codes of an embedded map": {"<0103>", []string{font("/Subtype/Type0/BaseFont/X/Encoding 11 0 R/DescendantFonts[12 0 R]/ToUnicode 13 0 R"),
			stream("/Type/CMap", "1 begincodespacerange <00> <FF> endcodespacerange 1 begincidrange <01> <05> 7 endcidrange"),
			"<</Type/Font/Subtype/CIDFontType2/BaseFont/X/W[7[300 400 500]]>>", stream("", "1 beginbfrange <01> <03> [<1EA1> <0062> <1EC7>] endbfrange")},
			[]string{`"ạ" 0.00,100.00 width 3.00`, `"ệ" 3.00,100.00 width 5.00`}},
		"drawn letters": {"(a)", []string{font("/Subtype/Type3/FontMatrix[0.01 0 0 0.01 0 0]/FontBBox[0 0 100 100]/FirstChar 97/Widths[60]/Encoding<</Differences[97/a]>>/CharProcs<</a 11 0 R>>"), stream("", "60 0 0 0 50 50 d1 0 0 50 50 re f")},
			[]string{`"a" 0.00,100.00 width 6.00`}},
	} {
		t.Run(name, func(t *testing.T) {
			scenes, _, err := scenesOf(t, page("BT /F 10 Tf "+c.content+" Tj ET", "", c.objects...))
			if err != nil {
				t.Fatal(err)
			}
			got := describe(scenes)
			for _, want := range c.want {
				if !strings.Contains(got, want) {
					t.Errorf("no %s in\n%s", want, got)
				}
			}
		})
	}
}

// TestNotice wants a person told of what a file holds besides its pages, and of no more.
func TestNotice(t *testing.T) {
	const signature = "/AcroForm<</Fields[<</FT/Sig/V<</ByteRange[0 10 20 END]>>>>]>>"
	signed := func(after string) []byte {
		data := string(page("", ""))
		data = strings.Replace(data, "/Catalog", "/Catalog"+signature, 1)
		end := len(data) - 20
		data = strings.Replace(data, "END", fmt.Sprintf("%03d", end), 1)
		return []byte(data + after)
	}
	in := func(entry string, objects ...string) []byte {
		return bytes.Replace(page("", "", objects...), []byte("/Catalog"), []byte("/Catalog"+entry), 1)
	}
	onPage := func(entry string) []byte {
		return bytes.Replace(page("", ""), []byte("/Type/Page/"), []byte("/Type/Page"+entry+"/"), 1)
	}
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"nothing":               {page("", ""), ""},
		"signed":                {signed(""), "signed"},
		"line end after":        {signed("\r\n"), "signed"},
		"changed after signing": {signed("\n6 0 obj<</Type/Annot>>endobj"), "signed appended_after_signing"},
		"field without value":   {in("/AcroForm<</Fields[<</FT/Sig/T(Ky)>>]>>"), ""},
		"signature below":       {in("/AcroForm<</Fields[<</FT/Sig/Kids[<</V<</ByteRange[0 10 20 99999]>>>>]>>]>>"), "signed"},
		"attachments":           {in("/Names<</EmbeddedFiles<</Names[(a.xlsx)10 0 R]>>>>", "<</Type/Filespec/F(a.xlsx)>>"), "attachments"},
		"associated file":       {in("/AF[10 0 R]", "<</Type/Filespec/F(a.xml)>>"), "attachments"},
		"pinned to a page":      {onPage("/Annots[<</Subtype/FileAttachment/FS<</F(a.doc)>>>>]"), "attachments"},
		"script at opening":     {in("/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"), "scripts"},
		"named script":          {in("/Names<</JavaScript<</Names[(a)<</S/JavaScript/JS(x)>>]>>>>"), "scripts"},
		"program at opening":    {in("/OpenAction<</S/Launch/F(cmd.exe)>>"), "scripts"},
		"script of a field":     {in("/AcroForm<</Fields[<</FT/Tx/AA<</K<</S/JavaScript/JS(x)>>>>>>]>>"), "scripts"},
		"script of a page":      {onPage("/AA<</O<</S/JavaScript/JS(x)>>>>"), "scripts"},
		"script of a link":      {onPage("/Annots[<</Subtype/Link/A<</S/JavaScript/JS(x)>>>>]"), "scripts"},
		"plain link":            {onPage("/Annots[<</Subtype/Link/A<</S/URI/URI(https://x)>>>>]"), ""},
		"goes to a page":        {in("/OpenAction<</S/GoTo/D[3 0 R/Fit]>>"), ""},
	} {
		_, warnings, err := scenesOf(t, c.data)
		if err != nil {
			t.Fatal(name, err)
		}
		var got []string
		for _, w := range warnings {
			if w.Code != "repaired" {
				got = append(got, w.Code)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: warnings %v, want %s", name, got, c.want)
		}
	}
}

// TestHiddenLayer marks text that lies unseen under a picture as recognised, and no other.
func TestHiddenLayer(t *testing.T) {
	const image = "q 200 0 0 100 0 0 cm /I Do Q "
	for name, c := range map[string]struct {
		content string
		hidden  bool
	}{
		"scan":          {image + "BT /F 10 Tf 3 Tr 9 9 Td (ab) Tj ET", true},
		"seal":          {"q 20 0 0 20 0 0 cm /I Do Q BT /F 10 Tf 3 Tr 9 9 Td (ab) Tj ET", false},
		"text on paper": {image + "BT /F 10 Tf 9 9 Td (ab) Tj ET", false},
	} {
		scenes, warnings, err := scenesOf(t, page(c.content, "/XObject<</I 10 0 R>>", stream("/Subtype/Image/Width 1/Height 1", "x")))
		if err != nil {
			t.Fatal(err)
		}
		warned := false
		for _, w := range warnings {
			warned = warned || w.Code == "hidden_text"
		}
		if g := scenes[0].Glyphs[0]; warned != c.hidden || g.Confidence != 0 != c.hidden {
			t.Errorf("%s: warned %v, confidence %g, want %v", name, warned, g.Confidence, c.hidden)
		}
	}
}

func TestGlyphText(t *testing.T) {
	for name, want := range map[string]string{
		"a": "a", "space": " ", "acircumflexacute": "ấ", "Ohorndotbelow": "Ợ", "uhorn": "ư", "dcroat": "đ", "ecircumflexhookabove": "ể",
		"uni1EC7": "ệ", "uni00410301": "A\u0301", "u1F600": "😀", "f_f_i": "ffi", "a.sc": "a", "fi": "ﬁ", "quotedblleft": "“", "one": "1",
		"scedilla": "ş", "g23": "", "glyph": "", ".notdef": "", "cid00017": "", "Zcaron": "Ž", "ydotbelow": "ỵ",
	} {
		if got := glyphText(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestFilters(t *testing.T) {
	want := "-----A---B"
	for name, c := range map[string]struct {
		data string
		f    filter
	}{
		"lzw":       {"\x80\x0B\x60\x50\x22\x0C\x0C\x85\x01", filter{name: "LZWDecode", early: true}}, // the example of ISO 32000
		"hex":       {"2d2D2d 2d2d412d2d2d42>", filter{name: "ASCIIHexDecode"}},
		"ascii85":   {"/hSb//hSb//O`~>", filter{name: "ASCII85Decode"}},
		"runlength": {"\xfc-\x00A\xfe-\x00B\x80", filter{name: "RunLengthDecode"}},
	} {
		got, err := decode([]byte(c.data), []filter{c.f}, 1000)
		if name == "ascii85" {
			if err != nil || len(got) != 10 {
				t.Errorf("%s: %q, %v", name, got, err)
			}
			continue
		}
		if err != nil || string(got) != want {
			t.Errorf("%s: %q, %v, want %q", name, got, err, want)
		}
	}
	// Rows of three bytes, each with another predictor.
	rows := []byte{0, 1, 2, 3, 1, 1, 1, 1, 2, 1, 1, 1, 3, 1, 1, 1, 4, 1, 1, 1}
	got := unpredict(rows, filter{predictor: 15, columns: 3, colors: 1, depth: 8})
	if want := []byte{1, 2, 3, 1, 2, 3, 2, 3, 4, 2, 3, 4, 3, 4, 5}; !bytes.Equal(got, want) {
		t.Errorf("predictors: %v, want %v", got, want)
	}
}

// checkScene holds what every scene must keep, whatever the file: it can be written as JSON, its
// numbers are finite, and no more is in it than the limits allow.
func checkScene(t *testing.T, s Scene) {
	t.Helper()
	if len(s.Glyphs) > maxGlyphs || len(s.Rules) > maxRules {
		t.Fatalf("page %d: %d glyphs, %d rules", s.Page, len(s.Glyphs), len(s.Rules))
	}
	finite := func(v ...float64) {
		for _, x := range v {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				t.Fatalf("page %d: a number that is none", s.Page)
			}
		}
	}
	finite(s.Width, s.Height, s.ImageArea)
	for _, g := range s.Glyphs {
		finite(g.X, g.Y, g.Width, g.Size, g.Angle)
		if g.Text == "" {
			t.Fatalf("page %d: a glyph without text", s.Page)
		}
	}
	for _, r := range s.Rules {
		finite(r.X0, r.Y0, r.X1, r.Y1)
		if r.X1 < r.X0 || r.Y1 < r.Y0 || r.X0 != r.X1 && r.Y0 != r.Y1 {
			t.Fatalf("page %d: rule %v", s.Page, r)
		}
	}
}

func FuzzContent(f *testing.F) {
	f.Add("BT /F 10 Tf 2 Tc [(a) -50 <4142>] TJ T* (x) ' ET 1 0 0 1 1e9 -3 cm 0 0 1 1 re B /X Do BI /W 1 ID x EI")
	f.Add("/Span<</ActualText(x)>>BDC BT /F -10 Tf 0 0 0 0 0 0 Tm (abc) Tj EMC q q Q Q Q ET")
	f.Fuzz(func(t *testing.T, content string) {
		scenes, _, err := scenesOf(t, page(content, "/XObject<</X 10 0 R>>", stream("/Subtype/Form", content)))
		if err != nil {
			return // content can hold "endstream" and objects of its own
		}
		for _, s := range scenes {
			checkScene(t, s)
		}
	})
}

func FuzzCMap(f *testing.F) {
	f.Add([]byte("1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfrange <00> <05> [<0041> /a] <06> <FFFFFFFF> <0041> endbfrange"), []byte("abc"))
	f.Add([]byte("/Identity-H usecmap 1 begincidrange <0000> <FFFF> 3 endcidrange 1 begincidchar <01> 7 endcidchar"), []byte("\x00\x01"))
	f.Fuzz(func(t *testing.T, data, text []byte) {
		m := parseCMap(data)
		if m.mappings > maxMappings {
			t.Fatalf("%d mappings", m.mappings)
		}
		for len(text) > 0 {
			code, n := m.next(text)
			if n < 1 || n > len(text) {
				t.Fatalf("code of %d bytes out of %d", n, len(text))
			}
			m.cid(code)
			text = text[n:]
		}
	})
}

// FuzzScenes wants that whatever opens keeps to the shape of a scene, and that rewriting a
// rewritten file loses none of its pages.
func FuzzScenes(f *testing.F) {
	files, err := filepath.Glob("testdata/pdf/*.pdf")
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		scenes, _, err := scenesOf(t, data)
		if err != nil {
			return
		}
		for _, s := range scenes {
			checkScene(t, s)
		}
		once, err := rewritePDF(data)
		if err != nil {
			return
		}
		twice, err := rewritePDF(once)
		if err != nil {
			t.Fatalf("rewritten file cannot be rewritten: %v", err)
		}
		a, err1 := openPDF(once)
		b, err2 := openPDF(twice)
		if err1 == nil && (err2 != nil || len(b.pageTree()) < len(a.pageTree())) {
			t.Fatalf("rewritten twice: %v, fewer pages", err2)
		}
	})
}
