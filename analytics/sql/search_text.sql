-- Of found pages those with all the phrases; the ones first that have the words just as typed, then
-- those with the words one after another. place is where a page stands among those found.
SELECT toUInt32(indexOf({pages:Array(String)}, concat(toString(t.attempt), ' ', toString(t.page)))) AS place, t.text AS text
FROM attempt_pages AS t
WHERE t.attempt IN {attempts:Array(UUID)} AND has({pages:Array(String)}, concat(toString(t.attempt), ' ', toString(t.page)))
  AND arrayAll(x -> position(t.folded, concat(' ', x, ' ')) > 0, {phrases:Array(String)})
ORDER BY position(t.folded, concat(' ', {run:String}, ' ')) > 0 AND position(lowerUTF8(t.text), {typed:String}) > 0 DESC, position(t.folded, concat(' ', {run:String}, ' ')) > 0 DESC, place
LIMIT {limit:UInt32}
