package web

import (
	"slices"
	"strings"
	"testing"

	"soket/analytics"
)

// TestStatement holds what the head of a chart says: the newest period, and its change over the
// bodies that reported for both.
func TestStatement(t *testing.T) {
	s := &server{}
	var err error
	if s.words, err = loadWords(); err != nil {
		t.Fatal(err)
	}
	was := func(v float64) *float64 { return &v }
	flow := analytics.Indicator{Code: "task.accepted", Vi: "Nhiệm vụ KH&CN được nghiệm thu", En: "S&T tasks accepted", Unit: "nhiệm vụ", Measure: "flow"}
	share := analytics.Indicator{Code: "finance.disbursed_percent", Vi: "Tỷ lệ giải ngân", En: "Disbursed", Unit: "%", Measure: "flow"}
	stock := analytics.Indicator{Code: "radiation.facilities", Vi: "Cơ sở bức xạ", En: "Radiation facilities", Unit: "cơ sở", Measure: "stock"}
	for _, c := range []struct {
		entry  analytics.Indicator
		kind   string
		points []analytics.Point
		vi, en string
	}{
		{flow, "result", []analytics.Point{{Period: "2023-H1", Value: 3}, {Period: "2024-H1", Value: 12, SamePeriodValue: was(10)}},
			"Nhiệm vụ KH&CN được nghiệm thu: 12 nhiệm vụ trong 6 tháng đầu năm 2024, tăng 20% so với cùng kỳ năm trước", "S&T tasks accepted: 12 tasks in the first half of 2024, up 20% on the same period last year"},
		{flow, "result", []analytics.Point{{Period: "2024-H1", Value: 6, SamePeriodValue: was(8)}, {Period: "2024-H1", Value: 4}},
			"Nhiệm vụ KH&CN được nghiệm thu: 10 nhiệm vụ trong 6 tháng đầu năm 2024 (2 đơn vị), giảm 25% so với cùng kỳ năm trước, tính trên 1 đơn vị có ở cả hai kỳ", ""},
		{flow, "result", []analytics.Point{{Period: "2024-H1", Value: 9, SamePeriodValue: was(0)}}, "Nhiệm vụ KH&CN được nghiệm thu: 9 nhiệm vụ trong 6 tháng đầu năm 2024", ""},
		{flow, "result", []analytics.Point{{Period: "2024", Value: 30, SamePeriodValue: was(10)}}, "Nhiệm vụ KH&CN được nghiệm thu: 30 nhiệm vụ trong năm 2024, gấp 3 lần so với cùng kỳ năm trước", ""},
		{flow, "plan", []analytics.Point{{Period: "2024", Value: 30, SamePeriodValue: was(10)}}, "Kế hoạch nhiệm vụ KH&CN được nghiệm thu: 30 nhiệm vụ trong năm 2024", ""},
		{stock, "result", []analytics.Point{{Period: "2024-H1", Value: 60, SamePeriodValue: was(60)}}, "Cơ sở bức xạ: 60 cơ sở đến hết 6 tháng đầu năm 2024, bằng cùng kỳ năm trước", ""},
		{share, "result", []analytics.Point{{Period: "2024-H1", Value: 41.8}, {Period: "2024-H1", Value: 52}}, "Tỷ lệ giải ngân: từ 41,8% đến 52% trong 6 tháng đầu năm 2024 (2 đơn vị)", ""},
		{share, "result", []analytics.Point{{Period: "2024-H1", Value: 41.8, SamePeriodValue: was(39.7)}}, "Tỷ lệ giải ngân: 41,8% trong 6 tháng đầu năm 2024, tăng 2,1 điểm % so với cùng kỳ năm trước", ""},
		{flow, "result", nil, "", ""},
	} {
		x := &shown{View: view{Kind: c.kind}, Entries: []analytics.Indicator{c.entry}, Points: c.points}
		if got := s.statement(x, "vi"); got != c.vi {
			t.Errorf("it says\n%s\nnot\n%s", got, c.vi)
		}
		if got := s.statement(x, "en"); c.en != "" && got != c.en {
			t.Errorf("it says\n%s\nnot\n%s", got, c.en)
		}
	}
}

// TestShortNames holds what is left of names that begin alike.
func TestShortNames(t *testing.T) {
	for _, c := range [][2]string{
		{"Sở Khoa học và Công nghệ tỉnh Sơn Trà|Sở Khoa học và Công nghệ thành phố Hải Vân", "Sơn Trà|Hải Vân"},
		{"Sở Khoa học và Công nghệ tỉnh Sơn Trà|Sở Khoa học và Công nghệ tỉnh Sơn Trà", "Trà|Trà"},
		{"Sở Khoa học và Công nghệ tỉnh Mẫu", "Mẫu"}, {"Chi cục Thử|Sở Mẫu", "Chi cục Thử|Sở Mẫu"}, {"", ""},
	} {
		if got := shortNames(slices.Clone(strings.Split(c[0], "|"))); strings.Join(got, "|") != c[1] {
			t.Errorf("%s becomes %q, not %s", c[0], got, c[1])
		}
	}
}
