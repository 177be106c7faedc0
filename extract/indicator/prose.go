package indicator

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"soket/extract/document"
	"soket/extract/pattern"
	"soket/extract/vietnamese"
)

// rules is the catalogue made ready for matching.
type rules struct {
	catalogue  *Catalogue
	indicators []*rule
	codes      map[string]*rule
	heads      phrases // names of areas
	said       phrases // named, cues and excludes
	counted    phrases // nouns
}

type rule struct {
	*Indicator
	at             int // in the catalogue
	money, percent bool
	follows        map[string]bool // codes after whose figure, in one sentence, this one is named next
}

var loadRules = sync.OnceValues(func() (*rules, error) {
	c, err := Load()
	if err != nil {
		return nil, err
	}
	return newRules(c, madeOpenings), nil
})

// lists are first words of what a catalogue has: of the names of its areas, of counted nouns, and of what
// else is said of its indicators.
type lists struct{ heads, counted, said []opening }

// said gives the list of an indicator that a spot is in.
func (x *Indicator) said(list uint16) []string {
	switch list {
	case inNamed:
		return x.Named
	case inCues:
		return x.Cues
	case inExcludes:
		return x.Excludes
	}
	return x.Nouns
}

// names are those of an area.
func (a *Area) names() []string { return append(slices.Clip(a.Heads), a.VI) }

// openings are those of the phrases of a catalogue.
func (c *Catalogue) openings() lists {
	all := c.All()
	of := func(kinds ...uint16) []opening {
		return openings(func(yield func(spot, string) bool) {
			for i, x := range all {
				for _, list := range kinds {
					for n, s := range x.said(list) {
						if !yield(spot{uint16(i), list, uint16(n)}, s) {
							return
						}
					}
				}
			}
		})
	}
	return lists{counted: of(inNouns), said: of(inNamed, inCues, inExcludes), heads: openings(func(yield func(spot, string) bool) {
		for i := range c.Areas {
			for n, s := range c.Areas[i].names() {
				if !yield(spot{of: uint16(i), n: uint16(n)}, s) {
					return
				}
			}
		}
	})}
}

// newRules makes a catalogue ready for matching; its openings are known already, or made (Catalogue.openings).
func newRules(c *Catalogue, l lists) *rules {
	all := c.All()
	r := &rules{catalogue: c, codes: make(map[string]*rule, len(all))}
	own := make([]rule, len(all))
	for i, x := range all {
		u := &own[i]
		*u = rule{Indicator: x, at: i, money: x.Unit == "đồng", percent: x.Unit == "%", follows: setOf(strings.Join(x.Follows, " "))}
		r.indicators = append(r.indicators, u)
		r.codes[x.Code] = u
	}
	of := func(at spot) entry {
		return entry{text: own[at.of].said(at.list)[at.n], rule: &own[at.of], list: int(at.list)}
	}
	r.counted, r.said = newPhrases(l.counted, of), newPhrases(l.said, of)
	r.heads = newPhrases(l.heads, func(at spot) entry {
		a := &c.Areas[at.of]
		return entry{text: a.names()[at.n], area: a.Area}
	})
	return r
}

// section is what the headings above a block say of it.
type section struct {
	area   string
	kind   Kind
	period vietnamese.Period
	told   bool     // a heading above says that these are results
	over   []string // the headings above, the nearest first
	skip   bool     // shortcomings, proposals: their figures are no results
	asks   bool     // proposals: of their figures the budget asked for is a plan
}

