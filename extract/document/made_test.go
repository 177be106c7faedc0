package document

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// printed lets Chromium print a page of HTML as PDF.
func printed(t *testing.T, html string) []byte { return printedWith(t, html, "--no-pdf-header-footer") }

func printedWith(t *testing.T, html string, flags ...string) []byte {
	t.Helper()
	dir := t.TempDir()
	in, out := filepath.Join(dir, "a.html"), filepath.Join(dir, "a.pdf")
	if err := os.WriteFile(in, []byte(html), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("chromium", append([]string{"--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=" + filepath.Join(dir, "profile"), "--print-to-pdf=" + out, in}, flags...)...)
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("chromium: %v\n%s", err, said)
	}
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// typeset lets LibreOffice set a page of HTML as PDF, by way of docx as reports come about.
func typeset(t *testing.T, html string) []byte {
	t.Helper()
	return convert(t, convert(t, []byte(html), "html", "docx:Office Open XML Text", "--infilter=HTML (StarWriter)"), "docx", "pdf")
}

func made(t *testing.T, name string) *Document {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "made", name))
	if err != nil {
		t.Fatal(err)
	}
	return mustRead(t, data, name)
}

// brief writes blocks one a line, of long texts the two ends.
func brief(blocks []Block) string {
	var b strings.Builder
	for _, k := range blocks {
		text := []rune(k.Text)
		if len(text) > 60 {
			text = slices.Concat(text[:29], []rune("…"), text[len(text)-15:])
		}
		if k.Table != nil {
			fmt.Fprintf(&b, "table %d of %d\n", k.Table.HeadRows, len(k.Table.Rows))
			continue
		}
		fmt.Fprintf(&b, "%s %d %s|%s\n", k.Kind, k.Level, k.Marker, string(text))
	}
	return b.String()
}

// same compares texts line by line, and tells the lines that only one of them has.
func same(t *testing.T, what, got, want string) {
	t.Helper()
	g, w := strings.Split(strings.TrimSpace(got), "\n"), strings.Split(strings.TrimSpace(want), "\n")
	if slices.Equal(g, w) {
		return
	}
	only := func(a, b []string) string {
		return strings.Join(slices.DeleteFunc(slices.Clone(a), func(l string) bool { return slices.Contains(b, l) }), "\n")
	}
	t.Errorf("%s: %d lines, want %d; only here\n%s\nonly wanted\n%s", what, len(g), len(w), only(g, w), only(w, g))
}

const madeStyle = `<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><style>body{font-family:"Liberation Serif";font-size:13pt;line-height:1.3}
p{text-align:justify;text-indent:1cm;margin:6pt 0}.c{text-align:center;text-indent:0}table{width:100%;border-collapse:collapse}td,th{padding:2px 4px}
.h td{text-align:center;vertical-align:top}td.n{text-align:right}tr{break-inside:avoid}</style>`

