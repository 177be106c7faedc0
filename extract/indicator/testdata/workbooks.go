//go:build ignore

// workbooks makes the wNN.xlsx test workbooks and their gold facts beside this file:
//
//	go run extract/indicator/testdata/{workbooks,forms,layouts,oddities}.go
//
// Each workbook is told once: a cell and the fact it holds are written by the same call.
package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

type report struct {
	Doc       string `json:"doc"`
	Number    string `json:"number"`
	Issuer    string `json:"issuer"`
	Recipient string `json:"recipient"`
	Signed    string `json:"signed"`
	Period    string `json:"period"`
	Title     string `json:"title"`
	File      string `json:"file"`
}

type fact struct {
	Code   string  `json:"code"`
	Value  float64 `json:"value"`
	Unit   string  `json:"unit"`
	Period string  `json:"period"`
	Kind   string  `json:"kind"`
	Basis  string  `json:"basis,omitempty"`
	Quote  string  `json:"quote"`
	Sheet  string  `json:"sheet"`
	Cell   string  `json:"cell"`
}

// A column of a table, or a row of one that lies on its side: what its figures mean.
type axis struct {
	at     string // "E", or "7"
	period string
	kind   string // "result", "plan", "" for cells without facts
	how    string // "" a figure; "share" of plan; "ratio" 112 means +12; "change" as printed
	basis  string // of ratio and change
	form   string // "" number; "percent" a fraction shown as per cent; "text" typed as Vietnamese text
}

type item struct {
	head   []any // the label cells before the figures
	code   string
	times  float64 // of the printed figure, 0 means 1: 1e6 for triệu đồng
	values []any   // one per axis; nil leaves the cell blank; a string is written and is no fact
}

type book struct {
	f     *excelize.File
	r     report
	facts []fact
	seen  map[string]bool
}

