package sandbox

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"

	"soket/extract/document/documenttest"
)

// maker turns the source in a directory into a PDF there. needs is the program that does it.
type maker struct {
	name, needs string
	portrait    bool // it makes no landscape pages of HTML
	make        func(dir string, s documenttest.Source) error
}

// in runs a program in a directory.
func in(dir, name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "HOME="+dir, "SOURCE_DATE_EPOCH=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, out[max(0, len(out)-600):])
	}
	return nil
}

func office(dir string, html string) error {
	if err := os.WriteFile(filepath.Join(dir, "office.html"), []byte(html), 0o600); err != nil {
		return err
	}
	// By way of docx, as reports come about; straight from HTML it makes web pages.
	if err := in(dir, "soffice", "-env:UserInstallation=file://"+dir+"/office", "--headless", "--convert-to", "docx:Office Open XML Text", "--infilter=HTML (StarWriter)", "office.html"); err != nil {
		return err
	}
	return in(dir, "soffice", "-env:UserInstallation=file://"+dir+"/office", "--headless", "--convert-to", "pdf", "office.docx")
}

func tex(program, preamble string) func(string, documenttest.Source) error {
	return func(dir string, s documenttest.Source) error {
		text, err := s.LaTeX(preamble)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, "tex.tex"), []byte(text), 0o600); err != nil {
			return err
		}
		for range 2 { // longtable knows its widths the second time
			if err := in(dir, program, "-interaction=batchmode", "tex.tex"); err != nil {
				log, _ := os.ReadFile(filepath.Join(dir, "tex.log"))
				return fmt.Errorf("%w\n%s", err, log[max(0, len(log)-1500):])
			}
		}
		return os.Rename(filepath.Join(dir, "tex.pdf"), filepath.Join(dir, "out.pdf"))
	}
}

func chromium(dir string) error {
	return in(dir, "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", "--print-to-pdf="+filepath.Join(dir, "chromium.pdf"), "source.html")
}

// after makes a PDF by another maker first, then changes it by a program: IN and OUT stand for files.
func after(first func(string) (string, error), program string, args ...string) func(string, documenttest.Source) error {
	return func(dir string, _ documenttest.Source) error {
		made, err := first(dir)
		if err != nil {
			return err
		}
		all := slices.Clone(args)
		for i := range all {
			all[i] = strings.NewReplacer("IN", made, "OUT", "out.pdf").Replace(all[i])
		}
		return in(dir, program, all...)
	}
}

// Files that others are made of: each is made once in a directory.
func ofChromium(dir string) (string, error) {
	if _, err := os.Stat(filepath.Join(dir, "chromium.pdf")); err == nil {
		return "chromium.pdf", nil
	}
	return "chromium.pdf", chromium(dir)
}

func ofOffice(dir string) (string, error) {
	if _, err := os.Stat(filepath.Join(dir, "office.pdf")); err == nil {
		return "office.pdf", nil
	}
	html, err := os.ReadFile(filepath.Join(dir, "source.html"))
	if err != nil {
		return "", err
	}
	return "office.pdf", office(dir, string(html))
}

var makers = []maker{
	{"LibreOffice", "soffice", true, func(dir string, _ documenttest.Source) error {
		made, err := ofOffice(dir)
		if err != nil {
			return err
		}
		return in(dir, "cp", made, "out.pdf")
	}},
	{"LibreOffice, two fonts inside words", "soffice", true, func(dir string, s documenttest.Source) error {
		if err := office(dir, strings.ReplaceAll(s.HTML, `"Liberation Serif"`, `"Nimbus Roman"`)); err != nil {
			return err
		}
		return os.Rename(filepath.Join(dir, "office.pdf"), filepath.Join(dir, "out.pdf"))
	}},
	{"Chromium", "chromium", false, func(dir string, _ documenttest.Source) error {
		made, err := ofChromium(dir)
		if err != nil {
			return err
		}
		return in(dir, "cp", made, "out.pdf")
	}},
	{"WeasyPrint", "weasyprint", false, func(dir string, _ documenttest.Source) error {
		return in(dir, "weasyprint", "source.html", "out.pdf")
	}},
	{"wkhtmltopdf", "wkhtmltopdf", false, func(dir string, _ documenttest.Source) error {
		return in(dir, "xvfb-run", "-a", "wkhtmltopdf", "-q", "source.html", "out.pdf")
	}},
	{"XeLaTeX", "xelatex", false, tex("xelatex", "\\usepackage{fontspec}\\setmainfont{Liberation Serif}\n")},
	{"pdfLaTeX", "pdflatex", false, tex("pdflatex", "\\usepackage[utf8]{vietnam}\n")},
	{"Ghostscript of Chromium", "gs", false, after(ofChromium, "gs", "-q", "-dNOPAUSE", "-dBATCH", "-sDEVICE=pdfwrite", "-sOutputFile=OUT", "IN")},
	{"Ghostscript of LibreOffice", "gs", true, after(ofOffice, "gs", "-q", "-dNOPAUSE", "-dBATCH", "-sDEVICE=pdfwrite", "-sOutputFile=OUT", "IN")},
	{"cairo of Chromium", "pdftocairo", false, after(ofChromium, "pdftocairo", "-pdf", "IN", "OUT")},
	{"cairo of LibreOffice", "pdftocairo", true, after(ofOffice, "pdftocairo", "-pdf", "IN", "OUT")},
	{"qpdf: object streams", "qpdf", true, after(ofOffice, "qpdf", "--object-streams=generate", "--linearize", "IN", "OUT")},
	{"qpdf: AES-256", "qpdf", false, after(ofChromium, "qpdf", "--encrypt", "", "owner", "256", "--", "IN", "OUT")},
	{"qpdf: pages turned", "qpdf", true, after(ofOffice, "qpdf", "--rotate=+90", "IN", "OUT")},
	{"scan of 200 dpi", "pdftoppm", true, func(dir string, _ documenttest.Source) error {
		made, err := ofOffice(dir)
		if err != nil {
			return err
		}
		if err := in(dir, "pdftoppm", "-r", "200", "-gray", "-png", made, "scan"); err != nil {
			return err
		}
		pictures, _ := filepath.Glob(filepath.Join(dir, "scan-*.png"))
		return in(dir, "img2pdf", append([]string{"-o", "out.pdf"}, pictures...)...)
	}},
}

