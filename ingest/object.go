package ingest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"

	"soket/extract"
)

const (
	// chunkBytes is the size of a stored chunk: half of the server's 1 MiB message limit, and large
	// enough that a sync for each does not slow a file down.
	chunkBytes = 512 << 10
	// chunksOutstanding is how many chunks of one upload may wait for their ack. The server holds
	// 128 MiB per stream for all uploads and refuses beyond it; nats.go's own writer has no such limit
	// and then leaves an object without its chunks.
	chunksOutstanding = 8
	// chunkBuffers is how many chunks all uploads of this process hold in memory: 48 MiB. Further
	// uploads wait for a buffer, so many uploads at once are slow rather than fatal.
	chunkBuffers = 96
	// chunkAck is how long one chunk may wait for its ack: a disk that stands still longer is down.
	chunkAck = 30 * time.Second
	// abortWait bounds taking an upload's chunks back; what is left then is found by the sweep.
	abortWait = 10 * time.Second
	// fetchDeadline bounds reading one original back: a Get whose chunks are gone would hang else.
	fetchDeadline = 2 * time.Minute
)

// errTooLong tells that a stream of bytes went beyond the limit.
var errTooLong = errors.New("longer than the limit")

// stored says what was written.
type stored struct {
	size   int64
	sha256 string // hex
}

// put writes an object in the layout of nats.go's object store, create only: chunks of 512 KiB with
// few acks outstanding, every ack awaited, and only then one synchronous publish of the metadata.
// settle is asked between the two and may refuse the object. On any error before the metadata
// nothing is left behind, nor a byte on the disk; after it the outcome is unknown and the object stays for the sweep.
func (b *Inbox) put(ctx context.Context, name string, r io.Reader, limit int64, settle func(stored) error) (stored, error) {
	w := &chunkWriter{inbox: b, nuid: name + "-" + nuid.Next(), digest: sha256.New()}
	w.subject = chunkSubject + w.nuid
	err := w.copy(ctx, r, limit)
	if err == nil {
		err = b.fault.step("U2 chunks acked", func() error { return w.drain(ctx, 0) })
	}
	got := stored{size: w.size, sha256: hex.EncodeToString(w.digest.Sum(nil))}
	if err == nil {
		err = settle(got)
	}
	if errors.Is(err, errStill) { // nor would it take them back before the sender gave up
		go w.abort()
		return got, err
	}
	if err != nil {
		w.abort()
		return got, err
	}
	info := jetstream.ObjectInfo{
		ObjectMeta: jetstream.ObjectMeta{Name: name, Opts: &jetstream.ObjectMetaOptions{ChunkSize: chunkBytes}},
		Bucket:     originalBucket, NUID: w.nuid, Size: uint64(w.size), Chunks: w.count, Digest: jetstream.GetObjectDigestValue(w.digest),
	}
	data, err := json.Marshal(info)
	if err != nil {
		w.abort()
		return got, fmt.Errorf("object %s: %w", name, err)
	}
	m := nats.NewMsg(metaSubject(name))
	m.Header.Set(jetstream.MsgRollup, jetstream.MsgRollupSubject)
	m.Data = data
	err = b.fault.step("U2 meta", func() error {
		return b.acked(ctx, func(ctx context.Context) error {
			_, err := b.js.PublishMsg(ctx, m, jetstream.WithExpectLastSequencePerSubject(0))
			return err
		})
	})
	if err != nil {
		return got, fmt.Errorf("object %s: metadata: %w", name, err)
	}
	return got, nil
}

const (
	chunkSubject = "$O." + originalBucket + ".C." // + name-NUID; without the name until this was built
	infoSubject  = "$O." + originalBucket + ".M." // + name in base64
)

func metaSubject(name string) string {
	return infoSubject + base64.URLEncoding.EncodeToString([]byte(name))
}

// nameOf tells the object that a subject of metadata or of chunks belongs to; empty where it does not say.
func nameOf(subject string) string {
	if named, ok := strings.CutPrefix(subject, infoSubject); ok {
		name, _ := base64.URLEncoding.DecodeString(named)
		return string(name)
	}
	id := strings.TrimPrefix(subject, chunkSubject)
	return id[:max(0, strings.LastIndexByte(id, '-'))]
}

// chunkWriter sends the chunks of one object, with at most chunksOutstanding unacknowledged.
type chunkWriter struct {
	inbox   *Inbox
	nuid    string
	subject string
	digest  hash.Hash
	size    int64
	count   uint32
	waiting []sentChunk
}

type sentChunk struct {
	ack jetstream.PubAckFuture
	buf []byte
}

func (w *chunkWriter) copy(ctx context.Context, r io.Reader, limit int64) error {
	for {
		buf, err := w.buffer(ctx)
		if err != nil {
			return err
		}
		n, err := fill(r, buf)
		if n == 0 || (err != nil && err != io.EOF) {
			w.inbox.buffers.give(buf)
			if err == io.EOF {
				return nil
			}
			return fmt.Errorf("read upload: %w", err)
		}
		if w.size += int64(n); w.size > limit {
			w.inbox.buffers.give(buf)
			return errTooLong
		}
		w.digest.Write(buf[:n])
		if serr := w.send(ctx, buf, n); serr != nil {
			return serr
		}
		if err != nil { // a short read is the last
			return nil
		}
	}
}

