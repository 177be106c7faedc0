package indicator

import (
	"strings"

	"soket/extract/pattern"
)

// window is what a figure's own words are: tokens from the figure before, or the sentence's
// beginning, to the figure after.
type window struct {
	from, to, sentence   int
	full                 int    // where the sentence begins that semicolons do not part
	before, whole, after string // " folded words ": from the figure before; from the sentence's beginning; to the figure after
}

func stops(t token) bool { return t.s == "." || t.s == ";" }

func (p *passage) window(k int) window {
	f, ts := &p.figs[k], p.ts
	w := window{to: len(ts)}
	// A neighbour within a bracket that is closed is none.
	for n := k - 1; n >= 0; n-- {
		if b := p.figs[n].bracket; b < 0 || b == f.bracket || f.bracket >= 0 {
			if n == k-1 && (p.figs[n].unit == "%" && thatIs.MatchString(p.join(p.figs[n].j, f.i)) || p.figs[n].unit == "đồng" && f.unit == "" && f.i == p.figs[n].j+1 && p.ts[f.i-1].s == "voi") {
				continue // "tỷ lệ hồ sơ trực tuyến đạt 76%, với 158 hồ sơ"
			}
			w.from = p.figs[n].j
			break
		}
	}
	for n := k + 1; n < len(p.figs); n++ {
		if g := p.figs[n]; !(f.part && g.whole && n == k+1) && (g.bracket < 0 || g.bracket == f.bracket || f.bracket >= 0) {
			w.to = g.i
			break
		}
	}
	for i := f.i - 1; i >= 0; i-- {
		if stops(ts[i]) {
			w.sentence = i + 1
			break
		}
	}
	w.full = p.began(w.sentence)
	if w.full > 0 && amongThese.MatchString(p.join(w.full, min(len(ts), w.full+2))) {
		w.full = p.began(w.full - 1) // "… 17 mô hình. Trong đó: 7 mô hình nuôi lươn"
	}
	w.from = max(w.from, w.sentence)
	w.before = p.join(w.from, f.i)
	if at := raised.FindStringSubmatchIndex(w.before); at != nil { // what was raised is named anew
		w.before = w.before[at[0]:]
		w.from = f.i - len(strings.Fields(w.before))
	}
	for i := f.end; i < w.to; i++ {
		if stops(ts[i]) {
			w.to = i
			break
		}
	}
	w.whole, w.after = p.join(w.sentence, f.i), p.join(min(f.end, w.to), w.to)
	return w
}

// began is the token with which the sentence begins that goes on before one.
func (p *passage) began(i int) int {
	for i--; i >= 0; i-- {
		if p.ts[i].s == "." {
			return i + 1
		}
	}
	return 0
}

// amongThese begins a sentence that goes on with the one before.
var amongThese = pattern.New(`^ (?:trong do|trong so|bao gom) `)

// thatIs stands between a share and the number that it stands for.
var thatIs = pattern.New(`^ (?:, |- |\( )?(?:voi|tuong duong(?: voi)?|tuong ung(?: voi)?|ung voi|tuc(?: la)?) $`)
