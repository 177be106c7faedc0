package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"soket/extract"
)

var evalCommand = command{
	name: "eval", args: "DIR...", summary: "score the reader against gold facts: NAME.gold.jsonl beside NAME.pdf, NAME.docx, NAME.xlsx …",
	declare: func(f *flags) func(context.Context, console, []string) error {
		worst := f.Int("errors", 0, "print up to so many wrong and missed facts of each file")
		floor := f.Float64("floor", 0, "fail when the F1 over all files is lower")
		scans := f.Int("scans", -1, "read at most so many scans (NAME.scan.pdf) of each folder, spread evenly; -1: all; without OCR none can be read")
		return func(ctx context.Context, c console, args []string) error {
			if len(args) == 0 {
				fmt.Fprintln(c.stderr, "soket eval: name a folder with *.gold.jsonl")
				return usage
			}
			log, err := newLog(c.stderr, "error")
			if err != nil {
				return err
			}
			e := newEvaluation(c)
			e.worst, e.scans = *worst, *scans
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

// folder scores every file of a folder that has gold facts.
func (e *evaluation) folder(ctx context.Context, dir string, read interface {
	Read(ctx context.Context, path, name string, period extract.Period, progress func(extract.Progress)) (*extract.Report, error)
}) error {
	golds, err := filepath.Glob(filepath.Join(dir, "*.gold.jsonl"))
	if err != nil {
		return err
	}
	var files []string
	of := map[string]gold{}
	for _, g := range golds {
		stem := strings.TrimSuffix(g, ".gold.jsonl")
		told, err := readGold(g)
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
				of[path] = told
			}
		}
	}
	files = sampleScans(files, e.scans)
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
		e.file(file, of[file], r)
		return nil
	})
	for _, file := range files {
		if !seen[file] {
			e.file(file, of[file], &extract.Report{}) // one that could not be read has missed everything
		}
	}
	if status, failed := err.(exitStatus); failed && status == 1 {
		return nil
	}
	return err
}

// sampleScans keeps n of the scans, spread evenly over their order; all where n is negative. Reading
// a scan takes a thousand times as long as reading text.
func sampleScans(files []string, n int) []string {
	scan := func(path string) bool { return strings.Contains(filepath.Base(path), ".scan.") }
	all := 0
	for _, f := range files {
		if scan(f) {
			all++
		}
	}
	if n < 0 || all <= n {
		return files
	}
	var kept []string
	at := 0
	for _, f := range files {
		if !scan(f) {
			kept = append(kept, f)
			continue
		}
		if n > 0 && at*n/all != (at-1)*n/all || n > 0 && at == 0 {
			kept = append(kept, f)
		}
		at++
	}
	return kept
}
