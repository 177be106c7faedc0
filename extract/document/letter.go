package document

import (
	"strings"
	"unicode/utf8"

	"soket/extract/pattern"
	"soket/extract/vietnamese"
)

// recipient says whether a draft goes on with "Kính gửi:", whose recipients stand under one another.
func (c *classifier) recipient(d *draft) bool {
	n := len(c.out)
	if n == 0 || c.out[n-1].Kind != Paragraph || utf8.RuneCountInString(d.Text) > 120 || !strings.HasPrefix(vietnamese.Fold(c.out[n-1].Text), "kinh gui") {
		return false
	}
	_, _, f := splitMarker(d.Text)
	end := c.out[n-1].Text
	return f.kind == '-' || f.kind == '+' || strings.HasSuffix(end, ";") || strings.HasSuffix(end, ":")
}

// sides handles a run of drafts set in two columns: the head of a letter before its body, the
// recipients and the signer after it. Each side becomes one block.
func (c *classifier) sides(i int) int {
	j := i
	var both [2]*Block
	for ; j < len(c.drafts) && c.drafts[j].side != whole; j++ {
		d := &c.drafts[j]
		if c.drafts[j].side == left && j > i && c.drafts[j-1].side == right {
			break // another pair
		}
		k := d.side - left
		if strings.TrimSpace(strings.Trim(d.Text, "─—–-_=*.")) == "" {
			continue // a line drawn with characters
		}
		if both[k] == nil {
			b := d.Block
			both[k] = &b
		} else {
			joinBlocks(both[k], d.Block)
		}
	}
	kind := Signature
	motto := false
	for _, b := range both {
		motto = motto || b != nil && strings.Contains(vietnamese.Fold(b.Text), "cong hoa xa hoi chu nghia")
	}
	switch {
	case motto:
		// The national motto heads a letter, also where a stamp or a cover stood above it.
		kind, c.body, c.title, c.signed = Letterhead, false, false, false
	case !c.body && !c.title:
		kind = Letterhead
	default:
		c.signed = true
	}
	for _, b := range both {
		if b != nil {
			b.Kind = kind
			c.add(*b)
		}
	}
	return j
}

var (
	numberLine = pattern.New(`^so\s*:?\s*\d*\s*[.…]*\s*/`)
	dateLine   = pattern.New(`^[\p{L}\s.\-]{2,40},\s*ngay\s*[\d.…]*\s*thang\s*[\d.…]*\s*nam\s*[\d.…]*$`)
)

// letterheadLine knows the lines of the head when they do not stand in two columns.
func letterheadLine(text, folded string) bool {
	if utf8.RuneCountInString(text) > 120 {
		return false
	}
	return strings.HasPrefix(folded, "cong hoa xa hoi chu nghia") || strings.HasPrefix(folded, "doc lap - tu do") ||
		numberLine.MatchString(folded) || dateLine.MatchString(folded) ||
		upperShare(text) > 0.9 && hasAnyPrefix(folded, "ubnd ", "uy ban nhan dan", "so khoa hoc", "bo khoa hoc", "chi cuc", "trung tam", "thanh tra so")
}

// titles are the first words of the titles of official papers, folded.
var titles = []string{"bao cao", "to trinh", "ke hoach", "thong bao", "cong van", "quyet dinh", "ket luan", "chuong trinh", "de an", "bien ban", "phu luc", "bieu", "giay moi", "du thao"}

// titled says whether a draft is the title or goes on with it: the name of the paper in capitals,
// then its subject, until the text is no longer centred.
func (c *classifier) titled(d *draft, folded string) bool {
	if strings.HasPrefix(folded, "kinh gui") {
		c.title = true // what follows is the body, but for a title that comes late
		return false
	}
	if n := len(c.out); n > 0 && c.out[n-1].Kind == Title && c.title {
		_, _, f := splitMarker(d.Text)
		return f == none && d.Marker == "" &&
			(utf8.RuneCountInString(d.Text) <= 400 && (d.centred || d.Bold && d.rank <= 1) || d.rank == 1)
	}
	if hasAnyPrefix(folded, titles...) {
		first := d.Text[:min(len(d.Text), 9)]
		if upperShare(first) > 0.9 && (d.centred || d.Bold || d.rank == 1 || upperShare(d.Text) > 0.9) {
			c.title = true
			return true
		}
	}
	if d.rank == 1 && !c.title && d.Marker == "" {
		c.title = true
		return true
	}
	return false
}

// signers are the starts of the lines that stand above a signature, folded.
var signers = []string{"giam doc", "pho giam doc", "kt.", "kt ", "tl.", "tm.", "tuq.", "q. giam doc", "quyen giam doc",
	"chanh thanh tra", "pho chanh thanh tra", "chi cuc truong", "pho chi cuc truong", "chu tich", "pho chu tich",
	"thu truong", "truong phong", "chanh van phong", "nguoi lap", "bo truong", "thu truong don vi"}

// signature knows what ends a letter, also where it does not stand in two columns.
func (c *classifier) signature(d *draft, folded string) bool {
	if !c.body {
		return false
	}
	if strings.HasPrefix(folded, "noi nhan") && len(folded) < 400 {
		c.signed = true
		return true
	}
	short := utf8.RuneCountInString(d.Text) <= 60
	if short && upperShare(d.Text) > 0.9 && hasAnyPrefix(folded, signers...) {
		c.signed = true
		return true
	}
	if !c.signed {
		return false
	}
	if upperShare(d.Text) > 0.9 && hasAnyPrefix(folded, "phu luc", "bieu", "bang") || d.rank > 0 {
		c.signed = false // an appendix begins
		return false
	}
	if _, _, f := splitMarker(d.Text); f.kind == 'I' || f.kind == 'A' || f.kind == 'P' {
		c.signed = false
		return false
	}
	return short || d.Marker != "" || strings.HasPrefix(d.Text, "-")
}
