// Package engine serves ClickHouse's HTTP interface from the engine as a library, for machines
// without a ClickHouse server. It runs as a child process of its own: a crash of the engine takes
// nothing else down, and what was acknowledged is on disk.
package engine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	chproto "github.com/ClickHouse/ch-go/proto"
	"github.com/ClickHouse/clickhouse-go/v2/lib/proto"
)

const (
	maxQueryBytes  = 1 << 20          // of SQL text; a statement of ours is a few kilobytes
	maxInsertBytes = 512 << 20        // of one INSERT body; a block of 100,000 rows is about 40 MB
	maxParallel    = 8                // statements at once; further ones wait for a place rather than share out the memory
	maxAnalysts    = 2                // of them from the read-only endpoint: analysts' long queries never keep our own pages and loads waiting
	analystWait    = 20 * time.Second // for one of those places; then the caller is told that there are too many
	defaultMemory  = 2 << 30          // bytes that all statements together may take; a trend over a million facts takes 400 MB
	stopGrace      = 5 * time.Second
)

// Options say where the engine's files lie and what it may take.
type Options struct {
	Dir     string // holds the tables; one process at a time
	Library string // path of libchdb.so; empty: beside the running program
	Memory  int64  // bytes that all statements together may take; 0: 2 GiB
	Log     *slog.Logger
}

// Server answers ClickHouse's HTTP interface over the library.
type Server struct {
	lib      *library
	first    *connection // keeps the engine open while others come and go
	opts     Options
	tmp      string
	version  string        // of the engine
	slots    chan struct{} // one for each statement that may run
	analysts chan struct{} // likewise of the read-only endpoint
}

// Open loads the library and opens the directory.
func Open(o Options) (*Server, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	path, err := FindLibrary(o.Library)
	if err != nil {
		return nil, err
	}
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return nil, err
	}
	tmp := filepath.Join(dir, "incoming")
	// What a killed process left behind was never acknowledged.
	if err := os.RemoveAll(tmp); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(tmp, 0o700); err != nil {
		return nil, err
	}
	lib, err := load(path)
	if err != nil {
		return nil, err
	}
	first, err := lib.open(filepath.Join(dir, "store"))
	if err != nil {
		return nil, err
	}
	o.Dir = dir // a connection must name the same path as the first
	if o.Memory == 0 {
		o.Memory = defaultMemory
	}
	version, err := first.run("SELECT version()", "TSVRaw")
	if err != nil {
		first.close()
		return nil, fmt.Errorf("engine: %w", err)
	}
	return &Server{lib: lib, first: first, opts: o, tmp: tmp, version: strings.TrimSpace(string(version)),
		slots: make(chan struct{}, maxParallel), analysts: make(chan struct{}, maxAnalysts)}, nil
}

// Close closes the engine. Statements must have ended.
func (s *Server) Close() { s.first.close() }

// Serve answers on the listener until the context ends, then lets running statements finish.
func Serve(ctx context.Context, l net.Listener, handler http.Handler) error {
	srv := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	done := make(chan error, 1)
	go func() { done <- srv.Serve(l) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		stop, cancel := context.WithTimeout(context.Background(), stopGrace)
		defer cancel()
		return srv.Shutdown(stop)
	}
}

// request is one statement as it came over HTTP.
type request struct {
	query    string
	format   string
	settings map[string]string // of the statement
	params   map[string]string // {name:Type} in the statement
	database string
	revision uint64 // client_protocol_version: how Native is wanted
	readonly bool   // nothing may be changed, settings neither
	body     io.Reader
}

// reserved are URL parameters that are no settings.
var reserved = map[string]bool{"query": true, "database": true, "default_format": true, "client_protocol_version": true,
	"query_id": true, "user": true, "password": true, "quota_key": true, "session_id": true, "session_timeout": true,
	"session_check": true, "compress": true, "decompress": true, "buffer_size": true, "wait_end_of_query": true,
	"enable_http_compression": true, "stacktrace": true, "role": true, "replace_running_query": true}

