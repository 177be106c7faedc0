package web_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"soket/analytics/web"
	"soket/analytics/web/access"
)

// provider is a small OpenID Connect service that checks what a real one checks.
type provider struct {
	*httptest.Server
	signer  jose.Signer
	claims  map[string]any // of the next token, over the usual ones
	asked   url.Values     // of the last visit at /authorize
	refused string         // why /token last refused
}

func newProvider(t *testing.T) *provider {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: key, KeyID: "k1"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	p := &provider{signer: signer}
	mux := http.NewServeMux()
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	say := func(w http.ResponseWriter, v any) {
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(v)
	}
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, r *http.Request) {
		say(w, map[string]any{"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys", "id_token_signing_alg_values_supported": []string{"ES256"}})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, r *http.Request) {
		say(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &key.PublicKey, KeyID: "k1", Algorithm: "ES256", Use: "sig"}}})
	})
	mux.HandleFunc("GET /authorize", func(w http.ResponseWriter, r *http.Request) {
		p.asked = r.URL.Query()
		http.Redirect(w, r, p.asked.Get("redirect_uri")+"?code=c1&state="+url.QueryEscape(p.asked.Get("state")), http.StatusFound)
	})
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
		id, secret, _ := r.BasicAuth()
		p.refused = ""
		switch {
		case p.asked.Get("code_challenge_method") != "S256" || base64.RawURLEncoding.EncodeToString(sum[:]) != p.asked.Get("code_challenge"):
			p.refused = "pkce"
		case id != "soket" || secret != "client-secret-1":
			p.refused = "client"
		case r.FormValue("code") != "c1" || r.FormValue("redirect_uri") != p.asked.Get("redirect_uri"):
			p.refused = "code"
		}
		if p.refused != "" {
			w.WriteHeader(http.StatusBadRequest)
			say(w, map[string]string{"error": "invalid_grant"})
			return
		}
		claims := map[string]any{"iss": p.URL, "sub": "u-1", "aud": "soket", "nonce": p.asked.Get("nonce"), "exp": time.Now().Add(time.Minute).Unix(), "iat": time.Now().Unix(), "email": "lan@so.example", "email_verified": true}
		for k, v := range p.claims {
			claims[k] = v
		}
		raw, _ := json.Marshal(claims)
		signed, err := p.signer.Sign(raw)
		if err != nil {
			panic(err)
		}
		token, _ := signed.CompactSerialize()
		say(w, map[string]any{"access_token": "a", "token_type": "Bearer", "id_token": token})
	})
	return p
}

// TestSignInService goes to the service and back, rightly and in every wrong way.
func TestSignInService(t *testing.T) {
	p := newProvider(t)
	s, desk, inbox := siteOf(t, web.Config{Service: &access.Service{Issuer: p.URL, Client: "soket", Secret: "client-secret-1"}})
	if _, err := desk.Invite(t.Context(), "lan@so.example", "Lan", []access.Grant{{Role: access.Leader, Body: "*"}}); err != nil {
		t.Fatal(err)
	}
	// visit goes as far as the way back to us, which it gives without going it.
	visit := func(c *http.Client) string {
		t.Helper()
		code, res := status(t, c, "GET", s.URL+"/dang-nhap/dich-vu?den=/ky", "")
		if code != http.StatusSeeOther || !strings.HasPrefix(res.Header.Get("Location"), p.URL+"/authorize?") {
			t.Fatalf("to the service: %d %s", code, res.Header.Get("Location"))
		}
		_, res = status(t, c, "GET", res.Header.Get("Location"), "")
		return res.Header.Get("Location")
	}
	other := func(back, key, value string) string {
		u, _ := url.Parse(back)
		q := u.Query()
		q.Set(key, value)
		u.RawQuery = q.Encode()
		return u.String()
	}
	wrong := []struct {
		name   string
		claims map[string]any
		change func(back string) string
		jar    bool // come back in another browser
	}{
		{"another state", nil, func(b string) string { return other(b, "state", "x") }, false},
		{"no code", nil, func(b string) string { return other(b, "code", "") }, false},
		{"another code", nil, func(b string) string { return other(b, "code", "c2") }, false},
		{"another browser", nil, nil, true},
		{"another nonce", map[string]any{"nonce": "x"}, nil, false},
		{"another audience", map[string]any{"aud": "someone"}, nil, false},
		{"another issuer", map[string]any{"iss": "https://evil.example"}, nil, false},
		{"too old", map[string]any{"exp": time.Now().Add(-time.Hour).Unix()}, nil, false},
		{"e-mail not verified", map[string]any{"email_verified": false}, nil, false},
		{"no account", map[string]any{"email": "la@so.example"}, nil, false},
	}
	for _, w := range wrong {
		c := browserOf(t)
		p.claims = w.claims
		back := visit(c)
		if w.change != nil {
			back = w.change(back)
		}
		if w.jar {
			c = browserOf(t)
		}
		if code, _ := status(t, c, "GET", back, ""); code != http.StatusUnauthorized {
			t.Errorf("%s: %d", w.name, code)
		}
		if code, _ := status(t, c, "GET", s.URL+"/bao-cao", ""); code != http.StatusSeeOther {
			t.Errorf("%s lets in: %d", w.name, code)
		}
	}
	p.claims = nil
	c := browserOf(t)
	back := visit(c)
	if code, res := status(t, c, "GET", back, ""); code != http.StatusSeeOther || res.Header.Get("Location") != "/ky" {
		t.Fatalf("the right way: %d %s (the service: %q)", code, res.Header.Get("Location"), p.refused)
	}
	if code, _ := status(t, c, "GET", s.URL+"/bao-cao", ""); code != http.StatusOK {
		t.Errorf("after signing in: %d", code)
	}
	if code, _ := status(t, c, "GET", back, ""); code != http.StatusUnauthorized {
		t.Errorf("the same way back twice: %d", code)
	}
	// From now on the subject counts: another person who gets that address gets no account.
	p.claims = map[string]any{"sub": "u-2"}
	if code, _ := status(t, c, "GET", visit(c), ""); code != http.StatusUnauthorized {
		t.Errorf("another person under that address: %d", code)
	}
	p.claims = map[string]any{"email": "lan@noi-khac.example"}
	if code, _ := status(t, c, "GET", visit(c), ""); code != http.StatusSeeOther {
		t.Errorf("the same person under another address: %d", code)
	}
	list, err := inbox.Trail(t.Context(), 0, 100)
	if err != nil || len(list) < 3 || list[0].What != "login" || list[0].By != "lan@so.example" {
		t.Errorf("the trail: %v, %v", list, err)
	}
}
