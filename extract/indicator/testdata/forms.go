//go:build ignore

package main

import "github.com/xuri/excelize/v2"

const res, plan = "result", "plan"

// w01: plan, result, same period and the plan of the second half side by side; shares as fractions.
func w01() *book {
	const s = "Bieu 6T"
	b := newBook(report{Doc: "w01", Number: "67/BC-SKHCN", Issuer: "Sở Khoa học và Công nghệ tỉnh Hoàng Khê", Recipient: "UBND tỉnh Hoàng Khê",
		Signed: "2022-06-13", Period: "2022-H1", Title: "Kết quả thực hiện chỉ tiêu khoa học và công nghệ 6 tháng đầu năm và kế hoạch 6 tháng cuối năm 2022"}, s)
	b.put(s, "A1", "UBND TỈNH HOÀNG KHÊ", "F1", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "A2", "SỞ KHOA HỌC VÀ CÔNG NGHỆ", "F2", "Độc lập - Tự do - Hạnh phúc",
		"A3", "Số: 67/BC-SKHCN", "F3", "Hoàng Khê, ngày 13 tháng 6 năm 2022",
		"A5", "KẾT QUẢ THỰC HIỆN CHỈ TIÊU KHOA HỌC VÀ CÔNG NGHỆ 6 THÁNG ĐẦU NĂM VÀ KẾ HOẠCH 6 THÁNG CUỐI NĂM 2022", "A6", "Kính gửi: UBND tỉnh Hoàng Khê",
		"A8", "TT", "B8", "Chỉ tiêu", "C8", "ĐVT", "D8", "Thực hiện 6 tháng đầu năm 2021", "E8", "Năm 2022", "E9", "Kế hoạch năm", "F9", "Ước thực hiện 6 tháng",
		"G8", "So sánh", "G9", "6 tháng so với kế hoạch năm", "H9", "So với cùng kỳ năm 2021", "I8", "Kế hoạch 6 tháng cuối năm 2022", "J8", "Ghi chú")
	b.merge(s, "A1:C1", "A2:C2", "A3:C3", "F1:J1", "F2:J2", "F3:J3", "A5:J5", "A6:J6", "A8:A9", "B8:B9", "C8:C9", "D8:D9", "E8:F8", "G8:H8", "I8:I9", "J8:J9")
	b.width(s, "A", 5, "B", 46, "C:I", 13, "J", 30)
	b.format(s, "A8", "J9", "", true)
	b.format(s, "A10", "J33", "", false)
	ax := []axis{{at: "D", period: "2021-H1", kind: res}, {at: "E", period: "2022", kind: plan}, {at: "F", period: "2022-H1", kind: res},
		{at: "G", period: "2022-H1", how: "share", form: "percent"}, {at: "H", period: "2022-H1", how: "ratio", basis: "same_period", form: "percent"},
		{at: "I", period: "2022-H2", kind: plan}, {at: "J"}}
	n := b.down(s, 10, "A", ax, []item{
		{head: []any{"I", "QUẢN LÝ KHOA HỌC"}},
		{head: []any{1, "Nhiệm vụ KH&CN cấp tỉnh mở mới", "nhiệm vụ"}, code: "task.new", values: []any{9, 20, 11, 55.0, 122.2, 9, nil}},
		{head: []any{2, "Nhiệm vụ KH&CN cấp tỉnh nghiệm thu", "nhiệm vụ"}, code: "task.accepted", values: []any{10, 24, 9, 37.5, 90.0, 15, "02 nhiệm vụ gia hạn đến tháng 9"}},
		{head: []any{3, "Nhiệm vụ được kiểm tra tiến độ", "nhiệm vụ"}, code: "task.progress_checks", values: []any{28, 50, 25, 50.0, 89.3, 25, nil}},
		{head: []any{4, "Kinh phí thực hiện nhiệm vụ", "triệu đồng"}, code: "task.budget_vnd", times: 1e6, values: []any{6240, 15000, 7020, 46.8, 112.5, 7980, nil}},
		{head: []any{"II", "SỞ HỮU TRÍ TUỆ"}},
		{head: []any{1, "Đơn đăng ký nhãn hiệu", "đơn"}, code: "ip.trademark_applications", values: []any{80, 200, 92, 46.0, 115.0, "-", nil}},
		{head: []any{2, "Giấy chứng nhận đăng ký nhãn hiệu được cấp", "GCN"}, code: "ip.trademark_grants", values: []any{50, nil, 61, nil, 122.0, nil, nil}},
		{head: []any{3, "Sáng kiến được công nhận", "sáng kiến"}, code: "ip.initiatives_recognised", values: []any{24, 50, 18, 36.0, 75.0, 32, "Họp Hội đồng đợt 2 ngày 20/7/2022"}},
		{head: []any{"III", "TIÊU CHUẨN ĐO LƯỜNG CHẤT LƯỢNG, AN TOÀN BỨC XẠ"}},
		{head: []any{1, "Kiểm định phương tiện đo", "phương tiện"}, code: "smq.instruments_verified", values: []any{6450, 14000, 7095, 50.7, 110.0, 7000, nil}},
		{head: []any{2, "Mẫu hàng hóa, sản phẩm được thử nghiệm", "mẫu"}, code: "smq.samples_tested", values: []any{1200, 2500, 1305, 52.2, 108.8, 1200, nil}},
		{head: []any{3, "Hồ sơ công bố hợp chuẩn, hợp quy", "hồ sơ"}, code: "smq.conformity_declarations", values: []any{20, "Không giao", 26, "x", 130.0, nil, "Theo QCVN 16:2019/BXD"}},
		{head: []any{4, "Giấy phép tiến hành công việc bức xạ được cấp", "giấy phép"}, code: "radiation.licences_granted", values: []any{16, 30, 14, 46.7, 87.5, 16, nil}},
		{head: []any{"IV", "THANH TRA, CẢI CÁCH HÀNH CHÍNH"}},
		{head: []any{1, "Cuộc thanh tra", "cuộc"}, code: "inspection.inspections", values: []any{4, 8, 4, 50.0, 100.0, 4, nil}},
		{head: []any{2, "Số tiền phạt vi phạm hành chính", "triệu đồng"}, code: "inspection.fines_vnd", times: 1e6, values: []any{102, nil, 127.5, nil, 125.0, nil, nil}},
		{head: []any{3, "Đơn khiếu nại, tố cáo tiếp nhận", "đơn"}, code: "inspection.complaints_received", values: []any{2, nil, 0, nil, nil, nil, nil}},
		{head: []any{4, "Hồ sơ TTHC tiếp nhận", "hồ sơ"}, code: "admin.dossiers_received", values: []any{240, nil, 288, nil, 120.0, nil, nil}},
		{head: []any{5, "Hồ sơ TTHC trực tuyến", "hồ sơ"}, code: "admin.dossiers_online", values: []any{96, nil, 210, nil, 218.8, nil, nil}},
	})
	b.put(s, cellAt("B", n+1), "Ghi chú: số liệu ước đến 30/6/2022; cột 5 của biểu năm 2021 không so sánh được.", cellAt("G", n+3), "GIÁM ĐỐC", cellAt("G", n+6), "Lương Thế Hải")
	return b
}

