package web

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"soket/extract"
	"soket/extract/vietnamese"
)

// Body is one reporting body (đơn vị) in the tree of bodies.
type Body struct {
	ID         string   `json:"id"` // made from its first name, and never changed
	Name       string   `json:"name"`
	Aliases    []string `json:"aliases,omitempty"` // as reports call it; spelling and marks do not matter
	Parent     string   `json:"parent,omitempty"`  // ID
	From       string   `json:"from,omitempty"`    // ISO date of its founding; empty: unknown
	To         string   `json:"to,omitempty"`      // its last day; empty: it goes on
	Successors []string `json:"successors,omitempty"`
}

// Obligation says who reports for which periods, by when.
type Obligation struct {
	Body    string   `json:"body"`            // ID; "*": every body that exists
	Each    string   `json:"each"`            // half, year, quarter, month: the kind of period reported for
	Days    int      `json:"days"`            // after the period's end by which the report is due; below 0: before it
	From    string   `json:"from"`            // first period, canonical; empty: from the first one known
	To      string   `json:"to"`              // last period; empty: it goes on
	Approve bool     `json:"approve"`         // the report is provisional until it is approved
	Codes   []string `json:"codes,omitempty"` // indicators that its form asks for; none: nobody said
}

// roll is the record of bodies and obligations.
type roll struct {
	Bodies      []Body       `json:"bodies"`
	Obligations []Obligation `json:"obligations"`
	By          string       `json:"by"`
	At          time.Time    `json:"at"`
	keys        map[string]string
	known       *sync.Map // what nameKey says of a name: a page asks for hundreds, and they are few
}

const rollKey = "bodies"

// registry is the roll as last read; it is decoded again only when it was changed.
type registry struct {
	mu     sync.Mutex
	rev    uint64
	synced bool
	roll   *roll
}

// bodies gives the roll. The database learns of a change with the first look at it, here or in any
// other process that serves pages.
func (s *server) bodies(ctx context.Context) (*roll, error) {
	r, rev, synced, err := s.tree(ctx)
	if err != nil || synced || s.Records == nil {
		return r, err
	}
	names := map[string]string{}
	for key, id := range r.keys {
		names[key] = r.body(id).Name
	}
	// Without the lock: a database that hangs must not keep others from the roll. Told twice is told once.
	if err := s.Figures.SetBodyNames(ctx, names); err != nil {
		return nil, err
	}
	s.registry.mu.Lock()
	defer s.registry.mu.Unlock()
	s.registry.synced = s.registry.rev == rev
	return r, nil
}

// tree gives the roll as it is recorded, and whether the database knows of it.
func (s *server) tree(ctx context.Context) (_ *roll, rev uint64, synced bool, err error) {
	s.registry.mu.Lock()
	defer s.registry.mu.Unlock()
	if s.Records != nil && s.registry.roll != nil {
		_, now, _, err := s.Records.Get(ctx, rollKey)
		if err != nil {
			return nil, 0, false, err
		}
		rev = now
	}
	if s.registry.roll == nil || rev != s.registry.rev {
		r, rev, err := readRecord[roll](ctx, s.Records, rollKey)
		if err != nil {
			return nil, 0, false, err
		}
		r.index()
		s.registry.roll, s.registry.rev, s.registry.synced = &r, rev, false
	}
	return s.registry.roll, s.registry.rev, s.registry.synced, nil
}

// index finds bodies by the keys of their names. The first body in the list keeps a name that two claim.
func (r *roll) index() {
	r.keys, r.known = map[string]string{}, &sync.Map{}
	for _, own := range []bool{true, false} { // a name of its own before another's alias
		for _, b := range r.Bodies {
			names := b.Aliases
			if own {
				names = []string{b.Name}
			}
			for _, name := range names {
				if key := nameKey(name); key != "" {
					if _, taken := r.keys[key]; !taken {
						r.keys[key] = b.ID
					}
				}
			}
		}
	}
}

func (r *roll) body(id string) *Body {
	for i := range r.Bodies {
		if r.Bodies[i].ID == id {
			return &r.Bodies[i]
		}
	}
	return nil
}

// find gives the body that a report calls by this name; nil where none is.
func (r *roll) find(name string) *Body { return r.body(r.keys[r.key(name)]) }

// key is nameKey, said once of each name.
func (r *roll) key(name string) string {
	if key, ok := r.known.Load(name); ok {
		return key.(string)
	}
	key := nameKey(name)
	r.known.Store(name, key)
	return key
}

// same tells whether two names are of one body.
func (r *roll) same(a, b string) bool {
	x, y := r.key(a), r.key(b)
	return x == y || r.keys[x] != "" && r.keys[x] == r.keys[y]
}

// under tells whether a body stands below another in the tree, both by any of their names.
func (r *roll) under(name, ancestor string) bool {
	b, top := r.find(name), r.find(ancestor)
	for range r.Bodies { // no longer than the list, whatever it says
		switch {
		case b == nil || top == nil:
			return false
		case b.ID == top.ID:
			return true
		}
		b = r.body(b.Parent)
	}
	return false
}

// under is how rights follow the tree: what is granted over a body is granted over those below it.
func (s *server) under(name, ancestor string) bool {
	ctx, cancel := context.WithTimeout(context.Background(), rollTimeout)
	defer cancel()
	r, _, _, err := s.tree(ctx)
	if err != nil {
		s.Log.Error("tree of bodies", "err", err)
		return false
	}
	return r.under(name, ancestor)
}

// rollTimeout bounds the look at the tree for a right; a right that cannot be seen is not there.
const rollTimeout = 2 * time.Second

