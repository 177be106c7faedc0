-- The values that trends are made of, one for each body, indicator, period, kind and basis, chosen as
-- in the view chosen_within; over the tables and not over the view trend, for planning its views takes
-- five times as long as these rows. DB.Trend adds what the view adds; a test holds the two together.
SELECT toString(f.code) AS code, toString(any(f.area)) AS area, toString(r.body) AS body, toString(f.kind) AS kind, toString(f.basis) AS basis,
       toString(f.period) AS period, any(f.period_year) AS period_year, toString(any(f.period_kind)) AS period_kind,
       argMax((f.value, toString(f.unit), toString(f.report_id), f.fact_no, f.confidence),
              (r.period = f.period, r.state IN ('approved', 'published'), r.received_at, f.confidence, f.report_id, -toInt64(f.fact_no))) AS best,
       best.1 AS value, best.2 AS unit, best.3 AS report_id, best.4 AS fact_no, best.5 AS confidence,
       toUInt32(uniqExact(f.report_id)) AS sources, toBool(min(f.value) != max(f.value)) AS differing,
       toBool(kind = 'result' AND code IN (SELECT code FROM indicators WHERE measure = 'flow' AND unit != '%')) AS flow
FROM attempt_facts AS f
INNER JOIN reports AS r ON f.attempt = r.attempt
WHERE f.period != '' AND r.body != '' AND (empty({within:Array(String)}) OR f.period IN {within:Array(String)})
  AND (empty({bodies:Array(String)}) OR r.body IN {bodies:Array(String)})
  AND (empty({codes:Array(String)}) OR f.code IN {codes:Array(String)})
  AND (empty({areas:Array(String)}) OR f.area IN {areas:Array(String)})
  AND (empty({kinds:Array(String)}) OR f.kind IN {kinds:Array(String)})
  AND (empty({bases:Array(String)}) OR f.basis IN {bases:Array(String)})
GROUP BY f.code, r.body, f.kind, f.basis, f.period
