package indicator

import (
	"fmt"
	"regexp"
	"strings"
	"sync"

	"soket/extract/document"
	"soket/extract/pattern"
	"soket/extract/vietnamese"
)

var (
	// anothers ends before the number of what a form was laid down by: "Ban hành theo Thông tư số …".
	anothers    = pattern.New(`(?i)(?:thông tư|quyết định|nghị định|ban hành)[^;:]*$`)
	numberLine  = pattern.New(`(?i)(?:^|\s)số\s*:?\s*(\d[\d.]*\s*/\s*[\p{L}\d&]+(?:\s*[-–]\s*[\p{L}\d&.]+)*)`)
	signedLine  = pattern.New(`(?i)ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})`)
	toLine      = pattern.New(`(?i)^kính gửi\s*:?\s*(.*)$`)
	districtUB  = pattern.New(`(?i)(?:(?:UBND|Ủy ban nhân dân|Uỷ ban nhân dân)\s+|^)(huyện|thị xã|quận|thành phố)\s+(.+)$`)
	placeOfDate = pattern.New(`^\s*(?:TP\.?\s*)?([\p{Lu}][\p{L}\s.-]*?)\s*,\s*ngày`)
)

// readHead reads what a report says of itself from its letterhead, title and first lines.
func readHead(doc *document.Document) Head {
	var h Head
	var all, titles, opening, dated []string
	table := false // a table has been seen: what follows is no head
	open := false  // the title goes on: nothing but its lines has been seen since it began
	for i := range doc.Blocks {
		b := &doc.Blocks[i]
		text := strings.TrimSpace(b.Text)
		// A scan does not tell bold letters: the subject under BÁO CÁO looks like a paragraph there.
		if open = open && subjectLine(b, text); open {
			titles = append(titles, text)
			continue
		}
		switch b.Kind {
		case document.Letterhead:
			all = append(all, letterheadLines(text)...)
		case document.Title:
			titles = append(titles, text)
			open = len(strings.Fields(strings.Join(titles, " "))) <= 4 // "BÁO CÁO TỔNG KẾT"
		case document.Heading, document.Paragraph, document.Item:
			if len(opening) < 12 && !table {
				if legalLine.MatchString(vietnamese.Fold(text)) {
					dated = append(dated, text)
				} else {
					opening = append(opening, text)
				}
			}
			if b.Kind == document.Heading && !table && len(titles) == 0 && b.Page == 0 && len(text) > 20 && upperHeading(text) {
				titles = append(titles, text)
			}
		case document.TableBlock:
			if b.Table != nil && len(opening) < 12 && !table {
				opening = append(opening, b.Table.Title)
			}
			table = true
		case document.Signature:
			if h.Signer == "" {
				h.Signer = text
			}
		}
	}
	h.Signer = signer(doc)
	for _, s := range append(append([]string{}, all...), opening...) {
		if m := numberLine.FindStringSubmatch(s); m != nil && h.Number == "" && strings.ContainsAny(m[1], "/") && !anothers.MatchString(s[:strings.Index(s, m[0])]) {
			h.Number = strings.Join(strings.Fields(m[1]), "")
		}
		if m := signedLine.FindStringSubmatch(s); m != nil && h.Signed == "" && len(s) < 120 {
			h.Signed = fmt.Sprintf("%s-%02d-%02d", m[3], atoi(m[2]), atoi(m[1]))
		}
	}
	h.Recipient = recipient(doc)
	h.Title = reportTitle(titles)
	h.Issuer = issuer(all, append([]string{h.Recipient, h.Title}, opening...)...)
	if h.Issuer == "" || !strings.Contains(h.Issuer, " ") {
		h.Issuer = statedIssuer(doc, h.Title)
	}
	if h.Signed == "" {
		// Tables of figures are signed under the table.
		for i := range doc.Blocks {
			if m := signedLine.FindStringSubmatch(doc.Blocks[i].Text); m != nil && placedDate.MatchString(doc.Blocks[i].Text) {
				h.Signed = fmt.Sprintf("%s-%02d-%02d", m[3], atoi(m[2]), atoi(m[1]))
			}
		}
	}
	h.Period = documentPeriod(h.Title, append(append(all, opening...), dated...), h.Signed)
	return h
}

// subjectLine tells whether a block under the word BÁO CÁO is the report's subject: a line or two
// without the end of a sentence, before the addressee and the first words of the body.
func subjectLine(b *document.Block, text string) bool {
	const longest = 400 // bytes; a subject of three lines
	if b.Kind == document.TableBlock || b.Marker != "" || len(text) > longest || strings.HasSuffix(text, ":") || strings.HasSuffix(text, ".") {
		return false
	}
	return !bodyStart.MatchString(vietnamese.Fold(text))
}

