package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"syscall"
	"time"
)

const (
	restartPause = 500 * time.Millisecond // between two starts of an engine that dies
	startWait    = 30 * time.Second       // for an engine to answer; a large store takes a few seconds
	killAfter    = 5 * time.Second        // for an engine that is told to stop
)

// Child runs the engine as a child process and starts it again when it dies.
type Child struct {
	Command func(ctx context.Context) *exec.Cmd // gives the command line anew for each start
	Address string                              // "127.0.0.1:PORT" on which it answers
	Log     *slog.Logger
}

// Run keeps the engine running until ctx ends; up is called when it answers for the first time.
func (c Child) Run(ctx context.Context, up func()) error {
	for first := true; ; first = false {
		cmd := c.Command(ctx)
		cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM, Setpgid: true}
		cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
		cmd.WaitDelay = killAfter
		if err := cmd.Start(); err != nil {
			return fmt.Errorf("start engine: %w", err)
		}
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		if err := c.answers(ctx, ended); err != nil {
			cmd.Process.Kill()
			if first || ctx.Err() != nil {
				<-ended
				return err
			}
			c.Log.Error("engine does not answer; starting it again", "err", err)
		} else if first && up != nil {
			up()
		}
		err := <-ended
		if ctx.Err() != nil {
			return nil
		}
		c.Log.Error("engine died; starting it again", "err", err)
		select {
		case <-time.After(restartPause):
		case <-ctx.Done():
			return nil
		}
	}
}

// answers waits until the engine answers, and gives up when it ended or takes too long.
func (c Child) answers(ctx context.Context, ended chan error) error {
	deadline := time.Now().Add(startWait)
	for time.Now().Before(deadline) {
		select {
		case err := <-ended:
			ended <- err
			return fmt.Errorf("engine ended at its start: %w; its words are above", err)
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
		if res, err := http.Get("http://" + c.Address + "/ping"); err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
	}
	return errors.New("engine does not answer within " + startWait.String())
}

// FreeAddress gives a loopback address that nobody listens on at the moment.
func FreeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// Self gives the command that runs a subcommand of this very program.
func Self(args ...string) func(ctx context.Context) *exec.Cmd {
	return func(ctx context.Context) *exec.Cmd {
		path, err := os.Executable()
		if err != nil {
			path = os.Args[0]
		}
		cmd := exec.CommandContext(ctx, path, args...)
		cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
		return cmd
	}
}