// w02: five years side by side under one head, then next year's plan; money in tỷ đồng.
func w02() *book {
	const s = "5 năm"
	b := newBook(report{Doc: "w02", Number: "2011/SKHCN-KHTC", Issuer: "Sở Khoa học và Công nghệ tỉnh Trường Lĩnh", Recipient: "Sở Kế hoạch và Đầu tư",
		Signed: "2022-12-19", Period: "2022", Title: "Số liệu hoạt động khoa học và công nghệ giai đoạn 2018 - 2022 và kế hoạch năm 2023"}, s)
	b.put(s, "B1", "UBND TỈNH TRƯỜNG LĨNH", "B2", "SỞ KHOA HỌC VÀ CÔNG NGHỆ", "B3", "Số: 2011/SKHCN-KHTC", "G3", "Trường Lĩnh, ngày 19 tháng 12 năm 2022",
		"B5", "SỐ LIỆU HOẠT ĐỘNG KHOA HỌC VÀ CÔNG NGHỆ GIAI ĐOẠN 2018 - 2022 VÀ KẾ HOẠCH NĂM 2023", "B6", "Kính gửi: Sở Kế hoạch và Đầu tư",
		"B8", "Stt", "C8", "Nội dung", "D8", "Đơn vị", "E8", "Thực hiện các năm", "E9", "2018", "F9", "2019", "G9", "2020", "H9", "2021", "I9", "Ước 2022", "J8", "Kế hoạch 2023", "B10", "A", "C10", "B", "D10", "C", "E10", 1, "F10", 2, "G10", 3, "H10", 4, "I10", 5, "J10", 6)
	b.merge(s, "B5:J5", "B6:J6", "B8:B9", "C8:C9", "D8:D9", "E8:I8", "J8:J9")
	b.width(s, "A", 3, "B", 6, "C", 50, "D:J", 13)
	b.format(s, "B8", "J10", "", true)
	ax := []axis{{at: "E", period: "2018", kind: res}, {at: "F", period: "2019", kind: res}, {at: "G", period: "2020", kind: res}, {at: "H", period: "2021", kind: res}, {at: "I", period: "2022", kind: res}, {at: "J", period: "2023", kind: plan}}
	b.down(s, 11, "B", ax, []item{
		{head: []any{1, "Kinh phí sự nghiệp khoa học và công nghệ", "tỷ đồng"}, code: "finance.st_budget_vnd", times: 1e9, values: []any{22.4, 24.1, 25.6, 24.85, 27.3, 30}},
		{head: []any{2, "Vốn đầu tư tăng cường tiềm lực khoa học và công nghệ", "tỷ đồng"}, code: "finance.investment_vnd", times: 1e9, values: []any{5.2, 0, 8, 6.75, 12, 15}},
		{head: []any{3, "Tổ chức khoa học và công nghệ", "tổ chức"}, code: "organisation.st_organisations", values: []any{18, 19, 21, 21, 23, 24}},
		{head: []any{4, "Nhân lực nghiên cứu và phát triển", "người"}, code: "organisation.rd_personnel", values: []any{640, 655, 702, 731, 768, nil}},
		{head: []any{5, "Doanh nghiệp khoa học và công nghệ (lũy kế)", "doanh nghiệp"}, code: "enterprise.st_total", values: []any{4, 6, 7, 9, 13, 16}},
		{head: []any{6, "Nhiệm vụ cấp tỉnh được nghiệm thu", "nhiệm vụ"}, code: "task.accepted", values: []any{14, 17, 12, 13, 19, 20}},
		{head: []any{7, "Kết quả nhiệm vụ được ứng dụng, chuyển giao", "nhiệm vụ"}, code: "task.applied", values: []any{9, 11, 8, 10, 14, 15}},
		{head: []any{8, "Đơn đăng ký sáng chế, giải pháp hữu ích", "đơn"}, code: "ip.patent_applications", values: []any{5, 4, 7, 6, 11, nil}},
		{head: []any{9, "Đơn đăng ký kiểu dáng công nghiệp", "đơn"}, code: "ip.design_applications", values: []any{8, 10, 9, 12, 13, nil}},
		{head: []any{10, "Bằng độc quyền sáng chế, giải pháp hữu ích được cấp", "văn bằng"}, code: "ip.patent_grants", values: []any{1, 2, 2, 0, 3, nil}},
		{head: []any{11, "Chỉ dẫn địa lý được bảo hộ", "CDĐL"}, code: "ip.geographical_indications", values: []any{1, 1, 1, 2, 2, 3}},
		{head: []any{12, "Cơ quan hành chính áp dụng ISO 9001", "cơ quan"}, code: "smq.iso_agencies", values: []any{141, 150, 162, 162, 170, 170}},
		{head: []any{13, "Quy chuẩn kỹ thuật địa phương ban hành", "quy chuẩn"}, code: "smq.local_regulations", values: []any{"-", 1, "-", "-", 1, nil}},
		{head: []any{14, "Doanh nghiệp đạt Giải thưởng Chất lượng Quốc gia", "doanh nghiệp"}, code: "smq.quality_awards", values: []any{1, 2, 1, 0, 1, nil}},
		{head: []any{15, "Đoàn ra, đoàn vào về khoa học và công nghệ", "đoàn"}, code: "cooperation.delegations", values: []any{6, 7, 1, 0, 4, 6}},
		{head: []any{16, "Thỏa thuận hợp tác được ký kết", "thỏa thuận"}, code: "cooperation.agreements", values: []any{2, 1, 0, 1, 3, 2}},
		{head: []any{17, "Tỷ lệ giải ngân kinh phí sự nghiệp khoa học và công nghệ", "%"}, code: "finance.disbursed_percent", values: []any{94.2, 95, 91.7, 90.1, 96.4, 98}},
		{head: []any{18, "Tỷ lệ chi khoa học và công nghệ trong tổng chi ngân sách", "%"}, values: []any{0.31, 0.32, 0.3, 0.29, 0.33, 0.4}},
	})
	return b
}

