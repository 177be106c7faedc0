-- Reports by what they say of themselves, where no words are asked for.
SELECT toString(x.report_id) AS report_id, x.title AS title, x.number AS number, toString(x.body) AS body, toString(x.period) AS period,
       ifNull(toString(x.signed), '') AS signed, toUInt32(0) AS page, count() OVER () AS pages
FROM reports AS x
WHERE (empty({bodies:Array(String)}) OR x.body IN {bodies:Array(String)})
  AND (empty({periods:Array(String)}) OR x.period IN {periods:Array(String)})
  AND ({number:String} = '' OR position(replaceAll(lowerUTF8(removeAccentsUTF8(x.number)), 'đ', 'd'), {number:String}) > 0)
  AND ({signer:String} = '' OR position(replaceAll(lowerUTF8(removeAccentsUTF8(x.signer)), 'đ', 'd'), {signer:String}) > 0)
  AND ({since:String} = '' OR x.signed >= toDateOrNull({since:String}))
  AND ({until:String} = '' OR x.signed <= toDateOrNull({until:String}))
  AND (empty({areas:Array(String)}) OR x.attempt IN (SELECT attempt FROM attempt_facts WHERE area IN {areas:Array(String)}))
ORDER BY x.received_at DESC, report_id
LIMIT {limit:UInt32}
