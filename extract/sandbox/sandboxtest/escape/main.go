// Command escape confines itself like the reader of documents and then tries to get out. It is what
// the tests of package sandbox start in place of the extractor. Its arguments are those of a child;
// it prints a line for each attempt: its name and "refused" or what it got.
package main

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"soket/extract/sandbox"
)

// target is what the test tells the attempts about the world outside.
type target struct {
	Secret string // a file that nobody may read
	TCP    string // an address that listens
	Unix   string // an abstract socket that listens
	Parent int    // the process that started this one
}

// attempt returns nil when it got what it should not.
type attempt struct {
	name string
	try  func(dir string, t target) error
}

func open(path string, flag int) error {
	f, err := os.OpenFile(path, flag, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if flag == os.O_RDONLY {
		_, err = f.Read(make([]byte, 1))
	} else {
		_, err = f.Write([]byte("x"))
	}
	return err
}

func call(number uintptr, a ...uintptr) error {
	var full [6]uintptr
	copy(full[:], a)
	if _, _, errno := unix.Syscall6(number, full[0], full[1], full[2], full[3], full[4], full[5]); errno != 0 {
		return errno
	}
	return nil
}

func text(s string) uintptr {
	b, _ := unix.BytePtrFromString(s)
	return uintptr(unsafe.Pointer(b))
}

var attempts = []attempt{
	{"read a file of the machine", func(dir string, t target) error { return open("/etc/passwd", os.O_RDONLY) }},
	{"read a secret of the user", func(dir string, t target) error { return open(t.Secret, os.O_RDONLY) }},
	{"read the secret through its own directory", func(dir string, t target) error {
		rel, _ := filepath.Rel(dir, t.Secret)
		return open(filepath.Join(dir, rel), os.O_RDONLY)
	}},
	{"read the secret through a symbolic link", func(dir string, t target) error {
		link := filepath.Join(dir, "link")
		if err := os.Symlink(t.Secret, link); err != nil {
			return err
		}
		return open(link, os.O_RDONLY)
	}},
	{"link to the secret", func(dir string, t target) error { return os.Link(t.Secret, filepath.Join(dir, "hard")) }},
	{"list the root directory", func(dir string, t target) error { _, err := os.ReadDir("/"); return err }},
	{"list the parent's open files", func(dir string, t target) error {
		_, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", t.Parent))
		return err
	}},
	{"read the parent's environment", func(dir string, t target) error {
		return open(fmt.Sprintf("/proc/%d/environ", t.Parent), os.O_RDONLY)
	}},
	{"read the parent's memory", func(dir string, t target) error {
		return open(fmt.Sprintf("/proc/%d/mem", t.Parent), os.O_RDWR)
	}},
	{"write outside its directory", func(dir string, t target) error {
		return open(filepath.Join(os.TempDir(), "..", "escaped"), os.O_WRONLY|os.O_CREATE)
	}},
	{"overwrite the secret", func(dir string, t target) error { return open(t.Secret, os.O_WRONLY) }},
	{"remove the secret", func(dir string, t target) error { return os.Remove(t.Secret) }},
	{"move the secret", func(dir string, t target) error { return os.Rename(t.Secret, filepath.Join(dir, "moved")) }},
	{"write to the document", func(dir string, t target) error { _, err := os.NewFile(3, "document").Write([]byte("x")); return err }},
	{"read a device", func(dir string, t target) error { return open("/dev/mem", os.O_RDONLY) }},
	{"start a shell", func(dir string, t target) error { return exec.Command("/bin/sh", "-c", "true").Run() }},
	{"replace itself", func(dir string, t target) error { return unix.Exec("/bin/true", []string{"true"}, nil) }},
	{"run a program of its own making", func(dir string, t target) error {
		own := filepath.Join(dir, "own")
		if err := os.WriteFile(own, []byte("#!/bin/sh\n"), 0o700); err != nil {
			return err
		}
		return exec.Command(own).Run()
	}},
	{"run a program in memory", func(dir string, t target) error {
		fd, err := unix.MemfdCreate("x", 0)
		if err != nil {
			return err
		}
		return call(unix.SYS_EXECVEAT, uintptr(fd), text(""), 0, 0, unix.AT_EMPTY_PATH)
	}},
	{"make a second process", func(dir string, t target) error { return call(unix.SYS_CLONE, uintptr(unix.SIGCHLD)) }},
	{"connect over TCP", func(dir string, t target) error {
		c, err := net.DialTimeout("tcp", t.TCP, time.Second)
		if err == nil {
			c.Close()
		}
		return err
	}},
	{"send over UDP", func(dir string, t target) error {
		c, err := net.Dial("udp", t.TCP)
		if err == nil {
			_, err = c.Write([]byte("x"))
		}
		return err
	}},
	{"listen", func(dir string, t target) error { _, err := net.Listen("tcp", "127.0.0.1:0"); return err }},
	{"look up a name", func(dir string, t target) error { _, err := net.LookupHost("example.com"); return err }},
	{"connect to a socket of the machine", func(dir string, t target) error { _, err := net.Dial("unix", t.Unix); return err }},
	{"open a raw socket", func(dir string, t target) error {
		_, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW, 0)
		return err
	}},
	{"trace the parent", func(dir string, t target) error { return unix.PtraceAttach(t.Parent) }},
	{"signal the parent", func(dir string, t target) error { return unix.Kill(t.Parent, 0) }},
	{"signal a thread of the parent", func(dir string, t target) error { return unix.Tgkill(t.Parent, t.Parent, unix.SIGCONT) }},
	{"signal everybody", func(dir string, t target) error { return unix.Kill(-1, 0) }},
	{"read the parent with process_vm_readv", func(dir string, t target) error { return call(unix.SYS_PROCESS_VM_READV, uintptr(t.Parent)) }},
	{"mount", func(dir string, t target) error { return unix.Mount("none", dir, "tmpfs", 0, "") }},
	{"leave its namespaces", func(dir string, t target) error { return unix.Unshare(unix.CLONE_NEWUSER | unix.CLONE_NEWNS) }},
	{"change its root", func(dir string, t target) error { return unix.Chroot(dir) }},
	{"become root", func(dir string, t target) error { return call(unix.SYS_SETUID, 0) }},
	{"load a filter into the kernel", func(dir string, t target) error { return call(unix.SYS_BPF, 0, 0, 0) }},
	{"open io_uring", func(dir string, t target) error {
		var params [120]byte
		return call(unix.SYS_IO_URING_SETUP, 8, uintptr(unsafe.Pointer(&params)))
	}},
	{"handle page faults itself", func(dir string, t target) error { return call(unix.SYS_USERFAULTFD, 0) }},
	{"reach the kernel's keys", func(dir string, t target) error { return call(unix.SYS_KEYCTL, 0, ^uintptr(2), 0) }},
	{"watch performance counters", func(dir string, t target) error { return call(unix.SYS_PERF_EVENT_OPEN, 0, 0, 0, 0, 0) }},
	{"find a socket that was left open", func(dir string, t target) error {
		for fd := range 64 {
			var s unix.Stat_t
			if unix.Fstat(fd, &s) == nil && s.Mode&unix.S_IFMT == unix.S_IFSOCK {
				return nil
			}
		}
		return unix.ENOTSOCK
	}},
	{"raise its limits", func(dir string, t target) error {
		return unix.Setrlimit(unix.RLIMIT_DATA, &unix.Rlimit{Cur: 8 << 30, Max: 8 << 30})
	}},
	{"write a file beyond its limit", func(dir string, t target) error {
		f, err := os.Create(filepath.Join(dir, "large"))
		if err != nil {
			return err
		}
		defer f.Close()
		return f.Truncate(1 << 40)
	}},
	{"open a thousand files", func(dir string, t target) error {
		var kept []*os.File
		for range 1000 {
			f, err := os.Create(filepath.Join(dir, "many"))
			if err != nil {
				return err
			}
			kept = append(kept, f)
		}
		return fmt.Errorf("kept %d", len(kept))
	}},
}

