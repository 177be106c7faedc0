package indicator

import "testing"

// TestRehearse holds that the rehearsal goes through prose and tables.
func TestRehearse(t *testing.T) {
	_, facts, _, err := Extract(rehearsal(), Options{})
	rules := map[string]int{}
	for _, f := range facts {
		rules[f.Method]++
	}
	if err != nil || rules["text"] < 4 || rules["table"] < 4 {
		t.Errorf("%v, facts %v", err, rules)
	}
}
