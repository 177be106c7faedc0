package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"soket/extract"
	"soket/extract/vietnamese"
)

// gold is what a careful reader entered from one report.
type gold struct {
	head  goldHead
	facts []goldFact
}

type goldHead struct {
	Doc    string `json:"doc"`
	Number string `json:"number"`
	Issuer string `json:"issuer"`
	Signed string `json:"signed"`
	Period string `json:"period"`
}

// goldFact is a fact as a careful reader entered it.
type goldFact struct {
	Code   string  `json:"code"`
	Value  float64 `json:"value"`
	Period string  `json:"period"`
	Kind   string  `json:"kind"`
	Basis  string  `json:"basis"`
	Quote  string  `json:"quote"`
}

// same tells whether a found fact is the gold one: everything agrees, per cent to one decimal.
func (g goldFact) same(f extract.Fact) bool {
	if g.Code != f.Code || g.Period != string(f.Period) || g.Kind != string(f.Kind) || g.Kind == "comparison" && g.Basis != string(f.Basis) {
		return false
	}
	if g.Kind == "comparison" || strings.HasSuffix(g.Code, "_percent") {
		return math.Abs(g.Value-f.Value) <= 0.051
	}
	return math.Abs(g.Value-f.Value) <= 1e-9*math.Abs(g.Value)
}

func readGold(path string) (told gold, err error) {
	f, err := os.Open(path)
	if err != nil {
		return gold{}, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var g goldFact
		err := json.Unmarshal(lines.Bytes(), &g)
		if err == nil && g.Code == "" {
			err = json.Unmarshal(lines.Bytes(), &told.head)
		} else {
			told.facts = append(told.facts, g)
		}
		if err != nil {
			return gold{}, fmt.Errorf("%s: %w", path, err)
		}
	}
	return told, lines.Err()
}

type tally struct{ right, wrong, missed int }

func (t tally) f1() float64 {
	if t.right == 0 {
		return 0
	}
	return 2 * float64(t.right) / float64(2*t.right+t.wrong+t.missed)
}

// sure counts the facts of one bin of confidence.
type sure struct {
	said       float64 // sum of what was said
	right, all int
}

// shown is the confidence from which a fact is shown without a mark; of such facts 99 in 100 are to
// be right.
const shown = 0.9

// bins are the lower ends of the bins of confidence, the last one ends at 1.
var bins = []float64{0, 0.5, 0.6, 0.7, 0.8, shown, 0.95}

// evaluation counts by format, area and kind, and how sure facts were that were right.
type evaluation struct {
	c      console
	worst  int // wrong and missed facts printed of each file
	scans  int // of each folder; -1: all
	total  tally
	groups map[string]*tally
	bins   []sure
	shown  map[string]*sure  // facts of at least the confidence shown, by format and all
	heads  map[string]*tally // fields of the report lines
	errors []worstError
}

// worstError is a fact that was wrong, with the formats of its report in which it was; the surer, the
// worse.
type worstError struct {
	stem    string
	formats []string
	fact    extract.Fact
}

// wrong notes an error once for all formats of a report.
func (e *evaluation) wrong(stem, format string, f extract.Fact) {
	for i := range e.errors {
		x := &e.errors[i]
		if x.stem == stem && x.fact.Code == f.Code && x.fact.Value == f.Value && x.fact.Period == f.Period && x.fact.Kind == f.Kind {
			x.formats = append(x.formats, format)
			return
		}
	}
	e.errors = append(e.errors, worstError{stem, []string{format}, f})
}

func newEvaluation(c console) *evaluation {
	return &evaluation{c: c, scans: -1, groups: map[string]*tally{}, bins: make([]sure, len(bins)), shown: map[string]*sure{"all": {}}, heads: map[string]*tally{}}
}

func of[T any](m map[string]*T, name string) *T {
	if m[name] == nil {
		m[name] = new(T)
	}
	return m[name]
}

