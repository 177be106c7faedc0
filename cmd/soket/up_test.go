package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"soket/analytics/analyticstest"
)

// binaries builds the programs once for all tests and puts the engine beside them.
var binaries = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "soket-bin-")
	if err != nil {
		return "", err
	}
	build := exec.Command("go", "build", "-o", dir+string(filepath.Separator), "./../...")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := build.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return dir, nil
})

// program is a running `soket` with its standard output.
type program struct {
	cmd   *exec.Cmd
	ended chan error
	page  string // address of the page, for up
	sql   string
	log   *bytes.Buffer
}

func bin(t *testing.T) string {
	t.Helper()
	dir, err := binaries()
	if err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "libchdb.so")
	if err := os.Symlink(analyticstest.Library(t), link); err != nil && !errors.Is(err, os.ErrExist) {
		t.Fatal(err)
	}
	return filepath.Join(dir, "soket")
}

// launch starts soket with arguments and ends it with the test.
func launch(t *testing.T, args ...string) *program {
	t.Helper()
	p := &program{cmd: exec.Command(bin(t), args...), ended: make(chan error, 1), log: &bytes.Buffer{}}
	p.cmd.Env = append(os.Environ(), "LANG=C.UTF-8")
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.cmd.Stderr = p.log
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := make(chan string, 100)
	go func() {
		for scan := bufio.NewScanner(out); scan.Scan(); {
			lines <- scan.Text()
		}
		close(lines)
		p.ended <- p.cmd.Wait()
	}()
	t.Cleanup(func() { p.stop(t, syscall.SIGKILL) })
	if args[0] != "up" {
		return p
	}
	deadline := time.After(60 * time.Second)
	for p.page == "" || p.sql == "" {
		select {
		case line, ok := <-lines:
			if !ok {
				t.Fatalf("soket %v ended at its start: %s", args, p.log)
			}
			name, address, _ := strings.Cut(line, ":")
			switch {
			case strings.HasPrefix(name, "Trang web"):
				p.page = strings.TrimSuffix(strings.TrimSpace(address), "/")
			case strings.HasPrefix(name, "ClickHouse"):
				p.sql = strings.TrimSuffix(strings.TrimSpace(address), "/")
			}
		case <-deadline:
			t.Fatalf("soket %v is not ready: %s", args, p.log)
		}
	}
	go func() {
		for range lines {
		}
	}()
	return p
}

// stop ends the program with a signal and gives how it ended; once.
func (p *program) stop(t *testing.T, s os.Signal) error {
	if p.cmd == nil {
		return nil
	}
	p.cmd.Process.Signal(s)
	select {
	case err := <-p.ended:
		p.cmd = nil
		return err
	case <-time.After(15 * time.Second):
		p.cmd.Process.Kill()
		t.Errorf("does not stop within 15 s: %s", p.log)
		p.cmd = nil
		return nil
	}
}

// get decodes the JSON at a path of the program's page.
func (p *program) get(t *testing.T, path string, into any) int {
	t.Helper()
	res, err := http.Get(p.page + path)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if into != nil && res.StatusCode == http.StatusOK {
		if err := json.Unmarshal(raw, into); err != nil {
			t.Fatalf("%s: %v: %.300s", path, err, raw)
		}
	}
	return res.StatusCode
}

// post uploads bytes under a name.
func (p *program) post(t *testing.T, name string, content []byte) (int, map[string]any) {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	part.Write(content)
	form.Close()
	res, err := http.Post(p.page+"/api/v1/reports", form.FormDataContentType(), &body)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var answer map[string]any
	json.NewDecoder(res.Body).Decode(&answer)
	return res.StatusCode, answer
}

// upload runs `soket upload` and gives what it said.
func upload(t *testing.T, server string, files ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := run(t.Context(), append([]string{"upload", "--quiet", "--server", server}, files...), func(string) string { return "" }, &out, &out)
	return out.String(), err
}

type factList struct {
	Facts []struct {
		ReportID string  `json:"report_id"`
		Code     string  `json:"code"`
		Value    float64 `json:"value"`
		Period   string  `json:"period"`
		Kind     string  `json:"kind"`
		Page     int     `json:"page"`
		Cell     string  `json:"cell"`
		Quote    string  `json:"quote"`
	} `json:"facts"`
	Next string `json:"next"`
}

