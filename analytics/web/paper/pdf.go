package paper

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// ErrNoBrowser says that this machine has no Chromium to print with.
var ErrNoBrowser = errors.New("no Chromium on this machine")

const (
	printTime = 60 * time.Second // a hundred pages take five; beyond it the browser hangs and is killed
	printers  = 2                // browsers at once: each takes about 300 MB
	maxPDF    = 64 << 20         // bytes; a bigger one is a page that went wrong
)

// policy lets a printed page load nothing and run nothing.
const policy = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`

// Printer prints pages of ours with a headless Chromium. The page comes as a file with everything in
// it; there is no network, and a policy that forbids scripts.
type Printer struct {
	path  string
	slots chan struct{}
}

// NewPrinter prints with the browser at path; "" looks for one on the PATH.
func NewPrinter(path string) *Printer {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome-headless-shell", "headless_shell"} {
		if path != "" {
			break
		}
		path, _ = exec.LookPath(name)
	}
	return &Printer{path: path, slots: make(chan struct{}, printers)}
}

// PDF prints a page that holds all it needs. ErrNoBrowser where there is none.
func (p *Printer) PDF(ctx context.Context, page []byte) ([]byte, error) {
	if p.path == "" {
		return nil, ErrNoBrowser
	}
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	ctx, cancel := context.WithTimeout(ctx, printTime)
	defer cancel()
	// Apart from every network, and in the browser's own sandbox, where the kernel lets us; a
	// container may forbid either, and the page is our own.
	var err error
	for _, way := range []struct{ apart, sandbox bool }{{true, true}, {true, false}, {false, true}, {false, false}} {
		var pdf []byte
		if pdf, err = p.print(ctx, page, way.apart, way.sandbox); err == nil || ctx.Err() != nil {
			return pdf, err
		}
	}
	return nil, err
}

func (p *Printer) print(ctx context.Context, page []byte, apart, sandbox bool) ([]byte, error) {
	dir, err := os.MkdirTemp("", "soket-print-")
	if err != nil {
		return nil, fmt.Errorf("print: %w", err)
	}
	defer os.RemoveAll(dir)
	in, out := filepath.Join(dir, "page.html"), filepath.Join(dir, "page.pdf")
	page = append([]byte("<!doctype html><meta charset=utf-8>"+policy), page...)
	if err := os.WriteFile(in, page, 0o600); err != nil {
		return nil, fmt.Errorf("print: %w", err)
	}
	args := []string{"--headless", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-dev-shm-usage", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--disable-default-apps", "--disable-breakpad", "--user-data-dir=" + filepath.Join(dir, "profile"),
		"--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=127.0.0.1:9", "--proxy-bypass-list=<-loopback>",
		"--no-pdf-header-footer", "--generate-pdf-document-outline", "--print-to-pdf=" + out}
	if !sandbox {
		args = append(args, "--no-sandbox")
	}
	cmd := exec.CommandContext(ctx, p.path, append(args, "file://"+in)...)
	cmd.Dir = dir
	cmd.Env = []string{"HOME=" + dir, "TMPDIR=" + dir, "PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if apart {
		const inside = 1000 // not root, as whom Chromium's own sandbox refuses to start
		cmd.SysProcAttr.Cloneflags = syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: inside, HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: inside, HostID: os.Getgid(), Size: 1}}
	}
	// The browser is a tree of processes: all of it goes.
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	said, err := cmd.CombinedOutput()
	if cmd.Process != nil {
		syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	}
	if ctx.Err() != nil {
		return nil, fmt.Errorf("print: %w", ctx.Err())
	}
	pdf, readErr := readUpTo(out, maxPDF)
	if err != nil || readErr != nil || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		return nil, fmt.Errorf("print: Chromium made no PDF (%w): %.400s", errors.Join(err, readErr), said)
	}
	return pdf, nil
}

func readUpTo(name string, limit int64) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if info.Size() > limit {
		return nil, fmt.Errorf("PDF of %d bytes, at most %d", info.Size(), limit)
	}
	return os.ReadFile(name)
}
