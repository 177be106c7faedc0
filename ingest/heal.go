package ingest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"
)

const (
	// healBytes is the free space from which a store that could not write is opened anew: its
	// largest block file is 8 MiB, and several streams write.
	healBytes = 64 << 20
	// healLook is how often the space is looked at meanwhile.
	healLook = time.Second
)

// run starts a NATS server and waits until it is ready.
func run(ctx context.Context, opts *natsserver.Options, log serverLog) (*natsserver.Server, error) {
	srv, err := natsserver.NewServer(opts.Clone())
	if err != nil {
		return nil, fmt.Errorf("nats server: %w", err)
	}
	srv.SetLoggerV2(log, false, false, false)
	srv.Start()
	deadline := time.Now().Add(serverReady)
	for !srv.ReadyForConnections(100 * time.Millisecond) {
		if ctx.Err() != nil || time.Now().After(deadline) {
			srv.Shutdown()
			return nil, errors.Join(fmt.Errorf("nats server: not ready with the store in %s", opts.StoreDir), ctx.Err())
		}
	}
	if !srv.JetStreamEnabled() {
		srv.Shutdown()
		return nil, fmt.Errorf("nats server: JetStream did not start in %s: see the log", opts.StoreDir)
	}
	return srv, nil
}

// InProcessConn connects a client in this process; it connects anew after a heal.
func (s *Server) InProcessConn() (net.Conn, error) { return s.now().InProcessConn() }

func (s *Server) now() *natsserver.Server {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.srv
}

// heal opens the store anew after it could not write and there is room again: nats-server refuses
// everything from the first failed write on, until it is started again. What was acknowledged is on
// disk, and clients reconnect.
func (s *Server) heal(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.sick:
		}
		s.log.log.Error("the store of NATS cannot write; uploads are refused until there is room", "dir", s.dir)
		for !s.writable() {
			select {
			case <-ctx.Done():
				return
			case <-time.After(healLook):
			}
		}
		s.mu.Lock()
		s.srv.Shutdown()
		s.srv.WaitForShutdown()
		select { // said before it was opened anew
		case <-s.sick:
		default:
		}
		srv, err := run(ctx, s.opts, s.log)
		if err == nil {
			s.srv = srv
			s.log.log.Info("the store of NATS is open again", "dir", s.dir)
		} else {
			s.log.log.Error("the store of NATS does not open", "err", err)
			s.log.tell()
		}
		s.mu.Unlock()
	}
}

// writable tells whether there is room in the store's directory.
func (s *Server) writable() bool {
	free, err := freeBytes(s.dir)
	if err != nil || free < healBytes {
		return false
	}
	path := filepath.Join(s.dir, "probe")
	defer os.Remove(path)
	return os.WriteFile(path, make([]byte, 4096), 0o600) == nil
}

// cannotWrite tells the line in which nats-server says that a stream takes nothing any more.
func cannotWrite(line string) bool {
	return strings.Contains(strings.ToLower(line), "critical write error")
}
