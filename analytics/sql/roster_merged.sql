-- What parts hold that were made of others: which readings, as which revisions, committed when.
SELECT c._part AS part, groupArray(c.attempt) AS attempts, groupArray(c.rev) AS revs, groupArray(toUnixTimestamp64Micro(c.committed_at)) AS at
FROM commits AS c
WHERE c._part IN {parts:Array(String)}
GROUP BY c._part
