package web

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"soket/analytics/web/access"
	"soket/extract"
	"soket/extract/vietnamese"
)

// remark is what somebody said of an indicator's figure in a period: why it moved, what it leaves out.
type remark struct {
	ID     string    `json:"id"`
	Code   string    `json:"-"`
	Body   string    `json:"body,omitempty"` // empty: of all bodies
	Period string    `json:"period"`
	Text   string    `json:"text"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
}

const (
	noteRunes  = 500 // of one note: a paragraph; longer belongs into a report
	notesOfOne = 500 // notes of one indicator; beyond it nobody reads them
)

// notes gives the notes on the indicators of a view, by period.
func (s *server) notes(ctx context.Context, v view) ([]remark, error) {
	var all []remark
	for _, code := range v.Codes {
		list, _, err := readRecord[[]remark](ctx, s.Records, "note."+code)
		if err != nil {
			return nil, err
		}
		for _, n := range list {
			n.Code = code
			all = append(all, n)
		}
	}
	slices.SortStableFunc(all, func(a, b remark) int { return strings.Compare(a.Period, b.Period) })
	return all, nil
}

// notePost adds a note or takes one away.
func (s *server) notePost(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	names, err := s.names(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	code := r.PathValue("code")
	if _, ok := names[code]; !ok {
		s.nothing(w, r)
		return
	}
	p := personOf(r)
	n := remark{ID: rand.Text(), Body: strings.TrimSpace(r.FormValue("body")), Period: r.FormValue("period"), Text: strings.TrimSpace(r.FormValue("text")), By: p.Display, At: time.Now().UTC()}
	may := func(body string) bool {
		if body == "" {
			body = "*" // a note on all bodies asks for the right over all
		}
		return s.Demo || s.Desk.May(p, access.Correct, body)
	}
	gone := r.FormValue("delete")
	if _, bad := vietnamese.ParsePeriod(n.Period); gone == "" && (bad != nil || n.Text == "" || len([]rune(n.Text)) > noteRunes) {
		s.fail(w, r, &extract.Refusal{Code: "invalid"})
		return
	}
	err = changeRecord(r.Context(), s.Records, "note."+code, func(list *[]remark) error {
		if gone == "" {
			if !may(n.Body) {
				return &extract.Refusal{Code: "forbidden"}
			}
			if len(*list) >= notesOfOne {
				return &extract.Refusal{Code: "invalid"}
			}
			*list = append(*list, n)
			return nil
		}
		for _, x := range *list {
			if x.ID == gone && !may(x.Body) {
				return &extract.Refusal{Code: "forbidden"}
			}
		}
		*list = slices.DeleteFunc(*list, func(x remark) bool { return x.ID == gone })
		return nil
	})
	if err != nil {
		s.fail(w, r, err)
		return
	}
	back := r.FormValue("back")
	if _, err := url.ParseRequestURI(back); err != nil || !strings.HasPrefix(back, "/chi-tieu/") {
		back = "/chi-tieu/" + url.PathEscape(code)
	}
	http.Redirect(w, r, here(back)+"#ghi-chu", http.StatusSeeOther)
}

// remark adds what people noted on the period's figures until its moment.
func (s *server) remark(ctx context.Context, b *brief) error {
	if s.Records == nil {
		return nil
	}
	var v view
	names := map[string]string{}
	for _, a := range b.Areas {
		for _, l := range a.Lines {
			v.Codes = append(v.Codes, l.Code)
			names[l.Code] = l.Name
		}
	}
	list, err := s.notes(ctx, v)
	if err != nil {
		return err
	}
	for _, n := range list {
		if n.Period != string(b.Period) || b.Body != "" && n.Body != "" && n.Body != b.Body || b.Fixed && n.At.After(b.At) {
			continue
		}
		of := ""
		if n.Body != "" && b.Body == "" {
			of = " (" + n.Body + ")"
		}
		who := n.At.Local().Format("02/01/2006")
		if n.By != "" {
			who = n.By + ", " + who
		}
		b.Remarks = append(b.Remarks, sentence{"remark", fill(b.speech.t("ky.say.remark"), map[string]run{"name": {Text: names[n.Code], Href: "/chi-tieu/" + url.PathEscape(n.Code)},
			"body": {Text: of}, "text": {Text: n.Text}, "who": {Text: who}})})
	}
	return nil
}
