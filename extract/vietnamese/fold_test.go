package vietnamese

import (
	"testing"

	"golang.org/x/text/unicode/norm"
)

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"Đặng Thuỷ":                   "dang thuy",
		"ĐỔI MỚI SÁNG TẠO":            "doi moi sang tao",
		norm.NFD.String("Tiếng Việt"): "tieng viet",
		"1.250 m² – ưu":               "1.250 m² – uu",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFoldMap(t *testing.T) {
	s := "Sở Khoa học: 05 cuộc"
	folded, from := FoldMap(s)
	if len(from) != len(folded)+1 {
		t.Fatalf("%d offsets for %d bytes", len(from), len(folded))
	}
	const at = len("so khoa hoc: ")
	if got := s[from[at]:from[at+2]]; got != "05" {
		t.Errorf("the bytes of 05 map to %q", got)
	}
}

func TestFoldTone(t *testing.T) {
	for in, want := range map[string]string{
		"hoà khoẻ thuỷ":   "hòa khỏe thủy",
		"HOÀ BÌNH":        "HÒA BÌNH",
		"quý quả toàn":    "quý quả toàn",
		"hoàn loà xoà uý": "hoàn lòa xòa úy",
	} {
		if got := FoldTone(in); got != want {
			t.Errorf("FoldTone(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSyllable(t *testing.T) {
	for _, w := range []string{"nghiêng", "Huỳnh", "quyết", "gì", "giếng", "khuỷu", "hoà", "hòa", "được", "ĐƯỢC", "y", "thuở", "quốc", "giấy", "xoong", "quynh", "gìn", "quýt"} {
		if !Syllable(w) {
			t.Errorf("Syllable(%q) = false", w)
		}
	}
	for _, w := range []string{"đợc", "nớc", "trißu", "Cht", "nghöe", "cac", "hốà", "", "report", "vµ"} {
		if Syllable(w) {
			t.Errorf("Syllable(%q) = true", w)
		}
	}
}

func TestScore(t *testing.T) {
	for _, c := range []struct {
		text     string
		low, top float64
	}{
		{"Thực hiện Công văn số 2216/UBND-TH ngày 25/5/2020 của UBND tỉnh, Sở KH&CN báo cáo như sau", 0.95, 1},
		{"Thùc hiÖn C«ng v¨n sè 2216/UBND-TH ngµy 25/5/2020 cña UBND tØnh vÒ viÖc chuÈn bÞ", 0, 0.6},
		{"Khoa hoïc vaø coâng ngheä tænh Quaûng Ngaõi", 0, 0.5},
		{"\uFFFD\uFFFDh c h\uFFFDi\uFFFD\uFFFD t\uFFFD\uFFFDnh", 0, 0.5},
		{"7Kӵc hLӋn &{ng văn sӕ xyzk qwrt", 0, 0.5},
		{"The report on science and technology of the province", 0.5, 0.9},
		{"1.250 3.400 12,5", 1, 1},
		{"", 0, 0},
	} {
		if got := Score(c.text); got < c.low || got > c.top {
			t.Errorf("Score(%q) = %.2f, want %.2f to %.2f", c.text, got, c.low, c.top)
		}
	}
}

func TestDecode(t *testing.T) {
	for _, c := range []struct {
		e        Encoding
		in, want string
	}{
		{TCVN3, "khoa häc vµ c«ng nghÖ, ®ång, n\u00adíc", "khoa học và công nghệ, đồng, nước"},
		{TCVN3, "§éc lËp - Tù do - H¹nh phóc", "Độc lập - Tự do - Hạnh phúc"},
		{VNI, "khoa hoïc vaø coâng ngheä", "khoa học và công nghệ"},
		{VNI, "Ñoäc laäp - Töï do - Haïnh phuùc; naêm, nöôùc, tænh", "Độc lập - Tự do - Hạnh phúc; năm, nước, tỉnh"},
	} {
		if got := c.e.Decode(c.in); got != c.want {
			t.Errorf("%s: %q gives %q, want %q", c.e, c.in, got, c.want)
		}
		if got := Guess(c.in); got != c.e {
			t.Errorf("Guess(%q) = %q", c.in, got)
		}
		if got := Guess(c.want); got != Unicode {
			t.Errorf("Guess(%q) = %q, want Unicode", c.want, got)
		}
	}
}

func TestEncodingOfFont(t *testing.T) {
	for _, c := range []struct {
		name     string
		e        Encoding
		capitals bool
	}{
		{".VnTime", TCVN3, false}, {".VnTimeH", TCVN3, true}, {".VnTimeH-Bold", TCVN3, true}, {"VnArial,Bold", TCVN3, false},
		{"VNI-Times", VNI, false}, {"VNITimes", VNI, false}, {"TimesNewRomanPSMT", Unicode, false}, {".VnArialH,Bold", TCVN3, true},
	} {
		if e, capitals := EncodingOfFont(c.name); e != c.e || capitals != c.capitals {
			t.Errorf("%s: %q %v", c.name, e, capitals)
		}
	}
}

func TestMend(t *testing.T) {
	for in, want := range map[string]string{
		"NGàNH KHOA HỌC Và CôNG NGHỆ":  "NGÀNH KHOA HỌC VÀ CÔNG NGHỆ",
		"Sở Khoa học và Công nghệ QNg": "Sở Khoa học và Công nghệ QNg",
	} {
		if got := MendCaps(in); got != want {
			t.Errorf("MendCaps(%q) = %q, want %q", in, got, want)
		}
	}
	for text, want := range map[string]bool{
		"đã đợc đầu t; nớc sạch nh trên":    true,
		"đã được đầu t, chơng trình nớc":    false, // not lost everywhere
		"các đề tài đã nghiệm thu, 5 t. xã": false,
	} {
		if got := HornLost(text); got != want {
			t.Errorf("HornLost(%q) = %v", text, got)
		}
	}
	for in, want := range map[string]string{
		"đợc": "được", "(nớc,": "(nước,", "nh": "như", "Đờng": "Đường", "TRỜNG": "TRƯỜNG", "t": "tư", "t.": "t.", "lợng;": "lượng;",
		"KH": "KH", "nhng": "nhưng", "125": "125", "ngời": "người", "th": "thư", "sở": "sở",
	} {
		if got := PutHorn(in); got != want {
			t.Errorf("PutHorn(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		norm.NFD.String("Nghiệm"): "Nghiệm", "Ðịnh": "Định", "nƣớc": "nước", "ho\u00adạt": "hoạt", "\u200bSở": "Sở",
		"ﬁnal": "final", "Cаo": "Cao", "𝐒𝐨̛̉": "Sở", "ＫＨＣＮ": "KHCN", "м": "м", "²": "²",
		"tàı": "tài", "tı\u0309nh": "tỉnh", "3⁄4": "3/4", "c\u00e1\u0302p": "cấp", "nghie\u0323\u0302m": "nghiệm",
	} {
		if got := Clean(in); got != want {
			t.Errorf("Clean(%q) = %q, want %q", in, got, want)
		}
	}
	if got := Superscript("1(a)20"); got != "¹(a)²⁰" {
		t.Errorf("Superscript gives %q", got)
	}
}

func TestGuessBeside(t *testing.T) {
	for _, c := range []struct {
		text   string
		beside Encoding
		want   Encoding
	}{
		{"B¸O C¸O", TCVN3, TCVN3},
		{"B¸O C¸O", Unicode, Unicode}, // alone it may be anything
		{"Baùo caùo", VNI, VNI},
		{"Báo cáo", TCVN3, Unicode}, // right as it is
		{"café", TCVN3, Unicode},
		{"Nhiệt độ 25°C", TCVN3, Unicode},
	} {
		if got := GuessBeside(c.text, c.beside); got != c.want {
			t.Errorf("%q beside %q is %q, want %q", c.text, c.beside, got, c.want)
		}
	}
}

func TestWrongWords(t *testing.T) {
	for _, c := range []struct {
		text  string
		wrong bool
	}{
		{"Sß Khoa hác v� c�ng nghß trißu Cÿc �ược giao", true},
		{"� Một việc\n� Hai việc\n� Ba việc\n� Bốn việc\n� Năm việc\n� Sáu việc", false}, // bullets
		{"Ông Müller và bà Günther thăm Sở Khoa học và Công nghệ", false},
		{"Sở Khoa học và Công nghệ đã tiếp nhận đủ hồ sơ", false},
	} {
		if got := WrongWords(c.text); got > 0.02 != c.wrong {
			t.Errorf("%q: %.2f", c.text, got)
		}
	}
}
