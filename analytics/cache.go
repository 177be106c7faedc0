package analytics

import (
	"context"
	"fmt"
	"reflect"
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
	answers map[string]*answer
}

type answer struct {
	once sync.Once
	list any
	err  error
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
		db.cache.version, db.cache.answers = now, map[string]*answer{}
	}
	key = reflect.TypeFor[T]().Name() + " " + key
	a := db.cache.answers[key]
	if a == nil {
		a = &answer{}
		db.cache.answers[key] = a
	}
	db.cache.mu.Unlock()
	a.once.Do(func() {
		// Not ended by the one who asked first: others wait for it too.
		a.list, a.err = ask(context.WithoutCancel(ctx))
	})
	if a.err != nil {
		db.cache.mu.Lock()
		if db.cache.answers[key] == a {
			delete(db.cache.answers, key)
		}
		db.cache.mu.Unlock()
		return nil, a.err
	}
	return append([]T(nil), a.list.([]T)...), nil
}

// lasting keeps one answer for as long as what it is made of stays the same.
type lasting[T any] struct {
	mu      sync.Mutex
	version string
	answer  T
}

// get gives the answer kept under the version, or asks for it; an empty version is not known.
func (l *lasting[T]) get(version string, ask func() (T, error)) (T, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if version != "" && version == l.version {
		return l.answer, nil
	}
	answer, err := ask()
	if err == nil {
		l.version, l.answer = version, answer
	}
	return answer, err
}
