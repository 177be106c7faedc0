package indicator

import (
	"slices"
	"soket/extract/pattern"
	"soket/extract/vietnamese"
	"strings"
)

// handedOver ends before what others are to deal with: "chuyển Cục Quản lý thị trường xử lý 02 vụ".
var handedOver = pattern.New(` chuyen (?:ho so )?(?:cho |sang )?(?:cac )?(?:co quan|cong an|cuc|doi|luc luong|quan ly thi truong) (?:\S+ ){0,9}(?:xu ly|xu phat|giai quyet|xem xet)(?: theo tham quyen)? (?:\S+ ){0,2}$`)

// unsaid tells why a figure is none of the indicator that its words speak for most, where something that must be
// said with it is not: "" where nothing is missing.
func (p *passage) unsaid(k int, w window) string {
	f := &p.figs[k]
	if f.code.Code == "ip.trademark_applications" && p.wordAt(f.end) == "nhan" && !p.appliedFor(f, w) && !slices.ContainsFunc(p.leadHits, func(h hit) bool { return strings.HasSuffix(h.rule.Code, "applications") }) {
		return "trademarks of which nothing says that they were applied for"
	}
	if strings.HasPrefix(f.code.Code, "inspection.complaints") {
		if said := p.join(w.full, f.i); has(said, " nhan hieu ", " sang che ", " kieu dang ", " so huu ") && !has(said, " khieu nai ", " to cao ", " don thu ") {
			return "applications, and no complaints"
		}
	}
	if f.code.Code == "radiation.facilities" && served.MatchString(w.before) {
		return "those that a service was done for"
	}
	if f.code.Code == "inspection.fines_vnd" && p.sec.area != "inspection" && !has(p.join(w.full, p.endOf(f)), " phat ", " vi pham ", " thanh tra ", " kiem tra ") {
		return "money, and nothing says that it was a fine"
	}
	if p.halfGranted(k) {
		return "what was granted anew and what was renewed, or what was planned and what was not, are told apart, not together"
	}
	if (f.code.Code == "policy.documents_issued" || f.code.Area == "inspection") && p.oneSort(k) {
		return "those of one sort beside those of another; no total is told"
	}
	return ""
}

// denied tells why a figure is none of its indicator although its words are: what they say of it is another thing,
// or that it is not so; "" where they say neither.
func (p *passage) denied(f *figure, w window) string {
	if f.code.Code == "smq.instruments_verified" && p.onlyChecked(f, w) {
		return "instruments that were checked, not verified"
	}
	if f.code.Area == "inspection" && strings.Contains(w.before, " chuyen ") && handedOver.MatchString(w.before) {
		return "handed over to another body"
	}
	if p.others(f, w) {
		return "what others did, or are asked to do"
	}
	if f.code.Code == "admin.dossiers_on_time" && pending.MatchString(w.after) {
		return "dossiers that are not resolved yet"
	}
	if f.code.Measure == "stock" && p.wordAt(f.i-1) == "them" && f.i > 0 {
		return "an increment to what there is"
	}
	if has(w.before, " khong ", " chua ") && negated.MatchString(w.before) && f.code.Code != "smq.samples_failed" {
		return "the words before it deny it"
	}
	if f.noun > 0 && p.wordAt(f.end+f.noun) == "chua" && f.code.Code != "inspection.violations" && f.code.Code != "smq.samples_failed" {
		return "the words after it deny it" // "01 hồ sơ chưa đến hạn"
	}
	return ""
}

// pending follows dossiers whose time is not over: "07 hồ sơ còn trong thời hạn xử lý".
var pending = pattern.New(`^ (?:ho so )?(?:con|dang|van|chua)(?: [^,;.:()\s]+){0,3} (?:han|giai quyet|xu ly) `)

// onlyChecked tells whether instruments were looked at in a check, and nothing says that they were verified.
func (p *passage) onlyChecked(f *figure, w window) bool {
	said := p.join(w.full, p.endOf(f))
	return has(said, " kiem tra ", " thanh tra ", " vi pham ", " khong dat ", " giam dinh ") && !has(said, " kiem dinh ") &&
		!slices.ContainsFunc(p.leadHits, func(h hit) bool { return h.rule == f.code }) && !strings.Contains(vietnamese.Fold(strings.Join(p.sec.over, " ")), "kiem dinh")
}

// served ends before those that a service was done for.
var served = pattern.New(` (?:kiem xa|do lieu|do kiem|dich vu|tu van|bao tri|kiem dinh|hieu chuan)(?: [^,;.:()\s]+){0,4} (?:cho|tai|o|doi voi) $`)
