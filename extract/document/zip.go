package document

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// Limits on office files, which are zip archives: they are checked on the archive's own directory
// before anything is unpacked, and again while unpacking. A file beyond one is refused with
// ErrTooLarge.
const (
	// maxZipEntries: real workbooks hold a few hundred parts; each costs memory before it is read.
	maxZipEntries = 10_000
	// maxUnzipBytes of all parts together. A million rows of eight columns unpack to about 400 MB of
	// XML, of which the reader holds only the rows it is at; 1 GiB lets them through. What is held in
	// memory at once is bounded by maxUnzipPartBytes and, for sheets, by the temporary file.
	maxUnzipBytes = 1 << 30
	// maxUnzipPartBytes of one part that is held in memory (text, styles, shared strings).
	maxUnzipPartBytes = 128 << 20
	// maxZipRatio of unpacked to packed bytes of a part over zipRatioFloor: sheets of repeated rows
	// reach 30 or 40, a bomb a thousand.
	maxZipRatio = 250
	// zipRatioFloor is the size from which the ratio is looked at; smaller parts do no harm.
	zipRatioFloor = 4 << 20
)

// openZip opens an office file after a look at its directory: entries, sizes, ratio, names. The
// sizes an archive states may lie; unzipPart and the readers bound what really comes out.
func openZip(src io.ReaderAt, size int64) (*zip.Reader, error) {
	z, err := zip.NewReader(src, size)
	if err != nil {
		return nil, fmt.Errorf("%w: zip: %v", ErrCorrupt, err)
	}
	if len(z.File) > maxZipEntries {
		return nil, fmt.Errorf("%w: %d parts in the archive", ErrTooLarge, len(z.File))
	}
	var total uint64
	seen := make(map[string]bool, len(z.File))
	for _, f := range z.File {
		name := strings.ReplaceAll(f.Name, "\\", "/")
		if path.IsAbs(name) || strings.Contains("/"+name+"/", "/../") {
			return nil, fmt.Errorf("%w: part named %q leaves the archive", ErrCorrupt, f.Name)
		}
		if seen[name] {
			return nil, fmt.Errorf("%w: two parts named %q", ErrCorrupt, f.Name)
		}
		seen[name] = true
		if f.Flags&1 != 0 {
			return nil, ErrEncrypted
		}
		if f.UncompressedSize64 > maxUnzipBytes || total+f.UncompressedSize64 > maxUnzipBytes {
			return nil, fmt.Errorf("%w: unpacks to more than %d bytes", ErrTooLarge, int64(maxUnzipBytes))
		}
		total += f.UncompressedSize64
		if f.UncompressedSize64 > zipRatioFloor && f.UncompressedSize64/maxZipRatio > f.CompressedSize64 {
			return nil, fmt.Errorf("%w: part %q unpacks to %d times its size", ErrTooLarge, f.Name, f.UncompressedSize64/max(f.CompressedSize64, 1))
		}
	}
	return z, nil
}

// errNoPart says that an archive lacks a part.
var errNoPart = errors.New("no such part")

// unzipPart unpacks one part, at most maxUnzipPartBytes of it.
func unzipPart(z *zip.Reader, name string) ([]byte, error) {
	for _, f := range z.File {
		if !strings.EqualFold(f.Name, name) {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return nil, fmt.Errorf("%w: part %q: %v", ErrCorrupt, name, err)
		}
		defer r.Close()
		data, err := io.ReadAll(io.LimitReader(r, maxUnzipPartBytes+1))
		if err != nil {
			return nil, fmt.Errorf("%w: part %q: %v", ErrCorrupt, name, err)
		}
		if len(data) > maxUnzipPartBytes {
			return nil, fmt.Errorf("%w: part %q unpacks to more than %d bytes", ErrTooLarge, name, maxUnzipPartBytes)
		}
		return data, nil
	}
	return nil, fmt.Errorf("%q: %w", name, errNoPart)
}
