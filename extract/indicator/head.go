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
