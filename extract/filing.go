package extract

import "time"

// State is where a filing stands on its way from upload to visible figures.
type State string

const (
	Accepted  State = "accepted"  // in the ledger, not yet read: nothing may be lost from here on
	Reading   State = "reading"   // a worker holds it
	Waiting   State = "waiting"   // read and stored, but its body or period is unknown: a person must say
	Visible   State = "visible"   // committed: its figures count
	Failed    State = "failed"    // could not be read; Reason says why
	Withdrawn State = "withdrawn" // taken back by a person, out of all figures, still in history
	Refused   State = "refused"   // not taken in at all; Reason says why. Only in lists: no ledger entry, no file
	Replaced  State = "replaced"  // another filing took its place, out of all figures, still in history
	Deleting  State = "deleting"  // an administrator deletes it: out of all figures as soon as a worker comes to it
	Deleted   State = "deleted"   // gone with its file, figures, names and words; only its id and times are left
)

// Filing is a report as handed in: what the ledger says of it. The ledger and the stored file are
// the truth; everything else can be rebuilt from them.
type Filing struct {
	ID         string      `json:"id"`     // UUIDv7, given at upload; also the name of the stored object
	Rev        uint64      `json:"rev"`    // epoch<<48 | ledger sequence of the last event that changed it
	File       string      `json:"file"`   // name as uploaded; data, never a path
	Size       int64       `json:"size"`   // bytes
	SHA256     string      `json:"sha256"` // hex
	Format     string      `json:"format"`
	ReceivedAt time.Time   `json:"received_at"`
	ReceivedBy string      `json:"received_by"`
	Body       Setting     `json:"body"`                  // issuing body as set by a person; empty: as read from the document
	Period     Setting     `json:"period"`                // as set by a person; empty: as read from the document
	ReadBody   string      `json:"read_body,omitempty"`   // issuing body as read from the document, once read
	ReadPeriod string      `json:"read_period,omitempty"` // period as read from the document, once read
	Replaces   string      `json:"replaces,omitempty"`    // the filing whose place it takes
	ReplacedBy string      `json:"replaced_by,omitempty"` // the filing that took its place
	Amends     Setting     `json:"amends,omitzero"`       // why it takes the place of Replaces, as a person said
	State      State       `json:"state"`
	Stage      Stage       `json:"stage,omitzero"`       // how far people have taken it
	Steps      []Stage     `json:"steps,omitempty"`      // the stages it went through, the newest last
	Judgements []Judgement `json:"judgements,omitempty"` // what people said of its figures, the newest of each
	Reason     string      `json:"reason,omitempty"`     // code of the failure, or the person's reason to withdraw
	Detail     string      `json:"detail,omitempty"`
	Attempts   int         `json:"attempts"`
	ChangedAt  time.Time   `json:"changed_at"`
}

// Setting is a value that a person set, with who and when. The zero Setting means that nobody did.
type Setting struct {
	Value string    `json:"value"`
	By    string    `json:"by,omitempty"`
	At    time.Time `json:"at,omitzero"`
}

// Stages of a report in people's hands, after it was read.
const (
	Submitted = "submit"  // its sender says that it is right
	Approved  = "approve" // an approver agrees; its figures go before those of reports not approved
	Published = "publish" // it may be shown to everybody
	Returned  = "return"  // sent back with a reason
)

// Stage is how far people have taken a report, with who, when and why. The zero Stage is a report
// that was read and not yet submitted.
type Stage struct {
	Value  string    `json:"value"`
	By     string    `json:"by,omitempty"`
	At     time.Time `json:"at,omitzero"`
	Reason string    `json:"reason,omitempty"`
}

// Tally counts what one attempt stored, with a checksum over its rows: what was sent is compared
// with what the database reads back before the attempt is committed.
type Tally struct {
	Pages, Tables, Facts, Findings int
	Sum                            uint64 // order-independent checksum over the rows
}

// Progress is one step of a filing on its way, as shown live to the person who sent it.
type Progress struct {
	ID    string `json:"id"`
	State State  `json:"state"`
	Step  string `json:"step,omitempty"` // "fetch", "convert", "read", "ocr", "rules", "load", "commit"; from a reader also Slow
	Page  int    `json:"page,omitempty"`
	Pages int    `json:"pages,omitempty"`
	Facts int    `json:"facts,omitempty"` // how many figures were found, once known
	Code  string `json:"code,omitempty"`  // verdict code, when State is failed
}

// Slow is the step by which a reader says that a file takes long.
const Slow = "slow"

// Decision is what a person decides about a filing. It is a ledger event, and reaches the figures
// by the same path as an upload.
type Decision struct {
	ID         string      `json:"id"`
	What       string      `json:"what"` // "set", "withdraw", "restore", "replace", "retry", "judge", "submit", "approve", "publish", "return", "delete"
	By         string      `json:"by"`
	At         time.Time   `json:"at"`
	Reason     string      `json:"reason,omitempty"`
	Body       *string     `json:"body,omitempty"`       // set: nil leaves it, empty goes back to what the document says
	Period     *string     `json:"period,omitempty"`     // set: likewise, a canonical period
	Target     string      `json:"target,omitempty"`     // replace: the filing whose place ID takes
	Judgements []Judgement `json:"judgements,omitempty"` // judge
}