var (
	planHead = pattern.New(`phuong huong|^(?:\S+ ){0,3}dinh huong|nhiem vu trong tam|nhiem vu,? (?:va )?(?:giai phap|6 thang cuoi|nam|quy|thang|cong tac)|ke hoach (?:cong tac|6 thang|nam|quy|hoat dong)|chi tieu|trien khai .*cuoi nam|nhiem vu .*(?:cuoi nam|thoi gian toi|tiep theo)|muc tieu|du kien`)
	// appendix is a table that belongs to the whole report, though it stands behind the last section.
	appendix = pattern.New(`phu luc|^\W*bieu|kem theo|ket qua|tong hop|tinh hinh`)
	// resultsOf opens a heading on how a plan was carried out.
	resultsOf   = pattern.New(`^(?:\S+ ){0,2}ket qua|ket qua thuc hien|(?:tinh hinh|danh gia)(?: \S+){0,4} (?:thuc hien|trien khai|nhiem vu|ke hoach|chi tieu)|^(?:\S+ ){0,2}(?:thuc hien|trien khai|hoan thanh) (?:ke hoach|nhiem vu|chi tieu|cac)`)
	onlyTargets = pattern.New(`^(?:\S+ ){0,3}(?:chi tieu|muc tieu)`)
	resultHead  = pattern.New(`ket qua|tinh hinh|danh gia|thuc hien nhiem vu|da dat|cong tac da`)
	// proposals of tasks are work done: "Đề xuất, đặt hàng nhiệm vụ".
	proposals = pattern.New(`de xuat,? (?:va )?(?:dat hang|nhiem vu|de tai|danh muc)|dat hang`)
	asksHead  = pattern.New(`kien nghi|de xuat`)
	skipHead  = pattern.New(`ton tai|han che|kho khan|vuong mac|nguyen nhan|kien nghi|de xuat|bai hoc`)
)

// reader reads one document.
type reader struct {
	*rules
	head     Head
	district bool // the report is a district's
	facts    []Fact
	listed   []place    // of each fact, the list and the item that it stands in
	untaken  func(Skip) // hears of every number left out, and why; nil where nobody asks
	tallies  []tally    // of each indicator for the figure at hand; used again for the next
}

// place is where in a list a fact stands: the list's number, 0 outside of lists, and the item's.
type place struct{ list, item int }

// cases is from how many items of one list with the same indicator they are single cases, or parts
// by unit: only their total is a fact, and never a sum of our own.
const cases = 3

// withoutCases drops the facts that are single cases in a list.
func (r *reader) withoutCases() {
	type group struct {
		list int
		slot slot
	}
	items := map[group]map[int]bool{}
	of := func(i int) group {
		f := r.facts[i]
		return group{r.listed[i].list, slot{f.Code, f.Period, f.Kind, f.Basis}}
	}
	for i := range r.facts {
		if r.listed[i].list == 0 {
			continue
		}
		g := of(i)
		if items[g] == nil {
			items[g] = map[int]bool{}
		}
		items[g][r.listed[i].item] = true
	}
	kept := r.facts[:0]
	for i, f := range r.facts {
		if r.listed[i].list > 0 && len(items[of(i)]) >= cases {
			if r.untaken != nil {
				r.untaken(Skip{Text: f.Quote, Page: f.Page, Why: "a single case of a list, or a part by unit; only the total counts"})
			}
			continue
		}
		kept = append(kept, f)
	}
	r.facts = kept
}

// onlyTotals leaves out the rows of a table whose columns are indicators and whose rows are topics,
// places or cases: only the row that sums the others up counts, however it is labelled.
func onlyTotals(facts []Fact) (kept []Fact, parts []Skip) {
	rows := map[slot][]int{}
	for i, f := range facts {
		if f.Rule == columnRule {
			s := slot{f.Code, f.Period, f.Kind, f.Basis}
			// A row that is not itself a time may still have one, in a column of its own.
			if _, label, _ := strings.Cut(f.Quote, " – "); f.Kind == Result && periodIn(vietnamese.Fold(label), f.Period.Year()) == "" {
				s.period = ""
			}
			rows[s] = append(rows[s], i)
		}
	}
	drop := map[int]bool{}
	for _, list := range rows {
		labels := map[string]bool{} // the times of one row are no cases
		for _, i := range list {
			_, label, _ := strings.Cut(facts[i].Quote, " – ")
			label, _, _ = strings.Cut(label, ": ")
			labels[label] = true
		}
		if len(labels) < cases {
			continue
		}
		sum := 0.0
		for _, i := range list {
			sum += facts[i].Value
		}
		for _, i := range list {
			if total := facts[i].Value; total == 0 || !near(sum-total, total) {
				drop[i] = true
			}
		}
	}
	for i, f := range facts {
		if drop[i] {
			parts = append(parts, Skip{Text: f.Quote, Page: f.Page, Ref: f.Cell, Why: "a part by topic, place or case; only the total counts"})
		} else {
			kept = append(kept, f)
		}
	}
	return kept, parts
}