const letter = madeStyle + `<style>@page{size:A4;margin:2.5cm 2cm;@top-center{content:"Báo cáo sơ kết - Sở KH&CN Cao Phong";font-size:9pt}@bottom-right{content:"Trang " counter(page) "/" counter(pages);font-size:9pt}}</style></head><body>
<table class="h"><tr><td>UBND TỈNH CAO PHONG<br><b>SỞ KHOA HỌC VÀ CÔNG NGHỆ</b><br>Số: 118/BC-SKHCN</td><td><b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</b><br><b>Độc lập - Tự do - Hạnh phúc</b><br><i>Cao Phong, ngày 14 tháng 6 năm 2023</i></td></tr></table>
<p class="c"><b>BÁO CÁO</b></p><p class="c"><b>Sơ kết công tác khoa học và công nghệ 6 tháng đầu năm,<br>phương hướng nhiệm vụ 6 tháng cuối năm 2023</b></p>
<p class="c">Kính gửi: Bộ Khoa học và Công nghệ</p>
<p>Thực hiện Công văn số 1443/BKHCN-VP ngày 19/5/2023 về việc báo cáo sơ kết, Sở Khoa học và Công nghệ tỉnh Cao Phong báo cáo kết quả thực hiện như sau:</p>
<p><b>Phần thứ nhất</b></p><p><b>KẾT QUẢ THỰC HIỆN NHIỆM VỤ 6 THÁNG ĐẦU NĂM</b></p>
<p><b>Chương I. Công tác tham mưu, quản lý nhà nước</b></p><p><b>I. Công tác quản lý khoa học</b></p>
<p><b>1. Quản lý nhiệm vụ khoa học và công nghệ</b></p><p><b><i>1.1. Nhiệm vụ cấp quốc gia</i></b></p>
<p>Đang triển khai 03 nhiệm vụ cấp quốc gia, trong đó có 01 nhiệm vụ thuộc chương trình nông thôn miền núi, tổng kinh phí 4.250 triệu đồng.</p>
<p><i>a) Cấp tỉnh</i></p>
<p>- Lĩnh vực nông nghiệp: 04 nhiệm vụ, gồm các mô hình trồng dược liệu dưới tán rừng và nuôi cá lồng trên hồ chứa thủy điện của hai huyện phía Bắc;</p>
<p>+ Trồng trọt: 03 nhiệm vụ;</p><p>+ Chăn nuôi: 01 nhiệm vụ.</p><p>- Lĩnh vực y dược: 02 nhiệm vụ.</p>
<p>(a) Nhiệm vụ chuyển tiếp: 11 nhiệm vụ;</p><p>(b) Nhiệm vụ mở mới: 09 nhiệm vụ.</p>
<p><b>II. Công tác thanh tra</b></p>` + // one paragraph that runs over the end of the page
	`<p>Trong kỳ đã triển khai LONG và buộc khắc phục hậu quả theo quy định.</p>
<p><b>Phần thứ hai</b></p><p><b>PHƯƠNG HƯỚNG, NHIỆM VỤ 6 THÁNG CUỐI NĂM</b></p>
<p>1. Phấn đấu nghiệm thu 15 nhiệm vụ.</p><p>2. Tổ chức 02 cuộc thanh tra.</p>
<p>Trên đây là báo cáo sơ kết công tác 6 tháng đầu năm 2023, Sở Khoa học và Công nghệ trân trọng báo cáo./.</p>
<table class="h"><tr><td style="text-align:left"><b><i>Nơi nhận:</i></b><br>- Như trên;<br>- UBND tỉnh (b/c);<br>- Lưu: VT.</td><td><b>KT. GIÁM ĐỐC<br>PHÓ GIÁM ĐỐC</b><br><br><br><b>Lò Văn Thành</b></td></tr></table></body></html>`

