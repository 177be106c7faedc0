package access

import "slices"

// Role is what somebody does here.
type Role string

const (
	Uploader      Role = "uploader"      // sends and corrects its own body's reports
	Analyst       Role = "analyst"       // reads and queries
	Leader        Role = "leader"        // reads the summaries
	Approver      Role = "approver"      // approves and publishes
	Administrator Role = "administrator" // accounts, bodies, audit
)

// Roles in the order in which pages list them.
var Roles = []Role{Uploader, Analyst, Leader, Approver, Administrator}

// Action is what a route does; the table of routes names one for each.
type Action string

const (
	Open     Action = "open"     // pages that anybody may see: sign-in, health, assets
	Own      Action = "own"      // one's own password, sessions and tokens; never with a token
	Read     Action = "read"     // figures, reports, search
	Original Action = "original" // the uploaded file itself
	Export   Action = "export"   // figures as files
	Query    Action = "query"    // SQL of one's own
	Upload   Action = "upload"   // send a report
	Correct  Action = "correct"  // set body and period, confirm, correct and reject facts, withdraw, replace
	Approve  Action = "approve"  // approve, publish, send back
	Manage   Action = "manage"   // accounts, tokens of others, bodies, obligations
	Audit    Action = "audit"    // the audit log
)

// Rights is the one table of what a role may do. What it does not name is denied.
var Rights = map[Role][]Action{
	Uploader:      {Read, Original, Export, Upload, Correct},
	Analyst:       {Read, Original, Export, Query},
	Leader:        {Read, Original, Export},
	Approver:      {Read, Original, Export, Correct, Approve},
	Administrator: {Read, Original, Export, Manage, Audit},
}

// May tells whether the person may do it to the body. An empty body stands for what belongs to no
// body in particular (a list, a search): any grant with the right serves, and the list shows only
// the bodies of Bodies.
func (d *Desk) May(p Person, a Action, body string) bool {
	if a == Open {
		return true
	}
	if a == Own {
		return p.Name != "" && p.Via == "session"
	}
	if p.Scopes != nil && !slices.Contains(p.Scopes, a) {
		return false
	}
	for _, g := range p.Grants {
		if slices.Contains(Rights[g.Role], a) && (body == "" || d.covers(g.Body, body)) {
			return true
		}
	}
	return false
}

// Bodies lists the bodies to which the person may do it; all is true where there is no bound.
func (d *Desk) Bodies(p Person, a Action) (bodies []string, all bool) {
	for _, g := range p.Grants {
		if slices.Contains(Rights[g.Role], a) {
			if g.Body == "*" {
				return nil, true
			}
			bodies = append(bodies, g.Body)
		}
	}
	return bodies, false
}

func (d *Desk) covers(granted, body string) bool {
	return granted == "*" || granted == body || d.Under != nil && d.Under(body, granted)
}
