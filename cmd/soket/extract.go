package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/sync/errgroup"

	"soket/extract"
	"soket/extract/document"
	"soket/extract/indicator"
)

var extractCommand = command{
	name: "extract", args: "FILE...", summary: "read files offline and print their facts, text or tables",
	declare: func(f *flags) func(context.Context, console, []string) error {
		format := f.String("format", "facts", "facts, text or tables")
		explain := f.Bool("explain", false, "with each fact, the rule and the words that found it and what it is not; then each number that is no fact, and why")
		return func(ctx context.Context, c console, args []string) error {
			show := map[string]func(io.Writer, string, *extract.Report, bool) error{"facts": showFacts, "text": showText, "tables": showTables}[*format]
			if show == nil || len(args) == 0 {
				fmt.Fprintln(c.stderr, "soket extract: name at least one file; --format is facts, text or tables")
				return usage
			}
			log, err := newLog(c.stderr, "error")
			if err != nil {
				return err
			}
			r := reader("", log)
			r.Explain, r.NoFacts = *explain, *format != "facts"
			return extractFiles(ctx, c, args, r, func(w io.Writer, file string, r *extract.Report) error { return show(w, file, r, *explain) })
		}
	},
}

// extractFiles reads documents side by side, a child for each core, and shows them in the order in
// which they were named. One that cannot be read is said to be so; the others are still read.
func extractFiles(ctx context.Context, c console, files []string, read interface {
	Read(ctx context.Context, path, name string, period extract.Period, progress func(extract.Progress)) (*extract.Report, error)
}, show func(io.Writer, string, *extract.Report) error) error {
	type result struct {
		report *extract.Report
		err    error
	}
	results := make([]chan result, len(files))
	for i := range results {
		results[i] = make(chan result, 1)
	}
	var g errgroup.Group
	g.SetLimit(runtime.NumCPU())
	go func() {
		for i, file := range files {
			g.Go(func() error {
				r, err := read.Read(ctx, file, filepath.Base(file), "", nil)
				results[i] <- result{r, err}
				return nil
			})
		}
	}()
	out := bufio.NewWriterSize(c.stdout, 1<<16)
	defer out.Flush()
	failed := false
	for i, file := range files {
		res := <-results[i]
		if res.err != nil {
			failed = true
			if err := showError(out, file, res.err); err != nil {
				return err
			}
		} else if err := show(out, file, res.report); err != nil {
			return err
		}
		out.Flush() // a long run is seen to go on
	}
	if failed {
		return exitStatus(1)
	}
	return nil
}

func showError(w io.Writer, file string, err error) error {
	code := extract.CodeOf(err)
	if errors.Is(err, os.ErrNotExist) {
		code = "missing"
	}
	return json.NewEncoder(w).Encode(struct {
		Type    string `json:"type"`
		File    string `json:"file"`
		Code    string `json:"code"`
		Message string `json:"message"`
	}{"error", file, code, err.Error()})
}

func showFacts(w io.Writer, file string, r *extract.Report, explain bool) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	warnings := r.Warnings
	if warnings == nil {
		warnings = []document.Warning{}
	}
	if err := enc.Encode(struct {
		Type      string             `json:"type"`
		File      string             `json:"file"`
		Number    string             `json:"number"`
		Issuer    string             `json:"issuer"`
		Recipient string             `json:"recipient"`
		Signed    string             `json:"signed"`
		Period    extract.Period     `json:"period"`
		Title     string             `json:"title"`
		Pages     int                `json:"pages"`
		Engine    string             `json:"engine"`
		Warnings  []document.Warning `json:"warnings"`
	}{"report", file, r.Number, r.Issuer, r.Recipient, r.Signed, r.Period, r.Title, len(r.Pages), r.Engine, warnings}); err != nil {
		return err
	}
	for _, f := range r.Facts {
		if !explain {
			f.Rule = ""
		}
		if err := enc.Encode(struct {
			Type string `json:"type"`
			File string `json:"file"`
			indicator.Fact
		}{"fact", file, f}); err != nil {
			return err
		}
	}
	for _, n := range r.Untaken {
		if err := enc.Encode(struct {
			Type string `json:"type"`
			File string `json:"file"`
			extract.Skip
		}{"number", file, n}); err != nil {
			return err
		}
	}
	return nil
}

// showText prints the recovered text in reading order, a form feed after each page.
func showText(w io.Writer, _ string, r *extract.Report, _ bool) error {
	if len(r.Pages) > 0 {
		for _, p := range r.Pages {
			if _, err := fmt.Fprintf(w, "%s\f", p.Text); err != nil {
				return err
			}
		}
		return nil
	}
	for _, b := range r.Blocks {
		text := strings.TrimSpace(b.Marker + " " + b.Text)
		if b.Table != nil {
			var rows []string
			for _, row := range b.Table.Rows {
				cells := make([]string, len(row))
				for i, c := range row {
					cells[i] = c.Text
				}
				rows = append(rows, strings.Join(cells, "\t"))
			}
			text = strings.TrimSpace(b.Table.Title + "\n" + strings.Join(rows, "\n"))
		}
		if _, err := fmt.Fprintln(w, text); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, "\f")
	return err
}

// showTables prints each table as one JSON line.
func showTables(w io.Writer, file string, r *extract.Report, _ bool) error {
	type cell struct {
		Text    string      `json:"text"`
		Row     int         `json:"row"`
		Col     int         `json:"col"`
		Rowspan int         `json:"rowspan"`
		Colspan int         `json:"colspan"`
		Box     extract.Box `json:"box"`
		Cell    string      `json:"cell"`
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, t := range r.Tables() {
		rows := make([][]cell, len(t.Rows))
		for i, row := range t.Rows {
			rows[i] = []cell{}
			for _, c := range row {
				rows[i] = append(rows[i], cell{c.Text, c.Row, c.Col, c.Rowspan, c.Colspan, c.Box, c.Ref})
			}
		}
		if err := enc.Encode(struct {
			Type  string   `json:"type"`
			File  string   `json:"file"`
			Page  int      `json:"page"`
			Sheet string   `json:"sheet"`
			Title string   `json:"title"`
			Unit  string   `json:"unit"`
			Rows  [][]cell `json:"rows"`
		}{"table", file, t.Page, t.Sheet, t.Title, t.Unit, rows}); err != nil {
			return err
		}
	}
	return nil
}
