package sandbox

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Markers of headings and items as tesseract misreads them: Roman numbers whose strokes ran together, with a year
// too ("Quý 12024" for "Quý I/2024"), discs.
var (
	misreadRoman   = regexp.MustCompile(`^([HIVX1l|\[ỊÌÍĨỈÏL]{1,5})([.)/\-–]?)$`)
	misreadQuarter = regexp.MustCompile(`^([HIVX1l|ỊÌÍ]{1,3})/{0,2}(20\d\d)([.,;:)]*)$`)
	romanStrokes   = strings.NewReplacer("H", "II", "1", "I", "l", "I", "|", "I", "[", "I", "L", "I", "Ị", "I", "Ì", "I", "Í", "I", "Ĩ", "I", "Ỉ", "I", "Ï", "I")
	romanNumber    = regexp.MustCompile(`^X{0,2}(?:IX|IV|V?I{0,3})$`)
	misreadBullet  = regexp.MustCompile(`^(?:s?[®©]|s?e|[¢°»«*])$`)
)

// mendMarkers mends the marker that a line begins with, and quarters in it. A district is "H." too, so that a lone
// H, or a number without its stop, is one before capitals only. before is the word before the line.
func mendMarkers(line []word, before string) {
	for i := range line {
		if m := misreadQuarter.FindStringSubmatch(line[i].text); m != nil && strings.EqualFold(before, "quý") {
			if number := romanStrokes.Replace(m[1]); romanNumber.MatchString(number) {
				line[i].text = number + "/" + m[2] + m[3]
			}
		}
		before = line[i].text
	}
	if len(line) < 2 {
		return
	}
	first, _ := utf8.DecodeRuneInString(line[1].text)
	if misreadBullet.MatchString(line[0].text) {
		line[0].text = "•"
		return
	}
	m := misreadRoman.FindStringSubmatch(line[0].text)
	if m == nil || !unicode.IsUpper(first) || !strings.ContainsAny(m[1], "HIVXL") {
		return
	}
	number, stop := romanStrokes.Replace(m[1]), m[2]
	if stop == "" {
		stop = "."
	}
	capitals := len(line) > 2 && !slices.ContainsFunc(line[1:], func(w word) bool { return strings.ToUpper(w.text) != w.text })
	if romanNumber.MatchString(number) && (capitals || m[1] != "H" && m[1] != "L" && m[2] != "") {
		line[0].text = number + stop
	}
}
