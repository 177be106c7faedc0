package indicator

import (
	_ "embed"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"

	"soket/extract/vietnamese"
)

//go:embed labels.yaml
var labelData []byte

// unitKind is what sort of figure a unit makes: the kinds do not stand for one another.
type unitKind string

const (
	countUnit   unitKind = ""
	moneyUnit   unitKind = "money"
	percentUnit unitKind = "percent"
)

// labelRule says how tables name one indicator; see the head of labels.yaml.
type labelRule struct {
	code string
	unit unitKind
	any  [][]labelGroup
	not  []string
}

type labelGroup []labelPhrase

// labelPhrase is one alternative of a group; around ones may also stand in the label's context.
type labelPhrase struct {
	text   string
	around bool
}

var labelRules = sync.OnceValues(func() ([]labelRule, error) { return loadLabels(labelData) })

func loadLabels(data []byte) ([]labelRule, error) {
	var raw []struct {
		Code string   `yaml:"code"`
		Unit unitKind `yaml:"unit"`
		Any  []string `yaml:"any"`
		Not  []string `yaml:"not"`
	}
	if err := yaml.Load(data, &raw, yaml.WithKnownFields()); err != nil {
		return nil, fmt.Errorf("labels: %w", err)
	}
	var rules []labelRule
	for _, r := range raw {
		switch r.Unit {
		case countUnit, moneyUnit, percentUnit:
		default:
			return nil, fmt.Errorf("labels: %s: unit %q is none of money, percent", r.Code, r.Unit)
		}
		if r.Code == "" || len(r.Any) == 0 {
			return nil, fmt.Errorf("labels: an entry lacks its code or any")
		}
		rule := labelRule{code: r.Code, unit: r.Unit}
		for _, a := range r.Any {
			var groups []labelGroup
			for g := range strings.SplitSeq(a, " + ") {
				var group labelGroup
				all := strings.HasPrefix(strings.TrimSpace(g), "~")
				for alt := range strings.SplitSeq(g, "|") {
					alt = strings.TrimSpace(alt)
					around := all || strings.HasPrefix(alt, "~")
					group = append(group, labelPhrase{" " + plainLabel(strings.TrimPrefix(alt, "~")) + " ", around})
				}
				groups = append(groups, group)
			}
			rule.any = append(rule.any, groups)
		}
		for _, n := range r.Not {
			rule.not = append(rule.not, " "+plainLabel(n)+" ")
		}
		rules = append(rules, rule)
	}
	return rules, nil
}

var (
	labelWord = regexp.MustCompile(`[a-z]+|[0-9]+(?:[.,/][0-9]+)*|[%+\-=]`)
	andSigns  = regexp.MustCompile(`\bkh\s*(?:&amp;|&|-|\bva\b)?\s*cn\b|\bkhoa hoc\s*(?:&|,|-|va)?\s*cong nghe\b`)
	reAndDev  = regexp.MustCompile(`\br\s*&\s*d\b`)
)

// labelShort are abbreviations of the field, folded, spelled out for matching.
var labelShort = map[string]string{
	"khcn": "khoa hoc cong nghe", "ptd": "phuong tien do", "shtt": "so huu tri tue", "shcn": "so huu cong nghiep",
	"dn": "doanh nghiep", "gcn": "giay chung nhan", "tthc": "thu tuc hanh chinh", "atbx": "an toan buc xa",
	"atbxhn": "an toan buc xa hat nhan", "nscl": "nang suat chat luong", "msmv": "ma so ma vach",
	"cddl": "chi dan dia ly", "gphi": "giai phap huu ich", "kdcn": "kieu dang cong nghiep", "ck": "cung ky",
	"dmst": "doi moi sang tao", "kndmst": "khoi nghiep doi moi sang tao", "knst": "khoi nghiep sang tao",
	"cgcn": "chuyen giao cong nghe", "ntp": "nghiem thu", "cbhq": "cong bo hop quy", "htx": "hop tac xa",
	"hdkh": "hoi dong khoa hoc", "tdc": "tieu chuan do luong chat luong", "gtclqg": "giai thuong chat luong quoc gia",
	"ti": "ty", "ki": "ky", "qckt": "quy chuan ky thuat", "qcdp": "quy chuan dia phuong", "vbbh": "van bang bao ho", "snkh": "su nghiep khoa hoc",
	"snkhcn": "su nghiep khoa hoc cong nghe", "nsnn": "ngan sach nha nuoc", "xpvphc": "xu phat vi pham hanh chinh",
	"vphc": "vi pham hanh chinh", "kntc": "khieu nai to cao", "sk": "sang kien", "nv": "nhiem vu", "hs": "ho so",
	"kp": "kinh phi", "vb": "van ban", "cq": "co quan", "nckh": "nghien cuu khoa hoc", "kttt": "kinh te tap the",
}

