-- The pages that hold the words, of every reading: DB.Search knows which count. The words come from the
-- index: no text is read.
SELECT p.attempt AS attempt, p.page AS page
FROM attempt_pages AS p
WHERE hasAllTokens(p.folded, {words:Array(String)})
  AND (empty({areas:Array(String)}) OR (p.attempt, p.page) IN (SELECT attempt, page FROM attempt_facts WHERE area IN {areas:Array(String)}))