// w03: quarters of one year, the whole year and its share of plan.
func w03() *book {
	const s = "Tiến độ"
	b := newBook(report{Doc: "w03", Number: "", Issuer: "Sở Khoa học và Công nghệ thành phố Bình Hải", Recipient: "",
		Signed: "", Period: "2021", Title: "Tiến độ thực hiện các chỉ tiêu chủ yếu năm 2021"}, s)
	b.put(s, "A1", "SỞ KHOA HỌC VÀ CÔNG NGHỆ THÀNH PHỐ BÌNH HẢI", "A2", "TIẾN ĐỘ THỰC HIỆN CÁC CHỈ TIÊU CHỦ YẾU NĂM 2021", "H3", "Đơn vị: như cột B; tiền: triệu đồng",
		"A4", "Chỉ tiêu", "B4", "Đơn vị", "C4", "Kế hoạch năm", "D4", "Kết quả thực hiện", "D5", "Quý I", "E5", "Quý II", "F5", "Quý III", "G5", "Quý IV", "H4", "Cả năm", "I4", "% hoàn thành kế hoạch")
	b.merge(s, "A1:I1", "A2:I2", "A4:A5", "B4:B5", "C4:C5", "D4:G4", "H4:H5", "I4:I5")
	b.width(s, "A", 48, "B:I", 13)
	b.format(s, "A4", "I5", "", true)
	ax := []axis{{at: "C", period: "2021", kind: plan}, {at: "D", period: "2021-Q1", kind: res}, {at: "E", period: "2021-Q2", kind: res}, {at: "F", period: "2021-Q3", kind: res}, {at: "G", period: "2021-Q4", kind: res}, {at: "H", period: "2021", kind: res}, {at: "I", period: "2021", how: "share"}}
	b.down(s, 6, "A", ax, []item{
		{head: []any{"A. Nghiên cứu khoa học"}},
		{head: []any{"  Đề xuất nhiệm vụ tiếp nhận", "đề xuất"}, code: "task.proposals_received", values: []any{nil, 21, 74, 6, 3, 104, nil}},
		{head: []any{"  Hội đồng tư vấn đã họp", "hội đồng"}, code: "task.councils", values: []any{60, 9, 17, 5, 24, 55, 91.7}},
		{head: []any{"  Giấy chứng nhận đăng ký kết quả nhiệm vụ", "GCN"}, code: "task.results_registered", values: []any{20, 3, 6, 2, 7, 18, 90}},
		{head: []any{"B. Đo lường, chất lượng"}},
		{head: []any{"  Phương tiện đo được kiểm định", "phương tiện"}, code: "smq.instruments_verified", values: []any{40000, 8120, 9945, 3210, 13480, 34755, 86.9}},
		{head: []any{"  Phương tiện đo được hiệu chuẩn", "phương tiện"}, code: "smq.instruments_calibrated", values: []any{1500, 310, 402, 95, 521, 1328, 88.5}},
		{head: []any{"  Hồ sơ kiểm tra chất lượng hàng nhập khẩu", "hồ sơ"}, code: "smq.import_checks", values: []any{nil, 402, 380, 266, 431, 1479, nil}},
		{head: []any{"  Mẫu không đạt chất lượng", "mẫu"}, code: "smq.samples_failed", values: []any{nil, 7, 4, 0, 9, 20, nil}},
		{head: []any{"C. Bức xạ"}},
		{head: []any{"  Hồ sơ khai báo thiết bị, nguồn bức xạ", "hồ sơ"}, code: "radiation.declarations", values: []any{nil, 12, 9, 5, 16, 42, nil}},
		{head: []any{"  Chứng chỉ nhân viên bức xạ được cấp", "chứng chỉ"}, code: "radiation.certificates_granted", values: []any{60, 14, 19, 4, 21, 58, 96.7}},
		{head: []any{"D. Thanh tra"}},
		{head: []any{"  Cuộc kiểm tra", "cuộc"}, code: "inspection.checks", values: []any{16, 5, 4, 1, 4, 14, 87.5}},
		{head: []any{"  Cơ sở bị xử phạt", "cơ sở"}, code: "inspection.sanctioned", values: []any{nil, 6, 5, 1, 8, 20, nil}},
		{head: []any{"  Tiền phạt vi phạm hành chính", "triệu đồng"}, code: "inspection.fines_vnd", times: 1e6, values: []any{nil, 74.5, 61, 12.5, 118, 266, nil}},
		{head: []any{"E. Tài chính"}},
		{head: []any{"  Kinh phí đã giải ngân", "triệu đồng"}, code: "finance.disbursed_vnd", times: 1e6, values: []any{52000, 4160, 12480, 8320, 23920, 48880, 94}},
	})
	return b
}

