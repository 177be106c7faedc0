package ingest

import (
	"context"
	"fmt"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Ask says what answers at a NATS address and whether it keeps streams; it changes nothing.
func Ask(ctx context.Context, url string) (string, error) {
	nc, err := nats.Connect(url, nats.Timeout(connectTimeout))
	if err != nil {
		return "", fmt.Errorf("nats: %w", err)
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		return "", err
	}
	info, err := js.AccountInfo(ctx)
	if err != nil {
		return "", fmt.Errorf("nats %s: JetStream: %w", nc.ConnectedServerVersion(), err)
	}
	return fmt.Sprintf("NATS %s, %d streams, %d MiB stored", nc.ConnectedServerVersion(), info.Streams, info.Store>>20), nil
}