// TestLetter wants the parts of an official letter told apart: the sides of its head and foot, title,
// headings by level, items, paragraphs over line and page ends, running heads.
func TestLetter(t *testing.T) {
	var clauses []string
	for i := range 45 {
		clauses = append(clauses, fmt.Sprintf("%d cuộc kiểm tra về đo lường, nhãn hàng hóa tại xã thứ %d", i%7+2, i+1))
	}
	source := strings.Replace(letter, "LONG", strings.Join(clauses, ", "), 1)
	want := `letterhead 0 |UBND TỈNH CAO PHONG SỞ KHOA H…ố: 118/BC-SKHCN
letterhead 0 |CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆ…háng 6 năm 2023
title 0 |BÁO CÁO Sơ kết công tác khoa …g cuối năm 2023
paragraph 0 |Kính gửi: Bộ Khoa học và Công nghệ
paragraph 0 |Thực hiện Công văn số 1443/BK…c hiện như sau:
heading 1 |Phần thứ nhất
heading 2 |KẾT QUẢ THỰC HIỆN NHIỆM VỤ 6 THÁNG ĐẦU NĂM
heading 3 Chương I.|Công tác tham mưu, quản lý nhà nước
heading 4 I.|Công tác quản lý khoa học
heading 5 1.|Quản lý nhiệm vụ khoa học và công nghệ
heading 6 1.1.|Nhiệm vụ cấp quốc gia
paragraph 0 |Đang triển khai 03 nhiệm vụ c…250 triệu đồng.
heading 7 a)|Cấp tỉnh
item 1 -|Lĩnh vực nông nghiệp: 04 nhiệ…huyện phía Bắc;
item 2 +|Trồng trọt: 03 nhiệm vụ;
item 2 +|Chăn nuôi: 01 nhiệm vụ.
item 1 -|Lĩnh vực y dược: 02 nhiệm vụ.
item 2 (a)|Nhiệm vụ chuyển tiếp: 11 nhiệm vụ;
item 2 (b)|Nhiệm vụ mở mới: 09 nhiệm vụ.
heading 4 II.|Công tác thanh tra
paragraph 0 |Trong kỳ đã triển khai 2 cuộc… theo quy định.
heading 1 |Phần thứ hai
heading 2 |PHƯƠNG HƯỚNG, NHIỆM VỤ 6 THÁNG CUỐI NĂM
item 1 1.|Phấn đấu nghiệm thu 15 nhiệm vụ.
item 1 2.|Tổ chức 02 cuộc thanh tra.
paragraph 0 |Trên đây là báo cáo sơ kết cô…rọng báo cáo./.
signature 0 |Nơi nhận: - Như trên; - UBND tỉnh (b/c); - Lưu: VT.
signature 0 |KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC Lò Văn Thành`
	content := func(d *Document) string {
		return brief(slices.DeleteFunc(slices.Clone(d.Blocks), func(b Block) bool { return b.Kind == Header || b.Kind == Footer }))
	}
	t.Run("Chromium", func(t *testing.T) {
		d := mustRead(t, printed(t, source), "a.pdf")
		same(t, "content", content(d), want)
		var running []string
		for _, b := range d.Blocks {
			if b.Kind == Header || b.Kind == Footer {
				running = append(running, string(b.Kind)+" "+b.Text)
			}
		}
		slices.Sort(running)
		same(t, "running heads", strings.Join(running, "\n"), "footer Trang 1/2\nfooter Trang 2/2"+strings.Repeat("\nheader Báo cáo sơ kết - Sở KH&CN Cao Phong", 2))
	})
	t.Run("LibreOffice", func(t *testing.T) {
		d := mustRead(t, typeset(t, source), "a.pdf")
		same(t, "content", content(d), want)
		if len(d.Pages) < 2 {
			t.Error("the long paragraph meets no page end")
		}
	})
}

// TestBookPages reads a file of XeLaTeX with other running heads on left and right pages, footnotes
// and two columns in the middle of a page.
func TestBookPages(t *testing.T) {
	want := "header 0 |Báo cáo 9 tháng năm 2022 1\ntitle 0 |BÁO CÁO Tình hình hoạt động đ… tháng năm 2022\nheading 1 I.|Đánh giá chung\n" +
		"paragraph 0 |Trong 9 tháng, ngành khoa học…nhận mới là 05.\n"
	for i := range 8 {
		want += fmt.Sprintf("paragraph 0 |Đoạn thứ %d: Sở đã phối hợp vớ…i đoạn vừa qua.\n", i+1)
	}
	want += "heading 1 II.|Phương hướng\n"
	for i := range 11 {
		want += fmt.Sprintf("paragraph 0 |%s…n hành đầu năm.\n", string([]rune(fmt.Sprintf("Nội dung %d: tiếp tục triển khai", i+1))[:29]))
		if i == 1 {
			want += "footnote 0 |¹Không kể 03 nhiệm vụ do Trun…iều nguồn khác.\nfootnote 0 |²Kể cả gia hạn.\nheader 0 |2 Sở KH&CN tỉnh An Bình\n"
		}
	}
	same(t, "blocks", brief(made(t, "running-heads.pdf").Blocks), want)
}

