package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"soket/analytics/web/access"
	"soket/extract"
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
