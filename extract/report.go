// Package extract turns the bytes of a report into what it says: its head, its facts with their
// places, its pages and tables. It uses no network, no clock and no database.
package extract

import (
	"soket/extract/document"
	"soket/extract/indicator"
	"soket/extract/vietnamese"
)

// The vocabulary, under the names the rest of the program uses.
type (
	Fact    = indicator.Fact
	Finding = indicator.Finding
	Head    = indicator.Head
	Skip    = indicator.Skip
	Page    = document.Page
	Table   = document.Table
	Cell    = document.Cell
	Box     = document.Box
	Period  = vietnamese.Period
)

// Version of the reader and its rules; stored with each report, so that reports read by an older
// one can be found and read again.
const Version = "2"

// Report is everything read from one file.
type Report struct {
	Head
	Format   document.Format    `json:"format"`
	Engine   string             `json:"engine"`
	Pages    []Page             `json:"pages,omitempty"`
	Sheets   []document.Sheet   `json:"sheets,omitempty"`
	Blocks   []document.Block   `json:"blocks,omitempty"`
	Facts    []Fact             `json:"facts"`
	Findings []Finding          `json:"findings,omitempty"`
	Warnings []document.Warning `json:"warnings,omitempty"`
	Layers   []string           `json:"layers,omitempty"`  // sandbox layers that held while it was read
	Untaken  []Skip             `json:"untaken,omitempty"` // numbers that are no facts, and why; only where Options.Explain asks
	Version  string             `json:"version"`
}

// Tables lists the tables of the report in reading order.
func (r *Report) Tables() []*Table {
	var ts []*Table
	for i := range r.Blocks {
		if t := r.Blocks[i].Table; t != nil {
			ts = append(ts, t)
		}
	}
	return ts
}
