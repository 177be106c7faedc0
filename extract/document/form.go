package document

import (
	"strconv"
	"strings"
)

// FormMark stands in cell A1 of a form of ours. The first row and the first column of the form, both
// hidden, say what its cells are for, so that a filled form is read without any doubt and wherever
// its rows were moved:
//
//	row 1     "body=…", "period=2022-H1"; over a column of figures "result=2022-H1" or "plan=2022"
//	column A  the code of the row's indicator, "finance.disbursed_vnd*1000000" where its cells count
//	          millions; "@title", "@number", "@signed", "@signer" for what the report says of itself
const FormMark = "soket-bieu-mau/1"

// Form is a form of ours as it was filled in.
type Form struct {
	Sheet   string       `json:"sheet"`
	Body    string       `json:"body"`
	Period  string       `json:"period"`
	Title   string       `json:"title"`
	Number  string       `json:"number"`
	Signed  string       `json:"signed"` // ISO date, or empty
	Signer  string       `json:"signer"`
	Figures []FormFigure `json:"figures"`
}

// FormFigure is one cell that was filled in.
type FormFigure struct {
	Code   string  `json:"code"`
	Kind   string  `json:"kind"` // "result" or "plan"
	Period string  `json:"period"`
	Value  float64 `json:"value"` // in the unit of the indicator
	Cell   string  `json:"cell"`
	Text   string  `json:"text"` // as shown
}

// readForm takes a sheet for a form of ours, where it is one, and takes the hidden marks off it. Cells
// that should hold a figure and hold something else are warned of.
func readForm(t *Table) (*Form, []Warning) {
	if len(t.Rows) == 0 || len(t.Rows[0]) == 0 || t.Rows[0][0].Ref != "A1" || t.Rows[0][0].Text != FormMark {
		return nil, nil
	}
	f := &Form{Sheet: t.Sheet}
	type column struct{ kind, period string }
	columns := map[int]column{}
	for _, c := range t.Rows[0][1:] {
		key, value, _ := strings.Cut(c.Text, "=")
		switch key {
		case "body":
			f.Body = value
		case "period":
			f.Period = value
		case "result", "plan":
			columns[c.Col] = column{key, value}
		}
	}
	var warnings []Warning
	var rows [][]Cell
	for _, row := range t.Rows[1:] {
		mark := ""
		if row[0].Col == 0 {
			mark, row = row[0].Text, row[1:]
		}
		if len(row) > 0 {
			rows = append(rows, row)
		}
		if what, ok := strings.CutPrefix(mark, "@"); ok {
			f.head(what, row, func(col int) bool { _, ok := columns[col]; return ok })
			continue
		}
		code, times, scaled := strings.Cut(mark, "*")
		factor := 1.0
		if n, err := strconv.ParseFloat(times, 64); scaled && err == nil {
			factor = n
		}
		for _, c := range row {
			col, ok := columns[c.Col]
			if !ok || code == "" || c.Text == "" && !c.Doubtful {
				continue
			}
			if c.Number == nil || c.Doubtful {
				warnings = append(warnings, Warning{Code: "form_text", Sheet: t.Sheet, Cell: c.Ref, Detail: c.Text})
				continue
			}
			value := *c.Number * factor
			if strings.Contains(c.NumFmt, "%") { // typed with its sign: the cell holds the share
				value *= 100
			}
			f.Figures = append(f.Figures, FormFigure{code, col.kind, col.period, value, c.Ref, c.Text})
		}
	}
	t.Rows = rows
	return f, warnings
}

// head takes what the report says of itself: the title is the first text of its row, the rest stands
// in a column of figures.
func (f *Form) head(what string, row []Cell, input func(col int) bool) {
	for _, c := range row {
		switch {
		case what == "title" && c.Text != "":
			f.Title = c.Text
			return
		case what == "title" || !input(c.Col) || c.Text == "":
		case what == "number":
			f.Number = strings.Join(strings.Fields(c.Text), "")
			return
		case what == "signed":
			if f.Signed = c.Date; f.Signed == "" {
				if m := textDate.FindStringSubmatch(c.Text); m != nil {
					day, _ := strconv.Atoi(m[1])
					month, _ := strconv.Atoi(m[2])
					f.Signed = m[3] + "-" + twoDigits(month) + "-" + twoDigits(day)
				}
			}
			return
		case what == "signer":
			f.Signer = c.Text
			return
		}
	}
}

func twoDigits(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}
