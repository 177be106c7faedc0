SELECT toString(x.report_id) AS report_id, finding_no, code, severity, facts, expected, found
FROM attempt_findings AS x
WHERE attempt = {attempt:UUID}
ORDER BY finding_no
