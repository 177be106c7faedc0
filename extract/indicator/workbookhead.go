package indicator

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"soket/extract/document"
	"soket/extract/pattern"
	"soket/extract/vietnamese"
)

var (
	goesWith   = pattern.New(`(?i)(?:kèm theo|theo|gửi kèm|kèm)\s+(?:báo cáo|công văn|tờ trình)\s+(?:số\s*)?:?\s*(\d+\s*/\s*[\p{L}\d&\-]+)(?:\s+ngày\s+(\d{1,2})(?:[/.-]|\s+tháng\s+)(\d{1,2})(?:[/.-]|\s+năm\s+)(\d{4}))?`)
	officeName = pattern.New(`(?:^|[\s(:])((?:Thanh tra Sở|Sở|Chi cục|Trung tâm|SỞ|CHI CỤC|TRUNG TÂM)\s[^.;:()\d]{2,60}?\s(?:[Tt]ỉnh|[Tt]hành phố|TP\.?|TỈNH|THÀNH PHỐ)\s+\p{Lu}[\p{L}\-]*(?:\s\p{Lu}[\p{L}\-]*){0,3})`)
	// signedShort is "Thạch Xuyên, ngày 16/6/2023" on a line of its own.
	anyFigure   = pattern.New(`\d+`)
	signedShort = pattern.New(`^\s*\p{Lu}[\p{L}\s.\-]*,\s*ngày\s+(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})\s*$`)
	officeLong  = strings.NewReplacer("KH&CN", "KHOA HỌC VÀ CÔNG NGHỆ", "KHCN", "KHOA HỌC VÀ CÔNG NGHỆ", "TĐC", "TIÊU CHUẨN ĐO LƯỜNG CHẤT LƯỢNG", "TP.", "THÀNH PHỐ")
)

// workbookHead fills in what the head of a workbook says in the lines around its tables: they are
// set in cells, without the letterhead of a report.
func workbookHead(doc *document.Document, h *Head) {
	var lines, above []string
	for i := range doc.Blocks {
		switch b := &doc.Blocks[i]; {
		case b.Table != nil:
			above = append(above, strings.Split(b.Table.Title, "; ")...)
		case b.Kind == document.Letterhead:
			lines = append(lines, letterheadLines(b.Text)...)
		default:
			lines = append(lines, b.Text)
		}
	}
	period := titledPeriod(doc, h)
	if period != "" {
		h.Period = period
	}
	if wholeYear(period) && h.Signed == "" {
		h.Period = filledSoFar(doc, period)
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
			m := signedLine.FindStringSubmatch(s)
			if m == nil {
				m = signedShort.FindStringSubmatch(s)
			}
			if m != nil {
				h.Signed = fmt.Sprintf("%s-%02d-%02d", m[3], atoi(m[2]), atoi(m[1]))
			}
		}
	}
	if h.Recipient == "" {
		h.Recipient = sheetRecipient(doc, append(lines, above...))
	}
	workbookIssuer(h, lines, above)
	if h.Period == "" {
		h.Period = lastReported(doc, vietnamese.Period(h.Signed[:min(4, len(h.Signed))]))
	}
	if h.Period == "" && len(h.Signed) == len("2006-01-02") {
		h.Period = signedPeriod(h.Signed)
	}
}

// titledPeriod is the period that the titles of a workbook's tables tell of; "" where they tell of none.
func titledPeriod(doc *document.Document, h *Head) (period vietnamese.Period) {
	var told []vietnamese.Period // by the titles of tables that tell of results
	formOf := ""                 // the title of the period's table, figures apart
	for i := range doc.Blocks {
		t := doc.Blocks[i].Table
		if t == nil || t.Hidden || markedOld(t.Title) || markedOld(t.Sheet) {
			continue
		}
		p, ok := titlePeriod(t.Title, "")
		if !ok {
			p, ok = titlePeriod(t.Title+"; "+t.Sheet, wholeYearOf(vietnamese.Period(h.Signed[:min(4, len(h.Signed))])))
		}
		// Of the sheets of one form, one for each year, the newest is reported.
		form := anyFigure.ReplaceAllString(t.Title, "#")
		if ok && !planTitle(t.Title) && !sectionPlan.MatchString(measureText(t.Title)) {
			told = append(told, p)
		}
		if ok && (period == "" || form == formOf && p.Part() == period.Part() && p.Year() > period.Year()) {
			period, formOf = p, form
		}
	}
	// Tables on parts of the time that the title names, or that the last of them sums up, are parts of the
	// report: "A. Quý I", "B. Quý II", "C. Cộng 6 tháng".
	if p, ok := titlePeriod(h.Title, ""); ok && holdsPeriod(p, period) {
		period = p
	}
	for _, p := range told {
		if parts := slices.Compact(slices.Sorted(slices.Values(told))); len(parts) > 2 && !slices.ContainsFunc(parts, func(q vietnamese.Period) bool { return q != p && !holdsPeriod(p, q) }) {
			period = p
		}
	}
	return period
}

