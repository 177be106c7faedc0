-- Changes with every commit, every change of bodies and of the catalogue.
SELECT concat(a, '/', b, '/', c) FROM (SELECT concat(toString(count()), '/', toString(max(committed_at))) AS a FROM commits) AS x,
       (SELECT toString(max(written)) AS b FROM body_keys) AS y, (SELECT toString(max(written)) AS c FROM indicator_entries) AS z
SETTINGS max_threads = 1 -- each page asks it: threads cost more here than they save
