package document

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

const unicodeFont = "/Subtype/Type0/BaseFont/X/Encoding/UniJIS-UTF16-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType0/BaseFont/X/DW 500>>]"

// unicodeText shows text in a font whose codes are Unicode, all letters half as wide as high.
func unicodeText(s string) string {
	hex := "<"
	for _, u := range utf16.Encode([]rune(s)) {
		hex += fmt.Sprintf("%04X", u)
	}
	return hex + "> Tj"
}

func textPage(lines ...string) []byte { return typedPage(unicodeFont, unicodeText, lines...) }

// latinPage makes a page of lines whose letters are bytes of Latin-1, in a font of a name.
func latinPage(t *testing.T, font string, lines ...string) []byte {
	t.Helper()
	return typedPage("/Subtype/TrueType/BaseFont/ABCDEF+"+font+"/FirstChar 32/Widths["+strings.Repeat("500 ", 224)+"]/Encoding/WinAnsiEncoding", func(s string) string {
		b, err := charmap.ISO8859_1.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		hex := "<"
		for i := range len(b) {
			hex += fmt.Sprintf("%02X", b[i])
		}
		return hex + "> Tj"
	}, lines...)
}

func typedPage(font string, show func(string) string, lines ...string) []byte {
	content := "BT /F 10 Tf 14 TL 10 780 Td "
	for _, l := range lines {
		content += show(l) + " T* "
	}
	data := page(content+"ET", "", "<<>>endobj 5 0 obj<</Type/Font"+font+">>")
	return []byte("%PDF-1.4\n" + strings.Replace(string(data), "[0 0 200 100]", "[0 0 595 842]", 1))
}

func textOf(d *Document) string { return strings.TrimSpace(d.Pages[0].Text) }

// TestLettersOfPages wants one spelling of whatever letters a PDF gives, and both places of a tone kept.
func TestLettersOfPages(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"decomposed":           {norm.NFD.String("Nghiệm thu được đề tài"), "Nghiệm thu được đề tài"},
		"tone before its mark": {"Nghie\u0323\u0302m thu ca\u0301\u0302p ti\u0309nh", "Nghiệm thu cấp tỉnh"},
		"both places of tones": {"Hoà Bình, Hòa Bình, uỷ quyền, ủy quyền", "Hoà Bình, Hòa Bình, uỷ quyền, ủy quyền"},
		"ligatures":            {"ﬁle hồ sơ, oﬃce", "file hồ sơ, office"},
		"no-break spaces":      {"Đã\u00a0cấp\u202f05\u2009giấy phép", "Đã cấp 05 giấy phép"},
		"zero width":           {"\u200bSở\ufeff Khoa\u200d học\u2060", "Sở Khoa học"},
		"Cyrillic":             {"Kһоа һọc và cônɡ nghệ", "Khoa học và công nghệ"},
		"eth":                  {"Ðề án, Ðơn, ðã", "Đề án, Đơn, đã"},
		"African":              {"Ɖề án", "Đề án"},
		"dotless":              {"đề tàı, tı\u0309nh", "đề tài, tỉnh"},
		"gha":                  {"nƣớc, đƣợc", "nước, được"},
		"fractions":            {"3⁄4 mẫu", "3/4 mẫu"},
		"mathematical":         {"𝐁𝐚́𝐨 𝐜𝐚́𝐨", "Báo cáo"},
		"hyphens":              {"73/BC‑SKHCN, KH‐CN", "73/BC-SKHCN, KH-CN"},
	} {
		if got := textOf(mustRead(t, textPage(c.text), "a.pdf")); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestLegacyFonts reads TCVN3 and VNI by the font's name, and by how the text scores where the name does
// not tell; fonts of capitals; text in which every ư was lost.
func TestLegacyFonts(t *testing.T) {
	tcvn := []string{"B¸o c¸o c«ng t¸c khoa häc vµ c«ng nghÖ 6 th¸ng ®Çu n¨m 2009 cña Së Khoa häc vµ C«ng nghÖ", "§· nghiÖm thu 12 ®Ò tµi cÊp tØnh, h\u00adíng dÉn 25 tæ chøc ®¨ng ký nh·n hiÖu hµng ho¸"}
	vni := []string{"Baùo caùo coâng taùc khoa hoïc vaø coâng ngheä 6 thaùng ñaàu naêm 2009 cuûa Sôû Khoa hoïc vaø Coâng ngheä", "Ñaõ nghieäm thu 12 ñeà taøi caáp tænh, höôùng daãn 25 toå chöùc ñaêng kyù nhaõn hieäu haøng hoaù"}
	want := "Báo cáo công tác khoa học và công nghệ 6 tháng đầu năm 2009 của Sở Khoa học và Công nghệ\nĐã nghiệm thu 12 đề tài cấp tỉnh, hướng dẫn 25 tổ chức đăng ký nhãn hiệu hàng hoá"
	lost := []string{strings.ReplaceAll(tcvn[0], "\u00ad", ""), strings.ReplaceAll(tcvn[1], "\u00ad", "") + " ®îc nhµ níc b¶o hé"}
	for name, c := range map[string]struct {
		font  string
		lines []string
		want  string
	}{
		"TCVN3 by name":  {".VnTime", tcvn, want},
		"TCVN3 by score": {"TimesNewRoman", tcvn, want},
		"VNI by name":    {"VNI-Times", vni, want},
		"VNI by score":   {"TimesNewRoman", vni, want},
		"capitals":       {".VnTimeH", []string{"së khoa häc vµ c«ng nghÖ", "kÕt qu¶ n¨m 2009"}, "SỞ KHOA HỌC VÀ CÔNG NGHỆ\nKẾT QUẢ NĂM 2009"},
		"lost ư":         {".VnTime", lost, want + " được nhà nước bảo hộ"},
	} {
		if got := textOf(mustRead(t, latinPage(t, c.font, c.lines...), "a.pdf")); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, c.want)
		}
	}
	// A page in two fonts: the title in the old letters, the body in Unicode.
	mixed := strings.NewReplacer("/F 5 0 R", "/F 5 0 R/G 6 0 R", " ET", " /G 10 Tf "+unicodeText("Kết quả thực hiện nhiệm vụ được giao")+" ET").Replace(string(latinPage(t, ".VnTimeH", "b¸o c¸o")))
	if got := textOf(mustRead(t, []byte(mixed+"6 0 obj<</Type/Font"+unicodeFont+">>endobj"), "a.pdf")); got != "BÁO CÁO\nKết quả thực hiện nhiệm vụ được giao" {
		t.Errorf("a page in two fonts: %q", got)
	}
}

