// Command soket takes reports in and gives trusted trends out: `soket up` runs everything on one
// machine, every other subcommand one part of it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	var status exitStatus
	switch {
	case err == nil:
	case errors.As(err, &status):
		os.Exit(int(status))
	default:
		fmt.Fprintln(os.Stderr, "soket:", err)
		os.Exit(1)
	}
}

// exitStatus ends the program with a status where the command has already said why.
type exitStatus int

func (s exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// usage is the exit status for a command line that cannot be understood.
const usage exitStatus = 2

// console is where a command reads its surroundings from and writes to.
type console struct {
	getenv         func(string) string
	stdout, stderr io.Writer
}

// command is one subcommand. declare names its flags and gives what runs once they are parsed.
type command struct {
	name, args, summary string
	declare             func(f *flags) func(ctx context.Context, c console, args []string) error
}

// commands is every subcommand, in the order in which help lists them.
func commands() []command {
	return []command{
		upCommand,
		webCommand,
		workerCommand,
		engineCommand,
		migrateCommand,
		rebuildCommand,
		backupCommand,
		restoreCommand,
		auditCommand,
		uploadCommand,
		doctorCommand,
		extractCommand,
		catalogueCommand,
		evalCommand,
	}
}

// run is the whole program but for signals and the exit status.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) error {
	c := console{getenv, stdout, stderr}
	if len(args) == 0 {
		help(stderr)
		return usage
	}
	switch args[0] {
	case "help", "-h", "-help", "--help":
		help(stdout)
		return nil
	}
	for _, cmd := range commands() {
		if cmd.name != args[0] {
			continue
		}
		f := newFlags(cmd, getenv, stderr)
		do := cmd.declare(f)
		if err := f.parse(args[1:]); err != nil {
			return err
		}
		return do(ctx, c, f.Args())
	}
	fmt.Fprintf(stderr, "soket: there is no command %q; see soket help\n", args[0])
	return usage
}

func help(w io.Writer) {
	fmt.Fprintln(w, "soket: reports in, trusted trends out\n\nUsage: soket COMMAND [FLAGS] [ARGS]; soket COMMAND -h lists its flags\n\nCommands:")
	for _, cmd := range commands() {
		fmt.Fprintf(w, "  %-10s %s\n", cmd.name, cmd.summary)
	}
}
