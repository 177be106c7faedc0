package web

import "soket/analytics/web/access"

// RouteRow is one row of the table of routes.
type RouteRow struct {
	Pattern string
	Action  access.Action
}

// Routes gives the table of routes to the test that walks it.
func Routes() (rows []RouteRow) {
	for _, r := range (&server{}).routes() {
		rows = append(rows, RouteRow{r.pattern, r.action})
	}
	return rows
}
