package sandbox

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"soket/extract"
	"soket/extract/document"
)

// message is one of those that the child writes: progress steps, then one report or one error.
type message struct {
	Page, Pages int
	Report      *extract.Report
	Code, Error string
	Layers      []string
	Book        []byte // a workbook with notes
}

// Descriptors on which the child finds its input, open for reading only.
const (
	documentFD = 3
	scenesFD   = 4 // with -scenes: a JSON array of scenes
	notesFD    = 4 // with -annotate: a JSON array of notes
	socketFD   = 3 // with -wait, and on 4 too: what waits for files stands in their places
)

const (
	// calm bytes of heap are taken before the first collection: a usual report is read before that, and
	// collecting would be a tenth of its time.
	calm = 32 << 20
	// leastHeap is what the runtime takes at the usual 100 per cent.
	leastHeap = 4 << 20
)

// collectLate puts the first collection off, after which the runtime collects as usual. What it gives is then
// memory that is never touched and so never taken from the machine: kept, it lets later collections come at
// twice as much and these bytes.
func collectLate() (kept *[]byte) {
	kept = new([]byte)
	debug.SetGCPercent(calm / leastHeap * 100)
	runtime.SetFinalizer(new([64]byte), func(*[64]byte) {
		*kept = make([]byte, calm/2)
		debug.SetGCPercent(100)
	})
	return kept
}

// Child is the whole life of the extractor process. It is one of
//
//	extractor [-name N] [-period P] [-from F] [-scenes] [-explain] [-no-facts] -dir D [-require L,L]   reads the document on descriptor 3
//	extractor -annotate -dir D [-require L,L]                                   writes the workbook on descriptor 3 with the notes on 4
//	extractor -wait [-rehearse] -dir D                                          takes the other arguments and its files from the socket on 3 and 4
//	extractor -layers -dir D                                                    only names the layers that hold
//	extractor -program -dir D [-see PATH,PATH] -- PROGRAM ARG...                 becomes PROGRAM, confined
//
// Reading writes messages to standard output. The result is the exit status: 0 when a report was
// written, 1 when an error was, 2 for wrong usage.
func Child(args []string) int {
	flags := flag.NewFlagSet("extractor", flag.ContinueOnError)
	var o extract.Options
	flags.StringVar(&o.Name, "name", "", "file name of the document")
	period := flags.String("period", "", "period set by a person")
	from := flags.String("from", "", "format before conversion")
	scenes := flags.Bool("scenes", false, "take pages that another engine read from descriptor 4")
	flags.BoolVar(&o.Explain, "explain", false, "give the numbers that were not taken, and why")
	flags.BoolVar(&o.NoFacts, "no-facts", false, "text and tables only")
	dir := flags.String("dir", "", "own directory")
	require := flags.String("require", "", "layers that must hold, with commas between")
	wait := flags.Bool("wait", false, "put up the layers, then wait for a document")
	rehearse := flags.Bool("rehearse", false, "read two samples before it waits")
	annotate := flags.Bool("annotate", false, "give the workbook back with the notes of descriptor 4")
	onlyLayers := flags.Bool("layers", false, "only name the layers that hold")
	program := flags.Bool("program", false, "become another program, confined")
	see := flags.String("see", "", "files the program may read, with commas between")
	if err := flags.Parse(args); err != nil || *dir == "" || *program && flags.NArg() == 0 {
		return 2
	}
	defer runtime.KeepAlive(collectLate())
	if *program {
		return become(*dir, split(*require), split(*see), flags.Args())
	}

	if !o.NoFacts && !*onlyLayers && !*annotate {
		extract.Prepare() // a second processor reads the catalogue while this one puts up the layers and reads the document
	}
	layers, err := Confine(Profile{Dir: *dir, Data: readerData, CPU: cpuSeconds, Files: readerFiles, Output: maxOutput})
	if err == nil && *wait {
		if *rehearse {
			extract.Rehearse()
		}
		if args, err = Await(); err == io.EOF {
			return 0 // there is no document for it
		} else if err == nil {
			err = flags.Parse(args)
		}
	}
	if missing := Missing(split(*require), layers); err == nil && len(missing) > 0 {
		err = fmt.Errorf("layers %v do not hold", missing)
	}
	if err != nil {
		send(os.Stdout, message{Code: "internal", Error: "sandbox: " + err.Error()})
		return 1
	}
	if *onlyLayers {
		send(os.Stdout, message{Layers: layers})
		return 0
	}
	if *annotate {
		book, err := annotated()
		if err != nil {
			send(os.Stdout, message{Code: extract.CodeOf(err), Error: err.Error()})
			return 1
		}
		if err := send(os.Stdout, message{Book: book}); err != nil {
			return 1
		}
		return 0
	}
	o.Period, o.From = extract.Period(*period), document.Format(*from)
	last := time.Time{}
	o.Progress = func(page, pages int) {
		if now := time.Now(); page == pages || now.Sub(last) > progressEvery {
			last = now
			send(os.Stdout, message{Page: page, Pages: pages})
		}
	}
	r, err := read(o, *scenes)
	if err != nil {
		send(os.Stdout, message{Code: extract.CodeOf(err), Error: err.Error()})
		return 1
	}
	r.Layers = layers
	if err := send(os.Stdout, message{Report: r}); err != nil {
		return 1
	}
	return 0
}

