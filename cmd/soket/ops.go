package main

import (
	"context"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"soket/analytics"
	"soket/ingest"
)

// readyLimit bounds what a readiness check waits for a server.
const readyLimit = 3 * time.Second

// operations answers what watches the program: /healthz, /readyz and /metrics.
func operations(inbox *ingest.Inbox, db *analytics.DB) http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	registry.MustRegister(inbox.Collectors()...)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("ok\n")) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), readyLimit)
		defer cancel()
		if err := inbox.Ready(ctx); err != nil {
			http.Error(w, "inbox: "+masked(err.Error()), http.StatusServiceUnavailable)
			return
		}
		if _, err := db.Version(ctx); err != nil {
			http.Error(w, "figures: "+masked(err.Error()), http.StatusServiceUnavailable)
			return
		}
		w.Write([]byte("ready\n"))
	})
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	return mux
}
