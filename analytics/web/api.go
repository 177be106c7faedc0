package web

import (
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"soket/analytics"
	"soket/extract"
	"soket/extract/indicator"
	"soket/extract/vietnamese"
)

// upload is one file as it comes in a request.
type upload struct {
	Upload
	body io.Reader
}

// uploadOf finds the file in a request: the first file part of a form, whose fields before it set
// body and period, or the raw body with its name in the address or in Content-Disposition. Nothing
// of it is held in memory.
func uploadOf(r *http.Request) (upload, error) {
	u := upload{Upload: Upload{Size: -1, By: personOf(r).Name, IdempotencyKey: r.Header.Get("Idempotency-Key")}}
	q := r.URL.Query()
	u.Name, u.Body, u.Period, u.Replaces, u.Reason = q.Get("name"), q.Get("body"), q.Get("period"), q.Get("replaces"), q.Get("reason")
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if media != "multipart/form-data" {
		if _, params, err := mime.ParseMediaType(r.Header.Get("Content-Disposition")); err == nil && u.Name == "" {
			u.Name = params["filename"]
		}
		if u.Name == "" {
			return u, &extract.Refusal{Code: "bad_name", Detail: "?name="}
		}
		u.body, u.Size = r.Body, r.ContentLength
		return u, checkPeriod(u.Period)
	}
	form, err := r.MultipartReader()
	if err != nil {
		return u, &extract.Refusal{Code: "invalid", Detail: "multipart", Err: err}
	}
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return u, &extract.Refusal{Code: "missing", Detail: "file"}
		} else if err != nil {
			return u, &extract.Refusal{Code: "invalid", Detail: "multipart", Err: err}
		}
		if name := part.FileName(); name != "" {
			u.Name, u.body = name, part
			return u, checkPeriod(u.Period)
		}
		value, err := io.ReadAll(io.LimitReader(part, maxForm))
		if err != nil {
			return u, &extract.Refusal{Code: "invalid", Detail: part.FormName(), Err: err}
		}
		switch part.FormName() {
		case "body":
			u.Body = string(value)
		case "period":
			u.Period = string(value)
		case "replaces":
			u.Replaces = string(value)
		case "reason":
			u.Reason = strings.TrimSpace(string(value))
		}
	}
}

func checkPeriod(p string) error {
	if p == "" {
		return nil
	}
	if _, err := vietnamese.ParsePeriod(p); err != nil {
		return &extract.Refusal{Code: "invalid", Detail: "period: " + p, Err: err}
	}
	return nil
}

func (s *server) apiUpload(w http.ResponseWriter, r *http.Request) {
	f, err := s.receive(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Location", "/api/v1/reports/"+f.ID)
	writeJSON(w, http.StatusAccepted, f)
}

func (s *server) apiReports(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	limit, err := limitOf(q)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if sum := q.Get("sha256"); sum != "" {
		known := []extract.Filing{}
		if f, ok := s.Inbox.Known(sum); ok {
			known = append(known, f)
		}
		writeJSON(w, http.StatusOK, map[string]any{"reports": known, "next": ""})
		return
	}
	list, next, err := s.Inbox.Filings(FilingQuery{State: extract.State(q.Get("state")), Body: q.Get("body"), Period: q.Get("period"), Text: q.Get("q"), Limit: limit, Cursor: q.Get("cursor")})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	answer(w, r, "reports", list, next, []string{"id", "state", "reason", "file", "format", "size", "sha256", "body", "period", "received_at", "received_by"}, func(f extract.Filing) []string {
		return []string{f.ID, string(f.State), f.Reason, f.File, f.Format, strconv.FormatInt(f.Size, 10), f.SHA256, bodyOf(f), periodOf(f), f.ReceivedAt.Format(time.RFC3339), f.ReceivedBy}
	})
}

// filed is one report as the ledger and, once it is read, as ClickHouse has it.
type filed struct {
	extract.Filing
	Report *analytics.Report `json:"report,omitempty"`
}

func (s *server) filed(r *http.Request, id string) (filed, error) {
	f, ok := s.Inbox.Filing(id)
	if !ok {
		return filed{}, &extract.Refusal{Code: "not_found"}
	}
	x := filed{Filing: f}
	if underWay(f) {
		return x, nil
	}
	report, err := s.Figures.Report(r.Context(), id)
	switch {
	case err == nil:
		x.Report = &report
	case !errors.Is(err, analytics.ErrNotFound):
		return x, err
	}
	return x, nil
}

// underWay tells that a filing is not in ClickHouse yet, or no longer: who waits for it must not load the engine.
func underWay(f extract.Filing) bool {
	return slices.Contains([]extract.State{extract.Accepted, extract.Reading, extract.Refused, extract.Deleting}, f.State)
}

func (s *server) apiReport(w http.ResponseWriter, r *http.Request) {
	x, err := s.filed(r, r.PathValue("id"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, x)
}

func (s *server) apiDecide(w http.ResponseWriter, r *http.Request) {
	var d extract.Decision
	dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxForm))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&d); err != nil {
		s.fail(w, r, &extract.Refusal{Code: "invalid", Detail: err.Error(), Err: err})
		return
	}
	f, err := s.decide(r, d)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, f)
}

