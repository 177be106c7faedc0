package ingest

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"soket/extract"
)

// entry is a filing with what the protocol needs to know of it.
type entry struct {
	extract.Filing
	first   uint64 // rev at acceptance
	settled uint64 // the rev that was settled last; the filing is finished when it equals Rev
	last    uint64 // sequence of the last event on its subject, for compare-and-set; filled in when it is handed out
	key     string
	facts   int
	tries   int  // begun at this rev, also those that do not count as attempts
	spared  bool // the last try read the file to its end, and does not count
	unread  bool // its key is not there, so neither are its names
}

// gone tells that the filing is deleted, or about to be.
func gone(s extract.State) bool { return s == extract.Deleting || s == extract.Deleted }

func (e *entry) finished() bool { return e.settled == e.Rev }

// index is the ledger replayed into memory: a pure function of the events in their order, so that
// every process sees the same. An event that its state does not allow has no effect (it is void):
// two people who decide at once are both recorded, and the first one holds.
type index struct {
	mu      sync.RWMutex
	epoch   uint64
	gaps    uint64 // sequences that were passed over or cannot be read: the ledger is never trimmed, so they are losses
	applied uint64 // sequence of the last event applied
	byID    map[string]*entry
	bySHA   map[string]*entry
	byKey   map[string]*entry // sender + idempotency key
	tails   map[string]uint64 // sequence of the last event of a SHA-256, which several filings have when all but one are deleted
	ids     []string          // ascending; UUIDv7, so by time of upload
	void    map[uint64]bool
	expect  map[string]uint64 // nonces of our own events under way, and where they were applied
	moved   chan struct{}     // closed and replaced with every event
	changed func([]entry)     // called after an event, without the lock
}

func newIndex() *index {
	return &index{byID: map[string]*entry{}, bySHA: map[string]*entry{}, byKey: map[string]*entry{}, tails: map[string]uint64{},
		void: map[uint64]bool{}, expect: map[string]uint64{}, moved: make(chan struct{})}
}

// apply takes the event at seq into the index. Events before seq that were applied already are
// passed over, so a consumer may begin anew anywhere.
func (x *index) apply(seq uint64, ev *event) {
	x.mu.Lock()
	if seq <= x.applied {
		x.mu.Unlock()
		return
	}
	x.gaps += seq - x.applied - 1
	touched := x.change(seq, ev)
	if touched == nil {
		x.void[seq] = true
		delete(x.void, seq-4096) // old enough that nobody waits for it
	}
	x.applied = seq
	if _, ours := x.expect[ev.Nonce]; ours {
		x.expect[ev.Nonce] = seq
	}
	var copies []entry
	for _, e := range touched {
		copies = append(copies, x.copied(e))
	}
	close(x.moved)
	x.moved = make(chan struct{})
	x.mu.Unlock()
	if x.changed != nil && len(copies) > 0 {
		x.changed(copies)
	}
}

