package web

import (
	"io"
	"net/http"
	"strings"
	"time"
)

// How slow a client may be. Without an end to each request, a few thousand clients that dribble hold
// every descriptor there is.
const (
	bodyIdle    = 30 * time.Second // without a byte of the body
	bodyGrace   = time.Minute      // what any body may take, whatever its size
	bodySlowest = 8 << 10          // bytes a second that a longer body must keep up: 64 kbit/s, a poor mobile line
	answerTime  = 2 * time.Minute  // to take an answer; of originals, which are large, fileTime
	fileTime    = time.Hour        // 200 MiB at 64 kB/s
)

// patience bounds how long the client may take to send its request and to take the answer.
func patience(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, now := http.NewResponseController(w), time.Now()
		end := now.Add(answerTime)
		switch {
		case strings.HasSuffix(r.URL.Path, "/events"):
			end = time.Time{} // lasts as long as its reader wishes; eventBeat finds those that are gone
		case strings.HasSuffix(r.URL.Path, "/tep"), strings.HasSuffix(r.URL.Path, "/original"), r.Method == http.MethodPost:
			end = now.Add(fileTime)
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
