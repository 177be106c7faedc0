package indicator

import (
	"strings"
	"sync"

	"soket/extract/vietnamese"
)

// remembered keeps what a function made of short texts: a document has the same words, heads and labels
// again and again. It forgets all when it is full, so that no document makes it grow.
type remembered[T any] struct {
	make func(string) T
	mu   sync.Mutex
	of   map[string]T
}

const (
	rememberedMost  = 4096
	rememberedBytes = 512 // of a text; longer ones are rarely met again
)

func remember[T any](make func(string) T) *remembered[T] {
	return &remembered[T]{make: make, of: map[string]T{}}
}

func (r *remembered[T]) get(text string) T {
	if len(text) > rememberedBytes {
		return r.make(text)
	}
	r.mu.Lock()
	made, known := r.of[text]
	r.mu.Unlock()
	if known {
		return made
	}
	text = strings.Clone(text) // not to keep the document that it is cut from
	made = r.make(text)
	r.mu.Lock()
	if len(r.of) >= rememberedMost {
		clear(r.of)
	}
	r.of[text] = made
	r.mu.Unlock()
	return made
}

// spelling is a word folded, and in lower case with its marks, the tones placed the old way.
type spelling struct{ folded, marked string }

var spellings = remember(func(word string) spelling {
	return spelling{vietnamese.Fold(word), vietnamese.FoldTone(strings.ToLower(word))}
})