var (
	bodyStart = pattern.New(`^(?:kinh gui|thuc hien (?:cong van|chi dao|quyet dinh|ke hoach so|thong bao|yeu cau|nhiem vu duoc giao)|can cu|theo )`)
	// legalLine is a line about the form or the law that it follows, whose dates are not the report's.
	legalLine = pattern.New(`thong tu|ngay nhan bao cao|nghi dinh|quyet dinh so|kem theo|ban hanh theo|can cu|theo cong van|thuc hien cong van`)
	// placedDate is "Nam Khê, ngày 13 tháng 12 năm 2019" on a line of its own.
	placedDate = pattern.New(`^[\p{L}\s.-]{2,40},\s*[Nn]gày\s`)
	// interval is "từ ngày 01/01 đến ngày 31/12 năm 2022".
	interval = pattern.New(`tu (?:ngay )?\d{1,2}[/-](\d{1,2})(?:[/-](\d{4}))? den (?:het )?(?:ngay )?\d{1,2}[/-](\d{1,2})(?:[/-](\d{4})| nam (\d{4}))`)
	reporter = pattern.New(`(?i)^(?:đơn vị|cơ quan)\s+báo cáo\s*:?\s*(.*)$`)
	inTitle  = pattern.New(`(?i)(TỈNH|THÀNH PHỐ)\s+(.+?)(?:\s+(?:NĂM|QUÝ|THÁNG|ĐẾN|\d).*)?$`)
)

func upperHeading(s string) bool { return strings.ToUpper(s) == s }

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

func signer(doc *document.Document) string {
	var last string
	for i := range doc.Blocks {
		if b := &doc.Blocks[i]; b.Kind == document.Signature {
			words := strings.Fields(b.Text)
			if n := len(words); n >= 2 && n <= 5 && !strings.ContainsAny(b.Text, ":;,()-/") && strings.ToUpper(b.Text) != b.Text {
				last = b.Text
			}
		}
	}
	return last
}

// recipient joins those to whom the report goes.
func recipient(doc *document.Document) string {
	var list []string
	on := false
	for i := range doc.Blocks {
		b := &doc.Blocks[i]
		text := strings.TrimSpace(b.Text)
		if m := toLine.FindStringSubmatch(text); m != nil {
			on = true
			text = m[1]
		} else if !on || b.Kind != document.Item && b.Kind != document.Letterhead && !strings.HasPrefix(text, "-") || len(text) > 120 {
			if on {
				break
			}
			continue
		}
		for _, part := range betweenNames().Split(text, -1) {
			if part = strings.Trim(part, " -.;:"); part == "" {
				continue
			}
			if n := len(list); n > 0 && cutPlace.MatchString(text) && strings.HasSuffix(list[n-1], "Bà Rịa") {
				list[n-1] += " - " + part // the one province with a dash in its name
				continue
			}
			list = append(list, part)
		}
	}
	return strings.Join(list, "; ")
}

