package sandbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"soket/extract/document"
)

// process is one confined child: started in namespaces of its own where the kernel gives them,
// killed with everything it started when it is done or its time is over.
type process struct {
	program string
	args    []string
	dir     string // its working directory and the only one it may write to
	env     []string
	files   []*os.File // from descriptor 3 on, read-only
	wall    time.Duration
	ours    bool   // waits for nothing but a processor and the disk, so it is started anew when starved
	output  int64  // bytes taken from its standard output; more is an error
	meter   *meter // of the reading it is part of
	log     *slog.Logger
}

// noNamespaces is set once the kernel has refused namespaces: it would each time.
var noNamespaces atomic.Bool

// errStarved is a child that met its wall clock having had little of a processor: the machine was
// busy, and the file may be as good as any.
var errStarved = fmt.Errorf("%w: the machine was too busy", document.ErrTimeout)

const (
	// starvedShare is the part of its wall clock that a child must have been running to be taken for
	// one that loops: an ordinary report needs less than 2 s of a processor, and with a larger share
	// files that loop were read again and again on a busy machine.
	starvedShare = 10
	// starvedTries is how often a starved child is started; each within the wall clock.
	starvedTries = 2
)

// run starts p, hands its output to take, and ends it. Errors wrap the sentinels of package
// document where the child met a limit. A take that returns an error ends the child early. A child
// that the machine starved is started anew, and take called again with all its output.
func (p process) run(ctx context.Context, take func(io.Reader) error) error {
	for try := 1; ; try++ {
		if err := p.once(ctx, take); !p.ours || try == starvedTries || !errors.Is(err, errStarved) || ctx.Err() != nil {
			return err
		}
	}
}

func (p process) once(ctx context.Context, take func(io.Reader) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	// The kernel kills the child when the thread that started it ends, so that thread stays.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	c, err := p.start()
	if err != nil {
		return err
	}
	return c.serve(ctx, p, take)
}

// child is a process that runs, until it is served or ended; the thread that started it stays so long.
type child struct {
	*os.Process
	out    *os.File
	errs   tail
	said   *os.File      // what errs is read from
	silent chan struct{} // closed when all is read
}

// kill ends the child and all it started. Its number must still be its own.
func (c *child) kill() { syscall.Kill(-c.Pid, syscall.SIGKILL) }

// wait waits for a child whose group was killed.
func (c *child) wait() (*os.ProcessState, error) {
	state, err := c.Process.Wait()
	select {
	case <-c.silent:
	case <-time.After(time.Second): // what left the group may hold it open
	}
	c.said.Close()
	c.out.Close()
	<-c.silent
	return state, err
}

