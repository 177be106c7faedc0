package access

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Service is a sign-in service that speaks OpenID Connect: authorization code with PKCE.
type Service struct {
	Issuer, Client, Secret string

	mu       sync.Mutex
	provider *oidc.Provider
}

// serviceWithin bounds each call of the sign-in service: a person waits for it.
const serviceWithin = 10 * time.Second

// Errand is one way to the service and back. It stays in the person's own browser, in a cookie of
// this site; Text and ErrandOf write and read it.
type Errand struct{ State, Nonce, Verifier string }

// Text is the errand as a cookie keeps it.
func (e Errand) Text() string { return e.State + "." + e.Nonce + "." + e.Verifier }

// ErrandOf reads Text; ok is false for anything else.
func ErrandOf(text string) (e Errand, ok bool) {
	parts := strings.Split(text, ".")
	if len(parts) != 3 || parts[0] == "" || parts[1] == "" || parts[2] == "" {
		return e, false
	}
	return Errand{parts[0], parts[1], parts[2]}, true
}

// Leave gives the errand and the address at the service to which the browser goes; back is ours, to
// which it returns.
func (s *Service) Leave(ctx context.Context, back string) (Errand, string, error) {
	c, _, err := s.config(ctx, back)
	if err != nil {
		return Errand{}, "", err
	}
	state, _ := secret("")
	nonce, _ := secret("")
	e := Errand{state, nonce, oauth2.GenerateVerifier()}
	return e, c.AuthCodeURL(e.State, oidc.Nonce(e.Nonce), oauth2.S256ChallengeOption(e.Verifier)), nil
}

// Return exchanges the code that the browser brought and gives whom the service vouches for:
// issuer#subject, and the e-mail address if the service has verified it. ErrDenied stands for what
// does not belong to the errand, or is not the service's word.
func (s *Service) Return(ctx context.Context, back string, e Errand, state, code string) (subject, email string, err error) {
	if code == "" || subtle.ConstantTimeCompare([]byte(e.State), []byte(state)) != 1 {
		return "", "", fmt.Errorf("%w: state", ErrDenied)
	}
	c, provider, err := s.config(ctx, back)
	if err != nil {
		return "", "", err
	}
	ctx = client(ctx)
	token, err := c.Exchange(ctx, code, oauth2.VerifierOption(e.Verifier))
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) {
		return "", "", fmt.Errorf("%w: the service says %s", ErrDenied, refused.ErrorCode) // never its whole answer: it may hold secrets
	} else if err != nil {
		return "", "", fmt.Errorf("sign-in service: %w", err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := provider.Verifier(&oidc.Config{ClientID: s.Client}).Verify(ctx, raw)
	if err != nil {
		return "", "", fmt.Errorf("%w: %w", ErrDenied, err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(e.Nonce)) != 1 {
		return "", "", fmt.Errorf("%w: nonce", ErrDenied)
	}
	var claims struct {
		Email    string `json:"email"`
		Verified bool   `json:"email_verified"`
	}
	if err := id.Claims(&claims); err != nil {
		return "", "", fmt.Errorf("%w: %w", ErrDenied, err)
	}
	if !claims.Verified {
		claims.Email = ""
	}
	return id.Issuer + "#" + id.Subject, claims.Email, nil
}

// config asks the service about itself once, at the first sign-in: the program starts without it.
func (s *Service) config(ctx context.Context, back string) (oauth2.Config, *oidc.Provider, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.provider == nil {
		p, err := oidc.NewProvider(client(context.WithoutCancel(ctx)), s.Issuer)
		if err != nil {
			return oauth2.Config{}, nil, fmt.Errorf("sign-in service: %w", err)
		}
		s.provider = p
	}
	return oauth2.Config{ClientID: s.Client, ClientSecret: s.Secret, Endpoint: s.provider.Endpoint(), RedirectURL: back, Scopes: []string{oidc.ScopeOpenID, "email", "profile"}}, s.provider, nil
}

func client(ctx context.Context) context.Context {
	return oidc.ClientContext(ctx, &http.Client{Timeout: serviceWithin})
}
