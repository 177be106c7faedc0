-- The oldest moment of which anything is known.
SELECT min(least_at) AS first FROM (SELECT min(committed_at) AS least_at FROM commits HAVING count() > 0
UNION ALL SELECT min(committed_at) AS least_at FROM commit_history HAVING count() > 0)
