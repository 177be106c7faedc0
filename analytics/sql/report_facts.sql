-- By the attempt that the newest commit names, in whatever state the report is.
SELECT toString(x.report_id) AS report_id, fact_no, code, area, value, unit, x.period AS period, x.period_year AS period_year,
       x.period_kind AS period_kind, kind, basis, r.body AS body, page, sheet, cell, box, quote, confidence, method, rule, judged, judged_key, judged_by, judged_at, judged_why,
       r.received_at AS received_at, ifNull(toString(r.signed), '') AS signed
FROM attempt_facts AS x
CROSS JOIN (SELECT body, received_at, signed FROM filings WHERE report_id = {id:UUID}) AS r
WHERE x.attempt = (SELECT argMax(attempt, order_no) FROM commits WHERE report_id = {id:UUID})
ORDER BY fact_no
