package indicator

import (
	"soket/extract/document"
	"soket/extract/vietnamese"
)

// Options say what a person has set.
type Options struct {
	Period    vietnamese.Period // empty: as the document says
	Catalogue *Catalogue        // nil: the one of this program
	Untaken   func(Skip)        // hears of every number that is no fact, and why; may be nil
}

// Extract finds what a document says of itself and its facts, in the order of the text.
func Extract(doc *document.Document, o Options) (Head, []Fact, []Finding, error) {
	rules, err := loadRules()
	if err != nil {
		return Head{}, nil, nil, err
	}
	if o.Catalogue != nil {
		rules = newRules(o.Catalogue, o.Catalogue.openings())
	}
	head := readHead(doc)
	if len(doc.Sheets) > 0 {
		workbookHead(doc, &head)
	}
	if doc.Form != nil {
		formHead(doc.Form, &head)
		facts := formFacts(rules.catalogue, doc.Form)
		if o.Period != "" {
			head.Period = o.Period
		}
		return head, facts, Check(rules.catalogue, facts), nil
	}
	if o.Period != "" {
		head.Period = o.Period
	}
	r := &reader{rules: rules, head: head, district: ofDistrict.MatchString(head.Issuer), untaken: o.Untaken}
	r.prose(doc)
	facts := dedupe(r.facts)
	if len(doc.Sheets) == 0 {
		var weaker []Skip
		facts, weaker = withoutWeaker(rules.catalogue, facts)
		if o.Untaken != nil {
			for _, s := range weaker {
				o.Untaken(s)
			}
		}
	}
	weighRivals(facts)
	return head, facts, Check(rules.catalogue, facts), nil
}

// dedupe keeps the first of facts that say the same: a fact repeated in the text is one fact.
func dedupe(facts []Fact) []Fact {
	type key struct {
		code   string
		value  float64
		period vietnamese.Period
		kind   Kind
		basis  Basis
	}
	seen := map[key]bool{}
	out := make([]Fact, 0, len(facts))
	for i := range facts {
		f := &facts[i]
		k := key{f.Code, f.Value, f.Period, f.Kind, f.Basis}
		if !seen[k] {
			seen[k] = true
			out = append(out, *f)
		}
	}
	return out
}