// contestant is a program that reads a PDF.
type contestant struct {
	name string
	read func(path string) (string, error)
}

// TestFidelityTable scores our reader beside others on PDFs made here by many programs, and fails
// where a goal is missed. `make fidelity` takes all programs, and writes the table of
// docs/extraction.md; makers that are not installed are named. Without it two of them are taken,
// beside pdftotext and pdfium.
func TestFidelityTable(t *testing.T) {
	doc, few := os.Getenv("FIDELITY"), os.Getenv("FIDELITY") == ""
	r := reader(t)
	pdfium := pdfiumText(t)
	contestants := []contestant{
		{"ours", func(path string) (string, error) {
			report, err := r.Read(t.Context(), path, "x.pdf", "", nil)
			if err != nil {
				return "", err
			}
			var b strings.Builder
			for _, p := range report.Pages {
				b.WriteString(p.Text + "\f")
			}
			return b.String(), nil
		}},
		{"pdftotext -layout", output("pdftotext", "-nopgbrk", "-layout", "FILE", "-")},
		{"pdftotext", output("pdftotext", "-nopgbrk", "FILE", "-")},
		{"pdfium", pdfium},
	}
	if _, err := exec.LookPath("mutool"); err == nil {
		contestants = append(contestants, contestant{"mutool", output("mutool", "draw", "-q", "-F", "txt", "FILE")})
	}
	keep := os.Getenv("FIDELITY_KEEP") // a directory whose files stay, and are taken again
	only := regexp.MustCompile(os.Getenv("FIDELITY_ONLY"))
	base := keep
	if base == "" {
		base = t.TempDir()
	}
	base, _ = filepath.Abs(base)
	var b strings.Builder
	fmt.Fprintf(&b, "| made by | files | %s |\n|---|---|%s\n", names(contestants), strings.Repeat("---|", len(contestants)))
	var missing []string
	misses := 0
	for _, m := range makers {
		if !only.MatchString(m.name) || few && m.name != "Chromium" && m.name != "LibreOffice" {
			continue
		}
		if _, err := exec.LookPath(m.needs); err != nil {
			if few {
				t.Fatal(err)
			}
			missing = append(missing, m.name)
			continue
		}
		sums, files := make([]documenttest.Outcome, len(contestants)), 0
		for _, s := range documenttest.Sources() {
			if s.Name == "landscape" && m.portrait {
				continue // it would break every word of the wide table
			}
			dir := filepath.Join(base, s.Name)
			path := filepath.Join(base, s.Name+"."+strings.NewReplacer(" ", "_", ":", "", ",", "").Replace(m.name)+".pdf")
			if _, err := os.Stat(path); err != nil {
				if err := os.MkdirAll(dir, 0o755); err != nil {
					t.Fatal(err)
				}
				os.WriteFile(filepath.Join(dir, "source.html"), []byte(s.HTML), 0o600)
				if err := m.make(dir, s); err != nil {
					t.Errorf("%s, %s: %v", m.name, s.Name, err)
					continue
				}
				if err := os.Rename(filepath.Join(dir, "out.pdf"), path); err != nil {
					t.Fatal(err)
				}
			}
			truth, err := documenttest.TruthOf(strings.NewReader(s.HTML))
			if err != nil {
				t.Fatal(err)
			}
			files++
			line := fmt.Sprintf("%-24.24s %-10s", m.name, s.Name)
			var all []documenttest.Outcome
			for i, c := range contestants {
				text, err := c.read(path)
				if err != nil {
					t.Logf("%s: %s: %v", c.name, filepath.Base(path), err)
				}
				if i == 0 && keep != "" {
					os.WriteFile(path+".txt", []byte(text), 0o600)
				}
				o := truth.Judge(text)
				all = append(all, o)
				sums[i] = documenttest.Outcome{CER: sums[i].CER + o.CER, F1: sums[i].F1 + o.F1, Rows: sums[i].Rows + o.Rows}
				line += fmt.Sprintf(" | %6.2f %6.2f %4.0f", o.CER, o.F1, o.Rows)
			}
			if why := below(all, m.name); why != "" {
				misses++
				line += "  <- " + why
			}
			t.Log(line)
		}
		if files == 0 {
			continue
		}
		fmt.Fprintf(&b, "| %s | %d |", m.name, files)
		for _, s := range sums {
			n := float64(files)
			fmt.Fprintf(&b, " %.2f / %.2f / %.0f |", s.CER/n, s.F1/n, s.Rows/n)
		}
		b.WriteByte('\n')
	}
	if len(missing) > 0 {
		fmt.Fprintf(&b, "\nNot installed where this was measured: %s.\n", strings.Join(missing, ", "))
	}
	if misses > 0 {
		t.Errorf("%d files below the goals", misses)
	}
	if !few && doc != "-" {
		intoDoc(t, doc, "fidelity", b.String())
	}
}

