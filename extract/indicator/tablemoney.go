package indicator

import (
	"strings"

	"soket/extract/pattern"
)

var (
	disbursedHead = pattern.New(`\bgiai ngan\b|\bda chi\b|\bthuc chi\b|\bda thuc hien chi\b`)
	assignedHead  = pattern.New(`\b(?:du toan|kinh phi|von|so)\b.*\b(?:giao|cap|phan bo|duyet)\b|^du toan\b|\bke hoach von\b|\bvon ke hoach\b`)
)

// moneyCode is what a row of money is under a head of its own: the budget that was assigned, what of it was
// disbursed, and what share. Beside a column of what was done the budget is its plan; beside one of what was
// disbursed it is what was assigned.
func moneyCode(code, head string, kind Kind, disbursing bool) (string, Kind) {
	f := measureText(head)
	switch {
	case kindOfCode(code) != moneyUnit || !strings.HasPrefix(code, "finance.") && !strings.HasPrefix(code, "task."):
	case disbursedHead.MatchString(f):
		switch {
		case code == "finance.disbursed_vnd", headChange.MatchString(f), againstPast.MatchString(f) && kind == Comparison:
		case code != "finance.st_budget_vnd":
			return "", kind
		case strings.Contains(f, "%") || strings.Contains(f, "ty le"):
			return "finance.disbursed_percent", Result
		default:
			return "finance.disbursed_vnd", kind
		}
	case kind == Plan && assignedHead.MatchString(f) && (code == "finance.st_budget_vnd" && (disbursing || strings.Contains(f, "giao")) || code == "finance.investment_vnd" && disbursing):
		return code, Result
	}
	return code, kind
}

// bareShare is a head that says only that it holds a share.
var bareShare = pattern.New(`^(?:ty le|ti le|dat|dat ty le)?\s*\(?%?\)?$`)

// moneyHead is what stands over a column; a mere "Tỷ lệ (%)" right behind what a budget disbursed is its share.
func (r *tableReader) moneyHead(code string, col *tableColumn, x int) string {
	head := col.heads()
	if before := r.headBefore(x); code == "finance.st_budget_vnd" && bareShare.MatchString(measureText(head)) && disbursedHead.MatchString(measureText(before)) && !headShare.MatchString(measureText(before)) {
		return "ty le " + before
	}
	return head
}

// assignedKind makes a result of a budget that a column says was assigned.
func assignedKind(code, head string, kind Kind) Kind {
	if kind == Plan && (code == "finance.st_budget_vnd" || code == "finance.investment_vnd") && assignedHead.MatchString(measureText(head)) {
		return Result
	}
	return kind
}
