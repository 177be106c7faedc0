//go:build ignore

package main

import "strconv"

// w11: two tables side by side, each with its own head; the unit stands in each row.
func w11() *book {
	const s = "Sheet 6T"
	b := newBook(report{Doc: "w11", Number: "", Issuer: "Sở Khoa học và Công nghệ tỉnh Hương Khánh", Signed: "", Period: "2023-H1",
		Title: "Một số chỉ tiêu chủ yếu ngành khoa học và công nghệ 6 tháng đầu năm 2023"}, s)
	b.put(s, "A1", "SỞ KHOA HỌC VÀ CÔNG NGHỆ TỈNH HƯƠNG KHÁNH", "A2", "MỘT SỐ CHỈ TIÊU CHỦ YẾU NGÀNH KHOA HỌC VÀ CÔNG NGHỆ 6 THÁNG ĐẦU NĂM 2023",
		"A4", "STT", "B4", "Chỉ tiêu", "C4", "ĐVT", "D4", "Kế hoạch 2023", "E4", "Thực hiện 6T/2023",
		"G4", "STT", "H4", "Chỉ tiêu", "I4", "ĐVT", "J4", "Thực hiện 6T/2022", "K4", "Thực hiện 6T/2023", "L4", "% so cùng kỳ")
	b.merge(s, "A1:L1", "A2:L2")
	b.width(s, "A", 5, "B", 40, "C:E", 12, "F", 3, "G", 5, "H", 40, "I:L", 12)
	b.format(s, "A4", "E4", "", true)
	b.format(s, "G4", "L4", "", true)
	b.down(s, 5, "A", []axis{{at: "D", period: "2023", kind: plan}, {at: "E", period: "2023-H1", kind: res}}, []item{
		{head: []any{1, "Đề tài, dự án cấp tỉnh mở mới", "nhiệm vụ"}, code: "task.new", values: []any{14, 6}},
		{head: []any{2, "Đề tài, dự án chuyển tiếp", "nhiệm vụ"}, code: "task.carried_over", values: []any{nil, 21}},
		{head: []any{3, "Đề tài, dự án đã nghiệm thu", "nhiệm vụ"}, code: "task.accepted", values: []any{18, 7}},
		{head: []any{4, "Kinh phí sự nghiệp KH&CN đã giải ngân", "Tr.đồng"}, code: "finance.disbursed_vnd", times: 1e6, values: []any{24500, 9312.5}},
		{head: []any{5, "Lớp tập huấn, đào tạo", "lớp"}, code: "info.training_courses", values: []any{10, 4}},
		{head: []any{6, "Số lượt người tham gia tập huấn", "lượt người"}, code: "info.trainees", values: []any{400, 176}},
	})
	b.down(s, 5, "G", []axis{{at: "J", period: "2022-H1", kind: res}, {at: "K", period: "2023-H1", kind: res}, {at: "L", period: "2023-H1", how: "ratio", basis: "same_period"}}, []item{
		{head: []any{1, "Đơn đăng ký sở hữu công nghiệp", "đơn"}, code: "ip.applications", values: []any{96, 120, 125.0}},
		{head: []any{2, "Văn bằng bảo hộ được cấp", "văn bằng"}, code: "ip.grants", values: []any{60, 51, 85.0}},
		{head: []any{3, "Phương tiện đo kiểm định", "PTĐ"}, code: "smq.instruments_verified", values: []any{8120, 8526, 105.0}},
		{head: []any{4, "Số mẫu thử nghiệm", "mẫu"}, code: "smq.samples_tested", values: []any{640, 704, 110.0}},
		{head: []any{5, "Giấy phép tiến hành công việc bức xạ", "giấy phép"}, code: "radiation.licences_granted", values: []any{10, 13, 130.0}},
		{head: []any{6, "Cuộc thanh tra, kiểm tra", "cuộc"}, code: "inspection.inspections", values: []any{8, 6, 75.0}},
	})
	return b
}

