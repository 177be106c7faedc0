package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"math"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"

	"soket/analytics"
	"soket/analytics/web/access"
	"soket/extract"
	"soket/extract/indicator"
	"soket/extract/vietnamese"
)

// words are the texts of the pages: key → Vietnamese, English. Each group of pages keeps its own
// file in words/.
type words map[string][2]string

func loadWords() (words, error) {
	all := words{}
	names, err := fs.Glob(files, "words/*.json")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		raw, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		var w words
		if err := json.Unmarshal(raw, &w); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for key, text := range w {
			if _, twice := all[key]; twice {
				return nil, fmt.Errorf("%s: %s stands in another file too", name, key)
			}
			all[key] = text
		}
	}
	return all, nil
}

// languageCookie remembers the reader's choice.
const languageCookie = "soket-language"

func (s *server) languageOf(r *http.Request) string {
	if c, err := r.Cookie(languageCookie); err == nil && (c.Value == "vi" || c.Value == "en") {
		return c.Value
	}
	if strings.HasPrefix(r.URL.Path, "/api/") && strings.HasPrefix(r.Header.Get("Accept-Language"), "en") {
		return "en"
	}
	return "vi" // Vietnamese first, whatever the browser was installed with
}

func (s *server) language(w http.ResponseWriter, r *http.Request) {
	to := r.FormValue("to")
	if to != "en" {
		to = "vi"
	}
	http.SetCookie(w, &http.Cookie{Name: languageCookie, Value: to, Path: "/", MaxAge: 365 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	back := r.FormValue("back")
	if !strings.HasPrefix(back, "/") || strings.HasPrefix(back, "//") || strings.HasPrefix(back, "/\\") {
		back = "/"
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
}

// assets are the embedded files under names that carry their hash, so that browsers keep them.
type assets struct {
	names map[string]string // app.css → app.1a2b3c4d.css
	files map[string][]byte // by hashed name
}

func loadAssets() (assets, error) {
	a := assets{map[string]string{}, map[string][]byte{}}
	err := fs.WalkDir(files, "assets", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := files.ReadFile(p)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(raw)
		ext := path.Ext(p)
		name := strings.TrimSuffix(path.Base(p), ext) + "." + hex.EncodeToString(sum[:4]) + ext
		a.names[path.Base(p)], a.files[name] = name, raw
		return nil
	})
	return a, err
}

var assetTypes = map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml", ".json": "application/json"}

func (s *server) asset(w http.ResponseWriter, r *http.Request) {
	raw, ok := s.assets.files[r.PathValue("name")]
	if !ok {
		s.nothing(w, r)
		return
	}
	w.Header().Set("Content-Type", assetTypes[path.Ext(r.PathValue("name"))])
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Write(raw)
}

// pages are the parsed templates, one set for each page and language ("vi/home"): they are parsed and
// made safe once, not for each answer.
type pages map[string]*template.Template

func (s *server) loadPages() (pages, error) {
	names, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		return nil, err
	}
	p := pages{}
	for _, name := range names {
		if base := path.Base(name); base == "frame.html" || strings.HasPrefix(base, "part-") {
			continue
		}
		for _, lang := range []string{"vi", "en"} {
			t, err := template.New("frame.html").Funcs(s.functions(lang)).ParseFS(files, "templates/frame.html", "templates/part-*.html", name)
			if err != nil {
				return nil, err
			}
			p[lang+"/"+strings.TrimSuffix(path.Base(name), ".html")] = t
		}
	}
	return p, nil
}

// frame is what every page has around its content.
type frame struct {
	Lang, Other string
	Path        string
	Page        string
	Demo        bool
	Version     string
	Person      access.Person
	MayUpload   bool // nobody is led to a page that refuses them
	Data        any
}

func (s *server) render(w http.ResponseWriter, r *http.Request, status int, page string, data any) {
	// Rendered whole before a byte is sent: a page that fails halfway would look like an answer.
	out, err := s.page(r, page, s.languageOf(r), data)
	if err != nil {
		s.Log.Error("page", "page", page, "err", err)
		http.Error(w, extract.Verdicts["internal"].VI, http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write(out)
}

// page makes the bytes of a page.
func (s *server) page(r *http.Request, page, lang string, data any) ([]byte, error) {
	f := frame{Lang: lang, Other: map[string]string{"vi": "en", "en": "vi"}[lang], Path: r.URL.RequestURI(), Page: page, Demo: s.Demo, Version: s.Version, Person: personOf(r), Data: data}
	f.MayUpload = s.Demo || f.Person.Name != "" && s.Desk.May(f.Person, access.Upload, "")
	t, ok := s.pages[lang+"/"+page]
	if !ok {
		return nil, fmt.Errorf("no page %q in %s", page, lang)
	}
	var out bytes.Buffer
	err := t.Execute(&out, f)
	return out.Bytes(), err
}

// functions are what templates call.
func (s *server) functions(lang string) template.FuncMap {
	i := 0
	tag := language.Vietnamese
	if lang == "en" {
		i, tag = 1, language.English
	}
	printer := message.NewPrinter(tag)
	word := func(key string, args ...any) (string, error) {
		w, ok := s.words[key]
		if !ok {
			// A finding or warning of a newer reader is shown by its code rather than not at all.
			if kind, code, _ := strings.Cut(key, "."); kind == "finding" || kind == "warning" {
				return code, nil
			}
			return "", fmt.Errorf("no word %q", key)
		}
		if len(args) == 0 {
			return w[i], nil
		}
		return fmt.Sprintf(w[i], args...), nil
	}
	plain := func(v any) string {
		switch x := v.(type) {
		case *float64:
			if x == nil {
				return ""
			}
			v = *x
		}
		digits := 2
		if f, ok := v.(float64); ok && math.Abs(f) >= 1e6 {
			digits = 0
		}
		return printer.Sprint(number.Decimal(v, number.MaxFractionDigits(digits)))
	}
	// A minus as wide as the plus that stands above or below it.
	num := func(v any) string { return strings.Replace(plain(v), "-", "−", 1) }
	count := func(v float64) string { return num(v) }
	// A number as text, written as this language writes numbers.
	digits := func(v string) string {
		if x, err := strconv.ParseFloat(v, 64); err == nil {
			return num(x)
		}
		return v
	}
	// One decimal always: figures of a column stand under each other.
	fixed := func(v float64) string {
		return strings.Replace(printer.Sprint(number.Decimal(v, number.Scale(1))), "-", "−", 1)
	}
	// unit is the name of an indicator's unit; another, as a report writes it, stays.
	unit := func(name string) string {
		if w, ok := s.words["unit."+name]; ok {
			return w[i]
		}
		return name
	}
	money := func(v float64, name string) string { // in the unit people speak of
		switch name {
		case shareUnit:
			return num(v) + name
		case dongUnit:
		default:
			text := unit(name)
			if i == 1 && math.Abs(v) == 1 {
				text = singular(text)
			}
			return num(v) + " " + text
		}
		switch a := math.Abs(v); {
		case a >= 1e9:
			return num(math.Round(v/1e7)/100) + " " + [...]string{"tỷ đồng", "bn đồng"}[i]
		case a >= 1e6:
			return num(math.Round(v/1e4)/100) + " " + [...]string{"triệu đồng", "m đồng"}[i]
		}
		return num(v) + " đồng"
	}
	return template.FuncMap{
		"t":     word,
		"num":   num,
		"fixed": fixed,
		"signed": func(v *float64) string {
			if v == nil {
				return ""
			}
			return sign(math.Round(*v*10)/10, fixed)
		},
		"money": money,
		"unit":  unit,
		// stated is a figure as a report states it: a change carries its sign.
		"stated": func(kind, basis any, v float64, unit string) string {
			switch {
			case fmt.Sprint(kind) != string(indicator.Comparison):
				return money(v, unit)
			case fmt.Sprint(basis) == string(indicator.OfPlan):
				return num(v) + "%"
			}
			return sign(v, count) + "%"
		},
		// What does not fit together in a report. Of a single part one does not say that it was added up.
		"finding": func(x analytics.Finding) (string, error) {
			code := x.Code
			if code == indicator.PartsAgainstTotal && len(x.Facts) == 2 {
				code = indicator.PartAboveWhole
			}
			return word("finding."+code, digits(x.Expected), digits(x.Found))
		},
		"period": func(p string) string {
			if i == 1 {
				return vietnamese.Period(p).English()
			}
			return vietnamese.Period(p).Vietnamese()
		},
		"day": func(v any) string {
			switch x := v.(type) {
			case time.Time:
				if x.IsZero() {
					return ""
				}
				return x.Local().Format("02/01/2006 15:04")
			case string:
				if d, err := time.Parse(time.DateOnly, x); err == nil {
					return d.Format("02/01/2006")
				}
			}
			return fmt.Sprint(v)
		},
		"percent": func(c float64) string { return num(math.Round(c*100)) + "%" },
		"asset":   func(name string) string { return "/assets/" + s.assets.names[name] },
		"verdict": func(code string) []string {
			v, ok := extract.Verdicts[code]
			if !ok {
				return []string{code, ""}
			}
			if i == 1 {
				return []string{v.EN, v.ENDo}
			}
			return []string{v.VI, v.VIDo}
		},
		"name": func(vi, en string) string { return [...]string{vi, en}[i] },
		"has":  func(list []string, x string) bool { return slices.Contains(list, x) },
		"moneyp": func(v *float64, unit string) string {
			if v == nil {
				return ""
			}
			return money(*v, unit)
		},
		"gain": func(v *float64, unit string) string { // a difference; between shares it is one of points
			if unit == shareUnit {
				return sign(*v, count) + " " + s.words["ky.points"][i]
			}
			return sign(*v, func(v float64) string { return money(v, unit) })
		},
		"rose": func(v *float64) bool { return v != nil && *v > 0 },
		"less": func(a float64, b *float64) *float64 {
			d := math.Round((a-*b)*100) / 100
			return &d
		},
		"segment":  segment,
		"pair":     func(a, b string) [2]string { return [2]string{a, b} },
		"doubtful": doubtful,
		"upper":    upperFirst, // of what stands at the start of a line
		"over": func(v any, scale float64) string { // a figure in a column's unit
			if p, ok := v.(*float64); ok {
				if p == nil {
					return ""
				}
				v = *p
			}
			if f, ok := v.(float64); ok && scale > 1 {
				return num(math.Round(f/scale*100) / 100)
			}
			return num(v)
		},
		"must": func(key string) string { // for Go's own use: a missing word is a mistake of ours
			text, err := word(key)
			if err != nil {
				panic(err)
			}
			return text
		},
		"cell": func(c cell) template.HTML {
			var m markup
			m.cell(c, func(key string) string { return s.words[key][i] })
			return m.done()
		},
		"options":  options,
		"negative": func(n int) int { return -n },
		"swatch":   func(form string, n int) template.HTML { return template.HTML(swatch(form, n, 8, 8)) },
		"raw":      func(v any) string { return fmt.Sprint(v) }, // years and such, without grouping
		"shape":    func(n int) template.HTML { return template.HTML(shape(n, 8, 8)) },
		"place2":   lineAt,
		// factAt is the number of the fact in a cell; "" where there is none.
		"factAt": func(cells map[string]uint32, sheet, ref string) string {
			if no, ok := cells[sheet+"!"+ref]; ok && ref != "" {
				return fmt.Sprint(no)
			}
			return ""
		},
		"body": bodyOf, "periodOf": periodOf, "editable": editable, "kindKey": kindKey,
		"kilobytes": func(n int64) string { return num(max(1, n>>10)) + " KB" },
		"place": func(page uint32, sheet, cell string) string {
			switch {
			case cell != "":
				return strings.TrimPrefix(sheet+"!"+cell, "!") // a CSV file has one sheet, without a name
			case page > 0:
				return fmt.Sprintf([...]string{"trang %d", "page %d"}[i], page)
			}
			return [...]string{"trong bài", "in the text"}[i]
		},
	}
}

// singular is an English unit of which there is one.
func singular(unit string) string {
	if unit == "people" {
		return "person"
	}
	if stem, ok := strings.CutSuffix(unit, "ies"); ok {
		return stem + "y"
	}
	return strings.TrimSuffix(unit, "s")
}

// textLine is where and how large a line of text is drawn, in points.
type textLine struct{ X, Y, W, Size float64 }

func lineAt(b extract.Box) textLine {
	const descent = 0.22 // of a line's height, below the baseline
	h := b[3] - b[1]
	return textLine{b[0], b[3] - descent*h, max(1, b[2]-b[0]), 0.9 * h}
}

// segment makes a period one part of an address: that of several years has a slash in it.
func segment(p any) string { return url.PathEscape(fmt.Sprint(p)) }
