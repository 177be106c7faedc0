package documenttest

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Source is an invented report as HTML, made to be set by many programs: letterhead, sections,
// lists, and the tables whose shapes readers stumble over.
type Source struct {
	Name string
	HTML string // complete, its fonts named by the class of the body alone
	Body string
}

// Sources invents reports, the same ones each time.
func Sources() []Source {
	shapes := []struct {
		name string
		body func(w *invented)
	}{
		{"ruled", func(w *invented) {
			w.prose(6)
			w.table(ruledTable, 9, true, false)
			w.prose(5)
			w.table(ruledTable, 6, false, true)
			w.prose(4)
		}},
		{"unruled", func(w *invented) {
			w.prose(5)
			w.table(plainTable, 8, false, false)
			w.prose(5)
			w.table(linedTable, 7, false, false)
			w.prose(3)
		}},
		{"long", func(w *invented) {
			w.prose(8)
			w.table(ruledTable, 70, true, true)
			w.prose(12)
			w.table(linedTable, 30, false, false)
			w.prose(6)
		}},
		{"prose", func(w *invented) { w.prose(40) }},
		{"columns", func(w *invented) {
			w.b.WriteString(`<div class="columns">`)
			w.prose(26)
			w.b.WriteString(`</div>`)
		}},
		{"landscape", func(w *invented) {
			w.prose(2)
			w.table(wideTable, 14, true, false)
		}},
	}
	var out []Source
	for i, s := range shapes {
		w := &invented{r: rand.New(rand.NewPCG(uint64(i), 7))}
		w.head()
		s.body(w)
		w.foot()
		page := ""
		if s.name == "landscape" {
			page = "@page{size:A4 landscape}"
		}
		body := w.b.String()
		out = append(out, Source{s.name, `<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>` + s.name + `</title><style>` + page + style + `</style></head><body>` + body + `</body></html>`, body})
	}
	return out
}

const style = `@page{margin:2cm}body{font-family:"Liberation Serif";font-size:13pt;line-height:1.25}h1{text-align:center;font-size:14pt}h2,h3{font-size:13pt}
p,li{text-align:justify}table{border-collapse:collapse;width:100%}td,th{padding:2px 4px}table.ruled td,table.ruled th{border:1px solid #000}
table.lined td,table.lined th{border-top:1px solid #000;border-bottom:1px solid #000}table.h{width:100%}table.h td{text-align:center;vertical-align:top}
td.n{text-align:right}.columns{column-count:2;column-gap:24pt;font-size:11pt}`

type tableKind int

const (
	ruledTable tableKind = iota
	plainTable
	linedTable
	wideTable
)

// invented is a report being written.
type invented struct {
	b       strings.Builder
	r       *rand.Rand
	section int
}

func (w *invented) pick(of []string) string { return of[w.r.IntN(len(of))] }

func (w *invented) number() string {
	switch w.r.IntN(6) {
	case 0:
		return fmt.Sprintf("%d,%d", w.r.IntN(90)+1, w.r.IntN(9)+1)
	case 1:
		return fmt.Sprintf("%d.%03d", w.r.IntN(40)+1, w.r.IntN(1000))
	case 2:
		return fmt.Sprintf("%02d", w.r.IntN(9)+1)
	}
	return fmt.Sprint(w.r.IntN(880) + 10)
}

func (w *invented) head() {
	city := w.pick([]string{"BẠCH SƠN", "THUỶ NGUYÊN", "HẢI VÂN", "PHƯỚC LONG"})
	fmt.Fprintf(&w.b, `<table class="h"><tr><td>UBND TỈNH %s<br><b>SỞ KHOA HỌC VÀ CÔNG NGHỆ</b></td><td><b>CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM<br>Độc lập - Tự do - Hạnh phúc</b></td></tr>`+
		`<tr><td>Số: %d/BC-SKHCN</td><td><i>ngày %d tháng 6 năm 20%d</i></td></tr></table>`, city, w.r.IntN(900)+40, w.r.IntN(18)+10, w.r.IntN(10)+15)
	w.b.WriteString(`<h1>BÁO CÁO</h1><h1>Kết quả công tác khoa học và công nghệ 6 tháng đầu năm</h1>`)
}

func (w *invented) foot() {
	w.b.WriteString(`<table class="h"><tr><td>Nơi nhận:<br>- Như trên;<br>- Lưu: VT, KHTC.</td><td><b>KT. GIÁM ĐỐC<br>PHÓ GIÁM ĐỐC</b><br>Nguyễn Thị Thuỳ Dương</td></tr></table>`)
}

