package web

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"net/http"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"soket/analytics"
	"soket/analytics/web/access"
	"soket/extract"
	"soket/extract/document"
	"soket/extract/indicator"
	"soket/extract/vietnamese"
)

// mark is a fact's place on a page, in points.
type mark struct {
	No         uint32
	Doubt      bool
	X, Y, W, H float64
}

func (s *server) report(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	f, ok := s.Inbox.Filing(id)
	if !ok {
		s.fail(w, r, &extract.Refusal{Code: "not_found"})
		return
	}
	var err error
	p := personOf(r)
	correct := s.mayFiling(p, access.Correct, f) == nil && (s.Demo || s.Desk.May(p, access.Correct, ""))
	data := map[string]any{"Filing": f, "MayErase": s.mayErase(r), "MayCorrect": correct, "MayApprove": s.Demo || s.Desk.May(p, access.Approve, bodyOf(f)), "Versions": s.versions(f), "Text": r.FormValue("xep") == "van-ban"}
	if f.ReplacedBy != "" {
		if by, ok := s.Inbox.Filing(f.ReplacedBy); ok {
			data["By"] = by
		}
	}
	if old, ok := s.Inbox.Filing(f.Replaces); ok && old.ReplacedBy == id { // it was named before anybody knew what the file holds
		another, err := s.another(r, f, old)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		if another {
			data["Stray"] = old
		}
	}
	if correct { // names and periods to choose from
		if data["Bodies"], err = s.ownBodies(r, access.Correct); err != nil {
			s.fail(w, r, err)
			return
		}
		data["Periods"] = formPeriods(time.Now())
	}
	var v *review
	var x filed
	var notes func(*analytics.Report) int
	figures := map[string]any{}
	var beside []analytics.Related
	var twins []extract.Filing
	if !underWay(f) {
		// What does not hang together is asked for at once: a statement is planned by one core.
		err := atOnce(func() (err error) { x, err = s.filed(r, id); return err },
			func() (err error) { v, notes, err = s.reportFigures(r, f, figures, data["Text"] == true); return err },
			func() error { beside = s.related(r, id); return nil },
			func() (err error) { twins, err = s.same(r, f); return err })
		if err != nil {
			s.fail(w, r, err)
			return
		}
	}
	if x.Report == nil { // nothing of it was committed
		v = nil
	} else {
		maps.Copy(data, figures)
		data["Report"], data["Related"], data["Same"] = x.Report, beside, twins
		data["MayJudge"] = correct && f.Stage.Value != extract.Published && (f.State == extract.Visible || f.State == extract.Waiting)
		data["Notes"] = notes(x.Report)
		if next, err := vietnamese.ParsePeriod(periodOf(f)); err == nil && !next.Span() {
			data["NextForm"] = string(next.In(next.Year() + 1))
		}
	}
	data["Steps"] = milestones(f, v)
	s.render(w, r, http.StatusOK, "report", data)
}

// atOnce runs functions side by side and gives the first error. A panic ends as one, as in the
// goroutine of a request: it must not end the server.
func atOnce(all ...func() error) error {
	var g errgroup.Group
	for _, f := range all {
		g.Go(func() (err error) {
			defer func() {
				if p := recover(); p != nil {
					err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
				}
			}()
			return f()
		})
	}
	return g.Wait()
}

