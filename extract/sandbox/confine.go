package sandbox

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"

	"github.com/elastic/go-seccomp-bpf"
	"github.com/elastic/go-seccomp-bpf/arch"
	"github.com/landlock-lsm/go-landlock/landlock"
	llsys "github.com/landlock-lsm/go-landlock/landlock/syscall"
	"golang.org/x/sys/unix"
)

// Layers of the sandbox, by the names that reports and `soket doctor` show. Each is looked at after
// it was put up; one that does not hold is not named.
const (
	LayerProcess  = "process"  // a process of its own for one document, ended with its whole group
	LayerLimits   = "limits"   // memory, CPU time, file size, open files
	LayerNetwork  = "network"  // a network namespace with nothing in it
	LayerLandlock = "landlock" // no file but its own empty directory
	LayerSeccomp  = "seccomp"  // only the system calls that reading needs; no other program, no socket
)

// AllLayers are the layers there are, from the one that always holds on.
var AllLayers = []string{LayerProcess, LayerLimits, LayerNetwork, LayerLandlock, LayerSeccomp}

// Profile says what a confined process needs to be able to do.
type Profile struct {
	Dir      string   // its own directory, the only place it may write
	Readable []string // files and directories it may read besides
	Programs bool     // it may start programs (for tesseract and LibreOffice, which are such)
	Data     uint64   // bytes of memory of its own
	CPU      uint64   // seconds
	Files    uint64   // open files
	Output   uint64   // bytes of the largest file
}

// Confine puts up the layers around the running process, for good, and names those that hold. It
// is called before the first byte of a document is looked at. Only limits that cannot be set are
// an error; what else a caller insists on, it checks itself.
func Confine(p Profile) ([]string, error) {
	layers := []string{LayerProcess}
	if err := limit(p); err != nil {
		return layers, fmt.Errorf("limits: %w", err)
	}
	layers = append(layers, LayerLimits)
	// This must come before landlock, which hides the list of interfaces from some kernels.
	if alone() {
		layers = append(layers, LayerNetwork)
	}
	if fence(p) {
		layers = append(layers, LayerLandlock)
	}
	if filter(p) {
		layers = append(layers, LayerSeccomp)
	}
	return layers, nil
}

func limit(p Profile) error {
	for what, most := range map[int]uint64{
		// RLIMIT_DATA counts what a process can write to; RLIMIT_AS would also count the address
		// space that the Go runtime and wazero only reserve.
		unix.RLIMIT_DATA:   p.Data,
		unix.RLIMIT_CPU:    p.CPU,
		unix.RLIMIT_NOFILE: p.Files,
		unix.RLIMIT_FSIZE:  p.Output,
		unix.RLIMIT_CORE:   0,
	} {
		if err := unix.Setrlimit(what, &unix.Rlimit{Cur: most, Max: most}); err != nil {
			return err
		}
	}
	if !p.Programs {
		// Well below the hard limit the collector works harder instead of growing the heap.
		debug.SetMemoryLimit(int64(p.Data) * 3 / 4)
	}
	return nil
}

// alone says whether this process sees no network but a loopback that is down.
func alone() bool {
	all, err := net.Interfaces()
	return err == nil && !slices.ContainsFunc(all, func(i net.Interface) bool { return i.Flags&net.FlagUp != 0 })
}

// fence lets the process see nothing of the file system but what its profile names.
func fence(p Profile) bool {
	if withCgo && os.Getpid() == 1 {
		return false // the Makefile builds without
	}
	var rules []landlock.Rule
	if p.Dir != "" {
		rules = append(rules, landlock.RWDirs(p.Dir).WithRefer()) // files may move between its directories
	}
	for _, path := range p.Readable {
		rule := landlock.RODirs(path)
		if fi, err := os.Stat(path); err == nil && !fi.IsDir() {
			rule = landlock.ROFiles(path)
		}
		rules = append(rules, rule.IgnoreIfMissing())
	}
	if p.Programs {
		// LibreOffice insists on a socket in /tmp, by which a second one would find it. It may make
		// one, and nothing else there; convert takes it away.
		rules = append(rules, landlock.PathAccess(llsys.AccessFSMakeSock, "/tmp").IgnoreIfMissing())
		rules = append(rules, landlock.RWFiles("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random").IgnoreIfMissing())
	}
	if err := landlock.V7.BestEffort().Restrict(rules...); err != nil {
		return false
	}
	// BestEffort does nothing, without an error, on a kernel that has no landlock.
	f, err := os.Open("/")
	if err == nil {
		f.Close()
	}
	return errors.Is(err, os.ErrPermission)
}

