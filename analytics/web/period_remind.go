package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"soket/analytics/web/access"
	"soket/extract"
)

// remindersKey is the record of reminders; remindersMost are kept, some ten years of a country's.
const (
	remindersKey  = "reminders"
	remindersMost = 20_000
)

// reminder says that a body was asked for its report. Sending it is left to the office's own post:
// the page has the words, and keeps who asked when.
type reminder struct {
	Period string    `json:"period"`
	Body   string    `json:"body"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
}

// plea is what the page of a period offers for the bodies that have not reported.
type plea struct {
	Bodies []string
	Text   string              // ready to be sent
	Last   map[string]reminder // body → the newest
	May    bool
}

// plea gives the words of a reminder and what was sent before; nil where nobody is missing.
func (s *server) plea(r *http.Request, b *brief) (*plea, error) {
	if b.Body != "" || b.Fixed {
		return nil, nil
	}
	p := plea{Last: map[string]reminder{}, May: s.Records != nil && (s.Demo || s.Desk.May(personOf(r), access.Approve, ""))}
	due := ""
	for _, x := range b.Bodies {
		if x.State == "missing" {
			p.Bodies = append(p.Bodies, x.Body)
			due = max(due, x.Due)
		}
	}
	if len(p.Bodies) == 0 {
		return nil, nil
	}
	list, _, err := readRecord[[]reminder](r.Context(), s.Records, remindersKey)
	if err != nil {
		return nil, err
	}
	for _, x := range list {
		if x.Period == string(b.Period) && x.At.After(p.Last[x.Body].At) {
			p.Last[x.Body] = x
		}
	}
	base := "http://" + r.Host
	if s.secure(r) {
		base = "https://" + r.Host
	}
	say := b.speech
	by := ""
	if due != "" {
		by = say.t("ky.remind.due", isoDay(due))
	}
	p.Text = say.t("ky.remind.text", strings.Join(p.Bodies, "; "), b.Made.Local().Format("02/01/2006"), b.Reported, b.Total(), b.Name(b.Period), by, base+"/nop")
	return &p, *say.missing
}

// remindPost keeps that bodies were reminded, by whom and when.
func (s *server) remindPost(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	period := r.PathValue("period")
	err := checkPeriod(period)
	if err == nil {
		err = r.ParseForm()
	}
	bodies := some(r.PostForm["body"])
	if err != nil || len(bodies) == 0 {
		s.fail(w, r, &extract.Refusal{Code: "invalid", Err: err})
		return
	}
	who, now := personOf(r), time.Now().UTC()
	name := who.Display
	if name == "" {
		name = who.Name
	}
	err = changeRecord(r.Context(), s.Records, remindersKey, func(list *[]reminder) error {
		for _, body := range bodies {
			*list = append(*list, reminder{Period: period, Body: body, By: name, At: now})
		}
		if n := len(*list) - remindersMost; n > 0 {
			*list = slices.Delete(*list, 0, n)
		}
		return nil
	})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	http.Redirect(w, r, "/ky/"+url.PathEscape(period)+"#nop", http.StatusSeeOther)
}
