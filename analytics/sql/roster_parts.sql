-- Likewise every commit in some parts, also those that another one wins over: c is what the view filings
-- is made of, and body is as it has it.
SELECT toString(c.report_id) AS report_id, c.attempt AS attempt, toString(c.state) AS state, c.file_name AS file_name, toString(if(n.body = '', toString(c.body), n.body)) AS body,
       toString(c.period) AS period, c.period_year AS period_year, toString(c.period_kind) AS period_kind, c.facts AS facts, c.received_at AS received_at, c.committed_at AS committed_at,
       ifNull(toString(c.signed), '') AS signed, c.signer AS signer, c.title AS title, c.number AS number, c.rev AS rev, c._part AS part
FROM commits AS c LEFT JOIN body_keys AS n FINAL ON n.key = c.body_key
WHERE c._part IN {parts:Array(String)}
