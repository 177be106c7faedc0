package documenttest

import (
	"fmt"
	"strings"

	"golang.org/x/net/html"
)

// LaTeX writes the body of a source as a LaTeX document. preamble picks the fonts.
func (s Source) LaTeX(preamble string) (string, error) {
	doc, err := html.Parse(strings.NewReader(s.Body))
	if err != nil {
		return "", err
	}
	paper := "a4paper,margin=2cm"
	if s.Name == "landscape" {
		paper += ",landscape"
	}
	l := &latex{}
	l.b.WriteString("\\documentclass[12pt]{article}\n\\usepackage[" + paper + "]{geometry}\n" + preamble + "\\usepackage{longtable,multirow,multicol,array}\n\\pagestyle{empty}\\setlength{\\emergencystretch}{3em}\n\\begin{document}\n")
	l.walk(doc)
	l.b.WriteString("\\end{document}\n")
	return l.b.String(), nil
}

type latex struct{ b strings.Builder }

var escapes = strings.NewReplacer("%", `\%`, "&", `\&`, "_", `\_`, "#", `\#`, "$", `\$`)

func (l *latex) walk(n *html.Node) {
	children := func() {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			l.walk(c)
		}
	}
	if n.Type == html.TextNode {
		l.b.WriteString(escapes.Replace(n.Data))
		return
	}
	switch n.Data {
	case "h1":
		l.b.WriteString("\\begin{center}\\bfseries ")
		children()
		l.b.WriteString("\\end{center}\n")
	case "h2", "h3":
		l.b.WriteString("\n\n\\noindent{\\bfseries ")
		children()
		l.b.WriteString("}\n\n")
	case "p":
		l.b.WriteString("\n\n")
		children()
		l.b.WriteString("\n\n")
	case "b":
		l.b.WriteString("{\\bfseries ")
		children()
		l.b.WriteString("}")
	case "i":
		l.b.WriteString("{\\itshape ")
		children()
		l.b.WriteString("}")
	case "br":
		l.b.WriteString("\\newline ")
	case "div":
		l.b.WriteString("\\begin{multicols}{2}\\small ")
		children()
		l.b.WriteString("\\end{multicols}\n")
	case "table":
		l.table(n)
	default:
		children()
	}
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func (l *latex) table(n *html.Node) {
	class := attribute(n, "class")
	var rows []*html.Node
	var find func(n *html.Node)
	find = func(n *html.Node) {
		if n.Data == "tr" {
			rows = append(rows, n)
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			find(c)
		}
	}
	find(n)
	columns := 0
	for c := rows[0].FirstChild; c != nil; c = c.NextSibling {
		columns += max(1, number(attribute(c, "colspan")))
	}
	rule, bar := "", ""
	switch class {
	case "ruled":
		rule, bar = "\\hline\n", "|"
	case "lined":
		rule = "\\hline\n"
	}
	widths := make([]string, columns)
	for i := range widths {
		widths[i] = "r"
	}
	if class == "h" {
		widths = []string{`>{\centering\arraybackslash}p{0.44\textwidth}`, `>{\centering\arraybackslash}p{0.48\textwidth}`}
	} else {
		widths[0], widths[1], widths[2] = "c", `p{0.32\textwidth}`, "l"
	}
	// A head that repeats would come out twice; the truth has it once.
	fmt.Fprintf(&l.b, "\n\n\\noindent\\begin{longtable}{%s%s%s}\n%s", bar, strings.Join(widths, bar), bar, rule)
	down := map[int]int{} // columns that a cell above still fills
	for i, tr := range rows {
		col := 0
		for c := tr.FirstChild; c != nil; c = c.NextSibling {
			if col > 0 {
				l.b.WriteString(" & ")
			}
			for down[col] > 0 {
				down[col]--
				l.b.WriteString(" & ")
				col++
			}
			across, below := max(1, number(attribute(c, "colspan"))), max(1, number(attribute(c, "rowspan")))
			end := ""
			if across > 1 {
				fmt.Fprintf(&l.b, "\\multicolumn{%d}{%sc%s}{", across, map[bool]string{true: bar}[col == 0], bar)
				end = "}"
			}
			if below > 1 {
				fmt.Fprintf(&l.b, "\\multirow{%d}{*}{", below)
				end += "}"
				down[col] = below - 1
			}
			l.walk(&html.Node{Type: html.ElementNode, Data: "span", FirstChild: c.FirstChild})
			l.b.WriteString(end)
			col += across
		}
		l.b.WriteString(" \\\\\n")
		if spans := len(down) > 0 && i == 0; spans && rule != "" {
			fmt.Fprintf(&l.b, "\\cline{%d-%d}\n", col-number(attribute(tr.LastChild, "colspan"))+1, col)
		} else if rule != "" {
			l.b.WriteString(rule)
		}
	}
	l.b.WriteString("\\end{longtable}\n\n")
}

func number(s string) (n int) {
	fmt.Sscan(s, &n)
	return n
}
