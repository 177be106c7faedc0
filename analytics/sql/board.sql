-- Who reported for which period of a kind, and when first: by the date of signing, and where the
-- document has none by the day on which it came in.
SELECT toString(f.body) AS body, toString(f.period) AS period, countIf(f.state != 'waiting') AS reports, countIf(f.state = 'waiting') AS waiting,
       countIf(f.state IN ('approved', 'published')) AS approved,
       toString(argMin(f.report_id, (f.state = 'waiting', f.day, f.received_at))) AS report_id, toString(argMin(f.day, (f.state = 'waiting', f.day, f.received_at))) AS day
FROM (
    SELECT body, period, state, report_id, received_at, ifNull(signed, toDate(received_at)) AS day
    FROM filings
    WHERE state IN ('visible', 'approved', 'published', 'waiting') AND body != '' AND period_kind IN {kinds:Array(String)}
      AND period_year BETWEEN {first:UInt16} AND {last:UInt16}
) AS f
GROUP BY body, period
ORDER BY body, period
