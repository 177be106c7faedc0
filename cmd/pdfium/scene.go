package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"

	"soket/extract/document"
)

// place turns pdfium's page coordinates into points from the top left corner of the page as shown.
type place struct{ a, b, c, d, e, f float64 }

func (p place) at(x, y float64) (float64, float64) {
	return p.a*x + p.c*y + p.e, p.b*x + p.d*y + p.f
}

// placeOf asks pdfium for three points on a device of a hundred dots a point.
func placeOf(engine pdfium.Pdfium, page requests.Page, width, height float64) (place, error) {
	const fine = 100
	point := func(x, y float64) (float64, float64, error) {
		r, err := engine.FPDF_PageToDevice(&requests.FPDF_PageToDevice{
			Page: page, SizeX: int(width * fine), SizeY: int(height * fine), PageX: x, PageY: y,
		})
		if err != nil {
			return 0, 0, err
		}
		return float64(r.DeviceX) / fine, float64(r.DeviceY) / fine, nil
	}
	const far = 1000
	x0, y0, err := point(0, 0)
	if err != nil {
		return place{}, err
	}
	x1, y1, err := point(far, 0)
	if err != nil {
		return place{}, err
	}
	x2, y2, err := point(0, far)
	if err != nil {
		return place{}, err
	}
	return place{(x1 - x0) / far, (y1 - y0) / far, (x2 - x0) / far, (y2 - y0) / far, x0, y0}, nil
}

// scene gives what pdfium sees on page n.
func scene(engine pdfium.Pdfium, doc references.FPDF_DOCUMENT, n int) (document.Scene, error) {
	s := document.Scene{Page: n, Engine: document.EnginePdfium}
	loaded, err := engine.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: doc, Index: n - 1})
	if err != nil {
		return s, err
	}
	defer engine.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: loaded.Page})
	page := requests.Page{ByReference: &loaded.Page}
	width, err := engine.FPDF_GetPageWidth(&requests.FPDF_GetPageWidth{Page: page})
	if err != nil {
		return s, err
	}
	height, err := engine.FPDF_GetPageHeight(&requests.FPDF_GetPageHeight{Page: page})
	if err != nil {
		return s, err
	}
	s.Width, s.Height = width.Width, height.Height
	if turn, err := engine.FPDFPage_GetRotation(&requests.FPDFPage_GetRotation{Page: page}); err == nil {
		s.Rotate = int(turn.PageRotation) * 90
	}
	to, err := placeOf(engine, page, s.Width, s.Height)
	if err != nil {
		return s, err
	}
	text, err := engine.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: page})
	if err != nil {
		return s, err
	}
	defer engine.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: text.TextPage})
	count, err := engine.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: text.TextPage})
	if err != nil {
		return s, err
	}
	fonts := map[string]document.Glyph{} // name, weight and slope by what pdfium says of the font
	for i := range min(count.Count, maxGlyphs) {
		if g, ok := glyph(engine, text.TextPage, i, to, fonts); ok {
			s.Glyphs = append(s.Glyphs, g)
		}
	}
	joinSurrogates(&s)
	return s, nil
}

