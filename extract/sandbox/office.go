package sandbox

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"
	"unicode/utf16"

	"soket/extract/document"
)

// officeWall bounds one conversion; a cold start takes 3 s, a workbook of 30,000 rows 10 s.
const officeWall = 120 * time.Second

// sniff tells apart, by its first bytes, a file that another program must open first. Everything
// else is PDF or left to the extractor: the empty format.
func sniff(path string) (document.Format, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	head := make([]byte, 4096)
	n, err := io.ReadFull(f, head)
	if err != nil && err != io.ErrUnexpectedEOF && err != io.EOF {
		return "", err
	}
	head = head[:n]
	has := func(prefix string) bool { return bytes.HasPrefix(head, []byte(prefix)) }
	switch {
	case bytes.Contains(head[:min(n, 1024)], []byte("%PDF-")):
		return document.PDF, nil
	case has("\xFF\xD8\xFF"), has("\x89PNG\r\n\x1A\n"), has("II*\x00"), has("MM\x00*"):
		return document.Image, nil
	case has("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"):
		return sniffOLE(f)
	case has("PK\x03\x04") && bytes.Contains(head[:min(n, 200)], []byte("mimetypeapplication/vnd.oasis.opendocument.spreadsheet")):
		return document.ODS, nil
	}
	return "", nil
}

// sniffOLE tells a workbook from a text by the names in the file's directory, which are UTF-16. The
// empty format stands for neither: an encrypted xlsx is one, and the extractor knows it.
func sniffOLE(f *os.File) (document.Format, error) {
	const most = 64 << 20 // bytes looked through; the directory stands near the start or the end
	data, err := io.ReadAll(io.LimitReader(io.NewSectionReader(f, 0, 1<<62), most))
	if err != nil {
		return "", err
	}
	named := func(name string) bool {
		b := make([]byte, 0, 2*len(name)+2)
		for _, u := range utf16.Encode([]rune(name + "\x00")) {
			b = binary.LittleEndian.AppendUint16(b, u)
		}
		return bytes.Contains(data, b)
	}
	switch {
	case named("EncryptedPackage"):
		return "", document.ErrEncrypted
	case named("WordDocument"):
		return document.DOC, nil
	case named("Workbook"), named("Book"):
		return document.XLS, nil
	}
	return "", fmt.Errorf("%w: a file of an old office program that is neither text nor workbook", document.ErrUnsupported)
}

// convert has LibreOffice turn an old format into the one that is read, and goes on with that.
func (q *request) convert(ctx context.Context, from document.Format) error {
	office := q.Office
	if office == "" {
		found, err := exec.LookPath("soffice")
		if err != nil {
			return fmt.Errorf("%w: reading %s needs LibreOffice: %v", document.ErrUnsupported, from, err)
		}
		office = found
	}
	// The filter is named: left to guess, LibreOffice opens noise as text.
	to, filter := "xlsx", "MS Excel 97"
	switch from {
	case document.ODS:
		filter = "calc8"
	case document.DOC:
		to, filter = "docx", "MS Word 97"
	}
	dir, err := os.MkdirTemp(q.dir, "office-")
	if err != nil {
		return err
	}
	in := filepath.Join(dir, "document."+string(from))
	if err := copyFile(in, q.path); err != nil {
		return err
	}
	command := []string{office, "-env:UserInstallation=file://" + filepath.Join(dir, "profile"), "--headless", "--norestore",
		"--nolockcheck", "--nodefault", "--infilter=" + filter, "--convert-to", to, "--outdir", filepath.Join(dir, "out"), in}
	made := filepath.Join(dir, "out", "document."+to)
	// With a new profile LibreOffice starts, writes it, and starts itself again. It cannot clear its
	// socket away for that, so the second start is ours.
	for range 2 {
		started := time.Now()
		// It says what it does on standard output and ends well even where it could not open the
		// file: whether there is a result is what counts.
		err = q.program(ctx, dir, nil, []string{"SAL_USE_VCLPLUGIN=svp"}, officeWall, command, func(out io.Reader) error { return nil })
		removeSockets(started)
		if _, missing := os.Stat(made); missing == nil && err == nil {
			break
		} else if err == nil {
			err = fmt.Errorf("%w: LibreOffice could not open this %s", document.ErrCorrupt, from)
		}
		if !errors.Is(err, document.ErrCorrupt) {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("convert %s: %w", from, err)
	}
	q.path, q.from = made, from
	return nil
}

// removeSockets takes away the sockets that LibreOffice made in /tmp since a time and could not
// remove itself. Nobody connects to them: each conversion has a profile of its own.
func removeSockets(since time.Time) {
	left, _ := filepath.Glob("/tmp/OSL_PIPE_*_SingleOfficeIPC_*")
	for _, path := range left {
		if fi, err := os.Lstat(path); err == nil && fi.Mode()&os.ModeSocket != 0 && !fi.ModTime().Before(since.Truncate(time.Second)) {
			os.Remove(path)
		}
	}
}
