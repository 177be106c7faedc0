//go:build chaos

package main

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	_ "net/http/pprof"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"soket/analytics"
	"soket/ingest"
	"soket/ingest/ingesttest"
)

// The NATS server of the harness is this test binary, started anew with a role.
func init() {
	if os.Getenv("SOKET_CHAOS_ROLE") != "nats" {
		return
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	s, err := ingest.Start(context.Background(), os.Getenv("SOKET_CHAOS_DIR"), ingest.ServerOptions{Listen: os.Getenv("SOKET_CHAOS_LISTEN"), Bytes: 16 << 30, Log: log})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	go func() { fmt.Fprintln(os.Stderr, http.ListenAndServe(os.Getenv("SOKET_CHAOS_PROFILE"), nil)) }()
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	<-stop
	s.Stop()
	os.Exit(0)
}

func chaosNumber(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return otherwise
}

// part is one process of the program, started again when it dies.
type chaosPart struct {
	name string
	cmd  func() *exec.Cmd
	log  *os.File
	mu   sync.Mutex
	run  *exec.Cmd
	gone chan struct{}
}

func (p *chaosPart) start(t *testing.T) {
	cmd := p.cmd()
	cmd.Stdout, cmd.Stderr = p.log, p.log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		t.Errorf("%s: %v", p.name, err)
		return
	}
	gone := make(chan struct{})
	go func() { _ = cmd.Wait(); close(gone) }()
	p.mu.Lock()
	p.run, p.gone = cmd, gone
	p.mu.Unlock()
}

func (p *chaosPart) signal(s syscall.Signal) {
	p.mu.Lock()
	cmd, gone := p.run, p.gone
	p.mu.Unlock()
	_ = syscall.Kill(-cmd.Process.Pid, s)
	<-gone
}

// watch starts the process anew when it ended by itself, as a supervisor does.
func (p *chaosPart) watch(ctx context.Context, t *testing.T) {
	for ctx.Err() == nil {
		p.mu.Lock()
		gone := p.gone
		p.mu.Unlock()
		select {
		case <-gone:
			time.Sleep(100 * time.Millisecond)
			if ctx.Err() == nil {
				p.start(t)
			}
		case <-ctx.Done():
		}
	}
}

// freePorts gives addresses that nobody listens at; all at once, for one that is free again may be given twice.
func freePorts(t *testing.T, n int) (addrs []string) {
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		addrs = append(addrs, l.Addr().String())
	}
	return addrs
}

// site says where the stores lie (empty: among the test's files), and whether web and workers reach
// them over links that can be harmed.
type site struct {
	nats, engine string
	links        bool
	program      string            // another build of soket; empty: that of make build
	skews        map[string]string // seconds by which a part's clock is wrong, in such a build
}

// harness is the program as separate processes.
type harness struct {
	ctx               context.Context
	links             []*ingesttest.Proxy // to NATS and to the engine
	nats, engine, web string
	profile           string // of NATS: /debug/pprof
	parts             []*chaosPart
	db                *analytics.DB
	end               func() // kills all; nothing comes back
}