func (w *invented) sentence() string {
	return fmt.Sprintf(w.pick([]string{
		"Trong 6 tháng, Sở đã tiếp nhận %s hồ sơ đề nghị cấp phép sử dụng thiết bị X-quang chẩn đoán y tế, giải quyết đúng hạn %s hồ sơ.",
		"Tổ chức %s cuộc thanh tra chuyên ngành về đo lường, chất lượng sản phẩm, hàng hoá tại các cửa hàng xăng dầu và kinh doanh vàng trang sức mỹ nghệ, phát hiện %s cơ sở vi phạm.",
		"Nghiệm thu %s đề tài, dự án cấp tỉnh; %s nhiệm vụ đang triển khai theo tiến độ, tập trung vào nông nghiệp công nghệ cao và y dược.",
		"Hướng dẫn %s tổ chức, cá nhân xác lập quyền sở hữu công nghiệp; có %s văn bằng bảo hộ được cấp, chủ yếu là nhãn hiệu của hợp tác xã.",
		"Kiểm định %s phương tiện đo các loại, trong đó cân thông dụng, công tơ điện và đồng hồ nước lạnh chiếm %s phần trăm.",
		"Nguồn vốn sự nghiệp khoa học được giao là %s triệu đồng, giải ngân đến hết tháng 5 đạt %s triệu đồng.",
		"Đã phối hợp với các huyện, thị xã, thành phố tập huấn cho %s lượt người về truy xuất nguồn gốc, mã số mã vạch và ISO 9001:2015 tại %s lớp.",
		"Mặc dù còn gặp khó khăn do kinh phí phân bổ chậm, kết quả đạt được vẫn bằng %s%% so với cùng kỳ (cùng kỳ: %s), cơ bản bám sát kế hoạch đề ra.",
	}), w.number(), w.number())
}

func (w *invented) prose(n int) {
	for i := range n {
		switch {
		case i%7 == 0:
			w.section++
			fmt.Fprintf(&w.b, "<h2>%d. %s</h2>", w.section, w.pick([]string{"Quản lý khoa học và công nghệ", "Tiêu chuẩn, đo lường, chất lượng", "Sở hữu trí tuệ và đổi mới sáng tạo", "An toàn bức xạ, hạt nhân", "Thanh tra, kiểm tra, tiếp công dân"}))
		case i%5 == 3:
			for range 2 {
				fmt.Fprintf(&w.b, "<p>- %s</p>", w.sentence())
			}
		default:
			fmt.Fprintf(&w.b, "<p>%s %s</p>", w.sentence(), w.sentence())
		}
	}
}

var labels = []string{
	"Số nhiệm vụ khoa học và công nghệ cấp tỉnh được nghiệm thu, đánh giá trong kỳ báo cáo", "Đơn đăng ký nhãn hiệu",
	"Số cuộc thanh tra, kiểm tra nhà nước về chất lượng sản phẩm, hàng hoá lưu thông trên thị trường và hàng hoá nhập khẩu", "Phương tiện đo được kiểm định",
	"Giấy phép tiến hành công việc bức xạ được cấp mới, gia hạn, sửa đổi, bổ sung", "Lượt người được tập huấn", "Doanh nghiệp khoa học và công nghệ được cấp giấy chứng nhận",
	"Kinh phí sự nghiệp khoa học và công nghệ đã giải ngân", "Bài báo khoa học công bố trên tạp chí quốc tế", "Hợp đồng chuyển giao công nghệ được cấp giấy chứng nhận đăng ký",
}

// table writes one table. merged gives it a head of two rows with merged cells, sections rows that
// run over all columns.
func (w *invented) table(kind tableKind, rows int, merged, sections bool) {
	class := map[tableKind]string{ruledTable: "ruled", plainTable: "plain", linedTable: "lined", wideTable: "ruled"}[kind]
	fmt.Fprintf(&w.b, `<p>Biểu %d. Các chỉ tiêu chủ yếu</p><table class="%s"%s>`, w.r.IntN(20)+1, class, map[bool]string{true: ` border="1"`}[class == "ruled"])
	figures := 3
	if kind == wideTable {
		figures = 8
	}
	if merged {
		fmt.Fprintf(&w.b, `<tr><th rowspan="2">TT</th><th rowspan="2">Chỉ tiêu</th><th rowspan="2">Đơn vị</th><th colspan="%d">Kết quả thực hiện</th></tr><tr>`, figures)
		for k := range figures {
			fmt.Fprintf(&w.b, "<th>Kỳ %d</th>", k+1)
		}
		w.b.WriteString("</tr>")
	} else {
		w.b.WriteString("<tr><th>TT</th><th>Chỉ tiêu</th><th>Đơn vị</th>")
		for _, h := range []string{"Kế hoạch", "Thực hiện", "Cùng kỳ"}[:figures] {
			fmt.Fprintf(&w.b, "<th>%s</th>", h)
		}
		w.b.WriteString("</tr>")
	}
	for i := range rows {
		if sections && i%6 == 0 {
			fmt.Fprintf(&w.b, `<tr><td colspan="%d"><b>%s</b></td></tr>`, 3+figures, w.pick([]string{"A. Quản lý nhiệm vụ", "B. Hoạt động sự nghiệp", "C. Các lĩnh vực khác"}))
		}
		label := labels[w.r.IntN(len(labels))]
		fmt.Fprintf(&w.b, "<tr><td>%d</td><td>%s</td><td>%s</td>", i+1, label, w.pick([]string{"nhiệm vụ", "cuộc", "hồ sơ", "triệu đồng", "lượt người"}))
		for range figures {
			fmt.Fprintf(&w.b, `<td class="n">%s</td>`, w.number())
		}
		w.b.WriteString("</tr>")
	}
	w.b.WriteString("</table>")
}
