package sandbox

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// slowAfter is the processor time from which a file is one that takes long: a typical report takes a
	// fifth of it. The clock would not do: on a busy machine all files take long.
	slowAfter = 1500 * time.Millisecond
	// slowNice is how much its children give way from then on: to about a tenth of what another gets.
	slowNice = 10
	// slowWalls is how many times the wall clock they have for that. What they may take of a processor
	// stays as it is, and ends them.
	slowWalls = 6
	// meterEvery is how often the time is looked up: a child that loops takes little more than slowAfter.
	meterEvery = 100 * time.Millisecond
)

// meter adds up the processor time that the children of one reading take, and makes them give way to
// others once it is much. A nil meter does nothing.
type meter struct {
	mu      sync.Mutex
	spent   time.Duration // by children that ended
	running map[int]*metered
	slow    bool
}

type metered struct {
	wall  *time.Timer
	most  time.Duration
	since time.Time
}

// newMeter starts one; slow is called once, when the reading begins to give way.
func newMeter(slow func()) (m *meter, stop func()) {
	m = &meter{running: map[int]*metered{}}
	end, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-end:
				return
			case <-time.After(meterEvery):
			}
			if m.look() {
				slow()
				return
			}
		}
	}()
	return m, func() { close(end); <-ended }
}

// look tells whether the reading is slow, and if so has its children give way.
func (m *meter) look() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := m.spent
	for pid := range m.running {
		all += processorTime(pid)
	}
	if m.slow = all >= slowAfter; m.slow {
		for pid, c := range m.running {
			c.giveWay(pid)
		}
	}
	return m.slow
}

// began takes in a child and the timer that ends it.
func (m *meter) began(pid int, wall *time.Timer, most time.Duration) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	c := &metered{wall, most, time.Now()}
	if m.running[pid] = c; m.slow {
		c.giveWay(pid)
	}
}

// ended lets a child go; this must come while its number is still its own.
func (m *meter) ended(pid int) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.spent += processorTime(pid)
	delete(m.running, pid)
}

func (c *metered) giveWay(pid int) {
	own := 20
	if given, err := unix.Getpriority(unix.PRIO_PROCESS, 0); err == nil { // 20 less the niceness
		own = given
	}
	_ = unix.Setpriority(unix.PRIO_PGRP, pid, min(20-own+slowNice, 19))
	c.wall.Reset(slowWalls*c.most - time.Since(c.since))
}

// processorTime is what a process took, with the children it waited for and those of its first thread
// that run: LibreOffice starts itself as a child.
func processorTime(pid int) time.Duration {
	const tick = 10 * time.Millisecond // of Linux's clock for programs, everywhere
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	var sum time.Duration
	f := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	for i := 11; i <= 14 && i < len(f); i++ { // own time and that of the children, for the program and for the kernel
		n, _ := strconv.Atoi(f[i])
		sum += time.Duration(n) * tick
	}
	list, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	for _, child := range strings.Fields(string(list)) {
		if n, err := strconv.Atoi(child); err == nil {
			sum += processorTime(n)
		}
	}
	return sum
}