func bringUp(t *testing.T, root string, at site) *harness {
	bin := filepath.Join(root, "bin", "soket")
	if at.program != "" {
		bin = at.program
	}
	dir := t.TempDir()
	ports := freePorts(t, 4)
	natsAt, engineAt, webAt, profileAt := ports[0], ports[1], ports[2], ports[3]
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if at.nats == "" {
		at.nats = dir + "/nats"
	}
	if at.engine == "" {
		at.engine = dir + "/engine"
	}
	h := &harness{nats: "nats://" + natsAt, engine: "http://" + engineAt, web: "http://" + webAt, profile: "http://" + profileAt}
	natsBy, engineBy := natsAt, engineAt
	if at.links {
		for _, target := range []*string{&natsBy, &engineBy} {
			link, err := ingesttest.NewProxy(*target)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(link.Close)
			h.links, *target = append(h.links, link), link.Addr()
		}
	}
	env := append(os.Environ(), "SOKET_NATS=nats://"+natsBy, "SOKET_CLICKHOUSE=http://"+engineBy)
	part := func(name string, args ...string) *chaosPart {
		log, err := os.Create(filepath.Join(dir, name+".log"))
		if err != nil {
			t.Fatal(err)
		}
		return &chaosPart{name: name, log: log, cmd: func() *exec.Cmd {
			cmd := exec.Command(bin, args...)
			cmd.Env = append(env[:len(env):len(env)], "TEST_CLOCK_SKEW="+at.skews[name])
			return cmd
		}}
	}
	nats := part("nats")
	nats.cmd = func() *exec.Cmd {
		cmd := exec.Command(self)
		cmd.Env = append(os.Environ(), "SOKET_CHAOS_ROLE=nats", "SOKET_CHAOS_DIR="+at.nats, "SOKET_CHAOS_LISTEN="+natsAt, "SOKET_CHAOS_PROFILE="+profileAt)
		return cmd
	}
	parts := []*chaosPart{
		nats,
		part("engine", "engine", "--data", at.engine, "--engine-listen", engineAt),
		part("worker1", "worker", "--data", dir+"/worker1", "--workers", "1"),
		part("worker2", "worker", "--data", dir+"/worker2", "--workers", "1"),
		part("web", "web", "--demo", "--data", dir+"/web", "--listen", webAt),
	}
	t.Cleanup(func() {
		if t.Failed() {
			for _, p := range parts {
				log, _ := os.ReadFile(p.log.Name())
				t.Logf("== %s\n%s", p.name, log[max(0, len(log)-4000):])
			}
		}
	})
	ctx, stop := context.WithCancel(context.Background())
	var supervised sync.WaitGroup
	t.Cleanup(func() { stop(); supervised.Wait() })
	db, err := analytics.Open("http://" + engineAt)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	for i, p := range parts {
		p.start(t)
		t.Cleanup(func() { stop(); supervised.Wait(); p.signal(syscall.SIGKILL) })
		supervised.Go(func() { p.watch(ctx, t) })
		switch i {
		case 1:
			waitUntil(t, "the engine", func() bool { return answers("http://" + engineAt + "/?query=SELECT+1") })
			if err := db.Migrate(ctx, func(string) {}); err != nil {
				t.Fatal(err)
			}
		case 4:
			waitUntil(t, "the pages", func() bool { return answers("http://" + webAt + "/readyz") })
		}
	}
	h.ctx, h.parts, h.db = ctx, parts, db
	h.end = func() {
		stop()
		supervised.Wait()
		for _, p := range parts {
			p.signal(syscall.SIGKILL)
		}
	}
	return h
}

func openInbox(t *testing.T, url string) *ingest.Inbox {
	for range 50 {
		inbox, err := ingest.Open(t.Context(), ingest.Options{URL: url, Dir: t.TempDir()})
		if err == nil {
			return inbox
		}
		time.Sleep(200 * time.Millisecond)
	}
	t.Fatal("NATS does not come back")
	return nil
}

// drained waits until nothing is queued.
func (h *harness) drained(t *testing.T) *ingest.Inbox {
	inbox := openInbox(t, h.nats)
	waitUntil(t, "the queue to drain", func() bool { depth, _ := inbox.Queue(); return depth == 0 })
	return inbox
}

// kept is what lives in the heap of NATS, in KiB. Its collector runs first, four times: what a block's
// weak pointer lets go of lies in a pool until the third.
func (h *harness) kept(t *testing.T) (kib int) {
	for range 4 {
		res, err := http.Get(h.profile + "/debug/pprof/heap?gc=1&debug=1")
		if err != nil {
			t.Fatal(err)
		}
		for lines := bufio.NewScanner(res.Body); lines.Scan(); {
			if rest, ok := strings.CutPrefix(lines.Text(), "# HeapAlloc = "); ok {
				n, _ := strconv.Atoi(rest)
				kib = n >> 10
			}
		}
		res.Body.Close()
	}
	return kib
}

// still ends what workers are at besides: one that lost its lease may go on storing what no commit will
// name, which the sweep takes a day later and a check at once would count.
func (h *harness) still(t *testing.T) {
	for _, p := range h.parts {
		if strings.HasPrefix(p.name, "worker") {
			p.signal(syscall.SIGKILL)
		}
	}
	waitUntil(t, "the engine to finish what it was sent", func() bool {
		return answers(h.engine + "/?query=" + url.QueryEscape("SELECT throwIf(count() > 0) FROM system.processes WHERE query LIKE 'INSERT%'"))
	})
}

// waitUntil waits as long as the test's own deadline allows.
func waitUntil(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for !ok() {
		if t.Context().Err() != nil {
			t.Fatalf("%s: never", what)
		}
		time.Sleep(100 * time.Millisecond)
	}
}

func answers(url string) bool {
	res, err := http.Get(url)
	if err != nil {
		return false
	}
	res.Body.Close()
	return res.StatusCode == http.StatusOK
}
