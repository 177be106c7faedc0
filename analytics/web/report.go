package web

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"runtime/debug"
	"slices"
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
	marks, grids := marksOf(facts, unsure), gridsOf(tables, facts, unsure)
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
	if !asInText {
		byNeed(facts, flagged)
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

// marksOf gives the places of figures on each page.
func marksOf(facts []analytics.Fact, unsure func(analytics.Fact) bool) map[uint32][]mark {
	const pad = 1.5 // points, so that the frame does not touch the digits
	marks := map[uint32][]mark{}
	for _, x := range facts {
		if len(x.Box) == 4 && x.Page > 0 {
			marks[x.Page] = append(marks[x.Page], mark{x.No, unsure(x), x.Box[0] - pad, x.Box[1] - pad, x.Box[2] - x.Box[0] + 2*pad, x.Box[3] - x.Box[1] + 2*pad})
		}
	}
	return marks
}

// byNeed puts first what matters most: what does not fit together, then results, which sums and trends are made
// of, before plans and comparisons; of each the least sure, where a person's eye is worth most.
func byNeed(facts []analytics.Fact, flagged map[uint32]bool) {
	weight := func(x analytics.Fact) int {
		switch {
		case x.Judged == "" && flagged[x.No]:
			return 0
		case !doubtful(x):
			return 4
		}
		return 1 + max(0, slices.Index([]string{string(indicator.Result), string(indicator.Plan), string(indicator.Comparison)}, x.Kind))
	}
	slices.SortStableFunc(facts, func(a, b analytics.Fact) int {
		return cmp.Or(cmp.Compare(weight(a), weight(b)), cmp.Compare(a.Confidence, b.Confidence))
	})
}

// foldFrom is how many figures that need no look a narrow screen shows at once; more wait for a click.
const foldFrom = 10
