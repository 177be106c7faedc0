-- The newest pages that hold the words, from one on, and how many there are in all. The words come from
-- the index: no text is read.
SELECT toString(r.report_id) AS report_id, r.title AS title, r.number AS number, toString(r.body) AS body, toString(r.period) AS period,
       ifNull(toString(r.signed), '') AS signed, toString(p.attempt) AS attempt, p.page AS page, count() OVER () AS pages
FROM attempt_pages AS p
INNER JOIN (
    SELECT attempt, report_id, title, number, body, period, signed, received_at FROM reports AS x
    WHERE (empty({bodies:Array(String)}) OR x.body IN {bodies:Array(String)})
      AND (empty({periods:Array(String)}) OR x.period IN {periods:Array(String)})
      AND ({number:String} = '' OR position(replaceAll(lowerUTF8(removeAccentsUTF8(x.number)), 'đ', 'd'), {number:String}) > 0)
      AND ({signer:String} = '' OR position(replaceAll(lowerUTF8(removeAccentsUTF8(x.signer)), 'đ', 'd'), {signer:String}) > 0)
      AND ({since:String} = '' OR x.signed >= toDateOrNull({since:String}))
      AND ({until:String} = '' OR x.signed <= toDateOrNull({until:String}))
) AS r ON p.attempt = r.attempt
WHERE hasAllTokens(p.folded, {words:Array(String)})
  AND (empty({areas:Array(String)}) OR (p.attempt, p.page) IN (SELECT attempt, page FROM attempt_facts WHERE area IN {areas:Array(String)}))
ORDER BY r.received_at DESC, r.report_id, p.page
LIMIT {within:UInt32} OFFSET {from:UInt64}
