// Package paper puts a period's figures on paper: a Word document in the form of an official report,
// a workbook with typed numbers, and a PDF printed by Chromium.
package paper

import "time"

// Report is what stands on the paper, already in words: this package knows no figures.
type Report struct {
	English  bool
	Superior string // the body above the issuing one, in one or two lines; "" leaves it out
	Issuer   string
	Place    string // where it is issued; "" leaves dots to fill in
	Date     time.Time
	Symbol   string // what follows the number: "BC-SKHCN"
	Title    string
	Scope    []string // what was chosen, and of which moment the figures are
	Sections []Section
	Appendix Table
	Signs    string // what the signs in the appendix mean
	Sources  []Source
	Words    Words
	Base     string // address of the site, which links begin with: "https://host"
}

// Words are the fixed texts of the form.
type Words struct {
	State, Motto, Number, Kind, Recipients, Signer, Appendix, Sources, Sheet, Trend, Note, Among string
}

// Section is one part of the report, numbered with Roman figures.
type Section struct {
	Title  string
	Paras  [][]Run
	List   [][]Run
	Table  *Table
	Charts []Chart
	Below  string // a word on the charts
}

// Run is a piece of a paragraph. Href is a path on the site; Note is a source's number, from 1.
type Run struct {
	Text, Href string
	Note       int
}

// Table has columns whose widths are shares of the whole.
type Table struct {
	Title   string
	Columns []Column
	Rows    []Row
}

// Column is a column of a table.
type Column struct {
	Title string
	Width float64
	Right bool // figures stand at the right
}

// Row is a row of cells, or a heading over the rows below it.
type Row struct {
	Heading string
	Cells   []Cell
}

// Cell is a text, or a figure with its text. Href and Note are as of a Run; Remark is what one must
// know of the figure.
type Cell struct {
	Text   string
	Number *float64
	Format string // a workbook's number format, such as "#,##0.##"
	Href   string
	Note   int
	Remark string
	Plain  bool // the row shows what the remark would tell of it: it is marked, not written out
}

// Chart shows one indicator over periods, as columns.
type Chart struct {
	Title, Unit string
	Labels      []string
	Values      []*float64 // nil: nobody reported
	Said        []string   // the values as the text writes them; an office program goes by its machine's country
}

// Source is one report that figures stand in.
type Source struct{ Text, Href string }