// workbookIssuer fills in the issuing body and its place, from the lines around the tables and those above them.
func workbookIssuer(h *Head, lines, above []string) {
	// The name with its province is better than one without, or with what stood beside it.
	for _, s := range append(above, lines...) {
		m := officeName.FindStringSubmatch(s)
		if m == nil {
			continue
		}
		got := issuer([]string{officeLong.Replace(strings.ToUpper(m[1]))})
		if place := namedPlace(m[1]); got != "" && !placed(got) && place != "" {
			got += " " + place
		}
		if got != "" && (h.Issuer == "" || strings.HasPrefix(got, h.Issuer) || strings.HasPrefix(h.Issuer, got)) {
			h.Issuer = got
			break
		}
	}
	// The last body named at the top is the issuer: what stands above it is whom it belongs to.
	for _, s := range lines[:min(len(lines), 4)] {
		name := bodyName(s)
		if at := placeAt.FindStringIndex(h.Issuer); at != nil && name != "" && name != "UBND" && strings.ToUpper(s) == s && !strings.HasPrefix(h.Issuer, name) {
			h.Issuer = name + h.Issuer[at[0]:]
		}
	}
	// A place of the date alone does not say that it is a city.
	for _, s := range append(above, lines...) {
		if place := namedPlace(s); bodyName(s) != "" && strings.HasPrefix(place, "thành phố ") && strings.HasSuffix(h.Issuer, " tỉnh "+strings.TrimPrefix(place, "thành phố ")) {
			h.Issuer = strings.TrimSuffix(h.Issuer, "tỉnh "+strings.TrimPrefix(place, "thành phố ")) + place
		}
	}
	// Else the province of the body above it, or of whom it writes to, also one that no list knows.
	if h.Issuer == "" || placed(h.Issuer) {
		return
	}
	for _, s := range append(above, lines...) {
		if place := namedPlace(s); place != "" && bodyName(s) != "" {
			if strings.HasPrefix(h.Issuer, "UBND ") {
				h.Issuer += ","
			}
			h.Issuer += " " + place
			return
		}
	}
}

// holdsPeriod tells whether a part of a year lies within another time of that year.
func holdsPeriod(p, part vietnamese.Period) bool {
	return p != part && part != "" && !p.Span() && !part.Span() && p.Year() == part.Year() && startMonth(p) <= startMonth(part) && endMonth(p) >= endMonth(part)
}

// placeAt finds where a body's name goes over to its province or city.
var placeAt = pattern.New(` (?:tỉnh|thành phố) `)

// inForce gives the tables of a document that are neither hidden nor superseded, with their columns read.
func inForce(doc *document.Document, base vietnamese.Period) iter.Seq[*tableReader] {
	return func(yield func(*tableReader) bool) {
		for i := range doc.Blocks {
			t := doc.Blocks[i].Table
			if t == nil || t.Hidden || markedOld(t.Title) || markedOld(t.Sheet) {
				continue
			}
			r := &tableReader{table: t, base: base}
			if r.layOut(); len(r.rows) == 0 {
				continue
			}
			if r.readColumns(); !yield(r) {
				return
			}
		}
	}
}