// change carries out an event and gives the filings it touched; none when it is void.
func (x *index) change(seq uint64, ev *event) []*entry {
	if ev.What == eventEpoch {
		if ev.Epoch <= x.epoch {
			return nil
		}
		x.epoch = ev.Epoch
		var all []*entry
		for _, e := range x.byID { // each is to be committed again, above the revs of the lost time
			e.Rev = revOf(x.epoch, seqOf(e.Rev))
			all = append(all, e)
		}
		return all
	}
	if ev.What == eventLost {
		x.gaps++
		return nil
	}
	rev := revOf(x.epoch, seq)
	if ev.What == eventAccepted {
		if ev.Filing == nil || x.bySHA[ev.Filing.SHA256] != nil || x.byID[ev.ID] != nil {
			return nil
		}
		e := &entry{Filing: *ev.Filing, first: rev, key: ev.Key, unread: ev.Sealed != nil}
		e.Rev, e.State, e.ChangedAt = rev, extract.Accepted, ev.At
		x.byID[e.ID], x.bySHA[e.SHA256], x.tails[e.SHA256] = e, e, seq
		if e.key != "" {
			x.byKey[e.ReceivedBy+"\x00"+e.key] = e
		}
		at, _ := slices.BinarySearch(x.ids, e.ID)
		x.ids = slices.Insert(x.ids, at, e.ID)
		return []*entry{e}
	}
	e := x.byID[ev.ID]
	if e == nil {
		return nil
	}
	x.tails[e.SHA256] = seq
	e.unread = e.unread || ev.Sealed != nil && !gone(e.State)
	switch ev.What {
	case eventTry:
		if ev.Rev != e.Rev || e.finished() {
			return nil
		}
		e.Attempts, e.tries, e.spared = e.Attempts+1, e.tries+1, false
		if e.State == extract.Accepted {
			e.State = extract.Reading
		}
	case eventRead:
		if ev.Rev != e.Rev || e.finished() || e.spared {
			return nil
		}
		e.Attempts, e.spared = max(0, e.Attempts-1), true
	case eventRelease:
		if ev.Rev != e.Rev || e.finished() {
			return nil
		}
		e.tries = max(0, e.tries-1)
		if !e.spared {
			e.Attempts = max(0, e.Attempts-1)
		}
		e.spared = false
		if e.State == extract.Reading {
			e.State = extract.Accepted
		}
	case eventSettled:
		if ev.Rev != e.Rev || e.finished() {
			return nil
		}
		e.settled, e.State, e.facts, e.ChangedAt = e.Rev, ev.State, ev.Facts, ev.At
		if ev.State == extract.Failed {
			e.Reason, e.Detail = ev.Reason, ev.Detail
			if ev.Clear {
				e.Rev = rev
			}
			return []*entry{e}
		}
		if e.State == extract.Deleted {
			x.blot(e)
			return []*entry{e}
		}
		e.ReadBody, e.ReadPeriod = ev.ReadBody, ev.ReadPeriod
		if t := x.byID[e.Replaces]; t != nil && e.State == extract.Visible && t.State != extract.Replaced && t.State != extract.Withdrawn && !gone(t.State) {
			// The old report goes out of the figures only now that the new one is in them: a new
			// one that cannot be read leaves no gap.
			t.State, t.ReplacedBy, t.Rev, t.Attempts, t.tries, t.ChangedAt = extract.Replaced, e.ID, rev, 0, 0, ev.At
			t.Reason, t.Detail = "", ""
			return []*entry{e, t}
		}
	default:
		t := x.byID[ev.Target]
		if !allowed(ev.What, e, t) {
			return nil
		}
		return x.decide(rev, ev, e, t)
	}
	return []*entry{e}
}

// blot takes a deleted filing's names and words out of memory; its bytes may be handed in anew.
func (x *index) blot(e *entry) {
	if x.bySHA[e.SHA256] == e {
		delete(x.bySHA, e.SHA256)
	}
	for key, held := range x.byKey {
		if held == e {
			delete(x.byKey, key)
		}
	}
	e.Filing = extract.Filing{ID: e.ID, Rev: e.Rev, SHA256: e.SHA256, State: e.State, ReceivedAt: e.ReceivedAt, ChangedAt: e.ChangedAt}
	e.key, e.facts, e.unread = "", 0, false
}

// allowed tells whether a decision fits the state of the filing and, for a replacement, its target.
func allowed(what string, e, target *entry) bool {
	if gone(e.State) || target != nil && gone(target.State) {
		return false
	}
	out := e.State == extract.Withdrawn || e.State == extract.Replaced
	switch what {
	case eventSet, eventRetry:
		return !out
	case eventJudge:
		return !out && e.Stage.Value != extract.Published // what is published is amended by a new report
	case eventSubmit:
		return e.State == extract.Visible && (e.Stage.Value == "" || e.Stage.Value == extract.Returned)
	case eventApprove:
		return e.State == extract.Visible && e.Stage.Value == extract.Submitted
	case eventPublish:
		return e.State == extract.Visible && e.Stage.Value == extract.Approved
	case eventReturn:
		return !out && (e.Stage.Value == extract.Submitted || e.Stage.Value == extract.Approved)
	case eventWithdraw:
		return !out
	case eventDelete:
		return true
	case eventRestore:
		return out
	case eventReplace:
		return !out && target != nil && target != e && target.Replaces != e.ID &&
			target.State != extract.Replaced && target.State != extract.Withdrawn
	}
	return false
}

