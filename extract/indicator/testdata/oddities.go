//go:build ignore

package main

import "strconv"

// w21: heads that look merged and are not: the year stands over its first column only.
func w21() *book {
	const s = "BM01"
	b := newBook(report{Doc: "w21", Number: "", Issuer: "Sở Khoa học và Công nghệ tỉnh Tân Khê", Signed: "", Period: "2023",
		Title: "Kết quả thực hiện các chỉ tiêu năm 2023"}, s)
	b.put(s, "A1", "SỞ KHOA HỌC VÀ CÔNG NGHỆ TỈNH TÂN KHÊ", "A2", "KẾT QUẢ THỰC HIỆN CÁC CHỈ TIÊU NĂM 2023",
		"A4", "STT", "B4", "Chỉ tiêu", "C4", "ĐVT", "D4", "Năm 2022", "F4", "Năm 2023", "D5", "Kế hoạch", "E5", "Thực hiện", "F5", "Kế hoạch", "G5", "Ước thực hiện", "H5", "% KH", "I5", "% so với năm 2022")
	b.format(s, "A4", "I5", "", true)
	b.width(s, "A", 5, "B", 44, "C:I", 12)
	ax := []axis{{at: "D", period: "2022", kind: plan}, {at: "E", period: "2022", kind: res}, {at: "F", period: "2023", kind: plan}, {at: "G", period: "2023", kind: res},
		{at: "H", period: "2023", how: "share"}, {at: "I", period: "2023", how: "ratio", basis: "previous_period"}}
	b.down(s, 6, "A", ax, []item{
		{head: []any{1, "Số nhiệm vụ KH&CN triển khai mới", "nhiệm vụ"}, code: "task.new", values: []any{15, 16, 18, 20, 111.1, 125.0}},
		{head: []any{2, "Số nhiệm vụ KH&CN nghiệm thu", "nhiệm vụ"}, code: "task.accepted", values: []any{20, 20, 22, 17, 77.3, 85.0}},
		{head: []any{3, "Số đơn đăng ký SHCN", "đơn"}, code: "ip.applications", values: []any{180, 200, 220, 214, 97.3, 107.0}},
		{head: []any{4, "Số phương tiện đo kiểm định", "phương tiện"}, code: "smq.instruments_verified", values: []any{12000, 12500, 13000, 14000, 107.7, 112.0}},
		{head: []any{5, "Số cuộc kiểm tra", "cuộc"}, code: "inspection.checks", values: []any{10, 8, 10, 12, 120.0, 150.0}},
		{head: []any{6, "Tổng kinh phí sự nghiệp KH&CN", "tỷ đồng"}, code: "finance.st_budget_vnd", times: 1e9, values: []any{nil, 25, nil, 27.5, nil, 110.0}},
	})
	return b
}