var (
	notWord = regexp.MustCompile(`[^a-z0-9]+`)
	science = regexp.MustCompile(` (?:kh cn|khcn|kh va cn) `)
	place   = regexp.MustCompile(` (?:tinh|thanh pho|tp) `)
)

// nameKey is what two spellings of a body's name have in common: "Sở KH&CN tỉnh Quảng Nam" and "SỞ
// KHOA HỌC VÀ CÔNG NGHỆ QUẢNG NAM" have one key. The view `filings` makes the same one in SQL; a test
// holds the two together.
func nameKey(name string) string {
	s := " " + strings.Trim(notWord.ReplaceAllString(vietnamese.Fold(name), " "), " ") + " "
	s = science.ReplaceAllString(s, " khoa hoc va cong nghe ")
	s = strings.ReplaceAll(s, " ubnd ", " uy ban nhan dan ")
	return strings.Trim(place.ReplaceAllString(s, " "), " ")
}

// valid tells whether the body exists on some day of the period.
func (b Body) valid(period string) bool {
	start, end := within(period)
	return (b.From == "" || b.From <= end.Format(time.DateOnly)) && (b.To == "" || b.To >= start.Format(time.DateOnly))
}

// within gives the first and the last day of a period.
func within(period string) (start, end time.Time) {
	year, month := vietnamese.Period(period).Year(), monthOf(period)
	months := 12
	_, part, _ := strings.Cut(period, "-")
	switch {
	case strings.Contains(period, "/"):
		year, month, months = vietnamese.Period(period).Year(), 12, 12
	case part == "":
	case part[0] == 'H':
		months = 6
	case part[0] == 'Q':
		months = 3
	case part[0] == 'M':
		months = 1
	default:
		months = month
	}
	end = time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC)
	start = time.Date(year, time.Month(month-months)+1, 1, 0, 0, 0, 0, time.UTC)
	if first, _, span := strings.Cut(period, "/"); span {
		start = time.Date(vietnamese.Period(first).Year(), 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return start, end
}

// check says what is wrong with the roll, and puts it in order.
func (r *roll) check() error {
	invalid := func(format string, args ...any) error {
		return &extract.Refusal{Code: "invalid", Detail: fmt.Sprintf(format, args...)}
	}
	ids := map[string]bool{}
	for _, b := range r.Bodies {
		ids[b.ID] = true
	}
	for i := range r.Bodies {
		b := &r.Bodies[i]
		if b.Name == "" {
			return invalid("đơn vị không có tên")
		}
		for _, day := range []string{b.From, b.To} {
			if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
				return invalid("%s: ngày %q", b.Name, day)
			}
		}
		if b.From != "" && b.To != "" && b.From > b.To {
			return invalid("%s: ngày kết thúc trước ngày bắt đầu", b.Name)
		}
		if b.Parent != "" && !ids[b.Parent] {
			b.Parent = ""
		}
		b.Successors = slices.DeleteFunc(b.Successors, func(id string) bool { return !ids[id] || id == b.ID })
		at := b
		for n := 0; at != nil && at.Parent != ""; n++ {
			if n > len(r.Bodies) || at.Parent == b.ID {
				return invalid("%s: đơn vị cấp trên nằm dưới chính nó", b.Name)
			}
			at = r.body(at.Parent)
		}
	}
	for _, o := range r.Obligations {
		if o.Body != "*" && !ids[o.Body] || !slices.Contains([]string{"half", "year", "quarter", "month"}, o.Each) || o.Days < -366 || o.Days > 366 {
			return invalid("nghĩa vụ báo cáo")
		}
		for _, p := range []string{o.From, o.To} {
			if _, err := vietnamese.ParsePeriod(p); p != "" && err != nil {
				return invalid("kỳ %q", p)
			}
		}
	}
	slices.SortStableFunc(r.Bodies, func(a, b Body) int { return cmp.Compare(a.Name, b.Name) })
	r.index()
	return nil
}

// change is a merger or a succession that makes figures before and after it differ in what they cover.
type change struct {
	Body   string // whose figures it concerns
	Day    string // ISO date: the first day of the new
	Vi, En string
}

func (c change) text(lang string) string {
	if lang == "en" {
		return c.En
	}
	return c.Vi
}

// before is the first of the periods that reaches past the change; empty where all are on one side.
func (c change) before(periods []string) string {
	for i, p := range periods {
		if _, end := within(p); end.Format(time.DateOnly) >= c.Day {
			if i == 0 {
				return ""
			}
			return p
		}
	}
	return ""
}

// changes gives the changes that concern the bodies of these names.
func (s *server) changes(ctx context.Context, names []string) ([]change, error) {
	r, err := s.bodies(ctx)
	if err != nil {
		return nil, err
	}
	var list []change
	for _, name := range names {
		own := r.find(name)
		if own == nil {
			continue
		}
		for _, b := range r.Bodies {
			last, err := time.Parse(time.DateOnly, b.To)
			if err != nil || len(b.Successors) == 0 {
				continue
			}
			day := last.AddDate(0, 0, 1)
			said := day.Format("02/01/2006")
			switch {
			case b.ID == own.ID:
				var into []string
				for _, id := range b.Successors {
					into = append(into, r.body(id).Name)
				}
				to := strings.Join(into, ", ")
				list = append(list, change{name, day.Format(time.DateOnly), fmt.Sprintf("Từ %s, %s chuyển vào %s", said, b.Name, to), fmt.Sprintf("From %s on, %s is part of %s", said, b.Name, to)})
			case slices.Contains(b.Successors, own.ID):
				list = append(list, change{name, day.Format(time.DateOnly), fmt.Sprintf("Từ %s, %s gồm cả %s", said, own.Name, b.Name), fmt.Sprintf("From %s on, %s includes %s", said, own.Name, b.Name)})
			}
		}
	}
	return list, nil
}
