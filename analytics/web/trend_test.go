package web_test

import (
	"bytes"
	"encoding/csv"
	"image/png"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// file fetches what a page gives to take along.
func file(t *testing.T, s *httptest.Server, path, kind string) []byte {
	t.Helper()
	res, err := http.Get(s.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(res.Body); err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != http.StatusOK || !strings.HasPrefix(res.Header.Get("Content-Type"), kind) {
		t.Fatalf("%s: %d %s %s", path, res.StatusCode, res.Header.Get("Content-Type"), b.String())
	}
	return b.Bytes()
}

// form posts a form as a page does, and follows it.
func form(t *testing.T, s *httptest.Server, path string, pairs ...string) (int, string) {
	t.Helper()
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	res, err := http.PostForm(s.URL+path, v)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(res.Body); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, b.String()
}

func wants(t *testing.T, what, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("%s lacks %q", what, p)
		}
	}
}

// TestViewToTakeAlong holds that the files have what the page shows, with numbers as numbers and
// nothing that a spreadsheet would run.
func TestViewToTakeAlong(t *testing.T) {
	s := site(t)
	settled(t, s, "a-2020.pdf", pdf+"2020")
	settled(t, s, "a-2021.pdf", pdf+"2021")
	const here = "/chi-tieu/task.accepted"
	for _, f := range []string{"line", "bars", "stacked", "small"} {
		if status, page := get(t, s, here+"?form="+f); status != http.StatusOK || strings.Count(page, "<a href=\"/bao-cao/") < 4 {
			t.Errorf("form %s: %d, the chart and the table lead to no sources", f, status)
		}
	}
	if status, text := form(t, s, here+"/ghi-chu", "period", "2021-H1", "text", "=HYPERLINK(\"x\") gộp hai đợt"); status != http.StatusOK {
		t.Fatalf("note: %d %s", status, text)
	}
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(file(t, s, here+"?format=csv", "text/csv"), []byte("\ufeff")))).ReadAll()
	if err != nil || len(rows) != 3 || rows[1][6] != "12" || rows[1][9] != "20" || !strings.HasPrefix(rows[1][11], "'=HYPERLINK") {
		t.Errorf("CSV: %v %q", err, rows)
	}
	book, err := excelize.OpenReader(bytes.NewReader(file(t, s, here+"?format=xlsx", "application/vnd")))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	sheet := book.GetSheetList()[0]
	kind, err := book.GetCellType(sheet, "G2")
	if err != nil || kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber {
		t.Errorf("the value is stored as type %d: %v", kind, err)
	}
	if formula, err := book.GetCellFormula(sheet, "L2"); err != nil || formula != "" {
		t.Errorf("a note became the formula %q: %v", formula, err)
	}
	svg := string(file(t, s, here+"?format=svg", "image/svg+xml"))
	wants(t, "SVG", svg, "<style>", "Nhiệm vụ KH&amp;CN được nghiệm thu", "Nguồn: 2 báo cáo")
	if strings.Contains(svg, "href=") {
		t.Error("the picture has links that lead nowhere from a file")
	}
	picture, err := png.Decode(bytes.NewReader(file(t, s, here+"?format=png", "image/png")))
	if err != nil || picture.Bounds().Dx() < 1000 {
		t.Errorf("PNG: %v", err)
	}
	// A year that the reader left out is not in the file either.
	if text := string(file(t, s, here+"?format=csv&to=2020", "text/csv")); strings.Contains(text, "2021-H1") || !strings.Contains(text, "2020-H1") {
		t.Errorf("up to 2020: %s", text)
	}
}

