package web

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Rules of what stands out. They choose and word; they never compute a figure that the table has not.
const (
	saidChange   = 10.0 // per cent: a smaller change is not worth a sentence
	saidPoints   = 2.0  // per cent points, for shares
	saidMoves    = 4    // sentences of rises, and as many of falls
	saidPlans    = 3    // sentences of plans ahead, and as many of those behind
	saidNames    = 6    // names in one sentence; the rest is counted
	multiple     = 100  // per cent of rise from which one says "2,3 times"
	recordPoints = 4    // periods that must be known before one is called the highest of them
)

func (p speech) plain(n uint32) string { return strconv.FormatUint(uint64(n), 10) }

// signed writes a change with its sign; the minus is the typographic one.
func (p speech) signed(v float64) string {
	return sign(round(v, 1), p.fixed)
}

// sign writes a number with its sign; none before a zero.
func sign(v float64, form func(float64) string) string {
	switch {
	case v > 0:
		return "+" + form(v)
	case v < 0:
		return "−" + form(-v)
	}
	return form(0)
}

// say makes the sentences, the most telling first.
func (b *brief) say() {
	p := b.speech
	type move struct {
		line
		size float64
	}
	var rises, falls []move
	var ceased, silentNow, differing []line
	for _, a := range b.Areas {
		for _, l := range a.Lines {
			f := l.Figure
			if f.Differing > 0 && l.Now.Kind != silent {
				differing = append(differing, l)
			}
			if l.Now.Kind == silent && f.Counts[1] > 0 {
				silentNow = append(silentNow, l)
			}
			if l.Now.Kind == zero && l.Change.Kind == stated && l.Change.Value < 0 {
				ceased = append(ceased, l)
				continue
			}
			if l.Change.Kind != stated || l.Now.Kind == silent {
				continue
			}
			now, then := b.sides(l)
			least := saidChange
			if f.Unit == "%" {
				least = saidPoints
			}
			if abs(l.Change.Value) < least {
				continue
			}
			// The size of a change is relative, and weighs less where figures are small: from one to
			// three is no news.
			m := move{l, abs(math.Log((now+1)/(then+1))) * math.Log(2+max(now, then))}
			if f.Unit != "%" && f.Unit != "đồng" && max(now, then) < 5 {
				m.size /= 4
			}
			if l.Change.Value > 0 {
				rises = append(rises, m)
			} else {
				falls = append(falls, m)
			}
		}
	}
	bySize := func(x, y move) int { return cmp.Compare(y.size, x.size) }
	slices.SortStableFunc(rises, bySize)
	slices.SortStableFunc(falls, bySize)
	for _, m := range rises[:min(saidMoves, len(rises))] {
		b.Says = append(b.Says, sentence{"rise", b.moved(m.line)})
	}
	for _, m := range falls[:min(saidMoves, len(falls))] {
		b.Says = append(b.Says, sentence{"fall", b.moved(m.line)})
	}
	for _, l := range ceased[:min(saidMoves, len(ceased))] {
		b.Says = append(b.Says, sentence{"ceased", fill(p.t("ky.say.ceased"), map[string]run{
			"name": {Text: p.name(l.Name), Href: l.Now.Href, Note: l.Now.Note}, "then": b.figure(l.Same, l)})})
	}
	b.sayPlans()
	if len(silentNow) > 0 {
		b.Gaps = append(b.Gaps, sentence{"silent", fill(p.t("ky.say.silent"), map[string]run{"count": {Text: p.number(len(silentNow))}, "names": {Text: b.names(silentNow)}})})
	}
	if len(differing) > 0 {
		b.Gaps = append(b.Gaps, sentence{"differing", fill(p.t("ky.say.differing"), map[string]run{"count": {Text: p.number(len(differing))}, "names": {Text: b.names(differing)}})})
	}
}

// sides are the two values that a change was computed from.
func (b *brief) sides(l line) (now, then float64) {
	if b.All {
		return l.Figure.Values[0], l.Figure.Values[1]
	}
	return l.Figure.SameNow, l.Figure.SameThen
}

// figure is a cell in a sentence, with its unit.
func (b *brief) figure(c cell, l line) run {
	return run{Text: b.speech.value(c.Value*l.Scale, l.Figure.Unit), Href: c.Href, Note: c.Note}
}