// below says what goal a file's outcome misses; ours is the first. A scan only has the text of
// recognition, for which the goal is a figure.
func below(all []documenttest.Outcome, maker string) string {
	ours, best := all[0], documenttest.Outcome{CER: 1000}
	for _, o := range all[1:] {
		best.CER, best.F1 = min(best.CER, o.CER), max(best.F1, o.F1)
	}
	switch {
	case strings.HasPrefix(maker, "scan"):
		if ours.CER > 2.5 {
			return "more than 2.5% wrong"
		}
	case ours.CER > best.CER+0.5:
		return "more errors than the best"
	case ours.F1 < 0.995*best.F1:
		return "fewer words than the best"
	case ours.Rows < all[1].Rows:
		return "fewer rows than pdftotext -layout"
	}
	return ""
}

func names(cs []contestant) string {
	var out []string
	for _, c := range cs {
		out = append(out, c.name)
	}
	return strings.Join(out, " | ")
}

func output(name string, args ...string) func(string) (string, error) {
	return func(path string) (string, error) {
		all := slices.Clone(args)
		for i := range all {
			all[i] = strings.ReplaceAll(all[i], "FILE", path)
		}
		out, err := exec.Command(name, all...).Output()
		return string(out), err
	}
}

// pdfiumText gives pdfium's own text of a file, page by page.
func pdfiumText(t *testing.T) func(string) (string, error) {
	pool, err := webassembly.Init(webassembly.Config{MinIdle: 1, MaxIdle: 1, MaxTotal: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pool.Close() })
	engine, err := pool.GetInstance(time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	return func(path string) (string, error) { return textOf(engine, path) }
}

func textOf(engine pdfium.Pdfium, path string) (string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	opened, err := engine.OpenDocument(&requests.OpenDocument{File: &data})
	if err != nil {
		return "", err
	}
	defer engine.FPDF_CloseDocument(&requests.FPDF_CloseDocument{Document: opened.Document})
	count, err := engine.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: opened.Document})
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for i := range count.PageCount {
		text, err := engine.GetPageText(&requests.GetPageText{Page: requests.Page{ByIndex: &requests.PageByIndex{Document: opened.Document, Index: i}}})
		if err != nil {
			return b.String(), err
		}
		b.WriteString(text.Text + "\n")
	}
	return b.String(), nil
}

// intoDoc writes text between the marks of a name in a document.
func intoDoc(t *testing.T, path, name, text string) {
	t.Helper()
	doc, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	from, to := []byte("<!-- "+name+" -->\n"), []byte("<!-- end of "+name+" -->")
	head, rest, ok1 := bytes.Cut(doc, from)
	_, foot, ok2 := bytes.Cut(rest, to)
	if !ok1 || !ok2 {
		t.Fatalf("%s has no place for %s", path, name)
	}
	doc = slices.Concat(head, from, []byte("\n"+text+"\n"), to, foot)
	if err := os.WriteFile(path, doc, 0o644); err != nil {
		t.Fatal(err)
	}
}
