package indicator

import (
	"strings"

	"soket/extract/document"
	"soket/extract/pattern"
	"soket/extract/vietnamese"
)

// statedIssuer reads the issuer where there is no letterhead: "Đơn vị báo cáo: …", or the place that
// the title names.
func statedIssuer(doc *document.Document, title string) string {
	for i := range doc.Blocks {
		m := reporter.FindStringSubmatch(strings.TrimSpace(doc.Blocks[i].Text))
		if m == nil {
			continue
		}
		name := strings.TrimSpace(m[1])
		if name == "" && i+1 < len(doc.Blocks) {
			name = strings.TrimSpace(doc.Blocks[i+1].Text)
		}
		return spellOut(name)
	}
	folded := vietnamese.Fold(title)
	if m := inTitle.FindStringSubmatch(title); m != nil && strings.Contains(folded, "khoa hoc") {
		return "Sở Khoa học và Công nghệ " + strings.ToLower(m[1]) + " " + caseName(m[2])
	}
	return ""
}

// lineStarts begin a line of a letterhead, folded: the body above, the body itself, the motto.
var lineStarts = pattern.New(`^(?:so khoa|so kh|chi cuc|thanh tra|trung tam|phong [^,]|van phong|quy phat|cong h|ubnd|uy ban|doc lap|huyen |thi xa )`)

// letterheadLines cuts a letterhead into its lines where they were run together.
func letterheadLines(text string) []string {
	var lines []string
	var line []string
	flush := func() {
		if s := strings.Trim(strings.Join(line, " "), " ─_=–—`:.,"); s != "" {
			lines = append(lines, s)
		}
		line = nil
	}
	words := strings.Fields(text)
	for i, w := range words {
		folded := vietnamese.Fold(strings.Join(words[i:min(i+3, len(words))], " "))
		last := ""
		if i > 0 {
			last = vietnamese.Fold(words[i-1])
		}
		if strings.Trim(w, "─_=–—-") == "" && len(w) > 2 {
			flush()
			continue
		}
		starts := strings.ToUpper(w) == w && (lineStarts.MatchString(folded) || strings.EqualFold(w, "quận")) && last != "hai" && last != "ubnd" && last != "dan" && !(strings.HasPrefix(folded, "so kh") && last == "tra")
		if starts || strings.HasPrefix(folded, "so:") || strings.HasPrefix(folded, "so :") || strings.HasPrefix(folded, "doc lap") || last == "phuc" { // the place and the date stand after the motto
			flush()
		}
		line = append(line, w)
	}
	flush()
	return lines
}

// issuer spells the issuing body out with its province or city. lines are those of the letterhead,
// more what else names the place: whom the report goes to, its title, its first words.
func issuer(lines []string, more ...string) string {
	body, district, dated := "", "", ""
	var heads []string
	for _, s := range lines {
		f := vietnamese.Fold(s)
		switch {
		case strings.Contains(f, "cong hoa xa hoi") || strings.Contains(f, "doc lap") || numberLine.MatchString(s):
		case signedLine.MatchString(s):
			if m := placeOfDate.FindStringSubmatch(s); m != nil {
				dated = m[1]
			}
		default:
			heads = append(heads, s)
		}
	}
	// The last line that names a body is the issuer: what stands above it is whom it belongs to.
	for _, s := range heads {
		if name := bodyName(s); name != "" {
			body = name
		}
		if m := districtUB.FindStringSubmatch(s); m != nil && vietnamese.Province(m[2]) == "" {
			name, _, _ := strings.Cut(m[2], " TỈNH ") // the province may stand on the same line
			district = strings.ToLower(m[1]) + " " + caseName(strings.Trim(name, " .,"))
		}
	}
	if body == "" || body == "UBND" && district == "" {
		for _, s := range more {
			if m := selfNamed.FindStringSubmatch(s); m != nil {
				if body = bodyName(m[1]); body == "" {
					body = m[1]
				}
				if d := districtUB.FindStringSubmatch(m[1]); d != nil {
					district = strings.ToLower(d[1]) + " " + caseName(d[2])
				}
				break
			}
		}
	}
	if body == "" {
		return ""
	}
	place := vietnamese.Province(strings.Join(heads, "\n"))
	for _, s := range append([]string{dated}, more...) {
		if place == "" {
			place = vietnamese.Province(s)
		}
	}
	if body == "UBND" {
		if district == "" {
			return strings.TrimSpace("UBND " + place)
		}
		if body += " " + district; place != "" {
			body += ", " + place
		}
		return body
	}
	if district != "" {
		return body + " " + district
	}
	if place == "" && dated != "" {
		place = "tỉnh " + caseName(dated)
	}
	if place == "" || strings.Contains(vietnamese.Fold(body), vietnamese.Fold(place)) {
		return body
	}
	// "Trung tâm … Sóc Trăng" names its province without saying what it is.
	bare := strings.TrimPrefix(strings.TrimPrefix(place, "thành phố "), "tỉnh ")
	if strings.HasSuffix(vietnamese.Fold(body), vietnamese.Fold(bare)) {
		words := strings.Fields(body)
		body = strings.Join(words[:len(words)-len(strings.Fields(bare))], " ")
	}
	return body + " " + place
}

