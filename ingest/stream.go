package ingest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Names in NATS. docs/protocol.md lists them with their reasons; a test holds the two together.
const (
	ledgerStream   = "LEDGER"   // the truth: everything that was accepted, decided and settled
	jobStream      = "JOBS"     // hints to workers; may be lost and repeated at will
	auditStream    = "AUDIT"    // who did what, each record chained to the one before
	refusalStream  = "REFUSALS" // what was not taken in, for the list
	keyStream      = "KEYS"     // one key for each filing, under which its names and words are sealed
	originalBucket = "originals"
	leaseBucket    = "leases"
	markBucket     = "marks" // how far the ledger was known to reach

	filingSubject   = "ledger.filing." // + SHA-256: create-only on it makes a second filing of the same bytes impossible
	epochSubject    = "ledger.epoch"
	jobSubject      = "jobs."     // + id.rev
	keySubject      = "keys."     // + id
	progressSubject = "progress." // + id; plain NATS, lost when nobody listens
	refusalSubject  = "refusals"
	auditSubject    = "audit"

	workerConsumer = "workers"
)

const (
	// defaultLease is how long a worker that died keeps others from its job: its lease and its
	// message both lapse then. The bucket's age limit ends a lease, so that only the server's clock
	// counts; below about 5 s a busy disk would end leases of living workers.
	defaultLease = 15 * time.Second
	// leaseBeats is how often within its time a lease is renewed: three beats may be missed.
	leaseBeats = 4
	// maxRefusals and refusalAge bound what the list keeps of files that were not taken in; the
	// oldest go first, so that a stranger's flood cannot fill the store.
	maxRefusals = 10_000
	refusalAge  = 30 * 24 * time.Hour
	// jobDuplicates is how long a repeated job hint is swallowed. A hint only: job subjects hold
	// one message each, which is what keeps repeats out.
	jobDuplicates = 2 * time.Minute
)

// The shares of the store that each stream may take; all discard new writes when full, so that
// nothing old is lost. The ledger's is apart from the files': what is accepted can always be settled.
const (
	originalShare = 0.79
	ledgerShare   = 0.10
	jobShare      = 0.03
	refusalShare  = 0.01
	keyShare      = 0.01 // 150 bytes a filing, whose events take 2 KB of the ledger's share
	auditShare    = 0.05
)

const (
	// mostBytes and leastBytes bound what is tried on an outside server that does not say what it
	// offers.
	mostBytes  = 1 << 40
	leastBytes = 1 << 30
)

// totalKey is the metadata of the stream of originals that says within how many bytes all streams
// were made.
const totalKey = "soket-total"

// fitStreams makes all streams within total bytes. Where total is unknown (0), as on most outside
// servers, it is the largest power of two that the server has room for: streams without a limit
// would fill it to the brim, and then not even the ledger could be written.
func (b *Inbox) fitStreams(ctx context.Context, total int64) error {
	if total > 0 {
		return b.makeStreams(ctx, total, b.opts.Replicas)
	}
	for {
		// Made already: a user without the right to make them is enough.
		err := b.bind(ctx)
		if !errors.Is(err, jetstream.ErrStreamNotFound) && !errors.Is(err, jetstream.ErrBucketNotFound) && !errors.Is(err, jetstream.ErrConsumerNotFound) {
			return err
		}
		// One process at a time: when several make streams with limits at once, the server promises
		// more than it has, and from then on refuses every change.
		leases, err := b.makeLeases(ctx, max(1, b.opts.Replicas))
		if err != nil {
			return err
		}
		if _, err = leases.Create(ctx, makerKey, nil); err == nil {
			if total, err = b.findRoom(ctx); err == nil {
				err = b.makeStreams(ctx, total, b.opts.Replicas)
			}
			return errors.Join(err, leases.Purge(ctx, makerKey))
		}
		if !errors.Is(err, jetstream.ErrKeyExists) {
			return fmt.Errorf("bucket %s: %w", leaseBucket, err)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("streams: another process is making them: %w", ctx.Err())
		case <-time.After(replayPause):
		}
	}
}

// makerKey is the lease of the process that makes the streams of an outside server.
const makerKey = "maker"

// makeLeases makes the bucket of leases. It lies on disk: a bucket in memory is gone, not empty, after
// the server restarts, and workers, who may not make streams, would wait for it for ever.
func (b *Inbox) makeLeases(ctx context.Context, replicas int) (jetstream.KeyValue, error) {
	c := jetstream.KeyValueConfig{Bucket: leaseBucket, TTL: b.opts.Lease, History: 1, Storage: jetstream.FileStorage, Replicas: replicas}
	kv, err := b.js.CreateOrUpdateKeyValue(ctx, c)
	if err != nil { // one that an older program made in memory: leases are renewed by those who hold them
		if s, serr := b.js.Stream(ctx, "KV_"+leaseBucket); serr == nil && s.CachedInfo().Config.Storage == jetstream.MemoryStorage {
			if err = b.js.DeleteKeyValue(ctx, leaseBucket); err == nil {
				kv, err = b.js.CreateOrUpdateKeyValue(ctx, c)
			}
		}
	}
	if err != nil {
		return nil, fmt.Errorf("bucket %s: %w", leaseBucket, err)
	}
	return kv, nil
}

