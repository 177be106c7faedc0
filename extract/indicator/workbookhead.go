package indicator

import (
	"fmt"
	"regexp"
	"strings"

	"soket/extract/document"
	"soket/extract/vietnamese"
)

var (
	goesWith   = regexp.MustCompile(`(?i)(?:kèm theo|theo|gửi kèm)\s+(?:báo cáo|công văn|tờ trình)\s+(?:số\s*)?:?\s*(\d+\s*/\s*[\p{L}\d&\-]+)(?:\s+ngày\s+(\d{1,2})(?:/|\s+tháng\s+)(\d{1,2})(?:/|\s+năm\s+)(\d{4}))?`)
	officeName = regexp.MustCompile(`(?:^|[\s(:])((?:Thanh tra Sở|Sở|Chi cục|Trung tâm|SỞ|CHI CỤC|TRUNG TÂM)\s[^.;:()\d]{2,60}?\s(?:[Tt]ỉnh|[Tt]hành phố|TP\.?|TỈNH|THÀNH PHỐ)\s+\p{Lu}[\p{L}\-]*(?:\s\p{Lu}[\p{L}\-]*){0,3})`)
	officeLong = strings.NewReplacer("KH&CN", "KHOA HỌC VÀ CÔNG NGHỆ", "KHCN", "KHOA HỌC VÀ CÔNG NGHỆ", "TĐC", "TIÊU CHUẨN ĐO LƯỜNG CHẤT LƯỢNG", "TP.", "THÀNH PHỐ")
)

// workbookHead fills in what the head of a workbook says in the lines around its tables: they are
// set in cells, without the letterhead of a report.
func workbookHead(doc *document.Document, h *Head) {
	var lines, above []string
	var period vietnamese.Period
	for i := range doc.Blocks {
		b := &doc.Blocks[i]
		if t := b.Table; t != nil {
			if !t.Hidden && period == "" && !markedOld(t.Title) && !markedOld(t.Sheet) {
				if p, ok := titlePeriod(t.Title, ""); ok {
					period = p
				} else if p, ok := titlePeriod(t.Title+"; "+t.Sheet, wholeYearOf(vietnamese.Period(h.Signed[:min(4, len(h.Signed))]))); ok {
					period = p
				}
			}
			above = append(above, strings.Split(t.Title, "; ")...)
			continue
		}
		lines = append(lines, b.Text)
	}
	if period != "" {
		h.Period = period
	}
	for _, s := range append(lines, above...) {
		if m := goesWith.FindStringSubmatch(s); m != nil {
			// "Biểu số: 01/…" is the form's number, not the report's.
			if h.Number == "" || strings.Contains(strings.ToLower(s[:strings.Index(s, m[0])+len(m[0])]), "kèm") {
				h.Number = strings.Join(strings.Fields(m[1]), "")
			}
			if h.Signed == "" && m[2] != "" {
				h.Signed = fmt.Sprintf("%s-%02d-%02d", m[4], atoi(m[3]), atoi(m[2]))
			}
		}
		if h.Signed == "" && len(s) < 80 {
			if m := signedLine.FindStringSubmatch(s); m != nil {
				h.Signed = fmt.Sprintf("%s-%02d-%02d", m[3], atoi(m[2]), atoi(m[1]))
			}
		}
	}
	// The name with its province is better than one without, or with what stood beside it.
	for _, s := range append(above, lines...) {
		m := officeName.FindStringSubmatch(s)
		if m == nil {
			continue
		}
		if got := issuer([]string{officeLong.Replace(strings.ToUpper(m[1]))}); got != "" && (h.Issuer == "" || strings.HasPrefix(got, h.Issuer) || strings.HasPrefix(h.Issuer, got)) {
			h.Issuer = got
			break
		}
	}
}
