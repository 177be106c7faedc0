-- Reports that are deleted and of which there are rows all the same.
WITH dead AS (SELECT report_id FROM commits WHERE state = 'deleted')
SELECT DISTINCT report_id FROM (
    SELECT report_id FROM attempt_pages WHERE report_id IN dead
    UNION ALL SELECT report_id FROM attempt_tables WHERE report_id IN dead
    UNION ALL SELECT report_id FROM attempt_facts WHERE report_id IN dead
    UNION ALL SELECT report_id FROM attempt_findings WHERE report_id IN dead
    UNION ALL SELECT report_id FROM commit_history WHERE report_id IN dead
    UNION ALL SELECT report_id FROM commits WHERE state != 'deleted' AND report_id IN dead
)
