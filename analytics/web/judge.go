package web

import (
	"fmt"
	"math"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"

	"soket/analytics"
	"soket/analytics/web/access"
	"soket/extract"
	"soket/extract/indicator"
	"soket/extract/vietnamese"
)

// judgePost takes what a person says of one figure: right, wrong, otherwise, or one that is missing.
// A browser's script asks for JSON and stays on the page.
func (s *server) judgePost(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, &extract.Refusal{Code: "invalid", Err: err})
		return
	}
	said, err := s.judgements(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	f, err := s.decide(r, extract.Decision{What: "judge", Judgements: said})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if strings.Contains(r.Header.Get("Accept"), "application/json") {
		writeJSON(w, http.StatusOK, f)
		return
	}
	s.settle(r.Context(), r.PathValue("id"))
	http.Redirect(w, r, "/bao-cao/"+url.PathEscape(r.PathValue("id")), http.StatusSeeOther)
}

// judgements are one, or the same of several figures that were confirmed together.
func (s *server) judgements(r *http.Request) ([]extract.Judgement, error) {
	keys := r.PostForm["fact"]
	if len(keys) < 2 || r.PostForm.Get("verdict") != extract.Confirmed {
		j, err := s.judgement(r)
		return []extract.Judgement{j}, err
	}
	facts, err := s.Figures.ReportFacts(r.Context(), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	var list []extract.Judgement
	for _, x := range facts {
		if slices.Contains(keys, x.Key()) {
			list = append(list, extract.Judgement{Verdict: extract.Confirmed, Key: x.Key(), Was: factOf(x)})
		}
	}
	if len(list) < len(keys) { // read otherwise meanwhile: what was looked at is not what stands there now
		return nil, &extract.Refusal{Code: "conflict", Detail: "fact"}
	}
	return list, nil
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
	if j.Verdict == extract.Absent {
		j.Now = &extract.Fact{Code: field("code")}
		j.Key = extract.AbsentKey(j.Now.Code)
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
		return j, &extract.Refusal{Code: "invalid", Detail: fmt.Sprintf("“%s” không phải là số", field("value"))}
	}
	now.Value = value
	period, err := typedPeriod(field("period"))
	if err == nil && period == "" {
		err = &extract.Refusal{Code: "invalid", Detail: "chưa ghi kỳ"}
	}
	if err != nil {
		return j, err
	}
	now.Period = extract.Period(period)
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

// Words of money behind a number, the longer before those that they end with.
var typedScales = []struct {
	word  string
	times float64
}{{"tỷ đồng", 1e9}, {"triệu đồng", million}, {"nghìn đồng", 1e3}, {"tỷ", 1e9}, {"triệu", million}, {"nghìn", 1e3}, {dongUnit, 1}}

// typedNumber reads a number as people type it here: dots or spaces group, a comma begins the
// decimals; "1234.5" from a foreign keyboard is understood as well, and "181,5 triệu".
func typedNumber(s string) (float64, bool) {
	times := 1.0
	s = strings.ToLower(strings.TrimSpace(s))
	for _, x := range typedScales {
		if before, ok := strings.CutSuffix(s, x.word); ok {
			s, times = before, x.times
			break
		}
	}
	s = strings.NewReplacer(" ", "", "\u00a0", "", "−", "-").Replace(s)
	if strings.Contains(s, ",") {
		s = strings.Replace(strings.ReplaceAll(s, ".", ""), ",", ".", 1)
	} else if grouped.MatchString(s) {
		s = strings.ReplaceAll(s, ".", "")
	}
	v, err := strconv.ParseFloat(s, 64)
	if times != 1 {
		v = math.Round(v * times) // no smaller coin than the đồng, and no rests of binary fractions
	}
	return v, err == nil && !math.IsInf(v, 0) && !math.IsNaN(v)
}

// typedPeriod reads a period that somebody typed or picked; nothing typed is none.
func typedPeriod(s string) (string, error) {
	if s = strings.TrimSpace(s); s == "" {
		return "", nil
	}
	p, err := vietnamese.ReadPeriod(s)
	if err != nil {
		return "", &extract.Refusal{Code: "invalid", Detail: fmt.Sprintf("kỳ “%s”; ghi như “6 tháng đầu năm 2024”, “năm 2024”, “quý I/2024”", s), Err: err}
	}
	return string(p), nil
}

// stageRights are the steps of a report in people's hands that ask for more than correcting.
var stageRights = map[string]access.Action{extract.Approved: access.Approve, extract.Published: access.Approve, extract.Returned: access.Approve}

// mayDecide holds a decision to what it asks for beyond the right to correct the report: the right to
// approve, the right to correct the report that is replaced, and a reason where points are open.
func (s *server) mayDecide(r *http.Request, d extract.Decision) error {
	p := personOf(r)
	if action, ok := stageRights[d.What]; ok && !s.Demo {
		if !s.Desk.May(p, action, "") {
			return &extract.Refusal{Code: "forbidden"}
		}
		return s.mayReport(r, p, action)
	}
	switch d.What {
	case "replace":
		old, ok := s.Inbox.Filing(d.Target)
		if !ok {
			return &extract.Refusal{Code: "not_found", Detail: d.Target}
		}
		if d.Reason == "" {
			return &extract.Refusal{Code: "invalid", Detail: "reason"}
		}
		if err := s.mayFiling(p, access.Correct, old); err != nil {
			return err
		}
		now, ok := s.Inbox.Filing(d.ID)
		if !ok {
			return &extract.Refusal{Code: "not_found", Detail: d.ID}
		}
		another, err := s.another(r, now, old)
		if err == nil && another {
			err = &extract.Refusal{Code: "another"}
		}
		return err
	case extract.Submitted:
		if d.Reason != "" {
			return nil
		}
		findings, err := s.Figures.ReportFindings(r.Context(), d.ID)
		if err == nil && openPoints(findings) > 0 {
			return &extract.Refusal{Code: "invalid", Detail: "reason"}
		}
		return err
	}
	return nil
}

// editable writes a value as it is typed: 128.500.000 is seen at a glance, 128500000 is counted.
func editable(v float64) string {
	const digits = 9 // after the comma; more than reports write
	return message.NewPrinter(language.Vietnamese).Sprint(number.Decimal(v, number.MaxFractionDigits(digits)))
}

// kindKey is a figure's kind with its basis, as the choice of the form names it.
func kindKey(kind, basis string) string {
	if basis == "" {
		return kind
	}
	return fmt.Sprintf("%s.%s", kind, basis)
}
