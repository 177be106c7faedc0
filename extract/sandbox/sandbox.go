// Package sandbox reads strangers' documents in a child process of their own, so that a hostile
// one can hurt nobody.
package sandbox

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"soket/extract"
	"soket/extract/document"
)

// Limits of one child. A document that meets one of them ends as failed with the reason, and
// nothing else notices.
const (
	wallClock     = 20 * time.Second       // a 500-page report takes about 2 s; longer is an endless loop
	cpuSeconds    = 30                     // two threads busy for the whole wall clock, with a little to spare
	addressSpace  = 4 << 30                // bytes; the Go runtime reserves address space far beyond what it uses
	softHeap      = 768 << 20              // bytes; the collector keeps the heap below it, so that 1 GiB resident is never met in good faith
	maxOutput     = 256 << 20              // bytes of report; the largest real one seen is 6 MB
	maxFiles      = 16                     // descriptors: standard ones, the document, a temporary copy of a sheet
	maxStderr     = 64 << 10               // bytes kept of what a dying child says
	progressEvery = 100 * time.Millisecond // a page list faster than this is no use to a person
)

// Reader starts one child for each document. The zero Reader finds the extractor beside the
// running program.
type Reader struct {
	Extractor string // path of the extractor binary; empty: beside the running program
	Log       *slog.Logger
}

// Find gives the extractor binary: the one set, or the one beside the running program.
func (r Reader) Find() (string, error) {
	if r.Extractor != "" {
		return r.Extractor, nil
	}
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	path := filepath.Join(filepath.Dir(self), "extractor")
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("extractor binary: %w (run make build)", err)
	}
	return path, nil
}

// Read reads the file at path in a child. name is the file's name as uploaded; period is the one
// set by a person, or empty. Errors carry a code of extract.Verdicts.
func (r Reader) Read(ctx context.Context, path, name string, period extract.Period, progress func(extract.Progress)) (*extract.Report, error) {
	bin, err := r.Find()
	if err != nil {
		return nil, err
	}
	doc, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, &extract.Refusal{Code: "missing", Err: err}
	} else if err != nil {
		return nil, err
	}
	defer doc.Close()
	dir, err := os.MkdirTemp("", "soket-read-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)

	ctx, cancel := context.WithTimeout(ctx, wallClock)
	defer cancel()
	cmd := exec.CommandContext(ctx, bin, "-name", name, "-period", string(period))
	cmd.Dir = dir
	cmd.Env = []string{"TMPDIR=" + dir} // nothing of ours is for the child to see
	cmd.ExtraFiles = []*os.File{doc}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	var stderr tail
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start extractor: %w", err)
	}
	limit(cmd.Process.Pid)
	report, verdict := receive(out, progress)
	// Whatever the child started goes with it; this must come before Wait, which would free the
	// process group's number for others.
	syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	io.Copy(io.Discard, out)
	err = cmd.Wait()
	switch {
	case report != nil || verdict != nil:
		return report, verdict
	case ctx.Err() == context.DeadlineExceeded:
		return nil, fmt.Errorf("%w: %v", document.ErrTimeout, wallClock)
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case strings.Contains(stderr.String(), "out of memory") || strings.Contains(stderr.String(), "cannot allocate memory"):
		return nil, document.ErrMemory
	default:
		return nil, fmt.Errorf("%w: extractor ended without a report: %v: %s", document.ErrCorrupt, err, stderr.FirstLine())
	}
}

// limit sets the child's resource limits from outside, so that they hold from its first
// instruction of ours on.
func limit(pid int) {
	for what, most := range map[int]uint64{
		unix.RLIMIT_AS:     addressSpace,
		unix.RLIMIT_CPU:    cpuSeconds,
		unix.RLIMIT_NOFILE: maxFiles,
		unix.RLIMIT_FSIZE:  maxOutput,
		unix.RLIMIT_CORE:   0,
	} {
		unix.Prlimit(pid, what, &unix.Rlimit{Cur: most, Max: most}, nil)
	}
}

// receive takes the child's messages until its report or error.
func receive(out io.Reader, progress func(extract.Progress)) (*extract.Report, error) {
	lines := bufio.NewReaderSize(io.LimitReader(out, maxOutput), 1<<16)
	dec := json.NewDecoder(lines)
	for {
		var m message
		if err := dec.Decode(&m); err != nil {
			return nil, nil // the exit status and standard error say more
		}
		switch {
		case m.Report != nil:
			return m.Report, nil
		case m.Code != "":
			return nil, &extract.Refusal{Code: m.Code, Detail: m.Error}
		case progress != nil:
			progress(extract.Progress{Step: "read", Page: m.Page, Pages: m.Pages})
		}
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
