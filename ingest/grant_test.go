package ingest

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"soket/extract"
)

// grantServer runs an outside server with the grants, as deployed.
func grantServer(t *testing.T) (url func(role string) string) {
	t.Helper()
	var conf bytes.Buffer
	if err := WriteConfig(&conf); err != nil {
		t.Fatal(err)
	}
	for _, g := range Grants() {
		t.Setenv("NATS_"+strings.ToUpper(g.Role)+"_PASSWORD", "secret-"+g.Role)
	}
	path := filepath.Join(t.TempDir(), "nats.conf")
	if err := os.WriteFile(path, conf.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	opts, err := natsserver.ProcessConfigFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !opts.SyncAlways || !opts.JetStream {
		t.Error("the server would not sync every write")
	}
	opts.Host, opts.Port, opts.HTTPPort, opts.JetStreamMaxStore, opts.StoreDir, opts.NoSigs, opts.NoLog = "127.0.0.1", natsserver.RANDOM_PORT, 0, 10<<30, t.TempDir(), true, true
	s, err := natsserver.NewServer(opts)
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("not ready")
	}
	return func(role string) string { return "nats://" + role + ":secret-" + role + "@" + s.Addr().String() }
}

var update = flag.Bool("update", false, "write golden files")

func TestServerConfigIsWritten(t *testing.T) {
	var conf bytes.Buffer
	if err := WriteConfig(&conf); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("deploy/nats.conf", conf.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile("deploy/nats.conf")
	if err != nil || !bytes.Equal(have, conf.Bytes()) {
		t.Errorf("deploy/nats.conf is not what the grants say (%v): go test ./ingest -run ServerConfig -update", err)
	}
}

// With only the rights of its role each process does all its work, and nothing else.
func TestGrants(t *testing.T) {
	url := grantServer(t)
	if err := Prepare(t.Context(), Options{URL: url("operator"), Dir: t.TempDir()}); err != nil {
		t.Fatal(err)
	}
	open := func(role string) *Inbox {
		in, err := Open(t.Context(), Options{URL: url(role), Dir: t.TempDir(), Log: testLog()})
		if err != nil {
			t.Fatalf("%s: %v", role, err)
		}
		t.Cleanup(in.Close)
		return in
	}
	web, worker, operator := open("web"), open("worker"), open("operator")
	b := &bench{t: t, dir: t.TempDir(), inbox: operator, store: newFakeStore()}
	b.work(worker, b.store, 1)
	defer b.shutWorkers()
	send := func(name, content string) extract.Filing {
		f, err := web.Accept(t.Context(), Upload{Name: name, By: "p", Size: -1}, strings.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	f := send("a.pdf", report("body A", "fact 1"))
	watch, err := web.Watch(t.Context(), f.ID)
	if err != nil {
		t.Fatal(err)
	}
	for p := range watch {
		if p.State == extract.Waiting {
			break
		}
	}
	if _, err := web.Accept(t.Context(), Upload{Name: "b.pdf", Size: -1}, strings.NewReader(report("body A", "fact 1"))); code(err) != "duplicate" {
		t.Errorf("duplicate: %v", err)
	}
	if _, err := web.Accept(t.Context(), Upload{Name: "b.exe", Size: -1}, strings.NewReader("MZ")); code(err) != "unsupported" {
		t.Errorf("unsupported: %v", err)
	}
	period := "2020"
	if _, err := web.Decide(t.Context(), extract.Decision{ID: f.ID, What: "set", Period: &period, By: "p"}); err != nil {
		t.Fatal(err)
	}
	for b.known(f.ID).State != extract.Visible {
		time.Sleep(10 * time.Millisecond)
	}
	if o, _, err := web.Original(t.Context(), f.ID); err != nil {
		t.Error(err)
	} else {
		o.Close()
	}
	if err := web.Audit(t.Context(), Record{By: "p", What: "read"}); err != nil {
		t.Error(err)
	}
	if n, _, err := web.VerifyAudit(t.Context(), nil); n != 1 || err != nil {
		t.Errorf("audit: %d, %v", n, err)
	}
	accounts, err := OpenBucket(t.Context(), web.js, "accounts", 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := accounts.Create(t.Context(), "lan", []byte("x")); !ok || err != nil {
		t.Error(err)
	}
	if keys, err := accounts.Keys(t.Context()); len(keys) != 1 || err != nil {
		t.Errorf("keys %v, %v", keys, err)
	}
	if _, err := worker.Reconcile(t.Context()); err != nil {
		t.Error(err)
	}
	if err := worker.Sweep(t.Context(), b.store, 0); err != nil {
		t.Error(err)
	}
	if _, err := web.Decide(t.Context(), extract.Decision{ID: f.ID, What: eventDelete, By: "p", Reason: "x"}); err != nil {
		t.Fatal(err)
	}
	b.settled(f.ID)
	if err := operator.Backup(t.Context(), &bytes.Buffer{}, nil); err != nil {
		t.Error(err)
	}

	never := []string{epochSubject, "$JS.API.STREAM.DELETE.LEDGER", "$JS.API.STREAM.UPDATE.LEDGER", "$JS.API.STREAM.PURGE.LEDGER",
		"$JS.API.STREAM.MSG.DELETE.LEDGER", "$JS.API.STREAM.PURGE.AUDIT", "$JS.API.STREAM.DELETE.OBJ_originals", "$JS.API.STREAM.CREATE.X",
		"$JS.API.STREAM.PURGE.KV_accounts", "$JS.API.CONSUMER.DELETE.JOBS.workers", "$JS.API.STREAM.SNAPSHOT.LEDGER", "$JS.API.STREAM.RESTORE.LEDGER",
		"$SYS.REQ.SERVER.PING", "anything"}
	forbidden := map[string][]string{
		"web":    append([]string{"$JS.API.STREAM.MSG.DELETE.KEYS", "$KV.leases.x", "progress.x", "$JS.API.CONSUMER.MSG.NEXT.JOBS.workers", "$JS.ACK.JOBS.workers.1.1.1.1.1"}, never...),
		"worker": append([]string{"$O.originals.C.x", "$O.originals.M.x", "audit", "refusals", "keys.x", "$KV.accounts.lan", "$KV.tokens.x", "$JS.API.DIRECT.GET.KV_accounts.$KV.accounts.lan", "$JS.API.STREAM.MSG.GET.KV_sessions"}, never...),
	}
	for role, subjects := range forbidden {
		denied := make(chan string, 1)
		nc, err := nats.Connect(url(role), nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { denied <- err.Error() }))
		if err != nil {
			t.Fatal(err)
		}
		for _, subject := range subjects {
			if err := nc.Publish(subject, nil); err != nil {
				t.Fatal(err)
			}
			if err := nc.Flush(); err != nil {
				t.Fatal(err)
			}
			if got := <-denied; !strings.Contains(got, `Permissions Violation for Publish to "`+subject) { // hangs, and so fails, if it is allowed
				t.Errorf("%s publishes %s: %s", role, subject, got)
			}
		}
		for _, subject := range []string{"ledger.>", "$KV.>", "$O.>", ">"} {
			if _, err := nc.Subscribe(subject, func(*nats.Msg) {}); err != nil {
				t.Fatal(err)
			}
			if got := <-denied; !strings.Contains(got, "Permissions Violation for Subscription") {
				t.Errorf("%s listens to %s: %s", role, subject, got)
			}
		}
		nc.Close()
	}
	if roles := Grants(); !slices.ContainsFunc(roles, func(g Grant) bool { return g.Role == "operator" }) {
		t.Error("no operator")
	}
}
