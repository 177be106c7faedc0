package engine

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Views are what analysts may read: the documented ones, and nothing behind them.
var Views = map[string]bool{"reports": true, "facts": true, "pages": true, "tables": true, "findings": true, "trend": true, "indicators": true, "filings": true}

// Limits of an analyst's statement.
const (
	queryMemory  = 1 << 30 // bytes; a trend over a million facts takes about 200 MB
	querySeconds = 30
	queryRows    = 1_000_000 // rows of a result; more is an export, which the API gives in pages
)

// ReadOnly answers analysts' tools: SELECT over the database's Views, with limits. What a statement touches is
// decided by the engine's own parser (EXPLAIN AST), never by a pattern over its text.
// tell is called with each one before it runs; nil: nobody is told.
func (s *Server) ReadOnly(database string, tell func(Statement)) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/ping", s.ping)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		q, err := parse(r)
		if err != nil {
			s.fail(w, exception{36, "BAD_ARGUMENTS", err})
			return
		}
		if strings.TrimSpace(q.query) == "" {
			s.ping(w, r)
			return
		}
		if tell != nil {
			tell(statementOf(r, q.query))
		}
		q.database = database
		wait := time.NewTimer(analystWait)
		defer wait.Stop()
		select {
		case s.analysts <- struct{}{}:
			defer func() { <-s.analysts }()
		case <-wait.C:
			s.fail(w, exception{202, "TOO_MANY_SIMULTANEOUS_QUERIES", fmt.Errorf("too many queries of analysts at once (%d)", maxAnalysts)})
			return
		case <-r.Context().Done():
			return
		}
		if q.query, err = s.allowed(q); err != nil {
			s.fail(w, err)
			return
		}
		// Settings of the caller's own are dropped: they could lift the limits. What it may set,
		// max_result_rows below ours, SELECT … LIMIT does as well.
		q.settings = map[string]string{
			"max_memory_usage": fmt.Sprint(queryMemory), "max_execution_time": fmt.Sprint(querySeconds),
			"max_result_rows": fmt.Sprint(queryRows), "result_overflow_mode": "break",
			"max_threads": "1", "allow_ddl": "0", "allow_introspection_functions": "0",
		}
		q.body = nil
		q.readonly = true
		s.answer(r.Context(), w, q)
	})
	return mux
}

// deniedFunctions read what is not in the views, or only burn time. Functions that read files or
// other tables through a scalar call are what SELECT-only does not stop.
var deniedFunctions = map[string]bool{"file": true, "joinget": true, "joingetornull": true, "sleep": true, "sleepeachrow": true,
	"getsetting": true, "getserversetting": true, "getmergetreesetting": true, "showcertificate": true, "getclienthttpheader": true,
	"hascolumnintable": true, "catboostevaluate": true, "filesystempath": true, "getosskernelversion": true, "buildid": true, "fqdn": true, "hostname": true}

// deniedPrefixes likewise, for families of functions.
var deniedPrefixes = []string{"dict", "addressto", "demangle", "trap", "filesystem", "evalmlmethod", "ai"}

func denied(format string, args ...any) error {
	return exception{497, "ACCESS_DENIED", fmt.Errorf("access denied: %s; only SELECT over the documented views is allowed here", fmt.Sprintf(format, args...))}
}

// allowed asks the engine how it understands the statement, refuses all but one SELECT over Views,
// and gives the statement as the engine writes it: what runs is what was looked at.
func (s *Server) allowed(q request) (string, error) {
	s.slots <- struct{}{}
	defer func() { <-s.slots }()
	ask := q
	ask.settings = map[string]string{"max_execution_time": "5", "max_memory_usage": fmt.Sprint(queryMemory)}
	ask.readonly, ask.format, ask.body = true, "TSVRaw", nil

	// One statement, as the parser reads it: what follows a semicolon is an error here.
	form := ask
	form.query, form.params = "SELECT formatQuerySingleLine({statement:String})", map[string]string{"param_statement": escapeParam(q.query)}
	text, err := s.run(form)
	if err != nil {
		return "", err
	}
	q.query = strings.TrimSuffix(string(text), "\n")

	// Then the syntax alone: nothing is run or even looked up, so a function that reads a file
	// while the statement is analysed is found before it is.
	ask.query = "EXPLAIN AST " + q.query
	tree, err := s.run(ask)
	if err != nil {
		return "", err
	}
	lines := strings.Split(string(tree), "\n")
	if !strings.HasPrefix(lines[0], "SelectWithUnionQuery") {
		return "", denied("the statement is no SELECT")
	}
	table := -1 // depth of the table expression we are in
	for _, line := range lines {
		node := strings.TrimLeft(line, " ")
		depth := len(line) - len(node)
		word, rest, _ := strings.Cut(node, " ")
		name, _, _ := strings.Cut(rest, " ")
		if depth <= table {
			table = -1
		}
		switch word {
		case "TableExpression":
			table = depth
		case "Function":
			if table >= 0 && depth == table+1 {
				return "", denied("table function %s", name)
			}
			folded := strings.ToLower(name)
			if deniedFunctions[folded] {
				return "", denied("function %s", name)
			}
			for _, prefix := range deniedPrefixes {
				if strings.HasPrefix(folded, prefix) {
					return "", denied("function %s", name)
				}
			}
		case "SelectWithUnionQuery", "SelectQuery", "ExpressionList", "TablesInSelectQuery", "TablesInSelectQueryElement", "TableJoin",
			"TableIdentifier", "Identifier", "Literal", "Subquery", "Asterisk", "QualifiedAsterisk", "OrderByElement", "WindowDefinition",
			"WithElement", "InterpolateElement", "QueryParameter", "ColumnsRegexpMatcher", "ColumnsListMatcher", "ArrayJoin", "WindowListElement",
			"StorageOrderByElement", "SelectIntersectExceptQuery", "ColumnsTransformerList", "ColumnsApplyTransformer", "ColumnsExceptTransformer", "DataType", "":
		case "Set":
			return "", denied("settings in the statement")
		default:
			if _, operator := strings.CutPrefix(word, "\\'"); !operator && depth > 0 && strings.HasPrefix(word, "Columns") {
				continue
			}
			return "", denied("%s", word)
		}
	}
	// At last the names as the engine resolves them, also those behind IN, aliases and CTEs.
	ask.query = "EXPLAIN QUERY TREE " + q.query
	if tree, err = s.run(ask); err != nil {
		return "", err
	}
	for line := range strings.Lines(string(tree)) {
		node := strings.TrimSpace(line)
		if strings.HasPrefix(node, "TABLE_FUNCTION ") {
			return "", denied("table function")
		}
		if !strings.HasPrefix(node, "TABLE ") {
			continue
		}
		_, name, ok := strings.Cut(node, "table_name: ")
		name, _, _ = strings.Cut(name, ",")
		db, view, qualified := strings.Cut(name, ".")
		if db == "system" && view == "one" {
			continue // SELECT without FROM
		}
		if !ok || !qualified || db != q.database || !Views[view] {
			return "", denied("table %s", name)
		}
	}
	return q.query, nil
}

// escapeParam writes a string as a query parameter's value is read: tab-separated.
func escapeParam(s string) string {
	return strings.NewReplacer(`\`, `\\`, "\t", `\t`, "\n", `\n`, "\r", `\r`, "\x00", `\0`).Replace(s)
}
