package analytics

import (
	"context"
	"errors"
	"testing"
)

// TestLasting: who asks first may go without ending the answer for those who wait, and what failed is asked
// for anew.
func TestLasting(t *testing.T) {
	var l lasting[int]
	begun, release := make(chan bool), make(chan bool)
	ask := func(ctx context.Context) (int, error) {
		close(begun)
		<-release
		return 7, ctx.Err()
	}
	first, leave := context.WithCancel(t.Context())
	gone := make(chan error)
	go func() {
		_, err := l.get(first, "1", ask)
		gone <- err
	}()
	<-begun
	leave()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Fatalf("the first who asked waits on: %v", err)
	}
	close(release)
	unasked := func(context.Context) (int, error) { return 0, errors.New("asked again") }
	if n, err := l.get(t.Context(), "1", unasked); n != 7 || err != nil {
		t.Errorf("the second got %d, %v", n, err)
	}
	if _, err := l.get(t.Context(), "2", func(context.Context) (int, error) { panic("oh") }); err == nil {
		t.Error("a panic is no error")
	}
	if n, err := l.get(t.Context(), "2", func(context.Context) (int, error) { return 8, nil }); n != 8 || err != nil {
		t.Errorf("after one that failed: %d, %v", n, err)
	}
}
