// Package web is the pages and the API: the upload desk, reports with every figure at its place,
// trends, the period's summary, search.
package web

import (
	"context"
	"embed"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/klauspost/compress/gzhttp"

	"soket/analytics"
	"soket/analytics/web/access"
	"soket/analytics/web/paper"
	"soket/extract"
)

// Upload says what is handed in.
type Upload struct {
	Name, By, IdempotencyKey string
	Size                     int64 // bytes; -1 where the sender does not say
	Body, Period             string
	Replaces, Reason         string // the report whose place it takes, and why
}

// FilingQuery chooses filings; empty fields do not restrict.
type FilingQuery struct {
	State                          extract.State
	Body, Period, Text, By, Cursor string
	Limit                          int
}

// CollectAt is how many per cent of what is in use may be garbage before it is collected (GOGC), where
// there are more than ManyFigures, or a worker beside. These are in use all the time, and a page that meets a collection
// waits half as long again: one in eight pages did at Go's 100, fewer than one in twenty do so now, and
// so not its p95. 20,000 reports with a million figures let the process grow to some 400 MB for it; with
// few figures a collection takes no time, and uploads fill what it leaves.
const (
	CollectAt   = 300
	ManyFigures = 200_000
)

// Inbox is what the pages need of the way in. ingest satisfies it through cmd's adapter.
//
// Accept's nil error promises that nothing of the file will be lost; any other outcome is an
// *extract.Refusal. Known gives the filing that holds
// these bytes. Filings are of every state, the newest first, refused files among them. Watch
// gives the steps of the filings named, of all where none is, until ctx ends.
type Inbox interface {
	Accept(ctx context.Context, u Upload, r io.Reader) (extract.Filing, error)
	Filing(id string) (extract.Filing, bool)
	Known(sha256 string) (extract.Filing, bool)
	Filings(q FilingQuery) (list []extract.Filing, next string, err error)
	Original(ctx context.Context, id string) (io.ReadSeekCloser, extract.Filing, error)
	Decide(ctx context.Context, d extract.Decision) (extract.Filing, error)
	Watch(ctx context.Context, ids ...string) (<-chan extract.Progress, error)
}

// Config is what the pages stand on.
type Config struct {
	Inbox      Inbox
	Figures    *analytics.DB
	Operations http.Handler    // /healthz, /readyz, /metrics
	Demo       bool            // no login; said on every page
	Desk       *access.Desk    // accounts and sessions; needed where Demo is not set
	Records    access.Bucket   // bodies, obligations, notes, saved views; nil: none, and nothing of it can be changed
	Trail      Trail           // who did what; nil: not kept
	Proxies    []netip.Prefix  // whose X-Forwarded-For and X-Forwarded-Proto count; none: nobody's
	Service    *access.Service // signs people in by OpenID Connect; nil: passwords only
	Reader     Reader          // opens stored files in confined children; nil: no pictures of pages, no workbooks with notes
	Version    string          // of a release, shown to people; empty: none
	MaxUpload  int64           // bytes of the largest file that Inbox takes in
	Chromium   string          // prints PDFs; empty: one on the PATH
	SQL        string          // "HOST:PORT" where analysts' tools connect; empty: not known here
	PageTime   time.Duration   // for making an answer; 0: pageTime
	Log        *slog.Logger
}

// Limits of one request.
const (
	headerTimeout = 10 * time.Second // a slow client must not hold a connection for its headers
	idleTimeout   = 2 * time.Minute
	maxHeader     = 32 << 10 // bytes
	maxForm       = 64 << 10 // bytes of a form that is no upload
	minSqueezed   = 1 << 10  // bytes below which an answer fits a packet and is sent as it is
)

//go:embed assets templates words
var files embed.FS

type server struct {
	Config
	words    words
	pages    pages
	assets   assets
	registry registry
	painter  *painter
	printer  *paper.Printer
	recall   recall
	leaves   *leaves
}

// New gives the handler of all pages and the API.
func New(c Config) (http.Handler, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	s := &server{Config: c, leaves: newLeaves(), painter: newPainter(c.Chromium), printer: paper.NewPrinter(c.Chromium)}
	var err error
	if s.words, err = loadWords(); err != nil {
		return nil, err
	}
	if s.assets, err = loadAssets(); err != nil {
		return nil, err
	}
	if s.pages, err = s.loadPages(); err != nil {
		return nil, err
	}
	if c.Desk != nil && c.Records != nil {
		c.Desk.Under = s.under
	}
	mux := http.NewServeMux()
	if !c.Demo && c.Desk == nil {
		return nil, errors.New("pages without --demo need accounts")
	}
	for _, r := range s.routes() {
		mux.Handle(r.pattern, s.allow(r.action, r.handler))
	}
	if c.Operations != nil {
		for _, path := range []string{"/healthz", "/readyz", "/metrics"} {
			mux.Handle("GET "+path, c.Operations)
		}
	}
	cross := http.NewCrossOriginProtection()
	squeeze, err := gzhttp.NewWrapper(gzhttp.MinSize(minSqueezed), gzhttp.CompressionLevel(5), gzhttp.ContentTypes(
		[]string{"text/html", "text/css", "text/javascript", "text/csv", "image/svg+xml", "application/json", "application/problem+json"}))
	if err != nil {
		return nil, err
	}
	return s.patience(s.guard(squeeze(cross.Handler(mux)))), nil
}

// Server is an http.Server with the limits that strangers call for.
func Server(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader}
}

// policy allows nothing from elsewhere and nothing inline.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

