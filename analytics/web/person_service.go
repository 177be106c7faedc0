package web

import (
	"errors"
	"net/http"
	"time"

	"soket/analytics/web/access"
	"soket/extract"
)

// errandLife is how long somebody may take at the sign-in service.
const errandLife = 10 * time.Minute

// errandCookie holds the errand, and the way back on this site, while the browser is at the service.
func (s *server) errandCookie(r *http.Request, value, to string) [2]*http.Cookie {
	prefix := ""
	if s.secure(r) {
		prefix = "__Host-"
	}
	c := [2]*http.Cookie{{Name: prefix + "soket-errand", Value: value}, {Name: prefix + "soket-errand-to", Value: to}}
	for _, one := range c {
		one.Path, one.HttpOnly, one.Secure, one.SameSite, one.MaxAge = "/", true, s.secure(r), http.SameSiteLaxMode, int(errandLife.Seconds())
		if value == "" {
			one.MaxAge = -1
		}
	}
	return c
}

const backPath = "/dang-nhap/tra-ve"

// leave sends the browser to the sign-in service.
func (s *server) leave(w http.ResponseWriter, r *http.Request) {
	if s.Service == nil {
		s.nothing(w, r)
		return
	}
	e, address, err := s.Service.Leave(r.Context(), s.site(r)+backPath)
	if err != nil {
		s.fail(w, r, &extract.Refusal{Code: "unavailable", Err: err})
		return
	}
	for _, c := range s.errandCookie(r, e.Text(), here(r.URL.Query().Get("den"))) {
		http.SetCookie(w, c)
	}
	http.Redirect(w, r, address, http.StatusSeeOther)
}

// comeBack is where the sign-in service sends the browser.
func (s *server) comeBack(w http.ResponseWriter, r *http.Request) {
	if s.Service == nil {
		s.nothing(w, r)
		return
	}
	names := s.errandCookie(r, "", "")
	for _, c := range names {
		http.SetCookie(w, c) // the errand is over, however it ends
	}
	value, to := "", "/"
	if c, err := r.Cookie(names[0].Name); err == nil {
		value = c.Value
	}
	if c, err := r.Cookie(names[1].Name); err == nil {
		to = here(c.Value)
	}
	e, ok := access.ErrandOf(value)
	var a access.Account
	var subject string
	err := error(access.ErrDenied)
	if ok {
		var email string
		if subject, email, err = s.Service.Return(r.Context(), s.site(r)+backPath, e, r.URL.Query().Get("state"), r.URL.Query().Get("code")); err == nil {
			a, err = s.Desk.Vouched(r.Context(), subject, email)
		}
	}
	switch {
	case errors.Is(err, access.ErrDenied):
		s.Log.Info("sign-in service", "err", err)
		if err := s.noteBy(r, "", "refused", subject, "oidc"); err != nil {
			s.fail(w, r, err)
			return
		}
		s.showSignIn(w, r, http.StatusUnauthorized, map[string]any{"To": to, "Wrong": "service", "Setup": ""})
	case err != nil:
		s.fail(w, r, &extract.Refusal{Code: "unavailable", Err: err})
	default:
		secret, err := s.Desk.Begin(r.Context(), a, s.address(r))
		if err != nil {
			s.fail(w, r, err)
			return
		}
		s.enter(w, r, a.Name, secret, to)
	}
}

func (s *server) showSignIn(w http.ResponseWriter, r *http.Request, status int, data map[string]any) {
	data["Service"] = s.Service != nil
	s.render(w, r, status, "signin", data)
}