// w12: five years as columns, parts under totals, a column of the whole span, notes under the table.
func w12() *book {
	const s = "Chuoi so lieu"
	b := newBook(report{Doc: "w12", Number: "1755/SKHCN-VP", Issuer: "Sở Khoa học và Công nghệ tỉnh Tam Lĩnh", Signed: "2023-12-15", Period: "2023",
		Title: "Chuỗi số liệu thống kê khoa học và công nghệ 5 năm 2019 - 2023"}, s)
	b.put(s, "A1", "PHỤ LỤC 03", "A2", "CHUỖI SỐ LIỆU THỐNG KÊ KHOA HỌC VÀ CÔNG NGHỆ 5 NĂM 2019 - 2023", "A3", "(Kèm theo Công văn số 1755/SKHCN-VP ngày 15 tháng 12 năm 2023 của Sở Khoa học và Công nghệ tỉnh Tam Lĩnh)",
		"A5", "TT", "B5", "Tên chỉ tiêu", "C5", "Đơn vị tính", "D5", "Năm 2019", "E5", "Năm 2020", "F5", "Năm 2021", "G5", "Năm 2022", "H5", "Ước năm 2023", "I5", "Ghi chú")
	b.merge(s, "A1:I1", "A2:I2", "A3:I3")
	b.width(s, "A", 6, "B", 48, "C:H", 12, "I", 24)
	b.format(s, "A5", "I5", "", true)
	ax := []axis{{at: "D", period: "2019", kind: res}, {at: "E", period: "2020", kind: res}, {at: "F", period: "2021", kind: res}, {at: "G", period: "2022", kind: res}, {at: "H", period: "2023", kind: res}, {at: "I"}}
	n := b.down(s, 6, "A", ax, []item{
		{head: []any{1, "Tổng số nhiệm vụ KH&CN đang triển khai", "nhiệm vụ"}, code: "task.in_progress", values: []any{41, 44, 39, 46, 52, nil}},
		{head: []any{nil, "Trong đó: lĩnh vực nông nghiệp", "nhiệm vụ"}, values: []any{18, 20, 15, 21, 24, nil}},
		{head: []any{nil, "           lĩnh vực khoa học xã hội và nhân văn", "nhiệm vụ"}, values: []any{11, 12, 10, 9, 13, nil}},
		{head: []any{2, "Số nhiệm vụ cấp tỉnh nghiệm thu", "nhiệm vụ"}, code: "task.accepted", values: []any{12, 15, 9, 17, 16, nil}},
		{head: []any{3, "Kinh phí sự nghiệp KH&CN", "Triệu đồng"}, code: "finance.st_budget_vnd", times: 1e6, values: []any{18200, 19450.5, 17800, 21035, 22600, "Dự toán giao đầu năm"}},
		{head: []any{4, "Số đơn nhãn hiệu", "đơn"}, code: "ip.trademark_applications", values: []any{133, 147, 128, 160, 188, nil}},
		{head: []any{5, "Số sáng chế, GPHI được cấp bằng", "bằng"}, code: "ip.patent_grants", values: []any{1, 0, 2, 3, 2, nil}},
		{head: []any{6, "Doanh nghiệp KH&CN được cấp giấy chứng nhận trong năm", "doanh nghiệp"}, code: "enterprise.st_certified", values: []any{2, 1, 3, 2, 4, nil}},
		{head: []any{7, "Số cơ quan áp dụng ISO 9001", "cơ quan"}, code: "smq.iso_agencies", values: []any{88, 96, 101, 101, 104, nil}},
		{head: []any{8, "Số cuộc thanh tra chuyên ngành", "cuộc"}, code: "inspection.inspections", values: []any{9, 5, 4, 8, 7, nil}},
		{head: []any{9, "Tổng số tiền xử phạt", "Triệu đồng"}, code: "inspection.fines_vnd", times: 1e6, values: []any{145, 62.5, 38, 120, 96.5, nil}},
	})
	b.put(s, cellAt("A", n+1), "Ghi chú: Số liệu năm 2023 ước đến 31/12; số liệu các năm trước lấy theo báo cáo số 12/BC-SKHCN ngày 10/01/2023.")
	return b
}

