-- Every report that counts, with what figures are chosen by.
SELECT toString(r.report_id) AS report_id, toString(r.attempt) AS attempt, toString(r.body) AS body, toString(r.period) AS period, r.period_year AS period_year,
       r.state IN ('approved', 'published') AS approved, r.received_at AS received_at, ifNull(toString(r.signed), '') AS signed, r.signer AS signer, r.title AS title, r.number AS number
FROM reports AS r
ORDER BY r.received_at DESC, r.report_id
