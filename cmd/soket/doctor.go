package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"soket/analytics"
	"soket/analytics/engine"
	"soket/extract/sandbox"
	"soket/ingest"
)

const (
	lowDisk     = 2 << 30          // bytes free below which uploads will soon be refused
	doctorLimit = 20 * time.Second // for any one check; a hanging server is a finding, not a reason to hang
)

var doctorCommand = command{
	name: "doctor", args: "", summary: "check disk, servers, programs and the sandbox, and say what to do",
	declare: func(f *flags) func(context.Context, console, []string) error {
		data, nats, clickhouse := f.data(), f.nats(), f.clickhouse()
		server := f.String("server", "", "address of a running server to ask whether it is ready")
		only := f.String("only", "", "run only the checks whose name begins so")
		return func(ctx context.Context, c console, _ []string) error {
			bad := 0
			for _, check := range checks(*data, *nats, *clickhouse, *server) {
				if !strings.HasPrefix(check.name, *only) {
					continue
				}
				ctx, cancel := context.WithTimeout(ctx, doctorLimit)
				found, err := check.do(ctx)
				cancel()
				switch {
				case err == nil:
					fmt.Fprintf(c.stdout, "ok    %-12s %s\n", check.name, found)
				case check.optional:
					fmt.Fprintf(c.stdout, "note  %-12s %v\n      %12s → %s\n", check.name, err, "", check.remedy)
				default:
					bad++
					fmt.Fprintf(c.stdout, "FAIL  %-12s %v\n      %12s → %s\n", check.name, err, "", check.remedy)
				}
			}
			if bad > 0 {
				return exitStatus(1)
			}
			return nil
		}
	},
}

// check is one thing the doctor looks at; do says what it found.
type check struct {
	name     string
	do       func(context.Context) (string, error)
	remedy   string
	optional bool // the program works without it, but does less
}

func checks(data, nats, clickhouse, server string) []check {
	list := []check{
		{"program", func(context.Context) (string, error) {
			return fmt.Sprintf("soket %s, %s, %d cores", version(), runtime.Version(), runtime.NumCPU()), nil
		}, "", false},
		{"disk", func(context.Context) (string, error) { return diskFree(data) },
			"free some space, or point --data to a larger disk", false},
		{"extractor", func(context.Context) (string, error) { return sandbox.Reader{}.Find() },
			"run `make build`, or put the binaries extractor and starter beside soket", false},
		{"sandbox", func(ctx context.Context) (string, error) {
			layers, err := sandbox.Reader{}.Layers(ctx)
			if missing := sandbox.Missing(sandbox.AllLayers, layers); err == nil && len(missing) > 0 {
				err = fmt.Errorf("%s hold, %s do not", strings.Join(layers, ", "), strings.Join(missing, ", "))
			}
			return strings.Join(layers, ", "), err
		}, "run on a kernel with landlock and seccomp that lets users make namespaces; in a container, allow those calls", true},
		{"pdfium", func(context.Context) (string, error) { return sandbox.Reader{}.FindPdfium() },
			"run `make build`, or put the pdfium binary beside soket: without it damaged PDF files and scans stay unread", true},
		{"legacy files", says("soffice", "--version"),
			"apt-get install libreoffice-calc-nogui libreoffice-writer-nogui: without it xls, ods and doc files are refused", true},
		{"ocr", vietnameseOCR, "apt-get install tesseract-ocr tesseract-ocr-vie: without it scanned pages stay unread", true},
		{"printing", says("chromium", "--version"), "apt-get install chromium: without it the browser's own print serves", true},
		{"fonts", fonts, "apt-get install fonts-liberation: without it printed pages look different", true},
	}
	if nats != "" {
		list = append(list, check{"nats", func(ctx context.Context) (string, error) { return ingest.Ask(ctx, nats) },
			"check that the NATS server runs with JetStream and that the address and password are right", false})
	}
	if clickhouse != "" {
		list = append(list, check{"clickhouse", func(ctx context.Context) (string, error) { return askClickHouse(ctx, clickhouse) },
			"check that the ClickHouse server runs and that the address and password are right", false})
	} else {
		list = append(list, check{"engine", func(context.Context) (string, error) { return engine.FindLibrary("") },
			"run `make build`, which installs the ClickHouse engine beside soket", false})
	}
	if server != "" {
		list = append(list, check{"ready", func(ctx context.Context) (string, error) { return ready(ctx, server) },
			"look at the server's log: it names the part that is not ready", false})
	}
	return list
}

func diskFree(dir string) (string, error) {
	for {
		if _, err := os.Stat(dir); err == nil || dir == "." || dir == "/" {
			break
		}
		dir = filepath.Dir(dir)
	}
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return "", fmt.Errorf("%s: %w", dir, err)
	}
	free := s.Bavail * uint64(s.Bsize)
	if free < lowDisk {
		return "", fmt.Errorf("only %.1f GiB free at %s", float64(free)/(1<<30), dir)
	}
	return fmt.Sprintf("%.1f GiB free at %s", float64(free)/(1<<30), dir), nil
}

// says gives the first line that a program prints about its version.
func says(name string, args ...string) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		out, err := exec.CommandContext(ctx, name, args...).Output()
		if err != nil {
			return "", fmt.Errorf("%s: %w", name, err)
		}
		line, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
		return line, nil
	}
}

func vietnameseOCR(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "tesseract", "--list-langs").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("tesseract: %w", err)
	}
	for _, language := range strings.Fields(string(out)) {
		if language == "vie" {
			return says("tesseract", "--version")(ctx)
		}
	}
	return "", fmt.Errorf("tesseract is here without Vietnamese")
}

func fonts(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "fc-match", "Times New Roman:lang=vi").Output()
	if err != nil {
		return "", fmt.Errorf("fc-match: %w", err)
	}
	return strings.TrimSpace(string(out)), nil
}

func ready(ctx context.Context, server string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(server, "/")+"/readyz", nil)
	if err != nil {
		return "", err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%s answers %s", server, res.Status)
	}
	return server + " is ready", nil
}

func askClickHouse(ctx context.Context, dsn string) (string, error) {
	if dir, ok := strings.CutPrefix(dsn, "embedded:"); ok {
		return "embedded in " + dir, nil
	}
	db, err := analytics.Open(dsn)
	if err != nil {
		return "", err
	}
	defer db.Close()
	v, err := db.Version(ctx)
	return "ClickHouse " + v, err
}
