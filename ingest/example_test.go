package ingest_test

import (
	"context"
	"fmt"
	"os"
	"strings"

	"soket/ingest"
)

// A report is taken in by an inbox on a server in this process. From then on it is safe; a Worker
// reads it and makes its figures visible.
func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "inbox-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	server, err := ingest.Start(ctx, dir, ingest.ServerOptions{Bytes: 1 << 30})
	if err != nil {
		panic(err)
	}
	defer server.Stop()
	inbox, err := ingest.Open(ctx, ingest.Options{Server: server, FreeBytes: 1})
	if err != nil {
		panic(err)
	}
	defer inbox.Close()

	f, err := inbox.Accept(ctx, ingest.Upload{Name: "Báo cáo 6 tháng.pdf", By: "van-thu", Size: -1}, strings.NewReader("%PDF-1.7\n…"))
	if err != nil {
		panic(err)
	}
	fmt.Println(f.State, f.Format, f.Size)
	// Output: accepted pdf 12
}
