package sandbox

import (
	"context"
	"log/slog"
	"time"
)

// endLog hands on what is logged of ended children.
type endLog struct {
	note func(program string, took time.Duration, peakKiB int64)
}

func newEndLog(note func(string, time.Duration, int64)) *slog.Logger { return slog.New(endLog{note}) }

func (endLog) Enabled(context.Context, slog.Level) bool { return true }
func (l endLog) WithAttrs([]slog.Attr) slog.Handler     { return l }
func (l endLog) WithGroup(string) slog.Handler          { return l }

func (l endLog) Handle(_ context.Context, r slog.Record) error {
	if r.Message != "child ended" {
		return nil
	}
	var program string
	var took time.Duration
	var peak int64
	r.Attrs(func(a slog.Attr) bool {
		switch a.Key {
		case "program":
			program = a.Value.String()
		case "took":
			took = a.Value.Duration()
		case "peak_kib":
			peak = a.Value.Int64()
		}
		return true
	})
	l.note(program, took, peak)
	return nil
}
