package sandbox

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"time"

	"soket/extract"
)

// message is one line of what the child writes: a progress step, then one report or one error.
type message struct {
	Page   int             `json:"page,omitempty"`
	Pages  int             `json:"pages,omitempty"`
	Report *extract.Report `json:"report,omitempty"`
	Code   string          `json:"code,omitempty"`
	Error  string          `json:"error,omitempty"`
}

// documentFD is the descriptor on which the child finds the document, open for reading only.
const documentFD = 3

// Child is the whole life of the extractor process: it reads the document on descriptor 3 and
// writes messages, one JSON object a line, to standard output. The result is the exit status: 0
// when a report was written, 1 when an error was, 2 for wrong usage.
func Child(args []string) int {
	flags := flag.NewFlagSet("extractor", flag.ContinueOnError)
	var o extract.Options
	flags.StringVar(&o.Name, "name", "", "file name of the document")
	period := flags.String("period", "", "period set by a person")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	o.Period = extract.Period(*period)
	// The parent's address-space limit ends a child that ignores this; well below it the collector
	// works harder instead of growing the heap.
	debug.SetMemoryLimit(softHeap)

	out := bufio.NewWriterSize(os.Stdout, 1<<16)
	defer out.Flush()
	enc := json.NewEncoder(out)
	last := time.Time{}
	o.Progress = func(page, pages int) {
		if now := time.Now(); page == pages || now.Sub(last) > progressEvery {
			last = now
			enc.Encode(message{Page: page, Pages: pages})
			out.Flush()
		}
	}
	r, err := read(o)
	if err != nil {
		enc.Encode(message{Code: extract.CodeOf(err), Error: err.Error()})
		return 1
	}
	if err := enc.Encode(message{Report: r}); err != nil {
		return 1
	}
	return 0
}

func read(o extract.Options) (r *extract.Report, err error) {
	// A panic of a parser is a damaged document, not a fault of ours to crash on: the process ends
	// anyway, and the message says more than a stack.
	defer func() {
		if p := recover(); p != nil {
			err = &extract.Refusal{Code: "corrupt", Detail: fmt.Sprint(p)}
		}
	}()
	f := os.NewFile(documentFD, "document")
	if f == nil {
		return nil, errors.New("no document on descriptor 3")
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, fmt.Errorf("document: %w", err)
	}
	return extract.Read(context.Background(), f, size, o)
}