// serve hands the child's output to take, within p's limits from now on, and ends it.
func (c *child) serve(outer context.Context, p process, take func(io.Reader) error) error {
	ctx, cancel := context.WithCancelCause(outer)
	defer cancel(nil)
	killed := make(chan struct{})
	alone := context.AfterFunc(ctx, func() { c.kill(); close(killed) })
	wall := time.AfterFunc(p.wall, func() { cancel(context.DeadlineExceeded) })
	defer wall.Stop()
	started := time.Now()
	p.meter.began(c.Pid, wall, p.wall)
	counted := &io.LimitedReader{R: c.out, N: p.output}
	taken := take(counted)
	full := counted.N <= 0
	if taken == nil && !full {
		// What take left unread is let go, so that the child can end by itself.
		io.Copy(io.Discard, counted)
		full = counted.N <= 0
	}
	if taken != nil || full {
		cancel(nil)
	}
	// Whatever the child started goes with it; this must come before it is waited for, which would free
	// the process group's number for others. A child that is done has closed its output.
	var info unix.Siginfo
	for unix.Waitid(unix.P_PID, c.Pid, &info, unix.WEXITED|unix.WNOWAIT, nil) == unix.EINTR {
	}
	p.meter.ended(c.Pid)
	if !alone() {
		<-killed
	}
	c.kill()
	state, err := c.wait()
	if err != nil {
		return fmt.Errorf("wait for %s: %w", p.program, err)
	}
	said := c.errs.String()
	ran := state.UserTime() + state.SystemTime()
	if use, ok := state.SysUsage().(*syscall.Rusage); ok && p.log != nil {
		p.log.Debug("child ended", "program", filepath.Base(p.program), "took", time.Since(started), "peak_kib", use.Maxrss, "status", state.String())
	}
	switch {
	case full:
		return fmt.Errorf("%w: more than %d MiB of output", document.ErrTooLarge, p.output>>20)
	case taken != nil:
		return taken
	case errors.Is(context.Cause(ctx), context.DeadlineExceeded) && ran < p.wall/starvedShare && outer.Err() == nil:
		return fmt.Errorf("%w: %v of processor time in %v", errStarved, ran.Round(time.Millisecond), p.wall)
	case errors.Is(context.Cause(ctx), context.DeadlineExceeded):
		return fmt.Errorf("%w: %v", document.ErrTimeout, time.Since(started).Round(time.Second))
	case ctx.Err() != nil:
		return ctx.Err()
	case state.Success():
		return nil
	case strings.Contains(said, "out of memory") || strings.Contains(said, "cannot allocate memory") || strings.Contains(said, "std::bad_alloc"):
		return fmt.Errorf("%w: %s", document.ErrMemory, c.errs.FirstLine())
	case state.Sys().(syscall.WaitStatus).Signal() == syscall.SIGXCPU:
		return fmt.Errorf("%w: of processor time", document.ErrTimeout)
	default:
		return fmt.Errorf("%w: %s ended: %v: %s", document.ErrCorrupt, p.program, state, c.errs.FirstLine())
	}
}

func (p process) start() (*child, error) {
	c := &child{silent: make(chan struct{})}
	in, err := os.Open(os.DevNull)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	out, theirs, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer theirs.Close()
	said, theirErrs, err := os.Pipe()
	if err != nil {
		out.Close()
		return nil, err
	}
	defer theirErrs.Close()
	files := append([]*os.File{in, theirs, theirErrs}, p.files...)
	if c.Process, err = p.begin(files); err != nil {
		out.Close()
		said.Close()
		return nil, fmt.Errorf("start %s: %w", p.program, err)
	}
	c.out, c.said = out, said
	go func() {
		io.Copy(&c.errs, said)
		close(c.silent)
	}()
	return c, nil
}

// starter is the binary that clones a program, beside it.
func starter(program string) string { return filepath.Join(filepath.Dir(program), "starter") }

// begin starts the program: in namespaces of its own, by the starter, or as it is where the kernel gives
// none. The one child that may have come so far as to be refused them is waited for by nobody.
func (p process) begin(files []*os.File) (*os.Process, error) {
	env := append([]string{"TMPDIR=" + p.dir}, p.env...) // nothing of ours is for the child to see
	argv := append([]string{p.program}, p.args...)
	if !noNamespaces.Load() {
		cmd := exec.Command(starter(p.program), append([]string{strconv.Itoa(len(files))}, argv...)...)
		cmd.Dir, cmd.Env, cmd.ExtraFiles = p.dir, env, files
		cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
		said, err := cmd.Output()
		if err == nil {
			pid, err := strconv.Atoi(string(said))
			if err != nil {
				return nil, err
			}
			return os.FindProcess(pid)
		}
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			return nil, err
		}
		if exit.ExitCode() != 3 {
			return nil, fmt.Errorf("%w: %s", err, exit.Stderr)
		}
		noNamespaces.Store(true)
	}
	return os.StartProcess(p.program, argv, &os.ProcAttr{Dir: p.dir, Env: env, Files: files, Sys: &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}})
}

// tail keeps the beginning of what a child says, where the Go runtime names the cause.
type tail struct{ bytes.Buffer }

func (t *tail) Write(p []byte) (int, error) {
	if room := maxStderr - t.Len(); room > 0 {
		t.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

// FirstLine is the first line written, for a log.
func (t *tail) FirstLine() string {
	line, _, _ := strings.Cut(t.String(), "\n")
	return line
}