func (s *server) decide(r *http.Request, d extract.Decision) (extract.Filing, error) {
	return s.decideOn(r, r.PathValue("id"), d)
}

// decideOn takes a decision on one report. The right to correct it was asked for; what needs more is
// asked for here.
func (s *server) decideOn(r *http.Request, id string, d extract.Decision) (extract.Filing, error) {
	d.ID, d.By, d.At = id, personOf(r).Name, time.Now().UTC()
	if d.What == "delete" { // has a route of its own, with a right of its own
		return extract.Filing{}, &extract.Refusal{Code: "invalid", Detail: "what: " + d.What}
	}
	if err := s.mayDecide(r, d); err != nil {
		return extract.Filing{}, err
	}
	if _, step := stageRights[d.What]; step || d.What == extract.Submitted {
		s.settle(r.Context(), id)
	}
	if d.Period != nil {
		if err := checkPeriod(*d.Period); err != nil {
			return extract.Filing{}, err
		}
	}
	f, err := s.Inbox.Decide(r.Context(), d)
	if err == nil {
		s.noteDone(r, "decide", d.ID, strings.TrimSpace(d.What+" "+d.Target+" "+d.Reason))
	}
	return f, err
}

// settleWithin is how long is waited for what was decided to be committed: half a second as a rule. A file
// that is still being read takes longer, and its page says so.
const settleWithin = 3 * time.Second

// settle waits until a report's last event is committed: a step right after another is not refused for
// what the worker has yet to do, and the page that follows a decision shows what it led to.
func (s *server) settle(ctx context.Context, id string) {
	ctx, cancel := context.WithTimeout(ctx, settleWithin)
	defer cancel()
	under := func(x extract.State) bool { return x == extract.Accepted || x == extract.Reading }
	if f, ok := s.Inbox.Filing(id); !ok || !under(f.State) {
		return
	}
	steps, err := s.Inbox.Watch(ctx, id)
	if err != nil {
		return // the decision itself, or the page, tells what is wrong
	}
	for p := range steps {
		if !under(p.State) {
			return
		}
	}
}

// filterOf reads what rows are wanted. A period or kind that cannot be is told: an empty answer would read as "there is none".
func filterOf(q url.Values) (analytics.Filter, error) {
	limit, err := limitOf(q)
	for _, p := range q["period"] {
		err = cmp.Or(err, checkPeriod(p))
	}
	for _, k := range some(q["kind"]) {
		if !slices.Contains([]indicator.Kind{indicator.Result, indicator.Plan, indicator.Comparison}, indicator.Kind(k)) {
			err = cmp.Or(err, error(&extract.Refusal{Code: "invalid", Detail: "kind: " + k}))
		}
	}
	return analytics.Filter{Reports: q["report"], Bodies: some(q["body"]), Codes: some(q["code"]), Areas: some(q["area"]), Periods: some(q["period"]),
		PeriodKinds: some(q["period_kind"]), Kinds: some(q["kind"]), Bases: some(q["basis"]), Limit: limit, Cursor: q.Get("cursor")}, err
}

// some leaves out what an empty field of a form sends.
func some(list []string) []string {
	var kept []string
	for _, x := range list {
		if x != "" {
			kept = append(kept, x)
		}
	}
	return kept
}

const (
	defaultLimit = 100
	maxLimit     = 1000 // rows of one answer: about half a megabyte
)

func limitOf(q url.Values) (int, error) {
	if q.Get("limit") == "" {
		return defaultLimit, nil
	}
	n, err := strconv.Atoi(q.Get("limit"))
	if err != nil || n < 1 || n > maxLimit {
		return 0, &extract.Refusal{Code: "invalid", Detail: fmt.Sprintf("limit: 1–%d", maxLimit)}
	}
	return n, nil
}

func (s *server) apiFacts(w http.ResponseWriter, r *http.Request) {
	f, err := filterOf(r.URL.Query())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	list, next, err := s.Figures.Facts(r.Context(), f)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	answer(w, r, "facts", list, next, []string{"report_id", "fact_no", "code", "value", "unit", "period", "kind", "basis", "body", "page", "sheet", "cell", "quote", "confidence", "method"}, func(f analytics.Fact) []string {
		return []string{f.Report, fmt.Sprint(f.No), f.Code, plain(f.Value), f.Unit, f.Period, f.Kind, f.Basis, f.Body, fmt.Sprint(f.Page), f.Sheet, f.Cell, f.Quote, plain(f.Confidence), f.Method}
	})
}

