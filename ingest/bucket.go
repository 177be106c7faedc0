package ingest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// bucketValue is the largest value in bytes: records of accounts and sessions are a few hundred.
const bucketValue = 64 << 10

// Bucket is a small store of values by key with compare-and-set, on a NATS key-value bucket. It
// satisfies access.Bucket, which states the contract.
type Bucket struct{ kv jetstream.KeyValue }

// OpenBucket gives the bucket of that name, made if it is not there. Keys vanish after ttl; 0 keeps
// them. One that is there keeps its ttl, and needs no right to make buckets.
func OpenBucket(ctx context.Context, js jetstream.JetStream, name string, ttl time.Duration, replicas int) (*Bucket, error) {
	kv, err := js.KeyValue(ctx, name)
	if err == nil {
		return &Bucket{kv}, nil
	}
	kv, err = js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{
		Bucket: name, TTL: ttl, History: 1, MaxValueSize: bucketValue, Storage: jetstream.FileStorage, Replicas: max(1, replicas)})
	if err != nil {
		return nil, fmt.Errorf("bucket %s: %w", name, err)
	}
	return &Bucket{kv}, nil
}

// Get reads a key; ok is false where there is none.
func (b *Bucket) Get(ctx context.Context, key string) (value []byte, rev uint64, ok bool, err error) {
	e, err := b.kv.Get(ctx, key)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return nil, 0, false, nil
	}
	if err != nil {
		return nil, 0, false, fmt.Errorf("bucket %s: get: %w", b.kv.Bucket(), err)
	}
	return e.Value(), e.Revision(), true, nil
}

// Create writes a key that must not be there.
func (b *Bucket) Create(ctx context.Context, key string, value []byte) (bool, error) {
	_, err := b.kv.Create(ctx, key, value)
	return b.written("create", err)
}

// Update writes a key that must still be at rev.
func (b *Bucket) Update(ctx context.Context, key string, value []byte, rev uint64) (bool, error) {
	_, err := b.kv.Update(ctx, key, value, rev)
	return b.written("update", err)
}

func (b *Bucket) written(what string, err error) (bool, error) {
	var api *jetstream.APIError
	switch {
	case err == nil:
		return true, nil
	case errors.Is(err, jetstream.ErrKeyExists),
		errors.As(err, &api) && api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence:
		return false, nil
	}
	return false, fmt.Errorf("bucket %s: %s: %w", b.kv.Bucket(), what, err)
}

// put writes a key whatever it holds.
func (b *Bucket) put(ctx context.Context, key string, value []byte) error {
	if _, err := b.kv.Put(ctx, key, value); err != nil {
		return fmt.Errorf("bucket %s: put: %w", b.kv.Bucket(), err)
	}
	return nil
}

// Delete removes a key; one that is not there is no error.
func (b *Bucket) Delete(ctx context.Context, key string) error {
	if err := b.kv.Purge(ctx, key); err != nil {
		return fmt.Errorf("bucket %s: delete: %w", b.kv.Bucket(), err)
	}
	return nil
}

// Keys lists the keys that are there.
func (b *Bucket) Keys(ctx context.Context) ([]string, error) {
	list, err := b.kv.ListKeys(ctx)
	if err != nil {
		return nil, fmt.Errorf("bucket %s: keys: %w", b.kv.Bucket(), err)
	}
	keys := []string{}
	for key := range list.Keys() {
		keys = append(keys, key)
	}
	return keys, nil
}
