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
	"slices"
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
	stdin   io.Reader
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
	cmd    *exec.Cmd
	out    io.Reader
	errs   *tail
	ctx    context.Context // when it is cancelled, the child is killed
	cancel context.CancelCauseFunc
}

// end kills a child that was not served.
func (c *child) end() {
	c.cancel(nil)
	c.cmd.Wait()
}

// serve hands the child's output to take, within p's limits from now on, and ends it.
func (c *child) serve(outer context.Context, p process, take func(io.Reader) error) error {
	ctx, cancel, cmd, out, errs := c.ctx, c.cancel, c.cmd, c.out, c.errs
	defer cancel(nil)
	defer context.AfterFunc(outer, func() { cancel(context.Cause(outer)) })()
	wall := time.AfterFunc(p.wall, func() { cancel(context.DeadlineExceeded) })
	defer wall.Stop()
	started := time.Now()
	p.meter.began(cmd.Process.Pid, wall, p.wall)
	counted := &io.LimitedReader{R: out, N: p.output}
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
	// Whatever the child started goes with it; this must come before Wait, which would free the
	// process group's number for others. A child that is done has closed its output.
	if ctx.Err() != nil {
		syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	}
	var info unix.Siginfo
	for unix.Waitid(unix.P_PID, cmd.Process.Pid, &info, unix.WEXITED|unix.WNOWAIT, nil) == unix.EINTR {
	}
	p.meter.ended(cmd.Process.Pid)
	syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	err := cmd.Wait()
	said := errs.String()
	ran := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if use, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok && p.log != nil {
		p.log.Debug("child ended", "program", filepath.Base(p.program), "took", time.Since(started), "peak_kib", use.Maxrss, "status", cmd.ProcessState.String())
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
	case outer.Err() != nil:
		return outer.Err()
	case err == nil:
		return nil
	case strings.Contains(said, "out of memory") || strings.Contains(said, "cannot allocate memory") || strings.Contains(said, "std::bad_alloc"):
		return fmt.Errorf("%w: %s", document.ErrMemory, errs.FirstLine())
	case cmd.ProcessState.Sys().(syscall.WaitStatus).Signal() == syscall.SIGXCPU:
		return fmt.Errorf("%w: of processor time", document.ErrTimeout)
	default:
		return fmt.Errorf("%w: %s ended: %v: %s", document.ErrCorrupt, p.program, err, errs.FirstLine())
	}
}

func (p process) start() (*child, error) {
	ctx, cancel := context.WithCancelCause(context.Background())
	for {
		c := &child{errs: new(tail), ctx: ctx, cancel: cancel}
		cmd := exec.CommandContext(ctx, p.program, p.args...)
		cmd.Dir = p.dir
		cmd.Env = append([]string{"TMPDIR=" + p.dir}, p.env...) // nothing of ours is for the child to see
		cmd.Stdin = p.stdin
		cmd.Stderr = c.errs
		cmd.ExtraFiles = p.files
		cmd.WaitDelay = time.Second
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
		isolated := !noNamespaces.Load()
		if isolated {
			cmd.SysProcAttr.Cloneflags = syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET | syscall.CLONE_NEWIPC | syscall.CLONE_NEWPID | syscall.CLONE_NEWUTS
			cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 65534, HostID: os.Getuid(), Size: 1}}
			cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 65534, HostID: os.Getgid(), Size: 1}}
		}
		cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
		var err error
		if c.out, err = cmd.StdoutPipe(); err == nil {
			err = cmd.Start()
		}
		if c.cmd = cmd; err == nil {
			return c, nil
		}
		refused := slices.ContainsFunc([]error{unix.EPERM, unix.EINVAL, unix.ENOSPC, unix.ENOSYS, unix.EACCES, unix.EUSERS},
			func(e error) bool { return errors.Is(err, e) })
		if !isolated || !refused {
			cancel(nil)
			return nil, fmt.Errorf("start %s: %w", p.program, err)
		}
		noNamespaces.Store(true)
	}
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
