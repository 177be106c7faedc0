package ingest

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"time"
)

// Fault is asked before and after every named step; an error it gives is treated as the step's own,
// so an error after a step looks like an answer that was lost. Nil costs nothing.
type Fault func(point string) error

// Steps names every step of the protocol where a fault can be set, each as "name before" and
// "name after". The letters are those of docs/protocol.md.
var Steps = []string{
	"U1 check", "U1 sniff", "U2 chunk", "U2 chunks acked", "U2 meta", "U3 key", "U3 ledger", "U4 job",
	"R list", "R publish", "decide ledger",
	"W1 wait index", "W1 fail attempts", "W2 committed", "W3 lease", "W3 try", "W3 fetch", "W3 verify",
	"W4 extract", "W5 load", "W6 read back", "W7 commit", "W8 ledger", "W9 ack", "release lease",
	"X1 erase rows", "X2 erase original", "X3 erase key",
	"sweep attempts", "sweep originals", "sweep keys",
}

// step does one named step, with the points before and after it.
func (f Fault) step(name string, do func() error) error {
	if f == nil {
		return do()
	}
	if err := f(name + " before"); err != nil {
		return err
	}
	if err := do(); err != nil {
		return err
	}
	return f(name + " after")
}

// faultHang is how long a hanging step hangs: beyond every deadline and lease of ours.
const faultHang = 10 * time.Minute

// ParseFaults reads faults from a text such as "U3 ledger after=exit,W7 commit before=error", for
// tests of whole processes: exit ends the process at once as kill -9 would, error fails the step
// once, hang stops it.
func ParseFaults(text string) (Fault, error) {
	if text == "" {
		return nil, nil
	}
	known := map[string]bool{}
	for _, s := range Steps {
		known[s+" before"], known[s+" after"] = true, true
	}
	act := map[string]string{}
	for _, one := range strings.Split(text, ",") {
		point, what, _ := strings.Cut(strings.TrimSpace(one), "=")
		if !known[point] {
			return nil, fmt.Errorf("fault %q: no such point", point)
		}
		if what != "exit" && what != "error" && what != "hang" {
			return nil, fmt.Errorf("fault %q: %q is none of exit, error, hang", point, what)
		}
		act[point] = what
	}
	var once onceSet
	return func(point string) error {
		switch act[point] {
		case "exit":
			os.Exit(137)
		case "hang":
			time.Sleep(faultHang)
		case "error":
			if once.first(point) {
				return fmt.Errorf("fault at %s", point)
			}
		}
		return nil
	}, nil
}

// onceSet tells for each name whether it is seen for the first time.
type onceSet struct{ seen sync.Map }

func (o *onceSet) first(name string) bool {
	_, loaded := o.seen.LoadOrStore(name, true)
	return !loaded
}