// findRoom asks an outside server for room by making the stream of originals as large as all streams
// together; makeStreams then makes it smaller.
func (b *Inbox) findRoom(ctx context.Context) (int64, error) {
	for total := int64(mostBytes); ; total /= 2 {
		c := originalsConfig(total, max(1, b.opts.Replicas))
		c.MaxBytes = total
		// Looked up first, for one that a maker who died left: the server says that there is no room
		// before it says that the name is taken.
		s, err := b.js.Stream(ctx, c.Name)
		if errors.Is(err, jetstream.ErrStreamNotFound) {
			s, err = b.js.CreateStream(ctx, c)
		}
		if isCode(err, codeStorage, codeNoResources) && total > leastBytes {
			continue
		}
		if err != nil {
			return 0, fmt.Errorf("stream %s: %w", c.Name, err)
		}
		made := s.CachedInfo().Config
		if n, err := strconv.ParseInt(made.Metadata[totalKey], 10, 64); err == nil {
			return n, nil
		}
		return 0, fmt.Errorf("stream %s: made by something else: no %s in its metadata", c.Name, totalKey)
	}
}

// originalsConfig is the layout of nats.go's object store, so that every NATS tool reads the files;
// made here because its own call cannot be given a limit that is changed later.
func originalsConfig(total int64, replicas int) jetstream.StreamConfig {
	return jetstream.StreamConfig{Name: "OBJ_" + originalBucket, Subjects: []string{"$O." + originalBucket + ".C.>", "$O." + originalBucket + ".M.>"},
		Storage: jetstream.FileStorage, Discard: jetstream.DiscardNew, MaxBytes: int64(originalShare * float64(total)),
		AllowRollup: true, AllowDirect: true, Replicas: replicas, Description: "files as received",
		Metadata: map[string]string{totalKey: strconv.FormatInt(total, 10)}}
}

// makeStreams makes or updates all streams and buckets; it may be called any number of times, by
// any number of processes.
func (b *Inbox) makeStreams(ctx context.Context, total int64, replicas int) error {
	part := func(share float64) int64 { return int64(share * float64(total)) }
	replicas = max(1, replicas)
	for _, c := range []jetstream.StreamConfig{
		originalsConfig(total, replicas), // first, for it may have to give room to the others
		{Name: ledgerStream, Subjects: []string{filingSubject + "*", epochSubject}, Storage: jetstream.FileStorage,
			Discard: jetstream.DiscardNew, MaxBytes: part(ledgerShare), Replicas: replicas, AllowDirect: false,
			Description: "what was accepted, decided and settled; never trimmed"},
		{Name: jobStream, Subjects: []string{jobSubject + ">"}, Storage: jetstream.FileStorage, Retention: jetstream.WorkQueuePolicy,
			Discard: jetstream.DiscardNew, MaxBytes: part(jobShare), MaxMsgsPerSubject: 1, DiscardNewPerSubject: true,
			Duplicates: jobDuplicates, Replicas: replicas, Description: "hints to workers: read this filing at this rev"},
		// No key is ever overwritten: a second one is refused while the first is there. Deleting one is how
		// a filing's names and words are erased.
		{Name: keyStream, Subjects: []string{keySubject + "*"}, Storage: jetstream.FileStorage,
			Discard: jetstream.DiscardNew, MaxBytes: part(keyShare), MaxMsgsPerSubject: 1, DiscardNewPerSubject: true,
			Replicas: replicas, AllowDirect: false, Description: "keys of filings: their names and words in the ledger are sealed under them"},
		{Name: refusalStream, Subjects: []string{refusalSubject}, Storage: jetstream.FileStorage,
			Discard: jetstream.DiscardOld, MaxBytes: part(refusalShare), MaxMsgs: maxRefusals, MaxAge: refusalAge,
			Replicas: replicas, Description: "files that were not taken in, with the reason"},
		{Name: auditStream, Subjects: []string{auditSubject}, Storage: jetstream.FileStorage, Discard: jetstream.DiscardNew,
			MaxBytes: part(auditShare), Replicas: replicas, DenyDelete: true, DenyPurge: true,
			Description: "who did what, each record chained to the one before"},
	} {
		if _, err := b.js.CreateOrUpdateStream(ctx, c); err != nil {
			return fmt.Errorf("stream %s: %w", c.Name, err)
		}
	}
	if _, err := b.makeLeases(ctx, replicas); err != nil {
		return err
	}
	if _, err := OpenBucket(ctx, b.js, markBucket, 0, replicas); err != nil {
		return err
	}
	// MaxDeliver -1: a message past MaxDeliver would lie there for ever, delivered to nobody.
	// Attempts are counted in the ledger instead.
	if _, err := b.js.CreateOrUpdateConsumer(ctx, jobStream, jetstream.ConsumerConfig{
		Durable: workerConsumer, AckPolicy: jetstream.AckExplicitPolicy, AckWait: b.opts.Lease,
		MaxDeliver: -1, MaxAckPending: 4096, FilterSubject: jobSubject + ">"}); err != nil {
		return fmt.Errorf("consumer %s: %w", workerConsumer, err)
	}
	return b.bind(ctx)
}

// isCode tells whether NATS answered with one of these error codes.
func isCode(err error, codes ...jetstream.ErrorCode) bool {
	var api *jetstream.APIError
	if !errors.As(err, &api) {
		return false
	}
	for _, c := range codes {
		if api.ErrorCode == c {
			return true
		}
	}
	return false
}

// Error codes of the server that nats.go does not name.
const (
	codeNoResources  jetstream.ErrorCode = 10023 // max_file_store reached
	codeStorage      jetstream.ErrorCode = 10047 // no storage left for a stream
	codeStoreFailed  jetstream.ErrorCode = 10077 // maximum bytes exceeded, and other refusals of the store
	codeWrongLast    jetstream.ErrorCode = 10071
	codeWrongLastAny jetstream.ErrorCode = 10164
)

func isFull(err error) bool { return isCode(err, codeNoResources, codeStorage, codeStoreFailed) }

// isWrongLast tells that a compare-and-set lost.
func isWrongLast(err error) bool { return isCode(err, codeWrongLast, codeWrongLastAny) }
