SELECT toString(x.report_id) AS report_id, fact_no, code, area, value, unit, period, period_year, period_kind, kind, basis, page, sheet, cell, box, quote,
       confidence, method, rule, judged, judged_key, judged_by, judged_at, judged_why
FROM attempt_facts AS x
WHERE x.attempt = {attempt:UUID}
ORDER BY fact_no
