package indicator

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"soket/extract/vietnamese"
)

func figureOf(code string, value float64, period vietnamese.Period, kind Kind, basis Basis, method string) Fact {
	return Fact{Code: code, Value: value, Period: period, Kind: kind, Basis: basis, Method: method}
}

// TestCheck holds each check on the least report that breaks it, and on one that does not.
func TestCheck(t *testing.T) {
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	const h1 = "2020-H1"
	result := func(code string, v float64, more ...string) Fact {
		f := figureOf(code, v, h1, Result, "", "text")
		for _, m := range more {
			f.Method = m
		}
		return f
	}
	for name, x := range map[string]struct {
		facts []Fact
		want  string // code of the only finding; empty for none
		exp   string
	}{
		"text and table agree":   {[]Fact{result("task.new", 5)}, "", ""},
		"text against table":     {[]Fact{result("task.new", 5), result("task.new", 6, "table")}, ProseAgainstTable, "5"},
		"rounded in the text":    {[]Fact{result("finance.disbursed_vnd", 27.85e9), result("finance.disbursed_vnd", 27.853e9, "table")}, "", ""},
		"two places":             {[]Fact{result("task.new", 5), result("task.new", 6)}, TwoValues, "5"},
		"parts above total":      {[]Fact{result("ip.applications", 10), result("ip.trademark_applications", 9), result("ip.patent_applications", 2)}, PartsAgainstTotal, "10"},
		"parts below total":      {[]Fact{result("ip.applications", 10), result("ip.trademark_applications", 9)}, "", ""},
		"more failed":            {[]Fact{result("smq.samples_tested", 10), result("smq.samples_failed", 11)}, PartAboveWhole, "10"},
		"stated change":          {[]Fact{result("task.new", 12), figureOf("task.new", 10, "2019-H1", Result, "", "text"), figureOf("task.new", 20, h1, Comparison, SamePeriod, "text")}, "", ""},
		"stated change is wrong": {[]Fact{result("task.new", 12), figureOf("task.new", 10, "2019-H1", Result, "", "text"), figureOf("task.new", 2, h1, Comparison, SamePeriod, "text")}, ChangeAgainstValue, "20"},
		"share of the year's":    {[]Fact{result("task.new", 5), figureOf("task.new", 20, "2020", Plan, "", "text"), figureOf("task.new", 52, h1, Comparison, OfPlan, "text")}, ShareAgainstPlan, "25"},
		"half above the year":    {[]Fact{result("task.new", 5), figureOf("task.new", 4, "2020", Result, "", "text")}, PartAboveYear, "4"},
		"a stock may fall":       {[]Fact{result("radiation.sources", 5), figureOf("radiation.sources", 4, "2020", Result, "", "text")}, "", ""},
		"a hundred times":        {[]Fact{result("smq.samples_tested", 4200), figureOf("smq.samples_tested", 4.2, "2019-H1", Result, "", "text")}, HundredTimes, "4.2"},
	} {
		got := Check(c, x.facts)
		switch {
		case x.want == "" && len(got) > 0:
			t.Errorf("%s: %+v", name, got)
		case x.want != "" && (len(got) != 1 || got[0].Code != x.want || got[0].Expected != x.exp):
			t.Errorf("%s: %+v, want %s with %s", name, got, x.want, x.exp)
		}
	}
}

// TestCheckIsQuiet counts the findings over gold facts, which people found consistent but for what
// the reports themselves say twice.
func TestCheckIsQuiet(t *testing.T) {
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	facts, flagged := 0, map[string]int{}
	for _, dir := range []string{"testdata", "../../../shared/corpus/reports", "../../../shared/corpus/workbooks"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.gold.jsonl"))
		if err != nil || len(files) == 0 {
			t.Fatal(dir, err)
		}
		for _, file := range files {
			in, err := os.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			var list []Fact
			for lines := bufio.NewScanner(in); lines.Scan(); {
				var f Fact
				if err := json.Unmarshal(lines.Bytes(), &f); err != nil {
					t.Fatal(file, err)
				}
				if f.Code != "" {
					list = append(list, f)
				}
			}
			in.Close()
			facts += len(list)
			for _, f := range Check(c, list) {
				flagged[f.Code]++
				t.Logf("%s: %s expected %s found %s: %s", filepath.Base(file), f.Code, f.Expected, f.Found, list[f.Facts[0]].Quote)
			}
		}
	}
	loud := 0
	for code, n := range flagged {
		if code != TwoValues {
			loud += n
		}
	}
	t.Logf("%d facts: %v", facts, flagged)
	if loud*200 > facts {
		t.Errorf("%d warnings over %d facts that people found right", loud, facts)
	}
}