// w04: a cover with the letterhead, then short sheets of label and value; a branch.
func w04() *book {
	b := newBook(report{Doc: "w04", Number: "155/BC-CCTĐC", Issuer: "Chi cục Tiêu chuẩn Đo lường Chất lượng tỉnh Phú Lạc", Recipient: "Sở Khoa học và Công nghệ tỉnh Phú Lạc",
		Signed: "2023-06-09", Period: "2023-H1", Title: "Phiếu báo cáo số liệu tiêu chuẩn đo lường chất lượng 6 tháng đầu năm 2023"}, "Bìa")
	b.put("Bìa", "B2", "SỞ KHOA HỌC VÀ CÔNG NGHỆ TỈNH PHÚ LẠC", "B3", "CHI CỤC TIÊU CHUẨN ĐO LƯỜNG CHẤT LƯỢNG", "B4", "Số: 155/BC-CCTĐC",
		"B7", "PHIẾU BÁO CÁO SỐ LIỆU TIÊU CHUẨN ĐO LƯỜNG CHẤT LƯỢNG 6 THÁNG ĐẦU NĂM 2023", "B9", "Kính gửi: Sở Khoa học và Công nghệ tỉnh Phú Lạc",
		"B11", "Kỳ báo cáo:", "C11", "6 tháng đầu năm 2023", "B12", "Ngày lập:", "C12", "09/6/2023", "B13", "Người lập biểu:", "C13", "Trịnh Thu Hà", "B14", "Điện thoại:", "C14", "0257 3841 902", "B16", "Phú Lạc, ngày 09 tháng 6 năm 2023")
	b.width("Bìa", "B", 60, "C", 30)
	a := []axis{{at: "C", period: "2023-H1", kind: res}}
	for _, sh := range []struct {
		name, title string
		items       []item
	}{
		{"1-TC", "1. TIÊU CHUẨN, CHẤT LƯỢNG", []item{
			{head: []any{"1.1", "Số hồ sơ công bố hợp chuẩn, hợp quy tiếp nhận (hồ sơ)"}, code: "smq.conformity_declarations", values: []any{33}},
			{head: []any{"1.1.1", "  Trong đó: hợp quy (hồ sơ)"}, values: []any{29}},
			{head: []any{"1.2", "Số hồ sơ đăng ký mã số, mã vạch được hướng dẫn (hồ sơ)"}, code: "smq.barcode_applications", values: []any{21}},
			{head: []any{"1.3", "Số cơ quan hành chính nhà nước áp dụng TCVN ISO 9001 (cơ quan)"}, code: "smq.iso_agencies", values: []any{134}},
			{head: []any{"1.4", "Số tin cảnh báo TBT đã phát hành (tin)"}, code: "smq.tbt_notices", values: []any{58}},
			{head: []any{"1.5", "Số doanh nghiệp được hỗ trợ nâng cao năng suất chất lượng (doanh nghiệp)"}, code: "enterprise.quality_supported", values: []any{9}},
			{head: []any{"1.6", "Quy chuẩn kỹ thuật địa phương trình ban hành"}, values: []any{"Không"}},
		}},
		{"2-DL", "2. ĐO LƯỜNG, THỬ NGHIỆM", []item{
			{head: []any{"2.1", "Số phương tiện đo được kiểm định (phương tiện)"}, code: "smq.instruments_verified", values: []any{11408}},
			{head: []any{"2.2", "Số phương tiện đo được hiệu chuẩn (phương tiện)"}, code: "smq.instruments_calibrated", values: []any{276}},
			{head: []any{"2.3", "Số mẫu được thử nghiệm (mẫu)"}, code: "smq.samples_tested", values: []any{1860}},
			{head: []any{"2.4", "Số mẫu không đạt (mẫu)"}, code: "smq.samples_failed", values: []any{17}},
			{head: []any{"2.5", "Doanh thu dịch vụ kỹ thuật (triệu đồng)"}, values: []any{2140.5}},
		}},
		{"3-KT", "3. KIỂM TRA, TẬP HUẤN, KINH PHÍ", []item{
			{head: []any{"3.1", "Số cuộc kiểm tra nhà nước về đo lường, chất lượng (cuộc)"}, code: "inspection.checks", values: []any{8}},
			{head: []any{"3.2", "Số cơ sở được kiểm tra (cơ sở)"}, code: "inspection.entities", values: []any{143}},
			{head: []any{"3.3", "Số cơ sở vi phạm (cơ sở)"}, code: "inspection.violations", values: []any{16}},
			{head: []any{"3.4", "Số cơ sở bị xử phạt (cơ sở)"}, code: "inspection.sanctioned", values: []any{11}},
			{head: []any{"3.5", "Tổng số tiền phạt (triệu đồng)"}, code: "inspection.fines_vnd", times: 1e6, values: []any{94.25}},
			{head: []any{"3.6", "Trị giá hàng hóa tiêu hủy (nghìn đồng)"}, code: "inspection.seized_value_vnd", times: 1e3, values: []any{8600}},
			{head: []any{"3.7", "Số lớp tập huấn đã tổ chức (lớp)"}, code: "info.training_courses", values: []any{5}},
			{head: []any{"3.8", "Số lượt người được tập huấn (lượt người)"}, code: "info.trainees", values: []any{312}},
			{head: []any{"3.9", "Kinh phí đã giải ngân 6 tháng (triệu đồng)"}, code: "finance.disbursed_vnd", times: 1e6, values: []any{1735}},
		}},
	} {
		b.sheet(sh.name)
		b.put(sh.name, "A1", sh.title, "A2", "Mã", "B2", "Nội dung", "C2", "Số liệu", "D2", "Giải trình")
		b.width(sh.name, "A", 8, "B", 72, "C", 14, "D", 30)
		b.format(sh.name, "A2", "D2", "", true)
		n := b.down(sh.name, 3, "A", a, sh.items)
		b.put(sh.name, cellAt("D", n-1), "Kỳ trước: xem phiếu số 148/BC-CCTĐC")
	}
	return b
}

// w05: two blocks of indicators side by side on one sheet, last year and this year.
func w05() *book {
	const s = "Sheet A"
	b := newBook(report{Doc: "w05", Number: "1390/BC-SKHCN", Issuer: "Sở Khoa học và Công nghệ tỉnh Đại Lâm", Recipient: "",
		Signed: "2020-12-11", Period: "2020", Title: "Biểu số liệu kèm theo báo cáo tổng kết năm 2020"}, s)
	b.put(s, "A1", "SỞ KHOA HỌC VÀ CÔNG NGHỆ TỈNH ĐẠI LÂM", "G1", "Đại Lâm, ngày 11 tháng 12 năm 2020", "A3", "BIỂU SỐ LIỆU KÈM THEO BÁO CÁO TỔNG KẾT NĂM 2020",
		"A4", "(Kèm theo Báo cáo số 1390/BC-SKHCN ngày 11/12/2020)",
		"A6", "Chỉ tiêu", "B6", "ĐVT", "C6", "Năm 2019", "D6", "Năm 2020", "F6", "Chỉ tiêu", "G6", "ĐVT", "H6", "Năm 2019", "I6", "Năm 2020")
	b.merge(s, "A1:D1", "G1:I1", "A3:I3", "A4:I4")
	b.width(s, "A", 42, "B", 12, "C:D", 11, "E", 3, "F", 42, "G", 12, "H:I", 11)
	b.format(s, "A6", "D6", "", true)
	b.format(s, "F6", "I6", "", true)
	b.format(s, "A7", "D17", "#,##0", false)
	b.format(s, "F7", "I17", "#,##0", false)
	y := func(x, z string) []axis {
		return []axis{{at: x, period: "2019", kind: res}, {at: z, period: "2020", kind: res}}
	}
	b.down(s, 7, "A", y("C", "D"), []item{
		{head: []any{"Văn bản tham mưu ban hành", "văn bản"}, code: "policy.documents_issued", values: []any{16, 19}},
		{head: []any{"Văn bản góp ý", "văn bản"}, code: "policy.opinions_given", values: []any{88, 121}},
		{head: []any{"Nhiệm vụ chuyển tiếp", "nhiệm vụ"}, code: "task.carried_over", values: []any{24, 27}},
		{head: []any{"Nhiệm vụ mở mới", "nhiệm vụ"}, code: "task.new", values: []any{15, 12}},
		{head: []any{"Nhiệm vụ dừng thực hiện", "nhiệm vụ"}, code: "task.stopped", values: []any{0, 2}},
		{head: []any{"Nhiệm vụ cấp cơ sở", "nhiệm vụ"}, code: "task.district_level", values: []any{31, 35}},
		{head: []any{"Lượt tư vấn, hướng dẫn sở hữu trí tuệ", "lượt"}, code: "ip.consultations", values: []any{204, 187}},
		{head: []any{"Vụ xâm phạm quyền sở hữu công nghiệp xử lý", "vụ"}, code: "ip.infringement_cases", values: []any{4, 6}},
		{head: []any{"Văn bằng bảo hộ được cấp", "văn bằng"}, code: "ip.grants", values: []any{95, 117}},
		{head: []any{"Bằng độc quyền kiểu dáng công nghiệp được cấp", "văn bằng"}, code: "ip.design_grants", values: []any{6, 9}},
	})
	b.down(s, 7, "F", y("H", "I"), []item{
		{head: []any{"Số bản tin, tạp chí phát hành", "số"}, code: "info.bulletins", values: []any{6, 6}},
		{head: []any{"Bản in phát hành", "cuốn"}, code: "info.copies", values: []any{4200, 3600}},
		{head: []any{"Chuyên mục, phóng sự phát sóng", "chuyên mục"}, code: "info.broadcasts", values: []any{22, 24}},
		{head: []any{"Lượt truy cập trang thông tin điện tử", "lượt"}, code: "info.web_visits", values: []any{198450, 305112}},
		{head: []any{"Hội nghị, hội thảo", "hội nghị"}, code: "info.events", values: []any{9, 4}},
		{head: []any{"Dự án được thẩm định công nghệ", "dự án"}, code: "technology.appraisals", values: []any{20, 17}},
		{head: []any{"Hợp đồng chuyển giao công nghệ", "hợp đồng"}, code: "technology.transfer_contracts", values: []any{3, 1}},
		{head: []any{"Mô hình ứng dụng, chuyển giao", "mô hình"}, code: "technology.models_transferred", values: []any{13, 11}},
		{head: []any{"Chợ, hội chợ công nghệ tổ chức, tham gia", "sự kiện"}, code: "technology.fairs", values: []any{3, "-"}},
		{head: []any{"GCN đăng ký hoạt động KH&CN được cấp", "giấy chứng nhận"}, code: "organisation.certificates_granted", values: []any{2, 4}},
		{head: []any{"Doanh thu dịch vụ của các đơn vị sự nghiệp", "triệu đồng"}, values: []any{8420, 7915}},
	})
	return b
}

