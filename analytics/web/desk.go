package web

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"soket/analytics"
	"soket/analytics/web/access"
	"soket/analytics/web/paper"
	"soket/extract"
	"soket/extract/indicator"
	"soket/extract/vietnamese"
)

func (s *server) desk(w http.ResponseWriter, r *http.Request) {
	recent, _, err := s.Inbox.Filings(FilingQuery{Limit: 12})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	data := map[string]any{"Max": s.MaxUpload, "MB": s.MaxUpload >> 20, "Recent": recent, "Replaces": nil, "Stages": []string{"fetch", "convert", "read", "ocr", "rules", "load", "commit"}}
	if id := r.URL.Query().Get("thay"); id != "" {
		f, ok := s.Inbox.Filing(id)
		if !ok {
			s.nothing(w, r)
			return
		}
		data["Replaces"] = f
	}
	if data["Bodies"], err = s.ownBodies(r, access.Upload); err != nil {
		s.fail(w, r, err)
		return
	}
	data["Periods"] = formPeriods(time.Now())
	s.render(w, r, http.StatusOK, "desk", data)
}

// deskPost is the way in without scripts: one file from a plain form.
func (s *server) deskPost(w http.ResponseWriter, r *http.Request) {
	f, err := s.receive(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	http.Redirect(w, r, "/bao-cao/"+f.ID, http.StatusSeeOther)
}

// receive takes in the file of a request. Who names a report whose place it takes needs the right to
// correct that one.
func (s *server) receive(r *http.Request) (extract.Filing, error) {
	u, err := uploadOf(r)
	if err != nil {
		return extract.Filing{}, err
	}
	if u.Replaces != "" {
		old, ok := s.Inbox.Filing(u.Replaces)
		if !ok {
			return extract.Filing{}, &extract.Refusal{Code: "not_found", Detail: u.Replaces}
		}
		if err := s.mayFiling(personOf(r), access.Correct, old); err != nil {
			return extract.Filing{}, err
		}
	}
	f, err := s.Inbox.Accept(r.Context(), u.Upload, u.body)
	if err == nil {
		s.noteDone(r, "upload", f.ID, f.Format)
	}
	return f, err
}

// choicesWait is how long the desk and the list of reports wait for what to choose from: a store that hangs
// must not keep back what does not need it.
const choicesWait = 2 * time.Second

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
	again := map[string]bool{}
	p := personOf(r)
	for _, f := range list {
		if f.State == extract.Failed && s.mayFiling(p, access.Correct, f) == nil {
			again[f.ID] = true
		}
	}
	lai, _ := strconv.Atoi(q.Get("lai"))
	// The list is the ledger's: it stands also while the store is away, only what to choose from does not.
	ctx, cancel := context.WithTimeout(analytics.Once(r.Context()), choicesWait)
	defer cancel()
	var periods []analytics.PeriodCount
	var bodies []analytics.BodyCount
	err = atOnce(func() (err error) { periods, err = s.Figures.Periods(ctx); return err },
		func() (err error) { bodies, err = s.Figures.Bodies(ctx); return err })
	if err != nil {
		s.Log.Warn("no periods or bodies to choose from", "err", err)
	}
	if is := q.Get("period"); is != "" && !slices.ContainsFunc(periods, func(p analytics.PeriodCount) bool { return p.Period == is }) {
		periods = append(slices.Clip(periods), analytics.PeriodCount{Period: is})
	}
	if is := q.Get("body"); is != "" && !slices.ContainsFunc(bodies, func(b analytics.BodyCount) bool { return b.Body == is }) {
		bodies = append(slices.Clip(bodies), analytics.BodyCount{Body: is})
	}
	s.render(w, r, http.StatusOK, "reports", map[string]any{"List": list, "Periods": periods, "Bodies": bodies, "Next": next, "Query": q.Get("q"), "State": q.Get("state"), "Again": again, "Sent": lai, "Period": q.Get("period"), "Body": q.Get("body"),
		"States": []extract.State{extract.Visible, extract.Waiting, extract.Accepted, extract.Reading, extract.Failed, extract.Refused, extract.Withdrawn, extract.Replaced, extract.Deleting}})
}

// retryPost has reports that failed read again, those of them that one may and that still stand so.
func (s *server) retryPost(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, &extract.Refusal{Code: "invalid", Err: err})
		return
	}
	ids := some(r.PostForm["id"])
	if len(ids) == 0 {
		s.fail(w, r, &extract.Refusal{Code: "invalid", Detail: s.functions(s.languageOf(r))["must"].(func(string) string)("retry.choose")})
		return
	}
	sent := 0
	for _, id := range ids {
		f, ok := s.Inbox.Filing(id)
		if !ok || f.State != extract.Failed || s.mayFiling(personOf(r), access.Correct, f) != nil {
			continue
		}
		if _, err := s.decideOn(r, id, extract.Decision{What: "retry"}); err != nil {
			if refusalOf(err).Code == "conflict" { // somebody else was first
				continue
			}
			s.fail(w, r, err)
			return
		}
		sent++
	}
	http.Redirect(w, r, "/bao-cao?"+url.Values{"state": {r.PostForm.Get("state")}, "lai": {strconv.Itoa(sent)}}.Encode(), http.StatusSeeOther)
}

