package sandbox

import (
	"bytes"
	"image/jpeg"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/image/tiff"

	"soket/extract"
	"soket/extract/document"
)

// allText is what a report says, tables with it.
func allText(r *extract.Report) string {
	var b strings.Builder
	for _, block := range r.Blocks {
		b.WriteString(block.Marker + " " + block.Text + "\n")
		if block.Table == nil {
			continue
		}
		for _, row := range block.Table.Rows {
			for _, c := range row {
				b.WriteString(c.Text + "\t")
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}

func sample(t *testing.T, pattern string) string {
	t.Helper()
	found, err := filepath.Glob("../../samples/" + pattern)
	if err != nil || len(found) == 0 {
		t.Fatalf("no sample %s: %v", pattern, err)
	}
	path, err := filepath.Abs(found[0])
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// TestOffice reads what LibreOffice must open first, and wants it to say the same as the original.
func TestOffice(t *testing.T) {
	ownTemp(t)
	r := reader(t)
	office := func(t *testing.T, source, to string) string {
		t.Helper()
		dir := t.TempDir()
		out, err := exec.Command("soffice", "-env:UserInstallation=file://"+dir+"/profile", "--headless", "--convert-to", to, "--outdir", dir, source).CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		kind, _, _ := strings.Cut(to, ":")
		made, _ := filepath.Glob(filepath.Join(dir, "*."+kind))
		if len(made) != 1 {
			t.Fatalf("made %v:\n%s", made, out)
		}
		return made[0]
	}
	page := filepath.Join(t.TempDir(), "letter.html")
	if err := os.WriteFile(page, []byte("<html><body><p>BÁO CÁO</p><p>Sở đã cấp 12 giấy phép tiến hành công việc bức xạ.</p>"+
		"<table border=1><tr><td>Chỉ tiêu</td><td>Kết quả</td></tr><tr><td>Nhiệm vụ nghiệm thu</td><td>1.204,5</td></tr></table></body></html>"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		source string
		to     []document.Format
	}{{sample(t, "*.xlsx"), []document.Format{document.XLS, document.ODS}}, {office(t, page, "docx:MS Word 2007 XML"), []document.Format{document.DOC}}} {
		want, err := r.Read(t.Context(), c.source, filepath.Base(c.source), "", nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, format := range c.to {
			t.Run(string(format), func(t *testing.T) {
				made := office(t, c.source, string(format))
				var steps []string
				got, err := r.Read(t.Context(), made, filepath.Base(made), "", func(p extract.Progress) { steps = append(steps, p.Step) })
				if err != nil {
					t.Fatal(err)
				}
				if got.Format != format || !slices.Contains(steps, "convert") {
					t.Errorf("format %s, steps %v", got.Format, steps)
				}
				if a, b := strings.Fields(allText(want)), strings.Fields(allText(got)); !slices.Equal(a, b) {
					t.Errorf("%d words, the original has %d", len(b), len(a))
				}
			})
		}
	}
	if left := leftovers(t); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestPictures reads a page drawn as a picture, and wants most of the words that its text has.
func TestPictures(t *testing.T) {
	r := reader(t)
	source := sample(t, "*.pdf")
	want, err := r.Read(t.Context(), source, "x.pdf", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	drawn, err := r.Picture(t.Context(), source, 1, 200)
	if err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(bytes.NewReader(drawn))
	if err != nil {
		t.Fatal(err)
	}
	var jpg, tif bytes.Buffer
	if err := jpeg.Encode(&jpg, m, nil); err != nil {
		t.Fatal(err)
	}
	if err := tiff.Encode(&tif, m, &tiff.Options{Compression: tiff.Deflate}); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"png": drawn, "jpg": jpg.Bytes(), "tif": tif.Bytes()} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "picture")
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := r.Read(t.Context(), path, "x."+name, "", nil)
			if err != nil {
				t.Fatal(err)
			}
			if got.Format != document.Image || got.Engine != document.EngineOCR || len(got.Pages) != 1 {
				t.Fatalf("format %s, engine %s, %d pages", got.Format, got.Engine, len(got.Pages))
			}
			p := got.Pages[0]
			if p.Confidence < 0.8 || p.Score < 0.9 || p.Why == "" {
				t.Errorf("confidence %.2f, score %.2f, why %q", p.Confidence, p.Score, p.Why)
			}
			if p.Width < 580 || p.Width > 610 {
				t.Errorf("page of %.0f by %.0f points, want A4", p.Width, p.Height)
			}
			found, all := 0, strings.Fields(want.Pages[0].Text)
			for _, w := range all {
				if strings.Contains(p.Text, w) {
					found++
				}
			}
			if float64(found) < 0.95*float64(len(all)) {
				t.Errorf("%d of %d words:\n%s", found, len(all), p.Text)
			}
		})
	}
}

// TestEngines holds which engine reads a page, and that the report says why.
func TestEngines(t *testing.T) {
	r := reader(t)
	read := func(data []byte) *extract.Report {
		t.Helper()
		path := filepath.Join(t.TempDir(), "x.pdf")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		report, err := r.Read(t.Context(), path, "x.pdf", "", nil)
		if err != nil {
			t.Fatal(err)
		}
		return report
	}
	plain, err := os.ReadFile(sample(t, "*.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	if p := read(plain).Pages[0]; p.Engine != document.EngineLedongthuc || p.Why != "" {
		t.Errorf("sound page: %s, %q", p.Engine, p.Why)
	}
	// Without their ToUnicode maps the letters of embedded fonts mean nothing to any reader of text.
	blind := bytes.ReplaceAll(plain, []byte("/ToUnicode"), []byte("/NoUnicode"))
	if bytes.Equal(blind, plain) {
		t.Fatal("the sample has no ToUnicode in the open")
	}
	if p := read(blind).Pages[0]; p.Engine != document.EngineOCR || p.Why == "" || p.Score < 0.9 || p.Confidence == 0 {
		t.Errorf("page without ToUnicode: %s, %q, score %.2f, confidence %.2f", p.Engine, p.Why, p.Score, p.Confidence)
	}
}
