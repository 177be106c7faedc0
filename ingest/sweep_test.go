package ingest

import (
	"path/filepath"
	"strings"
	"testing"
)

// The sweep takes what no filing names, and looks at messages of doubtful objects only: for each one
// the server reads a block of 8 MiB, and it comes every hour, whatever is stored.
func TestSweepLooksAtWhatIsInDoubt(t *testing.T) {
	b := newBench(t)
	stop := b.work(b.inbox, b.store, 1)
	plain, old, twice := b.accept("a.pdf", report("fact 1")), b.accept("b.pdf", report("fact 2")), b.accept("c.pdf", report("fact 3"))
	b.settled(plain.ID)
	b.settled(old.ID)
	b.settled(twice.ID)
	stop()
	// As it lay before chunks bore the name, which is as any NATS tool writes it.
	if err := b.inbox.eraseOriginal(t.Context(), old.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := originalsOf(t, b.inbox).PutString(t.Context(), old.ID, report("fact 2")); err != nil {
		t.Fatal(err)
	}
	for _, left := range []string{"A", plain.ID[:35] + "x-A", twice.ID + "-A", twice.ID + "-B", twice.ID + "-C"} {
		if _, err := b.inbox.js.Publish(t.Context(), chunkSubject+left, []byte("left")); err != nil {
			t.Fatal(err)
		}
	}
	const look = "$JS.API.DIRECT.GET.OBJ_" + originalBucket + "."
	looks, err := b.inbox.nc.SubscribeSync(look + ">")
	if err != nil {
		t.Fatal(err)
	}
	if n, err := b.inbox.sweepOriginals(t.Context(), 0); n != 5 || err != nil {
		t.Errorf("swept %d, %v", n, err)
	}
	if err := b.inbox.nc.Flush(); err != nil {
		t.Fatal(err)
	}
	looked := map[string]bool{}
	for n, _, _ := looks.Pending(); n > 0; n-- {
		m, err := looks.NextMsgWithContext(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		looked[nameOf(strings.TrimPrefix(m.Subject, look))] = true
	}
	if looked[plain.ID] || !looked[old.ID] || !looked[twice.ID] {
		t.Errorf("looked at %v; in order is %s", looked, plain.ID)
	}
	if n := objects(t, b.inbox); n != 3 {
		t.Errorf("%d objects after the sweep", n)
	}
	for _, f := range []string{plain.ID, old.ID, twice.ID} {
		e, _ := b.inbox.index.get(f)
		if err := b.inbox.fetch(t.Context(), e.Filing, filepath.Join(t.TempDir(), "copy")); err != nil {
			t.Errorf("after the sweep: %v", err)
		}
	}
}
