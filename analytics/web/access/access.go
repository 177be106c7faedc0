// Package access decides who may do what: accounts, sessions, API tokens and the rights of roles.
// It keeps its records in buckets that package ingest provides.
package access

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Bucket is a small store of values by key with compare-and-set. ingest's buckets satisfy it.
//
// Every call may be repeated. Create and Update say with ok whether the write happened: false means
// that the key was there already, or was changed since rev. A missing key has ok false in Get.
type Bucket interface {
	Get(ctx context.Context, key string) (value []byte, rev uint64, ok bool, err error)
	Create(ctx context.Context, key string, value []byte) (ok bool, err error)
	Update(ctx context.Context, key string, value []byte, rev uint64) (ok bool, err error)
	Delete(ctx context.Context, key string) error
	Keys(ctx context.Context) ([]string, error)
}

// What a caller decides on.
var (
	ErrDenied   = errors.New("name or password is wrong") // says nothing about which
	ErrSlow     = errors.New("too many attempts; wait")
	ErrExists   = errors.New("account exists already")
	ErrNone     = errors.New("no such account")
	ErrChanged  = errors.New("changed meanwhile by someone else")
	ErrPassword = errors.New("password is not acceptable")
	ErrGrant    = errors.New("no such role, or no body")
	ErrName     = errors.New("account name is not acceptable")
)

const (
	sessionIdle  = 2 * time.Hour  // a desk left alone over lunch asks again
	sessionLong  = 12 * time.Hour // a working day; also the time-to-live of the bucket
	sessionTouch = time.Minute    // a session's last use is written at most this often
	linkLife     = 72 * time.Hour // a one-time link: over a weekend
	tokenMost    = 366 * 24 * time.Hour
	secretBytes  = 32 // bytes of randomness in sessions, tokens and links: beyond guessing
)

// Grant binds a role to a body and everything below it; Body "*" is all bodies.
type Grant struct {
	Role Role   `json:"role"`
	Body string `json:"body"`
}

// Account is one person who may sign in.
type Account struct {
	Name     string    `json:"name"`    // sign-in name, lower case
	Display  string    `json:"display"` // as shown
	Hash     string    `json:"hash,omitempty"`
	Subject  string    `json:"subject,omitempty"` // issuer#subject of an OIDC account
	Grants   []Grant   `json:"grants"`
	Disabled bool      `json:"disabled,omitempty"`
	Link     string    `json:"link,omitempty"` // SHA-256 of the one-time link that sets a password
	LinkEnds time.Time `json:"link_ends,omitzero"`
	Epoch    int       `json:"epoch"` // raised by password change and disabling: older sessions end
	Created  time.Time `json:"created"`
	Changed  time.Time `json:"changed"`
}

// Person is who is asking: an account for the length of one request.
type Person struct {
	Name, Display string
	Grants        []Grant
	Scopes        []Action // of an API token; nil: everything the grants allow
	Via           string   // "session", "token" or "demo"
	CSRF          string
}

// Desk holds the records. Now and the buckets are set by the wiring.
type Desk struct {
	Accounts, Sessions, Tokens Bucket
	Now                        func() time.Time
	Under                      func(body, ancestor string) bool // the tree of bodies; nil: only equal names
	throttle                   throttle
}

// NewDesk gives a desk over three buckets; sessions' bucket should drop keys after SessionTTL.
func NewDesk(accounts, sessions, tokens Bucket) *Desk {
	return &Desk{Accounts: accounts, Sessions: sessions, Tokens: tokens, Now: time.Now}
}

// SessionTTL is how long a session can live at most.
const SessionTTL = sessionLong

// secret makes a new random secret and the key under which its record is kept: who reads the
// bucket learns no secret.
func secret(prefix string) (plain, key string) {
	b := make([]byte, secretBytes)
	rand.Read(b)
	plain = prefix + base64.RawURLEncoding.EncodeToString(b)
	return plain, keyOf(plain)
}

func keyOf(plain string) string {
	sum := sha256.Sum256([]byte(plain))
	return hex.EncodeToString(sum[:])
}

// load reads one record.
func load[T any](ctx context.Context, b Bucket, key string) (v T, rev uint64, ok bool, err error) {
	raw, rev, ok, err := b.Get(ctx, key)
	if err != nil || !ok {
		return v, 0, false, err
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		return v, 0, false, fmt.Errorf("record %s: %w", key, err)
	}
	return v, rev, true, nil
}

func encode(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // our own plain structs
	}
	return raw
}
