package ingest

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Metrics are the figures of one process. Register them once.
type Metrics struct {
	Uploads     *prometheus.CounterVec   // by outcome: "accepted" or the code of the refusal
	UploadBytes prometheus.Counter       // accepted
	Settled     *prometheus.CounterVec   // by state
	Failures    *prometheus.CounterVec   // by code
	Retries     *prometheus.CounterVec   // attempts that did not settle, by step
	ReadTime    *prometheus.HistogramVec // by format
	LoadTime    prometheus.Histogram
	VisibleTime prometheus.Histogram // from acceptance to settled, first rev only
}

// NewMetrics makes the figures, all zero.
func NewMetrics() *Metrics {
	spans := prometheus.ExponentialBuckets(0.01, 2, 16) // 10 ms to 5 minutes
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: "soket_" + name, Help: help}, labels)
	}
	return &Metrics{
		Uploads:     counter("uploads_total", "Uploads by outcome.", "outcome"),
		UploadBytes: prometheus.NewCounter(prometheus.CounterOpts{Name: "soket_upload_bytes_total", Help: "Bytes of accepted uploads."}),
		Settled:     counter("settled_total", "Filings settled by state.", "state"),
		Failures:    counter("failures_total", "Filings that failed, by reason.", "code"),
		Retries:     counter("retries_total", "Attempts that did not settle, by step.", "step"),
		ReadTime:    prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "soket_extract_seconds", Help: "Time to read a file.", Buckets: spans}, []string{"format"}),
		LoadTime:    prometheus.NewHistogram(prometheus.HistogramOpts{Name: "soket_load_seconds", Help: "Time to load, read back and commit an attempt.", Buckets: spans}),
		VisibleTime: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "soket_visible_seconds", Help: "Time from acceptance to settled.", Buckets: spans}),
	}
}

// Collectors gives all metrics of this inbox: those of this process, and what the ledger and the
// queue hold.
func (b *Inbox) Collectors() []prometheus.Collector {
	m := b.metrics
	gauge := func(name, help string, get func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "soket_" + name, Help: help}, get)
	}
	return []prometheus.Collector{m.Uploads, m.UploadBytes, m.Settled, m.Failures, m.Retries, m.ReadTime, m.LoadTime, m.VisibleTime,
		gauge("queue_depth", "Filings accepted and not settled.", func() float64 { n, _ := b.Queue(); return float64(n) }),
		gauge("queue_oldest_seconds", "Age of the oldest filing that is not settled.", func() float64 { _, age := b.Queue(); return age.Seconds() }),
		gauge("upload_room_bytes", "Bytes that uploads may still take.", func() float64 {
			ctx, cancel := context.WithTimeout(context.Background(), time.Second)
			defer cancel()
			left, err := b.measure(ctx)
			if err != nil {
				return -1
			}
			return float64(left)
		}),
	}
}

// Queue gives how many filings are accepted and not settled, and how long the oldest has waited.
func (b *Inbox) Queue() (depth int, oldest time.Duration) {
	b.index.mu.RLock()
	defer b.index.mu.RUnlock()
	for _, e := range b.index.byID {
		if !e.finished() {
			depth++
			oldest = max(oldest, time.Since(e.ChangedAt))
		}
	}
	return depth, oldest
}