// glyph gives character i; ok is false for those that pdfium made up between the shown ones.
func glyph(engine pdfium.Pdfium, text references.FPDF_TEXTPAGE, i int, to place, fonts map[string]document.Glyph) (g document.Glyph, ok bool) {
	made, err := engine.FPDFText_IsGenerated(&requests.FPDFText_IsGenerated{TextPage: text, Index: i})
	if err != nil || made.IsGenerated {
		return g, false
	}
	code, err := engine.FPDFText_GetUnicode(&requests.FPDFText_GetUnicode{TextPage: text, Index: i})
	if err != nil {
		return g, false
	}
	origin, err := engine.FPDFText_GetCharOrigin(&requests.FPDFText_GetCharOrigin{TextPage: text, Index: i})
	if err != nil {
		return g, false
	}
	g.X, g.Y = to.at(origin.X, origin.Y)
	g.Text = string(rune(code.Unicode))
	if bad, err := engine.FPDFText_HasUnicodeMapError(&requests.FPDFText_HasUnicodeMapError{TextPage: text, Index: i}); err == nil && bad.HasUnicodeMapError || code.Unicode < ' ' {
		g.Text = "\uFFFD"
	}
	if utf16.IsSurrogate(rune(code.Unicode)) {
		g.Text = fmt.Sprintf("%04X", code.Unicode) // joined to its other half below
	}
	size, scale := 0.0, 1.0
	if r, err := engine.FPDFText_GetFontSize(&requests.FPDFText_GetFontSize{TextPage: text, Index: i}); err == nil {
		size = r.FontSize
	}
	if m, err := engine.FPDFText_GetMatrix(&requests.FPDFText_GetMatrix{TextPage: text, Index: i}); err == nil {
		scale = math.Hypot(float64(m.Matrix.C), float64(m.Matrix.D))
		dx := to.a*float64(m.Matrix.A) + to.c*float64(m.Matrix.B)
		dy := to.b*float64(m.Matrix.A) + to.d*float64(m.Matrix.B)
		if math.Abs(dy) > 1e-3*math.Abs(dx) || dx < 0 {
			g.Angle = math.Round(math.Atan2(dy, dx)*180/math.Pi*100) / 100
		}
	}
	g.Size = size * scale
	if box, err := engine.FPDFText_GetLooseCharBox(&requests.FPDFText_GetLooseCharBox{TextPage: text, Index: i}); err == nil {
		x0, y0 := to.at(float64(box.Rect.Left), float64(box.Rect.Bottom))
		x1, y1 := to.at(float64(box.Rect.Right), float64(box.Rect.Top))
		g.Width = math.Abs(x1 - x0)
		if a := math.Abs(g.Angle); a > 45 && a < 135 {
			g.Width = math.Abs(y1 - y0)
		}
	}
	if info, err := engine.FPDFText_GetFontInfo(&requests.FPDFText_GetFontInfo{TextPage: text, Index: i}); err == nil {
		f, known := fonts[info.FontName]
		if !known {
			lower := strings.ToLower(info.FontName)
			f.Font = info.FontName
			if prefix, rest, ok := strings.Cut(f.Font, "+"); ok && len(prefix) == 6 {
				f.Font = rest
			}
			f.Bold = info.Flags&(1<<18) != 0 || strings.Contains(lower, "bold")
			f.Italic = info.Flags&(1<<6) != 0 || strings.Contains(lower, "italic") || strings.Contains(lower, "oblique")
			fonts[info.FontName] = f
		}
		g.Font, g.Bold, g.Italic = f.Font, f.Bold, f.Italic
	}
	finite := func(v ...float64) bool {
		for _, x := range v {
			if math.IsNaN(x) || math.Abs(x) > 1e6 {
				return false
			}
		}
		return true
	}
	return g, finite(g.X, g.Y, g.Size, g.Width)
}

// joinSurrogates puts the halves of characters beyond 16 bits together.
func joinSurrogates(s *document.Scene) {
	out := s.Glyphs[:0]
	half := func(g document.Glyph) rune {
		if len(g.Text) == 4 {
			if n, err := strconv.ParseUint(g.Text, 16, 16); err == nil && utf16.IsSurrogate(rune(n)) {
				return rune(n)
			}
		}
		return 0
	}
	for i := 0; i < len(s.Glyphs); i++ {
		g := s.Glyphs[i]
		if hi := half(g); hi != 0 {
			g.Text = "\uFFFD"
			if i+1 < len(s.Glyphs) {
				if r := utf16.DecodeRune(hi, half(s.Glyphs[i+1])); r != '\uFFFD' {
					g.Text = string(r)
					i++
				}
			}
		}
		out = append(out, g)
	}
	s.Glyphs = out
}
