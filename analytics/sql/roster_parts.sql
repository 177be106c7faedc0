-- Likewise every commit in some parts, also those that another one wins over: c is what the view filings
-- is made of, and the names of bodies come from body_keys, as there.
SELECT toString(c.report_id) AS report_id, c.attempt AS attempt, toString(c.state) AS state, c.file_name AS file_name, toString(c.body) AS body, c.body_key AS body_key,
       toString(c.period) AS period, c.period_year AS period_year, toString(c.period_kind) AS period_kind, c.facts AS facts, c.findings AS findings, c.received_at AS received_at, c.committed_at AS committed_at,
       ifNull(toString(c.signed), '') AS signed, c.signer AS signer, c.title AS title, c.number AS number, c.rev AS rev, c._part AS part
FROM commits AS c
WHERE c._part IN {parts:Array(String)} AND (empty({attempts:Array(UUID)}) OR c.attempt IN {attempts:Array(UUID)})