// w13: a head of three rows over two years, plan, result and two shares for each; a row that numbers the columns.
func w13() *book {
	const s = "Bieu 02"
	b := newBook(report{Doc: "w13", Number: "88/BC-SKHCN", Issuer: "Sở Khoa học và Công nghệ tỉnh Bắc Hà Sơn", Recipient: "Sở Kế hoạch và Đầu tư", Signed: "2022-06-20", Period: "2022-H1",
		Title: "Tình hình thực hiện kế hoạch khoa học và công nghệ 6 tháng đầu năm 2022"}, s)
	b.put(s, "A1", "UBND TỈNH BẮC HÀ SƠN", "A2", "SỞ KHOA HỌC VÀ CÔNG NGHỆ", "H1", "Biểu số 02", "H2", "Ban hành theo Quyết định số 15/2018/QĐ-UBND ngày 02/5/2018",
		"A3", "Số: 88/BC-SKHCN", "H3", "Bắc Hà Sơn, ngày 20 tháng 6 năm 2022",
		"A5", "TÌNH HÌNH THỰC HIỆN KẾ HOẠCH KHOA HỌC VÀ CÔNG NGHỆ 6 THÁNG ĐẦU NĂM 2022", "A6", "Kính gửi: Sở Kế hoạch và Đầu tư",
		"A8", "Số TT", "B8", "Chỉ tiêu", "C8", "Đơn vị tính", "D8", "Năm 2021", "D9", "Thực hiện", "D10", "6 tháng", "E10", "Cả năm",
		"F8", "Năm 2022", "F9", "Kế hoạch năm", "G9", "Ước thực hiện 6 tháng", "H9", "So sánh (%)", "H10", "So với kế hoạch", "I10", "So với cùng kỳ",
		"A11", "(1)", "B11", "(2)", "C11", "(3)", "D11", "(4)", "E11", "(5)", "F11", "(6)", "G11", "(7)", "H11", "(8)=(7)/(6)", "I11", "(9)=(7)/(4)")
	b.merge(s, "A5:I5", "A6:I6", "A8:A10", "B8:B10", "C8:C10", "D8:E8", "D9:E9", "F8:I8", "F9:F10", "G9:G10", "H9:I9")
	b.width(s, "A", 6, "B", 46, "C:I", 12)
	b.format(s, "A8", "I11", "", true)
	ax := []axis{{at: "D", period: "2021-H1", kind: res}, {at: "E", period: "2021", kind: res}, {at: "F", period: "2022", kind: plan}, {at: "G", period: "2022-H1", kind: res},
		{at: "H", period: "2022-H1", how: "share"}, {at: "I", period: "2022-H1", how: "ratio", basis: "same_period"}}
	b.down(s, 12, "A", ax, []item{
		{head: []any{"A", "HOẠT ĐỘNG NGHIÊN CỨU KHOA HỌC"}},
		{head: []any{1, "Số đề xuất nhiệm vụ tiếp nhận", "đề xuất"}, code: "task.proposals_received", values: []any{50, 94, 100, 60, 60.0, 120.0}},
		{head: []any{2, "Số nhiệm vụ mới được phê duyệt", "nhiệm vụ"}, code: "task.new", values: []any{5, 15, 16, 8, 50.0, 160.0}},
		{head: []any{3, "Số nhiệm vụ được nghiệm thu", "nhiệm vụ"}, code: "task.accepted", values: []any{8, 19, 20, 6, 30.0, 75.0}},
		{head: []any{4, "Kinh phí giải ngân", "triệu đồng"}, code: "finance.disbursed_vnd", times: 1e6, values: []any{6400, 20150, 21000, 8190, 39.0, 128.0}},
		{head: []any{"B", "TIÊU CHUẨN ĐO LƯỜNG CHẤT LƯỢNG"}},
		{head: []any{1, "Kiểm định phương tiện đo", "phương tiện"}, code: "smq.instruments_verified", values: []any{3500, 7812, 8000, 3920, 49.0, 112.0}},
		{head: []any{2, "Hồ sơ công bố hợp quy tiếp nhận", "hồ sơ"}, code: "smq.conformity_declarations", values: []any{20, 45, nil, 25, nil, 125.0}},
		{head: []any{"C", "THANH TRA"}},
		{head: []any{1, "Số cơ sở được thanh tra", "cơ sở"}, code: "inspection.entities", values: []any{40, 85, 90, 48, 53.3, 120.0}},
		{head: []any{2, "Số cơ sở vi phạm", "cơ sở"}, code: "inspection.violations", values: []any{5, 9, nil, 4, nil, 80.0}},
	})
	return b
}

