package ingest

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"
)

// Buckets of the pages that web processes need; sessions lapse, the others stay.
var pageBuckets = []struct {
	name string
	ttl  time.Duration
}{{"accounts", 0}, {"sessions", 12 * time.Hour}, {"tokens", 0}, {"records", 0}}

// Grant is what a NATS user of a role may do. Publish and Subscribe list subjects; all else is
// denied.
type Grant struct {
	Role               string
	Publish, Subscribe []string
}

// Grants gives the least that each role needs. The operator makes streams, restores and backs up;
// web and worker find the streams made (Prepare), and cannot delete one, change one, or write what
// is not theirs: a worker writes no file, no account and no audit record, web takes no job and no
// lease.
func Grants() []Grant {
	read := func(stream string) []string { // look up, read directly, follow
		return []string{
			"$JS.API.STREAM.INFO." + stream, "$JS.API.STREAM.MSG.GET." + stream,
			"$JS.API.DIRECT.GET." + stream, "$JS.API.DIRECT.GET." + stream + ".>",
		}
	}
	follow := func(stream string) []string {
		return []string{"$JS.API.CONSUMER.CREATE." + stream + ".>", "$JS.API.CONSUMER.INFO." + stream + ".>",
			"$JS.API.CONSUMER.DELETE." + stream + ".>", "$JS.API.CONSUMER.MSG.NEXT." + stream + ".>"}
	}
	objects := "OBJ_" + originalBucket
	join := func(lists ...[]string) (all []string) {
		for _, l := range lists {
			all = append(all, l...)
		}
		return all
	}
	both := join([]string{"$JS.API.INFO", "$JS.API.STREAM.INFO." + jobStream, "$JS.API.CONSUMER.INFO." + jobStream + "." + workerConsumer,
		filingSubject + "*", jobSubject + "*.*", "$KV." + markBucket + "." + markKey, "$JS.API.STREAM.MSG.DELETE." + objects},
		read(ledgerStream), follow(ledgerStream), read(refusalStream), follow(refusalStream), read(objects), read(keyStream), follow(keyStream),
		read(auditStream)[:1], read("KV_"+leaseBucket), read("KV_"+markBucket))
	inbox := []string{"_INBOX.>"}
	web := join(both, []string{refusalSubject, auditSubject, keySubject + "*", "$O." + originalBucket + ".>"}, read(auditStream), follow(auditStream))
	for _, p := range pageBuckets {
		web = join(web, read("KV_"+p.name), follow("KV_"+p.name), []string{"$KV." + p.name + ".>"})
	}
	// A worker erases the key of what an administrator deleted, and never an event of the ledger.
	worker := join(both, []string{"$JS.API.STREAM.MSG.DELETE." + keyStream, progressSubject + "*", "$KV." + leaseBucket + ".>",
		"$JS.API.CONSUMER.MSG.NEXT." + jobStream + "." + workerConsumer, "$JS.ACK." + jobStream + "." + workerConsumer + ".>"})
	return []Grant{
		{"operator", []string{">"}, []string{">"}},
		{"web", web, append(inbox, progressSubject+"*")},
		{"worker", worker, inbox},
	}
}

// serverConfig is what an outside NATS server needs besides the grants.
const serverConfig = `# Configuration of an outside NATS server. Written by go test ./ingest -update; the test holds it to
# the grants of package ingest.
port: 4222
http_port: 8222
max_payload: 1MB
jetstream {
  store_dir: /data
  # An upload that was answered with 202 survives a power cut.
  sync_interval: always
  # Below the volume's size, so that a full disk refuses in words.
  max_file_store: 100GB
}
`

// WriteConfig writes the configuration of an outside NATS server. Each role's password comes from
// the server's environment: NATS_OPERATOR_PASSWORD, NATS_WEB_PASSWORD, NATS_WORKER_PASSWORD.
func WriteConfig(w io.Writer) error {
	if _, err := io.WriteString(w, serverConfig); err != nil {
		return err
	}
	list := func(subjects []string) string {
		s := ""
		for _, one := range subjects {
			s += fmt.Sprintf("\n        %q", one)
		}
		return "[" + s + "\n      ]"
	}
	if _, err := fmt.Fprintln(w, "authorization {\n  users: ["); err != nil {
		return err
	}
	for _, g := range Grants() {
		if _, err := fmt.Fprintf(w, "    { user: %s, password: $%s, permissions: {\n      publish: %s\n      subscribe: %s } }\n",
			g.Role, "NATS_"+strings.ToUpper(g.Role)+"_PASSWORD", list(g.Publish), list(g.Subscribe)); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(w, "  ]\n}")
	return err
}

// Prepare makes everything that web and worker processes need and may not make themselves. The
// operator calls it once for each version of the program.
func Prepare(ctx context.Context, o Options) error {
	b, err := Open(ctx, o)
	if err != nil {
		return err
	}
	defer b.Close()
	for _, p := range pageBuckets {
		if _, err := OpenBucket(ctx, b.js, p.name, p.ttl, o.Replicas); err != nil {
			return err
		}
	}
	return nil
}

// bind finds the streams made, without the right to make any.
func (b *Inbox) bind(ctx context.Context) (err error) {
	if b.ledger, err = b.js.Stream(ctx, ledgerStream); err != nil {
		return fmt.Errorf("stream %s: %w", ledgerStream, err)
	}
	if b.audit, err = b.js.Stream(ctx, auditStream); err != nil {
		return fmt.Errorf("stream %s: %w", auditStream, err)
	}
	if b.keyStream, err = b.js.Stream(ctx, keyStream); err != nil {
		return fmt.Errorf("stream %s: %w", keyStream, err)
	}
	if b.chunks, err = b.js.Stream(ctx, "OBJ_"+originalBucket); err != nil {
		return fmt.Errorf("stream of originals: %w", err)
	}
	if _, err = b.js.Stream(ctx, refusalStream); err != nil {
		return fmt.Errorf("stream %s: %w", refusalStream, err)
	}
	if b.leases, err = b.js.KeyValue(ctx, leaseBucket); err != nil {
		return fmt.Errorf("bucket %s: %w", leaseBucket, err)
	}
	marks, err := b.js.KeyValue(ctx, markBucket)
	if err != nil {
		return fmt.Errorf("bucket %s: %w", markBucket, err)
	}
	b.marks = &Bucket{marks}
	if b.workers, err = b.js.Consumer(ctx, jobStream, workerConsumer); err != nil {
		return fmt.Errorf("consumer %s: %w", workerConsumer, err)
	}
	return nil
}
