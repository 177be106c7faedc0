// Package indicator finds the figures of a report that a careful statistician would enter: the
// catalogue of indicators, and the rules that turn text and tables into facts.
package indicator

import (
	"time"

	"soket/extract/document"
	"soket/extract/vietnamese"
)

// Kind tells a result from a plan and from a comparison; they are never mixed.
type Kind string

const (
	Result     Kind = "result"
	Plan       Kind = "plan"
	Comparison Kind = "comparison"
)

// Basis is what a comparison compares with.
type Basis string

const (
	SamePeriod     Basis = "same_period"
	PreviousPeriod Basis = "previous_period"
	OfPlan         Basis = "plan"
)

// Fact is one figure with its proof.
type Fact struct {
	Code       string            `json:"code"`
	Value      float64           `json:"value"` // in Unit; money in đồng, shares and changes in per cent
	Unit       string            `json:"unit"`
	Period     vietnamese.Period `json:"period"`
	Kind       Kind              `json:"kind"`
	Basis      Basis             `json:"basis"` // only of comparisons
	Page       int               `json:"page"`  // from 1; 0 without pages
	Sheet      string            `json:"sheet"`
	Cell       string            `json:"cell"`
	Box        document.Box      `json:"box"`   // of the figure itself
	Quote      string            `json:"quote"` // the words around it, as printed
	Confidence float64           `json:"confidence"`
	Method     string            `json:"method"` // "text", "table", "cell" or "ocr"
	Rule       string            `json:"rule,omitempty"`

	// What a person said of it; empty where nobody did.
	Judged    string    `json:"judged,omitempty"`     // "confirm", "correct" or "add"
	JudgedKey string    `json:"judged_key,omitempty"` // of the figure as read
	JudgedBy  string    `json:"judged_by,omitempty"`
	JudgedAt  time.Time `json:"judged_at,omitzero"`
	JudgedWhy string    `json:"judged_why,omitempty"`
}

// Head is what a report says of itself. What the document does not state is empty.
type Head struct {
	Number    string            `json:"number"`    // "118/BC-SKHCN"
	Issuer    string            `json:"issuer"`    // spelled out, with its province or city
	Recipient string            `json:"recipient"` // several joined by "; "
	Signed    string            `json:"signed"`    // ISO date
	Signer    string            `json:"signer,omitempty"`
	Period    vietnamese.Period `json:"period"`
	Title     string            `json:"title"`
}

// Finding is an inconsistency noticed in a report: it flags, and never alters a fact.
type Finding struct {
	Code     string `json:"code"`     // e.g. "prose_against_table", "parts_against_total", "change_against_values"
	Severity string `json:"severity"` // "error", "warning" or "note"
	Facts    []int  `json:"facts"`    // indices into Report.Facts
	Expected string `json:"expected,omitempty"`
	Found    string `json:"found,omitempty"`
}

// Skip is a number that was not taken as a fact, and why.
type Skip struct {
	Text string `json:"text"` // of the cell, or the words around it
	Page int    `json:"page"`
	Ref  string `json:"cell,omitempty"` // of the cell, in a workbook
	Why  string `json:"why"`
}
