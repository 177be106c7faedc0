package web

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
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
	Back     string          `json:"-"` // the page of the report that it is about
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
	if !strings.HasPrefix(r.URL.Path, "/api/") && !strings.Contains(r.Header.Get("Accept"), "application/json") { // a page's script asks for the words alone
		if w, ok := s.words["state."+ref.Detail]; ok { // a state in the way, in the reader's words
			p.Detail = w[0]
			if en {
				p.Detail = w[1]
			}
		}
		if id := r.PathValue("id"); id != "" && r.URL.Path != "/bao-cao/"+id {
			if f, ok := s.Inbox.Filing(id); ok && f.State != extract.Deleted {
				p.Back = "/bao-cao/" + id
			}
		}
		s.render(w, r, v.Status, "error", p)
		return
	}
	w.Header().Set("Content-Type", "application/problem+json; charset=utf-8")
	w.WriteHeader(v.Status)
	json.NewEncoder(w).Encode(p)
}