// TestFromUploadToTrend is the thread that everything hangs on: files go in by command, their facts
// come out of the API with their places, a trend shows, the same bytes are known again, a stop loses
// nothing, and a kill neither.
func TestFromUploadToTrend(t *testing.T) {
	dir := t.TempDir()
	p := launch(t, "up", "--demo", "--data", dir, "--listen", "127.0.0.1:0")
	samples, err := filepath.Glob("../../samples/Mẫu-*")
	if err != nil || len(samples) < 12 {
		t.Fatalf("%d sample reports, %v", len(samples), err)
	}
	said, err := upload(t, p.page, samples...)
	if err != nil {
		t.Fatalf("upload: %v\n%s\n%s", err, said, p.log)
	}
	if n := strings.Count(said, "✓"); n != len(samples) {
		t.Fatalf("%d of %d samples became visible:\n%s", n, len(samples), said)
	}
	var facts factList
	if status := p.get(t, "/api/v1/facts?limit=1000", &facts); status != http.StatusOK || len(facts.Facts) < 300 {
		t.Fatalf("facts: %d, %d of them", status, len(facts.Facts))
	}
	for _, f := range facts.Facts {
		if f.Page == 0 && f.Cell == "" {
			t.Errorf("a fact without a place: %+v", f)
		}
	}
	var trend struct {
		Trend []struct {
			Period string  `json:"period"`
			Value  float64 `json:"value"`
		} `json:"trend"`
	}
	if status := p.get(t, "/api/v1/trend?code=smq.instruments_verified&kind=result", &trend); status != http.StatusOK || len(trend.Trend) < 4 {
		t.Errorf("trend: %d, %d points", status, len(trend.Trend))
	}
	again, err := upload(t, p.page, samples[0])
	if err != nil || !strings.Contains(again, "đã nộp") {
		t.Errorf("the same bytes again: %v %s", err, again)
	}
	// An analyst's own tool.
	res, err := http.Post(p.sql, "text/plain", strings.NewReader("SELECT count() FROM facts"))
	if err != nil {
		t.Fatal(err)
	}
	count, _ := io.ReadAll(res.Body)
	res.Body.Close()
	if res.StatusCode != http.StatusOK || strings.TrimSpace(string(count)) == "0" {
		t.Errorf("read-only address: %d %s", res.StatusCode, count)
	}
	if res, err = http.Get(p.page + "/quan-tri/nhat-ky?viec=query"); err != nil {
		t.Fatal(err)
	}
	lines, _ := io.ReadAll(res.Body)
	res.Body.Close()
	if text := string(lines); !strings.Contains(text, "analyst address") || !strings.Contains(text, "SELECT count() FROM facts") || !strings.Contains(text, "127.0.0.1") {
		t.Errorf("the trail does not tell of the analyst's statement: %.2000s", text)
	}

	// A second process on the same directory is refused in words.
	second := exec.Command(bin(t), "up", "--demo", "--data", dir, "--listen", "127.0.0.1:0")
	if out, err := second.CombinedOutput(); err == nil || !strings.Contains(string(out), "another soket") {
		t.Errorf("second process on %s: %v %s", dir, err, out)
	}
	if err := p.stop(t, syscall.SIGTERM); err != nil {
		t.Errorf("stop: %v\n%s", err, p.log)
	}
	p = launch(t, "up", "--demo", "--data", dir, "--listen", "127.0.0.1:0")
	var after factList
	if p.get(t, "/api/v1/facts?limit=1000", &after); len(after.Facts) != len(facts.Facts) {
		t.Errorf("%d facts before the stop, %d after", len(facts.Facts), len(after.Facts))
	}
	p.stop(t, syscall.SIGKILL)
	p = launch(t, "up", "--demo", "--data", dir, "--listen", "127.0.0.1:0")
	if p.get(t, "/api/v1/facts?limit=1000", &after); len(after.Facts) != len(facts.Facts) {
		t.Errorf("%d facts before the kill, %d after", len(facts.Facts), len(after.Facts))
	}
	p.stop(t, syscall.SIGTERM)

	// ClickHouse made anew from the ledger shows the same.
	var out bytes.Buffer
	rebuild := exec.CommandContext(context.WithoutCancel(t.Context()), bin(t), "rebuild", "--data", dir)
	rebuild.Stdout, rebuild.Stderr = &out, &out
	if err := rebuild.Run(); err != nil {
		t.Errorf("rebuild: %v\n%s", err, out.String())
	}
}

// TestBadFiles holds that each bad file is refused or fails with one clear sentence and a remedy,
// stays visible in the list, and takes nothing else down.
func TestBadFiles(t *testing.T) {
	p := launch(t, "up", "--demo", "--data", t.TempDir(), "--listen", "127.0.0.1:0")
	good, err := os.ReadFile(first(t, "../../samples/*.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, code string
		content    []byte
	}{
		{"rỗng.pdf", "empty", nil},
		{"chương trình.exe", "unsupported", append([]byte("MZ\x90\x00"), bytes.Repeat([]byte{0}, 4096)...)},
		{"cụt.pdf", "corrupt", good[:200]},
		{"../../etc/passwd.pdf", "", good}, // a path in a name is only a name
	} {
		status, answer := p.post(t, c.name, c.content)
		if c.code == "" {
			if status != http.StatusAccepted && status != http.StatusBadRequest {
				t.Errorf("%s: %d %v", c.name, status, answer)
			}
			continue
		}
		code, _ := answer["code"].(string)
		if status == http.StatusAccepted { // taken in, and found bad when it was read
			code = p.settled(t, answer["id"].(string))["reason"].(string)
		} else if answer["title"] == "" || answer["remedy"] == "" {
			t.Errorf("%s: no sentence or remedy: %v", c.name, answer)
		}
		if code != c.code {
			t.Errorf("%s: code %q, want %q (%d %v)", c.name, code, c.code, status, answer)
		}
	}
}

// settled waits until a report is read or failed.
func (p *program) settled(t *testing.T, id string) map[string]any {
	t.Helper()
	for deadline := time.Now().Add(60 * time.Second); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		var f map[string]any
		if p.get(t, "/api/v1/reports/"+id, &f) == http.StatusOK {
			switch f["state"] {
			case "visible", "waiting", "failed":
				return f
			}
		}
	}
	t.Fatalf("report %s is not read: %s", id, p.log)
	return nil
}

func first(t *testing.T, pattern string) string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: %v", pattern, err)
	}
	return files[0]
}
