package sandbox

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// waiting lists the children that wait in this test's own directory for temporary files.
func waiting(t *testing.T) (pids []int) {
	t.Helper()
	all, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range all {
		said, _ := os.ReadFile(path)
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path))); err == nil && bytes.HasPrefix(said, []byte(filepath.Join(bin, "extractor")+"\x00-wait\x00-dir\x00"+os.TempDir())) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// TestSpare: a child that waited reads like one that was started for the document, one waits after
// each reading, one that died meanwhile does no harm, and none is left in the end.
func TestSpare(t *testing.T) {
	ownTemp(t)
	samples, err := filepath.Glob("../../samples/*.pdf")
	if err != nil || len(samples) == 0 {
		t.Fatal("no samples", err)
	}
	r := reader(t)
	want, err := r.Read(t.Context(), samples[0], "x.pdf", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	become := func(n int) (pids []int) { // beside what goes on
		for range 1000 {
			if pids = waiting(t); len(pids) == n {
				return pids
			}
			time.Sleep(10 * time.Millisecond)
		}
		t.Fatalf("waiting: %v, want %d", pids, n)
		return nil
	}
	r.Spare = new(Spare)
	for i := range 4 {
		got, err := r.Read(t.Context(), samples[0], "x.pdf", "", nil)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("reading %d: another report, or %v", i, err)
		}
		one := become(1)
		if i == 2 {
			syscall.Kill(one[0], syscall.SIGKILL)
			become(0)
		}
	}
	rehearses := func() string {
		said, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(become(1)[0]), "cmdline"))
		return string(said)
	}
	if said := rehearses(); !strings.Contains(said, "-rehearse") {
		t.Errorf("after the only reading: %q", said)
	}
	done := r.Spare.begin() // another document is being read
	if _, err := r.Read(t.Context(), samples[0], "x.pdf", "", nil); err != nil {
		t.Fatal(err)
	}
	if said := rehearses(); strings.Contains(said, "-rehearse") {
		t.Errorf("beside another reading: %q", said)
	}
	done()
	r.Spare.Close()
	r.Spare.start(r)
	if pids := waiting(t); len(pids) > 0 {
		t.Errorf("still waiting: %v", pids)
	}
	if after := leftovers(t); len(after) > 0 {
		t.Errorf("left behind: %v", after)
	}
}
