package indicator

import "soket/extract/document"

// Rehearse finds the facts of a few lines like those of any report: patterns that every document needs are
// compiled by that, and phrases made ready, before there is one.
func Rehearse() { Extract(rehearsal(), Options{}) }

func rehearsal() *document.Document {
	cell := func(row, col int, text string) document.Cell {
		return document.Cell{Text: text, Row: row, Col: col, Rowspan: 1, Colspan: 1}
	}
	table := &document.Table{HeadRows: 1, Method: "ruled", Rows: [][]document.Cell{
		{cell(0, 0, "TT"), cell(0, 1, "Chỉ tiêu"), cell(0, 2, "Đơn vị tính"), cell(0, 3, "Kế hoạch năm 2023"), cell(0, 4, "Thực hiện 6 tháng đầu năm 2023"), cell(0, 5, "So với cùng kỳ (%)")},
		{cell(1, 0, "1"), cell(1, 1, "Số cuộc thanh tra, kiểm tra"), cell(1, 2, "cuộc"), cell(1, 3, "20"), cell(1, 4, "12"), cell(1, 5, "110,5")},
		{cell(2, 0, "2"), cell(2, 1, "Kinh phí sự nghiệp khoa học (triệu đồng)"), cell(2, 2, "Triệu đồng"), cell(2, 3, "1.200"), cell(2, 4, "800"), cell(2, 5, "95%")},
	}}
	return &document.Document{Format: document.PDF, Engine: document.EngineLedongthuc, Pages: []document.Page{{Number: 1}}, Blocks: []document.Block{
		{Kind: document.Letterhead, Text: "UBND TỈNH A SỞ KHOA HỌC VÀ CÔNG NGHỆ Số: 12/BC-SKHCN", Page: 1},
		{Kind: document.Letterhead, Text: "A, ngày 15 tháng 6 năm 2023", Page: 1},
		{Kind: document.Title, Text: "BÁO CÁO Kết quả công tác 6 tháng đầu năm, phương hướng nhiệm vụ 6 tháng cuối năm 2023", Page: 1},
		{Kind: document.Heading, Level: 1, Marker: "I.", Text: "KẾT QUẢ THỰC HIỆN NHIỆM VỤ 6 THÁNG ĐẦU NĂM 2023", Page: 1},
		{Kind: document.Paragraph, Text: "Trong 6 tháng đầu năm 2023, Sở đã tổ chức 05 cuộc thanh tra, kiểm tra tại 12 cơ sở, phát hiện 03 cơ sở vi phạm, xử phạt 25 triệu đồng, tăng 10% so với cùng kỳ năm 2022 (04 cuộc), đạt 80% kế hoạch năm; tiếp nhận 15 đơn đăng ký nhãn hiệu; nghiệm thu 07 nhiệm vụ khoa học và công nghệ, trong đó có 05 đề tài và 02 dự án.", Page: 1},
		{Kind: document.TableBlock, Table: table, Page: 1},
	}}
}
