package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Options say where the inbox lies. Server or URL is needed.
type Options struct {
	Server *Server // the embedded server
	URL    string  // or an outside one, "nats://host:4222", several joined by commas
	Name   string  // of this process, for the server's list of connections
	Dir    string  // for private copies of originals while they are read; "": the system's
	Bytes  int64   // what all streams together may take; 0: all that the server offers
	// FreeBytes is the mark of free disk below which uploads are refused; 0: the default of 1 GiB,
	// which leaves room to settle what was accepted. Measured at the embedded server's directory.
	FreeBytes int64
	// Lease is how long a worker that died keeps others from its job; 0: the default of 15 s.
	Lease time.Duration
	// Every is how often the reconciler looks for lost job hints; 0: the default of 60 s.
	Every    time.Duration
	Replicas int // of each stream, on a cluster; 0: one
	Log      *slog.Logger
	Fault    Fault // for tests; nil costs nothing
	Metrics  *Metrics
	Conn     []nats.Option // further options of the connection, such as credentials
}

const (
	connectTimeout = 5 * time.Second
	// defaultFreeBytes is the free-space mark: four uploads of the largest size.
	defaultFreeBytes = 4 * MaxUploadBytes
	openTimeout      = 60 * time.Second
	// asyncAck is how long nats.go keeps an unanswered chunk in its books.
	asyncAck = time.Minute
)

// Inbox takes reports in and knows all filings. It is safe for concurrent use, and any number of
// processes may open the same one.
type Inbox struct {
	opts      Options
	log       *slog.Logger
	fault     Fault
	metrics   *Metrics
	nc        *nats.Conn
	js        jetstream.JetStream
	ledger    jetstream.Stream
	chunks    jetstream.Stream
	audit     jetstream.Stream
	keyStream jetstream.Stream
	keys      keyring
	auditTail auditTail
	leases    jetstream.KeyValue
	marks     *Bucket
	damage    atomic.Pointer[error]
	workers   jetstream.Consumer
	index     *index
	refusals  refusals
	buffers   bufferPool
	watchers  watchers
	room      room
	pulse     pulse
	stop      context.CancelFunc
	done      sync.WaitGroup
}

// Open connects, makes what is missing and replays the ledger. It returns once the index holds all
// that the ledger held at the call.
func Open(ctx context.Context, o Options) (*Inbox, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.FreeBytes == 0 {
		o.FreeBytes = defaultFreeBytes
	}
	if o.Lease == 0 {
		o.Lease = defaultLease
	}
	if o.Every == 0 {
		o.Every = reconcileEvery
	}
	if o.Dir == "" {
		o.Dir = os.TempDir()
	}
	if o.Metrics == nil {
		o.Metrics = NewMetrics()
	}
	b := &Inbox{opts: o, log: o.Log, fault: o.Fault, metrics: o.Metrics, index: newIndex(), buffers: newBufferPool(chunkBuffers)}
	b.index.changed = b.onChange
	if err := b.connect(); err != nil {
		return nil, err
	}
	octx, cancel := context.WithTimeout(ctx, openTimeout)
	defer cancel()
	if err := b.open(octx); err != nil {
		b.nc.Close()
		return nil, err
	}
	return b, nil
}

func (b *Inbox) connect() error {
	opts := append([]nats.Option{
		nats.Name(b.opts.Name), nats.Timeout(connectTimeout),
		nats.MaxReconnects(-1), nats.ReconnectWait(200 * time.Millisecond), nats.ReconnectJitter(100*time.Millisecond, time.Second),
		// No buffer of unsent messages while cut off: an event sent after its caller was told that it
		// failed would be a surprise.
		nats.ReconnectBufSize(-1),
		nats.PingInterval(5 * time.Second), nats.MaxPingsOutstanding(3),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				b.log.Warn("nats connection lost", "err", err)
			}
		}),
		nats.ReconnectHandler(func(*nats.Conn) { b.log.Info("nats connection back") }),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { b.log.Debug("nats", "err", err) }),
	}, b.opts.Conn...)
	url := b.opts.URL
	if b.opts.Server != nil {
		opts = append(opts, nats.InProcessServer(b.opts.Server))
		url = nats.DefaultURL
	}
	var err error
	if b.nc, err = nats.Connect(url, opts...); err != nil {
		return fmt.Errorf("nats %s: %w", redacted(url), err)
	}
	if b.js, err = jetstream.New(b.nc, jetstream.WithPublishAsyncTimeout(asyncAck)); err != nil {
		b.nc.Close()
		return fmt.Errorf("jetstream: %w", err)
	}
	return nil
}

func (b *Inbox) open(ctx context.Context) error {
	account, err := b.js.AccountInfo(ctx)
	if err != nil {
		return fmt.Errorf("jetstream of the nats server: %w", err)
	}
	total := b.opts.Bytes
	if total == 0 && account.Limits.MaxStore > 0 {
		total = account.Limits.MaxStore
	}
	if total == 0 && b.opts.Server != nil {
		total = b.opts.Server.now().JetStreamConfig().MaxStore
	}
	if err := b.fitStreams(ctx, total); err != nil {
		return err
	}
	info, err := b.ledger.Info(ctx)
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	// A consumer can break; the replay then asks for each key by itself.
	if err := b.fetchKeys(ctx); err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("keys: %w", err)
		}
		b.log.Warn("keys are asked for one by one", "err", err)
	}
	run, stop := context.WithCancel(context.Background())
	b.stop = stop
	b.done.Go(func() { b.replay(run) })
	b.done.Go(func() { b.replayRefusals(run) })
	if err := b.index.wait(ctx, info.State.LastSeq); err != nil {
		stop()
		return fmt.Errorf("ledger: replay up to %d: %w", info.State.LastSeq, err)
	}
	if err := b.checkLedger(ctx); err != nil && !errors.Is(err, ErrDamaged) {
		stop()
		return err
	}
	return nil
}

// Close ends the connection. It loses nothing: what was accepted stands in the ledger.
func (b *Inbox) Close() {
	b.stop()
	b.done.Wait()
	b.nc.Close()
}

// JetStream is the connection's, for OpenBucket.
func (b *Inbox) JetStream() jetstream.JetStream { return b.js }

// Ready tells whether the ledger can be read and written just now.
func (b *Inbox) Ready(ctx context.Context) error {
	if !b.nc.IsConnected() {
		return errors.New("nats: not connected")
	}
	info, err := b.ledger.Info(ctx)
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	return b.index.wait(ctx, info.State.LastSeq)
}
