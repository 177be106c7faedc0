package document

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Tone is what a note is about; each has a colour of its own.
type Tone string

const (
	ToneDoubt   Tone = "doubt"   // the machine is not sure of the figure
	ToneFinding Tone = "finding" // it does not fit together with others
	ToneSaid    Tone = "said"    // a person corrected or rejected it
)

// toneColours are light enough for black figures at 4.5:1 and more, and differ when printed in grey.
var toneColours = map[Tone]string{ToneDoubt: "FFE699", ToneFinding: "F4B183", ToneSaid: "9DC3E6"}

// Note is what is said at one cell of a workbook that goes back to its sender.
type Note struct {
	Sheet string `json:"sheet"`
	Cell  string `json:"cell"`
	Text  string `json:"text"`
	Tone  Tone   `json:"tone"`
}

const (
	// MaxNotes of one workbook: past a screenful on each of some sheets nobody reads them.
	MaxNotes = 2000
	// noteAuthor signs the comments.
	noteAuthor = "Sơ Kết"
	// noteWidth and noteHeight size a comment so that its text is seen whole, in pixels.
	noteWidth, noteHeight = 320, 20 // height of a line
	noteLetters           = 44      // letters of a line at that width
)

// Annotate writes the workbook with a comment and a colour on each cell that a note names. Formulas,
// formats and the sheets that no note names stay as they are; a comment that stood at a cell is kept
// below ours. Notes on cells or sheets that are not there are passed over.
func Annotate(src io.ReaderAt, size int64, notes []Note, w io.Writer) error {
	if _, err := openZip(src, size); err != nil {
		return err
	}
	f, err := excelize.OpenReader(io.NewSectionReader(src, 0, size), excelize.Options{UnzipSizeLimit: maxUnzipBytes, UnzipXMLSizeLimit: sheetXMLBytes, TmpDir: os.TempDir()})
	switch {
	case errors.Is(err, excelize.ErrWorkbookFileFormat), errors.Is(err, excelize.ErrWorkbookPassword):
		return fmt.Errorf("%w: %v", ErrEncrypted, err)
	case err != nil:
		return fmt.Errorf("%w: workbook: %v", ErrCorrupt, err)
	}
	defer f.Close()
	a := annotator{file: f, styles: map[styleOf]int{}, comments: map[string]map[string]string{}}
	for _, n := range gathered(notes) {
		if err := a.note(n); err != nil {
			return fmt.Errorf("%w: %s!%s: %v", ErrCorrupt, n.Sheet, n.Cell, err)
		}
	}
	if err := f.Write(w); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	return nil
}

// gathered puts all that is said of one cell into one note; its gravest tone colours the cell.
func gathered(notes []Note) []Note {
	at := map[[2]string]int{}
	var list []Note
	for _, n := range notes {
		key := [2]string{n.Sheet, n.Cell}
		i, ok := at[key]
		if !ok {
			if len(list) == MaxNotes {
				break
			}
			at[key] = len(list)
			list = append(list, n)
			continue
		}
		if !strings.Contains(list[i].Text, n.Text) {
			list[i].Text += "\n" + n.Text
		}
		if n.Tone == ToneFinding {
			list[i].Tone = n.Tone
		}
	}
	return list
}

type styleOf struct {
	id   int
	tone Tone
}

type annotator struct {
	file     *excelize.File
	styles   map[styleOf]int
	comments map[string]map[string]string // by sheet and cell, as they stood
}

func (a *annotator) note(n Note) error {
	if at, err := a.file.GetSheetIndex(n.Sheet); err != nil || at < 0 {
		return nil
	}
	if _, _, err := excelize.CellNameToCoordinates(n.Cell); err != nil {
		return nil
	}
	id, err := a.file.GetCellStyle(n.Sheet, n.Cell)
	if err != nil {
		return err
	}
	key := styleOf{id, n.Tone}
	coloured, ok := a.styles[key]
	if !ok {
		s, err := a.file.GetStyle(id)
		if err != nil {
			return err
		}
		s.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{toneColours[n.Tone]}}
		if coloured, err = a.file.NewStyle(s); err != nil {
			return err
		}
		a.styles[key] = coloured
	}
	if err := a.file.SetCellStyle(n.Sheet, n.Cell, n.Cell, coloured); err != nil {
		return err
	}
	before, ok := a.comments[n.Sheet]
	if !ok {
		before = map[string]string{}
		list, err := a.file.GetComments(n.Sheet)
		if err != nil {
			return err
		}
		for _, c := range list {
			text := c.Text
			for _, p := range c.Paragraph {
				text += p.Text
			}
			before[c.Cell] = text
		}
		a.comments[n.Sheet] = before
	}
	text := n.Text
	if old, ok := before[n.Cell]; ok {
		if err := a.file.DeleteComment(n.Sheet, n.Cell); err != nil {
			return err
		}
		text += "\n—\n" + old
	}
	lines := uint(1)
	for line := range strings.Lines(text) {
		lines += uint(1 + len([]rune(line))/noteLetters)
	}
	return a.file.AddComment(n.Sheet, excelize.Comment{Cell: n.Cell, Author: noteAuthor, Width: noteWidth, Height: lines * noteHeight,
		Paragraph: []excelize.RichTextRun{{Text: noteAuthor + "\n", Font: &excelize.Font{Bold: true}}, {Text: text}}})
}
