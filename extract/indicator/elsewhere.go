package indicator

import (
	"slices"
	"strings"

	"soket/extract/pattern"
)

// elsewhere are figures of the whole country or of others, quoted as background, and means.
var elsewhere = pattern.New(` (?:ca nuoc|toan quoc|trong khi do ca|binh quan|trung binh|moi (?:lop|so|ky|xa|huyen|noi|co so|cuoc|nhiem vu|doan|khoa|don vi|chuyen muc|mo hinh|nam|thang)) (?:[^,;\s]+ ){0,7}$| trong khuon kho (?:cua |cac )?$`)

// around are a figure's words before it, without the brackets closed among them.
func (p *passage) around(f *figure, w window) string {
	if f.bracket >= 0 {
		return w.before
	}
	return p.plain(w.from, f.i)
}

var (
	// byItself is what another body did by itself, together what was done with it.
	byItself = pattern.New(` (?:quan ly thi truong|cong an|bien phong|hai quan|cuc|doi|tong cuc|thanh tra bo|bo|vien|truong|lien hiep hoi|hoi)(?: [^,;.:()\s]+){0,8} (?:tu|doc lap|chu dong) (?:\S+ ){0,2}(?:kiem tra|thanh tra|to chuc|xu ly|xu phat|phat hien|trien khai|thuc hien|lay|mo) `)
	together = pattern.New(` (?:phoi hop|cung voi|tham gia|cung so) `)
	// notOurs says of a body that its work is none of the report's.
	notOurs = pattern.New(` khong (?:thuoc|phai do|do) (?:so|don vi|chi cuc|trung tam|huyen|tinh)(?: quan ly| thuc hien)? [,);]`)
	wider   = pattern.New(` (?:toan|ca) (?:tinh|thanh pho) `)
)

// byItself tells whether the words before a figure tell of what another body did by itself.
func (p *passage) byItself(k int, w window) bool {
	if !has(w.whole, " tu ", " doc lap ", " chu dong ") || !byItself.MatchString(w.whole) || together.MatchString(w.whole) {
		return false
	}
	return has(w.whole, " doc lap ", " chu dong ") || slices.ContainsFunc(p.ts[w.sentence:p.figs[k].i], func(t token) bool { return strings.EqualFold(t.raw, "tự") })
}

// beyond tells whether the words before a figure in a district's report speak of its whole province.
func (p *passage) beyond(whole string) bool {
	if !p.district || !has(whole, " toan tinh ", " ca tinh ", " toan thanh pho ", " ca thanh pho ") {
		return false
	}
	at := wider.FindStringSubmatchIndex(whole)
	return at != nil && !has(whole[at[1]-1:], " huyen ", " quan ", " thi xa ")
}

// ofDistrict is the name of a body of a district.
var ofDistrict = pattern.New(`^(?:UBND|Ủy ban nhân dân|Uỷ ban nhân dân|Phòng .*) (?:huyện|quận|thị xã|thành phố .*(?:tỉnh|thành phố)) `)
