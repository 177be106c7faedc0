package document

import "errors"

// What can keep a file from being read. Callers decide on these; extract.CodeOf maps them to the outside.
var (
	ErrUnsupported = errors.New("unsupported file type")
	ErrEmpty       = errors.New("empty file")
	ErrCorrupt     = errors.New("corrupt file")
	ErrEncrypted   = errors.New("file needs a password")
	ErrTooLarge    = errors.New("file exceeds a limit")
	ErrTimeout     = errors.New("reading took too long")
	ErrMemory      = errors.New("reading took too much memory")
)