// plainLabel gives a label for matching: folded, abbreviations spelled out, words and figures parted by
// single spaces, without "và" and punctuation.
func plainLabel(s string) string {
	f := vietnamese.Fold(s)
	f = andSigns.ReplaceAllString(f, " khoa hoc cong nghe ")
	f = reAndDev.ReplaceAllString(f, " nghien cuu phat trien ")
	var words []string
	for _, w := range labelWord.FindAllString(f, -1) {
		if long, ok := labelShort[w]; ok {
			w = long
		}
		if w != "va" && w != "-" && w != "+" && w != "=" {
			words = append(words, w)
		}
	}
	return strings.Join(words, " ")
}

// naming is what stands for an indicator in a table: the label itself, and around it, nearest
// first, what tells it apart.
type naming struct {
	own    string
	area   string // a cell beside it that covers several labels: as near as the label
	around []string
}

// match finds the indicator that a label names, and how much of the label its phrases are. The
// nearest context that settles it counts.
func (n naming) match(kind unitKind) (code string, weight int) {
	rules, err := labelRules()
	if err != nil {
		return "", 0
	}
	own := " " + plainLabel(n.own) + " "
	if strings.TrimSpace(own) == "" {
		return "", 0
	}
	context := " " + plainLabel(n.area) + " "
	for level := 0; level <= len(n.around); level++ {
		if level > 0 {
			context += " " + plainLabel(n.around[level-1]) + " "
		}
		for i := range rules {
			r := &rules[i]
			if r.unit != kind {
				continue
			}
			if w := r.weight(own, context); w > weight {
				code, weight = r.code, w
			}
		}
		if code != "" {
			return code, weight
		}
	}
	return "", 0
}

// weight is how many letters of the label the rule's phrases cover, 0 where it does not hold.
func (r *labelRule) weight(own, context string) int {
	for _, n := range r.not {
		if strings.Contains(own, n) {
			return 0
		}
	}
	best := 0
	for _, groups := range r.any {
		sum, here := 0, false
		for _, g := range groups {
			w := 0
			for _, p := range g {
				switch {
				case strings.Contains(own, p.text):
					w = max(w, 2*len(p.text))
				case p.around && strings.Contains(context, p.text):
					w = max(w, len(p.text))
				}
			}
			if w == 0 {
				sum = 0
				break
			}
			for _, p := range g {
				here = here || strings.Contains(own, p.text)
			}
			sum += w
		}
		if here && sum > best {
			best = sum
		}
	}
	return best
}

// named tells whether a label's own words are among the phrases by which tables name an indicator.
func named(code, label string) bool {
	rules, err := labelRules()
	if err != nil {
		return false
	}
	own := " " + plainLabel(label) + " "
	for i := range rules {
		if rules[i].code != code {
			continue
		}
		for _, groups := range rules[i].any {
			for _, g := range groups {
				for _, p := range g {
					if strings.Contains(own, p.text) {
						return true
					}
				}
			}
		}
	}
	return false
}