var units = map[string]string{
	"policy.documents_issued": "văn bản", "policy.opinions_given": "văn bản",
	"task.proposals_received": "nhiệm vụ", "task.new": "nhiệm vụ", "task.carried_over": "nhiệm vụ", "task.in_progress": "nhiệm vụ",
	"task.accepted": "nhiệm vụ", "task.applied": "nhiệm vụ", "task.stopped": "nhiệm vụ", "task.results_registered": "giấy chứng nhận",
	"task.councils": "hội đồng", "task.progress_checks": "nhiệm vụ", "task.district_level": "nhiệm vụ", "task.budget_vnd": "đồng",
	"ip.consultations": "lượt", "ip.applications": "đơn", "ip.trademark_applications": "đơn", "ip.patent_applications": "đơn",
	"ip.design_applications": "đơn", "ip.grants": "văn bằng", "ip.trademark_grants": "văn bằng", "ip.patent_grants": "văn bằng",
	"ip.design_grants": "văn bằng", "ip.geographical_indications": "chỉ dẫn địa lý", "ip.infringement_cases": "vụ",
	"ip.initiatives_recognised": "sáng kiến",
	"radiation.facilities":      "cơ sở", "radiation.devices": "thiết bị", "radiation.sources": "nguồn", "radiation.licences_granted": "giấy phép",
	"radiation.certificates_granted": "chứng chỉ", "radiation.declarations": "hồ sơ", "radiation.workers": "người", "radiation.trainees": "người",
	"smq.instruments_verified": "phương tiện đo", "smq.instruments_calibrated": "phương tiện đo", "smq.samples_tested": "mẫu",
	"smq.samples_failed": "mẫu", "smq.conformity_declarations": "hồ sơ", "smq.import_checks": "hồ sơ", "smq.iso_agencies": "cơ quan",
	"smq.local_regulations": "quy chuẩn", "smq.tbt_notices": "tin", "smq.barcode_applications": "hồ sơ", "smq.quality_awards": "doanh nghiệp",
	"inspection.inspections": "cuộc", "inspection.checks": "cuộc", "inspection.entities": "cơ sở", "inspection.violations": "cơ sở",
	"inspection.sanctioned": "cơ sở", "inspection.fines_vnd": "đồng", "inspection.seized_value_vnd": "đồng", "inspection.receptions": "lượt",
	"inspection.complaints_received": "đơn", "inspection.complaints_resolved": "đơn",
	"info.bulletins": "số", "info.copies": "cuốn", "info.articles": "tin, bài", "info.broadcasts": "chuyên mục", "info.web_visits": "lượt",
	"info.events": "hội nghị", "info.training_courses": "lớp", "info.trainees": "lượt người",
	"technology.appraisals": "dự án", "technology.transfer_contracts": "hợp đồng", "technology.models_transferred": "mô hình", "technology.fairs": "sự kiện",
	"enterprise.st_certified": "doanh nghiệp", "enterprise.st_total": "doanh nghiệp", "enterprise.innovation_supported": "doanh nghiệp",
	"enterprise.quality_supported": "doanh nghiệp", "enterprise.brands_supported": "nhãn hiệu",
	"startup.projects_supported": "dự án", "startup.contest_entries": "hồ sơ", "startup.events": "sự kiện", "startup.participants": "lượt người",
	"organisation.st_organisations": "tổ chức", "organisation.certificates_granted": "giấy chứng nhận", "organisation.rd_personnel": "người",
	"finance.st_budget_vnd": "đồng", "finance.disbursed_vnd": "đồng", "finance.disbursed_percent": "%", "finance.investment_vnd": "đồng",
	"cooperation.delegations": "đoàn", "cooperation.agreements": "thỏa thuận",
	"admin.dossiers_received": "hồ sơ", "admin.dossiers_resolved": "hồ sơ", "admin.dossiers_on_time": "hồ sơ", "admin.dossiers_online": "hồ sơ",
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func newBook(r report, sheet string) *book {
	r.File = r.Doc + ".xlsx"
	b := &book{f: excelize.NewFile(), r: r, seen: map[string]bool{}}
	must(b.f.SetSheetName("Sheet1", sheet))
	return b
}

func (b *book) sheet(name string) { _, err := b.f.NewSheet(name); must(err) }

// put writes cells in pairs: "A1", value, "B1", value...
func (b *book) put(sheet string, pairs ...any) {
	for i := 0; i < len(pairs); i += 2 {
		must(b.f.SetCellValue(sheet, pairs[i].(string), pairs[i+1]))
	}
}

func (b *book) merge(sheet string, ranges ...string) {
	for _, r := range ranges {
		c := strings.Split(r, ":")
		must(b.f.MergeCell(sheet, c[0], c[1]))
	}
}

func (b *book) width(sheet string, pairs ...any) {
	for i := 0; i < len(pairs); i += 2 {
		c := strings.Split(pairs[i].(string)+":"+pairs[i].(string), ":")
		must(b.f.SetColWidth(sheet, c[0], c[1], float64(pairs[i+1].(int))))
	}
}

func (b *book) format(sheet, from, to, numfmt string, bold bool) {
	st := &excelize.Style{Border: []excelize.Border{{Type: "left", Style: 1}, {Type: "right", Style: 1}, {Type: "top", Style: 1}, {Type: "bottom", Style: 1}},
		Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"}, Font: &excelize.Font{Bold: bold, Family: "Times New Roman", Size: 12}}
	if numfmt != "" {
		st.CustomNumFmt = &numfmt
	}
	id, err := b.f.NewStyle(st)
	must(err)
	must(b.f.SetCellStyle(sheet, from, to, id))
}

// vi prints a number as Vietnamese text: 1.234,5.
func vi(v float64) string {
	s := strconv.FormatFloat(v, 'f', -1, 64)
	whole, frac, dot := strings.Cut(s, ".")
	neg := strings.HasPrefix(whole, "-")
	whole = strings.TrimPrefix(whole, "-")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "." + whole[i:]
	}
	if dot {
		whole += "," + frac
	}
	if neg {
		whole = "-" + whole
	}
	return whole
}

func number(v any) (float64, bool) {
	switch n := v.(type) {
	case int:
		return float64(n), true
	case float64:
		return n, true
	}
	return 0, false
}

// fact writes one cell and notes what it means.
func (b *book) fact(sheet, cell, label string, v any, code string, times float64, a axis) {
	n, ok := number(v)
	if !ok {
		if v != nil {
			b.put(sheet, cell, v)
		}
		return
	}
	switch a.form {
	case "percent":
		b.put(sheet, cell, math.Round(n*1000)/100000)
		b.format(sheet, cell, cell, "0.0%", false)
	case "text":
		b.put(sheet, cell, vi(n))
	default:
		b.put(sheet, cell, v)
	}
	if a.kind == "" && a.how == "" || code == "" {
		return
	}
	if times == 0 {
		times = 1
	}
	unit, known := units[code]
	if !known {
		panic("no such indicator: " + code)
	}
	f := fact{Code: code, Unit: unit, Period: a.period, Kind: a.kind, Quote: strings.TrimSpace(label), Sheet: sheet, Cell: cell}
	switch a.how {
	case "":
		f.Value = math.Round(n*times*1e4) / 1e4
	case "share":
		f.Value, f.Unit, f.Kind, f.Basis = n, "%", "comparison", "plan"
	case "ratio":
		f.Value, f.Unit, f.Kind, f.Basis = math.Round((n-100)*10)/10, "%", "comparison", a.basis
	case "change":
		f.Value, f.Unit, f.Kind, f.Basis = n, "%", "comparison", a.basis
	}
	key := fmt.Sprint(f.Code, "|", f.Value, "|", f.Period, "|", f.Kind, "|", f.Basis)
	if b.seen[key] {
		fmt.Println(b.r.Doc, "told twice:", key, cell)
		return
	}
	b.seen[key] = true
	b.facts = append(b.facts, f)
}

// say writes a text cell that holds a figure with its unit ("12 cuộc") and notes what it means.
func (b *book) say(sheet, cell, text, code string, value float64, a axis) {
	b.fact(sheet, cell, text, value, code, 1, a)
	b.put(sheet, cell, text)
}

// down writes items as rows from row on; head cells start at column headAt. It returns the row after.
func (b *book) down(sheet string, row int, headAt string, axes []axis, items []item) int {
	col, err := excelize.ColumnNameToNumber(headAt)
	must(err)
	for _, it := range items {
		label := ""
		for i, h := range it.head {
			if h == nil {
				continue
			}
			c, err := excelize.CoordinatesToCellName(col+i, row)
			must(err)
			b.put(sheet, c, h)
			if s, ok := h.(string); ok && len(s) > len(label) {
				label = s
			}
		}
		for i, v := range it.values {
			b.fact(sheet, axes[i].at+strconv.Itoa(row), label, v, it.code, it.times, axes[i])
		}
		row++
	}
	return row
}

// across writes items as columns from column on, their figures in the rows of the axes.
func (b *book) across(sheet, column string, axes []axis, items []item) {
	col, err := excelize.ColumnNameToNumber(column)
	must(err)
	for _, it := range items {
		name, err := excelize.ColumnNumberToName(col)
		must(err)
		for i, v := range it.values {
			b.fact(sheet, name+axes[i].at, fmt.Sprint(it.head[0]), v, it.code, it.times, axes[i])
		}
		col++
	}
}

func (b *book) save(dir string) {
	must(b.f.SaveAs(filepath.Join(dir, b.r.File)))
	must(os.Chmod(filepath.Join(dir, b.r.File), 0o644)) // excelize makes it executable
	var out strings.Builder
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	must(enc.Encode(b.r))
	for _, f := range b.facts {
		must(enc.Encode(f))
	}
	must(os.WriteFile(filepath.Join(dir, b.r.Doc+".gold.jsonl"), []byte(out.String()), 0o644))
	fmt.Println(b.r.Doc, len(b.facts), "facts")
}

func main() {
	_, self, _, _ := runtime.Caller(0)
	dir := filepath.Dir(self)
	for _, make := range []func() *book{w01, w02, w03, w04, w05, w06, w07, w08, w09, w10, w11, w12, w13, w14, w15, w16, w17, w18, w19, w20, w21, w22, w23, w24, w25, w26, w27, w28} {
		make().save(dir)
	}
}
