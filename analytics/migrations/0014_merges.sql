-- By default a range of parts that was chosen to be merged loses its small ones on the right: of one big
-- part and nine small ones two were left, and the big one was written anew with each report that came,
-- in commits and in commit_history every time. Over a million facts that was eighteen rows in nineteen of
-- all that were merged.
ALTER TABLE commits MODIFY SETTING min_parts_to_merge_at_once = 10, merge_selector_enable_heuristic_to_remove_small_parts_at_right = 0;
ALTER TABLE commit_history MODIFY SETTING min_parts_to_merge_at_once = 10, merge_selector_enable_heuristic_to_remove_small_parts_at_right = 0;
-- Of what is read, the big parts stay as they are while small ones come: each counts as 5 MB in what the
-- base is compared with.
ALTER TABLE attempt_pages MODIFY SETTING merge_selector_base = 12, merge_selector_enable_heuristic_to_remove_small_parts_at_right = 0;
ALTER TABLE attempt_tables MODIFY SETTING merge_selector_base = 12, merge_selector_enable_heuristic_to_remove_small_parts_at_right = 0;
ALTER TABLE attempt_facts MODIFY SETTING merge_selector_base = 12, merge_selector_enable_heuristic_to_remove_small_parts_at_right = 0;
ALTER TABLE attempt_findings MODIFY SETTING merge_selector_base = 12, merge_selector_enable_heuristic_to_remove_small_parts_at_right = 0;