// w22: the label over two columns: the field, merged down, and the item.
func w22() *book {
	const s = "Phu luc"
	b := newBook(report{Doc: "w22", Number: "77/BC-SKHCN", Issuer: "Sở Khoa học và Công nghệ tỉnh Hà Lâm", Signed: "2022-06-15", Period: "2022-H1",
		Title: "Số liệu chủ yếu 6 tháng đầu năm 2022"}, s)
	b.put(s, "A1", "PHỤ LỤC", "A2", "SỐ LIỆU CHỦ YẾU 6 THÁNG ĐẦU NĂM 2022", "A3", "(Kèm theo Báo cáo số 77/BC-SKHCN ngày 15/6/2022 của Sở Khoa học và Công nghệ tỉnh Hà Lâm)",
		"A5", "Lĩnh vực", "B5", "Nội dung", "C5", "Đơn vị tính", "D5", "6 tháng đầu năm 2021", "E5", "6 tháng đầu năm 2022", "F5", "Tăng/giảm", "F6", "Số tuyệt đối", "G6", "Tỷ lệ (%)")
	b.merge(s, "A2:G2", "A3:G3", "A5:A6", "B5:B6", "C5:C6", "D5:D6", "E5:E6", "F5:G5", "A7:A10", "A11:A13", "A14:A16")
	b.format(s, "A5", "G6", "", true)
	b.width(s, "A", 24, "B", 40, "C:G", 13)
	b.put(s, "A7", "Quản lý khoa học", "A11", "Sở hữu trí tuệ", "A14", "Thanh tra, kiểm tra")
	ax := []axis{{at: "D", period: "2021-H1", kind: res}, {at: "E", period: "2022-H1", kind: res}, {at: "F"}, {at: "G", period: "2022-H1", how: "change", basis: "same_period"}}
	b.down(s, 7, "B", ax, []item{
		{head: []any{"Số đề tài, dự án mở mới", "đề tài"}, code: "task.new", values: []any{10, 8, -2, -20.0}},
		{head: []any{"Số đề tài, dự án chuyển tiếp", "đề tài"}, code: "task.carried_over", values: []any{20, 25, 5, 25.0}},
		{head: []any{"Số đề tài, dự án nghiệm thu", "đề tài"}, code: "task.accepted", values: []any{4, 5, 1, 25.0}},
		{head: []any{"Kinh phí đã giải ngân", "triệu đồng"}, code: "finance.disbursed_vnd", times: 1e6, values: []any{4000, 5500, 1500, 37.5}},
		{head: []any{"Số đơn nhãn hiệu", "đơn"}, code: "ip.trademark_applications", values: []any{50, 65, 15, 30.0}},
		{head: []any{"Số văn bằng được cấp", "văn bằng"}, code: "ip.grants", values: []any{40, 34, -6, -15.0}},
		{head: []any{"Lượt tư vấn", "lượt"}, code: "ip.consultations", values: []any{100, 140, 40, 40.0}},
		{head: []any{"Số cuộc thanh tra", "cuộc"}, code: "inspection.inspections", values: []any{4, 5, 1, 25.0}},
		{head: []any{"Số cơ sở vi phạm", "cơ sở"}, code: "inspection.violations", values: []any{8, 6, -2, -25.0}},
		{head: []any{"Số tiền phạt", "triệu đồng"}, code: "inspection.fines_vnd", times: 1e6, values: []any{80, 60, -20, -25.0}},
	})
	return b
}

// w23: figures with marks of footnotes and words of estimation.
func w23() *book {
	const s = "So lieu"
	b := newBook(report{Doc: "w23", Number: "", Issuer: "Sở Khoa học và Công nghệ tỉnh Lạc Sơn", Signed: "", Period: "2021-Q3",
		Title: "Số liệu quý III năm 2021"}, s)
	b.put(s, "A1", "SỞ KHOA HỌC VÀ CÔNG NGHỆ TỈNH LẠC SƠN", "A2", "SỐ LIỆU QUÝ III NĂM 2021", "A4", "TT", "B4", "Nội dung", "C4", "Đơn vị", "D4", "Quý III/2021", "E4", "Quý III/2020")
	b.format(s, "A4", "E4", "", true)
	b.width(s, "A", 5, "B", 44, "C:E", 16)
	now, old := axis{period: "2021-Q3", kind: res}, axis{period: "2020-Q3", kind: res}
	for i, r := range []struct {
		label, unit, code, now, old string
		n, o                        float64
	}{
		{"Số lớp tập huấn", "lớp", "info.training_courses", "3 (*)", "5", 3, 5},
		{"Số người được tập huấn", "người", "info.trainees", "khoảng 120", "hơn 200", 120, 200},
		{"Tin, bài đăng tải", "tin, bài", "info.articles", "85*", "72", 85, 72},
		{"Lượt truy cập trang thông tin điện tử", "lượt", "info.web_visits", "trên 45.000", "gần 40.000", 45000, 40000},
		{"Số mẫu thử nghiệm", "mẫu", "smq.samples_tested", "310", "295 (1)", 310, 295},
	} {
		row := i + 5
		b.put(s, cellAt("A", row), i+1, cellAt("B", row), r.label, cellAt("C", row), r.unit)
		b.say(s, cellAt("D", row), r.now, r.code, r.n, now)
		b.say(s, cellAt("E", row), r.old, r.code, r.o, old)
	}
	b.put(s, "A11", "(*) 02 lớp chuyển sang quý IV do dịch Covid-19.", "A12", "(1) Không tính 20 mẫu liên phòng.")
	return b
}

