-- What counts of a report that the roster does not have: one that is withdrawn, waits or failed.
SELECT toString(f.report_id) AS report_id, f.attempt AS attempt, f.body AS body, f.received_at AS received_at, f.findings AS findings, toString(f.period) AS period, f.period_year AS period_year, ifNull(toString(f.signed), '') AS signed
FROM filings AS f
WHERE f.report_id = {id:UUID}
