-- The reports that stood at a moment, of the period asked for (of a second half, those on its year too) or with one of the ids.
SELECT toString(r.report_id) AS report_id, toString(r.state) AS state, r.file_name AS file_name, r.number AS number, r.title AS title, toString(r.body) AS body,
       ifNull(toString(r.signed), '') AS signed, toString(r.period) AS period, r.facts AS facts, r.received_at AS received_at, r.committed_at AS committed_at
FROM filings_at(moment = {moment:DateTime64(6, 'UTC')}) AS r
WHERE (r.period IN ({period:String}, replaceOne({period:String}, '-H2', '')) OR toString(r.report_id) IN {ids:Array(String)}) AND r.state IN ('visible', 'approved', 'published', 'waiting')
ORDER BY body, received_at