// w14: on its side: indicators under two group heads, quarters, half year, plan and share in rows.
func w14() *book {
	const s = "TH 6T"
	b := newBook(report{Doc: "w14", Number: "54/BC-CCTĐC", Issuer: "Chi cục Tiêu chuẩn Đo lường Chất lượng tỉnh Lam Khê", Recipient: "Sở Khoa học và Công nghệ tỉnh Lam Khê", Signed: "2021-06-08", Period: "2021-H1",
		Title: "Tổng hợp kết quả hoạt động tiêu chuẩn đo lường chất lượng 6 tháng đầu năm 2021"}, s)
	b.put(s, "A1", "SỞ KH&CN TỈNH LAM KHÊ", "A2", "CHI CỤC TIÊU CHUẨN ĐO LƯỜNG CHẤT LƯỢNG", "A3", "Số: 54/BC-CCTĐC", "F3", "Lam Khê, ngày 08 tháng 6 năm 2021",
		"A5", "TỔNG HỢP KẾT QUẢ HOẠT ĐỘNG TIÊU CHUẨN ĐO LƯỜNG CHẤT LƯỢNG 6 THÁNG ĐẦU NĂM 2021", "A6", "Kính gửi: Sở Khoa học và Công nghệ tỉnh Lam Khê",
		"A8", "Thời gian", "B8", "Đo lường", "B9", "Phương tiện đo được kiểm định (cái)", "C9", "Phương tiện đo hiệu chuẩn (cái)", "D8", "Chất lượng", "D9", "Số mẫu thử nghiệm", "E9", "Trong đó mẫu không đạt", "F9", "Hồ sơ công bố hợp chuẩn, hợp quy", "G8", "Kiểm tra", "G9", "Số cuộc", "H9", "Số cơ sở", "I9", "Tiền phạt (nghìn đồng)")
	b.merge(s, "A5:I5", "A6:I6", "A8:A9", "B8:C8", "D8:F8", "G8:I8")
	b.width(s, "A", 26, "B:I", 14)
	b.format(s, "A8", "I9", "", true)
	b.put(s, "A10", "Quý I", "A11", "Quý II (ước)", "A12", "Cộng 6 tháng", "A13", "Kế hoạch năm 2021", "A14", "Tỷ lệ thực hiện so với kế hoạch năm (%)")
	ax := []axis{{at: "10", period: "2021-Q1", kind: res}, {at: "11", period: "2021-Q2", kind: res}, {at: "12", period: "2021-H1", kind: res}, {at: "13", period: "2021", kind: plan}, {at: "14", period: "2021-H1", how: "share"}}
	b.across(s, "B", ax, []item{
		{head: []any{"Phương tiện đo được kiểm định"}, code: "smq.instruments_verified", values: []any{1510, 1990, 3500, 7000, 50.0}},
		{head: []any{"Phương tiện đo hiệu chuẩn"}, code: "smq.instruments_calibrated", values: []any{42, 58, 100, 250, 40.0}},
		{head: []any{"Số mẫu thử nghiệm"}, code: "smq.samples_tested", values: []any{210, 240, 450, 1000, 45.0}},
		{head: []any{"Trong đó mẫu không đạt"}, code: "smq.samples_failed", values: []any{4, 7, 11, nil, nil}},
		{head: []any{"Hồ sơ công bố hợp chuẩn, hợp quy"}, code: "smq.conformity_declarations", values: []any{9, 12, 21, nil, nil}},
		{head: []any{"Số cuộc kiểm tra"}, code: "inspection.checks", values: []any{2, 3, 5, 10, 50.0}},
		{head: []any{"Số cơ sở"}, code: "inspection.entities", values: []any{18, 36, 54, 120, 45.0}},
		{head: []any{"Tiền phạt"}, code: "inspection.fines_vnd", times: 1e3, values: []any{12500, 31000, 43500, nil, nil}},
	})
	return b
}

// w15: bodies in rows under a total that stands first; hidden rows and columns, a superseded sheet.
func w15() *book {
	const s = "Theo huyen"
	b := newBook(report{Doc: "w15", Number: "", Issuer: "Sở Khoa học và Công nghệ tỉnh Đông Khánh", Signed: "", Period: "2020",
		Title: "Kết quả hoạt động khoa học và công nghệ cấp huyện năm 2020"}, s)
	b.put(s, "A1", "SỞ KHOA HỌC VÀ CÔNG NGHỆ TỈNH ĐÔNG KHÁNH", "A2", "(Mẫu kèm theo Kế hoạch năm 2018)", "A3", "KẾT QUẢ HOẠT ĐỘNG KHOA HỌC VÀ CÔNG NGHỆ CẤP HUYỆN NĂM 2020", "G4", "Đơn vị kinh phí: triệu đồng",
		"A5", "TT", "B5", "Huyện, thành phố", "C5", "Số nhiệm vụ cấp huyện", "D5", "Số mô hình chuyển giao", "E5", "Số sáng kiến được công nhận", "F5", "Số lớp tập huấn", "G5", "Số người tham dự tập huấn", "H5", "Tin, bài (nháp)",
		"A6", nil, "B6", "Toàn tỉnh")
	b.merge(s, "A1:H1", "A2:H2", "A3:H3")
	b.width(s, "A", 5, "B", 28, "C:H", 14)
	b.format(s, "A5", "H5", "", true)
	b.across(s, "C", []axis{{at: "6", period: "2020", kind: res}}, []item{
		{head: []any{"Số nhiệm vụ cấp huyện"}, code: "task.district_level", values: []any{23}},
		{head: []any{"Số mô hình chuyển giao"}, code: "technology.models_transferred", values: []any{11}},
		{head: []any{"Số sáng kiến được công nhận"}, code: "ip.initiatives_recognised", values: []any{1420}},
		{head: []any{"Số lớp tập huấn"}, code: "info.training_courses", values: []any{18}},
		{head: []any{"Số người tham dự tập huấn"}, code: "info.trainees", values: []any{842}},
	})
	b.put(s, "H6", 77)
	for i, r := range [][]any{{"TP. Đông Khánh", 6, 3, 410, 5, 240, 30}, {"Huyện Suối Vàng", 5, 2, 322, 4, 180, 12}, {"Huyện Kỳ Nam", 4, 2, 288, 3, 150, 20}, {"Huyện Bàn Thạch", 5, 3, 250, 4, 172, 9}, {"Thị xã Mỹ Trung", 3, 1, 150, 2, 100, 6}} {
		row := strconv.Itoa(7 + i)
		b.put(s, "A"+row, i+1)
		for k, v := range r {
			b.put(s, string(rune('B'+k))+row, v)
		}
	}
	b.put(s, "B12", "Huyện Kỳ Nam (nhập trùng)", "C12", 4, "D12", 2, "E12", 288, "F12", 3, "G12", 150)
	must(b.f.SetRowVisible(s, 12, false))
	must(b.f.SetColVisible(s, "H", false))
	b.sheet("Số liệu cũ")
	b.put("Số liệu cũ", "A1", "KẾT QUẢ NĂM 2020 (SỐ LIỆU CŨ, CHƯA RÀ SOÁT)", "A3", "TT", "B3", "Chỉ tiêu", "C3", "Năm 2020", "A4", 1, "B4", "Số lớp tập huấn", "C4", 16, "A5", 2, "B5", "Số sáng kiến được công nhận", "C5", 1388)
	return b
}

