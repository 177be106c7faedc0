package ingest

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// maxLeap is the furthest that the sequences of one block may lie apart. nats-server fills what is
// between with entries in memory: one flipped bit makes it take all there is and never start.
const maxLeap = 1 << 24

// sound looks through the headers of all records in a store's blocks before the server does.
func sound(dir string) error {
	blocks, err := filepath.Glob(filepath.Join(dir, "jetstream", "*", "streams", "*", "msgs", "*.blk"))
	if err != nil {
		return err
	}
	for _, path := range blocks {
		if err := soundBlock(path); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return nil
}

// soundBlock follows a block from record to record: length and flag in 4 bytes, sequence and flags in
// 8, time in 8, length of the subject in 2. Where lengths do not fit nats-server cuts the stream off,
// which the ledger's mark tells (damage.go).
func soundBlock(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) { // a block that was used up
		return nil
	} else if err != nil {
		return err
	}
	defer f.Close()
	fi, err := f.Stat()
	if err != nil {
		return err
	}
	const header, flags = 22, 0b11 << 62
	in := bufio.NewReaderSize(f, 16<<10)
	var last uint64
	for left := fi.Size(); left >= header; {
		var h [header]byte
		if _, err := io.ReadFull(in, h[:]); err != nil {
			return err
		}
		length := int64(binary.LittleEndian.Uint32(h[:]) &^ (1 << 31))
		seq := binary.LittleEndian.Uint64(h[4:])
		if length < header || length > left {
			return nil
		}
		if at := seq &^ flags; seq&flags == 0 && at > last {
			if last != 0 && at-last > maxLeap {
				return fmt.Errorf("damaged: from record %d to %d: restore the last backup", last, at)
			}
			last = at
		}
		// Originals are passed over and not read: at a start all of them would be.
		if rest := length - header; rest <= int64(in.Buffered()) {
			_, err = in.Discard(int(rest))
		} else if _, err = f.Seek(rest-int64(in.Buffered()), io.SeekCurrent); err == nil {
			in.Reset(f)
		}
		if err != nil {
			return err
		}
		left -= length
	}
	return nil
}
