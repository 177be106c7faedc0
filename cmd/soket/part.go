package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"golang.org/x/sys/unix"

	"soket/extract"
)

// What several subcommands need to come up.

// version is what the build says of itself, with the version of the reader and its rules.
func version() string {
	v := "(devel)"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		v = info.Main.Version
	}
	return v + ", reader " + extract.Version
}

// release is the version that people are shown; empty for a build that is of none.
func release() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return ""
}

// newLog writes JSON logs in English; secrets in addresses are taken out.
func newLog(w io.Writer, level string) (*slog.Logger, error) {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		return nil, fmt.Errorf("log level %q: want debug, info, warn or error", level)
	}
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: l, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Value.Kind() == slog.KindString {
			a.Value = slog.StringValue(masked(a.Value.String()))
		} else if err, ok := a.Value.Any().(error); ok {
			a.Value = slog.StringValue(masked(err.Error()))
		}
		return a
	}})), nil
}

// masked takes the password out of every URL in a text.
func masked(s string) string {
	for at := 0; ; {
		i := strings.Index(s[at:], "://")
		if i < 0 {
			return s
		}
		start := at + i + len("://")
		end := start + strings.IndexAny(s[start:]+" ", " /?\"'\n")
		if user, host, ok := cutLast(s[start:end], "@"); ok {
			if name, _, ok := strings.Cut(user, ":"); ok {
				s = s[:start] + name + ":***@" + host + s[end:]
			}
		}
		at = start
	}
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// errLocked says that another process holds the directory.
var errLocked = errors.New("another soket runs on this directory")

// lockData keeps a second process away from the directory until release is called. The lock goes
// with the process, however it ends.
func lockData(dir string) (release func(), err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		f.Close()
		return nil, fmt.Errorf("%w: %s; stop it first, or choose another --data", errLocked, dir)
	}
	return func() { f.Close() }, nil
}

// waitAll runs the parts until the first ends or ctx does, then ends them all and waits.
func waitAll(ctx context.Context, parts ...func(context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ends := make(chan error, len(parts))
	for _, part := range parts {
		go func() { ends <- part(ctx) }()
	}
	var first error
	for range parts {
		err := <-ends
		if err != nil && !errors.Is(err, context.Canceled) && first == nil {
			first = err
		}
		cancel()
	}
	return first
}
