package indicator

import (
	"fmt"
	"strings"
	"testing"

	"soket/extract/document"
)

// TestCellProse: cells of sentences are read like paragraphs where the head over them says that they tell of
// results or plans; remarks and what is to be done are not.
func TestCellProse(t *testing.T) {
	rules, err := loadRules()
	if err != nil {
		t.Fatal(err)
	}
	table := func(cells ...[]string) *document.Table {
		tab := &document.Table{Sheet: "Tiến độ"}
		for y, row := range cells {
			var out []document.Cell
			for x, text := range row {
				out = append(out, document.Cell{Text: text, Row: y, Col: x, Rowspan: 1, Colspan: 1, Ref: fmt.Sprintf("%c%d", 'A'+x, y+1)})
			}
			tab.Rows = append(tab.Rows, out)
		}
		return tab
	}
	rows := [][]string{
		{"Công tác thanh tra", "Đã tổ chức 03 cuộc thanh tra tại 25 cơ sở.", "Thực hiện 04 cuộc thanh tra."},
		{"Công tác đo lường", "Kiểm định được 6.420 phương tiện đo các loại.", "Kiểm định 7.000 phương tiện đo."},
		{"Công tác sở hữu trí tuệ", "Hướng dẫn 68 lượt tổ chức, cá nhân đăng ký bảo hộ.", "Hướng dẫn 70 lượt tổ chức, cá nhân."},
	}
	for _, c := range []struct{ result, plan, want string }{
		{"Kết quả thực hiện 6 tháng đầu năm 2020", "Nhiệm vụ 6 tháng cuối năm 2020", "B2 inspection.inspections 3 2020-H1 result; B2 inspection.entities 25 2020-H1 result; C2 inspection.inspections 4 2020-H2 plan; B3 smq.instruments_verified 6420 2020-H1 result; C3 smq.instruments_verified 7000 2020-H2 plan; B4 ip.consultations 68 2020-H1 result; C4 ip.consultations 70 2020-H2 plan"},
		{"Kết quả năm 2019", "Ghi chú", "B2 inspection.inspections 3 2019 result; B2 inspection.entities 25 2019 result; B3 smq.instruments_verified 6420 2019 result; B4 ip.consultations 68 2019 result"},
		{"Nội dung", "Diễn giải", ""},
	} {
		r := &reader{rules: rules, head: Head{Period: "2020-H1"}}
		r.cellProse(table(append([][]string{{"Lĩnh vực", c.result, c.plan}}, rows...)...))
		var got []string
		for _, f := range r.facts {
			got = append(got, fmt.Sprintf("%s %s %v %s %s", f.Cell, f.Code, f.Value, f.Period, f.Kind))
		}
		if s := strings.Join(got, "; "); s != c.want {
			t.Errorf("%s, %s:\n got %s\nwant %s", c.result, c.plan, s, c.want)
		}
	}
}

func TestTitlePeriod(t *testing.T) {
	for title, want := range map[string]string{
		"THỐNG KÊ VĂN BẰNG; GIAI ĐOẠN 2019 - 2022 VÀ 6 THÁNG ĐẦU NĂM 2023":                     "2023-H1",
		"PHỤ LỤC SỐ LIỆU 6 THÁNG ĐẦU NĂM 2020; Kèm Báo cáo 92/BC-SKHCN ngày 18-6-2020; Bảng A": "2020-H1",
		"BIỂU TỔNG HỢP NĂM 2021; (Kèm theo Báo cáo số 12/BC-SKHCN ngày 10.01.2022)":            "2021",
	} {
		if got, _ := titlePeriod(title, ""); string(got) != want {
			t.Errorf("%s: %s, want %s", title, got, want)
		}
	}
}