// filledSoFar is the part of a year that the tables of a workbook are filled in for: a form for twelve
// months whose later columns are still empty reports on those before.
func filledSoFar(doc *document.Document, year vietnamese.Period) vietnamese.Period {
	filled, columns := 0, 0 // the last month with figures, and with a column
	for r := range inForce(doc, year) {
		if p, ok := titlePeriod(r.table.Title, year); ok && p.Year() != year.Year() {
			continue // a sheet on another year
		}
		for x := range r.cols {
			m := r.cols[x].measure
			if r.cols[x].role != valueRole || m.kind != Result || !m.dated || m.period.Span() || m.period.Year() != year.Year() {
				continue
			}
			month := endMonth(m.period) - 12*year.Year()
			columns = max(columns, month)
			for y := r.head; y < len(r.rows) && month > filled; y++ {
				if c := r.rows[y][x]; c != nil && c.Text != "" {
					if _, _, why := cellValue(c, false); why == "" {
						filled = month
					}
				}
			}
		}
	}
	if columns < 12 || filled == 0 || filled == 12 {
		return year
	}
	return vietnamese.MonthsOf(year.Year(), filled)
}

// signedPeriod is the period that a report is on by the day it is signed, where nothing else says it: those of
// a quarter, half year, nine months and year are due about its end.
func signedPeriod(day string) vietnamese.Period {
	year, month := atoi(day[:4]), atoi(strings.TrimPrefix(day[5:7], "0"))
	switch month {
	case 1, 2:
		return vietnamese.MonthsOf(year-1, 12)
	case 3, 4:
		return vietnamese.MonthsOf(year, 3)
	case 5, 6, 7:
		return vietnamese.MonthsOf(year, 6)
	case 9, 10:
		return vietnamese.MonthsOf(year, 9)
	case 11, 12:
		return vietnamese.MonthsOf(year, 12)
	}
	return ""
}

// lastReported is the last time that columns of results tell of, not after a year; "" without one.
func lastReported(doc *document.Document, year vietnamese.Period) (last vietnamese.Period) {
	for r := range inForce(doc, year) {
		for x := range r.cols {
			m := r.cols[x].measure
			if r.cols[x].role == valueRole && m.kind == Result && m.dated && !m.stale && !m.period.Span() && m.period.Year() > 0 && (year == "" || m.period.Year() <= year.Year()) && (last == "" || endMonth(m.period) > endMonth(last)) {
				last = m.period
			}
		}
	}
	return last
}

// receivedBy are the words of forms for whom they go to.
var receivedBy = pattern.New(`(?i)^[-\s]*(?:đơn vị nhận(?: báo cáo)?|nơi nhận báo cáo|kính gửi)\s*:\s*(.*)$`)

// sheetRecipient reads whom a form goes to: after the words, on the line below, or in the next cell.
func sheetRecipient(doc *document.Document, lines []string) string {
	clean := func(s string) string { return strings.Trim(s, " -.;:") }
	for i, s := range lines {
		m := receivedBy.FindStringSubmatch(s)
		switch {
		case m == nil:
		case clean(m[1]) != "":
			return clean(m[1])
		case i+1 < len(lines) && !strings.HasSuffix(strings.TrimSpace(lines[i+1]), ":"):
			return clean(lines[i+1])
		}
	}
	for i := range doc.Blocks {
		if t := doc.Blocks[i].Table; t != nil && !t.Hidden {
			for _, row := range t.Rows {
				for k := 0; k+1 < len(row); k++ {
					if m := receivedBy.FindStringSubmatch(row[k].Text + " "); m != nil && clean(m[1]) == "" && clean(row[k+1].Text) != "" {
						return clean(row[k+1].Text)
					}
				}
			}
		}
	}
	return ""
}

// placed tells whether a body's name says its province or central city.
func placed(name string) bool {
	return strings.Contains(name, " tỉnh ") || strings.Contains(name, " thành phố ")
}

// placeWords is a province or city said with its kind.
var placeWords = pattern.New(`(?:^|\s)([Tt]ỉnh|[Tt]hành phố|TP\.?|TỈNH|THÀNH PHỐ)\s+(\p{Lu}\p{L}*(?:\s(?:-\s)?\p{Lu}\p{L}*){0,3})`)

// namedPlace is the province or city that a line names with its kind: "tỉnh Quảng Nam".
func namedPlace(s string) string {
	m := placeWords.FindStringSubmatch(s)
	if m == nil {
		return ""
	}
	kind := "thành phố"
	if vietnamese.Fold(m[1]) == "tinh" {
		kind = "tỉnh"
	}
	var name []string
	for _, w := range strings.Fields(m[2]) {
		if f := vietnamese.Fold(w); f == "nam" && w == "NĂM" || f == "quy" || f == "thang" || f == "so" || w == "VÀ" {
			break
		}
		name = append(name, w)
	}
	return kind + " " + caseName(strings.Join(name, " "))
}
