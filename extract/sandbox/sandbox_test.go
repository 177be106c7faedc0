package sandbox

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"soket/extract"
	"soket/extract/document"
)

// bin holds the children, built without C as the Makefile builds them.
var bin string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	if dir := os.Getenv(makeHostile); dir != "" {
		if err := writeHostile(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return 0
	}
	if len(os.Args) == 4 && os.Args[1] == makeRegister {
		if err := caseRegister(os.Args[2], os.Args[3]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return 0
	}
	if len(os.Args) == 3 && (os.Args[1] == plainRows || os.Args[1] == plainStream) {
		if err := readPlainRows(os.Args[2], os.Args[1] == plainStream); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return 0
	}
	if len(os.Args) == 3 && os.Args[1] == plainText {
		if err := printPlainText(os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return 0
	}
	if len(os.Args) == 4 && os.Args[1] == startSleep {
		noNamespaces.Store(os.Args[3] == "without")
		p := process{program: os.Args[2], args: []string{"1000"}, dir: os.TempDir(), wall: time.Hour, output: 1}
		fmt.Fprintln(os.Stderr, p.run(context.Background(), func(io.Reader) error { return nil }))
		return 1
	}
	dir, err := os.MkdirTemp("", "sandbox-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	bin = dir
	build := exec.Command("go", "build", "-o", dir+"/", "soket/cmd/extractor", "soket/cmd/pdfium", "soket/cmd/starter", "soket/extract/sandbox/sandboxtest/escape")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

func reader(t testing.TB) Reader {
	t.Helper()
	return Reader{Extractor: filepath.Join(bin, "extractor"), Pdfium: filepath.Join(bin, "pdfium"), Cache: filepath.Join(bin, "cache")}
}

// installed gives a program of the machine a place beside the children.
func installed(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join(bin, name)
	if err := os.Symlink("/bin/"+name, path); err != nil && !errors.Is(err, os.ErrExist) {
		t.Fatal(err)
	}
	return path
}

// escape runs the escaping child and gives what it printed: one started for it, or one that waited.
func escape(t *testing.T, target map[string]any, wall time.Duration, waited bool) (string, error) {
	t.Helper()
	doc, err := os.Open("sandbox_test.go")
	if err != nil {
		t.Fatal(err)
	}
	defer doc.Close()
	name, _ := json.Marshal(target)
	p := process{program: filepath.Join(bin, "escape"), args: []string{"-name", string(name)}, files: []*os.File{doc}, wall: wall, output: 1 << 20}
	var out strings.Builder
	take := func(r io.Reader) error {
		_, err := io.Copy(&out, r)
		return err
	}
	if waited {
		s := new(Spare)
		defer s.Close()
		s.start(Reader{Extractor: p.program})
		err := s.serve(t.Context(), p, take)
		return out.String(), err
	}
	p.dir = t.TempDir()
	p.args = append(p.args, "-dir", p.dir)
	err = p.run(t.Context(), take)
	return out.String(), err
}

// startSleep is the argument that makes the test binary start a child that sleeps.
const startSleep = "-start-sleep"

// TestEndsWithParent: a child goes when the program that started it is killed.
func TestEndsWithParent(t *testing.T) {
	sleep := installed(t, "sleep")
	sleeping := func() bool {
		all, _ := filepath.Glob("/proc/[0-9]*/cmdline")
		return slices.ContainsFunc(all, func(path string) bool {
			said, _ := os.ReadFile(path)
			return string(said) == sleep+"\x001000\x00"
		})
	}
	become := func(want bool) {
		t.Helper()
		for range 1000 {
			if sleeping() == want {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
		t.Fatalf("sleeping: %v", !want)
	}
	for _, how := range []string{"with", "without"} { // namespaces
		parent := exec.Command(os.Args[0], startSleep, sleep, how)
		if err := parent.Start(); err != nil {
			t.Fatal(err)
		}
		become(true)
		parent.Process.Kill()
		parent.Wait()
		become(false)
	}
}

// TestStarved: a child that had no processor is started again, one that may wait by itself is not.
func TestStarved(t *testing.T) {
	for ours, want := range map[bool]int{true: starvedTries, false: 1} {
		taken := 0
		p := process{program: installed(t, "sleep"), args: []string{"60"}, dir: t.TempDir(), wall: 2 * time.Second, ours: ours, output: 1}
		err := p.run(t.Context(), func(io.Reader) error { taken++; return nil })
		if taken != want || !errors.Is(err, document.ErrTimeout) || !errors.Is(err, errStarved) {
			t.Errorf("ours %v: taken %d times, want %d; %v", ours, taken, want, err)
		}
	}
}

// TestGivesWay: a reading whose children took much of a processor says so once; they run at a lower
// priority from then on and have more time by the clock.
func TestGivesWay(t *testing.T) {
	told := 0
	m, stop := newMeter(func() { told++ })
	m.mu.Lock()
	m.spent = slowAfter - 20*time.Millisecond
	m.mu.Unlock()
	nice := "cut -d' ' -f19 /proc/self/stat"
	// What it takes is taken by a child of its own, as LibreOffice does.
	first := "n=$(" + nice + "); (while [ $(" + nice + ") = $n ]; do :; done); echo $(($(" + nice + ")-n))"
	for _, script := range []string{first, "sleep 3; " + nice} {
		p := process{program: installed(t, "sh"), args: []string{"-c", script}, dir: t.TempDir(), env: []string{"PATH=/bin:/usr/bin"}, wall: 2 * time.Second, output: 1 << 10, meter: m}
		if script == first {
			p.wall = time.Minute
		}
		var out strings.Builder
		if err := p.run(t.Context(), func(r io.Reader) error { _, err := io.Copy(&out, r); return err }); err != nil {
			t.Fatal(err)
		}
		if n, err := strconv.Atoi(strings.TrimSpace(out.String())); err != nil || n < slowNice && n < 19 {
			t.Errorf("gives way by %q", out.String())
		}
	}
	if stop(); told != 1 {
		t.Errorf("told %d times", told)
	}
}

// TestEscape wants every attempt to get out refused, whatever layers this kernel gives.
func TestEscape(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("secret"), 0o666); err != nil {
		t.Fatal(err)
	}
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer tcp.Close()
	abstract := fmt.Sprintf("@soket-escape-%d", os.Getpid())
	sock, err := net.Listen("unix", abstract)
	if err != nil {
		t.Fatal(err)
	}
	defer sock.Close()
	target := map[string]any{"Secret": secret, "TCP": tcp.Addr().String(), "Unix": abstract, "Parent": os.Getpid()}
	waited := false
	try := func(t *testing.T) {
		out, err := escape(t, target, time.Minute, waited)
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		attempts, layers := 0, ""
		for lines := bufio.NewScanner(strings.NewReader(out)); lines.Scan(); {
			line := lines.Text()
			if rest, ok := strings.CutPrefix(line, "layers: "); ok {
				layers = rest
				continue
			}
			attempts++
			if !strings.Contains(line, ": refused ") {
				t.Error(line)
			}
		}
		if attempts < 25 || layers == "" {
			t.Errorf("only %d attempts, layers %q:\n%s", attempts, layers, out)
		}
		if got, err := os.ReadFile(secret); err != nil || string(got) != "secret" {
			t.Errorf("secret is now %q, %v", got, err)
		}
		t.Log("layers that held:", layers)
	}
	t.Run("with namespaces", try)
	// As in a container that forbids them: landlock and seccomp must do alone.
	noNamespaces.Store(true)
	defer noNamespaces.Store(false)
	t.Run("without namespaces", try)
	waited = true
	t.Run("having waited, without namespaces", try)
	noNamespaces.Store(false)
	t.Run("having waited", try)
}

// TestLimits wants a child that takes too much to end as what it took too much of.
func TestLimits(t *testing.T) {
	for name, c := range map[string]struct {
		want error
		wall time.Duration
	}{
		"eat": {document.ErrMemory, time.Minute}, "spin": {document.ErrTimeout, time.Second}, "shout": {document.ErrTooLarge, time.Minute},
	} {
		for _, waited := range []bool{false, true} {
			if out, err := escape(t, map[string]any{"Secret": name}, c.wall, waited); !errors.Is(err, c.want) {
				t.Errorf("%s: %v, want %v: %.200s", name, err, c.want, out)
			}
		}
	}
}

func TestLayers(t *testing.T) {
	layers, err := reader(t).Layers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(layers, LayerProcess) || !slices.Contains(layers, LayerLimits) {
		t.Errorf("layers %v", layers)
	}
	r := reader(t)
	r.Require = []string{"moat"}
	if got, err := r.Layers(t.Context()); extract.CodeOf(err) != "internal" {
		t.Errorf("without a required layer: %v, %v", got, err)
	}
}

// TestExtractorIsSmall keeps the child that is started for each document free of pdfium: the start
// of a binary of 29 MB costs 33 ms, of 4 MB 2 ms.
func TestExtractorIsSmall(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "soket/cmd/extractor").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, heavy := range []string{"klippa-app", "wazero", "nats.go", "clickhouse"} {
		if strings.Contains(string(out), heavy) {
			t.Errorf("the extractor links %s", heavy)
		}
	}
}

// ownTemp gives the test a directory for temporary files that nobody else uses.
func ownTemp(t *testing.T) {
	t.Helper()
	dir, err := os.MkdirTemp("", "sandbox-own-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	t.Setenv("TMPDIR", dir)
}

// leftovers lists the temporary directories of readings.
func leftovers(t *testing.T) []string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(os.TempDir(), "soket-*"))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestSweep removes what a killed program left, and nothing that is in use.
func TestSweep(t *testing.T) {
	ownTemp(t)
	old, young, other := filepath.Join(os.TempDir(), "soket-work-1"), filepath.Join(os.TempDir(), "soket-read-2"), filepath.Join(os.TempDir(), "mine")
	for _, dir := range []string{old, young, other} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	long := time.Now().Add(-2 * stale)
	for _, dir := range []string{old, other} {
		if err := os.Chtimes(dir, long, long); err != nil {
			t.Fatal(err)
		}
	}
	Sweep()
	for dir, want := range map[string]bool{old: false, young: true, other: true} {
		if _, err := os.Stat(dir); (err == nil) != want {
			t.Errorf("%s there: %v, want %v", dir, err == nil, want)
		}
	}
}

func TestReadTSV(t *testing.T) {
	tsv := "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n" +
		"1\t1\t0\t0\t0\t0\t0\t0\t1654\t2339\t-1\t\n" +
		"5\t1\t1\t1\t1\t1\t200\t100\t80\t30\t96.5\tBÁO\n" +
		"5\t1\t1\t1\t1\t2\t290\t100\t80\t30\t91\tCÁO\n" +
		"5\t1\t1\t1\t2\t1\t200\t160\t100\t38\t50\tgây\n"
	pages, err := readTSV(strings.NewReader(tsv))
	if err != nil || len(pages) != 1 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	// Cells laid out under one another go back to their places, row by row.
	laid := scanned{lines: [][]word{
		{{left: 40, top: 20, width: 40, height: 30, confidence: 0.9, text: "12"}},
		{{left: 40, top: 80, width: 40, height: 30, confidence: 0.8, text: "34"}},
	}}
	for _, c := range []Cell{{X0: 600, Y0: 160, X1: 640, Y1: 190, X: 40, Y: 78}, {X0: 700, Y0: 160, X1: 740, Y1: 190, X: 40, Y: 18}} {
		pages[0].lines = append(pages[0].lines, laid.of(c)...)
	}
	scenes := []document.Scene{{Width: pages[0].width, Height: pages[0].height}}
	setPage(&scenes[0], pages[0].lines, Scan{DPI: 200})
	var text strings.Builder
	for _, g := range scenes[0].Glyphs {
		text.WriteString(g.Text)
	}
	if text.String() != "BÁO CÁOgây3412" {
		t.Errorf("text %q", text.String())
	}
	first, last := scenes[0].Glyphs[0], scenes[0].Glyphs[len(scenes[0].Glyphs)-5]
	if first.X != 72 || first.Y != 130*72/200.0 || first.Confidence != 0.965 || last.Confidence != 0.5 {
		t.Errorf("first %+v, last %+v", first, last)
	}
}

// TestMendMarkers wants headings and items told by the markers that tesseract misreads, and nothing else mended.
func TestMendMarkers(t *testing.T) {
	for text, want := range map[string]string{
		"HI- NHIỆM VỤ QUÝ IV":    "III- NHIỆM VỤ QUÝ IV",
		"IH. TỒN TẠI, HẠN CHẾ":   "III. TỒN TẠI, HẠN CHẾ",
		"H. KẾT QUẢ THỰC HIỆN":   "II. KẾT QUẢ THỰC HIỆN",
		"VỊ. Phương hướng":       "VI. Phương hướng",
		"V1. Phương hướng":       "VI. Phương hướng",
		"H. Đức Trọng có 5 mỏ":   "H. Đức Trọng có 5 mỏ",
		"IV. Kiến nghị":          "IV. Kiến nghị",
		"1. Nghiệm thu":          "1. Nghiệm thu",
		"11. Kiểm định":          "11. Kiểm định",
		"® nhận 46 hồ sơ dự thi": "• nhận 46 hồ sơ dự thi",
		"se Nhận 64 đề xuất;":    "• Nhận 64 đề xuất;",
		"sẽ nhận 64 đề xuất":     "sẽ nhận 64 đề xuất",
	} {
		var line []word
		for _, w := range strings.Fields(text) {
			line = append(line, word{text: w})
		}
		mendMarkers(line, "")
		var got []string
		for _, w := range line {
			got = append(got, w.text)
		}
		if g := strings.Join(got, " "); g != want {
			t.Errorf("%q became %q, want %q", text, g, want)
		}
	}
}

// TestLoneFigure wants the reading that others bear out, and doubt where none does.
func TestLoneFigure(t *testing.T) {
	read := func(text string, sure float64) [][]word {
		if text == "" {
			return nil
		}
		return [][]word{{{text: text, confidence: sure}}}
	}
	for _, c := range []struct {
		among  string
		alone  [3]string
		height int
		want   string
		doubt  bool
	}{
		{"1", [3]string{"11", "11", "11."}, 20, "11", false},
		{"572,1", [3]string{"57,1", "57.1", "57,1"}, 20, "57,1", false},
		{"375", [3]string{"+375", "+37,5", "+375"}, 20, "+37,5", false}, // a separator is lost rather than seen
		{"", [3]string{"-", "_", "-."}, 4, "-", false},
		{"% so KH", [3]string{"-", "-", "-"}, 20, "% so KH", false},   // too tall for a dash
		{"hợp đồng", [3]string{"4", "4", "4"}, 20, "hợp đồng", false}, // too wide for a digit
		{"đơn", [3]string{"đơn", "đdơn", "đơn"}, 20, "đơn", false},
		{"ị", [3]string{"7", "ữ", "7"}, 30, "7", false},
		{"8", [3]string{"3", "5", "6"}, 30, "6", true},
	} {
		cell := Cell{X1: 30, Y1: c.height, Around: [3]int{6, 8, 10}}
		if strings.Contains(c.want, " ") {
			cell.X1 = 90
		}
		var alone []scanned
		for i, text := range c.alone {
			alone = append(alone, scanned{lines: read(text, 0.7+float64(i)/10)})
		}
		got := figure(cell, read(c.among, 0.7), alone)
		if len(got) != 1 || got[0][0].text != c.want || (got[0][0].confidence <= doubtful) != c.doubt {
			t.Errorf("%q, %q: %+v, want %q", c.among, c.alone, got, c.want)
		}
	}
}

// TestAskew turns words by one degree and wants them level again.
func TestAskew(t *testing.T) {
	var lines [][]word
	for row := range 5 {
		var line []word
		for col := range 8 {
			x := 150 + float64(col)*150
			line = append(line, word{left: x, top: 200 + float64(row)*60 + x*0.0175, width: 120, height: 30, confidence: 1, text: "xanh"})
		}
		lines = append(lines, line)
	}
	s := document.Scene{Width: 1654, Height: 2339}
	setPage(&s, lines, Scan{DPI: 200})
	for row := range 5 {
		at := row * len(s.Glyphs) / 5
		a, b := s.Glyphs[at], s.Glyphs[at+len(s.Glyphs)/5-1]
		if d := b.Y - a.Y; d > 0.5 || d < -0.5 {
			t.Errorf("row %d rises by %.2f points", row, d)
		}
	}
}

// watched makes a reader whose children's ends are handed to note.
func watched(t *testing.T, note func(program string, took time.Duration, peakKiB int64)) Reader {
	r := reader(t)
	r.Log = newEndLog(note)
	return r
}