func main() {
	// The arguments are an extractor's; the target stands where the file name would.
	value := func(name string) string {
		for i, a := range os.Args {
			if a == "-"+name && i+1 < len(os.Args) {
				return os.Args[i+1]
			}
		}
		return ""
	}
	dir := value("dir")
	var layers []string
	if slices.Contains(os.Args, "-wait") {
		layers = confine(dir)
		args, err := sandbox.Await()
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Args = args
	}
	var t target
	if err := json.Unmarshal([]byte(value("name")), &t); err != nil {
		fmt.Println(err)
		os.Exit(2)
	}
	switch {
	case strings.HasPrefix(t.Secret, "eat"): // memory until the limit
		confine(dir)
		var kept [][]byte
		for range 4096 {
			b := make([]byte, 1<<20)
			for i := 0; i < len(b); i += 4096 {
				b[i] = 1
			}
			kept = append(kept, b)
		}
		fmt.Println("got", len(kept))
		return
	case strings.HasPrefix(t.Secret, "spin"): // for ever
		confine(dir)
		//lint:ignore SA5002 taking all of a processor is what is tried here
		for {
		}
	case strings.HasPrefix(t.Secret, "shout"): // output without end
		confine(dir)
		b := make([]byte, 1<<20)
		for {
			os.Stdout.Write(b)
		}
	}
	if layers == nil {
		layers = confine(dir)
	}
	// A process that the attempts made would print everything twice.
	pid := os.Getpid()
	for _, a := range attempts {
		err := a.try(dir, t)
		if os.Getpid() != pid {
			syscall.Exit(0)
		}
		got := "refused"
		if err == nil {
			got = "GOT IT"
		}
		fmt.Printf("%s: %s (%v)\n", a.name, got, err)
	}
	fmt.Println("layers:", strings.Join(layers, " "))
}

func confine(dir string) []string {
	layers, err := sandbox.Confine(sandbox.Profile{Dir: dir, Data: 1 << 30, CPU: 30, Files: 24, Output: 64 << 20})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	return layers
}
