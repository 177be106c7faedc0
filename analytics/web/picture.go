package web

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"soket/extract"
)

const (
	pictureTimeout = 30 * time.Second // a cold browser takes two seconds; past this it hangs
	pictureScale   = 2                // pixels for each unit: sharp on paper
)

// painter turns SVG into PNG with the browser that is installed; one at a time, for each takes some
// 150 MiB while it runs.
type painter struct {
	program string // empty where none is installed
	turn    chan struct{}
}

// newPainter takes the browser given, or else one on the PATH.
func newPainter(program string) *painter {
	p := &painter{program: program, turn: make(chan struct{}, 1)}
	if program != "" {
		return p
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			p.program = path
			break
		}
	}
	return p
}

// Ready tells whether pictures can be made here.
func (p *painter) Ready() bool { return p.program != "" }

func (p *painter) png(ctx context.Context, svg string, width, height float64) ([]byte, error) {
	if p.program == "" {
		return nil, &extract.Refusal{Code: "unavailable", Detail: "PNG: no Chromium on the server; take SVG"}
	}
	ctx, cancel := context.WithTimeout(ctx, pictureTimeout)
	defer cancel()
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
	case <-ctx.Done():
		return nil, &extract.Refusal{Code: "unavailable", Detail: "PNG", Err: ctx.Err()}
	}
	dir, err := os.MkdirTemp("", "soket-picture-")
	if err != nil {
		return nil, fmt.Errorf("picture: %w", err)
	}
	defer os.RemoveAll(dir)
	// The drawing is shown as an image, in which a browser runs no script and fetches nothing: the
	// names in it come from strangers' documents.
	page := `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src 'self' file:; style-src 'unsafe-inline'"><style>html,body{margin:0;background:#fff}img{display:block}</style><img src="chart.svg">`
	if err := errors.Join(os.WriteFile(filepath.Join(dir, "chart.svg"), []byte(svg), 0o600), os.WriteFile(filepath.Join(dir, "page.html"), []byte(page), 0o600)); err != nil {
		return nil, fmt.Errorf("picture: %w", err)
	}
	out := filepath.Join(dir, "chart.png")
	cmd := exec.CommandContext(ctx, p.program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--disable-javascript",
		"--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--user-data-dir="+filepath.Join(dir, "profile"),
		fmt.Sprintf("--force-device-scale-factor=%d", pictureScale), fmt.Sprintf("--window-size=%.0f,%.0f", width, height), "--screenshot="+out, "file://"+filepath.Join(dir, "page.html"))
	cmd.WaitDelay = time.Second
	said, err := cmd.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("picture: %w: %s", err, lastLine(string(said)))
	}
	png, err := os.ReadFile(out)
	if err != nil {
		return nil, fmt.Errorf("picture: %w: %s", err, lastLine(string(said)))
	}
	return png, nil
}

func lastLine(s string) string {
	s = strings.TrimSpace(s)
	return s[strings.LastIndexByte(s, '\n')+1:]
}