// w24: the first half year by months, added up in "Cộng", beside the year's plan; the unit over each section.
func w24() *book {
	const s = "Theo thang"
	b := newBook(report{Doc: "w24", Number: "", Issuer: "Trung tâm Kỹ thuật Tiêu chuẩn Đo lường Chất lượng tỉnh Bình Lâm", Signed: "", Period: "2022-H1",
		Title: "Kết quả hoạt động 6 tháng đầu năm 2022"}, s)
	b.put(s, "A1", "TRUNG TÂM KỸ THUẬT TIÊU CHUẨN ĐO LƯỜNG CHẤT LƯỢNG TỈNH BÌNH LÂM", "A2", "KẾT QUẢ HOẠT ĐỘNG 6 THÁNG ĐẦU NĂM 2022",
		"A4", "TT", "B4", "Nội dung", "C4", "KH năm 2022", "D4", "Tháng 1", "E4", "Tháng 2", "F4", "Tháng 3", "G4", "Tháng 4", "H4", "Tháng 5", "I4", "Tháng 6", "J4", "Cộng 6 tháng", "K4", "Đạt % KH")
	b.format(s, "A4", "K4", "", true)
	b.width(s, "A", 5, "B", 44, "C:K", 11)
	ax := []axis{{at: "C", period: "2022", kind: plan}}
	for i := range 6 {
		ax = append(ax, axis{at: string(rune('D' + i)), period: "2022-M0" + strconv.Itoa(i+1), kind: res})
	}
	ax = append(ax, axis{at: "J", period: "2022-H1", kind: res}, axis{at: "K", period: "2022-H1", how: "share"})
	b.down(s, 5, "A", ax, []item{
		{head: []any{1, "Kiểm định phương tiện đo (phương tiện)"}, code: "smq.instruments_verified", values: []any{9000, 700, 520, 810, 905, 760, 805, 4500, 50.0}},
		{head: []any{2, "Hiệu chuẩn (phương tiện đo)"}, code: "smq.instruments_calibrated", values: []any{400, 20, 15, 40, 35, 52, 38, 200, 50.0}},
		{head: []any{3, "Thử nghiệm (mẫu)"}, code: "smq.samples_tested", values: []any{1500, 90, 75, 130, 121, 140, 119, 675, 45.0}},
		{head: []any{4, "Đăng ký mã số mã vạch (hồ sơ)"}, code: "smq.barcode_applications", values: []any{60, 4, 2, 6, 5, 8, 5, 30, 50.0}},
	})
	return b
}

// w25: a sheet for each quarter, which only the sheets' names tell; the year stands in the first title.
func w25() *book {
	const s = "Quý I"
	b := newBook(report{Doc: "w25", Number: "", Issuer: "Sở Khoa học và Công nghệ tỉnh Long Khánh Sơn", Signed: "", Period: "2020",
		Title: "Số liệu thông tin khoa học và công nghệ năm 2020"}, s)
	for q, name := range []string{"Quý I", "Quý II", "Quý III", "Quý IV"} {
		if q > 0 {
			b.sheet(name)
		}
		b.put(name, "A1", "SỞ KHOA HỌC VÀ CÔNG NGHỆ TỈNH LONG KHÁNH SƠN", "A2", "SỐ LIỆU THÔNG TIN KHOA HỌC VÀ CÔNG NGHỆ NĂM 2020", "A4", "TT", "B4", "Chỉ tiêu", "C4", "ĐVT", "D4", "Kết quả")
		b.width(name, "A", 5, "B", 40, "C:D", 14)
		ax := []axis{{at: "D", period: "2020-Q" + strconv.Itoa(q+1), kind: res}}
		b.down(name, 5, "A", ax, []item{
			{head: []any{1, "Số bản tin phát hành", "số"}, code: "info.bulletins", values: []any{2 + q}},
			{head: []any{2, "Số lượng bản in", "cuốn"}, code: "info.copies", values: []any{600 + 300*q}},
			{head: []any{3, "Tin, bài trên cổng thông tin", "tin, bài"}, code: "info.articles", values: []any{50 + 11*q}},
			{head: []any{4, "Hội nghị, hội thảo", "cuộc"}, code: "info.events", values: []any{1 + q*q}},
		})
	}
	return b
}

