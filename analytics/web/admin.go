package web

import (
	"context"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"soket/extract"
)

// Record is one line of the audit trail. Seq and At are filled in by the trail.
type Record struct {
	Seq     uint64
	At      time.Time
	By      string // account name
	What    string // a word of deeds
	Object  string // id of the report, name of the account
	Detail  string
	Address string // of the client
}

// Trail is the audit trail that the pages write and administrators read. ingest satisfies it through
// cmd's adapter.
//
// Audit's nil error promises that the line is on disk. Trail gives lines newest first, at most limit,
// below the sequence before (0: from the newest on).
type Trail interface {
	Audit(ctx context.Context, r Record) error
	Trail(ctx context.Context, before uint64, limit int) ([]Record, error)
}

// What the trail tells, in the order in which the page offers it. The words admin.deed.* say them.
var deeds = []string{"login", "refused", "logout", "upload", "read", "query", "export", "decide", "change", "delete", "role", "account", "token", "password"}

const (
	maxDetail  = 500             // characters of a line's detail: an address with its filters
	maxObject  = 200             // characters; what a stranger types as a name must not fill the trail
	noteWithin = 5 * time.Second // a trail that answers slower fails the deed
)

// note writes a line of the trail for the person who asks.
func (s *server) note(r *http.Request, what, object, detail string) error {
	return s.noteBy(r, personOf(r).Name, what, object, detail)
}

func (s *server) noteBy(r *http.Request, by, what, object, detail string) error {
	if s.Trail == nil {
		return nil
	}
	// What was done stands in the trail also when the client has gone away since.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), noteWithin)
	defer cancel()
	err := s.Trail.Audit(ctx, Record{By: cut(by, maxObject), What: what, Object: cut(object, maxObject), Detail: cut(detail, maxDetail), Address: s.address(r)})
	if err != nil {
		return &extract.Refusal{Code: "unavailable", Err: err}
	}
	return nil
}

// noteDone is note after a deed that cannot be taken back: a trail that does not answer is told in
// the log, since refusing now would say that nothing happened.
func (s *server) noteDone(r *http.Request, what, object, detail string) {
	if err := s.note(r, what, object, detail); err != nil {
		s.Log.Error("audit line not written", "what", what, "object", object, "by", personOf(r).Name, "err", err)
	}
}

// noted lets a request through once its line stands in the trail: nothing is read, and nothing
// changed, that the trail does not tell of.
func (s *server) noted(what string, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		did := what
		if format := r.URL.Query().Get("format"); what == "query" && (format == "csv" || strings.HasPrefix(r.Header.Get("Accept"), "text/csv")) {
			did = "export"
		} else if what == "" { // a page that is also given as a file
			if format == "" {
				next(w, r)
				return
			}
			did = "export"
		}
		object := r.PathValue("id")
		for _, name := range []string{"period", "code", "view"} {
			if object == "" {
				object = r.PathValue(name)
			}
		}
		if err := s.note(r, did, object, r.Method+" "+r.URL.RequestURI()); err != nil {
			s.fail(w, r, err)
			return
		}
		next(w, r)
	}
}

// cut shortens a text to n characters and takes out what is no valid UTF-8.
func cut(text string, n int) string {
	text = strings.ToValidUTF8(text, "�")
	if r := []rune(text); len(r) > n {
		return string(r[:n]) + "…"
	}
	return text
}

// proxied tells whether the request comes from a proxy that was named as trusted.
func (s *server) proxied(r *http.Request) bool {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && s.trusts(peer.Addr())
}

func (s *server) trusts(a netip.Addr) bool {
	for _, p := range s.Proxies {
		if p.Contains(a.Unmap()) {
			return true
		}
	}
	return false
}

// address is the client's: the nearest one in X-Forwarded-For that is no trusted proxy, looked at
// only when the connection itself comes from one. Anybody may write the header.
func (s *server) address(r *http.Request) string {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	last := peer.Addr().Unmap()
	if !s.trusts(last) {
		return last.String()
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		if last = hop.Unmap(); !s.trusts(last) {
			break
		}
	}
	return last.String()
}

// secure tells whether the client speaks TLS, to us or to a trusted proxy.
func (s *server) secure(r *http.Request) bool {
	return r.TLS != nil || s.proxied(r) && r.Header.Get("X-Forwarded-Proto") == "https"
}
