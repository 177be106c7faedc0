package indicator

import (
	"math"

	"soket/extract/document"
	"soket/extract/vietnamese"
)

// formRule names the facts of a form of ours.
const formRule = "form"

// formHead takes what a form says of itself: body and period stand in its hidden marks.
func formHead(f *document.Form, h *Head) {
	h.Number, h.Issuer, h.Signed, h.Signer, h.Title = f.Number, f.Body, f.Signed, f.Signer, f.Title
	h.Period = ""
	if p, err := vietnamese.ParsePeriod(f.Period); err == nil {
		h.Period = p
	}
}

// formFacts takes the cells of a form that were filled in. Its marks say what each is, so no rule has
// to guess and nothing is in doubt; a mark that names no indicator or no period gives none. The
// figures of earlier periods beside them are our own and no facts of this report.
func formFacts(c *Catalogue, form *document.Form) []Fact {
	facts := []Fact{}
	for _, x := range form.Figures {
		entry, ok := c.Get(x.Code)
		period, err := vietnamese.ParsePeriod(x.Period)
		if !ok || err != nil {
			continue
		}
		value := x.Value
		switch entry.Unit {
		case "đồng": // 27.853 million is a whole number of đồng
			value = math.Round(value)
		case "%":
			value = math.Round(value*10) / 10
		}
		facts = append(facts, Fact{Code: entry.Code, Value: value, Unit: entry.Unit, Period: period, Kind: Kind(x.Kind), Sheet: form.Sheet, Cell: x.Cell,
			Quote: entry.VI + ": " + x.Text, Confidence: 1, Method: "cell", Rule: formRule})
	}
	return dedupe(facts)
}