// w16: the month, since the year began, the same months of last year; figures typed as text; next month's estimate.
func w16() *book {
	const s = "BC thang"
	b := newBook(report{Doc: "w16", Number: "901/BC-SKHCN", Issuer: "Sở Khoa học và Công nghệ tỉnh Phú Sơn", Recipient: "Cục Thống kê tỉnh Phú Sơn", Signed: "2021-09-28", Period: "2021-M09",
		Title: "Kết quả công tác khoa học và công nghệ tháng 9 năm 2021"}, s)
	b.put(s, "A1", "UBND TỈNH PHÚ SƠN", "A2", "SỞ KHOA HỌC VÀ CÔNG NGHỆ", "A3", "Số: 901/BC-SKHCN", "E3", "Phú Sơn, ngày 28 tháng 9 năm 2021",
		"A5", "KẾT QUẢ CÔNG TÁC KHOA HỌC VÀ CÔNG NGHỆ THÁNG 9 NĂM 2021", "A6", "Kính gửi: Cục Thống kê tỉnh Phú Sơn",
		"A8", "TT", "B8", "Nội dung", "C8", "ĐVT", "D8", "Thực hiện tháng 9", "E8", "Lũy kế từ đầu năm", "F8", "Lũy kế cùng kỳ năm trước", "G8", "Lũy kế so với cùng kỳ (%)", "H8", "Dự kiến tháng 10")
	b.merge(s, "A5:H5", "A6:H6")
	b.width(s, "A", 5, "B", 46, "C:H", 13)
	b.format(s, "A8", "H8", "", true)
	ax := []axis{{at: "D", period: "2021-M09", kind: res, form: "text"}, {at: "E", period: "2021-9M", kind: res, form: "text"}, {at: "F", period: "2020-9M", kind: res, form: "text"},
		{at: "G", period: "2021-9M", how: "ratio", basis: "same_period", form: "text"}, {at: "H", period: "2021-M10", kind: plan, form: "text"}}
	b.down(s, 9, "A", ax, []item{
		{head: []any{1, "Văn bản tham mưu ban hành", "văn bản"}, code: "policy.documents_issued", values: []any{6, 48, 40, 120.0, 5}},
		{head: []any{2, "Phương tiện đo được kiểm định", "PTĐ"}, code: "smq.instruments_verified", values: []any{1124, 9876, 8980, 110.0, 1200}},
		{head: []any{3, "Số mẫu được thử nghiệm", "mẫu"}, code: "smq.samples_tested", values: []any{88, 745, 596, 125.0, 90}},
		{head: []any{4, "Cấp giấy phép tiến hành công việc bức xạ", "giấy phép"}, code: "radiation.licences_granted", values: []any{2, 18, 24, 75.0, 3}},
		{head: []any{5, "Tin, bài đăng trên trang thông tin điện tử", "tin, bài"}, code: "info.articles", values: []any{31, 260, 250, 104.0, 30}},
		{head: []any{6, "Hồ sơ thủ tục hành chính tiếp nhận", "hồ sơ"}, code: "admin.dossiers_received", values: []any{24, 198, 180, 110.0, nil}},
		{head: []any{7, "Hồ sơ giải quyết đúng hạn", "hồ sơ"}, code: "admin.dossiers_on_time", values: []any{24, 196, 178, 110.1, nil}},
	})
	return b
}