var settingName = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]*$`)

// parse reads the parts of a request; the statement is in the URL, with its data in the body, or is
// the body.
func parse(r *http.Request) (request, error) {
	q := request{format: "TSV", settings: map[string]string{}, params: map[string]string{}}
	values := r.URL.Query()
	for name, v := range values {
		switch {
		case name == "default_format":
			q.format = v[0]
		case name == "database":
			q.database = v[0]
		case name == "client_protocol_version":
			n, err := strconv.ParseUint(v[0], 10, 32)
			if err != nil {
				return q, fmt.Errorf("client_protocol_version: %w", err)
			}
			q.revision = n
		case (name == "compress" || name == "decompress") && v[0] != "0":
			return q, errors.New("compression is not offered: everything stays on this machine")
		case reserved[name]:
		case strings.HasPrefix(name, "param_"):
			q.params[name] = v[0]
		case settingName.MatchString(name):
			q.settings[name] = v[0]
		default:
			return q, fmt.Errorf("setting name %q", name)
		}
	}
	if db := r.Header.Get("X-ClickHouse-Database"); db != "" {
		q.database = db
	}
	if f := r.Header.Get("X-ClickHouse-Format"); f != "" {
		q.format = f
	}
	q.query = values.Get("query")
	if q.query != "" {
		q.body = r.Body
		return q, nil
	}
	raw, err := io.ReadAll(io.LimitReader(r.Body, maxQueryBytes+1))
	if err != nil {
		return q, err
	}
	if len(raw) > maxQueryBytes {
		// A statement with its data inline, as some tools send; only ours are limited.
		return q, fmt.Errorf("statement longer than %d bytes", maxQueryBytes)
	}
	q.query = string(raw)
	return q, nil
}

// Handler answers statements of our own processes: everything is allowed.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/ping", s.ping)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		q, err := parse(r)
		if err != nil {
			s.fail(w, exception{36, "BAD_ARGUMENTS", err})
			return
		}
		if strings.TrimSpace(q.query) == "" {
			io.WriteString(w, "Ok.\n")
			return
		}
		s.answer(r.Context(), w, q)
	})
	return mux
}

func (s *Server) ping(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "Ok.\n") }

// insertNative finds the INSERT whose data comes as the request's body.
var insertNative = regexp.MustCompile(`(?is)^\s*INSERT\s+INTO\s.*\sFORMAT\s+(\w+)\s*;?\s*$`)

// answer runs one statement on a connection of its own, so that settings and the database end with
// it, and writes its result.
func (s *Server) answer(ctx context.Context, w http.ResponseWriter, q request) {
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	case <-ctx.Done():
		return
	}
	out, err := s.run(q)
	if err != nil {
		s.opts.Log.Debug("statement", "error", err, "query", q.query)
		s.fail(w, err)
		return
	}
	if q.format == "Native" && len(out) > 0 {
		if out, err = reencode(out, q.revision); err != nil {
			s.fail(w, exception{1002, "UNKNOWN_EXCEPTION", fmt.Errorf("result in Native: %w", err)})
			return
		}
	}
	w.Header().Set("X-ClickHouse-Format", q.format)
	w.Header().Set("X-ClickHouse-Timezone", "UTC")
	w.Header().Set("Content-Length", strconv.Itoa(len(out)))
	w.Write(out)
}

func (s *Server) run(q request) ([]byte, error) {
	if m := insertNative.FindStringSubmatch(q.query); m != nil && q.body != nil && !strings.EqualFold(m[1], "VALUES") {
		// The library cuts data that follows a statement, so it goes through a file.
		path, n, err := s.spool(q.body)
		if err != nil {
			return nil, exception{75, "CANNOT_WRITE_TO_FILE_DESCRIPTOR", fmt.Errorf("body of the INSERT: %w", err)}
		}
		defer os.Remove(path)
		if n == 0 {
			return nil, nil
		}
		at := strings.LastIndex(strings.ToUpper(q.query), "FORMAT")
		q.query = q.query[:at] + "FROM INFILE " + quote(path) + " FORMAT " + m[1]
	}
	c, err := s.lib.open(filepath.Join(s.opts.Dir, "store"))
	if err != nil {
		return nil, exception{210, "NETWORK_ERROR", err}
	}
	defer c.close()
	if q.database != "" && q.database != "default" {
		if _, err := c.run("USE "+identifier(q.database), "TSV"); err != nil {
			return nil, err
		}
	}
	set := []string{"max_memory_usage_for_user = " + strconv.FormatInt(s.opts.Memory, 10)}
	for _, m := range []map[string]string{q.params, q.settings} {
		for name, value := range m {
			set = append(set, identifier(name)+" = "+quote(value))
		}
	}
	if _, err := c.run("SET "+strings.Join(set, ", "), "TSV"); err != nil {
		return nil, err
	}
	if q.readonly { // last: nothing can be set after it
		if _, err := c.run("SET readonly = 1", "TSV"); err != nil {
			return nil, err
		}
	}
	return c.run(q.query, q.format)
}

// spool writes the body to a private file.
func (s *Server) spool(body io.Reader) (path string, n int64, err error) {
	f, err := os.CreateTemp(s.tmp, "insert-")
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	n, err = io.Copy(f, io.LimitReader(body, maxInsertBytes+1))
	if err == nil && n > maxInsertBytes {
		err = fmt.Errorf("more than %d bytes", maxInsertBytes)
	}
	if err != nil {
		os.Remove(f.Name())
		return "", 0, err
	}
	return f.Name(), n, nil
}

// reencode turns Native as the library writes it (revision 0) into the revision the client asked
// for.
func reencode(native []byte, revision uint64) ([]byte, error) {
	reader := chproto.NewReader(bytes.NewReader(native))
	var out chproto.Buffer
	for {
		block := proto.NewBlock()
		if err := block.Decode(reader, 0); errors.Is(err, io.EOF) {
			return out.Buf, nil
		} else if err != nil {
			return nil, err
		}
		if err := block.Encode(&out, revision); err != nil {
			return nil, err
		}
	}
}

// exception is an error of our own in the words of a ClickHouse server.
type exception struct {
	code int
	name string
	err  error
}

func (e exception) Error() string {
	return fmt.Sprintf("Code: %d. DB::Exception: %v. (%s)", e.code, e.err, e.name)
}

func (e exception) Unwrap() error { return e.err }

var exceptionCode = regexp.MustCompile(`Code: (\d+)\.`)

// fail answers as a ClickHouse server does.
func (s *Server) fail(w http.ResponseWriter, err error) {
	text, code, status := err.Error(), "1001", http.StatusInternalServerError
	if m := exceptionCode.FindStringSubmatch(text); m != nil {
		code = m[1]
	}
	switch code {
	case "60", "81": // unknown table, unknown database
		status = http.StatusNotFound
	case "36", "43", "46", "47", "62", "53": // what the caller wrote is wrong
		status = http.StatusBadRequest
	case "164", "497": // read-only, access denied
		status = http.StatusForbidden
	case "202": // too many at once
		status = http.StatusTooManyRequests
	}
	w.Header().Set("X-ClickHouse-Exception-Code", code)
	w.Header().Set("Content-Type", "text/plain; charset=UTF-8")
	w.WriteHeader(status)
	fmt.Fprintf(w, "%s (version %s (embedded))\n", strings.TrimSpace(text), s.version)
}

func quote(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}

func identifier(s string) string {
	return "`" + strings.NewReplacer(`\`, `\\`, "`", "\\`").Replace(s) + "`"
}

// Address makes a DSN of a listener's address.
func Address(a net.Addr) string {
	return (&url.URL{Scheme: "http", Host: a.String()}).String()
}
