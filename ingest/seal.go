package ingest

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/nats-io/nats.go/jetstream"

	"soket/extract"
)

// The ledger is never trimmed, and yet a report must be deletable with the names and words that its
// events hold. So these are sealed under a key of the filing's own, which lies in a stream of its own
// and is overwritten when the report is deleted: what is left in the ledger is that something was
// accepted, decided, settled and deleted, and when. The protocol itself reads only what is not sealed.

const (
	keyBytes = 32 // AES-256
	// keysKept is how many keys a process holds: a replay asks for each filing's again and again.
	keysKept = 200_000 // some 25 MB
)

// errNoKey says that a filing has no key: it was deleted, or its key was lost.
var errNoKey = errors.New("no key")

// keyring finds the keys of filings.
type keyring struct {
	mu    sync.Mutex
	known map[string][]byte
}

func (k *keyring) get(id string) ([]byte, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	key, ok := k.known[id]
	return key, ok
}

func (k *keyring) put(id string, key []byte) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.known == nil || len(k.known) >= keysKept {
		k.known = map[string][]byte{}
	}
	k.known[id] = key
}

func (k *keyring) forget(id string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.known, id)
}

// makeKey gives a filing its key. The stream keeps one message per subject and refuses a second, so
// that no key is ever overwritten.
func (b *Inbox) makeKey(ctx context.Context, id string) error {
	key := make([]byte, keyBytes)
	if _, err := rand.Read(key); err != nil {
		return fmt.Errorf("key: %w", err)
	}
	return b.storeKey(ctx, id, key)
}

func (b *Inbox) storeKey(ctx context.Context, id string, key []byte) error {
	if _, err := b.js.Publish(ctx, keySubject+id, key); err != nil {
		return fmt.Errorf("key: %w", err)
	}
	b.keys.put(id, key)
	return nil
}

// keyOf gives the key of a filing; errNoKey where there is none.
func (b *Inbox) keyOf(ctx context.Context, id string) ([]byte, error) {
	if key, ok := b.keys.get(id); ok {
		return key, nil
	}
	asked, cancel := asking(ctx)
	defer cancel()
	m, err := b.keyStream.GetLastMsgForSubject(asked, keySubject+id)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, errNoKey
	}
	if err != nil {
		return nil, fmt.Errorf("key: %w", err)
	}
	if len(m.Data) != keyBytes {
		return nil, errNoKey
	}
	b.keys.put(id, m.Data)
	return m.Data, nil
}

// fetchKeys reads all keys at once, before a replay that would ask for one after the other.
func (b *Inbox) fetchKeys(ctx context.Context) error {
	return b.dump(ctx, keyStream, func(_, _ uint64, m jetstream.Msg) error {
		if len(m.Data()) == keyBytes {
			b.keys.put(m.Subject()[len(keySubject):], m.Data())
		}
		return nil
	})
}

// eraseKey overwrites the key of a filing on the disk. From then on nobody can read what its events
// say. One that is gone already is no error.
func (b *Inbox) eraseKey(ctx context.Context, id string) error {
	b.keys.forget(id)
	return b.overwrite(ctx, b.keyStream, keySubject+id)
}

// overwrite erases all messages of a subject, their bytes on the disk too: a purge leaves those in
// their file until it is next compacted.
func (b *Inbox) overwrite(ctx context.Context, s jetstream.Stream, subject string) error {
	for seq := uint64(0); ; {
		asked, cancel := asking(ctx)
		m, err := s.GetMsg(asked, seq+1, jetstream.WithGetMsgSubject(subject))
		cancel()
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("erase: %w", err)
		}
		asked, cancel = asking(ctx)
		err = s.SecureDeleteMsg(asked, m.Sequence)
		cancel()
		// Somebody else may erase it at the same time; the next look tells.
		if err != nil && !errors.Is(err, jetstream.ErrMsgNotFound) && !errors.Is(err, jetstream.ErrMsgDeleteUnsuccessful) {
			return fmt.Errorf("erase: %w", err)
		}
		seq = m.Sequence
	}
}

