package indicator

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"soket/extract/document"
)

// TestSentences holds what sentences say, one pattern of the language each. The report is on the first
// half of 2020.
func TestSentences(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		// Parts that come to their total are no facts of their own.
		{"Trung tâm chuyển giao 14 mô hình: 5 mô hình tưới nhỏ giọt, 4 mô hình trồng nấm, 3 mô hình rau, 2 mô hình chăn nuôi.", "technology.models_transferred 14 2020-H1 result"},
		{"Sở đã tiến hành 06 cuộc thanh tra (kế hoạch 4, đột xuất 2).", "inspection.inspections 6 2020-H1 result"},
		// Money right after those who are fined is their fine; proposed with them, it is proposed.
		{"Xử phạt 22 đơn vị, 1 tỷ 24 triệu đồng.", "inspection.sanctioned 22 2020-H1 result; inspection.fines_vnd 1024000000 2020-H1 result"},
		{"Kiến nghị UBND tỉnh xử phạt: 1 trường hợp kinh doanh xăng kém chất lượng, mức phạt 110 triệu đồng.", "inspection.sanctioned 1 2020-H1 plan; inspection.fines_vnd 110000000 2020-H1 plan"},
		// A bracket behind a change is what the change is counted from.
		{"Số nhiệm vụ nghiệm thu là 09 nhiệm vụ, giảm 25% so với 6 tháng đầu năm 2019 (12 nhiệm vụ).", "task.accepted 9 2020-H1 result; task.accepted -25 2020-H1 comparison same_period; task.accepted 12 2019-H1 result"},
		{"Số đơn đăng ký nhãn hiệu là 78 đơn, giảm 12 đơn (13,3%) so với cùng kỳ năm trước.", "ip.trademark_applications 78 2020-H1 result; ip.trademark_applications -13.3 2020-H1 comparison same_period"},
		// A time that opens a sentence governs all of it.
		{"Cùng kỳ năm trước, cấp 18 giấy phép tiến hành công việc bức xạ và 9 chứng chỉ nhân viên bức xạ.", "radiation.licences_granted 18 2019-H1 result; radiation.certificates_granted 9 2019-H1 result"},
		// A plan that opens a sentence governs what is joined on.
		{"Dự kiến cả năm kiểm định 17.000 phương tiện đo, thử nghiệm 2.500 mẫu.", "smq.instruments_verified 17000 2020 plan; smq.samples_tested 2500 2020 plan"},
		{"Kế hoạch thanh tra năm 2020 theo Quyết định số 294/QĐ-SKHCN ngày 09/12/2019 gồm 08 cuộc thanh tra.", "inspection.inspections 8 2020 plan"},
		// The noun of a percentage says what it is of.
		{"Mở 05 lớp tập huấn với 260 lượt người, giảm 50% so với cùng kỳ về số lớp.", "info.training_courses 5 2020-H1 result; info.trainees 260 2020-H1 result; info.training_courses -50 2020-H1 comparison same_period"},
		// The label of an item speaks for its bare figures.
		{"Doanh nghiệp KH&CN: cấp mới 2, tổng 9.", "enterprise.st_certified 2 2020-H1 result; enterprise.st_total 9 2020-H1 result"},
		{"KĐ 6.210 PTĐ, HC 120 PTĐ, TN 512 mẫu (cùng kỳ 498).", "smq.instruments_verified 6210 2020-H1 result; smq.instruments_calibrated 120 2020-H1 result; smq.samples_tested 512 2020-H1 result; smq.samples_tested 498 2019-H1 result"},
		// A level of last year's share is no change.
		{"Giải ngân đạt 42% dự toán, cao hơn mức 38,5% của cùng kỳ năm 2019.", "finance.disbursed_percent 42 2020-H1 result; finance.disbursed_percent 38.5 2019-H1 result"},
		// What a share of plan is of is the plan, also where the share stands behind a comma.
		{"Mở 15/25 lớp tập huấn, bằng 60% kế hoạch năm.", "info.training_courses 15 2020-H1 result; info.training_courses 25 2020 plan; info.training_courses 60 2020-H1 comparison plan"},
		// A part of a figure is none of another area's.
		{"Cấp 8 chứng chỉ nhân viên bức xạ, trong đó cấp mới 5, cấp lại 3.", "radiation.certificates_granted 8 2020-H1 result"},
		// "In the total number of" is no total of what stands before it.
		{"Phát hiện 05 lượt cơ sở vi phạm trong tổng số 31 cơ sở kinh doanh.", "inspection.violations 5 2020-H1 result; inspection.entities 31 2020-H1 result"},
		{"Hợp tác xã có 3 nhãn hiệu được Cục Sở hữu trí tuệ cấp Giấy chứng nhận.", "ip.trademark_grants 3 2020-H1 result"},
		// A figure that only what follows it names.
		{"Hiện có 18 cơ sở với 40 máy X-quang.", "radiation.facilities 18 2020-H1 result; radiation.devices 40 2020-H1 result"},
		// What tasks just told of cost, also where it is called support.
		{"Phê duyệt mới 4 đề tài, tổng kinh phí hỗ trợ từ ngân sách 2.900 triệu đồng.", "task.new 4 2020-H1 result; task.budget_vnd 2900000000 2020-H1 result"},
		{"Các huyện, thị xã, thành phố thực hiện 31 đề tài.", "task.district_level 31 2020-H1 result"},
		{"Phấn đấu phát triển mới tối thiểu 4 doanh nghiệp KH&CN.", "enterprise.st_certified 4 2020-H1 plan"},
		// Money in words; what budgets spent; what tasks cost, told after their share of plan.
		{"Xử phạt 4 cơ sở với tổng số tiền mười hai triệu đồng.", "inspection.sanctioned 4 2020-H1 result; inspection.fines_vnd 12000000 2020-H1 result"},
		{"Chi ngân sách 6 tháng: 810 triệu đồng, đạt 45% dự toán năm.", "finance.disbursed_vnd 810000000 2020-H1 result; finance.disbursed_percent 45 2020-H1 result"},
		{"Có 5 đề tài cấp huyện được thực hiện, bằng 50% kế hoạch năm; kinh phí 700 triệu đồng.", "task.district_level 5 2020-H1 result; task.district_level 50 2020-H1 comparison plan; task.budget_vnd 700000000 2020-H1 result"},
		// A change names by its number what it is of.
		{"Mở 9 lớp tập huấn, 310 lượt người dự. Số lớp tăng 12,5% so với cùng kỳ.", "info.training_courses 9 2020-H1 result; info.trainees 310 2020-H1 result; info.training_courses 12.5 2020-H1 comparison same_period"},
		// Applications and titles are of the sort that the sentence speaks of.
		{"Hướng dẫn các làng nghề đăng ký nhãn hiệu; đã nộp 8 đơn, được cấp 3 văn bằng.", "ip.trademark_applications 8 2020-H1 result; ip.trademark_grants 3 2020-H1 result"},
		// The last months of the year are its last quarter, or half.
		{"Sở đã họp.</p><h2>II. NHIỆM VỤ 3 THÁNG CUỐI NĂM 2020</h2><p>Nghiệm thu 4 đề tài.", "task.accepted 4 2020-Q4 plan"},
		{"Sở đã họp.</p><h2>II. NHIỆM VỤ TRỌNG TÂM NHỮNG THÁNG CUỐI NĂM 2020</h2><p>Nghiệm thu 4 đề tài.", "task.accepted 4 2020-H2 plan"},
		// What was resolved before its time and in time are parts; online of two levels is one figure.
		{"Giải quyết 45 hồ sơ thủ tục hành chính, trong đó trước hạn 30 hồ sơ, đúng hạn 15 hồ sơ.", "admin.dossiers_resolved 45 2020-H1 result"},
		{"Tiếp nhận 80 hồ sơ thủ tục hành chính (trực tuyến mức độ 3, 4: 62 hồ sơ).", "admin.dossiers_received 80 2020-H1 result; admin.dossiers_online 62 2020-H1 result"},
		{"Hướng dẫn 9 tổ chức, cá nhân nộp đơn đăng ký nhãn hiệu; có 4 đơn được chấp nhận hợp lệ, 2 văn bằng được cấp.", "ip.consultations 9 2020-H1 result; ip.trademark_grants 2 2020-H1 result"},
		// A time before a colon is that of all that follows it.
		{"Kiểm tra 68 cơ sở, phạt tiền 74,5 triệu đồng. Cùng kỳ năm 2019: kiểm tra 61 cơ sở, xử phạt 52 triệu đồng.", "inspection.entities 68 2020-H1 result; inspection.fines_vnd 74500000 2020-H1 result; inspection.entities 61 2019-H1 result; inspection.fines_vnd 52000000 2019-H1 result"},
		{"Hỗ trợ 6 doanh nghiệp áp dụng hệ thống quản lý chất lượng theo ISO 9001, trong đó 5 doanh nghiệp đã được chứng nhận.", "enterprise.quality_supported 6 2020-H1 result"},
		// What is raised to a total is named anew.
		{"Cùng với 37 nhiệm vụ chuyển tiếp từ các năm trước nâng tổng số nhiệm vụ đang thực hiện lên 55 nhiệm vụ.", "task.carried_over 37 2020-H1 result; task.in_progress 55 2020-H1 result"},
		{"Nộp 06 đơn đăng ký nhãn hiệu, tăng 50% so với năm 2019 (năm 2019 nộp 04 đơn).", "ip.trademark_applications 6 2020-H1 result; ip.trademark_applications 50 2020-H1 comparison same_period; ip.trademark_applications 4 2019 result"},
		{"Sở đang thực hiện 96 thủ tục hành chính, niêm yết 04 thủ tục sửa đổi.", ""},
		{"Giải quyết 50 hồ sơ thủ tục hành chính (sớm hạn 31, đúng hạn 19).", "admin.dossiers_resolved 50 2020-H1 result"},
		{"Công chức phụ trách KH&CN: 01 người, kiêm nhiệm.", ""},
		{"Đã giải ngân 850 triệu đồng, tỷ lệ giải ngân 66%. Theo Bộ Tài chính, giải ngân chi sự nghiệp khoa học của cả nước cùng thời điểm mới đạt 54,2%.", "finance.disbursed_vnd 850000000 2020-H1 result; finance.disbursed_percent 66 2020-H1 result"},
		// What was disbursed of what.
		{"Giải ngân 8.765/25.300 triệu đồng, đạt 34,6%.", "finance.disbursed_vnd 8765000000 2020-H1 result; finance.st_budget_vnd 25300000000 2020 result; finance.disbursed_percent 34.6 2020-H1 result"},
		{"Giải ngân kinh phí sự nghiệp KH&CN 8.765 triệu đồng/25.300 triệu đồng, đạt 34,6%.", "finance.disbursed_vnd 8765000000 2020-H1 result; finance.st_budget_vnd 25300000000 2020 result; finance.disbursed_percent 34.6 2020-H1 result"},
		{"Kinh phí sự nghiệp KH&CN giải ngân được 8.765 triệu đồng trên tổng số 25.300 triệu đồng được giao.", "finance.disbursed_vnd 8765000000 2020-H1 result; finance.st_budget_vnd 25300000000 2020 result"},
		{"Tiếp nhận 18 hồ sơ thủ tục hành chính, giải quyết 17 hồ sơ; 01 hồ sơ chưa đến hạn.", "admin.dossiers_received 18 2020-H1 result; admin.dossiers_resolved 17 2020-H1 result"},
		// Months down the side are times, not cases of which only the total counts.
		{"Sở đã họp.</p><table><tr><th>Kỳ</th><th>Mẫu thử nghiệm (mẫu)</th></tr><tr><td>Tháng 1</td><td>32</td></tr><tr><td>Tháng 2</td><td>18</td></tr><tr><td>Tháng 3</td><td>45</td></tr><tr><td>Cộng quý I</td><td>95</td></tr></table><p>Hết.",
			"smq.samples_tested 32 2020-M01 result; smq.samples_tested 18 2020-M02 result; smq.samples_tested 45 2020-M03 result; smq.samples_tested 95 2020-Q1 result"},
		// A head goes on with the one above it.
		{"Sở đã họp.</p><table><tr><th rowspan=2>Lĩnh vực</th><th colspan=2>Số cơ sở</th></tr><tr><th>được thanh tra, kiểm tra</th><th>vi phạm</th></tr><tr><td>Đo lường</td><td>61</td><td>4</td></tr><tr><td>Bức xạ</td><td>23</td><td>1</td></tr><tr><td>Cộng</td><td>84</td><td>5</td></tr></table><p>Hết.",
			"inspection.entities 84 2020-H1 result; inspection.violations 5 2020-H1 result"},
		// A heading that names the report's own period first covers results as well.
		{"Sở đã họp.</p><h2>CÔNG TÁC KHOA HỌC VÀ CÔNG NGHỆ 6 THÁNG ĐẦU NĂM 2020, PHƯƠNG HƯỚNG 6 THÁNG CUỐI NĂM 2020</h2><p>Nghiệm thu 4 đề tài.", "task.accepted 4 2020-H1 result"},
		// What the count of all years came to is no figure of the period.
		{"Cục Sở hữu trí tuệ đã cấp 33 văn bằng, nâng tổng số văn bằng của tỉnh lên 1.245.", "ip.grants 33 2020-H1 result"},
		{"Nộp 12 đơn đăng ký nhãn hiệu, đưa tổng số đơn đăng ký nhãn hiệu của tỉnh đến nay lên con số 310 đơn.", "ip.trademark_applications 12 2020-H1 result"},
		{"Hoàn thành đúng kế hoạch 7 cuộc thanh tra.", "inspection.inspections 7 2020-H1 result"},
		{"Sở đã họp.</p><h2>II. NHIỆM VỤ 6 THÁNG CUỐI NĂM 2020</h2><p>Kiểm định 900 phương tiện đo, đưa tổng số cả năm lên 2.100 phương tiện đo.", "smq.instruments_verified 900 2020-H2 plan; smq.instruments_verified 2100 2020 plan"},
		// A heading on a part of the report's time; the time just told of; the year of a law; what waits.
		{"Sở đã họp.</p><h2>I. KẾT QUẢ QUÝ II NĂM 2020</h2><p>Kiểm tra 45 cơ sở, phạt 4 cơ sở.</p><h2>II. KẾT QUẢ 6 THÁNG ĐẦU NĂM 2020</h2><p>Kiểm tra 83 cơ sở.", "inspection.entities 45 2020-Q2 result; inspection.sanctioned 4 2020-Q2 result; inspection.entities 83 2020-H1 result"},
		{"Phê duyệt 5 đề tài mới; cùng thời gian này đã nghiệm thu 6 đề tài.", "task.new 5 2020-H1 result; task.accepted 6 2020-H1 result"},
		{"Mở 02 lớp tập huấn về Luật Chất lượng sản phẩm, hàng hóa năm 2007 cho 95 lượt người.", "info.training_courses 2 2020-H1 result; info.trainees 95 2020-H1 result"},
		{"Tiếp nhận 61 hồ sơ thủ tục hành chính, đã giải quyết 55 hồ sơ, 06 hồ sơ đang trong thời hạn giải quyết.", "admin.dossiers_received 61 2020-H1 result; admin.dossiers_resolved 55 2020-H1 result"},
		{"Đến nay, toàn tỉnh có 9 doanh nghiệp được cấp giấy chứng nhận doanh nghiệp khoa học và công nghệ.", "enterprise.st_total 9 2020-H1 result"},
		{"Phạt 3 cơ sở, số tiền 21 triệu đồng, đã nộp ngân sách 15 triệu đồng.", "inspection.sanctioned 3 2020-H1 result; inspection.fines_vnd 21000000 2020-H1 result"},
		{"Sở đã họp.</p><table><tr><th>STT</th><th>Tên lớp</th><th>Địa điểm</th><th>Lượt người được tập huấn</th></tr><tr><td>1</td><td>ISO 9001:2015 cho cấp xã</td><td>Vĩnh Lộc</td><td>31</td></tr><tr><td>2</td><td>Nhãn hàng hóa</td><td>Bá Thước</td><td>44</td></tr><tr><td>3</td><td>An toàn bức xạ</td><td>Sầm Sơn</td><td>25</td></tr><tr><td></td><td>Tổng cộng</td><td></td><td>100</td></tr></table><p>Hết.", "info.trainees 100 2020-H1 result"},
		// A time that opens a sentence governs it beyond its semicolons; what others are to deal with; titles in force.
		{"Trong quý I, Thanh tra Sở tiến hành 02 cuộc thanh tra tại 19 cơ sở; kết quả 16/19 cơ sở chấp hành tốt, xử phạt 03 cơ sở.", "inspection.inspections 2 2020-Q1 result; inspection.entities 19 2020-Q1 result; inspection.sanctioned 3 2020-Q1 result"},
		{"Kiểm tra 26 cơ sở, chuyển Công an huyện xử lý 02 vụ.", "inspection.entities 26 2020-H1 result"},
		{"Đến nay toàn tỉnh có 640 nhãn hiệu, 21 kiểu dáng công nghiệp và 4 chỉ dẫn địa lý được bảo hộ.", "ip.trademark_grants 640 2020-H1 result; ip.design_grants 21 2020-H1 result; ip.geographical_indications 4 2020-H1 result"},
		{"Nộp 61 đơn đăng ký nhãn hiệu; được cấp 33 văn bằng bảo hộ, trong đó 29 giấy chứng nhận đăng ký nhãn hiệu.", "ip.trademark_applications 61 2020-H1 result; ip.grants 33 2020-H1 result; ip.trademark_grants 29 2020-H1 result"},
		// What is still to come is a plan, wherever in the sentence it is said, and so is what is joined on.
		{"Chi cục và các đơn vị trực thuộc đều phấn đấu mở 7 lớp tập huấn, kiểm định 420 phương tiện đo.", "info.training_courses 7 2020-H1 plan; smq.instruments_verified 420 2020-H1 plan"},
		{"Thời gian tới Sở tiếp tục mở 3 lớp tập huấn, thử nghiệm 60 mẫu.", "info.training_courses 3 2020-H1 plan; smq.samples_tested 60 2020-H1 plan"},
		// Those who were checked, told by sorts: none is the next step. Instruments that were only checked, or failed.
		{"Đoàn đã kiểm tra 18 cửa hàng vàng, 7 cửa hàng gas và 5 cửa hàng điện máy.", "inspection.entities 18 2020-H1 result"},
		{"Kiểm tra 95 cơ sở với 140 phương tiện đo và 30 mẫu hàng hóa; kết quả có 12 phương tiện đo và 02 mẫu hàng hóa không đạt yêu cầu.", "inspection.entities 95 2020-H1 result; smq.samples_failed 2 2020-H1 result"},
		{"Kiểm định 1.520 phương tiện đo, có 61 phương tiện đo không đạt.", "smq.instruments_verified 1520 2020-H1 result"},
		{"Sở đã xem xét hồ sơ và cấp phép cho 05 phòng khám có máy X-quang.", "radiation.licences_granted 5 2020-H1 result"},
		// The name of a programme says nothing of what was done; marks of quality are no use of results.
		{"Sở đang quản lý 23 đề tài; 3 dự án thuộc Chương trình hỗ trợ ứng dụng, chuyển giao công nghệ về miền núi.", "task.in_progress 23 2020-H1 result"},
		{"Có 9 đề tài được nghiệm thu, kết quả 2 đề tài xuất sắc, 7 đề tài xếp loại khá.", "task.accepted 9 2020-H1 result"},
		{"Trong kỳ có 14 sản phẩm, dịch vụ của tỉnh được cấp văn bằng bảo hộ.", "ip.grants 14 2020-H1 result"},
		// A number that its label names, with the plan that it is held against.
		{"Số nhiệm vụ đang trong quá trình thực hiện là 37.", "task.in_progress 37 2020-H1 result"},
		{"Số mẫu thử nghiệm đạt 410 trên kế hoạch 800 của năm.", "smq.samples_tested 410 2020-H1 result; smq.samples_tested 800 2020 plan"},
		// What one place has of it; parts between which another number stands.
		{"Kiểm định 4.100 phương tiện đo; riêng thành phố Hải Sơn kiểm định 1.900 phương tiện đo.", "smq.instruments_verified 4100 2020-H1 result"},
		{"Kiểm định 4.100 phương tiện đo; riêng quý II kiểm định 2.300 phương tiện đo.", "smq.instruments_verified 4100 2020-H1 result; smq.instruments_verified 2300 2020-Q2 result"},
		{"Xây dựng 06 mô hình: 02 mô hình trồng nấm 2 vụ, 03 mô hình nuôi cá lồng, 01 mô hình chế biến chè.", "technology.models_transferred 6 2020-H1 result"},
		{"Lấy 36 mẫu xăng dầu tại 12 cửa hàng, tăng 20% so với cùng kỳ.", "smq.samples_tested 36 2020-H1 result; smq.samples_tested 20 2020-H1 comparison same_period"},
		{"Các tổ chức nộp 182 đơn đăng ký sở hữu công nghiệp, trong đó 168 đơn nhãn hiệu. Tổng số đơn giảm 3% so với cùng kỳ.", "ip.applications 182 2020-H1 result; ip.trademark_applications 168 2020-H1 result; ip.applications -3 2020-H1 comparison same_period"},
		{"Trong kỳ có 12 nhiệm vụ được nghiệm thu; cùng thời gian đó có 9 nhiệm vụ mở mới.", "task.accepted 12 2020-H1 result; task.new 9 2020-H1 result"},
		{"Theo thời điểm ký hợp đồng thì 11 nhiệm vụ là chuyển tiếp từ các năm trước, 4 nhiệm vụ là mở mới.", "task.carried_over 11 2020-H1 result; task.new 4 2020-H1 result"},
		// What another body did by itself; whom one inspects is none of those one manages.
		{"Lực lượng quản lý thị trường tự tổ chức 14 cuộc kiểm tra; Sở thực hiện 3 cuộc kiểm tra tại 28 cơ sở.", "inspection.checks 3 2020-H1 result; inspection.entities 28 2020-H1 result"},
		{"Trong kỳ, Cục Quản lý thị trường đã kiểm tra 131 cơ sở, xử phạt 190 triệu đồng về nhãn hàng hóa.", ""},
		{"Cũng trong quý, theo thông tin của Ban Chỉ đạo tỉnh, Cục Quản lý thị trường đã kiểm tra 88 cơ sở.", ""},
		{"Ngoài ra, Thanh tra Bộ tiến hành 02 cuộc thanh tra tại 05 doanh nghiệp; Thanh tra Sở tiến hành 03 cuộc thanh tra.", "inspection.inspections 3 2020-H1 result"},
		{"Sở phối hợp với Công an tỉnh kiểm tra 12 cơ sở kinh doanh xăng dầu.", "inspection.entities 12 2020-H1 result"},
		{"Đề nghị Bộ Khoa học và Công nghệ mở 02 lớp tập huấn cho công chức.", ""},
		// Years in brackets are the time of what follows.
		{"Qua 3 năm (2017 - 2019), Sở đã tiến hành 21 cuộc thanh tra tại 240 cơ sở.", "inspection.inspections 21 2017/2019 result; inspection.entities 240 2017/2019 result"},
		// Dossiers whose time is not over are not on time yet.
		{"Đã giải quyết 133 hồ sơ, 100% đúng hạn; 09 hồ sơ còn trong thời hạn giải quyết.", "admin.dossiers_resolved 133 2020-H1 result"},
		// Parts may be told in the next sentence.
		{"Trung tâm đã chuyển giao 11 mô hình cho nông hộ. Trong đó: 5 mô hình nuôi cá, 4 mô hình trồng nấm.", "technology.models_transferred 11 2020-H1 result"},
		{"Sở phối hợp Cục Quản lý thị trường kiểm tra 18 cơ sở.", "inspection.entities 18 2020-H1 result"},
		{"Thanh tra an toàn bức xạ tại 18 cơ sở X-quang.", "inspection.entities 18 2020-H1 result"},
		{"Quản lý 62 cơ sở bức xạ; kiểm tra 20 cơ sở.", "radiation.facilities 62 2020-H1 result; inspection.entities 20 2020-H1 result"},
		{"UBND tỉnh ban hành hai nghị quyết và một chỉ thị.", ""},
		{"Số nhiệm vụ nghiệm thu là 13, so với 6 tháng đầu năm 2019 (12 nhiệm vụ) tăng 8,3%.", "task.accepted 13 2020-H1 result; task.accepted 12 2019-H1 result; task.accepted 8.3 2020-H1 comparison same_period"},
		// What was granted anew and renewed, what was planned and not, people and bodies: parts of totals nobody states.
		{"Cấp mới 07, gia hạn 04 giấy phép tiến hành công việc bức xạ.", ""},
		{"Tiếp công dân thường xuyên 04 lượt, định kỳ 01 lượt.", ""},
		{"Ban hành 01 nghị quyết, 03 quyết định và 05 kế hoạch, tổng cộng 09 văn bản.", "policy.documents_issued 9 2020-H1 result"},
		{"Thành lập 14 hội đồng tư vấn (06 tuyển chọn, 08 nghiệm thu).", "task.councils 14 2020-H1 result"},
		// What stands behind a share or money is what they are told of.
		{"Tỷ lệ hồ sơ nộp trực tuyến đạt 76%, với 158 hồ sơ.", "admin.dossiers_online 158 2020-H1 result"},
		{"Giá trị hợp đồng chuyển giao công nghệ đạt 4,2 tỷ đồng với 3 hợp đồng được đăng ký.", "technology.transfer_contracts 3 2020-H1 result"},
		{"Đã cấp phát 6,4 tỷ đồng cho 21 nhiệm vụ cấp tỉnh.", "task.budget_vnd 6400000000 2020-H1 result"},
		{"Xử phạt 9 triệu đồng đối với 02 hộ kinh doanh.", "inspection.fines_vnd 9000000 2020-H1 result; inspection.sanctioned 2 2020-H1 result"},
		{"Hỗ trợ 04 doanh nghiệp đổi mới công nghệ với số tiền 1,2 tỷ đồng.", "enterprise.innovation_supported 4 2020-H1 result"},
		// The same of another time, told without its name, or what it is set against.
		{"Chỉ tiêu giao năm 2020: nghiệm thu 16 nhiệm vụ; kết quả 6 tháng: 07 nhiệm vụ, đạt 43,75%.", "task.accepted 16 2020 plan; task.accepted 7 2020-H1 result; task.accepted 43.8 2020-H1 comparison plan"},
		{"Số đơn đăng ký nhãn hiệu là 51 đơn so với 39 đơn.", "ip.trademark_applications 51 2020-H1 result; ip.trademark_applications 39 2019-H1 result"},
		{"Năm 2019 nộp 98 đơn đăng ký nhãn hiệu; 6 tháng năm 2020 nộp 51 đơn.", "ip.trademark_applications 98 2019 result; ip.trademark_applications 51 2020-H1 result"},
		{"Đến hết tháng 6, tỷ lệ giải ngân ước đạt 45%; phấn đấu cả năm đạt trên 95%.", "finance.disbursed_percent 45 2020-H1 result; finance.disbursed_percent 95 2020 plan"},
		{"Từ nay đến cuối năm sẽ nghiệm thu 6 đề tài, mở 2 lớp tập huấn.", "task.accepted 6 2020-H2 plan; info.training_courses 2 2020-H2 plan"},
		// Those who were found in order are none of those in violation; trademarks are none applied for where nothing says so.
		{"Làm việc với 33 tổ chức, cá nhân; kết quả: 31 đơn vị chấp hành tốt, 02 đơn vị vi phạm.", "inspection.entities 33 2020-H1 result; inspection.violations 2 2020-H1 result"},
		{"Thực hiện kiểm xạ cho 22 cơ sở X-quang.", ""},
		{"45/45 mẫu đạt quy chuẩn.", "smq.samples_tested 45 2020-H1 result"},
		{"TTra chuyên ngành: 3 cuộc (KH: 5), 26 cơ sở; XP: 2 cơ sở, 12 tr.đ.", "inspection.inspections 3 2020-H1 result; inspection.inspections 5 2020 plan; inspection.entities 26 2020-H1 result; inspection.sanctioned 2 2020-H1 result; inspection.fines_vnd 12000000 2020-H1 result"},
		{"Nhiệm vụ cấp tỉnh triển khai trong năm: 42, gồm chuyển tiếp: 27; mới: 15.", "task.in_progress 42 2020-H1 result; task.carried_over 27 2020-H1 result; task.new 15 2020-H1 result"},
		{"Đã có 6 trong số 14 nhiệm vụ hoàn thành nghiệm thu.", "task.accepted 6 2020-H1 result"},
		{"Thu hút 640 lượt người tham gia 12 lớp tập huấn.", "info.trainees 640 2020-H1 result; info.training_courses 12 2020-H1 result"},
		// Not ours: what is denied, and numbers of standards.
		{"Hội đồng chưa công nhận 13 sáng kiến; QCĐP 01:2019/KT vẫn áp dụng.", ""},
	} {
		holds(t, "Kết quả công tác 6 tháng đầu năm 2020", c.text, c.want)
	}
}