// TestKerning wants words neither split where letters are kerned, nor glued where no space is printed.
func TestKerning(t *testing.T) {
	for name, c := range map[string]struct{ content, want string }{
		"kerned letters":      {"[(Kho) 30 (a h) -60 (oc) 20 ( va ) (co) -90 (ng)] TJ", "Khoa hoc va cong"},
		"no spaces":           {"[(Khoa) -250 (hoc) -250 (va) -250 (cong)] TJ", "Khoa hoc va cong"},
		"letter by letter":    {"(K) Tj 6 0 Td (h) Tj 6 0 Td (o) Tj 6 0 Td (a) Tj 9 0 Td (h) Tj 6 0 Td (o) Tj 6 0 Td (c) Tj", "Khoa hoc"},
		"spread out":          {"3 Tc (BAO CAO) Tj", "BAO CAO"},
		"spaces drawn over":   {"[(Kh) -10 ( ) 610 (oa hoc)] TJ", "Khoa hoc"},
		"justified":           {"4 Tw (Khoa hoc va) Tj", "Khoa hoc va"},
		"drawn twice":         {"(Khoa) Tj -23.9 0 Td 23.9 0 Td 1 0 0 1 10.1 50 Tm (Khoa) Tj", "Khoa"},
		"figures stay whole":  {"[(1.2) -40 (50) 25 (,5)] TJ", "1.250,5"},
		"a number of its own": {"[(12) -600 (34)] TJ", "12 34"},
	} {
		d := mustRead(t, append([]byte("%PDF-1.4\n"), page("BT /F 10 Tf 1 0 0 1 10 50 Tm "+c.content+" ET", "")...), "a.pdf")
		if got := textOf(d); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestWrongLettersAreTold warns of a page whose letters make no words, or whose font gives wrong letters
// for some, and of no other.
func TestWrongLettersAreTold(t *testing.T) {
	sound := []string{"Sở Khoa học và Công nghệ đã nghiệm thu 12 đề tài cấp tỉnh", "và cấp 27 giấy phép tiến hành công việc bức xạ trong năm 2022"}
	for name, c := range map[string]struct {
		lines []string
		told  bool
	}{
		"sound":        {sound, false},
		"figures":      {[]string{"1 250 3,5 17", "2 310 4,5 18"}, false},
		"some letters": {[]string{"Sß Khoa hác và Công nghß đã nghißm thu 12 đß tài cÃp tßnh", "và cÃp 27 giÃy phép tißn hành công vißc bąc x¿ trong năm 2022"}, true},
		"no words":     {[]string{"7Kӵc hLӋn &{ng văn sӕ xyzk qwrt bcdfg hjklm", "zxcv bnmq wrtp sdfg hjkl zxcv"}, true},
	} {
		d := mustRead(t, textPage(c.lines...), "a.pdf")
		told := slices.ContainsFunc(d.Warnings, func(w Warning) bool { return w.Code == "page_unreadable" && w.Page == 1 })
		if told != c.told {
			t.Errorf("%s: told %v, score %.2f", name, told, d.Pages[0].Score)
		}
	}
}
