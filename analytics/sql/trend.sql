-- What reports state of indicators, whether or not they count: DB.points knows which do, and chooses.
SELECT toString(f.attempt) AS attempt, toString(f.code) AS code, toString(f.area) AS area, toString(f.kind) AS kind, toString(f.basis) AS basis, toString(f.period) AS period,
       f.period_year AS period_year, toString(f.period_kind) AS period_kind, f.value AS value, toString(f.unit) AS unit, f.fact_no AS fact_no, f.confidence AS confidence
FROM attempt_facts AS f
WHERE f.period != '' AND (empty({within:Array(String)}) OR f.period IN {within:Array(String)})
  AND (empty({attempts:Array(UUID)}) OR f.attempt IN {attempts:Array(UUID)})
  AND (empty({codes:Array(String)}) OR f.code IN {codes:Array(String)})
  AND (empty({areas:Array(String)}) OR f.area IN {areas:Array(String)})
  AND (empty({kinds:Array(String)}) OR f.kind IN {kinds:Array(String)})
  AND (empty({bases:Array(String)}) OR f.basis IN {bases:Array(String)})
