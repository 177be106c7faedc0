package indicator

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"soket/extract/document"
	"soket/extract/vietnamese"
)

func TestReadMeasure(t *testing.T) {
	const half = vietnamese.Period("2021-H1")
	for _, c := range []struct {
		head   string
		base   vietnamese.Period
		kind   Kind
		basis  Basis
		period vietnamese.Period
		change changeForm
	}{
		{"Kế hoạch năm 2021", half, Plan, "", "2021", 0},
		{"KH năm", half, Plan, "", "2021", 0},
		{"Thực hiện 6 tháng đầu năm 2021", half, Result, "", "2021-H1", 0},
		{"TH 6T/2020", half, Result, "", "2020-H1", 0},
		{"Cùng kỳ", half, Result, "", "2020-H1", 0},
		{"Cùng kỳ năm 2019", half, Result, "", "2019-H1", 0},
		{"Ước TH 6T", half, Result, "", "2021-H1", 0},
		{"Ước cả năm 2021", half, Plan, "", "2021", 0},
		{"Dự kiến 6 tháng cuối năm 2021", half, Plan, "", "2021-H2", 0},
		{"% so KH", half, Comparison, OfPlan, half, 0},
		{"TH/KH", half, Comparison, OfPlan, half, 0},
		{"Đạt % so với KH năm", half, Comparison, OfPlan, half, 0},
		{"TH 6T/2021 so với KH 2021", half, Comparison, OfPlan, half, 0},
		{"Tăng (+), giảm (-) so với cùng kỳ (%)", half, Comparison, SamePeriod, half, formChange},
		{"TH/CK", half, Comparison, SamePeriod, half, formRatio},
		{"% so CK", half, Comparison, SamePeriod, half, formUnknown},
		{"Tăng, giảm so với năm trước (%)", "2021", Comparison, PreviousPeriod, "2021", formChange},
		{"So với năm 2020 (%)", "2021", Comparison, PreviousPeriod, "2021", formUnknown},
		{"Quý III so với quý II (%)", "2019-9M", Comparison, PreviousPeriod, "2019-Q3", formUnknown},
		{"Lũy kế 5 tháng đầu năm 2023", "2023-5M", Result, "", "2023-5M", 0},
		{"T7", "2021", Result, "", "2021-M07", 0},
		{"05/2023", "2023-5M", Result, "", "2023-M05", 0},
		{"Quý IV", "2019", Result, "", "2019-Q4", 0},
		{"Q.II", "2020", Result, "", "2020-Q2", 0},
		{"Giai đoạn 2016 - 2020", "2020", Result, "", "2016/2020", 0},
		{"Cả năm", "2020", Result, "", "2020", 0},
		{"TH 2021/KH 2021", "2021", Comparison, OfPlan, "2021", 0},
		{"Tổng giai đoạn", "2021/2023", Result, "", "2021/2023", 0},
	} {
		m := readMeasure(c.head, c.base)
		if !m.known || m.kind != c.kind || m.basis != c.basis || m.period != c.period || c.kind == Comparison && m.change != c.change {
			t.Errorf("%q in %s: %+v", c.head, c.base, m)
		}
	}
	for _, head := range []string{"Tự nhiên, kỹ thuật", "Số dòng", "Chu kỳ (tháng)"} {
		if m := readMeasure(head, half); m.known {
			t.Errorf("%q reads as %+v", head, m)
		}
	}
	for head, old := range map[string]bool{"Số liệu cũ": true, "Thực hiện (cũ)": true, "Công cụ": false, "Cụ thể": false} {
		if markedOld(head) != old {
			t.Errorf("markedOld(%q) = %v", head, !old)
		}
	}
}

