package indicator

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"
)

// Indicator is one entry of the catalogue: what it is called, what it counts, and the words by
// which reports speak of it.
type Indicator struct {
	Code       string     `yaml:"code"`
	VI         string     `yaml:"vi"`
	EN         string     `yaml:"en"`
	Unit       string     `yaml:"unit"`
	Measure    string     `yaml:"measure"` // flow or stock
	Definition string     `yaml:"definition"`
	Named      []string   `yaml:"named"`     // phrases that name the indicator whole, as a label does
	Nouns      []string   `yaml:"nouns"`     // what stands right after the number
	Cues       []string   `yaml:"cues"`      // what is said around the number
	Excludes   []string   `yaml:"excludes"`  // what, around the number, makes it another figure
	Whole      string     `yaml:"whole"`     // in "N/M" of this indicator, M belongs to that code
	Follows    []string   `yaml:"follows"`   // codes whose figure it follows in a sentence: people after courses, fines after those sanctioned
	Several    bool       `yaml:"several"`   // one report may give it several times, for different works: bodies inspected and bodies checked
	Plausible  [2]float64 `yaml:"plausible"` // range outside which a figure is doubtful
	Area       string     `yaml:"-"`
}

// Area is one field of work with its indicators.
type Area struct {
	Area       string      `yaml:"area"`
	VI         string      `yaml:"vi"`
	EN         string      `yaml:"en"`
	Heads      []string    `yaml:"heads"` // words of the headings under which it is reported
	Indicators []Indicator `yaml:"indicators"`
}

// Catalogue is all areas in the order of their files.
type Catalogue struct {
	Areas []Area
	byID  map[string]*Indicator
}

// Get gives the entry of a code.
func (c *Catalogue) Get(code string) (*Indicator, bool) {
	i, ok := c.byID[code]
	return i, ok
}

// All lists the entries in the catalogue's order.
func (c *Catalogue) All() []*Indicator {
	var list []*Indicator
	for a := range c.Areas {
		for i := range c.Areas[a].Indicators {
			list = append(list, &c.Areas[a].Indicators[i])
		}
	}
	return list
}

// Parse reads a catalogue strictly: a wrong key is an error with its line.
func Parse(files fs.FS) (*Catalogue, error) {
	names, err := fs.Glob(files, "catalogue/*.yaml")
	if err != nil {
		return nil, err
	}
	var areas []Area
	for _, name := range names {
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		var a Area
		if err := yaml.Load(raw, &a, yaml.WithKnownFields()); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for i := range a.Indicators {
			x := &a.Indicators[i]
			x.Area = a.Area
			if !strings.HasPrefix(x.Code, a.Area+".") || x.Unit == "" || x.VI == "" {
				return nil, fmt.Errorf("%s: indicator %q: code must begin with %q, and unit and names be given", name, x.Code, a.Area+".")
			}
		}
		areas = append(areas, a)
	}
	c, err := newCatalogue(areas)
	if err != nil {
		return nil, err
	}
	return c, c.whole()
}

func newCatalogue(areas []Area) (*Catalogue, error) {
	c := &Catalogue{Areas: areas, byID: map[string]*Indicator{}}
	for _, x := range c.All() {
		if c.byID[x.Code] != nil {
			return nil, fmt.Errorf("catalogue: %s stands twice; take one out", x.Code)
		}
		c.byID[x.Code] = x
	}
	if len(c.byID) == 0 {
		return nil, fmt.Errorf("catalogue: no indicators; its files are named catalogue/AREA.yaml")
	}
	return c, nil
}

// whole checks what the entries say of each other and of themselves. All faults are told at once.
func (c *Catalogue) whole() error {
	var faults []error
	fault := func(x *Indicator, text string, args ...any) {
		faults = append(faults, fmt.Errorf("catalogue/%s.yaml: %s: %s", x.Area, x.Code, fmt.Sprintf(text, args...)))
	}
	for _, x := range c.All() {
		for _, code := range append([]string{x.Whole}, x.Follows...) {
			if code != "" && c.byID[code] == nil {
				fault(x, "%q is no code of the catalogue; correct it or take it out", code)
			}
		}
		if x.Measure != "flow" && x.Measure != "stock" {
			fault(x, "measure %q: want flow or stock", x.Measure)
		}
		if x.Plausible[0] >= x.Plausible[1] {
			fault(x, "plausible %v: want the least and the largest value", x.Plausible)
		}
		if len(x.Named)+len(x.Cues) == 0 {
			fault(x, "neither named nor cues: no words would ever speak for it")
		}
		for _, list := range [][]string{x.Named, x.Nouns, x.Cues, x.Excludes} {
			for _, s := range list {
				if len(makePhrase(s).words) == 0 {
					fault(x, "%q has no words", s)
				}
			}
		}
	}
	return errors.Join(faults...)
}

// Load gives the catalogue of this program: catalogue/*.yaml, made into made.go. That they are the same,
// and whole, is a test.
var Load = sync.OnceValues(func() (*Catalogue, error) { return newCatalogue(madeAreas) })

// Prepare makes the catalogue ready ahead of Extract, beside what the caller does.
func Prepare() {
	go func() {
		loadRules()
		labelRules()
	}()
}
