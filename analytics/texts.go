package analytics

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/google/uuid"
)

// pageTexts are texts of pages that searches read: nearly all of them show the newest reports, whose text
// the engine would unpack for each anew. A page's text never changes.
type pageTexts struct {
	mu   sync.Mutex
	kept map[pageKey]pageText
	size int // bytes
}

type pageKey struct {
	attempt uuid.UUID
	page    uint32
}

type pageText struct{ text, spaced string }

// textsKept is the most bytes of text that are kept, some 3,000 pages.
const textsKept = 16 << 20

// of gives the texts of found pages.
func (p *pageTexts) of(ctx context.Context, db *DB, found []foundPage) (map[pageKey]pageText, error) {
	texts := make(map[pageKey]pageText, len(found))
	var missing []string
	p.mu.Lock()
	for _, x := range found {
		k := pageKey{x.from.Attempt, x.page}
		if t, ok := p.kept[k]; ok {
			texts[k] = t
		} else {
			missing = append(missing, fmt.Sprintf("('%s',%d)", k.attempt, k.page))
		}
	}
	p.mu.Unlock()
	if len(missing) == 0 {
		return texts, nil
	}
	var list []struct {
		Attempt uuid.UUID `ch:"attempt"`
		Page    uint32    `ch:"page"`
		Text    string    `ch:"text"`
	}
	if err := db.selectRows(ctx, &list, "search_text", "", clickhouse.Named("pages", "["+strings.Join(missing, ",")+"]")); err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.kept == nil {
		p.kept = map[pageKey]pageText{}
	}
	for _, x := range list {
		k, t := pageKey{x.Attempt, x.Page}, pageText{x.Text, spaced(x.Text)}
		if _, there := p.kept[k]; !there {
			p.size += t.bytes()
		}
		texts[k], p.kept[k] = t, t
	}
	for k := range p.kept { // any of them: what is wanted again comes back
		if p.size <= textsKept {
			break
		}
		p.drop(k)
	}
	return texts, nil
}

func (t pageText) bytes() int { return len(t.text) + len(t.spaced) }

func (p *pageTexts) drop(k pageKey) {
	p.size -= p.kept[k].bytes()
	delete(p.kept, k)
}

// keep drops the texts of readings that count no more: of a report that is deleted nothing stays.
func (p *pageTexts) keep(rows []rosterRow) {
	p.mu.Lock()
	defer p.mu.Unlock()
	counts := map[uuid.UUID]bool{}
	for k := range p.kept {
		counts[k.attempt] = false
	}
	for i := range rows {
		if _, kept := counts[rows[i].Attempt]; kept {
			counts[rows[i].Attempt] = true
		}
	}
	for k := range p.kept {
		if !counts[k.attempt] {
			p.drop(k)
		}
	}
}
