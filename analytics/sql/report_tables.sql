SELECT table_no, rows
FROM attempt_tables
WHERE attempt = (SELECT argMax(attempt, order_no) FROM commits WHERE report_id = {id:UUID})
ORDER BY table_no