// TestTwoColumns reads a file of XeLaTeX in two columns: their order, paragraphs that go on in the
// next column or page, footnotes under each column, a last page with one column alone.
func TestTwoColumns(t *testing.T) {
	d := made(t, "two-columns.pdf")
	var paragraphs []string
	notes := 0
	for _, b := range d.Blocks {
		switch b.Kind {
		case Paragraph:
			paragraphs = append(paragraphs, b.Text)
		case Footnote:
			if notes++; !strings.HasSuffix(b.Text, fmt.Sprintf("Chú thích tin %d.", notes)) {
				t.Errorf("footnote %d: %s", notes, b.Text)
			}
		}
	}
	if notes != 20 || len(paragraphs) != 21 {
		t.Fatalf("%d footnotes, %d paragraphs, want 20 and 21:\n%s", notes, len(paragraphs), brief(d.Blocks))
	}
	for i, p := range paragraphs[1:] {
		if want := fmt.Sprintf("Tin %d: trong tháng, Chi cục Tiêu chuẩn Đo lường Chất lượng kiểm định %d15 phương tiện đo các loại, trong đó có %d cột đo xăng dầu", i+1, i+1, i+1); !strings.HasPrefix(p, want) || !strings.Contains(p, "cân treo tại các chợ dân sinh thuộc địa bàn các huyện ven biển của tỉnh An Bình.") {
			t.Errorf("paragraph %d: %s", i+1, p)
		}
	}
}

// TestLargeNotes tells footnotes as large as the text from it and from lists at the foot of a page: a
// file of XeLaTeX with numbers raised under a rule, in brackets and a star without one; one of
// LibreOffice whose marks hang.
func TestLargeNotes(t *testing.T) {
	notes := func(d *Document) string {
		return brief(slices.DeleteFunc(slices.Clone(d.Blocks), func(b Block) bool { return b.Kind == Footer || strings.HasPrefix(b.Text, "Đoạn") }))
	}
	same(t, "XeLaTeX", notes(made(t, "large-notes.pdf")), `paragraph 0 |Trong 9 tháng, ngành khoa học…cấp mới là 05².
footnote 0 |¹Không kể 03 nhiệm vụ do Trun…iều nguồn khác.
footnote 0 |²Kể cả gia hạn.
paragraph 0 |Sở đã cấp 31 giấy chứng nhận(1) cho các tổ chức.
footnote 0 |(1) Trong đó 12 giấy cấp lại.
paragraph 0 |Số liệu về đơn(*) đăng ký là 27 đơn, trong đó:
item 1 *|Nhãn hiệu: 20 đơn;
item 1 *|Sáng chế: 07 đơn.
footnote 0 |(*)Theo thông báo của Cục Sở hữu trí tuệ.
paragraph 0 |Các nội dung còn lại gồm (1) …ợ doanh nghiệp.
item 2 (1)|Nghiệm thu 08 nhiệm vụ cấp tỉnh.
item 2 (2)|Thanh tra 04 cuộc theo kế hoạch.
item 2 (3)|Hỗ trợ 09 doanh nghiệp.`)
	source := madeStyle + "<style>@page{size:A4;margin:2cm}p.sdfootnote{font-size:13pt}</style></head><body>"
	var below string
	for i, note := range []string{"Không kể 03 nhiệm vụ do Trung ương quản lý.", "Kể cả gia hạn."} {
		source += fmt.Sprintf(`<p>Đoạn %d<a class="sdfootnoteanc" name="sdfootnote%[1]danc" href="#sdfootnote%[1]dsym"><sup>%[1]d</sup></a> của báo cáo.</p>`, i+1)
		below += fmt.Sprintf(`<div id="sdfootnote%d"><p class="sdfootnote"><a class="sdfootnotesym" name="sdfootnote%[1]dsym" href="#sdfootnote%[1]danc">%[1]d</a>%s</p></div>`, i+1, note)
	}
	same(t, "LibreOffice", notes(mustRead(t, typeset(t, source+below), "a.pdf")), "footnote 0 |¹ Không kể 03 nhiệm vụ do Trung ương quản lý.\nfootnote 0 |² Kể cả gia hạn.")
}

// madeTable is a table as a source sets it and as it should come out.
type madeTable struct{ html, grid string }

