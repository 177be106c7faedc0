package extract

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"soket/extract/document"
	"soket/extract/indicator"
)

// What a person can say of a figure.
const (
	Confirmed = "confirm" // it is as the machine read it
	Corrected = "correct" // it is Now instead
	Rejected  = "reject"  // it is no figure of this report
	Added     = "add"     // the machine did not read it
	Absent    = "absent"  // the indicator does not apply to who reports: there is no figure of it
	Unjudged  = ""        // takes back what was said
)

// Judgement is what a person said of one figure of a report. It stands in the ledger and is applied
// whenever the file is read, so that it outlives the rules that read it first.
type Judgement struct {
	Key     string    `json:"key"`     // KeyOf the figure as read; of one that was added, what NewKey gives; of an absent one, AbsentKey
	Verdict string    `json:"verdict"` // Confirmed, Corrected, Rejected, Added, Absent or Unjudged
	Was     *Fact     `json:"was,omitempty"`
	Now     *Fact     `json:"now,omitempty"` // Corrected, Added: code, value, period, kind, basis, and for Added its place; Absent: the code
	Reason  string    `json:"reason,omitempty"`
	By      string    `json:"by,omitempty"`
	At      time.Time `json:"at,omitzero"`
}

// KeyOf names a figure within its report by what was read and where: the same file gives the same
// key each time it is read.
func KeyOf(f Fact) string {
	place := fmt.Sprintf("p%d", f.Page)
	if f.Cell != "" {
		place = f.Sheet + "!" + f.Cell
	}
	return fmt.Sprintf("%s|%s|%s|%s|%s|%s", f.Code, strconv.FormatFloat(f.Value, 'g', -1, 64), f.Period, f.Kind, f.Basis, place)
}

// NewKey names a figure that a person adds.
func NewKey(f Fact) string { return "+" + KeyOf(f) }

// AbsentKey names an indicator that does not apply.
func AbsentKey(code string) string { return "-" + code }

// Check tells what is wrong with a judgement, as a Refusal "invalid"; nil for a good one.
func (j Judgement) Check() error {
	invalid := func(what string) error { return &Refusal{Code: "invalid", Detail: what} }
	if j.Key == "" {
		return invalid("key")
	}
	switch j.Verdict {
	case Confirmed, Unjudged:
		return nil
	case Rejected:
		if j.Reason == "" {
			return invalid("reason")
		}
		return nil
	case Corrected, Added, Absent:
	default:
		return invalid("verdict: " + j.Verdict)
	}
	f := j.Now
	if f == nil {
		return invalid("now")
	}
	c, err := indicator.Load()
	if err != nil {
		return err
	}
	if _, ok := c.Get(f.Code); !ok {
		return invalid("code: " + f.Code)
	}
	if j.Verdict == Absent {
		return nil
	}
	if f.Kind != indicator.Result && f.Kind != indicator.Plan && f.Kind != indicator.Comparison {
		return invalid("kind: " + string(f.Kind))
	}
	if bases := []indicator.Basis{indicator.SamePeriod, indicator.PreviousPeriod, indicator.OfPlan}; (f.Kind == indicator.Comparison) != slices.Contains(bases, f.Basis) {
		return invalid("basis: " + string(f.Basis))
	}
	if j.Verdict == Corrected && j.Reason == "" {
		return invalid("reason")
	}
	return nil
}

// Judge sets what people said into a report as read. A figure that newer rules read otherwise is
// found again by its place; one that they no longer read at all is put back as the person said it.
// Confirmed and corrected figures are sure; those rejected are taken out. Findings are made anew.
func Judge(r *Report, said []Judgement) error {
	if len(said) == 0 {
		return nil
	}
	c, err := indicator.Load()
	if err != nil {
		return err
	}
	for _, j := range said {
		i := slices.IndexFunc(r.Facts, func(f Fact) bool { return KeyOf(f) == j.Key && f.Judged == "" })
		if i < 0 && j.Was != nil {
			i = slices.IndexFunc(r.Facts, func(f Fact) bool {
				return f.Judged == "" && f.Value == j.Was.Value && f.Page == j.Was.Page && f.Sheet == j.Was.Sheet && f.Cell == j.Was.Cell && (f.Cell != "" || f.Code == j.Was.Code)
			})
		}
		switch j.Verdict {
		case Rejected:
			if i >= 0 {
				r.Facts = slices.Delete(r.Facts, i, i+1)
			}
			continue
		case Confirmed:
			if i < 0 {
				continue
			}
		case Corrected, Added:
			if i < 0 {
				f := Fact{Method: "person"}
				if j.Was != nil {
					f = *j.Was
				}
				if j.Verdict == Added {
					f.Page, f.Sheet, f.Cell, f.Quote = j.Now.Page, j.Now.Sheet, j.Now.Cell, j.Now.Quote
				}
				r.Facts = append(r.Facts, f)
				i = len(r.Facts) - 1
			}
			f := &r.Facts[i]
			f.Code, f.Value, f.Period, f.Kind, f.Basis = j.Now.Code, j.Now.Value, j.Now.Period, j.Now.Kind, j.Now.Basis
			if f.Unit = "%"; f.Kind != indicator.Comparison {
				if x, ok := c.Get(f.Code); ok {
					f.Unit = x.Unit
				}
			}
		default:
			continue
		}
		f := &r.Facts[i]
		f.Judged, f.JudgedKey, f.JudgedBy, f.JudgedAt, f.JudgedWhy, f.Confidence = j.Verdict, j.Key, j.By, j.At, j.Reason, 1
		if f.Box == (document.Box{}) && j.Was != nil {
			f.Box = j.Was.Box
		}
	}
	r.Findings = indicator.Check(c, r.Facts)
	return nil
}
