-- The indicators of which there are facts at all, from one on.
SELECT DISTINCT toString(f.code) AS code FROM attempt_facts AS f
WHERE f.code >= {after:String} AND (empty({areas:Array(String)}) OR f.area IN {areas:Array(String)})
ORDER BY code
