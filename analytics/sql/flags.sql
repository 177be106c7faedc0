-- What asks for a look in any reading; which readings count is known.
SELECT attempt, toString(report_id) AS report_id, finding_no, code, severity, facts, expected, found
FROM attempt_findings
WHERE severity != 'note'
ORDER BY finding_no
