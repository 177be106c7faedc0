package access

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
)

// session is one signed-in browser.
type session struct {
	Account string    `json:"account"`
	Epoch   int       `json:"epoch"`
	Begun   time.Time `json:"begun"`
	Used    time.Time `json:"used"`
	CSRF    string    `json:"csrf"`
	Address string    `json:"address,omitempty"` // where it began, for its owner to recognise
}

// SignIn checks name and password and opens a session; address is where the caller comes from. The
// secret goes into the browser's cookie and is kept nowhere. ErrSlow comes with how long to wait.
func (d *Desk) SignIn(ctx context.Context, name, password, address string) (secret string, wait time.Duration, err error) {
	name = strings.ToLower(strings.TrimSpace(name))
	now := d.Now()
	pair := name + "\x00" + address
	if w := max(d.throttle.wait(pair, throttleFree, now), d.throttle.wait(name, 10*throttleFree, now)); w > 0 {
		return "", w, ErrSlow
	}
	a, _, ok, err := load[Account](ctx, d.Accounts, accountKey(name))
	if err != nil {
		return "", 0, err
	}
	hash := a.Hash
	if !ok || hash == "" || a.Disabled {
		hash, ok = nobody, false
	}
	if !verifyPassword(password, hash) || !ok {
		d.throttle.fail(pair, now)
		d.throttle.fail(name, now)
		return "", 0, ErrDenied
	}
	d.throttle.clear(pair)
	secret, err = d.Begin(ctx, a, address)
	return secret, 0, err
}

// Begin opens a session for an account whose identity is established; address is the client's.
func (d *Desk) Begin(ctx context.Context, a Account, address string) (string, error) {
	plain, key := secret("")
	csrf, _ := secret("")
	now := d.Now().UTC()
	ok, err := d.Sessions.Create(ctx, key, encode(session{a.Name, a.Epoch, now, now, csrf, address}))
	if err == nil && !ok {
		err = fmt.Errorf("session key taken")
	}
	return plain, err
}

// Session gives the person of a session; ok is false when it has ended.
func (d *Desk) Session(ctx context.Context, plain string) (p Person, ok bool, err error) {
	key := keyOf(plain)
	s, rev, ok, err := load[session](ctx, d.Sessions, key)
	if err != nil || !ok {
		return p, false, err
	}
	now := d.Now().UTC()
	if now.Sub(s.Used) > sessionIdle || now.Sub(s.Begun) > sessionLong {
		return p, false, d.Sessions.Delete(ctx, key)
	}
	a, err := d.Account(ctx, s.Account)
	if err != nil || a.Disabled || a.Epoch != s.Epoch {
		return p, false, d.Sessions.Delete(ctx, key)
	}
	if now.Sub(s.Used) > sessionTouch {
		s.Used = now
		// A lost race only means that another request wrote the same.
		if _, err := d.Sessions.Update(ctx, key, encode(s), rev); err != nil {
			return p, false, err
		}
	}
	return Person{Name: a.Name, Display: a.Display, Grants: a.Grants, Via: "session", CSRF: s.CSRF}, true, nil
}

// SignOut ends a session.
func (d *Desk) SignOut(ctx context.Context, plain string) error {
	return d.Sessions.Delete(ctx, keyOf(plain))
}

// Token is an API token as kept and listed: never its secret.
type Token struct {
	ID      string    `json:"id"` // the first characters, for people to tell them apart
	Name    string    `json:"name"`
	Account string    `json:"account"`
	Scopes  []Action  `json:"scopes"`
	Created time.Time `json:"created"`
	Expires time.Time `json:"expires"`
}

// tokenPrefix lets secret scanners and people recognise a token.
const tokenPrefix = "soket_"

// NewToken makes an API token for an account; its secret is shown once and kept nowhere.
func (d *Desk) NewToken(ctx context.Context, account, name string, scopes []Action, life time.Duration) (string, Token, error) {
	if life <= 0 || life > tokenMost {
		return "", Token{}, fmt.Errorf("a token lives at most %v", tokenMost)
	}
	if len(scopes) == 0 {
		return "", Token{}, fmt.Errorf("a token needs at least one scope")
	}
	if _, err := d.Account(ctx, account); err != nil {
		return "", Token{}, err
	}
	plain, key := secret(tokenPrefix)
	now := d.Now().UTC()
	t := Token{ID: plain[:len(tokenPrefix)+6], Name: name, Account: account, Scopes: scopes, Created: now, Expires: now.Add(life)}
	if ok, err := d.Tokens.Create(ctx, key, encode(t)); err != nil || !ok {
		return "", Token{}, fmt.Errorf("token: %w", err)
	}
	return plain, t, nil
}

// TokenPerson gives the person of an API token; ok is false for one that is unknown or expired.
func (d *Desk) TokenPerson(ctx context.Context, plain string) (p Person, ok bool, err error) {
	if !strings.HasPrefix(plain, tokenPrefix) {
		return p, false, nil
	}
	t, _, ok, err := load[Token](ctx, d.Tokens, keyOf(plain))
	if err != nil || !ok || d.Now().After(t.Expires) {
		return p, false, err
	}
	a, err := d.Account(ctx, t.Account)
	if err != nil || a.Disabled {
		return p, false, nil
	}
	return Person{Name: a.Name, Display: a.Display + " (" + t.Name + ")", Grants: a.Grants, Scopes: t.Scopes, Via: "token"}, true, nil
}

// TokensOf lists the tokens of an account, all of them for "".
func (d *Desk) TokensOf(ctx context.Context, account string) (map[string]Token, error) {
	keys, err := d.Tokens.Keys(ctx)
	if err != nil {
		return nil, err
	}
	list := map[string]Token{}
	for _, key := range keys {
		if t, _, ok, err := load[Token](ctx, d.Tokens, key); err != nil {
			return nil, err
		} else if ok && (account == "" || t.Account == account) {
			list[key] = t
		}
	}
	return list, nil
}

// DropToken ends a token by its key of TokensOf.
func (d *Desk) DropToken(ctx context.Context, key string) error {
	if _, err := hex.DecodeString(key); err != nil {
		return fmt.Errorf("token key: %w", err)
	}
	return d.Tokens.Delete(ctx, key)
}

// Demo is the person of a demonstration: everything but accounts, and nothing to sign in with.
func Demo() Person {
	return Person{Name: "demo", Display: "Bản dùng thử", Via: "demo",
		Grants: []Grant{{Uploader, "*"}, {Analyst, "*"}, {Leader, "*"}, {Approver, "*"}, {Administrator, "*"}}}
}

// HasRole tells whether the person holds the role on any body.
func (p Person) HasRole(r Role) bool {
	return slices.ContainsFunc(p.Grants, func(g Grant) bool { return g.Role == r })
}
