package ingest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/nats-io/nats.go/jetstream"

	"soket/extract"
)

func TestReportBecomesVisible(t *testing.T) {
	b := newBench(t)
	b.work(b.inbox, b.store, 2)
	content := report("body Sở KH&CN tỉnh Mẫu", "period 2024-H1", "fact 12", "fact 30")
	f := b.accept("báo cáo.pdf", content)
	if f.State != extract.Accepted || f.Rev == 0 || f.Format != "pdf" || f.Size != int64(len(content)) {
		t.Fatalf("accepted as %+v", f)
	}
	watch, err := b.inbox.Watch(t.Context(), f.ID)
	if err != nil {
		t.Fatal(err)
	}
	for p := range watch {
		if p.State == extract.Visible {
			if p.Facts != 2 {
				t.Errorf("watched %+v, want 2 facts", p)
			}
			break
		}
	}
	if got := b.store.visible()[f.ID]; !slices.Equal(got, []float64{12, 30}) {
		t.Errorf("visible %v", got)
	}
	file, g, err := b.inbox.Original(t.Context(), f.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	data, err := io.ReadAll(file)
	if err != nil || string(data) != content {
		t.Errorf("original: %q, %v", data, err)
	}
	if g.ReadBody != "Sở KH&CN tỉnh Mẫu" || g.ReadPeriod != "2024-H1" {
		t.Errorf("read as %q, %q", g.ReadBody, g.ReadPeriod)
	}
	// A plain client of NATS reads the file as well.
	plain, err := originalsOf(t, b.inbox).GetBytes(t.Context(), f.ID)
	if err != nil || string(plain) != content {
		t.Errorf("plain Get: %d bytes, %v", len(plain), err)
	}
	sum := sha256.Sum256([]byte(content))
	if f.SHA256 != hex.EncodeToString(sum[:]) {
		t.Errorf("sha %s", f.SHA256)
	}
}

func code(err error) string {
	var r *extract.Refusal
	if errors.As(err, &r) {
		return r.Code
	}
	return ""
}

func TestRefusalsAreTold(t *testing.T) {
	b := newBench(t)
	first := b.accept("a.pdf", report("fact 1"))
	for _, c := range []struct {
		name, content, code string
		size                int64
	}{
		{"b.pdf", report("fact 1"), "duplicate", -1},
		{"b.pdf", "", "empty", 0},
		{"b.exe", "MZ\x90\x00\x03\x00\x00\x00\x04", "unsupported", -1},
		{"note.txt", "only words", "unsupported", -1},
		{"a/b.pdf", report("fact 2"), "bad_name", -1},
		{"a\u202epdf.exe", report("fact 2"), "bad_name", -1},
		{strings.Repeat("ờ", 201) + ".pdf", report("fact 2"), "bad_name", -1},
		{"big.pdf", report("fact 2"), "too_large", MaxUploadBytes + 1},
	} {
		_, err := b.inbox.Accept(t.Context(), Upload{Name: c.name, By: "x", Size: c.size}, strings.NewReader(c.content))
		if code(err) != c.code {
			t.Errorf("%s: %v, want %s", c.name, err, c.code)
		}
		var r *extract.Refusal
		if c.code == "duplicate" && (!errors.As(err, &r) || r.Existing == nil || r.Existing.ID != first.ID) {
			t.Errorf("duplicate does not name the filing: %v", err)
		}
	}
	if n := objects(t, b.inbox); n != 1 {
		t.Errorf("%d objects left behind, want 1", n)
	}
	for { // the list follows the stream
		p, err := b.inbox.Filings(Query{State: extract.Refused})
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Filings) == 7 {
			if p.Filings[0].Reason == "" {
				t.Errorf("refused without a reason: %+v", p.Filings[0])
			}
			break
		}
	}
}

// objects counts the subjects in the bucket's stream, and checks that each object has its chunks.
func objects(t *testing.T, b *Inbox) int {
	t.Helper()
	list, err := originalsOf(t, b).List(context.Background())
	if err != nil && len(list) == 0 {
		return 0
	}
	info, err := b.chunks.Info(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if info.State.NumSubjects != uint64(2*len(list)) {
		t.Errorf("%d objects, but %d subjects of chunks and metadata", len(list), info.State.NumSubjects)
	}
	return len(list)
}

// originalsOf is the bucket as any NATS tool sees it.
func originalsOf(t *testing.T, b *Inbox) jetstream.ObjectStore {
	t.Helper()
	s, err := b.js.ObjectStore(context.Background(), originalBucket)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