var tableLabels = [][2]string{{"Số đề tài cấp tỉnh chuyển tiếp sang năm sau được bố trí vốn", "đề tài"}, {"Đơn sáng chế", "đơn"},
	{"Giấy chứng nhận đăng ký hoạt động khoa học và công nghệ cấp lần đầu và cấp thay đổi, bổ sung", "giấy chứng nhận"}, {"Cuộc kiểm tra về đo lường", "cuộc"},
	{"Mẫu hàng hóa được thử nghiệm", "mẫu"}, {"Cơ sở sử dụng thiết bị X-quang y tế", "cơ sở"}, {"Hội thảo", "cuộc"}}

// tableOf invents a table of so many rows, with cells of several lines. merged gives it a head of two
// rows, repeated one that the program repeats on each page.
func tableOf(attributes string, rows int, merged, repeated bool) madeTable {
	var h, g strings.Builder
	head, columns := "<tr><th>STT</th><th>Chỉ tiêu</th><th>ĐVT</th><th>Kế hoạch 2023</th><th>Thực hiện 6 tháng</th><th>So với cùng kỳ (%)</th></tr>", 3
	grid := "STT | Chỉ tiêu | ĐVT | Kế hoạch 2023 | Thực hiện 6 tháng | So với cùng kỳ (%)\n"
	if merged {
		head, columns = "<tr><th rowspan=2>STT</th><th rowspan=2>Chỉ tiêu</th><th rowspan=2>ĐVT</th><th colspan=2>Năm 2022</th><th colspan=2>Năm 2023</th></tr>"+
			"<tr><th>Kế hoạch</th><th>Thực hiện</th><th>Kế hoạch</th><th>Ước thực hiện</th></tr>", 4
		grid = "STT{2x1} | Chỉ tiêu{2x1} | ĐVT{2x1} | Năm 2022{1x2} | Năm 2023{1x2}\nKế hoạch | Thực hiện | Kế hoạch | Ước thực hiện\n"
	}
	if repeated {
		head = "<thead>" + head + "</thead>"
	}
	fmt.Fprintf(&h, "<table %s>%s", attributes, head)
	g.WriteString(grid)
	for i := range rows {
		l := tableLabels[i%len(tableLabels)]
		fmt.Fprintf(&h, "<tr><td>%d</td><td>%s</td><td>%s</td>", i+1, l[0], l[1])
		fmt.Fprintf(&g, "%d | %s | %s", i+1, l[0], l[1])
		for k := range columns {
			v := []string{"-", "1.045", "17", "8,5", "60", "2.310,5", "9"}[(i*5+k*3)%7]
			fmt.Fprintf(&h, "<td class=n>%s</td>", v)
			fmt.Fprintf(&g, " | %s", v)
		}
		h.WriteString("</tr>")
		g.WriteByte('\n')
	}
	h.WriteString("</table><p>Kết quả thực hiện các chỉ tiêu chủ yếu trong kỳ được tổng hợp tại biểu dưới đây theo từng lĩnh vực quản lý của ngành.</p>")
	return madeTable{h.String(), g.String()}
}

const (
	ruled = `border=1 class=r`
	lined = `class=l`
	plain = `class=u`
)

const tableStyle = madeStyle + `<style>@page{size:A4;margin:2cm}body{font-size:12pt}table.r td,table.r th{border:1px solid #000}
table.l{border-top:2px solid #000;border-bottom:2px solid #000}table.l th{border-bottom:1px solid #000}</style></head><body>`

