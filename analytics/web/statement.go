package web

import (
	"math"
	"slices"
	"strings"

	"soket/analytics"
	"soket/extract/vietnamese"
)

// statement is what a view of one indicator shows, said as a sentence for its head: the newest
// period, and how it moved since the same period of the year before over the bodies that reported for
// both. Empty where several indicators stand side by side, or nothing is known.
func (s *server) statement(x *shown, lang string) string {
	if len(x.Entries) != 1 || len(x.Points) == 0 {
		return ""
	}
	p, e := s.speech(lang), x.Entries[0]
	name := map[bool]string{false: e.Vi, true: e.En}[p.english]
	var periods []string
	for _, q := range x.Points {
		if !slices.Contains(periods, q.Period) {
			periods = append(periods, q.Period)
		}
	}
	inOrder(periods)
	last := periods[len(periods)-1]
	var now []analytics.Point
	for _, q := range x.Points {
		if q.Period == last {
			now = append(now, q)
		}
	}
	if x.View.Kind == "plan" {
		name = p.t("statement.plan", p.name(name))
	}
	form, when := "statement.flow", p.period(vietnamese.Period(last))
	if e.Measure == "stock" {
		form = "statement.stock"
	}
	if e.Unit == "%" && len(now) > 1 {
		low, high := now[0].Value, now[0].Value
		for _, q := range now {
			low, high = min(low, q.Value), max(high, q.Value)
		}
		if low < high {
			return p.t("statement.range", name, p.number(round(low, 1)), p.number(round(high, 1)), when, len(now))
		}
	}
	sum, both, was := 0.0, 0.0, 0.0
	n := 0
	for _, q := range now {
		sum += q.Value
		if q.SamePeriodValue != nil {
			both, was, n = both+q.Value, was+*q.SamePeriodValue, n+1
		}
	}
	if e.Unit == "%" { // all of them state the same share
		sum, both, was = now[0].Value, now[0].Value, was/math.Max(1, float64(n))
	}
	text := p.t(form, name, p.value(sum, e.Unit), when)
	if len(now) > 1 {
		text += p.t("statement.bodies", len(now))
	}
	if n == 0 || x.View.Kind == "plan" || vietnamese.Period(last).LastYear() == "" {
		return text
	}
	change, by := both-was, ""
	switch {
	case change == 0:
		return text + p.t("statement.same") + of(p, n, len(now))
	case e.Unit == "%":
		by = p.number(round(math.Abs(change), 2)) + " " + p.t("ky.points")
	case was == 0:
		return text
	case change/was*100 >= multiple:
		return text + ", " + p.t("ky.say.times", p.number(round(both/was, 1))) + p.t("statement.on") + of(p, n, len(now))
	default:
		by = p.number(round(math.Abs(change/was)*100, 1)) + "%"
	}
	key := "ky.say.up"
	if change < 0 {
		key = "ky.say.down"
	}
	return text + ", " + p.t(key, by) + p.t("statement.on") + of(p, n, len(now))
}

// of says over how many bodies a change is, where they are not all.
func of(p speech, n, all int) string {
	if n == all {
		return ""
	}
	return strings.TrimRight(p.t("statement.common", n), " ")
}
