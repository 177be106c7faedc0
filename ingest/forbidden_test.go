package ingest

import (
	"strings"
	"testing"

	"github.com/nats-io/nats.go"
)

// matches tells whether a NATS pattern covers a subject.
func matches(pattern, subject string) bool {
	p, s := strings.Split(pattern, "."), strings.Split(subject, ".")
	for i, token := range p {
		if token == ">" {
			return len(s) > i
		}
		if i >= len(s) || token != "*" && token != s[i] {
			return false
		}
	}
	return len(p) == len(s)
}

// TestForbiddenSubjects tries every administrative call on every stream, and what the other role may
// write, as web and as worker: the server denies each one but those that are listed here as needed.
func TestForbiddenSubjects(t *testing.T) {
	url := grantServer(t)
	if err := Prepare(t.Context(), Options{URL: url("operator"), Dir: t.TempDir()}); err != nil {
		t.Fatal(err)
	}
	streams := []string{ledgerStream, auditStream, refusalStream, jobStream, keyStream, "OBJ_" + originalBucket, "KV_" + leaseBucket, "KV_" + markBucket}
	for _, p := range pageBuckets {
		streams = append(streams, "KV_"+p.name)
	}
	var calls []string
	for _, s := range streams {
		for _, op := range []string{"CREATE", "UPDATE", "DELETE", "PURGE", "MSG.DELETE", "SNAPSHOT", "RESTORE", "PEER.REMOVE", "LEADER.STEPDOWN"} {
			calls = append(calls, "$JS.API.STREAM."+op+"."+s)
		}
	}
	// Objects that no ledger entry names are overwritten by any process, chunk by chunk; keys of what was
	// deleted by the worker that deletes it.
	needed := map[string]string{"$JS.API.STREAM.MSG.DELETE.OBJ_" + originalBucket: "web worker", "$JS.API.STREAM.MSG.DELETE." + keyStream: "worker"}
	grants := map[string]Grant{}
	for _, g := range Grants() {
		grants[g.Role] = g
	}
	for role, other := range map[string]string{"web": "worker", "worker": "web"} {
		tried := append([]string{}, calls...)
		for _, pattern := range grants[other].Publish { // one subject of each of the other's rights
			tried = append(tried, strings.NewReplacer("*", "x", ">", "x").Replace(pattern))
		}
		denied := make(chan string, 1)
		nc, err := nats.Connect(url(role), nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { denied <- err.Error() }))
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, subject := range tried {
			mine := false
			for _, pattern := range grants[role].Publish {
				mine = mine || matches(pattern, subject)
			}
			if mine {
				if strings.HasPrefix(subject, "$JS.API.STREAM.") && !strings.Contains(needed[subject], role) && !strings.Contains(subject, ".INFO.") && !strings.Contains(subject, ".MSG.GET.") {
					t.Errorf("%s is granted %s", role, subject)
				}
				continue
			}
			if err := nc.Publish(subject, nil); err != nil {
				t.Fatal(err)
			}
			if err := nc.Flush(); err != nil {
				t.Fatal(err)
			}
			if got := <-denied; !strings.Contains(got, `Permissions Violation for Publish to "`+subject) { // hangs, and so fails, if it is allowed
				t.Errorf("%s publishes %s: %s", role, subject, got)
			}
			n++
		}
		if n < len(calls)-2 {
			t.Errorf("%s: only %d subjects tried", role, n)
		}
		t.Logf("%s: %d subjects denied", role, n)
		nc.Close()
	}
}
