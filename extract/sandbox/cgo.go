//go:build cgo

package sandbox

// withCgo is set in binaries linked with C. There landlock is put on all threads through libpsx,
// which waits for ever in a process that is the first of its namespace.
const withCgo = true
