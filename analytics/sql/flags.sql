-- The findings of readings, of all where none is named.
SELECT attempt, toString(report_id) AS report_id, finding_no, code, severity, facts, expected, found
FROM attempt_findings
WHERE empty({attempts:Array(UUID)}) OR attempt IN {attempts:Array(UUID)}
ORDER BY attempt, finding_no