// betweenNames parts those whom a report goes to.
var betweenNames = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\s*;\s*|\s+-\s+`) })

// cutPlace is a place whose name the dash between two recipients would cut.
var cutPlace = pattern.New(`Bà Rịa\s+-\s+Vũng Tàu`)

func reportTitle(lines []string) string {
	var parts []string
	for _, s := range lines {
		s = strings.Trim(s, " ./")
		if s == "" {
			continue
		}
		if i := strings.Index(vietnamese.Fold(s), "kinh gui"); i == 0 {
			break
		}
		parts = append(parts, s)
	}
	t := strings.Join(parts, " ")
	if strings.HasPrefix(t, "BÁO CÁO") {
		t = "Báo cáo" + strings.TrimPrefix(t, "BÁO CÁO")
	}
	return strings.TrimSpace(t)
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

var (
	pHalf   = pattern.New(`(?:6|06|sau) thang (dau|cuoi) nam|nua (dau|cuoi) nam`)
	pMonths = pattern.New(`\b(\d{1,2}|chin|muoi|muoi mot) thang(?: dau)?(?: nam)?`)
	pQuar   = pattern.New(`quy (iv|iii|ii|i|[1-4])\b`)
	pMonth  = pattern.New(`\bthang (\d{1,2})\b(?:/| nam |, nam )`)
	pYear   = pattern.New(`\bnam (\d{4})\b|/(20\d\d)\b|\b(20\d\d)\b`)
)

// nextWork begins what a report's title says of the time after it.
var nextWork = pattern.New(`[,;]? (?:va )?(?:nhiem vu|phuong huong|ke hoach|chuong trinh|du kien|trong tam|muc tieu)[^,;]*(?:thang|quy|nam|thoi gian)|[,;]? (?:va )?dinh huong[^,;]*(?:giai doan|nam)`)

// shortMonths is "6T/2023", as telegraphic reports write.
var shortMonths = pattern.New(`\b(\d{1,2})t\b`)

// documentPeriod is the period that a report is about: its title says it first, then its opening.
func documentPeriod(title string, opening []string, signed string) vietnamese.Period {
	year := 0
	if len(signed) >= 4 {
		year = atoi(signed[:4])
	}
	for _, s := range append([]string{title}, opening...) {
		f := shortMonths.ReplaceAllString(vietnamese.Fold(s), "$1 thang")
		if years := aYear.FindAllString(f, -1); s == title {
			// "Kết quả tháng 10, nhiệm vụ tháng 11 năm 2022": what is planned next is not what it is about;
			// of "quý III và 9 tháng" it is about the longer.
			for _, loc := range nextWork.FindAllStringIndex(f, -1) {
				if b := f[:loc[0]]; pHalf.MatchString(b) || pMonths.MatchString(b) || pQuar.MatchString(b) || pMonth.MatchString(b+" nam ") || aYear.MatchString(b) {
					f = b
					break
				}
			}
			if len(years) > 0 && aYear.FindString(f) == "" {
				f += " nam " + years[len(years)-1]
			}
			if pQuar.MatchString(f) && pMonths.MatchString(f) {
				f = pQuar.ReplaceAllString(f, "")
			}
			if p := spanOf(f, year); p != "" {
				return p
			}
			f = severalYears.ReplaceAllString(f, "") // of a programme: the report is on a part of it
		}
		if p := periodIn(f, year); p != "" {
			return p
		}
	}
	return ""
}

// severalYears is a span of years that a report reviews.
var severalYears = pattern.New(`(?:giai doan|\b(?:\d+|hai|ba|bon|nam|muoi) nam|\btu nam) ?\(?(\d{4}) ?(?:-|–|den) ?(?:nam )?(\d{4})\b`)

// spanOf is the span of years that a folded title is about: one that has ended when the report is signed
// (0: not said), where the title names no other time.
func spanOf(f string, signed int) vietnamese.Period {
	m := severalYears.FindStringSubmatch(f)
	if m == nil || pHalf.MatchString(f) || pMonths.MatchString(f) || pQuar.MatchString(f) || pMonth.MatchString(f) {
		return ""
	}
	from, to := atoi(m[1]), atoi(m[2])
	if from >= to || signed > 0 && to > signed {
		return ""
	}
	if aYear.MatchString(strings.Replace(f, m[0], "", 1)) {
		return "" // "năm 2020, đánh giá kết quả giai đoạn 2016 - 2020"
	}
	return vietnamese.Period(m[1] + "/" + m[2])
}

// afterDay ends before the month of a date.
var afterDay = pattern.New(`ngay \d+ $`)

// periodIn finds the first period that a folded text names. Its year is the first one after it, for
// a title says "6 tháng đầu năm và nhiệm vụ 6 tháng cuối năm 2018"; else the year given, where it
// is not 0.
func periodIn(f string, signed int) vietnamese.Period {
	if m := interval.FindStringSubmatch(f); m != nil {
		year := atoi(m[4] + m[5])
		from, to := atoi(m[1]), atoi(m[3])
		if (from == 1 || from == 12 && m[2] != "" && atoi(m[2]) == year-1) && to >= 1 && to <= 12 && year > 0 && (to == 12 || to == 6 || to == 9 || to == 3) {
			return vietnamese.MonthsOf(year, to)
		}
	}
	at, part := len(f)+1, ""
	take := func(loc []int, p string) {
		if loc != nil && loc[0] < at {
			at, part = loc[0], p
		}
	}
	if loc := pHalf.FindStringSubmatchIndex(f); loc != nil {
		p := "-H1"
		if strings.Contains(f[loc[0]:loc[1]], "cuoi") {
			p = "-H2"
		}
		take(loc, p)
	}
	for _, loc := range pMonths.FindAllStringSubmatchIndex(f, -1) {
		n := atoi(f[loc[2]:loc[3]])
		switch f[loc[2]:loc[3]] {
		case "chin":
			n = 9
		case "muoi":
			n = 10
		case "muoi mot":
			n = 11
		}
		if n >= 2 && n <= 11 && !strings.HasPrefix(f[loc[1]:], " cuoi") {
			take(loc, strings.TrimPrefix(string(vietnamese.MonthsOf(2000, n)), "2000"))
			break
		}
	}
	if loc := pQuar.FindStringSubmatchIndex(f); loc != nil {
		q := f[loc[2]:loc[3]]
		if n, ok := romans[q]; ok {
			q = n
		}
		take(loc, "-Q"+q)
	}
	if loc := pMonth.FindStringSubmatchIndex(f); loc != nil {
		if n := atoi(f[loc[2]:loc[3]]); n >= 1 && n <= 12 && !strings.HasSuffix(strings.TrimSpace(f[:loc[0]]), "ngay") && !afterDay.MatchString(f[:loc[0]]) {
			take(loc, fmt.Sprintf("-M%02d", n))
		}
	}
	years := pYear.FindAllStringSubmatchIndex(f, -1)
	yearAt := func(m []int) string {
		for k := 2; k < len(m); k += 2 {
			if m[k] >= 0 {
				return f[m[k]:m[k+1]]
			}
		}
		return ""
	}
	if part == "" {
		if len(years) == 0 {
			return ""
		}
		return vietnamese.Period(yearAt(years[0]))
	}
	for _, m := range years {
		if m[0] >= at {
			return vietnamese.Period(yearAt(m) + part)
		}
	}
	if len(years) > 0 {
		return vietnamese.Period(yearAt(years[len(years)-1]) + part)
	}
	if signed > 0 {
		return vietnamese.Period(itoa(signed) + part)
	}
	return ""
}
