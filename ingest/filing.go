package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"soket/extract"
)

// Query chooses filings. Empty fields do not restrict.
type Query struct {
	State  extract.State
	Body   string // as set by a person, else as read; without regard to case and marks
	Period string // canonical, as set, else as read
	Text   string // words that the file's name, body or id must contain, without regard to case and marks
	By     string // who sent it
	Limit  int    // 1 to 1000; 0: 100
	Cursor string // Page.Next of the page before
}

const (
	defaultPage = 100
	// maxPage is the longest page of filings: some 500 kB of JSON.
	maxPage = 1000
)

// Page is a part of the list, newest first. Next is empty on the last page.
type Page struct {
	Filings []extract.Filing `json:"reports"`
	Next    string           `json:"next,omitempty"`
}

// Filing gives the filing with this id; refused files are found too.
func (b *Inbox) Filing(id string) (extract.Filing, bool) {
	if e, ok := b.index.get(id); ok {
		return e.Filing, true
	}
	for _, f := range b.refusals.recent(time.Now()) {
		if f.ID == id {
			return f, true
		}
	}
	return extract.Filing{}, false
}

// Filings lists filings and refused files, newest first.
func (b *Inbox) Filings(q Query) (Page, error) {
	if q.Limit == 0 {
		q.Limit = defaultPage
	}
	if q.Limit < 1 || q.Limit > maxPage {
		return Page{}, &extract.Refusal{Code: "invalid", Detail: fmt.Sprintf("limit %d, must be 1 to %d", q.Limit, maxPage)}
	}
	body, words := fold(q.Body), strings.Fields(fold(q.Text))
	match := func(f *extract.Filing) bool {
		if q.Cursor != "" && f.ID >= q.Cursor ||
			q.State != "" && f.State != q.State || q.By != "" && f.ReceivedBy != q.By ||
			q.Period != "" && PeriodOf(*f) != q.Period || body != "" && fold(BodyOf(*f)) != body {
			return false
		}
		if len(words) == 0 {
			return true
		}
		text := fold(f.File + " " + BodyOf(*f) + " " + f.ID)
		for _, w := range words {
			if !strings.Contains(text, w) {
				return false
			}
		}
		return true
	}
	var found []extract.Filing
	for _, f := range b.refusals.recent(time.Now()) {
		if match(&f) {
			found = append(found, f)
		}
	}
	for _, e := range b.index.all(func(e *entry) bool { return e.State != extract.Deleted && match(&e.Filing) }) {
		found = append(found, e.Filing)
	}
	slices.SortFunc(found, newestFirst)
	p := Page{Filings: found}
	if len(found) > q.Limit {
		p.Filings = found[:q.Limit]
		p.Next = p.Filings[q.Limit-1].ID
	}
	return p, nil
}

// Counts gives the number of filings in each state.
func (b *Inbox) Counts() map[extract.State]int {
	n := map[extract.State]int{}
	b.index.mu.RLock()
	defer b.index.mu.RUnlock()
	for _, e := range b.index.byID {
		if e.State != extract.Deleted {
			n[e.State]++
		}
	}
	return n
}

// BodyOf is the issuing body that counts: as set by a person, else as read.
func BodyOf(f extract.Filing) string {
	if f.Body.Value != "" {
		return f.Body.Value
	}
	return f.ReadBody
}

// PeriodOf is the period that counts: as set by a person, else as read.
func PeriodOf(f extract.Filing) string {
	if f.Period.Value != "" {
		return f.Period.Value
	}
	return f.ReadPeriod
}

// fold takes case and Vietnamese marks from a text, so that people find without typing them.
func fold(s string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r == 'đ' || r == 'Đ':
			return 'd'
		}
		return r
	}, norm.NFD.String(s)))
}

