-- What follows from the rest of a row (its report, area, kind of period) is not read: each column costs a
-- third of a millisecond.
SELECT fact_no, code, value, unit, period, kind, basis, page, sheet, cell, box, quote,
       confidence, method, rule, judged, judged_key, judged_by, judged_at, judged_why
FROM attempt_facts AS x
WHERE x.attempt = {attempt:UUID}
ORDER BY fact_no
