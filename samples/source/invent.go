// Command source writes the sources of sample workbooks of bodies that do not exist into a folder: one table as
// HTML each, figures that agree from one report to the next, the same at every run.
package main

import (
	"fmt"
	"hash/fnv"
	"html"
	"math"
	"os"
	"path/filepath"
	"strings"
)

type row struct {
	name, unit string
	base       float64 // of a middling body's first half of 2021
	stock      bool    // it stands at a moment, and does not add up over the year
	like       string  // the row that it is a part of: it goes up and down with that
}

var areas = []struct {
	name string
	rows []row
}{
	{"Quản lý nhiệm vụ khoa học và công nghệ", []row{{"Nhiệm vụ mở mới", "nhiệm vụ", 12, false, ""}, {"Nhiệm vụ đang triển khai", "nhiệm vụ", 55, true, ""}, {"Nhiệm vụ được nghiệm thu", "nhiệm vụ", 10, false, ""}, {"Giấy chứng nhận đăng ký kết quả nhiệm vụ", "giấy chứng nhận", 9, false, ""}}},
	{"Sở hữu trí tuệ", []row{{"Đơn đăng ký sở hữu công nghiệp", "đơn", 150, false, ""}, {"Đơn đăng ký nhãn hiệu", "đơn", 128, false, "Đơn đăng ký sở hữu công nghiệp"}, {"Văn bằng bảo hộ được cấp", "văn bằng", 84, false, ""}, {"Sáng kiến được công nhận", "sáng kiến", 26, false, ""}}},
	{"Tiêu chuẩn đo lường chất lượng", []row{{"Phương tiện đo được kiểm định", "phương tiện đo", 14200, false, ""}, {"Phương tiện đo được hiệu chuẩn", "phương tiện đo", 520, false, ""}, {"Mẫu được thử nghiệm", "mẫu", 2050, false, ""}, {"Hồ sơ công bố hợp chuẩn, hợp quy", "hồ sơ", 31, false, ""}, {"Tin cảnh báo TBT", "tin", 104, false, ""}}},
	{"An toàn bức xạ và hạt nhân", []row{{"Cơ sở bức xạ", "cơ sở", 108, true, ""}, {"Thiết bị bức xạ", "thiết bị", 226, true, "Cơ sở bức xạ"}, {"Giấy phép tiến hành công việc bức xạ được cấp", "giấy phép", 33, false, ""}}},
	{"Thanh tra, kiểm tra", []row{{"Số cuộc thanh tra", "cuộc", 6, false, ""}, {"Số cuộc kiểm tra", "cuộc", 9, false, ""}, {"Số cơ sở được thanh tra, kiểm tra", "cơ sở", 185, false, ""}, {"Số cơ sở vi phạm", "cơ sở", 22, false, "Số cơ sở được thanh tra, kiểm tra"}, {"Số tiền xử phạt vi phạm hành chính", "triệu đồng", 240.5, false, ""}}},
	{"Đổi mới sáng tạo, thông tin, hành chính", []row{{"Doanh nghiệp khoa học và công nghệ (lũy kế)", "doanh nghiệp", 37, true, ""}, {"Dự án khởi nghiệp được hỗ trợ", "dự án", 8, false, ""}, {"Lớp đào tạo, tập huấn", "lớp", 11, false, ""}, {"Lượt người được đào tạo, tập huấn", "lượt người", 480, false, "Lớp đào tạo, tập huấn"}, {"Tin, bài đăng tải", "tin, bài", 640, false, ""}, {"Hồ sơ thủ tục hành chính tiếp nhận", "hồ sơ", 255, false, ""}, {"Hồ sơ thủ tục hành chính đã giải quyết", "hồ sơ", 248, false, "Hồ sơ thủ tục hành chính tiếp nhận"}, {"Kinh phí đã giải ngân", "triệu đồng", 21840.5, false, ""}}},
}

var bodies = []struct {
	kind, name string
	size       float64
	last       string // period after which it has not reported yet
}{
	{"tỉnh", "Trà Giang", 0.7, ""}, {"tỉnh", "Thạch Lam", 1.1, ""}, {"tỉnh", "Hoàng Vân", 0.5, ""}, {"thành phố", "Cửa Sông", 1.9, ""}, {"tỉnh", "Lam Điền", 0.9, "2023"},
}

// chance is a number from 0 to 1 that belongs to the words.
func chance(words ...any) float64 {
	h := fnv.New64a()
	fmt.Fprint(h, words...)
	return float64(h.Sum64()>>11) / (1 << 53)
}

func rounded(v float64, unit string) float64 {
	if unit == "triệu đồng" {
		return math.Round(v*2) / 2
	}
	return math.Round(v)
}

// first gives the first half of a year, value the year or its first half.
func first(body string, size float64, r row, year int) float64 {
	of := r.name
	if r.like != "" {
		of = r.like
	}
	v := r.base * size
	for y := 2021; y <= year; y++ {
		swing := 0.3
		if chance(body, of, y, "leap") > 0.9 { // now and then something happens
			swing = 1
		}
		v *= 1.03 + swing*(chance(body, of, y)-0.5)
	}
	return rounded(v, r.unit)
}