// fill reads until buf is full, for a multipart part hands out 1 KiB at a time. Unlike io.ReadFull
// it tells the end of the bytes (io.EOF) from a sender who broke off (io.ErrUnexpectedEOF), which
// would else make half a file look like a whole one.
func fill(r io.Reader, buf []byte) (n int, err error) {
	for n < len(buf) && err == nil {
		var m int
		m, err = r.Read(buf[n:])
		n += m
	}
	if n == len(buf) && err == io.EOF { // the next call finds it again
		err = nil
	}
	return n, err
}

// buffer takes a buffer from the pool. While there is none, it gives back its own as they are
// acknowledged: uploads that wait for each other's buffers would wait for ever.
func (w *chunkWriter) buffer(ctx context.Context) ([]byte, error) {
	for len(w.waiting) > 0 {
		if buf, ok := w.inbox.buffers.try(); ok {
			return buf, nil
		}
		if err := w.drain(ctx, len(w.waiting)-1); err != nil {
			return nil, err
		}
	}
	return w.inbox.buffers.take(ctx)
}

func (w *chunkWriter) send(ctx context.Context, buf []byte, n int) error {
	return w.inbox.fault.step("U2 chunk", func() error {
		ack, err := w.inbox.js.PublishMsgAsync(&nats.Msg{Subject: w.subject, Data: buf[:n]})
		if err != nil {
			w.inbox.buffers.give(buf)
			return fmt.Errorf("send chunk: %w", err)
		}
		w.count++
		w.waiting = append(w.waiting, sentChunk{ack, buf})
		return w.drain(ctx, chunksOutstanding-1)
	})
}

// drain waits until no more than left chunks are unacknowledged.
func (w *chunkWriter) drain(ctx context.Context, left int) error {
	for len(w.waiting) > left {
		c := w.waiting[0]
		bounded, cancel := context.WithTimeoutCause(ctx, chunkAck, errors.New("no ack from the store"))
		wait := func(ctx context.Context) error {
			select {
			case <-c.ack.Ok():
				return nil
			case err := <-c.ack.Err():
				return err
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		}
		var err error
		if w.count > chunksOutstanding { // long under way: a disk that is only busy must not end it
			if err = wait(bounded); err == nil {
				w.inbox.pulse.beat()
			}
		} else {
			err = w.inbox.acked(bounded, wait)
		}
		cancel()
		w.waiting = w.waiting[1:]
		if err != nil {
			w.inbox.buffers.give(nil) // the client may still hold these bytes; the pool gets fresh ones
			return fmt.Errorf("store chunk: %w", err)
		}
		w.inbox.buffers.give(c.buf)
	}
	return nil
}

// abort takes the chunks away again. Those under way are awaited first, else they would arrive
// after the purge; what cannot be purged now is found by the sweep.
func (w *chunkWriter) abort() {
	ctx, cancel := context.WithTimeout(context.Background(), abortWait)
	for _, c := range w.waiting {
		select {
		case <-c.ack.Ok():
		case <-c.ack.Err():
		case <-ctx.Done():
		}
		w.inbox.buffers.give(nil)
	}
	cancel()
	w.waiting = nil
	ctx, cancel = context.WithTimeout(context.Background(), abortWait)
	defer cancel()
	if w.count > 0 {
		if err := w.inbox.overwrite(ctx, w.inbox.chunks, w.subject); err != nil {
			w.inbox.log.Warn("chunks of an aborted upload stay for the sweep", "nuid", w.nuid, "err", err)
		}
	}
}

// bufferPool lends a bounded number of chunk buffers, made when first needed.
type bufferPool chan []byte

func newBufferPool(n int) bufferPool {
	p := make(bufferPool, n)
	for range n {
		p <- nil
	}
	return p
}

func (p bufferPool) take(ctx context.Context) ([]byte, error) {
	select {
	case buf := <-p:
		return sized(buf), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p bufferPool) try() ([]byte, bool) {
	select {
	case buf := <-p:
		return sized(buf), true
	default:
		return nil, false
	}
}

func sized(buf []byte) []byte {
	if buf == nil {
		return make([]byte, chunkBytes)
	}
	return buf[:chunkBytes]
}

func (p bufferPool) give(buf []byte) { p <- buf }

// fetch copies an original to a private file and checks its SHA-256: the store hands bytes out
// before it has verified them.
func (b *Inbox) fetch(ctx context.Context, f extract.Filing, path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("private copy: %w", err)
	}
	err = b.fetchTo(ctx, f, file)
	if cerr := file.Close(); err == nil && cerr != nil {
		err = fmt.Errorf("original %s: %w", f.ID, cerr)
	}
	return err
}

func (b *Inbox) fetchTo(ctx context.Context, f extract.Filing, file io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, fetchDeadline)
	defer cancel()
	h := sha256.New()
	if err := b.copyObject(ctx, f.ID, io.MultiWriter(file, h)); err != nil {
		return fmt.Errorf("original %s: %w", f.ID, err)
	}
	return b.fault.step("W3 verify", func() error {
		if got := hex.EncodeToString(h.Sum(nil)); got != f.SHA256 {
			return fmt.Errorf("original %s: stored bytes have SHA-256 %s, the ledger says %s", f.ID, got, f.SHA256)
		}
		return nil
	})
}

