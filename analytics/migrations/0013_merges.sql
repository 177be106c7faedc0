-- Twenty parts at a time: by ten, the one big part of a table was written anew with nine small ones over
-- and over, twenty rows for each that came in.
ALTER TABLE attempt_pages MODIFY SETTING min_parts_to_merge_at_once = 20;
ALTER TABLE attempt_tables MODIFY SETTING min_parts_to_merge_at_once = 20;
ALTER TABLE attempt_facts MODIFY SETTING min_parts_to_merge_at_once = 20;
ALTER TABLE attempt_findings MODIFY SETTING min_parts_to_merge_at_once = 20;
