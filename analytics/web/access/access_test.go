package access_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"soket/analytics/web/access"
	"soket/ingest"
)

// desk gives a desk over a JetStream server of its own.
func desk(t *testing.T) (*access.Desk, *time.Time) {
	t.Helper()
	s, err := server.NewServer(&server.Options{JetStream: true, StoreDir: t.TempDir(), DontListen: true, NoSigs: true})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	nc, err := nats.Connect("", nats.InProcessServer(s))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	var buckets []access.Bucket
	for _, name := range []string{"accounts", "sessions", "tokens"} {
		b, err := ingest.OpenBucket(t.Context(), js, name, 0, 1)
		if err != nil {
			t.Fatal(err)
		}
		buckets = append(buckets, b)
	}
	d := access.NewDesk(buckets[0], buckets[1], buckets[2])
	now := time.Now()
	d.Now = func() time.Time { return now }
	return d, &now
}

const good = "trời xanh mây trắng 7"

func TestSignIn(t *testing.T) {
	d, now := desk(t)
	ctx := t.Context()
	if _, err := d.Add(ctx, "Lan", "Trần Thị Lan", good, []access.Grant{{Role: access.Uploader, Body: "Sở A"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Add(ctx, "lan", "", good, nil); !errors.Is(err, access.ErrExists) {
		t.Errorf("second account of one name: %v", err)
	}
	secret, _, err := d.SignIn(ctx, "LAN", good, "10.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	p, ok, err := d.Session(ctx, secret)
	if err != nil || !ok || p.Name != "lan" || p.CSRF == "" {
		t.Fatalf("session: %+v %v %v", p, ok, err)
	}
	if _, ok, _ := d.Session(ctx, secret+"x"); ok {
		t.Error("a made-up session was let in")
	}
	if err := d.SetPassword(ctx, "lan", good+" và hơn nữa"); err != nil {
		t.Fatal(err)
	}
	if _, ok, _ := d.Session(ctx, secret); ok {
		t.Error("a session outlived the password")
	}
	secret, _, err = d.SignIn(ctx, "lan", good+" và hơn nữa", "10.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	*now = now.Add(3 * time.Hour)
	if _, ok, _ := d.Session(ctx, secret); ok {
		t.Error("an idle session lives on")
	}
}

func TestThrottleSlowsButNeverLocksOut(t *testing.T) {
	d, now := desk(t)
	ctx := t.Context()
	if _, err := d.Add(ctx, "lan", "", good, nil); err != nil {
		t.Fatal(err)
	}
	slowed := 0
	for range 12 {
		_, wait, err := d.SignIn(ctx, "lan", "wrong password", "10.0.0.1")
		if errors.Is(err, access.ErrSlow) {
			slowed++
			*now = now.Add(wait / 2)
		} else if !errors.Is(err, access.ErrDenied) {
			t.Fatal(err)
		}
	}
	if slowed == 0 {
		t.Error("twelve wrong tries in a row were not slowed")
	}
	if _, _, err := d.SignIn(ctx, "lan", good, "10.0.0.2"); err != nil {
		t.Errorf("the right person from another address is shut out: %v", err)
	}
	*now = now.Add(6 * time.Minute)
	if _, _, err := d.SignIn(ctx, "lan", good, "10.0.0.1"); err != nil {
		t.Errorf("locked out after the longest wait: %v", err)
	}
}

func TestPasswords(t *testing.T) {
	d, _ := desk(t)
	for _, bad := range []string{"", "short", "matkhau123456", "aaaaaaaaaaaaaa", "password1234", "lan-and-more-text", strings.Repeat("dài", 100)} {
		if _, err := d.Add(t.Context(), "lan", "", bad, nil); !errors.Is(err, access.ErrPassword) {
			t.Errorf("password %.20q: %v", bad, err)
		}
	}
}

func TestSetupLinkWorksOnce(t *testing.T) {
	d, _ := desk(t)
	ctx := t.Context()
	old, err := d.Setup(ctx)
	if err != nil || old == "" {
		t.Fatal(old, err)
	}
	link, err := d.Setup(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.UseSetup(ctx, old, "quantri", "", good); !errors.Is(err, access.ErrDenied) {
		t.Errorf("an older link still works: %v", err)
	}
	if _, err := d.UseSetup(ctx, link, "quantri", "", "short"); !errors.Is(err, access.ErrPassword) {
		t.Errorf("a bad password: %v", err)
	}
	if _, err := d.UseSetup(ctx, link, "quantri", "Quản trị", good); err != nil {
		t.Fatalf("the link is spent by a bad password: %v", err)
	}
	if _, err := d.UseSetup(ctx, link, "other", "", good); !errors.Is(err, access.ErrDenied) {
		t.Errorf("the link works twice: %v", err)
	}
	if again, err := d.Setup(ctx); err != nil || again != "" {
		t.Errorf("a link although there are accounts: %q %v", again, err)
	}
}

func TestRightsAreDeniedByDefault(t *testing.T) {
	d, _ := desk(t)
	d.Under = func(body, ancestor string) bool { return ancestor == "Sở A" && body == "Chi cục A" }
	lan := access.Person{Grants: []access.Grant{{Role: access.Uploader, Body: "Sở A"}}}
	for _, c := range []struct {
		action access.Action
		body   string
		want   bool
	}{
		{access.Open, "", true}, {access.Upload, "Sở A", true}, {access.Upload, "Chi cục A", true},
		{access.Upload, "Sở B", false}, {access.Approve, "Sở A", false}, {access.Manage, "", false},
		{access.Read, "", true}, {"made up", "Sở A", false},
	} {
		if got := d.May(lan, c.action, c.body); got != c.want {
			t.Errorf("uploader of Sở A, %s on %q: %v", c.action, c.body, got)
		}
	}
	if d.May(access.Person{}, access.Read, "") {
		t.Error("a person without grants may read")
	}
	for role := range access.Rights {
		for _, action := range access.Rights[role] {
			if action == access.Manage && role != access.Administrator {
				t.Errorf("%s may manage accounts", role)
			}
		}
	}
}

func TestTokens(t *testing.T) {
	d, now := desk(t)
	ctx := t.Context()
	if _, err := d.Add(ctx, "lan", "Lan", good, []access.Grant{{Role: access.Uploader, Body: "*"}}); err != nil {
		t.Fatal(err)
	}
	plain, _, err := d.NewToken(ctx, "lan", "máy quét", []access.Action{access.Upload}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	p, ok, err := d.TokenPerson(ctx, plain)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	if !d.May(p, access.Upload, "Sở A") || d.May(p, access.Read, "Sở A") {
		t.Error("the scope of a token does not bind it")
	}
	raw, err := d.Tokens.Keys(ctx)
	if err != nil || len(raw) != 1 || strings.Contains(plain, raw[0]) {
		t.Errorf("token keys: %v %v", raw, err)
	}
	*now = now.Add(2 * time.Hour)
	if _, ok, _ := d.TokenPerson(ctx, plain); ok {
		t.Error("a token outlived its day")
	}
}

// TestConcurrentChange holds that two who change one account at once both get through, one after
// the other.
func TestConcurrentChange(t *testing.T) {
	d, _ := desk(t)
	ctx := context.WithoutCancel(t.Context())
	if _, err := d.Add(ctx, "lan", "", good, nil); err != nil {
		t.Fatal(err)
	}
	errs := make(chan error)
	for range 3 {
		go func() {
			_, err := d.Change(ctx, "lan", func(a *access.Account) error { a.Epoch++; return nil })
			errs <- err
		}()
	}
	for range 3 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if a, err := d.Account(ctx, "lan"); err != nil || a.Epoch != 3 {
		t.Errorf("epoch %d after three changes, %v", a.Epoch, err)
	}
}

// TestNothingOpenIsKept: who reads the buckets has no password, session, token or link to use.
func TestNothingOpenIsKept(t *testing.T) {
	d, _ := desk(t)
	ctx := t.Context()
	link, err := d.Setup(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Add(ctx, "lan", "", good, nil); err != nil {
		t.Fatal(err)
	}
	session, _, err := d.SignIn(ctx, "lan", good, "10.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	token, _, err := d.NewToken(ctx, "lan", "máy quét", []access.Action{access.Upload}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	var kept strings.Builder
	for _, b := range []access.Bucket{d.Accounts, d.Sessions, d.Tokens} {
		keys, err := b.Keys(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range keys {
			value, _, _, err := b.Get(ctx, key)
			if err != nil {
				t.Fatal(err)
			}
			kept.WriteString(key + "\n" + string(value) + "\n")
		}
	}
	if !strings.Contains(kept.String(), "$argon2id$v=19$m=65536,") {
		t.Errorf("no password is kept as argon2id over 64 MiB: %s", kept.String())
	}
	for what, secret := range map[string]string{"link": link, "password": good, "session": session, "token": token} {
		if secret == "" || strings.Contains(kept.String(), secret) {
			t.Errorf("%s %q is kept open", what, secret)
		}
	}
}
