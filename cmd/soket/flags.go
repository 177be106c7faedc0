package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
)

// flags declares a command's flags. A flag and its environment variable are one declaration:
// --data is SOKET_DATA, or the content of the file that SOKET_DATA_FILE names; the flag wins.
type flags struct {
	*flag.FlagSet
	getenv func(string) string
	bad    error // the first environment variable that cannot be read
}

func newFlags(cmd command, getenv func(string) string, stderr io.Writer) *flags {
	f := &flags{FlagSet: flag.NewFlagSet(cmd.name, flag.ContinueOnError), getenv: getenv}
	f.SetOutput(stderr)
	f.Usage = func() {
		fmt.Fprintf(stderr, "Usage: soket %s [FLAGS] %s\n%s\n", cmd.name, cmd.args, cmd.summary)
		f.PrintDefaults()
	}
	return f
}

// variable is the environment variable of a flag.
func variable(name string) string {
	return "SOKET_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

// parse reads the environment first and the command line over it.
func (f *flags) parse(args []string) error {
	f.VisitAll(func(fl *flag.Flag) {
		fl.Usage += " (" + variable(fl.Name) + ")"
		v := f.getenv(variable(fl.Name))
		// A secret is better in a file than in the environment, which children and crash reports see.
		if file := f.getenv(variable(fl.Name) + "_FILE"); file != "" && f.bad == nil {
			raw, err := os.ReadFile(file)
			if err != nil {
				f.bad = fmt.Errorf("%s_FILE: %w", variable(fl.Name), err)
				return
			}
			v = strings.TrimRight(string(raw), "\r\n")
		}
		if v != "" && f.bad == nil {
			if err := f.Set(fl.Name, v); err != nil {
				f.bad = fmt.Errorf("%s=%q: %w", variable(fl.Name), masked(v), err)
			}
		}
	})
	if f.bad != nil {
		return f.bad
	}
	if err := f.Parse(args); errors.Is(err, flag.ErrHelp) {
		return exitStatus(0)
	} else if err != nil {
		return usage // the flag package has said why
	}
	return nil
}

// Flags that several commands have, each declared once.

func (f *flags) data() *string {
	return f.String("data", "data", "directory that holds everything")
}

func (f *flags) nats() *string {
	return f.String("nats", "", "nats://HOST:PORT of an outside NATS server; empty: run one inside")
}

func (f *flags) clickhouse() *string {
	return f.String("clickhouse", "", "clickhouse://… or http://… of an outside server, or embedded:DIR; empty: run the engine inside")
}

func (f *flags) logLevel() *string {
	return f.String("log-level", "info", "debug, info, warn or error")
}