// w17: quarters, nine months and the year's plan; the head stands again over each section; codes by row.
func w17() *book {
	const s = "9T"
	b := newBook(report{Doc: "w17", Number: "", Issuer: "Sở Khoa học và Công nghệ thành phố Hải Vân", Signed: "", Period: "2022-9M",
		Title: "Báo cáo nhanh số liệu 9 tháng năm 2022"}, s)
	b.put(s, "B1", "Đơn vị báo cáo: Sở Khoa học và Công nghệ thành phố Hải Vân", "B2", "BÁO CÁO NHANH SỐ LIỆU 9 THÁNG NĂM 2022")
	heads := func(row int) {
		r := strconv.Itoa(row)
		b.put(s, "B"+r, "Mã chỉ tiêu", "C"+r, "Chỉ tiêu", "D"+r, "Đơn vị", "E"+r, "Quý I", "F"+r, "Quý II", "G"+r, "Ước quý III", "H"+r, "9 tháng", "I"+r, "KH 2022", "J"+r, "% TH/KH")
		b.format(s, "B"+r, "J"+r, "", true)
	}
	b.width(s, "A", 2, "B", 12, "C", 44, "D:J", 11)
	ax := []axis{{at: "E", period: "2022-Q1", kind: res}, {at: "F", period: "2022-Q2", kind: res}, {at: "G", period: "2022-Q3", kind: res}, {at: "H", period: "2022-9M", kind: res}, {at: "I", period: "2022", kind: plan}, {at: "J", period: "2022-9M", how: "share"}}
	b.put(s, "B4", "I. Sở hữu trí tuệ")
	heads(5)
	b.down(s, 6, "B", ax, []item{
		{head: []any{"SHTT-01", "Lượt tư vấn, hướng dẫn về sở hữu trí tuệ", "lượt"}, code: "ip.consultations", values: []any{40, 55, 60, 155, 200, 77.5}},
		{head: []any{"SHTT-02", "Đơn đăng ký nhãn hiệu", "đơn"}, code: "ip.trademark_applications", values: []any{210, 262, 240, 712, nil, nil}},
		{head: []any{"SHTT-03", "Đơn đăng ký sáng chế", "đơn"}, code: "ip.patent_applications", values: []any{12, 9, 15, 36, nil, nil}},
	})
	b.put(s, "B10", "II. Doanh nghiệp, khởi nghiệp đổi mới sáng tạo")
	heads(11)
	b.down(s, 12, "B", ax, []item{
		{head: []any{"DN-01", "Dự án khởi nghiệp được hỗ trợ", "dự án"}, code: "startup.projects_supported", values: []any{3, 8, 5, 16, 20, 80.0}},
		{head: []any{"DN-02", "Sự kiện khởi nghiệp được tổ chức", "sự kiện"}, code: "startup.events", values: []any{1, 2, 2, 5, 6, 83.3}},
		{head: []any{"DN-03", "Doanh nghiệp được hỗ trợ đổi mới công nghệ", "doanh nghiệp"}, code: "enterprise.innovation_supported", values: []any{0, 4, 6, 10, 15, 66.7}},
	})
	return b
}

// w18: single cases with a total first and last; a second table right under them with a head of its own.
func w18() *book {
	const s = "Thanh tra"
	b := newBook(report{Doc: "w18", Number: "31/BC-TTra", Issuer: "Thanh tra Sở Khoa học và Công nghệ tỉnh Ninh Khê", Signed: "2019-12-06", Period: "2019",
		Title: "Kết quả công tác thanh tra, kiểm tra năm 2019"}, s)
	b.put(s, "A1", "SỞ KHOA HỌC VÀ CÔNG NGHỆ TỈNH NINH KHÊ", "A2", "THANH TRA", "A3", "Số: 31/BC-TTra", "F3", "Ninh Khê, ngày 06 tháng 12 năm 2019",
		"A5", "KẾT QUẢ CÔNG TÁC THANH TRA, KIỂM TRA NĂM 2019", "A6", "1. Kết quả các cuộc thanh tra",
		"A7", "TT", "B7", "Nội dung thanh tra", "C7", "Thời gian", "D7", "Số cơ sở được thanh tra", "E7", "Số cơ sở vi phạm", "F7", "Số cơ sở bị xử phạt", "G7", "Số tiền phạt (nghìn đồng)", "H7", "Ghi chú")
	b.merge(s, "A5:H5", "A6:H6")
	b.width(s, "A", 6, "B", 44, "C:G", 13, "H", 30)
	b.format(s, "A7", "H7", "", true)
	for i, r := range [][]any{{"Xăng dầu trên địa bàn huyện Lạc Hà", "Tháng 3", 22, 3, 2, 16000, nil}, {"Vàng trang sức, mỹ nghệ", "Tháng 5", 14, 1, 1, 4500, "Cảnh cáo thêm 01 cơ sở"}, {"Mũ bảo hiểm, đồ chơi trẻ em", "Tháng 8", 31, 6, 5, 23500, nil}, {"An toàn bức xạ tại cơ sở X-quang y tế", "Tháng 10", 12, 0, 0, 0, nil}} {
		row := strconv.Itoa(8 + i)
		b.put(s, "A"+row, i+1)
		for k, v := range r {
			if v != nil {
				b.put(s, string(rune('B'+k))+row, v)
			}
		}
	}
	b.put(s, "A12", "Tổng cộng")
	b.merge(s, "A12:C12")
	b.across(s, "D", []axis{{at: "12", period: "2019", kind: res}}, []item{
		{head: []any{"Số cơ sở được thanh tra"}, code: "inspection.entities", values: []any{79}},
		{head: []any{"Số cơ sở vi phạm"}, code: "inspection.violations", values: []any{10}},
		{head: []any{"Số cơ sở bị xử phạt"}, code: "inspection.sanctioned", values: []any{8}},
		{head: []any{"Số tiền phạt (nghìn đồng)"}, code: "inspection.fines_vnd", times: 1e3, values: []any{44000}},
	})
	b.put(s, "A14", "2. Tiếp công dân, giải quyết đơn thư", "A15", "TT", "B15", "Chỉ tiêu", "C15", "Đơn vị", "D15", "Năm 2018", "E15", "Năm 2019")
	b.merge(s, "A14:H14")
	b.format(s, "A15", "E15", "", true)
	b.down(s, 16, "A", []axis{{at: "D", period: "2018", kind: res}, {at: "E", period: "2019", kind: res}}, []item{
		{head: []any{1, "Số lượt tiếp công dân", "lượt"}, code: "inspection.receptions", values: []any{9, 6}},
		{head: []any{2, "Số đơn khiếu nại, tố cáo tiếp nhận", "đơn"}, code: "inspection.complaints_received", values: []any{4, 3}},
		{head: []any{3, "Số đơn khiếu nại, tố cáo đã giải quyết", "đơn"}, code: "inspection.complaints_resolved", values: []any{4, 2}},
	})
	return b
}

