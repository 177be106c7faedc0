package web

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"soket/analytics"
	"soket/analytics/web/access"
	"soket/extract"
	"soket/extract/vietnamese"
)

// What of the newest period the first page shows; its own page has the rest.
const (
	homeKeys    = 4 // one row of cards
	homeSays    = 6
	homePeriods = 8 // rows
)

// home is the newest period at a glance, and the ways on.
func (s *server) home(w http.ResponseWriter, r *http.Request) {
	totals, err := s.Figures.Totals(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	periods, err := s.Figures.Periods(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	recent, _, err := s.Inbox.Filings(FilingQuery{Limit: 6})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	data := map[string]any{"Totals": totals, "Periods": periods[:min(homePeriods, len(periods))], "Recent": recent}
	if len(periods) > 0 {
		b, err := s.brief(r.Context(), analytics.Standing{Period: vietnamese.Period(busiest(periods))}, false, s.languageOf(r))
		if err != nil {
			s.fail(w, r, err)
			return
		}
		b.Key, b.Says = b.Key[:min(homeKeys, len(b.Key))], b.outstanding(homeSays)
		data["B"] = b
	}
	s.render(w, r, http.StatusOK, "home", data)
}

func (s *server) desk(w http.ResponseWriter, r *http.Request) {
	recent, _, err := s.Inbox.Filings(FilingQuery{Limit: 12})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.render(w, r, http.StatusOK, "desk", map[string]any{"Recent": recent, "Replaces": r.URL.Query().Get("thay")})
}

// deskPost is the way in without scripts: one file from a plain form.
func (s *server) deskPost(w http.ResponseWriter, r *http.Request) {
	u, err := uploadOf(r)
	if err == nil {
		var f extract.Filing
		if f, err = s.Inbox.Accept(r.Context(), u.Upload, u.body); err == nil {
			s.noteDone(r, "upload", f.ID, f.Format)
			http.Redirect(w, r, "/bao-cao/"+f.ID, http.StatusSeeOther)
			return
		}
	}
	s.fail(w, r, err)
}

func (s *server) reports(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	list, next, err := s.Inbox.Filings(FilingQuery{State: extract.State(q.Get("state")), Text: q.Get("q"), Period: q.Get("period"), Body: q.Get("body"), Limit: 50, Cursor: q.Get("cursor")})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if next != "" {
		next = "/bao-cao?" + withQuery(r.URL.Query(), "cursor", next)
	}
	s.render(w, r, http.StatusOK, "reports", map[string]any{"List": list, "Next": next, "Query": q.Get("q"), "State": q.Get("state"),
		"States": []extract.State{extract.Visible, extract.Waiting, extract.Accepted, extract.Reading, extract.Failed, extract.Refused, extract.Withdrawn, extract.Replaced, extract.Deleting}})
}

// mark is a fact's place on a page, in points.
type mark struct {
	No         uint32
	X, Y, W, H float64
}

func (s *server) report(w http.ResponseWriter, r *http.Request) {
	ctx, id := r.Context(), r.PathValue("id")
	x, err := s.filed(r, id)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	data := map[string]any{"Filing": x.Filing, "Report": x.Report, "MayErase": s.mayErase(r)}
	if x.Report != nil {
		facts, err := s.Figures.ReportFacts(ctx, id)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		pages, err := s.Figures.Pages(ctx, id)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		tables, err := s.Figures.Tables(ctx, id)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		findings, err := s.Figures.ReportFindings(ctx, id)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		names, err := s.names(r)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		marks, cells := map[uint32][]mark{}, map[string]uint32{}
		for _, f := range facts {
			if len(f.Box) == 4 && f.Page > 0 {
				const pad = 1.5 // points, so that the frame does not touch the digits
				marks[f.Page] = append(marks[f.Page], mark{f.No, f.Box[0] - pad, f.Box[1] - pad, f.Box[2] - f.Box[0] + 2*pad, f.Box[3] - f.Box[1] + 2*pad})
			}
			if f.Cell != "" {
				cells[f.Sheet+"!"+f.Cell] = f.No
			}
		}
		data["Related"] = s.related(r, id)
		review, err := s.review(r, x.Filing, facts, findings)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		if data["Order"] = r.FormValue("xep"); data["Order"] == "chac" {
			slices.SortStableFunc(facts, func(a, b analytics.Fact) int { return cmp.Compare(a.Confidence, b.Confidence) })
		}
		p := personOf(r)
		data["Review"] = review
		data["MayApprove"] = s.Demo || s.Desk.May(p, access.Approve, bodyOf(x.Filing))
		data["MayJudge"] = (s.Demo || s.Desk.May(p, access.Correct, bodyOf(x.Filing))) && x.Filing.Stage.Value != extract.Published && (x.Filing.State == extract.Visible || x.Filing.State == extract.Waiting)
		data["Codes"] = sortedCodes(names)
		var rejected []extract.Judgement
		for _, j := range x.Filing.Judgements {
			if j.Verdict == extract.Rejected && j.Was != nil {
				rejected = append(rejected, j)
			}
		}
		data["Rejected"] = rejected
		data["Facts"], data["Pages"], data["Tables"], data["Findings"], data["Names"], data["Marks"], data["Cells"] = facts, pages, tables, findings, names, marks, cells
	}
	s.render(w, r, http.StatusOK, "report", data)
}

// sortedCodes lists the catalogue by code, as a choice of the form.
func sortedCodes(names map[string]analytics.CodeCount) []analytics.CodeCount {
	return slices.SortedFunc(maps.Values(names), func(a, b analytics.CodeCount) int { return cmp.Compare(a.Code, b.Code) })
}

// names gives the catalogue's entries by code.
func (s *server) names(r *http.Request) (map[string]analytics.CodeCount, error) {
	codes, err := s.Figures.Codes(r.Context())
	if err != nil {
		return nil, err
	}
	m := make(map[string]analytics.CodeCount, len(codes))
	for _, c := range codes {
		m[c.Code] = c
	}
	return m, nil
}

func (s *server) decidePost(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, &extract.Refusal{Code: "invalid", Err: err})
		return
	}
	d := extract.Decision{What: r.PostForm.Get("what"), Reason: strings.TrimSpace(r.PostForm.Get("reason")), Target: r.PostForm.Get("target")}
	if d.What == "set" {
		body, period := strings.TrimSpace(r.PostForm.Get("body")), strings.TrimSpace(r.PostForm.Get("period"))
		d.Body, d.Period = &body, &period
	}
	if _, err := s.decide(r, d); err != nil {
		s.fail(w, r, err)
		return
	}
	http.Redirect(w, r, "/bao-cao/"+url.PathEscape(r.PathValue("id")), http.StatusSeeOther)
}

func abs(x float64) float64 { return max(x, -x) }