// w06: a stale column, a hidden column, a hidden row, a hidden old sheet, comments with figures.
func w06() *book {
	const s = "TH 9 thang"
	b := newBook(report{Doc: "w06", Number: "803/BC-SKHCN", Issuer: "Sở Khoa học và Công nghệ tỉnh Yên Khánh Thượng", Recipient: "UBND tỉnh Yên Khánh Thượng",
		Signed: "2020-09-21", Period: "2020-9M", Title: "Tổng hợp kết quả 9 tháng đầu năm 2020"}, s)
	b.put(s, "A1", "UBND TỈNH YÊN KHÁNH THƯỢNG", "A2", "SỞ KHOA HỌC VÀ CÔNG NGHỆ", "A3", "Số: 803/BC-SKHCN", "D3", "Yên Khánh Thượng, ngày 21 tháng 9 năm 2020",
		"A5", "TỔNG HỢP KẾT QUẢ 9 THÁNG ĐẦU NĂM 2020", "A6", "Kính gửi: UBND tỉnh Yên Khánh Thượng",
		"A8", "Nội dung", "B8", "Đơn vị tính", "C8", "Kế hoạch năm 2020", "D8", "Thực hiện 9 tháng năm 2020", "E8", "Thực hiện 9 tháng (cũ, chưa rà soát)", "F8", "Thực hiện 9 tháng năm 2019", "G8", "Tăng (+), giảm (-) so với cùng kỳ (%)", "H8", "Ước tháng 9")
	b.merge(s, "A5:G5", "A6:G6")
	b.width(s, "A", 50, "B:H", 15)
	b.format(s, "A8", "H8", "", true)
	ax := []axis{{at: "C", period: "2020", kind: plan}, {at: "D", period: "2020-9M", kind: res}, {at: "E"}, {at: "F", period: "2019-9M", kind: res}, {at: "G", period: "2020-9M", how: "change", basis: "same_period"}, {at: "H"}}
	b.down(s, 9, "A", ax, []item{
		{head: []any{"Hồ sơ TTHC tiếp nhận", "hồ sơ"}, code: "admin.dossiers_received", values: []any{nil, 512, 498, 465, 10.1, 61}},
		{head: []any{"Hồ sơ TTHC đã giải quyết", "hồ sơ"}, code: "admin.dossiers_resolved", values: []any{nil, 501, 480, 460, 8.9, 58}},
		{head: []any{"Hồ sơ TTHC giải quyết trước và đúng hạn", "hồ sơ"}, code: "admin.dossiers_on_time", values: []any{nil, 499, 478, 455, 9.7, 58}},
		{head: []any{"Doanh nghiệp được hỗ trợ đổi mới công nghệ", "doanh nghiệp"}, code: "enterprise.innovation_supported", values: []any{10, 6, 6, 8, -25, 1}},
		{head: []any{"Nhãn hiệu được hỗ trợ xây dựng, phát triển", "nhãn hiệu"}, code: "enterprise.brands_supported", values: []any{15, 9, 9, 12, -25, 2}},
		{head: []any{"Doanh nghiệp được cấp giấy chứng nhận DN KH&CN", "doanh nghiệp"}, code: "enterprise.st_certified", values: []any{4, 3, 2, 2, 50, 0}},
		{head: []any{"Dự án khởi nghiệp được hỗ trợ", "dự án"}, code: "startup.projects_supported", values: []any{12, 7, 7, 5, 40, nil}},
		{head: []any{"Hồ sơ dự thi khởi nghiệp", "hồ sơ"}, code: "startup.contest_entries", values: []any{60, 48, 45, 52, -7.7, nil}},
		{head: []any{"Sự kiện khởi nghiệp đổi mới sáng tạo", "sự kiện"}, code: "startup.events", values: []any{5, 2, 2, 4, -50, nil}},
		{head: []any{"Lượt người tham gia sự kiện khởi nghiệp", "lượt người"}, code: "startup.participants", values: []any{2000, 640, 640, 1250, -48.8, nil}},
		{head: []any{"Nhân viên bức xạ", "người"}, code: "radiation.workers", values: []any{nil, 286, 286, 271, 5.5, nil}},
		{head: []any{"Người được đào tạo an toàn bức xạ", "người"}, code: "radiation.trainees", values: []any{90, 55, 55, 80, -31.3, nil}},
		{head: []any{"Nguồn phóng xạ", "nguồn"}, code: "radiation.sources", values: []any{nil, 12, 12, 12, 0, nil}},
	})
	b.put(s, "A22", "Lượt tiếp công dân (nháp)", "B22", "lượt", "D22", 14, "F22", 11)
	must(b.f.SetRowVisible(s, 22, false))
	must(b.f.SetColVisible(s, "H", false))
	must(b.f.AddComment(s, excelize.Comment{Cell: "D12", Author: "KHTC", Paragraph: []excelize.RichTextRun{{Text: "Báo cáo quý II ghi 4 doanh nghiệp, đã thêm 02"}}}))
	b.put(s, "A24", "Ghi chú: số liệu 6 tháng đã báo cáo là 338 hồ sơ TTHC; cột E giữ lại để đối chiếu, không sử dụng.")
	b.sheet("So lieu 2018")
	b.put("So lieu 2018", "A1", "Tổng hợp kết quả 9 tháng năm 2018", "A3", "Hồ sơ TTHC tiếp nhận", "B3", "hồ sơ", "C3", 401, "A4", "Doanh nghiệp được hỗ trợ đổi mới công nghệ", "B4", "doanh nghiệp", "C4", 3)
	must(b.f.SetSheetVisible("So lieu 2018", false))
	return b
}