// reportFigures gathers what was read of a report and where it stands; notes counts those that its workbook comes
// back with.
func (s *server) reportFigures(r *http.Request, f extract.Filing, data map[string]any, asInText bool) (v *review, notes func(*analytics.Report) int, err error) {
	ctx := r.Context()
	var facts []analytics.Fact
	var pages []analytics.Page
	var tables []analytics.Table
	var findings []analytics.Finding
	var names map[string]analytics.Indicator
	err = atOnce(func() (err error) {
		if err := atOnce(func() (err error) { facts, err = s.Figures.ReportFacts(ctx, f.ID); return err },
			func() (err error) { findings, err = s.Figures.ReportFindings(ctx, f.ID); return err }); err != nil {
			return err
		}
		v, err = s.review(r, f, facts, findings)
		return err
	}, func() (err error) { pages, err = s.Figures.Pages(ctx, f.ID); return err },
		func() (err error) {
			if f.Format != string(document.PDF) { // whose pages are shown themselves
				tables, err = s.Figures.Tables(ctx, f.ID)
			}
			return err
		},
		func() (err error) { names, err = s.names(r); return err })
	if err != nil {
		return nil, nil, err
	}
	flagged := map[uint32]bool{} // figures that do not fit together with others
	for _, x := range findings {
		for _, no := range x.Facts {
			flagged[no] = flagged[no] || x.Severity != "note"
		}
	}
	unsure := func(x analytics.Fact) bool { return doubtful(x) || flagged[x.No] }
	marks := map[uint32][]mark{}
	for _, x := range facts {
		if len(x.Box) == 4 && x.Page > 0 {
			const pad = 1.5 // points, so that the frame does not touch the digits
			marks[x.Page] = append(marks[x.Page], mark{x.No, unsure(x), x.Box[0] - pad, x.Box[1] - pad, x.Box[2] - x.Box[0] + 2*pad, x.Box[3] - x.Box[1] + 2*pad})
		}
	}
	grids := gridsOf(tables, facts, unsure)
	var texts [][]scrap
	for _, p := range pages {
		if p.Width == 0 && len(grids) == 0 {
			texts = append(texts, scrapsOf(p.Text, facts, unsure))
		}
	}
	pages = slices.DeleteFunc(pages, func(p analytics.Page) bool { return p.Width == 0 })
	byNo := map[uint32]analytics.Fact{}
	for _, x := range facts {
		byNo[x.No] = x
	}
	var rejected []extract.Judgement
	was := map[string]*extract.Fact{} // the machine's reading of figures that were corrected
	for _, j := range f.Judgements {
		if j.Verdict == extract.Corrected && j.Was != nil {
			was[j.Key] = j.Was
		}
		if j.Verdict == extract.Rejected && j.Was != nil {
			rejected = append(rejected, j)
		}
	}
	// What matters most first: what does not fit together, then results, which sums and trends are made
	// of, before plans and comparisons; of each the least sure, where a person's eye is worth most.
	weight := func(x analytics.Fact) int {
		switch {
		case x.Judged == "" && flagged[x.No]:
			return 0
		case !doubtful(x):
			return 4
		}
		return 1 + max(0, slices.Index([]string{string(indicator.Result), string(indicator.Plan), string(indicator.Comparison)}, x.Kind))
	}
	if !asInText {
		slices.SortStableFunc(facts, func(a, b analytics.Fact) int {
			return cmp.Or(cmp.Compare(weight(a), weight(b)), cmp.Compare(a.Confidence, b.Confidence))
		})
	}
	sure := 0
	for _, x := range facts {
		if !unsure(x) {
			sure++
		}
	}
	if !asInText && sure > foldFrom {
		data["Sure"] = sure
	}
	data["Lots"] = lotsOf(facts, func(x analytics.Fact) bool { return doubtful(x) && !flagged[x.No] })
	workbook := s.Reader != nil && f.Format == string(document.XLSX)
	notes = func(report *analytics.Report) int {
		if !workbook {
			return 0
		}
		return len(s.cellNotes(s.languageOf(r), f, report, facts, findings, names))
	}
	for key, value := range map[string]any{"Review": v, "Facts": facts, "ByNo": byNo, "Pages": pages, "Grids": grids, "Texts": texts, "Findings": findings, "Flagged": flagged, "Names": names, "Marks": marks,
		"Codes": sortedCodes(names), "Rejected": rejected, "Was": was, "Workbook": workbook,
		"Pictures": s.Reader != nil && pictured(f) && s.mayFiling(personOf(r), access.Original, f) == nil} {
		data[key] = value
	}
	return v, notes, nil
}

// foldFrom is how many figures that need no look a narrow screen shows at once; more wait for a click.
const foldFrom = 10

// lot is the figures of one kind on one page or sheet that wait for a look: they are looked at together
// and confirmed together.
type lot struct {
	Page        uint32
	Sheet, Kind string
	Facts       []analytics.Fact
}

const (
	lotLeast = 3   // figures below which each is confirmed by itself
	lotMost  = 200 // in one decision; see ingest.maxJudgements
)

func lotsOf(facts []analytics.Fact, waits func(analytics.Fact) bool) []lot {
	var list []lot
	for _, x := range facts {
		if !waits(x) {
			continue
		}
		i := slices.IndexFunc(list, func(l lot) bool {
			return l.Page == x.Page && l.Sheet == x.Sheet && l.Kind == x.Kind && len(l.Facts) < lotMost
		})
		if i < 0 {
			i, list = len(list), append(list, lot{Page: x.Page, Sheet: x.Sheet, Kind: x.Kind})
		}
		list[i].Facts = append(list[i].Facts, x)
	}
	list = slices.DeleteFunc(list, func(l lot) bool { return len(l.Facts) < lotLeast })
	slices.SortStableFunc(list, func(a, b lot) int { return cmp.Or(cmp.Compare(a.Page, b.Page), strings.Compare(a.Sheet, b.Sheet)) })
	return list
}

