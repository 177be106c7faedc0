// Package samples holds two of the made reports of this folder, for what rehearses on a report.
package samples

import _ "embed"

// Report is a report of five pages, as PDF.
//
//go:embed Mẫu-Sơn-Trà-2024-6-tháng.pdf
var Report []byte

// Workbook is a form of figures, as XLSX.
//
//go:embed Mẫu-Vĩnh-Thủy-2024-6-tháng.xlsx
var Workbook []byte
