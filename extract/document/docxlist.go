package document

import (
	"archive/zip"
	"errors"
	"strconv"
	"strings"
)

// wordLevel is one level of a list: how its number is written.
type wordLevel struct {
	format string // "decimal", "lowerLetter", "upperRoman", "bullet"
	text   string // "%1.%2."
	start  int
	legal  bool // all numbers as plain figures, whatever their levels say
}

// wordList is a numbering: its levels, the definition that it counts on with others of the same one,
// and where it starts anew by itself.
type wordList struct {
	levels   []wordLevel
	abstract string
	restarts map[int]int // by level; taken when the list is met first
}

func (w *docxFlow) readNumbering(z *zip.Reader) error {
	var root element
	if err := xmlPart(z, "word/numbering.xml", &root); err != nil {
		if errors.Is(err, errNoPart) {
			return nil
		}
		return err
	}
	abstract := map[string][]wordLevel{}
	for i := range root.Kids {
		a := &root.Kids[i]
		switch a.XMLName.Local {
		case "abstractNum":
			levels := make([]wordLevel, 9)
			for j := range a.Kids {
				k := &a.Kids[j]
				n, err := strconv.Atoi(k.attr("ilvl"))
				if k.XMLName.Local != "lvl" || err != nil || n < 0 || n > 8 {
					continue
				}
				start, _ := strconv.Atoi(k.val("start"))
				_, legal := k.on("isLgl")
				levels[n] = wordLevel{k.val("numFmt"), k.val("lvlText"), start, legal}
			}
			abstract[a.attr("abstractNumId")] = levels
		case "num":
			l := wordList{abstract[a.val("abstractNumId")], a.val("abstractNumId"), map[int]int{}}
			for j := range a.Kids {
				k := &a.Kids[j]
				level, err1 := strconv.Atoi(k.attr("ilvl"))
				start, err2 := strconv.Atoi(k.val("startOverride"))
				if k.XMLName.Local == "lvlOverride" && err1 == nil && err2 == nil {
					l.restarts[level] = start
				}
			}
			w.lists[a.attr("numId")] = l
		}
	}
	return nil
}

// marker gives the number or bullet that Word shows before a paragraph of a list.
func (w *docxFlow) marker(numID string, level int) string {
	list := w.lists[numID]
	levels := list.levels
	if numID == "0" || level < 0 || level >= len(levels) {
		return ""
	}
	counts := w.counts[list.abstract]
	if counts == nil {
		counts = make([]int, len(levels))
		for i, l := range levels {
			counts[i] = l.start - 1
		}
		w.counts[list.abstract] = counts
	}
	for i, start := range list.restarts {
		if i >= 0 && i < len(counts) {
			counts[i] = start - 1
		}
		delete(list.restarts, i) // once
	}
	for i := range level { // a level that was passed over counts as begun
		counts[i] = max(counts[i], levels[i].start)
	}
	counts[level]++
	for i := level + 1; i < len(levels); i++ {
		counts[i] = levels[i].start - 1
	}
	l := levels[level]
	switch l.format {
	case "none":
		return ""
	case "bullet":
		if strings.ContainsAny(l.text, "-–—+") {
			return strings.TrimSpace(l.text)
		}
		return listBullets[min(level, len(listBullets)-1)]
	}
	text := l.text
	for i := range levels {
		kind := map[string]string{"lowerLetter": "a", "upperLetter": "A", "lowerRoman": "i", "upperRoman": "I"}[levels[i].format]
		if l.legal {
			kind = ""
		}
		text = strings.ReplaceAll(text, "%"+strconv.Itoa(i+1), listNumber(counts[i], kind))
	}
	return strings.TrimSpace(text)
}
