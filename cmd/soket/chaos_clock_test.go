//go:build chaos

package main

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"soket/extract"
)

// skewedBuild builds the program with a clock that goes wrong by the seconds in TEST_CLOCK_SKEW: the
// standard library's time.Now is replaced for this build alone.
func skewedBuild(t *testing.T, root string) string {
	t.Helper()
	dir := t.TempDir()
	goroot := strings.TrimSpace(string(must(exec.Command("go", "env", "GOROOT").Output())))
	source := filepath.Join(goroot, "src", "time", "time.go")
	text := string(must(os.ReadFile(source)))
	const now = "func Now() Time {\n\tsec, nsec, mono := runtimeNow()\n"
	if strings.Count(text, now) != 1 {
		t.Fatalf("time.Now of %s looks otherwise than this test knows it", goroot)
	}
	text = strings.Replace(text, now, now+"\tsec += clockSkew\n", 1) + `
var clockSkew = func() (seconds int64) {
	text, _ := syscall.Getenv("TEST_CLOCK_SKEW")
	sign := int64(1)
	for _, c := range text {
		if c == '-' {
			sign = -1
		} else if c >= '0' && c <= '9' {
			seconds = seconds*10 + int64(c-'0')
		}
	}
	return sign * seconds
}()
`
	text = strings.Replace(text, "import (\n", "import (\n\t\"syscall\"\n", 1)
	wrong, overlay := filepath.Join(dir, "time.go"), filepath.Join(dir, "overlay.json")
	raw := must(json.Marshal(map[string]any{"Replace": map[string]string{source: wrong}}))
	for path, data := range map[string][]byte{wrong: []byte(text), overlay: raw} {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	build := exec.Command("go", "build", "-overlay", overlay, "-o", filepath.Join(dir, "bin")+"/", "./cmd/...")
	build.Dir, build.Env = root, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if err := os.Link(filepath.Join(root, "bin", "libchdb.so"), filepath.Join(dir, "bin", "libchdb.so")); err != nil {
		if err := os.Symlink(filepath.Join(root, "bin", "libchdb.so"), filepath.Join(dir, "bin", "libchdb.so")); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "bin", "soket")
}

// TestChaosClocks runs web and one worker two hours ahead, the other worker two hours behind, and kills
// workers while reports come in: leases, sweeps and revisions do not hang on anybody's clock.
func TestChaosClocks(t *testing.T) {
	root := must(filepath.Abs("../.."))
	h := bringUp(t, root, site{program: skewedBuild(t, root), skews: map[string]string{"worker1": "7200", "worker2": "-7200", "web": "7200"}})
	c := &chaosRun{t: t, web: h.web, engine: h.engine, truths: chaosTruths(t, root), acks: map[string]extract.Filing{}}
	stop := c.begin(h.ctx)
	looked := make(chan struct{})
	look, blind := context.WithCancel(h.ctx)
	go func() { c.look(look); close(looked) }()
	r := rand.New(rand.NewPCG(1, 1))
	kills := chaosNumber("SOKET_CHAOS_KILLS", 20)
	for range kills {
		time.Sleep(time.Duration(500+r.IntN(1500)) * time.Millisecond)
		h.parts[2+r.IntN(2)].signal(syscall.SIGKILL)
	}
	stop()
	inbox := h.drained(t)
	defer inbox.Close()
	blind()
	<-looked
	ahead := 0
	for _, f := range c.acks {
		if time.Until(f.ReceivedAt) > time.Hour {
			ahead++
		}
	}
	if ahead != len(c.acks) {
		t.Errorf("only %d of %d were received in the future: the clock is not wrong at all", ahead, len(c.acks))
	}
	lost, doubled := c.check(inbox, h.db)
	t.Logf("clocks two hours off, %d kills: %d accepted, %d lost, %d doubled", kills, len(c.acks), lost, doubled)
}
