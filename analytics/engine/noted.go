package engine

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
)

// Statement is what somebody asks at the read-only address.
type Statement struct {
	Text    string
	Hash    string // SHA-256 of the text, hex
	Address string // of the client
	Key     string // the password given with it: of HTTP's basic authentication, X-ClickHouse-Key or password=
}

// ErrKey is what note answers where the Key opens nothing.
var ErrKey = errors.New("authentication failed: give an API token with the right to query all bodies as password, any user name does")

// Noted hands statements on to the read-only address at upstream ("127.0.0.1:PORT") once note has
// written each one down: nothing is read that is told nowhere. note's error refuses the statement.
func Noted(upstream string, note func(context.Context, Statement) error) http.Handler {
	on := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(&url.URL{Scheme: "http", Host: upstream}) },
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			refuse(w, http.StatusBadGateway, exception{210, "NETWORK_ERROR", err})
		},
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/ping" {
			on.ServeHTTP(w, r)
			return
		}
		raw, err := io.ReadAll(io.LimitReader(r.Body, maxQueryBytes+1))
		if err == nil && len(raw) > maxQueryBytes {
			err = fmt.Errorf("statement longer than %d bytes", maxQueryBytes)
		}
		if err != nil {
			refuse(w, http.StatusBadRequest, exception{36, "BAD_ARGUMENTS", err})
			return
		}
		text := r.URL.Query().Get("query") // as parse reads it: a body beside it is data, which nobody reads here
		if text == "" {
			text = string(raw)
		}
		if strings.TrimSpace(text) != "" {
			err := note(r.Context(), statementOf(r, text))
			if errors.Is(err, ErrKey) {
				w.Header().Set("WWW-Authenticate", `Basic realm="ClickHouse", charset="UTF-8"`)
				refuse(w, http.StatusUnauthorized, exception{516, "AUTHENTICATION_FAILED", err})
				return
			}
			if err != nil {
				refuse(w, http.StatusServiceUnavailable, exception{210, "NETWORK_ERROR", fmt.Errorf("the audit trail does not answer: %w", err)})
				return
			}
		}
		r.Body = io.NopCloser(bytes.NewReader(raw))
		r.ContentLength = int64(len(raw))
		on.ServeHTTP(w, r)
	})
}

func statementOf(r *http.Request, text string) Statement {
	sum := sha256.Sum256([]byte(text))
	address, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		address = r.RemoteAddr
	}
	_, key, _ := r.BasicAuth()
	return Statement{Text: text, Hash: hex.EncodeToString(sum[:]), Address: address,
		Key: cmp.Or(key, r.Header.Get("X-ClickHouse-Key"), r.URL.Query().Get("password"))}
}

func refuse(w http.ResponseWriter, status int, err exception) {
	w.Header().Set("X-ClickHouse-Exception-Code", fmt.Sprint(err.code))
	w.Header().Set("Content-Type", "text/plain; charset=UTF-8")
	w.WriteHeader(status)
	fmt.Fprintln(w, err.Error())
}