// TestTablesOfPrograms wants every cell of tables that programs set: ruled, ruled at the head alone and
// not at all, heads of two rows with merged cells, labels of several lines, over pages with a head that
// repeats and with one that does not; also where the pages are turned.
func TestTablesOfPrograms(t *testing.T) {
	tables := []madeTable{tableOf(ruled, 7, true, true), tableOf(plain, 7, true, true), tableOf(lined, 5, false, true), tableOf(plain, 7, false, true),
		tableOf(ruled, 50, true, true), tableOf(ruled, 40, false, false), tableOf(plain, 45, false, true), tableOf(plain, 40, false, false)}
	source := tableStyle
	for _, m := range tables {
		source += m.html
	}
	check := func(t *testing.T, data []byte) {
		t.Helper()
		got := tablesOf(mustRead(t, data, "a.pdf"))
		if len(got) != len(tables) {
			t.Errorf("%d tables, want %d", len(got), len(tables))
		}
		for i, m := range tables[:min(len(got), len(tables))] {
			same(t, fmt.Sprintf("table %d", i), gridOf(got[i]), m.grid)
			if want := 1 + strings.Count(m.grid, "Ước"); got[i].HeadRows != want {
				t.Errorf("table %d: %d rows of head, want %d", i, got[i].HeadRows, want)
			}
		}
	}
	chromium := printed(t, source)
	t.Run("Chromium", func(t *testing.T) { check(t, chromium) })
	for _, angle := range []string{"90", "180", "270"} {
		t.Run("turned "+angle, func(t *testing.T) {
			turned := bytes.ReplaceAll(chromium, []byte("/MediaBox"), []byte("/Rotate "+angle+" /MediaBox"))
			check(t, turned)
		})
	}
	t.Run("LibreOffice", func(t *testing.T) { check(t, typeset(t, source)) })
}

// TestSidewaysTable reads a table that lies sideways on an upright page, and heads that stand upright
// in a table that does not.
func TestSidewaysTable(t *testing.T) {
	sideways := tableOf(ruled, 6, true, true)
	html := tableStyle + "<div style='writing-mode:vertical-rl;height:25cm'>" + sideways.html + "</div>"
	same(t, "sideways", gridOf(tablesOf(mustRead(t, printed(t, html), "a.pdf"))[0]), sideways.grid)
	upright := tableOf(ruled, 6, true, true)
	html = tableStyle + strings.Replace(strings.Replace(upright.html, "<th>Kế hoạch", "<th style='writing-mode:vertical-rl;transform:rotate(180deg)'>Kế hoạch", 1), "<th>Thực hiện", "<th style='writing-mode:vertical-rl'>Thực hiện", 1)
	same(t, "upright heads", gridOf(tablesOf(mustRead(t, printed(t, html), "a.pdf"))[0]), upright.grid)
}

// TestBookTables reads tables of XeLaTeX with lines above and below alone: heads over several columns
// with nothing over the first ones, and years as heads.
func TestBookTables(t *testing.T) {
	ts := tablesOf(made(t, "booktabs.pdf"))
	if len(ts) != 2 || ts[0].HeadRows != 2 || ts[1].HeadRows != 1 {
		t.Fatalf("%d tables", len(ts))
	}
	same(t, "heads over columns", gridOf(ts[0]), " |  | Năm 2022{1x2} | Năm 2023{1x2}\nTT | Chỉ tiêu | KH | TH | KH | TH\n1 | Nhiệm vụ cấp tỉnh nghiệm thu | 12 | 14 | 15 | 16\n2 | Đơn đăng ký nhãn hiệu | 40 | 42 | 45 | 38\n3 | Cuộc thanh tra | 5 | 6 | 7 | 8")
	same(t, "years", gridOf(ts[1]), "Nguồn kinh phí | 2021 | 2022 | 2023\nNgân sách trung ương | 4.250,5 | 3.100,0 | 5.200,7\nNgân sách địa phương | 21.300,0 | 24.750,5 | 26.120,0\nNguồn khác | 310,0 | 95,5 | 120,0\nTổng cộng | 25.860,5 | 27.946,0 | 31.440,7")
}

// TestTightHeads reads a table of pdfLaTeX without lines, whose heads are wider than the figures below them
// and stand close together, and leaves the heading and the short line under it to the text.
func TestTightHeads(t *testing.T) {
	d := made(t, "tight-heads.pdf")
	same(t, "table", gridOf(tablesOf(d)[0]), "TT | Chỉ tiêu | Đơn vị | Kế hoạch | Thực hiện | Cùng kỳ\n1 | Đơn đăng ký nhãn hiệu | cuộc | 312 | 27.615 | 501\n2 | Bài báo khoa học công bố trên tạp chí quốc tế | triệu đồng | 09 | 446 | 81,6\n"+
		"3 | Hợp đồng chuyển giao công nghệ được cấp giấy chứng nhận | triệu đồng | 2,6 | 384 | 17,6\n4 | Số nhiệm vụ được nghiệm thu | nhiệm vụ | 705 | 28,4 | 552")
	if n := len(d.Blocks); n != 5 || d.Blocks[2].Text != "Tiêu chuẩn, đo lường, chất lượng" || d.Blocks[3].Text != "Đã hướng dẫn 247 tổ chức." {
		t.Errorf("the text below:\n%s", brief(d.Blocks))
	}
}

