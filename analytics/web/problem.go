package web

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"soket/analytics"
	"soket/extract"
)

// problem is RFC 9457's document, with the remedy in the reader's language.
type problem struct {
	Type     string          `json:"type"`
	Title    string          `json:"title"`
	Status   int             `json:"status"`
	Detail   string          `json:"detail,omitempty"`
	Instance string          `json:"instance,omitempty"`
	Code     string          `json:"code"`
	Remedy   string          `json:"remedy"`
	Existing *extract.Filing `json:"existing,omitempty"`
	Way      way             `json:"-"` // the nearest way on, for people
	Tech     bool            `json:"-"` // Detail is for who looks after the machine
}

// way leads on from an error.
type way struct{ Href, Word string }

// sections are the pages that addresses stand under, by their first part.
var sections = map[string]way{"ky": {"/ky", "nav.period"}, "chi-tieu": {"/chi-tieu", "nav.indicators"}, "kham-pha": {"/kham-pha", "explore"}, "xem": {"/kham-pha", "explore"}, "nop": {"/nop", "nav.desk"}, "bieu-mau": {"/nop", "nav.desk"},
	"hoan-thanh": {"/hoan-thanh", "board.nav"}, "don-vi": {"/don-vi", "bodies"}, "quan-tri": {"/quan-tri", "admin"}}

// wayOn is where the reader of an error goes on: the report it is about, the page that led here, or the section.
func (s *server) wayOn(r *http.Request, code string) way {
	if id := r.PathValue("id"); id != "" && r.URL.Path != "/bao-cao/"+id {
		if f, ok := s.Inbox.Filing(id); ok && f.State != extract.Deleted {
			return way{"/bao-cao/" + id, "error.back"}
		}
	}
	another := func(address string) bool { return r.Method == http.MethodPost || address != r.URL.RequestURI() } // a form is at its own address
	if from, err := url.Parse(r.Referer()); err == nil && from.Host == r.Host && another(from.RequestURI()) && strings.HasPrefix(from.Path, "/") {
		return way{from.RequestURI(), "error.before"}
	}
	if code == "forbidden" || code == "unauthorised" { // there it would be refused again
		return way{}
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if x := sections[first]; x.Href != "" && another(x.Href) {
		return x
	}
	return way{}
}

// inWords puts what was wrong into the words of pages: people know no parameters and no bytes.
func (s *server) inWords(r *http.Request, p *problem) {
	say := s.functions(s.languageOf(r))["t"].(func(string, ...any) (string, error))
	if p.Code == "invalid" {
		title, remedy := "error.address", "error.address.do"
		if r.Method == http.MethodPost {
			title, remedy = "error.form", "error.form.do"
		}
		p.Title, _ = say(title)
		p.Remedy, _ = say(remedy)
	}
	if p.Code == "too_large" && r.URL.Path == "/nop" {
		p.Detail, _ = say("desk.limit", s.MaxUpload>>20)
		return
	}
	if text, err := say("state." + p.Detail); err == nil { // a state in the way
		p.Detail = text
		return
	}
	what, given, _ := strings.Cut(p.Detail, ": ")
	if text, err := say("error.at." + what); err == nil {
		p.Detail = strings.Replace(text, "{}", given, 1)
		return
	}
	switch p.Code {
	case "invalid", "close_early", "forbidden", "duplicate":
	default:
		p.Tech = p.Detail != ""
	}
}

// refusalOf finds what an error means to the outside.
func refusalOf(err error) *extract.Refusal {
	var r *extract.Refusal
	if errors.As(err, &r) {
		return r
	}
	var tooLarge *http.MaxBytesError
	switch {
	case errors.Is(err, analytics.ErrNotFound):
		return &extract.Refusal{Code: "not_found", Err: err}
	case errors.Is(err, analytics.ErrCursor):
		return &extract.Refusal{Code: "invalid", Detail: "cursor", Err: err}
	case errors.As(err, &tooLarge):
		return &extract.Refusal{Code: "too_large", Err: err}
	}
	code := extract.CodeOf(err)
	if code == "internal" {
		// What a page cannot get from the stores is not the caller's fault, and passes.
		code = "unavailable"
		var net *net.OpError // nobody listens there
		if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, analytics.ErrNoAnswer) || errors.As(err, &net) {
			code = "no_answer"
		}
	}
	return &extract.Refusal{Code: code, Err: err}
}

// fail answers an error: a problem document to programs, a page to people.
func (s *server) fail(w http.ResponseWriter, r *http.Request, err error) {
	ref := refusalOf(err)
	v, ok := extract.Verdicts[ref.Code]
	if !ok {
		v = extract.Verdicts["internal"]
	}
	if v.Status >= 500 {
		s.Log.Error("request failed", "method", r.Method, "path", r.URL.Path, "code", ref.Code, "err", err)
	}
	if ref.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(ref.RetryAfter.Seconds())))
	}
	en := s.languageOf(r) == "en"
	p := problem{Type: "about:blank", Title: v.VI, Remedy: v.VIDo, Status: v.Status, Detail: ref.Detail, Instance: r.URL.Path, Code: ref.Code, Existing: ref.Existing}
	if en {
		p.Title, p.Remedy = v.EN, v.ENDo
	}
	if !strings.HasPrefix(r.URL.Path, "/api/") {
		s.inWords(r, &p)
		if !strings.Contains(r.Header.Get("Accept"), "application/json") { // a page's script asks for the words alone
			p.Way = s.wayOn(r, p.Code)
			s.render(w, r, v.Status, "error", p)
			return
		}
	}
	w.Header().Set("Content-Type", "application/problem+json; charset=utf-8")
	w.WriteHeader(v.Status)
	json.NewEncoder(w).Encode(p)
}