// Calls that the Go runtime and the reading of a file need, and no more.
var readerCalls = []string{
	"read", "pread64", "readv", "write", "pwrite64", "writev", "close", "lseek", "fstat", "newfstatat", "statx",
	"fcntl", "openat", "unlinkat", "unlink", "mkdirat", "renameat", "renameat2", "rename", "ftruncate", "fsync", "getdents64", "getcwd", "readlinkat", "fchmodat", "fchmod",
	"mmap", "munmap", "mprotect", "madvise", "mremap", "mincore", "membarrier", "brk",
	"futex", "sched_yield", "sched_getaffinity", "nanosleep", "clock_nanosleep", "clock_gettime", "gettimeofday",
	"rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "tgkill", "gettid", "getpid", "getuid", "geteuid", "getgid", "getegid",
	"timer_create", "timer_settime", "timer_delete", "setitimer", "restart_syscall",
	"epoll_create1", "epoll_ctl", "epoll_pwait", "epoll_wait", "eventfd2", "pipe2", "dup", "dup3",
	"getrandom", "getrlimit", "setrlimit", "prlimit64", "uname", "set_robust_list", "rseq", "set_tid_address", "arch_prctl",
	"exit", "exit_group",
	"recvmsg", // by which a child that waits gets its document; it has no socket from then on
}

// Calls that no converter needs, and that attacks on the kernel and on other processes start with.
var deniedCalls = []string{
	"ptrace", "process_vm_readv", "process_vm_writev", "mount", "umount2", "pivot_root", "chroot", "move_mount", "open_tree", "fsopen", "fsmount",
	"unshare", "setns", "bpf", "perf_event_open", "userfaultfd", "keyctl", "add_key", "request_key", "io_uring_setup", "io_uring_enter", "io_uring_register",
	"kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module", "reboot", "swapon", "swapoff", "open_by_handle_at", "name_to_handle_at",
}

// threadFlag is CLONE_THREAD: a clone without it is a new process.
const threadFlag = 0x10000

func filter(p Profile) bool {
	info, err := arch.GetInfo("")
	if err != nil {
		return false
	}
	known := func(names []string) []string { // each processor family lacks some
		return slices.DeleteFunc(slices.Clone(names), func(n string) bool { _, ok := info.SyscallNames[n]; return !ok })
	}
	policy := seccomp.Policy{DefaultAction: seccomp.ActionErrno, Syscalls: []seccomp.SyscallGroup{{
		Action: seccomp.ActionAllow,
		Names:  known(readerCalls),
		NamesWithCondtions: []seccomp.NameWithConditions{
			{Name: "clone", Conditions: seccomp.ArgumentConditions{{Argument: 0, Operation: seccomp.BitsSet, Value: threadFlag}}},
		},
	}, {
		// A filter cannot look into clone3's arguments; a C library told that there is none uses clone.
		Action: seccomp.ActionErrno | seccomp.Action(unix.ENOSYS),
		Names:  known([]string{"clone3"}),
	}}}
	if p.Programs {
		// Sockets stay out except those between processes of one machine, by which LibreOffice
		// finds itself; the empty network namespace says the same where the kernel gives one.
		policy = seccomp.Policy{DefaultAction: seccomp.ActionAllow, Syscalls: []seccomp.SyscallGroup{{
			Action: seccomp.ActionErrno,
			Names:  known(deniedCalls),
			NamesWithCondtions: []seccomp.NameWithConditions{
				{Name: "socket", Conditions: seccomp.ArgumentConditions{{Argument: 0, Operation: seccomp.NotEqual, Value: unix.AF_UNIX}}},
			},
		}}}
	}
	if err := seccomp.LoadFilter(seccomp.Filter{NoNewPrivs: true, Flag: seccomp.FilterFlagTSync, Policy: policy}); err != nil {
		return false
	}
	var refused error
	if p.Programs {
		_, _, errno := unix.RawSyscall(unix.SYS_PTRACE, 0, 0, 0)
		refused = errno
	} else {
		_, refused = unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	}
	return errors.Is(refused, unix.EPERM)
}

// Missing names the layers of required that do not hold.
func Missing(required, held []string) []string {
	return slices.DeleteFunc(slices.Clone(required), func(l string) bool { return slices.Contains(held, l) })
}

// systemDirs is what installed programs need to see: themselves, their libraries and fonts.
func systemDirs() []string {
	dirs := []string{"/usr", "/lib", "/lib64", "/bin", "/etc", "/opt", "/proc", "/var/cache/fontconfig", "/var/lib/libreoffice", "/var/spool/libreoffice"}
	for i, d := range dirs {
		if real, err := filepath.EvalSymlinks(d); err == nil {
			dirs[i] = real
		}
	}
	return dirs
}
