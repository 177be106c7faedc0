package engine

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"unsafe"

	"github.com/ebitengine/purego"
)

// library is libchdb, the ClickHouse engine, loaded without cgo. Source of the calls: chdb.h of
// chdb-core.
type library struct {
	connect      func(argc int32, argv **byte) *unsafe.Pointer
	closeConn    func(conn *unsafe.Pointer)
	query        func(conn unsafe.Pointer, query *byte, queryLen uintptr, format *byte, formatLen uintptr) unsafe.Pointer
	resultBuffer func(result unsafe.Pointer) *byte
	resultLength func(result unsafe.Pointer) uintptr
	resultError  func(result unsafe.Pointer) *byte
	destroy      func(result unsafe.Pointer)
}

// ErrNoLibrary says that the engine is not installed.
var ErrNoLibrary = errors.New("ClickHouse engine library not found; make build installs it")

// libraryName is the file that the npm package brings, also on macOS.
const libraryName = "libchdb.so"

// FindLibrary gives the engine's file: the one named, or the one beside the running program.
func FindLibrary(named string) (string, error) {
	if named == "" {
		self, err := os.Executable()
		if err != nil {
			return "", err
		}
		named = filepath.Join(filepath.Dir(self), libraryName)
	}
	if _, err := os.Stat(named); err != nil {
		return "", fmt.Errorf("%w: %v", ErrNoLibrary, err)
	}
	return named, nil
}

func load(path string) (*library, error) {
	handle, err := purego.Dlopen(path, purego.RTLD_NOW|purego.RTLD_GLOBAL)
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", path, err)
	}
	l := &library{}
	for name, f := range map[string]any{
		"chdb_connect": &l.connect, "chdb_close_conn": &l.closeConn, "chdb_query_n": &l.query,
		"chdb_result_buffer": &l.resultBuffer, "chdb_result_length": &l.resultLength,
		"chdb_result_error": &l.resultError, "chdb_destroy_query_result": &l.destroy,
	} {
		symbol, err := purego.Dlsym(handle, name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		purego.RegisterFunc(f, symbol)
	}
	return l, nil
}

// connection runs one query at a time.
type connection struct {
	lib *library
	ptr *unsafe.Pointer
}

func (l *library) open(dir string) (*connection, error) {
	args := []string{"clickhouse", "--path=" + dir}
	argv := make([]*byte, len(args)+1)
	for i, a := range args {
		argv[i] = &append([]byte(a), 0)[0]
	}
	ptr := l.connect(int32(len(args)), &argv[0])
	runtime.KeepAlive(argv)
	if ptr == nil || *ptr == nil {
		return nil, fmt.Errorf("the engine does not open %s", dir)
	}
	return &connection{l, ptr}, nil
}

func (c *connection) close() { c.lib.closeConn(c.ptr) }

// run runs one statement and gives its result in the format asked for.
func (c *connection) run(query, format string) ([]byte, error) {
	q, f := []byte(query+"\x00"), []byte(format+"\x00")
	result := c.lib.query(*c.ptr, &q[0], uintptr(len(q)-1), &f[0], uintptr(len(f)-1))
	runtime.KeepAlive(q)
	runtime.KeepAlive(f)
	if result == nil {
		return nil, errors.New("the engine gave no result")
	}
	defer c.lib.destroy(result)
	if message := c.lib.resultError(result); message != nil {
		return nil, errors.New(text(message))
	}
	n := c.lib.resultLength(result)
	if n == 0 {
		return nil, nil
	}
	out := make([]byte, n)
	copy(out, unsafe.Slice(c.lib.resultBuffer(result), n))
	return out, nil
}

// text copies a C string.
func text(p *byte) string {
	n := 0
	for *(*byte)(unsafe.Add(unsafe.Pointer(p), n)) != 0 {
		n++
	}
	return string(unsafe.Slice(p, n))
}
