package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"soket/extract"
)

var evalCommand = command{
	name: "eval", args: "DIR...", summary: "score the reader against gold facts: NAME.gold.jsonl beside NAME.pdf, NAME.docx, NAME.xlsx …",
	declare: func(f *flags) func(context.Context, console, []string) error {
		worst := f.Int("errors", 0, "print up to so many wrong and missed facts of each file")
		floor := f.Float64("floor", 0, "fail when the F1 over all files is lower")
		return func(ctx context.Context, c console, args []string) error {
			if len(args) == 0 {
				fmt.Fprintln(c.stderr, "soket eval: name a folder with *.gold.jsonl")
				return usage
			}
			log, err := newLog(c.stderr, "error")
			if err != nil {
				return err
			}
			e := evaluation{c: c, worst: *worst, groups: map[string]*tally{}}
			for _, dir := range args {
				if err := e.folder(ctx, dir, reader("", log)); err != nil {
					return err
				}
			}
			if total := e.print(c.stdout); total.f1() < *floor {
				return fmt.Errorf("F1 %.4f is below the floor %.4f", total.f1(), *floor)
			}
			return nil
		}
	},
}

// goldFact is a fact as a careful reader entered it.
type goldFact struct {
	Code   string  `json:"code"`
	Value  float64 `json:"value"`
	Period string  `json:"period"`
	Kind   string  `json:"kind"`
	Basis  string  `json:"basis"`
	Quote  string  `json:"quote"`
}

// same tells whether a found fact is the gold one: everything agrees, per cent to one decimal.
func (g goldFact) same(f extract.Fact) bool {
	if g.Code != f.Code || g.Period != string(f.Period) || g.Kind != string(f.Kind) || g.Kind == "comparison" && g.Basis != string(f.Basis) {
		return false
	}
	if g.Kind == "comparison" || strings.HasSuffix(g.Code, "_percent") {
		return math.Abs(g.Value-f.Value) <= 0.051
	}
	return math.Abs(g.Value-f.Value) <= 1e-9*math.Abs(g.Value)
}

type tally struct{ right, wrong, missed int }

func (t tally) f1() float64 {
	if t.right == 0 {
		return 0
	}
	return 2 * float64(t.right) / float64(2*t.right+t.wrong+t.missed)
}

// evaluation counts by format, area and kind, and how sure facts were that were right.
type evaluation struct {
	c      console
	worst  int
	total  tally
	groups map[string]*tally
	sure   [10]struct{ right, all int } // by confidence, tenths
}

func (e *evaluation) group(name string) *tally {
	if e.groups[name] == nil {
		e.groups[name] = &tally{}
	}
	return e.groups[name]
}

// folder scores every file of a folder that has gold facts.
func (e *evaluation) folder(ctx context.Context, dir string, read interface {
	Read(ctx context.Context, path, name string, period extract.Period, progress func(extract.Progress)) (*extract.Report, error)
}) error {
	golds, err := filepath.Glob(filepath.Join(dir, "*.gold.jsonl"))
	if err != nil {
		return err
	}
	var files []string
	gold := map[string][]goldFact{}
	for _, g := range golds {
		stem := strings.TrimSuffix(g, ".gold.jsonl")
		facts, err := readGold(g)
		if err != nil {
			return err
		}
		siblings, err := os.ReadDir(dir)
		if err != nil {
			return err
		}
		for _, s := range siblings {
			if path := filepath.Join(dir, s.Name()); strings.HasPrefix(path, stem+".") && path != g {
				files = append(files, path)
				gold[path] = facts
			}
		}
	}
	if len(files) == 0 {
		return fmt.Errorf("%s: no file with gold facts", dir)
	}
	done := progressBar(e.c.stderr, "eval")
	done.ChangeMax(len(files))
	defer done.Finish()
	out := console{getenv: e.c.getenv, stdout: io.Discard, stderr: e.c.stderr}
	seen := map[string]bool{}
	err = extractFiles(ctx, out, files, read, func(_ io.Writer, file string, r *extract.Report) error {
		done.Add(1)
		seen[file] = true
		e.file(file, gold[file], r.Facts)
		return nil
	})
	for _, file := range files {
		if !seen[file] {
			e.file(file, gold[file], nil) // one that could not be read has missed everything
		}
	}
	if status, failed := err.(exitStatus); failed && status == 1 {
		return nil
	}
	return err
}

func readGold(path string) ([]goldFact, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var list []goldFact
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var g goldFact
		if err := json.Unmarshal(lines.Bytes(), &g); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if g.Code != "" {
			list = append(list, g)
		}
	}
	return list, nil
}

// file matches the facts of one file; each gold fact is taken once.
func (e *evaluation) file(path string, gold []goldFact, facts []extract.Fact) {
	_, format, _ := strings.Cut(filepath.Base(path), ".")
	left := slices.Clone(gold)
	shown := 0
	count := func(code, kind string, add func(*tally)) {
		area, _, _ := strings.Cut(code, ".")
		for _, t := range []*tally{&e.total, e.group("format " + format), e.group("area " + area), e.group("kind " + kind)} {
			add(t)
		}
	}
	for _, f := range facts {
		bin := &e.sure[min(9, int(f.Confidence*10))]
		bin.all++
		if i := slices.IndexFunc(left, func(g goldFact) bool { return g.same(f) }); i >= 0 {
			left = slices.Delete(left, i, i+1)
			bin.right++
			count(f.Code, string(f.Kind), func(t *tally) { t.right++ })
			continue
		}
		count(f.Code, string(f.Kind), func(t *tally) { t.wrong++ })
		if shown++; shown <= e.worst {
			fmt.Fprintf(e.c.stdout, "%s WRONG  %s %v %s %s %s «%s»\n", filepath.Base(path), f.Code, f.Value, f.Period, f.Kind, f.Basis, f.Quote)
		}
	}
	for i, g := range left {
		count(g.Code, g.Kind, func(t *tally) { t.missed++ })
		if i < e.worst {
			fmt.Fprintf(e.c.stdout, "%s MISSED %s %v %s %s %s «%s»\n", filepath.Base(path), g.Code, g.Value, g.Period, g.Kind, g.Basis, g.Quote)
		}
	}
}

func (e *evaluation) print(w io.Writer) tally {
	names := make([]string, 0, len(e.groups))
	for name := range e.groups {
		names = append(names, name)
	}
	slices.SortFunc(names, cmp.Compare)
	line := func(name string, t tally) {
		fmt.Fprintf(w, "%-24s right %5d  wrong %4d  missed %4d  precision %.3f  recall %.3f  F1 %.4f\n", name, t.right, t.wrong, t.missed,
			ratio(t.right, t.right+t.wrong), ratio(t.right, t.right+t.missed), t.f1())
	}
	for _, name := range names {
		line(name, *e.groups[name])
	}
	fmt.Fprintln(w, "confidence")
	for i, b := range e.sure {
		if b.all > 0 {
			fmt.Fprintf(w, "  %.1f–%.1f  %5d facts, %.3f right\n", float64(i)/10, float64(i+1)/10, b.all, ratio(b.right, b.all))
		}
	}
	line("all", e.total)
	return e.total
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}
