package web

import (
	"net/http"
	"net/url"
	"strings"

	"soket/analytics/web/access"
	"soket/extract"
)

// erasePage says what will be gone for good, and asks for the reason and a clear yes.
func (s *server) erasePage(w http.ResponseWriter, r *http.Request) {
	x, err := s.filed(r, r.PathValue("id"))
	if err == nil && (x.State == extract.Refused || x.State == extract.Deleting) {
		err = &extract.Refusal{Code: "conflict", Detail: string(x.State)}
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.render(w, r, http.StatusOK, "erase", map[string]any{"Filing": x.Filing, "Report": x.Report})
}

// erasePost deletes a report with its copies. Its line in the trail comes first: afterwards nothing but
// that line says who did it and why.
func (s *server) erasePost(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, &extract.Refusal{Code: "invalid", Err: err})
		return
	}
	id, reason := r.PathValue("id"), strings.TrimSpace(r.PostForm.Get("reason"))
	f, ok := s.Inbox.Filing(id)
	var err error
	switch {
	case !ok:
		err = &extract.Refusal{Code: "not_found"}
	case reason == "":
		err = &extract.Refusal{Code: "invalid", Detail: "reason"}
	case r.PostForm.Get("sure") != "yes":
		err = &extract.Refusal{Code: "invalid", Detail: "sure"}
	case f.State == extract.Refused || f.State == extract.Deleting:
		err = &extract.Refusal{Code: "conflict", Detail: string(f.State)}
	}
	if err == nil {
		err = s.note(r, "delete", id, reason)
	}
	if err == nil {
		_, err = s.Inbox.Decide(r.Context(), extract.Decision{ID: id, What: "delete", By: personOf(r).Name, Reason: reason})
		s.leaves.forget(f.SHA256)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	http.Redirect(w, r, "/bao-cao/"+url.PathEscape(id), http.StatusSeeOther)
}

// mayErase tells a page whether to offer the deletion.
func (s *server) mayErase(r *http.Request) bool {
	return s.Demo || s.Desk.May(personOf(r), access.Manage, boundTo(access.Manage))
}
