package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// maxIdle is how long a child waits for a document. It must be less than stale, from which on its
	// directory would be taken for one that was left behind.
	maxIdle = time.Hour
	// maxArgs bounds what a child that waits is told, in bytes of JSON; file names are the most of it.
	maxArgs = 16 << 10
)

// Spare keeps one extractor started, confined and with its catalogue read, waiting for a document:
// that takes longer than reading a small report. Each still reads one document; the next is started
// when that is done. Where it is the only one that is read, the next rehearses on whole reports, and
// then costs a third less over reading in process; under load that would only be work, and even a few
// lines rehearsed took a seventh of what a report costs. The zero Spare is ready for use.
type Spare struct {
	mu      sync.Mutex
	waiting chan order // to the one that waits; nil where there is none
	closed  bool
	running sync.WaitGroup
	reading atomic.Int32 // documents that are being read
}

// order is what a child that waits is to do.
type order struct {
	ctx context.Context
	process
	take func(io.Reader) error
	done chan error
}

// errNoSpare: there was no child waiting, or it could not be reached; nothing was taken from it.
var errNoSpare = errors.New("no child is waiting")

// serve has the child that waits read p's files by p's arguments, within p's limits from now on.
func (s *Spare) serve(ctx context.Context, p process, take func(io.Reader) error) error {
	if s == nil {
		return errNoSpare
	}
	s.mu.Lock()
	child := s.waiting
	s.waiting = nil
	s.mu.Unlock()
	if child == nil {
		return errNoSpare
	}
	o := order{ctx, p, take, make(chan error)}
	child <- o
	return <-o.done
}

// begin counts a document that is being read until the function that it gives is called.
func (s *Spare) begin() (done func()) {
	if s == nil {
		return func() {}
	}
	s.reading.Add(1)
	return func() { s.reading.Add(-1) }
}

// start has a child of r wait, if none does. It does not wait for it.
func (s *Spare) start(r Reader) {
	if s == nil || r.NoFacts {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.waiting != nil || s.closed {
		return
	}
	orders := make(chan order)
	s.waiting = orders
	quiet := s.reading.Load() <= 1 // the one that is done
	s.running.Go(func() { s.wait(r, quiet, orders) })
}

// Close ends the child that waits, and starts no more.
func (s *Spare) Close() {
	s.mu.Lock()
	child := s.waiting
	s.waiting, s.closed = nil, true
	s.mu.Unlock()
	if child != nil {
		close(child)
	}
	s.running.Wait()
}

// wait is the life of one child.
func (s *Spare) wait(r Reader, quiet bool, orders chan order) {
	runtime.LockOSThread() // as in process.once
	defer runtime.UnlockOSThread()
	c, dir, socket, err := r.waiting(quiet)
	if err == nil {
		defer os.RemoveAll(dir)
		defer unix.Close(socket)
	}
	idle := time.NewTimer(maxIdle)
	defer idle.Stop()
	var o order
	ordered := false
	select {
	case o, ordered = <-orders:
	case <-idle.C:
		s.mu.Lock()
		if s.waiting == orders {
			s.waiting = nil
			close(orders)
		}
		s.mu.Unlock()
		o, ordered = <-orders
	}
	switch {
	case err != nil && ordered:
		o.done <- errNoSpare
	case err != nil:
	case !ordered:
		c.kill()
		c.wait()
	case tell(socket, o.process) != nil:
		c.kill()
		c.wait()
		o.done <- errNoSpare
	default:
		o.done <- c.serve(o.ctx, o.process, o.take)
	}
}

// waiting starts a child with one end of a socket where its files will be, and gives its directory and
// the other end.
func (r Reader) waiting(quiet bool) (c *child, dir string, socket int, err error) {
	bin, err := r.Find()
	if err != nil {
		return nil, "", 0, err
	}
	ends, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, "", 0, err
	}
	theirs := os.NewFile(uintptr(ends[1]), "socket")
	defer theirs.Close()
	if dir, err = os.MkdirTemp("", "soket-read-"); err == nil {
		p := process{program: bin, args: []string{"-wait", "-dir", dir}, dir: dir, files: []*os.File{theirs, theirs}}
		if quiet {
			p.args = append(p.args, "-rehearse")
		}
		if c, err = p.start(); err == nil {
			return c, dir, ends[0], nil
		}
		os.RemoveAll(dir)
	}
	unix.Close(ends[0])
	return nil, "", 0, err
}

// tell sends a child that waits its arguments and files.
func tell(socket int, p process) error {
	args, err := json.Marshal(p.args)
	if err != nil {
		return err
	}
	if len(args) > maxArgs {
		return unix.EMSGSIZE
	}
	fds := make([]int, len(p.files))
	for i, f := range p.files {
		fds[i] = int(f.Fd())
	}
	return unix.Sendmsg(socket, args, unix.UnixRights(fds...), nil, unix.MSG_NOSIGNAL)
}

// Await takes what tell sent, in the child: the files stand where the socket stood, of which nothing
// is left. It is io.EOF when there will be none.
func Await() ([]string, error) {
	data, rights := make([]byte, maxArgs), make([]byte, unix.CmsgSpace(2*4))
	var n, m int
	var err error
	for {
		if n, m, _, _, err = unix.Recvmsg(socketFD, data, rights, unix.MSG_CMSG_CLOEXEC); err != unix.EINTR {
			break
		}
	}
	if err == nil && n == 0 {
		err = io.EOF
	}
	if err != nil {
		return nil, err
	}
	sent, err := unix.ParseSocketControlMessage(rights[:m])
	if err != nil || len(sent) != 1 {
		return nil, errors.Join(errors.New("no document was sent"), err)
	}
	files, err := unix.ParseUnixRights(&sent[0])
	if err != nil {
		return nil, err
	}
	for i, fd := range files {
		if err := unix.Dup3(fd, socketFD+i, unix.O_CLOEXEC); err != nil {
			return nil, err
		}
		unix.Close(fd)
	}
	if len(files) == 1 {
		unix.Close(socketFD + 1)
	}
	var args []string
	err = json.Unmarshal(data[:n], &args)
	return args, err
}