// w07: on its side: an indicator to a column, plan, result and comparisons in rows.
func w07() *book {
	const s = "Tong hop"
	b := newBook(report{Doc: "w07", Number: "41/BC-SKHCN", Issuer: "Sở Khoa học và Công nghệ tỉnh Thạch Xuyên", Recipient: "",
		Signed: "2023-06-16", Period: "2023-H1", Title: "Tổng hợp một số kết quả 6 tháng đầu năm 2023"}, s)
	b.put(s, "A1", "SỞ KHOA HỌC VÀ CÔNG NGHỆ TỈNH THẠCH XUYÊN", "A2", "Số: 41/BC-SKHCN", "E2", "Thạch Xuyên, ngày 16/6/2023", "A3", "TỔNG HỢP MỘT SỐ KẾT QUẢ 6 THÁNG ĐẦU NĂM 2023",
		"A5", "Mục", "B5", "Nhiệm vụ KH&CN", "E5", "Sở hữu trí tuệ", "H5", "Tiêu chuẩn đo lường chất lượng", "K5", "Thanh tra",
		"B6", "Đang triển khai", "C6", "Nghiệm thu", "D6", "Kinh phí (tỷ đồng)", "E6", "Tổng số đơn đăng ký SHCN", "F6", "Đơn nhãn hiệu", "G6", "Văn bằng được cấp", "H6", "PTĐ kiểm định", "I6", "Mẫu thử nghiệm", "J6", "Mẫu không đạt", "K6", "Số cuộc thanh tra", "L6", "Số cơ sở vi phạm", "M6", "Tiền phạt (triệu đồng)",
		"A7", "Kế hoạch năm 2023", "A8", "Thực hiện 6 tháng đầu năm 2023", "A9", "Đạt % kế hoạch năm", "A10", "Thực hiện 6 tháng đầu năm 2022", "A11", "Tăng, giảm so với cùng kỳ (%)", "A12", "Kế hoạch 6 tháng cuối năm 2023")
	b.merge(s, "A1:M1", "A3:M3", "A5:A6", "B5:D5", "E5:G5", "H5:J5", "K5:M5")
	b.width(s, "A", 34, "B:M", 12)
	b.format(s, "A5", "M6", "", true)
	b.format(s, "A7", "A12", "", true)
	b.across(s, "B", []axis{{at: "7", period: "2023", kind: plan}, {at: "8", period: "2023-H1", kind: res}, {at: "9", period: "2023-H1", how: "share"},
		{at: "10", period: "2022-H1", kind: res}, {at: "11", period: "2023-H1", how: "change", basis: "same_period"}, {at: "12", period: "2023-H2", kind: plan}}, []item{
		{head: []any{"Đang triển khai"}, code: "task.in_progress", values: []any{nil, 41, nil, 38, 7.9, nil}},
		{head: []any{"Nghiệm thu"}, code: "task.accepted", values: []any{22, 8, 36.4, 10, -20, 14}},
		{head: []any{"Kinh phí (tỷ đồng)"}, code: "task.budget_vnd", times: 1e9, values: []any{16.5, 7.42, 45, 6.8, 9.1, 9.08}},
		{head: []any{"Tổng số đơn đăng ký SHCN"}, code: "ip.applications", values: []any{260, 143, 55, 118, 21.2, nil}},
		{head: []any{"Đơn nhãn hiệu"}, code: "ip.trademark_applications", values: []any{nil, 129, nil, 104, 24, nil}},
		{head: []any{"Văn bằng được cấp"}, code: "ip.grants", values: []any{nil, 86, nil, 90, -4.4, nil}},
		{head: []any{"PTĐ kiểm định"}, code: "smq.instruments_verified", values: []any{17500, 9310, 53.2, 8866, 5, 8200}},
		{head: []any{"Mẫu thử nghiệm"}, code: "smq.samples_tested", values: []any{3000, 1422, 47.4, 1510, -5.8, 1600}},
		{head: []any{"Mẫu không đạt"}, code: "smq.samples_failed", values: []any{nil, 13, nil, 19, -31.6, nil}},
		{head: []any{"Số cuộc thanh tra"}, code: "inspection.inspections", values: []any{9, 5, 55.6, 5, 0, 4}},
		{head: []any{"Số cơ sở vi phạm"}, code: "inspection.violations", values: []any{nil, 12, nil, 15, -20, nil}},
		{head: []any{"Tiền phạt (triệu đồng)"}, code: "inspection.fines_vnd", times: 1e6, values: []any{nil, 143.6, nil, 128, 12.2, nil}},
	})
	b.put(s, "A14", "Người lập: Đinh Công Sự", "H14", "GIÁM ĐỐC", "H17", "Nông Thị Bích")
	return b
}

