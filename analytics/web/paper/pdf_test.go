package paper_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"soket/analytics/web/paper"
)

// TestPDF prints with a real Chromium, and holds that the page reaches nobody, not even on loopback.
func TestPDF(t *testing.T) {
	asked := make(chan string, 10)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { asked <- r.URL.Path }))
	defer s.Close()
	page := `<!doctype html><meta charset=utf-8><title>Kỳ</title><h1>Sáu tháng đầu năm</h1><img src="` + s.URL + `/picture"><script>new Image().src="` + s.URL + `/script"</script>`
	pdf, err := paper.NewPrinter("").PDF(t.Context(), []byte(page))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(pdf, []byte("%PDF-")) || len(pdf) < 1000 {
		t.Errorf("no PDF: %d bytes", len(pdf))
	}
	select {
	case path := <-asked:
		t.Errorf("the page asked for %s", path)
	default:
	}
}

func TestPDFFails(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	if _, err := paper.NewPrinter("").PDF(t.Context(), nil); !errors.Is(err, paper.ErrNoBrowser) {
		t.Errorf("without a browser: %v", err)
	}
	broken := filepath.Join(dir, "chromium")
	if err := os.WriteFile(broken, []byte("#!/bin/sh\nexit 0\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := paper.NewPrinter(broken).PDF(t.Context(), nil); err == nil {
		t.Error("a browser that prints nothing is an error")
	}
	hangs := filepath.Join(dir, "hangs")
	if err := os.WriteFile(hangs, []byte("#!/bin/sh\nwhile :; do :; done\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if _, err := paper.NewPrinter(hangs).PDF(ctx, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a browser that hangs: %v", err)
	}
}
