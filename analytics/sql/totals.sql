SELECT countIf(seen) AS reports, countIf(state = 'waiting') AS waiting, sumIf(f.facts, seen) AS facts,
       uniqExactIf(body, seen AND body != '') AS bodies, uniqExactIf(period, seen AND period != '') AS periods, max(committed_at) AS last
FROM (SELECT *, state IN ('visible', 'approved', 'published') AS seen FROM filings) AS f
