-- The parts of what all lists are made of: part is PARTITION_FIRST_LAST_LEVEL, and _MUTATION where rows
-- were rewritten; place is the table's own folder; made the second in which the part was.
SELECT table AS kept, name AS part, substring(path, 1, length(path) - length(name) - 1) AS place, toUInt32(modification_time) AS made
FROM system.parts WHERE database = currentDatabase() AND table IN ('commits', 'body_keys', 'indicator_entries') AND active
