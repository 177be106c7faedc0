package pattern

import (
	"math/rand/v2"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// shapes are expressions of every sort that the rules use.
var shapes = []string{
	`ke hoach`, `^ke hoach|^nam`, `^(?:ke|nam )?hoach$`, ` (?:khong|chua) (?:duoc |de )?(?:co|phat) (?:\S+ ){0,2}$`,
	`\bkh\b|\bth\b|\bck (\d{4})`, `\bbang\b|thuc hien\s*/\s*cung ky|^\s*%`, `%|\bty le\b|\bso (?:voi|sanh)\b`,
	`(?i)tang vật|giám (?:sát|định)|tàng trữ`, `(?i)số\s*:?\s*(\d+)`, `\b(\d{1,2})t\b`, `(?:^|[^/\d])((?:19|20)\d\d)(?:$|[^/\d])`,
	` so \d+ / (?:\S+ ){0,2}\S+(?: - \S+)+ `, `\s+`, ` nam (\d{4}) `, ` quy (iv|iii|ii|i|[1-4])(?: (?:/ |nam )?(\d{4}|nay))? `,
	`(?:ke|nam)*hoach`, `x*`, `\Bke`, `(?m)^ke`, `(?:\bke|hoach)+`, `(ke|k)(e?) ho`, `[kK]e [^,]* co$`, `(?:ke hoach){2}`, `a|`, `\b(?:tinh )?nam\b`,
}

var pieces = []string{"ke hoach", "ke", " ", "  ", "hoach", "nam", "nam 2020", "2019", "/", "quy iii", "quy", " khong ", " chua ", "duoc ", "co ", "phat ", "so 12 / qd - a ", "%", "ty le", "kh", "th", "ck 2020", "đ",
	"Tang vật", "GIÁM SÁT", "tàng trữ", "số: 12", "6t", "12t", "bang", "thuc hien / cung ky", "\n", "\xff", ",", "so voi", "x", "a", "K", "tinh "}

// TestAsRegexp holds every method against the one of package regexp.
func TestAsRegexp(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	list := shapes
	if more := os.Getenv("PATTERNS"); more != "" { // a file of expressions, one a line
		raw, err := os.ReadFile(more)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, strings.Split(strings.TrimSpace(string(raw)), "\n")...)
	}
	for _, expr := range list {
		re, p := regexp.MustCompile(expr), New(expr)
		for range 3000 {
			var text strings.Builder
			for range r.IntN(9) {
				text.WriteString(pieces[r.IntN(len(pieces))])
			}
			s := text.String()
			for name, pair := range map[string][2]any{
				"MatchString":                {re.MatchString(s), p.MatchString(s)},
				"FindString":                 {re.FindString(s), p.FindString(s)},
				"FindStringIndex":            {re.FindStringIndex(s), p.FindStringIndex(s)},
				"FindStringSubmatch":         {re.FindStringSubmatch(s), p.FindStringSubmatch(s)},
				"FindStringSubmatchIndex":    {re.FindStringSubmatchIndex(s), p.FindStringSubmatchIndex(s)},
				"FindAllString":              {re.FindAllString(s, 2), p.FindAllString(s, 2)},
				"FindAllStringIndex":         {re.FindAllStringIndex(s, -1), p.FindAllStringIndex(s, -1)},
				"FindAllStringSubmatch":      {re.FindAllStringSubmatch(s, -1), p.FindAllStringSubmatch(s, -1)},
				"FindAllStringSubmatchIndex": {re.FindAllStringSubmatchIndex(s, -1), p.FindAllStringSubmatchIndex(s, -1)},
				"ReplaceAllString":           {re.ReplaceAllString(s, "<$1 x>"), p.ReplaceAllString(s, "<$1 x>")},
				"ReplaceAllStringFunc":       {re.ReplaceAllStringFunc(s, strings.ToUpper), p.ReplaceAllStringFunc(s, strings.ToUpper)},
			} {
				if !reflect.DeepEqual(pair[0], pair[1]) {
					t.Fatalf("%s of %q in %q: %#v, want %#v", name, expr, s, pair[1], pair[0])
				}
			}
		}
	}
}

// TestWords holds that a text without the words costs no match.
func TestWords(t *testing.T) {
	for expr, text := range map[string]string{
		` (?:khong|chua) (?:duoc |de )?(?:co|phat) (?:\S+ ){0,2}$`: " tong so phuong tien do da kiem dinh ",
		`\bkh\b|\bth\b|\bck (\d{4})`:                               "so luong phuong tien do",
		`^(?:bang|bieu|phu luc)\b`:                                 "tong hop bang bieu",
		`(?:dung|truoc) han$`:                                      "dung han la",
	} {
		p := New(expr)
		if p.MatchString(text); p.re != nil {
			t.Errorf("%q was compiled for %q", expr, text)
		}
	}
	for _, expr := range []string{`%|\bty le\b`, `(?:19|20)\d\d`} {
		p := New(expr)
		if p.literals(); p.need == nil && p.first == nil {
			t.Errorf("nothing is known of %q", expr)
		}
	}
}
