-- The text of found pages, of those that hold all the phrases.
SELECT t.attempt AS attempt, t.page AS page, t.text AS text
FROM attempt_pages AS t
WHERE (t.attempt, t.page) IN {pages:Array(Tuple(UUID, UInt32))}
  AND (empty({phrases:Array(String)}) OR arrayAll(x -> position(t.folded, concat(' ', x, ' ')) > 0, {phrases:Array(String)}))