// w08: an inspectorate's matrix: fields in columns, only the total column is the body's figure.
func w08() *book {
	const s = "Bieu TTr"
	b := newBook(report{Doc: "w08", Number: "29/BC-TTra", Issuer: "Thanh tra Sở Khoa học và Công nghệ tỉnh Vạn Sơn", Recipient: "Thanh tra Bộ Khoa học và Công nghệ",
		Signed: "2021-12-10", Period: "2021", Title: "Kết quả công tác thanh tra khoa học và công nghệ năm 2021"}, s)
	b.put(s, "A1", "SỞ KHOA HỌC VÀ CÔNG NGHỆ TỈNH VẠN SƠN", "A2", "THANH TRA SỞ", "A3", "Số: 29/BC-TTra", "E3", "Vạn Sơn, ngày 10 tháng 12 năm 2021",
		"A5", "KẾT QUẢ CÔNG TÁC THANH TRA KHOA HỌC VÀ CÔNG NGHỆ NĂM 2021", "A6", "Kính gửi: Thanh tra Bộ Khoa học và Công nghệ",
		"A8", "STT", "B8", "Chỉ tiêu", "C8", "Mã số", "D8", "Lĩnh vực", "D9", "SHCN", "E9", "TĐC", "F9", "ATBX&HN", "G9", "Khác", "H8", "Tổng cộng", "I8", "Năm 2020", "J8", "So với năm 2020 (%)")
	b.merge(s, "A5:J5", "A6:J6", "A8:A9", "B8:B9", "C8:C9", "D8:G8", "H8:H9", "I8:I9", "J8:J9")
	b.width(s, "A", 5, "B", 56, "C", 8, "D:J", 11)
	b.format(s, "A8", "J9", "", true)
	ax := []axis{{at: "D"}, {at: "E"}, {at: "F"}, {at: "G"}, {at: "H", period: "2021", kind: res}, {at: "I", period: "2020", kind: res}, {at: "J", period: "2021", how: "ratio", basis: "previous_period"}}
	n := b.down(s, 10, "A", ax, []item{
		{head: []any{1, "Số lượt tiếp công dân", "01"}, code: "inspection.receptions", values: []any{0, 0, 0, 0, 5, 8, 62.5}},
		{head: []any{2, "Số đơn khiếu nại, tố cáo tiếp nhận", "02"}, code: "inspection.complaints_received", values: []any{1, 0, 0, 2, 3, 4, 75}},
		{head: []any{3, "Số đơn khiếu nại, tố cáo đã giải quyết", "03"}, code: "inspection.complaints_resolved", values: []any{1, 0, 0, 1, 2, 4, 50}},
		{head: []any{4, "Số cuộc thanh tra đã thực hiện", "04"}, code: "inspection.inspections", values: []any{1, 4, 2, 1, 8, 10, 80}},
		{head: []any{5, "Số cuộc kiểm tra đã thực hiện", "05"}, code: "inspection.checks", values: []any{2, 7, 1, 0, 10, 9, 111.1}},
		{head: []any{6, "Số tổ chức, cá nhân được thanh tra, kiểm tra", "06"}, code: "inspection.entities", values: []any{14, 131, 23, 4, 172, 210, 81.9}},
		{head: []any{7, "Số tổ chức, cá nhân vi phạm", "07"}, code: "inspection.violations", values: []any{4, 15, 2, 0, 21, 26, 80.8}},
		{head: []any{8, "Số tổ chức, cá nhân bị xử phạt", "08"}, code: "inspection.sanctioned", values: []any{3, 12, 2, 0, 17, 22, 77.3}},
		{head: []any{9, "Số tiền phạt (triệu đồng)", "09"}, code: "inspection.fines_vnd", times: 1e6, values: []any{41, 126.5, 28, 0, 195.5, 230, 85}},
		{head: []any{10, "Giá trị tang vật tịch thu, tiêu hủy (triệu đồng)", "10"}, code: "inspection.seized_value_vnd", times: 1e6, values: []any{12, 20.4, 0, 0, 32.4, 27, 120}},
		{head: []any{11, "Số tiền kiến nghị thu hồi (triệu đồng)", "11"}, values: []any{0, 0, 0, 61, 61, 15, 406.7}},
		{head: []any{12, "Số vụ xâm phạm quyền sở hữu công nghiệp đã xử lý", "12"}, code: "ip.infringement_cases", values: []any{4, "x", "x", "x", 4, 2, 200}},
	})
	b.put(s, cellAt("B", n), "Ghi chú: kế hoạch thanh tra năm 2022 ban hành kèm theo Quyết định số 188/QĐ-SKHCN ngày 08/12/2021.", cellAt("H", n+2), "CHÁNH THANH TRA", cellAt("H", n+5), "Bế Văn Thành")
	return b
}

// w09: a district; numbers typed as text, and figures with their unit in one cell.
func w09() *book {
	const s = "BC huyen"
	b := newBook(report{Doc: "w09", Number: "302/BC-UBND", Issuer: "UBND huyện Tà Lương, tỉnh Kim Hòa", Recipient: "Sở Khoa học và Công nghệ tỉnh Kim Hòa",
		Signed: "2021-06-10", Period: "2021-H1", Title: "Số liệu hoạt động khoa học và công nghệ 6 tháng đầu năm 2021 trên địa bàn huyện"}, s)
	b.put(s, "A1", "UBND TỈNH KIM HÒA", "A2", "ỦY BAN NHÂN DÂN HUYỆN TÀ LƯƠNG", "A3", "Số: 302/BC-UBND", "D3", "Tà Lương, ngày 10 tháng 6 năm 2021",
		"A5", "SỐ LIỆU HOẠT ĐỘNG KHOA HỌC VÀ CÔNG NGHỆ 6 THÁNG ĐẦU NĂM 2021 TRÊN ĐỊA BÀN HUYỆN", "A6", "Kính gửi: Sở Khoa học và Công nghệ tỉnh Kim Hòa",
		"A8", "I. CÁC CHỈ TIÊU", "A9", "TT", "B9", "Chỉ tiêu", "C9", "6 tháng đầu năm 2021", "D9", "6 tháng đầu năm 2020", "E9", "Kế hoạch 6 tháng cuối năm 2021")
	b.merge(s, "A5:E5", "A6:E6", "A8:E8")
	b.width(s, "A", 6, "B", 52, "C:E", 24)
	b.format(s, "A9", "E9", "", true)
	now, old, next := axis{period: "2021-H1", kind: res}, axis{period: "2020-H1", kind: res}, axis{period: "2021-H2", kind: plan}
	for i, r := range []struct {
		label, code, now, old, next string
		n, o, x                     float64
	}{
		{"Nhiệm vụ cấp huyện đang thực hiện", "task.district_level", "05 nhiệm vụ", "04 nhiệm vụ", "", 5, 4, 0},
		{"Sáng kiến được công nhận", "ip.initiatives_recognised", "1.024 sáng kiến", "986 sáng kiến", "", 1024, 986, 0},
		{"Mô hình ứng dụng, chuyển giao", "technology.models_transferred", "06 mô hình", "09 mô hình", "04 mô hình", 6, 9, 4},
		{"Kiểm định phương tiện đo tại chợ", "smq.instruments_verified", "372 cân", "415 cân", "", 372, 415, 0},
		{"Số cuộc kiểm tra", "inspection.checks", "02 cuộc", "03 cuộc", "03 cuộc", 2, 3, 3},
		{"Số cơ sở được kiểm tra", "inspection.entities", "41 cơ sở", "66 cơ sở", "60 cơ sở", 41, 66, 60},
		{"Số cơ sở vi phạm", "inspection.violations", "04 cơ sở", "07 cơ sở", "", 4, 7, 0},
		{"Tiền phạt vi phạm hành chính", "inspection.fines_vnd", "9,75 triệu đồng", "14.500.000 đồng", "", 9750000, 14500000, 0},
		{"Lớp tập huấn", "info.training_courses", "03 lớp", "-", "04 lớp", 3, 0, 4},
		{"Lượt người được tập huấn", "info.trainees", "118 lượt người", "Không tổ chức", "160 lượt người", 118, 0, 160},
		{"Tin, bài đăng tải", "info.articles", "37 tin, bài", "29 tin, bài", "", 37, 29, 0},
		{"Kinh phí đã giải ngân", "finance.disbursed_vnd", "0,42 tỷ đồng", "385 triệu đồng", "0,5 tỷ đồng", 420e6, 385e6, 500e6},
	} {
		row := i + 10
		b.put(s, cellAt("A", row), i+1, cellAt("B", row), r.label)
		for _, c := range []struct {
			col, text string
			v         float64
			a         axis
		}{{"C", r.now, r.n, now}, {"D", r.old, r.o, old}, {"E", r.next, r.x, next}} {
			if c.v > 0 {
				b.say(s, cellAt(c.col, row), c.text, r.code, c.v, c.a)
			} else if c.text != "" {
				b.put(s, cellAt(c.col, row), c.text)
			}
		}
	}
	b.put(s, "A24", "II. DANH SÁCH NHIỆM VỤ CẤP HUYỆN", "A25", "TT", "B25", "Tên nhiệm vụ", "C25", "Cơ quan chủ trì", "D25", "Thời gian", "E25", "Kinh phí (triệu đồng)",
		"A26", 1, "B26", "Trồng thử nghiệm dược liệu dưới tán rừng", "C26", "Hạt Kiểm lâm", "D26", "2020 - 2022", "E26", "180",
		"A27", 2, "B27", "Nuôi cá tầm nước lạnh quy mô 200 m2", "C27", "HTX Suối Ngà", "D27", "2020 - 2021", "E27", "95,5",
		"A28", 3, "B28", "Bảo tồn giống lúa nếp nương", "C28", "Trạm Khuyến nông", "D28", "2021 - 2022", "E28", "110",
		"A29", 4, "B29", "Số hóa tư liệu lễ hội 12 bản", "C29", "Phòng VHTT", "D29", "2021", "E29", "64,5",
		"A30", 5, "B30", "Ứng dụng camera giám sát rừng", "C30", "Công an huyện", "D30", "2021 - 2022", "E30", "150", "A31", "Tổng cộng")
	b.merge(s, "A24:E24", "A31:D31")
	b.format(s, "A25", "E25", "", true)
	b.fact(s, "E31", "Tổng cộng: Kinh phí (triệu đồng)", 600, "task.budget_vnd", 1e6, axis{period: "2021-H1", kind: res, form: "text"})
	return b
}

