package sandbox

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"soket/extract"
	"soket/extract/document"
	"soket/extract/vietnamese"
)

const (
	// trusted is the score from which a page's letters are taken as they are. document.Page says
	// that below it they are not to be trusted.
	trusted = 0.5
	// pictured is the share of a page that images cover from which a page without text is a scan.
	pictured = 0.2
	// maxScanned bounds the pages of one file that are recognised, at about 2 s a page and
	// processor: a thicker scan is read up to there, with a warning.
	maxScanned = 200
	// scanDPI is the resolution for recognition; 300 is a quarter slower and no better.
	scanDPI = 200
	// scanners is how many pages of one file are recognised at once.
	scanners = 2
	// badScans is how many pages may meet a limit before the rest are left out: the file was made for that.
	badScans = 3
)

// readPDF lets the first engine read the file, then the others the pages it could not, and has the
// first make one report of it all.
func (q *request) readPDF(ctx context.Context) (*extract.Report, error) {
	report, err := q.read(ctx, nil)
	scenes := map[int]document.Scene{} // in place of the first engine's
	if err != nil {
		// A password stays a password, and a limit met is not tried a second time.
		if extract.CodeOf(err) != "corrupt" {
			return nil, err
		}
		others, second := q.pdfiumScenes(ctx, nil)
		if second != nil || len(others) == 0 {
			q.debug("pdfium could not read either", second)
			return nil, err
		}
		for _, s := range others {
			s.Why = "the first engine could not open the file: " + err.Error()
			scenes[s.Page] = s
		}
		if report, err = q.again(ctx, scenes); err != nil {
			return nil, err
		}
	}
	var warnings []document.Warning

	// Pages with text that is damaged or does not read like Vietnamese go to pdfium, unless it had
	// them already.
	var doubtful []int
	damaged, hidden := warned(report, "page_damaged"), warned(report, "hidden_text")
	for _, p := range report.Pages {
		if _, had := scenes[p.Number]; !had && p.Engine == document.EngineLedongthuc && (damaged[p.Number] || p.Text != "" && !trustworthy(p)) {
			doubtful = append(doubtful, p.Number)
		}
	}
	if len(doubtful) > 0 {
		others, err := q.pdfiumScenes(ctx, doubtful)
		if err != nil {
			q.debug("pdfium", err)
		}
		tried := maps.Clone(scenes)
		for _, s := range others {
			if len(s.Glyphs) > 0 {
				s.Why = "the first engine's text was damaged or doubtful"
				tried[s.Page] = s
			}
		}
		if len(tried) > len(scenes) {
			if scenes, report, err = q.better(ctx, report, scenes, tried); err != nil {
				return nil, err
			}
		}
	}

	// What is a picture, or reads like nothing still, is recognised.
	var scans []int
	for _, p := range report.Pages {
		switch empty := p.Text == ""; {
		case empty && p.ImageArea >= pictured, !empty && !trustworthy(p), hidden[p.Number]:
			scans = append(scans, p.Number)
		}
	}
	if len(scans) > maxScanned {
		warnings = append(warnings, document.Warning{Code: "scans_left_out", Page: scans[maxScanned], Detail: fmt.Sprint(len(scans) - maxScanned)})
		scans = scans[:maxScanned]
	}
	if len(scans) > 0 {
		found, err := q.recognise(ctx, report, scans)
		if err != nil {
			if ctx.Err() != nil {
				return nil, err
			}
			warnings = append(warnings, document.Warning{Code: "ocr_failed", Detail: err.Error()})
		}
		if len(found) > 0 {
			tried := maps.Clone(scenes)
			for _, s := range found {
				tried[s.Page] = s
			}
			if _, report, err = q.better(ctx, report, scenes, tried); err != nil {
				return nil, err
			}
		}
	}
	report.Warnings = append(report.Warnings, warnings...)
	return report, nil
}

// trustworthy says whether a page's letters are taken as they are.
func trustworthy(p document.Page) bool {
	return p.Score >= trusted && vietnamese.WrongWords(p.Text) <= document.WrongLetters
}

// again has the first engine make a report with scenes in place of its own.
func (q *request) again(ctx context.Context, scenes map[int]document.Scene) (*extract.Report, error) {
	list := make([]document.Scene, 0, len(scenes))
	for _, n := range slices.Sorted(maps.Keys(scenes)) {
		list = append(list, scenes[n])
	}
	return q.read(ctx, list)
}

// better reads with the scenes tried, and takes back those that made their page worse than before.
func (q *request) better(ctx context.Context, before *extract.Report, kept, tried map[int]document.Scene) (map[int]document.Scene, *extract.Report, error) {
	report, err := q.again(ctx, tried)
	if err != nil {
		return nil, nil, err
	}
	scores := map[int]float64{}
	hidden := warned(before, "hidden_text")
	for _, p := range before.Pages {
		if p.Text != "" {
			scores[p.Number] = p.Score
		}
		// Our own recognition says how sure it is of each word, finds tables, and was made for
		// Vietnamese: it need not score higher than a scanner's to be preferred.
		if hidden[p.Number] {
			scores[p.Number] = min(p.Score, trusted)
		}
	}
	worse := 0
	for _, p := range report.Pages {
		_, isNew := tried[p.Number]
		old, had := kept[p.Number]
		if !isNew || had && old.Engine == tried[p.Number].Engine {
			continue
		}
		if score, hadText := scores[p.Number]; hadText && p.Score <= score {
			worse++
			if delete(tried, p.Number); had {
				tried[p.Number] = old
			}
		}
	}
	if worse > 0 {
		report, err = q.again(ctx, tried)
	}
	return tried, report, err
}

// warned gives the pages that a report warns of with a code.
func warned(r *extract.Report, code string) map[int]bool {
	pages := map[int]bool{}
	for _, w := range r.Warnings {
		if w.Code == code {
			pages[w.Page] = true
		}
	}
	return pages
}

// recognise reads pages as pictures, a few at once.
func (q *request) recognise(ctx context.Context, r *extract.Report, pages []int) ([]document.Scene, error) {
	why, hidden := map[int]string{}, warned(r, "hidden_text")
	for _, p := range r.Pages {
		why[p.Number] = "the page is a picture"
		if hidden[p.Number] {
			why[p.Number] = "the page is a picture with another program's recognition under it"
		} else if p.Text != "" {
			why[p.Number] = fmt.Sprintf("its letters do not read like text (score %.2f)", p.Score)
		}
	}
	var (
		mu     sync.Mutex
		scenes []document.Scene
		failed []error
		bad    int
		group  errgroup.Group
	)
	group.SetLimit(scanners)
	for _, n := range pages {
		mu.Lock()
		enough := bad >= badScans
		mu.Unlock()
		if enough || ctx.Err() != nil {
			break
		}
		group.Go(func() error {
			s, err := q.recognisePage(ctx, n)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				failed = append(failed, fmt.Errorf("page %d: %w", n, err))
				if errors.Is(err, document.ErrTimeout) || errors.Is(err, document.ErrMemory) {
					bad++
				}
				return nil // the other pages are still worth it
			}
			s.Why = why[n]
			scenes = append(scenes, s)
			q.step("ocr", len(scenes), len(pages))
			return nil
		})
	}
	group.Wait()
	return scenes, errors.Join(failed...)
}

func (q *request) debug(what string, err error) {
	if q.Log != nil && err != nil {
		q.Log.Debug(what, "file", q.name, "error", err)
	}
}
