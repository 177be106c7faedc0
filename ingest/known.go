package ingest

import "soket/extract"

// Known gives the filing that holds the bytes with this SHA-256 (hex), so that a page can say so
// before they are sent again.
func (b *Inbox) Known(sha256 string) (extract.Filing, bool) {
	e, ok := b.index.sha(sha256)
	return e.Filing, ok
}
