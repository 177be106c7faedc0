package indicator

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
)

// The data files of this package are parsed for every document, and the library takes ten times as long
// as reading a report's page. They use a small part of YAML, which is read here: keys on lines of their
// own, lists of such, [flow, lists] of words, "quoted" words without escapes, comments. Of a file that
// uses anything else node gives false, and the library reads it and says what is wrong.

// node is a value: text, a list, or keys with their values.
type node struct {
	text string
	flow []string // of a [flow, list]
	list []node
	keys []string
	of   []node
}

type plainYAML struct {
	lines []string // without comments and empty ones
	at    int
}

func parsePlain(data []byte) (node, bool) {
	if bytes.ContainsAny(data, "\t\\\r") {
		return node{}, false
	}
	p := &plainYAML{}
	for line := range strings.SplitSeq(string(data), "\n") {
		if i := strings.Index(line, " #"); i >= 0 {
			line = line[:i]
		}
		if line = strings.TrimRight(line, " "); line != "" && line[0] != '#' {
			p.lines = append(p.lines, line)
		}
	}
	n, ok := p.block(0)
	return n, ok && p.at == len(p.lines)
}

func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// block reads the lines from here on that are indented so.
func (p *plainYAML) block(depth int) (n node, ok bool) {
	for p.at < len(p.lines) {
		line := p.lines[p.at]
		in := indent(line)
		if in < depth {
			break
		}
		if in > depth {
			return n, false
		}
		line = line[depth:]
		if strings.HasPrefix(line, "- ") {
			if n.keys != nil {
				return n, false
			}
			p.lines[p.at] = strings.Repeat(" ", depth+2) + line[2:] // the first key of the item
			item, ok := p.block(depth + 2)
			if !ok || item.keys == nil {
				return n, false
			}
			n.list = append(n.list, item)
			continue
		}
		key, rest, found := strings.Cut(line, ":")
		if !found || n.list != nil || key == "" || strings.IndexByte("\"'[]{}#&*!|>%@`,?-", key[0]) >= 0 || slices.Contains(n.keys, key) || rest != "" && rest[0] != ' ' {
			return n, false
		}
		p.at++
		value, ok := p.value(strings.TrimLeft(rest, " "), depth)
		if !ok {
			return n, false
		}
		n.keys, n.of = append(n.keys, key), append(n.of, value)
	}
	return n, n.keys != nil || n.list != nil
}

// value reads what stands behind a key.
func (p *plainYAML) value(s string, depth int) (node, bool) {
	switch {
	case s == "":
		if p.at < len(p.lines) && indent(p.lines[p.at]) > depth {
			return p.block(indent(p.lines[p.at]))
		}
		return node{}, false
	case s[0] != '[':
		text, rest, ok := scalar(s, "")
		return node{text: text}, ok && rest == ""
	}
	n := node{flow: []string{}}
	for s = s[1:]; ; {
		if s = strings.TrimLeft(s, " "); s == "" { // it goes on in the next line
			if p.at == len(p.lines) || indent(p.lines[p.at]) <= depth {
				return n, false
			}
			s = p.lines[p.at]
			p.at++
			continue
		}
		if s[0] == ']' {
			return n, s == "]"
		}
		text, rest, ok := scalar(s, ",]")
		if !ok {
			return n, false
		}
		n.flow = append(n.flow, text)
		switch {
		case strings.HasPrefix(rest, ","):
			s = rest[1:]
		case strings.HasPrefix(rest, "]"):
			s = rest
		default:
			return n, false // a word that goes on in the next line, or no comma
		}
	}
}

