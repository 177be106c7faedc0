// Package document turns the bytes of a report file into pages, blocks, tables and cells,
// each with the place where it stands. It knows PDF and Excel; it knows nothing of indicators.
package document

// Format is what the bytes are, told by their content and never by the file's name alone.
type Format string

const (
	PDF   Format = "pdf"
	XLSX  Format = "xlsx" // also xlsm
	XLS   Format = "xls"  // BIFF; converted by LibreOffice before it is read
	ODS   Format = "ods"  // converted by LibreOffice before it is read
	DOC   Format = "doc"  // converted by LibreOffice before it is read
	DOCX  Format = "docx"
	HTML  Format = "html" // also HTML saved under .xls
	CSV   Format = "csv"
	Image Format = "image" // jpg, png, tiff: read by OCR
)

// Box is a rectangle in points (1/72 inch) from the top left corner of the page as shown
// (after rotation): x0, y0, x1, y1. The zero Box means that no place on a page is known.
type Box [4]float64

// Engine names what read a page or a file.
const (
	EngineLedongthuc  = "ledongthuc"
	EnginePdfium      = "pdfium"
	EngineOCR         = "ocr"
	EngineMixed       = "mixed"
	EngineExcelize    = "excelize"
	EngineLibreOffice = "libreoffice"
	EngineDOCX        = "docx"
	EngineCSV         = "csv"
	EngineHTML        = "html"
)

// Document is a file as read: its pages (none for workbooks, HTML, CSV and DOCX) and its
// content as one flow of blocks in reading order, over page ends.
type Document struct {
	Format   Format    `json:"format"`
	Engine   string    `json:"engine"` // one of the Engine constants; EngineMixed when pages differ
	Pages    []Page    `json:"pages,omitempty"`
	Sheets   []Sheet   `json:"sheets,omitempty"`
	Blocks   []Block   `json:"blocks"`
	Form     *Form     `json:"form,omitempty"` // where the workbook is a form of ours
	Warnings []Warning `json:"warnings,omitempty"`
}

// Page is one page of a paged document. Number counts from 1.
type Page struct {
	Number     int     `json:"number"`
	Width      float64 `json:"width"`  // points, as shown
	Height     float64 `json:"height"` // points, as shown
	Rotate     int     `json:"rotate,omitempty"`
	Engine     string  `json:"engine"`
	Why        string  `json:"why,omitempty"`        // why this engine read it, where it is not the first one
	Score      float64 `json:"score"`                // plausibility of the letters, 0 to 1; below 0.5 the text is not to be trusted
	Confidence float64 `json:"confidence,omitempty"` // mean OCR confidence 0 to 1; 0 where no OCR was used
	ImageArea  float64 `json:"image_area,omitempty"` // share of the page that images cover, 0 to 1
	Text       string  `json:"text"`                 // recovered text in reading order, lines ended by \n
	Lines      []Line  `json:"lines,omitempty"`      // places of the lines, for highlighting
}

// Line is a run of words on one baseline (or in one table cell).
type Line struct {
	Text string `json:"text"`
	Box  Box    `json:"box"`
}

// Sheet is one worksheet of a workbook.
type Sheet struct {
	Name   string `json:"name"`
	Hidden bool   `json:"hidden,omitempty"`
	Rows   int    `json:"rows"`
	Cols   int    `json:"cols"`
	Large  bool   `json:"large,omitempty"` // read by streaming; only the first rows are kept as a table
}

// BlockKind says what a block is in the document.
type BlockKind string

const (
	Letterhead BlockKind = "letterhead" // one side of the two-column head: issuing body, number; motto, place and date
	Title      BlockKind = "title"      // BÁO CÁO and its subject
	Heading    BlockKind = "heading"
	Paragraph  BlockKind = "paragraph"
	Item       BlockKind = "item" // list item, with its marker taken off Text
	TableBlock BlockKind = "table"
	Header     BlockKind = "header" // running head; not content
	Footer     BlockKind = "footer" // running foot, page number; not content
	Footnote   BlockKind = "footnote"
	Signature  BlockKind = "signature" // Nơi nhận, the signer
)