// milestone is one step of a report on its way: received, read, checked, submitted, approved, published.
type milestone struct {
	Key   string
	State string // done, now, next, failed
	By    string
	At    time.Time
	Left  int // figures and points still to be looked at, of "checked"
}

// milestones tells how far a report is, with who and when.
func milestones(f extract.Filing, v *review) []milestone {
	rank := map[string]int{extract.Submitted: 1, extract.Approved: 2, extract.Published: 3}[f.Stage.Value]
	last := func(what string) (m milestone) {
		for _, x := range f.Steps {
			if x.Value == what {
				m.By, m.At = x.By, x.At
			}
		}
		return m
	}
	read := f.State != extract.Accepted && f.State != extract.Deleting && f.State != extract.Reading && f.State != extract.Failed && f.State != extract.Refused
	list := []milestone{{Key: "received", State: "done", By: f.ReceivedBy, At: f.ReceivedAt}, {Key: "read"}, {Key: "checked"}}
	if f.State == extract.Refused {
		list[0].State = "failed"
	}
	if read {
		list[1].State = "done"
	} else if f.State == extract.Failed {
		list[1].State = "failed"
	}
	if v != nil {
		list[2].Left = v.Doubt + v.Open
	}
	if read && v != nil && f.State != extract.Waiting && (rank > 0 || list[2].Left == 0) {
		list[2].State = "done"
	}
	for i, what := range []string{extract.Submitted, extract.Approved, extract.Published} {
		m := milestone{Key: what}
		if rank > i {
			m = last(what)
			m.Key, m.State = what, "done"
		}
		list = append(list, m)
	}
	now := false
	for i := range list {
		switch {
		case list[i].State == "failed":
			now = true
		case list[i].State == "" && !now && f.State != extract.Withdrawn && f.State != extract.Replaced && f.State != extract.Deleting:
			list[i].State, now = "now", true
		case list[i].State == "":
			list[i].State = "next"
		}
	}
	return list
}

// review is what is to be looked at before a report is submitted.
type review struct {
	Open    int                 // findings that ask for a look
	Doubt   int                 // figures that nobody confirmed and the machine is not sure of
	Missing []lack              // what its form asks for or this body reported before, and not now
	Absent  []extract.Judgement // indicators that do not apply, as somebody said
	Asked   int                 // indicators that its form asks for; 0: nobody said
	Moved   []analytics.Point   // the five largest changes since the same period last year
	Last    string              // that period; empty: none compares
	Known   bool                // the body reported for that period or the last one
	Due     string              // ISO date by which the report was owed; empty: no day is set
	Late    int                 // days after it
}

// lack is an indicator that a report says nothing of.
type lack struct {
	Code  string
	Asked bool             // its form asks for it
	Last  *analytics.Point // what the body reported for the same period last year, or else the last one
}

// doubt is the confidence below which a figure is to be looked at: above it 99 in 100 are right.
const doubt = 0.9

func openPoints(findings []analytics.Finding) (n int) {
	for _, x := range findings {
		if x.Severity != "note" {
			n++
		}
	}
	return n
}

