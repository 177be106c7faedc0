SELECT toString(p.report_id) AS report_id, title, body, period, page, text
FROM pages AS p
WHERE hasAllTokens(folded, {words:Array(String)})
  AND arrayAll(x -> position(concat(' ', replaceRegexpAll(folded, '[^a-z0-9]+', ' '), ' '), concat(' ', x, ' ')) > 0, {phrases:Array(String)})
  AND (empty({bodies:Array(String)}) OR body IN {bodies:Array(String)})
  AND (empty({periods:Array(String)}) OR period IN {periods:Array(String)})
ORDER BY position(lowerUTF8(text), {typed:String}) > 0 DESC, received_at DESC, toString(p.report_id), page
LIMIT {limit:UInt32}
