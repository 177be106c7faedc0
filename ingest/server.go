package ingest

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"
)

const (
	// storeShare is the part of the free disk that JetStream may take. The rest stays for
	// ClickHouse, private copies of files and the system; at the mark uploads are refused.
	storeShare = 0.6
	// storeFloorBytes is the least JetStream is given, so that a small disk still starts and then
	// refuses uploads in words, instead of failing to make its streams.
	storeFloorBytes = 1 << 30
	// serverReady is how long a server may take to read its store. Beyond it something is wrong
	// with the directory, and starting fails with words rather than hanging.
	serverReady = 30 * time.Second
)

// ServerOptions say how the embedded server is to run. The zero value serves this process alone.
type ServerOptions struct {
	Listen string // "127.0.0.1:4222" to serve other processes as well; empty: in process only
	Bytes  int64  // what JetStream may take on disk; 0: a share of the free disk
	Log    *slog.Logger
}

// Server is a NATS server in this process, with JetStream in a directory of its own.
type Server struct {
	mu          sync.Mutex
	srv         *natsserver.Server // changes when it is healed
	opts        *natsserver.Options
	dir         string
	log         serverLog
	sick        chan struct{} // the store could not write
	stopHealing func()
	healed      chan struct{} // closed: no more healing
}

// Start runs a NATS server whose streams lie under dir. Every acknowledged write is on disk
// (SyncAlways): by default NATS syncs every two minutes, and a power cut takes what came between.
func Start(ctx context.Context, dir string, o ServerOptions) (*Server, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	// What the streams were promised once must stay promised, else the server refuses every change to
	// them: on a disk that others filled meanwhile, the free-space mark is what stops uploads.
	promised := filepath.Join(dir, "promised-bytes")
	if o.Bytes == 0 {
		free, err := freeBytes(dir)
		if err != nil {
			return nil, fmt.Errorf("nats server: %w", err)
		}
		o.Bytes = max(storeFloorBytes, usedBytes(dir)+int64(float64(free)*storeShare))
	}
	if text, err := os.ReadFile(promised); err == nil {
		if n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64); err == nil {
			o.Bytes = max(o.Bytes, n)
		}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("nats server: %w", err)
	}
	if err := sound(dir); err != nil {
		return nil, fmt.Errorf("nats server: %w", err)
	}
	if err := os.WriteFile(promised, []byte(strconv.FormatInt(o.Bytes, 10)+"\n"), 0o600); err != nil {
		return nil, fmt.Errorf("nats server: %w", err)
	}
	opts := &natsserver.Options{
		ServerName: "soket", DontListen: o.Listen == "", NoSigs: true,
		JetStream: true, StoreDir: dir, SyncAlways: true,
		JetStreamMaxStore: o.Bytes, JetStreamMaxMemory: 64 << 20,
		DisableJetStreamBanner: true, MaxPayload: 1 << 20,
	}
	if o.Listen != "" {
		u, err := url.Parse("nats://" + o.Listen)
		if err != nil {
			return nil, fmt.Errorf("nats server: listen address: %w", err)
		}
		opts.Host = u.Hostname()
		if _, err := fmt.Sscanf(u.Port(), "%d", &opts.Port); err != nil {
			return nil, fmt.Errorf("nats server: listen port %q: %w", u.Port(), err)
		}
		if opts.Port == 0 {
			opts.Port = natsserver.RANDOM_PORT
		}
	}
	server := &Server{dir: dir, opts: opts, sick: make(chan struct{}, 1)}
	server.log = serverLog{o.Log, server.sick}
	var err error
	if server.srv, err = run(ctx, opts, server.log); err != nil {
		return nil, err
	}
	if at, ok := server.srv.Addr().(*net.TCPAddr); ok {
		opts.Port = at.Port // also after a heal
	}
	healing, stop := context.WithCancel(context.WithoutCancel(ctx))
	server.healed = make(chan struct{})
	server.stopHealing = stop
	go func() { defer close(server.healed); server.heal(healing) }()
	return server, nil
}

// URL is where other processes reach the server; empty when it serves this process alone.
func (s *Server) URL() string {
	at := s.now().Addr()
	if at == nil {
		return ""
	}
	return "nats://" + at.String()
}

// Stop ends the server after what it holds is on disk.
func (s *Server) Stop() {
	s.stopHealing()
	<-s.healed
	s.srv.Shutdown()
	s.srv.WaitForShutdown()
}

// freeBytes gives what the file system that dir lies on (or will lie on) has left.
func freeBytes(dir string) (int64, error) {
	for at := dir; ; at = filepath.Dir(at) {
		var st syscall.Statfs_t
		err := syscall.Statfs(at, &st)
		if err == nil {
			return int64(st.Bavail) * int64(st.Bsize), nil
		}
		if at == filepath.Dir(at) {
			return 0, fmt.Errorf("free space of %s: %w", dir, err)
		}
	}
}

// usedBytes adds up the files under dir.
func usedBytes(dir string) (used int64) {
	_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			if fi, err := d.Info(); err == nil {
				used += fi.Size()
			}
		}
		return nil // files come and go; a figure near the truth will do
	})
	return used
}

// serverLog passes the server's words to slog.
type serverLog struct {
	log  *slog.Logger
	sick chan struct{}
}

func (l serverLog) tell() {
	select {
	case l.sick <- struct{}{}:
	default:
	}
}

func (l serverLog) Noticef(f string, v ...any) { l.log.Debug("nats: " + fmt.Sprintf(f, v...)) }
func (l serverLog) Warnf(f string, v ...any)   { l.log.Warn("nats: " + fmt.Sprintf(f, v...)) }
func (l serverLog) Fatalf(f string, v ...any)  { l.log.Error("nats: " + fmt.Sprintf(f, v...)) }
func (l serverLog) Errorf(f string, v ...any) {
	line := fmt.Sprintf(f, v...)
	l.log.Error("nats: " + line)
	if cannotWrite(line) {
		l.tell()
	}
}
func (l serverLog) Debugf(string, ...any) {}
func (l serverLog) Tracef(string, ...any) {}