// scalar reads one word, which ends at one of some marks, and gives what follows it.
func scalar(s, ends string) (text, rest string, ok bool) {
	if s[0] == '"' {
		text, rest, ok = strings.Cut(s[1:], `"`)
		return text, strings.TrimLeft(rest, " "), ok && !strings.Contains(text, `\`)
	}
	text = s
	if i := strings.IndexAny(s, ends); i >= 0 {
		text, rest = s[:i], s[i:]
	}
	text = strings.TrimRight(text, " ")
	plain := text != "" && text != "~" && text != "null" && !strings.ContainsRune("'[]{}#&*!|>%@`,?-:", rune(text[0])) && !strings.Contains(text, ": ") && !strings.HasSuffix(text, ":")
	return text, rest, plain
}

// into hands each key to a function that knows it; false where one does not.
func (n node) into(known func(key string, value node) bool) bool {
	for i, key := range n.keys {
		if !known(key, n.of[i]) {
			return false
		}
	}
	return n.list == nil && n.flow == nil && n.text == ""
}

func (n node) word(into *string) bool {
	*into = n.text
	return n.keys == nil && n.list == nil && n.flow == nil
}

func (n node) words(into *[]string) bool {
	*into = n.flow
	return n.flow != nil
}

func number64(s string, into *float64) bool {
	v, err := strconv.ParseFloat(s, 64)
	*into = v
	return err == nil
}

// each hands the items of a list of keys to a function.
func (n node) each(read func(node) bool) bool {
	for _, x := range n.list {
		if !read(x) {
			return false
		}
	}
	return n.list != nil
}

func (a *Area) read(n node) bool {
	return n.into(func(key string, v node) bool {
		switch key {
		case "area":
			return v.word(&a.Area)
		case "vi":
			return v.word(&a.VI)
		case "en":
			return v.word(&a.EN)
		case "heads":
			return v.words(&a.Heads)
		case "indicators":
			a.Indicators = make([]Indicator, 0, len(v.list))
			return v.each(func(n node) bool {
				a.Indicators = append(a.Indicators, Indicator{})
				return a.Indicators[len(a.Indicators)-1].read(n)
			})
		}
		return false
	})
}

func (x *Indicator) read(n node) bool {
	return n.into(func(key string, v node) bool {
		switch key {
		case "code":
			return v.word(&x.Code)
		case "vi":
			return v.word(&x.VI)
		case "en":
			return v.word(&x.EN)
		case "unit":
			return v.word(&x.Unit)
		case "measure":
			return v.word(&x.Measure)
		case "definition":
			return v.word(&x.Definition)
		case "named":
			return v.words(&x.Named)
		case "nouns":
			return v.words(&x.Nouns)
		case "cues":
			return v.words(&x.Cues)
		case "excludes":
			return v.words(&x.Excludes)
		case "whole":
			return v.word(&x.Whole)
		case "follows":
			return v.words(&x.Follows)
		case "several":
			x.Several = v.text == "true"
			return x.Several || v.text == "false"
		case "plausible":
			return len(v.flow) == 2 && number64(v.flow[0], &x.Plausible[0]) && number64(v.flow[1], &x.Plausible[1])
		}
		return false
	})
}

// pairs gives keys with their words.
func (n node) pairs() (map[string]string, bool) {
	list := make(map[string]string, len(n.keys))
	ok := n.into(func(key string, v node) bool {
		var word string
		ok := v.word(&word)
		list[key] = word
		return ok
	})
	return list, ok
}

func (w *wordFile) read(n node) bool {
	return n.into(func(key string, v node) (ok bool) {
		switch key {
		case "abbreviations":
			w.Abbreviations, ok = v.pairs()
			return ok
		case "instead":
			return v.each(func(n node) bool {
				var e insteadEntry
				ok := n.into(func(key string, v node) bool {
					return key == "short" && v.word(&e.Short) || key == "means" && v.word(&e.Means) || key == "after" && v.words(&e.After)
				})
				w.Instead = append(w.Instead, e)
				return ok
			})
		}
		return false
	})
}

func (f *labelFile) read(n node) bool {
	vetoes := func(v node, into *[]vetoEntry) bool {
		return v.each(func(n node) bool {
			var e vetoEntry
			ok := n.into(func(key string, v node) bool {
				return key == "words" && v.words(&e.Words) || key == "but" && v.words(&e.But)
			})
			*into = append(*into, e)
			return ok
		})
	}
	return n.into(func(key string, v node) bool {
		switch key {
		case "begins":
			return vetoes(v, &f.Begins)
		case "units":
			return vetoes(v, &f.Units)
		case "labels":
			return v.each(func(n node) bool {
				var e labelEntry
				ok := n.into(func(key string, v node) bool {
					switch key {
					case "code":
						return v.word(&e.Code)
					case "unit":
						e.Unit = unitKind(v.text)
						return v.list == nil && v.keys == nil && v.flow == nil
					case "any":
						return v.words(&e.Any)
					case "not":
						return v.words(&e.Not)
					case "away":
						return v.words(&e.Away)
					}
					return false
				})
				f.Labels = append(f.Labels, e)
				return ok
			})
		}
		return false
	})
}