// prose finds the facts of a document in its prose and tables, in the order of the text.
func (r *reader) prose(doc *document.Document) {
	cur := section{kind: Result, period: r.head.Period}
	type level struct {
		rank int
		sec  section
	}
	var stack []level
	var lead []hit    // in the paragraph that opens the list
	var over []string // headings over the block
	list, item := 0, 0
	for bi := range doc.Blocks {
		b := &doc.Blocks[bi]
		if b.Kind == document.Item {
			if item == 0 {
				list++
			}
			item++
		} else {
			item = 0
		}
		switch b.Kind {
		case document.Heading:
			for len(stack) > 0 && stack[len(stack)-1].rank >= b.Level {
				stack = stack[:len(stack)-1]
			}
			base := section{kind: Result, period: r.head.Period}
			if len(stack) > 0 {
				base = stack[len(stack)-1].sec
			}
			cur = r.heading(b.Text, base, r.head)
			stack = append(stack, level{b.Level, cur})
			lead = nil
			over = append(over[:min(len(over), max(0, b.Level-1))], b.Text)
			// A heading can carry a figure of its own ("1. Nghiệm thu: 05 nhiệm vụ").
			if len(doc.Sheets) == 0 {
				r.read(b, cur, nil)
			}
		case document.Signature:
			// What follows the signature is an appendix: no longer the section of plans before it.
			cur, stack, lead, over = section{kind: Result, period: r.head.Period}, nil, nil, nil
		case document.TableBlock:
			if b.Table == nil {
				continue
			}
			got, left := TableFacts(b.Table, TableContext{Period: r.head.Period, Section: strings.Join(over, "; "), Plan: cur.kind == Plan && !appendix.MatchString(vietnamese.Fold(b.Table.Title))})
			if len(doc.Sheets) == 0 {
				for i := range got {
					// Measured: of figures in the tables of prose reports 95 in 100 are right.
					got[i].Confidence = min(got[i].Confidence, 0.89)
				}
			}
			got, parts := onlyTotals(got)
			r.facts = append(r.facts, got...)
			r.cellProse(b.Table)
			if r.untaken != nil {
				for _, s := range append(left, parts...) {
					r.untaken(s)
				}
			}
		case document.Paragraph, document.Item:
			if len(doc.Sheets) > 0 {
				continue // the notes around a workbook's tables are no prose of a report
			}
			ts := r.read(b, cur, lead)
			if b.Kind == document.Paragraph || strings.HasSuffix(b.Text, ":") {
				lead = r.find(ts[max(0, len(ts)-40):])
			}
		}
		here := place{}
		if item > 0 {
			here = place{list, item}
		}
		for len(r.listed) < len(r.facts) {
			r.listed = append(r.listed, here)
		}
	}
	r.withoutCases()
}

func (r *rules) heading(text string, base section, head Head) section {
	s := base
	folded := shortMonths.ReplaceAllString(vietnamese.Fold(text), "$1 thang")
	s.over = append([]string{text}, base.over...)
	ahead := periodIn(folded, head.Period.Year()) // "QUÝ II/2024" in a report on the first quarter
	switch {
	case skipHead.MatchString(folded) && !resultHead.MatchString(folded) && !proposals.MatchString(folded):
		s.skip, s.asks = true, asksHead.MatchString(folded)
	case s.told && onlyTargets.MatchString(folded) && !strings.Contains(folded, "nam toi"):
		// "Các chỉ tiêu được giao" under "Kết quả thực hiện" tells how they were met
	case bothTimes(folded, head.Period):
		// The report's title once more: under it stand results and plans.
	case planHead.MatchString(folded) && !resultsOf.MatchString(folded) && (planPeriod(folded, head.Period) != head.Period || head.Period == ""):
		s.kind, s.skip = Plan, false
		s.period = planPeriod(folded, head.Period)
	case ahead != "" && later(ahead, head.Period) && !resultsOf.MatchString(folded):
		s.kind, s.skip, s.period = Plan, false, ahead
	case resultHead.MatchString(folded):
		s.kind, s.skip, s.period, s.told = Result, false, head.Period, true
	}
	if s.kind == Result && holdsPeriod(head.Period, ahead) && !cumulative.MatchString(folded) {
		s.period = ahead // "Kết quả quý III" in a report of nine months
	}
	ts := tokens(text)
	// The longest name counts, of as long ones the first in the heading: the same bytes give the same facts.
	best := 0
	for i := range ts {
		for _, e := range r.heads.from(ts, i) {
			if words := len(e.phrase.words); words > best && e.phrase.at(ts, i) > 0 {
				best, s.area = words, e.area
			}
		}
	}
	return s
}

