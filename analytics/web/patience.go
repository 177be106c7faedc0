package web

import (
	"cmp"
	"context"
	"io"
	"net/http"
	"strings"
	"time"
)

// How slow a client may be. Without an end to each request, a few thousand clients that dribble hold
// every descriptor there is.
const (
	pageTime    = 15 * time.Second // to make an answer; past it a store hangs, and the page says so instead of not coming
	exportTime  = 75 * time.Second // likewise where a browser may print it or a child draw it
	bodyIdle    = 30 * time.Second // without a byte of the body
	bodyGrace   = time.Minute      // what any body may take, whatever its size
	bodySlowest = 8 << 10          // bytes a second that a longer body must keep up: 64 kbit/s, a poor mobile line
	answerTime  = 2 * time.Minute  // to take an answer; of originals, which are large, fileTime
	fileTime    = time.Hour        // 200 MiB at 64 kB/s
)

// patience bounds how long the client may take to send its request and to take the answer, and how long
// the answer may take to be made.
func (s *server) patience(next http.Handler) http.Handler {
	page := cmp.Or(s.PageTime, pageTime)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, now, path, post := http.NewResponseController(w), time.Now(), r.URL.Path, r.Method == http.MethodPost
		end, work := now.Add(answerTime), page
		switch {
		case strings.HasSuffix(path, "/events"):
			end, work = time.Time{}, 0 // lasts as long as its reader wishes; eventBeat finds those that are gone
		case strings.HasSuffix(path, "/tep"), strings.HasSuffix(path, "/original"), post && (path == "/nop" || path == "/api/v1/reports"):
			end, work = now.Add(fileTime), fileTime
		case post:
			end = now.Add(fileTime)
		case strings.HasSuffix(path, "/tep/pdf"), strings.HasSuffix(path, "/tep-ghi-chu"), strings.Contains(path, "/trang/"), r.URL.Query().Get("format") == "png":
			work = max(page, exportTime)
		}
		if work > 0 {
			ctx, cancel := context.WithTimeout(r.Context(), work)
			defer cancel()
			r = r.WithContext(ctx)
		}
		// An answer writer without deadlines, as in some tests, has none to keep.
		_ = c.SetWriteDeadline(end)
		if r.Body != nil && r.Body != http.NoBody {
			r.Body = &patientBody{ReadCloser: r.Body, c: c, begun: now}
		}
		next.ServeHTTP(w, r)
	})
}

// patientBody gives up on a body that comes too slowly.
type patientBody struct {
	io.ReadCloser
	c     *http.ResponseController
	begun time.Time
	read  int64
}

func (b *patientBody) Read(p []byte) (int, error) {
	end := b.begun.Add(bodyGrace + time.Duration(b.read/bodySlowest)*time.Second)
	if idle := time.Now().Add(bodyIdle); idle.Before(end) {
		end = idle
	}
	_ = b.c.SetReadDeadline(end)
	n, err := b.ReadCloser.Read(p)
	b.read += int64(n)
	if err == io.EOF {
		// The connection goes on to be watched for the client going away, which takes as long as it takes.
		_ = b.c.SetReadDeadline(time.Time{})
	}
	return n, err
}
