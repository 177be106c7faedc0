package extract

import (
	"context"
	"io"
)

// Options say how a file is to be read.
type Options struct {
	Name     string                // file name, for the CSV and HTML cases that content alone cannot tell
	Period   Period                // period set by a person; empty: as the document says
	Progress func(page, pages int) // called after each page; may be nil
}

// Read turns the bytes of one file into a report, in this process. Strangers' files go through
// package sandbox, which calls it in a child. Errors wrap the sentinels of package document.
func Read(ctx context.Context, src io.ReaderAt, size int64, o Options) (*Report, error) {
	panic("being written")
}
