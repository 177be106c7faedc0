package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"soket/extract"
	"soket/extract/document"
	"soket/extract/indicator"
	"soket/ingest"
)

var catalogueCommand = command{
	name: "catalogue", args: "check [FILE|DIR...]", summary: "check a changed catalogue of indicators and say what it would change over files, or over the stored reports",
	declare: func(f *flags) func(context.Context, console, []string) error {
		p := declareParts(f)
		dir := f.String("catalogue", "", "directory that holds catalogue/*.yaml; empty: the catalogue of this program")
		return func(ctx context.Context, c console, args []string) error {
			if len(args) == 0 || args[0] != "check" {
				fmt.Fprintln(c.stderr, "soket catalogue: say check")
				return usage
			}
			if err := f.parse(args[1:]); err != nil { // flags may stand behind the word as well
				return err
			}
			now, err := indicator.Load()
			if err != nil {
				return err
			}
			next := now
			if *dir != "" {
				if next, err = indicator.Parse(os.DirFS(*dir)); err != nil {
					return err
				}
			}
			fmt.Fprintf(c.stdout, "%d indicators in %d areas, whole\n", len(next.All()), len(next.Areas))
			newer(c.stdout, now, next)
			if *dir == "" {
				return nil
			}
			k := catalogueCheck{next: next, out: c.stdout}
			if f.NArg() > 0 {
				files, err := filesUnder(f.Args())
				if err != nil {
					return err
				}
				log, err := newLog(c.stderr, "error")
				if err != nil {
					return err
				}
				bar := progressBar(c.stderr, "catalogue")
				bar.ChangeMax(len(files))
				defer bar.Finish()
				err = extractFiles(ctx, c, files, reader("", log), func(_ io.Writer, file string, r *extract.Report) error {
					bar.Add(1)
					return k.report(file, r)
				})
				k.sum()
				return err
			}
			return p.withInbox(ctx, c, func(ctx context.Context, inbox *ingest.Inbox, log *slog.Logger) error {
				return k.stored(ctx, c, inbox, *p.data, log)
			})
		}
	},
}

// newer says which codes a catalogue has gained and lost.
func newer(w io.Writer, now, next *indicator.Catalogue) {
	for _, x := range next.All() {
		if _, had := now.Get(x.Code); !had {
			fmt.Fprintf(w, "new code   %s (%s)\n", x.Code, x.VI)
		}
	}
	for _, x := range now.All() {
		if _, has := next.Get(x.Code); !has {
			fmt.Fprintf(w, "lost code  %s (%s)\n", x.Code, x.VI)
		}
	}
}

// filesUnder gives files as named, and those in folders.
func filesUnder(args []string) (files []string, err error) {
	for _, arg := range args {
		err := filepath.WalkDir(arg, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}

// catalogueCheck compares what two catalogues find in the same documents.
type catalogueCheck struct {
	next                        *indicator.Catalogue
	out                         io.Writer
	reports, same, gained, lost int
}

// report reads the figures of a document again, from the blocks as they were read, with the changed
// catalogue, and prints what differs.
func (k *catalogueCheck) report(name string, r *extract.Report) error {
	doc := &document.Document{Format: r.Format, Engine: r.Engine, Pages: r.Pages, Sheets: r.Sheets, Blocks: r.Blocks}
	_, facts, _, err := indicator.Extract(doc, indicator.Options{Catalogue: k.next})
	if err != nil {
		return err
	}
	k.reports++
	type key struct {
		code, period, kind, basis string
		value                     float64
	}
	of := func(f extract.Fact) key {
		return key{f.Code, string(f.Period), string(f.Kind), string(f.Basis), f.Value}
	}
	left := map[key]int{}
	for _, f := range facts {
		left[of(f)]++
	}
	for _, f := range r.Facts {
		if left[of(f)] > 0 {
			left[of(f)]--
			k.same++
			continue
		}
		k.lost++
		fmt.Fprintf(k.out, "%s: lost    %s %v %s %s «%s»\n", name, f.Code, f.Value, f.Period, f.Kind, f.Quote)
	}
	for _, f := range facts {
		if left[of(f)] > 0 {
			left[of(f)]--
			k.gained++
			fmt.Fprintf(k.out, "%s: gained  %s %v %s %s «%s»\n", name, f.Code, f.Value, f.Period, f.Kind, f.Quote)
		}
	}
	return nil
}

func (k *catalogueCheck) sum() {
	fmt.Fprintf(k.out, "%d reports: %d figures the same, %d gained, %d lost\n", k.reports, k.same, k.gained, k.lost)
}

// stored checks over every report that counts.
func (k *catalogueCheck) stored(ctx context.Context, c console, inbox *ingest.Inbox, data string, log *slog.Logger) error {
	read := reader(data, log)
	counts := inbox.Counts()
	bar := progressBar(c.stderr, "catalogue")
	bar.ChangeMax(counts[extract.Visible] + counts[extract.Waiting])
	defer bar.Finish()
	for _, state := range []extract.State{extract.Visible, extract.Waiting} {
		for q := (ingest.Query{State: state, Limit: 200}); ; {
			page, err := inbox.Filings(q)
			if err != nil {
				return err
			}
			for _, f := range page.Filings {
				if err := k.original(ctx, inbox, read, f); err != nil {
					return fmt.Errorf("%s (%s): %w", f.File, f.ID, err)
				}
				bar.Add(1)
			}
			if page.Next == "" {
				break
			}
			q.Cursor = page.Next
		}
	}
	k.sum()
	return nil
}

func (k *catalogueCheck) original(ctx context.Context, inbox *ingest.Inbox, read interface {
	Read(ctx context.Context, path, name string, period extract.Period, progress func(extract.Progress)) (*extract.Report, error)
}, f extract.Filing) error {
	in, _, err := inbox.Original(ctx, f.ID)
	if err != nil {
		return err
	}
	defer in.Close()
	tmp, err := os.CreateTemp("", "soket-catalogue-")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	if _, err = io.Copy(tmp, in); err == nil {
		err = tmp.Close()
	}
	if err != nil {
		return errors.Join(err, tmp.Close())
	}
	r, err := read.Read(ctx, tmp.Name(), f.File, "", nil)
	if err != nil {
		return err
	}
	return k.report(f.File, r)
}