// spanned is a table without rulings whose first two columns hold labels that stand for several rows, one
// in the other, at the top of their rows or at the middle; the last row but one sums up.
func spanned(align, field string) madeTable {
	var h, g strings.Builder
	fmt.Fprintf(&h, `<table class=u style="break-inside:avoid"><tr><th>TT</th><th style="width:22%%">Lĩnh vực</th><th>Cấp</th><th>Nội dung</th><th>Kế hoạch</th><th>Thực hiện</th></tr>`)
	g.WriteString("TT | Lĩnh vực | Cấp | Nội dung | Kế hoạch | Thực hiện\n")
	for _, row := range []struct {
		tall  [3]int // rows that the first cells stand for, 0 where one from above does
		texts [3]string
		label string
		n     int
	}{
		{[3]int{4, 4, 2}, [3]string{"1", field, "Tỉnh"}, "Nhiệm vụ chuyển tiếp", 12},
		{[3]int{}, [3]string{}, "Nhiệm vụ mở mới", 8},
		{[3]int{0, 0, 2}, [3]string{"", "", "Cơ sở"}, "Nhiệm vụ nghiệm thu và được gia hạn thời gian thực hiện trong kỳ báo cáo", 5},
		{[3]int{}, [3]string{}, "Nhiệm vụ chuyển tiếp", 4},
		{[3]int{1, 1, 1}, [3]string{"2", "Y dược", "Tỉnh"}, "Nhiệm vụ mở mới", 9},
		{[3]int{1, 1, 1}, [3]string{"3", "Hội thảo", "Tỉnh"}, "Cuộc do Sở chủ trì", 7},
	} {
		h.WriteString("<tr>")
		for c, n := range row.tall {
			if n == 0 {
				continue
			}
			fmt.Fprintf(&h, `<td rowspan=%d style="vertical-align:%s">%s</td>`, n, align, row.texts[c])
			g.WriteString(row.texts[c])
			if n > 1 {
				fmt.Fprintf(&g, "{%dx1}", n)
			}
			g.WriteString(" | ")
		}
		fmt.Fprintf(&h, "<td>%s</td><td class=n>%d</td><td class=n>%d</td></tr>", row.label, row.n, row.n+11)
		fmt.Fprintf(&g, "%s | %d | %d\n", row.label, row.n, row.n+11)
	}
	h.WriteString("</table><p>Kết quả thực hiện các chỉ tiêu chủ yếu trong kỳ được tổng hợp tại biểu dưới đây theo từng lĩnh vực quản lý của ngành.</p>")
	return madeTable{h.String(), g.String()}
}

