// Package indicator finds the figures of a report that a careful statistician would enter: the
// catalogue of indicators, and the rules that turn text and tables into facts.
package indicator

import (
	"math"
	"strings"
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

// fact makes a fact of a judged figure, with its place.
func (r *reader) fact(f *figure, b *document.Block, ts []token) Fact {
	a, z := ts[f.i].a, ts[f.j-1].b
	why := ""
	if f.why != nil {
		why = f.why()
	}
	x := Fact{Code: f.code.Code, Value: f.v, Unit: f.code.Unit, Period: f.period, Kind: f.kind, Basis: f.basis, Page: b.Page, Method: "text", Rule: why}
	if why == "" {
		x.Rule = "prose: its indicator is that of the figure before it"
	}
	if f.kind == Comparison {
		x.Unit = "%"
	}
	x.Confidence = r.confidence(f)
	for _, s := range b.Spans {
		if s.Start < z && s.End > a {
			if x.Box == (document.Box{}) {
				x.Box, x.Page = s.Box, s.Page
			} else if s.Page == x.Page {
				x.Box = document.Box{min(x.Box[0], s.Box[0]), min(x.Box[1], s.Box[1]), max(x.Box[2], s.Box[2]), max(x.Box[3], s.Box[3])}
			}
			if s.Confidence > 0 {
				x.Method = "ocr"
				x.Confidence = math.Min(x.Confidence, 0.85*s.Confidence)
			}
		}
	}
	x.Quote = quote(b.Text, a, z)
	return x
}

// quote is the words around a figure, cut at words.
func quote(text string, a, z int) string {
	const around = 45 // bytes on each side: enough to know the place again
	from, to := max(0, a-around), min(len(text), z+around)
	for from > 0 && text[from] != ' ' {
		from--
	}
	for to < len(text) && text[to] != ' ' {
		to++
	}
	return strings.TrimSpace(text[from:to])
}