// Original gives the file as received, verified against its SHA-256 before the first byte is handed
// out. The caller closes it.
func (b *Inbox) Original(ctx context.Context, id string) (io.ReadSeekCloser, extract.Filing, error) {
	e, ok := b.index.get(id)
	if !ok {
		return nil, extract.Filing{}, &extract.Refusal{Code: "not_found", Detail: id}
	}
	if gone(e.State) {
		return nil, e.Filing, &extract.Refusal{Code: "deleted", Detail: id}
	}
	f, err := private(b.opts.Dir)
	if err == nil {
		if err = b.fetchTo(ctx, e.Filing, f); err == nil {
			_, err = f.Seek(0, io.SeekStart)
		}
		if err != nil {
			f.Close()
		}
	}
	if err != nil {
		return nil, e.Filing, &extract.Refusal{Code: "unavailable", RetryAfter: retryDown, Err: err}
	}
	return f, e.Filing, nil
}

// private makes a file that has no name any more: whatever ends this process leaves nothing of it.
func private(dir string) (*os.File, error) {
	f, err := os.CreateTemp(dir, "private-*")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(f.Name()); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// maxJudgements is the most that one decision says: a page of figures, some 100 kB of the ledger.
const maxJudgements = 200

// Decide writes what a person decided into the ledger and starts its way to the figures. It is a
// Refusal "conflict" when the filing's state does not allow it (any more), "not_found" without such
// a filing, "invalid" for an unknown kind of decision.
func (b *Inbox) Decide(ctx context.Context, d extract.Decision) (extract.Filing, error) {
	switch d.What {
	case eventSet, eventWithdraw, eventRestore, eventReplace, eventRetry, eventSubmit, eventApprove, eventPublish:
	case eventReturn, eventDelete:
		if d.Reason == "" {
			return extract.Filing{}, &extract.Refusal{Code: "invalid", Detail: "reason"}
		}
	case eventJudge:
		if n := len(d.Judgements); n == 0 || n > maxJudgements {
			return extract.Filing{}, &extract.Refusal{Code: "invalid", Detail: fmt.Sprintf("judgements: 1–%d", maxJudgements)}
		}
		for _, j := range d.Judgements {
			if err := j.Check(); err != nil {
				return extract.Filing{}, err
			}
		}
	default:
		return extract.Filing{}, &extract.Refusal{Code: "invalid", Detail: "what: " + d.What}
	}
	if d.At.IsZero() {
		d.At = time.Now().UTC()
	}
	ctx, cancel := context.WithTimeout(ctx, ledgerDeadline)
	defer cancel()
	for {
		e, ok := b.index.get(d.ID)
		if !ok {
			return extract.Filing{}, &extract.Refusal{Code: "not_found", Detail: d.ID}
		}
		var target *entry
		if d.What == eventReplace {
			t, ok := b.index.get(d.Target)
			if !ok {
				return e.Filing, &extract.Refusal{Code: "not_found", Detail: d.Target}
			}
			target = &t
		}
		if !allowed(d.What, &e, target) || (target != nil && target.ID == e.ID) {
			return e.Filing, &extract.Refusal{Code: "conflict", Detail: string(e.State)}
		}
		ev := &event{What: d.What, ID: d.ID, At: d.At, By: d.By, Reason: d.Reason, Body: d.Body, Period: d.Period, Target: d.Target, Judgements: d.Judgements}
		var seq uint64
		err := b.fault.step("decide ledger", func() (err error) {
			seq, err = b.append(ctx, e.SHA256, ev, e.last)
			return err
		})
		if errors.Is(err, errStale) { // often only the worker's own event: look again
			continue
		}
		if err != nil {
			return e.Filing, b.refusal(err)
		}
		if err := b.index.wait(ctx, seq); err != nil {
			return e.Filing, b.refusal(err)
		}
		now, _ := b.index.get(d.ID)
		if b.index.voided(seq) {
			return now.Filing, &extract.Refusal{Code: "conflict", Detail: string(now.State)}
		}
		b.hintLogged(ctx, now)
		return now.Filing, nil
	}
}

// hintLogged publishes the job of a filing; the reconciler does it again if this fails.
func (b *Inbox) hintLogged(ctx context.Context, e entry) {
	if err := b.hint(ctx, e.ID, e.Rev); err != nil {
		b.log.Warn("job hint not sent; the reconciler will", "report", e.ID, "err", err)
	}
}