// content is what of an event is sealed: names and words.
type content struct {
	By         string              `json:"by,omitempty"`
	Key        string              `json:"key,omitempty"`
	Filing     *extract.Filing     `json:"filing,omitempty"`
	Reason     string              `json:"reason,omitempty"`
	Detail     string              `json:"detail,omitempty"`
	Body       *string             `json:"body,omitempty"`
	Period     *string             `json:"period,omitempty"`
	Judgements []extract.Judgement `json:"judgements,omitempty"`
	ReadBody   string              `json:"read_body,omitempty"`
	ReadPeriod string              `json:"read_period,omitempty"`
}

func (c *content) empty() bool {
	return c.By == "" && c.Key == "" && c.Filing == nil && c.Reason == "" && c.Detail == "" && c.Body == nil && c.Period == nil &&
		c.Judgements == nil && c.ReadBody == "" && c.ReadPeriod == ""
}

// skeleton is what of a filing stays readable: what the protocol needs to tell two of them apart.
func skeleton(f *extract.Filing) *extract.Filing {
	if f == nil {
		return nil
	}
	return &extract.Filing{ID: f.ID, SHA256: f.SHA256, Size: f.Size, Format: f.Format, Replaces: f.Replaces, State: f.State,
		ReceivedAt: f.ReceivedAt, ChangedAt: f.ChangedAt}
}

// seal gives the event as it is written: its names and words under the filing's key. Where the key is
// gone the filing is being deleted, and they are left out.
func (b *Inbox) seal(ctx context.Context, ev *event) ([]byte, error) {
	open := *ev
	c := content{By: ev.By, Key: ev.Key, Filing: ev.Filing, Reason: ev.Reason, Detail: ev.Detail, Body: ev.Body, Period: ev.Period,
		Judgements: ev.Judgements, ReadBody: ev.ReadBody, ReadPeriod: ev.ReadPeriod}
	open.By, open.Key, open.Filing, open.Reason, open.Detail, open.Body, open.Period = "", "", skeleton(ev.Filing), "", "", nil, nil
	open.Judgements, open.ReadBody, open.ReadPeriod = nil, "", ""
	if ev.ID != "" && !c.empty() {
		key, err := b.keyOf(ctx, ev.ID)
		if err != nil && !errors.Is(err, errNoKey) {
			return nil, err
		}
		if err == nil {
			raw, err := json.Marshal(c)
			if err != nil {
				return nil, err
			}
			aead, err := sealer(key)
			if err != nil {
				return nil, err
			}
			nonce := make([]byte, aead.NonceSize())
			if _, err := rand.Read(nonce); err != nil {
				return nil, err
			}
			open.Sealed = aead.Seal(nonce, nonce, raw, []byte(ev.ID+ev.Nonce))
		}
	}
	return json.Marshal(open)
}

func sealer(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// unseal fills in what is sealed. errNoKey: it cannot be read any more, and the event is what is open
// of it.
func (b *Inbox) unseal(ctx context.Context, ev *event) error {
	if ev.Sealed == nil {
		return nil
	}
	key, err := b.keyOf(ctx, ev.ID)
	if err != nil {
		return err
	}
	aead, err := sealer(key)
	if err != nil {
		return err
	}
	if len(ev.Sealed) < aead.NonceSize() {
		return errNoKey
	}
	raw, err := aead.Open(nil, ev.Sealed[:aead.NonceSize()], ev.Sealed[aead.NonceSize():], []byte(ev.ID+ev.Nonce))
	var c content
	if err != nil || json.Unmarshal(raw, &c) != nil {
		return errNoKey
	}
	ev.By, ev.Key, ev.Reason, ev.Detail, ev.Body, ev.Period = c.By, c.Key, c.Reason, c.Detail, c.Body, c.Period
	ev.Judgements, ev.ReadBody, ev.ReadPeriod, ev.Sealed = c.Judgements, c.ReadBody, c.ReadPeriod, nil
	if c.Filing != nil {
		ev.Filing = c.Filing
	}
	return nil
}