func TestCellValue(t *testing.T) {
	for text, want := range map[string]float64{
		"21.350": 21350, "9.472,5": 9472.5, "2 810": 2810, "01": 1, "+10,8": 10.8, "-9,5": -9.5, "50,0%": 50,
		"41.9": 41.9, "07 cuộc": 7, "612 lượt người": 612, "0": 0, "1.234.567": 1234567, "58.500.000": 58500000, "(5,2)": 5.2,
	} {
		c := document.Cell{Text: text}
		if v, _, why := cellValue(&c, true); why != "" || math.Abs(v-want) > 1e-9 {
			t.Errorf("%q: %v, %s; want %v", text, v, why, want)
		}
	}
	for _, text := range []string{"", "-", "–", "x", "X", "Không", "…", "Cảnh cáo", "Quyết định 12/QĐ", "12/5/2021", "310/310", "1 234 5"} {
		c := document.Cell{Text: text}
		if v, _, why := cellValue(&c, true); why == "" {
			t.Errorf("%q reads as %v", text, v)
		}
	}
	half := 0.905
	c := document.Cell{Text: "90,5%", Number: &half, NumFmt: "0.0%"}
	if v, u, _ := cellValue(&c, true); v != 90.5 || u.kind != percentUnit {
		t.Errorf("0.905 shown as a share: %v %v", v, u)
	}
}