// TestReports holds what sentences say in reports of other times and bodies.
func TestReports(t *testing.T) {
	const district = "UBND HUYỆN BÌNH KHÊ TỈNH HẢI SƠN | Tình hình hoạt động KH&CN năm 2022"
	for _, c := range []struct{ title, text, want string }{
		// A review of several years tells of each of them.
		{"Tổng kết giai đoạn 2021-2023", "Giai đoạn 2021-2023 nghiệm thu 54 nhiệm vụ, trong đó năm 2021: 16 nhiệm vụ, năm 2022: 18 nhiệm vụ, năm 2023: 20 nhiệm vụ.",
			"task.accepted 54 2021/2023 result; task.accepted 16 2021 result; task.accepted 18 2022 result; task.accepted 20 2023 result"},
		{"Tổng kết giai đoạn 2021-2023", "Số đơn đăng ký nhãn hiệu năm 2021 là 90 đơn, năm 2022 là 108 đơn (tăng 20% so với năm 2021), năm 2023 đạt 135 đơn.",
			"ip.trademark_applications 90 2021 result; ip.trademark_applications 108 2022 result; ip.trademark_applications 20 2022 comparison previous_period; ip.trademark_applications 135 2023 result"},
		{"Tổng kết giai đoạn 2021-2023", "Trong ba năm 2021-2023, kiểm định 32.400 phương tiện đo; thanh tra 24 cuộc (bình quân mỗi năm 8 cuộc) tại 311 cơ sở.",
			"smq.instruments_verified 32400 2021/2023 result; inspection.inspections 24 2021/2023 result; inspection.entities 311 2021/2023 result"},
		{"Tổng kết giai đoạn 2021-2023", "Giải ngân năm 2021 đạt 18 tỷ đồng, năm 2022 đạt 19,5 tỷ đồng và năm 2023 đạt 21 tỷ đồng.",
			"finance.disbursed_vnd 18000000000 2021 result; finance.disbursed_vnd 19500000000 2022 result; finance.disbursed_vnd 21000000000 2023 result"},
		{"Tổng kết giai đoạn 2021-2023", "Sở đã họp.</p><p>Bảng 1. Kết quả giai đoạn 2021-2023</p><table><tr><th>Năm</th><th>Nhiệm vụ nghiệm thu</th></tr><tr><td>2021</td><td>12</td></tr><tr><td>2022</td><td>14</td></tr><tr><td>2023</td><td>17</td></tr><tr><td>Cộng</td><td>43</td></tr></table><p>Hết.",
			"task.accepted 12 2021 result; task.accepted 14 2022 result; task.accepted 17 2023 result; task.accepted 43 2021/2023 result"},
		// What all months came to is of what the month's or quarter's figure is.
		{"Kết quả công tác quý III năm 2023", "Tiếp nhận 13 hồ sơ công bố hợp chuẩn, hợp quy (hợp quy: 09, hợp chuẩn: 04); cộng 9 tháng đầu năm 2023 là 44 hồ sơ.",
			"smq.conformity_declarations 13 2023-Q3 result; smq.conformity_declarations 44 2023-9M result"},
		{"Kết quả công tác quý III năm 2023", "Trong quý nghiệm thu 4 đề tài, tính chung 9 tháng là 11 đề tài.", "task.accepted 4 2023-Q3 result; task.accepted 11 2023-9M result"},
		{"Kết quả công tác tháng 8 năm 2023", "Cấp 5 giấy phép tiến hành công việc bức xạ, nâng số giấy phép cấp từ đầu năm lên 38.",
			"radiation.licences_granted 5 2023-M08 result; radiation.licences_granted 38 2023-8M result"},
		// What a district tells of its whole province is not its own.
		{district, "Trên phạm vi cả tỉnh hiện có 3 chỉ dẫn địa lý được bảo hộ.", ""},
		{district, "Toàn huyện công nhận 61 sáng kiến.", "ip.initiatives_recognised 61 2022 result"},
		// Of what is asked for, the budget is a plan.
		{"Kết quả công tác năm 2021", "Sở đã họp.</p><h2>IV. KIẾN NGHỊ, ĐỀ XUẤT</h2><p>Kinh phí sự nghiệp khoa học và công nghệ đề nghị cho năm 2022 là 41,8 tỷ đồng; hỗ trợ 3 mô hình.", "finance.st_budget_vnd 41800000000 2022 plan"},
	} {
		holds(t, c.title, c.text, c.want)
	}
}