func (s *server) apiTrend(w http.ResponseWriter, r *http.Request) {
	f, err := filterOf(r.URL.Query())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	list, next, err := s.Figures.Trend(r.Context(), f)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	answer(w, r, "trend", list, next, []string{"body", "code", "period", "kind", "basis", "value", "unit", "derived", "sources", "differing", "same_period", "same_period_value", "change_percent", "report_id", "fact_no"}, func(p analytics.Point) []string {
		return []string{p.Body, p.Code, p.Period, p.Kind, p.Basis, plain(p.Value), p.Unit, fmt.Sprint(p.Derived), fmt.Sprint(p.Sources), fmt.Sprint(p.Differing), p.SamePeriod, plainOr(p.SamePeriodValue), plainOr(p.ChangePercent), p.Report, fmt.Sprint(p.FactNo)}
	})
}

func (s *server) apiSearch(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	hits, err := s.Figures.Search(r.Context(), q.Get("q"), analytics.SearchFilter{Bodies: some(q["body"]), Periods: some(q["period"])})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"hits": hits})
}

// apiEvents tells the steps of filings as they happen, until the reader goes away.
func (s *server) apiEvents(w http.ResponseWriter, r *http.Request) {
	events, err := s.Inbox.Watch(r.Context(), some(r.URL.Query()["id"])...)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	out := http.NewResponseController(w)
	io.WriteString(w, "retry: 2000\n\n")
	out.Flush()
	beat := time.NewTicker(eventBeat)
	defer beat.Stop()
	for {
		select {
		case p, ok := <-events:
			if !ok {
				return
			}
			raw, err := json.Marshal(p)
			if err != nil {
				return
			}
			fmt.Fprintf(w, "data: %s\n\n", raw)
		case <-beat.C:
			io.WriteString(w, ": \n\n") // keeps proxies from closing a quiet stream
		case <-r.Context().Done():
			return
		}
		if out.Flush() != nil {
			return
		}
	}
}

const eventBeat = 20 * time.Second

func (s *server) apiDescription(w http.ResponseWriter, r *http.Request) {
	raw, err := files.ReadFile("assets/openapi.json")
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Write(raw)
}

// original gives the file as it was uploaded, as an attachment of no type that a browser would run.
func (s *server) original(w http.ResponseWriter, r *http.Request) {
	in, f, err := s.Inbox.Original(r.Context(), r.PathValue("id"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	defer in.Close()
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": path.Base(f.File)}))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	http.ServeContent(w, r, "", f.ReceivedAt, in)
}

// answer writes a list as JSON with its cursor, or as CSV where that is asked for.
func answer[T any](w http.ResponseWriter, r *http.Request, name string, list []T, next string, head []string, row func(T) []string) {
	if list == nil {
		list = []T{}
	}
	if r.URL.Query().Get("format") != "csv" && !strings.HasPrefix(r.Header.Get("Accept"), "text/csv") {
		writeJSON(w, http.StatusOK, map[string]any{name: list, "next": next})
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="`+name+`.csv"`)
	if next != "" {
		h.Set("Link", fmt.Sprintf(`<?%s>; rel="next"`, withQuery(r.URL.Query(), "cursor", next)))
	}
	io.WriteString(w, "\ufeff") // Excel takes the file for UTF-8 with it only
	out := csv.NewWriter(w)
	out.Write(head)
	for _, x := range list {
		cells := row(x)
		for i := range cells {
			cells[i] = disarm(cells[i])
		}
		out.Write(cells)
	}
	out.Flush()
}

// disarm keeps a spreadsheet from taking a text for a formula; numbers stay numbers.
func disarm(cell string) string {
	if cell == "" || !strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return cell
	}
	if _, err := strconv.ParseFloat(cell, 64); err == nil {
		return cell
	}
	return "'" + cell
}

func withQuery(q url.Values, key, value string) string {
	q.Set(key, value)
	return q.Encode()
}

func plain(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func plainOr(v *float64) string {
	if v == nil {
		return ""
	}
	return plain(*v)
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v)
}

// bodyOf and periodOf are what a person set, else what was read.
func bodyOf(f extract.Filing) string {
	if f.Body.Value != "" {
		return f.Body.Value
	}
	return f.ReadBody
}

func periodOf(f extract.Filing) string {
	if f.Period.Value != "" {
		return f.Period.Value
	}
	return f.ReadPeriod
}