// TestBodies joins the names that reports use to one body, and sets what came against what is owed.
func TestBodies(t *testing.T) {
	s := site(t)
	settled(t, s, "a-2020.pdf", pdf+"2020")
	settled(t, s, "a-2021.pdf", pdf+"2021")
	_, page := get(t, s, "/don-vi")
	wants(t, "the list", page, "Tên trong báo cáo chưa thuộc đơn vị nào", "Sở Khoa học và Công nghệ tỉnh Mẫu")
	_, page = get(t, s, "/hoan-thanh")
	wants(t, "the inferred board", page, "được coi là phải báo cáo", "Danh mục đơn vị còn trống")

	// All names are taken in at once; a period is typed as people say it.
	form(t, s, "/don-vi", "what", "all", "name", "Sở Khoa học và Công nghệ tỉnh Mẫu", "name", "Chi cục Khác", "name", "chi cục khác")
	form(t, s, "/don-vi", "what", "owe", "body", "*", "each", "half", "days", "5", "from", "6 tháng đầu năm 2020")
	_, page = get(t, s, "/don-vi")
	wants(t, "the tree", page, `id="chi-cuc-khac"`, "6 tháng đầu năm 2020 – nay")
	if strings.Contains(page, "chưa thuộc đơn vị nào") || strings.Contains(page, `id="chi-cuc-khac-2"`) {
		t.Error("the names are not taken in, or one twice")
	}
	form(t, s, "/don-vi", "what", "free", "no", "0")
	form(t, s, "/don-vi", "what", "delete", "id", "chi-cuc-khac")
	form(t, s, "/don-vi", "what", "delete", "id", "so-khoa-hoc-va-cong-nghe-mau")

	// By any spelling the reports are this body's, in every figure.
	if status, text := form(t, s, "/don-vi", "what", "save", "name", "SỞ KH&CN THÀNH PHỐ MẪU", "aliases", "Chi cục Thử"); status != http.StatusOK {
		t.Fatalf("new body: %d %s", status, text)
	}
	_, page = get(t, s, "/don-vi")
	if strings.Contains(page, "chưa thuộc đơn vị nào") {
		t.Error("the name in the reports is not joined")
	}
	_, page = get(t, s, "/api/v1/trend?code=task.accepted&kind=result")
	wants(t, "the trend", page, `"body":"SỞ KH\u0026CN THÀNH PHỐ MẪU"`)
	_, page = get(t, s, "/ky/2021-H1")
	wants(t, "the period", page, "SỞ KH&amp;CN THÀNH PHỐ MẪU")

	// What is owed: the report of 12 June 2020 is on time for a day ten days before the end of June,
	// and late for one thirty days before it.
	form(t, s, "/don-vi", "what", "owe", "body", "*", "each", "half", "days", "-10", "from", "2020-H1", "to", "2021-H1")
	_, page = get(t, s, "/hoan-thanh?from=2020&to=2021")
	wants(t, "the board", page, "Đúng hạn", "1/1", "class=\"c missing\"")
	form(t, s, "/don-vi", "what", "free", "no", "0")
	form(t, s, "/don-vi", "what", "owe", "body", "*", "each", "half", "days", "-30", "from", "2020-H1", "to", "2021-H1", "approve", "1")
	text := string(file(t, s, "/hoan-thanh?from=2020&to=2021&format=csv", "text/csv"))
	wants(t, "the board as a file", text, "Muộn,Tạm tính (chưa duyệt),2020-05-31,2020-06-12,12", "Thiếu,,2020-12-01")

	// A merger breaks the line and is said; a tree cannot end in itself.
	form(t, s, "/don-vi", "what", "save", "name", "Sở Cũ", "to", "2020-12-31", "successor", "so-khoa-hoc-va-cong-nghe-mau")
	_, page = get(t, s, "/chi-tieu/task.accepted")
	wants(t, "the chart", page, "class=\"break\"", "gồm cả Sở Cũ")
	if status, _ := form(t, s, "/don-vi", "what", "save", "id", "so-cu", "name", "Sở Cũ", "from", "2021-01-01", "to", "2020-12-31"); status != http.StatusBadRequest {
		t.Errorf("a body that ends before it begins: %d", status)
	}
	form(t, s, "/don-vi", "what", "save", "id", "so-cu", "name", "Sở Cũ", "parent", "so-khoa-hoc-va-cong-nghe-mau")
	if status, _ := form(t, s, "/don-vi", "what", "save", "id", "so-khoa-hoc-va-cong-nghe-mau", "name", "SỞ KH&CN THÀNH PHỐ MẪU", "parent", "so-cu"); status != http.StatusBadRequest {
		t.Errorf("a body below itself: %d", status)
	}
}

// TestExplore compares two periods, and keeps a view under a name and a short address.
func TestExplore(t *testing.T) {
	s := site(t)
	settled(t, s, "a-2020.pdf", pdf+"2020")
	settled(t, s, "a-2021.pdf", pdf+"2021")
	_, page := get(t, s, "/kham-pha")
	wants(t, "explore", page, `value="task.accepted"`, "Chọn một hay nhiều chỉ tiêu")
	_, page = get(t, s, "/kham-pha?code=task.accepted&a=2020-H1&b=2021-H1")
	wants(t, "two periods", page, "Hai kỳ cạnh nhau", ">10 nhiệm vụ</a>", ">12 nhiệm vụ</a>", "&#43;20,0%")
	status, page := form(t, s, "/kham-pha", "name", "Nghiệm thu <b>", "query", "code=task.accepted&form=bars")
	if status != http.StatusOK {
		t.Fatalf("save: %d", status)
	}
	wants(t, "the saved view", page, "<h1>Nghiệm thu &lt;b&gt;</h1>", "/xem/", `class="bar`)
	if status, _ := get(t, s, "/xem/khong"); status != http.StatusNotFound {
		t.Errorf("a view that is not there: %d", status)
	}
	if status, _ := get(t, s, "/kham-pha?code=khong.co"); status != http.StatusNotFound {
		t.Errorf("an indicator that is not there: %d", status)
	}
}

// TestFind finds words with and without marks, and reports by what they say of themselves.
func TestFind(t *testing.T) {
	s := site(t)
	id := settled(t, s, "a-2020.pdf", pdf+"2020")
	settled(t, s, "a-2021.pdf", pdf+"2021")
	_, page := get(t, s, "/tim?q="+url.QueryEscape(`"nghiem thu"`))
	wants(t, "a phrase", page, "2 trang có đủ các từ", "<mark>Nghiệm</mark>", "/bao-cao/"+id+"/tim/1?q=%22nghiem%20thu%22")
	for _, c := range []struct {
		query string
		n     int
	}{
		{"q=nghiem+thu&period=2020-H1", 1}, {"q=nghiem+thu&area=task", 2}, {"q=nghiem+thu&area=ip", 0}, {"q=nghiem&number=1/bc", 2}, {"q=nghiem&number=77/bc", 0},
		{"since=2021-01-01", 1}, {"until=2020-12-31&number=1/BC", 1}, {"signer=khong+co", 0}, {"area=task", 2}, {"q=khong+co+gi", 0}, {`q="thu+nghiem"`, 0},
	} {
		if status, page := get(t, s, "/tim?"+strings.ReplaceAll(c.query, `"`, "%22")); status != http.StatusOK || strings.Count(page, "<li><a href=\"/bao-cao/") != c.n {
			t.Errorf("%s: %d, %d hits, want %d", c.query, status, strings.Count(page, "<li><a href=\"/bao-cao/"), c.n)
		}
	}
	if status, _ := get(t, s, "/tim?since=hom-qua"); status != http.StatusBadRequest {
		t.Errorf("a date that is none: %d", status)
	}
	_, page = get(t, s, "/bao-cao/"+id)
	wants(t, "the report", page, "Báo cáo liên quan", "Cùng đơn vị", "6 tháng đầu năm 2021</a>")
}