// ownBodies are the names of bodies to which the person may do it: those of the tree and those that
// reported.
func (s *server) ownBodies(r *http.Request, action access.Action) ([]string, error) {
	roll, _, _, err := s.tree(r.Context())
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(analytics.Once(r.Context()), choicesWait)
	defer cancel()
	counted, err := s.Figures.Bodies(ctx)
	if err != nil {
		s.Log.Warn("no bodies to choose from but those of the tree", "err", err)
	}
	var names []string
	for _, b := range roll.Bodies {
		names = append(names, b.Name)
	}
	for _, b := range counted {
		if roll.find(b.Body) == nil {
			names = append(names, b.Body)
		}
	}
	p := personOf(r)
	names = slices.DeleteFunc(names, func(name string) bool { return name == "" || !s.Demo && !s.Desk.May(p, action, name) })
	slices.Sort(names)
	return slices.Compact(names), nil
}

// formPeriods are the periods that a form can be taken for, the one that ended last or ends next first.
func formPeriods(now time.Time) []string {
	const back = 3 // years
	var list []string
	for y := now.Year(); y >= now.Year()-back; y-- {
		list = append(list, fmt.Sprint(y, "-H2"), strconv.Itoa(y), fmt.Sprint(y, "-H1"))
	}
	if now.Month() < time.July { // the second half is far off yet
		list = append(list[2:3:3], append([]string{list[0], list[1]}, list[3:]...)...)
	}
	return list
}

const (
	million   = 1e6
	dongUnit  = "đồng"
	shareUnit = "%"
)

// form gives the form of a body and period, with what it reported before.
func (s *server) form(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	body, period := strings.TrimSpace(q.Get("don-vi")), strings.TrimSpace(q.Get("ky"))
	p, err := vietnamese.ParsePeriod(period)
	if err != nil || p.Span() {
		s.fail(w, r, &extract.Refusal{Code: "invalid", Detail: "period: " + period, Err: err})
		return
	}
	if body == "" {
		s.fail(w, r, &extract.Refusal{Code: "invalid", Detail: "body"})
		return
	}
	if !s.Demo && !s.Desk.May(personOf(r), access.Upload, body) {
		s.fail(w, r, &extract.Refusal{Code: "forbidden"})
		return
	}
	roll, err := s.bodies(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	codes, err := s.Figures.Catalogue(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if known := roll.find(body); known != nil { // figures stand under its own name
		body = known.Name
		if o, _ := roll.due(*known, period, kindOf(p)); len(o.Codes) > 0 {
			codes = slices.DeleteFunc(codes, func(c analytics.Indicator) bool { return !slices.Contains(o.Codes, c.Code) })
		}
	}
	f := s.functions(s.languageOf(r))
	must, name, said, unit := f["must"].(func(string) string), f["name"].(func(string, string) string), f["period"].(func(string) string), f["unit"].(func(string) string)
	past := []string{string(analytics.Previous(p)), string(p.LastYear())}
	if past[0] == past[1] || past[0] == "" {
		past = past[1:]
	}
	points, _, err := s.Figures.Trend(r.Context(), analytics.Filter{Bodies: []string{body}, Periods: past, Kinds: []string{string(indicator.Result)}, Limit: maxLimit})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	past = slices.DeleteFunc(past, func(x string) bool { // a column of nothing helps nobody; the same period's stays
		return x != past[len(past)-1] && !slices.ContainsFunc(points, func(p analytics.Point) bool { return p.Period == x })
	})
	before := map[[2]string]float64{}
	for _, x := range points {
		before[[2]string{x.Code, x.Period}] = x.Value
	}
	year := strconv.Itoa(p.Year())
	m := &paper.Form{Body: body, Period: period, Title: must("form.title"), Subtitle: strings.ToUpper(said(period)), Motto: [2]string{"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"},
		Hints: []string{must("form.hint.fill"), must("form.hint.zero"), must("form.hint.send")}, Sheet: must("form.sheet"),
		Head:   paper.FormHead{Number: must("form.number"), Signed: must("form.signed"), Signer: must("form.signer"), Order: must("form.order"), Indicator: must("indicator"), Unit: must("unit"), Change: must("form.change")},
		Result: fmt.Sprintf(must("form.result"), said(period)), Plan: fmt.Sprintf(must("form.plan"), said(year)), PlanPeriod: year, Note: must("view.remark"), Sign: [2]string{must("form.maker"), must("form.head")},
		Refuse: [2]string{must("form.refuse"), must("form.refuse.text")}, Date: time.Now().UTC().Format(time.RFC3339), Creator: "Sơ Kết"}
	for _, x := range past {
		m.Past = append(m.Past, fmt.Sprintf(must("form.past"), said(x)))
	}
	area := ""
	for _, c := range codes {
		if c.Area != area {
			area = c.Area
			m.Areas = append(m.Areas, paper.FormArea{Name: must("area." + area)})
		}
		row := paper.FormRow{Code: c.Code, Name: name(c.Vi, c.En), Unit: unit(c.Unit), Factor: 1, Whole: c.Unit != dongUnit && c.Unit != shareUnit}
		if c.Unit == dongUnit {
			row.Unit, row.Factor = must("form.million"), million
		}
		for _, x := range past {
			var v *float64
			if value, ok := before[[2]string{c.Code, x}]; ok {
				value /= row.Factor
				v = &value
				row.Whole = row.Whole && value == float64(int64(value))
			}
			row.Past = append(row.Past, v)
		}
		a := &m.Areas[len(m.Areas)-1]
		a.Rows = append(a.Rows, row)
	}
	var book bytes.Buffer
	if err := m.XLSX(&book); err != nil {
		s.fail(w, r, err)
		return
	}
	s.attach(w, fmt.Sprintf("%s %s %s.xlsx", must("form.sheet"), body, period), book.Bytes())
}