// review compares a report with what its body reported before and what it owes.
func (s *server) review(r *http.Request, f extract.Filing, facts []analytics.Fact, findings []analytics.Finding) (*review, error) {
	v := &review{Open: openPoints(findings)}
	reported := map[string]bool{}
	for _, x := range facts {
		if doubtful(x) {
			v.Doubt++
		}
		if x.Kind == string(indicator.Result) {
			reported[x.Code] = true
		}
	}
	absent := map[string]bool{}
	for _, j := range f.Judgements {
		if j.Verdict == extract.Absent && !reported[j.Now.Code] {
			v.Absent, absent[j.Now.Code] = append(v.Absent, j), true
		}
	}
	body, period := bodyOf(f), extract.Period(periodOf(f))
	if body == "" || period.LastYear() == "" {
		return v, nil
	}
	roll, err := s.bodies(r.Context())
	if err != nil {
		return nil, err
	}
	at := map[string]int{} // of a code in Missing
	if b := roll.find(body); b != nil {
		body = b.Name
		if o, owes := roll.due(*b, string(period), kindOf(period)); owes {
			_, end := within(string(period))
			due := end.AddDate(0, 0, o.Days)
			v.Due, v.Asked = due.Format(time.DateOnly), len(o.Codes)
			if over := f.ReceivedAt.Sub(due.AddDate(0, 0, 1)); over > 0 {
				v.Late = 1 + int(over.Hours()/24)
			}
			for _, code := range o.Codes {
				if !reported[code] && !absent[code] {
					at[code] = len(v.Missing)
					v.Missing = append(v.Missing, lack{Code: code, Asked: true})
				}
			}
		}
	}
	v.Last = string(period.LastYear())
	before := string(analytics.Previous(period))
	periods := some([]string{string(period), v.Last, before})
	points, _, err := s.Figures.Trend(r.Context(), analytics.Filter{Bodies: []string{body}, Periods: periods, Kinds: []string{string(indicator.Result)}, Limit: maxLimit})
	if err != nil {
		return nil, err
	}
	for _, p := range points {
		switch {
		case p.Period == string(period):
			if p.ChangePercent != nil && *p.ChangePercent != 0 && p.Report == f.ID {
				v.Moved = append(v.Moved, p)
			}
			continue
		case p.Derived: // the year less the first half is no report on the second
			continue
		}
		v.Known = true
		if reported[p.Code] || absent[p.Code] {
			continue
		}
		i, ok := at[p.Code]
		if !ok {
			i = len(v.Missing)
			at[p.Code], v.Missing = i, append(v.Missing, lack{Code: p.Code})
		}
		if v.Missing[i].Last == nil || p.Period == v.Last {
			v.Missing[i].Last = &p
		}
	}
	slices.SortStableFunc(v.Moved, func(a, b analytics.Point) int {
		return cmp.Compare(math.Abs(*b.ChangePercent), math.Abs(*a.ChangePercent))
	})
	const most = 5
	v.Moved = v.Moved[:min(most, len(v.Moved))]
	return v, nil
}

// doubtful tells whether a figure waits for a person's look.
func doubtful(f analytics.Fact) bool { return f.Judged == "" && f.Confidence < doubt }

// grid is a sheet as it stands in the workbook: its columns by letters, its rows by number.
type grid struct {
	Sheet, Title, Unit string
	Cols               []string
	Rows               []gridRow
	Left               int // rows that are not shown
}

type gridRow struct {
	No    int
	Cells []gridCell
}

type gridCell struct {
	Text             string
	Rowspan, Colspan int
	Fact             string // number of the figure in it; empty: none
	Doubt            bool
	Number, Bold     bool
}

// gridMost is how many rows of a sheet are shown beside its figures; rows with figures always are.
const gridMost = 400

// gridsOf puts the tables of each sheet back to where they stand in it. Hidden cells are left out.
func gridsOf(tables []analytics.Table, facts []analytics.Fact, unsure func(analytics.Fact) bool) []grid {
	at := map[string]analytics.Fact{}
	for _, f := range facts {
		if f.Cell != "" {
			at[f.Sheet+"!"+f.Cell] = f
		}
	}
	var order []string
	rows := map[string]map[int][]extract.Cell{}
	list := map[string]*grid{}
	for _, t := range tables {
		if t.Sheet == "" {
			continue
		}
		g := list[t.Sheet]
		if g == nil {
			g = &grid{Sheet: t.Sheet, Title: t.Title, Unit: t.Unit}
			list[t.Sheet], rows[t.Sheet] = g, map[int][]extract.Cell{}
			order = append(order, t.Sheet)
		}
		for _, row := range t.Rows {
			for _, c := range row {
				// A table counts its own rows and columns; the sheet's are in the cell's name.
				row, col, ok := placeOf(c.Ref)
				if !c.Hidden && ok {
					c.Row, c.Col = row, col
					rows[t.Sheet][row] = append(rows[t.Sheet][row], c)
				}
			}
		}
	}
	var out []grid
	for _, sheet := range order {
		list[sheet].fill(rows[sheet], at, unsure)
		if len(list[sheet].Rows) > 0 {
			out = append(out, *list[sheet])
		}
	}
	return out
}

