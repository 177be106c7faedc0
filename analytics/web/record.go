package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"soket/analytics/web/access"
	"soket/extract"
)

const (
	recordTries = 5       // times that a change is tried again when somebody else was first
	recordBytes = 8 << 20 // of one record unpacked: a hundred times what a country needs
)

// errNoRecords says that this process was started without the store.
var errNoRecords = &extract.Refusal{Code: "unavailable", Detail: "records"}

// readRecord gives the record of a key, the zero value where there is none.
func readRecord[T any](ctx context.Context, b access.Bucket, key string) (v T, rev uint64, err error) {
	if b == nil {
		return v, 0, nil
	}
	raw, rev, ok, err := b.Get(ctx, key)
	if err != nil || !ok {
		return v, 0, err
	}
	unpack, err := gzip.NewReader(bytes.NewReader(raw))
	if err == nil {
		raw, err = io.ReadAll(io.LimitReader(unpack, recordBytes))
	}
	if err == nil {
		err = json.Unmarshal(raw, &v)
	}
	if err != nil {
		return v, rev, fmt.Errorf("record %s: %w", key, err)
	}
	return v, rev, nil
}

// changeRecord reads a record, lets change alter it and writes it, again where somebody else was
// first: change may be called several times. Its error ends it and nothing is written.
func changeRecord[T any](ctx context.Context, b access.Bucket, key string, change func(*T) error) error {
	if b == nil {
		return errNoRecords
	}
	for range recordTries {
		v, rev, err := readRecord[T](ctx, b, key)
		if err != nil {
			return err
		}
		if err := change(&v); err != nil {
			return err
		}
		var packed bytes.Buffer
		pack := gzip.NewWriter(&packed)
		if err := errors.Join(json.NewEncoder(pack).Encode(v), pack.Close()); err != nil {
			return fmt.Errorf("record %s: %w", key, err)
		}
		var ok bool
		if rev == 0 {
			ok, err = b.Create(ctx, key, packed.Bytes())
		} else {
			ok, err = b.Update(ctx, key, packed.Bytes(), rev)
		}
		if err != nil || ok {
			return err
		}
	}
	return &extract.Refusal{Code: "busy", Detail: key}
}
