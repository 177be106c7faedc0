package web

import (
	"testing"
	"time"

	"soket/analytics"
	"soket/extract"
	"soket/extract/document"
)

func TestMilestones(t *testing.T) {
	at := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	steps := []extract.Stage{{Value: extract.Submitted, By: "lan", At: at}, {Value: extract.Returned, By: "minh", At: at, Reason: "thiếu biểu"}, {Value: extract.Submitted, By: "hoa", At: at}}
	for _, c := range []struct {
		name   string
		filing extract.Filing
		review *review
		want   string // one letter for each step: d done, n now, . next, f failed
	}{
		{"received", extract.Filing{State: extract.Accepted}, nil, "dn...."},
		{"failed", extract.Filing{State: extract.Failed}, nil, "df...."},
		{"refused", extract.Filing{State: extract.Refused}, nil, "f....."},
		{"to be checked", extract.Filing{State: extract.Visible}, &review{Doubt: 3}, "ddn..."},
		{"checked", extract.Filing{State: extract.Visible}, &review{}, "dddn.."},
		{"submitted with points open", extract.Filing{State: extract.Visible, Stage: extract.Stage{Value: extract.Submitted}, Steps: steps}, &review{Open: 1}, "ddddn."},
		{"sent back", extract.Filing{State: extract.Visible, Stage: extract.Stage{Value: extract.Returned}, Steps: steps[:2]}, &review{}, "dddn.."},
		{"published", extract.Filing{State: extract.Visible, Stage: extract.Stage{Value: extract.Published}}, &review{}, "dddddd"},
		{"withdrawn", extract.Filing{State: extract.Withdrawn}, &review{}, "ddd..."},
	} {
		got := ""
		list := milestones(c.filing, c.review)
		for _, m := range list {
			got += map[string]string{"done": "d", "now": "n", "next": ".", "failed": "f"}[m.State]
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		if c.name == "submitted with points open" && list[3].By != "hoa" {
			t.Errorf("submitted by %q: the last one counts", list[3].By)
		}
	}
}

func TestDifferences(t *testing.T) {
	f := func(code string, value float64, basis string) analytics.Fact {
		return analytics.Fact{Code: code, Value: value, Period: "2023-H1", Kind: "result", Basis: basis}
	}
	list, equal := differences(
		[]analytics.Fact{f("a", 1, ""), f("b", 10, ""), f("c", 5, ""), f("d", 1, ""), f("d", 2, "")},
		[]analytics.Fact{f("a", 1, ""), f("b", 12, ""), f("e", 7, ""), f("d", 2, ""), f("d", 3, "")})
	if equal != 2 || len(list) != 4 {
		t.Fatalf("%d equal, %+v", equal, list)
	}
	want := []struct {
		code, what string
		percent    float64
	}{{"b", "changed", 20}, {"d", "changed", 200}, {"c", "removed", 0}, {"e", "added", 0}}
	for i, w := range want {
		d := list[i]
		if d.Code != w.code || d.What() != w.what || (d.Percent != nil) != (w.percent != 0) || d.Percent != nil && *d.Percent != w.percent {
			t.Errorf("%d: %+v, want %+v", i, d, w)
		}
	}
}

func TestGridStandsWhereTheSheetSays(t *testing.T) {
	cell := func(ref, text string, rowspan, colspan int, hidden bool) document.Cell {
		return document.Cell{Ref: ref, Text: text, Rowspan: rowspan, Colspan: colspan, Hidden: hidden}
	}
	table := analytics.Table{Table: document.Table{Sheet: "B1", Rows: [][]document.Cell{
		{cell("B7", "Chỉ tiêu", 2, 1, false), cell("C7", "Năm", 1, 2, false), cell("E7", "ẩn", 1, 1, true)},
		{cell("C8", "2022", 1, 1, false), cell("D8", "2023", 1, 1, false)},
		{cell("B10", "Đề tài", 1, 1, false), cell("D10", "5", 1, 1, false)}}}}
	facts := []analytics.Fact{{No: 3, Sheet: "B1", Cell: "D10", Confidence: 0.5}}
	grids := gridsOf([]analytics.Table{table}, facts, doubtful)
	if len(grids) != 1 || len(grids[0].Cols) != 3 || grids[0].Cols[0] != "B" || len(grids[0].Rows) != 3 {
		t.Fatalf("%+v", grids)
	}
	rows := grids[0].Rows
	if rows[0].No != 7 || rows[2].No != 10 || len(rows[0].Cells) != 2 || rows[0].Cells[0].Rowspan != 2 || rows[0].Cells[1].Colspan != 2 || len(rows[1].Cells) != 2 || len(rows[2].Cells) != 3 {
		t.Errorf("%+v", rows)
	}
	if last := rows[2].Cells[2]; last.Fact != "3" || !last.Doubt || rows[2].Cells[1].Text != "" {
		t.Errorf("%+v", rows[2])
	}
}

func TestScrapsMarkTheWordsOfAText(t *testing.T) {
	text := "I. KẾT QUẢ\nĐã nghiệm thu 12 nhiệm vụ; cấp 3 giấy phép.\nSố cuộc thanh tra\tcuộc\t8\n"
	facts := []analytics.Fact{{No: 0, Quote: "nghiệm thu 12 nhiệm vụ", Confidence: 1}, {No: 1, Quote: "Số cuộc thanh tra: 8", Confidence: 0.4}, {No: 2, Quote: "không có ở đây"}}
	whole, marked := "", map[string]string{}
	for _, s := range scrapsOf(text, facts, doubtful) {
		whole += s.Text
		if s.Fact != "" {
			marked[s.Fact] = s.Text
		}
	}
	if whole != text || marked["0"] != "nghiệm thu 12 nhiệm vụ" || marked["1"] != "8" || len(marked) != 2 {
		t.Errorf("%q of %q", marked, whole)
	}
}

func TestFormPeriods(t *testing.T) {
	for day, want := range map[string]string{"2026-11-29": "2026-H2", "2026-05-02": "2026-H1"} {
		now, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		list := formPeriods(now)
		if list[0] != want || len(list) != 12 {
			t.Errorf("on %s: %v", day, list)
		}
	}
}
