SELECT table_no, rows
FROM attempt_tables
WHERE attempt = (SELECT attempt FROM filings WHERE report_id = {id:UUID})
ORDER BY table_no