// w19: the official form: row codes, a total column beside its breakdown, no word on the period but "Kỳ báo cáo".
func w19() *book {
	const s = "10-TT"
	b := newBook(report{Doc: "w19", Number: "", Issuer: "Sở Khoa học và Công nghệ tỉnh Vĩnh Hòa Sơn", Recipient: "Bộ Khoa học và Công nghệ", Signed: "", Period: "2019",
		Title: "Hoạt động thanh tra khoa học và công nghệ"}, s)
	b.put(s, "A1", "Biểu 10/TKTH-KHCN-ĐP", "A2", "Ban hành theo Thông tư số 26/2015/TT-BKHCN", "A3", "Ngày nhận báo cáo: trước ngày 15 tháng 02 năm sau",
		"C1", "HOẠT ĐỘNG THANH TRA KHOA HỌC VÀ CÔNG NGHỆ", "C2", "(Từ ngày 01/01/2019 đến ngày 31/12/2019)", "G1", "Đơn vị báo cáo:", "G2", "Sở KH&CN tỉnh Vĩnh Hòa Sơn", "G3", "Đơn vị nhận báo cáo: Bộ Khoa học và Công nghệ",
		"B6", "Mã số", "C6", "Đơn vị tính", "D6", "Tổng số", "E6", "Chia theo lĩnh vực", "E7", "Sở hữu công nghiệp", "F7", "Tiêu chuẩn đo lường chất lượng", "G7", "An toàn bức xạ và hạt nhân",
		"A8", "A", "B8", "B", "C8", "C", "D8", 1, "E8", 2, "F8", 3, "G8", 4)
	b.merge(s, "A6:A7", "B6:B7", "C6:C7", "D6:D7", "E6:G6")
	b.width(s, "A", 52, "B:G", 13)
	b.format(s, "A6", "G8", "", true)
	ax := []axis{{at: "D", period: "2019", kind: res}, {at: "E"}, {at: "F"}, {at: "G"}}
	b.down(s, 9, "A", ax, []item{
		{head: []any{"1. Số lượt tiếp công dân", "01", "Lượt"}, code: "inspection.receptions", values: []any{12, 2, 8, 2}},
		{head: []any{"2. Số cuộc thanh tra", "13", "Cuộc"}, code: "inspection.inspections", values: []any{9, 1, 6, 2}},
		{head: []any{"3. Số tổ chức, cá nhân được thanh tra", "15", "Tổ chức, cá nhân"}, code: "inspection.entities", values: []any{104, 6, 82, 16}},
		{head: []any{"4. Số tổ chức, cá nhân vi phạm bị xử lý", "16", "Tổ chức, cá nhân"}, code: "inspection.sanctioned", values: []any{11, 1, 9, 1}},
		{head: []any{"   - Cảnh cáo", "17", "Tổ chức, cá nhân"}, values: []any{2, 0, 2, 0}},
		{head: []any{"   - Phạt tiền", "18", "Tổ chức, cá nhân"}, values: []any{9, 1, 7, 1}},
		{head: []any{"5. Số tiền phạt", "20", "Triệu đồng"}, code: "inspection.fines_vnd", times: 1e6, values: []any{186.5, 12, 154.5, 20}},
		{head: []any{"6. Giá trị tang vật tịch thu, tiêu hủy", "21", "Triệu đồng"}, code: "inspection.seized_value_vnd", times: 1e6, values: []any{35, 0, 35, 0}},
	})
	return b
}