func value(body string, size float64, r row, year int, half bool) float64 {
	v := first(body, size, r, year)
	switch {
	case half:
		return v
	case r.stock:
		return rounded(v*1.04, r.unit)
	}
	of := r.name
	if r.like != "" {
		of = r.like
	}
	return rounded(v*(1.95+0.3*chance(body, of, year, "year")), r.unit)
}

func number(v float64, decimals int) string {
	shown := fmt.Sprintf("%.*f", decimals, v)
	return fmt.Sprintf(`<td align="right" sdval="%s" sdnum="1033;0;#,##0%s">%s</td>`, shown, strings.Repeat(".0", decimals), shown)
}

func main() {
	for _, b := range bodies {
		for _, p := range []struct {
			year int
			half bool
		}{{2022, true}, {2023, true}, {2023, false}, {2024, true}} {
			if b.last != "" && fmt.Sprint(p.year) > b.last {
				continue
			}
			now, before, day, file := fmt.Sprintf("6 tháng đầu năm %d", p.year), fmt.Sprintf("6 tháng đầu năm %d", p.year-1), fmt.Sprintf("%d tháng 6 năm %d", 12+int(8*chance(b.name, p.year)), p.year), "6-tháng"
			than := "cùng kỳ"
			if !p.half {
				now, before, day, file, than = fmt.Sprintf("năm %d", p.year), fmt.Sprintf("năm %d", p.year-1), fmt.Sprintf("%d tháng 12 năm %d", 15+int(8*chance(b.name, p.year)), p.year), "cả-năm", "năm trước"
			}
			var w strings.Builder
			fmt.Fprintf(&w, `<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"/><title>Bieu</title></head><body><table border="1" cellspacing="0">
<colgroup><col width="40"/><col width="380"/><col width="120"/><col width="110"/><col width="110"/><col width="110"/><col width="110"/><col width="110"/></colgroup>
<tr><td colspan="8"><b>MẪU – SỐ LIỆU GIẢ ĐỊNH, KHÔNG PHẢI BÁO CÁO THẬT</b></td></tr>
<tr><td colspan="3">UBND %s</td><td colspan="5" align="center">CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</td></tr>
<tr><td colspan="3"><b>SỞ KHOA HỌC VÀ CÔNG NGHỆ</b></td><td colspan="5" align="center">Độc lập - Tự do - Hạnh phúc</td></tr>
<tr><td colspan="3">Số: %d/BC-SKHCN</td><td colspan="5" align="center">%s, ngày %s</td></tr>
<tr><td colspan="8" align="center"><b>KẾT QUẢ HOẠT ĐỘNG KHOA HỌC VÀ CÔNG NGHỆ %s</b></td></tr>
<tr><td colspan="8" align="center">Kính gửi: Ủy ban nhân dân %s %s</td></tr>
<tr><th>TT</th><th>Chỉ tiêu</th><th>Đơn vị tính</th><th>Kế hoạch năm %d</th><th>Thực hiện %s</th><th>Thực hiện %s</th><th>So với kế hoạch (%%)</th><th>So với %s (%%)</th></tr>
`, strings.ToUpper(b.kind+" "+b.name), 60+int(300*chance(b.name, now)), b.name, day, strings.ToUpper(now), b.kind, b.name, p.year, now, before, than)
			for i, a := range areas {
				fmt.Fprintf(&w, "<tr><td><b>%s</b></td><td><b>%s</b></td><td></td><td></td><td></td><td></td><td></td><td></td></tr>\n", []string{"I", "II", "III", "IV", "V", "VI"}[i], html.EscapeString(a.name))
				for n, r := range a.rows {
					decimals := 0
					if r.unit == "triệu đồng" {
						decimals = 1
					}
					is, was := value(b.name, b.size, r, p.year, p.half), value(b.name, b.size, r, p.year-1, p.half)
					whole := value(b.name, b.size, r, p.year-1, false)
					step := math.Pow(10, math.Max(0, math.Floor(math.Log10(whole))-1))
					plan := math.Ceil(whole*1.03/step) * step
					fmt.Fprintf(&w, "<tr><td>%d</td><td>%s</td><td>%s</td>%s%s%s%s%s</tr>\n", n+1, html.EscapeString(r.name), r.unit, number(plan, 0), number(is, decimals), number(was, decimals), number(math.Round(1000*is/plan)/10, 1), number(math.Round(1000*is/was)/10, 1))
				}
			}
			w.WriteString("<tr><td></td><td colspan=\"7\" align=\"right\"><b>GIÁM ĐỐC</b></td></tr>\n<tr><td></td><td colspan=\"7\" align=\"right\">Nguyễn Thử Nghiệm</td></tr>\n</table></body></html>\n")
			name := fmt.Sprintf("Mẫu-%s-%d-%s.html", strings.ReplaceAll(b.name, " ", "-"), p.year, file)
			if err := os.WriteFile(filepath.Join(os.Args[1], name), []byte(w.String()), 0o600); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
		}
	}
}
