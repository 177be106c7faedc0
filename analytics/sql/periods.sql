SELECT toString(r.period) AS period, any(r.period_year) AS period_year, toString(any(r.period_kind)) AS period_kind,
       count() AS reports, uniqExact(r.body) AS bodies, sum(r.facts) AS facts
FROM reports AS r WHERE r.period != '' GROUP BY period ORDER BY period_year DESC, period DESC