// file matches the facts of one file; each gold fact is taken once.
func (e *evaluation) file(path string, told gold, r *extract.Report) {
	stem, format, _ := strings.Cut(filepath.Base(path), ".")
	left := slices.Clone(told.facts)
	printed := 0
	count := func(code, kind string, add func(*tally)) {
		area, _, _ := strings.Cut(code, ".")
		for _, t := range []*tally{&e.total, of(e.groups, "format "+format), of(e.groups, "area "+area), of(e.groups, "kind "+kind)} {
			add(t)
		}
	}
	for _, f := range r.Facts {
		at := len(bins) - 1
		for f.Confidence < bins[at] && at > 0 {
			at--
		}
		marks := []*sure{&e.bins[at]}
		if f.Confidence >= shown {
			marks = append(marks, of(e.shown, "all"), of(e.shown, "format "+format), of(e.shown, "method "+f.Method))
		}
		i := slices.IndexFunc(left, func(g goldFact) bool { return g.same(f) })
		for _, m := range marks {
			m.said += f.Confidence
			m.all++
			if i >= 0 {
				m.right++
			}
		}
		if i >= 0 {
			left = slices.Delete(left, i, i+1)
			count(f.Code, string(f.Kind), func(t *tally) { t.right++ })
			continue
		}
		e.wrong(stem, format, f)
		count(f.Code, string(f.Kind), func(t *tally) { t.wrong++ })
		if printed++; printed <= e.worst {
			fmt.Fprintf(e.c.stdout, "%s WRONG  %s %v %s %s %s «%s»\n", filepath.Base(path), f.Code, f.Value, f.Period, f.Kind, f.Basis, f.Quote)
		}
	}
	for i, g := range left {
		count(g.Code, g.Kind, func(t *tally) { t.missed++ })
		if i < e.worst {
			fmt.Fprintf(e.c.stdout, "%s MISSED %s %v %s %s %s «%s»\n", filepath.Base(path), g.Code, g.Value, g.Period, g.Kind, g.Basis, g.Quote)
		}
	}
	for _, h := range [][3]string{
		{"number", told.head.Number, r.Number}, {"issuer", told.head.Issuer, r.Issuer},
		{"signed", told.head.Signed, r.Signed}, {"period", told.head.Period, string(r.Period)},
	} {
		switch t := of(e.heads, h[0]); {
		case h[1] == "":
		case plainHead(h[1]) == plainHead(h[2]):
			t.right++
		default:
			t.wrong++
			if e.worst > 0 {
				fmt.Fprintf(e.c.stdout, "%s REPORT %s «%s» is not «%s»\n", filepath.Base(path), h[0], h[2], h[1])
			}
		}
	}
}

var headLetters = regexp.MustCompile(`[^\p{L}\d/]+`)

// plainHead makes a head's field comparable: letter case, tone places, signs and spaces do not count.
func plainHead(s string) string {
	s = strings.ToLower(vietnamese.FoldTone(vietnamese.Clean(s)))
	s = strings.ReplaceAll(strings.ReplaceAll(s, "&", " và "), "ủy ban nhân dân", "ubnd")
	return strings.TrimSpace(headLetters.ReplaceAllString(s, " "))
}

func sorted[T any](m map[string]*T) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.SortFunc(names, cmp.Compare)
	return names
}

// worstShown is how many of the surest errors are printed.
const worstShown = 10

func (e *evaluation) print(w io.Writer) tally {
	line := func(name string, t tally) {
		fmt.Fprintf(w, "%-24s right %5d  wrong %4d  missed %4d  precision %.3f  recall %.3f  F1 %.4f\n", name, t.right, t.wrong, t.missed,
			ratio(t.right, t.right+t.wrong), ratio(t.right, t.right+t.missed), t.f1())
	}
	for _, name := range sorted(e.groups) {
		line(name, *e.groups[name])
	}
	fmt.Fprintln(w, "confidence: said, right")
	for i, b := range e.bins {
		if b.all > 0 {
			fmt.Fprintf(w, "  from %.2f  %5d facts  %.3f  %.3f\n", bins[i], b.all, b.said/float64(b.all), ratio(b.right, b.all))
		}
	}
	fmt.Fprintf(w, "of facts with at least %.2f\n", shown)
	for _, name := range sorted(e.shown) {
		if b := e.shown[name]; b.all > 0 {
			fmt.Fprintf(w, "  %-22s %5d of %5d right, %.4f\n", name, b.right, b.all, ratio(b.right, b.all))
		}
	}
	fmt.Fprintln(w, "report lines")
	for _, name := range sorted(e.heads) {
		t := e.heads[name]
		fmt.Fprintf(w, "  %-22s %5d of %5d right, %.4f\n", name, t.right, t.right+t.wrong, ratio(t.right, t.right+t.wrong))
	}
	slices.SortStableFunc(e.errors, func(a, b worstError) int { return cmp.Compare(b.fact.Confidence, a.fact.Confidence) })
	if len(e.errors) > 0 {
		fmt.Fprintln(w, "surest errors")
	}
	for _, x := range e.errors[:min(worstShown, len(e.errors))] {
		f := x.fact
		fmt.Fprintf(w, "  %.3f %s (%s) %s %v %s %s %s «%s»\n", f.Confidence, x.stem, strings.Join(x.formats, " "), f.Code, f.Value, f.Period, f.Kind, f.Basis, f.Quote)
	}
	line("all", e.total)
	return e.total
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}