// TestPrintedPage reads a table over two pages as a browser prints it from a site, with the day and the title
// above, the address and the page below, and a label that stands for rows on both pages.
func TestPrintedPage(t *testing.T) {
	var rows, want strings.Builder
	want.WriteString("TT | Lĩnh vực | Nội dung | Số\n")
	for group := range 8 {
		for k := range 7 {
			rows.WriteString("<tr>")
			if k == 0 {
				fmt.Fprintf(&rows, "<td rowspan=7>%d<td rowspan=7>Lĩnh vực %c", group+1, 'A'+group)
				fmt.Fprintf(&want, "%d{7x1} | Lĩnh vực %c{7x1} | ", group+1, 'A'+group)
			}
			fmt.Fprintf(&rows, "<td>Nhiệm vụ %c nghiệm thu<td>%d</tr>", 'a'+k, group*10+k)
			fmt.Fprintf(&want, "Nhiệm vụ %c nghiệm thu | %d\n", 'a'+k, group*10+k)
		}
	}
	d := mustRead(t, printedWith(t, `<!doctype html><meta charset=utf-8><title>Cổng thông tin</title><style>table{border-collapse:collapse;width:100%}td,th{border:1px solid;padding:4px}</style>
<table><thead><tr><th>TT<th>Lĩnh vực<th>Nội dung<th>Số</tr></thead>`+rows.String()+"</table>"), "a.pdf")
	if len(d.Pages) != 2 {
		t.Fatalf("%d pages", len(d.Pages))
	}
	got := ""
	for _, tb := range tablesOf(d) {
		got += gridOf(tb)
	}
	same(t, "table", got, want.String())
	for _, b := range d.Blocks {
		if b.Kind != TableBlock && b.Kind != Header && b.Kind != Footer {
			t.Errorf("%s %q", b.Kind, b.Text)
		}
	}
}

// TestSpanningLabels wants labels of tables without rulings that stand for several rows as one cell over
// these, and rows whose first cells are merely empty left as they are.
func TestSpanningLabels(t *testing.T) {
	long := "Nông nghiệp, thủy sản và phát triển nông thôn mới trên địa bàn"
	bare := madeTable{`<table class=u><tr><th>TT</th><th>Nội dung</th><th>ĐVT</th><th>Kế hoạch</th><th>Thực hiện</th></tr>
<tr><td>1</td><td>Nhiệm vụ khoa học</td><td>nhiệm vụ</td><td class=n>14</td><td class=n>16</td></tr><tr><td></td><td>Cấp tỉnh</td><td>nhiệm vụ</td><td class=n>9</td><td class=n>11</td></tr>
<tr><td>2</td><td>Đơn sáng chế</td><td>đơn</td><td class=n>3</td><td class=n>5</td></tr></table>
<p>Kết quả thực hiện các chỉ tiêu chủ yếu trong kỳ được tổng hợp tại biểu dưới đây theo từng lĩnh vực quản lý của ngành.</p>
<table class=u><tr><th>Đơn vị</th><th>Nội dung</th><th>Kế hoạch</th><th>Thực hiện</th></tr><tr><td>Chi cục</td><td>Nhiệm vụ khoa học</td><td class=n>14</td><td class=n>16</td></tr>
<tr><td>Trung tâm</td><td>Nhiệm vụ khoa học</td><td class=n>9</td><td class=n>11</td></tr><tr><td></td><td>Tổng cộng</td><td class=n>23</td><td class=n>27</td></tr></table>
<p>Kết quả thực hiện các chỉ tiêu chủ yếu trong kỳ được tổng hợp tại biểu dưới đây theo từng lĩnh vực quản lý của ngành.</p>`,
		"TT | Nội dung | ĐVT | Kế hoạch | Thực hiện\n1 | Nhiệm vụ khoa học | nhiệm vụ | 14 | 16\n | Cấp tỉnh | nhiệm vụ | 9 | 11\n2 | Đơn sáng chế | đơn | 3 | 5\n" +
			"Đơn vị | Nội dung | Kế hoạch | Thực hiện\nChi cục | Nhiệm vụ khoa học | 14 | 16\nTrung tâm | Nhiệm vụ khoa học | 9 | 11\n | Tổng cộng | 23 | 27\n"}
	check := func(t *testing.T, make func(*testing.T, string) []byte, tables ...madeTable) {
		t.Helper()
		source, want, got := tableStyle, "", ""
		for _, m := range tables {
			source += m.html
			want += m.grid
		}
		for _, tb := range tablesOf(mustRead(t, make(t, source), "a.pdf")) {
			got += gridOf(tb)
		}
		if got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
	middle := spanned("middle", long)
	t.Run("Chromium", func(t *testing.T) {
		check(t, printed, middle, spanned("top", long), spanned("middle", "Nông nghiệp"), bare)
	})
	t.Run("LibreOffice", func(t *testing.T) { check(t, typeset, middle, bare) }) // it sets them all at the middle
}