// w26: labels merged over four columns, empty columns between, a title block of many lines, the table far down.
func w26() *book {
	const s = "Mau 03"
	b := newBook(report{Doc: "w26", Number: "215/BC-SKHCN", Issuer: "Sở Khoa học và Công nghệ tỉnh Phong Điền Sơn", Recipient: "Bộ Khoa học và Công nghệ", Signed: "2023-07-03", Period: "2023-H1",
		Title: "Báo cáo số liệu hoạt động khoa học và công nghệ 6 tháng đầu năm 2023"}, s)
	b.put(s, "B2", "UBND TỈNH PHONG ĐIỀN SƠN", "B3", "SỞ KHOA HỌC VÀ CÔNG NGHỆ", "H2", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "H3", "Độc lập - Tự do - Hạnh phúc", "B4", "Số: 215/BC-SKHCN", "H4", "Phong Điền Sơn, ngày 03 tháng 7 năm 2023",
		"B7", "BÁO CÁO", "B8", "SỐ LIỆU HOẠT ĐỘNG KHOA HỌC VÀ CÔNG NGHỆ 6 THÁNG ĐẦU NĂM 2023", "B9", "(Thực hiện Công văn số 1201/BKHCN-VP ngày 15/5/2023 của Bộ Khoa học và Công nghệ)", "B10", "Kính gửi: Bộ Khoa học và Công nghệ",
		"B14", "Số TT", "C14", "Chỉ tiêu báo cáo", "H14", "Đơn vị tính", "J14", "Số liệu kỳ báo cáo", "L14", "Số liệu cùng kỳ")
	b.merge(s, "B7:L7", "B8:L8", "B9:L9", "B10:L10", "C14:F14", "J14:K14", "H14:I14")
	b.format(s, "B14", "L14", "", true)
	now, old := axis{period: "2023-H1", kind: res}, axis{period: "2022-H1", kind: res}
	for i, r := range []struct {
		label, unit, code string
		times, n, o       float64
	}{
		{"Số nhiệm vụ KH&CN cấp tỉnh đang thực hiện", "nhiệm vụ", "task.in_progress", 1, 37, 33},
		{"Số doanh nghiệp KH&CN (lũy kế)", "doanh nghiệp", "enterprise.st_total", 1, 12, 9},
		{"Số giấy phép tiến hành công việc bức xạ đã cấp", "giấy phép", "radiation.licences_granted", 1, 14, 17},
		{"Số hợp đồng chuyển giao công nghệ", "hợp đồng", "technology.transfer_contracts", 1, 2, 1},
		{"Chi sự nghiệp khoa học và công nghệ đã giải ngân", "triệu đồng", "finance.disbursed_vnd", 1e6, 11240, 9875},
		{"Số hồ sơ TTHC giải quyết đúng hạn", "hồ sơ", "admin.dossiers_on_time", 1, 143, 131},
	} {
		row := 15 + i
		b.put(s, cellAt("B", row), i+1, cellAt("C", row), r.label, cellAt("H", row), r.unit)
		b.merge(s, cellAt("C", row)+":"+cellAt("F", row), cellAt("H", row)+":"+cellAt("I", row), cellAt("J", row)+":"+cellAt("K", row))
		b.fact(s, cellAt("J", row), r.label, r.n, r.code, r.times, now)
		b.fact(s, cellAt("L", row), r.label, r.o, r.code, r.times, old)
	}
	b.put(s, "H23", "GIÁM ĐỐC", "H27", "Trần Quốc Hải")
	return b
}