func (s *server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		if s.secure(r) {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler {
					panic(p)
				}
				s.Log.Error("page panicked", "path", r.URL.Path, "panic", p)
				s.fail(w, r, &extract.Refusal{Code: "internal"})
			}
		}()
		if r.Method == http.MethodGet {
			r = r.WithContext(analytics.Once(r.Context()))
		}
		next.ServeHTTP(w, r)
	})
}

// route is one way in. Every route is here with the right that it asks for; what the table does not
// name is not there.
type route struct {
	pattern string
	action  access.Action
	handler http.HandlerFunc
}

func (s *server) routes() []route {
	return []route{
		{"GET /{$}", access.Read, s.home},
		{"GET /nop", access.Upload, s.desk},
		{"POST /nop", access.Upload, s.deskPost},
		{"GET /bao-cao", access.Read, s.reports},
		{"GET /can-xem", access.Read, s.flags},
		{"GET /bao-cao/{id}", access.Read, s.report},
		{"GET /bao-cao/{id}/so/{no}", access.Read, s.proof},
		{"GET /bao-cao/{id}/tim/{page}", access.Read, s.found},
		{"GET /bao-cao/{id}/tep", access.Original, s.noted("read", s.original)},
		{"GET /bao-cao/{id}/trang/{page}", access.Original, s.leafPicture},
		{"GET /bao-cao/{id}/tep-ghi-chu", access.Original, s.noted("read", s.workbookBack)},
		{"GET /bao-cao/{id}/so-voi/{other}", access.Read, s.amendPage},
		{"POST /bao-cao/chay-lai", access.Correct, s.retryPost},
		{"GET /bieu-mau", access.Upload, s.noted("export", s.form)},
		{"POST /bao-cao/{id}/quyet-dinh", access.Correct, s.decidePost},
		{"POST /bao-cao/{id}/so-lieu", access.Correct, s.judgePost},
		{"POST /bao-cao/{id}/duyet", access.Approve, s.decidePost},
		{"GET /bao-cao/{id}/xoa", access.Manage, s.erasePage},
		{"POST /bao-cao/{id}/xoa", access.Manage, s.erasePost},
		{"GET /chi-tieu", access.Read, s.indicators},
		{"GET /chi-tieu/{code}", access.Read, s.noted("", s.indicator)},
		{"POST /chi-tieu/{code}/ghi-chu", access.Correct, s.noted("change", s.notePost)},
		{"GET /ky", access.Read, s.period},
		{"GET /ky/{period}", access.Read, s.period},
		{"GET /ky/cong-bo.atom", access.Read, s.announcements},
		{"POST /ky/{period}/chot", access.Approve, s.noted("decide", s.closePost)},
		{"POST /ky/{period}/nhac", access.Approve, s.noted("change", s.remindPost)},
		{"GET /ky/{period}/cong/{code}", access.Read, s.periodParts},
		{"GET /ky/{period}/tep/{format}", access.Export, s.noted("export", s.periodPaper)},
		{"GET /tim", access.Read, s.search},
		{"GET /kham-pha", access.Read, s.noted("", s.explore)},
		{"POST /kham-pha", access.Read, s.savePost},
		{"GET /xem/{view}", access.Read, s.noted("", s.savedView)},
		{"GET /don-vi", access.Read, s.bodiesPage},
		{"POST /don-vi", access.Manage, s.noted("change", s.bodiesPost)},
		{"GET /hoan-thanh", access.Read, s.boardPage},
		{"GET /dang-nhap", access.Open, s.signInPage},
		{"POST /dang-nhap", access.Open, s.signIn},
		{"GET /dang-nhap/dich-vu", access.Open, s.local(s.leave)},
		{"GET " + backPath, access.Open, s.local(s.comeBack)},
		{"POST /dang-xuat", access.Open, s.signOut},
		{"GET /bat-dau", access.Open, s.setupPage},
		{"POST /bat-dau", access.Open, s.setup},
		{"GET /mat-khau", access.Open, s.local(s.passwordPage)},
		{"POST /mat-khau", access.Open, s.local(s.passwordPost)},
		{"GET /ho-so", access.Own, s.profilePage},
		{"POST /ho-so", access.Own, s.profilePost},
		{"GET /quan-tri", access.Manage, s.accountsPage},
		{"POST /quan-tri", access.Manage, s.local(s.accountsPost)},
		{"GET /quan-tri/nhat-ky", access.Audit, s.trailList},
		{"POST /ngon-ngu", access.Open, s.language},
		{"GET /assets/{name}", access.Open, s.asset},
		{"POST /api/v1/reports", access.Upload, s.apiUpload},
		{"GET /api/v1/reports", access.Read, s.apiReports},
		{"GET /api/v1/reports/{id}", access.Read, s.apiReport},
		{"GET /api/v1/reports/{id}/original", access.Original, s.noted("read", s.original)},
		{"POST /api/v1/reports/{id}/decisions", access.Correct, s.apiDecide},
		{"GET /api/v1/facts", access.Read, s.noted("query", s.apiFacts)},
		{"GET /api/v1/trend", access.Read, s.noted("query", s.apiTrend)},
		{"GET /api/v1/search", access.Read, s.noted("query", s.apiSearch)},
		{"GET /api/v1/events", access.Read, s.apiEvents},
		{"GET /api/v1/openapi.json", access.Open, s.apiDescription},
		{"/", access.Open, s.nothing},
	}
}

func (s *server) nothing(w http.ResponseWriter, r *http.Request) {
	s.fail(w, r, &extract.Refusal{Code: "not_found"})
}