func TestReadUnit(t *testing.T) {
	for text, want := range map[string]tableUnit{
		"triệu đồng":            {true, moneyUnit, 1e6, ""},
		"Trđ":                   {true, moneyUnit, 1e6, ""},
		"tỷ đồng":               {true, moneyUnit, 1e9, ""},
		"nghìn đồng":            {true, moneyUnit, 1e3, ""},
		"đồng":                  {true, moneyUnit, 1, ""},
		"%":                     {true, percentUnit, 1, ""},
		"Nghìn lượt":            {true, countUnit, 1e3, "luot"},
		"cuộc":                  {true, countUnit, 1, "cuoc"},
		"Đơn vị tính: nhiệm vụ": {true, countUnit, 1, "nhiem vu"},
	} {
		if got := readUnit(text); got != want {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
}

// TestLabelCodes holds the labels to the catalogue: every code named in one is in the other.
func TestLabelCodes(t *testing.T) {
	rules := labelRules()
	catalogue, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	for _, r := range rules.rules {
		named[r.code] = true
		i, ok := catalogue.Get(r.code)
		if !ok {
			t.Errorf("labels.yaml names %s, which the catalogue lacks", r.code)
			continue
		}
		if kindOfCode(r.code) != r.unit {
			t.Errorf("%s counts in %q but its labels are of kind %q", r.code, i.Unit, r.unit)
		}
		// An indicator's own name is a label like any other.
		own := i.VI
		if code, _ := (naming{own: own, around: []string{i.Area}}).match(r.unit); code != r.code {
			t.Errorf("the name %q of %s is matched as %q", own, r.code, code)
		}
	}
	for _, i := range catalogue.All() {
		if !named[i.Code] {
			t.Errorf("no table label names %s", i.Code)
		}
	}
}

// table makes a table of texts; the first row is the head.
func table(rows ...[]string) *document.Table {
	t := &document.Table{HeadRows: 1, Method: "ruled"}
	for y, row := range rows {
		var cells []document.Cell
		for x, text := range row {
			if text != "" {
				cells = append(cells, document.Cell{Text: text, Row: y, Col: x, Rowspan: 1, Colspan: 1})
			}
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

func captioned(title string, rows ...[]string) *document.Table {
	t := table(rows...)
	t.Title = title
	return t
}

func withUnit(unit string, rows ...[]string) *document.Table {
	t := table(rows...)
	t.Unit = unit
	return t
}

func brief(facts []Fact) string {
	var lines []string
	for _, f := range facts {
		lines = append(lines, fmt.Sprintf("%s %v %s %s %s", f.Code, f.Value, f.Period, f.Kind, f.Basis))
	}
	return strings.Join(lines, "\n")
}

func TestTableFacts(t *testing.T) {
	for name, c := range map[string]struct {
		table *document.Table
		want  string
		skips int
	}{
		"changes are told from ratios by the figures they compare": {table(
			[]string{"TT", "Chỉ tiêu", "ĐVT", "6T/2020", "6T/2021", "So với cùng kỳ (%)"},
			[]string{"1", "Số cuộc thanh tra", "cuộc", "10", "12", "120"},
			[]string{"2", "Mẫu thử nghiệm", "mẫu", "200", "150", "75"}),
			`inspection.inspections 10 2020-H1 result 
inspection.inspections 12 2021-H1 result 
inspection.inspections 20 2021-H1 comparison same_period
smq.samples_tested 200 2020-H1 result 
smq.samples_tested 150 2021-H1 result 
smq.samples_tested -25 2021-H1 comparison same_period`, 2},
		"money beside what is counted": {table(
			[]string{"Chủng loại", "Kế hoạch năm 2021 (phương tiện)", "Thực hiện 6 tháng (phương tiện)", "Phí thu được (triệu đồng)"},
			[]string{"Cân", "90", "80", "11"},
			[]string{"Tổng số phương tiện đo được kiểm định", "900", "480", "61"}),
			`smq.instruments_verified 900 2021 plan 
smq.instruments_verified 480 2021-H1 result `, 4},
		"offices down the side, with shares under each indicator": {table(
			[]string{"Đơn vị", "Cơ sở được kiểm tra KH năm", "Cơ sở được kiểm tra TH 6T/2021", "Cơ sở được kiểm tra TH/KH (%)"},
			[]string{"Phòng A", "40", "25", "62,5"},
			[]string{"Phòng B", "30", "24", "80"},
			[]string{"Cộng", "70", "49", "70"}),
			`inspection.entities 70 2021 plan 
inspection.entities 49 2021-H1 result 
inspection.entities 70 2021-H1 comparison plan`, 6},
		"absolute changes are no facts": {table(
			[]string{"Nội dung", "6T/2020", "6T/2021", "Tăng, giảm"},
			[]string{"Số cuộc thanh tra", "10", "12", "2"},
			[]string{"Số cuộc kiểm tra", "9", "5", "-4"}),
			`inspection.inspections 10 2020-H1 result 
inspection.inspections 12 2021-H1 result 
inspection.checks 9 2020-H1 result 
inspection.checks 5 2021-H1 result `, 2},
		"only the total of a breakdown by places counts": {table(
			[]string{"Địa bàn", "Số cơ sở được kiểm tra", "Tiền phạt (triệu đồng)"},
			[]string{"Huyện A", "3", "10"},
			[]string{"Huyện B", "4", "0"},
			[]string{"Tổng cộng", "7", "10,5"}),
			`inspection.entities 7 2021-H1 result 
inspection.fines_vnd 1.05e+07 2021-H1 result `, 4},
		"a row and a column may name an indicator only together": {table(
			[]string{"Loại hình", "Đơn SHCN đã nộp", "Văn bằng được cấp"},
			[]string{"Nhãn hiệu", "8", "5"},
			[]string{"Kiểu dáng công nghiệp", "3", "2"},
			[]string{"Tổng cộng", "11", "7"}),
			`ip.trademark_applications 8 2021-H1 result 
ip.trademark_grants 5 2021-H1 result 
ip.design_applications 3 2021-H1 result 
ip.design_grants 2 2021-H1 result 
ip.applications 11 2021-H1 result 
ip.grants 7 2021-H1 result `, 0},
		"the caption may name what rows and columns do not": {captioned("Bảng 4. Đơn đăng ký sở hữu công nghiệp và văn bằng bảo hộ",
			[]string{"", "Kiểu dáng công nghiệp", "Nhãn hiệu", "Tổng cộng"},
			[]string{"Đơn đăng ký", "4", "31", "35"},
			[]string{"Văn bằng được cấp", "2", "19", "21"}),
			`ip.design_applications 4 2021-H1 result 
ip.trademark_applications 31 2021-H1 result 
ip.applications 35 2021-H1 result 
ip.design_grants 2 2021-H1 result 
ip.trademark_grants 19 2021-H1 result 
ip.grants 21 2021-H1 result `, 0},
		"what a budget disbursed, and its share": {captioned("Bảng 2. Dự toán và giải ngân (Đơn vị tính: tỷ đồng)",
			[]string{"Nguồn", "Dự toán được giao", "Đã giải ngân", "Tỷ lệ (%)"},
			[]string{"Sự nghiệp khoa học", "12,5", "5", "40"}),
			`finance.st_budget_vnd 1.25e+10 2021 result 
finance.disbursed_vnd 5e+09 2021-H1 result 
finance.disbursed_percent 40 2021-H1 result `, 0},
		"the unit of money is not that of counts": {withUnit("đồng",
			[]string{"Địa bàn", "Số cơ sở bị xử phạt", "Số tiền phạt"},
			[]string{"Huyện A", "3", "10000000"},
			[]string{"Huyện B", "4", "5000000"},
			[]string{"Tổng cộng", "7", "15000000"}),
			`inspection.sanctioned 7 2021-H1 result 
inspection.fines_vnd 1.5e+07 2021-H1 result `, 4},
		"numbers of titles are no documents": {table(
			[]string{"Kỳ", "Số văn bằng được cấp", "Người được đào tạo an toàn bức xạ"},
			[]string{"6 tháng 2020", "11", "20"},
			[]string{"6 tháng 2021", "14", "25"}),
			`ip.grants 11 2020-H1 result 
radiation.trainees 20 2020-H1 result 
ip.grants 14 2021-H1 result 
radiation.trainees 25 2021-H1 result `, 2},
		"places without a total give nothing": {table(
			[]string{"Địa bàn", "Số cơ sở được kiểm tra"},
			[]string{"Huyện A", "3"},
			[]string{"Huyện B", "4"}), ``, 2},
		"parts of the same indicator belong to the row above": {table(
			[]string{"TT", "Nội dung", "Kết quả"},
			[]string{"1", "Phương tiện đo được kiểm định", "100"},
			[]string{"", "- Trong đó: công tơ điện được kiểm định", "60"},
			[]string{"2", "Mẫu thử nghiệm", "0"},
			[]string{"3", "Tiền phạt", "5"}),
			`smq.instruments_verified 100 2021-H1 result 
smq.samples_tested 0 2021-H1 result `, 5},
		"columns may name the indicators, rows the times": {table(
			[]string{"Nội dung", "Số nhiệm vụ nghiệm thu", "Số cuộc thanh tra"},
			[]string{"Kế hoạch năm", "20", "8"},
			[]string{"Thực hiện 6 tháng", "9", "5"},
			[]string{"Cùng kỳ", "7", "4"}),
			`task.accepted 20 2021 plan 
inspection.inspections 8 2021 plan 
task.accepted 9 2021-H1 result 
inspection.inspections 5 2021-H1 result 
task.accepted 7 2020-H1 result 
inspection.inspections 4 2020-H1 result `, 0},
		"what lies ahead is a plan, what is old is nothing": {table(
			[]string{"Nội dung", "Thực hiện 6 tháng (cũ)", "6 tháng đầu năm", "6 tháng cuối năm"},
			[]string{"Số cuộc thanh tra", "3", "4", "5"}),
			`inspection.inspections 4 2021-H1 result 
inspection.inspections 5 2021-H2 plan `, 1},
	} {
		facts, skips := TableFacts(c.table, TableContext{Period: "2021-H1"})
		if got := brief(facts); got != c.want {
			t.Errorf("%s:\n%s", name, got)
		}
		if len(skips) != c.skips {
			t.Errorf("%s: %d skips: %+v", name, len(skips), skips)
		}
	}
	spread := table([]string{"Chỉ tiêu", "Năm 2020", "", "Năm 2021", ""},
		[]string{"", "Kế hoạch", "6 tháng", "Kế hoạch", "6 tháng"},
		[]string{"Số cuộc thanh tra", "9", "4", "10", "5"})
	spread.HeadRows = 2 // heads that only look merged
	facts, _ := TableFacts(spread, TableContext{Period: "2021-H1"})
	if got, want := brief(facts), `inspection.inspections 9 2020 plan 
inspection.inspections 4 2020-H1 result 
inspection.inspections 10 2021 plan 
inspection.inspections 5 2021-H1 result `; got != want {
		t.Errorf("heads that only look merged:\n%s", got)
	}
	units := table([]string{"Nội dung", "Mẫu thử nghiệm", "Số lớp tập huấn"},
		[]string{"ĐVT", "mẫu", "lớp"},
		[]string{"Kế hoạch năm", "900", "12"},
		[]string{"Thực hiện 6 tháng", "410", "5"})
	units.HeadRows = 2 // a line of units under the heads
	facts, _ = TableFacts(units, TableContext{Period: "2021-H1"})
	if got, want := brief(facts), `smq.samples_tested 900 2021 plan 
info.training_courses 12 2021 plan 
smq.samples_tested 410 2021-H1 result 
info.training_courses 5 2021-H1 result `; got != want {
		t.Errorf("a line of units:\n%s", got)
	}
	broken := table([]string{"Chỉ tiêu", "Tổng số", "Chia ra", ""},
		[]string{"", "", "Cấp tỉnh", "Cấp huyện"},
		[]string{"Số nhiệm vụ đang thực hiện", "40", "28", "12"},
		[]string{"Số nhiệm vụ nghiệm thu", "9", "6", "3"})
	broken.HeadRows = 2 // a part that is an indicator of its own
	broken.Rows[0][2].Colspan = 2
	for x := range 2 {
		broken.Rows[0][x].Rowspan = 2
	}
	facts, _ = TableFacts(broken, TableContext{Period: "2021"})
	if got, want := brief(facts), `task.in_progress 40 2021 result 
task.district_level 12 2021 result 
task.accepted 9 2021 result `; got != want {
		t.Errorf("a breakdown:\n%s", got)
	}
	hidden := table([]string{"Nội dung", "Kết quả"}, []string{"Số cuộc thanh tra", "3"})
	hidden.Hidden = true
	if facts, skips := TableFacts(hidden, TableContext{Period: "2021"}); len(facts) != 0 || len(skips) != 1 {
		t.Errorf("a hidden sheet gives %v", facts)
	}
}

// goldFact is what a fact is scored on.
type goldFact struct {
	Code   string            `json:"code"`
	Value  float64           `json:"value"`
	Period vietnamese.Period `json:"period"`
	Kind   Kind              `json:"kind"`
	Basis  Basis             `json:"basis"`
}

// TestWorkbooks scores the workbooks of the project's own corpus, and the ones handed over where
// they are there. The bar for files that rules were not written on is that of precision over recall.
func TestWorkbooks(t *testing.T) {
	var files []string
	for _, pattern := range []string{"testdata/w*.xlsx", "../../../shared/corpus/workbooks/*.xlsx", "../../../shared/corpus/workbooks/*.xls"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) < 8 {
		t.Fatalf("only %d workbooks", len(files))
	}
	right, wrong, missed := 0, 0, 0
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := document.Read(context.Background(), bytes.NewReader(data), int64(len(data)), document.Options{Name: name})
		if errors.Is(err, document.ErrUnsupported) {
			continue // formats that LibreOffice converts first
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		_, facts, _, err := Extract(doc, Options{})
		if err != nil {
			t.Fatal(err)
		}
		left := readGold(t, strings.TrimSuffix(name, filepath.Ext(name))+".gold.jsonl")
		for _, f := range facts {
			found := -1
			for i, g := range left {
				tolerance := 1e-6 * math.Max(1, math.Abs(g.Value))
				if g.Kind == Comparison || f.Unit == "%" {
					tolerance = 0.051
				}
				if g.Code == f.Code && g.Period == f.Period && g.Kind == f.Kind && g.Basis == f.Basis && math.Abs(g.Value-f.Value) <= tolerance {
					found = i
					break
				}
			}
			if found < 0 {
				wrong++
				continue
			}
			right++
			left = append(left[:found], left[found+1:]...)
		}
		missed += len(left)
	}
	precision, recall := float64(right)/float64(right+wrong), float64(right)/float64(right+missed)
	t.Logf("%d workbooks: %d right, %d wrong, %d missed: precision %.3f, recall %.3f", len(files), right, wrong, missed, precision, recall)
	if precision < 0.98 || recall < 0.93 {
		t.Errorf("precision %.3f, recall %.3f", precision, recall)
	}
}

func readGold(t *testing.T, name string) []goldFact {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var facts []goldFact
	for line := range bytes.Lines(data) {
		var f goldFact
		if err := json.Unmarshal(line, &f); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if f.Code != "" {
			facts = append(facts, f)
		}
	}
	return facts
}

// sheets makes a document of the sheets of a workbook: pairs of a title and a table.
func sheets(tables ...*document.Table) *document.Document {
	d := &document.Document{Format: document.XLSX}
	for i, t := range tables {
		t.Method = "sheet"
		t.Sheet = fmt.Sprintf("Trang %d", i+1)
		d.Sheets = append(d.Sheets, document.Sheet{Name: t.Sheet})
		d.Blocks = append(d.Blocks, document.Block{Kind: document.TableBlock, Table: t})
	}
	return d
}

// TestSheetsByYear wants the figures of each sheet under the year that its title names, the newest
// sheet of one form as the report's own: its results are no plans.
func TestSheetsByYear(t *testing.T) {
	year := func(title, plan, done string) *document.Table {
		tb := table([]string{"TT", "Chỉ tiêu", "ĐVT", "Kế hoạch", "Thực hiện"}, []string{"1", "Số cuộc thanh tra", "cuộc", plan, done})
		tb.Title = title
		return tb
	}
	for name, c := range map[string]struct {
		doc    *document.Document
		period vietnamese.Period
		want   string
	}{
		"oldest first": {sheets(year("KẾT QUẢ HOẠT ĐỘNG NĂM 2022", "5", "6"), year("KẾT QUẢ HOẠT ĐỘNG NĂM 2023", "7", "8")), "2023",
			"inspection.inspections 5 2022 plan \ninspection.inspections 6 2022 result \ninspection.inspections 7 2023 plan \ninspection.inspections 8 2023 result "},
		"newest first": {sheets(year("KẾT QUẢ HOẠT ĐỘNG NĂM 2023", "7", "8"), year("KẾT QUẢ HOẠT ĐỘNG NĂM 2022", "5", "6")), "2023",
			"inspection.inspections 7 2023 plan \ninspection.inspections 8 2023 result \ninspection.inspections 5 2022 plan \ninspection.inspections 6 2022 result "},
		"another form may plan ahead": {sheets(year("KẾT QUẢ HOẠT ĐỘNG NĂM 2022", "5", "6"), year("DỰ KIẾN NĂM 2023", "7", "8")), "2022",
			"inspection.inspections 5 2022 plan \ninspection.inspections 6 2022 result \ninspection.inspections 7 2023 plan \ninspection.inspections 8 2023 plan "},
		"quarters and their sum": {sheets(year("A. QUÝ I NĂM 2023", "", "2"), year("B. QUÝ II NĂM 2023", "", "3"), year("C. CỘNG 6 THÁNG ĐẦU NĂM 2023", "", "5")), "2023-H1",
			"inspection.inspections 2 2023-Q1 result \ninspection.inspections 3 2023-Q2 result \ninspection.inspections 5 2023-H1 result "},
		"quarters and a plan": {sheets(year("QUÝ I NĂM 2023", "", "2"), year("KẾ HOẠCH QUÝ II NĂM 2023", "3", ""), year("KẾ HOẠCH NĂM 2023", "9", "")), "2023-Q1",
			"inspection.inspections 2 2023-Q1 result \ninspection.inspections 3 2023-Q2 plan \ninspection.inspections 9 2023 plan "},
	} {
		head, facts, _, err := Extract(c.doc, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := brief(facts); head.Period != c.period || got != c.want {
			t.Errorf("%s: %s\n%s", name, head.Period, got)
		}
	}
}

// TestShownNumbers wants figures as the formats of their cells show them: in thousands, with a unit or
// a per cent sign typed into the format.
func TestShownNumbers(t *testing.T) {
	for format, want := range map[string]struct {
		raw, value float64
		unit       unitKind
	}{
		"#,##0,":              {12500000, 12500, countUnit},
		`0.0"%"`:              {79.5, 79.5, percentUnit},
		"0%":                  {0.8, 80, percentUnit},
		`#,##0" triệu đồng"`:  {350, 350, moneyUnit},
		`#,##0\ [$₫-42A]`:     {350, 350, countUnit}, // what the sheet says counts
		`#,##0" lượt người"`:  {350, 350, countUnit},
		"_-* #,##0\\ _₫_-;@_": {350, 350, countUnit},
	} {
		v, u, why := cellValue(&document.Cell{Number: &want.raw, NumFmt: format}, false)
		if why != "" || v != want.value || u.known && u.kind != want.unit || !u.known && want.unit != countUnit {
			t.Errorf("%s of %v: %v %+v %s", format, want.raw, v, u, why)
		}
	}
}
