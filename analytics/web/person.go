package web

import (
	"context"
	"errors"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"soket/analytics/web/access"
	"soket/extract"
)

type personKey struct{}

// personOf is who asks; the zero Person is nobody.
func personOf(r *http.Request) access.Person {
	p, _ := r.Context().Value(personKey{}).(access.Person)
	return p
}

// sessionCookie carries a session's secret. Behind TLS its name makes browsers keep it to this host
// and to TLS; on loopback without TLS that name would not be taken.
func (s *server) sessionCookie(r *http.Request) string {
	if s.secure(r) {
		return "__Host-soket"
	}
	return "soket-session"
}

// allow lets a request through when the person may do what the route does: on any body here, and the
// handlers of one report ask again for that report's body (mayReport).
func (s *server) allow(action access.Action, next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p, err := s.who(r)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		r = r.WithContext(context.WithValue(r.Context(), personKey{}, p))
		if s.Demo && action != access.Own || !s.Demo && s.Desk.May(p, action, boundTo(action)) {
			err := s.mayReport(r, p, action)
			if f, ok := s.Inbox.Filing(r.PathValue("id")); err == nil && ok && f.State == extract.Deleted {
				err = &extract.Refusal{Code: "deleted"}
			}
			if err != nil {
				s.fail(w, r, err)
				return
			}
			next(w, r)
			return
		}
		switch {
		case p.Name != "":
			s.fail(w, r, &extract.Refusal{Code: "forbidden"})
		case strings.HasPrefix(r.URL.Path, "/api/"):
			s.fail(w, r, &extract.Refusal{Code: "unauthorised"})
		default:
			http.Redirect(w, r, "/dang-nhap?den="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
		}
	})
}

// boundTo is the body that a route without a body of its own asks the right for. Who manages accounts
// and reads the trail does so for all bodies: an administrator of one could give himself the others.
func boundTo(a access.Action) string {
	if a == access.Manage || a == access.Audit {
		return "*"
	}
	return ""
}

// mayReport holds what concerns one report to the bodies that the person's roles are bound to.
func (s *server) mayReport(r *http.Request, p access.Person, action access.Action) error {
	id := r.PathValue("id")
	if s.Demo || id == "" || action == access.Open {
		return nil
	}
	f, ok := s.Inbox.Filing(id)
	if !ok {
		return &extract.Refusal{Code: "not_found"}
	}
	return s.mayFiling(p, action, f)
}

// mayFiling tells whether the person may do it to this report.
func (s *server) mayFiling(p access.Person, action access.Action, f extract.Filing) error {
	if s.Demo || action == access.Read || s.Desk.May(p, action, bodyOf(f)) || bodyOf(f) == "" && f.ReceivedBy == p.Name {
		return nil
	}
	return &extract.Refusal{Code: "forbidden"}
}

func (s *server) who(r *http.Request) (access.Person, error) {
	if s.Demo {
		return access.Demo(), nil
	}
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		p, _, err := s.Desk.TokenPerson(r.Context(), token)
		return p, err
	}
	c, err := r.Cookie(s.sessionCookie(r))
	if err != nil {
		return access.Person{}, nil
	}
	p, _, err := s.Desk.Session(r.Context(), c.Value)
	return p, err
}

// here keeps a way back on this site.
func here(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.HasPrefix(path, "/\\") {
		return "/"
	}
	return path
}

func (s *server) signInPage(w http.ResponseWriter, r *http.Request) {
	s.showSignIn(w, r, http.StatusOK, map[string]any{"To": here(r.URL.Query().Get("den")), "Wrong": "", "Setup": "", "Set": r.URL.Query().Has("moi")})
}

