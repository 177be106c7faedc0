SELECT toString(f.code) AS code, toString(f.body) AS body, toString(f.kind) AS kind, toString(f.period_kind) AS period_kind,
       uniqExact(f.period) AS periods, min(f.period_year) AS first, max(f.period_year) AS last
FROM facts AS f
WHERE f.code IN {codes:Array(String)} AND f.body != '' AND f.period != '' AND f.basis = ''
GROUP BY code, body, kind, period_kind
ORDER BY code, body, kind, period_kind