// Block is one unit of content in reading order. A paragraph that runs over a page end is one block.
type Block struct {
	Kind   BlockKind `json:"kind"`
	Level  int       `json:"level,omitempty"`  // headings: 1 is the highest; items: nesting depth from 1
	Marker string    `json:"marker,omitempty"` // "I.", "1.2", "a)", "-", "+", "•": as printed, taken off Text
	Text   string    `json:"text,omitempty"`   // NFC, single spaces, no line breaks; empty for tables
	Spans  []Span    `json:"spans,omitempty"`  // where the pieces of Text stand, ordered by Start; empty without pages
	Table  *Table    `json:"table,omitempty"`  // only for TableBlock
	Page   int       `json:"page,omitempty"`   // page on which the block starts; 0 where there are no pages
	Bold   bool      `json:"bold,omitempty"`
}

// Span places the bytes [Start,End) of a block's Text on a page: about a word each.
type Span struct {
	Start      int     `json:"s"`
	End        int     `json:"e"`
	Page       int     `json:"p"`
	Box        Box     `json:"b"`
	Confidence float64 `json:"c,omitempty"` // OCR confidence 0 to 1; 0 where no OCR was used
}

// Table is a grid of cells. Rows holds each cell once, in the row where it starts; a merged cell
// says how far it spans. A table that runs over pages is one table, its repeated head dropped.
type Table struct {
	Title    string   `json:"title,omitempty"` // caption or title block above the table
	Unit     string   `json:"unit,omitempty"`  // of the whole table, as printed: "triệu đồng"
	Page     int      `json:"page,omitempty"`  // page where it starts; 0 where there are no pages
	Sheet    string   `json:"sheet,omitempty"`
	Hidden   bool     `json:"hidden,omitempty"`    // the whole sheet is hidden
	HeadRows int      `json:"head_rows,omitempty"` // rows 0..HeadRows-1 are the head; 0 where unknown
	Rows     [][]Cell `json:"rows"`
	Notes    []string `json:"notes,omitempty"` // lines under the table, comments of cells
	Engine   string   `json:"engine,omitempty"`
	Method   string   `json:"method,omitempty"` // "ruled", "unruled", "sheet", "markup"
}

// Cell is one cell of a table. Row and Col are its place in the grid, from 0.
type Cell struct {
	Text       string   `json:"text"` // as shown, NFC; several lines joined by a space
	Row        int      `json:"row"`
	Col        int      `json:"col"`
	Rowspan    int      `json:"rowspan"` // at least 1
	Colspan    int      `json:"colspan"` // at least 1
	Page       int      `json:"page,omitempty"`
	Box        Box      `json:"box"`
	Ref        string   `json:"cell,omitempty"`     // "B7" in a workbook
	Number     *float64 `json:"number,omitempty"`   // raw value of a numeric workbook cell (0.79 for one shown as 79%)
	NumFmt     string   `json:"numfmt,omitempty"`   // its number format, as in Excel: "0%", "#,##0"
	Date       string   `json:"date,omitempty"`     // ISO date of a date cell
	Doubtful   bool     `json:"doubtful,omitempty"` // a date Excel may have turned from d/m to m/d, a formula without a value
	Hidden     bool     `json:"hidden,omitempty"`   // its row, column or sheet is hidden
	Bold       bool     `json:"bold,omitempty"`
	Indent     int      `json:"indent,omitempty"`     // indent level of a label: cell style or leading spaces
	Confidence float64  `json:"confidence,omitempty"` // OCR confidence 0 to 1; 0 where no OCR was used
	Comment    string   `json:"comment,omitempty"`
	lines      string   // of a workbook's text, where it has several: a letterhead in one cell
}

// Warning is something a reader noticed that a person should know. Code is stable; the texts for
// people are made from it by the pages.
type Warning struct {
	Code   string `json:"code"` // e.g. "page_unreadable", "signed", "appended_after_signing", "attachments", "formula_without_value"
	Page   int    `json:"page,omitempty"`
	Sheet  string `json:"sheet,omitempty"`
	Cell   string `json:"cell,omitempty"`
	Detail string `json:"detail,omitempty"`
}
