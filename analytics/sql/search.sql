-- The pages that hold the words, of these readings or of all: DB.Search knows which count. The words come
-- from the index: no text is read where no phrase is asked for.
-- (An empty list in arrayAll alone has the engine read the text all the same.)
SELECT p.attempt AS attempt, p.page AS page
FROM attempt_pages AS p
WHERE (empty({attempts:Array(UUID)}) OR p.attempt IN {attempts:Array(UUID)})
  AND hasAllTokens(p.folded, {words:Array(String)})
  AND (empty({phrases:Array(String)}) OR arrayAll(x -> position(p.folded, concat(' ', x, ' ')) > 0, {phrases:Array(String)}))
  AND (empty({areas:Array(String)}) OR (p.attempt, p.page) IN (SELECT attempt, page FROM attempt_facts WHERE area IN {areas:Array(String)}))