// w27: no head at all: labels, figures, units.
func w27() *book {
	const s = "Tom tat"
	b := newBook(report{Doc: "w27", Number: "", Issuer: "Sở Khoa học và Công nghệ thành phố Hòa Vang", Signed: "", Period: "2024-H1",
		Title: "Một số kết quả nổi bật 6 tháng đầu năm 2024"}, s)
	b.put(s, "A1", "SỞ KHOA HỌC VÀ CÔNG NGHỆ THÀNH PHỐ HÒA VANG", "A2", "MỘT SỐ KẾT QUẢ NỔI BẬT 6 THÁNG ĐẦU NĂM 2024")
	b.width(s, "A", 48, "B:C", 14)
	b.down(s, 4, "A", []axis{{at: "B", period: "2024-H1", kind: res}}, []item{
		{head: []any{"Số dự án khởi nghiệp được hỗ trợ", nil, "dự án"}, code: "startup.projects_supported", values: []any{21}},
		{head: []any{"Số sự kiện khởi nghiệp đổi mới sáng tạo", nil, "sự kiện"}, code: "startup.events", values: []any{6}},
		{head: []any{"Lượt người tham gia sự kiện khởi nghiệp", nil, "lượt người"}, code: "startup.participants", values: []any{1850}},
		{head: []any{"Doanh nghiệp được hỗ trợ đổi mới công nghệ", nil, "doanh nghiệp"}, code: "enterprise.innovation_supported", values: []any{13}},
		{head: []any{"Đơn đăng ký sáng chế", nil, "đơn"}, code: "ip.patent_applications", values: []any{44}},
	})
	return b
}

// w28: indicators across under their fields, bodies down, the total last with parts of the year in the columns' heads.
func w28() *book {
	const s = "Don vi"
	b := newBook(report{Doc: "w28", Number: "", Issuer: "Sở Khoa học và Công nghệ tỉnh Sơn Hòa", Signed: "", Period: "2021",
		Title: "Tổng hợp kết quả của các đơn vị trực thuộc năm 2021"}, s)
	b.put(s, "A1", "SỞ KHOA HỌC VÀ CÔNG NGHỆ TỈNH SƠN HÒA", "A2", "TỔNG HỢP KẾT QUẢ CỦA CÁC ĐƠN VỊ TRỰC THUỘC NĂM 2021",
		"A4", "STT", "B4", "Đơn vị", "C4", "Lớp tập huấn", "C5", "6 tháng", "D5", "Cả năm", "E4", "Số người được tập huấn", "E5", "6 tháng", "F5", "Cả năm", "G4", "Mô hình chuyển giao", "G5", "6 tháng", "H5", "Cả năm")
	b.merge(s, "A1:H1", "A2:H2", "A4:A5", "B4:B5", "C4:D4", "E4:F4", "G4:H4", "A9:B9")
	b.format(s, "A4", "H5", "", true)
	b.width(s, "A", 5, "B", 36, "C:H", 11)
	for i, r := range [][]any{{"Trung tâm Ứng dụng tiến bộ KH&CN", 3, 7, 90, 210, 2, 5}, {"Trung tâm Thông tin KH&CN", 2, 4, 55, 130, 0, 0}, {"Chi cục TĐC", 1, 3, 40, 95, 0, 1}} {
		row := strconv.Itoa(6 + i)
		b.put(s, "A"+row, i+1)
		for k, v := range r {
			b.put(s, string(rune('B'+k))+row, v)
		}
	}
	b.put(s, "A9", "Tổng số")
	for i, f := range []struct {
		code, period string
		v            float64
	}{{"info.training_courses", "2021-H1", 6}, {"info.training_courses", "2021", 14}, {"info.trainees", "2021-H1", 185}, {"info.trainees", "2021", 435}, {"technology.models_transferred", "2021-H1", 2}, {"technology.models_transferred", "2021", 6}} {
		b.fact(s, string(rune('C'+i))+"9", "Tổng số", f.v, f.code, 1, axis{period: f.period, kind: res})
	}
	return b
}