func (s *server) signIn(w http.ResponseWriter, r *http.Request) {
	if s.Demo {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	to, name := here(r.FormValue("den")), r.FormValue("name")
	secret, wait, err := s.Desk.SignIn(r.Context(), name, r.FormValue("password"), s.address(r))
	switch {
	case errors.Is(err, access.ErrSlow):
		wait = max(wait, time.Second)
		w.Header().Set("Retry-After", strconv.Itoa(int(wait.Seconds())))
		s.showSignIn(w, r, http.StatusTooManyRequests, map[string]any{"To": to, "Wrong": "slow", "Minutes": int(math.Ceil(wait.Minutes())), "Setup": "", "Name": name})
	case errors.Is(err, access.ErrDenied):
		if err := s.noteBy(r, "", "refused", name, ""); err != nil {
			s.fail(w, r, err)
			return
		}
		s.showSignIn(w, r, http.StatusUnauthorized, map[string]any{"To": to, "Wrong": "wrong", "Setup": "", "Name": name})
	case err != nil:
		s.fail(w, r, err)
	default:
		s.enter(w, r, strings.ToLower(strings.TrimSpace(name)), secret, to)
	}
}

// enter gives the browser its session, once the trail tells of it.
func (s *server) enter(w http.ResponseWriter, r *http.Request, name, secret, to string) {
	if err := s.noteBy(r, name, "login", name, ""); err != nil {
		s.fail(w, r, err)
		return
	}
	http.SetCookie(w, &http.Cookie{Name: s.sessionCookie(r), Value: secret, Path: "/", HttpOnly: true, Secure: s.secure(r), SameSite: http.SameSiteLaxMode, MaxAge: int(access.SessionTTL.Seconds())})
	http.Redirect(w, r, to, http.StatusSeeOther)
}

func (s *server) signOut(w http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie(s.sessionCookie(r)); err == nil && !s.Demo {
		s.noteDone(r, "logout", personOf(r).Name, "")
		if err := s.Desk.SignOut(r.Context(), c.Value); err != nil {
			s.fail(w, r, err)
			return
		}
	}
	http.SetCookie(w, &http.Cookie{Name: s.sessionCookie(r), Path: "/", MaxAge: -1, Secure: s.secure(r), HttpOnly: true})
	http.Redirect(w, r, "/dang-nhap", http.StatusSeeOther)
}

// setupPage is where the one-time link of the first start leads.
func (s *server) setupPage(w http.ResponseWriter, r *http.Request) {
	code := r.URL.Query().Get("ma")
	if s.Demo {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	switch opens, err := s.Desk.SetupOpens(r.Context(), code); {
	case err != nil:
		s.fail(w, r, err)
	case !opens: // said before anything is typed
		s.showSignIn(w, r, http.StatusForbidden, map[string]any{"To": "/", "Wrong": "spent", "Setup": ""})
	default:
		s.showSignIn(w, r, http.StatusOK, map[string]any{"To": "/", "Wrong": "", "Setup": code})
	}
}

func (s *server) setup(w http.ResponseWriter, r *http.Request) {
	if s.Demo {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	code := r.FormValue("ma")
	a, err := s.Desk.UseSetup(r.Context(), code, r.FormValue("name"), r.FormValue("name"), r.FormValue("password"))
	switch {
	case errors.Is(err, access.ErrPassword), errors.Is(err, access.ErrName):
		s.showSignIn(w, r, http.StatusBadRequest, map[string]any{"To": "/", "Wrong": "weak", "Setup": code, "Name": r.FormValue("name")})
	case errors.Is(err, access.ErrDenied):
		s.showSignIn(w, r, http.StatusForbidden, map[string]any{"To": "/", "Wrong": "spent", "Setup": ""})
	case err != nil:
		s.fail(w, r, err)
	default:
		if err := s.noteBy(r, a.Name, "account", a.Name, "first administrator"); err != nil {
			s.fail(w, r, err)
			return
		}
		secret, err := s.Desk.Begin(r.Context(), a, s.address(r))
		if err != nil {
			s.fail(w, r, err)
			return
		}
		s.enter(w, r, a.Name, secret, "/")
	}
}
