package document

import (
	"archive/zip"
	"errors"
	"strconv"
	"strings"

	"soket/extract/vietnamese"
)

// wordStyle is a paragraph or character style, with what it is based on resolved.
type wordStyle struct {
	rank    int // of a heading: outline level from 1; 0 for none
	look    look
	size    float64
	centred bool
	numID   string
	level   int
}

func (w *docxFlow) readStyles(z *zip.Reader) error {
	var root element
	if err := xmlPart(z, "word/styles.xml", &root); err != nil {
		if errors.Is(err, errNoPart) {
			return nil
		}
		return err
	}
	base := map[string]string{}
	own := map[string]*element{}
	usual := wordStyle{}
	usual = w.apply(usual, root.kid("docDefaults", "pPrDefault"), root.kid("docDefaults", "rPrDefault"))
	for i := range root.Kids {
		s := &root.Kids[i]
		if s.XMLName.Local != "style" {
			continue
		}
		id := s.attr("styleId")
		own[id], base[id] = s, s.val("basedOn")
		if s.attr("type") == "paragraph" && s.attr("default") == "1" {
			usual = w.apply(usual, s, s)
		}
	}
	w.usual = usual
	const deepest = 20 // styles based on each other in a ring end here
	var resolve func(id string, depth int) wordStyle
	resolve = func(id string, depth int) wordStyle {
		s := own[id]
		if s == nil || depth > deepest {
			return usual
		}
		got := w.apply(resolve(base[id], depth+1), s, s)
		if s.attr("default") == "1" {
			got = usual
		}
		name := strings.ToLower(s.val("name"))
		if rest, ok := strings.CutPrefix(name, "heading "); ok && got.rank == 0 {
			got.rank, _ = strconv.Atoi(rest)
		}
		if name == "title" {
			got.rank = 1
		}
		return got
	}
	for id := range own {
		w.styles[id] = resolve(id, 0)
	}
	return nil
}

// apply lays the properties in pPr of p and rPr of r over a style.
func (w *docxFlow) apply(s wordStyle, p, r *element) wordStyle {
	pr := p.kid("pPr")
	if v := pr.val("outlineLvl"); v != "" {
		if n, err := strconv.Atoi(v); err == nil && n < 9 {
			s.rank = n + 1
		}
	}
	if v := pr.val("jc"); v != "" {
		s.centred = v == "center"
	}
	if v := pr.val("numPr", "numId"); v != "" {
		s.numID, s.level = v, 0
	}
	if v := pr.val("numPr", "ilvl"); v != "" {
		s.level, _ = strconv.Atoi(v)
	}
	s.look, s.size = runLook(s.look, s.size, r.kid("rPr"))
	return s
}

func runLook(l look, size float64, rp *element) (look, float64) {
	if set, on := rp.on("b"); set {
		l.bold = on
	}
	if set, on := rp.on("i"); set {
		l.italic = on
	}
	if set, on := rp.on("caps"); set {
		l.capitals = on
	}
	if v, err := strconv.ParseFloat(rp.val("sz"), 64); err == nil {
		size = v / 2
	}
	fonts := rp.kid("rFonts")
	for _, a := range []string{"ascii", "hAnsi"} {
		if f := fonts.attr(a); f != "" {
			e, capitals := vietnamese.EncodingOfFont(f)
			l.encoding = e
			if e != vietnamese.Unicode {
				l.capitals = capitals
			}
			break
		}
	}
	return l, size
}