func split(list string) []string {
	if list == "" {
		return nil
	}
	return strings.Split(list, ",")
}

// caught turns a parser's panic into an error: it is a damaged document, not a fault of ours to crash
// on. The process ends anyway, and the message says more than a stack.
func caught(err *error) {
	if p := recover(); p != nil {
		*err = &extract.Refusal{Code: "corrupt", Detail: fmt.Sprint(p)}
	}
}

func given() (f *os.File, size int64, err error) {
	if f = os.NewFile(documentFD, "document"); f == nil {
		return nil, 0, errors.New("no document on descriptor 3")
	}
	if size, err = f.Seek(0, io.SeekEnd); err != nil {
		return nil, 0, fmt.Errorf("document: %w", err)
	}
	return f, size, nil
}

// handed decodes what else the child was given. A child that is started anew shares the place in the
// file with the one before, so it begins at the start.
func handed(fd uintptr, into any) error {
	in := os.NewFile(fd, "input")
	if in == nil {
		return fmt.Errorf("no descriptor %d", fd)
	}
	if _, err := in.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return json.NewDecoder(bufio.NewReader(in)).Decode(into)
}

func annotated() (book []byte, err error) {
	defer caught(&err)
	f, size, err := given()
	if err != nil {
		return nil, err
	}
	var notes []document.Note
	if err := handed(notesFD, &notes); err != nil {
		return nil, fmt.Errorf("notes: %w", err)
	}
	var out bytes.Buffer
	err = document.Annotate(f, size, notes, &out)
	return out.Bytes(), err
}

func read(o extract.Options, scenes bool) (r *extract.Report, err error) {
	defer caught(&err)
	f, size, err := given()
	if err != nil {
		return nil, err
	}
	if scenes {
		if err := handed(scenesFD, &o.Scenes); err != nil {
			return nil, fmt.Errorf("scenes: %w", err)
		}
	}
	return extract.Read(context.Background(), f, size, o)
}

// become puts up the layers for an installed program and turns into it.
func become(dir string, required, see, program []string) int {
	layers, err := Confine(Profile{
		Dir: dir, Readable: append(systemDirs(), see...), Programs: true,
		Data: programData, CPU: programSeconds, Files: programFiles, Output: maxOutput,
	})
	if missing := Missing(required, layers); err == nil && len(missing) > 0 {
		err = fmt.Errorf("layers %v do not hold", missing)
	}
	if err == nil {
		err = unix.Exec(program[0], program, os.Environ())
	}
	fmt.Fprintln(os.Stderr, "extractor:", err)
	return 1
}