// moved says a change since the same period of last year.
func (b *brief) moved(l line) []run {
	p, f := b.speech, l.Figure
	now, then := b.sides(l)
	change := l.Change.Value
	var by string
	switch {
	case f.Unit == "%" && change > 0:
		by = p.t("ky.say.up", p.number(change)+" "+p.t("ky.points"))
	case f.Unit == "%":
		by = p.t("ky.say.down", p.number(-change)+" "+p.t("ky.points"))
	case change >= multiple:
		by = p.t("ky.say.times", p.number(round(now/then, 1)))
	case change > 0:
		by = p.t("ky.say.up", p.number(change)+"%")
	default:
		by = p.t("ky.say.down", p.number(-change)+"%")
	}
	form := "ky.say.moved"
	parts := map[string]run{"name": {Text: l.Name}, "now": b.figure(l.Now, l), "by": {Text: by}, "then": b.figure(l.Same, l)}
	if !b.All && f.SameBodies > 0 && f.SameBodies < f.Counts[0] {
		// The sum of all is said, but the change is of those that are on both sides.
		form = "ky.say.movedcommon"
		parts["common"] = run{Text: p.value(now, f.Unit)}
		parts["then"] = run{Text: p.value(then, f.Unit), Href: l.Same.Href, Note: l.Same.Note}
		parts["bodies"] = run{Text: p.number(f.SameBodies)}
	}
	runs := fill(p.t(form), parts)
	if r := b.record(l); r != "" {
		runs = append(runs, run{Text: r})
	}
	if b.Body == "" && f.SameBodies > 1 && len(f.Movers) > 0 {
		if m := f.Movers[0]; (m.Now > m.Then) == (change > 0) && m.Now != m.Then {
			key := "ky.say.mostup"
			if change < 0 {
				key = "ky.say.mostdown"
			}
			runs = append(runs, fill(p.t(key), map[string]run{"body": {Text: m.Body}, "then": {Text: p.value(m.Then, f.Unit)},
				"now": {Text: p.value(m.Now, f.Unit), Href: p.factHref(m.Report, m.Fact), Note: b.noteOf(m.Report)}})...)
		}
	}
	return append(runs, run{Text: "."})
}

// record tells that a value is the highest or lowest of the series, where enough of it is known and
// it is over the same bodies.
func (b *brief) record(l line) string {
	n, high, low := 0, true, true
	last := len(l.Spark) - 1
	if last < 0 || !l.Spark[last].There {
		return ""
	}
	for _, x := range l.Spark[:last] {
		if !x.There || x.Other {
			continue
		}
		n++
		high = high && l.Spark[last].Value > x.Value
		low = low && l.Spark[last].Value < x.Value
	}
	if n+1 < recordPoints {
		return ""
	}
	switch {
	case high:
		return b.speech.t("ky.say.highest", n+1)
	case low:
		return b.speech.t("ky.say.lowest", n+1)
	}
	return ""
}

// sayPlans says which plans were reached and which were not, the clearest cases first.
func (b *brief) sayPlans() {
	var good, bad []target
	for _, t := range b.Targets {
		switch t.Outcome {
		case "reached", "ahead":
			good = append(good, t)
		case "missed", "behind":
			bad = append(bad, t)
		}
	}
	slices.SortStableFunc(good, func(x, y target) int { return cmp.Compare(y.Share.Value, x.Share.Value) })
	slices.SortStableFunc(bad, func(x, y target) int { return cmp.Compare(x.Share.Value, y.Share.Value) })
	for _, t := range append(slices.Clip(good[:min(saidPlans, len(good))]), bad[:min(saidPlans, len(bad))]...) {
		p := b.speech
		var of, year string
		if len(t.Figure.PlanPeriod) == 4 {
			year = p.t("ky.say.year")
		}
		if t.Bodies > 0 {
			of = p.t("ky.say.ofbodies", t.Bodies)
		}
		b.Says = append(b.Says, sentence{t.Outcome, fill(p.t("ky.say."+t.Outcome), map[string]run{
			"name": {Text: t.Name}, "done": {Text: p.value(t.Figure.PlanDone, t.Figure.Unit), Href: t.Done.Href, Note: t.Done.Note}, "of": {Text: of}, "year": {Text: year},
			"share": {Text: p.number(t.Share.Value) + "%"}, "plan": {Text: p.value(t.Figure.PlanDue, t.Figure.Unit), Href: t.Due.Href, Note: t.Due.Note}})})
	}
}

// outstanding are the first sentences, of each rule in turn: rises alone would paint too bright a picture.
func (b *brief) outstanding(n int) (list []sentence) {
	groups := map[string][]sentence{}
	var order []string
	for _, x := range b.Says {
		if groups[x.Rule] == nil {
			order = append(order, x.Rule)
		}
		groups[x.Rule] = append(groups[x.Rule], x)
	}
	taken := map[string]int{}
	for range b.Says {
		for _, rule := range order {
			if len(list) < n && taken[rule] < len(groups[rule]) {
				list = append(list, groups[rule][taken[rule]])
				taken[rule]++
			}
		}
	}
	slices.SortStableFunc(list, func(x, y sentence) int { return slices.Index(order, x.Rule) - slices.Index(order, y.Rule) })
	return list
}

// Overdue tells that a body should have reported and that it can be asked to: not as things stood once.
func (b *brief) Overdue() bool {
	return !b.Fixed && slices.ContainsFunc(b.Bodies, func(x standing) bool { return x.State == "missing" })
}

// Missing names the bodies that have not reported, the first few.
func (b *brief) Missing() string {
	const few = 4
	text := strings.Join(b.Silent[:min(few, len(b.Silent))], "; ")
	if len(b.Silent) > few {
		text += b.speech.t("ky.silent.more", len(b.Silent)-few)
	}
	return text
}

func (b *brief) names(lines []line) string {
	var list []string
	for _, l := range lines[:min(saidNames, len(lines))] {
		list = append(list, b.speech.name(l.Name))
	}
	text := strings.Join(list, "; ")
	if len(lines) > saidNames {
		text += b.speech.t("ky.say.more", len(lines)-saidNames)
	}
	return text
}
