package extract

import (
	"bytes"
	"context"
	"io"

	"soket/extract/document"
	"soket/extract/indicator"
	"soket/samples"
)

// Options say how a file is to be read.
type Options struct {
	Name     string                // file name, for the CSV and HTML cases that content alone cannot tell
	Period   Period                // period set by a person; empty: as the document says
	Progress func(page, pages int) // called after each page; may be nil
	// Scenes are pages that another engine read, to be taken in place of what this one sees there;
	// each says its number, engine and why. For an image they are all there is.
	Scenes  []document.Scene
	Explain bool            // give the numbers that were not taken, and why
	From    document.Format // what the file was before it was converted; empty where it was not
	NoFacts bool            // text and tables only: neither head nor figures are looked for
}

// Read turns the bytes of one file into a report, in this process. Strangers' files go through
// package sandbox, which calls it in a child. Errors wrap the sentinels of package document.
func Read(ctx context.Context, src io.ReaderAt, size int64, o Options) (*Report, error) {
	d, err := document.Read(ctx, src, size, document.Options{Name: o.Name, Progress: o.Progress, Scenes: o.Scenes, From: o.From})
	if err != nil {
		return nil, err
	}
	r := &Report{
		Format: d.Format, Engine: d.Engine, Pages: d.Pages, Sheets: d.Sheets, Blocks: d.Blocks, Warnings: d.Warnings,
		Facts: []Fact{}, Version: Version,
	}
	if o.NoFacts {
		return r, nil
	}
	rules := indicator.Options{Period: o.Period}
	if o.Explain {
		rules.Untaken = func(s Skip) { r.Untaken = append(r.Untaken, s) }
	}
	r.Head, r.Facts, r.Findings, err = indicator.Extract(d, rules)
	if err != nil {
		return nil, err
	}
	return r, nil
}

// Prepare starts what Read needs besides the document, beside what the caller does. Without it Read
// does it when it comes to it.
func Prepare() { indicator.Prepare() }

// Rehearse makes ready what Prepare leaves until a document needs it, for a process that waits for one. It
// reads two reports, which takes as much of a processor as reading them: it is for a machine that has
// nothing else to do.
func Rehearse() {
	for _, data := range [][]byte{samples.Report, samples.Workbook} {
		Read(context.Background(), bytes.NewReader(data), int64(len(data)), Options{})
	}
}
