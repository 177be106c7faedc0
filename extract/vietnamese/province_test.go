package vietnamese

import "testing"

func TestProvince(t *testing.T) {
	for text, want := range map[string]string{
		"SỞ KHOA HỌC VÀ CÔNG NGHỆ NGHỆ AN": "tỉnh Nghệ An",
		"UBND THÀNH PHỐ HẢI PHÒNG":         "thành phố Hải Phòng",
		"Bà Rịa – Vũng Tàu, ngày 14":       "tỉnh Bà Rịa - Vũng Tàu",
		"TP. HCM":                          "thành phố Hồ Chí Minh",
		"Sở KH&CN tỉnh Thừa Thiên Huế":     "tỉnh Thừa Thiên Huế",
		"UBND tỉnh Thanh Hoá":              "tỉnh Thanh Hóa",
		"huyện Tiên Phước":                 "",
	} {
		if got := Province(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