// selfNamed is how a report's first sentence names its author: "…, Sở Khoa học và Công nghệ báo cáo".
var selfNamed = pattern.New(`(?:^|[,.;] ?)((?:Sở|Chi cục|Trung tâm|Thanh tra|Phòng|UBND|Ủy ban nhân dân|Uỷ ban nhân dân|Văn phòng|Quỹ) [^,.;:()]{0,90}?)(?: \([^)]*\))?(?: xin)?(?: kính)?(?: tổng hợp)? báo cáo`)

// bodyName is the body that a line names, without its province; "" where it names none. "UBND" is a
// people's committee, whose place is told apart.
func bodyName(s string) string {
	f := vietnamese.Fold(s)
	switch {
	case strings.HasPrefix(f, "so khoa hoc"), strings.HasPrefix(f, "so kh&cn"), strings.HasPrefix(f, "so khcn"):
		return "Sở Khoa học và Công nghệ"
	case strings.HasPrefix(f, "chi cuc tieu"), strings.HasPrefix(f, "chi cuc tdc"):
		return "Chi cục Tiêu chuẩn Đo lường Chất lượng"
	case strings.HasPrefix(f, "thanh tra so"), f == "thanh tra":
		return "Thanh tra Sở Khoa học và Công nghệ"
	case strings.HasPrefix(f, "trung tam"), strings.HasPrefix(f, "chi cuc"), strings.HasPrefix(f, "van phong"), strings.HasPrefix(f, "quy phat trien"), strings.HasPrefix(f, "phong "):
		return titleCase(spellOut(s))
	case strings.HasPrefix(f, "ubnd"), strings.HasPrefix(f, "uy ban nhan dan"):
		return "UBND"
	}
	return ""
}

var (
	shortST  = pattern.New(`(?i)KH\s*&\s*CN|\bKHCN\b`)
	shortSMQ = pattern.New(`(?i)\bTĐC\b|\bTCĐLCL\b|\bTC-ĐL-CL\b`)
)

// spellOut writes the abbreviations of a body's name in full.
func spellOut(s string) string {
	name, smq := "Khoa học và Công nghệ", "Tiêu chuẩn Đo lường Chất lượng"
	if s == strings.ToUpper(s) {
		name, smq = strings.ToUpper(name), strings.ToUpper(smq)
	}
	return shortSMQ.ReplaceAllString(shortST.ReplaceAllString(s, name), smq)
}

// caseName writes a place's name with capitals at each word.
func caseName(s string) string {
	words := strings.Fields(s)
	for i, w := range words {
		lower := []rune(strings.ToLower(w))
		up := []rune(strings.ToUpper(string(lower[:1])))
		words[i] = string(up) + string(lower[1:])
	}
	return strings.Join(words, " ")
}

// titleCase writes a body's name as in a sentence: proper groups keep their capitals.
func titleCase(s string) string {
	if s != strings.ToUpper(s) {
		return s
	}
	lower := strings.ToLower(s)
	keep := map[string]string{"khoa học": "Khoa học", "công nghệ": "Công nghệ", "ứng dụng": "Ứng dụng", "kỹ thuật": "Kỹ thuật", "tiêu chuẩn": "Tiêu chuẩn", "đo lường": "Đo lường", "chất lượng": "Chất lượng", "thông tin": "Thông tin", "thống kê": "Thống kê", "đổi mới": "Đổi mới", "chuyển giao": "Chuyển giao", "phát triển": "Phát triển"}
	for k, v := range keep {
		lower = strings.ReplaceAll(lower, k, v)
	}
	r := []rune(lower)
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}
