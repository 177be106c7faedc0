-- The newest pages that hold the words and the phrases, then among these the ones first that have
-- them just as typed, then those with the words one after another. The text is read of these only: a common word stands on most pages.
WITH found AS (
    SELECT p.attempt AS attempt, p.page AS page, r.received_at AS received_at, r.report_id AS report_id, r.title AS title, r.number AS number,
           r.body AS body, r.period AS period, r.signed AS signed, count() OVER () AS pages
    FROM attempt_pages AS p
    INNER JOIN (
        SELECT * FROM reports AS x
        WHERE (empty({bodies:Array(String)}) OR x.body IN {bodies:Array(String)})
          AND (empty({periods:Array(String)}) OR x.period IN {periods:Array(String)})
          AND ({number:String} = '' OR position(replaceAll(lowerUTF8(removeAccentsUTF8(x.number)), 'đ', 'd'), {number:String}) > 0)
          AND ({signer:String} = '' OR position(replaceAll(lowerUTF8(removeAccentsUTF8(x.signer)), 'đ', 'd'), {signer:String}) > 0)
          AND ({since:String} = '' OR x.signed >= toDateOrNull({since:String}))
          AND ({until:String} = '' OR x.signed <= toDateOrNull({until:String}))
    ) AS r ON p.attempt = r.attempt
    WHERE hasAllTokens(p.folded, {words:Array(String)})
      AND arrayAll(x -> position(concat(' ', replaceRegexpAll(p.folded, '[^a-z0-9]+', ' '), ' '), concat(' ', x, ' ')) > 0, {phrases:Array(String)})
      AND (empty({areas:Array(String)}) OR (p.attempt, p.page) IN (SELECT attempt, page FROM attempt_facts WHERE area IN {areas:Array(String)}))
    ORDER BY received_at DESC, report_id, page
    LIMIT {within:UInt32}
)
SELECT toString(f.report_id) AS report_id, f.title AS title, f.number AS number, toString(f.body) AS body, toString(f.period) AS period,
       ifNull(toString(f.signed), '') AS signed, f.page AS page, f.pages AS pages, t.text AS text
FROM (SELECT attempt, page, text, folded FROM attempt_pages WHERE (attempt, page) IN (SELECT attempt, page FROM found)) AS t
INNER JOIN found AS f ON f.attempt = t.attempt AND f.page = t.page
ORDER BY position(lowerUTF8(t.text), {typed:String}) > 0 DESC,
         position(concat(' ', replaceRegexpAll(t.folded, '[^a-z0-9]+', ' '), ' '), concat(' ', {run:String}, ' ')) > 0 DESC, f.received_at DESC, report_id, page
LIMIT {limit:UInt32}
