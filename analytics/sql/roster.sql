-- The winning commit of every report, with what figures are chosen by.
SELECT toString(r.report_id) AS report_id, r.attempt AS attempt, toString(r.state) AS state, r.file_name AS file_name, toString(r.body) AS body, toString(r.period) AS period,
       r.period_year AS period_year, toString(r.period_kind) AS period_kind, r.facts AS facts, r.findings AS findings, r.received_at AS received_at, r.committed_at AS committed_at,
       ifNull(toString(r.signed), '') AS signed, r.signer AS signer, r.title AS title, r.number AS number, r.rev AS rev
FROM filings AS r
ORDER BY r.received_at DESC, r.report_id
