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
	// othersDid opens a sentence with a body of others that inspects by itself.
	othersDid = pattern.New(`^ (?:(?:ngoai ra|rieng|ben canh do|trong do|(?:cung )?trong (?:ky|quy|nam|thang)|cung (?:ky|thoi gian)|theo (?:thong tin|bao cao|so lieu))(?: [^,;.:()\s]+){0,9} , ){0,2}(?:luc luong |doi |chi cuc |cuc )?(?:quan ly thi truong|cong an|bo doi bien phong|bien phong|hai quan|thanh tra (?:bo|chinh phu)|cuc an toan buc xa)(?: [^,;.:()\s]+){0,8} (?:da|tien hanh|to chuc|trien khai|thuc hien|kiem tra|thanh tra|phat hien|xu ly|xu phat|cap phep) `)
	// ourselves opens a clause with a body that reports, or works for it.
	ourselves = pattern.New(`^ (?:chi cuc|thanh tra so|trung tam|don vi|doan (?:thanh tra|kiem tra)) `)
	// asked opens a sentence on what others are asked to do.
	asked = pattern.New(`^ (?:- )?(?:de nghi|kien nghi|de xuat)(?: voi)? (?:cac )?(?:bo|chinh phu|thanh tra|cuc|tong cuc|ubnd|uy ban|hdnd|hoi dong nhan dan|trung uong|lanh dao|vien) `)
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

// others tells whether a figure is of what others did, or are asked to do: a sanction is asked of those above, and
// the report's own all the same.
func (p *passage) others(f *figure, w window) bool {
	said := p.join(w.full, f.i)
	if f.code.Area == "inspection" {
		if w.sentence > w.full && (strings.EqualFold(p.ts[w.sentence].raw, "sở") || ourselves.MatchString(w.whole)) {
			return false // "công an kiểm tra 14 cơ sở; Sở thực hiện 3 cuộc"
		}
		return has(said, " quan ly thi truong ", " cong an ", " bien phong ", " hai quan ", " thanh tra ", " cuc ") && othersDid.MatchString(said) && !together.MatchString(said)
	}
	return has(said, " de nghi ", " kien nghi ", " de xuat ") && asked.MatchString(said)
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
