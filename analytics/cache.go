package analytics

import (
	"context"
	"fmt"
	"reflect"
	"runtime/debug"
	"sync"
)

// cachedAnswers is the most answers that are kept; each is a list that a page shows, some hundred KB
// at most.
const cachedAnswers = 256

// cache keeps answers that are made of everything there is (lists of bodies, periods, indicators) for
// as long as nothing was committed: they take longest to make and change least. An answer is shared
// by all who ask, so that none may alter it.
type cache struct {
	mu      sync.Mutex
	version string
	answers map[string]*answer[any]
}

// answer is what many wait for together, each for as long as its own context lasts.
type answer[T any] struct {
	done  chan struct{}
	value T
	err   error
}

// share begins to make an answer. The one who asked first does not end it, for others wait for it too;
// queryTimeout does, so that a store that hung holds nobody who comes when it is back.
func share[T any](ctx context.Context, ask func(context.Context) (T, error)) *answer[T] {
	a := &answer[T]{done: make(chan struct{})}
	go func() {
		defer close(a.done)
		defer func() { // as in the goroutine of a request: it must not end the server
			if p := recover(); p != nil {
				a.err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
			}
		}()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), queryTimeout)
		defer cancel()
		a.value, a.err = ask(ctx)
	}()
	return a
}

func (a *answer[T]) wait(ctx context.Context) (T, error) {
	select {
	case <-a.done:
		return a.value, a.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// failed tells that it has to be asked for anew.
func (a *answer[T]) failed() bool {
	select {
	case <-a.done:
		return a.err != nil
	default:
		return false
	}
}

// onceKey is the context's key for the version that a request asked.
type onceKey struct{}

type onceVersion struct {
	once    sync.Once
	edition edition
	err     error
}

// Once makes all that is asked with the context see one version of what is kept: a page asks for it
// once, and not for each of its parts.
func Once(ctx context.Context) context.Context {
	return context.WithValue(ctx, onceKey{}, &onceVersion{})
}

// edition says what the tables hold that all lists are made of: reports, names of bodies, catalogue.
type edition struct {
	version string          // differs after every change of any of them
	names   string          // differs after every change of the bodies' names; empty where that is not known
	entries string          // likewise of the catalogue
	place   string          // of the commits
	parts   map[string]span // of the commits; nil where they are not known
}

// version is asked before each use, or once for a request (Once), so that no answer is ever older than
// the commit that a page waited for.
func (db *DB) version(ctx context.Context) (string, error) {
	e, err := db.edition(ctx)
	return e.version, err
}

func (db *DB) edition(ctx context.Context) (edition, error) {
	if o, ok := ctx.Value(onceKey{}).(*onceVersion); ok {
		o.once.Do(func() { o.edition, o.err = db.editionNow(ctx) })
		return o.edition, o.err
	}
	return db.editionNow(ctx)
}

// editionNow asks for the parts, which is twice as fast as asking the tables, and tells which commits are
// new. Where their names tell nothing, or nobody may ask for them, it asks the tables.
func (db *DB) editionNow(ctx context.Context) (edition, error) {
	var list []partRow
	if err := db.selectRows(ctx, &list, "parts", ""); err == nil {
		if e, ok := editionOf(list); ok {
			return e, nil
		}
	}
	var e edition
	if err := db.conn.QueryRow(ctx, statement("version")).Scan(&e.version); err != nil {
		return e, fmt.Errorf("version of the figures: %w", err)
	}
	return e, nil
}

// cached gives the answer kept under the key, or asks for it. Those who ask for the same meanwhile
// wait for one answer.
func cached[T any](ctx context.Context, db *DB, key string, ask func(context.Context) ([]T, error)) ([]T, error) {
	now, err := db.version(ctx)
	if err != nil {
		return nil, err
	}
	db.cache.mu.Lock()
	if db.cache.version != now || len(db.cache.answers) >= cachedAnswers {
		db.cache.version, db.cache.answers = now, map[string]*answer[any]{}
	}
	key = reflect.TypeFor[T]().Name() + " " + key
	a := db.cache.answers[key]
	if a == nil || a.failed() {
		a = share(ctx, func(ctx context.Context) (any, error) { return ask(ctx) })
		db.cache.answers[key] = a
	}
	db.cache.mu.Unlock()
	list, err := a.wait(ctx)
	if err != nil {
		return nil, err
	}
	return append([]T(nil), list.([]T)...), nil
}

// lasting keeps one answer for as long as what it is made of stays the same.
type lasting[T any] struct {
	mu      sync.Mutex
	version string
	answer  *answer[T]
}

// get gives the answer kept under the version, or asks for it; an empty version is not known.
func (l *lasting[T]) get(ctx context.Context, version string, ask func(context.Context) (T, error)) (T, error) {
	l.mu.Lock()
	if l.answer == nil || version == "" || version != l.version || l.answer.failed() {
		l.version, l.answer = version, share(ctx, ask)
	}
	a := l.answer
	l.mu.Unlock()
	return a.wait(ctx)
}