func (x *index) decide(rev uint64, ev *event, e, target *entry) []*entry {
	touched := []*entry{e}
	switch ev.What {
	case eventSet:
		if ev.Body != nil {
			e.Body = setting(*ev.Body, ev)
		}
		if ev.Period != nil {
			e.Period = setting(*ev.Period, ev)
		}
	case eventJudge:
		e.Judgements = judged(e.Judgements, ev)
		if e.Stage.Value == extract.Approved { // what was approved was something else
			e.step(extract.Stage{Value: extract.Submitted, By: ev.By, At: ev.At})
		}
	case eventSubmit, eventApprove, eventPublish, eventReturn:
		e.step(extract.Stage{Value: ev.What, By: ev.By, At: ev.At, Reason: ev.Reason})
	case eventRestore:
		if by := x.byID[e.ReplacedBy]; by != nil && by.Replaces == e.ID {
			by.Replaces, by.Amends = "", extract.Setting{} // else it would be replaced again as soon as the other is read again
		}
		e.ReplacedBy = ""
	case eventReplace:
		e.Replaces, e.Amends = target.ID, setting(ev.Reason, ev)
	}
	e.Rev, e.Attempts, e.tries, e.ChangedAt, e.Reason, e.Detail = rev, 0, 0, ev.At, "", ""
	e.State = extract.Accepted
	if ev.What == eventWithdraw {
		e.State, e.Reason = extract.Withdrawn, ev.Reason
	}
	if ev.What == eventDelete {
		e.State = extract.Deleting
	}
	return touched
}

// step takes the filing to a stage. The list of stages is a new one: copies of the entry share the old.
func (e *entry) step(s extract.Stage) {
	e.Stage, e.Steps = s, append(slices.Clip(e.Steps), s)
}

// judged gives what people said with what one says now: the newest of each figure. It is a new list,
// for copies of the entry share the old one.
func judged(before []extract.Judgement, ev *event) []extract.Judgement {
	said := map[string]bool{}
	for _, j := range ev.Judgements {
		said[j.Key] = true
	}
	var list []extract.Judgement
	for _, j := range before {
		if !said[j.Key] {
			list = append(list, j)
		}
	}
	for _, j := range ev.Judgements {
		if j.Verdict != extract.Unjudged {
			j.By, j.At = ev.By, ev.At
			list = append(list, j)
		}
	}
	return list
}

// setting is the value a person set; an empty one goes back to what the document says.
func setting(value string, ev *event) extract.Setting {
	if value == "" {
		return extract.Setting{}
	}
	return extract.Setting{Value: value, By: ev.By, At: ev.At}
}

// copied gives an entry with the place for its next event.
func (x *index) copied(e *entry) entry {
	c := *e
	c.last = x.tails[e.SHA256]
	return c
}

// tail is the sequence of the last event of these bytes, 0 when they were never accepted, and whether
// a filing holds them.
func (x *index) tail(sha string) (last uint64, held bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.tails[sha], x.bySHA[sha] != nil
}

func (x *index) get(id string) (entry, bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if e := x.byID[id]; e != nil {
		return x.copied(e), true
	}
	return entry{}, false
}

func (x *index) sha(sha string) (entry, bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if e := x.bySHA[sha]; e != nil {
		return x.copied(e), true
	}
	return entry{}, false
}

func (x *index) keyed(by, key string) (entry, bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if e := x.byKey[by+"\x00"+key]; e != nil && key != "" {
		return x.copied(e), true
	}
	return entry{}, false
}

// all gives copies of the filings that keep accepts, oldest first.
func (x *index) all(keep func(*entry) bool) []entry {
	x.mu.RLock()
	defer x.mu.RUnlock()
	var out []entry
	for _, id := range x.ids {
		if e := x.byID[id]; keep(e) {
			out = append(out, x.copied(e))
		}
	}
	return out
}

// wait returns once the event at seq is applied.
func (x *index) wait(ctx context.Context, seq uint64) error {
	for {
		x.mu.RLock()
		done, moved := x.applied >= seq, x.moved
		x.mu.RUnlock()
		if done {
			return nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// announce tells that an event with this nonce is under way; landed tells where it was applied.
func (x *index) announce(nonce string) {
	x.mu.Lock()
	x.expect[nonce] = 0
	x.mu.Unlock()
}

func (x *index) landed(nonce string) uint64 {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.expect[nonce]
}

func (x *index) forget(nonce string) {
	x.mu.Lock()
	delete(x.expect, nonce)
	x.mu.Unlock()
}

func (x *index) voided(seq uint64) bool {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.void[seq]
}

// newestFirst orders filings for the list.
func newestFirst(a, b extract.Filing) int { return cmp.Compare(b.ID, a.ID) }

// reached gives the sequence of the last event applied.
func (x *index) reached() uint64 {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.applied
}