// bothTimes tells a heading on the report's own period and then on plans: "Công tác quản lý năm 2023,
// phương hướng năm 2024".
func bothTimes(folded string, own vietnamese.Period) bool {
	at := planHead.FindStringSubmatchIndex(folded)
	return at != nil && own != "" && periodIn(folded[:at[0]], own.Year()) == own && !basedOn.MatchString(folded)
}

// basedOn opens a heading on plans that names what they follow from.
var basedOn = pattern.New(`^\W*(?:\S+ ){0,2}(?:tren co so|can cu|tu ket qua|tiep tuc|theo)\b`)

var (
	lastMonths  = pattern.New(`(?:6|sau|06) thang cuoi`)
	lastQuarter = pattern.New(`\b(?:3|ba|03) thang cuoi`)
	restOfYear  = pattern.New(`(?:nhung|cac|may) thang cuoi nam|thoi gian con lai`)
	oneMonth    = pattern.New(`\bthang (\d{1,2})\b`)
	firstMonths = pattern.New(`(\d{1,2}) thang dau`)
	quarter     = pattern.New(`quy (iv|iii|ii|i|[1-4])\b`)
	aYear       = pattern.New(`\b((?:19|20)\d\d)\b`)
)

var romans = map[string]string{"i": "1", "ii": "2", "iii": "3", "iv": "4"}

// planPeriod is the period that a plan's heading speaks of.
func planPeriod(folded string, doc vietnamese.Period) vietnamese.Period {
	year := doc.Year()
	if ms := aYear.FindAllString(folded, -1); len(ms) > 0 {
		year = atoi(ms[len(ms)-1])
	}
	if year == 0 {
		return ""
	}
	y := vietnamese.Period(itoa(year))
	switch {
	case lastMonths.MatchString(folded):
		return y + "-H2"
	case lastQuarter.MatchString(folded):
		return y + "-Q4"
	case quarter.MatchString(folded):
		q := quarter.FindStringSubmatch(folded)[1]
		if n, ok := romans[q]; ok {
			q = n
		}
		return y + vietnamese.Period("-Q"+q)
	case oneMonth.MatchString(folded):
		return vietnamese.Period(fmt.Sprintf("%d-M%02d", year, atoi(oneMonth.FindStringSubmatch(folded)[1])))
	case firstMonths.MatchString(folded):
		return vietnamese.MonthsOf(year, atoi(firstMonths.FindStringSubmatch(folded)[1]))
	case aYear.MatchString(folded) && !(year == doc.Year() && doc.Part() != "" && restOfYear.MatchString(folded)):
		return y
	}
	switch {
	case doc.Part() == "H1":
		return y + "-H2"
	case doc.Part() == "9M":
		return y + "-Q4"
	case strings.HasPrefix(doc.Part(), "Q") && doc.Part() < "Q4":
		return y + vietnamese.Period("-Q"+itoa(int(doc.Part()[1]-'0')+1))
	case strings.HasPrefix(doc.Part(), "M") && atoi(strings.TrimLeft(doc.Part()[1:], "0")) < 12:
		return vietnamese.Period(fmt.Sprintf("%d-M%02d", year, atoi(strings.TrimLeft(doc.Part()[1:], "0"))+1))
	case doc.Part() == "":
		return vietnamese.Period(itoa(year + 1))
	}
	return y
}

// atoi reads the digits that a pattern has found; 0 where it found none.
func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

// itoa spells a year; "" for one counted from a report that states none.
func itoa(n int) string {
	if n < 0 {
		return ""
	}
	return strconv.Itoa(n)
}
