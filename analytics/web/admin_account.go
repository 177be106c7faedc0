package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"soket/analytics/web/access"
	"soket/extract"
)

// local turns away what needs accounts where there are none: in a demonstration.
func (s *server) local(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if s.Demo {
			s.fail(w, r, &extract.Refusal{Code: "forbidden", Detail: "--demo"})
			return
		}
		next(w, r)
	}
}

// tokenRow is a token with the key that ends it.
type tokenRow struct {
	Key string
	access.Token
	Over bool // expired
}

func (s *server) tokenRows(ctx context.Context, account string) ([]tokenRow, error) {
	tokens, err := s.Desk.TokensOf(ctx, account)
	if err != nil {
		return nil, err
	}
	var rows []tokenRow
	for key, t := range tokens {
		rows = append(rows, tokenRow{key, t, s.Desk.Now().After(t.Expires)})
	}
	slices.SortFunc(rows, func(a, b tokenRow) int { return b.Created.Compare(a.Created) })
	return rows, nil
}

// bodyNames are the bodies that a role can be bound to.
func (s *server) bodyNames(ctx context.Context) ([]string, error) {
	var names []string
	if s.Records != nil {
		list, err := s.bodies(ctx)
		if err != nil {
			return nil, err
		}
		for _, b := range list.Bodies {
			names = append(names, b.Name)
		}
	}
	counted, err := s.Figures.Bodies(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range counted {
		if c.Body != "" && !slices.Contains(names, c.Body) {
			names = append(names, c.Body)
		}
	}
	return names, nil
}

func (s *server) accountsPage(w http.ResponseWriter, r *http.Request) {
	s.showAccounts(w, r, http.StatusOK, map[string]any{})
}

// showAccounts shows the page, with what a form led to: "Link" or "Wrong".
func (s *server) showAccounts(w http.ResponseWriter, r *http.Request, status int, data map[string]any) {
	data["Roles"] = access.Roles
	if s.Demo {
		s.render(w, r, status, "accounts", data)
		return
	}
	list, err := s.Desk.List(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	tokens, err := s.tokenRows(r.Context(), "")
	if err != nil {
		s.fail(w, r, err)
		return
	}
	bodies, err := s.bodyNames(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	data["List"], data["Tokens"], data["Bodies"], data["Me"] = list, tokens, bodies, personOf(r).Name
	s.render(w, r, status, "accounts", data)
}

var errLast = errors.New("an administrator cannot take this from himself")

// accountsPost changes accounts. The line of the trail comes first: what cannot be told is not done.
func (s *server) accountsPost(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, &extract.Refusal{Code: "invalid", Err: err})
		return
	}
	form := func(key string) string { return strings.TrimSpace(r.PostForm.Get(key)) }
	ctx, what, name := r.Context(), form("what"), strings.ToLower(form("name"))
	grant := access.Grant{Role: access.Role(form("role")), Body: form("body")}
	deed := map[string]string{"create": "account", "disable": "account", "enable": "account", "link": "account", "grant": "role", "revoke": "role", "untoken": "token"}[what]
	if deed == "" {
		s.fail(w, r, &extract.Refusal{Code: "invalid", Detail: "what"})
		return
	}
	detail := what
	if grant.Role != "" {
		detail += " " + string(grant.Role) + " " + grant.Body
	}
	if err := s.note(r, deed, name, detail); err != nil {
		s.fail(w, r, err)
		return
	}
	self := name == personOf(r).Name
	change := func(edit func(*access.Account) error) error {
		_, err := s.Desk.Change(ctx, name, edit)
		return err
	}
	link, err := "", error(nil)
	switch what {
	case "create":
		var grants []access.Grant
		if grant.Role != "" {
			grants = []access.Grant{grant}
		}
		if _, err = s.Desk.Invite(ctx, name, form("display"), grants); err == nil {
			link, err = s.Desk.Link(ctx, name)
		}
	case "link":
		link, err = s.Desk.Link(ctx, name)
	case "grant":
		err = change(func(a *access.Account) error {
			if !slices.Contains(a.Grants, grant) {
				a.Grants = append(a.Grants, grant)
			}
			return nil
		})
	case "revoke":
		err = change(func(a *access.Account) error {
			if self && grant == (access.Grant{Role: access.Administrator, Body: "*"}) {
				return errLast
			}
			a.Grants = slices.DeleteFunc(a.Grants, func(g access.Grant) bool { return g == grant })
			return nil
		})
	case "disable":
		err = change(func(a *access.Account) error {
			if self {
				return errLast
			}
			a.Disabled, a.Link = true, ""
			a.Epoch++
			return nil
		})
	case "enable":
		err = change(func(a *access.Account) error { a.Disabled = false; return nil })
	case "untoken":
		err = s.Desk.DropToken(ctx, form("key"))
	}
	wrong := ""
	switch {
	case errors.Is(err, access.ErrName):
		wrong = "name"
	case errors.Is(err, access.ErrExists):
		wrong = "exists"
	case errors.Is(err, errLast):
		wrong = "last"
	case errors.Is(err, access.ErrGrant):
		wrong = "grant"
	case errors.Is(err, access.ErrNone):
		err = &extract.Refusal{Code: "not_found", Err: err}
	}
	switch {
	case wrong != "":
		s.showAccounts(w, r, http.StatusBadRequest, map[string]any{"Wrong": wrong})
	case err != nil:
		s.fail(w, r, err)
	case link != "":
		s.showAccounts(w, r, http.StatusOK, map[string]any{"Link": s.site(r) + "/mat-khau?ten=" + name + "&ma=" + link, "For": name})
	default:
		http.Redirect(w, r, "/quan-tri#tk-"+name, http.StatusSeeOther)
	}
}

// site is how the reader's own browser calls this site.
func (s *server) site(r *http.Request) string {
	if s.secure(r) {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// passwordPage is where the one-time link of an account leads.
func (s *server) passwordPage(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	name, code := q.Get("ten"), q.Get("ma")
	switch opens, err := s.Desk.LinkOpens(r.Context(), name, code); {
	case err != nil:
		s.fail(w, r, err)
	case !opens: // said before anything is typed
		s.render(w, r, http.StatusForbidden, "password", map[string]any{"Name": name, "Code": "", "Wrong": "link"})
	default:
		s.render(w, r, http.StatusOK, "password", map[string]any{"Name": name, "Code": code, "Wrong": ""})
	}
}

func (s *server) passwordPost(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	name, code := r.FormValue("ten"), r.FormValue("ma")
	a, err := s.Desk.UseLink(r.Context(), name, code, r.FormValue("password"))
	switch {
	case errors.Is(err, access.ErrPassword):
		s.render(w, r, http.StatusBadRequest, "password", map[string]any{"Name": name, "Code": code, "Wrong": "weak"})
	case errors.Is(err, access.ErrDenied):
		if err := s.noteBy(r, "", "refused", name, "link"); err != nil {
			s.fail(w, r, err)
			return
		}
		s.render(w, r, http.StatusForbidden, "password", map[string]any{"Name": name, "Code": "", "Wrong": "link"})
	case err != nil:
		s.fail(w, r, err)
	default:
		if err := s.noteBy(r, a.Name, "password", a.Name, "link"); err != nil {
			s.Log.Error("audit line not written", "what", "password", "object", a.Name, "err", err)
		}
		http.Redirect(w, r, "/dang-nhap?moi=1", http.StatusSeeOther)
	}
}

// scopes are what a token may be made for: everything but what concerns other people's rights.
var scopes = []access.Action{access.Read, access.Original, access.Export, access.Query, access.Upload, access.Correct, access.Approve}

// tokenDays are the lives of tokens that the page offers.
var tokenDays = []int{30, 90, 180, 365}

func (s *server) profilePage(w http.ResponseWriter, r *http.Request) {
	s.showProfile(w, r, http.StatusOK, map[string]any{})
}

func (s *server) showProfile(w http.ResponseWriter, r *http.Request, status int, data map[string]any) {
	p := personOf(r)
	a, err := s.Desk.Account(r.Context(), p.Name)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	tokens, err := s.tokenRows(r.Context(), p.Name)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	sessions, err := s.Desk.SessionsOf(r.Context(), p.Name)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	var may []access.Action // a token can do no more than its owner
	for _, x := range scopes {
		if s.Desk.May(p, x, "") {
			may = append(may, x)
		}
	}
	if s.Desk.May(p, access.Query, "*") {
		data["SQL"] = s.SQL
	}
	data["Account"], data["Tokens"], data["Sessions"], data["Scopes"], data["Days"] = a, tokens, sessions, may, tokenDays
	s.render(w, r, status, "profile", data)
}

func (s *server) profilePost(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, &extract.Refusal{Code: "invalid", Err: err})
		return
	}
	ctx, me := r.Context(), personOf(r).Name
	var err error
	switch what := r.PostForm.Get("what"); what {
	case "password":
		if err = s.Desk.CheckPassword(ctx, me, r.PostForm.Get("old")); err != nil {
			break
		}
		if err = s.note(r, "password", me, "changed"); err == nil {
			err = s.Desk.SetPassword(ctx, me, r.PostForm.Get("password"))
		}
	case "token":
		days, _ := strconv.Atoi(r.PostForm.Get("days"))
		var chosen []access.Action
		for _, x := range scopes {
			if slices.Contains(r.PostForm["scope"], string(x)) && s.Desk.May(personOf(r), x, "") {
				chosen = append(chosen, x)
			}
		}
		label := cut(strings.TrimSpace(r.PostForm.Get("label")), maxLabel)
		if label == "" || !slices.Contains(tokenDays, days) || len(chosen) == 0 {
			s.showProfile(w, r, http.StatusBadRequest, map[string]any{"Wrong": "token"})
			return
		}
		if err = s.note(r, "token", me, "new "+label); err != nil {
			break
		}
		plain, _, err2 := s.Desk.NewToken(ctx, me, label, chosen, time.Duration(days)*24*time.Hour)
		if err = err2; err == nil {
			s.showProfile(w, r, http.StatusOK, map[string]any{"Secret": plain})
			return
		}
	case "untoken":
		own, err2 := s.Desk.TokensOf(ctx, me)
		key := r.PostForm.Get("key")
		if err = err2; err == nil {
			if _, ok := own[key]; !ok {
				err = &extract.Refusal{Code: "not_found"}
			} else if err = s.note(r, "token", me, "ended "+own[key].Name); err == nil {
				err = s.Desk.DropToken(ctx, key)
			}
		}
	case "everywhere":
		if err = s.note(r, "logout", me, "everywhere"); err == nil {
			err = s.Desk.EndSessions(ctx, me)
		}
	default:
		err = &extract.Refusal{Code: "invalid", Detail: "what"}
	}
	switch {
	case errors.Is(err, access.ErrDenied):
		s.showProfile(w, r, http.StatusForbidden, map[string]any{"Wrong": "old"})
	case errors.Is(err, access.ErrPassword):
		s.showProfile(w, r, http.StatusBadRequest, map[string]any{"Wrong": "weak"})
	case errors.Is(err, access.ErrSlow):
		s.fail(w, r, &extract.Refusal{Code: "busy", RetryAfter: time.Minute})
	case err != nil:
		s.fail(w, r, err)
	default:
		http.Redirect(w, r, "/ho-so", http.StatusSeeOther)
	}
}

const maxLabel = 60 // characters of a token's name

const (
	trailPage = 100  // lines shown
	trailLook = 1000 // lines looked through for one page; further ones with the button
)

// trailList shows the audit trail.
func (s *server) trailList(w http.ResponseWriter, r *http.Request) {
	if s.Trail == nil {
		s.fail(w, r, &extract.Refusal{Code: "not_found"})
		return
	}
	q := r.URL.Query()
	var before uint64
	if text := q.Get("truoc"); text != "" {
		var err error
		if before, err = strconv.ParseUint(text, 10, 64); err != nil {
			s.fail(w, r, &extract.Refusal{Code: "invalid", Detail: "truoc", Err: err})
			return
		}
	}
	list, err := s.Trail.Trail(r.Context(), before, trailLook)
	if err != nil {
		s.fail(w, r, &extract.Refusal{Code: "unavailable", Err: err})
		return
	}
	what, by, object := q.Get("viec"), strings.ToLower(strings.TrimSpace(q.Get("ai"))), strings.TrimSpace(q.Get("gi"))
	var shown []Record
	var last uint64
	for _, x := range list {
		if len(shown) == trailPage {
			break
		}
		last = x.Seq
		if (what == "" || x.What == what) && (by == "" || strings.Contains(strings.ToLower(x.By), by)) && (object == "" || strings.Contains(x.Object+" "+x.Detail+" "+x.Address, object)) {
			shown = append(shown, x)
		}
	}
	files := map[string]string{} // the reports of these lines by name, where the reader may see them
	for _, x := range shown {
		if f, ok := s.Inbox.Filing(x.Object); ok && s.mayFiling(personOf(r), access.Read, f) == nil {
			files[x.Object] = f.File
		}
	}
	next := ""
	if last > 1 {
		next = "/quan-tri/nhat-ky?" + withQuery(q, "truoc", strconv.FormatUint(last, 10))
	}
	s.render(w, r, http.StatusOK, "trail", map[string]any{"List": shown, "Next": next, "Files": files, "Told": func(x Record) string { return s.told(s.languageOf(r), x) }, "Deeds": deeds, "What": what, "By": by, "Object": object})
}

// told says a line's detail in the reader's words. It is kept as short words of our own, with what a person
// wrote or chose behind them, or as the address that was asked for.
func (s *server) told(lang string, x Record) string {
	word, rest, _ := strings.Cut(x.Detail, " ")
	if word == http.MethodGet || word == http.MethodPost {
		return rest
	}
	say := func(key string) (string, bool) {
		w, ok := s.words[key]
		if lang == "en" {
			return w[1], ok
		}
		return w[0], ok
	}
	said, ok := say("admin.did." + word)
	if !ok || !slices.Contains([]string{"decide", "account", "role", "token", "password", "logout", "refused"}, x.What) {
		return x.Detail
	}
	switch word {
	case "first":
		return said
	case "create", "grant", "revoke":
		role, body, _ := strings.Cut(rest, " ")
		if name, ok := say("admin.role." + role); ok {
			rest = name + ", " + body
			if body == "*" {
				every, _ := say("all.bodies")
				rest = name + ", " + strings.ToLower(every)
			}
		}
	case "replace":
		id, reason, _ := strings.Cut(rest, " ")
		if old, ok := s.Inbox.Filing(id); ok && old.File != "" {
			rest = strings.TrimSpace(old.File + " " + reason)
		}
	}
	return strings.TrimSuffix(said+": "+rest, ": ")
}
