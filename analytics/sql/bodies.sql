SELECT toString(r.body) AS body, count() AS reports, sum(r.facts) AS facts, argMax(toString(r.period), (r.period_year, r.period)) AS last
FROM reports AS r WHERE r.body != '' GROUP BY body ORDER BY body
