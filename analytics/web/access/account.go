package access

import (
	"cmp"
	"context"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// accountName is what a sign-in name may be: also an e-mail address.
var accountName = regexp.MustCompile(`^[a-z0-9][a-z0-9._@-]{1,63}$`)

// accountKey makes a bucket key of a name: buckets allow few characters.
func accountKey(name string) string { return hex.EncodeToString([]byte(name)) }

// setupKey holds the one-time link of the first start. It cannot be an account's key.
const setupKey = "setup"

// Account gives the account of that name.
func (d *Desk) Account(ctx context.Context, name string) (Account, error) {
	a, _, ok, err := load[Account](ctx, d.Accounts, accountKey(name))
	if err == nil && !ok {
		err = fmt.Errorf("%w: %s", ErrNone, name)
	}
	return a, err
}

// List gives all accounts by name.
func (d *Desk) List(ctx context.Context) ([]Account, error) {
	keys, err := d.Accounts.Keys(ctx)
	if err != nil {
		return nil, err
	}
	var list []Account
	for _, key := range keys {
		if key == setupKey {
			continue
		}
		if a, _, ok, err := load[Account](ctx, d.Accounts, key); err != nil {
			return nil, err
		} else if ok {
			list = append(list, a)
		}
	}
	slices.SortFunc(list, func(a, b Account) int { return strings.Compare(a.Name, b.Name) })
	return list, nil
}

// Add makes a local account. The name is folded to lower case.
func (d *Desk) Add(ctx context.Context, name, display, password string, grants []Grant) (Account, error) {
	return d.add(ctx, name, display, &password, grants)
}

// add makes an account, with a password or (nil) without one.
func (d *Desk) add(ctx context.Context, name, display string, password *string, grants []Grant) (Account, error) {
	name = strings.ToLower(strings.TrimSpace(name))
	if !accountName.MatchString(name) {
		return Account{}, fmt.Errorf("%w: %q: 2 to 64 of a-z 0-9 . _ @ -", ErrName, name)
	}
	if password != nil {
		if err := checkPassword(*password, name); err != nil {
			return Account{}, err
		}
	}
	if err := checkGrants(grants); err != nil {
		return Account{}, err
	}
	now := d.Now().UTC()
	a := Account{Name: name, Display: cmp.Or(strings.TrimSpace(display), name), Grants: grants, Created: now, Changed: now}
	if password != nil {
		a.Hash = hashPassword(*password)
	}
	ok, err := d.Accounts.Create(ctx, accountKey(name), encode(a))
	if err == nil && !ok {
		err = fmt.Errorf("%w: %s", ErrExists, name)
	}
	return a, err
}

func checkGrants(grants []Grant) error {
	for _, g := range grants {
		if !slices.Contains(Roles, g.Role) || g.Body == "" {
			return fmt.Errorf("%w: %q on %q", ErrGrant, g.Role, g.Body)
		}
	}
	return nil
}

// Change edits an account; what edit does must be repeatable, since it runs again when somebody
// else changed the account meanwhile.
func (d *Desk) Change(ctx context.Context, name string, edit func(*Account) error) (Account, error) {
	for range 5 {
		a, rev, ok, err := load[Account](ctx, d.Accounts, accountKey(name))
		if err != nil {
			return a, err
		}
		if !ok {
			return a, fmt.Errorf("%w: %s", ErrNone, name)
		}
		if err := edit(&a); err != nil {
			return a, err
		}
		if err := checkGrants(a.Grants); err != nil {
			return a, err
		}
		a.Name, a.Changed = name, d.Now().UTC()
		if ok, err := d.Accounts.Update(ctx, accountKey(name), encode(a), rev); err != nil || ok {
			return a, err
		}
	}
	return Account{}, fmt.Errorf("%w: %s", ErrChanged, name)
}

// SetPassword changes a password and ends every session of the account.
func (d *Desk) SetPassword(ctx context.Context, name, password string) error {
	if err := checkPassword(password, name); err != nil {
		return err
	}
	hash := hashPassword(password)
	_, err := d.Change(ctx, name, func(a *Account) error {
		a.Hash = hash
		a.Epoch++
		return nil
	})
	return err
}

// Setup gives the secret of a one-time link for the first administrator, or "" when there are
// accounts already. A new call makes the links before it void.
func (d *Desk) Setup(ctx context.Context) (string, error) {
	list, err := d.List(ctx)
	if err != nil || len(list) > 0 {
		return "", err
	}
	plain, key := secret("")
	if err := d.Accounts.Delete(ctx, setupKey); err != nil {
		return "", err
	}
	_, err = d.Accounts.Create(ctx, setupKey, []byte(key))
	return plain, err
}

// SetupOpens tells whether the one-time link of the first start is still good.
func (d *Desk) SetupOpens(ctx context.Context, plain string) (bool, error) {
	raw, _, ok, err := d.Accounts.Get(ctx, setupKey)
	return ok && string(raw) == keyOf(plain), err
}

// UseSetup makes the first administrator with the secret of the one-time link, which is void from
// then on: it is deleted by compare-and-set first, so of two who hold it one gets through.
func (d *Desk) UseSetup(ctx context.Context, plain, name, display, password string) (Account, error) {
	raw, rev, ok, err := d.Accounts.Get(ctx, setupKey)
	if err != nil {
		return Account{}, err
	}
	if !ok || string(raw) != keyOf(plain) {
		return Account{}, ErrDenied
	}
	// Refuse what cannot become an account before the link is spent.
	if err := checkPassword(password, strings.ToLower(name)); err != nil {
		return Account{}, err
	}
	if !accountName.MatchString(strings.ToLower(strings.TrimSpace(name))) {
		return Account{}, fmt.Errorf("%w: %q", ErrName, name)
	}
	if ok, err := d.Accounts.Update(ctx, setupKey, []byte("used"), rev); err != nil || !ok {
		return Account{}, ErrDenied
	}
	all := []Grant{{Administrator, "*"}, {Approver, "*"}, {Uploader, "*"}, {Analyst, "*"}}
	return d.Add(ctx, name, display, password, all)
}