// w20: three blocks under one another without empty rows, heads of different width, the unit once for all money.
func w20() *book {
	const s = "Tong hop"
	b := newBook(report{Doc: "w20", Number: "1204/BC-SKHCN", Issuer: "Sở Khoa học và Công nghệ tỉnh An Lương", Recipient: "HĐND tỉnh An Lương", Signed: "2022-11-25", Period: "2022",
		Title: "Số liệu tổng hợp năm 2022 và kế hoạch năm 2023"}, s)
	b.put(s, "A1", "UBND TỈNH AN LƯƠNG", "A2", "SỞ KHOA HỌC VÀ CÔNG NGHỆ", "A3", "Số: 1204/BC-SKHCN", "D3", "An Lương, ngày 25/11/2022",
		"A4", "SỐ LIỆU TỔNG HỢP NĂM 2022 VÀ KẾ HOẠCH NĂM 2023", "A5", "Kính gửi: HĐND tỉnh An Lương",
		"A6", "I. TÀI CHÍNH (Đơn vị tính: tỷ đồng)", "A7", "Khoản mục", "B7", "Dự toán 2022", "C7", "Thực hiện 2022", "D7", "Tỷ lệ (%)", "E7", "Dự toán 2023")
	b.merge(s, "A4:E4", "A5:E5", "A6:E6")
	b.width(s, "A", 52, "B:F", 14)
	b.format(s, "A7", "E7", "", true)
	b.fact(s, "B8", "Giải ngân kinh phí sự nghiệp KH&CN", 31.2, "finance.disbursed_vnd", 1e9, axis{period: "2022", kind: plan})
	b.fact(s, "C8", "Giải ngân kinh phí sự nghiệp KH&CN", 28.08, "finance.disbursed_vnd", 1e9, axis{period: "2022", kind: res})
	b.fact(s, "D8", "Giải ngân kinh phí sự nghiệp KH&CN", 90.0, "finance.disbursed_vnd", 1, axis{period: "2022", how: "share"})
	b.fact(s, "E8", "Giải ngân kinh phí sự nghiệp KH&CN", 33, "finance.disbursed_vnd", 1e9, axis{period: "2023", kind: plan})
	b.put(s, "A8", "Giải ngân kinh phí sự nghiệp KH&CN")
	b.put(s, "A9", "II. CHỈ TIÊU CHUYÊN MÔN", "A10", "Chỉ tiêu", "B10", "ĐVT", "C10", "KH năm 2022", "D10", "Ước TH năm 2022", "E10", "Ước TH/KH (%)", "F10", "KH năm 2023")
	b.merge(s, "A9:F9")
	b.format(s, "A10", "F10", "", true)
	n := b.down(s, 11, "A", []axis{{at: "C", period: "2022", kind: plan}, {at: "D", period: "2022", kind: res}, {at: "E", period: "2022", how: "share"}, {at: "F", period: "2023", kind: plan}}, []item{
		{head: []any{"Nhiệm vụ KH&CN cấp tỉnh đang thực hiện", "nhiệm vụ"}, code: "task.in_progress", values: []any{50, 48, 96.0, 52}},
		{head: []any{"Kết quả nghiên cứu được ứng dụng", "nhiệm vụ"}, code: "task.applied", values: []any{12, 15, 125.0, 14}},
		{head: []any{"Hội thảo, hội nghị khoa học", "hội thảo"}, code: "info.events", values: []any{20, 18, 90.0, 20}},
		{head: []any{"Hợp đồng chuyển giao công nghệ đăng ký", "hợp đồng"}, code: "technology.transfer_contracts", values: []any{nil, 3, nil, nil}},
	})
	r := func(k int) string { return strconv.Itoa(n + k) }
	b.put(s, "A"+r(0), "III. SẢN PHẨM CHỦ LỰC ĐƯỢC BẢO HỘ (danh sách)", "A"+r(1), "Tên sản phẩm", "B"+r(1), "Loại", "C"+r(1), "Năm bảo hộ", "D"+r(1), "Số văn bằng",
		"A"+r(2), "Cam sành An Lương", "B"+r(2), "Chỉ dẫn địa lý", "C"+r(2), 2021, "D"+r(2), "00112", "A"+r(3), "Mật ong rừng Tà Lạt", "B"+r(3), "NH chứng nhận", "C"+r(3), 2022, "D"+r(3), "409871")
	return b
}
