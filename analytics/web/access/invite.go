package access

import (
	"context"
	"crypto/subtle"
	"slices"
	"strings"
	"time"
)

// Invite makes an account without a password: nobody can sign in to it before its one-time link is
// used (Link), or a sign-in service vouches for its name (Vouched).
func (d *Desk) Invite(ctx context.Context, name, display string, grants []Grant) (Account, error) {
	return d.add(ctx, name, display, nil, grants)
}

// Link gives the secret of a one-time link that sets the account's password. It is shown once and
// kept only as its hash; links given before become void. The password of now works until then.
func (d *Desk) Link(ctx context.Context, name string) (string, error) {
	plain, key := secret("")
	_, err := d.Change(ctx, name, func(a *Account) error {
		a.Link, a.LinkEnds = key, d.Now().UTC().Add(linkLife)
		return nil
	})
	return plain, err
}

// UseLink sets the password by a one-time link and ends every session of the account. A link that is
// wrong, used, too old or of a disabled account is ErrDenied.
func (d *Desk) UseLink(ctx context.Context, name, plain, password string) (Account, error) {
	name = strings.ToLower(strings.TrimSpace(name))
	a, _, ok, err := load[Account](ctx, d.Accounts, accountKey(name))
	if err != nil {
		return a, err
	}
	if !ok || !d.opens(a, plain) {
		return Account{}, ErrDenied
	}
	if err := checkPassword(password, name); err != nil {
		return Account{}, err // the link is not spent
	}
	hash := hashPassword(password)
	return d.Change(ctx, name, func(a *Account) error {
		if !d.opens(*a, plain) {
			return ErrDenied // somebody else was faster
		}
		a.Hash, a.Link, a.LinkEnds = hash, "", time.Time{}
		a.Epoch++
		return nil
	})
}

// LinkOpens tells whether a one-time link is still good.
func (d *Desk) LinkOpens(ctx context.Context, name, plain string) (bool, error) {
	a, _, ok, err := load[Account](ctx, d.Accounts, accountKey(strings.ToLower(strings.TrimSpace(name))))
	return ok && err == nil && d.opens(a, plain), err
}

func (d *Desk) opens(a Account, plain string) bool {
	return a.Link != "" && !a.Disabled && d.Now().Before(a.LinkEnds) && subtle.ConstantTimeCompare([]byte(a.Link), []byte(keyOf(plain))) == 1
}

// CheckPassword tells whether it is the account's password, with the waits of SignIn.
func (d *Desk) CheckPassword(ctx context.Context, name, password string) error {
	now := d.Now()
	if d.throttle.wait("own\x00"+name, throttleFree, now) > 0 {
		return ErrSlow
	}
	a, err := d.Account(ctx, name)
	if err != nil {
		return err
	}
	if a.Hash == "" || !verifyPassword(password, a.Hash) {
		d.throttle.fail("own\x00"+name, now)
		return ErrDenied
	}
	return nil
}

// Sitting is a session as its owner sees it.
type Sitting struct {
	Begun, Used time.Time
	Address     string
}

// SessionsOf lists the sessions of an account that are still good, the last used first.
func (d *Desk) SessionsOf(ctx context.Context, name string) ([]Sitting, error) {
	a, err := d.Account(ctx, name)
	if err != nil {
		return nil, err
	}
	keys, err := d.Sessions.Keys(ctx)
	if err != nil {
		return nil, err
	}
	now := d.Now()
	var list []Sitting
	for _, key := range keys {
		s, _, ok, err := load[session](ctx, d.Sessions, key)
		if err != nil {
			return nil, err
		}
		if ok && s.Account == name && s.Epoch == a.Epoch && now.Sub(s.Used) <= sessionIdle && now.Sub(s.Begun) <= sessionLong {
			list = append(list, Sitting{s.Begun, s.Used, s.Address})
		}
	}
	slices.SortFunc(list, func(a, b Sitting) int { return b.Used.Compare(a.Used) })
	return list, nil
}

// EndSessions ends every session of an account.
func (d *Desk) EndSessions(ctx context.Context, name string) error {
	_, err := d.Change(ctx, name, func(a *Account) error { a.Epoch++; return nil })
	return err
}

// Vouched gives the account of somebody whom a sign-in service vouches for. subject is
// issuer#subject. The first time, the e-mail address that the service has verified must be the name
// of an account which an administrator made; from then on only the subject counts. ErrDenied: there
// is no account for that person.
func (d *Desk) Vouched(ctx context.Context, subject, email string) (Account, error) {
	list, err := d.List(ctx)
	if err != nil {
		return Account{}, err
	}
	for _, a := range list {
		if a.Subject == subject {
			if a.Disabled {
				return Account{}, ErrDenied
			}
			return a, nil
		}
	}
	email = strings.ToLower(strings.TrimSpace(email))
	if email == "" || subject == "" {
		return Account{}, ErrDenied
	}
	if _, _, ok, err := load[Account](ctx, d.Accounts, accountKey(email)); err != nil || !ok {
		if err == nil {
			err = ErrDenied
		}
		return Account{}, err
	}
	return d.Change(ctx, email, func(a *Account) error {
		if a.Disabled || a.Subject != "" {
			return ErrDenied // the address went to another person
		}
		a.Subject = subject
		return nil
	})
}
