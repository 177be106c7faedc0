package indicator

import (
	"encoding/csv"
	"os"
	"testing"
)

// labelRow is one label as a table prints it, under its section, with its unit and the indicator it
// names; none where code is empty.
type labelRow struct{ section, label, unit, code string }

func labelRows(t *testing.T) (rows []labelRow) {
	t.Helper()
	f, err := os.Open("testdata/labels.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.LazyQuotes = '\t', true
	lines, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range lines[1:] {
		rows = append(rows, labelRow{l[0], l[1], l[2], l[3]})
	}
	return rows
}

// TestLabels holds how many labels of tables are understood, each in a table of its own: with a unit
// column, and without one.
func TestLabels(t *testing.T) {
	rows := labelRows(t)
	for _, c := range []struct {
		name  string
		unit  bool
		floor float64 // share understood; what is measured is a little above
	}{{"with units", true, 0.97}, {"without units", false, 0.93}} {
		right, all := 0, 0
		for _, row := range rows {
			unit := row.unit
			kind := readUnit(unit).kind
			if !c.unit {
				if kind != countUnit {
					continue // without its unit nobody knows what such a figure is
				}
				unit = ""
			}
			got := ""
			facts, _ := TableFacts(table(
				[]string{"TT", "Nội dung", "ĐVT", "Thực hiện 6 tháng đầu năm 2021"},
				[]string{"I", row.section},
				[]string{"1", row.label, unit, "12"}), TableContext{Period: "2021-H1"})
			if len(facts) == 1 {
				got = facts[0].Code
			}
			all++
			if got == row.code {
				right++
			} else {
				t.Logf("%s: %s | %s (%s): %q, want %q", c.name, row.section, row.label, row.unit, got, row.code)
			}
		}
		t.Logf("%s: %d of %d labels understood", c.name, right, all)
		if float64(right) < c.floor*float64(all) {
			t.Errorf("%s: %d of %d labels understood, the floor is %.2f", c.name, right, all, c.floor)
		}
	}
}
