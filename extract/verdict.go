package extract

import (
	"errors"
	"fmt"
	"time"

	"soket/extract/document"
)

// Refusal says why a file was not taken in or a call not carried out. Code is a key of Verdicts.
type Refusal struct {
	Code       string
	Detail     string        // the place or the figure that matters; data, never shown as markup
	Existing   *Filing       // duplicate: the filing that already holds these bytes
	RetryAfter time.Duration // when trying again may help; 0 where it does not
	Err        error
}

func (r *Refusal) Error() string {
	s := r.Code
	if r.Detail != "" {
		s = fmt.Sprintf("%s: %s", s, r.Detail)
	}
	if r.Err != nil {
		s = fmt.Sprintf("%s: %v", s, r.Err)
	}
	return s
}

func (r *Refusal) Unwrap() error { return r.Err }

// Verdict is how one outcome is told to the outside: the HTTP status and, in both languages, what
// happened and what to do about it.
type Verdict struct {
	Status     int
	VI, EN     string // what happened
	VIDo, ENDo string // the remedy
}

// Verdicts is the one table that maps outcomes to the outside. Keys are the codes of
// `soket extract` errors, of problem documents and of Filing.Reason.
var Verdicts = map[string]Verdict{
	"unsupported":  {415, "Không đọc được loại tệp này.", "This type of file cannot be read.", "Gửi báo cáo dạng PDF, DOCX, XLSX, XLS, ODS, CSV hoặc ảnh quét.", "Send the report as PDF, DOCX, XLSX, XLS, ODS, CSV or a scanned image."},
	"empty":        {400, "Tệp rỗng, không có nội dung.", "The file is empty.", "Mở tệp trên máy để kiểm tra rồi gửi lại.", "Open the file on your computer, check it and send it again."},
	"corrupt":      {422, "Tệp bị hỏng hoặc bị cắt giữa chừng.", "The file is damaged or cut short.", "Mở tệp bằng phần mềm đã tạo ra nó, lưu lại thành tệp mới rồi gửi lại.", "Open it in the program that made it, save it as a new file and send that."},
	"encrypted":    {422, "Tệp có mật khẩu nên không đọc được.", "The file needs a password.", "Bỏ mật khẩu của tệp rồi gửi lại.", "Remove the password and send it again."},
	"too_large":    {413, "Tệp lớn quá giới hạn cho phép.", "The file is larger than allowed.", "Tách báo cáo thành nhiều tệp hoặc giảm độ phân giải ảnh quét.", "Split the report or lower the resolution of the scan."},
	"timeout":      {422, "Đọc tệp quá lâu nên đã dừng.", "Reading the file took too long and was stopped.", "Tách báo cáo thành các tệp nhỏ hơn rồi gửi lại.", "Split the report into smaller files and send them."},
	"memory":       {422, "Đọc tệp cần quá nhiều bộ nhớ nên đã dừng.", "Reading the file needed too much memory and was stopped.", "Lưu lại tệp (bỏ trang tính, ảnh thừa) rồi gửi lại.", "Save the file without unneeded sheets and images and send it again."},
	"deleted":      {410, "Báo cáo này đã bị xóa hẳn cùng mọi bản sao.", "This report was deleted with all its copies.", "Nếu cần lại, hãy nộp tệp như một báo cáo mới.", "If it is needed again, send the file as a new report."},
	"missing":      {404, "Không tìm thấy tệp.", "The file was not found.", "Kiểm tra đường dẫn hoặc tên tệp.", "Check the path or the name."},
	"bad_name":     {400, "Tên tệp không hợp lệ.", "The file name is not valid.", "Đổi tên tệp: không quá 200 ký tự, không có dấu gạch chéo hay ký tự điều khiển.", "Rename it: at most 200 characters, no slashes or control characters."},
	"duplicate":    {409, "Tệp này đã được nộp.", "This file was already received.", "Mở báo cáo đã nộp; nếu là bản sửa đổi, hãy gửi tệp mới.", "Open the report received before; if this is an amendment, send the new file."},
	"conflict":     {409, "Báo cáo vừa được người khác thay đổi, hoặc thao tác không hợp với trạng thái hiện tại.", "The report was just changed by someone else, or its state does not allow this.", "Tải lại trang để xem trạng thái mới rồi làm lại.", "Reload the page, look at the new state and try again."},
	"invalid":      {400, "Yêu cầu không hợp lệ.", "The request is not valid.", "Sửa tham số được nêu rồi gửi lại.", "Correct the parameter named and send it again."},
	"not_found":    {404, "Không có mục này.", "There is no such item.", "Kiểm tra địa chỉ, hoặc tìm trong danh sách báo cáo.", "Check the address, or look in the list of reports."},
	"busy":         {429, "Có quá nhiều yêu cầu cùng lúc.", "Too many requests at once.", "Chờ một lát rồi gửi lại.", "Wait a moment and try again."},
	"full":         {507, "Kho lưu trữ sắp đầy nên tạm ngừng nhận tệp.", "The store is nearly full, so no files are taken in for now.", "Báo quản trị viên giải phóng dung lượng; các báo cáo đã nhận vẫn nguyên vẹn.", "Ask the administrator to free space; the reports already received are safe."},
	"unavailable":  {503, "Hệ thống tạm thời chưa sẵn sàng.", "The system is not ready for the moment.", "Thử lại sau ít phút; báo cáo đã nhận vẫn nguyên vẹn.", "Try again in a few minutes; the reports already received are safe."},
	"no_answer":    {503, "Cơ sở dữ liệu không trả lời.", "The database does not answer.", "Tải lại trang sau ít phút. Nộp báo cáo và danh sách báo cáo vẫn dùng được, báo cáo đã nhận vẫn nguyên vẹn; nếu kéo dài, báo quản trị viên.", "Reload the page in a few minutes. Sending reports and the list of reports still work, and those received are safe; if it lasts, tell the administrator."},
	"another":      {409, "Hai báo cáo của hai đơn vị hoặc hai kỳ khác nhau nên không thay thế nhau được.", "The two reports are of different bodies or periods, so that one does not replace the other.", "Nếu đơn vị hoặc kỳ đọc sai, sửa ở trang báo cáo đó rồi làm lại; nếu không, hai báo cáo cùng được tính.", "Where a body or period was read wrong, set it on that report's page and try again; otherwise both count."},
	"close_early":  {422, "Không chốt được ở thời điểm này: khi đó chưa thể có số liệu của kỳ.", "The period cannot be closed at this moment: it can have had no figures then.", "Chọn ngày giờ muộn hơn thời điểm nêu dưới đây, hoặc một thời điểm sắp tới.", "Choose a day and time after the one below, or one to come."},
	"no_browser":   {501, "Máy chủ chưa có Chromium nên không in được PDF.", "The server has no Chromium to print PDFs with.", "Tải bản DOCX hoặc XLSX, hoặc bấm “In” rồi chọn “Lưu thành PDF”; quản trị viên cài Chromium để có PDF.", "Take the DOCX or XLSX, or press “Print” and save as PDF; an administrator can install Chromium."},
	"attempts":     {422, "Đã thử đọc nhiều lần nhưng không xong.", "Reading was tried several times without success.", "Bấm “Chạy lại”; nếu vẫn lỗi, gửi tệp lưu lại từ phần mềm gốc.", "Press “Run again”; if it fails again, send the file saved anew from its program."},
	"internal":     {500, "Có lỗi trong hệ thống.", "There was an error in the system.", "Thử lại; nếu vẫn lỗi, báo quản trị viên kèm mã báo cáo.", "Try again; if it persists, tell the administrator the report's id."},
	"unauthorised": {401, "Cần đăng nhập để làm việc này.", "You need to sign in to do this.", "Đăng nhập rồi thử lại.", "Sign in and try again."},
	"forbidden":    {403, "Bạn không có quyền làm việc này.", "You are not allowed to do this.", "Liên hệ quản trị viên để được cấp quyền.", "Ask the administrator for the right to."},
}

// CodeOf gives the key of Verdicts for an error; "internal" for one it does not know.
func CodeOf(err error) string {
	var r *Refusal
	if errors.As(err, &r) {
		return r.Code
	}
	for _, e := range []struct {
		err  error
		code string
	}{
		{document.ErrUnsupported, "unsupported"},
		{document.ErrEmpty, "empty"},
		{document.ErrCorrupt, "corrupt"},
		{document.ErrEncrypted, "encrypted"},
		{document.ErrTooLarge, "too_large"},
		{document.ErrTimeout, "timeout"},
		{document.ErrMemory, "memory"},
	} {
		if errors.Is(err, e.err) {
			return e.code
		}
	}
	return "internal"
}
