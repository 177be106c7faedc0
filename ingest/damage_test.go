package ingest

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"soket/extract"
)

// One bit is flipped somewhere in each of many copies of a store: either nothing that was promised
// is different, or the difference is found and told.
func TestBitFlips(t *testing.T) {
	r := testSeed(t)
	b := newBench(t)
	b.work(b.inbox, b.store, 2)
	truth := map[string]extract.Filing{}
	for i := range 12 {
		f := b.accept(fmt.Sprintf("r%d.pdf", i), report("body A", "period 2020", fmt.Sprint("fact ", i), strings.Repeat("x", 2000)))
		b.settled(f.ID)
	}
	b.drained()
	if err := b.inbox.checkLedger(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, e := range b.inbox.index.all(func(*entry) bool { return true }) {
		truth[e.ID] = e.Filing
	}
	b.shut()
	var files []string
	var weights []int64
	var total int64
	err := filepath.WalkDir(b.dir+"/nats", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		fi, err := d.Info()
		if err == nil && fi.Size() > 0 {
			files, total = append(files, path), total+fi.Size()
			weights = append(weights, fi.Size())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	found, harmless := 0, 0
	for i := range faultsWanted(25) {
		dir := filepath.Join(t.TempDir(), fmt.Sprint(i))
		if err := os.CopyFS(dir, os.DirFS(b.dir+"/nats")); err != nil {
			t.Fatal(err)
		}
		// Half of the flips by size, half by file: small files matter too.
		k := r.IntN(len(files))
		if i%2 == 0 {
			at := r.Int64N(total)
			for k = 0; at >= weights[k]; k++ {
				at -= weights[k]
			}
		}
		rel, _ := filepath.Rel(b.dir+"/nats", files[k])
		path := filepath.Join(dir, rel)
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		bit := r.IntN(len(data) * 8)
		data[bit/8] ^= 1 << (bit % 8)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		what := damageIn(t, dir, truth)
		switch {
		case what == nil:
			harmless++
		case errors.Is(what, errSilent):
			t.Errorf("bit %d of %s: %v", bit, rel, what)
		default:
			found++
		}
		_ = os.RemoveAll(dir)
	}
	t.Logf("%d found, %d harmless", found, harmless)
}

var errSilent = errors.New("changed without a word")

// damageIn opens a store and compares it with the truth: nil when all is as it was, errSilent when
// it is not and nothing told so, else what told.
func damageIn(t *testing.T, dir string, truth map[string]extract.Filing) error {
	server, err := Start(t.Context(), dir, ServerOptions{Bytes: testStoreBytes})
	if err != nil {
		return err
	}
	defer server.Stop()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	in, err := Open(ctx, Options{Server: server, Dir: dir, FreeBytes: 1})
	if err != nil {
		return err
	}
	defer in.Close()
	if err := in.Damage(); err != nil {
		return err
	}
	for id, want := range truth {
		got, ok := in.Filing(id)
		if !ok {
			return fmt.Errorf("%w: filing lost", errSilent)
		}
		if !reflect.DeepEqual(got, want) {
			return fmt.Errorf("%w: %+v, was %+v", errSilent, got, want)
		}
		o, _, err := in.Original(ctx, id)
		if err != nil {
			return err // told when it is read
		}
		_, err = io.Copy(io.Discard, o)
		o.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

// One bit in a sequence has nats-server fill all memory while it starts, so such a block is found before.
func TestLeapIsFoundBeforeTheStart(t *testing.T) {
	b := newBench(t)
	for i := range 3 {
		b.accept("a.pdf", report(fmt.Sprint("fact ", i)))
	}
	b.shut()
	blocks, err := filepath.Glob(b.dir + "/nats/jetstream/*/streams/LEDGER/msgs/*.blk")
	if err != nil || len(blocks) != 1 {
		t.Fatal(blocks, err)
	}
	data, err := os.ReadFile(blocks[0])
	if err != nil {
		t.Fatal(err)
	}
	second := binary.LittleEndian.Uint32(data) &^ (1 << 31)
	data[second+4+6] ^= 1
	if err := os.WriteFile(blocks[0], data, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Start(t.Context(), b.dir+"/nats", ServerOptions{}); err == nil || !strings.Contains(err.Error(), "restore the last backup") {
		t.Error(err)
	}
}
