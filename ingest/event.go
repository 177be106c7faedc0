package ingest

import (
	"time"

	"soket/extract"
)

// What a ledger event says. Those of people carry the name of extract.Decision.What.
const (
	eventAccepted = "accepted" // the acceptance point
	eventSet      = "set"
	eventWithdraw = "withdraw"
	eventRestore  = "restore"
	eventReplace  = "replace"
	eventRetry    = "retry"
	eventDelete   = "delete" // an administrator: the report goes with all its copies; settled as deleted once it has
	eventJudge    = "judge"
	eventSubmit   = extract.Submitted
	eventApprove  = extract.Approved
	eventPublish  = extract.Published
	eventReturn   = extract.Returned
	eventTry      = "try"     // a worker began; counts as an attempt, also when the worker dies
	eventRead     = "read"    // the file of a report that cost workers before was read to its end; should this one die too, the attempt does not count
	eventRelease  = "release" // the worker gave up for a cause outside the file; the attempt does not count
	eventSettled  = "settled" // done, or failed with a reason
	eventEpoch    = "epoch"   // raised by a restore: all revs rise above those of the lost time
	eventLost     = "lost"    // never written: stands for one that cannot be read
)

// event is one message of the ledger. The stream's sequence is its place in history.
type event struct {
	What  string    `json:"what"`
	ID    string    `json:"id,omitempty"`
	At    time.Time `json:"at"`
	By    string    `json:"by,omitempty"`
	Nonce string    `json:"nonce"` // tells the writer whose event stands there, when the answer was lost

	// Sealed holds By, Key, Reason, Body, Period, Judgements, Detail, ReadBody, ReadPeriod and all of Filing
	// but its skeleton, under the filing's own key (seal.go).
	Sealed []byte `json:"sealed,omitempty"`

	Filing *extract.Filing `json:"filing,omitempty"` // accepted
	Key    string          `json:"key,omitempty"`    // accepted: the sender's idempotency key

	Reason     string              `json:"reason,omitempty"` // decisions: why; failed: code of the verdict
	Body       *string             `json:"body,omitempty"`
	Period     *string             `json:"period,omitempty"`
	Target     string              `json:"target,omitempty"`
	Judgements []extract.Judgement `json:"judgements,omitempty"`

	Rev     uint64        `json:"rev,omitempty"`     // try, read, release, settled: the rev they speak of
	Attempt string        `json:"attempt,omitempty"` // UUID
	State   extract.State `json:"state,omitempty"`   // settled
	Detail  string        `json:"detail,omitempty"`
	// Clear, of settled with failed: figures of the filing may be visible from before. The failure
	// takes a rev of its own and is finished when an empty report is committed at it, so that no late
	// commit of the rev that failed can bring figures back.
	Clear      bool   `json:"clear,omitempty"`
	ReadBody   string `json:"read_body,omitempty"` // settled: as the document says
	ReadPeriod string `json:"read_period,omitempty"`
	Facts      int    `json:"facts,omitempty"`

	Epoch uint64 `json:"epoch,omitempty"` // epoch
}

// seqBits is how many low bits of a rev hold the ledger's sequence: 2^48 events last for ever at
// any rate a disk can take, and leave 65,536 restores.
const seqBits = 48

func revOf(epoch, seq uint64) uint64 { return epoch<<seqBits | seq }
func seqOf(rev uint64) uint64        { return rev & (1<<seqBits - 1) }
