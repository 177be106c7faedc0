package main

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// keyLook is how often the certificate's files are looked at: whoever renews it has no need to
// restart anything.
const keyLook = 10 * time.Second

// keyPair gives the certificate in its files as they are now.
type keyPair struct {
	cert, key string
	log       *slog.Logger

	mu      sync.Mutex
	looked  time.Time
	changed [2]time.Time
	pair    *tls.Certificate
}

// get gives the certificate. Files that cannot be read or do not fit, as in the midst of a renewal,
// leave the one before in use.
func (k *keyPair) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.pair != nil && time.Since(k.looked) < keyLook {
		return k.pair, nil
	}
	k.looked = time.Now()
	var changed [2]time.Time
	for i, name := range []string{k.cert, k.key} {
		if info, err := os.Stat(name); err == nil {
			changed[i] = info.ModTime()
		}
	}
	if k.pair != nil && changed == k.changed {
		return k.pair, nil
	}
	pair, err := tls.LoadX509KeyPair(k.cert, k.key)
	switch {
	case err == nil:
		k.pair, k.changed = &pair, changed
	case k.pair == nil:
		return nil, fmt.Errorf("certificate: %w", err)
	default:
		k.log.Error("new certificate not taken", "err", err)
	}
	return k.pair, nil
}
