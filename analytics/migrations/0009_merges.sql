-- Parts are merged ten at a time: merged as they come, each row was written anew a dozen times under
-- load, a third of what the engine took of the processors.
ALTER TABLE attempt_pages MODIFY SETTING min_parts_to_merge_at_once = 10;
ALTER TABLE attempt_tables MODIFY SETTING min_parts_to_merge_at_once = 10;
ALTER TABLE attempt_facts MODIFY SETTING min_parts_to_merge_at_once = 10;
ALTER TABLE attempt_findings MODIFY SETTING min_parts_to_merge_at_once = 10;
