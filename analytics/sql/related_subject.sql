-- How many indicators reports have in common with one.
SELECT toString(f.attempt) AS attempt, toUInt32(uniqExact(f.code)) AS shared
FROM attempt_facts AS f
WHERE f.attempt IN {attempts:Array(UUID)}
  AND f.code IN (SELECT code FROM attempt_facts WHERE attempt = {own:UUID})
GROUP BY f.attempt
HAVING shared >= {least:UInt32}