// w10: a sheet for each month of the third quarter, and one that adds up the year so far.
func w10() *book {
	b := newBook(report{Doc: "w10", Number: "1188/BC-SKHCN", Issuer: "Sở Khoa học và Công nghệ tỉnh Cát Tiên Sơn", Recipient: "Văn phòng UBND tỉnh Cát Tiên Sơn",
		Signed: "2019-10-02", Period: "2019-9M", Title: "Kết quả công tác quý III và 9 tháng năm 2019"}, "Tổng hợp")
	const s = "Tổng hợp"
	b.put(s, "A1", "UBND TỈNH CÁT TIÊN SƠN", "A2", "SỞ KHOA HỌC VÀ CÔNG NGHỆ", "A3", "Số: 1188/BC-SKHCN", "C3", "Cát Tiên Sơn, ngày 02 tháng 10 năm 2019",
		"A5", "KẾT QUẢ CÔNG TÁC QUÝ III VÀ 9 THÁNG NĂM 2019", "A6", "Kính gửi: Văn phòng UBND tỉnh Cát Tiên Sơn",
		"A8", "Nội dung", "B8", "Đơn vị tính", "C8", "Quý III năm 2019", "D8", "Lũy kế 9 tháng năm 2019", "E8", "Lũy kế 9 tháng so với kế hoạch năm (%)", "F8", "Quý III so với quý II (%)", "G8", "Dự kiến quý IV năm 2019")
	b.merge(s, "A5:G5", "A6:G6")
	b.width(s, "A", 48, "B:G", 15)
	b.format(s, "A8", "G8", "", true)
	type line struct {
		label, unit, code string
		times             float64
		month             [3]any
		sum               [5]any // quarter, nine months, share, ratio to the second quarter, plan of the fourth
	}
	lines := []line{
		{"Phương tiện đo được kiểm định", "phương tiện", "smq.instruments_verified", 1, [3]any{1204, 1377, 1465}, [5]any{4046, 11830, 78.9, 96.2, 3200}},
		{"Mẫu được thử nghiệm", "mẫu", "smq.samples_tested", 1, [3]any{180, 166, 201}, [5]any{547, 1633, 81.7, 103.4, 400}},
		{"Hồ sơ đăng ký mã số mã vạch", "hồ sơ", "smq.barcode_applications", 1, [3]any{3, 5, 4}, [5]any{12, 31, nil, nil, nil}},
		{"Giấy phép tiến hành công việc bức xạ được cấp", "giấy phép", "radiation.licences_granted", 1, [3]any{2, 4, 3}, [5]any{9, 27, 77.1, 112.5, 8}},
		{"Đơn đăng ký nhãn hiệu", "đơn", "ip.trademark_applications", 1, [3]any{14, 19, 16}, [5]any{49, 138, nil, 94.2, nil}},
		{"Nhiệm vụ KH&CN được nghiệm thu", "nhiệm vụ", "task.accepted", 1, [3]any{1, 0, 3}, [5]any{4, 11, 61.1, 100, 7}},
		{"Tin, bài đăng trên trang thông tin điện tử", "tin, bài", "info.articles", 1, [3]any{51, 47, 60}, [5]any{158, 460, 92, 108.2, 130}},
		{"Lớp tập huấn", "lớp", "info.training_courses", 1, [3]any{1, "-", 2}, [5]any{3, 8, 66.7, nil, 4}},
		{"Hồ sơ TTHC tiếp nhận", "hồ sơ", "admin.dossiers_received", 1, [3]any{38, 44, 41}, [5]any{123, 349, nil, 104.2, nil}},
		{"Tiền phạt vi phạm hành chính", "triệu đồng", "inspection.fines_vnd", 1e6, [3]any{12.5, 0, 30}, [5]any{42.5, 118.5, nil, 85, nil}},
		{"Kinh phí giải ngân", "triệu đồng", "finance.disbursed_vnd", 1e6, [3]any{1310, 1544.5, 1985.5}, [5]any{4840, 13024, 61.3, 121, 7200}},
	}
	ax := []axis{{at: "C", period: "2019-Q3", kind: res}, {at: "D", period: "2019-9M", kind: res}, {at: "E", period: "2019-9M", how: "share"}, {at: "F", period: "2019-Q3", how: "ratio", basis: "previous_period"}, {at: "G", period: "2019-Q4", kind: plan}}
	var items []item
	for _, l := range lines {
		items = append(items, item{head: []any{l.label, l.unit}, code: l.code, times: l.times, values: l.sum[:]})
	}
	b.down(s, 9, "A", ax, items)
	for m, name := range []string{"Thang 7", "Thang 8", "Thang 9"} {
		b.sheet(name)
		b.put(name, "A1", "KẾT QUẢ THÁNG "+[]string{"7", "8", "9"}[m]+" NĂM 2019", "A3", "Nội dung", "B3", "Đơn vị tính", "C3", "Số liệu")
		b.width(name, "A", 48, "B:C", 15)
		b.format(name, "A3", "C3", "", true)
		items = nil
		for _, l := range lines {
			items = append(items, item{head: []any{l.label, l.unit}, code: l.code, times: l.times, values: []any{l.month[m]}})
		}
		b.down(name, 4, "A", []axis{{at: "C", period: []string{"2019-M07", "2019-M08", "2019-M09"}[m], kind: res}}, items)
	}
	return b
}

func cellAt(col string, row int) string {
	c, err := excelize.JoinCellName(col, row)
	must(err)
	return c
}
