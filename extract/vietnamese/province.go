package vietnamese

import "strings"

// cities are the cities under the central government; provinces the others, as they stood before the
// mergers of 2025 and after.
var (
	cities    = []string{"Hà Nội", "Hải Phòng", "Đà Nẵng", "Cần Thơ", "Hồ Chí Minh", "Huế"}
	provinces = []string{"An Giang", "Bà Rịa - Vũng Tàu", "Bạc Liêu", "Bắc Giang", "Bắc Kạn", "Bắc Ninh", "Bến Tre", "Bình Dương", "Bình Định", "Bình Phước", "Bình Thuận", "Cà Mau", "Cao Bằng",
		"Đắk Lắk", "Đắk Nông", "Điện Biên", "Đồng Nai", "Đồng Tháp", "Gia Lai", "Hà Giang", "Hà Nam", "Hà Tĩnh", "Hải Dương", "Hậu Giang", "Hòa Bình", "Hưng Yên", "Khánh Hòa", "Kiên Giang", "Kon Tum",
		"Lai Châu", "Lạng Sơn", "Lào Cai", "Lâm Đồng", "Long An", "Nam Định", "Nghệ An", "Ninh Bình", "Ninh Thuận", "Phú Thọ", "Phú Yên", "Quảng Bình", "Quảng Nam", "Quảng Ngãi", "Quảng Ninh", "Quảng Trị",
		"Sóc Trăng", "Sơn La", "Tây Ninh", "Thái Bình", "Thái Nguyên", "Thanh Hóa", "Thừa Thiên Huế", "Tiền Giang", "Trà Vinh", "Tuyên Quang", "Vĩnh Long", "Vĩnh Phúc", "Yên Bái"}
)

// byFold is every place by its folded name, its dashes dropped.
var byFold = func() map[string]string {
	m := map[string]string{}
	for _, name := range provinces {
		m[placeKey(name)] = "tỉnh " + name
	}
	for _, name := range cities {
		m[placeKey(name)] = "thành phố " + name
	}
	m["hcm"] = "thành phố Hồ Chí Minh"
	return m
}()

func placeKey(s string) string {
	return strings.Join(strings.FieldsFunc(Fold(s), func(r rune) bool { return r == ' ' || r == '-' || r == '–' }), " ")
}

// Province finds the first province or central city that a text names, spelt out with its kind:
// "tỉnh Quảng Nam", "thành phố Cần Thơ"; "" where it names none.
func Province(text string) string {
	words := strings.FieldsFunc(Fold(text), func(r rune) bool { return strings.ContainsRune(" -–,.;:()\n\t", r) })
	best, at := "", len(words)
	for i := range words {
		for n := 4; n >= 1 && i < at; n-- {
			if i+n > len(words) {
				continue
			}
			name, ok := byFold[strings.Join(words[i:i+n], " ")]
			// "Huế" alone is the city also in the years when the province was called Thừa Thiên Huế.
			if ok {
				best, at = name, i
				break
			}
		}
	}
	return best
}
