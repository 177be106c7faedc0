-- The parts in which the commits lie: part is PARTITION_FIRST_LAST_LEVEL, and _MUTATION where rows were
-- rewritten; place is the table's own folder.
SELECT name AS part, substring(path, 1, length(path) - length(name) - 1) AS place
FROM system.parts WHERE database = currentDatabase() AND table = 'commits' AND active