func (g *grid) fill(rows map[int][]extract.Cell, at map[string]analytics.Fact, unsure func(analytics.Fact) bool) {
	var numbers []int
	first, last := math.MaxInt, 0
	for n, cells := range rows {
		has := false
		for _, c := range cells {
			_, fact := at[g.Sheet+"!"+c.Ref]
			has = has || fact
		}
		if n >= gridMost && !has {
			g.Left++
			continue
		}
		numbers = append(numbers, n)
		for _, c := range cells {
			first, last = min(first, c.Col), max(last, c.Col+max(1, c.Colspan)-1)
		}
	}
	if len(numbers) == 0 {
		return
	}
	const widest = 60 // columns; a sheet wider than that is read in its own program
	last = min(last, first+widest)
	slices.Sort(numbers)
	for col := first; col <= last; col++ {
		g.Cols = append(g.Cols, letters(col))
	}
	covered := map[[2]int]bool{}
	for i, n := range numbers {
		row := gridRow{No: n + 1}
		cells := map[int]extract.Cell{}
		for _, c := range rows[n] {
			cells[c.Col] = c
		}
		for col := first; col <= last; col++ {
			if covered[[2]int{n, col}] {
				continue
			}
			c, ok := cells[col]
			if !ok {
				row.Cells = append(row.Cells, gridCell{Rowspan: 1, Colspan: 1})
				continue
			}
			x := gridCell{Text: c.Text, Colspan: max(1, min(c.Colspan, last-col+1)), Rowspan: 1, Number: c.Number != nil, Bold: c.Bold}
			for k := i + 1; k < len(numbers) && numbers[k] < n+c.Rowspan; k++ {
				x.Rowspan++
			}
			for k := range x.Rowspan {
				for d := range x.Colspan {
					covered[[2]int{numbers[i+k], col + d}] = true
				}
			}
			if f, ok := at[g.Sheet+"!"+c.Ref]; ok && c.Ref != "" {
				x.Fact, x.Doubt = fmt.Sprint(f.No), unsure(f)
			}
			row.Cells = append(row.Cells, x)
		}
		g.Rows = append(g.Rows, row)
	}
}

// placeOf gives the row and the column, from 0, of a cell's name.
func placeOf(ref string) (row, col int, ok bool) {
	i := strings.IndexAny(ref, "0123456789")
	if i < 1 {
		return 0, 0, false
	}
	for _, c := range ref[:i] {
		if c < 'A' || c > 'Z' || col > 1<<15 {
			return 0, 0, false
		}
		col = 26*col + int(c-'A') + 1
	}
	n, err := strconv.Atoi(ref[i:])
	return n - 1, col - 1, err == nil && n > 0
}

// letters names a column, from 0, as spreadsheets do.
func letters(col int) string {
	name := ""
	for c := col + 1; c > 0; c = (c - 1) / 26 {
		name = string(rune('A'+(c-1)%26)) + name
	}
	return name
}

// scrap is a piece of a text without pages, with the figure that it proves.
type scrap struct {
	Text  string
	Fact  string // empty: none
	Doubt bool
}

// scrapsOf marks in a text the words that each figure was read from. Of figures of a table the quote is
// made of the row's label and the value, which stand in one line.
func scrapsOf(text string, facts []analytics.Fact, unsure func(analytics.Fact) bool) []scrap {
	type place struct {
		from, to int
		fact     analytics.Fact
	}
	var places []place
	free := func(from, to int) bool {
		return !slices.ContainsFunc(places, func(p place) bool { return from < p.to && p.from < to })
	}
	for _, f := range facts {
		if f.Quote == "" || f.Cell != "" || f.Page > 0 {
			continue
		}
		quote := strings.Trim(f.Quote, "…. ")
		for from := 0; ; {
			i := strings.Index(text[from:], quote)
			if i < 0 {
				break
			}
			if i += from; free(i, i+len(quote)) {
				places = append(places, place{i, i + len(quote), f})
				break
			}
			from = i + 1
		}
		label, value, ok := cutLast(quote, ": ")
		if !ok || len(places) > 0 && places[len(places)-1].fact.No == f.No {
			continue
		}
		at := 0
		for line := range strings.Lines(text) {
			if i := strings.Index(line, label); i >= 0 {
				if j := strings.Index(line[i+len(label):], value); j >= 0 {
					if from := at + i + len(label) + j; free(from, from+len(value)) {
						places = append(places, place{from, from + len(value), f})
						break
					}
				}
			}
			at += len(line)
		}
	}
	slices.SortFunc(places, func(a, b place) int { return cmp.Compare(a.from, b.from) })
	var scraps []scrap
	at := 0
	for _, p := range places {
		if p.from > at {
			scraps = append(scraps, scrap{Text: text[at:p.from]})
		}
		scraps = append(scraps, scrap{text[p.from:p.to], fmt.Sprint(p.fact.No), unsure(p.fact)})
		at = p.to
	}
	return append(scraps, scrap{Text: text[at:]})
}

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}
