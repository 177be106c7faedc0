SELECT toString(x.report_id) AS report_id, finding_no, code, severity, facts, expected, found
FROM attempt_findings AS x
WHERE attempt = (SELECT argMax(attempt, order_no) FROM commits WHERE report_id = {id:UUID})
ORDER BY finding_no
