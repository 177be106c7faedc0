-- The text of found pages.
SELECT t.attempt AS attempt, t.page AS page, t.text AS text
FROM attempt_pages AS t
WHERE (t.attempt, t.page) IN {pages:Array(Tuple(UUID, UInt32))}
