package document

import (
	"strings"
	"unicode/utf8"

	"soket/extract/pattern"
	"soket/extract/vietnamese"
)

// table adds a table, after taking its caption and unit from just above.
func (c *classifier) table(d *draft) {
	t := d.Table
	c.body = true
	inBrackets := "" // "(Kèm theo Báo cáo số …)" between the caption and the table
	for range 3 {
		n := len(c.out)
		if n == 0 || t == nil {
			break
		}
		above := &c.out[n-1]
		if above.Kind != Paragraph && above.Kind != Heading && above.Kind != Item || above.Page != 0 && d.Page != 0 && d.Page-above.Page > 1 {
			break
		}
		if unit, ok := unitLine(above.Text); ok && t.Unit == "" && above.Marker == "" {
			t.Unit = unit
			c.out = c.out[:n-1]
			continue
		}
		if t.Title == "" && above.Marker == "" && captionLine(above.Text) {
			t.Title = strings.TrimSpace(above.Text + " " + inBrackets)
			inBrackets = ""
			if unit, ok := unitWithin(t.Title); ok && t.Unit == "" {
				t.Unit = unit
			}
			c.out = c.out[:n-1]
			continue
		}
		if t.Title == "" && inBrackets == "" && n > 1 && strings.HasPrefix(above.Text, "(") && strings.HasSuffix(above.Text, ")") && captionLine(c.out[n-2].Text) && c.out[n-2].Marker == "" {
			inBrackets = above.Text
			c.out = c.out[:n-1]
			continue
		}
		break
	}
	c.add(d.Block)
}

var (
	unitPattern = pattern.New(`^\(?\s*(?:[Đđ]ơn vị(?: tính)?|[Đđ][Vv][Tt]|ĐƠN VỊ(?: TÍNH)?)(?: (?:số )?(?:tiền|kinh phí|giá trị))?\s*[:：]\s*([^()]{1,40}?)\s*\)?\.?$`)
	unitInside  = pattern.New(`\(\s*(?:[Đđ]ơn vị(?: tính)?|[Đđ][Vv][Tt])(?: (?:số )?(?:tiền|kinh phí|giá trị))?\s*[:：]\s*([^()]{1,40}?)\s*\)`)
	caption     = pattern.New(`^(?:bang|bieu|phu luc|phu bieu|mau|danh muc|tong hop|ket qua)\b`)
	numbered    = pattern.New(`^(?:bang|bieu|phu luc|phu bieu|mau)\s*(?:so\s*)?[\divx]+\b`)
)

// noteLine knows the lines under a table that explain it.
func noteLine(text string) bool {
	return hasAnyPrefix(vietnamese.Fold(text), "ghi chu", "nguon:", "nguon so lieu", "(*)", "* ghi chu")
}

// unitLine takes the unit out of a line that says nothing else: "Đơn vị tính: triệu đồng".
func unitLine(text string) (string, bool) {
	m := unitPattern.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return "", false
	}
	return m[1], true
}

// unitWithin takes the unit out of a caption's brackets.
func unitWithin(text string) (string, bool) {
	m := unitInside.FindStringSubmatch(text)
	if m == nil {
		return "", false
	}
	return m[1], true
}

// captionLine says whether a line names the table below it: "Bảng 1. Kết quả thanh tra".
func captionLine(text string) bool {
	if utf8.RuneCountInString(text) > 250 {
		return false
	}
	folded := vietnamese.Fold(text)
	if numbered.MatchString(folded) {
		return true
	}
	end, _ := utf8.DecodeLastRuneInString(text)
	return caption.MatchString(folded) && !strings.ContainsRune(".:;,", end) && utf8.RuneCountInString(text) <= 160
}