// holds tells whether a report says what is wanted, and nothing else; before " | " in its title stands its issuer.
func holds(t *testing.T, title, text, want string) {
	t.Helper()
	issuer, title, ok := strings.Cut(title, " | ")
	if !ok {
		issuer, title = "", issuer
	}
	page := "<html><meta charset=utf-8><p>" + issuer + "</p><h1>BÁO CÁO " + title + "</h1><p>" + text + "</p></html>"
	d, err := document.Read(context.Background(), strings.NewReader(page), int64(len(page)), document.Options{Name: "a.html"})
	if err != nil {
		t.Fatal(err)
	}
	_, facts, _, err := Extract(d, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range facts {
		got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s %s %s %s", f.Code, plain(f.Value), f.Period, f.Kind, f.Basis)))
	}
	if s := strings.Join(got, "; "); s != want {
		t.Errorf("%s\n got %s\nwant %s", text, s, want)
	}
}

// TestSameBytesSameFacts reads documents several times: nothing may depend on the order of maps.
func TestSameBytesSameFacts(t *testing.T) {
	docs, _ := benchDocuments(t)
	for i, d := range docs[:min(len(docs), 12)] {
		_, first, _, err := Extract(d, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for range 4 {
			if _, again, _, err := Extract(d, Options{}); err != nil || !slices.Equal(first, again) {
				t.Fatalf("document %d: other facts at another reading (%v)", i, err)
			}
		}
	}
}

// TestDocumentPeriod: a review of several years is of those, unless its title names another time or they are not over.
func TestDocumentPeriod(t *testing.T) {
	for title, want := range map[string]string{
		"Báo cáo Tổng kết hoạt động khoa học và công nghệ giai đoạn 2016-2020, định hướng giai đoạn 2021-2025": "2016/2020",
		"Báo cáo Kết quả 5 năm 2016 - 2020": "2016/2020",
		"Báo cáo Tổng kết công tác năm 2020, đánh giá kết quả giai đoạn 2016 - 2020 và kế hoạch năm 2021": "2020",
		"Báo cáo thực hiện mục tiêu giai đoạn 2016 - 2020 đến hết 6 tháng đầu năm 2020":                   "2020-H1",
		"Báo cáo Kết quả thực hiện Chương trình giai đoạn 2021-2025 năm 2022":                             "2022",
	} {
		if got := documentPeriod(title, nil, "2022-12-08"); string(got) != want {
			t.Errorf("%s: %s, want %s", title, got, want)
		}
	}
}
