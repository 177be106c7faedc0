package web

import (
	"cmp"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"soket/analytics"
	"soket/analytics/web/access"
	"soket/extract"
	"soket/extract/indicator"
)

// judgePost takes what a person says of one figure: right, wrong, otherwise, or one that is missing.
// A browser's script asks for JSON and stays on the page.
func (s *server) judgePost(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, &extract.Refusal{Code: "invalid", Err: err})
		return
	}
	j, err := s.judgement(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	f, err := s.decide(r, extract.Decision{What: "judge", Judgements: []extract.Judgement{j}})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if strings.Contains(r.Header.Get("Accept"), "application/json") {
		writeJSON(w, http.StatusOK, f)
		return
	}
	http.Redirect(w, r, "/bao-cao/"+url.PathEscape(r.PathValue("id")), http.StatusSeeOther)
}

// judgement reads the form. "fact" is the key of a figure that was read (its number changes when one
// before it is rejected), "key" that of one whose judgement is taken back.
func (s *server) judgement(r *http.Request) (extract.Judgement, error) {
	form := r.PostForm
	field := func(name string) string { return strings.TrimSpace(form.Get(name)) }
	j := extract.Judgement{Verdict: field("verdict"), Reason: field("reason"), Key: field("key")}
	if j.Verdict == extract.Unjudged {
		return j, nil
	}
	var was analytics.Fact
	if j.Verdict != extract.Added {
		facts, err := s.Figures.ReportFacts(r.Context(), r.PathValue("id"))
		if err != nil {
			return j, err
		}
		i := slices.IndexFunc(facts, func(f analytics.Fact) bool { return f.Key() == form.Get("fact") })
		if i < 0 {
			return j, &extract.Refusal{Code: "conflict", Detail: "fact"}
		}
		was = facts[i]
		j.Key = was.Key()
		j.Was = factOf(was)
	}
	if j.Verdict != extract.Corrected && j.Verdict != extract.Added {
		return j, nil
	}
	now := *factOf(was)
	value, ok := typedNumber(field("value"))
	if !ok {
		return j, &extract.Refusal{Code: "invalid", Detail: "value"}
	}
	now.Value = value
	if now.Period = extract.Period(field("period")); now.Period == "" || checkPeriod(string(now.Period)) != nil {
		return j, &extract.Refusal{Code: "invalid", Detail: "period"}
	}
	if code := field("code"); code != "" {
		now.Code = code
	}
	kind, basis, _ := strings.Cut(field("kind"), ".")
	now.Kind, now.Basis = indicator.Kind(kind), indicator.Basis(basis)
	if j.Verdict == extract.Added {
		now.Page, _ = strconv.Atoi(field("page"))
		now.Quote = field("quote")
		j.Key = extract.NewKey(now)
	}
	j.Now = &now
	return j, nil
}

// factOf gives a stored figure in the words of the reader.
func factOf(f analytics.Fact) *extract.Fact {
	x := &extract.Fact{Code: f.Code, Value: f.Value, Unit: f.Unit, Period: extract.Period(f.Period), Kind: indicator.Kind(f.Kind), Basis: indicator.Basis(f.Basis),
		Page: int(f.Page), Sheet: f.Sheet, Cell: f.Cell, Quote: f.Quote, Confidence: f.Confidence, Method: f.Method, Rule: f.Rule}
	if len(f.Box) == len(x.Box) {
		x.Box = extract.Box(f.Box)
	}
	return x
}

var grouped = regexp.MustCompile(`^-?\d{1,3}(\.\d{3})+$`)

// typedNumber reads a number as people type it here: dots or spaces group, a comma begins the
// decimals; "1234.5" from a foreign keyboard is understood as well.
func typedNumber(s string) (float64, bool) {
	s = strings.NewReplacer(" ", "", "\u00a0", "", "−", "-").Replace(s)
	if strings.Contains(s, ",") {
		s = strings.Replace(strings.ReplaceAll(s, ".", ""), ",", ".", 1)
	} else if grouped.MatchString(s) {
		s = strings.ReplaceAll(s, ".", "")
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil && !math.IsInf(v, 0) && !math.IsNaN(v)
}

// stageRights are the steps of a report in people's hands that ask for more than correcting.
var stageRights = map[string]access.Action{extract.Approved: access.Approve, extract.Published: access.Approve, extract.Returned: access.Approve}

// mayDecide holds a step to the right that it asks for.
func (s *server) mayDecide(r *http.Request, what string) error {
	action, ok := stageRights[what]
	if !ok || s.Demo {
		return nil
	}
	p := personOf(r)
	if !s.Desk.May(p, action, "") {
		return &extract.Refusal{Code: "forbidden"}
	}
	return s.mayReport(r, p, action)
}

// review is what is to be looked at before a report is submitted.
type review struct {
	Open    int               // findings that ask for a look
	Doubt   int               // figures that nobody confirmed and the machine is not sure of
	Missing []analytics.Point // what this body reported for the same period last year, and not now
	Moved   []analytics.Point // the five largest changes since then
	Last    string            // that period
}

// doubt is the confidence below which a figure is to be looked at: above it 99 in 100 are right.
const doubt = 0.9

// review compares a report with what its body reported for the same period last year.
func (s *server) review(r *http.Request, f extract.Filing, facts []analytics.Fact, findings []analytics.Finding) (*review, error) {
	v := &review{}
	for _, x := range findings {
		if x.Severity != "note" {
			v.Open++
		}
	}
	reported := map[string]bool{}
	for _, x := range facts {
		if x.Judged == "" && x.Confidence < doubt {
			v.Doubt++
		}
		if x.Kind == string(indicator.Result) {
			reported[x.Code] = true
		}
	}
	body, period := bodyOf(f), extract.Period(periodOf(f))
	if body == "" || period.LastYear() == "" {
		return v, nil
	}
	v.Last = string(period.LastYear())
	points, _, err := s.Figures.Trend(r.Context(), analytics.Filter{Bodies: []string{body}, Periods: []string{string(period), v.Last}, Kinds: []string{string(indicator.Result)}, Limit: maxLimit})
	if err != nil {
		return nil, err
	}
	for _, p := range points {
		switch {
		case p.Period == v.Last && !reported[p.Code]:
			v.Missing = append(v.Missing, p)
		case p.Period == string(period) && p.ChangePercent != nil && p.Report == f.ID:
			v.Moved = append(v.Moved, p)
		}
	}
	slices.SortStableFunc(v.Moved, func(a, b analytics.Point) int {
		return cmp.Compare(math.Abs(*b.ChangePercent), math.Abs(*a.ChangePercent))
	})
	const most = 5
	v.Moved = v.Moved[:min(most, len(v.Moved))]
	return v, nil
}

// editable writes a value as it is typed, without grouping.
func editable(v float64) string {
	return strings.Replace(strconv.FormatFloat(v, 'f', -1, 64), ".", ",", 1)
}

// kindKey is a figure's kind with its basis, as the choice of the form names it.
func kindKey(kind, basis string) string {
	if basis == "" {
		return kind
	}
	return fmt.Sprintf("%s.%s", kind, basis)
}