// copyObject writes the chunks of an object to w, in order, one request each. The Get of nats.go
// makes a consumer for each object, which the server keeps for minutes (1,000 are its limit), and
// leaves a goroutine behind when the connection goes at the wrong moment.
func (b *Inbox) copyObject(ctx context.Context, name string, w io.Writer) error {
	asked, cancel := asking(ctx)
	info, err := b.objectInfo(asked, name)
	cancel()
	if err != nil {
		return fmt.Errorf("metadata: %w", err)
	}
	if info.Deleted || info.NUID == "" {
		return jetstream.ErrObjectNotFound
	}
	if info.Chunks == 0 {
		return nil
	}
	subject := chunkSubject + info.NUID
	var seq uint64
	for n := range info.Chunks {
		asked, cancel := asking(ctx)
		m, err := b.chunks.GetMsg(asked, seq+1, jetstream.WithGetMsgSubject(subject))
		cancel()
		if err != nil {
			return fmt.Errorf("chunk %d of %d: %w", n+1, info.Chunks, err)
		}
		if _, err := w.Write(m.Data); err != nil {
			return fmt.Errorf("copy: %w", err)
		}
		seq = m.Sequence
	}
	return nil
}

func (b *Inbox) objectInfo(ctx context.Context, name string) (info jetstream.ObjectInfo, err error) {
	m, err := b.chunks.GetLastMsgForSubject(ctx, metaSubject(name))
	if err == nil {
		err = json.Unmarshal(m.Data, &info)
	}
	return info, err
}

// sweepOriginals removes what no ledger entry names and what is older than age: objects of uploads
// that never reached the ledger, and chunks without metadata.
func (b *Inbox) sweepOriginals(ctx context.Context, age time.Duration) (int, error) {
	if err := b.Damage(); err != nil { // the entries that name these objects may be what was lost
		return 0, fmt.Errorf("sweep originals: not done: %w", err)
	}
	info, err := b.chunks.Info(ctx, jetstream.WithSubjectFilter("$O."+originalBucket+".>"))
	if err != nil {
		return 0, fmt.Errorf("sweep originals: %w", err)
	}
	// The ledger as it is now, not as it was when the listing began: every object of the listing
	// whose entry exists must be known to the index.
	last, err := b.ledger.Info(ctx)
	if err != nil {
		return 0, fmt.Errorf("sweep originals: %w", err)
	}
	if err := b.index.wait(ctx, last.State.LastSeq); err != nil {
		return 0, err
	}
	chunks := map[string][]string{} // subjects by the object whose name they bear
	var metas, dead []string
	for subject := range info.State.Subjects {
		if name := nameOf(subject); strings.HasPrefix(subject, chunkSubject) {
			chunks[name] = append(chunks[name], subject)
		} else {
			metas = append(metas, subject)
		}
	}
	slices.Sort(metas)        // oldest first, as they lie in the server's blocks
	kept := map[string]bool{} // chunk subjects that an object of the ledger names
	for _, subject := range metas {
		// The subjects of what is in order say enough. For each message that is looked at the server reads
		// the block of 8 MiB around it: with every hour's sweep that were all originals.
		name := nameOf(subject)
		if e, ok := b.index.get(name); ok && e.State != extract.Deleted && len(chunks[name]) == 1 {
			kept[chunks[name][0]] = true
			continue
		}
		m, err := b.chunks.GetLastMsgForSubject(ctx, subject)
		if errors.Is(err, jetstream.ErrMsgNotFound) { // another sweep was here
			continue
		}
		if err != nil {
			return 0, fmt.Errorf("sweep originals: %s: %w", subject, err)
		}
		var meta jetstream.ObjectInfo
		if err := json.NewDecoder(bytes.NewReader(m.Data)).Decode(&meta); err != nil {
			return 0, fmt.Errorf("sweep originals: %s: %w", subject, err)
		}
		e, ok := b.index.get(meta.Name)
		if ok && e.State != extract.Deleted || !ok && last.TimeStamp.Sub(m.Time) < age {
			kept[chunkSubject+meta.NUID] = true
			continue
		}
		dead = append(dead, subject)
	}
	for _, subject := range slices.Concat(slices.Collect(maps.Values(chunks))...) {
		if kept[subject] {
			continue
		}
		m, err := b.chunks.GetLastMsgForSubject(ctx, subject)
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			continue
		}
		if err != nil {
			return 0, fmt.Errorf("sweep originals: %s: %w", subject, err)
		}
		if last.TimeStamp.Sub(m.Time) >= age {
			dead = append(dead, subject)
		}
	}
	for _, subject := range dead {
		if err := b.overwrite(ctx, b.chunks, subject); err != nil {
			return 0, fmt.Errorf("sweep originals: %s: %w", subject, err)
		}
	}
	return len(dead), nil
}
